//! The only files of this slice that name columns (存取).

mod inbox;
mod people;
mod plans;
mod preferences;
mod privacy;
mod upkeep;

pub use inbox::{Heard, add, by_id, inbox, last_heard, mark_these, mark_up_to, newer_than, own, unread_count};
pub use people::{People, people};
pub use plans::{Plans, plans};
pub use preferences::{preferences_of, save, wishes};
pub use privacy::{all_of, erase};
pub use upkeep::{lapse_pushes, sweep};
