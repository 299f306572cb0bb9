//! What the system does by itself (定时处理): cases whose alarm is due, and the one step that is due about a case.

use chrono::TimeDelta;
use entity::id::ServiceRequestId;
use kernel::base::Base;
use kernel::error::Result;
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use super::carry_out;
use crate::case::Case;
use crate::policy::Scope;
use crate::store::{self, Asker, Words};
use crate::town::Town;
use crate::workflow::alarm;

/// How long a case waits about which nothing could be done.
const AFTER_FAILURE: TimeDelta = TimeDelta::minutes(5);

/// Cases about which something is due now, the longest due first, so many at most.
///
/// # Errors
/// When the database does not answer.
pub async fn alarmed(base: &Base, most: u64) -> Result<Vec<ServiceRequestId>> {
    store::due_alarms(base.db.reader(), base.clock.now(), most).await
}

/// Does what is due about a case: one step, as its alarm says. `None` when nothing is due any more.
///
/// # Errors
/// [`kernel::error::Error::Conflict`] when somebody moved the case meanwhile; it is looked at again.
pub async fn wake(tx: &mut Tx, town: &Town, id: &ServiceRequestId) -> Result<Option<Case>> {
    let asker = Asker::of(tx.actor(), tx.now());
    let Some(case) = store::case(tx.db(), &Scope::Everything, asker, *id).await? else { return Ok(None) };
    let timing = town.timing_of(&case.row, tx.now())?;
    let Some((_, command)) = alarm::next(&case.row, &timing).filter(|(at, _)| *at <= tx.now()) else {
        // What is planned may have moved, as when the ladder changed: the alarm is set anew.
        store::set_alarm(tx, town, &case).await?;
        return Ok(None);
    };
    let case = case.permit(tx.actor(), command.action())?;
    carry_out(tx, town, case, &command, Words::default()).await.map(Some)
}

/// Looks at a case later, about which nothing could be done now: it must not keep the others waiting.
///
/// # Errors
/// When the database does not answer.
pub async fn put_off(tx: &mut Tx, id: &ServiceRequestId) -> Result<()> {
    store::put_off(tx, *id, tx.now() + AFTER_FAILURE).await
}
