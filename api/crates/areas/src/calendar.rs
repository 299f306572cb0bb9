//! The working-day calendar and the deadlines that follow from it.
//!
//! Holidays and make-up workdays are data, published for one year at a time. A date the calendar does not know falls
//! back to Monday–Friday, and every answer that rests on such a date says `uncertain`.
//!
//! Counting rule (Civil Code 民法典 §§201–203): the starting day is not counted and the deadline is the end of the last
//! day's working hours; hour clocks run from the very minute if inside working hours, else from the next opening.
//! Working hours are 09:00–12:00 and 13:30–17:30 in Shanghai, which has no daylight saving.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::time_limit::TimeLimit;

mod csv;
pub use csv::{CalendarFileError, CalendarProblem};

/// What sort of day the State Council's notice makes of a date (日期类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DayKind {
    /// An ordinary working day.
    Workday,
    /// An ordinary weekend day.
    Weekend,
    /// A day off by the notice (法定节假日), whatever its weekday.
    Holiday,
    /// A weekend day worked to make up for a holiday (调休上班).
    AdjustedWorkday,
}

impl DayKind {
    /// Every kind, in wire order.
    pub const ALL: [Self; 4] = [Self::Workday, Self::Weekend, Self::Holiday, Self::AdjustedWorkday];

    /// The name used in files and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workday => "WORKDAY",
            Self::Weekend => "WEEKEND",
            Self::Holiday => "HOLIDAY",
            Self::AdjustedWorkday => "ADJUSTED_WORKDAY",
        }
    }

    /// Whether offices are open on such a day.
    /// ```
    /// assert!(areas::DayKind::AdjustedWorkday.is_working());
    /// assert!(!areas::DayKind::Holiday.is_working());
    /// ```
    #[must_use]
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Workday | Self::AdjustedWorkday)
    }

    fn by_weekday(date: NaiveDate) -> Self {
        match date.weekday() {
            Weekday::Sat | Weekday::Sun => Self::Weekend,
            _ => Self::Workday,
        }
    }
}

/// One row of the calendar (日历日).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The date in Shanghai.
    pub date: NaiveDate,
    /// What sort of day it is.
    pub kind: DayKind,
    /// The holiday's name, or empty.
    pub name: String,
}

/// An instant by which something is due (截止时间).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last instant that is still in time.
    pub at: DateTime<Utc>,
    /// Whether a date without a calendar row was counted by its weekday alone (日历待定).
    pub uncertain: bool,
}

/// A date on which offices work (工作日).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDay {
    /// The date in Shanghai.
    pub date: NaiveDate,
    /// Whether a date without a calendar row was judged by its weekday alone.
    pub uncertain: bool,
}

/// Before or after noon in Shanghai (半天).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayPart {
    /// From midnight until noon.
    Morning,
    /// From noon until midnight.
    Afternoon,
}

/// One half of a date in Shanghai, the unit in which failed calls are counted (半日).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HalfDay {
    /// The date in Shanghai.
    pub date: NaiveDate,
    /// Its half.
    pub part: DayPart,
}

/// The known days of work and rest (工作日历).
///
/// An empty calendar works: every date is then judged by its weekday and every answer is uncertain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, CalendarDay>,
}

/// Opening and closing as seconds of the day: morning, then afternoon.
const SHIFTS: [(u32, u32); 2] = [(9 * HOUR, 12 * HOUR), (13 * HOUR + HOUR / 2, 17 * HOUR + HOUR / 2)];
const HOUR: u32 = 3_600;
const SHANGHAI_AHEAD_OF_UTC: TimeDelta = TimeDelta::hours(8);

impl Calendar {
    /// A calendar of the given rows; of two rows for one date the later wins, as a corrected notice does.
    #[must_use]
    pub fn from_days(days: impl IntoIterator<Item = CalendarDay>) -> Self {
        Self { days: days.into_iter().map(|day| (day.date, day)).collect() }
    }

    /// The rows in order of date.
    pub fn days(&self) -> impl Iterator<Item = &CalendarDay> {
        self.days.values()
    }

    /// The days of another calendar that say something else than this one, or that this one does not know, in order of date.
    pub fn changes<'n>(&self, new: &'n Self) -> impl Iterator<Item = (Option<&CalendarDay>, &'n CalendarDay)> {
        let known = new.days.values().map(|day| (self.days.get(&day.date), day));
        known.filter(|(before, day)| before.is_none_or(|before| before != *day))
    }

    /// Whether the date is a working day, and whether that rests on its weekday alone.
    /// ```
    /// use areas::{Calendar, WorkingDay};
    /// let saturday = "2026-02-14".parse()?;
    /// assert_eq!(Calendar::of_2026().working_day(saturday), Some(WorkingDay { date: saturday, uncertain: false }));
    /// assert_eq!(Calendar::default().working_day(saturday), None);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn working_day(&self, date: NaiveDate) -> Option<WorkingDay> {
        let (kind, uncertain) = self.kind(date);
        kind.is_working().then_some(WorkingDay { date, uncertain })
    }

    /// The working day an instant belongs to: its own date in Shanghai, else the next working day.
    ///
    /// The hour plays no part: Friday night belongs to Friday, the weekend to Monday.
    /// ```
    /// use areas::Calendar;
    /// let new_year = "2026-01-01T02:00:00Z".parse()?;
    /// assert_eq!(Calendar::of_2026().working_day_of(new_year).date.to_string(), "2026-01-04");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn working_day_of(&self, instant: DateTime<Utc>) -> WorkingDay {
        let mut walk = Walk::new(self, local(instant).date());
        while !walk.is_working() && walk.step() {}
        WorkingDay { date: walk.date, uncertain: walk.uncertain }
    }

    /// When a limit that starts at `from` runs out, by the counting rule of this module.
    ///
    /// Natural limits never ask the calendar. Zero working days count as one. An instant outside of what dates can
    /// express is replaced by the nearest that fits.
    /// ```
    /// use areas::{Calendar, TimeLimit};
    /// let thursday_1630 = "2026-09-24T08:30:00Z".parse()?;
    /// let due = Calendar::of_2026().due(thursday_1630, TimeLimit::WorkingHours(4));
    /// assert_eq!(due.at.to_string(), "2026-09-28 04:00:00 UTC"); // Monday noon, after three days off
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn due(&self, from: DateTime<Utc>, limit: TimeLimit) -> Due {
        let capped = |count: u32| count.min(TimeLimit::LONGEST); // keeps the walk over days short
        let natural =
            |span| Due { at: from.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC), uncertain: false };
        match limit {
            TimeLimit::Minutes(count) => natural(TimeDelta::minutes(capped(count).into())),
            TimeLimit::Hours(count) => natural(TimeDelta::hours(capped(count).into())),
            TimeLimit::WorkingHours(count) => self.after_working_minutes(from, count.saturating_mul(60)),
            TimeLimit::WorkingDays(count) => self.after_working_days(from, capped(count)),
        }
    }

    /// The instant when so many minutes of working time have passed; used for parts of a clock, such as its half.
    ///
    /// More minutes than [`TimeLimit::LONGEST`] hours have count as that many.
    /// ```
    /// use areas::Calendar;
    /// let monday_1130 = "2026-09-28T03:30:00Z".parse()?;
    /// let due = Calendar::of_2026().after_working_minutes(monday_1130, 45);
    /// assert_eq!(due.at.to_string(), "2026-09-28 05:45:00 UTC"); // 13:45, after the lunch break
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn after_working_minutes(&self, from: DateTime<Utc>, minutes: u32) -> Due {
        let start = local(from);
        let mut left = TimeDelta::minutes(minutes.min(TimeLimit::LONGEST * 60).into());
        let mut walk = Walk::new(self, start.date());
        loop {
            for (open, close) in walk.shifts() {
                // At closing time the shift is over: a clock started then waits for the next opening.
                let begin = open.max(start);
                if begin < close && left <= close - begin {
                    return Due { at: utc(begin + left), uncertain: walk.uncertain };
                }
                left -= (close - begin).max(TimeDelta::zero());
            }
            if !walk.step() {
                return Due { at: DateTime::<Utc>::MAX_UTC, uncertain: true };
            }
        }
    }

    /// Whole minutes of working time from `from` until `until`; zero if `until` is not later.
    /// ```
    /// use areas::Calendar;
    /// let (friday_1700, monday_0930) = ("2026-09-18T09:00:00Z".parse()?, "2026-09-21T01:30:00Z".parse()?);
    /// // Thirty minutes on Friday, seven hours on the Sunday that is worked, thirty minutes on Monday.
    /// assert_eq!(Calendar::of_2026().working_minutes_between(friday_1700, monday_0930), 480);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn working_minutes_between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> i64 {
        let (from, until) = (local(from), local(until));
        let mut worked = TimeDelta::zero();
        let mut walk = Walk::new(self, from.date());
        while walk.date <= until.date() {
            for (open, close) in walk.shifts() {
                worked += (close.min(until) - open.max(from)).max(TimeDelta::zero());
            }
            if !walk.step() {
                break;
            }
        }
        worked.num_minutes()
    }

    /// The opening of the next working day after the one an instant belongs to: from when on what may be done once in a
    /// working day may be done again.
    /// ```
    /// use areas::Calendar;
    /// let friday_night = "2026-09-18T12:00:00Z".parse()?;
    /// assert_eq!(Calendar::of_2026().next_working_day(friday_night).to_string(), "2026-09-20 01:00:00 UTC");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn next_working_day(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let mut walk = Walk::new(self, self.working_day_of(instant).date);
        while walk.step() && !walk.is_working() {}
        walk.shifts().next().map_or(DateTime::<Utc>::MAX_UTC, |(open, _)| utc(open))
    }

    fn after_working_days(&self, from: DateTime<Utc>, count: u32) -> Due {
        let mut walk = Walk::new(self, local(from).date());
        // The starting day is not counted, so whether it has a row cannot matter.
        walk.uncertain = false;
        let mut left = count.max(1);
        while walk.step() {
            left -= u32::from(walk.is_working());
            if left == 0 {
                break;
            }
        }
        let closing = walk.shifts().last().map_or(DateTime::<Utc>::MAX_UTC, |(_, close)| utc(close));
        Due { at: closing, uncertain: walk.uncertain }
    }

    /// What kind of day a date is, and whether that rests on its weekday alone.
    #[must_use]
    pub fn kind(&self, date: NaiveDate) -> (DayKind, bool) {
        self.days.get(&date).map_or_else(|| (DayKind::by_weekday(date), true), |day| (day.kind, false))
    }
}

/// A walk from date to date that remembers whether it ever had to guess.
struct Walk<'a> {
    calendar: &'a Calendar,
    date: NaiveDate,
    kind: DayKind,
    uncertain: bool,
}

impl<'a> Walk<'a> {
    fn new(calendar: &'a Calendar, date: NaiveDate) -> Self {
        let (kind, uncertain) = calendar.kind(date);
        Self { calendar, date, kind, uncertain }
    }

    /// Moves on by a day; false at the end of what dates can express.
    fn step(&mut self) -> bool {
        let Some(next) = self.date.succ_opt() else { return false };
        let (kind, guessed) = self.calendar.kind(next);
        *self = Self { calendar: self.calendar, date: next, kind, uncertain: self.uncertain || guessed };
        true
    }

    const fn is_working(&self) -> bool {
        self.kind.is_working()
    }

    /// The day's opening and closing times, in order; none on a day off.
    fn shifts(&self) -> impl Iterator<Item = (NaiveDateTime, NaiveDateTime)> + use<> {
        let (date, is_working) = (self.date, self.is_working());
        let at = move |second| NaiveTime::from_num_seconds_from_midnight_opt(second, 0).map(|time| date.and_time(time));
        SHIFTS.into_iter().filter(move |_| is_working).filter_map(move |(open, close)| Some((at(open)?, at(close)?)))
    }
}

/// The half-day in Shanghai that an instant falls in; noon begins the afternoon.
///
/// Unanswered calls count as a contact only if they fall in two different half-days.
/// ```
/// use areas::half_day;
/// let at = |text: &str| text.parse().map(half_day);
/// assert_eq!(at("2026-09-21T01:00:00Z")?, at("2026-09-21T03:59:59Z")?); // 09:00 and 11:59:59
/// assert_ne!(at("2026-09-21T03:59:59Z")?, at("2026-09-21T04:00:00Z")?); // 11:59:59 and 12:00
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[must_use]
pub fn half_day(instant: DateTime<Utc>) -> HalfDay {
    let there = local(instant);
    let noon = NaiveTime::MIN + TimeDelta::hours(12);
    HalfDay { date: there.date(), part: if there.time() < noon { DayPart::Morning } else { DayPart::Afternoon } }
}

fn local(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.naive_utc().checked_add_signed(SHANGHAI_AHEAD_OF_UTC).unwrap_or(NaiveDateTime::MAX)
}

fn utc(local: NaiveDateTime) -> DateTime<Utc> {
    local.checked_sub_signed(SHANGHAI_AHEAD_OF_UTC).unwrap_or(NaiveDateTime::MIN).and_utc()
}

#[cfg(test)]
mod tests;
