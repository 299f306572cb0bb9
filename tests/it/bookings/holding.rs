//! A venue is kept for who fills in a form: nobody is told at the end that another was faster, and nobody keeps it for long.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AccountId, Id as _};
use futures_util::future::join_all;
use kernel::actor::Actor;
use serde_json::{Value, json};

use super::{Booked, DANCE, at, in_state, nothing_overlaps, refusal};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    who_holds_it_books_it_and_nobody_else_meanwhile,
    what_is_held_for_too_long_is_given_to_who_waits,
    what_is_given_back_is_free,
    of_many_who_reach_for_it_one_holds_it,
    a_booking_of_less_leaves_the_rest_to_who_waits,
    what_cannot_be_booked_is_not_held,
    what_is_held_goes_with_the_account,
];

const HELD: &str =
    "isReplay slotHold { id startsAt endsAt expiresAt venue { name } } userErrors { code field limit resetAt }";

impl Person {
    async fn tries_to_hold(&self, town: &Town, venue: &str, (day, from, to): (i64, &str, &str)) -> Answer {
        let input = json!({
            "venueId": venue, "startsAt": at(town, day, from), "endsAt": at(town, day, to), "idempotencyKey": new_key(),
        });
        self.does("holdSlot", &input, HELD).await
    }

    /// Holds it, which must succeed; gives back its id.
    async fn holds(&self, town: &Town, venue: &str, time: (i64, &str, &str)) -> String {
        self.tries_to_hold(town, venue, time).await.is_done().text("/holdSlot/slotHold/id")
    }

    async fn lets_go(&self, id: &str) -> Answer {
        self.does("releaseSlotHold", &json!({ "id": id, "idempotencyKey": new_key() }), HELD).await
    }

    async fn has_in_hand(&self) -> Value {
        self.asks("{ viewer { slotHold { id expiresAt } } }").await.get("/viewer/slotHold").clone()
    }
}

const TIME: (i64, &str, &str) = (1, "09:00", "10:00");

async fn who_holds_it_books_it_and_nobody_else_meanwhile(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let answer = ann.tries_to_hold(town, &venue, TIME).await;
    let held = answer.is_done().get("/holdSlot/slotHold").clone();
    let until: DateTime<Utc> = held["expiresAt"].as_str().unwrap().parse().unwrap();
    assert_eq!((until, &held["venue"]["name"]), (town.now() + TimeDelta::minutes(5), &json!(DANCE)));
    assert_eq!(ann.has_in_hand().await["id"], held["id"]);
    nothing_overlaps(town).await;
    assert!(in_state(&bob.slots(town, &venue, 1, 60).await, "TAKEN").contains(&"09:00"));
    bob.tries_to_book(town, &venue, TIME, json!({})).await.is_refused("SLOT_TAKEN");
    bob.tries_to_hold(town, &venue, TIME).await.is_refused("SLOT_TAKEN");
    town.later(TimeDelta::minutes(5) - TimeDelta::seconds(1));
    town.strikes().await;
    assert_eq!(ann.books(town, &venue, TIME).await.state, "CONFIRMED");
    assert_eq!(ann.has_in_hand().await, Value::Null);
    nothing_overlaps(town).await;
    let facts = "SELECT count(*) AS n FROM fact WHERE subject_kind = 'slot_hold'";
    assert_eq!(town.number(facts).await, 2, "that it was held, and that it was booked");
}

async fn what_is_held_for_too_long_is_given_to_who_waits(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let held = ann.holds(town, &venue, TIME).await;
    let waits = bob.waits_for(town, &venue, TIME).await;
    town.later(TimeDelta::minutes(5));
    assert_eq!(ann.has_in_hand().await, Value::Null, "its time is over, whenever somebody looks");
    town.strikes().await;
    assert_eq!(bob.sees_again(&waits).await.state, "OFFERED");
    assert_eq!(ann.lets_go(&held).await.codes(), ["NOT_FOUND"]);
    ann.tries_to_book(town, &venue, TIME, json!({})).await.is_refused("SLOT_TAKEN");
    nothing_overlaps(town).await;
}

async fn what_is_given_back_is_free(town: &Town) {
    let (dance, hall) = (town.venue("XH-01", DANCE).await, town.venue("XH-01", "多功能厅").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let held = ann.holds(town, &hall, TIME).await;
    // One at a time; the halves are held with their hall.
    let another = ann.tries_to_hold(town, &dance, TIME).await;
    another.is_refused("LIMIT_EXCEEDED");
    assert_eq!((&refusal(&another)["limit"], refusal(&another)["resetAt"].is_string()), (&json!(1), true));
    let half = town.venue("XH-01", "多功能厅东厅").await;
    bob.tries_to_book(town, &half, TIME, json!({})).await.is_refused("SLOT_TAKEN");
    assert_eq!(bob.lets_go(&held).await.codes(), ["NOT_FOUND"]);
    let gone = ann.lets_go(&held).await;
    assert_eq!(gone.is_done().get("/releaseSlotHold/slotHold"), &Value::Null);
    bob.books(town, &half, TIME).await;
    ann.holds(town, &dance, TIME).await;
    // Who holds something may book elsewhere, and be there.
    let other = town.venue("XH-02", "会议室").await;
    ann.books(town, &other, TIME).await;
    ann.tries_to_book(town, &dance, TIME, json!({})).await.is_refused("TIME_CONFLICT");
    assert_ne!(ann.has_in_hand().await, Value::Null, "a refusal uses nothing up");
    nothing_overlaps(town).await;
}

async fn of_many_who_reach_for_it_one_holds_it(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(town.resident().await);
    }
    let answers = join_all(people.iter().enumerate().map(async |(number, person)| match number % 2 {
        0 => person.tries_to_hold(town, &venue, TIME).await,
        _ => person.tries_to_book(town, &venue, TIME, json!({})).await,
    }))
    .await;
    let done = answers.iter().filter(|answer| answer.codes().is_empty()).count();
    assert_eq!(done, 1, "{answers:?}");
    nothing_overlaps(town).await;
    // The same person twice at once, from two phones: one at a time all the same.
    let ann = town.resident().await;
    let times = [(2, "09:00", "10:00"), (2, "11:00", "12:00")];
    let both = join_all(times.map(|time| ann.tries_to_hold(town, &venue, time))).await;
    assert_eq!(both.iter().filter(|answer| answer.codes().is_empty()).count(), 1, "{both:?}");
    nothing_overlaps(town).await;
}

async fn a_booking_of_less_leaves_the_rest_to_who_waits(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.holds(town, &venue, (1, "09:00", "11:00")).await;
    let waits = bob.waits_for(town, &venue, (1, "10:30", "11:00")).await;
    let less = ann.tries_to_book(town, &venue, (1, "09:00", "10:00"), json!({})).await;
    assert_eq!(Booked::of(&less).state, "CONFIRMED");
    assert_eq!(bob.sees_again(&waits).await.state, "OFFERED");
    nothing_overlaps(town).await;
}

async fn what_cannot_be_booked_is_not_held(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    for (time, code) in [
        ((1, "09:05", "10:05"), "INVALID"),
        ((1, "10:00", "09:00"), "INVALID"),
        ((1, "05:00", "06:00"), "SLOT_CLOSED"),
        ((9, "09:00", "10:00"), "NOT_IN_WINDOW"),
        ((-1, "09:00", "10:00"), "DEADLINE_PASSED"),
        ((1, "09:00", "12:00"), "INVALID"),
    ] {
        ann.tries_to_hold(town, &venue, time).await.is_refused(code);
    }
    let groups = json!({
        "venueId": venue, "startsAt": at(town, 1, "09:00"), "endsAt": at(town, 1, "12:00"), "isGroup": true,
        "idempotencyKey": new_key(),
    });
    ann.does("holdSlot", &groups, HELD).await.is_done();
    let again = ann.does("holdSlot", &groups, HELD).await;
    assert_eq!(again.get("/holdSlot/isReplay"), true);
    assert_eq!(again.get("/holdSlot/slotHold/id"), &ann.has_in_hand().await["id"]);
    ann.lets_go(&again.text("/holdSlot/slotHold/id")).await.is_done();
    // Within the own share: one of a kind on a day, nobody in two rooms at once.
    ann.books(town, &venue, TIME).await;
    ann.tries_to_hold(town, &venue, (1, "14:00", "15:00")).await.is_refused("LIMIT_EXCEEDED");
    let class = town.venue("XH-01", "多功能厅东厅").await;
    ann.tries_to_hold(town, &class, TIME).await.is_refused("TIME_CONFLICT");
    let input = with(groups, json!({ "idempotencyKey": new_key() }));
    assert_eq!(town.stranger().does("holdSlot", &input, HELD).await.codes(), ["UNAUTHENTICATED"]);
    nothing_overlaps(town).await;
}

async fn what_is_held_goes_with_the_account(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.holds(town, &venue, TIME).await;
    let rows = "SELECT count(*) AS n FROM slot_hold";
    assert_eq!(town.number(rows).await, 1);
    // As the job that ends accounts does it.
    let own = AccountId::parse(&ann.id().await.unwrap()).unwrap();
    let erased = town.base().write(&Actor::System, &own, |tx, own| Box::pin(bookings::privacy::erase(tx, *own)));
    erased.await.unwrap();
    assert_eq!(town.number(rows).await, 0);
    bob.books(town, &venue, TIME).await;
    nothing_overlaps(town).await;
}
