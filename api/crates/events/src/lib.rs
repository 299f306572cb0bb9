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
//! Who is expected stands on a list: who is registered, or the members by their roster (应到). Each line of it
//!
//! ```text
//!   ── EXPECTED ── there: by code, place, ticket, staff ──► PRESENT, or LATE ── leaves ──► with the minutes between
//!        ├─ asks for leave, which is given ──► LEAVE        nothing heard by the end ──► ABSENT
//!        └─ old or ill ──► EXEMPT, and not counted          who holds the event corrects it for a week
//! ```
//!
//! An event of the party for some organisations is seen by their members and by who holds it, and by nobody else, whatever other
//! roles there are: not by its id either. Facts name events and registrations, never people.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `command` | what somebody wants: parsed words, times, targets |
//! | `policy`, `workflow`, `fact` | who may, when, and what comes of it |
//! | `eligibility` | who may register, and why not |
//! | `attending` | who is expected, and who was there; quorum and votes |
//! | `life` | which meetings an organisation has to hold, and which it lacks |
//! | `registering` | the workflow of a registration; whose turn it is |
//! | `service`, `store` | the verbs; rows, lists and loaders |
//! | `privacy` | what a person may ask about the own registrations |

mod attending;
mod command;
mod eligibility;
mod fact;
mod life;
mod policy;
pub mod privacy;
mod registering;
mod service;
mod store;
mod watch;
mod workflow;

pub use attending::{Expected, Position, Tally, attendance_actions, expected, is_first};
pub use command::{
    AgendaLine, AskLeave, Cancel, Change, DecideLeave, HoldSeats, Mark, Presence, RawChange, RawRecord, RawRegister,
    RawSave, RawTerms, Redeem, Register, Remove, Return, Save, SaveRecord, Site, Terms, Vote,
};
pub use eligibility::{Eligibility, WhyNot};
pub use fact::{AttendanceFact, EventFact, RegistrationFact};
pub use life::Held;
pub use policy::{Attendance, AttendanceAction, Event, EventAction, Registration, RegistrationAction};
pub use registering::registration_actions;
pub use service::{
    AttendanceList, Lacking, LifeLine, LifeReport, Roster, accept_offer, approve, ask_leave, attendance,
    attendance_by_id, cancel, change, check_in, check_out, check_record, decide_leave, eligibilities, hold_for,
    hold_in, hold_seats, lapse, lapse_registration, leave, life_report, mark, open_record, publish, put_off, record,
    redeem, register, release_seats, remove, return_to_draft, roster, save, save_record, screen, shut_room, submit,
    takes_attendance, vote, withdraw,
};
pub use store::{
    Guest, Record, Resolution, Sought, Viewer, agenda_lines, agenda_of, attendance_by_ids, attended_with,
    checked_records, due, due_registrations, events, events_by_ids, follow_area, guests_of, organizations_of,
    places_in_line, reason_of, registered_with, registration_by_id, registrations_by_ids, registrations_of,
    resolution_by_id, sealed_tables, tags, tallies, waitlists, who_registered, whose,
};
pub use watch::{Watched, may_move_doors};
pub use workflow::{Phase, actions, phase};
