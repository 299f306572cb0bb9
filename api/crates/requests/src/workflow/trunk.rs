//! The trunk (主干流程): what comes of taking on, sending, handling, judging and answering.

use chrono::{DateTime, Utc};
use entity::enums::{ContactMethod, ContactOutcome, HandlingResult, RejectReason, ServiceRequestState};
use entity::id::{AccountId, AttachmentId, UnitId};

use super::{Refusal, room_for, wrong_state};
use crate::case::{Case, is_exempt_from_contact};
use crate::fact::{Answer, Dispatched, Fact};
use crate::sla::{self, Timing};

/// "Incomplete" may be said only when the time to complete it is over (补正超时).
pub(super) fn reject(case: &Case, reason: RejectReason, timing: &Timing) -> Result<Fact, Refusal> {
    let complete_by = timing.calendar.due(case.row.created_at, sla::COMPLETE).at;
    if reason == RejectReason::Incomplete && timing.now <= complete_by {
        return Err(Refusal::TooEarly);
    }
    Ok(Fact::Rejected { reason })
}

/// An order to units, with full clocks.
pub(super) fn order(
    case: &Case,
    lead_unit: UnitId,
    co_units: &[UnitId],
    timing: &Timing,
) -> Result<Dispatched, Refusal> {
    if co_units.contains(&lead_unit) {
        return Err(Refusal::LeadAmongCoUnits);
    }
    let mut clocks = timing.clocks();
    let contact_due_at = contact_clock(case, timing).map(|limit| clocks.due(limit));
    Ok(Dispatched {
        lead_unit,
        co_units: co_units.to_vec(),
        sign_due_at: clocks.due(timing.policy.sign),
        contact_due_at,
        due_at: clocks.due(timing.policy.handle),
        return_until: clocks.due(sla::ASK_RETURN),
        sla_version: timing.version,
        is_calendar_uncertain: clocks.is_uncertain,
    })
}

/// How long a call to the reporter may take, at first and after a bad answer; `None` when the case is exempt.
fn contact_clock(case: &Case, timing: &Timing) -> Option<areas::TimeLimit> {
    (!is_exempt_from_contact(&case.row)).then_some(timing.policy.contact)
}

/// Only a person can sign.
pub(super) fn sign(case: &Case, by: Option<AccountId>) -> Result<Fact, Refusal> {
    match by {
        Some(handler) => Ok(Fact::Signed { handler }),
        None => Err(wrong_state(case)),
    }
}

/// A contact counts when the reporter was reached, or after three calls nobody answered in two half-days (先行联系).
pub(super) fn contact(case: &Case, method: ContactMethod, outcome: ContactOutcome, now: DateTime<Utc>) -> Fact {
    let counts = match outcome {
        ContactOutcome::Reached => true,
        ContactOutcome::NoAnswer => case.is_enough_unanswered(now),
        ContactOutcome::Refused | ContactOutcome::WrongNumber => false,
    };
    Fact::Contacted { method, outcome, counts }
}

/// Work done: only a person can say so, as only a person can be told apart from who judges it.
pub(super) fn handle(
    case: &Case,
    (result, photos, needs_photo): (HandlingResult, &[AttachmentId], bool),
    by: Option<AccountId>,
    timing: &Timing,
) -> Result<Fact, Refusal> {
    let by = by.ok_or_else(|| wrong_state(case))?;
    room_for(0, photos)?;
    if needs_photo && photos.is_empty() {
        return Err(Refusal::PhotoMissing);
    }
    let mut clocks = timing.clocks();
    let verify_due_at = clocks.due(timing.policy.verify);
    let is_calendar_uncertain = clocks.is_uncertain;
    Ok(Fact::Handled { by, result, photos: photos.to_vec(), verify_due_at, is_calendar_uncertain })
}

/// Good work goes to the survey; of an anonymous case nobody can be asked, so it is closed at once.
pub(super) fn verify(case: &Case, is_passed: bool, timing: &Timing) -> Fact {
    let mut clocks = timing.clocks();
    if is_passed {
        let survey_due_at = (case.askable() > 0).then(|| clocks.due(sla::ANSWER));
        return Fact::Verified { survey_due_at };
    }
    let due_at = clocks.due(timing.policy.rework);
    Fact::Reworked { due_at, is_calendar_uncertain: clocks.is_uncertain }
}

/// What the reporter says of the work: here, or of that of the case this one was merged into, where it is heard.
pub(super) fn answer(case: &Case, answer: Answer, leader: Option<AccountId>, timing: &Timing) -> Result<Fact, Refusal> {
    if answer.satisfaction.is_some_and(|rating| !(1..=5).contains(&rating)) {
        return Err(Refusal::OutOfRange);
    }
    match &case.into {
        Some(into) => Ok(Fact::Answered { answer: Some(answer), round: into.round, is_hard: false }),
        None => Ok(weigh(case, (Some(answer), answer.is_bad()), leader, timing)),
    }
}

/// What somebody says whose case was merged into this one.
pub(super) fn hear(case: &Case, is_bad: bool, leader: Option<AccountId>, timing: &Timing) -> Result<Fact, Refusal> {
    match case.row.state {
        ServiceRequestState::Verified | ServiceRequestState::Closed => Ok(weigh(case, (None, is_bad), leader, timing)),
        _ => Err(wrong_state(case)),
    }
}

/// The last good answer closes the case. A bad one opens it again for the leader of the unit, twice; after that a bad answer
/// makes it a hard case (疑难件), which only a supervisor can take up again.
fn weigh(case: &Case, (answer, is_bad): (Option<Answer>, bool), leader: Option<AccountId>, timing: &Timing) -> Fact {
    let row = &case.row;
    if !is_bad || row.reopenings >= super::REOPENINGS {
        let is_last = row.answer_count + 1 >= case.askable();
        let is_to_close = is_last && row.state == ServiceRequestState::Verified;
        return match is_to_close {
            true => Fact::Closed { answer, is_hard: is_bad || row.is_hard },
            false => Fact::Answered { answer, round: row.round, is_hard: is_bad },
        };
    }
    let mut clocks = timing.clocks();
    Fact::Reopened {
        answer,
        handler: leader.or(row.handler_id),
        due_at: clocks.due(timing.policy.rework),
        contact_due_at: contact_clock(case, timing).map(|limit| clocks.due(limit)),
        is_calendar_uncertain: clocks.is_uncertain,
    }
}

pub(super) fn ask_return(case: &Case, suggested_unit: UnitId, timing: &Timing) -> Result<Fact, Refusal> {
    let unit = case.row.lead_unit_id.ok_or_else(|| wrong_state(case))?;
    if suggested_unit == unit {
        return Err(Refusal::ReturnToSelf);
    }
    let mut clocks = timing.clocks();
    let return_due_at = clocks.due(sla::DECIDE_RETURN);
    let is_calendar_uncertain = clocks.is_uncertain;
    Ok(Fact::ReturnRequested { unit, suggested_unit, return_due_at, is_calendar_uncertain })
}

pub(super) fn decide_return(case: &Case, is_granted: bool, timing: &Timing) -> Result<Fact, Refusal> {
    let unit = case.row.lead_unit_id.ok_or_else(|| wrong_state(case))?;
    if is_granted {
        let mut clocks = timing.clocks();
        let dispatch_due_at = clocks.due(timing.policy.accept);
        return Ok(Fact::ReturnGranted { unit, dispatch_due_at, is_calendar_uncertain: clocks.is_uncertain });
    }
    Ok(Fact::ReturnDenied { unit, to: case.before_return() })
}

pub(super) fn hand_over(case: &Case, to: AccountId) -> Result<Fact, Refusal> {
    match case.row.handler_id {
        Some(from) if from == to => Err(Refusal::SamePerson),
        Some(from) => Ok(Fact::HandedOver { from, to }),
        None => Err(wrong_state(case)),
    }
}

/// A closed case begins anew, to be sent to whoever fits it now (row 19).
pub(super) fn refile(is_by_reporter: bool, timing: &Timing) -> Fact {
    let mut clocks = timing.clocks();
    let dispatch_due_at = clocks.due(timing.policy.accept);
    Fact::Refiled { is_by_reporter, dispatch_due_at, is_calendar_uncertain: clocks.is_uncertain }
}
