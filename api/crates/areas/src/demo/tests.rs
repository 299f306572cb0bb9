use super::*;
use crate::address::Address;
use crate::area::check_tree;
use crate::atlas::Atlas;
use crate::coordinates::{Bounds, Datum};
use geo::{ChamberlainDuquetteArea, Contains, CoordsIter, Validation};
use std::collections::{BTreeSet, HashMap};

#[test]
fn the_town_is_a_sound_tree_in_its_box() {
    let town = demo_town();
    assert_eq!(check_tree(&town), Ok(()));
    assert_eq!(town, demo_town());
    assert!(town.iter().all(|area| area.is_demo && !area.name.is_empty()));
    let mut known = BTreeSet::new();
    for area in &town {
        assert!(area.parent_code.as_ref().is_none_or(|parent| known.contains(parent)), "{}", area.code);
        known.insert(area.code.clone());
        if let Outline::Surface(surface) = &area.outline {
            assert!(surface.is_valid(), "{}", area.code);
            for vertex in surface.coords_iter() {
                assert!(Bounds::XINHONG.contains(Wgs84Point::new(vertex.x, vertex.y).unwrap()));
            }
        }
    }
    assert!(town.iter().any(|area| area.code.as_str() == "310112008001-03" && area.level == Level::Micro));
    assert!(town.iter().any(|area| area.name == "爱博四村" && area.level == Level::Compound));
}

#[test]
fn the_parts_are_as_even_and_large_as_planned() {
    let town = demo_town();
    let children = |code: &str, level| {
        town.iter()
            .filter(|area| area.level == level && area.parent_code.as_ref().is_some_and(|p| p.as_str() == code))
            .count()
    };
    let disposals: Vec<_> = (1..=4).map(|n| children(&format!("310112008-D{n}"), Level::Autonomy)).collect();
    assert_eq!(disposals, [7, 7, 7, 8]);
    for n in 1..=29 {
        assert!(matches!(children(&format!("310112008{n:03}"), Level::Micro), 5 | 6));
    }
    let Outline::Surface(street) = &town[0].outline else { panic!("no surface") };
    let square_kilometres = street.chamberlain_duquette_unsigned_area() / 1e6;
    assert!((18.5..20.0).contains(&square_kilometres), "{square_kilometres}");
}

#[test]
fn names_and_addresses_are_unique_where_they_must_be() {
    let town = demo_town();
    for level in Level::ALL {
        let names: Vec<_> = town.iter().filter(|area| area.level == level).map(|area| &area.name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{level}");
    }
    let addresses: Vec<_> = town.iter().filter_map(|area| area.address.as_ref()).collect();
    assert_eq!(addresses.iter().collect::<BTreeSet<_>>().len(), addresses.len());
    assert!(addresses.into_iter().all(|text| Address::parse(text).public() == *text));
}

#[test]
fn every_place_lies_inside_its_micro_grid() {
    let town = demo_town();
    let by_code: HashMap<_, _> = town.iter().map(|area| (&area.code, area)).collect();
    for area in &town {
        let Outline::Place(point) = area.outline else { continue };
        let mut around = area;
        while around.level != Level::Micro {
            around = by_code[around.parent_code.as_ref().unwrap()];
        }
        let Outline::Surface(surface) = &around.outline else { panic!("no surface") };
        assert!(surface.contains(&geo::Point::new(point.longitude(), point.latitude())), "{}", area.code);
    }
}

#[test]
fn the_generator_gives_the_published_sequence() {
    let mut dice = SplitMix64(1_234_567);
    assert_eq!([dice.draw(), dice.draw()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
}

#[test]
fn a_city_of_a_hundred_streets_lies_within_what_is_served() {
    let city = demo_city(100).unwrap();
    assert_eq!(city.len(), 100 * demo_town().len());
    let corners = city.iter().filter_map(|area| match &area.outline {
        Outline::Surface(surface) => geo::BoundingRect::bounding_rect(surface),
        Outline::Place(_) => None,
    });
    for rect in corners {
        for corner in [rect.min(), rect.max()] {
            Bounds::XINHONG.admit(Datum::Wgs84, corner.x, corner.y).unwrap();
        }
    }
    let streets: Vec<_> = city.into_iter().filter(|area| area.level == Level::Street).collect();
    assert_eq!(Atlas::build(streets).unwrap().survey().len(), 100, "none overlaps; nothing lies below them here");
}
