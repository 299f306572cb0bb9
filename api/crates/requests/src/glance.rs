//! A case at a glance (概览), for those who tell of what happened to it, or of what moved: no words, and no policy but sight.

use chrono::{DateTime, Utc};
use entity::enums::{Priority, ServiceRequestState};
use entity::id::{AccountId, ServiceRequestId, UnitId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;

use crate::{policy, store};

/// What telling of a case asks of its row, as it is now (概览).
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// Which.
    pub id: ServiceRequestId,
    /// Number people use.
    pub case_no: String,
    /// Category.
    pub category_code: String,
    /// Path of the smallest grid that holds the place.
    pub area_path: String,
    /// Where it stands.
    pub state: ServiceRequestState,
    /// Priority.
    pub priority: Priority,
    /// Nobody learns whose it is, and nobody is asked.
    pub is_anonymous: bool,
    /// Whose it is.
    pub reporter: Option<AccountId>,
    /// Who handles it.
    pub handler: Option<AccountId>,
    /// Which unit leads.
    pub lead_unit: Option<UnitId>,
    /// Handling due.
    pub due_at: Option<DateTime<Utc>>,
}

/// Those of the cases that the actor may see, in no order: their ids only.
///
/// # Errors
/// When the database does not answer.
pub async fn visible(base: &Base, actor: &Actor, ids: &[ServiceRequestId]) -> Result<Vec<ServiceRequestId>> {
    store::visible(base.db.reader(), &policy::sight(actor, base.clock.now()), ids).await
}

/// Whose requests were merged into each of some; for readers of facts.
///
/// # Errors
/// When the database does not answer.
pub async fn co_reporters(tx: &Tx, ids: &[ServiceRequestId]) -> Result<Vec<(ServiceRequestId, AccountId)>> {
    store::co_reporters(tx.db(), ids).await
}

/// Who follows each of some cases; for readers of facts.
///
/// # Errors
/// When the database does not answer.
pub async fn followers(tx: &Tx, ids: &[ServiceRequestId]) -> Result<Vec<(ServiceRequestId, AccountId)>> {
    store::followers(tx.db(), ids).await
}

/// Who reported abuse of each of some cases, with the instant of the decision; for readers of facts.
///
/// # Errors
/// When the database does not answer.
pub async fn complainants(
    tx: &Tx,
    ids: &[ServiceRequestId],
) -> Result<Vec<(ServiceRequestId, AccountId, DateTime<Utc>)>> {
    store::complainants(tx.db(), ids).await
}
