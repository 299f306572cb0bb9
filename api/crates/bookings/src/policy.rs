//! Who may (权限规则). When it may happen is not asked here; that is the workflow's.
//!
//! Centres, venues and when they are open are for everybody. A booking is between who booked and the staff of the centre.

use chrono::{DateTime, Utc};
use entity::enums::Role;
use entity::{booking, booking_series, center};
use kernel::actor::Actor;
use kernel::guarded::{Decision, Guarded};
use schedule::opening::Hours;
use strum::{EnumIter, IntoStaticStr};

/// Who works in a centre (邻里中心工作人员): granted for an area, for the centres in it.
pub(crate) const STAFF: Role = Role::CenterStaff;

/// A centre, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Center(pub center::Model);

/// What can be done with a centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CenterAction {
    /// Enter or change it.
    Save,
    /// Enter or change its venues, say when they are open, close them for a time.
    Run,
    /// See who has its venues, and what the screen at its door shows.
    ReadBookings,
    /// Book for somebody who calls or comes to the desk, and series.
    BookForOthers,
}

impl CenterAction {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Save, Self::Run, Self::ReadBookings, Self::BookForOthers];
}

impl Guarded for Center {
    type Action = CenterAction;

    fn decide(&self, actor: &Actor, action: CenterAction) -> Decision {
        let is_staff = actor.is_in_area(STAFF, &self.0.area_path);
        let is_admin = actor.is_any(&[Role::SystemAdmin]);
        let is_allowed = *actor == Actor::System
            || match action {
                CenterAction::Save => is_admin,
                CenterAction::Run => is_staff || is_admin,
                CenterAction::ReadBookings | CenterAction::BookForOthers => is_staff,
            };
        if is_allowed { Decision::Allow } else { Decision::Deny }
    }
}

/// A booking, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    /// The row.
    pub row: booking::Model,
    /// Path of the area its centre lies in.
    pub area_path: String,
}

/// What can be done with a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum BookingAction {
    /// See it.
    Read,
    /// 接受候补
    Accept,
    /// 取消
    Cancel,
    /// 通过
    Approve,
    /// 不通过
    Reject,
    /// 中心取消
    CallOff,
    /// 签到
    CheckIn,
    /// 改期
    Reschedule,
    /// 中心调整
    Move,
    /// 扫码签到
    CheckInByCode,
    /// 结束使用
    End,
    /// 登记损坏
    RecordDamage,
    /// What only the system does: look at the clock, offer, give up for who is forgotten.
    Lapse,
}

impl Guarded for Booking {
    type Action = BookingAction;

    fn decide(&self, actor: &Actor, action: BookingAction) -> Decision {
        use BookingAction as A;
        let is_own = actor.account() == Some(self.row.account_id);
        let is_staff = actor.is_in_area(STAFF, &self.area_path);
        let is_allowed = *actor == Actor::System
            || match action {
                A::Read => is_own || is_staff,
                A::Accept | A::Cancel | A::Reschedule | A::End => is_own,
                // Who sees the code of the door from anywhere is checked in by somebody else.
                A::CheckInByCode => is_own && !is_staff,
                A::Approve | A::Reject | A::CallOff | A::Move | A::CheckIn | A::RecordDamage => is_staff,
                A::Lapse => false,
            };
        match (is_allowed, is_own || is_staff) {
            (true, _) => Decision::Allow,
            (false, true) => Decision::Deny,
            (false, false) => Decision::Hide,
        }
    }
}

/// A series, as its policy judges it: seen by who sees its bookings.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The row.
    pub row: booking_series::Model,
    /// Path of the area its centre lies in.
    pub area_path: String,
}

impl Series {
    /// From when its first date begins until its last one ends; `None` for a day that no calendar has.
    #[must_use]
    pub fn whole(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let hours = Hours::between(self.row.from_minute.into(), self.row.to_minute.into()).ok()?;
        Some((hours.on(self.row.first_date)?.begins(), hours.on(self.row.last_date)?.ends()))
    }
}

/// What can be done with a series; the rest is done with its bookings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesAction {
    /// See it.
    Read,
}

impl Guarded for Series {
    type Action = SeriesAction;

    fn decide(&self, actor: &Actor, _: SeriesAction) -> Decision {
        let is_own = actor.account() == Some(self.row.account_id);
        let is_allowed = is_own || *actor == Actor::System || actor.is_in_area(STAFF, &self.area_path);
        if is_allowed { Decision::Allow } else { Decision::Hide }
    }
}

#[cfg(test)]
mod tests;
