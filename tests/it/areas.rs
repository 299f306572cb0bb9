//! Where one is: grids, datums, the map.

use serde_json::json;

use crate::support::{Answer, Person, Town, stories};

stories![
    a_point_lies_in_the_smallest_grid,
    the_same_place_in_any_datum_is_the_same_grid,
    a_place_outside_the_street_is_nowhere,
    swapped_and_impossible_coordinates_are_refused,
    a_datum_is_required,
    the_tree_has_four_twenty_nine_and_a_hundred_forty_seven_grids,
];

/// A place in the street, by each datum, a metre apart at most: computed once from WGS-84.
const PLACE: [(&str, f64, f64); 4] = [
    ("WGS84", 121.32, 31.195),
    ("CGCS2000", 121.32, 31.195),
    ("GCJ02", 121.324_56, 31.193_06),
    ("BD09", 121.331_16, 31.198_82),
];

async fn area_at(person: &Person, longitude: f64, latitude: f64, datum: &str) -> Answer {
    let text = "query($point: GeoPointInput!) { areaAt(point: $point) { id code level parent { code parent { code parent { code } } } } }";
    person.says(text, &json!({ "point": { "longitude": longitude, "latitude": latitude, "datum": datum } })).await
}

async fn a_point_lies_in_the_smallest_grid(town: &Town) {
    let answer = area_at(&town.stranger(), 121.32, 31.195, "WGS84").await;
    assert_eq!(answer.get("/areaAt/level"), "MICRO");
    assert_eq!(answer.get("/areaAt/parent/parent/parent/code"), "310112008");
    assert!(answer.text("/areaAt/code").starts_with("310112008"));
}

async fn the_same_place_in_any_datum_is_the_same_grid(town: &Town) {
    let ann = town.stranger();
    let mut found = Vec::new();
    for (datum, longitude, latitude) in PLACE {
        found.push(area_at(&ann, longitude, latitude, datum).await.text("/areaAt/code"));
    }
    found.dedup();
    assert_eq!(found.len(), 1, "{found:?}");
    // Half a kilometre matters: the same numbers in another datum are another place.
    let mistaken = area_at(&ann, 121.32, 31.195, "BD09").await;
    assert_ne!(mistaken.json["data"]["areaAt"]["code"], json!(found[0]));
}

async fn a_place_outside_the_street_is_nowhere(town: &Town) {
    for (longitude, latitude) in [(121.47, 31.23), (116.40, 39.90), (-121.32, 31.195), (121.32, -31.195), (0.0, 0.0)] {
        let answer = area_at(&town.stranger(), longitude, latitude, "WGS84").await;
        assert!(answer.get("/areaAt").is_null(), "{answer:?}");
    }
}

async fn swapped_and_impossible_coordinates_are_refused(town: &Town) {
    for (longitude, latitude) in [(31.195, 121.32), (181.0, 0.0), (1e308, 1e308), (0.0, 90.001)] {
        area_at(&town.stranger(), longitude, latitude, "GCJ02").await.is_refused("BAD_REQUEST");
    }
}

async fn a_datum_is_required(town: &Town) {
    let ann = town.stranger();
    ann.asks("{ areaAt(point: { longitude: 121.32, latitude: 31.195 }) { id } }").await.is_refused("BAD_REQUEST");
    area_at(&ann, 121.32, 31.195, "MARS").await.is_refused("BAD_REQUEST");
}

async fn the_tree_has_four_twenty_nine_and_a_hundred_forty_seven_grids(town: &Town) {
    let ann = town.stranger();
    let answer = ann
        .asks(
            "{ areas { name } d: areas(level: DISPOSAL) { children { level } } a: areas(level: AUTONOMY) { id } \
             m: areas(level: MICRO) { isDemo } }",
        )
        .await;
    assert_eq!(answer.get("/areas/0/name"), "新虹街道");
    let counts = ["/d", "/a", "/m"].map(|level| answer.list(level).len());
    assert_eq!(counts, [4, 29, 147]);
    assert!(answer.list("/m").iter().all(|area| area["isDemo"] == true));
}
