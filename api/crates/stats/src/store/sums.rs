//! What a question reads: sums by day where one dimension is asked for, else the points; and what is open, always.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{Channel, Source};
use entity::id::UnitId;
use kernel::error::Result;
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, Iterable, QueryFilter as _, QueryResult,
    QuerySelect as _, QueryTrait as _, Select,
};

use super::{CELL_VALUES, POINT_VALUES, any_of, kpi_point, kpi_rollup, measure, points_within, street_of};
use crate::cell::{Dimension, channel_word, word};
use crate::command::{Asked, Group};
use crate::measure::{Measure, Values};
use crate::period::Period;
use crate::route::{Route, route};

/// A sum of a measure, by the key of its group.
pub type Sum = (Measure, String, Values);

/// The sums that a question asks for, over a period as it stands at an instant; the same key may come more than once.
pub async fn sums(
    db: &impl ConnectionTrait,
    asked: &Asked,
    measures: &[Measure],
    period: Period,
    now: DateTime<Utc>,
) -> Result<Vec<Sum>> {
    match route(asked) {
        Route::Points => read(db, counted(db, asked, measures, period, now), asked.group, false).await,
        Route::Cells(dimension) => {
            let mut sums = read(db, settled(asked, dimension, measures, period), asked.group, true).await?;
            sums.extend(read(db, open(db, asked, measures, period, now), asked.group, false).await?);
            Ok(sums)
        }
    }
}

async fn read<E: sea_orm::EntityTrait>(
    db: &impl ConnectionTrait,
    query: Select<E>,
    group: Group,
    is_cell: bool,
) -> Result<Vec<Sum>> {
    let rows = db.query_all_raw(query.build(db.get_database_backend())).await?;
    rows.iter().map(|row| sum(row, group, is_cell)).collect()
}

/// A row; the keys of sums are texts, those of points are columns of their own kinds.
fn sum(row: &QueryResult, group: Group, is_cell: bool) -> Result<Sum> {
    let mut values = Values::default();
    for (value, number) in values.0.iter_mut().zip(1..) {
        *value = row.try_get("", &format!("sum{number}"))?;
    }
    let key = match group {
        Group::None => String::new(),
        Group::Month | Group::Day => row.try_get::<NaiveDate>("", "key")?.to_string(),
        _ if is_cell => row.try_get("", "key")?,
        Group::Grid | Group::Category => row.try_get("", "key")?,
        Group::Unit => row.try_get::<Option<UnitId>>("", "key")?.map(|unit| unit.0.to_string()).unwrap_or_default(),
        Group::Channel => channel_word(row.try_get::<Channel>("", "key")?),
        Group::Source => word(&row.try_get::<Source>("", "key")?),
        Group::Cell => row.try_get::<Option<i64>>("", "key")?.map(|cell| cell.to_string()).unwrap_or_default(),
    };
    Ok((measure(&row.try_get::<String>("", "measure")?)?, key, values))
}

/// `SELECT measure, key, SUM(…) … GROUP BY measure, key`.
fn summed<E, C>(query: Select<E>, of: C, key: Option<C>, values: [C; 7]) -> Select<E>
where
    E: sea_orm::EntityTrait<Column = C>,
    C: sea_orm::ColumnTrait + Iterable,
{
    let query = query.select_only().column_as(of, "measure").group_by(of);
    let query = match key {
        Some(key) => query.column_as(key, "key").group_by(key),
        None => query,
    };
    values.into_iter().zip(1..).fold(query, |query, (column, number)| {
        let total: SimpleExpr = Expr::col((E::default(), column)).sum();
        query.expr_as(total, format!("sum{number}"))
    })
}

/// The sums of settled points.
pub(super) fn settled(
    asked: &Asked,
    dimension: Dimension,
    measures: &[Measure],
    period: Period,
) -> Select<kpi_rollup::Entity> {
    use kpi_rollup::Column as C;
    let mut query = kpi_rollup::Entity::find()
        .filter(C::Dimension.eq(dimension.name()))
        .filter(C::Measure.is_in(measures.iter().map(|measure| measure.name())))
        .filter(C::Day.gte(period.from))
        .filter(C::Day.lt(period.to));
    if !asked.sight.areas.is_empty() {
        query = query.filter(any_of(asked.sight.areas.iter().map(|path| {
            let (street, part) = street_of(path);
            let on_street = Condition::all().add(C::Street.eq(street));
            on_street.add_option(part.map(|part| C::Key.contains(part)))
        })));
    }
    if !asked.sight.units.is_empty() {
        query = query.filter(C::Key.is_in(asked.sight.units.iter().map(|unit| unit.0.to_string())));
    }
    let filter = &asked.filter;
    if let Some(code) = &filter.category {
        let below = C::Key.starts_with(format!("{code}."));
        query = query.filter(Condition::any().add(C::Key.eq(code)).add(below));
    }
    let named = filter.channel.map(channel_word).or(filter.source.as_ref().map(word));
    if let Some(named) = named {
        query = query.filter(C::Key.eq(named));
    }
    let key = match asked.group {
        Group::None => None,
        Group::Month | Group::Day => Some(C::Day),
        _ => Some(C::Key),
    };
    summed(query, C::Measure, key, CELL_VALUES)
}

/// What is open, and counts now: its instant is over.
pub(super) fn open(
    db: &impl ConnectionTrait,
    asked: &Asked,
    measures: &[Measure],
    period: Period,
    now: DateTime<Utc>,
) -> Select<kpi_point::Entity> {
    use kpi_point::Column as C;
    by_group(points(db, asked, measures, period).filter(C::IsOpen.eq(true)).filter(C::At.lte(now)), asked.group)
}

/// All points that count now.
pub(super) fn counted(
    db: &impl ConnectionTrait,
    asked: &Asked,
    measures: &[Measure],
    period: Period,
    now: DateTime<Utc>,
) -> Select<kpi_point::Entity> {
    use kpi_point::Column as C;
    let counted = Condition::any().add(C::IsOpen.eq(false)).add(C::At.lte(now));
    by_group(points(db, asked, measures, period).filter(counted), asked.group)
}

fn points(db: &impl ConnectionTrait, asked: &Asked, measures: &[Measure], period: Period) -> Select<kpi_point::Entity> {
    use kpi_point::Column as C;
    let (from, to) = period.instants();
    kpi_point::Entity::find()
        .filter(points_within(db, &asked.sight, &asked.filter))
        .filter(C::Measure.is_in(measures.iter().map(|measure| measure.name())))
        .filter(C::At.gte(from))
        .filter(C::At.lt(to))
}

fn by_group(query: Select<kpi_point::Entity>, group: Group) -> Select<kpi_point::Entity> {
    use kpi_point::Column as C;
    let key = match group {
        Group::None => None,
        Group::Month | Group::Day => Some(C::Day),
        Group::Grid => Some(C::GridPath),
        Group::Unit => Some(C::UnitId),
        Group::Category => Some(C::CategoryCode),
        Group::Channel => Some(C::Channel),
        Group::Source => Some(C::Source),
        Group::Cell => Some(C::Cell),
    };
    summed(query, C::Measure, key, POINT_VALUES)
}
