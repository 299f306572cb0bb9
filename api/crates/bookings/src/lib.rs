//! Neighbourhood centres (邻里中心): their venues, when these are open, and who has them when.
//!
//! ```text
//!                        ┌─ nobody decided or answered ──► EXPIRED
//!   ── PENDING_APPROVAL ─┼─ reject ──────────────────────► REJECTED
//!        │  ▲            └─ (as below)
//!  approve  │ accept, where the centre decides
//!        ▼  │
//!   ── CONFIRMED ── check in ──► CHECKED_IN ── end, or its time is over ──► COMPLETED
//!        ▲  ├─ nobody came in time ──► NO_SHOW
//!        │  └─ cancel ──► CANCELLED_BY_USER, call off ──► CANCELLED_BY_CENTER (also of what waits or is offered)
//!      accept
//!        │
//!     OFFERED ◄── it fell free ── WAITLISTED ──
//! ```
//! What is OFFERED, PENDING_APPROVAL, CONFIRMED or CHECKED_IN keeps its venue, buffers and all that lies in it, by the keys of
//! [`schedule::store`]: nobody else has a piece of it. Whoever frees a venue holds its centre's row, and whoever takes one shares it,
//! so that nobody joins a waitlist that was just passed over. Who has a venue is reminded two hours before, once.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `command` | what somebody wants: parsed names, times, targets |
//! | `premises` | a centre with its venues: what lies in what |
//! | `credit` | who may appeal against a line of credit, and when |
//! | `quota` | how much one person may have |
//! | `window` | whether a time of a venue may be booked at an instant |
//! | `slots`, `near`, `watch` | what is free; what is free first, and near; what many watch at once |
//! | `services` | what a centre offers beside its rooms, by appointment or by number |
//! | `sheet` | the sheet of a day, as a file for the desk |
//! | `usage` | which part of its open time is had, and what became of bookings |
//! | [`past`] | bookings that are over, for the made-up town |
//! | `policy`, `workflow`, `fact` | who may, when, and what comes of it |
//! | `service`, `store` | the verbs; rows, lists and loaders |

mod command;
mod credit;
mod fact;
mod near;
pub mod past;
mod policy;
mod premises;
pub mod privacy;
mod quota;
mod service;
mod services;
mod sheet;
mod slots;
mod store;
mod usage;
mod watch;
mod window;
mod workflow;

pub use command::{
    Book, BookFor, BookSeries, CallOff, Cancel, Close, DecideAppeal, HoldSlot, MakeAppeal, OpeningLine, RawBook,
    RawBookSeries, RawClose, RawContact, RawHoldSlot, RawOpeningLine, RawReschedule, RawReserve, RawSaveCenter,
    RawSaveService, RawSaveVenue, RecordDamage, Reject, Reschedule, Reserve, SaveCenter, SaveOpening, SaveService,
    SaveVenue, ScanCode,
};
pub use credit::{Appeal, AppealAction, Line, appeal_actions};
pub use fact::{AppealFact, BookingFact, CenterFact, SeriesFact, ServiceFact, VenueFact};
pub use near::{Found, LifeCircle, Sought, What, first_free, life_circle, walk};
pub use policy::{Booking, BookingAction, Center, CenterAction, Series, SeriesAction};
pub use premises::Premises;
pub use service::{
    Room, accept_offer, appeal, approve, book, book_for, book_series, call_off, cancel, check_in, check_in_by_code,
    close, decide_appeal, end, hold_house, hold_slot, is_room, lapse, lapse_hold, move_room, move_to, put_off,
    record_damage, reject, release_hold, reopen, reschedule, reserve, save_center, save_opening, save_service,
    save_venue, take_room,
};
pub use services::Content as ServiceContent;
pub use sheet::{SheetAddress, day_sheet, serve_day_sheet};
pub use slots::{Asked, Slot, SlotState, open_today, slots};
pub use store::{
    Reach, agenda_at, agenda_of, appeals_at, appeals_by_ids, bookings_by_ids, bookings_in, bookings_of, bookings_on,
    by_code, by_id, center, centers, centers_by_ids, closures_by_ids, closures_of, credit_lines, due, due_holds,
    editions_of_services, follow_area, guests_of, held_by, offered, opening_rules_of, places_of_services, premises_of,
    refusals_of, series_at, series_by_ids, service, services_at, services_by_ids, services_of, venues_by_ids,
    venues_of,
};
pub use usage::{Pieces, Usage, VenueUsage, usage};
pub use watch::{Watch, Watched, may_move_slots};
pub use window::is_length;
pub use workflow::{CHECK_IN, actions, free_until};
