//! An event in a room of a neighbourhood centre has it by the same keys as a booking.

use entity::enums::Role;
use serde_json::{Value, json};

use super::{Thing, chorus};
use crate::bookings::{DANCE, at};
use crate::support::case::{new_key, with};
use crate::support::{Town, stories};

stories![
    its_room_is_nobody_elses_until_it_is_called_off,
    what_is_booked_is_not_taken_by_an_event,
    a_change_takes_the_other_room_and_gives_back_the_first,
    who_waits_for_its_room_does_not_come_between,
    who_holds_an_event_is_told_when_its_room_is_shut,
    a_room_that_the_centre_decides_about_is_its_staffs_to_give,
];

fn in_room(town: &Town, venue: &str) -> Value {
    with(chorus(town), json!({ "venueId": venue }))
}

async fn its_room_is_nobody_elses_until_it_is_called_off(town: &Town) {
    let room = town.venue("XH-01", DANCE).await;
    let (host, event) = town.publishes(&in_room(town, &room)).await;
    let ann = town.resident().await;
    ann.tries_to_book(town, &room, (5, "14:00", "15:00"), json!({})).await.is_refused("SLOT_TAKEN");
    let waits = ann.waits_for(town, &room, (5, "15:00", "16:00")).await;
    host.does_with_event("cancelEvent", &event, json!({ "note": "改日再办" })).await;
    assert_eq!(ann.looks_up(&waits).await["state"], "OFFERED", "what falls free is offered to who waits for the room");
    let left = "SELECT count(*) AS n FROM occupancy o WHERE NOT EXISTS (SELECT 1 FROM booking b WHERE b.id = o.holder)";
    assert_eq!(town.number(left).await, 0);
}

async fn what_is_booked_is_not_taken_by_an_event(town: &Town) {
    let room = town.venue("XH-01", DANCE).await;
    town.resident().await.books(town, &room, (5, "15:00", "16:00")).await;
    let (host, editor) = (town.staff("neighbourhood").await, town.staff("editor").await);
    let draft = Thing::of(&host.tries_to_plan(&in_room(town, &room)).await);
    let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
    let approved = editor.does_with_event("approveEvent", &submitted, json!({})).await;
    let taken = host.tries_with_event("publishEvent", &approved, json!({})).await;
    taken.is_refused("SLOT_TAKEN").at("startsAt");
    assert_eq!(taken.json["data"]["publishEvent"]["event"]["state"], "APPROVED", "nothing is half done");
    assert_eq!(town.stranger().looks_at_event(&approved).await, Value::Null);
    let nothing = in_room(town, "ven_01a205eabe8070000000000000000000");
    host.tries_to_plan(&nothing).await.is_refused("INVALID").at("venueId");
    let big = with(in_room(town, &room), super::on_terms(json!({ "capacity": 500 })));
    let draft = Thing::of(
        &host
            .tries_to_plan(&with(big, json!({ "startsAt": at(town, 6, "14:00"), "endsAt": at(town, 6, "16:00") })))
            .await,
    );
    let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
    let approved = editor.does_with_event("approveEvent", &submitted, json!({})).await;
    host.tries_with_event("publishEvent", &approved, json!({})).await.is_refused("LIMIT_EXCEEDED");
    let endless = with(in_room(town, &room), json!({ "registration": { "mostSeats": 3 } }));
    host.tries_to_plan(&endless).await.is_refused("REQUIRED").at("registration.capacity");
}

async fn a_change_takes_the_other_room_and_gives_back_the_first(town: &Town) {
    let room = town.venue("XH-01", DANCE).await;
    let (host, event) = town.publishes(&in_room(town, &room)).await;
    let ann = town.resident().await;
    let crowd = json!({
        "venueId": room, "address": "舞蹈房", "startsAt": at(town, 5, "14:00"), "endsAt": at(town, 5, "16:00"), "capacity": 5000,
    });
    host.tries_with_event("changeEvent", &event, crowd).await.is_refused("LIMIT_EXCEEDED");
    let to = json!({ "venueId": room, "address": "舞蹈房", "startsAt": at(town, 6, "14:00"), "endsAt": at(town, 6, "16:00") });
    let moved = host.does_with_event("changeEvent", &event, to).await;
    ann.books(town, &room, (5, "14:00", "15:00")).await;
    ann.tries_to_book(town, &room, (6, "14:00", "15:00"), json!({})).await.is_refused("SLOT_TAKEN");
    // To where somebody else is, it does not go; and keeps what it has.
    let back = json!({ "venueId": room, "address": "舞蹈房", "startsAt": at(town, 5, "14:00"), "endsAt": at(town, 5, "16:00") });
    host.tries_with_event("changeEvent", &moved, back).await.is_refused("SLOT_TAKEN");
    ann.tries_to_book(town, &room, (6, "14:00", "15:00"), json!({})).await.is_refused("SLOT_TAKEN");
    let outside = json!({ "address": "广场", "startsAt": at(town, 6, "14:00"), "endsAt": at(town, 6, "16:00") });
    host.does_with_event("changeEvent", &moved, outside).await;
    town.resident().await.books(town, &room, (6, "14:00", "15:00")).await;
}

async fn who_holds_an_event_is_told_when_its_room_is_shut(town: &Town) {
    let room = town.venue("XH-01", DANCE).await;
    let (host, event) = town.publishes(&in_room(town, &room)).await;
    let desk = town.staff("center").await;
    let centers = town.stranger().asks("{ centers { id code } }").await.list("/centers");
    let center = centers.iter().find(|row| row["code"] == "XH-01").unwrap()["id"].clone();
    let close = json!({
        "centerId": center, "venueId": room, "startsAt": at(town, 5, "08:00"), "endsAt": at(town, 5, "15:00"), "reason": "MAINTENANCE",
        "idempotencyKey": new_key(),
    });
    desk.does("closeCenter", &close, "closure { id } userErrors { code field }").await.is_done();
    town.notifies().await;
    let told = "SELECT count(*) AS n FROM notification WHERE template = 'EVENT_ROOM_SHUT'";
    assert_eq!(town.number(told).await, 1);
    let seen = host.looks_at_event(&event).await;
    assert_eq!((&seen["state"], &seen["version"]), (&json!("OPEN"), &json!(event.version + 1)));
}

/// Who waits for the room has what the event gives back, and not what it keeps.
async fn who_waits_for_its_room_does_not_come_between(town: &Town) {
    let room = town.venue("XH-01", DANCE).await;
    let (host, event) = town.publishes(&in_room(town, &room)).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let within = ann.waits_for(town, &room, (5, "15:00", "16:00")).await;
    let before = bob.waits_for(town, &room, (5, "14:00", "14:30")).await;
    let later = json!({ "venueId": room, "address": "舞蹈房", "startsAt": at(town, 5, "15:00"), "endsAt": at(town, 5, "16:30") });
    host.does_with_event("changeEvent", &event, later).await;
    assert_eq!(ann.looks_up(&within).await["state"], "WAITLISTED");
    assert_eq!(bob.looks_up(&before).await["state"], "OFFERED");
}

async fn a_room_that_the_centre_decides_about_is_its_staffs_to_give(town: &Town) {
    let hall = town.venue("XH-01", "多功能厅").await;
    let (host, editor) = (town.official(Role::NeighborhoodStaff, "310112008").await, town.staff("editor").await);
    let on_thursday = json!({ "startsAt": at(town, 3, "14:00"), "endsAt": at(town, 3, "16:00") });
    let draft = Thing::of(&host.tries_to_plan(&with(in_room(town, &hall), on_thursday)).await);
    let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
    let approved = editor.does_with_event("approveEvent", &submitted, json!({})).await;
    host.tries_with_event("publishEvent", &approved, json!({})).await.is_refused("INVALID").at("venueId");
    let desk = town.staff("center").await;
    let seen = desk.looks_at_event(&approved).await;
    assert_eq!(
        seen["viewerActions"],
        json!(["SAVE", "PUBLISH", "CANCEL"]),
        "the centre's staff hold events of its area too"
    );
    assert_eq!(desk.does_with_event("publishEvent", &approved, json!({})).await.state, "OPEN");
}
