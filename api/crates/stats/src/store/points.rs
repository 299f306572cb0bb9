//! Points as they are kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::id::ServiceRequestId;
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, Iterable as _,
    QueryFilter as _, Select,
};
use uuid::Uuid;

use super::kpi_point::{Column, Entity, Model};
use super::{POINT_VALUES, measure, points_within, stored, values_of};
use crate::command::{Asked, Part};
use crate::measure::{Measure, Place, Point};
use crate::period::Period;

/// Rows in one statement.
const ROWS: usize = 500;

/// The points of cases.
pub async fn points_of(db: &impl ConnectionTrait, cases: &[ServiceRequestId]) -> Result<Vec<Point>> {
    let rows = Entity::find().filter(in_keys(db, Column::RequestId, cases)).all(db).await?;
    rows.into_iter().map(point).collect()
}

/// The settled points of a street on some days.
pub async fn points_on(
    db: &impl ConnectionTrait,
    street: &str,
    measure: Measure,
    period: Period,
) -> Result<Vec<Point>> {
    let (from, to) = period.instants();
    let rows = Entity::find()
        .filter(Column::Street.eq(street))
        .filter(Column::Measure.eq(measure.name()))
        .filter(Column::At.gte(from))
        .filter(Column::At.lt(to))
        .filter(Column::IsOpen.eq(false));
    rows.all(db).await?.into_iter().map(point).collect()
}

/// Writes what differs between the points of some cases and those they should have; tells how many did.
pub async fn replace(tx: &Tx, before: &[Point], after: &[Point]) -> Result<usize> {
    let kept: BTreeMap<(Measure, Uuid), &Point> = keyed(before);
    let wanted: BTreeMap<(Measure, Uuid), &Point> = keyed(after);
    let gone: Vec<_> = kept.keys().filter(|key| !wanted.contains_key(key)).copied().collect();
    for chunk in gone.chunks(ROWS) {
        let these = chunk.iter().map(|(measure, subject)| {
            Condition::all().add(Column::Measure.eq(measure.name())).add(Column::SubjectId.eq(*subject))
        });
        Entity::delete_many().filter(super::any_of(these)).exec(tx.db()).await?;
    }
    let changed = wanted.iter().filter(|(key, point)| kept.get(*key) != Some(*point));
    let changed: Vec<Model> = changed.map(|(_, point)| row(point)).collect();
    for chunk in changed.chunks(ROWS) {
        let rows = chunk.iter().map(|row| row.clone().into_active_model());
        let is_key = |column: &Column| matches!(column, Column::Measure | Column::SubjectId);
        let over = OnConflict::columns([Column::Measure, Column::SubjectId])
            .update_columns(Column::iter().filter(|column| !is_key(column)))
            .to_owned();
        Entity::insert_many(rows).on_conflict(over).exec_without_returning(tx.db()).await?;
    }
    Ok(gone.len() + changed.len())
}

fn keyed(points: &[Point]) -> BTreeMap<(Measure, Uuid), &Point> {
    points.iter().map(|point| ((point.measure, point.subject), point)).collect()
}

/// The points behind a number, newest first: the instant, the subject and the case of each.
pub async fn page(
    base: &Base,
    asked: &Asked,
    part: Part,
    now: DateTime<Utc>,
    page: &PageRequest,
) -> Result<Page<(DateTime<Utc>, Uuid, ServiceRequestId)>> {
    let db = base.db.reader();
    let query = page.apply(behind(db, asked, part, now), Column::At, Column::SubjectId, true);
    let rows = query.all(db).await?.into_iter().map(|row| (row.at, row.subject_id, row.request_id));
    Ok(page.page(rows.collect()))
}

/// Points of the first metric asked for that are counted in a part of it.
pub(super) fn behind(db: &impl ConnectionTrait, asked: &Asked, part: Part, now: DateTime<Utc>) -> Select<Entity> {
    let (from, to) = asked.period.instants();
    let counted = Condition::any().add(Column::IsOpen.eq(false)).add(Column::At.lte(now));
    let query = Entity::find()
        .filter(points_within(db, &asked.sight, &asked.filter))
        .filter(Column::At.gte(from))
        .filter(Column::At.lt(to))
        .filter(counted);
    let Some(formula) = asked.metrics.first().map(|metric| metric.formula()) else {
        return query.filter(Expr::value(false));
    };
    let value = |index: usize| POINT_VALUES.get(index).copied().unwrap_or(Column::Value7);
    let (numerator, denominator) = (value(formula.numerator), value(formula.denominator));
    let among = Expr::col(denominator).gt(0);
    let query = query.filter(Column::Measure.eq(formula.measure.name())).filter(among);
    match part {
        Part::Denominator => query,
        Part::Numerator => query.filter(Expr::col(numerator).gt(0)),
        Part::Missed => query.filter(Expr::col(numerator).eq(0)),
    }
}

fn row(point: &Point) -> Model {
    let place = point.place.clone();
    let [value1, value2, value3, value4, value5, value6, value7] = point.values.0.map(stored);
    Model {
        measure: point.measure.name().to_owned(),
        subject_id: point.subject,
        request_id: point.request,
        at: point.at,
        day: point.day(),
        is_open: point.is_open,
        street: place.street,
        area_path: place.area_path,
        grid_path: place.grid_path,
        unit_id: point.unit,
        category_code: place.category,
        channel: place.channel,
        source: place.source,
        kind: place.kind,
        cell: place.cell,
        value1,
        value2,
        value3,
        value4,
        value5,
        value6,
        value7,
    }
}

fn point(row: Model) -> Result<Point> {
    let values = values_of!(row);
    let place = Place {
        street: row.street,
        area_path: row.area_path,
        grid_path: row.grid_path,
        category: row.category_code,
        channel: row.channel,
        source: row.source,
        kind: row.kind,
        cell: row.cell,
    };
    Ok(Point {
        measure: measure(&row.measure)?,
        subject: row.subject_id,
        request: row.request_id,
        at: row.at,
        is_open: row.is_open,
        place,
        unit: row.unit_id,
        values,
    })
}
