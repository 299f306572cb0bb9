//! What a fact makes of the orders to units (派单), the twin of what it makes of the row.

use chrono::{DateTime, Utc};
use entity::assignment::Model;
use entity::enums::AssignmentState;
use entity::id::{AccountId, AssignmentId, UnitId};
use entity::service_request;
use kernel::error::Result;

use crate::fact::Fact;

/// The orders after a fact; `row` is the case after it, `before` the orders before it.
///
/// # Errors
/// When no id can be made for a new order.
pub fn follow(
    before: &[Model],
    row: &service_request::Model,
    fact: &Fact,
    at: DateTime<Utc>,
    new_id: impl Fn() -> Result<AssignmentId>,
) -> Result<Vec<Model>> {
    let mut orders = before.to_vec();
    for order in orders.iter_mut().filter(|order| is_running(order)) {
        touch(order, fact, at);
    }
    if *fact == Fact::Recalled {
        // What never was the street's matter, nobody did well or badly.
        for order in orders.iter_mut().filter(|order| order.state != AssignmentState::Returned) {
            order.state = AssignmentState::Voided;
        }
    }
    let new = |unit, is_lead| -> Result<Model> { Ok(begin(new_id()?, row, unit, is_lead, at)) };
    match fact {
        Fact::Dispatched(sent) | Fact::FastTracked { order: sent, .. } => {
            orders.push(new(sent.lead_unit, true)?);
            for unit in &sent.co_units {
                orders.push(new(*unit, false)?);
            }
        }
        Fact::Conferred(conferred) => {
            if conferred.order.is_some() {
                orders.push(new(conferred.lead_unit, true)?);
            }
            let is_in = |unit| orders.iter().any(|order| order.unit_id == unit && is_running(order));
            let joining: Vec<UnitId> = conferred.co_units.iter().copied().filter(|unit| !is_in(*unit)).collect();
            for unit in joining {
                orders.push(new(unit, false)?);
            }
        }
        Fact::Reworked { .. } | Fact::Reopened { .. } => {
            if let Some(unit) = row.lead_unit_id {
                orders.push(signed(new(unit, true)?, row.handler_id, at));
            }
        }
        _ => {}
    }
    Ok(orders)
}

/// Orders that wait for something; those handled, returned or void stay as they are.
fn is_running(order: &Model) -> bool {
    matches!(order.state, AssignmentState::Pending | AssignmentState::Signed)
}

fn touch(order: &mut Model, fact: &Fact, at: DateTime<Utc>) {
    match fact {
        Fact::Signed { handler } if order.is_lead => {
            order.state = AssignmentState::Signed;
            order.handler_id = Some(*handler);
            order.signed_at = Some(at);
        }
        Fact::Contacted { counts: true, .. } if order.is_lead => order.contacted_at = order.contacted_at.or(Some(at)),
        Fact::Handled { .. } => {
            order.state = AssignmentState::Handled;
            order.handled_at = Some(at);
        }
        Fact::ReturnRequested { .. } if order.is_lead => order.is_return_used = true,
        Fact::ReturnGranted { .. } if order.is_lead => order.state = AssignmentState::Returned,
        Fact::ReturnGranted { .. } => order.state = AssignmentState::Voided,
        Fact::HandedOver { to, .. } if order.is_lead => order.handler_id = Some(*to),
        Fact::Merged { .. } => order.state = AssignmentState::Voided,
        Fact::Conferred(conferred) if conferred.order.is_some() => {
            order.state = if order.is_lead { AssignmentState::Returned } else { AssignmentState::Voided };
        }
        Fact::Extended { due_at, .. } => order.due_at = *due_at,
        Fact::Resumed { due_at, contact_due_at, .. } | Fact::QuestionAnswered { due_at, contact_due_at, .. } => {
            order.due_at = due_at.unwrap_or(order.due_at);
            order.contact_due_at = contact_due_at.filter(|_| order.is_lead);
        }
        _ => {}
    }
}

fn begin(id: AssignmentId, row: &service_request::Model, unit: UnitId, is_lead: bool, at: DateTime<Utc>) -> Model {
    Model {
        id,
        request_id: row.id,
        round: row.round,
        unit_id: unit,
        is_lead,
        state: AssignmentState::Pending,
        handler_id: None,
        dispatched_at: at,
        due_at: row.due_at.unwrap_or(at),
        first_due_at: row.due_at.unwrap_or(at),
        contact_due_at: row.contact_due_at.filter(|_| is_lead),
        contacted_at: row.contacted_at.filter(|_| is_lead),
        signed_at: None,
        handled_at: None,
        is_return_used: false,
    }
}

/// A unit that works on in a new round need not sign again.
fn signed(order: Model, handler: Option<AccountId>, at: DateTime<Utc>) -> Model {
    Model { state: AssignmentState::Signed, handler_id: handler, signed_at: Some(at), ..order }
}
