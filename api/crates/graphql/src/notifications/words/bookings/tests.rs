use std::fmt::Write as _;

use entity::enums::NotificationKind as Kind;
use entity::id::VenueId;
use expect_test::expect_file;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::*;
use crate::notifications::words::tests::of_kinds;

const KINDS: &[Kind] = &[Kind::BookingStatus, Kind::BookingReminder, Kind::BookingDesk];

fn data(outcome: Option<Outcome>) -> BookingData {
    BookingData {
        venue: VenueId(Uuid::nil()),
        begins_at: "2026-11-24T01:00:00Z".parse().unwrap(),
        ends_at: "2026-11-24T02:30:00Z".parse().unwrap(),
        until: Some("2026-11-24T01:15:00Z".parse().unwrap()),
        outcome,
        others: 0,
    }
}

/// Every template and every reason in both languages, reviewed.
#[test]
fn what_is_said_is_reviewed() {
    let mut text = String::new();
    let mut say = |template, data: &BookingData| {
        for language in [Language::Chinese, Language::English] {
            let Words { title, body } = words(template, data, Some("舞蹈房"), language);
            assert!(!body.contains('{') && !title.contains('{') && !title.is_empty(), "{body}");
            writeln!(text, "{title} | {body}").unwrap();
        }
    };
    for template in of_kinds(KINDS) {
        say(template, &data(None));
    }
    for reason in BookingRejectReason::iter() {
        say(Template::BookingRejected, &data(Some(Outcome::Rejected(reason))));
    }
    for reason in ClosureReason::iter() {
        say(Template::BookingCalledOff, &BookingData { others: 11, ..data(Some(Outcome::CalledOff(reason))) });
    }
    say(Template::BookingCancelled, &data(Some(Outcome::Late)));
    say(Template::BookingMoved, &data(Some(Outcome::MovedByCenter)));
    for counts in [true, false] {
        say(Template::BookingNoShow, &data(Some(Outcome::Absent { counts })));
    }
    for state in [BookingState::Waitlisted, BookingState::Offered, BookingState::PendingApproval] {
        say(Template::BookingExpired, &data(Some(Outcome::Lapsed(state))));
    }
    for refused in [0, 2] {
        let ends_at = "2027-02-03T02:30:00Z".parse().unwrap();
        let series = BookingData { ends_at, ..data(Some(Outcome::Series { made: 10, refused })) };
        say(Template::BookingSeriesMade, &series);
    }
    expect_file!["words.txt"].assert_eq(&text);
}

#[test]
fn what_is_not_known_is_left_out() {
    for template in of_kinds(KINDS) {
        let Words { body, .. } = words(template, &BookingData { until: None, ..data(None) }, None, Language::Chinese);
        assert!(!body.contains('{') && body.ends_with('。') && body.contains("「场地」"), "{body}");
    }
}
