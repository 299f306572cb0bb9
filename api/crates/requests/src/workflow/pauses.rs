//! More time and pauses (延期与挂起): asked for by the unit, decided by a dispatcher; rows 11 to 13.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::SuspendReason;

use super::{CALLBACKS, Refusal, wrong_state};
use crate::case::Case;
use crate::fact::Fact;
use crate::sla::{self, Timing};

/// The longest pause.
pub const PAUSE: TimeDelta = TimeDelta::days(30);

/// More working days, as many as the policy leaves room for beyond its own time.
pub(super) fn ask_extension(days: i32, timing: &Timing) -> Result<Fact, Refusal> {
    let room = timing.policy.room_for_extension();
    if days < 1 {
        return Err(Refusal::NoDays);
    }
    if days > room {
        return Err(Refusal::ExtensionTooLong(room));
    }
    let mut clocks = timing.clocks();
    let decide_due_at = clocks.due(sla::DECIDE_ASK);
    Ok(Fact::ExtensionRequested { days, decide_due_at, is_calendar_uncertain: clocks.is_uncertain })
}

/// What is granted counts from the day on which it was due, also when it is granted late; not when that would be over too.
pub(super) fn decide_extension(case: &Case, is_granted: bool, timing: &Timing) -> Result<Fact, Refusal> {
    let (Some(days), Some(due_at)) = (case.row.asked_days, case.row.due_at) else { return Err(wrong_state(case)) };
    if !is_granted {
        return Ok(Fact::ExtensionDenied);
    }
    let days_more = areas::TimeLimit::WorkingDays(days.unsigned_abs());
    let due = timing.calendar.due(due_at, days_more);
    if due.at <= timing.now {
        return Err(Refusal::TooLate);
    }
    Ok(Fact::Extended { days, due_at: due.at, is_calendar_uncertain: due.uncertain })
}

/// A pause until an instant to come, at most 30 days away. That the reporter cannot be reached must have been tried.
pub(super) fn ask_suspension(
    case: &Case,
    reason: SuspendReason,
    until: DateTime<Utc>,
    timing: &Timing,
) -> Result<Fact, Refusal> {
    if until <= timing.now || until > timing.now + PAUSE {
        return Err(Refusal::BadPause);
    }
    // Who waits for the reporter asks, and is granted nothing.
    if reason == SuspendReason::AwaitingReporter {
        return Err(Refusal::AskInstead);
    }
    if reason == SuspendReason::ReporterUnreachable && !case.was_called_in_vain(i64::from(CALLBACKS), timing.now) {
        return Err(Refusal::NotTriedEnough);
    }
    let mut clocks = timing.clocks();
    let decide_due_at = clocks.due(sla::DECIDE_ASK);
    Ok(Fact::SuspensionRequested { reason, until, decide_due_at, is_calendar_uncertain: clocks.is_uncertain })
}

/// A pause that would be over already is not granted.
pub(super) fn decide_suspension(case: &Case, is_granted: bool, timing: &Timing) -> Result<Fact, Refusal> {
    let (Some(reason), Some(until)) = (case.row.asked_reason, case.row.asked_until) else {
        return Err(wrong_state(case));
    };
    match is_granted {
        false => Ok(Fact::SuspensionDenied),
        true if until <= timing.now => Err(Refusal::TooLate),
        true => Ok(Fact::Suspended { reason, until }),
    }
}

/// The unit goes on, or the system when the time has come.
pub(super) fn resume(case: &Case, timing: &Timing) -> Result<Fact, Refusal> {
    let (due_at, contact_due_at, is_calendar_uncertain) = left(case, timing)?;
    Ok(Fact::Resumed { due_at, contact_due_at, is_calendar_uncertain })
}

/// What handling and the first contact are due by after a pause, and whether the calendar knows it.
type Left = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, bool);

/// What was left of each clock when it was paused is left of it now; what was overdue stays so.
pub(super) fn left(case: &Case, timing: &Timing) -> Result<Left, Refusal> {
    let row = &case.row;
    let paused_at = row.suspended_at.ok_or_else(|| wrong_state(case))?;
    let mut clocks = timing.clocks();
    let is_natural = timing.policy.handle_in(row.round).is_natural();
    let due_at = row.due_at.map(|due| clocks.resumed(due, paused_at, is_natural));
    let is_owed = row.contacted_at.is_none();
    let is_contact_natural = timing.policy.contact.is_natural();
    let contact_due_at =
        row.contact_due_at.map(|due| if is_owed { clocks.resumed(due, paused_at, is_contact_natural) } else { due });
    Ok((due_at, contact_due_at, clocks.is_uncertain))
}
