//! Boundaries as GeoJSON (RFC 7946): how real maps come in and how ours go out.
//!
//! A file is one `FeatureCollection` with a top-level `datum`, since most municipal and vendor files are not the
//! WGS-84 the standard asks for. Each feature has the properties `code`, `name`, `level` (see [`Level`]), `parentCode`
//! (absent or null for a street), and may have `demo`. Files may be hostile: size, counts and nesting are bounded, and
//! every refusal names the feature and the property. Other properties, such as an address, are ignored.

use serde_json::{Map, Value, json};

use crate::area::{AreaCode, AreaShape, Level, Outline, TreeError, TreeProblem, check_tree};
use crate::coordinates::{Bounds, CoordinateError, Datum};

mod geometry;

/// The largest file accepted, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// The most features in a file: a city of 200 streets with their grids and compounds.
pub const MAX_FEATURES: usize = 100_000;
/// The most vertices in a file.
pub const MAX_VERTICES: usize = 500_000;
/// The most vertices of one area, since checking a ring takes time by its square.
pub const MAX_VERTICES_PER_AREA: usize = 3_000;
/// The most rings of one area, holes included.
pub const MAX_RINGS_PER_AREA: usize = 100;
/// The longest name, in characters, as its column holds it.
pub const MAX_NAME: usize = 80;

/// Why a file was refused, and where (导入错误).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}property `{property}`: {problem}", feature.map(|index| format!("feature {index}, ")).unwrap_or_default())]
pub struct ImportError {
    /// The feature's position, from 0; `None` for the file as a whole.
    pub feature: Option<usize>,
    /// The property to look at: a name of the file format, such as `parentCode`, or `file`.
    pub property: &'static str,
    /// What is wrong with it.
    pub problem: ImportProblem,
}

/// What can be wrong with a file of boundaries.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportProblem {
    /// Not JSON, or nested too deep; with the parser's words.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// More than one of the `MAX_…` limits of this module allows.
    #[error("more than the {0} allowed")]
    TooMany(usize),
    /// Missing, or of another type or value than expected.
    #[error("expected {0}")]
    Expected(&'static str),
    /// A position that is no usable place.
    #[error(transparent)]
    Coordinate(#[from] CoordinateError),
    /// A ring of fewer than four positions, or whose ends differ.
    #[error("a ring needs at least four positions and must end where it begins")]
    RingNotClosed,
    /// A boundary that crosses itself, or holes outside of it; with the reason.
    #[error("not a valid boundary: {0}")]
    Crossing(String),
    /// An area that does not fit the tree.
    #[error(transparent)]
    Tree(TreeProblem),
}

type Found<T> = Result<T, ImportProblem>;

/// Reads a file of areas, converted to WGS-84 and rounded to 1e-7° (1 cm), parents and children in any order.
///
/// Neighbours that shared a vertex in the file still do. `bounds` is the territory served: positions more than 50 km
/// outside of it are refused, which catches swapped pairs.
///
/// # Errors
/// The first flaw, by feature and property. Overlaps and gaps are no errors: see [`crate::Atlas::survey`].
/// ```
/// use areas::{Bounds, geojson};
/// let error = geojson::parse(r#"{"type":"FeatureCollection","features":[]}"#, &Bounds::XINHONG).unwrap_err();
/// assert_eq!(error.to_string(), "property `datum`: expected WGS84, GCJ02, BD09 or CGCS2000");
/// ```
pub fn parse(text: &str, bounds: &Bounds) -> Result<Vec<AreaShape>, ImportError> {
    let whole = |property| move |problem| ImportError { feature: None, property, problem };
    at_most(MAX_BYTES, text.len()).map_err(whole("file"))?;
    let file: Value =
        serde_json::from_str(text).map_err(|error| ImportProblem::NotJson(error.to_string())).map_err(whole("file"))?;
    expect_type(&file, "FeatureCollection").map_err(whole("type"))?;
    let datum = parse_datum(&file).map_err(whole("datum"))?;
    let features = parse_features(&file).map_err(whole("features"))?;
    let mut reader = geometry::Reader { datum, bounds, vertices_left: MAX_VERTICES, is_checked: false };
    let read = |(index, feature)| {
        parse_feature(feature, &mut reader).map_err(|(property, problem)| ImportError {
            feature: Some(index),
            property,
            problem,
        })
    };
    let areas = features.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    check_tree(&areas).map_err(misfit)?;
    Ok(areas)
}

/// Writes areas as a file that [`parse`] reads back, in WGS-84, one feature a line; addresses are no part of a map.
/// ```
/// use areas::{AreaShape, Bounds, demo_town, geojson};
/// let town: Vec<_> = demo_town().into_iter().map(|area| AreaShape { address: None, ..area }).collect();
/// assert_eq!(geojson::parse(&geojson::print(&demo_town()), &Bounds::XINHONG), Ok(town));
/// ```
#[must_use]
pub fn print(areas: &[AreaShape]) -> String {
    let features: Vec<String> = areas.iter().map(|area| feature(area).to_string()).collect();
    let datum = Datum::Wgs84;
    format!("{{\"type\":\"FeatureCollection\",\"datum\":\"{datum}\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

/// A boundary as a GeoJSON geometry in the datum asked for, for clients that draw maps.
/// ```
/// use areas::{Datum, Outline, Wgs84Point, geojson};
/// let place = Outline::Place(Wgs84Point::new(121.32, 31.195)?);
/// assert_eq!(geojson::geometry(&place, Datum::Wgs84).to_string(), r#"{"coordinates":[121.32,31.195],"type":"Point"}"#);
/// # Ok::<(), areas::CoordinateError>(())
/// ```
#[must_use]
pub fn geometry(outline: &Outline, datum: Datum) -> Value {
    geometry::print(outline, datum)
}

/// Reads one geometry, as tables keep it: `Point`, `Polygon` or `MultiPolygon`, under the limits of one area.
///
/// # Errors
/// What is wrong with it.
/// ```
/// use areas::{Bounds, Datum, demo_town, geojson};
/// let outline = &demo_town()[0].outline;
/// let kept = geojson::geometry(outline, Datum::Wgs84).to_string();
/// assert_eq!(geojson::parse_geometry(&kept, Datum::Wgs84, &Bounds::XINHONG).as_ref(), Ok(outline));
/// ```
pub fn parse_geometry(text: &str, datum: Datum, bounds: &Bounds) -> Result<Outline, ImportProblem> {
    at_most(MAX_BYTES, text.len())?;
    let value: Value = serde_json::from_str(text).map_err(|error| ImportProblem::NotJson(error.to_string()))?;
    geometry::Reader { datum, bounds, vertices_left: MAX_VERTICES, is_checked: false }.outline(&value)
}

/// Reads a geometry that [`parse_geometry`] accepted before, in WGS-84, in time linear in its length: whether it crosses
/// itself, which takes the square, is not asked again.
///
/// # Errors
/// What is wrong with it.
pub fn stored_geometry(text: &str, bounds: &Bounds) -> Result<Outline, ImportProblem> {
    let value: Value = serde_json::from_str(text).map_err(|error| ImportProblem::NotJson(error.to_string()))?;
    geometry::Reader { datum: Datum::Wgs84, bounds, vertices_left: MAX_VERTICES, is_checked: true }.outline(&value)
}

fn at_most(limit: usize, count: usize) -> Found<()> {
    if count > limit { Err(ImportProblem::TooMany(limit)) } else { Ok(()) }
}

fn expect_type(value: &Value, expected: &'static str) -> Found<()> {
    let found = value.get("type").and_then(Value::as_str);
    if found == Some(expected) { Ok(()) } else { Err(ImportProblem::Expected(expected)) }
}

fn parse_datum(file: &Value) -> Found<Datum> {
    let named = file.get("datum").and_then(Value::as_str).and_then(|name| name.parse().ok());
    named.ok_or(ImportProblem::Expected("WGS84, GCJ02, BD09 or CGCS2000"))
}

fn parse_features(file: &Value) -> Found<&[Value]> {
    let features = file.get("features").and_then(Value::as_array).ok_or(ImportProblem::Expected("a list"))?;
    at_most(MAX_FEATURES, features.len())?;
    Ok(features)
}

fn parse_feature(feature: &Value, reader: &mut geometry::Reader) -> Result<AreaShape, (&'static str, ImportProblem)> {
    let at = |property| move |problem| (property, problem);
    expect_type(feature, "Feature").map_err(at("type"))?;
    let properties = feature.get("properties").and_then(Value::as_object);
    let properties = properties.ok_or(("properties", ImportProblem::Expected("an object")))?;
    let geometry = feature.get("geometry").unwrap_or(&Value::Null);
    Ok(AreaShape {
        code: parse_code(properties.get("code")).map_err(at("code"))?,
        level: parse_level(properties.get("level")).map_err(at("level"))?,
        parent_code: optional(properties, "parentCode", |code| parse_code(Some(code)))?,
        name: parse_words(properties.get("name"), MAX_NAME).map_err(at("name"))?,
        address: None,
        is_demo: optional(properties, "demo", parse_flag)?.unwrap_or(false),
        outline: reader.outline(geometry).map_err(at("geometry"))?,
    })
}

/// A property that may be absent or null.
fn optional<T>(
    properties: &Map<String, Value>,
    property: &'static str,
    parse: impl FnOnce(&Value) -> Found<T>,
) -> Result<Option<T>, (&'static str, ImportProblem)> {
    let given = properties.get(property).filter(|value| !value.is_null());
    given.map(parse).transpose().map_err(|problem| (property, problem))
}

fn parse_code(value: Option<&Value>) -> Found<AreaCode> {
    let code = value.and_then(Value::as_str).and_then(|code| code.parse().ok());
    code.ok_or(ImportProblem::Expected("an area code, such as 310112008001-03, as text"))
}

fn parse_level(value: Option<&Value>) -> Found<Level> {
    let level = value.and_then(Value::as_str).and_then(|level| level.parse().ok());
    level.ok_or(ImportProblem::Expected("STREET, DISPOSAL, AUTONOMY, MICRO, COMPOUND or BUILDING"))
}

fn parse_flag(value: &Value) -> Found<bool> {
    value.as_bool().ok_or(ImportProblem::Expected("true or false"))
}

fn parse_words(value: Option<&Value>, longest: usize) -> Found<String> {
    let words = value.and_then(Value::as_str).map(str::trim).filter(|words| !words.is_empty());
    let words = words.ok_or(ImportProblem::Expected("a text that is not empty"))?;
    at_most(longest, words.chars().count())?;
    if words.contains(char::is_control) {
        return Err(ImportProblem::Expected("a text without control characters"));
    }
    Ok(words.to_owned())
}

/// Says which property of the file a misfit of the tree comes from.
fn misfit(error: TreeError) -> ImportError {
    let property = match &error.problem {
        TreeProblem::CodeRepeated(_) | TreeProblem::CodeUnsuited(_) => "code",
        TreeProblem::ParentMisplaced | TreeProblem::ParentUnknown(_) | TreeProblem::ParentForeign(_) => "parentCode",
        TreeProblem::LevelsDoNotNest { .. } => "level",
        TreeProblem::NeedsSurface | TreeProblem::NotFinite => "geometry",
    };
    ImportError { feature: Some(error.index), property, problem: ImportProblem::Tree(error.problem) }
}

fn feature(area: &AreaShape) -> Value {
    let properties = json!({
        "code": area.code.as_str(),
        "name": area.name,
        "level": area.level.as_str(),
        "parentCode": area.parent_code.as_ref().map(AreaCode::as_str),
        "demo": area.is_demo,
    });
    json!({ "type": "Feature", "properties": properties, "geometry": geometry(&area.outline, Datum::Wgs84) })
}

#[cfg(test)]
mod tests;
