use proptest::prelude::*;
use strum::IntoEnumIterator as _;

use super::*;

fn month(text: &str) -> Month {
    Month::of(format!("{text}-15").parse().unwrap())
}

fn held(kind: K, from: &str, to: &str, months: &[&str]) -> (usize, usize, usize) {
    let months: Vec<Month> = months.iter().map(|text| month(text)).collect();
    let Held { required, held, missing, .. } = stands(kind, (month(from), month(to)), &months);
    (required, held, missing)
}

#[test]
fn what_is_due_is_asked_for_by_the_calendar() {
    // A committee's meeting each month (scenario 13).
    assert_eq!(held(K::CommitteeMeeting, "2026-10", "2026-10", &[]), (1, 0, 1));
    assert_eq!(held(K::CommitteeMeeting, "2026-10", "2026-10", &["2026-10"]), (1, 1, 0));
    // Two in one month are none in the other.
    assert_eq!(held(K::ThemeDay, "2026-09", "2026-10", &["2026-09", "2026-09"]), (2, 2, 1));
    // Once a quarter, and only of quarters that are whole.
    assert_eq!(held(K::BranchMeeting, "2026-10", "2026-10", &[]), (0, 0, 0));
    assert_eq!(held(K::BranchMeeting, "2026-10", "2026-12", &["2026-11"]), (1, 1, 0));
    assert_eq!(held(K::PartyClass, "2026-02", "2026-12", &["2026-02", "2026-05"]), (3, 2, 2));
    // Once a year.
    assert_eq!(held(K::OrganizationLife, "2026-01", "2026-12", &["2026-03"]), (1, 1, 0));
    assert_eq!(held(K::DemocraticReview, "2026-02", "2026-12", &["2026-03"]), (0, 1, 0));
    assert_eq!(held(K::DemocraticReview, "2026-07", "2027-06", &[]), (0, 0, 0));
    // What was held before or after counts for its own months.
    assert_eq!(held(K::GroupMeeting, "2026-10", "2026-10", &["2026-09", "2026-11"]), (1, 0, 1));
}

#[test]
fn who_owes_what() {
    let owed = |organization, members| -> Vec<K> {
        LIFE.into_iter().filter(|kind| owes(organization, members, *kind)).collect()
    };
    let small = vec![K::BranchMeeting, K::PartyClass, K::ThemeDay, K::OrganizationLife, K::DemocraticReview];
    assert_eq!(owed(O::Branch, 6), small, "six members have no committee");
    assert_eq!(owed(O::JointBranch, 7).len(), 6);
    assert_eq!(owed(O::Group, 20), [K::GroupMeeting]);
    assert_eq!(owed(O::Committee, 500), []);
    for kind in K::iter().filter(|kind| !LIFE.contains(kind)) {
        assert!(!owes(O::Branch, 50, kind), "{kind:?}");
    }
}

#[test]
fn months_are_those_of_shanghai() {
    assert_eq!(Month::at("2026-10-31T16:00:00Z".parse().unwrap()), month("2026-11"));
    assert_eq!(Month::at("2026-10-31T15:59:59Z".parse().unwrap()), month("2026-10"));
    assert_eq!(month("2026-12").next().first_day(), NaiveDate::from_ymd_opt(2027, 1, 1));
    assert_eq!(month("2026-11").count_to(month("2027-10")), 12);
}

proptest! {
    #[test]
    fn none_is_missing_where_one_is_held_each_month(from in 24_000..24_400_i32, length in 0..12_i32, kind in 0..LIFE.len()) {
        let (from, to) = (Month(from), Month(from + length));
        let each: Vec<Month> = (from.0..=to.0).map(Month).collect();
        let full = stands(LIFE[kind], (from, to), &each);
        prop_assert_eq!(full.missing, 0);
        let none = stands(LIFE[kind], (from, to), &[]);
        prop_assert_eq!((none.required, none.missing), (full.required, full.required));
        prop_assert!(none.required <= usize::try_from(length).unwrap() + 1);
    }

    #[test]
    fn one_more_meeting_never_lacks_more(months in prop::collection::vec(0..12_i32, 0..12), more in 0..12_i32, kind in 0..LIFE.len()) {
        let year = (Month(24_312), Month(24_323));
        let mut months: Vec<Month> = months.into_iter().map(|month| Month(24_312 + month)).collect();
        let before = stands(LIFE[kind], year, &months);
        months.push(Month(24_312 + more));
        let after = stands(LIFE[kind], year, &months);
        prop_assert!(after.missing <= before.missing && after.held == before.held + 1);
    }
}
