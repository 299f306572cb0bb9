//! When it may happen and what comes of it (状态机): state × command → fact or refusal, and fact → row.

use chrono::{DateTime, Utc};
use entity::enums::{ContactMethod, ContactOutcome, HandlingResult, RejectReason, ServiceRequestState};
use entity::id::{AccountId, AttachmentId, UnitId};

use crate::case::{Case, is_exempt_from_contact, is_open};
use crate::fact::{Answer, Class, Dispatched, Fact};
use crate::policy::Action;
use crate::sla::{self, Timing};

mod evolve;
mod refusal;
pub use evolve::{begin, evolve};
pub use refusal::Refusal;

/// Photos at most: of the reporter, and of each handling.
pub const PHOTOS: i64 = 9;
/// Moves of a case at most before it takes no more additions and calls.
pub const MOVES: i32 = 200;
/// Times a bad answer opens a case again; after that it is closed as a hard case (疑难件), which a supervisor may take up.
pub const REOPENINGS: i32 = 2;

/// What somebody wants done, without the words (指令).
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Add to one's report.
    Supplement {
        /// Photos to add.
        photos: Vec<AttachmentId>,
    },
    /// Take one's report back.
    Withdraw,
    /// Object to a refusal.
    Object,
    /// Take it on.
    Accept(Class),
    /// Refuse it.
    Reject {
        /// Why.
        reason: RejectReason,
    },
    /// Put it on file.
    File,
    /// Send it to units.
    Dispatch {
        /// The one unit that leads.
        lead: UnitId,
        /// Units that help.
        co_units: Vec<UnitId>,
    },
    /// Sign for it.
    Sign,
    /// Say how a contact went.
    RecordContact {
        /// How.
        method: ContactMethod,
        /// What came of it.
        outcome: ContactOutcome,
    },
    /// Report the work done.
    SubmitHandling {
        /// Result.
        result: HandlingResult,
        /// Photos that show it.
        photos: Vec<AttachmentId>,
        /// Whether the category asks for a photo.
        needs_photo: bool,
    },
    /// Judge the work.
    Verify {
        /// Good?
        is_passed: bool,
    },
    /// Answer the survey, or write down an answer given on the phone.
    Answer {
        /// The answer.
        answer: Answer,
        /// Who leads the unit, to handle it if the answer is bad.
        leader: Option<AccountId>,
    },
    /// Ask to return the order.
    RequestReturn {
        /// Who should have it instead.
        suggested_unit: UnitId,
    },
    /// Decide on a return.
    DecideReturn {
        /// Granted?
        is_granted: bool,
    },
    /// Give it to a colleague.
    HandOver {
        /// Who handles it from now on.
        to: AccountId,
    },
}

impl Command {
    /// What policy is asked about it.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Supplement { .. } => Action::Supplement,
            Self::Withdraw => Action::Withdraw,
            Self::Object => Action::Object,
            Self::Accept(_) => Action::Accept,
            Self::Reject { .. } => Action::Reject,
            Self::File => Action::File,
            Self::Dispatch { .. } => Action::Dispatch,
            Self::Sign => Action::Sign,
            Self::RecordContact { .. } => Action::RecordContact,
            Self::SubmitHandling { .. } => Action::SubmitHandling,
            Self::Verify { .. } => Action::Verify,
            Self::Answer { answer, .. } if answer.is_by_agent => Action::RecordCallback,
            Self::Answer { .. } => Action::Survey,
            Self::RequestReturn { .. } => Action::RequestReturn,
            Self::DecideReturn { .. } => Action::DecideReturn,
            Self::HandOver { .. } => Action::HandOver,
        }
    }
}

/// Whether an action fits the case now, whatever it says in detail; what a client may offer.
///
/// # Errors
/// Why not.
pub fn may(case: &Case, action: Action, by: Option<AccountId>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let row = &case.row;
    if !fits(row.state, action) {
        return Err(wrong_state(case));
    }
    let until =
        |due: Option<DateTime<Utc>>| if due.is_some_and(|due| now <= due) { Ok(()) } else { Err(Refusal::TooLate) };
    let is_own_work = by.is_some() && [row.handler_id, row.handled_by].contains(&by);
    match action {
        Action::Object if row.has_objected => Err(Refusal::ObjectionUsed),
        Action::SubmitHandling if row.contact_due_at.is_some() && row.contacted_at.is_none() => {
            Err(Refusal::ContactMissing)
        }
        Action::Verify | Action::RecordCallback if is_own_work => Err(Refusal::SamePerson),
        Action::RequestReturn if case.is_return_used() => Err(Refusal::ReturnUsed),
        Action::RequestReturn => until(row.return_until),
        Action::Survey => until(row.survey_due_at),
        Action::HandOver if row.handler_id.is_none() => Err(wrong_state(case)),
        _ => Ok(()),
    }
}

/// Whether a state knows an action at all. Everything not named is refused.
fn fits(state: ServiceRequestState, action: Action) -> bool {
    use ServiceRequestState as S;
    match action {
        Action::Supplement | Action::HandOver => is_open(state),
        Action::Withdraw => matches!(state, S::Submitted | S::Accepted),
        Action::Object => state == S::Rejected,
        Action::Accept | Action::Reject => state == S::Submitted,
        Action::File => state == S::Accepted,
        Action::Dispatch => state == S::Filed,
        Action::Sign => state == S::Dispatched,
        Action::RecordContact | Action::SubmitHandling => state == S::InProgress,
        Action::RequestReturn => matches!(state, S::Dispatched | S::InProgress),
        Action::DecideReturn => state == S::ReturnPending,
        Action::Verify => state == S::Handled,
        Action::Survey | Action::RecordCallback => state == S::Verified,
        Action::Read
        | Action::ReadParticipantView
        | Action::ReadStaffView
        | Action::ReadReporter
        | Action::RevealContact => false,
        Action::GrantProxy | Action::GrantProxyAtCounter => false,
    }
}

/// What a command makes of a case.
///
/// # Errors
/// Why it makes nothing.
pub fn decide(case: &Case, command: &Command, by: Option<AccountId>, timing: &Timing) -> Result<Fact, Refusal> {
    may(case, command.action(), by, timing.now)?;
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
        Command::Reject { reason } => reject(case, *reason, timing),
        Command::File => Ok(Fact::Filed),
        Command::Dispatch { lead, co_units } => dispatch(case, *lead, co_units, timing),
        Command::Sign => sign(case, by),
        Command::RecordContact { method, outcome } => {
            within_reason(case)?;
            Ok(contact(case, *method, *outcome, timing.now))
        }
        Command::SubmitHandling { result, photos, needs_photo } => {
            // Only a person can judge the own work done.
            let by = by.ok_or_else(|| wrong_state(case))?;
            room_for(0, photos)?;
            if *needs_photo && photos.is_empty() {
                return Err(Refusal::PhotoMissing);
            }
            let verify_due_at = clocks.due(timing.policy.verify);
            let is_calendar_uncertain = clocks.is_uncertain;
            Ok(Fact::Handled { by, result: *result, photos: photos.clone(), verify_due_at, is_calendar_uncertain })
        }
        Command::Verify { is_passed } => Ok(verify(case, *is_passed, timing)),
        Command::Answer { answer, leader } => weigh(case, *answer, *leader, timing),
        Command::RequestReturn { suggested_unit } => ask_return(case, *suggested_unit, timing),
        Command::DecideReturn { is_granted } => decide_return(case, *is_granted, timing),
        Command::HandOver { to } => hand_over(case, *to),
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

/// "Incomplete" may be said only when the time to complete it is over (补正超时).
fn reject(case: &Case, reason: RejectReason, timing: &Timing) -> Result<Fact, Refusal> {
    let complete_by = timing.calendar.due(case.row.created_at, sla::COMPLETE).at;
    if reason == RejectReason::Incomplete && timing.now <= complete_by {
        return Err(Refusal::TooEarly);
    }
    Ok(Fact::Rejected { reason })
}

fn dispatch(case: &Case, lead_unit: UnitId, co_units: &[UnitId], timing: &Timing) -> Result<Fact, Refusal> {
    if co_units.contains(&lead_unit) {
        return Err(Refusal::LeadAmongCoUnits);
    }
    let mut clocks = timing.clocks();
    let contact_due_at = contact_clock(case, timing).map(|limit| clocks.due(limit));
    Ok(Fact::Dispatched(Box::new(Dispatched {
        lead_unit,
        co_units: co_units.to_vec(),
        sign_due_at: clocks.due(timing.policy.sign),
        contact_due_at,
        due_at: clocks.due(timing.policy.handle),
        return_until: clocks.due(sla::ASK_RETURN),
        is_calendar_uncertain: clocks.is_uncertain,
    })))
}

/// How long the first contact may take; `None` when the policy asks for none or the case is exempt.
fn contact_clock(case: &Case, timing: &Timing) -> Option<areas::TimeLimit> {
    timing.policy.contact.filter(|_| !is_exempt_from_contact(&case.row))
}

/// Only a person can sign.
fn sign(case: &Case, by: Option<AccountId>) -> Result<Fact, Refusal> {
    match by {
        Some(handler) => Ok(Fact::Signed { handler }),
        None => Err(wrong_state(case)),
    }
}

/// A contact counts when the reporter was reached, or after three calls nobody answered in two half-days (先行联系).
fn contact(case: &Case, method: ContactMethod, outcome: ContactOutcome, now: DateTime<Utc>) -> Fact {
    let counts = match outcome {
        ContactOutcome::Reached => true,
        ContactOutcome::NoAnswer => case.is_enough_unanswered(now),
        ContactOutcome::Refused | ContactOutcome::WrongNumber => false,
    };
    Fact::Contacted { method, outcome, counts }
}

/// Good work goes to the survey; of an anonymous case nobody can be asked, so it is closed at once.
fn verify(case: &Case, is_passed: bool, timing: &Timing) -> Fact {
    let mut clocks = timing.clocks();
    if is_passed {
        let survey_due_at = (!case.row.is_anonymous).then(|| clocks.due(sla::ANSWER));
        return Fact::Verified { survey_due_at };
    }
    let due_at = clocks.due(timing.policy.rework);
    Fact::Reworked { due_at, is_calendar_uncertain: clocks.is_uncertain }
}

/// A good answer closes the case. A bad one opens it again for the leader of the unit, twice; the third bad answer closes it
/// as a hard case (疑难件), which only a supervisor can take up again.
fn weigh(case: &Case, answer: Answer, leader: Option<AccountId>, timing: &Timing) -> Result<Fact, Refusal> {
    if answer.satisfaction.is_some_and(|rating| !(1..=5).contains(&rating)) {
        return Err(Refusal::OutOfRange);
    }
    if !answer.is_bad() || case.row.reopenings >= REOPENINGS {
        return Ok(Fact::Closed { answer, is_hard: answer.is_bad() });
    }
    let mut clocks = timing.clocks();
    Ok(Fact::Reopened {
        answer,
        handler: leader.or(case.row.handler_id),
        due_at: clocks.due(timing.policy.rework),
        contact_due_at: call_clock(case, timing).map(|limit| clocks.due(limit)),
        is_calendar_uncertain: clocks.is_uncertain,
    })
}

/// A bad answer is called back about, also where the policy asks for no first contact; unless nobody may be called.
fn call_clock(case: &Case, timing: &Timing) -> Option<areas::TimeLimit> {
    let limit = timing.policy.contact.unwrap_or(sla::CALL_AFTER_BAD_ANSWER);
    (!is_exempt_from_contact(&case.row)).then_some(limit)
}

fn ask_return(case: &Case, suggested_unit: UnitId, timing: &Timing) -> Result<Fact, Refusal> {
    let unit = case.row.lead_unit_id.ok_or_else(|| wrong_state(case))?;
    if suggested_unit == unit {
        return Err(Refusal::ReturnToSelf);
    }
    let mut clocks = timing.clocks();
    let return_due_at = clocks.due(sla::DECIDE_RETURN);
    let is_calendar_uncertain = clocks.is_uncertain;
    Ok(Fact::ReturnRequested { unit, suggested_unit, return_due_at, is_calendar_uncertain })
}

fn decide_return(case: &Case, is_granted: bool, timing: &Timing) -> Result<Fact, Refusal> {
    let unit = case.row.lead_unit_id.ok_or_else(|| wrong_state(case))?;
    if is_granted {
        let mut clocks = timing.clocks();
        let dispatch_due_at = clocks.due(timing.policy.accept);
        return Ok(Fact::ReturnGranted { unit, dispatch_due_at, is_calendar_uncertain: clocks.is_uncertain });
    }
    let was_signed = case.row.handler_id.is_some();
    let to = if was_signed { ServiceRequestState::InProgress } else { ServiceRequestState::Dispatched };
    Ok(Fact::ReturnDenied { unit, to })
}

fn hand_over(case: &Case, to: AccountId) -> Result<Fact, Refusal> {
    match case.row.handler_id {
        Some(from) if from == to => Err(Refusal::SamePerson),
        Some(from) => Ok(Fact::HandedOver { from, to }),
        None => Err(wrong_state(case)),
    }
}

fn wrong_state(case: &Case) -> Refusal {
    Refusal::WrongState(allowed_in(case.row.state))
}

fn allowed_in(state: ServiceRequestState) -> Vec<Action> {
    Action::verbs().filter(|action| fits(state, *action)).collect()
}

#[cfg(test)]
pub(crate) mod tests;
