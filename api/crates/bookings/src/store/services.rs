//! Services that centres offer, and what they were.

use std::collections::BTreeSet;

use entity::enums::{CenterState, EditionKind, ServiceCategory, ServiceState};
use entity::id::{CenterId, Id as _, ServiceItemId, VenueId};
use entity::service_item::{Column, Entity, Model};
use entity::{center, edition, service_venue};
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Permitted;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::{Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::Deserialize as _;

use crate::policy::Center;
use crate::services::Content;

/// A service.
///
/// # Errors
/// When the database does not answer.
pub async fn service(db: &impl ConnectionTrait, id: ServiceItemId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Services by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn services_by_ids(db: &impl ConnectionTrait, ids: &[ServiceItemId]) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?)
}

/// Services of centres, by code, those that are offered no more left out; for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn services_of(db: &impl ConnectionTrait, centers: &[CenterId]) -> Result<Vec<Model>> {
    let own = Entity::find().filter(in_keys(db, Column::CenterId, centers));
    Ok(own.filter(Column::State.ne(ServiceState::Retired)).order_by_asc(Column::Code).all(db).await?)
}

/// What the centres that are open offer now (服务项目), of one category or of all, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn offered(base: &Base, category: Option<ServiceCategory>, page: &PageRequest) -> Result<Page<Model>> {
    let open = Query::select().column(center::Column::Id).from(center::Entity).cond_where(is_open()).take();
    let offered = Entity::find()
        .filter(Column::State.eq(ServiceState::Offered))
        .filter(Column::CenterId.in_subquery(open))
        .filter(Condition::all().add_option(category.map(|category| Column::Category.eq(category))));
    let rows = page.apply(offered, Column::CreatedAt, Column::Id, true).all(base.db.reader()).await?;
    Ok(page.page(rows))
}

fn is_open() -> SimpleExpr {
    center::Column::State.eq(CenterState::Open)
}

/// How many services a centre offers or has paused.
pub async fn count_services(tx: &Tx, center: CenterId) -> Result<usize> {
    let ids: Vec<ServiceItemId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CenterId.eq(center))
        .filter(Column::State.ne(ServiceState::Retired))
        .into_tuple()
        .all(tx.db())
        .await?;
    Ok(ids.len())
}

/// Where services are given, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn places_of_services(
    db: &impl ConnectionTrait,
    services: &[ServiceItemId],
) -> Result<Vec<service_venue::Model>> {
    use service_venue::Column as C;
    let places = service_venue::Entity::find().filter(in_keys(db, C::ServiceId, services));
    Ok(places.order_by_asc(C::ServiceId).order_by_asc(C::VenueId).all(db).await?)
}

/// Which services are given at venues, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn services_at(db: &impl ConnectionTrait, venues: &[VenueId]) -> Result<Vec<service_venue::Model>> {
    use service_venue::Column as C;
    let places = service_venue::Entity::find().filter(in_keys(db, C::VenueId, venues));
    Ok(places.order_by_asc(C::VenueId).order_by_asc(C::ServiceId).all(db).await?)
}

/// Inserts a service of a centre that may be run, or writes the columns that differ, if nobody was faster; adds its edition, and says
/// where it is given.
pub async fn save_service(
    tx: &Tx,
    _: &Permitted<Center>,
    before: Option<&Model>,
    after: &Model,
    (content, venues): (&Content, &BTreeSet<VenueId>),
) -> Result<()> {
    match before {
        None => {
            let inserted = Entity::insert(after.clone().into_active_model()).exec_without_returning(tx.db()).await;
            inserted.map_err(taken)?;
        }
        Some(before) => {
            let own = Entity::update_many().set(bulk::changed(before, after)).filter(Column::Id.eq(before.id));
            let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await.map_err(taken)?;
            if updated.rows_affected != 1 {
                return Err(Error::Conflict);
            }
        }
    }
    let edition = edition::Model {
        id: tx.id()?,
        kind: EditionKind::ServiceItem,
        code: after.id.text(),
        version: after.version,
        valid_from: tx.now(),
        is_retired: after.state == ServiceState::Retired,
        content: serde_json::to_value(content)?,
        decided_by: tx.actor().account(),
        decided_at: tx.now(),
    };
    edition::Entity::insert(edition.into_active_model()).exec_without_returning(tx.db()).await?;
    service_venue::Entity::delete_many().filter(service_venue::Column::ServiceId.eq(after.id)).exec(tx.db()).await?;
    let places = venues.iter().map(|venue| service_venue::Model { service_id: after.id, venue_id: *venue });
    bulk::insert(tx, &places.collect::<Vec<_>>()).await
}

fn taken(error: DbErr) -> Error {
    if !is_taken(&error, "service_item", &["center_id", "code"]) {
        return error.into();
    }
    UserError::at(UserErrorCode::Invalid, "code").with(Detail::Because("taken")).into()
}

/// What services said in some of their versions, for loaders.
///
/// # Errors
/// When the database does not answer; a fault when an edition is damaged.
pub async fn editions_of_services(
    db: &impl ConnectionTrait,
    wanted: &[(ServiceItemId, i32)],
) -> Result<Vec<((ServiceItemId, i32), Content)>> {
    use edition::Column as C;
    let mut any = Condition::any();
    for (id, version) in wanted {
        any = any.add(Condition::all().add(C::Code.eq(id.text())).add(C::Version.eq(*version)));
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = edition::Entity::find().filter(C::Kind.eq(EditionKind::ServiceItem)).filter(any).all(db).await?;
    let read = rows.into_iter().map(|row| {
        let id = ServiceItemId::parse(&row.code);
        let content = Content::deserialize(&row.content);
        let damaged = || anyhow::anyhow!("edition {} of service {}", row.version, row.code);
        Ok(((id.ok_or_else(damaged)?, row.version), content.map_err(|error| damaged().context(error))?))
    });
    read.collect()
}
