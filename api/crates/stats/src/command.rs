//! What people ask for (提问), parsed: every problem at once.

use chrono::NaiveDate;
use entity::enums::{Channel, Source};
use entity::id::UnitId;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::sheet::Format;
use requests::Town;

use crate::definition::Metric;
use crate::period::{LONGEST_BY_DAY, Period};
use crate::policy::{Sight, Wanted, sight};

/// Indicators that one question may name.
pub const MOST_METRICS: usize = 8;

/// By what the numbers are shown (分组).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Group {
    /// All at once.
    #[default]
    None,
    /// 自治网格
    Grid,
    /// 承办单位
    Unit,
    /// 分类
    Category,
    /// 渠道
    Channel,
    /// 来源
    Source,
    /// 月
    Month,
    /// 日
    Day,
    /// 位置网格, for the heat map.
    Cell,
}

/// Which cases behind a number (下钻).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Those counted.
    Numerator,
    /// Those among which they are counted, and which are not.
    Missed,
    /// Both.
    Denominator,
}

/// What the numbers are narrowed to, beside areas and units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A category and those below it.
    pub category: Option<String>,
    /// A channel.
    pub channel: Option<Channel>,
    /// Who found it.
    pub source: Option<Source>,
}

/// What the client sends.
#[derive(Clone, Debug)]
pub struct RawAsk {
    /// Indicators.
    pub metrics: Vec<Metric>,
    /// First day, in Shanghai.
    pub from: NaiveDate,
    /// The day after the last.
    pub to: NaiveDate,
    /// Code of an area.
    pub area_code: Option<String>,
    /// A unit.
    pub unit: Option<UnitId>,
    /// Code of a category.
    pub category_code: Option<String>,
    /// A channel.
    pub channel: Option<Channel>,
    /// Who found it.
    pub source: Option<Source>,
    /// By what.
    pub group: Group,
}

/// The same, parsed (提问); who may see it is asked next.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Indicators, each once, in the order asked for.
    pub metrics: Vec<Metric>,
    /// Which days.
    pub period: Period,
    /// Where, and whose.
    pub wanted: Wanted,
    /// What else.
    pub filter: Filter,
    /// By what.
    pub group: Group,
}

/// A question with what its asker may see of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Indicators.
    pub metrics: Vec<Metric>,
    /// Which days.
    pub period: Period,
    /// Where, and whose.
    pub sight: Sight,
    /// What else.
    pub filter: Filter,
    /// By what.
    pub group: Group,
}

impl RawAsk {
    /// Checks all of it; `within` is put before the names of fields, e.g. `query.`.
    ///
    /// # Errors
    /// `INVALID`, `REQUIRED` or `LIMIT_EXCEEDED` at each field that is wrong.
    pub fn parse(self, town: &Town, within: &str) -> Result<Ask> {
        let mut errors = Vec::new();
        let at = |name: &str| format!("{within}{name}");
        let period = Period::parse((&at("from"), self.from), (&at("to"), self.to));
        let period = period.map_err(|error| errors.push(error)).ok();
        if self.group == Group::Day && period.is_some_and(|period| period.days() > LONGEST_BY_DAY) {
            let limit = UserError::at(UserErrorCode::LimitExceeded, &at("groupBy"));
            errors.push(limit.with(Detail::Limit(LONGEST_BY_DAY)));
        }
        let metrics = metrics(self.metrics, &at("metrics")).map_err(|error| errors.push(error)).ok();
        let area = self.area_code.map(|code| path_of(town, &code).ok_or_else(|| invalid(&at("areaCode"))));
        let area = area.transpose().map_err(|error| errors.push(error)).ok();
        let known = |code: String| town.reference.categories.latest(&code).map(|row| row.code.clone());
        let category = self.category_code.map(|code| known(code).ok_or_else(|| invalid(&at("categoryCode"))));
        let category = category.transpose().map_err(|error| errors.push(error)).ok();
        let (Some(period), Some(metrics), Some(area), Some(category)) = (period, metrics, area, category) else {
            return Err(Error::Refused(errors));
        };
        if !errors.is_empty() {
            return Err(Error::Refused(errors));
        }
        let filter = Filter { category, channel: self.channel, source: self.source };
        let wanted = Wanted { area, unit: self.unit };
        Ok(Ask { metrics, period, wanted, filter, group: self.group })
    }
}

impl Ask {
    /// What somebody may see of it.
    ///
    /// # Errors
    /// As [`sight`].
    pub fn by(self, actor: &Actor) -> Result<Asked> {
        let sight = sight(actor, &self.wanted)?;
        let Self { metrics, period, filter, group, .. } = self;
        Ok(Asked { metrics, period, sight, filter, group })
    }
}

/// Path of an area by its code.
#[must_use]
pub fn path_of(town: &Town, code: &str) -> Option<String> {
    town.area(code).map(|area| area.path)
}

fn invalid(field: &str) -> UserError {
    UserError::at(UserErrorCode::Invalid, field)
}

fn metrics(asked: Vec<Metric>, field: &str) -> std::result::Result<Vec<Metric>, UserError> {
    let mut metrics: Vec<Metric> = Vec::with_capacity(asked.len());
    for metric in asked {
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    match metrics.len() {
        0 => Err(UserError::at(UserErrorCode::Required, field)),
        1..=MOST_METRICS => Ok(metrics),
        _ => {
            let limit = i64::try_from(MOST_METRICS).unwrap_or(i64::MAX);
            Err(UserError::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(limit)))
        }
    }
}

/// A table wanted as a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// What is in it.
    pub ask: Ask,
    /// How.
    pub format: Format,
}
