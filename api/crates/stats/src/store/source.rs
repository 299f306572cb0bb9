//! Cases with all that is counted of them, in four statements however many they are, and one more where
//! some were merged into others.

use std::collections::HashMap;

use entity::id::{ServiceRequestId, UnitId};
use entity::{assignment, fact, service_request, survey};
use kernel::db::in_keys;
use kernel::error::Result;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::cursor::read;
use crate::measure::{KINDS, Story};

/// Some cases.
pub async fn stories(db: &impl ConnectionTrait, ids: &[ServiceRequestId]) -> Result<Vec<Story>> {
    let rows = service_request::Entity::find().filter(in_keys(db, service_request::Column::Id, ids)).all(db).await?;
    tell(db, rows).await
}

/// The next cases after one, in the order of their ids.
pub async fn stories_after(
    db: &impl ConnectionTrait,
    after: Option<ServiceRequestId>,
    limit: u64,
) -> Result<Vec<Story>> {
    let mut next = service_request::Entity::find().order_by_asc(service_request::Column::Id).limit(limit);
    if let Some(after) = after {
        next = next.filter(service_request::Column::Id.gt(after));
    }
    tell(db, next.all(db).await?).await
}

async fn tell(db: &impl ConnectionTrait, rows: Vec<service_request::Model>) -> Result<Vec<Story>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ServiceRequestId> = rows.iter().map(|row| row.id).collect();
    let orders = assignment::Entity::find()
        .filter(in_keys(db, assignment::Column::RequestId, &ids))
        .order_by_asc(assignment::Column::DispatchedAt);
    let mut orders = grouped(orders.all(db).await?, |order| order.request_id);
    let surveys =
        survey::Entity::find().filter(in_keys(db, survey::Column::RequestId, &ids)).order_by_asc(survey::Column::Round);
    let mut surveys = grouped(surveys.all(db).await?, |survey| survey.request_id);
    let facts = fact::Entity::find()
        .filter(in_keys(db, fact::Column::SubjectId, &ids))
        .filter(fact::Column::Kind.is_in(KINDS))
        .order_by_asc(fact::Column::Version);
    let mut facts = grouped(facts.all(db).await?, |fact| ServiceRequestId(fact.subject_id));
    let others = units_of_others(db, &rows).await?;
    let told = rows.into_iter().map(|row| {
        let (id, facts) = (row.id, facts.remove(&row.id).unwrap_or_default());
        let told = facts.into_iter().map(read).collect::<Result<_>>()?;
        let (orders, surveys) = (orders.remove(&id).unwrap_or_default(), surveys.remove(&id).unwrap_or_default());
        let unit_of_other = row.merged_into_id.and_then(|into| others.get(&into).copied().flatten());
        Ok(Story { row, orders, surveys, unit_of_other, told })
    });
    told.collect()
}

/// The units that lead the cases into which some were merged.
async fn units_of_others(
    db: &impl ConnectionTrait,
    rows: &[service_request::Model],
) -> Result<HashMap<ServiceRequestId, Option<UnitId>>> {
    use service_request::Column as C;
    let ids: Vec<ServiceRequestId> = rows.iter().filter_map(|row| row.merged_into_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let others = service_request::Entity::find().select_only().columns([C::Id, C::LeadUnitId]);
    let others: Vec<(ServiceRequestId, Option<UnitId>)> =
        others.filter(in_keys(db, C::Id, &ids)).into_tuple().all(db).await?;
    Ok(others.into_iter().collect())
}

fn grouped<T>(rows: Vec<T>, case: impl Fn(&T) -> ServiceRequestId) -> HashMap<ServiceRequestId, Vec<T>> {
    let mut groups: HashMap<_, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(case(&row)).or_default().push(row);
    }
    groups
}
