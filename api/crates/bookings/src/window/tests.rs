use areas::{CalendarDay, DayKind};
use entity::enums::{BookingApproval, OpeningSession, VenueKind};
use entity::id::{CenterId, VenueId};
use proptest::prelude::*;
use schedule::opening::{Days as On, Rule, Staffed};
use schedule::slot::free;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A dance room.
pub(crate) fn venue() -> venue::Model {
    venue::Model {
        id: VenueId(Uuid::nil()),
        version: 1,
        center_id: CenterId(Uuid::nil()),
        within_id: None,
        name: "舞蹈房".into(),
        kind: VenueKind::Dance,
        capacity: 30,
        is_accessible: true,
        equipment: json!([]),
        introduction: None,
        units: 1,
        photos: json!([]),
        questions: json!([]),
        rules: None,
        fee: None,
        min_age: None,
        approval: BookingApproval::Auto,
        start_interval: 30,
        min_minutes: 30,
        max_minutes: 120,
        group_max_minutes: 240,
        buffer_before: 0,
        buffer_after: 15,
        days_ahead: 7,
        opens_minute: 480,
        is_bookable: true,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Working days from nine to five.
fn opening() -> Opening {
    let staffed = Staffed { hours: Hours::between(540, 1_020).unwrap(), session: OpeningSession::Day, duty: None };
    let valid_from = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    Opening { rules: vec![Rule { days: On::Working, staffed, valid_from, valid_to: None }], ..Opening::default() }
}

fn code(from: &str, to: &str, now: &str) -> Option<UserErrorCode> {
    let span = Span::between(at(from), at(to)).unwrap();
    check(&venue(), &opening(), &Calendar::of_2026(), (span, false), at(now)).err().map(|error| error.code)
}

#[test]
fn a_date_opens_a_week_before_at_eight_to_the_microsecond() {
    // Monday the 30th, ten to eleven in Shanghai.
    let (from, to) = ("2026-11-30T02:00:00Z", "2026-11-30T03:00:00Z");
    assert_eq!(code(from, to, "2026-11-22T23:59:59.999999Z"), Some(UserErrorCode::NotInWindow));
    assert_eq!(code(from, to, "2026-11-23T00:00:00Z"), None);
    assert_eq!(code(from, to, "2026-11-30T01:59:59.999999Z"), None);
    assert_eq!(code(from, to, "2026-11-30T02:00:00Z"), Some(UserErrorCode::DeadlinePassed));
}

#[test]
fn what_is_wrong_tomorrow_too_is_told_before_what_opens_then() {
    // Both a quarter off the grid and a week too far: to wait for it would be in vain.
    let far = ("2026-12-07T02:15:00Z", "2026-12-07T03:15:00Z");
    assert_eq!(code(far.0, far.1, "2026-11-23T01:00:00Z"), Some(UserErrorCode::Invalid));
    // Both too far and on a Saturday, when nobody is in: that may change until it opens.
    let shut = ("2026-12-05T02:00:00Z", "2026-12-05T03:00:00Z");
    assert_eq!(code(shut.0, shut.1, "2026-11-23T01:00:00Z"), Some(UserErrorCode::NotInWindow));
}

#[test]
fn the_calendar_says_which_days_are_worked() {
    for (date, expected) in [
        ("2026-02-14", None),
        ("2026-02-16", Some(UserErrorCode::SlotClosed)),
        ("2026-10-10", None),
        ("2026-10-01", Some(UserErrorCode::SlotClosed)),
        ("2026-11-28", Some(UserErrorCode::SlotClosed)),
    ] {
        let found = code(&format!("{date}T02:00:00Z"), &format!("{date}T03:00:00Z"), &format!("{date}T00:30:00Z"));
        assert_eq!(found, expected, "{date}");
    }
    // A corrected notice holds at once.
    let date = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
    let worked = Calendar::from_days([CalendarDay { date, kind: DayKind::AdjustedWorkday, name: String::new() }]);
    let span = Span::between(at("2026-11-28T02:00:00Z"), at("2026-11-28T03:00:00Z")).unwrap();
    assert!(check(&venue(), &opening(), &worked, (span, false), at("2026-11-28T00:30:00Z")).is_ok());
}

proptest! {
    /// Whatever a client sends: what is let in is exactly what the slots show as free, in its window.
    #[test]
    fn what_is_let_in_is_what_is_shown(start in 0..96_i32, length in 1..20_i32, is_group in any::<bool>()) {
        let midnight = at("2026-11-23T16:00:00Z");
        let from = midnight + chrono::TimeDelta::minutes(i64::from(start) * 15);
        let span = Span::between(from, from + chrono::TimeDelta::minutes(i64::from(length) * 15)).unwrap();
        let now = at("2026-11-23T15:59:00Z");
        let is_let_in = check(&venue(), &opening(), &Calendar::of_2026(), (span, is_group), now).is_ok();
        let terms = terms(&venue(), is_group);
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let fits = (terms.shortest..=terms.longest).contains(&length);
        let shown = free(&opening().on(date, DayKind::Workday), &terms, length, |_| true).contains(&span);
        prop_assert_eq!(is_let_in, fits && shown);
    }
}
