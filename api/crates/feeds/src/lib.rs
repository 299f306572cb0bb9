//! Calendar feeds (日历订阅): bookings and events as calendar apps read them, from addresses that only their owners know (RFC 5545).
//!
//! ```text
//!   create ──► a secret, shown once ──► /calendar/SECRET.ics ── read ──► may whoever made it still see this? ──► the calendar
//!      └ again for the same: another secret, and the one of before ends             └ no: as if it had never been
//! ```
//! It is a crate of its own, behind the facts, as it only reads: bookings and events know nothing of it, and what else people may want in
//! their calendars stands beside them here. An address is a key that may get lost: a person's own calendar shows what the person wrote, a
//! venue's shows codes, sizes and states, and nobody's name, number or words. Rights are looked up at each read, not kept.
//!
//! | module | what it holds | |
//! | --- | --- | --- |
//! | `line` | content lines: escaped and folded | pure |
//! | `calendar` | a calendar as text: [`Calendar`], [`Entry`] | pure |
//! | `appointment` | a booking as an entry, and what it says to whom | pure |
//! | `seat` | a registration for an event as an entry | pure |
//! | `secret` | what stands in an address, and how it is recognised | pure |
//! | `quota` | how many a person may have | pure |
//! | `store`, `service` | the only file that names columns; the verbs | SQL |

mod appointment;
mod calendar;
mod fact;
mod line;
pub mod privacy;
mod quota;
mod seat;
mod secret;
mod service;
mod store;

pub use calendar::{Calendar, Entry, Status};
pub use fact::FeedFact;
pub use quota::LIVE;
pub use secret::Secret;
pub use service::{Create, Made, create, forget, read, revoke};
pub use store::{by_id, live_of};
