//! Events (活动): of organisations of the party, and of neighbourhoods; whom they are for, and who registers.
//!
//! ```text
//!            ┌──────────── return ─────────────┐        ┌─ what is for one's own organisation needs no review ─┐
//!            ▼                                 │        │                                                      ▼
//!   ──── DRAFT ─────────── submit ──────► IN_REVIEW ────│── approve ──► APPROVED ── publish ──────────────► OPEN ── its time is over ──► ENDED
//!          ▲ └──────────────────────────────────────────┘                  │                                  │
//!          └──────────────────────── written anew ─────────────────────────┘        called off ──► CANCELLED ◄┘
//!
//!   ── HELD ──────── registers ───────┐           ┌─ taken back ──► CANCELLED, taken off ──► REMOVED,
//!       └─ five minutes ──► EXPIRED   ▼           │  the event called off ──► CALLED_OFF
//!   ─────────────────────────────► CONFIRMED ─────┘  (all of these also of what waits or is offered)
//!                                   ▲    ▲
//!                         automatic │    │ accept
//!   ── WAITLISTED ── seats fall free┴──► OFFERED ── half an hour ──► EXPIRED, as what waits when it begins
//! ```
//! What is HELD, OFFERED or CONFIRMED has its seats: they are counted in the event's row, which a constraint keeps from counting
//! more than there are. Whoever takes or frees seats holds that row, so that nobody is passed over. Who is registered is elsewhere
//! at no other time, by the keys of [`schedule::store`]; so is a room that an event is held in.
//!
//! An event of the party for some organisations is seen by their members and by who holds it, and by nobody else, whatever other
//! roles there are: not by its id either. Facts name events and registrations, never people.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `command` | what somebody wants: parsed words, times, targets |
//! | `policy`, `workflow`, `fact` | who may, when, and what comes of it |
//! | `eligibility` | who may register, and why not |
//! | `registering` | the workflow of a registration; whose turn it is |
//! | `service`, `store` | the verbs; rows, lists and loaders |
//! | `privacy` | what a person may ask about the own registrations |

mod command;
mod eligibility;
mod fact;
mod policy;
pub mod privacy;
mod registering;
mod service;
mod store;
mod workflow;

pub use command::{
    AgendaLine, Cancel, Change, HoldSeats, RawChange, RawRegister, RawSave, RawTerms, Register, Remove, Return, Save,
    Site, Terms,
};
pub use eligibility::{Eligibility, WhyNot};
pub use fact::{EventFact, RegistrationFact};
pub use policy::{Event, EventAction, Registration, RegistrationAction};
pub use registering::registration_actions;
pub use service::{
    Roster, accept_offer, approve, cancel, change, eligibilities, hold_for, hold_in, hold_seats, lapse,
    lapse_registration, leave, publish, put_off, register, release_seats, remove, return_to_draft, roster, save,
    shut_room, submit, withdraw,
};
pub use store::{
    Guest, Sought, Viewer, agenda_lines, agenda_of, due, due_registrations, events, events_by_ids, follow_area,
    guests_of, organizations_of, places_in_line, registered_with, registration_by_id, registrations_by_ids,
    registrations_of, sealed_tables, tags, waitlists, who_registered,
};
pub use workflow::{Phase, actions, phase};
