use std::fmt::Write as _;

use chrono::DateTime;
use entity::booking::Model;
use entity::id::{AccountId, BookingId, BookingSeriesId, CenterId, VenueId};
use expect_test::expect_file;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::matrix::kind_of;

/// A booking from nine to half past ten, of a series or not.
fn booking(series_id: Option<BookingSeriesId>) -> Booking {
    let nobody = Uuid::nil();
    let row = Model {
        id: BookingId(nobody),
        version: 1,
        code: "ABCDEFGH".into(),
        center_id: CenterId(nobody),
        venue_id: VenueId(nobody),
        account_id: AccountId(nobody),
        made_by: None,
        series_id,
        group_name: None,
        purpose: "排练".into(),
        party_size: 4,
        answers: serde_json::json!([]),
        service_id: None,
        service_version: None,
        begins_at: "2026-11-24T01:00:00Z".parse().unwrap(),
        ends_at: "2026-11-24T02:30:00Z".parse().unwrap(),
        buffer_before: 0,
        buffer_after: 15,
        state: BookingState::Confirmed,
        due_at: None,
        is_late: false,
        is_damaged: false,
        is_moved: false,
        reject_reason: None,
        cancel_reason: None,
        note: None,
        decided_by: None,
        checked_in_at: None,
        ended_at: None,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    Booking { row, area_path: "/310112008/".into() }
}

/// One of each fact about a booking, as the table of facts keeps them.
fn facts() -> Vec<Value> {
    let at = "2026-11-24T00:30:00Z";
    let made = |state| json!({ "kind": "booking.made", "venue": Uuid::nil(), "account": Uuid::nil(), "begins_at": at, "ends_at": at, "state": state, "due_at": at });
    let moved = |state| json!({ "kind": "booking.moved", "venue": Uuid::max(), "begins_at": at, "ends_at": at, "buffer_before": 0, "buffer_after": 0, "state": state, "due_at": at, "is_by_center": true });
    let accepted = |state| json!({ "kind": "booking.accepted", "state": state, "due_at": at });
    vec![
        made("CONFIRMED"),
        made("PENDING_APPROVAL"),
        made("WAITLISTED"),
        json!({ "kind": "booking.approved" }),
        json!({ "kind": "booking.rejected", "reason": "PURPOSE" }),
        json!({ "kind": "booking.offered", "until": at }),
        accepted("CONFIRMED"),
        accepted("PENDING_APPROVAL"),
        json!({ "kind": "booking.cancelled", "is_late": false }),
        json!({ "kind": "booking.cancelled", "is_late": true }),
        json!({ "kind": "booking.called_off", "reason": "WEATHER" }),
        moved("CONFIRMED"),
        moved("PENDING_APPROVAL"),
        json!({ "kind": "booking.reminded" }),
        json!({ "kind": "booking.checked_in" }),
        json!({ "kind": "booking.completed", "is_early": true }),
        json!({ "kind": "booking.no_show" }),
        json!({ "kind": "booking.expired" }),
        json!({ "kind": "booking.expired", "from": "WAITLISTED" }),
        json!({ "kind": "booking.damaged" }),
        json!({ "kind": "booking.damage_reversed" }),
    ]
}

fn names(lines: &[Told]) -> String {
    let name = |to| match to {
        Recipients::Owner => "who has it",
        Recipients::Staff(Role::CenterStaff) => "the centre",
        other => panic!("{other:?} has nothing to do with it"),
    };
    let lines =
        lines.iter().map(|line| format!("{}, {:?} ({:?})", name(line.to), line.template, kind_of(line.template)));
    let lines = lines.collect::<Vec<_>>().join("; ");
    if lines.is_empty() { "nobody".to_owned() } else { lines }
}

#[test]
fn the_matrix_is_reviewed() {
    let mut table = String::from("# what happened: to whom, what (of which kind) | until, what is added\n");
    for json in facts() {
        let fact: BookingFact = serde_json::from_value(json.clone()).unwrap();
        let (kind, state) = (json["kind"].as_str().unwrap(), json["state"].as_str().unwrap_or_default());
        let BookingData { until, outcome, .. } = data(&fact, &booking(None));
        let until = until.map_or("-".to_owned(), |until| until.format("%H:%M").to_string());
        let lines = names(&told(&fact, &booking(None)));
        writeln!(table, "{kind} {state}: {lines} | {until} {outcome:?}").unwrap();
    }
    for (name, fact) in [
        (
            "made",
            json!({ "kind": "credit_appeal.made", "entry": Uuid::nil(), "account": Uuid::nil(), "booking": Uuid::nil(), "center": Uuid::nil() }),
        ),
        ("granted", json!({ "kind": "credit_appeal.decided", "state": "GRANTED" })),
        ("refused", json!({ "kind": "credit_appeal.decided", "state": "REFUSED" })),
    ] {
        let fact: AppealFact = serde_json::from_value(fact).unwrap();
        writeln!(table, "appeal {name}: {}", names(&told_of_appeal(&fact))).unwrap();
    }
    expect_file!["table.txt"].assert_eq(&table);
}

#[test]
fn a_series_is_told_of_once_and_what_happens_to_one_of_it_as_of_any() {
    let one = booking(Some(BookingSeriesId(Uuid::nil())));
    let (venue, account) = (one.row.venue_id, one.row.account_id);
    let made = SeriesFact::Made { venue, account, created: 10, refused: 2 };
    assert_eq!(names(&told_of_series(&made)), "who has it, BookingSeriesMade (BookingStatus)");
    for json in facts() {
        let fact: BookingFact = serde_json::from_value(json).unwrap();
        let expected = match fact {
            BookingFact::Made { .. } => Vec::new(),
            _ => told(&fact, &booking(None)),
        };
        assert_eq!(told(&fact, &one), expected);
    }
}

#[test]
fn what_was_moved_is_told_as_it_is_since() {
    let json = facts().into_iter().find(|fact| fact["kind"] == "booking.moved").unwrap();
    let told = data(&serde_json::from_value(json).unwrap(), &booking(None));
    assert_eq!((told.venue.0, told.begins_at.to_rfc3339()), (Uuid::max(), "2026-11-24T00:30:00+00:00".to_owned()));
    assert_eq!(serde_json::from_value::<BookingData>(serde_json::to_value(&told).unwrap()).unwrap(), told);
}
