//! The only room of this slice that names columns (存取): reads map and calendar, writes an imported map, and what is decided
//! about it.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::AreaId;
use entity::{area, calendar_day, sequence};
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::{AreaCode, AreaShape, Bounds, Calendar, CalendarDay, Datum, DayKind, Level, Outline, check_tree, geojson};

mod changes;
pub use changes::{
    change, changes, insert_change, planned_changes, redraw, shapes_in_use, unsettled_changes, update_change,
};

/// Rows in one INSERT; SQLite binds a limited number of values.
const ROWS: usize = 100;

/// Every area, parents first; those that are no more too.
///
/// # Errors
/// When the database does not answer.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<area::Model>> {
    Ok(area::Entity::find().order_by_asc(area::Column::Path).all(db).await?)
}

/// Children of areas in use, for loaders; ordered by code.
///
/// # Errors
/// When the database does not answer.
pub async fn children_of(db: &impl ConnectionTrait, parents: &[AreaId]) -> Result<Vec<area::Model>> {
    let children = area::Entity::find().filter(kernel::db::in_keys(db, area::Column::ParentId, parents));
    Ok(children.filter(area::Column::ValidTo.is_null()).order_by_asc(area::Column::Code).all(db).await?)
}

/// Areas by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(db: &impl ConnectionTrait, ids: &[AreaId]) -> Result<Vec<area::Model>> {
    Ok(area::Entity::find().filter(kernel::db::in_keys(db, area::Column::Id, ids)).all(db).await?)
}

/// Areas in use of a level.
///
/// # Errors
/// When the database does not answer.
pub async fn of_level(db: &impl ConnectionTrait, level: Level) -> Result<Vec<area::Model>> {
    let found = area::Entity::find().filter(area::Column::Level.eq(level.as_str()));
    Ok(found.filter(area::Column::ValidTo.is_null()).order_by_asc(area::Column::Code).all(db).await?)
}

/// An area by its code.
///
/// # Errors
/// When the database does not answer.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<area::Model>> {
    Ok(area::Entity::find().filter(area::Column::Code.eq(code)).one(db).await?)
}

/// Whether an area of one of the codes is no more.
///
/// # Errors
/// When the database does not answer.
pub async fn is_any_gone(db: &impl ConnectionTrait, codes: &[&str]) -> Result<bool> {
    use area::Column as C;
    let gone = area::Entity::find().filter(C::ValidTo.is_not_null()).filter(C::Code.is_in(codes.iter().copied()));
    Ok(gone.limit(1).one(db).await?.is_some())
}

/// The working calendar.
///
/// # Errors
/// A fault when a row is of no known kind.
pub async fn calendar(db: &impl ConnectionTrait) -> Result<Calendar> {
    calendar_of(calendar_day::Entity::find().all(db).await?)
}

/// The working calendar of some dates, the last one included.
///
/// # Errors
/// As [`calendar`].
pub async fn calendar_between(db: &impl ConnectionTrait, from: NaiveDate, to: NaiveDate) -> Result<Calendar> {
    use calendar_day::Column as C;
    let dates = calendar_day::Entity::find().filter(C::Date.gte(from)).filter(C::Date.lte(to));
    calendar_of(dates.all(db).await?)
}

fn calendar_of(rows: Vec<calendar_day::Model>) -> Result<Calendar> {
    let days = rows.into_iter().map(|row| {
        let kind = DayKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
        let kind = kind.ok_or_else(|| anyhow::anyhow!("calendar_day {}: unknown kind {}", row.date, row.kind))?;
        let date: NaiveDate = row.date;
        Ok(CalendarDay { date, kind, name: row.name.unwrap_or_default() })
    });
    Ok(Calendar::from_days(days.collect::<Result<Vec<_>>>()?))
}

/// Those of some stored areas that are in use, as the pure part of this crate knows them; each with its parent among the rows.
///
/// # Errors
/// A fault when a row is damaged.
pub fn shapes_of(rows: &[area::Model]) -> Result<Vec<AreaShape>> {
    let codes: HashMap<AreaId, &str> = rows.iter().map(|row| (row.id, row.code.as_str())).collect();
    let in_use = rows.iter().filter(|row| row.valid_to.is_none());
    let shapes = in_use.map(|row| {
        let parent = row.parent_id.and_then(|parent| codes.get(&parent)).map(|code| code.parse()).transpose();
        let parent = parent.map_err(|_| anyhow::anyhow!("area {}: its parent has a damaged code", row.code))?;
        shape_of(row, parent.as_ref())
    });
    shapes.collect()
}

/// A stored area as the pure part of this crate knows it.
fn shape_of(row: &area::Model, parent: Option<&AreaCode>) -> Result<AreaShape> {
    let damaged = |what: &str| Error::Fault(anyhow::anyhow!("area {}: damaged {what}", row.code));
    let outline = match (&row.shape, row.longitude, row.latitude) {
        // Whether it crosses itself was asked when it came in.
        (Some(text), _, _) => geojson::stored_geometry(text, &Bounds::XINHONG).map_err(|_| damaged("shape"))?,
        (None, Some(longitude), Some(latitude)) => {
            let point = Bounds::XINHONG.admit(Datum::Wgs84, longitude, latitude);
            Outline::Place(point.map_err(|_| damaged("point"))?)
        }
        _ => return Err(damaged("outline")),
    };
    Ok(AreaShape {
        code: row.code.parse().map_err(|_| damaged("code"))?,
        level: row.level.parse().map_err(|_| damaged("level"))?,
        parent_code: parent.cloned(),
        name: row.name.clone(),
        address: None,
        is_demo: row.is_demo,
        outline,
    })
}

/// Enters days of the working calendar; those known are changed.
///
/// # Errors
/// When the database does not answer.
pub async fn import_calendar(tx: &mut Tx, days: &[CalendarDay]) -> Result<usize> {
    use calendar_day::Column as C;
    let conflict = OnConflict::column(C::Date).update_columns([C::Kind, C::Name]).to_owned();
    for chunk in days.chunks(ROWS) {
        let rows = chunk.iter().map(|day| calendar_day::ActiveModel {
            date: Set(day.date),
            kind: Set(day.kind.as_str().to_owned()),
            name: Set(Some(day.name.clone()).filter(|name| !name.is_empty())),
        });
        calendar_day::Entity::insert_many(rows).on_conflict(conflict.clone()).exec_without_returning(tx.db()).await?;
    }
    reference_changed(tx).await?;
    Ok(days.len())
}

/// Name of the sequence that counts changes of map, calendar and reference data.
const REFERENCE: &str = "reference";

/// How often map, calendar or reference data were changed; whoever holds them in memory reads them anew when it rose.
///
/// # Errors
/// When the database does not answer.
pub async fn reference_number(db: &impl ConnectionTrait) -> Result<i64> {
    let counted = sequence::Entity::find_by_id(REFERENCE).one(db).await?;
    Ok(counted.map_or(0, |counted| counted.value))
}

/// Counts a change of map, calendar or reference data. Who makes the next one waits until this one is done.
///
/// # Errors
/// When the database does not answer.
pub async fn reference_changed(tx: &Tx) -> Result<()> {
    let first = sequence::ActiveModel { name: Set(REFERENCE.to_owned()), value: Set(1) };
    let next = Expr::col((sequence::Entity, sequence::Column::Value)).add(1);
    let known = OnConflict::column(sequence::Column::Name).value(sequence::Column::Value, next).to_owned();
    sequence::Entity::insert(first).on_conflict(known).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Whether any area is synthetic.
///
/// # Errors
/// When the database does not answer.
pub async fn has_demo(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(area::Entity::find().filter(area::Column::IsDemo.eq(true)).limit(1).one(db).await?.is_some())
}

/// Writes a map: areas of known codes are changed, others added; none is removed, since requests keep the grid they were filed in.
/// Gives back how many there were.
///
/// # Errors
/// A fault when the shapes are no tree, or name a grid that is no more; when the database does not answer.
pub async fn import(tx: &mut Tx, shapes: &[AreaShape]) -> Result<usize> {
    check_tree(shapes).map_err(|error| Error::Fault(error.into()))?;
    // Whoever changes the map waits for whoever does.
    reference_changed(tx).await?;
    let rows = all(tx.db()).await?;
    let is_named = |row: &&area::Model| shapes.iter().any(|shape| shape.code.as_str() == row.code);
    if let Some(gone) = rows.iter().filter(|row| row.valid_to.is_some()).find(is_named) {
        let why = format!("area {} is no more, as grids were drawn anew: take it out of the file", gone.code);
        return Err(Error::Fault(anyhow::anyhow!(why)));
    }
    let known: HashMap<String, AreaId> = rows.into_iter().map(|row| (row.code, row.id)).collect();
    let mut placed: HashMap<&str, (AreaId, String)> = HashMap::new();
    let mut rows = Vec::new();
    let mut by_depth: Vec<&AreaShape> = shapes.iter().collect();
    by_depth.sort_by_key(|shape| shape.level);
    for shape in by_depth {
        let code = shape.code.as_str();
        let parent = shape.parent_code.as_ref().and_then(|parent| placed.get(parent.as_str()));
        let path = format!("{}{code}/", parent.map_or("/", |(_, path)| path));
        let id = known.get(code).copied().map_or_else(|| tx.id(), Ok)?;
        rows.push(row_of(shape, id, parent.map(|(id, _)| *id), path.clone()));
        placed.insert(code, (id, path));
    }
    let count = rows.len();
    while !rows.is_empty() {
        let chunk: Vec<_> = rows.drain(..rows.len().min(ROWS)).collect();
        upsert(tx, chunk).await?;
    }
    Ok(count)
}

fn row_of(shape: &AreaShape, id: AreaId, parent: Option<AreaId>, path: String) -> area::ActiveModel {
    let (text, point) = match &shape.outline {
        Outline::Surface(_) => (Some(geojson::geometry(&shape.outline, Datum::Wgs84).to_string()), None),
        Outline::Place(point) => (None, Some(*point)),
    };
    area::ActiveModel {
        id: Set(id),
        code: Set(shape.code.as_str().to_owned()),
        level: Set(shape.level.as_str().to_owned()),
        name: Set(shape.name.clone()),
        parent_id: Set(parent),
        path: Set(path),
        shape: Set(text),
        longitude: Set(point.map(|point| point.longitude())),
        latitude: Set(point.map(|point| point.latitude())),
        is_demo: Set(shape.is_demo),
        version: NotSet,
        valid_from: NotSet,
        valid_to: NotSet,
    }
}

async fn upsert(tx: &Tx, rows: Vec<area::ActiveModel>) -> Result<()> {
    use area::Column as C;
    let changed = [C::Level, C::Name, C::ParentId, C::Path, C::Shape, C::Longitude, C::Latitude, C::IsDemo];
    let conflict = OnConflict::column(C::Code).update_columns(changed).to_owned();
    area::Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(tx.db()).await?;
    Ok(())
}
