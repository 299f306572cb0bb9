//! A change of points changes its cells and no others, and comes to the same as counting anew.

use chrono::{TimeDelta, TimeZone as _, Utc};
use entity::enums::{RequestKind, Source};
use entity::id::{ServiceRequestId, UnitId};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::measure::Place;

/// A point of one of a few days, grids, units and categories.
fn point(number: u128, choice: (i64, u8, u8, bool), value: i64) -> Point {
    let (day, grid, unit, is_open) = choice;
    let start = Utc.with_ymd_and_hms(2026, 11, 23, 1, 0, 0).unwrap();
    Point {
        measure: if grid % 2 == 0 { Measure::Received } else { Measure::Due },
        subject: Uuid::from_u128(number),
        request: ServiceRequestId(Uuid::from_u128(number)),
        at: start + TimeDelta::days(day),
        is_open,
        place: Place {
            street: "310112008".to_owned(),
            area_path: format!("/310112008/D/{grid}/m/"),
            grid_path: format!("/310112008/D/{grid}/"),
            category: format!("CODE.{unit}"),
            channel: Channel::Hotline12345,
            source: Source::Hotline,
            kind: RequestKind::Complaint,
            cell: Some(i64::from(grid)),
        },
        unit: (unit > 0).then(|| UnitId(Uuid::from_u128(unit.into()))),
        values: Values([1, value, 0, 0, 0, 0, 0]),
    }
}

fn summed(points: &[Point]) -> Cells {
    difference(&[], points)
}

#[test]
fn a_settled_point_is_in_one_cell_of_each_dimension() {
    let cells = summed(&[point(1, (0, 2, 1, false), 1)]);
    let keys: Vec<_> = cells.keys().map(|cell| (cell.dimension, cell.key.as_str())).collect();
    let unit = Uuid::from_u128(1).to_string();
    assert_eq!(
        keys,
        [
            (Dimension::All, ""),
            (Dimension::Grid, "/310112008/D/2/"),
            (Dimension::Unit, unit.as_str()),
            (Dimension::Category, "CODE.1"),
            (Dimension::Channel, "HOTLINE_12345"),
            (Dimension::Source, "HOTLINE"),
            (Dimension::Cell, "2"),
        ]
    );
    assert!(summed(&[point(1, (0, 2, 1, true), 1)]).is_empty(), "what is open is in none");
}

#[test]
fn what_stays_changes_nothing() {
    let points = [point(1, (0, 1, 1, false), 1), point(2, (1, 2, 0, false), 0)];
    assert!(difference(&points, &points).is_empty());
}

fn some_points() -> impl Strategy<Value = Vec<Point>> {
    let one = (0..20_u128, (0..3_i64, 0..4_u8, 0..3_u8, any::<bool>()), 0..2_i64);
    proptest::collection::vec(one.prop_map(|(number, choice, value)| point(number, choice, value)), 0..12)
}

proptest! {
    #[test]
    fn differences_add_up_to_counting_anew(steps in proptest::collection::vec(some_points(), 1..6)) {
        let mut kept = Cells::new();
        let mut before: Vec<Point> = Vec::new();
        for after in steps {
            for (cell, values) in difference(&before, &after) {
                kept.entry(cell).or_default().add(&values, 1);
            }
            before = after;
        }
        kept.retain(|_, values| !values.is_zero());
        prop_assert_eq!(kept, summed(&before));
    }
}
