//! The verbs (办事): get → who → version → when → write. One short function each.

mod bookings;
mod closing;
mod credit;
mod holding;
mod making;
mod moving;
mod places;
mod rooms;
mod series;
mod services;
mod waitlist;

pub(crate) use bookings::give_up;
pub use bookings::{
    accept_offer, approve, call_off, cancel, check_in, check_in_by_code, end, lapse, put_off, record_damage, reject,
};
pub use closing::{close, reopen, reserve};
pub use credit::{appeal, decide_appeal};
pub use holding::{hold_slot, lapse_hold, release_hold};
pub(crate) use making::blank;
pub use making::{book, book_for};
pub use moving::{move_to, reschedule};
pub use places::{save_center, save_opening, save_venue};
pub use rooms::{Room, hold_house, is_room, move_room, take_room};
pub use series::book_series;
pub use services::save_service;
