//! The geometry of one feature.

use geo::{Coord, LineString, MultiPolygon, Polygon, Validation};
use serde_json::{Value, json};

use super::{Found, ImportProblem, MAX_RINGS_PER_AREA, MAX_VERTICES_PER_AREA, at_most};
use crate::area::Outline;
use crate::coordinates::{Bounds, Datum, Wgs84Point};

/// Reads geometries of one file, which share a budget of vertices.
pub(super) struct Reader<'a> {
    pub(super) datum: Datum,
    pub(super) bounds: &'a Bounds,
    pub(super) vertices_left: usize,
    /// Whether its boundaries are known to be valid, from an earlier reading.
    pub(super) is_checked: bool,
}

impl Reader<'_> {
    pub(super) fn outline(&mut self, geometry: &Value) -> Found<Outline> {
        let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
        match geometry.get("type").and_then(Value::as_str) {
            Some("Point") => self.point(coordinates).map(Outline::Place),
            Some("Polygon") => self.surface(&[coordinates]),
            Some("MultiPolygon") => self.surface(&list(coordinates, 1)?.iter().collect::<Vec<_>>()),
            _ => Err(ImportProblem::Expected("a geometry of type Point, Polygon or MultiPolygon")),
        }
    }

    fn surface(&mut self, parts: &[&Value]) -> Found<Outline> {
        self.spend(parts)?;
        let surface = MultiPolygon(parts.iter().map(|part| self.polygon(part)).collect::<Found<_>>()?);
        if !self.is_checked {
            surface.check_validation().map_err(|flaw| ImportProblem::Crossing(flaw.to_string()))?;
        }
        Ok(Outline::Surface(surface))
    }

    /// Counts before anything is built, so that a hostile file costs no more than its parsing.
    fn spend(&mut self, parts: &[&Value]) -> Found<()> {
        let count = |value: &Value| value.as_array().map_or(0, Vec::len);
        at_most(MAX_RINGS_PER_AREA, parts.iter().map(|part| count(part)).sum())?;
        let rings = parts.iter().filter_map(|part| part.as_array()).flatten();
        let vertices = rings.map(count).sum();
        at_most(MAX_VERTICES_PER_AREA, vertices)?;
        let left = self.vertices_left.checked_sub(vertices);
        self.vertices_left = left.ok_or(ImportProblem::TooMany(super::MAX_VERTICES))?;
        Ok(())
    }

    fn polygon(&self, part: &Value) -> Found<Polygon<f64>> {
        let mut rings = list(part, 1)?.iter().map(|ring| self.ring(ring));
        let exterior = rings.next().unwrap_or(Err(ImportProblem::RingNotClosed))?;
        Ok(Polygon::new(exterior, rings.collect::<Found<_>>()?))
    }

    fn ring(&self, ring: &Value) -> Found<LineString<f64>> {
        const SMALLEST: usize = 4;
        let positions = ring.as_array().ok_or(ImportProblem::Expected("rings of positions"))?;
        if positions.len() < SMALLEST || positions.first() != positions.last() {
            return Err(ImportProblem::RingNotClosed);
        }
        let vertex = |position| self.point(position).map(|at| Coord { x: at.longitude(), y: at.latitude() });
        Ok(LineString(positions.iter().map(vertex).collect::<Found<_>>()?))
    }

    fn point(&self, position: &Value) -> Found<Wgs84Point> {
        let numbers = match position.as_array().map(Vec::as_slice) {
            // A third number is a height, which we have no use for.
            Some([lng, lat] | [lng, lat, _]) => lng.as_f64().zip(lat.as_f64()),
            _ => None,
        };
        let (lng, lat) = numbers.ok_or(ImportProblem::Expected("positions of [longitude, latitude]"))?;
        let point = self.bounds.admit(self.datum, lng, lat)?;
        Ok(Wgs84Point::new(rounded(point.longitude()), rounded(point.latitude()))?)
    }
}

fn list(value: &Value, least: usize) -> Found<&[Value]> {
    let items = value.as_array().filter(|items| items.len() >= least);
    items.map(Vec::as_slice).ok_or(ImportProblem::Expected("coordinates nested as the geometry's type asks"))
}

/// To seven decimals, which is 1 cm; such numbers survive being written and read.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

pub(super) fn print(outline: &Outline, datum: Datum) -> Value {
    match outline {
        Outline::Place(point) => json!({ "type": "Point", "coordinates": position(*point, datum) }),
        Outline::Surface(MultiPolygon(parts)) => match parts.as_slice() {
            [part] => json!({ "type": "Polygon", "coordinates": rings(part, datum) }),
            parts => {
                let parts: Vec<Value> = parts.iter().map(|part| rings(part, datum)).collect();
                json!({ "type": "MultiPolygon", "coordinates": parts })
            }
        },
    }
}

fn rings(part: &Polygon<f64>, datum: Datum) -> Value {
    let rings = std::iter::once(part.exterior()).chain(part.interiors());
    rings.map(|ring| ring.coords().map(|vertex| vertex_position(*vertex, datum)).collect::<Value>()).collect()
}

fn vertex_position(vertex: Coord<f64>, datum: Datum) -> Value {
    Wgs84Point::new(vertex.x, vertex.y).map_or(Value::Null, |point| position(point, datum))
}

fn position(point: Wgs84Point, datum: Datum) -> Value {
    let (lng, lat) = point.to_datum(datum);
    json!([rounded(lng), rounded(lat)])
}
