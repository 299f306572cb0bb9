//! What a person may ask about the own registrations: a copy, and that they are forgotten.

use chrono::TimeDelta;
use serde_json::json;

use super::{Thing, chorus, on_terms};
use crate::flows::all_forgotten;
use crate::support::case::with;
use crate::support::{Town, raw, stories};

stories![a_copy_holds_what_was_said, who_is_forgotten_leaves_a_seat_and_no_words, what_is_over_stays_as_it_was,];

async fn a_copy_holds_what_was_said(town: &Town) {
    let (_, event) = town.publishes(&chorus(town)).await;
    let ann = town.resident().await;
    let own = Thing::of(&ann.tries_to_register(&event, json!({ "guestNames": ["外婆"] })).await);
    let copy = raw::get(town.address, &ann.has_copy().await).await.body;
    let copy: serde_json::Value = serde_json::from_str(&copy).unwrap();
    let row = &copy["eventRegistrations"][0];
    assert_eq!((&row["id"], &row["event"], &row["seats"]), (&json!(own.id), &json!(event.id), &json!(2)));
    assert_eq!(row["guests"], json!([{ "name": "外婆", "isChild": false }]));
}

async fn who_is_forgotten_leaves_a_seat_and_no_words(town: &Town) {
    let far =
        json!({ "startsAt": crate::bookings::at(town, 20, "14:00"), "endsAt": crate::bookings::at(town, 20, "16:00") });
    let (_, event) = town.publishes(&with(with(chorus(town), on_terms(json!({ "capacity": 2 }))), far)).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    Thing::of(&ann.tries_to_register(&event, json!({ "guestNames": ["外婆"] })).await);
    bob.lines_up_for(town, &event, json!({})).await;
    town.later(TimeDelta::minutes(2));
    let phone = ann.phone();
    ann.asks_to_be_forgotten(town, Some(&phone)).await.is_done();
    town.later(TimeDelta::days(7) + TimeDelta::minutes(1));
    all_forgotten(town).await;
    let phone = bob.phone();
    let mut bob = bob.holding(None);
    bob.signs_in_with_code(town, &phone).await;
    assert_eq!(bob.own_seat(&event).await["state"], "CONFIRMED", "the seats are theirs who wait");
    let words = "SELECT count(*) AS n FROM event_guest";
    assert_eq!(town.number(words).await, 0);
    let kept = "SELECT count(*) AS n FROM event_registration WHERE state = 'CANCELLED'";
    assert_eq!(town.number(kept).await, 1, "that somebody was registered is kept");
    town.keeps_seats_straight().await;
}

async fn what_is_over_stays_as_it_was(town: &Town) {
    let (_, event) = town.publishes(&chorus(town)).await;
    let ann = town.resident().await;
    ann.registers(&event).await;
    town.later(TimeDelta::days(6));
    let (phone, mut ann) = (ann.phone(), ann.holding(None));
    ann.signs_in_with_code(town, &phone).await;
    town.later(TimeDelta::minutes(2));
    ann.asks_to_be_forgotten(town, Some(&phone)).await.is_done();
    town.later(TimeDelta::days(7) + TimeDelta::minutes(1));
    all_forgotten(town).await;
    let kept = "SELECT count(*) AS n FROM event_registration WHERE state = 'CONFIRMED'";
    assert_eq!(town.number(kept).await, 1, "somebody was there");
    town.keeps_seats_straight().await;
}
