//! Centres and their venues.

use std::collections::{HashMap, HashSet};

use areas::Wgs84Point;
use areas::change::Moved;
use entity::enums::CenterState;
use entity::id::{AreaId, CenterId, VenueId};
use entity::{center, service_venue, venue};
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Permitted;
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationDef,
};
use uuid::Uuid;

use crate::command::SaveCenter;
use crate::near::What;
use crate::policy::Center;
use crate::premises::Premises;

/// Centres shown at most: a street has five, a district some sixty.
const SHOWN: u64 = 100;

/// Venues of one kind compared at most: a district has some hundred.
const COMPARED: u64 = 300;

/// Centres, by code; those still planned too.
///
/// # Errors
/// When the database does not answer.
pub async fn centers(db: &impl ConnectionTrait) -> Result<Vec<center::Model>> {
    Ok(center::Entity::find().order_by_asc(center::Column::Code).limit(SHOWN).all(db).await?)
}

/// Centres by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn centers_by_ids(db: &impl ConnectionTrait, ids: &[CenterId]) -> Result<Vec<center::Model>> {
    Ok(center::Entity::find().filter(in_keys(db, center::Column::Id, ids)).all(db).await?)
}

/// Venues by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn venues_by_ids(db: &impl ConnectionTrait, ids: &[VenueId]) -> Result<Vec<venue::Model>> {
    Ok(venue::Entity::find().filter(in_keys(db, venue::Column::Id, ids)).all(db).await?)
}

/// Venues of a kind, or at which a service is given, that are booked, in centres that are open, each with its centre: those nearest to
/// a place, where one is told.
///
/// # Errors
/// When the database does not answer.
pub async fn venues_sought(
    db: &impl ConnectionTrait,
    what: What,
    near: Option<Wgs84Point>,
) -> Result<Vec<(venue::Model, Option<center::Model>)>> {
    let is_sought = match what {
        What::Kind(kind) => venue::Column::Kind.eq(kind),
        What::Service(id) => {
            let mut there = Query::select();
            there.column(service_venue::Column::VenueId).from(service_venue::Entity);
            let there = there.and_where(service_venue::Column::ServiceId.eq(id)).take();
            venue::Column::Id.in_subquery(there)
        }
    };
    let booked = venue::Entity::find().join(JoinType::InnerJoin, center_of());
    let booked = booked.filter(is_sought).filter(venue::Column::IsBookable.eq(true));
    let mut booked = booked.filter(center::Column::State.eq(CenterState::Open));
    if let Some(near) = near {
        // The two engines put what is unknown at different ends.
        booked = booked.order_by_asc(center::Column::Latitude.is_null()).order_by_asc(far_from(near));
    }
    let venues = booked.order_by_asc(venue::Column::Id).limit(COMPARED).all(db).await?;
    let mut ids: Vec<CenterId> = venues.iter().map(|venue| venue.center_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let centers = centers_by_ids(db, &ids).await?;
    let with_center = |venue: venue::Model| {
        let center = centers.iter().find(|center| center.id == venue.center_id).cloned();
        (venue, center)
    };
    Ok(venues.into_iter().map(with_center).collect())
}

fn center_of() -> RelationDef {
    venue::Entity::belongs_to(center::Entity).from(venue::Column::CenterId).to(center::Column::Id).into()
}

/// The square of how far a centre is, in degrees of latitude: good enough to compare within a city.
fn far_from(near: Wgs84Point) -> SimpleExpr {
    let along = |column: center::Column, from: f64, scale: f64| Expr::col(column.as_column_ref()).sub(from).mul(scale);
    let east = || along(center::Column::Longitude, near.longitude(), near.latitude().to_radians().cos());
    let north = || along(center::Column::Latitude, near.latitude(), 1.0);
    east().mul(east()).add(north().mul(north()))
}

/// Venues of centres, by name, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn venues_of(db: &impl ConnectionTrait, centers: &[CenterId]) -> Result<Vec<venue::Model>> {
    let venues = venue::Entity::find().filter(in_keys(db, venue::Column::CenterId, centers));
    Ok(venues.order_by_asc(venue::Column::Name).all(db).await?)
}

/// Paths of the areas that centres lie in.
pub(super) async fn paths(
    db: &impl ConnectionTrait,
    centers: impl Iterator<Item = CenterId>,
) -> Result<HashMap<CenterId, String>> {
    let centers: HashSet<CenterId> = centers.collect();
    let there = centers_by_ids(db, &Vec::from_iter(centers)).await?;
    Ok(there.into_iter().map(|center| (center.id, center.area_path)).collect())
}

/// A centre.
pub async fn center(db: &impl ConnectionTrait, id: CenterId) -> Result<Option<center::Model>> {
    Ok(center::Entity::find_by_id(id).one(db).await?)
}

/// A venue.
pub async fn venue(db: &impl ConnectionTrait, id: VenueId) -> Result<Option<venue::Model>> {
    Ok(venue::Entity::find_by_id(id).one(db).await?)
}

/// How a centre's row is held until the transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// By many at once: who takes a venue.
    Shared,
    /// By one: who frees a venue, or changes what is known of the centre.
    Alone,
}

/// Holds a centre's row and reads it with its venues, so that these do not change meanwhile.
pub async fn hold(tx: &Tx, id: CenterId, hold: Hold) -> Result<Premises> {
    let lock = if hold == Hold::Shared { LockType::Share } else { LockType::NoKeyUpdate };
    let held = center::Entity::find_by_id(id).lock(lock).one(tx.db()).await?;
    let held = held.ok_or(Error::NotFound)?;
    Premises::of(held, venues_of(tx.db(), &[id]).await?)
}

/// The centres of venues, each with all its venues.
///
/// # Errors
/// When the database does not answer.
pub async fn premises_of(db: &impl ConnectionTrait, venues: &[VenueId]) -> Result<Vec<Premises>> {
    let mut ids: Vec<CenterId> = venues_by_ids(db, venues).await?.into_iter().map(|venue| venue.center_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut theirs: HashMap<CenterId, Vec<venue::Model>> = HashMap::new();
    for venue in venues_of(db, &ids).await? {
        theirs.entry(venue.center_id).or_default().push(venue);
    }
    let centers = centers_by_ids(db, &ids).await?.into_iter();
    let whole = centers.map(|center| {
        let venues = theirs.remove(&center.id).unwrap_or_default();
        Premises::of(center, venues)
    });
    whole.collect()
}

/// A centre that is to be made, nowhere yet.
pub fn blank_center(tx: &Tx, command: &SaveCenter) -> Result<center::Model> {
    Ok(center::Model {
        id: tx.id()?,
        version: 0,
        code: command.code.clone(),
        name: command.name.clone(),
        area_id: AreaId(Uuid::nil()),
        area_path: String::new(),
        address: String::new(),
        longitude: None,
        latitude: None,
        phone: None,
        state: CenterState::Planned,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// Inserts a centre.
pub async fn insert_center(tx: &Tx, _: Permitted<Center>, after: &center::Model) -> Result<()> {
    let inserted = center::Entity::insert(after.clone().into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| taken(error, "center", &["code"], "code"))
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update_center(tx: &Tx, before: Permitted<Center>, after: &center::Model) -> Result<()> {
    let Center(before) = before.into_row();
    let own = center::Entity::update_many().set(bulk::changed(&before, after)).filter(center::Column::Id.eq(before.id));
    let updated = own.filter(center::Column::Version.eq(before.version)).exec(tx.db()).await;
    let updated = updated.map_err(|error| taken(error, "center", &["code"], "code"))?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Inserts a venue of a centre that may be run.
pub async fn insert_venue(tx: &Tx, _: &Permitted<Center>, row: &venue::Model) -> Result<()> {
    let inserted = venue::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| taken(error, "venue", &["center_id", "name"], "name"))
}

/// One update of the columns of a venue that differ, if nobody was faster.
pub async fn update_venue(tx: &Tx, _: &Permitted<Center>, before: &venue::Model, after: &venue::Model) -> Result<()> {
    let own = venue::Entity::update_many().set(bulk::changed(before, after)).filter(venue::Column::Id.eq(before.id));
    let updated = own.filter(venue::Column::Version.eq(before.version)).exec(tx.db()).await;
    let updated = updated.map_err(|error| taken(error, "venue", &["center_id", "name"], "name"))?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

fn taken(error: DbErr, table: &str, columns: &[&str], field: &str) -> Error {
    if !is_taken(&error, table, columns) {
        return error.into();
    }
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("taken")).into()
}

/// Has centres follow an area that has another path now, or is no more.
///
/// # Errors
/// When the database does not answer.
pub async fn follow_area(tx: &Tx, moved: &Moved) -> Result<()> {
    center::Entity::update_many()
        .col_expr(center::Column::AreaId, Expr::value(moved.to))
        .col_expr(center::Column::AreaPath, Expr::value(moved.to_path.as_str()))
        .filter(center::Column::AreaId.eq(moved.id))
        .exec(tx.db())
        .await?;
    Ok(())
}
