//! Fact → row: what the store writes, and what folding a case's facts gives back.

use chrono::{DateTime, Utc};
use entity::enums::{AskKind, ClockKind, ContentState, RequestKind, ServiceRequestState, SuspendReason};
use entity::id::ServiceRequestId;
use entity::service_request::Model;

use super::content;
use super::derive::derive;
use super::retention::NOBODY;
use crate::case::is_open;
use crate::fact::{Class, Conflict, Dispatched, Fact, Submitted};

/// The row of a new request; words, numbers to call and the exact place are left empty, as facts do not hold them.
#[must_use]
pub fn begin(id: ServiceRequestId, submitted: &Submitted, at: DateTime<Utc>) -> Model {
    let class = submitted.class.clone();
    let mut row = Model {
        id,
        case_no: submitted.case_no.clone(),
        version: 1,
        state: ServiceRequestState::Submitted,
        round: 1,
        kind: class.request_kind,
        category_code: class.category_code,
        is_city_object: class.is_city_object,
        street: submitted.street.clone(),
        area_id: submitted.area,
        area_path: submitted.area_path.clone(),
        filed_area_id: submitted.area,
        filed_area_path: submitted.area_path.clone(),
        longitude: None,
        latitude: None,
        cell: submitted.cell,
        address: None,
        description: String::new(),
        reporter_id: submitted.reporter,
        submitted_by: submitted.submitted_by,
        on_behalf_name_sealed: None,
        contact_phone_sealed: None,
        contact_phone_index: None,
        is_anonymous: submitted.is_anonymous,
        is_confidential: submitted.is_confidential,
        may_contact: submitted.may_contact,
        channel: submitted.channel,
        source: submitted.source,
        lane: class.lane,
        priority: class.priority,
        sla_code: class.sla_code,
        sla_version: class.sla_version,
        visibility: class.visibility,
        content_state: class.content_state,
        reply_content_state: ContentState::Pass,
        contents_waiting: 0,
        reports_open: 0,
        review_due_at: None,
        is_listed: false,
        listed_in: None,
        lead_unit_id: None,
        handler_id: None,
        due_at: None,
        accept_due_at: Some(submitted.accept_due_at),
        dispatch_due_at: None,
        sign_due_at: None,
        contact_due_at: None,
        verify_due_at: None,
        return_until: None,
        return_due_at: None,
        survey_due_at: None,
        promised_at: None,
        queue: None,
        queue_due_at: None,
        queue_since: None,
        handle_since: None,
        desk_step: 0,
        contact_step: 0,
        handle_step: 0,
        alarm_at: None,
        is_calendar_uncertain: submitted.is_calendar_uncertain,
        contacted_at: None,
        handled_at: None,
        handled_by: None,
        dispatched_at: None,
        closed_at: None,
        result: None,
        reply: None,
        reject_reason: None,
        has_objected: false,
        reopenings: 0,
        is_hard: false,
        asked: None,
        is_asked: false,
        asked_due_at: None,
        asked_days: None,
        asked_until: None,
        asked_reason: None,
        extensions: 0,
        suspended_at: None,
        suspended_until: None,
        suspend_reason: None,
        suspensions: 0,
        questions: 0,
        conflict_kind: None,
        conflict_headcount: None,
        conflict_risk: None,
        urges: 0,
        urge_again_at: None,
        supervision_level: None,
        supervision_due_at: None,
        is_on_board: false,
        bound_unit_id: None,
        refilings: 0,
        missed_callbacks: 0,
        merged_into_id: None,
        merged_count: 0,
        askable_count: 0,
        answer_count: 0,
        answered_round: 0,
        external_no: None,
        external_due_at: None,
        occurred_at: None,
        archived_at: None,
        anonymised_at: None,
        legal_hold_at: None,
        owed_sealed: None,
        created_at: at,
        updated_at: at,
    };
    derive(&mut row);
    row
}

/// What a fact makes of the row. A fact that begins a case makes nothing of a row that exists.
pub fn evolve(row: &mut Model, fact: &Fact, at: DateTime<Utc>) {
    match fact {
        Fact::Submitted(_) | Fact::Supplemented { .. } | Fact::Filed | Fact::Said { .. } | Fact::Redacted(_) => {}
        Fact::Withdrawn | Fact::Recalled | Fact::ReturnDenied { .. } => {}
        Fact::Accepted { class, dispatch_due_at, .. } => {
            classify(row, class);
            row.dispatch_due_at = Some(*dispatch_due_at);
        }
        Fact::Rejected { reason } => row.reject_reason = Some(*reason),
        Fact::Objected { accept_due_at, .. } => {
            row.has_objected = true;
            row.reject_reason = None;
            row.accept_due_at = Some(*accept_due_at);
        }
        Fact::Dispatched(order) => dispatched(row, order, at),
        Fact::Signed { handler } => row.handler_id = Some(*handler),
        Fact::Contacted { counts, .. } => row.contacted_at = row.contacted_at.or(counts.then_some(at)),
        Fact::Handled { by, result, verify_due_at, .. } => {
            row.result = Some(*result);
            row.handled_at = Some(at);
            row.handled_by = Some(*by);
            row.verify_due_at = Some(*verify_due_at);
        }
        Fact::Verified { survey_due_at } => {
            row.survey_due_at = *survey_due_at;
            row.answer_count = 0;
        }
        Fact::Reworked { due_at, .. } => again(row, *due_at, at),
        Fact::Closed { is_hard, .. } => row.is_hard = *is_hard,
        Fact::Answered { answer, round, is_hard } => {
            row.answer_count += 1;
            row.is_hard |= is_hard;
            row.answered_round = if answer.is_some() { *round } else { row.answered_round };
        }
        Fact::Merged { into, survey_due_at } => {
            row.merged_into_id = Some(*into);
            (row.lead_unit_id, row.handler_id) = (None, None);
            row.survey_due_at = *survey_due_at;
        }
        Fact::Absorbed { promised_at, is_askable, conflict, .. } => {
            // The graver warning of the two goes on.
            if let Some(conflict) = conflict.filter(|conflict| Some(conflict.risk) > row.conflict_risk) {
                warned_of(row, conflict);
            }
            row.merged_count += 1;
            row.askable_count += i32::from(*is_askable);
            row.promised_at = row.promised_at.into_iter().chain(*promised_at).min();
        }
        Fact::Raised { priority } => row.priority = *priority,
        Fact::Reopened { handler, due_at, contact_due_at, .. } => {
            again(row, *due_at, at);
            row.reopenings += 1;
            row.handler_id = *handler;
            // A bad answer is called back about, so the contact is owed again.
            row.contact_due_at = *contact_due_at;
            row.contacted_at = None;
        }
        Fact::ReturnRequested { return_due_at, .. } => row.return_due_at = Some(*return_due_at),
        Fact::ReturnGranted { dispatch_due_at, .. } => sent_back(row, *dispatch_due_at),
        Fact::HandedOver { to, .. } => row.handler_id = Some(*to),
        Fact::FastTracked { class, order } => {
            classify(row, class);
            dispatched(row, order, at);
        }
        Fact::Refiled { is_by_reporter, dispatch_due_at, .. } => {
            refiled(row, *dispatch_due_at);
            row.refilings += i32::from(*is_by_reporter);
        }
        Fact::Conferred(conferred) => {
            row.bound_unit_id = Some(conferred.lead_unit);
            if let Some(order) = &conferred.order {
                dispatched(row, order, at);
            }
        }
        &Fact::ConflictWarned { about, headcount, risk } => warned_of(row, Conflict { about, headcount, risk }),
        Fact::CallbackMissed { .. } => row.missed_callbacks += 1,
        Fact::ExtensionRequested { .. } | Fact::Extended { .. } | Fact::ExtensionDenied => asked(row, fact, at),
        Fact::SuspensionRequested { .. } | Fact::SuspensionDenied => asked(row, fact, at),
        Fact::Suspended { .. } | Fact::Resumed { .. } => paused(row, fact, at),
        Fact::Questioned { .. } | Fact::QuestionAnswered { .. } => paused(row, fact, at),
        Fact::Urged { .. } | Fact::Supervised { .. } | Fact::SupervisionAnswered => watched(row, fact),
        Fact::Archived => row.archived_at = Some(at),
        Fact::Anonymised => nobodys(row, at),
        Fact::LegalHoldPlaced => row.legal_hold_at = Some(at),
        Fact::LegalHoldReleased => row.legal_hold_at = None,
        Fact::Relocated { area, area_path } => (row.area_id, row.area_path) = (*area, area_path.clone()),
        Fact::ContentHeld(_) | Fact::ContentReviewed(_) | Fact::ContentReported(_) => content::evolve(row, fact),
        Fact::Reminded(warning) | Fact::Escalated(warning) => {
            let told = match warning.clock {
                ClockKind::Desk => &mut row.desk_step,
                ClockKind::Contact => &mut row.contact_step,
                ClockKind::Handle => &mut row.handle_step,
            };
            *told = warning.step;
        }
    }
    row.state = fact.leads_to().unwrap_or(row.state);
    row.closed_at = if is_open(row.state) { None } else { row.closed_at.or(Some(at)) };
    row.is_calendar_uncertain |= fact.is_calendar_uncertain();
    row.version += 1;
    row.updated_at = at;
    forget_what_is_over(row);
    derive(row);
}

fn warned_of(row: &mut Model, conflict: Conflict) {
    row.conflict_kind = Some(conflict.about);
    (row.conflict_headcount, row.conflict_risk) = (Some(conflict.headcount), Some(conflict.risk));
}

/// Who reported it is not known any more, nor who typed it for oneself; of the staff it still is.
fn nobodys(row: &mut Model, at: DateTime<Utc>) {
    row.anonymised_at = Some(at);
    if row.reporter_id.take() == Some(row.submitted_by) {
        row.submitted_by = NOBODY;
    }
}

/// What a unit asks for, and what is said to it. More time is a new run of the clock, with warnings of its own.
fn asked(row: &mut Model, fact: &Fact, at: DateTime<Utc>) {
    match fact {
        Fact::ExtensionRequested { days, decide_due_at, .. } => {
            row.asked = Some(AskKind::Extension);
            row.asked_days = Some(*days);
            row.asked_due_at = Some(*decide_due_at);
        }
        Fact::SuspensionRequested { reason, until, decide_due_at, .. } => {
            row.asked = Some(AskKind::Suspension);
            row.asked_reason = Some(*reason);
            row.asked_until = Some(*until);
            row.asked_due_at = Some(*decide_due_at);
        }
        Fact::Extended { due_at, .. } => {
            decided(row);
            row.due_at = Some(*due_at);
            row.extensions += 1;
            (row.handle_since, row.handle_step) = (Some(at), 0);
        }
        _ => decided(row),
    }
}

fn paused(row: &mut Model, fact: &Fact, at: DateTime<Utc>) {
    match fact {
        Fact::Suspended { reason, until } => {
            row.suspended_at = Some(at);
            row.suspended_until = Some(*until);
            row.suspend_reason = Some(*reason);
            row.suspensions += 1;
        }
        Fact::Questioned { until, .. } => {
            row.suspended_at = Some(at);
            row.suspended_until = Some(*until);
            row.suspend_reason = Some(SuspendReason::AwaitingReporter);
            row.questions += 1;
        }
        Fact::Resumed { due_at, contact_due_at, .. } | Fact::QuestionAnswered { due_at, contact_due_at, .. } => {
            row.due_at = *due_at;
            row.contact_due_at = *contact_due_at;
            // Parts of the clock are parts of what is left; what was told is not told again.
            row.handle_since = Some(at);
        }
        _ => {}
    }
}

fn watched(row: &mut Model, fact: &Fact) {
    match fact {
        Fact::Urged { again_at } => {
            row.urges += 1;
            row.urge_again_at = Some(*again_at);
        }
        Fact::Supervised { level, answer_due_at, .. } => {
            row.supervision_level = Some(*level);
            row.supervision_due_at = Some(*answer_due_at);
        }
        _ => supervised_no_more(row),
    }
}

fn decided(row: &mut Model) {
    (row.asked, row.asked_days, row.asked_due_at) = (None, None, None);
    (row.asked_until, row.asked_reason) = (None, None);
}

fn supervised_no_more(row: &mut Model) {
    (row.supervision_level, row.supervision_due_at) = (None, None);
}

/// What belongs to a state goes with it: what a unit asked for in its work, a pause, and of a case that is over all of it.
fn forget_what_is_over(row: &mut Model) {
    if row.state != ServiceRequestState::InProgress {
        decided(row);
    }
    if row.state != ServiceRequestState::Suspended {
        (row.suspended_at, row.suspended_until, row.suspend_reason) = (None, None, None);
    }
    if !is_open(row.state) {
        supervised_no_more(row);
    }
}

fn classify(row: &mut Model, class: &Class) {
    // What turns out to be a report of wrongdoing (举报) hides its reporter from handlers, as one from the start does.
    row.is_confidential |= class.request_kind == RequestKind::Report && row.kind != RequestKind::Report;
    row.kind = class.request_kind;
    row.category_code.clone_from(&class.category_code);
    row.is_city_object = class.is_city_object;
    row.lane = class.lane;
    row.priority = class.priority;
    row.sla_code.clone_from(&class.sla_code);
    row.sla_version = class.sla_version;
    row.visibility = class.visibility;
    row.content_state = class.content_state;
}

/// A unit gets its full clocks; what the citizen was promised at the first dispatch stays.
fn dispatched(row: &mut Model, order: &Dispatched, at: DateTime<Utc>) {
    row.lead_unit_id = Some(order.lead_unit);
    row.handler_id = None;
    row.dispatched_at = Some(at);
    (row.handle_since, row.contact_step, row.handle_step) = (Some(at), 0, 0);
    row.sign_due_at = Some(order.sign_due_at);
    row.contact_due_at = order.contact_due_at;
    row.contacted_at = None;
    row.due_at = Some(order.due_at);
    row.return_until = Some(order.return_until);
    row.sla_version = order.sla_version;
    row.promised_at.get_or_insert(order.due_at);
}

/// A new round with the same unit, which can no longer return it.
fn again(row: &mut Model, due_at: DateTime<Utc>, at: DateTime<Utc>) {
    next_round(row);
    row.due_at = Some(due_at);
    (row.handle_since, row.contact_step, row.handle_step) = (Some(at), 0, 0);
}

fn next_round(row: &mut Model) {
    row.round += 1;
    row.is_hard = false;
    row.return_until = None;
    row.handled_at = None;
    row.result = None;
    row.reply = None;
    row.survey_due_at = None;
    row.missed_callbacks = 0;
}

/// No unit has it; it waits to be dispatched anew.
fn sent_back(row: &mut Model, dispatch_due_at: DateTime<Utc>) {
    row.lead_unit_id = None;
    row.handler_id = None;
    row.due_at = None;
    row.dispatch_due_at = Some(dispatch_due_at);
    row.bound_unit_id = None;
}

/// A closed case begins anew: what it was allowed once, it is allowed again.
fn refiled(row: &mut Model, dispatch_due_at: DateTime<Utc>) {
    next_round(row);
    sent_back(row, dispatch_due_at);
    row.contact_due_at = None;
    row.contacted_at = None;
    (row.extensions, row.suspensions, row.reopenings) = (0, 0, 0);
}
