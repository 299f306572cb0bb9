//! How somebody keeps to what was agreed (信用账): rows that are never edited, only reversed, and what follows from them. Pure. It is
//! a rule of the house alone: shown to the person and to staff, never in public.
//!
//! The score begins at 100. Rows that have happened and are not reversed change it in order of time, those of one instant in order
//! of their ids, and it stops at 0 and at 100 with each: what would lead beyond is lost. Three rules say what counts:
//! - losses are forgiven after a year: they count for 365 days, and then are as if they had never been;
//! - gains of one kind count up to 10 points in a calendar month of Shanghai, whether or not the score had room for them;
//! - a reversed row is as if it had never been, for score, months and bars; reversing a reversal puts it back.

use std::collections::{BTreeMap, BTreeSet};

use areas::shanghai_date;
use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use entity::enums::CreditKind;

/// The score at the beginning, and the highest.
pub const FULL: i32 = 100;
/// With less than this score, bookings wait for approval (需审批).
pub const APPROVAL: i32 = 60;
/// Most points of one kind in a calendar month.
pub const MONTHLY: i32 = 10;
/// For how long a loss counts (信用修复期).
pub const FADES: TimeDelta = TimeDelta::days(365);
/// For how long somebody may say that a row is wrong (申诉期).
pub const APPEAL: TimeDelta = TimeDelta::days(7);
/// Within this time absences lead to bars.
pub const WINDOW: TimeDelta = TimeDelta::days(90);
/// How many absences bar for how long (限制预约).
pub const BARS: [(usize, TimeDelta); 2] = [(3, TimeDelta::days(30)), (6, TimeDelta::days(90))];

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What<K> {
    /// 爽约 / did not come, and did not cancel.
    NoShow,
    /// 临期取消 / cancelled when nobody else could take the place any more.
    LateCancel,
    /// 损坏 / left something broken.
    Damage,
    /// 守约 / came as agreed.
    OnTimeUse,
    /// 志愿服务一小时 / an hour of voluntary work.
    VolunteerHour,
    /// 撤销 / an earlier row was wrong.
    Reversal(K),
}

impl<K> What<K> {
    /// What a line of a kind says; `wrong` is the one that it reverses, if it does.
    #[must_use]
    pub fn of(kind: CreditKind, wrong: K) -> Self {
        match kind {
            CreditKind::NoShow => Self::NoShow,
            CreditKind::LateCancel => Self::LateCancel,
            CreditKind::Damage => Self::Damage,
            CreditKind::OnTimeUse => Self::OnTimeUse,
            CreditKind::VolunteerHour => Self::VolunteerHour,
            CreditKind::Reversal => Self::Reversal(wrong),
        }
    }

    /// Points of a row, before any rule is applied.
    #[must_use]
    pub fn points(&self) -> i32 {
        match self {
            Self::NoShow => -20,
            Self::LateCancel => -5,
            Self::Damage => -40,
            Self::OnTimeUse => 2,
            Self::VolunteerHour => 1,
            Self::Reversal(_) => 0,
        }
    }
}

/// A row of somebody's ledger (信用记录).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<K> {
    /// Its name.
    pub id: K,
    /// When that happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: What<K>,
}

/// What follows from somebody's rows (信用状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// From 0 to 100.
    pub score: i32,
    /// Until when the person books nothing, if so.
    pub barred_until: Option<DateTime<Utc>>,
    /// Whether what the person books waits for approval.
    pub needs_approval: bool,
}

/// Where somebody stands at an instant, by rows in any order; what has not happened by then does not count.
#[must_use]
pub fn standing<K: Copy + Ord>(rows: &[Row<K>], now: DateTime<Utc>) -> Standing {
    let valid = unreversed(rows.iter().filter(|row| row.at <= now).copied().collect());
    let score = effects(&valid, now).fold(FULL, |score, points| (score + points).clamp(0, FULL));
    let absences: Vec<_> = valid.iter().filter(|row| row.what == What::NoShow).map(|row| row.at).collect();
    Standing {
        score,
        barred_until: barred_until(&absences).filter(|until| now < *until),
        needs_approval: score < APPROVAL,
    }
}

/// Whether somebody may still say that a row is wrong.
#[must_use]
pub fn may_appeal(row_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - row_at < APPEAL
}

/// Rows that no later one reverses, in order. From the last one back, as a reversal holds unless a later one reverses it.
fn unreversed<K: Copy + Ord>(mut rows: Vec<Row<K>>) -> Vec<Row<K>> {
    // Of one instant the ids say nothing: what is reversed was there before.
    rows.sort_unstable_by_key(|row| (row.at, matches!(row.what, What::Reversal(_)), row.id));
    let (mut reversed, mut left) = (BTreeSet::new(), Vec::with_capacity(rows.len()));
    for row in rows.into_iter().rev() {
        match row.what {
            _ if reversed.contains(&row.id) => {}
            What::Reversal(id) => {
                reversed.insert(id);
            }
            _ => left.push(row),
        }
    }
    left.reverse();
    left
}

/// By how much each row changes the score, its ends aside.
fn effects<K: Copy + Ord>(rows: &[Row<K>], now: DateTime<Utc>) -> impl Iterator<Item = i32> {
    let mut gained: BTreeMap<_, i32> = BTreeMap::new();
    rows.iter().map(move |row| match row.what.points() {
        loss @ ..0 if now - row.at < FADES => loss,
        ..0 => 0,
        gain => {
            let date = shanghai_date(row.at);
            let sum = gained.entry((row.what, date.year(), date.month())).or_default();
            let gain = gain.min(MONTHLY - *sum);
            *sum += gain;
            gain
        }
    })
}

/// When the last bar is over. Every absence bars that has enough others in the 90 days before it, so that one during a bar
/// lengthens it.
fn barred_until(absences: &[DateTime<Utc>]) -> Option<DateTime<Utc>> {
    let bars = BARS.into_iter().flat_map(|(count, length)| {
        absences.windows(count).filter_map(move |run| match run {
            [first, .., last] if *last - *first < WINDOW => Some(*last + length),
            _ => None,
        })
    });
    bars.max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NO_SHOW: What<usize> = What::NoShow;

    fn shanghai(text: &str) -> DateTime<Utc> {
        format!("{text}+08:00").parse().unwrap()
    }

    /// An instant some hours after the new year of 2026.
    fn at(hours: i64) -> DateTime<Utc> {
        shanghai("2026-01-01T00:00:00") + TimeDelta::hours(hours)
    }

    fn ledger(rows: impl IntoIterator<Item = (i64, What<usize>)>) -> Vec<Row<usize>> {
        rows.into_iter().enumerate().map(|(id, (hours, what))| Row { id, at: at(hours), what }).collect()
    }

    /// As a table would say it: rows by day, then where that leads at the end of a day.
    fn on_days(rows: &[(i64, What<usize>)], now: i64) -> (i32, Option<i64>, bool) {
        let rows = ledger(rows.iter().map(|(day, what)| (day * 24, *what)));
        let Standing { score, barred_until, needs_approval } = standing(&rows, at(now * 24));
        (score, barred_until.map(|until| (until - at(0)).num_days()), needs_approval)
    }

    fn losses() -> impl Strategy<Value = What<usize>> {
        prop::sample::select(vec![What::NoShow, What::LateCancel, What::Damage])
    }

    fn whats() -> impl Strategy<Value = What<usize>> {
        let gains = prop::sample::select(vec![What::OnTimeUse, What::VolunteerHour]);
        prop_oneof![3 => losses(), 3 => gains, 1 => (0..40_usize).prop_map(What::Reversal)]
    }

    /// Some years of somebody's life; close enough together for bars and caps to matter.
    fn ledgers() -> impl Strategy<Value = Vec<Row<usize>>> {
        let within = prop::sample::select(vec![60 * 24, 300 * 24, 900 * 24_i64]);
        let rows = within.prop_flat_map(|hours| prop::collection::vec((0..hours, whats()), 0..40));
        rows.prop_map(ledger)
    }

    fn end(rows: &[Row<usize>]) -> DateTime<Utc> {
        rows.iter().map(|row| row.at).max().unwrap_or_default().max(at(0))
    }

    #[test]
    fn the_third_absence_bars_for_30_days_and_a_reversal_restores_all() {
        let thrice = [(0, NO_SHOW), (40, NO_SHOW), (80, NO_SHOW)];
        let reversed = [&thrice[..], &[(85, What::Reversal(2))]].concat();
        let sixfold = [0, 10, 20, 30, 40, 50].map(|day| (day, NO_SHOW));
        for (rows, now, expected) in [
            (&thrice[..2], 40, (60, None, false)),
            (&thrice, 80, (40, Some(110), true)),
            (&thrice, 109, (40, Some(110), true)),
            (&thrice, 110, (40, None, true)),
            (&reversed, 84, (40, Some(110), true)),
            (&reversed, 85, (60, None, false)),
            (&[(0, NO_SHOW), (40, NO_SHOW), (89, NO_SHOW)], 89, (40, Some(119), true)),
            (&[(0, NO_SHOW), (40, NO_SHOW), (90, NO_SHOW)], 90, (40, None, true)),
            (&sixfold[..5], 40, (0, Some(70), true)),
            (&sixfold, 50, (0, Some(140), true)),
            (&[&sixfold[..], &[(51, What::Reversal(0))]].concat(), 51, (0, Some(80), true)),
        ] {
            assert_eq!(on_days(rows, now), expected, "{rows:?} on day {now}");
        }
    }

    #[test]
    fn of_one_instant_a_reversal_comes_last_whatever_its_id() {
        let at = shanghai("2026-11-23T09:00:00");
        let rows = [Row { id: 9, at, what: What::Damage }, Row { id: 1, at, what: What::Reversal(9) }];
        assert_eq!(standing(&rows, at).score, FULL);
    }

    #[test]
    fn the_score_stops_at_its_ends_and_losses_fade() {
        use What as W;
        for (rows, now, score) in [
            (&[][..], 0, 100),
            (&[(0, W::OnTimeUse)], 0, 100),
            (&[(0, W::LateCancel), (1, W::OnTimeUse), (2, W::VolunteerHour)], 2, 98),
            // What was gained at the upper end is lost, and what went below the lower one is forgiven.
            (&[(0, W::OnTimeUse), (1, W::LateCancel)], 1, 95),
            (&[(0, W::Damage), (1, W::Damage), (2, W::Damage), (3, W::OnTimeUse)], 3, 2),
            (&[(0, W::Damage)], 364, 60),
            (&[(0, W::Damage)], 365, 100),
            (&[(10, W::Damage)], 9, 100),
            (&[(0, W::Damage), (1, W::Reversal(0)), (2, W::Reversal(1))], 2, 60),
            (&[(0, W::Damage), (1, W::Reversal(0)), (2, W::Reversal(1)), (3, W::Reversal(2))], 3, 100),
            (&[(0, W::Reversal(1)), (1, W::Damage), (2, W::Reversal(7))], 2, 60),
        ] {
            assert_eq!(on_days(rows, now).0, score, "{rows:?} on day {now}");
        }
    }

    #[test]
    fn gains_are_counted_by_months_of_shanghai() {
        let use_at = |text| (shanghai(text), What::OnTimeUse);
        let january = [use_at("2026-01-31T20:00:00"); 6];
        let row = |(id, (at, what))| Row { id, at, what };
        let score = |later: &[(DateTime<Utc>, What<usize>)]| {
            let damage = (shanghai("2026-01-01T00:00:00"), What::Damage);
            let rows: Vec<_> = [&[damage][..], &january, later].concat().into_iter().enumerate().map(row).collect();
            standing(&rows, shanghai("2026-03-01T00:00:00")).score
        };
        assert_eq!(score(&[]), 70);
        assert_eq!(score(&[use_at("2026-01-31T23:59:59")]), 70);
        assert_eq!(score(&[use_at("2026-02-01T00:00:00")]), 72);
        assert_eq!(score(&[(shanghai("2026-01-31T20:00:00"), What::VolunteerHour)]), 71);
        let reversal = |id| (shanghai("2026-02-01T00:00:00"), What::Reversal(id));
        assert_eq!(score(&[reversal(1)]), 70, "the sixth takes its place");
        assert_eq!(score(&[reversal(1), reversal(2)]), 68);
    }

    #[test]
    fn an_appeal_is_made_within_seven_days() {
        assert!(may_appeal(at(0), at(0)) && may_appeal(at(0), at(7 * 24 - 1)));
        assert!(!may_appeal(at(0), at(7 * 24)));
    }

    proptest! {
        #[test]
        fn rows_may_come_in_any_order((rows, mixed) in ledgers().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))) {
            prop_assert_eq!(standing(&mixed, end(&rows)), standing(&rows, end(&rows)));
        }

        #[test]
        fn a_reversed_row_is_as_if_it_had_never_been(rows in ledgers(), which: prop::sample::Index) {
            prop_assume!(!rows.is_empty());
            let (now, id) = (end(&rows), rows[which.index(rows.len())].id);
            let with = [&rows[..], &[Row { id: rows.len(), at: now, what: What::Reversal(id) }]].concat();
            let without: Vec<_> = rows.into_iter().filter(|row| row.id != id).collect();
            prop_assert_eq!(standing(&with, now), standing(&without, now));
        }

        #[test]
        fn the_score_stays_within_its_ends_and_says_who_needs_approval(rows in ledgers(), hours in 0..1_000 * 24_i64) {
            let Standing { score, needs_approval, .. } = standing(&rows, at(hours));
            prop_assert!((0..=100).contains(&score));
            prop_assert_eq!(needs_approval, score < 60);
        }

        #[test]
        fn a_loss_never_raises_the_score(rows in ledgers(), what in losses(), hours in 0..1_000 * 24_i64, now in 0..1_000 * 24_i64) {
            let more = [&rows[..], &[Row { id: rows.len(), at: at(hours), what }]].concat();
            prop_assert!(standing(&more, at(now)).score <= standing(&rows, at(now)).score);
        }

        #[test]
        fn nobody_sinks_by_waiting(rows in ledgers(), hours in 0..1_000 * 24_i64) {
            let (now, later) = (end(&rows), end(&rows) + TimeDelta::hours(hours));
            prop_assert!(standing(&rows, now).score <= standing(&rows, later).score);
        }

        #[test]
        fn until_it_meets_an_end_the_score_is_the_sum_of_its_rows(rows in ledgers()) {
            let (now, valid) = (end(&rows), unreversed(rows.clone()));
            let sums = effects(&valid, now).scan(FULL, |sum, points| { *sum += points; Some(*sum) });
            let sums: Vec<i32> = sums.take_while(|sum| (0..=FULL).contains(sum)).collect();
            prop_assert_eq!(standing(&valid[..sums.len()], now).score, sums.last().copied().unwrap_or(FULL));
        }

        #[test]
        fn no_month_gives_more_than_ten_points_of_a_kind(rows in ledgers()) {
            let valid = unreversed(rows.clone());
            let mut months: BTreeMap<_, (i32, i32)> = BTreeMap::new();
            for (row, points) in valid.iter().zip(effects(&valid, end(&rows))).filter(|(row, _)| row.what.points() > 0) {
                let date = shanghai_date(row.at);
                let (given, earned) = months.entry((row.what, date.year(), date.month())).or_default();
                *given += points;
                *earned += row.what.points();
            }
            prop_assert!(months.values().all(|(given, earned)| given == earned.min(&MONTHLY)));
        }

        /// Counted row by row, as a person would.
        #[test]
        fn bars_follow_from_the_absences_of_90_days(days in prop::collection::vec(0..200_i64, 0..12), now in 0..300_i64) {
            let bars = days.iter().filter(|day| **day <= now).filter_map(|day| {
                let others = days.iter().filter(|other| (day - 89..=*day).contains(other)).count();
                match others { 0..=2 => None, 3..=5 => Some(day + 30), _ => Some(day + 90) }
            });
            let rows: Vec<_> = days.iter().map(|day| (*day, NO_SHOW)).collect();
            prop_assert_eq!(on_days(&rows, now).1, bars.max().filter(|until| now < *until));
        }

        #[test]
        fn reversing_an_absence_never_lengthens_a_bar(rows in ledgers(), which: prop::sample::Index) {
            let absences: Vec<_> = rows.iter().filter(|row| row.what == NO_SHOW).collect();
            prop_assume!(!absences.is_empty());
            let (now, what) = (end(&rows), What::Reversal(absences[which.index(absences.len())].id));
            let reversed = [&rows[..], &[Row { id: rows.len(), at: now, what }]].concat();
            prop_assert!(standing(&reversed, now).barred_until <= standing(&rows, now).barred_until);
        }
    }
}
