//! Rows as facts and words make them, before anybody writes them; the verbs and the told past build the same ones.

use chrono::{DateTime, Utc};
use entity::enums::{Audience, ContentState, NoteKind, ReturnDecision};
use entity::id::{AccountId, FactId, ReturnId, ServiceRequestId, SurveyId};
use entity::service_request::Model;
use entity::{contact, request_note, return_request, search_term, survey};
use identity::phone::Phone;
use kernel::base::Base;
use kernel::error::Result;

use super::Words;
use crate::case::{Case, half_day_text};
use crate::command::Submit;
use crate::fact::{Answer, Fact, Submitted};
use crate::search::terms;
use crate::town::Town;
use crate::workflow;

/// Under which name numbers are sealed.
pub const PHONE: &str = "request.contact_phone";
/// Under which name names are sealed.
pub const NAME: &str = "request.on_behalf_name";

/// A new request with its words, its exact place and the number to call.
pub fn request(
    base: &Base,
    id: ServiceRequestId,
    words: &Submit,
    phone: Option<&Phone>,
    submitted: &Submitted,
    at: DateTime<Utc>,
) -> Result<Model> {
    let mut row = workflow::begin(id, submitted, at);
    row.description.clone_from(&words.description);
    row.address.clone_from(&words.address);
    row.longitude = words.place.map(areas::Wgs84Point::longitude);
    row.latitude = words.place.map(areas::Wgs84Point::latitude);
    row.external_no.clone_from(&words.origin.external_no);
    row.external_due_at = words.origin.external_due_at;
    row.occurred_at = words.origin.occurred_at;
    row.on_behalf_name_sealed = words.on_behalf_name.as_ref().map(|name| base.vault.seal(NAME, name)).transpose()?;
    row.contact_phone_sealed = phone.map(|phone| base.vault.seal(PHONE, phone.e164())).transpose()?;
    row.contact_phone_index = phone.map(|phone| phone.index(&base.vault));
    Ok(row)
}

/// The words of an act, if it has any.
pub fn note(
    town: &Town,
    request_id: ServiceRequestId,
    fact_id: FactId,
    words: &Words,
    at: DateTime<Utc>,
) -> Option<request_note::Model> {
    let (kind, text) = words.note.clone()?;
    let content_state = if CHECKED.contains(&kind) { town.check(&text, at) } else { ContentState::Pass };
    Some(request_note::Model { fact_id, request_id, kind, audience: audience_of(kind), text, content_state })
}

/// Words that are checked: what residents read who are no party, and what they add themselves.
pub const CHECKED: [NoteKind; 2] = [NoteKind::Reply, NoteKind::PublicUpdate];

/// Who may read the words of an act.
fn audience_of(kind: NoteKind) -> Audience {
    match kind {
        NoteKind::Reply | NoteKind::PublicUpdate => Audience::Public,
        NoteKind::Message | NoteKind::Question | NoteKind::Answer => Audience::Participant,
        NoteKind::InternalNote => Audience::Staff,
        NoteKind::Supplement | NoteKind::Rejection | NoteKind::Objection | NoteKind::Withdrawal => {
            Audience::Participant
        }
        NoteKind::ExtensionDecision | NoteKind::SuspensionDecision | NoteKind::Resumption => Audience::Participant,
        NoteKind::Urge | NoteKind::Reopening => Audience::Participant,
        NoteKind::Dispatch | NoteKind::Contact | NoteKind::ReturnDecision | NoteKind::Verification => Audience::Staff,
        NoteKind::Extension | NoteKind::Suspension | NoteKind::Conference | NoteKind::Callback => Audience::Staff,
        NoteKind::Recall | NoteKind::LegalHold | NoteKind::LegalHoldRelease => Audience::Staff,
        NoteKind::Supervision | NoteKind::SupervisionReply | NoteKind::ContentReview => Audience::Staff,
    }
}

/// The attempt to reach the reporter that a fact tells of.
pub fn contact(row: &Model, fact: &Fact, fact_id: FactId, at: DateTime<Utc>) -> Option<contact::Model> {
    let Fact::Contacted { method, outcome, .. } = fact else { return None };
    let (method, outcome, half_day) = (*method, *outcome, half_day_text(at));
    Some(contact::Model { fact_id, request_id: row.id, round: row.round, method, outcome, half_day, at })
}

/// The wish to return an order that a fact tells of; `before` is the case before it.
pub fn return_asked(
    before: &Case,
    fact: &Fact,
    words: &Words,
    at: DateTime<Utc>,
    new_id: impl Fn() -> Result<ReturnId>,
) -> Result<Option<return_request::Model>> {
    let (Fact::ReturnRequested { unit, suggested_unit, .. }, Some(lead)) = (fact, before.lead()) else {
        return Ok(None);
    };
    let (reason, basis) = words.grounds.clone().unwrap_or_default();
    Ok(Some(return_request::Model {
        id: new_id()?,
        request_id: before.row.id,
        assignment_id: lead.id,
        round: before.row.round,
        unit_id: *unit,
        reason,
        basis,
        suggested_unit_id: *suggested_unit,
        decision: ReturnDecision::Pending,
        from_state: before.row.state,
        decided_at: None,
        at,
    }))
}

/// The answer that a fact rests on.
pub fn answer_of(fact: &Fact) -> Option<Answer> {
    match fact {
        Fact::Closed { answer, .. } | Fact::Reopened { answer, .. } | Fact::Answered { answer, .. } => *answer,
        _ => None,
    }
}

/// An answer to the survey; `before` is the case before it, `surveyed` the row whose work it is about.
pub fn survey(
    id: SurveyId,
    (before, surveyed): (&Model, &Model),
    answer: Answer,
    account_id: AccountId,
    comment: Option<String>,
    at: DateTime<Utc>,
) -> survey::Model {
    let Answer { solved, satisfaction, is_by_agent } = answer;
    let (request_id, round) = (before.id, surveyed.round);
    survey::Model { id, request_id, round, account_id, is_by_agent, solved, satisfaction, comment, at }
}

/// The terms under which a request is found.
pub fn findable(request_id: ServiceRequestId, texts: &[&str]) -> Vec<search_term::Model> {
    terms(&texts.join("\n")).into_iter().map(|term| search_term::Model { term, request_id }).collect()
}

/// The mobile numbers written in words, however they are written, as terms that no search asks for.
pub fn numbers(request_id: ServiceRequestId, texts: &[&str]) -> Vec<search_term::Model> {
    let numbers = kernel::redact::numbers_in(&texts.join("\n"));
    numbers.iter().map(|number| search_term::Model { term: term_of_number(number), request_id }).collect()
}

/// The term of a mobile number of eleven digits.
pub fn term_of_number(number: &str) -> String {
    format!("tel:{number}")
}
