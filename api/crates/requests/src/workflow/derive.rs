//! What follows in a row from the rest of it (派生列).

use entity::enums::{ContentState, Queue, RiskLevel, ServiceRequestState, Visibility};
use entity::service_request::Model;

use super::{REOPENINGS, content};

/// The columns that follow from the others: on which desk it lies until when, whether it is published, and until when
/// somebody has to have looked whether it may be.
pub(super) fn derive(row: &mut Model) {
    use ServiceRequestState as S;
    let contact_or_handling = row.contact_due_at.filter(|_| row.contacted_at.is_none()).or(row.due_at);
    let desk = match row.state {
        S::Submitted => Some((Queue::ToAccept, row.accept_due_at)),
        S::Accepted | S::Filed => Some((Queue::ToDispatch, row.dispatch_due_at)),
        S::Dispatched => Some((Queue::ToSign, row.sign_due_at)),
        S::InProgress => Some((Queue::Handling, contact_or_handling)),
        S::ReturnPending => Some((Queue::Returns, row.return_due_at)),
        S::Suspended => Some((Queue::Suspended, row.suspended_until)),
        S::Handled => Some((Queue::ToVerify, row.verify_due_at)),
        S::Verified => Some((Queue::ToCallback, row.survey_due_at)),
        S::Rejected | S::Closed | S::Withdrawn | S::Merged => None,
    };
    let (queue, due) = desk.unzip();
    let due = due.map(|due| due.unwrap_or(row.updated_at));
    // A desk's clock begins when a case comes to it; handling has a clock of its own.
    let is_moved = queue != row.queue || (due != row.queue_due_at && row.state != S::InProgress);
    if is_moved {
        (row.queue_since, row.desk_step) = (queue.map(|_| row.updated_at), 0);
    }
    (row.queue, row.queue_due_at) = (queue, due);
    row.is_asked = row.asked.is_some();
    let is_hard = row.bound_unit_id.is_some() || row.reopenings >= REOPENINGS;
    let is_grave = row.supervision_due_at.is_some() || row.conflict_risk == Some(RiskLevel::Red);
    row.is_on_board = queue.is_some() && (is_hard || is_grave);
    let is_taken_on = !matches!(row.state, S::Submitted | S::Rejected | S::Withdrawn | S::Merged);
    let is_shown = is_taken_on && row.content_state == ContentState::Pass && !row.is_confidential;
    row.is_listed = is_shown && row.visibility == Visibility::Public;
    let grid = areas::grid_path(&row.area_path).filter(|_| is_shown && row.visibility == Visibility::Grid);
    row.listed_in = grid.map(str::to_owned);
    content::plan(row);
}
