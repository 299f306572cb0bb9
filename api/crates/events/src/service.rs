//! The verbs (办事): get → who → version → when → write. One short function each.

mod attending;
mod clock;
mod life;
mod planning;
mod reading;
mod record;
mod registering;

pub use attending::{
    AttendanceList, ask_leave, attendance, attendance_by_id, check_in, check_out, decide_leave, mark, redeem, screen,
    takes_attendance,
};
pub use clock::{lapse, lapse_registration, put_off};
pub use life::{Lacking, LifeReport, Line as LifeLine, life_report};
pub use planning::{approve, cancel, change, hold_for, hold_in, publish, return_to_draft, save, shut_room, submit};
pub use reading::{Roster, eligibilities, roster};
pub use record::{check_record, open_record, record, save_record, vote};
pub(crate) use registering::give_up;
pub use registering::{accept_offer, hold_seats, leave, register, release_seats, remove, withdraw};
