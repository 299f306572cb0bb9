//! A made-up city: the demo town many times over, side by side.

use geo::MapCoords as _;

use super::{STREET_CODE, demo_town};
use crate::area::{AreaCode, AreaShape, Level, Outline};
use crate::coordinates::Wgs84Point;

/// How far apart the streets of a city begin, in degrees east and north: as wide and high as a street, and a gap. A hundred lie within
/// the margin of what is served.
const APART: (f64, f64) = (0.06, 0.035);
/// Streets in a row.
const ROW: usize = 10;
/// The first number of a made-up street; the demo town keeps its own.
const FIRST: usize = 700;

/// So many demo streets, at most 100, in rows around the first, which is the demo town. For measuring what a city costs.
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
    let (east, north) = (APART.0 * steps(number % ROW), APART.1 * steps(number / ROW));
    let outline = match &area.outline {
        Outline::Place(point) => Outline::Place(Wgs84Point::new(point.longitude() + east, point.latitude() + north)?),
        Outline::Surface(surface) => {
            Outline::Surface(surface.map_coords(|at| geo::Coord { x: at.x + east, y: at.y + north }))
        }
    };
    Ok(AreaShape {
        code: code(&area.code)?,
        parent_code: area.parent_code.as_ref().map(code).transpose()?,
        name: if area.level == Level::Street { format!("演示街道{number}") } else { area.name.clone() },
        outline,
        ..area.clone()
    })
}

/// Now to one side, now to the other: 0, 1, -1, 2, -2 …
fn steps(number: usize) -> f64 {
    let steps = number.div_ceil(2) as f64;
    if number % 2 == 1 { steps } else { -steps }
}
