//! Who may register (报名资格): one rule for what the screen says and for what the verb refuses. Pure.

use chrono::{DateTime, Utc};
use entity::enums::{EventState, RegistrationState};
use kernel::error::{Detail, UserError, UserErrorCode};
use strum::EnumIter;

use crate::policy::Event;
use crate::registering::is_live;

/// What is known of somebody who would register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// Whether the person signed in.
    pub is_known: bool,
    /// Whether the person lives in the event's area, as verified.
    pub is_resident: bool,
    /// Where the own registration stands, if there is one.
    pub registration: Option<RegistrationState>,
}

/// Why somebody may not register (不能报名的原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum WhyNot {
    /// 请先登录
    SignIn,
    /// 不接受报名
    NoRegistration,
    /// 不在范围
    NotInvited,
    /// 仅限本居村居民
    NotResident,
    /// 已报名
    AlreadyRegistered,
    /// 尚未开始
    NotYet,
    /// 已截止
    Closed,
}

/// Whether somebody may register (报名资格).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// The person may.
    Eligible,
    /// The person may not, and why; from when on, where that is known.
    Refused(WhyNot, Option<DateTime<Utc>>),
}

impl Eligibility {
    /// Whether somebody may register for an event at an instant. A seat is another matter: that is decided when seats are taken.
    #[must_use]
    pub fn of(event: &Event, who: &Candidate, now: DateTime<Utc>) -> Self {
        let row = &event.row;
        let from = row.signup_from.filter(|from| now < *from);
        let why = match who.registration {
            _ if !row.takes_registrations => WhyNot::NoRegistration,
            _ if !who.is_known => WhyNot::SignIn,
            _ if !event.is_for_viewer() => WhyNot::NotInvited,
            _ if row.is_for_residents && !who.is_resident => WhyNot::NotResident,
            Some(state) if is_live(state) && state != RegistrationState::Held => WhyNot::AlreadyRegistered,
            // Who was taken off comes back when who holds it says so.
            Some(RegistrationState::Removed) => WhyNot::NotInvited,
            _ if row.state != EventState::Open || now >= row.signup_to => WhyNot::Closed,
            _ if from.is_some() => WhyNot::NotYet,
            _ => return Self::Eligible,
        };
        Self::Refused(why, from.filter(|_| why == WhyNot::NotYet))
    }

    /// The same as a refusal.
    ///
    /// # Errors
    /// `ALREADY_REGISTERED`, `REGISTRATION_CLOSED`, `NOT_IN_WINDOW` with the instant from which on, `NOT_ELIGIBLE` for what is not for the person.
    pub fn check(self) -> Result<(), UserError> {
        let Self::Refused(why, from) = self else { return Ok(()) };
        let not_eligible = |reason| UserError::new(UserErrorCode::NotEligible).with(Detail::Because(reason));
        Err(match (why, from) {
            (WhyNot::AlreadyRegistered, _) => UserError::new(UserErrorCode::AlreadyRegistered),
            (WhyNot::NotYet, Some(from)) => UserError::new(UserErrorCode::NotInWindow).with(Detail::From(from)),
            (WhyNot::SignIn, _) => not_eligible("sign_in"),
            (WhyNot::NotInvited, _) => not_eligible("not_invited"),
            (WhyNot::NotResident, _) => not_eligible("residents_only"),
            (WhyNot::NoRegistration, _) => {
                UserError::new(UserErrorCode::RegistrationClosed).with(Detail::Because("comes_as_is"))
            }
            (WhyNot::Closed | WhyNot::NotYet, _) => UserError::new(UserErrorCode::RegistrationClosed),
        })
    }
}

#[cfg(test)]
mod tests;
