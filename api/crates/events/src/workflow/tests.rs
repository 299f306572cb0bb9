use std::fmt::Write as _;

use entity::enums::{EventKind, WaitlistPromotion};
use entity::id::{AreaId, EventId, PartyOrganizationId};
use expect_test::expect;
use serde_json::json;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::*;

pub(crate) const HOST: AccountId = AccountId(Uuid::from_u128(1));
const OTHER: AccountId = AccountId(Uuid::from_u128(2));

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-{text}:00Z").parse().unwrap()
}

/// On the 27th from six to eight, with ten seats.
pub(crate) fn row(state: S, audience: EventAudience) -> Model {
    let is_of_party = audience != EventAudience::Public;
    let is_published = matches!(state, S::Open | S::Ended | S::Cancelled);
    Model {
        id: EventId(Uuid::nil()),
        version: 1,
        kind: EventKind::OpenEvent,
        audience,
        state,
        title: String::new(),
        summary: String::new(),
        body: String::new(),
        organizer: String::new(),
        tags: String::new(),
        area_id: AreaId(Uuid::nil()),
        area_path: "/310112008/310112008-D1/".to_owned(),
        organization_id: is_of_party.then_some(PartyOrganizationId(Uuid::nil())),
        organization_path: is_of_party.then(|| "/T/T-A/".to_owned()),
        venue_id: None,
        place: String::new(),
        longitude: None,
        latitude: None,
        begins_at: at("27T06:00"),
        ends_at: at("27T08:00"),
        takes_registrations: true,
        signup_from: None,
        signup_to: at("27T06:00"),
        withdraw_until: at("27T04:00"),
        capacity: Some(10),
        seats_taken: 0,
        waitlist_limit: None,
        most_seats: 3,
        promotion: WaitlistPromotion::Automatic,
        is_for_residents: false,
        questions: json!([]),
        agenda: json!([]),
        photos: json!([]),
        note: None,
        created_by: HOST,
        written_by: HOST,
        submitted_by: None,
        reviewed_by: None,
        published_at: is_published.then(|| at("20T00:00")),
        ended_at: None,
        due_at: None,
        created_at: at("19T00:00"),
        updated_at: at("19T00:00"),
    }
}

#[test]
fn what_may_happen_from_where() {
    let mut table = String::new();
    for audience in [EventAudience::Public, EventAudience::Organization] {
        for state in S::iter() {
            let may = |action: &EventAction| may(&row(state, audience), *action, Some(OTHER), at("26T00:00")).is_ok();
            let names: Vec<&str> = EventAction::iter().filter(may).map(<&str>::from).collect();
            writeln!(table, "{audience:?} {state:?}: {}", names.join(" ")).unwrap();
        }
    }
    expect![[r#"
        Public Draft: SAVE SUBMIT CANCEL
        Public InReview: APPROVE RETURN CANCEL
        Public Approved: SAVE PUBLISH CANCEL
        Public Open: CHANGE CANCEL READ_REGISTRATIONS TAKE_ATTENDANCE LAPSE
        Public Ended: READ_REGISTRATIONS TAKE_ATTENDANCE
        Public Cancelled: READ_REGISTRATIONS
        Organization Draft: SAVE PUBLISH CANCEL
        Organization InReview: APPROVE RETURN CANCEL
        Organization Approved: SAVE PUBLISH CANCEL
        Organization Open: CHANGE CANCEL READ_REGISTRATIONS TAKE_ATTENDANCE LAPSE
        Organization Ended: READ_REGISTRATIONS TAKE_ATTENDANCE
        Organization Cancelled: READ_REGISTRATIONS
    "#]]
    .assert_eq(&table);
}

#[test]
fn who_wrote_it_does_not_review_it() {
    let mut own = row(S::InReview, EventAudience::Public);
    own.submitted_by = Some(OTHER);
    for by in [HOST, OTHER] {
        for action in [EventAction::Approve, EventAction::Return] {
            assert_eq!(may(&own, action, Some(by), at("26T00:00")), Err(Refusal::SamePerson), "{action:?}");
        }
    }
}

#[test]
fn nothing_is_published_or_changed_once_it_has_begun() {
    for (state, action) in [
        (S::Draft, EventAction::Submit),
        (S::InReview, EventAction::Approve),
        (S::Approved, EventAction::Publish),
        (S::Open, EventAction::Change),
    ] {
        let row = row(state, EventAudience::Public);
        assert_eq!(may(&row, action, Some(OTHER), at("27T05:59")), Ok(()), "{action:?}");
        assert_eq!(may(&row, action, Some(OTHER), at("27T06:00")), Err(Refusal::TooLate), "{action:?}");
    }
    // What goes on may still be called off.
    let open = row(S::Open, EventAudience::Public);
    assert_eq!(may(&open, EventAction::Cancel, Some(HOST), at("27T07:59")), Ok(()));
    assert_eq!(may(&open, EventAction::Cancel, Some(HOST), at("27T08:00")), Err(Refusal::TooLate));
}

#[test]
fn people_are_reminded_once_and_then_it_ends() {
    let mut own = row(S::Open, EventAudience::Public);
    own.due_at = Some(due(own.begins_at, own.ends_at, at("20T00:00")));
    assert_eq!(own.due_at, Some(at("26T06:00")));
    assert!(lapse(&own, at("26T05:59")).is_err());
    let reminded = lapse(&own, at("26T06:00")).unwrap();
    assert_eq!(reminded, EventFact::Reminded);
    evolve(&mut own, &reminded, None, at("26T06:00"));
    assert!(lapse(&own, at("27T07:59")).is_err());
    let ended = lapse(&own, at("27T08:00")).unwrap();
    assert_eq!(ended, EventFact::Ended);
    evolve(&mut own, &ended, None, at("27T09:00"));
    assert_eq!((own.state, own.ended_at, own.due_at), (S::Ended, Some(at("27T08:00")), None));
    // Published within the day before, there is no time for it; and after a long stop it has only ended.
    assert_eq!(due(own.begins_at, own.ends_at, at("26T06:00")), at("27T08:00"));
    let mut late = row(S::Open, EventAudience::Public);
    late.due_at = Some(at("26T06:00"));
    assert_eq!(lapse(&late, at("28T00:00")), Ok(EventFact::Ended));
}

#[test]
fn where_it_stands_follows_from_seats_and_the_clock() {
    let open = row(S::Open, EventAudience::Public);
    let full = Model { seats_taken: 10, ..open.clone() };
    let as_is = Model { takes_registrations: false, ..full.clone() };
    for (row, now, expected) in [
        (&open, "27T05:59", Phase::Open),
        (&full, "27T05:59", Phase::Full),
        (&as_is, "27T05:59", Phase::Open),
        (&full, "27T06:00", Phase::Ongoing),
        (&open, "27T07:59", Phase::Ongoing),
        (&open, "27T08:00", Phase::Ended),
    ] {
        assert_eq!(phase(row, at(now)), expected, "{now}");
    }
}

#[test]
fn what_is_written_anew_is_reviewed_anew() {
    let mut own = row(S::Approved, EventAudience::Public);
    own.reviewed_by = Some(OTHER);
    evolve(&mut own, &EventFact::Saved, Some(HOST), at("26T00:00"));
    assert_eq!((own.state, own.reviewed_by, own.version), (S::Draft, None, 2));
}
