//! What falls free is theirs who wait, in order.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Thing, chorus, on_terms};
use crate::bookings::{DANCE, at};
use crate::support::case::with;
use crate::support::{Person, Town, stories};

stories![
    a_seat_that_falls_free_goes_to_the_next_at_once,
    a_seat_may_be_offered_and_passed_on,
    who_needs_more_keeps_the_place,
    who_is_elsewhere_keeps_the_place_and_the_next_one_has_it,
    more_seats_are_theirs_who_wait,
    nobody_waits_once_it_has_begun,
];

async fn state(person: &Person, event: &Thing) -> Value {
    person.own_seat(event).await["state"].clone()
}

async fn a_seat_that_falls_free_goes_to_the_next_at_once(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 1 })))).await;
    let (ann, bob, carl) = (town.resident().await, town.resident().await, town.resident().await);
    let has = ann.registers(&event).await;
    bob.tries_to_register(&event, json!({})).await.is_refused("EVENT_FULL");
    bob.lines_up_for(town, &event, json!({})).await;
    let last = carl.lines_up_for(town, &event, json!({})).await;
    assert_eq!(carl.own_seat(&event).await["waitlistPosition"], 2);
    Thing::of(&ann.tries_with_seat("cancelEventRegistration", &has, json!({})).await);
    assert_eq!((state(&bob, &event).await, state(&carl, &event).await), (json!("CONFIRMED"), json!("WAITLISTED")));
    assert_eq!(carl.own_seat(&event).await["waitlistPosition"], 1);
    Thing::of(&carl.tries_with_seat("cancelEventRegistration", &last, json!({})).await);
    town.keeps_seats_straight().await;
}

async fn a_seat_may_be_offered_and_passed_on(town: &Town) {
    let offers = on_terms(json!({ "capacity": 1, "promotion": "OFFER" }));
    let (_, event) = town.publishes(&with(chorus(town), offers)).await;
    let (ann, bob, carl, dora) =
        (town.resident().await, town.resident().await, town.resident().await, town.resident().await);
    let has = ann.registers(&event).await;
    bob.lines_up_for(town, &event, json!({})).await;
    carl.lines_up_for(town, &event, json!({})).await;
    Thing::of(&ann.tries_with_seat("cancelEventRegistration", &has, json!({})).await);
    let offered = bob.own_seat(&event).await;
    assert_eq!(offered["state"], "OFFERED");
    dora.tries_to_register(&event, json!({})).await.is_refused("EVENT_FULL");
    carl.tries_with_seat("acceptEventOffer", &Thing::from(&carl.own_seat(&event).await), json!({}))
        .await
        .is_refused("INVALID_TRANSITION");
    town.later(TimeDelta::minutes(30));
    bob.refreshed()
        .await
        .tries_with_seat("acceptEventOffer", &Thing::from(&offered), json!({}))
        .await
        .is_refused("DEADLINE_PASSED");
    town.rings().await;
    let (bob, carl) = (bob.refreshed().await, carl.refreshed().await);
    assert_eq!((state(&bob, &event).await, state(&carl, &event).await), (json!("EXPIRED"), json!("OFFERED")));
    let seat = Thing::from(&carl.own_seat(&event).await);
    let taken = Thing::of(&carl.tries_with_seat("acceptEventOffer", &seat, json!({})).await);
    assert_eq!(taken.state, "CONFIRMED");
    // Who let it pass may stand in line again, at its end.
    bob.lines_up_for(town, &event, json!({})).await;
    town.keeps_seats_straight().await;
}

async fn who_needs_more_keeps_the_place(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 3 })))).await;
    let (ann, bob, family, carl) =
        (town.resident().await, town.resident().await, town.resident().await, town.resident().await);
    let two = Thing::of(&ann.tries_to_register(&event, json!({ "guestNames": ["外婆"] })).await);
    let one = bob.registers(&event).await;
    family.lines_up_for(town, &event, json!({ "guestNames": ["甲", "乙"] })).await;
    carl.lines_up_for(town, &event, json!({})).await;
    // One is enough for who stands behind.
    Thing::of(&bob.tries_with_seat("cancelEventRegistration", &one, json!({})).await);
    assert_eq!((state(&family, &event).await, state(&carl, &event).await), (json!("WAITLISTED"), json!("CONFIRMED")));
    Thing::of(&ann.tries_with_seat("cancelEventRegistration", &two, json!({})).await);
    assert_eq!(state(&family, &event).await, "WAITLISTED", "two are not enough for three");
    let own = Thing::from(&carl.own_seat(&event).await);
    Thing::of(&carl.tries_with_seat("cancelEventRegistration", &own, json!({})).await);
    assert_eq!(state(&family, &event).await, "CONFIRMED");
    town.keeps_seats_straight().await;
}

async fn who_is_elsewhere_keeps_the_place_and_the_next_one_has_it(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 1 })))).await;
    let (ann, bob, carl) = (town.resident().await, town.resident().await, town.resident().await);
    let has = ann.registers(&event).await;
    bob.lines_up_for(town, &event, json!({})).await;
    carl.lines_up_for(town, &event, json!({})).await;
    let room = town.venue("XH-01", DANCE).await;
    let dances = bob.books(town, &room, (5, "14:00", "15:00")).await;
    Thing::of(&ann.tries_with_seat("cancelEventRegistration", &has, json!({})).await);
    assert_eq!((state(&bob, &event).await, state(&carl, &event).await), (json!("WAITLISTED"), json!("CONFIRMED")));
    bob.does_on("cancelBooking", &dances, json!({})).await;
    let own = Thing::from(&carl.own_seat(&event).await);
    Thing::of(&carl.tries_with_seat("cancelEventRegistration", &own, json!({})).await);
    assert_eq!(state(&bob, &event).await, "CONFIRMED");
    town.keeps_seats_straight().await;
}

async fn more_seats_are_theirs_who_wait(town: &Town) {
    let (host, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 1 })))).await;
    let (ann, bob, carl) = (town.resident().await, town.resident().await, town.resident().await);
    ann.registers(&event).await;
    bob.lines_up_for(town, &event, json!({})).await;
    carl.lines_up_for(town, &event, json!({})).await;
    let more = json!({
        "address": "活动室", "startsAt": at(town, 5, "14:00"), "endsAt": at(town, 5, "16:00"), "capacity": 2,
    });
    host.does_with_event("changeEvent", &event, more).await;
    assert_eq!((state(&bob, &event).await, state(&carl, &event).await), (json!("CONFIRMED"), json!("WAITLISTED")));
    town.keeps_seats_straight().await;
}

async fn nobody_waits_once_it_has_begun(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 1 })))).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.registers(&event).await;
    town.later(TimeDelta::seconds(1));
    bob.lines_up_for(town, &event, json!({})).await;
    town.later(at(town, 5, "14:00") - town.now());
    town.rings().await;
    let host = town.staff("neighbourhood").await;
    let rows = host.reads_registrations(&event.id).await.list("/eventRegistrations/nodes");
    let states: Vec<&str> = rows.iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["CONFIRMED", "EXPIRED"]);
    // Who is taken off then leaves a chair empty.
    Thing::of(
        &host.tries_with_seat("removeEventRegistration", &Thing::from(&rows[0]), json!({ "note": "未到" })).await,
    );
    town.keeps_seats_straight().await;
}
