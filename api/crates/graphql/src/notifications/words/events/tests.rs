use std::fmt::Write as _;

use ::notifications::matrix::kind_of;
use entity::enums::NotificationKind as Kind;
use entity::id::EventId;
use expect_test::expect_file;
use uuid::Uuid;

use super::*;
use crate::notifications::words::tests::of_kinds;

const KINDS: &[Kind] = &[Kind::EventStatus, Kind::EventReminder, Kind::EventDesk];

/// Every template in both languages, reviewed.
#[test]
fn what_is_said_is_reviewed() {
    let data = EventData {
        event: EventId(Uuid::nil()),
        begins_at: "2026-11-24T01:00:00Z".parse().unwrap(),
        ends_at: "2026-11-24T02:30:00Z".parse().unwrap(),
        until: Some("2026-11-23T01:15:00Z".parse().unwrap()),
    };
    let mut text = String::new();
    for template in of_kinds(KINDS) {
        for (language, title) in [(Language::Chinese, Some("合唱")), (Language::English, None)] {
            let Words { title, body } = words(template, &data, title, language);
            assert!(!title.is_empty() && !body.contains('{'), "{template:?} of {:?}", kind_of(template));
            writeln!(text, "{title} | {body}").unwrap();
        }
    }
    expect_file!["words.txt"].assert_eq(&text);
}
