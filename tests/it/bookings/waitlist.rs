//! Who waits: what falls free goes to the first, for half an hour, then to the next; never once it has begun (scenario 10).

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{DANCE, in_state, nothing_overlaps, refusal};
use crate::support::{Town, stories};

stories![
    what_falls_free_is_offered_to_the_first_who_accepts,
    an_offer_that_lapses_or_is_declined_is_passed_on,
    nothing_is_offered_once_it_has_begun,
    who_waits_for_less_than_what_fell_free_gets_it,
    a_place_on_the_list_counts_as_a_booking,
    who_is_elsewhere_by_then_cannot_accept,
    an_offer_of_what_is_decided_about_still_has_to_be,
];

const TEN: (i64, &str, &str) = (1, "10:00", "11:00");

async fn what_falls_free_is_offered_to_the_first_who_accepts(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, TEN).await;
    let waits = bob.waits_for(town, &venue, TEN).await;
    bob.tries_on("acceptBookingOffer", &waits, json!({})).await.is_refused("INVALID_TRANSITION");
    // Three hours before.
    town.later(TimeDelta::hours(22));
    let (ann, bob) = (ann.refreshed().await, bob.refreshed().await);
    ann.does_on("cancelBooking", &has, json!({})).await;
    let offered = bob.sees_again(&waits).await;
    assert_eq!(offered.state, "OFFERED");
    let seen = bob.looks_up(&waits).await;
    assert_eq!(seen["viewerActions"], json!(["ACCEPT", "CANCEL"]));
    assert_eq!(
        seen["offerExpiresAt"],
        json!(town.now() + TimeDelta::minutes(30)).as_str().unwrap().replace('Z', "+00:00")
    );
    // Meanwhile it is kept.
    let cid = town.resident().await;
    cid.tries_to_book(town, &venue, (0, "10:00", "11:00"), json!({})).await.is_refused("SLOT_TAKEN");
    town.later(TimeDelta::minutes(29));
    let bob = bob.refreshed().await;
    let has = bob.does_on("acceptBookingOffer", &offered, json!({})).await;
    assert_eq!(has.state, "CONFIRMED");
    nothing_overlaps(town).await;
}

async fn an_offer_that_lapses_or_is_declined_is_passed_on(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob, cid, dan) =
        (town.resident().await, town.resident().await, town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, TEN).await;
    let second = bob.waits_for(town, &venue, TEN).await;
    let third = cid.waits_for(town, &venue, TEN).await;
    let fourth = dan.waits_for(town, &venue, TEN).await;
    ann.does_on("cancelBooking", &has, json!({})).await;
    assert_eq!(bob.sees_again(&second).await.state, "OFFERED");
    assert_eq!(cid.sees_again(&third).await.state, "WAITLISTED");
    town.later(TimeDelta::minutes(30));
    let (bob, cid, dan) = (bob.refreshed().await, cid.refreshed().await, dan.refreshed().await);
    bob.tries_on("acceptBookingOffer", &second, json!({ "expectedVersion": null })).await.is_refused("DEADLINE_PASSED");
    town.later(TimeDelta::seconds(1));
    town.strikes().await;
    assert_eq!(bob.sees_again(&second).await.state, "EXPIRED");
    let offered = cid.sees_again(&third).await;
    assert_eq!(offered.state, "OFFERED");
    cid.does_on("cancelBooking", &offered, json!({})).await;
    assert_eq!(cid.looks_up(&third).await["isLateCancel"], false);
    let offered = dan.sees_again(&fourth).await;
    assert_eq!(offered.state, "OFFERED");
    assert_eq!(dan.does_on("acceptBookingOffer", &offered, json!({})).await.state, "CONFIRMED");
    town.strikes().await;
    assert_eq!(cid.sees_again(&third).await.state, "CANCELLED_BY_USER");
    nothing_overlaps(town).await;
}

async fn nothing_is_offered_once_it_has_begun(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (0, "10:00", "12:00")).await;
    let waits = bob.waits_for(town, &venue, (0, "10:00", "12:00")).await;
    // An offer shortly before lasts until it begins.
    town.later(TimeDelta::minutes(50));
    let (ann, bob) = (ann.refreshed().await, bob.refreshed().await);
    ann.does_on("cancelBooking", &has, json!({})).await;
    assert_eq!(
        bob.looks_up(&waits).await["offerExpiresAt"].as_str().unwrap().replace("+00:00", "Z"),
        "2026-11-23T02:00:00Z"
    );
    town.later(TimeDelta::seconds(601));
    town.strikes().await;
    assert_eq!(bob.sees_again(&waits).await.state, "EXPIRED");
    // Who waits for what has begun waits no more.
    let (cid, dan) = (town.resident().await, town.resident().await);
    let has = cid.books(town, &venue, (0, "11:00", "12:00")).await;
    let waits = dan.waits_for(town, &venue, (0, "11:00", "12:00")).await;
    town.later(TimeDelta::minutes(60));
    town.strikes().await;
    let (cid, dan) = (cid.refreshed().await, dan.refreshed().await);
    assert_eq!(dan.sees_again(&waits).await.state, "EXPIRED");
    town.later(TimeDelta::minutes(16));
    town.strikes().await;
    let (cid, dan) = (cid.refreshed().await, dan.refreshed().await);
    assert_eq!(cid.sees_again(&has).await.state, "NO_SHOW");
    assert_eq!(dan.sees_again(&waits).await.state, "EXPIRED");
    nothing_overlaps(town).await;
}

async fn who_waits_for_less_than_what_fell_free_gets_it(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob, cid, dan) =
        (town.resident().await, town.resident().await, town.resident().await, town.resident().await);
    let whole = ann.books(town, &venue, (1, "10:00", "12:00")).await;
    let other = bob.books(town, &venue, (1, "13:00", "14:00")).await;
    let more = cid.waits_for(town, &venue, (1, "11:00", "13:00")).await;
    let less = dan.waits_for(town, &venue, (1, "10:30", "11:30")).await;
    ann.does_on("cancelBooking", &whole, json!({})).await;
    // Not all of what the first one wants is free: the place is kept, and the next one is served.
    assert_eq!(cid.sees_again(&more).await.state, "WAITLISTED");
    let offered = dan.sees_again(&less).await;
    dan.does_on("acceptBookingOffer", &offered, json!({})).await;
    bob.does_on("cancelBooking", &other, json!({})).await;
    assert_eq!(cid.sees_again(&more).await.state, "WAITLISTED");
    let has = dan.sees_again(&less).await;
    dan.does_on("cancelBooking", &has, json!({})).await;
    assert_eq!(cid.sees_again(&more).await.state, "OFFERED");
    nothing_overlaps(town).await;
}

async fn a_place_on_the_list_counts_as_a_booking(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.books(town, &venue, TEN).await;
    bob.waits_for(town, &venue, TEN).await;
    let again = bob.tries_to_book(town, &venue, TEN, json!({ "joinWaitlist": true })).await;
    again.is_refused("LIMIT_EXCEEDED");
    assert_eq!(refusal(&again)["limit"], 1);
    // Who waits without a need to gets it at once.
    let cid = town.resident().await;
    let free = cid.tries_to_book(town, &venue, (1, "14:00", "15:00"), json!({ "joinWaitlist": true })).await;
    assert_eq!(free.get("/bookVenue/booking/state"), "CONFIRMED");
}

async fn who_is_elsewhere_by_then_cannot_accept(town: &Town) {
    let (dance, fitness) = (town.venue("XH-01", DANCE).await, town.venue("XH-02", "健身房").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &dance, TEN).await;
    let waits = bob.waits_for(town, &dance, TEN).await;
    let elsewhere = bob.books(town, &fitness, TEN).await;
    ann.does_on("cancelBooking", &has, json!({})).await;
    let offered = bob.sees_again(&waits).await;
    bob.tries_on("acceptBookingOffer", &offered, json!({})).await.is_refused("TIME_CONFLICT");
    bob.does_on("cancelBooking", &elsewhere, json!({})).await;
    assert_eq!(bob.does_on("acceptBookingOffer", &offered, json!({})).await.state, "CONFIRMED");
    nothing_overlaps(town).await;
}

async fn an_offer_of_what_is_decided_about_still_has_to_be(town: &Town) {
    let venue = town.venue("XH-02", "会议室").await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, TEN).await;
    let waits = bob.waits_for(town, &venue, TEN).await;
    let staff = town.staff("center").await;
    staff.does_on("rejectBooking", &has, json!({ "reason": "PARTY_SIZE" })).await;
    let offered = bob.sees_again(&waits).await;
    let accepted = bob.does_on("acceptBookingOffer", &offered, json!({})).await;
    assert_eq!(accepted.state, "PENDING_APPROVAL");
    assert_eq!(staff.does_on("approveBooking", &accepted, json!({})).await.state, "CONFIRMED");
    assert!(in_state(&ann.slots(town, &venue, 1, 60).await, "TAKEN").contains(&"10:00"));
    assert_eq!(town.stranger().looks_up(&waits).await, Value::Null);
    nothing_overlaps(town).await;
}
