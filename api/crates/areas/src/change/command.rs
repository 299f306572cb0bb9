//! Wishes as they are sent: every text is hostile until parsed.

use geo::MultiPolygon;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line, optional};
use serde_json::Value;

use crate::area::{AreaCode, Outline};
use crate::coordinates::{Bounds, Datum};
use crate::geojson::{self, ImportProblem};
use crate::redraw::{Drawn, GRIDS, Wish};

type Parsed<T> = std::result::Result<T, UserError>;

/// A grid as it is to be drawn, as sent.
#[derive(Clone, Debug)]
pub struct RawDrawn {
    /// Code.
    pub code: String,
    /// Name; of a grid that is re-cut it stays.
    pub name: String,
    /// GeoJSON geometry.
    pub boundary: Value,
}

/// Several grids become one (合并).
///
/// # Errors
/// All that is wrong with the input.
pub fn merge(codes: &[String], into: &str, name: Option<&str>) -> Result<Wish> {
    let mut problems = Problems::default();
    let grids = problems.keep(listed("codes", codes, |code| area_code("codes", code)));
    let into = problems.take(area_code("into", into));
    let name = problems.keep(optional("name", name, geojson::MAX_NAME, line));
    problems.none()?;
    let into = into.ok_or_else(|| UserError::at(UserErrorCode::Required, "into"))?;
    Ok(Wish::Merge { grids, into, name })
}

/// A grid becomes several (拆分). Boundaries, which take time, are worked through only for somebody who `may_redraw` at all.
///
/// # Errors
/// All that is wrong with the input; [`Error::Forbidden`].
pub fn split(grid: &str, datum: Datum, parts: &[RawDrawn], may_redraw: bool) -> Result<Wish> {
    let mut problems = Problems::default();
    let grid = problems.take(area_code("code", grid));
    let codes = problems.keep(listed("parts", parts, |part| area_code("parts.code", &part.code)));
    let names = problems.keep(listed("parts", parts, |part| line("parts.name", &part.name, geojson::MAX_NAME)));
    problems.none()?;
    let grid = grid.ok_or_else(|| UserError::at(UserErrorCode::Required, "code"))?;
    let grounds = grounds("parts.boundary", parts, datum, may_redraw)?;
    let parts = codes.into_iter().zip(names).zip(grounds).map(|((code, name), ground)| Drawn { code, name, ground });
    Ok(Wish::Split { grid, parts: parts.collect() })
}

/// Boundaries are moved (重划); as [`split`].
///
/// # Errors
/// As [`split`].
pub fn recut(datum: Datum, grids: &[RawDrawn], may_redraw: bool) -> Result<Wish> {
    let codes = listed("grids", grids, |grid| area_code("grids.code", &grid.code))?;
    let grounds = grounds("grids.boundary", grids, datum, may_redraw)?;
    Ok(Wish::Recut { grids: codes.into_iter().zip(grounds).collect() })
}

fn listed<T, U>(field: &str, all: &[T], parse: impl FnMut(&T) -> Parsed<U>) -> Parsed<Vec<U>> {
    if all.len() > GRIDS {
        return Err(UserError::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(GRIDS as i64)));
    }
    all.iter().map(parse).collect()
}

fn grounds(field: &str, drawn: &[RawDrawn], datum: Datum, may_redraw: bool) -> Result<Vec<MultiPolygon<f64>>> {
    if !may_redraw {
        return Err(Error::Forbidden);
    }
    Ok(listed(field, drawn, |drawn| ground(field, &drawn.boundary, datum))?)
}

fn area_code(field: &str, text: &str) -> Parsed<AreaCode> {
    let code = line(field, text, AreaCode::LONGEST)?;
    code.parse().map_err(|_| invalid(field, "not_an_area_code"))
}

fn ground(field: &str, boundary: &Value, datum: Datum) -> Parsed<MultiPolygon<f64>> {
    match geojson::parse_geometry(&boundary.to_string(), datum, &Bounds::XINHONG) {
        Ok(Outline::Surface(ground)) => Ok(ground),
        Ok(Outline::Place(_)) => Err(invalid(field, "not_a_polygon")),
        Err(ImportProblem::Coordinate(_)) => Err(UserError::at(UserErrorCode::OutsideArea, field)),
        Err(ImportProblem::TooMany(most)) => {
            Err(UserError::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(most as i64)))
        }
        Err(ImportProblem::RingNotClosed) => Err(invalid(field, "ring_not_closed")),
        Err(ImportProblem::Crossing(_)) => Err(invalid(field, "crosses_itself")),
        Err(_) => Err(invalid(field, "not_a_polygon")),
    }
}

fn invalid(field: &str, because: &'static str) -> UserError {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because))
}
