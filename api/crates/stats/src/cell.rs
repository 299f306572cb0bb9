//! Sums by day (汇总): which cells a point is added to, and what a change of points changes in them. Pure.
//!
//! A settled point is added to one cell of each [`Dimension`] on its day: the whole street, its grid, unit, category, channel,
//! source and place. So a month by grid reads 29 × 31 cells of a measure, and the year of a street 365, however many cases
//! there are behind them. What asks for two dimensions at once (a grid by category, the hotline by unit) is answered from the
//! points, along an index of the street or unit and the time: a street has some 70 cases a day and 29 grids × 50 units × 60
//! categories × 8 channels, so that nearly every point would be a cell of its own, and keeping those would cost a row for
//! each point and save none. The points are the finest cells.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::enums::Channel;
use serde::Serialize;
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::measure::{Measure, Point, Values};

/// By what sums are kept (维度).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Dimension {
    /// The whole street.
    All,
    /// 自治网格
    Grid,
    /// 承办单位
    Unit,
    /// 分类
    Category,
    /// 渠道
    Channel,
    /// 来源
    Source,
    /// 位置网格; of cases received only, for the heat map.
    Cell,
}

impl Dimension {
    /// The stored name, e.g. `GRID`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Which sum (汇总格).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Code of the street.
    pub street: String,
    /// By what.
    pub dimension: Dimension,
    /// Of what.
    pub measure: Measure,
    /// Date in Shanghai.
    pub day: NaiveDate,
    /// Which one of the dimension: a path, an id, a code; empty for the whole street and for no unit.
    pub key: String,
}

/// Sums, or what changes in them.
pub type Cells = BTreeMap<Cell, Values>;

/// Adds a point to its cells so many times: once to count it, −1 times to take it out again. What is open is in none.
pub fn add(cells: &mut Cells, point: &Point, times: i64) {
    if point.is_open {
        return;
    }
    for (dimension, key) in keys(point) {
        let (street, day) = (point.place.street.clone(), point.day());
        let cell = Cell { street, dimension, measure: point.measure, day, key };
        cells.entry(cell).or_default().add(&point.values, times);
    }
}

/// What replacing the points of cases by others changes; cells that stay as they are are left out.
#[must_use]
pub fn difference(before: &[Point], after: &[Point]) -> Cells {
    let mut cells = Cells::new();
    before.iter().for_each(|point| add(&mut cells, point, -1));
    after.iter().for_each(|point| add(&mut cells, point, 1));
    cells.retain(|_, values| !values.is_zero());
    cells
}

fn keys(point: &Point) -> impl Iterator<Item = (Dimension, String)> {
    let place = &point.place;
    let cell = place.cell.filter(|_| point.measure == Measure::Received);
    let keys = [
        Some((Dimension::All, String::new())),
        Some((Dimension::Grid, place.grid_path.clone())),
        Some((Dimension::Unit, point.unit.map(|unit| unit.0.to_string()).unwrap_or_default())),
        Some((Dimension::Category, place.category.clone())),
        Some((Dimension::Channel, channel_word(place.channel))),
        Some((Dimension::Source, word(&place.source))),
        cell.map(|cell| (Dimension::Cell, cell.to_string())),
    ];
    keys.into_iter().flatten()
}

/// The name of a column enum's value, as its serialised form has it.
pub fn word(value: &impl Serialize) -> String {
    let written = serde_json::to_value(value).unwrap_or_default();
    written.as_str().unwrap_or_default().to_owned()
}

/// The name of a channel, as the wire has it.
pub fn channel_word(channel: Channel) -> String {
    if channel == Channel::Hotline12345 { "HOTLINE_12345".to_owned() } else { word(&channel) }
}

#[cfg(test)]
mod tests;
