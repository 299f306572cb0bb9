//! How grids are drawn anew (网格调整): merged, split or re-cut. Pure: a map and a wish in, the map from then on out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use geo::{BooleanOps as _, Intersects as _, MultiPolygon, unary_union};
use serde::{Deserialize, Serialize};

use crate::area::{AreaCode, AreaShape, Level, Outline, TreeError, check_tree};
use crate::atlas::{Atlas, MapWarning, square_metres};
use crate::coordinates::{Bounds, Datum};
use crate::geojson;

/// Which part of a grid may lie outside of its street: two surveys differ by so much.
const OUTSIDE: f64 = 0.01;
/// Grids that one change concerns at most: a street has some two hundred.
pub const GRIDS: usize = 50;

/// A grid as it is drawn from then on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Its code; known, or new.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
    /// Its ground, WGS-84.
    #[serde(with = "ground")]
    pub ground: MultiPolygon<f64>,
}

/// How a change keeps ground: as a GeoJSON geometry.
mod ground {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::*;

    pub(super) fn serialize<S: Serializer>(ground: &MultiPolygon<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        geojson::geometry(&Outline::Surface(ground.clone()), Datum::Wgs84).serialize(serializer)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<MultiPolygon<f64>, D::Error> {
        let kept = serde_json::Value::deserialize(deserializer)?;
        match geojson::stored_geometry(&kept.to_string(), &Bounds::XINHONG).map_err(D::Error::custom)? {
            Outline::Surface(ground) => Ok(ground),
            Outline::Place(_) => Err(D::Error::custom("a point, not ground")),
        }
    }
}

/// What is wished (调整方式).
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Several grids become one (合并): one of them, or a new one.
    Merge {
        /// The grids.
        grids: Vec<AreaCode>,
        /// Code of the one.
        into: AreaCode,
        /// Its name; needed of a new one.
        name: Option<String>,
    },
    /// A grid becomes several (拆分); one of them may keep its code.
    Split {
        /// The grid.
        grid: AreaCode,
        /// Its parts.
        parts: Vec<Drawn>,
    },
    /// Boundaries are moved (重划).
    Recut {
        /// Grids and their ground from then on.
        grids: Vec<(AreaCode, MultiPolygon<f64>)>,
    },
}

/// A change of the map, worked out (网格调整方案).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redraw {
    /// Grids whose ground goes to others, each with all that have some of it; first the one that inherits what has no place of its
    /// own. A grid that is not among its own heirs is no more.
    pub heirs: BTreeMap<AreaCode, Vec<AreaCode>>,
    /// The grids that are new or have other ground.
    pub drawn: Vec<Drawn>,
}

/// The map after a change (调整后的地图).
#[derive(Clone, Debug)]
pub struct Redrawn {
    /// All areas from then on.
    pub shapes: Vec<AreaShape>,
    /// Flaws that the map did not have before.
    pub warnings: Vec<MapWarning>,
}

/// Why a change makes no sense (调整错误).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedrawError {
    /// No grid of the map has the code.
    #[error("{0} is no grid in use")]
    Unknown(AreaCode),
    /// A new grid cannot have it.
    #[error("{0} is used already")]
    Taken(AreaCode),
    /// Fewer than two, more than [`GRIDS`], or one twice.
    #[error("2 to {GRIDS} different grids are needed, 1 to {GRIDS} to be cut anew")]
    Count,
    /// Grids of several levels or streets, or the street itself.
    #[error("the grids must be of one level below the street, and of one street")]
    Mixed,
    /// A new grid without a name.
    #[error("a new grid needs a name")]
    Nameless,
    /// A part of a grid that has none of its ground, or ground of another street.
    #[error("{0} lies elsewhere")]
    Elsewhere(AreaCode),
    /// Ground that cannot be kept: too finely cut.
    #[error("the ground of {0} is cut too finely")]
    TooFine(AreaCode),
    /// The areas would form no tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

impl Redraw {
    /// Works a wish out on the map of areas in use; gives back the map with it too.
    ///
    /// # Errors
    /// Why it makes no sense.
    /// ```
    /// use areas::{AreaCode, Redraw, Wish, demo_town};
    /// let [first, second]: [AreaCode; 2] = ["310112008001-01".parse()?, "310112008001-02".parse()?];
    /// let wish = Wish::Merge { grids: vec![first.clone(), second.clone()], into: first.clone(), name: None };
    /// let (redraw, redrawn) = Redraw::plan(&demo_town(), &wish)?;
    /// assert_eq!(redraw.retired().collect::<Vec<_>>(), [&second]);
    /// assert_eq!(redrawn.warnings, []);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plan(map: &[AreaShape], wish: &Wish) -> Result<(Self, Redrawn), RedrawError> {
        let grids = Grids::of(map);
        let mut redraw = match wish {
            Wish::Merge { grids: codes, into, name } => grids.merge(codes, into, name.as_deref())?,
            Wish::Split { grid, parts } => grids.split(grid, parts)?,
            Wish::Recut { grids: cuts } => grids.recut(cuts)?,
        };
        // As the table will keep it, to the centimetre.
        for grid in &mut redraw.drawn {
            let kept = geojson::geometry(&Outline::Surface(grid.ground.clone()), Datum::Wgs84).to_string();
            match geojson::parse_geometry(&kept, Datum::Wgs84, &Bounds::XINHONG) {
                Ok(Outline::Surface(ground)) => grid.ground = ground,
                Ok(Outline::Place(_)) | Err(_) => return Err(RedrawError::TooFine(grid.code.clone())),
            }
        }
        let redrawn = redraw.apply(map)?;
        Ok((redraw, redrawn))
    }

    /// The grids that are no more.
    pub fn retired(&self) -> impl Iterator<Item = &AreaCode> {
        self.heirs.iter().filter(|(code, heirs)| !heirs.contains(code)).map(|(code, _)| code)
    }

    /// Every grid that is concerned.
    #[must_use]
    pub fn concerned(&self) -> BTreeSet<&AreaCode> {
        self.heirs.keys().chain(self.drawn.iter().map(|grid| &grid.code)).collect()
    }

    /// The map with this change. What lay in a grid that is concerned lies in the one that has its inner point from then on.
    ///
    /// # Errors
    /// When the map was changed meanwhile so that it makes no sense any more.
    pub fn apply(&self, map: &[AreaShape]) -> Result<Redrawn, RedrawError> {
        let retired: BTreeSet<&AreaCode> = self.retired().collect();
        let known: HashMap<&AreaCode, &AreaShape> = map.iter().map(|area| (&area.code, area)).collect();
        if let Some(gone) = self.heirs.keys().find(|code| !known.contains_key(code)) {
            return Err(RedrawError::Unknown(gone.clone()));
        }
        let mut shapes: Vec<AreaShape> = map.iter().filter(|area| !retired.contains(&area.code)).cloned().collect();
        for grid in &self.drawn {
            match shapes.iter_mut().find(|area| area.code == grid.code) {
                Some(area) => {
                    area.name.clone_from(&grid.name);
                    area.outline = Outline::Surface(grid.ground.clone());
                }
                None => shapes.push(self.new_grid(grid, &known)?),
            }
        }
        self.keep_to_the_street(map)?;
        self.rehang(&mut shapes);
        check_tree(&shapes)?;
        let before = Atlas::build(map.to_vec())?.survey();
        let warnings = Atlas::build(shapes.clone())?.survey();
        Ok(Redrawn { shapes, warnings: warnings.into_iter().filter(|flaw| !is_known(flaw, &before)).collect() })
    }

    /// Refuses ground that is another street's, but for what two surveys differ by.
    fn keep_to_the_street(&self, map: &[AreaShape]) -> Result<(), RedrawError> {
        let streets = map.iter().filter(|area| area.level == Level::Street).filter_map(ground_of);
        let whole = unary_union(streets);
        for grid in &self.drawn {
            let (size, outside) = (square_metres(&grid.ground), square_metres(&grid.ground.difference(&whole)));
            if outside > size * OUTSIDE {
                return Err(RedrawError::Elsewhere(grid.code.clone()));
            }
        }
        Ok(())
    }

    /// A grid that is new: it lies where the first whose ground it takes lay.
    fn new_grid(&self, grid: &Drawn, known: &HashMap<&AreaCode, &AreaShape>) -> Result<AreaShape, RedrawError> {
        let from = self.heirs.iter().find(|(_, heirs)| heirs.contains(&grid.code));
        let from = from.and_then(|(code, _)| known.get(code)).ok_or_else(|| RedrawError::Unknown(grid.code.clone()))?;
        Ok(AreaShape {
            code: grid.code.clone(),
            name: grid.name.clone(),
            address: None,
            outline: Outline::Surface(grid.ground.clone()),
            ..(*from).clone()
        })
    }

    /// Gives what lay in a grid that is concerned its parent from then on.
    fn rehang(&self, shapes: &mut [AreaShape]) {
        let concerned = self.concerned();
        let grounds: Vec<(AreaCode, Level, MultiPolygon<f64>)> =
            shapes.iter().filter_map(|area| Some((area.code.clone(), area.level, ground_of(area)?.clone()))).collect();
        let levels: HashMap<AreaCode, Level> = shapes.iter().map(|area| (area.code.clone(), area.level)).collect();
        let level_of = |code: &AreaCode| {
            let heir = self.heirs.get(code).and_then(|heirs| heirs.first()).unwrap_or(code);
            levels.get(code).or_else(|| levels.get(heir)).copied()
        };
        for area in shapes {
            let Some(parent) = area.parent_code.clone().filter(|parent| concerned.contains(parent)) else { continue };
            let inner = area.outline.inside().map(|place| geo::Point::new(place.longitude(), place.latitude()));
            let holds = |(code, level, ground): &&(AreaCode, Level, MultiPolygon<f64>)| {
                Some(*level) == level_of(&parent)
                    && code.street() == parent.street()
                    && inner.is_some_and(|inner| ground.intersects(&inner))
            };
            let found = grounds.iter().filter(holds).map(|(code, ..)| code).min();
            let heir = self.heirs.get(&parent).and_then(|heirs| heirs.first());
            area.parent_code = found.or(heir).cloned().or(Some(parent));
        }
    }
}

/// The grids of a map that can be drawn anew, by code.
struct Grids<'a> {
    by_code: HashMap<&'a AreaCode, &'a AreaShape>,
}

impl<'a> Grids<'a> {
    fn of(map: &'a [AreaShape]) -> Self {
        Self { by_code: map.iter().map(|area| (&area.code, area)).collect() }
    }

    /// Grids in use that can be drawn anew together, and their ground.
    fn all(
        &self,
        codes: &[AreaCode],
        least: usize,
    ) -> Result<Vec<(&'a AreaShape, &'a MultiPolygon<f64>)>, RedrawError> {
        let distinct: BTreeSet<&AreaCode> = codes.iter().collect();
        if distinct.len() != codes.len() || !(least..=GRIDS).contains(&codes.len()) {
            return Err(RedrawError::Count);
        }
        let found = codes.iter().map(|code| {
            let area = self.by_code.get(code).copied().ok_or_else(|| RedrawError::Unknown(code.clone()))?;
            let ground = ground_of(area).ok_or_else(|| RedrawError::Unknown(code.clone()))?;
            Ok((area, ground))
        });
        let found = found.collect::<Result<Vec<_>, RedrawError>>()?;
        let kinds: BTreeSet<(Level, &str)> = found.iter().map(|(area, _)| (area.level, area.code.street())).collect();
        let is_mixed = kinds.len() > 1 || kinds.iter().any(|(level, _)| *level == Level::Street);
        if is_mixed { Err(RedrawError::Mixed) } else { Ok(found) }
    }

    fn merge(&self, codes: &[AreaCode], into: &AreaCode, name: Option<&str>) -> Result<Redraw, RedrawError> {
        let grids = self.all(codes, 2)?;
        let kept = codes.contains(into).then(|| self.by_code.get(into)).flatten().map(|area| area.name.as_str());
        if kept.is_none() && self.by_code.contains_key(into) {
            return Err(RedrawError::Taken(into.clone()));
        }
        let name = name.or(kept).ok_or(RedrawError::Nameless)?.to_owned();
        let ground = unary_union(grids.iter().map(|(_, ground)| *ground));
        let heirs = codes.iter().map(|code| (code.clone(), vec![into.clone()]));
        Ok(Redraw { heirs: heirs.collect(), drawn: vec![Drawn { code: into.clone(), name, ground }] })
    }

    fn split(&self, code: &AreaCode, parts: &[Drawn]) -> Result<Redraw, RedrawError> {
        let (whole, ground) = self.all(std::slice::from_ref(code), 1)?.remove(0);
        let distinct: BTreeSet<&AreaCode> = parts.iter().map(|part| &part.code).collect();
        if distinct.len() != parts.len() || !(2..=GRIDS).contains(&parts.len()) {
            return Err(RedrawError::Count);
        }
        for part in parts {
            if part.code != *code && self.by_code.contains_key(&part.code) {
                return Err(RedrawError::Taken(part.code.clone()));
            }
            if part.code.street() != whole.code.street() {
                return Err(RedrawError::Mixed);
            }
            if !part.ground.intersects(ground) {
                return Err(RedrawError::Elsewhere(part.code.clone()));
            }
        }
        // What has no place of its own stays with the part that keeps the code, else goes to the first.
        let mut heirs: Vec<AreaCode> = parts.iter().map(|part| part.code.clone()).collect();
        heirs.sort_by_key(|heir| heir != code);
        Ok(Redraw { heirs: BTreeMap::from([(code.clone(), heirs)]), drawn: parts.to_vec() })
    }

    fn recut(&self, cuts: &[(AreaCode, MultiPolygon<f64>)]) -> Result<Redraw, RedrawError> {
        let codes: Vec<AreaCode> = cuts.iter().map(|(code, _)| code.clone()).collect();
        let grids = self.all(&codes, 1)?;
        let drawn = grids.iter().zip(cuts).map(|((area, _), (code, ground))| Drawn {
            code: code.clone(),
            name: area.name.clone(),
            ground: ground.clone(),
        });
        Ok(Redraw { heirs: BTreeMap::new(), drawn: drawn.collect() })
    }
}

/// The ground of a grid.
fn ground_of(area: &AreaShape) -> Option<&MultiPolygon<f64>> {
    match &area.outline {
        Outline::Surface(ground) if area.level.is_grid() => Some(ground),
        _ => None,
    }
}

/// Whether a map had a flaw already, of about the same size.
fn is_known(flaw: &MapWarning, before: &[MapWarning]) -> bool {
    let parts = |flaw: &MapWarning| match flaw {
        MapWarning::Overlap { lower, higher, square_metres, .. } => {
            (lower.clone(), Some(higher.clone()), *square_metres)
        }
        MapWarning::Uncovered { code, square_metres } => (code.clone(), None, *square_metres),
    };
    let (first, second, size) = parts(flaw);
    before.iter().map(parts).any(|(known, other, was)| known == first && other == second && size < was + 1.0)
}

#[cfg(test)]
mod tests;
