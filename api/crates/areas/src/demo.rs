//! A made-up town of true size, for the first run and for tests.
//!
//! One street, 4 + 29 + 147 grids without gaps, 60 compounds and 400 buildings, the same on every machine. The grids
//! are cells of a 21 × 7 lattice whose corners are pushed about; neighbours use the very same corners, so they can
//! neither overlap nor leave gaps. Some names are those of real places, the boundaries and addresses are not: every
//! area says `is_demo`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use geo::{Coord, LineString, MultiPolygon, Polygon};

use crate::area::{AreaCode, AreaShape, Level, Outline};
use crate::coordinates::Wgs84Point;

mod city;
mod names;
pub use city::demo_city;
use names::{CHINESE_DIGITS, DISPOSALS, NEIGHBOURHOODS, Neighbourhood, ROADS};

const STREET_CODE: &str = "310112008";
const COLUMNS: usize = 21;
const ROWS: usize = 7;
const MICROS: usize = COLUMNS * ROWS;
const AUTONOMIES: usize = NEIGHBOURHOODS.len();
const COMPOUNDS: usize = 60;
const BUILDINGS_PER_COMPOUND: usize = 6;
const OFFICES: usize = 40;

/// The demo town (演示数据): 1 street, 4 + 29 + 147 grids, 60 compounds, 400 buildings; parents before children.
///
/// The street measures 19 km² as the real one does, inside [`crate::Bounds::XINHONG`].
/// ```
/// use areas::{Level, demo_town};
/// let town = demo_town();
/// let count = |level| town.iter().filter(|area| area.level == level).count();
/// assert_eq!(Level::ALL.map(count), [1, 4, 29, 147, 60, 400]);
/// ```
#[must_use]
pub fn demo_town() -> Vec<AreaShape> {
    let mut town = Town { lattice: Lattice::new(), areas: Vec::new() };
    town.add_grid(STREET_CODE, Level::Street, None, "新虹街道", 0..MICROS);
    for (number, name) in DISPOSALS.iter().enumerate() {
        let autonomies = share(number, DISPOSALS.len(), AUTONOMIES);
        let cells = first_micro(autonomies.start)..first_micro(autonomies.end);
        let code = format!("{STREET_CODE}-D{}", number + 1);
        town.add_grid(&code, Level::Disposal, Some(STREET_CODE), &format!("{name}处置网格"), cells);
        for (neighbourhood, position) in NEIGHBOURHOODS.iter().zip(0..).skip(autonomies.start).take(autonomies.len()) {
            town.add_neighbourhood(position, neighbourhood, &code);
        }
    }
    town.areas
}

/// The part of `total` that falls to one of several as even as can be.
fn share(number: usize, of: usize, total: usize) -> Range<usize> {
    number * total / of..(number + 1) * total / of
}

fn first_micro(autonomy: usize) -> usize {
    autonomy * MICROS / AUTONOMIES
}

struct Town {
    lattice: Lattice,
    areas: Vec<AreaShape>,
}

impl Town {
    fn add_neighbourhood(&mut self, position: usize, neighbourhood: &Neighbourhood, disposal: &str) {
        let cells = share(position, AUTONOMIES, MICROS);
        let code = format!("{STREET_CODE}{:03}", position + 1);
        self.add_grid(&code, Level::Autonomy, Some(disposal), &neighbourhood.title(), cells.clone());
        let compounds = neighbourhood.rank_among_homes().map_or(0, |(rank, of)| share(rank, of, COMPOUNDS).len());
        for (number, cell) in cells.enumerate() {
            let micro = format!("{code}-{:02}", number + 1);
            let ordinal = CHINESE_DIGITS.get(number).copied().unwrap_or_default();
            let name = format!("{}第{ordinal}微网格", neighbourhood.title());
            self.add_grid(&micro, Level::Micro, Some(&code), &name, cell..cell + 1);
            if number < compounds {
                self.add_compound(&micro, cell, &neighbourhood.compound_name(number));
            }
            if neighbourhood.is_station {
                self.add_offices(&micro, cell, neighbourhood.stem);
            }
        }
    }

    fn add_compound(&mut self, micro: &str, cell: usize, name: &str) {
        let code = format!("{micro}-C1");
        let lane = format!("{}{}弄", road(cell), 100 + cell * 6);
        self.add_place(
            &code,
            Level::Compound,
            micro,
            name.to_owned(),
            lane.clone(),
            self.lattice.inside(cell, 0.5, 0.5),
        );
        for number in 0..BUILDINGS_PER_COMPOUND {
            let (column, row) = (number % 3, number / 3);
            let place = self.lattice.inside(cell, 0.3 + 0.2 * column as f64, 0.35 + 0.3 * row as f64);
            let (label, address) = (format!("{name}{}号楼", number + 1), format!("{lane}{}号", number + 1));
            self.add_place(&format!("{code}-B{:02}", number + 1), Level::Building, &code, label, address, place);
        }
    }

    /// Spreads the forty offices over the micro grids of the stations, one or two to each.
    fn add_offices(&mut self, micro: &str, cell: usize, stem: &str) {
        let is_office = |cell: &usize| NEIGHBOURHOODS.get(autonomy_of(*cell)).is_some_and(|it| it.is_station);
        let (rank, of) = ((0..cell).filter(is_office).count(), (0..MICROS).filter(is_office).count());
        for (number, office) in share(rank, of, OFFICES).enumerate() {
            let place = self.lattice.inside(cell, 0.35 + 0.3 * number as f64, 0.5);
            let (name, address) =
                (format!("{stem}商务楼{}座", office + 1), format!("{}{}号", road(cell), 600 + office * 8));
            self.add_place(&format!("{micro}-B{:02}", number + 1), Level::Building, micro, name, address, place);
        }
    }

    fn add_grid(&mut self, code: &str, level: Level, parent: Option<&str>, name: &str, cells: Range<usize>) {
        let outline = Outline::Surface(self.lattice.union(cells));
        self.add(code, level, parent, name.to_owned(), None, outline);
    }

    fn add_place(&mut self, code: &str, level: Level, parent: &str, name: String, address: String, at: (f64, f64)) {
        if let Ok(point) = Wgs84Point::new(at.0, at.1) {
            self.add(code, level, Some(parent), name, Some(address), Outline::Place(point));
        }
    }

    /// The codes are made here and all parse; the tests count the areas, so none can go missing.
    fn add(
        &mut self,
        code: &str,
        level: Level,
        parent: Option<&str>,
        name: String,
        address: Option<String>,
        outline: Outline,
    ) {
        let parent_code: Option<AreaCode> = parent.and_then(|parent| parent.parse().ok());
        if let Ok(code) = code.parse() {
            self.areas.push(AreaShape { code, level, parent_code, name, address, is_demo: true, outline });
        }
    }
}

fn autonomy_of(cell: usize) -> usize {
    (0..AUTONOMIES).rfind(|autonomy| first_micro(*autonomy) <= cell).unwrap_or_default()
}

fn road(cell: usize) -> &'static str {
    ROADS.get(autonomy_of(cell) % ROADS.len()).copied().unwrap_or_default()
}

/// Column and row of a corner.
type Corner = (usize, usize);

/// The corners of the cells, counted in units of 1e-7° (1 cm) so that they are the same everywhere.
struct Lattice {
    corners: BTreeMap<Corner, Coord<f64>>,
}

impl Lattice {
    fn new() -> Self {
        let corners = (0..=COLUMNS).flat_map(|column| (0..=ROWS).map(move |row| (column, row)));
        Self { corners: corners.map(|corner| (corner, Self::place(corner))).collect() }
    }

    /// A corner's regular place, pushed by at most 15 % of a cell: little enough for every cell to stay convex.
    fn place((column, row): Corner) -> Coord<f64> {
        const SOUTH_WEST: (usize, usize) = (1_212_860_000, 311_750_000);
        const CELL: (usize, usize) = (28_000, 44_000);
        const PER_DEGREE: f64 = 1e7;
        let mut dice = SplitMix64((column * (ROWS + 1) + row) as u64);
        let mut pushed = |start: usize, steps: usize, cell: usize| {
            let reach = cell * 15 / 100;
            let push = dice.draw() % (2 * reach as u64 + 1);
            (start + steps * cell - reach) as f64 + push as f64
        };
        Coord {
            x: pushed(SOUTH_WEST.0, column, CELL.0) / PER_DEGREE,
            y: pushed(SOUTH_WEST.1, row, CELL.1) / PER_DEGREE,
        }
    }

    /// The boundary of a run of cells: the sides that no other cell of the run has, walked counter-clockwise.
    fn union(&self, cells: Range<usize>) -> MultiPolygon<f64> {
        let mut sides: BTreeSet<(Corner, Corner)> = BTreeSet::new();
        for [a, b, c, d] in cells.map(corners_of) {
            for (from, to) in [(a, b), (b, c), (c, d), (d, a)] {
                // A neighbour walks the common side the other way; the two cancel.
                if !sides.remove(&(to, from)) {
                    sides.insert((from, to));
                }
            }
        }
        let mut sides: BTreeMap<Corner, Corner> = sides.into_iter().collect();
        let mut ring = Vec::new();
        let mut next = sides.first_key_value().map(|(corner, _)| *corner);
        while let Some(corner) = next {
            ring.extend(self.corners.get(&corner));
            next = sides.remove(&corner);
        }
        MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())])
    }

    /// A place inside a cell, by its shares of the way east and north, on the same 1 cm raster.
    fn inside(&self, cell: usize, east: f64, north: f64) -> (f64, f64) {
        let [a, b, c, d] = corners_of(cell).map(|corner| self.corners.get(&corner).copied().unwrap_or_default());
        let place = (a * (1.0 - east) + b * east) * (1.0 - north) + (d * (1.0 - east) + c * east) * north;
        let rastered = |degrees: f64| (degrees * 1e7).round() / 1e7;
        (rastered(place.x), rastered(place.y))
    }
}

/// The corners of the n-th cell, counter-clockwise from the south-west.
///
/// Cells are counted up one column and down the next, so that each run of them hangs together without a hole.
fn corners_of(cell: usize) -> [Corner; 4] {
    let (column, step) = (cell / ROWS, cell % ROWS);
    let row = if column.is_multiple_of(2) { step } else { ROWS - 1 - step };
    [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
}

/// The published `SplitMix64` generator: enough to push corners about, and the same everywhere.
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests;
