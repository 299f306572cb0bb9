//! A venue is kept for some people for a time: they book it as ever, and nobody else does.

use entity::enums::Role;
use serde_json::{Value, json};

use super::{DANCE, at, in_state, nothing_overlaps};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    those_for_whom_it_is_kept_book_and_nobody_else_does,
    what_was_booked_before_stays_and_who_waits_waits_on,
    what_cannot_be_kept_is_refused,
];

const KEPT: &str = "isReplay closure { id version isReserved viewerMayBook note reason } userErrors { code field }";

impl Person {
    async fn reserves(&self, town: &Town, venue: &str, phones: &[&str], more: Value) -> Answer {
        let input = json!({
            "venueId": venue, "startsAt": at(town, 1, "09:00"), "endsAt": at(town, 1, "12:00"), "phones": phones,
            "note": "重阳节演出排练", "idempotencyKey": new_key(),
        });
        self.does("reserveVenue", &with(input, more), KEPT).await
    }

    /// What the first centre says of the time that is kept.
    async fn sees_kept(&self) -> Value {
        let text =
            "{ centers { code closures { id version isReserved viewerMayBook note guests { id } venue { name } } } }";
        let centers = self.asks(text).await.list("/centers");
        centers.iter().find(|row| row["code"] == "XH-01").unwrap()["closures"][0].clone()
    }
}

async fn those_for_whom_it_is_kept_book_and_nobody_else_does(town: &Town) {
    let (dance, staff) = (town.venue("XH-01", DANCE).await, town.staff("center").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let ann_id = ann.id().await.unwrap();
    let answer = staff.reserves(town, &dance, &[&ann.phone(), "13700000765", &ann.phone()], json!({})).await;
    let kept = answer.is_done().get("/reserveVenue/closure").clone();
    assert_eq!((&kept["isReserved"], &kept["viewerMayBook"]), (&json!(true), &json!(false)));
    // Two people: one had no account before.
    assert_eq!(town.number("SELECT count(*) AS n FROM closure_guest").await, 2);
    assert_eq!(ann.sees_kept().await["viewerMayBook"], true);
    // For whom is the desk's matter.
    assert_eq!((ann.sees_kept().await["guests"].clone(), &kept["reason"]), (Value::Null, &json!("OTHER")));
    let guests = staff.sees_kept().await["guests"].clone();
    assert!(
        guests.as_array().unwrap().iter().any(|guest| guest["id"] == ann_id.as_str()) && guests[1].is_object(),
        "{guests}"
    );
    for person in [&bob, &town.stranger()] {
        assert_eq!(person.sees_kept().await["viewerMayBook"], false);
        let slots = person.slots(town, &dance, 1, 60).await;
        assert!(slots.iter().all(|(time, _)| time.as_str() >= "12:00"), "{slots:?}");
    }
    assert!(in_state(&ann.slots(town, &dance, 1, 60).await, "OPEN").contains(&"09:00"));
    bob.tries_to_book(town, &dance, (1, "09:00", "10:00"), json!({})).await.is_refused("SLOT_CLOSED");
    bob.tries_to_book(town, &dance, (1, "11:30", "12:30"), json!({})).await.is_refused("SLOT_CLOSED");
    bob.tries_to_book(town, &dance, (1, "13:00", "14:00"), json!({})).await.is_done();
    assert_eq!(ann.books(town, &dance, (1, "09:00", "10:00")).await.state, "CONFIRMED");
    // It is taken back like a closure: then it is everybody's.
    let seen = ann.sees_kept().await;
    let back = json!({ "id": seen["id"], "expectedVersion": seen["version"], "idempotencyKey": new_key() });
    staff.does("reopenCenter", &back, KEPT).await.is_done();
    bob.tries_to_book(town, &dance, (2, "10:00", "11:00"), json!({})).await.is_done();
    let cid = town.resident().await;
    assert_eq!(cid.books(town, &dance, (1, "10:30", "11:30")).await.state, "CONFIRMED");
    nothing_overlaps(town).await;
}

async fn what_was_booked_before_stays_and_who_waits_waits_on(town: &Town) {
    let (dance, staff) = (town.venue("XH-01", DANCE).await, town.staff("center").await);
    let (ann, bob, cid) = (town.resident().await, town.resident().await, town.resident().await);
    let has = bob.books(town, &dance, (1, "10:00", "11:00")).await;
    let waits = cid.waits_for(town, &dance, (1, "10:00", "11:00")).await;
    staff.reserves(town, &dance, &[&ann.phone()], json!({})).await.is_done();
    assert_eq!(bob.sees_again(&has).await.state, "CONFIRMED");
    let also = ann.waits_for(town, &dance, (1, "10:00", "11:00")).await;
    // What falls free meanwhile is for those for whom it is kept, however long others waited.
    bob.does_on("cancelBooking", &has, json!({})).await;
    assert_eq!(cid.sees_again(&waits).await.state, "WAITLISTED");
    let offered = ann.sees_again(&also).await;
    assert_eq!(offered.state, "OFFERED");
    // Given up, and no more kept: now it is the other's turn.
    ann.does_on("cancelBooking", &offered, json!({})).await;
    assert_eq!(cid.sees_again(&waits).await.state, "WAITLISTED");
    let seen = ann.sees_kept().await;
    let back = json!({ "id": seen["id"], "expectedVersion": seen["version"], "idempotencyKey": new_key() });
    staff.does("reopenCenter", &back, KEPT).await.is_done();
    assert_eq!(cid.sees_again(&waits).await.state, "OFFERED");
    nothing_overlaps(town).await;
}

async fn what_cannot_be_kept_is_refused(town: &Town) {
    let (dance, staff, ann) = (town.venue("XH-01", DANCE).await, town.staff("center").await, town.resident().await);
    let phone = ann.phone();
    for (more, field) in [
        (json!({ "phones": [] }), "phones"),
        (json!({ "phones": ["12345"] }), "phones"),
        (json!({ "phones": vec!["13700000765"; 31] }), "phones"),
        (json!({ "note": " " }), "note"),
        (json!({ "endsAt": at(town, 1, "09:00") }), "endsAt"),
        (json!({ "startsAt": at(town, -1, "09:00"), "endsAt": at(town, -1, "10:00") }), "endsAt"),
    ] {
        staff.reserves(town, &dance, &[&phone], more).await.at(field);
    }
    ann.reserves(town, &dance, &[&phone], json!({})).await.is_refused("FORBIDDEN");
    town.stranger().reserves(town, &dance, &[&phone], json!({})).await.is_refused("UNAUTHENTICATED");
    let elsewhere = town.official(Role::CenterStaff, "310112008002").await;
    elsewhere.reserves(town, &dance, &[&phone], json!({})).await.is_refused("FORBIDDEN");
    assert_eq!(town.number("SELECT count(*) AS n FROM closure").await, 0);
}
