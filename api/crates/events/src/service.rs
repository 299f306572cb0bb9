//! The verbs (办事): get → who → version → when → write. One short function each.

mod clock;
mod planning;
mod registering;

pub use clock::{lapse, lapse_registration, put_off};
pub use planning::{approve, cancel, change, hold_for, hold_in, publish, return_to_draft, save, shut_room, submit};
pub(crate) use registering::give_up;
pub use registering::{
    Roster, accept_offer, eligibilities, hold_seats, leave, register, release_seats, remove, roster, withdraw,
};
