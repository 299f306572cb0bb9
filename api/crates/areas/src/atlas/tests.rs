use super::*;
use crate::demo::{SplitMix64, demo_town};
use geo::{Contains, CoordsIter, LinesIter, Rect};

fn surface<'a>(town: &'a [AreaShape], code: &str) -> &'a MultiPolygon<f64> {
    match &town.iter().find(|area| area.code.as_str() == code).unwrap().outline {
        Outline::Surface(surface) => surface,
        Outline::Place(_) => panic!("{code} has no surface"),
    }
}

fn grid(code: &str, level: Level, parent: Option<&str>, west: f64, east: f64) -> AreaShape {
    AreaShape {
        code: code.parse().unwrap(),
        level,
        parent_code: parent.map(|code| code.parse().unwrap()),
        name: String::from("试"),
        address: None,
        is_demo: true,
        outline: Outline::Surface(MultiPolygon(vec![Rect::new((west, 31.0), (east, 32.0)).to_polygon()])),
    }
}

/// Two micro grids that overlap on [3, 4] and leave [6, 8] and, with their parents, [8, 10] uncovered.
fn flawed() -> Vec<AreaShape> {
    vec![
        grid("310112008", Level::Street, None, 120.0, 120.010),
        grid("310112008-D1", Level::Disposal, Some("310112008"), 120.0, 120.008),
        grid("310112008001", Level::Autonomy, Some("310112008-D1"), 120.0, 120.008),
        grid("310112008001-02", Level::Micro, Some("310112008001"), 120.0, 120.004),
        grid("310112008001-01", Level::Micro, Some("310112008001"), 120.003, 120.006),
    ]
}

fn at(lng: f64) -> Wgs84Point {
    Wgs84Point::new(lng, 31.5).unwrap()
}

#[test]
fn ten_thousand_points_each_hit_one_micro_grid() {
    let town = demo_town();
    let street = surface(&town, "310112008").clone();
    let frame = street.bounding_rect().unwrap();
    let surfaces: HashMap<_, _> = town
        .iter()
        .filter(|area| area.level.is_grid())
        .map(|area| (&area.code, surface(&town, area.code.as_str())))
        .collect();
    let micros: Vec<_> = town.iter().filter(|area| area.level == Level::Micro).map(|area| &area.code).collect();
    let atlas = Atlas::build(town.clone()).unwrap();
    let mut dice = SplitMix64(20_260_101);
    let mut hits = 0;
    while hits < 10_000 {
        let unit = |bits: u64| (bits >> 11) as f64 / (1u64 << 53) as f64;
        let place = geo::Point::new(
            frame.min().x + unit(dice.draw()) * frame.width(),
            frame.min().y + unit(dice.draw()) * frame.height(),
        );
        let located = atlas.locate(Wgs84Point::new(place.x(), place.y()).unwrap());
        assert_eq!(located.is_some(), street.contains(&place));
        let Some(located) = located else { continue };
        hits += 1;
        let found: Vec<_> = micros.iter().copied().filter(|code| surfaces[code].intersects(&place)).collect();
        assert_eq!(found, [located.micro.as_ref().unwrap()]);
        for ancestor in [&located.autonomy, &located.disposal] {
            assert!(surfaces[ancestor.as_ref().unwrap()].contains(&place));
        }
    }
}

#[test]
fn a_corner_belongs_to_the_lowest_code_around_it() {
    let town = demo_town();
    let atlas = Atlas::build(town.clone()).unwrap();
    let micros: Vec<_> = town.iter().filter(|area| area.level == Level::Micro).collect();
    for area in &micros {
        for corner in surface(&town, area.code.as_str()).coords_iter() {
            let touching =
                micros.iter().filter(|other| surface(&town, other.code.as_str()).coords_iter().any(|c| c == corner));
            let lowest = touching.map(|other| &other.code).min();
            let located = atlas.locate(Wgs84Point::new(corner.x, corner.y).unwrap()).unwrap();
            assert_eq!(located.micro.as_ref(), lowest);
        }
    }
}

#[test]
fn an_edge_and_an_overlap_belong_to_the_lower_code() {
    let micro = |lng| Atlas::build(flawed()).unwrap().locate(at(lng)).unwrap().micro.unwrap().to_string();
    assert_eq!(micro(120.001), "310112008001-02");
    assert_eq!(micro(120.003), "310112008001-01");
    assert_eq!(micro(120.0035), "310112008001-01");
    assert_eq!(micro(120.004), "310112008001-01");
}

#[test]
fn in_a_gap_the_grid_around_it_answers() {
    let atlas = Atlas::build(flawed()).unwrap();
    let gap = atlas.locate(at(120.007)).unwrap();
    assert_eq!((gap.micro.as_ref(), gap.deepest().as_str()), (None, "310112008001"));
    assert_eq!(atlas.locate(at(120.009)).unwrap().deepest().as_str(), "310112008");
    assert_eq!(atlas.locate(at(120.011)), None);
    assert_eq!(Atlas::build(vec![]).unwrap().locate(at(120.0)), None);
}

#[test]
fn flaws_are_surveyed_with_their_size() {
    let warnings = Atlas::build(flawed()).unwrap().survey();
    // A thousandth of a degree is about 95 m wide here, and a degree 111 km high.
    let sized = |square_metres: f64| (square_metres / 1e6).round();
    let [
        MapWarning::Overlap { level: Level::Micro, lower, higher, square_metres: shared },
        MapWarning::Uncovered { code: street, square_metres: bare_street },
        MapWarning::Uncovered { code: autonomy, square_metres: bare_autonomy },
    ] = warnings.as_slice()
    else {
        panic!("{warnings:?}")
    };
    assert_eq!((lower.as_str(), higher.as_str()), ("310112008001-01", "310112008001-02"));
    assert_eq!((street.as_str(), autonomy.as_str()), ("310112008", "310112008001"));
    assert_eq!([*shared, *bare_street, *bare_autonomy].map(sized), [11.0, 21.0, 21.0]);
}

#[test]
fn neighbours_of_the_demo_town_share_whole_edges() {
    let town = demo_town();
    let mut sides = HashMap::new();
    for area in town.iter().filter(|area| area.level == Level::Micro) {
        for line in surface(&town, area.code.as_str()).lines_iter() {
            let ends = [line.start, line.end].map(|c| (c.x.to_bits(), c.y.to_bits()));
            *sides.entry([ends[0].min(ends[1]), ends[0].max(ends[1])]).or_insert(0) += 1;
        }
    }
    let rim = surface(&town, "310112008").lines_iter().count();
    assert_eq!(sides.values().filter(|count| **count == 1).count(), rim);
    assert!(sides.values().all(|count| *count <= 2));
}
