//! Rates are exact: half-up, within bounds, and nothing where nothing is counted.

use proptest::prelude::*;
use strum::IntoEnumIterator as _;

use super::*;

fn rate(numerator: i64, denominator: i64) -> Option<i64> {
    Share { numerator, denominator }.basis_points()
}

#[test]
fn the_fractions_of_the_formulas_come_out() {
    for (numerator, denominator, expected) in [
        (82, 89, 9_213),
        (249, 250, 9_960),
        (977, 1_000, 9_770),
        (7, 8, 8_750),
        (2_931, 3_000, 9_770),
        (2_764, 3_000, 9_213),
        (2_988, 3_000, 9_960),
        (2_100, 2_400, 8_750),
        (1, 3, 3_333),
        (2, 3, 6_667),
        (1, 16, 625),
        (1, 32, 313),
    ] {
        assert_eq!(rate(numerator, denominator), Some(expected), "{numerator}/{denominator}");
    }
}

#[test]
fn nothing_counted_is_no_rate() {
    assert_eq!((rate(0, 0), rate(0, 5), rate(5, 5)), (None, Some(0), Some(10_000)));
    assert_eq!(Share::default().each(), None);
    assert_eq!((Share::change(5, 0), Share::change(0, 5), Share::change(3, 2)), (None, Some(-10_000), Some(5_000)));
}

#[test]
fn every_metric_stands_in_a_measure_by_one_name() {
    let mut names: Vec<&str> = Metric::iter().map(Metric::name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    for metric in Metric::iter() {
        let Formula { numerator, denominator, .. } = metric.formula();
        assert_eq!(metric.unit() == Unit::Count, numerator == denominator, "{metric:?}");
    }
}

proptest! {
    #[test]
    fn a_rate_is_half_up_and_within_bounds(denominator in 1_i64..=50_000_000, part in 0.0..=1.0_f64) {
        let numerator = ((denominator as f64) * part) as i64;
        let rate = rate(numerator, denominator).unwrap();
        prop_assert!((0..=10_000).contains(&rate));
        // |rate − exact| ≤ ½, and exactly ½ only upwards.
        let twice_off = 2 * (i128::from(rate) * i128::from(denominator) - 10_000 * i128::from(numerator));
        prop_assert!(-i128::from(denominator) < twice_off && twice_off <= i128::from(denominator));
    }

    #[test]
    fn one_more_that_succeeds_never_lowers_a_rate(denominator in 1_i64..=1_000_000, part in 0.0..=1.0_f64) {
        let numerator = ((denominator as f64) * part) as i64;
        prop_assert!(rate(numerator + 1, denominator + 1) >= rate(numerator, denominator));
    }

    #[test]
    fn no_denominator_is_no_rate(numerator in any::<i32>()) {
        prop_assert_eq!(rate(numerator.into(), 0), None);
    }
}
