use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use entity::enums::NotificationKind as Kind;
use entity::enums::ServiceRequestState;
use expect_test::expect_file;

use super::*;
use crate::notifications::words::tests::of_kinds;

const KINDS: &[Kind] = &[
    Kind::RequestStatus,
    Kind::RequestSurvey,
    Kind::RequestAssigned,
    Kind::RequestReturn,
    Kind::Deadline,
    Kind::RequestComment,
];

fn data(due_at: Option<DateTime<Utc>>, reason: Option<RejectReason>) -> CaseData {
    CaseData {
        case_no: "XH20261123000001".to_owned(),
        category_code: "PROPERTY.REPAIR".to_owned(),
        state: ServiceRequestState::Accepted,
        at: "2026-11-23T01:05:00Z".parse().unwrap(),
        due_at,
        reason,
    }
}

/// Every template in both languages, reviewed.
#[test]
fn what_is_said_is_reviewed() {
    let due = "2026-11-30T09:30:00Z".parse().unwrap();
    let mut text = String::new();
    for template in of_kinds(KINDS) {
        for language in [Language::Chinese, Language::English] {
            let Words { title, body } =
                words(template, &data(Some(due), Some(RejectReason::Litigation)), Some("物业报修"), language);
            assert!(!body.contains('{') && !title.contains('{'), "{body}");
            writeln!(text, "{title} | {body}").unwrap();
        }
    }
    expect_file!["words.txt"].assert_eq(&text);
}

#[test]
fn what_is_not_known_is_left_out() {
    for template in of_kinds(KINDS) {
        let Words { body, .. } = words(template, &data(None, None), None, Language::Chinese);
        assert!(!body.contains('{') && body.ends_with('。') && body.contains("「诉求」"), "{body}");
    }
    let midnight = "2026-12-31T16:00:00Z".parse().unwrap();
    assert_eq!(clock(midnight, Language::English), "1 Jan, 00:00");
}
