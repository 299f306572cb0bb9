//! Where one is: grids, datums, the map.

use areas::{Bounds, geojson};
use kernel::actor::Actor;
use serde_json::json;

use crate::support::{Answer, Person, Town, stories};

stories![
    a_point_lies_in_the_smallest_grid,
    the_same_place_in_any_datum_is_the_same_grid,
    a_place_outside_the_street_is_nowhere,
    swapped_and_impossible_coordinates_are_refused,
    a_datum_is_required,
    the_tree_has_four_twenty_nine_and_a_hundred_forty_seven_grids,
    the_map_is_read_whole_in_one_question,
    a_question_for_many_maps_is_refused,
    nodes_are_named_once_each,
    what_the_file_format_allows_can_be_stored,
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

/// The four levels of grids, one below the other, each with these fields.
fn tree(fields: &str) -> String {
    format!("{fields} children {{ {fields} children {{ {fields} children {{ {fields} }} }} }}")
}

async fn the_map_is_read_whole_in_one_question(town: &Town) {
    let ann = town.stranger();
    let names = ann.asks(&format!("{{ areas {{ {} }} }}", tree("id code name level"))).await;
    let boundaries = format!("{{ areas {{ {} }} }}", tree("name boundary"));
    let first = ann.asks(&boundaries).await;
    assert_eq!(ann.asks(&boundaries).await.json, first.json);
    for answer in [names, first] {
        let text = answer.json.to_string();
        assert_eq!(text.matches("\"name\":").count(), 1 + 4 + 29 + 147, "{answer:?}");
    }
    // What was printed for one datum is not given for another.
    let answer = ann.asks("{ areas { a: boundary b: boundary(datum: WGS84) c: boundary(datum: GCJ02) } }").await;
    let [a, b, c] = ["a", "b", "c"].map(|name| answer.get(&format!("/areas/0/{name}")));
    assert!(a == c && a != b && a["type"] == "Polygon", "{answer:?}");
}

/// A hundred streets four times over, each with all its boundaries: two kilobytes that asked for 72,000 areas.
async fn a_question_for_many_maps_is_refused(town: &Town) {
    let ann = town.stranger();
    let street = ann.asks("{ areas { id } }").await.text("/areas/0/id");
    let map = tree("boundary");
    let four: String = (0..4).map(|i| format!("a{i}: nodes(ids: $ids) {{ ... on Area {{ {map} }} }} ")).collect();
    let text = format!("query($ids: [ID!]!) {{ {four} }}");
    for ids in [vec![street.clone(); 100], vec![street; 1]] {
        let answer = ann.says(&text, &json!({ "ids": ids })).await;
        answer.is_refused("LIMIT");
        assert_eq!(answer.json["errors"][0]["extensions"]["limit"], "complexity", "{answer:?}");
    }
}

async fn nodes_are_named_once_each(town: &Town) {
    let ann = town.stranger();
    let street = ann.asks("{ areas { id } }").await.text("/areas/0/id");
    let text = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    ann.says(text, &json!({ "ids": [street, street] })).await.is_refused("BAD_REQUEST");
    let answer = ann.says(text, &json!({ "ids": ["nothing", street] })).await;
    assert_eq!(*answer.get("/nodes"), json!([null, { "id": street }]));
}

/// Codes and names at their longest, on both engines: one of them counts characters, the other does not.
async fn what_the_file_format_allows_can_be_stored(town: &Town) {
    let square = json!([[[121.3, 31.1], [121.4, 31.1], [121.4, 31.2], [121.3, 31.2], [121.3, 31.1]]]);
    let area = |code: &str, name: &str, level: &str, parent: Option<&str>| {
        json!({
            "type": "Feature", "geometry": { "type": "Polygon", "coordinates": square },
            "properties": { "code": code, "name": name, "level": level, "parentCode": parent, "address": "申长路1号" },
        })
    };
    let code = |letter: &str, length: usize| format!("310112106-{}", letter.repeat(length - 10));
    let (disposal, compound, building) = (code("D", 38), code("C", 40), code("B", 40));
    let (long, longest) = ("长".repeat(78), "长".repeat(80));
    let features = [
        area("310112106", "七宝镇", "STREET", None),
        area(&disposal, &long, "DISPOSAL", Some("310112106")),
        area("310112106001", &long, "AUTONOMY", Some(&disposal)),
        area(&compound, &longest, "COMPOUND", Some("310112106001")),
        area(&building, &longest, "BUILDING", Some(&compound)),
    ];
    let file = json!({ "type": "FeatureCollection", "datum": "WGS84", "features": features });
    let shapes = geojson::parse(&file.to_string(), &Bounds::XINHONG).unwrap();
    let imported =
        town.base().write(&Actor::System, &shapes, |tx, shapes| Box::pin(areas::store::import(tx, shapes))).await;
    assert_eq!(imported.unwrap(), 5);
    let ann = town.stranger();
    for (level, code, name) in [("DISPOSAL", disposal, long), ("BUILDING", building, longest)] {
        let areas = ann.asks(&format!("{{ areas(level: {level}) {{ id code name }} }}")).await.list("/areas");
        let area = areas.iter().find(|area| area["code"] == code.as_str()).unwrap();
        assert_eq!(area["name"], name.as_str());
        // The node has not read the new map yet, and shows the boundary all the same.
        let text = "query($id: ID!) { node(id: $id) { ... on Area { boundary } } }";
        assert_eq!(ann.says(text, &json!({ "id": area["id"] })).await.get("/node/boundary/type"), "Polygon");
    }
}
