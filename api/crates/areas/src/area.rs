//! Areas: their levels, their codes, and the tree they must form.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use geo::{BoundingRect as _, CoordsIter, InteriorPoint as _, Intersects as _, MultiPolygon};
use serde::{Deserialize, Serialize};

use crate::coordinates::Wgs84Point;

/// How deep an area lies in the tree (区域层级), from the street down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// The sub-district (街道).
    Street,
    /// A disposal grid (处置网格): 4 in 新虹.
    Disposal,
    /// A self-government grid (自治网格), one per neighbourhood or station: 29 in 新虹.
    Autonomy,
    /// A micro grid (微网格), the smallest: 147 in 新虹.
    Micro,
    /// A residential compound (小区).
    Compound,
    /// A building (楼栋).
    Building,
}

impl Level {
    /// Every level, from the street down.
    pub const ALL: [Self; 6] =
        [Self::Street, Self::Disposal, Self::Autonomy, Self::Micro, Self::Compound, Self::Building];

    /// The name used in files and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Street => "STREET",
            Self::Disposal => "DISPOSAL",
            Self::Autonomy => "AUTONOMY",
            Self::Micro => "MICRO",
            Self::Compound => "COMPOUND",
            Self::Building => "BUILDING",
        }
    }

    /// Whether the level divides the whole street without gaps, as opposed to compounds and buildings.
    #[must_use]
    pub const fn is_grid(self) -> bool {
        matches!(self, Self::Street | Self::Disposal | Self::Autonomy | Self::Micro)
    }

    /// Whether an area of this level may have a parent of that level.
    ///
    /// Grids nest level by level. A compound may be wider than a micro grid, and a building may stand outside of any
    /// compound, so those two have a choice.
    /// ```
    /// use areas::Level;
    /// assert!(Level::Micro.may_lie_in(Level::Autonomy));
    /// assert!(!Level::Micro.may_lie_in(Level::Disposal));
    /// assert!(Level::Building.may_lie_in(Level::Micro) && Level::Building.may_lie_in(Level::Compound));
    /// ```
    #[must_use]
    pub const fn may_lie_in(self, parent: Self) -> bool {
        matches!(
            (self, parent),
            (Self::Disposal, Self::Street)
                | (Self::Autonomy, Self::Disposal)
                | (Self::Micro, Self::Autonomy)
                | (Self::Compound, Self::Autonomy | Self::Micro)
                | (Self::Building, Self::Micro | Self::Compound)
        )
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The part of an area's path that names its self-government grid (自治网格); `None` above the grids.
///
/// ```
/// let path = "/310112008/310112008-D1/310112008001/310112008001-01/";
/// assert_eq!(areas::grid_path(path), Some("/310112008/310112008-D1/310112008001/"));
/// assert_eq!(areas::grid_path("/310112008/310112008-D1/"), None);
/// ```
#[must_use]
pub fn grid_path(path: &str) -> Option<&str> {
    let (end, _) = path.match_indices('/').nth(3)?;
    path.get(..=end)
}

/// A text that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the level must be STREET, DISPOSAL, AUTONOMY, MICRO, COMPOUND or BUILDING")]
pub struct UnknownLevel;

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        Self::ALL.into_iter().find(|level| level.as_str() == text).ok_or(UnknownLevel)
    }
}

/// The code of an area (区划代码), which begins with the nine digits of its street.
///
/// The street is 9 digits (GB/T 2260 district, then three of the street) and a neighbourhood 12; a 12-digit code that
/// ends in `000` is the street itself and is kept as 9 digits. Below and between, codes go on with `-`, `A`–`Z` and
/// digits, up to 40 characters. Codes order as text: the lower of two neighbours owns their common edge.
/// ```
/// use areas::AreaCode;
/// assert_eq!("310112008000".parse::<AreaCode>()?, "310112008".parse()?);
/// assert_eq!("310112008001-03".parse::<AreaCode>()?.street(), "310112008");
/// assert!("31011200801".parse::<AreaCode>().is_err()); // 11 digits
/// # Ok::<(), areas::BadAreaCode>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);

impl AreaCode {
    const STREET_DIGITS: usize = 9;
    const NEIGHBOURHOOD_DIGITS: usize = 12;
    /// Characters, as the column holds them.
    pub(crate) const LONGEST: usize = 40;

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nine digits of the street the area lies in.
    #[must_use]
    pub fn street(&self) -> &str {
        self.0.get(..Self::STREET_DIGITS).unwrap_or(&self.0)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no area code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an area code is the street's 9 digits or a neighbourhood's 12, then at most 40 of A-Z, 0-9 and '-'")]
pub struct BadAreaCode;

impl FromStr for AreaCode {
    type Err = BadAreaCode;

    fn from_str(text: &str) -> Result<Self, BadAreaCode> {
        let is_code = |c: u8| c.is_ascii_digit() || c.is_ascii_uppercase() || c == b'-';
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if text.len() > Self::LONGEST || !text.bytes().all(is_code) {
            return Err(BadAreaCode);
        }
        match (digits, digits == text.len()) {
            (Self::NEIGHBOURHOOD_DIGITS, true) => Ok(Self(text.strip_suffix("000").unwrap_or(text).to_owned())),
            (Self::STREET_DIGITS | Self::NEIGHBOURHOOD_DIGITS, _) => Ok(Self(text.to_owned())),
            _ => Err(BadAreaCode),
        }
    }
}

impl TryFrom<String> for AreaCode {
    type Error = BadAreaCode;

    fn try_from(text: String) -> Result<Self, BadAreaCode> {
        text.parse()
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> Self {
        code.0
    }
}

/// What is known of an area's place (位置), in WGS-84 degrees, longitude as x.
#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    /// Its boundary (边界).
    Surface(MultiPolygon<f64>),
    /// One point, for compounds and buildings without a survey.
    Place(Wgs84Point),
}

impl Outline {
    /// A point that lies in it; `None` for a surface without any extent.
    #[must_use]
    pub fn inside(&self) -> Option<Wgs84Point> {
        match self {
            Self::Surface(surface) => {
                let inside = surface.interior_point()?;
                Wgs84Point::new(inside.x(), inside.y()).ok()
            }
            Self::Place(place) => Some(*place),
        }
    }

    /// Places that stand for it, on a lattice of its own: about so many of a surface, and one at least of what has any extent.
    #[must_use]
    pub fn sampled(&self, about: usize) -> Vec<Wgs84Point> {
        let Self::Surface(surface) = self else { return self.inside().into_iter().collect() };
        let Some(bounds) = surface.bounding_rect() else { return Vec::new() };
        // Of a surface that fills half of its bounds, as most do about.
        let side = ((about.max(1) * 2) as f64).sqrt().ceil();
        let step = (bounds.width() / side, bounds.height() / side);
        let along = |from: f64, step: f64| (0..side as u32).map(move |at| from + (f64::from(at) + 0.5) * step);
        let lattice = along(bounds.min().x, step.0)
            .flat_map(|x| along(bounds.min().y, step.1).map(move |y| geo::Coord { x, y }))
            .filter(|place| surface.intersects(place));
        let places: Vec<Wgs84Point> = lattice.filter_map(|place| Wgs84Point::new(place.x, place.y).ok()).collect();
        if places.is_empty() { self.inside().into_iter().collect() } else { places }
    }
}

/// An area as files, the demo town and the atlas know it (区域).
#[derive(Debug, Clone, PartialEq)]
pub struct AreaShape {
    /// Its unique code.
    pub code: AreaCode,
    /// Its level.
    pub level: Level,
    /// The code of the area it lies in; only a street has none.
    pub parent_code: Option<AreaCode>,
    /// Its Chinese name.
    pub name: String,
    /// Its postal address: of the demo town's buildings, for their reports. Neither read from files nor stored.
    pub address: Option<String>,
    /// Whether it was made up for demonstration.
    pub is_demo: bool,
    /// Where it is.
    pub outline: Outline,
}

/// An area that does not fit the tree, by its position in the list (层级错误).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("area {index}: {problem}")]
pub struct TreeError {
    /// Position in the list, from 0.
    pub index: usize,
    /// What does not fit.
    pub problem: TreeProblem,
}

/// Why an area does not fit the tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeProblem {
    /// The code was used by an earlier area.
    #[error("code {0} is used twice")]
    CodeRepeated(AreaCode),
    /// The code has the wrong number of digits for a street or a self-government grid.
    #[error("code {0} does not suit its level: a street has 9 digits, a self-government grid 12")]
    CodeUnsuited(AreaCode),
    /// A street has a parent, or another area has none.
    #[error("a street has no parent and every other area has one")]
    ParentMisplaced,
    /// The parent is not in the list.
    #[error("parent {0} does not exist")]
    ParentUnknown(AreaCode),
    /// The parent belongs to another street.
    #[error("parent {0} belongs to another street")]
    ParentForeign(AreaCode),
    /// The levels do not follow each other.
    #[error("an area of level {child} cannot lie in one of level {parent}")]
    LevelsDoNotNest {
        /// The level of the area.
        child: Level,
        /// The level of its parent.
        parent: Level,
    },
    /// A grid level without a boundary.
    #[error("a grid needs a boundary, not a point")]
    NeedsSurface,
    /// A vertex that is NaN or infinite.
    #[error("the boundary has a vertex that is not finite")]
    NotFinite,
}

/// Checks that the areas form trees: unique codes, parents that exist, levels that nest, grids that have a boundary.
///
/// # Errors
/// The first area that does not fit, by position, and why.
/// ```
/// use areas::{check_tree, demo_town, TreeProblem};
/// let mut town = demo_town();
/// assert!(check_tree(&town).is_ok());
/// town.remove(0);
/// assert!(matches!(check_tree(&town).unwrap_err().problem, TreeProblem::ParentUnknown(_)));
/// ```
pub fn check_tree(areas: &[AreaShape]) -> Result<(), TreeError> {
    let mut levels = HashMap::with_capacity(areas.len());
    for (index, area) in areas.iter().enumerate() {
        if levels.insert(&area.code, area.level).is_some() {
            return Err(TreeError { index, problem: TreeProblem::CodeRepeated(area.code.clone()) });
        }
    }
    for (index, area) in areas.iter().enumerate() {
        check_alone(area).and_then(|()| check_parent(area, &levels)).map_err(|problem| TreeError { index, problem })?;
    }
    Ok(())
}

fn check_alone(area: &AreaShape) -> Result<(), TreeProblem> {
    let code = area.code.as_str();
    let is_number_of = |digits| code.len() == digits && !code.contains(|c: char| !c.is_ascii_digit());
    let suits = match area.level {
        Level::Street => is_number_of(AreaCode::STREET_DIGITS),
        Level::Autonomy => is_number_of(AreaCode::NEIGHBOURHOOD_DIGITS),
        _ => true,
    };
    if !suits {
        return Err(TreeProblem::CodeUnsuited(area.code.clone()));
    }
    match &area.outline {
        Outline::Surface(surface)
            if !surface.coords_iter().all(|vertex| vertex.x.is_finite() && vertex.y.is_finite()) =>
        {
            Err(TreeProblem::NotFinite)
        }
        Outline::Place(_) if area.level.is_grid() => Err(TreeProblem::NeedsSurface),
        _ => Ok(()),
    }
}

fn check_parent(area: &AreaShape, levels: &HashMap<&AreaCode, Level>) -> Result<(), TreeProblem> {
    let parent = match (area.level, &area.parent_code) {
        (Level::Street, None) => return Ok(()),
        (Level::Street, Some(_)) | (_, None) => return Err(TreeProblem::ParentMisplaced),
        (_, Some(parent)) => parent,
    };
    let level = *levels.get(parent).ok_or_else(|| TreeProblem::ParentUnknown(parent.clone()))?;
    if !area.level.may_lie_in(level) {
        return Err(TreeProblem::LevelsDoNotNest { child: area.level, parent: level });
    }
    if parent.street() != area.code.street() {
        return Err(TreeProblem::ParentForeign(parent.clone()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
