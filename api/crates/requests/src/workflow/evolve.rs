//! Fact → row: what the store writes, and what folding a case's facts gives back.

use chrono::{DateTime, Utc};
use entity::enums::{Queue, RequestKind, ServiceRequestState, Visibility};
use entity::id::ServiceRequestId;
use entity::service_request::Model;

use crate::case::is_open;
use crate::fact::{Class, Dispatched, Fact, Submitted};

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
        visibility: class.visibility,
        is_held: class.is_held,
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
        created_at: at,
        updated_at: at,
    };
    derive(&mut row);
    row
}

/// What a fact makes of the row. A fact that begins a case makes nothing of a row that exists.
pub fn evolve(row: &mut Model, fact: &Fact, at: DateTime<Utc>) {
    match fact {
        Fact::Submitted(_) | Fact::Supplemented { .. } | Fact::Filed => {}
        Fact::Withdrawn | Fact::ReturnDenied { .. } => {}
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
        Fact::Verified { survey_due_at } => row.survey_due_at = *survey_due_at,
        Fact::Reworked { due_at, .. } => again(row, *due_at),
        Fact::Closed { is_hard, .. } => row.is_hard = *is_hard,
        Fact::Reopened { handler, due_at, contact_due_at, .. } => {
            again(row, *due_at);
            row.reopenings += 1;
            row.handler_id = *handler;
            // A bad answer is called back about, so the contact is owed again.
            row.contact_due_at = *contact_due_at;
            row.contacted_at = None;
        }
        Fact::ReturnRequested { return_due_at, .. } => row.return_due_at = Some(*return_due_at),
        Fact::ReturnGranted { dispatch_due_at, .. } => {
            row.lead_unit_id = None;
            row.handler_id = None;
            row.due_at = None;
            row.dispatch_due_at = Some(*dispatch_due_at);
        }
        Fact::HandedOver { to, .. } => row.handler_id = Some(*to),
    }
    row.state = fact.leads_to().unwrap_or(row.state);
    row.closed_at = (!is_open(row.state)).then_some(at);
    row.is_calendar_uncertain |= fact.is_calendar_uncertain();
    row.version += 1;
    row.updated_at = at;
    derive(row);
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
    row.visibility = class.visibility;
    row.is_held = class.is_held;
}

/// A unit gets its full clocks; what the citizen was promised at the first dispatch stays.
fn dispatched(row: &mut Model, order: &Dispatched, at: DateTime<Utc>) {
    row.lead_unit_id = Some(order.lead_unit);
    row.handler_id = None;
    row.dispatched_at = Some(at);
    row.sign_due_at = Some(order.sign_due_at);
    row.contact_due_at = order.contact_due_at;
    row.contacted_at = None;
    row.due_at = Some(order.due_at);
    row.return_until = Some(order.return_until);
    row.promised_at.get_or_insert(order.due_at);
}

/// A new round with the same unit, which can no longer return it.
fn again(row: &mut Model, due_at: DateTime<Utc>) {
    row.round += 1;
    row.due_at = Some(due_at);
    row.return_until = None;
    row.handled_at = None;
    row.result = None;
    row.reply = None;
    row.survey_due_at = None;
}

/// The columns that follow from the others: on which desk it lies until when, and whether it is published.
fn derive(row: &mut Model) {
    use ServiceRequestState as S;
    let contact_or_handling = row.contact_due_at.filter(|_| row.contacted_at.is_none()).or(row.due_at);
    let desk = match row.state {
        S::Submitted => Some((Queue::ToAccept, row.accept_due_at)),
        S::Accepted | S::Filed => Some((Queue::ToDispatch, row.dispatch_due_at)),
        S::Dispatched => Some((Queue::ToSign, row.sign_due_at)),
        S::InProgress => Some((Queue::Handling, contact_or_handling)),
        S::ReturnPending => Some((Queue::Returns, row.return_due_at)),
        S::Handled => Some((Queue::ToVerify, row.verify_due_at)),
        S::Verified => Some((Queue::ToCallback, row.survey_due_at)),
        S::Rejected | S::Closed | S::Withdrawn => None,
    };
    row.queue = desk.map(|(queue, _)| queue);
    row.queue_due_at = desk.map(|(_, due)| due.unwrap_or(row.updated_at));
    let is_taken_on = !matches!(row.state, S::Submitted | S::Rejected | S::Withdrawn);
    let is_shown = is_taken_on && !row.is_held && !row.is_confidential;
    row.is_listed = is_shown && row.visibility == Visibility::Public;
    let grid = areas::grid_path(&row.area_path).filter(|_| is_shown && row.visibility == Visibility::Grid);
    row.listed_in = grid.map(str::to_owned);
}
