//! Points on the map and the datums they arrive in.
//!
//! Phones, map vendors and the municipality each speak their own datum. Inside the system there is one, WGS-84:
//! everything is converted at the edge by [`Wgs84Point::from_datum`] and back by [`Wgs84Point::to_datum`].

use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A coordinate reference system a client may send or ask for (坐标系).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Datum {
    /// GPS as phones report it; what the system stores.
    Wgs84,
    /// The offset datum of Tencent and Amap maps (火星坐标), and of `wx.openLocation`.
    Gcj02,
    /// Baidu's offset on top of GCJ-02 (百度坐标).
    Bd09,
    /// The national geodetic system of municipal data (国家大地坐标系); within a metre of WGS-84, taken as equal.
    Cgcs2000,
}

impl Datum {
    /// Every datum, in wire order.
    pub const ALL: [Self; 4] = [Self::Wgs84, Self::Gcj02, Self::Bd09, Self::Cgcs2000];

    /// The name used on the wire and in files.
    /// ```
    /// assert_eq!(areas::Datum::Gcj02.as_str(), "GCJ02");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "WGS84",
            Self::Gcj02 => "GCJ02",
            Self::Bd09 => "BD09",
            Self::Cgcs2000 => "CGCS2000",
        }
    }
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Datum {
    type Err = CoordinateError;

    /// Reads a datum's wire name; nothing is guessed, since a wrong datum is a silent error of 500 metres.
    fn from_str(text: &str) -> Result<Self, CoordinateError> {
        let found = Self::ALL.into_iter().find(|datum| datum.as_str() == text);
        found.ok_or(CoordinateError::UnknownDatum)
    }
}

/// Why a pair of numbers is not a usable place (坐标错误).
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CoordinateError {
    /// The datum is none of the four names.
    #[error("unknown datum: expected WGS84, GCJ02, BD09 or CGCS2000")]
    UnknownDatum,
    /// A number is NaN or infinite.
    #[error("longitude and latitude must be finite numbers")]
    NotFinite,
    /// The pair makes sense only the other way round.
    #[error("the pair looks swapped: longitude comes first, then latitude")]
    LooksSwapped,
    /// Longitude beyond ±180° or latitude beyond ±90°, in either order.
    #[error("longitude must be within ±180 and latitude within ±90 degrees")]
    OutOfRange,
    /// The place is real but too far from the territory served.
    #[error("the place is {kilometres} km away from the area served")]
    TooFar {
        /// Whole kilometres from the edge of the territory.
        kilometres: u32,
    },
}

/// A valid place in WGS-84 degrees, longitude first (坐标点).
///
/// Both numbers are finite, longitude is within ±180 and latitude within ±90.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wgs84Point {
    longitude: f64,
    latitude: f64,
}

impl Wgs84Point {
    /// A place already in WGS-84.
    ///
    /// # Errors
    /// See [`Self::from_datum`].
    /// ```
    /// use areas::{CoordinateError, Wgs84Point};
    /// assert!(Wgs84Point::new(121.32, 31.195).is_ok());
    /// assert_eq!(Wgs84Point::new(31.195, 121.32), Err(CoordinateError::LooksSwapped));
    /// ```
    pub fn new(longitude: f64, latitude: f64) -> Result<Self, CoordinateError> {
        if !(longitude.is_finite() && latitude.is_finite()) {
            return Err(CoordinateError::NotFinite);
        }
        let fits = |lng: f64, lat: f64| lng.abs() <= 180.0 && lat.abs() <= 90.0;
        match (fits(longitude, latitude), fits(latitude, longitude)) {
            (true, _) => Ok(Self { longitude, latitude }),
            (false, true) => Err(CoordinateError::LooksSwapped),
            (false, false) => Err(CoordinateError::OutOfRange),
        }
    }

    /// A place sent in any datum, converted to WGS-84 with an error below 1e-6° (0.1 m).
    ///
    /// # Errors
    /// `NotFinite`, `LooksSwapped` (latitude beyond 90° that would be a longitude), `OutOfRange`.
    /// ```
    /// use areas::{Datum, Wgs84Point};
    /// let point = Wgs84Point::from_datum(Datum::Gcj02, 121.324522, 31.193040)?;
    /// assert!((point.longitude() - 121.32).abs() < 1e-6 && (point.latitude() - 31.195).abs() < 1e-6);
    /// # Ok::<(), areas::CoordinateError>(())
    /// ```
    pub fn from_datum(datum: Datum, longitude: f64, latitude: f64) -> Result<Self, CoordinateError> {
        let sent = Self::new(longitude, latitude)?;
        let (longitude, latitude) = match datum {
            Datum::Wgs84 | Datum::Cgcs2000 => return Ok(sent),
            Datum::Gcj02 => invert(wgs84_to_gcj02, sent.degrees()),
            Datum::Bd09 => invert(wgs84_to_bd09, sent.degrees()),
        };
        Self::new(longitude, latitude)
    }

    /// The same place as `(longitude, latitude)` degrees of another datum; outside China GCJ-02 equals WGS-84.
    /// ```
    /// use areas::{Datum, Wgs84Point};
    /// let (lng, lat) = Wgs84Point::new(121.32, 31.195)?.to_datum(Datum::Bd09);
    /// assert_eq!(format!("{lng:.6},{lat:.6}"), "121.330924,31.199393");
    /// # Ok::<(), areas::CoordinateError>(())
    /// ```
    #[must_use]
    pub fn to_datum(self, datum: Datum) -> (f64, f64) {
        match datum {
            Datum::Wgs84 | Datum::Cgcs2000 => self.degrees(),
            Datum::Gcj02 => wgs84_to_gcj02(self.degrees()),
            Datum::Bd09 => wgs84_to_bd09(self.degrees()),
        }
    }

    /// Degrees east of Greenwich.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }

    /// Degrees north of the equator.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Great-circle distance in metres (haversine on a sphere of 6,371,008.8 m; within 0.6 % of the ellipsoid).
    /// ```
    /// use areas::Wgs84Point;
    /// let (a, b) = (Wgs84Point::new(121.32, 31.195)?, Wgs84Point::new(121.31, 31.2)?);
    /// assert_eq!(a.metres_to(b).round(), 1102.0);
    /// # Ok::<(), areas::CoordinateError>(())
    /// ```
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        const MEAN_RADIUS: f64 = 6_371_008.8;
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let across = ((other.longitude - self.longitude).to_radians() / 2.0).sin().powi(2);
        let up = ((to - from) / 2.0).sin().powi(2);
        // Rounding may push antipodes a hair past 1, where asin has no answer.
        let share = (up + from.cos() * to.cos() * across).clamp(0.0, 1.0);
        2.0 * MEAN_RADIUS * share.sqrt().asin()
    }

    const fn degrees(self) -> (f64, f64) {
        (self.longitude, self.latitude)
    }
}

/// A box of WGS-84 degrees used to judge whether a place is plausible (合理范围).
///
/// The box is data: a deployment for another street or a city brings its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    south_west: Wgs84Point,
    north_east: Wgs84Point,
}

impl Bounds {
    /// The plausibility box of 新虹街道: 121.27–121.36° E, 31.16–31.22° N.
    pub const XINHONG: Self = Self {
        south_west: Wgs84Point { longitude: 121.27, latitude: 31.16 },
        north_east: Wgs84Point { longitude: 121.36, latitude: 31.22 },
    };

    /// How far outside the box a place may lie before it is taken for an error, in metres.
    pub const MARGIN_METRES: f64 = 50_000.0;

    /// A box spanned by two points, in any order.
    #[must_use]
    pub fn spanning(a: Wgs84Point, b: Wgs84Point) -> Self {
        let corner = |pick: fn(f64, f64) -> f64| Wgs84Point {
            longitude: pick(a.longitude, b.longitude),
            latitude: pick(a.latitude, b.latitude),
        };
        Self { south_west: corner(f64::min), north_east: corner(f64::max) }
    }

    /// Whether the point lies in the box or on its edge.
    /// ```
    /// use areas::{Bounds, Wgs84Point};
    /// assert!(Bounds::XINHONG.contains(Wgs84Point::new(121.36, 31.22)?));
    /// # Ok::<(), areas::CoordinateError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, point: Wgs84Point) -> bool {
        self.nearest(point) == point
    }

    /// A place from a client: converted to WGS-84 and at most 50 km away from the box.
    ///
    /// # Errors
    /// Those of [`Wgs84Point::from_datum`]; `TooFar` beyond the margin, or `LooksSwapped` if the swapped pair would fit.
    /// ```
    /// use areas::{Bounds, CoordinateError, Datum};
    /// let london = Bounds::XINHONG.admit(Datum::Wgs84, -0.1276, 51.5072);
    /// assert!(matches!(london, Err(CoordinateError::TooFar { .. })));
    /// ```
    pub fn admit(&self, datum: Datum, longitude: f64, latitude: f64) -> Result<Wgs84Point, CoordinateError> {
        let point = Wgs84Point::from_datum(datum, longitude, latitude)?;
        let distance = self.metres_outside(point);
        if distance <= Self::MARGIN_METRES {
            return Ok(point);
        }
        let swapped = Wgs84Point::from_datum(datum, latitude, longitude);
        if swapped.is_ok_and(|point| self.metres_outside(point) <= Self::MARGIN_METRES) {
            return Err(CoordinateError::LooksSwapped);
        }
        // At most half the earth's circumference, so the cast cannot cut anything but the fraction.
        Err(CoordinateError::TooFar { kilometres: (distance / 1000.0) as u32 })
    }

    fn metres_outside(&self, point: Wgs84Point) -> f64 {
        point.metres_to(self.nearest(point))
    }

    fn nearest(&self, point: Wgs84Point) -> Wgs84Point {
        let (low, high) = (self.south_west, self.north_east);
        Wgs84Point {
            longitude: point.longitude.max(low.longitude).min(high.longitude),
            latitude: point.latitude.max(low.latitude).min(high.latitude),
        }
    }
}

type Degrees = (f64, f64);

/// The published GCJ-02 offset: Krasovsky ellipsoid, zero outside the rectangle around China.
fn wgs84_to_gcj02((lng, lat): Degrees) -> Degrees {
    const SEMI_MAJOR: f64 = 6_378_245.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
    if !((72.004..=137.8347).contains(&lng) && (0.8293..=55.8271).contains(&lat)) {
        return (lng, lat);
    }
    let (x, y) = (lng - 105.0, lat - 35.0);
    let sine = lat.to_radians().sin();
    let magic = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
    let north = (SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED)) / (magic * magic.sqrt());
    let east = SEMI_MAJOR / magic.sqrt() * lat.to_radians().cos();
    (lng + (offset_east(x, y) / east).to_degrees(), lat + (offset_north(x, y) / north).to_degrees())
}

/// The three sine waves shared by both offsets, each of amplitude `a` and `b` at one scale.
fn wave(value: f64, terms: [(f64, f64); 2]) -> f64 {
    terms.iter().map(|(amplitude, scale)| amplitude * (value * scale * PI).sin()).sum::<f64>() * 2.0 / 3.0
}

fn offset_east(x: f64, y: f64) -> f64 {
    300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + wave(x, [(20.0, 6.0), (20.0, 2.0)])
        + wave(x, [(20.0, 1.0), (40.0, 1.0 / 3.0)])
        + wave(x, [(150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)])
}

fn offset_north(x: f64, y: f64) -> f64 {
    -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + wave(x, [(20.0, 6.0), (20.0, 2.0)])
        + wave(y, [(20.0, 1.0), (40.0, 1.0 / 3.0)])
        + wave(y, [(160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)])
}

/// The published BD-09 twist on top of GCJ-02.
fn wgs84_to_bd09(wgs84: Degrees) -> Degrees {
    const TWIST: f64 = PI * 3000.0 / 180.0;
    let (x, y) = wgs84_to_gcj02(wgs84);
    let radius = x.hypot(y) + 0.000_02 * (y * TWIST).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * TWIST).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

/// Walks back from `target` to the place that `forward` maps onto it.
///
/// The offsets change by far less than a metre per metre, so each step cuts the error at least tenfold; the closed
/// formulas in circulation are off by metres.
fn invert(forward: fn(Degrees) -> Degrees, target: Degrees) -> Degrees {
    const STEPS: usize = 30;
    const GOOD_ENOUGH: f64 = 1e-10;
    let mut guess = target;
    for _ in 0..STEPS {
        let (lng, lat) = forward(guess);
        let miss = (target.0 - lng, target.1 - lat);
        guess = (guess.0 + miss.0, guess.1 + miss.1);
        if miss.0.abs().max(miss.1.abs()) < GOOD_ENOUGH {
            break;
        }
    }
    guess
}

#[cfg(test)]
mod tests;
