use super::*;
use crate::atlas::Atlas;
use crate::demo::demo_town;
use proptest::prelude::*;
use std::sync::LazyLock;

const STREET: &str = r#"{"code":"310112008","name":"新虹街道","level":"STREET"}"#;
const SQUARE: &str =
    r#"{"type":"Polygon","coordinates":[[[121.3,31.1],[121.4,31.1],[121.4,31.2],[121.3,31.2],[121.3,31.1]]]}"#;

fn feature_of(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
}

fn file(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","datum":"WGS84","features":[{}]}}"#, features.join(","))
}

fn read(text: &str) -> Result<Vec<AreaShape>, ImportError> {
    parse(text, &Bounds::XINHONG)
}

/// The message for a second feature after a sound street.
fn refusal(properties: &str, geometry: &str) -> String {
    read(&file(&[feature_of(STREET, SQUARE), feature_of(properties, geometry)])).unwrap_err().to_string()
}

#[test]
fn the_file_as_a_whole_is_checked() {
    for (text, message) in [
        ("", "property `file`: not JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "property `type`: expected FeatureCollection"),
        (r#"{"type":"Feature"}"#, "property `type`: expected FeatureCollection"),
        (
            r#"{"type":"FeatureCollection","datum":"wgs84"}"#,
            "property `datum`: expected WGS84, GCJ02, BD09 or CGCS2000",
        ),
        (r#"{"type":"FeatureCollection","datum":"WGS84","features":{}}"#, "property `features`: expected a list"),
        (
            r#"{"type":"FeatureCollection","datum":"WGS84","features":[7]}"#,
            "feature 0, property `type`: expected Feature",
        ),
    ] {
        assert_eq!(read(text).unwrap_err().to_string(), message);
    }
    assert_eq!(read(&file(&[])), Ok(vec![]));
    assert!(read(&"[".repeat(10_000)).unwrap_err().to_string().contains("not JSON: recursion limit"));
    assert_eq!(read(&" ".repeat(MAX_BYTES + 1)).unwrap_err().problem, ImportProblem::TooMany(MAX_BYTES));
    let many = file(&vec![String::from("0"); MAX_FEATURES + 1]);
    assert_eq!(read(&many).unwrap_err().problem, ImportProblem::TooMany(MAX_FEATURES));
}

#[test]
fn a_bad_property_is_named_with_its_feature() {
    let cases = [
        ("null", "`properties`: expected an object"),
        ("{}", "`code`: expected an area code"),
        (r#"{"code":310112008}"#, "`code`: expected an area code"),
        (r#"{"code":"310112106"}"#, "`level`: expected STREET"),
        (r#"{"code":"310112106","level":"GRID"}"#, "`level`: expected STREET"),
        (r#"{"code":"310112106","level":"STREET"}"#, "`name`: expected a text that is not empty"),
        (r#"{"code":"310112106","level":"STREET","name":"  "}"#, "`name`: expected a text that is not empty"),
        (r#"{"code":"310112106","level":"STREET","name":"a\u0000"}"#, "`name`: expected a text without control"),
        (r#"{"code":"310112106","level":"STREET","name":"a","parentCode":7}"#, "`parentCode`: expected an area code"),
        (r#"{"code":"310112106","level":"STREET","name":"a","demo":"yes"}"#, "`demo`: expected true or false"),
        (r#"{"code":"310112008000","level":"STREET","name":"a"}"#, "`code`: code 310112008 is used twice"),
        (r#"{"code":"310112008-D1","level":"DISPOSAL","name":"a"}"#, "`parentCode`: a street has no parent"),
        (
            r#"{"code":"310112008-D1","level":"DISPOSAL","name":"a","parentCode":"310112106"}"#,
            "`parentCode`: parent 310112106 does not exist",
        ),
        (
            r#"{"code":"310112008001","level":"AUTONOMY","name":"a","parentCode":"310112008"}"#,
            "`level`: an area of level AUTONOMY cannot lie in one of level STREET",
        ),
    ];
    for (properties, message) in cases {
        let refusal = refusal(properties, SQUARE);
        assert!(refusal.starts_with(&format!("feature 1, property {message}")), "{refusal}");
    }
    let long = format!(r#"{{"code":"310112106","level":"STREET","name":"{}"}}"#, "长".repeat(MAX_NAME + 1));
    assert_eq!(refusal(&long, SQUARE), "feature 1, property `name`: more than the 80 allowed");
}

#[test]
fn a_bad_geometry_is_refused_with_the_reason() {
    let polygon = |coordinates: &str| format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#);
    let spike = "[[[121.3,31.1],[121.4,31.2],[121.4,31.1],[121.3,31.2],[121.3,31.1]]]";
    let rings = format!("[{}]", vec!["[]"; MAX_RINGS_PER_AREA + 1].join(","));
    let vertices = format!("[[{}]]", vec!["0"; MAX_VERTICES_PER_AREA + 1].join(","));
    let cases = [
        (String::from("null"), "expected a geometry of type"),
        (String::from(r#"{"type":"LineString"}"#), "expected a geometry of type"),
        (String::from(r#"{"type":"Point","coordinates":[121.3,31.2]}"#), "a grid needs a boundary"),
        (String::from(r#"{"type":"Point","coordinates":["121.3",31.2]}"#), "expected positions of"),
        (String::from(r#"{"type":"Point","coordinates":[31.2,121.3]}"#), "the pair looks swapped"),
        (String::from(r#"{"type":"Point","coordinates":[116.4,39.9]}"#), "the place is 1"),
        (String::from(r#"{"type":"MultiPolygon","coordinates":[]}"#), "expected coordinates nested"),
        (polygon("[]"), "expected coordinates nested"),
        (polygon("[7]"), "expected rings of positions"),
        (polygon("[[[121.3,31.1],[121.4,31.1],[121.3,31.1]]]"), "a ring needs at least four"),
        (polygon("[[[121.3,31.1],[121.4,31.1],[121.4,31.2],[121.3,31.2]]]"), "a ring needs at least four"),
        (polygon(spike), "not a valid boundary"),
        (polygon(&rings), "more than the 100 allowed"),
        (polygon(&vertices), "more than the 3000 allowed"),
    ];
    for (geometry, message) in cases {
        let refusal = refusal(r#"{"code":"310112106","level":"STREET","name":"a"}"#, &geometry);
        assert!(refusal.starts_with(&format!("feature 1, property `geometry`: {message}")), "{refusal}");
    }
}

#[test]
fn what_was_stored_is_read_without_being_judged_again() {
    let bounds = Bounds::XINHONG;
    for area in demo_town() {
        let text = geometry(&area.outline, Datum::Wgs84).to_string();
        assert_eq!(stored_geometry(&text, &bounds), parse_geometry(&text, Datum::Wgs84, &bounds));
    }
    let bow =
        r#"{"type":"Polygon","coordinates":[[[121.3,31.1],[121.4,31.2],[121.4,31.1],[121.3,31.2],[121.3,31.1]]]}"#;
    assert!(parse_geometry(bow, Datum::Wgs84, &bounds).is_err());
    assert!(stored_geometry(bow, &bounds).is_ok());
}

#[test]
fn vertices_share_one_budget() {
    let bounds = Bounds::XINHONG;
    let mut reader = geometry::Reader { datum: Datum::Wgs84, bounds: &bounds, vertices_left: 9, is_checked: false };
    let square: Value = serde_json::from_str(SQUARE).unwrap();
    assert!(reader.outline(&square).is_ok());
    assert_eq!(reader.outline(&square), Err(ImportProblem::TooMany(MAX_VERTICES)));
}

#[test]
fn another_datum_is_converted_and_neighbours_stay_neighbours() {
    let town = demo_town();
    let in_gcj = |area: &AreaShape| {
        let mut value = feature(area);
        value["geometry"] = geometry(&area.outline, Datum::Gcj02);
        value.to_string()
    };
    let text = file(&town.iter().map(in_gcj).collect::<Vec<_>>()).replace("WGS84", "GCJ02");
    let read = read(&text).unwrap();
    for (area, known) in read.iter().zip(&town) {
        let (Outline::Place(a), Outline::Place(b)) = (&area.outline, &known.outline) else {
            continue;
        };
        assert!(a.metres_to(*b) < 0.05);
    }
    assert_eq!(Atlas::build(read).unwrap().survey(), []);
}

#[test]
fn holes_parts_and_heights_survive_and_the_rest_is_ignored() {
    let geometry = r#"{"type":"MultiPolygon","coordinates":[
        [[[121.3,31.1,4],[121.4,31.1,4],[121.4,31.2,4],[121.3,31.2,4],[121.3,31.1,4]],
         [[121.32,31.12],[121.32,31.18],[121.38,31.18],[121.38,31.12],[121.32,31.12]]],
        [[[121.34,31.14],[121.36,31.14],[121.36,31.16],[121.34,31.14]]]]}"#;
    let properties =
        r#"{"code":"310112008","name":"街","level":"STREET","parentCode":null,"address":"申长路1号","x":{}}"#;
    let areas = read(&file(&[feature_of(properties, geometry)])).unwrap();
    assert_eq!(areas[0].address, None);
    assert!(!areas[0].is_demo);
    assert_eq!(read(&print(&areas)), Ok(areas));
}

#[test]
fn the_largest_ring_is_checked_in_time() {
    let step = std::f64::consts::TAU / (MAX_VERTICES_PER_AREA - 1) as f64;
    let mut positions: Vec<String> = (0..MAX_VERTICES_PER_AREA - 1)
        .map(|n| (n as f64 * step).sin_cos())
        .map(|(sine, cosine)| format!("[{:.7},{:.7}]", 121.3 + 0.02 * cosine, 31.19 + 0.02 * sine))
        .collect();
    positions.push(positions[0].clone());
    let circle = format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, positions.join(","));
    assert!(read(&file(&[feature_of(STREET, &circle)])).is_ok());
}

proptest! {
    #[test]
    fn any_text_gives_an_answer(at in 0usize..2_000, junk in "[\\[\\]{}\",:0-9eE.a-z -]{0,6}") {
        static TEXT: LazyLock<String> = LazyLock::new(|| print(&demo_town()[..3]));
        let text = TEXT.as_str();
        let cut = text.char_indices().map(|(position, _)| position).nth(at).unwrap_or(0);
        let _ = read(&format!("{}{junk}{}", &text[..cut], &text[cut..]));
    }
}
