//! What recurs (系列): dates by a rule, what became of each, and which of them an edit touches. Pure; dates are those of Shanghai.

use chrono::{Datelike as _, Months, NaiveDate, Weekday};

/// A series has no more dates than this (系列上限): a year of every week, and some to spare.
pub const MOST: usize = 60;
/// At most so many weeks lie between two.
pub const EVERY: u32 = 8;

/// How something recurs (重复规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// On weekdays of every so many weeks, which begin on Mondays; the first is that of the first day.
    Weekly {
        /// On which days.
        weekdays: Vec<Weekday>,
        /// Every so many weeks, up to 8.
        every: u32,
    },
    /// On a day of every month; months that do not have it are left out.
    Monthly {
        /// Which day, from 1.
        day: u32,
    },
}

/// A rule from a day to another (系列).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// How it recurs.
    pub rule: Rule,
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
}

/// Dates of a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// In order.
    pub on: Vec<NaiveDate>,
    /// Months between its first and its last day that do not have the day, by their own first one.
    pub skipped: Vec<NaiveDate>,
}

/// Why a pattern is no series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// No date fits it.
    #[error("no date")]
    Empty,
    /// More than 60 dates fit it.
    #[error("too many dates")]
    TooMany,
    /// So many weeks do not lie between two.
    #[error("not every 1 to 8 weeks")]
    Interval,
    /// No month has that day.
    #[error("no day of a month")]
    Day,
}

impl Pattern {
    /// Its dates. However far its last day is, no more are looked at than a series may have.
    ///
    /// # Errors
    /// [`SeriesError`].
    pub fn dates(&self) -> Result<Dates, SeriesError> {
        let mut dates = Dates::default();
        for candidate in self.candidates()? {
            match candidate {
                Ok(date) | Err(date) if date > self.last => break,
                Ok(date) if date < self.first => {}
                Ok(_) if dates.on.len() == MOST => return Err(SeriesError::TooMany),
                Ok(date) => dates.on.push(date),
                Err(month) => dates.skipped.push(month),
            }
        }
        if dates.on.is_empty() { Err(SeriesError::Empty) } else { Ok(dates) }
    }

    /// What the rule names from the first day's week or month on, without end: dates, and first days of months without one.
    fn candidates(&self) -> Result<Box<dyn Iterator<Item = Result<NaiveDate, NaiveDate>> + '_>, SeriesError> {
        let first = self.first;
        match &self.rule {
            Rule::Weekly { weekdays, .. } if weekdays.is_empty() => Err(SeriesError::Empty),
            Rule::Weekly { every, .. } if !(1..=EVERY).contains(every) => Err(SeriesError::Interval),
            Rule::Weekly { weekdays, every } => {
                let days = (first.weekday().num_days_from_monday()..).zip(first.iter_days());
                let in_weeks = days.filter(|(day, _)| (day / 7).is_multiple_of(*every)).map(|(_, date)| date);
                Ok(Box::new(in_weeks.filter(|date| weekdays.contains(&date.weekday())).map(Ok)))
            }
            Rule::Monthly { day } if !(1..=31).contains(day) => Err(SeriesError::Day),
            Rule::Monthly { day } => {
                let months = (0..).map_while(move |later| first.with_day(1)?.checked_add_months(Months::new(later)));
                Ok(Box::new(months.map(|month| month.with_day(*day).ok_or(month))))
            }
        }
    }
}

/// What became of the dates of a series (系列结果): each that was asked for is in one of the two, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<T, R> {
    /// What was made, and for when.
    pub created: Vec<(NaiveDate, T)>,
    /// When nothing was made, and why.
    pub rejected: Vec<(NaiveDate, R)>,
}

impl<T, R> FromIterator<(NaiveDate, Result<T, R>)> for Outcome<T, R> {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, Result<T, R>)>>(answers: I) -> Self {
        let mut outcome = Self { created: Vec::new(), rejected: Vec::new() };
        for (date, answer) in answers {
            match answer {
                Ok(made) => outcome.created.push((date, made)),
                Err(reason) => outcome.rejected.push((date, reason)),
            }
        }
        outcome
    }
}

/// Tries each date once, in order; that one fails keeps no other from being tried.
pub fn settle<T, R>(
    dates: impl IntoIterator<Item = NaiveDate>,
    mut attempt: impl FnMut(NaiveDate) -> Result<T, R>,
) -> Outcome<T, R> {
    dates.into_iter().map(|date| (date, attempt(date))).collect()
}

/// One of a series (场次).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence<K> {
    /// Its name.
    pub id: K,
    /// When it is.
    pub date: NaiveDate,
    /// Whether it is neither over nor cancelled.
    pub is_open: bool,
}

/// How far an edit of one reaches (修改范围).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// 仅本次 / that one alone.
    This,
    /// 本次及以后 / that one, and all after it.
    Following,
    /// 全部 / all of them.
    All,
}

impl Scope {
    /// Which ones an edit of the chosen one touches, as they come: open ones only, and none when the chosen one is not among them.
    #[must_use]
    pub fn touched<K: Copy + Eq>(self, series: &[Occurrence<K>], chosen: K) -> Vec<K> {
        let Some(chosen) = series.iter().find(|one| one.id == chosen) else { return Vec::new() };
        let is_reached = |one: &&Occurrence<K>| match self {
            Self::This => one.id == chosen.id,
            Self::Following => one.date >= chosen.date,
            Self::All => true,
        };
        series.iter().filter(|one| one.is_open).filter(is_reached).map(|one| one.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::opening::Hours;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn weekly(weekdays: &[Weekday], every: u32, first: &str, last: &str) -> Pattern {
        Pattern { rule: Rule::Weekly { weekdays: weekdays.to_vec(), every }, first: date(first), last: date(last) }
    }

    fn monthly(day: u32, first: &str, last: &str) -> Pattern {
        Pattern { rule: Rule::Monthly { day }, first: date(first), last: date(last) }
    }

    fn texts(dates: &[NaiveDate]) -> Vec<String> {
        dates.iter().map(NaiveDate::to_string).collect()
    }

    fn patterns() -> impl Strategy<Value = Pattern> {
        let weekday =
            prop::sample::select(vec![0_u8, 1, 2, 3, 4, 5, 6]).prop_map(|day| Weekday::try_from(day).unwrap());
        let weekdays = prop::collection::vec(weekday, 1..5);
        let rule = prop_oneof![
            (weekdays, 1..=EVERY).prop_map(|(weekdays, every)| Rule::Weekly { weekdays, every }),
            (1..=31_u32).prop_map(|day| Rule::Monthly { day }),
        ];
        let days = (0..4_000_u64, prop_oneof![0..200_u64, 0..2_500_u64]);
        (rule, days).prop_map(|(rule, (from, length))| {
            let first = date("2024-01-01") + chrono::Days::new(from);
            Pattern { rule, first, last: first + chrono::Days::new(length) }
        })
    }

    /// Whether a date fits a pattern, asked of each day by itself.
    fn fits(pattern: &Pattern, date: NaiveDate) -> bool {
        let monday = |date: NaiveDate| date.week(Weekday::Mon).first_day();
        match &pattern.rule {
            Rule::Weekly { weekdays, every } => {
                let weeks = (monday(date) - monday(pattern.first)).num_weeks();
                weekdays.contains(&date.weekday()) && weeks % i64::from(*every) == 0
            }
            Rule::Monthly { day } => date.day() == *day,
        }
    }

    #[test]
    fn weeks_begin_on_mondays_and_are_counted_from_the_first() {
        use Weekday as W;
        let dates = |pattern: Pattern| texts(&pattern.dates().unwrap().on);
        let found = dates(weekly(&[W::Thu, W::Mon, W::Thu], 1, "2026-11-24", "2026-12-03"));
        assert_eq!(found, ["2026-11-26", "2026-11-30", "2026-12-03"]);
        let found = dates(weekly(&[W::Sun, W::Mon], 2, "2026-11-25", "2026-12-20"));
        assert_eq!(found, ["2026-11-29", "2026-12-07", "2026-12-13"]);
        let found = dates(weekly(&[W::Sat], 8, "2027-12-01", "2028-03-01"));
        assert_eq!(found, ["2027-12-04", "2028-01-29"]);
        assert_eq!(dates(weekly(&[W::Mon], 1, "2026-11-23", "2026-11-23")), ["2026-11-23"]);
    }

    #[test]
    fn months_without_the_day_are_skipped_and_told() {
        for (pattern, on, skipped) in [
            (
                monthly(31, "2026-01-31", "2026-06-30"),
                &["2026-01-31", "2026-03-31", "2026-05-31"][..],
                &["2026-02-01", "2026-04-01", "2026-06-01"][..],
            ),
            (monthly(29, "2027-01-30", "2027-03-29"), &["2027-03-29"], &["2027-02-01"]),
            (monthly(29, "2028-02-01", "2028-03-28"), &["2028-02-29"], &[]),
            (monthly(29, "2100-02-01", "2100-03-31"), &["2100-03-29"], &["2100-02-01"]),
            (monthly(30, "2027-12-30", "2028-03-29"), &["2027-12-30", "2028-01-30"], &["2028-02-01"]),
        ] {
            let found = pattern.dates().unwrap();
            assert_eq!(texts(&found.on), on, "{pattern:?}");
            assert_eq!(texts(&found.skipped), skipped, "{pattern:?}");
        }
    }

    #[test]
    fn what_is_no_series_is_refused_however_long() {
        use Weekday as W;
        let (first, ever) = ("2026-11-23", NaiveDate::MAX);
        let all = [W::Mon, W::Tue, W::Wed, W::Thu, W::Fri, W::Sat, W::Sun];
        let forever = |pattern: Pattern| Pattern { last: ever, ..pattern };
        for (pattern, expected) in [
            (weekly(&all, 1, first, "2029-08-18"), SeriesError::TooMany),
            (forever(weekly(&all, 1, first, first)), SeriesError::TooMany),
            (forever(weekly(&[W::Sun], 8, first, first)), SeriesError::TooMany),
            (forever(monthly(31, first, first)), SeriesError::TooMany),
            (forever(weekly(&[], 1, first, first)), SeriesError::Empty),
            (forever(weekly(&[W::Mon], 0, first, first)), SeriesError::Interval),
            (forever(weekly(&[W::Mon], 9, first, first)), SeriesError::Interval),
            (forever(monthly(0, first, first)), SeriesError::Day),
            (forever(monthly(32, first, first)), SeriesError::Day),
            (weekly(&all, 1, first, "2026-11-22"), SeriesError::Empty),
            (weekly(&[W::Mon], 2, "2026-11-24", "2026-12-06"), SeriesError::Empty),
            (monthly(30, "2027-02-01", "2027-02-28"), SeriesError::Empty),
        ] {
            assert_eq!(pattern.dates(), Err(expected), "{pattern:?}");
        }
    }

    #[test]
    fn at_the_ends_of_the_calendar_nothing_breaks() {
        let (first, ever) = (NaiveDate::MIN, NaiveDate::MAX);
        for rule in [Rule::Weekly { weekdays: vec![Weekday::Mon], every: 8 }, Rule::Monthly { day: 1 }] {
            let pattern = Pattern { rule, first, last: ever };
            assert_eq!(pattern.dates(), Err(SeriesError::TooMany));
            assert_eq!(Pattern { first: ever, ..pattern }.dates(), Err(SeriesError::Empty));
        }
    }

    #[test]
    fn sixty_dates_are_a_series_and_one_more_is_none() {
        let daily = |days: u64| {
            let first = date("2026-11-23");
            let weekdays = (0..7_u8).map(|day| Weekday::try_from(day).unwrap()).collect();
            Pattern { rule: Rule::Weekly { weekdays, every: 1 }, first, last: first + chrono::Days::new(days - 1) }
                .dates()
        };
        assert_eq!(daily(60).map(|dates| dates.on.len()), Ok(60));
        assert_eq!(daily(61), Err(SeriesError::TooMany));
        assert_eq!(daily(1_000), Err(SeriesError::TooMany));
    }

    #[test]
    fn an_edit_reaches_as_far_as_it_says_and_leaves_the_rest() {
        let one = |id: u8, text, is_open| Occurrence { id, date: date(text), is_open };
        let series = [
            one(1, "2026-11-02", false),
            one(2, "2026-11-16", true),
            one(3, "2026-11-23", false),
            one(4, "2026-11-30", true),
            one(5, "2026-11-09", true),
        ];
        for (scope, chosen, expected) in [
            (Scope::This, 2, &[2][..]),
            (Scope::This, 3, &[]),
            (Scope::Following, 2, &[2, 4]),
            (Scope::Following, 3, &[4]),
            (Scope::All, 4, &[2, 4, 5]),
            (Scope::All, 1, &[2, 4, 5]),
            (Scope::All, 9, &[]),
        ] {
            assert_eq!(scope.touched(&series, chosen), expected, "{scope:?} of {chosen}");
        }
    }

    proptest! {
        /// Nothing else than what fits, nothing of it left out, and each once and in order.
        #[test]
        fn dates_are_all_that_fit(pattern in patterns()) {
            let days = pattern.first.iter_days().take_while(|date| *date <= pattern.last);
            let expected: Vec<NaiveDate> = days.filter(|date| fits(&pattern, *date)).collect();
            match pattern.dates() {
                Ok(dates) => prop_assert_eq!(dates.on, expected),
                Err(SeriesError::TooMany) => prop_assert!(expected.len() > MOST),
                Err(error) => prop_assert!(error == SeriesError::Empty && expected.is_empty()),
            }
        }

        /// A day of the month is had or told of in every month from the first to the last.
        #[test]
        fn no_month_is_lost(day in 1..=31_u32, from in 0..100_u32, length in 1..36_u32) {
            let first = date("2024-01-01") + Months::new(from);
            let last = first + Months::new(length) - chrono::Days::new(1);
            let Ok(Dates { on, skipped }) = (Pattern { rule: Rule::Monthly { day }, first, last }).dates() else { return Ok(()) };
            prop_assert_eq!(on.len() + skipped.len(), length as usize);
            prop_assert!(skipped.iter().all(|month| month.day() == 1 && month.with_day(day).is_none()));
        }

        #[test]
        fn a_date_is_the_same_in_shanghai_at_every_hour(pattern in patterns(), quarter in 0..96_i32) {
            let hours = Hours::between(quarter * 15, quarter * 15 + 15).unwrap();
            for date in pattern.dates().unwrap_or_default().on {
                prop_assert_eq!(hours.on(date).map(|span| areas::shanghai_date(span.begins())), Some(date));
            }
        }

        #[test]
        fn created_and_rejected_are_what_was_asked_for(pattern in patterns(), odd: bool) {
            let requested = pattern.dates().unwrap_or_default().on;
            let mut tried = Vec::new();
            let outcome = settle(requested.clone(), |date| {
                tried.push(date);
                if (date.ordinal() % 2 == 1) == odd { Ok(date.day()) } else { Err(date.month()) }
            });
            prop_assert_eq!(&tried, &requested);
            prop_assert_eq!(outcome.created.len() + outcome.rejected.len(), requested.len());
            prop_assert!(outcome.created.iter().all(|(date, day)| date.day() == *day && (date.ordinal() % 2 == 1) == odd));
            let mut settled: Vec<_> = outcome.created.iter().map(|(date, _)| *date).collect();
            settled.extend(outcome.rejected.iter().map(|(date, _)| *date));
            settled.sort_unstable();
            prop_assert_eq!(settled, requested);
        }

        /// What is over or cancelled is never touched, a wider scope touches no less, and the chosen one is touched if it is open.
        #[test]
        fn edits_touch_open_ones_within_reach(open in prop::collection::vec(any::<bool>(), 1..20), chosen: prop::sample::Index) {
            let first = date("2026-11-23");
            let at = |(id, is_open): (usize, bool)| Occurrence { id, date: first + chrono::Days::new(7 * id as u64), is_open };
            let chosen = chosen.index(open.len());
            let series: Vec<_> = open.iter().copied().enumerate().map(at).collect();
            let [this, following, all] = [Scope::This, Scope::Following, Scope::All].map(|scope| scope.touched(&series, chosen));
            prop_assert_eq!(this.contains(&chosen), open[chosen]);
            prop_assert!(this.iter().all(|id| following.contains(id)) && following.iter().all(|id| *id >= chosen));
            prop_assert_eq!(all.iter().filter(|id| **id >= chosen).collect::<Vec<_>>(), following.iter().collect::<Vec<_>>());
            prop_assert_eq!(all, (0..open.len()).filter(|id| open[*id]).collect::<Vec<_>>());
        }
    }
}
