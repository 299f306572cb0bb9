//! The verbs (办事): get → who → version → when → write. One short function each.

mod bookings;
mod places;
mod waitlist;

pub(crate) use bookings::give_up;
pub use bookings::{accept_offer, approve, book, call_off, cancel, check_in, end, lapse, put_off, reject};
pub use places::{close, reopen, save_center, save_opening, save_venue};
