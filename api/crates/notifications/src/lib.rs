//! Inboxes (通知): who is told what of what happened, in whose words that is put at the edge, and when it is pushed.
//!
//! ```text
//!   a numbered fact ── matrix: to whom, what ──► the people it means ── preferences, quiet hours ──► a line of the inbox
//!                                                                                │
//!                                         none wanted: UNWANTED ◄────────────────┤
//!                                                                                ▼
//!                                                                    WAITING, due at its time
//!                                                  read before, or a day late: LAPSED
//! ```
//! No capability calls this one: it reads facts ([`project`]), each exactly once, and its inboxes are there at once, whatever
//! comes of a push. A notification holds no words: ids, numbers of cases, codes, states and times, of which the edge makes
//! sentences. Channels ask for what is WAITING and due; none is connected yet, so that what nobody took lapses.
//!
//! | module | what it holds | |
//! | --- | --- | --- |
//! | [`matrix`] | fact → recipients × what they are told | pure |
//! | [`delivery`] | when a push is due | pure |
//! | `preferences` | channels, and what is mandatory | pure |
//! | `data` | what words are made of | pure |
//! | `about` | what facts are about, as it is now | |
//! | `projector` | facts → lines of inboxes | |
//! | `changes` | what moved since a client looked last | |
//! | `command`, `service` | what people do with their own inbox | |
//! | `store` | the only files that name columns | SQL |

mod about;
mod changes;
mod command;
mod data;
pub mod delivery;
pub mod matrix;
mod preferences;
pub mod privacy;
mod projector;
mod service;
mod store;

pub use about::Subject;
pub use changes::{Changes, Position, changes_since};
pub use command::{MarkRead, RawMarkRead, RawPreference, UpdatePreferences};
pub use data::{BookingData, CaseData, Data, EventData, Outcome};
pub use preferences::{Channel, Preference, Wishes, is_mandatory};
pub use projector::{HINT, Projected, READER, project};
pub use service::{mark_read, update_preferences};
pub use store::{Heard, by_id, inbox, lapse_pushes, last_heard, newer_than, preferences_of, sweep, unread_count};
