//! Sums as they are kept.

use chrono::NaiveDate;
use entity::kpi_point;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::kpi_rollup::{Column, Entity, Model};
use super::{CELL_VALUES, dimension, measure, stored, values_of};
use crate::cell::{Cell, Cells};
use crate::measure::Measure;
use crate::period::Period;

/// Rows in one statement.
const ROWS: usize = 500;

/// Adds a difference to the sums.
pub async fn apply(tx: &Tx, difference: &Cells) -> Result<()> {
    let rows: Vec<Model> = difference
        .iter()
        .map(|(cell, values)| {
            let [value1, value2, value3, value4, value5, value6, value7] = values.0.map(stored);
            Model {
                street: cell.street.clone(),
                dimension: cell.dimension.name().to_owned(),
                measure: cell.measure.name().to_owned(),
                day: cell.day,
                key: cell.key.clone(),
                value1,
                value2,
                value3,
                value4,
                value5,
                value6,
                value7,
            }
        })
        .collect();
    let key = [Column::Street, Column::Dimension, Column::Measure, Column::Day, Column::Key];
    let added = CELL_VALUES.map(|column| (column, Expr::col((Entity, column)).add(Expr::col(("excluded", column)))));
    let over = OnConflict::columns(key).values(added).to_owned();
    for chunk in rows.chunks(ROWS) {
        let rows = chunk.iter().map(|row| row.clone().into_active_model());
        Entity::insert_many(rows).on_conflict(over.clone()).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// The sums of a street on some days, those that are zero left out.
pub async fn cells(db: &impl ConnectionTrait, street: &str, of: Measure, period: Period) -> Result<Cells> {
    let rows = Entity::find()
        .filter(Column::Street.eq(street))
        .filter(Column::Measure.eq(of.name()))
        .filter(Column::Day.gte(period.from))
        .filter(Column::Day.lt(period.to));
    let mut cells = Cells::new();
    for row in rows.all(db).await? {
        let values = values_of!(row);
        let (dimension, measure) = (dimension(&row.dimension)?, measure(&row.measure)?);
        if !values.is_zero() {
            cells.insert(Cell { street: row.street, dimension, measure, day: row.day, key: row.key }, values);
        }
    }
    Ok(cells)
}

/// The first and the last day on which a street has points or sums of a measure.
pub async fn days(db: &impl ConnectionTrait, street: &str, of: Measure) -> Result<Option<(NaiveDate, NaiveDate)>> {
    use kpi_point::Column as Point;
    let points = || {
        let these = kpi_point::Entity::find().select_only().column(Point::Day).limit(1);
        these.filter(Point::Street.eq(street)).filter(Point::Measure.eq(of.name()))
    };
    let cells = || {
        let these = Entity::find().select_only().column(Column::Day).limit(1);
        these
            .filter(Column::Street.eq(street))
            .filter(Column::Dimension.eq(crate::cell::Dimension::All.name()))
            .filter(Column::Measure.eq(of.name()))
    };
    let mut days: Vec<NaiveDate> = Vec::with_capacity(4);
    days.extend(points().order_by_asc(Point::At).into_tuple::<NaiveDate>().one(db).await?);
    days.extend(points().order_by_desc(Point::At).into_tuple::<NaiveDate>().one(db).await?);
    days.extend(cells().order_by_asc(Column::Day).into_tuple::<NaiveDate>().one(db).await?);
    days.extend(cells().order_by_desc(Column::Day).into_tuple::<NaiveDate>().one(db).await?);
    Ok(days.iter().min().copied().zip(days.iter().max().copied()))
}
