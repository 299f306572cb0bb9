//! Cells of about 500 m (位置网格): what facts, neighbours and the public may know of a place.
//!
//! The public list is asked by cells and answers with cells, so that nobody can close in on a reporter's door by moving a
//! circle about.

use areas::Wgs84Point;

/// 500 m north.
const LATITUDE_STEP: f64 = 0.0045;
/// 500 m east, at Shanghai's latitude.
const LONGITUDE_STEP: f64 = 0.00525;
/// More than the columns around the globe.
const ROW: i64 = 1_000_000;
/// The widest circle that is looked at, in cells from its middle.
const REACH: i64 = 6;

/// The cell of a place.
///
/// ```
/// let place = areas::Wgs84Point::new(121.32, 31.195)?;
/// let cell = requests::cell_of(place);
/// assert!(requests::middle_of(cell).is_some_and(|middle| middle.metres_to(place) < 360.0));
/// # Ok::<(), areas::CoordinateError>(())
/// ```
#[must_use]
pub fn cell_of(place: Wgs84Point) -> i64 {
    let row = ((place.latitude() + 90.0) / LATITUDE_STEP).floor() as i64;
    let column = ((place.longitude() + 180.0) / LONGITUDE_STEP).floor() as i64;
    row * ROW + column
}

/// The middle of a cell; `None` for a number that is no cell.
#[must_use]
pub fn middle_of(cell: i64) -> Option<Wgs84Point> {
    let (row, column) = (cell.div_euclid(ROW) as f64, cell.rem_euclid(ROW) as f64);
    let longitude = (column + 0.5) * LONGITUDE_STEP - 180.0;
    let latitude = (row + 0.5) * LATITUDE_STEP - 90.0;
    Wgs84Point::new(longitude, latitude).ok()
}

/// The cells that a circle touches, at most 3 km wide to each side.
#[must_use]
pub fn cells_around(place: Wgs84Point, metres: f64) -> Vec<i64> {
    let reach = ((metres.max(0.0) / 500.0).ceil() as i64).min(REACH);
    let middle = cell_of(place);
    let rows = -reach..=reach;
    rows.flat_map(|row| (-reach..=reach).map(move |column| middle + row * ROW + column)).collect()
}
