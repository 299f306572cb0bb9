//! The only files of this slice that name columns (存取).

use entity::{kpi_point, kpi_rollup, stats_cursor};
use kernel::db::in_keys;
use kernel::error::{Error, Result};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait};

use crate::cell::Dimension;
use crate::command::Filter;
use crate::measure::Measure;
use crate::policy::Sight;

mod cells;
mod cursor;
mod exports;
mod points;
mod source;
mod sums;

pub use cells::{apply, cells, days};
pub use cursor::{behind, cursor, last_seq, move_cursor, touched};
pub use exports::{content, export, forget, insert_export};
pub use points::{page, points_of, points_on, replace};
pub use source::{stories, stories_after};
pub use sums::sums;

macro_rules! values_of {
    ($row:expr) => {
        $crate::measure::Values([
            $row.value1.into(),
            $row.value2.into(),
            $row.value3.into(),
            $row.value4.into(),
            $row.value5.into(),
            $row.value6.into(),
            $row.value7.into(),
        ])
    };
}
pub(crate) use values_of;

/// The columns of the values of points, in order.
const POINT_VALUES: [kpi_point::Column; 7] = {
    use kpi_point::Column as C;
    [C::Value1, C::Value2, C::Value3, C::Value4, C::Value5, C::Value6, C::Value7]
};

/// And of sums.
const CELL_VALUES: [kpi_rollup::Column; 7] = {
    use kpi_rollup::Column as C;
    [C::Value1, C::Value2, C::Value3, C::Value4, C::Value5, C::Value6, C::Value7]
};

fn measure(name: &str) -> Result<Measure> {
    name.parse().map_err(|_| Error::Fault(anyhow::anyhow!("no measure {name}")))
}

fn dimension(name: &str) -> Result<Dimension> {
    name.parse().map_err(|_| Error::Fault(anyhow::anyhow!("no dimension {name}")))
}

/// A value or a sum as it is stored; sums of a day are far below the largest number.
fn stored(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// The street of a path; and the part of every path within it, where it goes deeper. What was filed in a grid is found by the code of
/// that, wherever it hangs since grids were drawn anew.
fn street_of(path: &str) -> (&str, Option<String>) {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    (parts.next().unwrap_or_default(), parts.next_back().map(|code| format!("/{code}/")))
}

/// An empty `OR` would be dropped from the statement, and so mean everything.
fn any_of(conditions: impl Iterator<Item = Condition>) -> Condition {
    let mut conditions: Vec<Condition> = conditions.collect();
    match conditions.len() {
        0 => Condition::all().add(Expr::value(false)),
        // One is no choice: an index is read in its order.
        1 => conditions.swap_remove(0),
        _ => conditions.into_iter().fold(Condition::any(), Condition::add),
    }
}

/// Points that somebody sees, and a filter lets through.
fn points_within(db: &impl ConnectionTrait, sight: &Sight, filter: &Filter) -> Condition {
    use kpi_point::Column as C;
    let mut within = Condition::all();
    if !sight.areas.is_empty() {
        within = within.add(any_of(sight.areas.iter().map(|path| {
            let (street, part) = street_of(path);
            let on_street = Condition::all().add(C::Street.eq(street));
            on_street.add_option(part.map(|part| C::AreaPath.contains(part)))
        })));
    }
    if !sight.units.is_empty() {
        within = within.add(in_keys(db, C::UnitId, &sight.units));
    }
    if let Some(code) = &filter.category {
        let below = C::CategoryCode.starts_with(format!("{code}."));
        within = within.add(Condition::any().add(C::CategoryCode.eq(code)).add(below));
    }
    let channel = filter.channel.map(|channel| C::Channel.eq(channel));
    let source = filter.source.map(|source| C::Source.eq(source));
    within.add_option(channel).add_option(source)
}

#[cfg(test)]
mod tests;
