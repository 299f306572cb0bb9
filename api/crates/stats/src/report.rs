//! Sums to rows (报表): by key and indicator, beside the same days a year before. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::command::{Asked, Group};
use crate::definition::{Metric, Share, Unit};
use crate::measure::{Measure, Values};
use crate::period::a_year_before;

/// One number of a report (报表行).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which one of the group: a path, an id, a code, a month or a date; empty where all are one, or there is none.
    pub key: String,
    /// Which indicator.
    pub metric: Metric,
    /// As it is.
    pub now: Share,
    /// As it was a year before; `None` when nobody asked.
    pub before: Option<Share>,
}

impl Row {
    /// The rate in basis points; `None` for what is no rate, and where nothing is counted.
    #[must_use]
    pub fn rate(&self) -> Option<i64> {
        rate(self.metric, self.now)
    }

    /// The rate a year before.
    #[must_use]
    pub fn rate_before(&self) -> Option<i64> {
        rate(self.metric, self.before?)
    }

    /// How many basis points more or less the rate is than a year before (百分点之差).
    #[must_use]
    pub fn difference(&self) -> Option<i64> {
        Some(self.rate()? - self.rate_before()?)
    }

    /// How much more or less it is than a year before, in basis points of that (增幅): of the rate, the average or the number.
    #[must_use]
    pub fn change(&self) -> Option<i64> {
        let of = |share: Share| match self.metric.unit() {
            Unit::Rate => share.basis_points(),
            Unit::Minutes => share.each(),
            Unit::Count => Some(share.numerator),
        };
        Share::change(of(self.now)?, of(self.before?)?)
    }
}

fn rate(metric: Metric, share: Share) -> Option<i64> {
    share.basis_points().filter(|_| metric.unit() == Unit::Rate)
}

/// Sums by key and measure.
type Table = BTreeMap<String, BTreeMap<Measure, Values>>;

/// Puts sums into a table; days become months where months are asked for.
fn table(sums: Vec<(Measure, String, Values)>, group: Group) -> Table {
    let mut table = Table::new();
    for (measure, mut key, values) in sums {
        if group == Group::Month {
            key.truncate("2026-11".len());
        }
        table.entry(key).or_default().entry(measure).or_default().add(&values, 1);
    }
    table
}

/// The rows of a report, in the order of their keys and of the indicators asked for. What counts nothing has no row, but where
/// all are one.
#[must_use]
pub fn rows(
    asked: &Asked,
    now: Vec<(Measure, String, Values)>,
    before: Option<Vec<(Measure, String, Values)>>,
) -> Vec<Row> {
    let (now, before) = (table(now, asked.group), before.map(|sums| table(sums, asked.group)));
    let mut keys: BTreeSet<String> = now.keys().cloned().collect();
    match asked.group {
        Group::None => keys.extend([String::new()]),
        Group::Month | Group::Day => {}
        _ => keys.extend(before.iter().flat_map(|table| table.keys().cloned())),
    }
    let mut rows = Vec::with_capacity(keys.len() * asked.metrics.len());
    for key in keys {
        let old = year_before(&key, asked.group);
        for metric in &asked.metrics {
            let share = |table: &Table, key: &str| {
                let sums = table.get(key).and_then(|sums| sums.get(&metric.formula().measure));
                sums.map(|sums| metric.of(sums)).unwrap_or_default()
            };
            let was = before.as_ref().map(|table| share(table, &old));
            let row = Row { key: key.clone(), metric: *metric, now: share(&now, &key), before: was };
            let is_something = [Some(row.now), row.before].into_iter().flatten().any(|share| share != Share::default());
            if is_something || asked.group == Group::None {
                rows.push(row);
            }
        }
    }
    rows
}

/// The key under which the same thing stood a year before.
fn year_before(key: &str, group: Group) -> String {
    let day = |text: &str| text.parse::<NaiveDate>().map(a_year_before);
    match group {
        Group::Day => day(key).map_or_else(|_| key.to_owned(), |day| day.to_string()),
        Group::Month => {
            day(&format!("{key}-01")).map_or_else(|_| key.to_owned(), |day| day.format("%Y-%m").to_string())
        }
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Period;
    use crate::policy::Sight;

    fn asked(group: Group) -> Asked {
        let metrics = vec![Metric::OnTimeRate, Metric::Cases];
        let period = Period { from: "2026-10-01".parse().unwrap(), to: "2026-12-01".parse().unwrap() };
        Asked { metrics, period, sight: Sight::default(), filter: crate::command::Filter::default(), group }
    }

    fn due(key: &str, all: i64, in_time: i64) -> (Measure, String, Values) {
        (Measure::Due, key.to_owned(), Values([all, in_time, 0, 0, 0, 0, 0]))
    }

    #[test]
    fn nothing_at_all_is_a_row_without_a_rate() {
        let rows = rows(&asked(Group::None), Vec::new(), None);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.now == Share::default() && row.rate().is_none() && row.change().is_none()));
    }

    #[test]
    fn days_become_months_beside_those_of_a_year_before() {
        let now = vec![due("2026-10-01", 5, 4), due("2026-10-31", 3, 3), due("2026-11-02", 2, 1)];
        let before = vec![due("2025-10-09", 4, 2)];
        let rows = rows(&asked(Group::Month), now, Some(before));
        let keys: Vec<_> = rows.iter().map(|row| (row.key.as_str(), row.now.numerator, row.rate())).collect();
        assert_eq!(keys, [("2026-10", 7, Some(8_750)), ("2026-11", 1, Some(5_000))]);
        assert_eq!(
            (rows[0].rate_before(), rows[0].difference(), rows[0].change()),
            (Some(5_000), Some(3_750), Some(7_500))
        );
        assert_eq!((rows[1].rate_before(), rows[1].difference()), (None, None));
    }

    #[test]
    fn what_was_there_a_year_before_is_shown_too() {
        let rows = rows(&asked(Group::Grid), vec![due("/a/", 1, 1)], Some(vec![due("/b/", 1, 0)]));
        let keys: Vec<_> = rows.iter().map(|row| (row.key.as_str(), row.rate(), row.rate_before())).collect();
        assert_eq!(keys, [("/a/", Some(10_000), None), ("/b/", None, Some(0))]);
    }
}
