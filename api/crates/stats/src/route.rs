//! Whether a question is answered from sums or from points (取数路径). Pure.

use crate::cell::Dimension;
use crate::command::{Asked, Group};

/// Where the numbers of a question stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// In the sums of one dimension.
    Cells(Dimension),
    /// In the points: two dimensions are asked for at once, or a grid below those that are summed.
    Points,
}

/// Where the numbers of a question stand.
#[must_use]
pub fn route(asked: &Asked) -> Route {
    let mut wanted: Vec<Dimension> = Vec::new();
    let mut want = |dimension: Dimension, is_wanted: bool| {
        if is_wanted && !wanted.contains(&dimension) {
            wanted.push(dimension);
        }
    };
    let depth = |path: &String| path.split('/').filter(|part| !part.is_empty()).count();
    let (sight, filter) = (&asked.sight, &asked.filter);
    want(Dimension::Grid, sight.areas.iter().any(|path| depth(path) > STREET));
    want(Dimension::Unit, !sight.units.is_empty());
    want(Dimension::Category, filter.category.is_some());
    want(Dimension::Channel, filter.channel.is_some());
    want(Dimension::Source, filter.source.is_some());
    if let Some(dimension) = asked.group.dimension() {
        want(dimension, true);
    }
    let is_finer = sight.areas.iter().any(|path| depth(path) > GRID);
    match wanted.as_slice() {
        _ if is_finer => Route::Points,
        [] => Route::Cells(Dimension::All),
        [one] => Route::Cells(*one),
        _ => Route::Points,
    }
}

/// How many parts the path of a street has, and that of a self-government grid.
const STREET: usize = 1;
const GRID: usize = 3;

impl Group {
    /// The dimension whose sums it shows; `None` for all at once and for time, which every sum has.
    #[must_use]
    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Self::None | Self::Month | Self::Day => None,
            Self::Grid => Some(Dimension::Grid),
            Self::Unit => Some(Dimension::Unit),
            Self::Category => Some(Dimension::Category),
            Self::Channel => Some(Dimension::Channel),
            Self::Source => Some(Dimension::Source),
            Self::Cell => Some(Dimension::Cell),
        }
    }
}
