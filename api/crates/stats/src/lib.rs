//! Statistics of service (统计): indicators of requests, what they are made of, and where each number comes from.
//!
//! ```text
//!   facts, numbered ──► cases they touch ──► rows of these ──► points ──► sums by day
//!                        (cursor)             (the truth)      (what is counted, one each)
//!
//!   a question ──► may they? ──► sums of one dimension, or points ──► + what is open and overdue ──► rows
//! ```
//! Statistics read and never decide: no capability calls them, and all they keep can be thrown away and counted anew from the
//! rows ([`rebuild`]). Nothing depends on a clock tick: what is not settled is kept apart, and counted when somebody asks.
//!
//! | module | what it holds | |
//! | --- | --- | --- |
//! | `definition` | what each indicator is: [`Metric`], [`Share`] | pure |
//! | `measure` | what a case counts as: [`Story`] → [`Point`] | pure |
//! | `cell` | points → sums by day: [`Dimension`] | pure |
//! | `period`, `command` | which days, what people ask for: [`Period`], [`RawAsk`] → [`Ask`] | pure |
//! | `policy` | who sees which numbers: [`Sight`] | pure |
//! | `route` | sums or points | pure |
//! | `report`, `label`, `sheet` | sums → rows → files | pure |
//! | `projection` | facts → points and sums: [`project`], [`rebuild`] | |
//! | `store` | the only files that name columns | SQL |
//! | `service` | one function per question: [`report()`] … | |

mod cell;
mod command;
mod definition;
mod label;
mod measure;
mod period;
mod policy;
mod projection;
mod report;
mod route;
mod service;
mod sheet;
mod store;

pub use cell::Dimension;
pub use command::{Ask, Asked, Export, Filter, Group, MOST_METRICS, Part, RawAsk};
pub use definition::{DEFINITION_VERSION, Formula, HEADLINE, Metric, Share, Unit};
pub use measure::{Measure, Place, Point, Story, Values};
pub use period::{LONGEST, LONGEST_BY_DAY, Period};
pub use policy::{FEWEST, Sight, Wanted, sight};
pub use projection::{Rebuilt, project, rebuild};
pub use report::Row;
pub use service::{
    CONCERN_VERSION, Concern, LIFE, MOST_CONCERNS, Named, Public, address, behind, concerns, export, export_of,
    forget_exports, heatmap, public, report, serve,
};
pub use store::behind as facts_behind;
