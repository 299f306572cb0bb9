//! Which days (统计周期). Pure.

use areas::shanghai_date;
use chrono::{DateTime, Datelike as _, Months, NaiveDate, TimeDelta, Utc};
use kernel::error::{Detail, UserError, UserErrorCode};

/// Days that one question may span.
pub const LONGEST: i64 = 1_100;
/// Days that may be shown one by one.
pub const LONGEST_BY_DAY: i64 = 366;

/// Dates in Shanghai, from the first until the last, without it (半开区间).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The day after the last.
    pub to: NaiveDate,
}

impl Period {
    /// Checks the dates of a question.
    ///
    /// # Errors
    /// `INVALID` at the field that is wrong; `LIMIT_EXCEEDED` for more than [`LONGEST`] days.
    pub fn parse((from_field, from): (&str, NaiveDate), (to_field, to): (&str, NaiveDate)) -> Result<Self, UserError> {
        let is_known = |date: NaiveDate| (2000..2200).contains(&date.year());
        if !is_known(from) {
            return Err(UserError::at(UserErrorCode::Invalid, from_field));
        }
        if !is_known(to) || to <= from {
            return Err(UserError::at(UserErrorCode::Invalid, to_field));
        }
        let period = Self { from, to };
        if period.days() > LONGEST {
            return Err(UserError::at(UserErrorCode::LimitExceeded, to_field).with(Detail::Limit(LONGEST)));
        }
        Ok(period)
    }

    /// A calendar year.
    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        Some(Self { from: first(year)?, to: first(year.checked_add(1)?)? }).filter(|_| (2000..2199).contains(&year))
    }

    /// How many days.
    #[must_use]
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days()
    }

    /// The same days a year before.
    #[must_use]
    pub fn year_before(self) -> Self {
        Self { from: a_year_before(self.from), to: a_year_before(self.to) }
    }

    /// Its instants, the last one excluded.
    #[must_use]
    pub fn instants(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (midnight(self.from), midnight(self.to))
    }

    /// Whether it is made of whole months that are over at an instant.
    #[must_use]
    pub fn is_of_past_months(self, now: DateTime<Utc>) -> bool {
        self.from.day() == 1 && self.to.day() == 1 && self.to <= shanghai_date(now)
    }
}

/// The same date a year before; 28 February for 29 February.
#[must_use]
pub fn a_year_before(date: NaiveDate) -> NaiveDate {
    date.checked_sub_months(Months::new(12)).unwrap_or(date)
}

/// When a date begins in Shanghai, which has no daylight saving.
fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_half_open_in_shanghai() {
        let period = Period::parse(("from", date("2026-01-01")), ("to", date("2026-11-01"))).unwrap();
        let (from, to) = period.instants();
        assert_eq!(
            (from.to_rfc3339(), to.to_rfc3339()),
            ("2025-12-31T16:00:00+00:00".into(), "2026-10-31T16:00:00+00:00".into())
        );
        assert_eq!(
            (shanghai_date(from), shanghai_date(to - TimeDelta::microseconds(1))),
            (period.from, date("2026-10-31"))
        );
        assert_eq!(period.year_before(), Period { from: date("2025-01-01"), to: date("2025-11-01") });
    }

    #[test]
    fn bad_dates_are_refused_where_they_stand() {
        for (from, to, field, code) in [
            ("1999-12-31", "2026-01-01", "from", UserErrorCode::Invalid),
            ("2026-01-01", "2026-01-01", "to", UserErrorCode::Invalid),
            ("2026-01-02", "2026-01-01", "to", UserErrorCode::Invalid),
            ("2026-01-01", "2030-01-01", "to", UserErrorCode::LimitExceeded),
        ] {
            let error = Period::parse(("from", date(from)), ("to", date(to))).unwrap_err();
            assert_eq!((error.code, error.field), (code, vec![field.to_owned()]), "{from} {to}");
        }
        assert_eq!(a_year_before(date("2028-02-29")), date("2027-02-28"));
        assert_eq!(Period::year(i32::MAX), None);
    }

    #[test]
    fn the_public_sees_whole_months_that_are_over() {
        let now = "2026-11-30T16:00:00Z".parse().unwrap();
        let is_public = |from, to| Period { from: date(from), to: date(to) }.is_of_past_months(now);
        assert!(is_public("2026-01-01", "2026-12-01"));
        assert!(!is_public("2026-01-01", "2026-11-30") && !is_public("2026-12-01", "2027-01-01"));
    }
}
