//! When it may happen to a registration and what comes of it (报名状态机), and whose turn it is when seats fall free. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{RegistrationState as S, WaitlistPromotion};
use entity::event;
use entity::event_registration::Model;
use entity::id::EventRegistrationId;
use kernel::actor::Actor;
use kernel::error::{Detail, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use schedule::waitlist::{self, OFFER, Place};

use crate::fact::RegistrationFact;
use crate::policy::{Registration, RegistrationAction};
use crate::workflow::Refusal;

/// How long seats are kept for who fills in a form (占位时长).
pub const HOLD: TimeDelta = TimeDelta::minutes(5);

/// What people do with a registration, as it is offered.
const OFFERED: [RegistrationAction; 3] =
    [RegistrationAction::Accept, RegistrationAction::Cancel, RegistrationAction::Remove];

/// What somebody wants done with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationStep {
    /// The person takes what was offered.
    Accept,
    /// The person takes it back.
    Cancel,
    /// Who holds the event takes the person off.
    Remove,
    /// The system looks at the clock.
    Lapse,
}

impl RegistrationStep {
    /// What policy is asked about it.
    #[must_use]
    pub fn action(self) -> RegistrationAction {
        match self {
            Self::Accept => RegistrationAction::Accept,
            Self::Cancel => RegistrationAction::Cancel,
            Self::Remove => RegistrationAction::Remove,
            Self::Lapse => RegistrationAction::Lapse,
        }
    }
}

/// Whether a registration in this state has its seats.
#[must_use]
pub fn keeps(state: S) -> bool {
    matches!(state, S::Held | S::Offered | S::Confirmed)
}

/// Whether anything may still come of it.
#[must_use]
pub fn is_live(state: S) -> bool {
    state == S::Waitlisted || keeps(state)
}

/// The states of which anything may still come.
pub(crate) const LIVE: [S; 4] = [S::Held, S::Waitlisted, S::Offered, S::Confirmed];

/// Seats of an event that nobody has; `None` where there is no end of them.
#[must_use]
pub fn free(event: &event::Model) -> Option<i32> {
    event.capacity.map(|capacity| capacity - event.seats_taken)
}

/// Whether so many seats are free.
#[must_use]
pub fn has_room(event: &event::Model, seats: i16) -> bool {
    free(event).is_none_or(|free| i32::from(seats) <= free)
}

/// Where a registration begins that is made now: with its seats, or on the list of those who wait, of whom there are so many.
///
/// # Errors
/// `EVENT_FULL` for who does not want to wait; `LIMIT_EXCEEDED` when as many wait as may.
pub fn begin(event: &event::Model, seats: i16, waiting: u64, joins_waitlist: bool) -> Result<S, UserError> {
    if has_room(event, seats) {
        return Ok(S::Confirmed);
    }
    if !joins_waitlist {
        return Err(UserError::new(UserErrorCode::EventFull));
    }
    match event.waitlist_limit {
        Some(most) if i64::try_from(waiting).unwrap_or(i64::MAX) >= most.into() => {
            Err(UserError::at(UserErrorCode::LimitExceeded, "joinWaitlist").with(Detail::Limit(most.into())))
        }
        _ => Ok(S::Waitlisted),
    }
}

/// Who waits, in order, and how many seats each needs.
pub type Waiting = (EventRegistrationId, Place, u32);

/// Whose turn it is: the first one for whom what is free is enough; nobody once the event has begun.
#[must_use]
pub fn next(event: &event::Model, list: &[Waiting], now: DateTime<Utc>) -> Option<EventRegistrationId> {
    let free = free(event).map_or(u32::MAX, |free| u32::try_from(free).unwrap_or_default());
    if now >= event.begins_at { None } else { waitlist::next(list, free) }
}

/// What seats that fall free are for whose turn it is. Who could not give them back any more is asked first.
#[must_use]
pub fn promote(event: &event::Model, now: DateTime<Utc>) -> RegistrationFact {
    match event.promotion {
        WaitlistPromotion::Automatic if now <= event.withdraw_until => RegistrationFact::Promoted,
        WaitlistPromotion::Automatic | WaitlistPromotion::Offer => {
            RegistrationFact::Offered { until: (now + OFFER).min(event.begins_at) }
        }
    }
}

/// What a step makes of a registration.
///
/// # Errors
/// Why it makes nothing.
pub fn decide(
    row: &Model,
    event: &event::Model,
    step: RegistrationStep,
    now: DateTime<Utc>,
) -> Result<RegistrationFact, Refusal> {
    use RegistrationStep as R;
    let fits = |step: R| match step {
        R::Accept => row.state == S::Offered,
        R::Cancel | R::Lapse => is_live(row.state),
        R::Remove => is_live(row.state) && row.state != S::Held,
    };
    if !fits(step) {
        let allowed = [R::Accept, R::Cancel, R::Remove].into_iter().filter(|step| fits(*step));
        return Err(Refusal::WrongState(allowed.map(|step| step.action().into()).collect()));
    }
    let is_due = row.due_at.is_some_and(|due| now >= due);
    let is_late = match step {
        R::Accept => is_due || now >= event.begins_at,
        // What somebody only waits for keeps nobody else from it.
        R::Cancel if row.state == S::Confirmed => now > event.withdraw_until,
        R::Cancel | R::Remove => now >= event.ends_at,
        R::Lapse => false,
    };
    match step {
        _ if is_late => Err(Refusal::TooLate),
        R::Accept => Ok(RegistrationFact::Accepted),
        R::Cancel => Ok(RegistrationFact::Cancelled { from: row.state }),
        R::Remove => Ok(RegistrationFact::Removed),
        R::Lapse if is_due => Ok(RegistrationFact::Expired { from: row.state }),
        R::Lapse => Err(Refusal::WrongState(Vec::new())),
    }
}

/// The row as a fact leaves it.
pub fn evolve(row: &mut Model, fact: &RegistrationFact, event: &event::Model, at: DateTime<Utc>) {
    (row.state, row.due_at) = match fact {
        RegistrationFact::Held { until, .. } => (S::Held, Some(*until)),
        RegistrationFact::Made { state, due_at, .. } => (*state, *due_at),
        RegistrationFact::Offered { until } => (S::Offered, Some(*until)),
        RegistrationFact::Promoted | RegistrationFact::Accepted => (S::Confirmed, None),
        RegistrationFact::Cancelled { .. } => (S::Cancelled, None),
        RegistrationFact::Removed => (S::Removed, None),
        RegistrationFact::CalledOff { .. } => (S::CalledOff, None),
        RegistrationFact::Expired { .. } => (S::Expired, None),
    };
    if row.state == S::Waitlisted {
        row.due_at = Some(event.begins_at);
    }
    row.ended_at = (!is_live(row.state)).then_some(at);
    row.version += 1;
    row.updated_at = at;
}

/// What the actor may do with a registration now (可执行操作).
#[must_use]
pub fn registration_actions(actor: &Actor, own: &Registration, now: DateTime<Utc>) -> Vec<RegistrationAction> {
    let step = |action: RegistrationAction| match action {
        RegistrationAction::Accept => Some(RegistrationStep::Accept),
        RegistrationAction::Cancel => Some(RegistrationStep::Cancel),
        RegistrationAction::Remove => Some(RegistrationStep::Remove),
        RegistrationAction::Read | RegistrationAction::Lapse => None,
    };
    let is_offered = |action: &RegistrationAction| {
        own.decide(actor, *action) == Decision::Allow
            && step(*action).is_some_and(|step| decide(&own.row, &own.event.row, step, now).is_ok())
    };
    OFFERED.into_iter().filter(is_offered).collect()
}

#[cfg(test)]
mod tests;
