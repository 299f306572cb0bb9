//! A made-up city: the demo town many times over, side by side.

use geo::MapCoords as _;

use super::{STREET_CODE, demo_town};
use crate::area::{AreaCode, AreaShape, Level, Outline};
use crate::coordinates::{CoordinateError, Wgs84Point};

/// How far apart the streets of a city begin, in degrees of longitude: as wide as a street, and a gap.
const APART: f64 = 0.1;
/// The first number of a made-up street; the demo town keeps its own.
const FIRST: usize = 700;

/// So many demo streets, at most 100, from west to east; the first is the demo town. For measuring what a city costs.
///
/// # Errors
/// When a street would lie beyond the end of the world.
///
/// ```
/// use areas::{Level, demo_city};
/// let streets: Vec<_> = demo_city(3)?.into_iter().filter(|area| area.level == Level::Street).collect();
/// let codes: Vec<_> = streets.iter().map(|street| street.code.as_str()).collect();
/// assert_eq!(codes, ["310112008", "310112701", "310112702"]);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub fn demo_city(streets: usize) -> Result<Vec<AreaShape>, Box<dyn std::error::Error + Send + Sync>> {
    let town = demo_town();
    let mut city = town.clone();
    for number in 1..streets.min(100) {
        for area in &town {
            city.push(moved(area, number)?);
        }
    }
    Ok(city)
}

fn moved(area: &AreaShape, number: usize) -> Result<AreaShape, Box<dyn std::error::Error + Send + Sync>> {
    let street = format!("310112{}", FIRST + number);
    let code = |code: &AreaCode| code.as_str().replacen(STREET_CODE, &street, 1).parse::<AreaCode>();
    let east = APART * number as f64;
    let outline = match &area.outline {
        Outline::Place(point) => Outline::Place(shifted(*point, east)?),
        Outline::Surface(surface) => Outline::Surface(surface.map_coords(|at| geo::Coord { x: at.x + east, y: at.y })),
    };
    Ok(AreaShape {
        code: code(&area.code)?,
        parent_code: area.parent_code.as_ref().map(code).transpose()?,
        name: if area.level == Level::Street { format!("演示街道{number}") } else { area.name.clone() },
        outline,
        ..area.clone()
    })
}

fn shifted(point: Wgs84Point, east: f64) -> Result<Wgs84Point, CoordinateError> {
    Wgs84Point::new(point.longitude() + east, point.latitude())
}
