//! When a venue is open.

use chrono::NaiveDate;
use entity::enums::{OpeningDays, OpeningSession};
use entity::id::{AccountId, VenueId};
use kernel::error::{Result, UserError};
use kernel::target::Seen;
use schedule::opening::Hours;

use super::minute;

/// Rules of opening of a venue at most.
const LINES: usize = 60;
/// The day's session is over at this minute of the day: later hours need somebody on duty (domain §C).
const DAY_SESSION_ENDS: i16 = 18 * 60;

/// A rule of opening, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawOpeningLine {
    /// On which days.
    pub days: OpeningDays,
    /// Which weekdays, 1 (Monday) to 7; of [`OpeningDays::Weekdays`] only.
    pub weekdays: Vec<i32>,
    /// From, `HH:MM`; absent for a date on which it stays closed.
    pub from: Option<String>,
    /// Up to, `HH:MM`, `24:00` at most.
    pub to: Option<String>,
    /// Which session that is.
    pub session: OpeningSession,
    /// Who is on duty.
    pub duty: Option<AccountId>,
    /// Its first day; of a date, the date.
    pub valid_from: NaiveDate,
    /// Its last day.
    pub valid_to: Option<NaiveDate>,
}

/// A rule of opening (开放规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningLine {
    /// On which days.
    pub days: OpeningDays,
    /// Which weekdays: bit 0 is Monday.
    pub weekdays: Option<i16>,
    /// Minutes of the day, from and up to; `None` for a date on which it stays closed.
    pub hours: Option<(i16, i16)>,
    /// Which session that is.
    pub session: OpeningSession,
    /// Who is on duty.
    pub duty: Option<AccountId>,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day.
    pub valid_to: Option<NaiveDate>,
}

impl RawOpeningLine {
    /// Parses it.
    ///
    /// # Errors
    /// `INVALID` at `rules`: hours that are none, a day's session in the evening or on days off, weekdays that are none.
    pub fn parse(&self) -> std::result::Result<OpeningLine, UserError> {
        let hours = match (&self.from, &self.to) {
            (Some(from), Some(to)) => Some((minute("rules.from", from)?, minute("rules.to", to)?)),
            (None, None) if self.days == OpeningDays::Date => None,
            _ => return Err(UserError::because("rules", "hours")),
        };
        if let Some((from, to)) = hours {
            Hours::between(from.into(), to.into()).map_err(|_| UserError::because("rules", "hours"))?;
        }
        let is_weekend = self.weekdays.iter().any(|day| *day > 5);
        let is_in_office = !is_weekend && self.days != OpeningDays::Weekend && self.days != OpeningDays::Holiday;
        let is_by_day = hours.is_none_or(|(_, to)| to <= DAY_SESSION_ENDS);
        if self.session == OpeningSession::Day && !(is_in_office && is_by_day) {
            return Err(UserError::because("rules", "session"));
        }
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            return Err(UserError::because("rules", "before_start"));
        }
        let valid_to = if self.days == OpeningDays::Date { Some(self.valid_from) } else { self.valid_to };
        let (days, session, duty) = (self.days, self.session, self.duty);
        Ok(OpeningLine {
            days,
            weekdays: self.weekdays()?,
            hours,
            session,
            duty,
            valid_from: self.valid_from,
            valid_to,
        })
    }

    fn weekdays(&self) -> std::result::Result<Option<i16>, UserError> {
        let is_named = self.days == OpeningDays::Weekdays;
        let are_days = self.weekdays.iter().all(|day| (1..=7).contains(day));
        if is_named == self.weekdays.is_empty() || !are_days {
            return Err(UserError::because("rules", "weekdays"));
        }
        Ok(is_named.then(|| self.weekdays.iter().fold(0, |bits, day| bits | 1 << (day - 1))))
    }
}

/// Says when a venue is open: what is left out holds no more.
#[derive(Clone, Debug)]
pub struct SaveOpening {
    /// Which venue.
    pub on: Seen<VenueId>,
    /// The rules.
    pub rules: Vec<OpeningLine>,
}

impl SaveOpening {
    /// Parses it.
    ///
    /// # Errors
    /// As [`RawOpeningLine::parse`]; `LIMIT_EXCEEDED` beyond sixty rules.
    pub fn parse(on: Seen<VenueId>, rules: &[RawOpeningLine]) -> Result<Self> {
        if rules.len() > LINES {
            return Err(UserError::at_most("rules", LINES as i64).into());
        }
        let rules = rules.iter().map(RawOpeningLine::parse).collect::<std::result::Result<_, _>>()?;
        Ok(Self { on, rules })
    }
}
