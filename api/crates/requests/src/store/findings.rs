//! What inspectors and devices sent, so that each comes in once.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, ServiceRequestId};
use entity::{device_event, device_finding, patrol_finding, service_request};
use kernel::base::Base;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

/// A finding of an inspector, by the key that the device made.
pub async fn patrol_finding(tx: &Tx, account: AccountId, client_id: Uuid) -> Result<Option<patrol_finding::Model>> {
    Ok(patrol_finding::Entity::find_by_id((account, client_id)).one(tx.db()).await?)
}

/// Remembers a finding.
pub async fn insert_patrol_finding(tx: &Tx, row: patrol_finding::Model) -> Result<()> {
    let inserted = patrol_finding::Entity::insert(row.into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| anew(error, "patrol_finding", &["account_id", "client_id"]))
}

/// An event of a device that came in before.
pub async fn device_event(tx: &Tx, street: &str, (device, event): (&str, &str)) -> Result<Option<device_event::Model>> {
    let key = (street.to_owned(), device.to_owned(), event.to_owned());
    Ok(device_event::Entity::find_by_id(key).one(tx.db()).await?)
}

/// Remembers an event.
pub async fn insert_device_event(tx: &Tx, row: device_event::Model) -> Result<()> {
    let inserted = device_event::Entity::insert(row.into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| anew(error, "device_event", &["street", "device_code", "event_id"]))
}

/// Open cases that a device found, in the category it named, the newest first.
pub async fn open_device_findings(
    tx: &Tx,
    street: &str,
    (device, category): (&str, &str),
) -> Result<Vec<service_request::Model>> {
    let seen = device_finding::Entity::find()
        .select_only()
        .column(device_finding::Column::RequestId)
        .filter(device_finding::Column::Street.eq(street))
        .filter(device_finding::Column::DeviceCode.eq(device))
        .filter(device_finding::Column::CategoryCode.eq(category));
    let open = service_request::Entity::find()
        .filter(service_request::Column::Id.in_subquery(seen.into_query()))
        .filter(service_request::Column::Queue.is_not_null())
        .order_by_desc(service_request::Column::CreatedAt);
    Ok(open.all(tx.db()).await?)
}

/// How many events tell of each of some cases.
pub async fn device_event_counts(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<(ServiceRequestId, i32)>> {
    use device_finding::Column as C;
    let db = base.db.reader();
    let counts = device_finding::Entity::find().select_only().columns([C::RequestId, C::EventCount]);
    Ok(counts.filter(in_keys(db, C::RequestId, ids)).into_tuple().all(db).await?)
}

/// Begins to count the events of a case.
pub async fn insert_device_finding(tx: &Tx, row: device_finding::Model) -> Result<()> {
    device_finding::Entity::insert(row.into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Counts one more event of a case.
pub async fn count_event(tx: &Tx, id: ServiceRequestId, at: DateTime<Utc>) -> Result<()> {
    let one_more = Expr::col((device_finding::Entity, device_finding::Column::EventCount)).add(1);
    device_finding::Entity::update_many()
        .col_expr(device_finding::Column::EventCount, one_more)
        .col_expr(device_finding::Column::LastAt, Expr::value(at))
        .filter(device_finding::Column::RequestId.eq(id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The same call ran beside this one: begun anew, this one finds its result.
fn anew(error: DbErr, table: &str, key: &[&str]) -> Error {
    if is_taken(&error, table, key) { Error::Crossed(error) } else { error.into() }
}
