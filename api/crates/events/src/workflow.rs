//! When it may happen to an event and what comes of it (状态机): state × command → fact or refusal, and fact → row. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{EventAudience, EventState as S};
use entity::event::Model;
use entity::id::AccountId;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use strum::EnumIter;

use crate::fact::EventFact;
use crate::policy::{Event, EventAction};

/// So long before it begins, who is registered is reminded (提醒).
pub const REMINDER: TimeDelta = TimeDelta::hours(24);

/// So long after it ended, its record is kept (记录期限).
pub const RECORDED: TimeDelta = TimeDelta::days(30);

/// What is done with an event, as it is offered.
const OFFERED: [EventAction; 11] = [
    EventAction::Save,
    EventAction::Submit,
    EventAction::Approve,
    EventAction::Return,
    EventAction::Publish,
    EventAction::Change,
    EventAction::Cancel,
    EventAction::ReadRegistrations,
    EventAction::TakeAttendance,
    EventAction::KeepRecord,
    EventAction::CheckRecord,
];

/// Where an event stands for people (活动阶段): its state, its seats and the clock at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum Phase {
    /// 草稿
    Draft,
    /// 待审核
    InReview,
    /// 已审核
    Approved,
    /// 已发布
    Open,
    /// 已满
    Full,
    /// 进行中
    Ongoing,
    /// 已结束
    Ended,
    /// 已取消
    Cancelled,
}

/// Where an event stands at an instant.
#[must_use]
pub fn phase(row: &Model, now: DateTime<Utc>) -> Phase {
    match row.state {
        S::Draft => Phase::Draft,
        S::InReview => Phase::InReview,
        S::Approved => Phase::Approved,
        S::Cancelled => Phase::Cancelled,
        S::Ended => Phase::Ended,
        S::Open if now >= row.ends_at => Phase::Ended,
        S::Open if now >= row.begins_at => Phase::Ongoing,
        S::Open if row.takes_registrations && row.capacity.is_some_and(|seats| row.seats_taken >= seats) => Phase::Full,
        S::Open => Phase::Open,
    }
}

/// Why the rules said no (拒绝).
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The state does not allow it; says what it allows.
    WrongState(Vec<&'static str>),
    /// Nobody reviews what is the own.
    SamePerson,
    /// Its time has not come: from when on.
    TooEarly(DateTime<Utc>),
    /// Its time has come, or is over.
    TooLate,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::WrongState(allowed) => {
                UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(allowed)).into()
            }
            Refusal::SamePerson => Self::refused(UserErrorCode::SamePerson),
            Refusal::TooEarly(from) => UserError::new(UserErrorCode::NotInWindow).with(Detail::From(from)).into(),
            Refusal::TooLate => Self::refused(UserErrorCode::DeadlinePassed),
        }
    }
}

/// Whether somebody else has to look at it before it is published: unless it is for members of some organisations only.
#[must_use]
pub fn needs_review(row: &Model) -> bool {
    row.audience != EventAudience::Organization
}

/// When the clock looks at an event that is published: to remind people, or, when there is no time for that, whether it is over.
#[must_use]
pub fn due(begins_at: DateTime<Utc>, ends_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let reminder = begins_at - REMINDER;
    if now < reminder { reminder } else { ends_at }
}

/// Whether an action fits an event now.
///
/// # Errors
/// Why not.
pub fn may(row: &Model, action: EventAction, by: Option<AccountId>, now: DateTime<Utc>) -> Result<(), Refusal> {
    use EventAction as A;
    if !fits(row, action) {
        return Err(Refusal::WrongState(OFFERED.into_iter().filter(|next| fits(row, *next)).map(Into::into).collect()));
    }
    let wrote = [Some(row.created_by), Some(row.written_by), row.submitted_by];
    let is_own = by.is_some() && wrote.contains(&by);
    if matches!(action, A::Approve | A::Return) && is_own {
        return Err(Refusal::SamePerson);
    }
    if matches!(action, A::KeepRecord | A::CheckRecord) && now < row.begins_at {
        return Err(Refusal::TooEarly(row.begins_at));
    }
    let is_over = match action {
        A::Submit | A::Approve | A::Publish | A::Change => now >= row.begins_at,
        A::Cancel => row.state == S::Open && now >= row.ends_at,
        A::KeepRecord => now >= row.ends_at + RECORDED,
        _ => false,
    };
    if is_over { Err(Refusal::TooLate) } else { Ok(()) }
}

fn fits(row: &Model, action: EventAction) -> bool {
    use EventAction as A;
    match action {
        A::Save => matches!(row.state, S::Draft | S::Approved),
        A::Submit => row.state == S::Draft && needs_review(row),
        A::Approve | A::Return => row.state == S::InReview,
        A::Publish => row.state == S::Approved || (row.state == S::Draft && !needs_review(row)),
        A::Change | A::Lapse => row.state == S::Open,
        A::Cancel => !matches!(row.state, S::Ended | S::Cancelled),
        A::ReadRegistrations => row.takes_registrations && row.published_at.is_some(),
        A::TakeAttendance | A::KeepRecord | A::CheckRecord => matches!(row.state, S::Open | S::Ended),
        A::Read => false,
    }
}

/// What the clock makes of an event that is published.
///
/// # Errors
/// When it is not published, or nothing is due.
pub fn lapse(row: &Model, now: DateTime<Utc>) -> Result<EventFact, Refusal> {
    may(row, EventAction::Lapse, None, now)?;
    match row.due_at {
        Some(due) if now < due => Err(Refusal::WrongState(Vec::new())),
        _ if now >= row.ends_at => Ok(EventFact::Ended),
        _ => Ok(EventFact::Reminded),
    }
}

/// The row as a fact leaves it, but for what a command wrote into it.
pub fn evolve(row: &mut Model, fact: &EventFact, by: Option<AccountId>, at: DateTime<Utc>) {
    match fact {
        EventFact::Saved => {
            (row.state, row.submitted_by, row.reviewed_by) = (S::Draft, None, None);
            row.written_by = by.unwrap_or(row.written_by);
        }
        EventFact::Returned => (row.state, row.submitted_by, row.reviewed_by) = (S::Draft, None, by),
        EventFact::Submitted => (row.state, row.submitted_by) = (S::InReview, by),
        EventFact::Approved => (row.state, row.reviewed_by) = (S::Approved, by),
        EventFact::Published { due_at } => {
            (row.state, row.published_at, row.due_at) = (S::Open, Some(at), Some(*due_at));
        }
        EventFact::Changed { begins_at, ends_at, due_at, .. } => {
            (row.begins_at, row.ends_at, row.due_at) = (*begins_at, *ends_at, Some(*due_at));
        }
        EventFact::Cancelled { .. } => (row.state, row.ended_at, row.due_at) = (S::Cancelled, Some(at), None),
        EventFact::Reminded => row.due_at = Some(row.ends_at),
        EventFact::RoomShut => {}
        EventFact::Ended => (row.state, row.ended_at, row.due_at) = (S::Ended, Some(row.ends_at), None),
    }
    row.version += 1;
    row.updated_at = at;
}

/// What the actor may do with an event now (可执行操作).
#[must_use]
pub fn actions(actor: &Actor, event: &Event, now: DateTime<Utc>) -> Vec<EventAction> {
    let is_offered = |action: &EventAction| {
        event.decide(actor, *action) == Decision::Allow && may(&event.row, *action, actor.account(), now).is_ok()
    };
    OFFERED.into_iter().filter(is_offered).collect()
}

#[cfg(test)]
pub(crate) mod tests;
