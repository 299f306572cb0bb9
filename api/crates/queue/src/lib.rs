//! Numbers in lines (排队叫号): who comes next for a service of a centre that takes no appointment.
//!
//! ```text
//!             ┌──────────── call again ───────────┐
//!             ▼                                   │
//!   ── WAITING ── call the next ──► CALLED ── skip ──► SKIPPED
//!         │                           ├─ serve ──► SERVED
//!         └─ the person gives it back ┴──────────► CANCELLED
//!   what waits, or was called and not served, when the day is over: EXPIRED
//! ```
//! A number is given on a day for a service, from 1: in the app, or at the desk to who has none and needs no account. Who gives numbers
//! or calls the next one holds the row of the service, so that no number is given twice and nobody is called by two.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `command` | what somebody wants, parsed |
//! | `policy`, `workflow`, `fact` | who may, when, and what comes of it |
//! | `service`, `store` | the verbs; rows, lists and loaders |
//! | `watch` | lines that many watch at once |

mod command;
mod fact;
mod policy;
pub mod privacy;
mod service;
mod store;
mod watch;
mod workflow;

pub use command::{Call, CallNext};
pub use fact::TicketFact;
pub use policy::{Ticket, TicketAction};
pub use service::{call, call_next, cancel, expire, issue, serve, skip, take};
pub use store::{Called, Queue, by_id, overdue, queues, tickets_of, tickets_on};
pub use watch::{Watched, may_move_lines};
pub use workflow::actions;
