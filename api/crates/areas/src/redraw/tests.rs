//! The demo town, drawn anew: whatever is wished, the map stays a tree, no ground is lost, and every place has a grid.

use geo::{BoundingRect as _, Coord, InteriorPoint as _, Rect};
use proptest::prelude::*;

use super::*;
use crate::coordinates::Wgs84Point;
use crate::demo_town;

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

/// The micro grids of a neighbourhood, from west to east.
fn micros(town: &[AreaShape], parent: &str) -> Vec<AreaShape> {
    let is_below = |area: &&AreaShape| {
        area.level == Level::Micro && area.parent_code.as_ref().is_some_and(|code| code.as_str() == parent)
    };
    town.iter().filter(is_below).cloned().collect()
}

fn ground(area: &AreaShape) -> MultiPolygon<f64> {
    ground_of(area).unwrap().clone()
}

/// West and east half of some ground.
fn halves(whole: &MultiPolygon<f64>) -> [MultiPolygon<f64>; 2] {
    let rect = whole.bounding_rect().unwrap();
    // To the seventh digit, as boundaries are kept.
    let middle = (rect.center().x * 1e7).round() / 1e7;
    let half = |west: f64, east: f64| {
        let rect = Rect::new(Coord { x: west, y: rect.min().y }, Coord { x: east, y: rect.max().y });
        geo::BooleanOps::intersection(whole, &MultiPolygon::from(rect.to_polygon()))
    };
    [half(rect.min().x, middle), half(middle, rect.max().x)]
}

fn split(of: &AreaShape, codes: [&str; 2]) -> Wish {
    let parts = codes.iter().zip(halves(&ground(of)));
    let parts = parts.map(|(part, ground)| Drawn { code: code(part), name: format!("网格{part}"), ground });
    Wish::Split { grid: of.code.clone(), parts: parts.collect() }
}

fn located(map: &[AreaShape], at: (f64, f64)) -> Option<AreaCode> {
    let atlas = Atlas::build(map.to_vec()).unwrap();
    atlas.locate(Wgs84Point::new(at.0, at.1).unwrap()).map(|located| located.deepest().clone())
}

/// A place inside of a grid.
fn inside(ground: &MultiPolygon<f64>) -> (f64, f64) {
    ground.interior_point().unwrap().x_y()
}

#[test]
fn grids_that_are_merged_leave_one_with_the_ground_of_all() {
    let town = demo_town();
    let grids = micros(&town, "310112008001");
    let codes: Vec<AreaCode> = grids.iter().map(|grid| grid.code.clone()).collect();
    let into = code("310112008001-90");
    let wish = Wish::Merge { grids: codes.clone(), into: into.clone(), name: Some("东片".to_owned()) };
    let (redraw, Redrawn { shapes, warnings }) = Redraw::plan(&town, &wish).unwrap();
    assert!(redraw.retired().eq(codes.iter()), "a new grid takes the place of all");
    assert_eq!(warnings, []);
    for grid in &grids {
        assert_eq!(located(&shapes, inside(&ground(grid))).as_ref(), Some(&into));
        assert!(shapes.iter().all(|area| area.code != grid.code));
    }
    assert!(shapes.iter().all(|area| area.parent_code.as_ref().is_none_or(|parent| !codes.contains(parent))));
}

#[test]
fn one_of_the_grids_may_take_the_others_and_keeps_name_and_code() {
    let town = demo_town();
    let grids = micros(&town, "310112008001");
    let codes: Vec<AreaCode> = grids.iter().map(|grid| grid.code.clone()).collect();
    let wish = Wish::Merge { grids: codes.clone(), into: codes[0].clone(), name: None };
    let (redraw, _) = Redraw::plan(&town, &wish).unwrap();
    assert!(redraw.retired().eq(codes[1..].iter()));
    assert_eq!(redraw.drawn[0].name, grids[0].name);
}

#[test]
fn what_lies_in_a_grid_that_is_split_goes_to_the_part_that_has_it() {
    let town = demo_town();
    let grid = &micros(&town, "310112008001")[0];
    for codes in [[grid.code.as_str(), "310112008001-91"], ["310112008001-91", grid.code.as_str()]] {
        let (redraw, Redrawn { shapes, warnings }) = Redraw::plan(&town, &split(grid, codes)).unwrap();
        assert_eq!(redraw.retired().count(), 0);
        assert_eq!(redraw.heirs[&grid.code][0], grid.code, "what has no place stays");
        assert_eq!(warnings, []);
        for (part, ground) in codes.iter().zip(halves(&ground(grid))) {
            assert_eq!(located(&shapes, inside(&ground)), Some(code(part)));
        }
        let below = |area: &&AreaShape| area.parent_code.as_ref() == Some(&grid.code);
        for child in town.iter().filter(below) {
            let now = shapes.iter().find(|area| area.code == child.code).unwrap();
            let at = match &child.outline {
                Outline::Place(place) => (place.longitude(), place.latitude()),
                Outline::Surface(surface) => inside(surface),
            };
            assert_eq!(now.parent_code, located(&shapes, at), "{}", child.code.as_str());
        }
    }
}

#[test]
fn a_neighbourhood_takes_the_micro_grids_of_another() {
    let town = demo_town();
    let [first, second] = [code("310112008001"), code("310112008002")];
    let wish = Wish::Merge { grids: vec![first.clone(), second.clone()], into: first.clone(), name: None };
    let (_, Redrawn { shapes, .. }) = Redraw::plan(&town, &wish).unwrap();
    let of = |map: &[AreaShape], parent: &AreaCode| {
        map.iter().filter(|area| area.parent_code.as_ref() == Some(parent)).count()
    };
    assert_eq!(of(&shapes, &first), of(&town, &first) + of(&town, &second));
    assert_eq!(shapes.len(), town.len() - 1);
}

#[test]
fn a_boundary_that_is_moved_warns_of_ground_that_two_or_none_have() {
    let town = demo_town();
    let grids = micros(&town, "310112008001");
    let [west, east] = halves(&ground(&grids[0]));
    let cut = |code: &AreaCode, ground| {
        Redraw::plan(&town, &Wish::Recut { grids: vec![(code.clone(), ground)] }).unwrap().1.warnings
    };
    let warnings = cut(&grids[0].code, west);
    assert!(matches!(&warnings[..], [MapWarning::Uncovered { code, .. }] if code.as_str() == "310112008001"));
    let wider = unary_union([&east, &ground(&grids[1])]);
    let warnings = cut(&grids[1].code, wider);
    assert!(matches!(&warnings[..], [MapWarning::Overlap { .. }]), "{warnings:?}");
}

#[test]
fn a_wish_that_makes_no_sense_is_refused() {
    let town = demo_town();
    let grids = micros(&town, "310112008001");
    let (one, two) = (grids[0].code.clone(), grids[1].code.clone());
    let refused = |wish: &Wish| Redraw::plan(&town, wish).map(|_| ());
    let merge = |grids: Vec<AreaCode>, into: AreaCode, name: Option<&str>| {
        refused(&Wish::Merge { grids, into, name: name.map(str::to_owned) })
    };
    let unknown = code("310112008999-01");
    let new = code("310112008001-95");
    let cases = [
        (merge(vec![one.clone()], one.clone(), None), RedrawError::Count),
        (merge(vec![one.clone(), one.clone()], one.clone(), None), RedrawError::Count),
        (merge(vec![one.clone(), unknown.clone()], one.clone(), None), RedrawError::Unknown(unknown)),
        (merge(vec![one.clone(), code("310112008002")], one.clone(), None), RedrawError::Mixed),
        (merge(vec![one.clone(), two.clone()], code("310112008002"), None), RedrawError::Taken(code("310112008002"))),
        (merge(vec![one.clone(), two.clone()], new.clone(), None), RedrawError::Nameless),
        (merge(vec![code("310112008")], code("310112008"), None), RedrawError::Count),
    ];
    for (answer, because) in cases {
        assert_eq!(answer, Err(because));
    }
    let street = Wish::Recut { grids: vec![(code("310112008"), ground(&grids[0]))] };
    assert_eq!(refused(&street), Err(RedrawError::Mixed));
    let beyond = Rect::new(Coord { x: 121.40, y: 31.18 }, Coord { x: 121.41, y: 31.19 });
    let cut = Wish::Recut { grids: vec![(one.clone(), MultiPolygon::from(beyond.to_polygon()))] };
    assert_eq!(refused(&cut), Err(RedrawError::Elsewhere(one.clone())), "it is another street's ground");
    let elsewhere = Drawn { code: new, name: "远处".to_owned(), ground: ground(&micros(&town, "310112008020")[0]) };
    let kept = Drawn { code: one.clone(), name: "原网格".to_owned(), ground: ground(&grids[0]) };
    let wish = Wish::Split { grid: one, parts: vec![kept, elsewhere.clone()] };
    assert_eq!(refused(&wish), Err(RedrawError::Elsewhere(elsewhere.code)));
}

#[test]
fn a_change_is_kept_and_read_back_as_it_was() {
    let town = demo_town();
    let grid = &micros(&town, "310112008001")[0];
    let (redraw, _) = Redraw::plan(&town, &split(grid, ["310112008001-92", "310112008001-93"])).unwrap();
    let kept = serde_json::to_string(&redraw).unwrap();
    assert_eq!(serde_json::from_str::<Redraw>(&kept).unwrap(), redraw);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever is merged and split, a place that had a grid has one, of the same neighbourhood or of its heir.
    #[test]
    fn no_ground_is_lost(first in 0_usize..147, second in 0_usize..147, is_split in any::<bool>(), at in 0_usize..147) {
        let town = demo_town();
        let all: Vec<&AreaShape> = town.iter().filter(|area| area.level == Level::Micro).collect();
        let wish = if is_split || first == second {
            split(all[first], [all[first].code.as_str(), "310112008001-99"])
        } else {
            let grids = vec![all[first].code.clone(), all[second].code.clone()];
            Wish::Merge { into: grids[0].clone(), grids, name: None }
        };
        let shapes = Redraw::plan(&town, &wish).unwrap().1.shapes;
        let place = inside(&ground(all[at]));
        let now = located(&shapes, place).unwrap();
        let level = shapes.iter().find(|area| area.code == now).unwrap().level;
        prop_assert_eq!(level, Level::Micro);
    }
}
