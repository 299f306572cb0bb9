use chrono::{DateTime, Utc};
use entity::enums::{BookingApproval, CenterState, VenueKind};
use entity::id::{AccountId, AreaId, BookingId, CenterId, VenueId};
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn center() -> center::Model {
    center::Model {
        id: CenterId(Uuid::nil()),
        version: 4,
        code: "XH-01".into(),
        name: "爱博邻里中心".into(),
        area_id: AreaId(Uuid::nil()),
        area_path: "/310112008/".into(),
        address: "爱博路 1 号".into(),
        longitude: Some(121.32),
        latitude: Some(31.195),
        phone: Some("021-5478 0000".into()),
        state: CenterState::Open,
        created_at: at("2026-11-01T00:00:00Z"),
        updated_at: at("2026-11-01T00:00:00Z"),
    }
}

fn venue() -> venue::Model {
    venue::Model {
        id: VenueId(Uuid::nil()),
        version: 9,
        center_id: CenterId(Uuid::nil()),
        within_id: None,
        name: "舞蹈房".into(),
        kind: VenueKind::Dance,
        capacity: 30,
        is_accessible: true,
        equipment: serde_json::json!([]),
        introduction: None,
        units: 1,
        photos: serde_json::json!([]),
        questions: serde_json::json!([]),
        rules: None,
        fee: None,
        min_age: None,
        approval: BookingApproval::Auto,
        start_interval: 30,
        min_minutes: 60,
        max_minutes: 120,
        group_max_minutes: 240,
        buffer_before: 0,
        buffer_after: 15,
        days_ahead: 14,
        opens_minute: 480,
        is_bookable: true,
        created_at: at("2026-11-01T00:00:00Z"),
        updated_at: at("2026-11-20T00:00:00Z"),
    }
}

fn row(state: S) -> booking::Model {
    booking::Model {
        id: BookingId(Uuid::from_u128(7)),
        version: 2,
        code: "ABCD2345".into(),
        center_id: CenterId(Uuid::nil()),
        venue_id: VenueId(Uuid::nil()),
        account_id: AccountId(Uuid::from_u128(1)),
        made_by: None,
        series_id: None,
        group_name: Some("夕阳红舞蹈队".into()),
        purpose: "排练，找王阿姨".into(),
        party_size: 6,
        answers: serde_json::json!([]),
        service_id: None,
        service_version: None,
        begins_at: at("2026-11-24T02:00:00Z"),
        ends_at: at("2026-11-24T03:00:00Z"),
        buffer_before: 0,
        buffer_after: 15,
        state,
        due_at: None,
        is_damaged: false,
        is_moved: false,
        is_late: false,
        reject_reason: None,
        cancel_reason: None,
        note: Some("门口联系老李".into()),
        decided_by: None,
        checked_in_at: None,
        ended_at: None,
        created_at: at("2026-11-23T01:00:00Z"),
        updated_at: at("2026-11-23T01:00:00Z"),
    }
}

fn seen(state: S, sight: Sight) -> Entry {
    entry(&row(state), Place { center: &center(), venue: &venue() }, sight)
}

#[test]
fn a_person_s_own_says_what_the_person_wrote() {
    let own = seen(S::PendingApproval, Sight::Own);
    assert_eq!(own.summary, "【待审批】舞蹈房（爱博邻里中心）");
    assert_eq!(seen(S::Confirmed, Sight::Own).summary, "舞蹈房（爱博邻里中心）");
    assert_eq!(own.location, "爱博邻里中心 舞蹈房，爱博路 1 号");
    let said =
        "预约码：ABCD2345\n状态：待审批\n人数：6\n团体：夕阳红舞蹈队\n用途：排练，找王阿姨\n服务台：021-5478 0000";
    assert_eq!(own.description, said);
    assert_eq!((own.uid.as_str(), own.sequence), ("bkg_00000000000000000000000000000007@zhilitong", 2));
    assert_eq!(own.position, Some((31.195, 121.32)));
}

#[test]
fn staff_see_codes_sizes_and_states_only() {
    for state in S::iter() {
        let shown = seen(state, Sight::Staff);
        let text = format!("{shown:?}");
        for word in ["夕阳红", "排练", "王阿姨", "老李", "5478"] {
            assert!(!text.contains(word), "{state:?}: {text}");
        }
    }
    let shown = seen(S::Confirmed, Sight::Staff);
    assert_eq!(
        (shown.summary.as_str(), shown.description.as_str()),
        ("舞蹈房：已确认，6 人", "预约码：ABCD2345\n状态：已确认\n人数：6")
    );
}

#[test]
fn what_keeps_its_venue_stands_and_what_fell_free_is_off() {
    let told: Vec<String> = S::iter().map(|state| format!("{state:?} {:?}", status(state))).collect();
    assert_eq!(
        told,
        [
            "Waitlisted Tentative",
            "Offered Tentative",
            "PendingApproval Tentative",
            "Confirmed Confirmed",
            "CheckedIn Confirmed",
            "Completed Confirmed",
            "CancelledByUser Cancelled",
            "CancelledByCenter Cancelled",
            "Rejected Cancelled",
            "NoShow Cancelled",
            "Expired Cancelled",
        ]
    );
}

#[test]
fn a_change_of_the_place_is_a_change_too() {
    let (mut center, venue) = (center(), venue());
    let shown = |center: &center::Model| entry(&row(S::Confirmed), Place { center, venue: &venue }, Sight::Own);
    assert_eq!(shown(&center).changed_at, row(S::Confirmed).updated_at);
    center.updated_at = at("2026-11-25T00:00:00Z");
    assert_eq!(shown(&center).changed_at, center.updated_at);
    assert_eq!(shown(&center).sequence, 2, "the booking is the same");
}
