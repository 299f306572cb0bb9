//! What happened, for those who read it (事实总集): the union of all slices' facts, in the order of their numbers.
//!
//! A reader keeps a name and how far it has come ([`next`], [`advance`]): in the transaction in which it writes what it makes of
//! the facts, so that each is dealt with exactly once, whatever stops in between. Only numbered facts are read; those that wait
//! for the relay get higher numbers, so that none is ever passed over.

mod happened;
mod store;

pub use happened::Happened;
pub use store::{Batch, Moved, Span, advance, is_behind, last, moved, next, skip};
