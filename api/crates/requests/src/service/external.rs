//! Orders of another platform: many at once come in, and what the platform takes back.

use entity::enums::NoteKind;
use entity::id::{AccountId, ServiceRequestId};
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use super::{carry_out, describe};
use crate::case::Case;
use crate::command::Submit;
use crate::fact::Fact;
use crate::policy::{Action, Scope};
use crate::store::{self, Asker, Words, rows};
use crate::town::Town;
use crate::workflow::Command;

/// Takes in orders of people without an account, in few statements for any number of them (批量接收); tells which cases they are,
/// in their order. Their clocks begin now, when the sub-district receives them.
///
/// # Errors
/// [`Error::Crossed`] when one of them came in beside this: begun anew, it is found.
pub async fn receive(
    tx: &mut Tx,
    town: &Town,
    orders: &[Submit],
    submitted_by: AccountId,
) -> Result<Vec<ServiceRequestId>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let numbers = store::next_case_nos(tx, i64::try_from(orders.len()).unwrap_or(i64::MAX)).await?;
    let (mut requests, mut facts) = (Vec::with_capacity(orders.len()), Vec::with_capacity(orders.len()));
    for (submit, case_no) in orders.iter().zip(numbers) {
        let submitted = describe(town, submit, (None, submitted_by), tx.now(), case_no)?;
        let mut row = rows::request(tx.base(), tx.id()?, submit, submit.contact_phone.as_ref(), &submitted, tx.now())?;
        row.alarm_at = store::alarm_of(town, &row, tx.now())?;
        requests.push(row);
        facts.push(Fact::Submitted(Box::new(submitted)));
    }
    store::insert_many(tx, &requests).await?;
    for (row, fact) in requests.iter().zip(&facts) {
        tx.record(row.id.0, row.version, fact)?;
    }
    Ok(requests.iter().map(|row| row.id).collect())
}

/// The platform takes an order back, wherever it stands (平台撤回; row 4): its orders to units are void, and it counts in no rate.
/// The reason is for staff.
///
/// # Errors
/// `INVALID_TRANSITION` once it is over, or when others were merged into it: it is their matter too.
pub async fn recall(tx: &mut Tx, town: &Town, id: ServiceRequestId, reason: &String) -> Result<Case> {
    let asker = Asker::of(tx.actor(), tx.now());
    let case = store::case(tx.db(), &Scope::Everything, asker, id).await?.ok_or(Error::NotFound)?;
    let case = case.permit(tx.actor(), Action::Recall)?;
    carry_out(tx, town, case, &Command::Recall, Words::of(NoteKind::Recall, Some(reason))).await
}

/// Which of these numbers of the platform a street has, and which cases they are.
///
/// # Errors
/// When the database does not answer.
pub async fn known_orders(tx: &Tx, street: &str, numbers: &[String]) -> Result<Vec<(String, ServiceRequestId)>> {
    store::by_external_no(tx.db(), street, numbers).await
}

/// The same cases with what their rules ask.
///
/// # Errors
/// When the database does not answer.
pub async fn orders_to_recall(tx: &Tx, ids: &[ServiceRequestId]) -> Result<Vec<Case>> {
    store::cases_by_ids(tx.db(), &Scope::Everything, Asker::of(tx.actor(), tx.now()), ids).await
}

/// Whether the platform may take a case back now.
///
/// # Errors
/// A fault when the case's SLA policy is not in the table.
pub fn may_recall(base: &Base, town: &Town, case: &Case) -> Result<bool> {
    let timing = town.timing_of(&case.row, base.clock.now())?;
    Ok(crate::workflow::may(case, Action::Recall, None, &timing).is_ok())
}
