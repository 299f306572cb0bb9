//! What a simulation of dispatch asks of cases: one statement over the key, which begins with the instant.

use chrono::{DateTime, Utc};
use entity::id::{ServiceRequestId, UnitId};
use entity::service_request::{Column, Entity};
use kernel::error::Result;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

/// A case as rules of dispatch see it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Sent {
    /// Key.
    pub id: ServiceRequestId,
    /// Category.
    pub category_code: String,
    /// Path of its area.
    pub area_path: String,
    /// Who leads.
    pub lead_unit_id: Option<UnitId>,
    /// Last dispatch.
    pub dispatched_at: Option<DateTime<Utc>>,
    /// Received.
    pub created_at: DateTime<Utc>,
}

/// The least id that is made at an instant: ids begin with its milliseconds.
fn first_id(at: DateTime<Utc>) -> ServiceRequestId {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or_default();
    ServiceRequestId(Uuid::from_u128(millis << 80))
}

/// Cases received in a period, the newest first, so many at most.
pub async fn sent_between(
    db: &impl ConnectionTrait,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    most: u64,
) -> Result<Vec<Sent>> {
    let columns = [
        Column::Id,
        Column::CategoryCode,
        Column::AreaPath,
        Column::LeadUnitId,
        Column::DispatchedAt,
        Column::CreatedAt,
    ];
    let sent = Entity::find()
        .select_only()
        .columns(columns)
        .filter(Column::Id.gte(first_id(from)))
        .filter(Column::Id.lt(first_id(until)))
        .filter(Column::CreatedAt.gte(from))
        .filter(Column::CreatedAt.lt(until))
        .order_by_desc(Column::Id)
        .limit(most);
    Ok(sent.into_model().all(db).await?)
}
