//! Alarms (定时): what the system does about a case by itself, and when: warn as its clocks run, end a pause, close what
//! nobody answers. Pure: from the row, the calendar, the policy and the ladder.

use areas::TimeLimit;
use chrono::{DateTime, Utc};
use entity::enums::{ClockKind, Queue, ServiceRequestState, WarningLevel, WarningTo};
use entity::service_request::Model;
use serde::{Deserialize, Serialize};

use super::{CALLBACKS, Command};
use crate::fact::Warning;
use crate::sla::{self, Timing};

/// A rung of the ladder of warnings (预警阶梯): when a clock has run so far, who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Which clock.
    pub clock: ClockKind,
    /// Its number, from 1.
    pub step: i32,
    /// Part of the clock that has run, percent.
    pub percent: u32,
    /// How long after the due time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<TimeLimit>,
    /// How grave.
    pub level: WarningLevel,
    /// Who is told.
    pub tells: WarningTo,
}

/// A clock of a case that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Running {
    clock: ClockKind,
    since: DateTime<Utc>,
    due: DateTime<Utc>,
    is_natural: bool,
    /// Rungs that were told.
    told: i32,
}

/// What the system does next about a case, and when; the earliest first. `None` where there is nothing to wait for.
#[must_use]
pub fn next(row: &Model, timing: &Timing) -> Option<(DateTime<Utc>, Command)> {
    let resume = row.suspended_until.map(|until| (until, Command::Resume));
    let lapse = lapse_at(row).map(|at| (at, Command::Lapse));
    let warnings = warnings(row, timing).map(|(at, warning)| (at, Command::Warn(warning)));
    resume.into_iter().chain(lapse).chain(warnings).min_by_key(|(at, _)| *at)
}

/// When what nobody answered is closed (无法回访): the reporter has seven days, then a call-back agent as many, unless three
/// calls were in vain.
#[must_use]
pub fn lapse_at(row: &Model) -> Option<DateTime<Utc>> {
    let answer_by = row.survey_due_at.filter(|_| row.state == ServiceRequestState::Verified)?;
    let is_tried = row.missed_callbacks >= CALLBACKS;
    Some(if is_tried { answer_by } else { answer_by + sla::CALL_BACK })
}

/// The next warning of each clock that runs, and when it is due.
pub(super) fn warnings(row: &Model, timing: &Timing) -> impl Iterator<Item = (DateTime<Utc>, Warning)> {
    let timing = *timing;
    running(row, &timing).into_iter().filter_map(move |clock| {
        let rung = timing.ladder.iter().filter(|rung| rung.clock == clock.clock && rung.step > clock.told);
        let rung = rung.min_by_key(|rung| rung.step)?;
        let warning = Warning { clock: rung.clock, step: rung.step, level: rung.level, tells: rung.tells };
        Some((instant_of(rung, &clock, &timing), warning))
    })
}

fn instant_of(rung: &Rung, clock: &Running, timing: &Timing) -> DateTime<Utc> {
    match rung.after {
        Some(after) => timing.calendar.due(clock.due, after).at,
        None => timing.part_of(clock.since, clock.due, rung.percent, clock.is_natural),
    }
}

/// The clocks that run: that of the desk it lies on, and while a unit has it, those of the first contact and of handling.
fn running(row: &Model, timing: &Timing) -> Vec<Running> {
    use ServiceRequestState as S;
    let policy = timing.policy;
    let limit = match row.queue {
        Some(Queue::ToAccept | Queue::ToDispatch) => Some(policy.accept),
        Some(Queue::ToSign) => Some(policy.sign),
        Some(Queue::Returns) => Some(sla::DECIDE_RETURN),
        Some(Queue::ToVerify) => Some(policy.verify),
        Some(Queue::Handling | Queue::ToCallback | Queue::Suspended) | None => None,
    };
    let run = |clock, since: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>, limit: TimeLimit, told| {
        let (since, due) = since.zip(due)?;
        Some(Running { clock, since, due, is_natural: limit.is_natural(), told })
    };
    let desk = limit.and_then(|limit| run(ClockKind::Desk, row.queue_since, row.queue_due_at, limit, row.desk_step));
    let is_with_unit = matches!(row.state, S::Dispatched | S::InProgress | S::ReturnPending);
    let since = row.handle_since.filter(|_| is_with_unit);
    let contact_due = row.contact_due_at.filter(|_| row.contacted_at.is_none());
    let contact = run(ClockKind::Contact, since, contact_due, policy.contact, row.contact_step);
    let handle = run(ClockKind::Handle, since, row.due_at, policy.handle_in(row.round), row.handle_step);
    [desk, contact, handle].into_iter().flatten().collect()
}
