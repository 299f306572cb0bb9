//! Oversight (催办、督办、会商、回访与预警): what others do about a case beside the trunk; it moves a state only when units confer.

use chrono::{DateTime, Utc};
use entity::enums::{ContactOutcome, ServiceRequestState, SupervisionLevel, SupervisionReason, WarningLevel};
use entity::id::UnitId;
use entity::service_request::Model;

use super::{CALLBACKS, REOPENINGS, Refusal, alarm, trunk, wrong_state};
use crate::case::Case;
use crate::fact::{Conferred, Fact, Warning};
use crate::sla::{self, Timing};

/// A reporter urges when the first contact is over its time, and at most once in a working day. Before anybody was to call, when
/// the present step is over its time.
pub(super) fn may_urge(row: &Model, now: DateTime<Utc>) -> Result<(), Refusal> {
    if let Some(again_at) = row.urge_again_at.filter(|again_at| now < *again_at) {
        return Err(Refusal::UrgedAlready(again_at));
    }
    match row.contact_due_at.or(row.queue_due_at) {
        Some(due) if now <= due => Err(Refusal::UrgedTooEarly(due)),
        _ => Ok(()),
    }
}

pub(super) fn urge(timing: &Timing) -> Fact {
    Fact::Urged { again_at: timing.calendar.next_working_day(timing.now) }
}

/// What a supervisor says it is for must be so: overdue now, or answered badly twice.
pub(super) fn supervise(
    case: &Case,
    level: SupervisionLevel,
    reason: SupervisionReason,
    timing: &Timing,
) -> Result<Fact, Refusal> {
    let row = &case.row;
    use ServiceRequestState as S;
    let handling = row.due_at.filter(|_| matches!(row.state, S::Dispatched | S::InProgress | S::ReturnPending));
    let desk = row.queue_due_at.filter(|_| row.state != S::Suspended);
    let is_late = [handling, desk].into_iter().flatten().any(|due| due < timing.now);
    match reason {
        SupervisionReason::Overdue if !is_late => return Err(Refusal::NotOverdue),
        SupervisionReason::BadReviews if row.reopenings < REOPENINGS => return Err(Refusal::NoBadReviews),
        _ => {}
    }
    let mut clocks = timing.clocks();
    let answer_due_at = clocks.due(sla::ANSWER_SUPERVISION);
    Ok(Fact::Supervised { level, reason, answer_due_at, is_calendar_uncertain: clocks.is_uncertain })
}

/// Two units or more, one of which leads from now on (首接负责). A lead that is new gets an order with full clocks; one that
/// stays gets no more time, and keeps the case if it was about to return it.
pub(super) fn confer(case: &Case, lead: UnitId, co_units: &[UnitId], timing: &Timing) -> Result<Fact, Refusal> {
    if co_units.is_empty() {
        return Err(Refusal::TooFewUnits);
    }
    let row = &case.row;
    let order = trunk::order(case, lead, co_units, timing)?;
    let order = (row.lead_unit_id != Some(lead)).then_some(order);
    let to = match row.state {
        _ if order.is_some() => ServiceRequestState::Dispatched,
        ServiceRequestState::ReturnPending => case.before_return(),
        state => state,
    };
    Ok(Fact::Conferred(Box::new(Conferred { lead_unit: lead, co_units: co_units.to_vec(), order, to })))
}

/// The third call in vain closes a case whose reporter had the time to answer; before that the reporter still has it.
pub(super) fn miss_callback(case: &Case, outcome: ContactOutcome, timing: &Timing) -> Result<Fact, Refusal> {
    if outcome == ContactOutcome::Reached {
        return Err(Refusal::WasReached);
    }
    let is_last = case.row.missed_callbacks + 1 >= CALLBACKS;
    let is_over = case.row.survey_due_at.is_none_or(|due| due < timing.now);
    if is_last && is_over { Ok(unanswered(case)) } else { Ok(Fact::CallbackMissed { outcome }) }
}

/// The system closes what nobody answered, when it is time.
pub(super) fn lapse(case: &Case, timing: &Timing) -> Result<Fact, Refusal> {
    let is_time = alarm::lapse_at(&case.row).is_some_and(|at| at <= timing.now);
    if is_time { Ok(unanswered(case)) } else { Err(wrong_state(case)) }
}

/// What somebody called unsolved stays so, though others did not answer.
fn unanswered(case: &Case) -> Fact {
    Fact::Closed { answer: None, is_hard: case.row.is_hard }
}

/// A warning is given when it is due, and once.
pub(super) fn warn(case: &Case, warning: Warning, timing: &Timing) -> Result<Fact, Refusal> {
    let is_due = alarm::warnings(&case.row, timing).any(|(at, due)| due == warning && at <= timing.now);
    if !is_due {
        return Err(wrong_state(case));
    }
    Ok(if warning.level == WarningLevel::Red { Fact::Escalated(warning) } else { Fact::Reminded(warning) })
}
