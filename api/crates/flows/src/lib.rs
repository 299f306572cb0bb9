//! What must touch several capabilities at once (跨能力流程): a copy of all that is kept of a person (个人信息副本), and the end of an
//! account (账号注销), after 个人信息保护法 §§45–47; grids that are drawn anew (网格调整), and events that
//! are held in rooms of centres (活动与场地).
//!
//! ```text
//!   ── REQUESTED ── made beside the requests ──► READY ── a day later ──► EXPIRED: nothing of it is kept
//!
//!   ── COOLING ── seven days ──► PROCESSING ── each capability forgets its own ──► DONE
//!        └──── called off ────► CANCELLED
//! ```
//!
//! From PROCESSING on nobody signs in; half a minute later, when whoever was let in before has come to an end on every node, the
//! person is forgotten. What is cut off there goes on with the next round.
//! While a matter that the person reported is held for a court (诉讼保全), it waits: nothing of the person goes. What stays: cases and their facts under a pseudonym,
//! photos attached to cases, consents as proof, the audit chain, and lines of a roster that know nobody any more.

mod deletion;
mod events;
mod export;
mod fact;
mod grids;
mod store;
mod withdrawal;

pub use self::events::{cancel_event, change_event, close_center, publish_event, release_membership, save_event};
pub use deletion::{COOLING, call_off, close_due, end_at_once, forget, next_to_forget, put_off, request_deletion};
pub use export::{LIFE, address, expire_exports, make, request_export, serve};
pub use fact::{DeletionFact, ExportFact};
pub use grids::{begin_grid_change, next_grid_change, plan_grid_change, settle_grid_change};
pub use store::{deletion, deletion_of, due, export, exports_of, sealed_tables};
pub use withdrawal::withdraw_consent;
