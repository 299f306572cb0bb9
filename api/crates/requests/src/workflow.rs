//! When it may happen and what comes of it (状态机): state × command → fact or refusal, and fact → row.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AskKind, ServiceRequestState, SuspendReason};
use entity::id::{AccountId, AttachmentId};

use crate::case::{Case, is_open};
use crate::fact::Fact;
use crate::policy::Action;
use crate::sla::Timing;

pub mod alarm;
mod command;
mod conflict;
pub mod content;
mod derive;
mod duplicates;
mod evolve;
mod oversight;
mod pauses;
mod refusal;
pub mod retention;
mod talk;
mod trunk;
pub use command::{Command, Into};
pub use conflict::risk_of;
pub use evolve::{begin, evolve};
pub use refusal::Refusal;

/// Photos at most: of the reporter, and of each handling.
pub const PHOTOS: i64 = 9;
/// Moves of a case at most before it takes no more additions and calls.
pub const MOVES: i32 = 200;
/// Times a bad answer opens a case again; after that it is closed as a hard case (疑难件), which a supervisor may take up.
pub const REOPENINGS: i32 = 2;
/// Times a unit may be given more time in a case.
pub const EXTENSIONS: i32 = 1;
/// Times a case may be paused.
pub const SUSPENSIONS: i32 = 2;
/// Calls back that may miss the reporter; after that nobody need try again.
pub const CALLBACKS: i32 = 3;
/// The reporter may have a closed case opened again within this time.
const REOPEN_WITHIN: TimeDelta = TimeDelta::days(15);

/// Whether an action fits the case now, whatever it says in detail; what a client may offer.
///
/// # Errors
/// Why not.
pub fn may(case: &Case, action: Action, by: Option<AccountId>, timing: &Timing) -> Result<(), Refusal> {
    let (row, now) = (&case.row, timing.now);
    if row.archived_at.is_some() && !retention::is_for_archived(action) {
        return Err(Refusal::Archived);
    }
    if !stands(case, action) {
        return Err(wrong_state(case));
    }
    let until =
        |due: Option<DateTime<Utc>>| if due.is_some_and(|due| now <= due) { Ok(()) } else { Err(Refusal::TooLate) };
    let is_own_work = by.is_some() && [case.surveyed().handler_id, case.surveyed().handled_by].contains(&by);
    let is_bound = row.bound_unit_id.is_some() && row.bound_unit_id == row.lead_unit_id;
    match action {
        Action::Object if row.has_objected => Err(Refusal::ObjectionUsed),
        Action::SubmitHandling if row.contact_due_at.is_some() && row.contacted_at.is_none() => {
            Err(Refusal::ContactMissing)
        }
        Action::Verify | Action::RecordCallback | Action::RecordMissedCallback if is_own_work => {
            Err(Refusal::SamePerson)
        }
        Action::RecordMissedCallback if row.missed_callbacks >= CALLBACKS => Err(Refusal::CallbacksUsed),
        Action::RequestReturn if is_bound => Err(Refusal::LeadBound),
        Action::RequestReturn if case.is_return_used() => Err(Refusal::ReturnUsed),
        Action::RequestReturn => until(row.return_until),
        Action::RequestExtension | Action::RequestSuspension | Action::AskReporter if row.asked.is_some() => {
            Err(Refusal::AskPending)
        }
        Action::AskReporter if row.questions >= talk::QUESTIONS => Err(Refusal::QuestionsUsed),
        Action::RequestExtension if timing.policy.room_for_extension() == 0 => Err(Refusal::ExtensionTooLong(0)),
        Action::RequestExtension if row.extensions >= EXTENSIONS => Err(Refusal::ExtensionsUsed),
        Action::RequestExtension => until(row.due_at),
        Action::RequestSuspension if row.suspensions >= SUSPENSIONS => Err(Refusal::SuspensionsUsed),
        Action::Survey => until(case.answer_by()),
        Action::Urge => oversight::may_urge(row, now),
        Action::Reopen if row.refilings > 0 => Err(Refusal::ReopeningUsed),
        Action::Reopen => until(row.closed_at.map(|at| at + REOPEN_WITHIN)),
        _ => Ok(()),
    }
}

/// Whether the case knows an action where it stands, whoever asks and whenever.
fn stands(case: &Case, action: Action) -> bool {
    let row = &case.row;
    fits(row.state, action)
        && match action {
            // What others were merged into is their matter too.
            Action::Withdraw | Action::Reject => row.merged_count == 0,
            Action::Recall => row.merged_count == 0 && row.external_no.is_some(),
            // What began anew has answers of its own.
            Action::Merge => row.round == 1,
            Action::HandOver => row.handler_id.is_some(),
            Action::DecideExtension => row.asked == Some(AskKind::Extension),
            Action::DecideSuspension => row.asked == Some(AskKind::Suspension),
            Action::PublishUpdate => row.is_listed,
            Action::AnswerQuestion => row.suspend_reason == Some(SuspendReason::AwaitingReporter),
            Action::Supervise => row.supervision_due_at.is_none(),
            Action::AnswerSupervision => row.supervision_due_at.is_some(),
            Action::Survey | Action::RecordCallback | Action::RecordMissedCallback => case.is_asked(),
            Action::Follow => !case.ties.is_follower,
            Action::Unfollow => case.ties.is_follower,
            Action::Archive | Action::Anonymise | Action::Redact => retention::stands(case, action),
            Action::PlaceLegalHold | Action::ReleaseLegalHold => retention::stands(case, action),
            _ => true,
        }
}

/// Whether a state knows an action at all. Everything not named is refused.
fn fits(state: ServiceRequestState, action: Action) -> bool {
    use ServiceRequestState as S;
    match action {
        Action::Supplement | Action::HandOver => is_open(state),
        Action::MessageReporter | Action::PublishUpdate => is_open(state),
        Action::AddInternalNote => true,
        Action::AskReporter => state == S::InProgress,
        Action::AnswerQuestion => state == S::Suspended,
        Action::Withdraw => matches!(state, S::Submitted | S::Accepted),
        Action::Object => state == S::Rejected,
        Action::Accept | Action::Reject => state == S::Submitted,
        Action::File => state == S::Accepted,
        Action::Dispatch => state == S::Filed,
        Action::FastTrack => matches!(state, S::Submitted | S::Accepted | S::Filed),
        Action::Sign => state == S::Dispatched,
        Action::RecordContact | Action::SubmitHandling => state == S::InProgress,
        Action::RequestReturn => matches!(state, S::Dispatched | S::InProgress),
        Action::DecideReturn => state == S::ReturnPending,
        Action::RequestExtension | Action::DecideExtension => state == S::InProgress,
        Action::RequestSuspension | Action::DecideSuspension => state == S::InProgress,
        Action::Resume => state == S::Suspended,
        Action::Urge => is_open(state) && !matches!(state, S::Suspended | S::Verified),
        Action::OpenConflictWarning => is_open(state),
        Action::Supervise | Action::AnswerSupervision | Action::Warn | Action::Recall => is_open(state),
        Action::Confer => {
            matches!(state, S::Filed | S::Dispatched | S::InProgress | S::ReturnPending | S::Suspended)
        }
        Action::Verify => state == S::Handled,
        Action::Survey | Action::RecordCallback => matches!(state, S::Verified | S::Merged),
        Action::RecordMissedCallback | Action::Lapse => state == S::Verified,
        Action::Merge => matches!(state, S::Submitted | S::Accepted | S::Filed | S::Dispatched),
        Action::Follow | Action::Raise => is_open(state),
        Action::Unfollow | Action::PlaceLegalHold | Action::ReleaseLegalHold => true,
        Action::Archive | Action::Anonymise => !is_open(state),
        Action::Relocate => true,
        Action::ReviewContent | Action::ReportContent => content::fits(state),
        // The staff reads it wherever it ended.
        Action::Redact => true,
        Action::Reopen | Action::TakeUp => state == S::Closed,
        Action::Read
        | Action::ReadParticipantView
        | Action::ReadStaffView
        | Action::ReadReporter
        | Action::RevealContact
        | Action::RevealOriginal => false,
        Action::GrantProxy | Action::GrantProxyAtCounter => false,
    }
}

/// What a command makes of a case.
///
/// # Errors
/// Why it makes nothing.
pub fn decide(case: &Case, command: &Command, by: Option<AccountId>, timing: &Timing) -> Result<Fact, Refusal> {
    // What goes on in this case of another is judged there.
    match command {
        Command::Hear { is_bad, leader } => return trunk::hear(case, *is_bad, *leader, timing),
        Command::Absorb { from, promised_at, is_askable, conflict } => {
            let (from, promised_at, is_askable, conflict) = (*from, *promised_at, *is_askable, *conflict);
            return Ok(Fact::Absorbed { from, promised_at, is_askable, conflict });
        }
        _ => may(case, command.action(), by, timing)?,
    }
    let mut clocks = timing.clocks();
    match command {
        Command::Supplement { photos } => {
            within_reason(case)?;
            room_for(case.photos - case.after_photos, photos)?;
            Ok(Fact::Supplemented { photos: photos.clone() })
        }
        Command::Withdraw => Ok(Fact::Withdrawn),
        Command::Object => {
            let accept_due_at = clocks.due(timing.policy.accept);
            Ok(Fact::Objected { accept_due_at, is_calendar_uncertain: clocks.is_uncertain })
        }
        Command::Accept(class) => {
            let dispatch_due_at = clocks.due(timing.policy.accept);
            Ok(Fact::Accepted { class: class.clone(), dispatch_due_at, is_calendar_uncertain: clocks.is_uncertain })
        }
        Command::Reject { reason } => trunk::reject(case, *reason, timing),
        Command::File => Ok(Fact::Filed),
        Command::Dispatch { lead, co_units } => {
            Ok(Fact::Dispatched(Box::new(trunk::order(case, *lead, co_units, timing)?)))
        }
        Command::FastTrack { class, lead, co_units } => {
            let order = Box::new(trunk::order(case, *lead, co_units, timing)?);
            Ok(Fact::FastTracked { class: class.clone(), order })
        }
        Command::Sign => trunk::sign(case, by),
        Command::RecordContact { method, outcome } => {
            // Who was not reached yet must be called, however much else happened.
            if case.row.contacted_at.is_some() {
                within_reason(case)?;
            }
            Ok(trunk::contact(case, *method, *outcome, timing.now))
        }
        Command::SubmitHandling { result, photos, needs_photo } => {
            trunk::handle(case, (*result, photos, *needs_photo), by, timing)
        }
        Command::Verify { is_passed } => Ok(trunk::verify(case, *is_passed, timing)),
        Command::Answer { answer, leader } => trunk::answer(case, *answer, *leader, timing),
        Command::Merge(into) => duplicates::merge(case, *into, timing),
        Command::Raise { priority } => Ok(Fact::Raised { priority: *priority }),
        Command::Hear { .. } | Command::Absorb { .. } => Err(wrong_state(case)),
        Command::RequestReturn { suggested_unit } => trunk::ask_return(case, *suggested_unit, timing),
        Command::DecideReturn { is_granted } => trunk::decide_return(case, *is_granted, timing),
        Command::HandOver { to } => trunk::hand_over(case, *to),
        _ => beside_the_trunk(case, command, timing),
    }
}

/// What is done about a case beside its trunk.
fn beside_the_trunk(case: &Case, command: &Command, timing: &Timing) -> Result<Fact, Refusal> {
    match command {
        Command::RequestExtension { days } => pauses::ask_extension(*days, timing),
        Command::DecideExtension { is_granted } => pauses::decide_extension(case, *is_granted, timing),
        Command::RequestSuspension { reason, until } => pauses::ask_suspension(case, *reason, *until, timing),
        Command::DecideSuspension { is_granted } => pauses::decide_suspension(case, *is_granted, timing),
        Command::Resume => pauses::resume(case, timing),
        Command::Urge => Ok(oversight::urge(timing)),
        Command::Say { to } => talk::say(case, *to),
        Command::Ask => Ok(talk::ask(timing)),
        Command::AnswerQuestion { photos } => talk::answer(case, photos, timing),
        Command::Supervise { level, reason } => oversight::supervise(case, *level, *reason, timing),
        Command::AnswerSupervision => Ok(Fact::SupervisionAnswered),
        Command::OpenConflictWarning { kind, headcount } => Ok(conflict::warn(*kind, *headcount)),
        Command::Confer { lead, co_units } => oversight::confer(case, *lead, co_units, timing),
        Command::MissCallback { outcome } => oversight::miss_callback(case, *outcome, timing),
        Command::Reopen => Ok(trunk::refile(true, timing)),
        Command::TakeUp => Ok(trunk::refile(false, timing)),
        Command::Warn(warning) => oversight::warn(case, *warning, timing),
        Command::Lapse => oversight::lapse(case, timing),
        Command::Recall => Ok(Fact::Recalled),
        Command::Archive | Command::Anonymise => retention::decide(command),
        Command::PlaceLegalHold | Command::ReleaseLegalHold => retention::decide(command),
        Command::Relocate { area, area_path } => Ok(Fact::Relocated { area: *area, area_path: area_path.clone() }),
        Command::ReviewContent(review) => content::review(case, review),
        Command::ReportContent { reason } => content::report(case, *reason),
        Command::Redact(redaction) => Ok(Fact::Redacted(*redaction)),
        // The trunk's own, which `decide` answers: named, so that the compiler asks where a new command belongs.
        Command::Supplement { .. } | Command::Withdraw | Command::Object | Command::Accept(_) => Err(wrong_state(case)),
        Command::Reject { .. } | Command::File | Command::Dispatch { .. } | Command::FastTrack { .. } => {
            Err(wrong_state(case))
        }
        Command::Sign | Command::RecordContact { .. } | Command::SubmitHandling { .. } => Err(wrong_state(case)),
        Command::Verify { .. } | Command::Answer { .. } | Command::HandOver { .. } => Err(wrong_state(case)),
        Command::RequestReturn { .. } | Command::DecideReturn { .. } => Err(wrong_state(case)),
        Command::Merge(_) | Command::Raise { .. } => Err(wrong_state(case)),
        Command::Hear { .. } | Command::Absorb { .. } => Err(wrong_state(case)),
    }
}

/// The reporter's photos are counted over the case's whole life, the handler's at each handling.
fn room_for(taken: i64, photos: &[AttachmentId]) -> Result<(), Refusal> {
    let added = i64::try_from(photos.len()).unwrap_or(i64::MAX);
    if taken.saturating_add(added) > PHOTOS { Err(Refusal::TooManyPhotos) } else { Ok(()) }
}

/// Additions and calls move no state, so nothing else bounds them: past this many moves a case takes no more.
fn within_reason(case: &Case) -> Result<(), Refusal> {
    if case.row.version >= MOVES { Err(Refusal::TooManyMoves) } else { Ok(()) }
}

fn wrong_state(case: &Case) -> Refusal {
    // Following is nobody's step, nor is a hold, nor what is published of it.
    let is_step = |action: &Action| {
        use Action as A;
        !matches!(action, A::Follow | A::Unfollow | A::PlaceLegalHold | A::ReleaseLegalHold)
            && !matches!(action, A::ReviewContent | A::ReportContent | A::Redact)
    };
    let steps = Action::verbs().filter(is_step);
    Refusal::WrongState(steps.filter(|action| stands(case, *action)).collect())
}

#[cfg(test)]
pub(crate) mod tests;
