//! The map and the calendar of a sub-district (街道): where a place is, and when something is due.
//!
//! Everything but `store` is pure: no clock, no database, no network. Whoever asks brings the instant and the rows.
//! Rules that differ by place or year (holidays, boundaries, the territory served) are values passed in, never code.
//!
//! | module | what it answers |
//! | --- | --- |
//! | `coordinates` | is this pair of numbers a place, in which [`Datum`], how far from here: [`Wgs84Point`], [`Bounds`] |
//! | `calendar` | when is it due, how much working time has passed: [`Calendar`], [`Due`], [`half_day`] |
//! | `time_limit` | how long may it take, as data: [`TimeLimit`] such as `4wh` or `5wd` |
//! | `area` | what areas are and how they nest: [`AreaShape`], [`AreaCode`], [`Level`], [`check_tree`] |
//! | `atlas` | which grids does a place lie in, and is the map sound: [`Atlas`], [`Located`], [`MapWarning`] |
//! | `redraw` | how grids are merged, split and re-cut: [`Wish`], [`Redraw`] |
//! | [`change`] | who decides that, and when it comes into force |
//! | [`geojson`] | how boundaries come in and go out |
//! | `demo` | a made-up town of true size: [`demo_town`] |
//! | `areas` | map and calendar as the running service holds them: [`Areas`] |
//! | [`store`] | how areas and days are kept |
//! | `address` | what the parts of a Shanghai address are: [`Address`] |
//!
//! From a phone's position to the grid that answers for it, and the deadline that follows:
//! ```
//! use areas::{Atlas, Bounds, Calendar, Datum, TimeLimit, demo_town};
//! let place = Bounds::XINHONG.admit(Datum::Gcj02, 121.324522, 31.193040)?;
//! let located = Atlas::build(demo_town())?.locate(place).ok_or("not in our streets")?;
//! assert!(located.deepest().as_str().starts_with("310112008"));
//!
//! let friday_evening = "2026-09-18T12:00:00Z".parse()?;
//! let due = Calendar::of_2026().due(friday_evening, TimeLimit::WorkingDays(1));
//! assert_eq!(due.at.to_string(), "2026-09-20 09:30:00 UTC"); // a Sunday that is worked, 17:30 in Shanghai
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod area;
mod areas;
mod atlas;
mod calendar;
pub mod change;
mod coordinates;
mod demo;
pub mod geojson;
mod redraw;
pub mod store;
mod time_limit;

pub use address::Address;
pub use area::{
    AreaCode, AreaShape, BadAreaCode, Level, Outline, TreeError, TreeProblem, UnknownLevel, check_tree, grid_path,
};
pub use areas::Areas;
pub use atlas::{Atlas, Located, MapWarning};
pub use calendar::{
    Calendar, CalendarDay, CalendarFileError, CalendarProblem, DayKind, DayPart, Due, HalfDay, WorkingDay, half_day,
};
pub use coordinates::{Bounds, CoordinateError, Datum, Wgs84Point};
pub use demo::{demo_city, demo_town};
pub use kernel::clock::shanghai_date;
pub use redraw::{Drawn, GRIDS, Redraw, RedrawError, Redrawn, Wish};
pub use time_limit::{BadTimeLimit, TimeLimit};
