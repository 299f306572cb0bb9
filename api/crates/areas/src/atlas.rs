//! Which grid a place lies in.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use geo::{BooleanOps, BoundingRect, ChamberlainDuquetteArea, Intersects, MultiPolygon, unary_union};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use serde::{Deserialize, Serialize};

use crate::area::{AreaCode, AreaShape, Level, Outline, TreeError, check_tree};
use crate::coordinates::Wgs84Point;

/// The grids a place lies in, from the street to the deepest that is drawn there (定位结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The street.
    pub street: AreaCode,
    /// The disposal grid.
    pub disposal: Option<AreaCode>,
    /// The self-government grid.
    pub autonomy: Option<AreaCode>,
    /// The micro grid; `None` where the map has a gap.
    pub micro: Option<AreaCode>,
}

impl Located {
    /// The deepest grid of all.
    #[must_use]
    pub fn deepest(&self) -> &AreaCode {
        [&self.micro, &self.autonomy, &self.disposal].into_iter().find_map(Option::as_ref).unwrap_or(&self.street)
    }
}

/// A flaw of the map that does not keep it from working (地图警告); areas in square metres.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "flaw", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MapWarning {
    /// Two grids of one level share ground; the lower code has it.
    Overlap {
        /// The level of both.
        level: Level,
        /// The lower code.
        lower: AreaCode,
        /// The higher code.
        higher: AreaCode,
        /// The shared ground.
        square_metres: f64,
    },
    /// Ground of a grid that none of its children covers.
    Uncovered {
        /// The grid with the hole.
        code: AreaCode,
        /// The size of all its holes.
        square_metres: f64,
    },
}

/// The grids of the map, indexed for looking up places (网格地图).
#[derive(Debug)]
pub struct Atlas {
    /// Grids in order of level and code, so that every answer comes in a stable order.
    grids: Vec<Grid>,
    by_code: HashMap<AreaCode, usize>,
    index: RTree<Entry>,
}

type Entry = GeomWithData<Rectangle<[f64; 2]>, usize>;

#[derive(Debug)]
struct Grid {
    level: Level,
    code: AreaCode,
    parent: Option<AreaCode>,
    surface: MultiPolygon<f64>,
}

/// Slivers below this are the noise of clipping, not flaws of the map.
const NOISE_SQUARE_METRES: f64 = 1.0;

impl Atlas {
    /// Indexes the grids among the areas; compounds and buildings are left out.
    ///
    /// # Errors
    /// Areas that form no tree: see [`check_tree`]. Overlaps and gaps are no errors: see [`Self::survey`].
    /// ```
    /// use areas::{Atlas, Wgs84Point, demo_town};
    /// let atlas = Atlas::build(demo_town())?;
    /// let located = atlas.locate(Wgs84Point::new(121.314422, 31.194327)?).ok_or("outside")?;
    /// assert_eq!(located.street.as_str(), "310112008");
    /// assert!(located.micro.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(areas: Vec<AreaShape>) -> Result<Self, TreeError> {
        check_tree(&areas)?;
        let mut grids: Vec<Grid> = areas.into_iter().filter_map(Grid::of).collect();
        grids.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
        let by_code = grids.iter().enumerate().map(|(position, grid)| (grid.code.clone(), position)).collect();
        let entries = grids
            .iter()
            .enumerate()
            .filter_map(|(position, grid)| Some(GeomWithData::new(Rectangle::from_aabb(grid.envelope()?), position)));
        let index = RTree::bulk_load(entries.collect());
        Ok(Self { grids, by_code, index })
    }

    /// The grids a place lies in, or `None` outside of every street.
    ///
    /// The deepest grid that holds the place decides, and its ancestors follow from the tree. On an edge, and where
    /// grids overlap, the lower code wins. Where the micro grids have a gap, the grid around it answers.
    #[must_use]
    pub fn locate(&self, point: Wgs84Point) -> Option<Located> {
        let place = geo::Point::new(point.longitude(), point.latitude());
        let near = self.near(AABB::from_point([place.x(), place.y()]));
        let holding = near.filter(|grid| grid.surface.intersects(&place));
        let deepest = holding.max_by_key(|grid| (grid.level, Reverse(&grid.code)))?;
        let code = |level| self.lineage(deepest).find(|grid| grid.level == level).map(|grid| grid.code.clone());
        Some(Located {
            street: code(Level::Street)?,
            disposal: code(Level::Disposal),
            autonomy: code(Level::Autonomy),
            micro: code(Level::Micro),
        })
    }

    /// Looks for overlaps within a level and for ground that children leave uncovered; for use after an import.
    ///
    /// Clips every pair of neighbours, which takes milliseconds for a street.
    /// ```
    /// use areas::{Atlas, demo_town};
    /// assert_eq!(Atlas::build(demo_town())?.survey(), []);
    /// # Ok::<(), areas::TreeError>(())
    /// ```
    #[must_use]
    pub fn survey(&self) -> Vec<MapWarning> {
        let mut warnings: Vec<MapWarning> = self.grids.iter().flat_map(|grid| self.overlaps_of(grid)).collect();
        warnings.extend(self.uncovered());
        warnings
    }

    fn overlaps_of(&self, lower: &Grid) -> Vec<MapWarning> {
        let Some(envelope) = lower.envelope() else {
            return Vec::new();
        };
        let higher_codes = |grid: &&Grid| grid.level == lower.level && grid.code > lower.code;
        let mut neighbours: Vec<&Grid> = self.near(envelope).filter(higher_codes).collect();
        neighbours.sort_by_key(|grid| &grid.code);
        let overlap = |higher: &Grid| {
            let square_metres = square_metres(&lower.surface.intersection(&higher.surface));
            (square_metres > NOISE_SQUARE_METRES).then(|| MapWarning::Overlap {
                level: lower.level,
                lower: lower.code.clone(),
                higher: higher.code.clone(),
                square_metres,
            })
        };
        neighbours.into_iter().filter_map(overlap).collect()
    }

    fn uncovered(&self) -> impl Iterator<Item = MapWarning> {
        let mut children: BTreeMap<&AreaCode, Vec<&MultiPolygon<f64>>> = BTreeMap::new();
        for grid in &self.grids {
            if let Some(parent) = &grid.parent {
                children.entry(parent).or_default().push(&grid.surface);
            }
        }
        let divided = self.grids.iter().filter(|grid| grid.level < Level::Micro);
        divided.filter_map(move |grid| {
            let covered = children.get(&grid.code).map(|surfaces| unary_union(surfaces.iter().copied()));
            let square_metres = match covered {
                Some(covered) => square_metres(&grid.surface.difference(&covered)),
                None => square_metres(&grid.surface),
            };
            let code = grid.code.clone();
            (square_metres > NOISE_SQUARE_METRES).then_some(MapWarning::Uncovered { code, square_metres })
        })
    }

    fn near(&self, envelope: AABB<[f64; 2]>) -> impl Iterator<Item = &Grid> {
        self.index.locate_in_envelope_intersecting(&envelope).filter_map(|entry| self.grids.get(entry.data))
    }

    /// The grid, its parent, and so on; ends at the street because [`check_tree`] let no cycle in.
    fn lineage<'a>(&'a self, grid: &'a Grid) -> impl Iterator<Item = &'a Grid> {
        std::iter::successors(Some(grid), |grid| self.grids.get(*self.by_code.get(grid.parent.as_ref()?)?))
    }
}

impl Grid {
    fn of(area: AreaShape) -> Option<Self> {
        match area.outline {
            Outline::Surface(surface) if area.level.is_grid() => {
                Some(Self { level: area.level, code: area.code, parent: area.parent_code, surface })
            }
            _ => None,
        }
    }

    fn envelope(&self) -> Option<AABB<[f64; 2]>> {
        let rect = self.surface.bounding_rect()?;
        Some(AABB::from_corners(rect.min().into(), rect.max().into()))
    }
}

/// How large some ground is.
pub(crate) fn square_metres(surface: &MultiPolygon<f64>) -> f64 {
    surface.chamberlain_duquette_unsigned_area()
}

#[cfg(test)]
mod tests;
