//! When it may happen and what comes of it (状态机): state × command → fact or refusal, and fact → row.

use chrono::{DateTime, TimeDelta, Utc};
use entity::booking::Model;
use entity::enums::{BookingApproval, BookingRejectReason, BookingState as S, ClosureReason, CreditKind};
use entity::id::AccountId;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use schedule::waitlist::OFFER;

use crate::fact::{BookingFact, Place};
use crate::policy::{Booking, BookingAction};

/// People check in from so long before on, and until so long after it began (签到时限, domain §C).
pub const CHECK_IN: TimeDelta = TimeDelta::minutes(15);
/// So long before it begins, its person is reminded (提醒, domain §K).
pub const REMINDER: TimeDelta = TimeDelta::hours(2);
/// Taken back later than so long before, it is too late for others to plan with it (免责取消, domain §C).
pub const FREE_CANCEL: TimeDelta = TimeDelta::hours(2);
/// For how long after its time the centre may say that something was left broken (损坏登记时限).
pub const DAMAGE: TimeDelta = TimeDelta::days(7);
/// How long the centre has to decide (审批时限).
pub const APPROVAL: TimeDelta = TimeDelta::days(2);

/// What is done with a booking, as it is offered.
const OFFERED: [BookingAction; 11] = [
    BookingAction::Accept,
    BookingAction::Cancel,
    BookingAction::Reschedule,
    BookingAction::Approve,
    BookingAction::Reject,
    BookingAction::CallOff,
    BookingAction::Move,
    BookingAction::CheckIn,
    BookingAction::CheckInByCode,
    BookingAction::End,
    BookingAction::RecordDamage,
];

/// Why the rules said no (拒绝).
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The state does not allow it; says what it allows.
    WrongState(Vec<&'static str>),
    /// Nobody decides about the own booking.
    SamePerson,
    /// Its time has not come.
    TooEarly(DateTime<Utc>),
    /// Its time is over.
    TooLate,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let error = match refusal {
            Refusal::WrongState(allowed) => {
                UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(allowed))
            }
            Refusal::SamePerson => UserError::new(UserErrorCode::SamePerson),
            Refusal::TooEarly(from) => UserError::new(UserErrorCode::NotInWindow).with(Detail::From(from)),
            Refusal::TooLate => UserError::new(UserErrorCode::DeadlinePassed),
        };
        Self::Refused(vec![error])
    }
}

/// What somebody wants done with a booking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// The person takes what was offered.
    Accept,
    /// The person takes it back.
    Cancel,
    /// The centre says yes.
    Approve,
    /// The centre says no.
    Reject(BookingRejectReason),
    /// The centre calls it off.
    CallOff(ClosureReason),
    /// The person has it at another time.
    Reschedule(Place),
    /// The centre has it at another time.
    Move(Place),
    /// The people are there, says the centre.
    CheckIn,
    /// The people are there, as they scanned what the screen at the door shows.
    CheckInByCode,
    /// The people leave.
    End,
    /// Something was left broken.
    RecordDamage,
    /// The system looks at the clock.
    Lapse,
}

impl Command {
    /// What policy is asked about it.
    #[must_use]
    pub fn action(self) -> BookingAction {
        match self {
            Self::Accept => BookingAction::Accept,
            Self::Cancel => BookingAction::Cancel,
            Self::Approve => BookingAction::Approve,
            Self::Reject(_) => BookingAction::Reject,
            Self::CallOff(_) => BookingAction::CallOff,
            Self::Reschedule(_) => BookingAction::Reschedule,
            Self::Move(_) => BookingAction::Move,
            Self::CheckIn => BookingAction::CheckIn,
            Self::CheckInByCode => BookingAction::CheckInByCode,
            Self::End => BookingAction::End,
            Self::RecordDamage => BookingAction::RecordDamage,
            Self::Lapse => BookingAction::Lapse,
        }
    }
}

/// Whether a booking in this state keeps its venue from others.
#[must_use]
pub fn keeps(state: S) -> bool {
    matches!(state, S::Offered | S::PendingApproval | S::Confirmed | S::CheckedIn)
}

/// Whether anything may still come of it.
#[must_use]
pub fn is_live(state: S) -> bool {
    state == S::Waitlisted || keeps(state)
}

/// The states of which anything may still come.
pub(crate) const LIVE: [S; 5] = [S::Waitlisted, S::Offered, S::PendingApproval, S::Confirmed, S::CheckedIn];

/// Until when a booking is taken back without being late (免责取消): the time that the centre chose, its person need not keep.
#[must_use]
pub fn free_until(row: &Model) -> DateTime<Utc> {
    if row.is_moved { row.begins_at } else { row.begins_at - FREE_CANCEL }
}

/// In which state a booking begins that gets its venue, and when the clock looks at it.
#[must_use]
pub fn begun(approval: BookingApproval, begins_at: DateTime<Utc>, now: DateTime<Utc>) -> (S, DateTime<Utc>) {
    match approval {
        BookingApproval::Auto => (S::Confirmed, confirmed_until(begins_at, now)),
        BookingApproval::Manual => (S::PendingApproval, (now + APPROVAL).min(begins_at)),
    }
}

/// When the clock looks at a booking that is confirmed: to remind its person, or, when there is no time for that, whether anybody came.
fn confirmed_until(begins_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let reminder = begins_at - REMINDER;
    if now < reminder { reminder } else { begins_at + CHECK_IN }
}

/// What falls free is offered to who waits.
///
/// # Errors
/// Unless it waits, and has not begun.
pub fn offer(row: &Model, now: DateTime<Utc>) -> Result<BookingFact, Refusal> {
    match row.state {
        S::Waitlisted if now < row.begins_at => Ok(BookingFact::Offered { until: (now + OFFER).min(row.begins_at) }),
        S::Waitlisted => Err(Refusal::TooLate),
        _ => Err(Refusal::WrongState(allowed(row))),
    }
}

/// Whether an action fits a booking now.
///
/// # Errors
/// Why not.
pub fn may(row: &Model, action: BookingAction, by: Option<AccountId>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if !fits(row, action) {
        return Err(Refusal::WrongState(allowed(row)));
    }
    use BookingAction as A;
    let is_about_others =
        matches!(action, A::Approve | A::Reject | A::CallOff | A::Move | A::CheckIn | A::RecordDamage);
    if is_about_others && by == Some(row.account_id) {
        return Err(Refusal::SamePerson);
    }
    let is_over = match action {
        BookingAction::Accept => row.due_at.is_none_or(|until| now >= until),
        A::Cancel | A::Approve | A::Move => now >= row.begins_at,
        // Others could not plan with what falls free any more.
        A::Reschedule => now > row.begins_at - FREE_CANCEL,
        A::CheckIn | A::CheckInByCode => now > row.begins_at + CHECK_IN,
        BookingAction::RecordDamage => now >= row.ends_at + DAMAGE,
        _ => false,
    };
    let opens = row.begins_at - CHECK_IN;
    match action {
        _ if is_over => Err(Refusal::TooLate),
        A::CheckIn | A::CheckInByCode if now < opens => Err(Refusal::TooEarly(opens)),
        _ => Ok(()),
    }
}

fn fits(row: &Model, action: BookingAction) -> bool {
    let state = row.state;
    match action {
        BookingAction::Accept => state == S::Offered,
        BookingAction::Cancel => matches!(state, S::Waitlisted | S::Offered | S::PendingApproval | S::Confirmed),
        BookingAction::Approve | BookingAction::Reject => state == S::PendingApproval,
        BookingAction::Reschedule | BookingAction::Move => matches!(state, S::PendingApproval | S::Confirmed),
        // People who are there are not put out by a key on a screen.
        BookingAction::CallOff => is_live(state) && state != S::CheckedIn,
        BookingAction::Lapse => is_live(state),
        BookingAction::CheckIn | BookingAction::CheckInByCode => state == S::Confirmed,
        BookingAction::End => state == S::CheckedIn,
        BookingAction::RecordDamage => matches!(state, S::CheckedIn | S::Completed) && !row.is_damaged,
        BookingAction::Read => false,
    }
}

fn allowed(row: &Model) -> Vec<&'static str> {
    OFFERED.into_iter().filter(|action| fits(row, *action)).map(<&str>::from).collect()
}

/// What a command makes of a booking; `approval` is how its venue is booked.
///
/// # Errors
/// Why it makes nothing.
pub fn decide(
    row: &Model,
    approval: BookingApproval,
    command: Command,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<BookingFact, Refusal> {
    may(row, command.action(), by, now)?;
    Ok(match command {
        Command::Accept => {
            let (state, due_at) = begun(approval, row.begins_at, now);
            BookingFact::Accepted { state, due_at }
        }
        Command::Cancel => BookingFact::Cancelled { is_late: row.state == S::Confirmed && now > free_until(row) },
        Command::Approve => BookingFact::Approved,
        Command::Reject(reason) => BookingFact::Rejected { reason },
        Command::CallOff(reason) => BookingFact::CalledOff { reason },
        Command::Reschedule(to) => {
            let (state, due_at) = begun(approval, to.begins_at, now);
            // Whoever moves it about has it undecided no longer for that.
            let is_undecided = row.state == S::PendingApproval && state == S::PendingApproval;
            let due_at = row.due_at.filter(|_| is_undecided).map_or(due_at, |before| before.min(due_at));
            BookingFact::Moved { to, state, due_at, is_by_center: false }
        }
        // What the centre moves itself, it need not decide about.
        Command::Move(to) => {
            let (state, due_at) = begun(BookingApproval::Auto, to.begins_at, now);
            BookingFact::Moved { to, state, due_at, is_by_center: true }
        }
        Command::CheckIn | Command::CheckInByCode => BookingFact::CheckedIn,
        Command::End => BookingFact::Completed { is_early: now < row.ends_at },
        Command::RecordDamage => BookingFact::Damaged,
        Command::Lapse => lapse(row, now).ok_or_else(|| Refusal::WrongState(allowed(row)))?,
    })
}

/// What the clock makes of a booking whose time has come; `None` before.
fn lapse(row: &Model, now: DateTime<Utc>) -> Option<BookingFact> {
    // Those who come at the last moment are let in.
    let is_due = row.due_at.is_some_and(|due| now > due);
    match row.state {
        _ if !is_due => None,
        S::Waitlisted | S::Offered | S::PendingApproval => Some(BookingFact::Expired { from: Some(row.state) }),
        S::Confirmed if now > row.begins_at + CHECK_IN => Some(BookingFact::NoShow),
        // After a stop it may have begun: there is still time to come.
        S::Confirmed => Some(BookingFact::Reminded),
        S::CheckedIn => Some(BookingFact::Completed { is_early: false }),
        _ => None,
    }
}

/// What a fact makes of the row.
pub fn evolve(row: &mut Model, fact: &BookingFact, by: Option<AccountId>, at: DateTime<Utc>) {
    let (state, due_at) = match fact {
        BookingFact::Made { state, due_at, .. } | BookingFact::Accepted { state, due_at } => (*state, Some(*due_at)),
        BookingFact::Moved { to, state, due_at, is_by_center } => {
            row.is_moved = *is_by_center;
            (row.venue_id, row.begins_at, row.ends_at) = (to.venue, to.begins_at, to.ends_at);
            (row.buffer_before, row.buffer_after) = (to.buffer_before, to.buffer_after);
            (*state, Some(*due_at))
        }
        BookingFact::Offered { until } => (S::Offered, Some(*until)),
        BookingFact::Approved => (S::Confirmed, Some(confirmed_until(row.begins_at, at))),
        BookingFact::Reminded => (S::Confirmed, Some(row.begins_at + CHECK_IN)),
        BookingFact::Rejected { reason } => {
            row.reject_reason = Some(*reason);
            (S::Rejected, None)
        }
        BookingFact::Cancelled { is_late } => {
            row.is_late = *is_late;
            (S::CancelledByUser, None)
        }
        BookingFact::CalledOff { reason } => {
            row.cancel_reason = Some(*reason);
            (S::CancelledByCenter, None)
        }
        BookingFact::CheckedIn => {
            row.checked_in_at = Some(at);
            (S::CheckedIn, Some(row.ends_at))
        }
        BookingFact::Completed { .. } => (S::Completed, None),
        BookingFact::NoShow => (S::NoShow, None),
        BookingFact::Expired { .. } => (S::Expired, None),
        BookingFact::Damaged => {
            row.is_damaged = true;
            (row.state, row.due_at)
        }
        BookingFact::DamageReversed => {
            (row.is_damaged, row.note) = (false, None);
            (row.state, row.due_at)
        }
    };
    if matches!(fact, BookingFact::Approved | BookingFact::Rejected { .. } | BookingFact::CalledOff { .. }) {
        row.decided_by = by;
    }
    (row.state, row.due_at) = (state, due_at);
    if !is_live(state) && row.ended_at.is_none() {
        row.ended_at = Some(at);
    }
    row.version += 1;
    // Who is reminded has what was agreed before.
    if *fact != BookingFact::Reminded {
        row.updated_at = at;
    }
}

/// What a fact about a booking says about how its person keeps to what was agreed (信用记录).
#[must_use]
pub fn credited(row: &Model, fact: &BookingFact) -> Option<CreditKind> {
    match fact {
        // The centre chose the time.
        BookingFact::NoShow if row.is_moved => None,
        BookingFact::NoShow => Some(CreditKind::NoShow),
        BookingFact::Cancelled { is_late: true } => Some(CreditKind::LateCancel),
        BookingFact::Damaged => Some(CreditKind::Damage),
        BookingFact::Completed { .. } => Some(CreditKind::OnTimeUse),
        _ => None,
    }
}

/// When a fact came about: what is over was over at its time, though somebody looked later.
#[must_use]
pub fn happened_at(row: &Model, fact: &BookingFact, now: DateTime<Utc>) -> DateTime<Utc> {
    match fact {
        BookingFact::NoShow => now.min(row.begins_at + CHECK_IN),
        BookingFact::Completed { is_early: false } => now.min(row.ends_at),
        _ => now,
    }
}

/// What the actor may do with a booking now (可执行操作).
#[must_use]
pub fn actions(actor: &Actor, booking: &Booking, now: DateTime<Utc>) -> Vec<BookingAction> {
    let is_offered = |action: &BookingAction| {
        booking.decide(actor, *action) == Decision::Allow && may(&booking.row, *action, actor.account(), now).is_ok()
    };
    OFFERED.into_iter().filter(is_offered).collect()
}

#[cfg(test)]
pub(crate) mod tests;
