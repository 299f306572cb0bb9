//! What is refused, and how: each with a code, a field and what would do; nothing is written.

use chrono::TimeDelta;
use serde_json::json;

use super::{DANCE, at, in_state, refusal};
use crate::support::case::{new_key, with};
use crate::support::{Town, stories};

stories![
    times_that_are_none_are_refused,
    a_date_is_booked_from_a_week_before_at_eight,
    what_is_not_open_is_not_booked,
    nobody_has_more_than_a_share,
    groups_have_longer_and_twice_a_week,
    what_people_bring_has_bounds,
];

async fn times_that_are_none_are_refused(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    for (time, code, field) in [
        ((0, "08:00", "08:30"), "DEADLINE_PASSED", "startsAt"),
        ((-1, "10:00", "11:00"), "DEADLINE_PASSED", "startsAt"),
        ((1, "10:10", "11:00"), "INVALID", "startsAt"),
        ((1, "10:15", "11:00"), "INVALID", "startsAt"),
        ((1, "10:00", "10:50"), "INVALID", "startsAt"),
        ((1, "11:00", "10:00"), "INVALID", "endsAt"),
        ((1, "10:00", "10:00"), "INVALID", "endsAt"),
        ((1, "10:00", "10:15"), "INVALID", "endsAt"),
        ((1, "10:00", "12:30"), "INVALID", "endsAt"),
        // 22 hours, into the next day.
        ((1, "10:00", "24:00"), "INVALID", "endsAt"),
    ] {
        let time = if time.2 == "24:00" { (time.0, time.1, "23:45") } else { time };
        ann.tries_to_book(town, &venue, time, json!({})).await.is_refused(code).at(field);
    }
    // An offset of a summer time that Shanghai does not have is the same instant, and no other.
    let odd = json!({ "startsAt": "2026-11-24T11:00:00+09:00", "endsAt": "2026-11-24T12:00:00+09:00" });
    ann.tries_to_book(town, &venue, (1, "10:00", "11:00"), odd).await.is_done();
    assert_eq!(in_state(&ann.slots(town, &venue, 1, 60).await, "TAKEN")[2], "10:00");
    for bad in ["2026-11-24T25:00:00+08:00", "2026-11-24 10:00", "tomorrow", "2026-13-01T10:00:00Z"] {
        let answer = ann.tries_to_book(town, &venue, (1, "10:00", "11:00"), json!({ "startsAt": bad })).await;
        answer.is_refused("BAD_REQUEST");
    }
    let far = json!({ "startsAt": "9999-12-31T10:00:00Z", "endsAt": "9999-12-31T11:00:00Z" });
    ann.tries_to_book(town, &venue, (1, "10:00", "11:00"), far).await.is_refused("NOT_IN_WINDOW");
    assert_eq!(town.number("SELECT count(*) AS n FROM booking").await, 1);
}

async fn a_date_is_booked_from_a_week_before_at_eight(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    // Today at nine, a week ahead is open since eight; the day after is not.
    ann.books(town, &venue, (7, "10:00", "11:00")).await;
    let early = ann.tries_to_book(town, &venue, (8, "10:00", "11:00"), json!({})).await;
    early.is_refused("NOT_IN_WINDOW").at("startsAt");
    assert_eq!(refusal(&early)["resetAt"], "2026-11-24T00:00:00Z");
    assert!(!in_state(&ann.slots(town, &venue, 8, 60).await, "NOT_YET").is_empty());
    town.later(TimeDelta::hours(23));
    let bob = town.resident().await;
    bob.books(town, &venue, (7, "10:00", "11:00")).await;
}

async fn what_is_not_open_is_not_booked(town: &Town) {
    let (dance, child) = (town.venue("XH-01", DANCE).await, town.venue("XH-01", "儿童活动室").await);
    let ann = town.resident().await;
    for (venue, time) in [
        (&dance, (1, "17:00", "18:00")),
        (&dance, (1, "16:30", "17:30")),
        (&dance, (1, "20:00", "21:00")),
        // Nobody is on duty in the evening (scenario 11), nor on days off.
        (&child, (1, "18:00", "19:00")),
        (&child, (5, "10:00", "11:00")),
    ] {
        ann.tries_to_book(town, venue, time, json!({})).await.is_refused("SLOT_CLOSED");
    }
    ann.books(town, &dance, (1, "18:00", "20:00")).await;
    ann.books(town, &dance, (5, "10:00", "11:00")).await;
    let unknown = json!({ "venueId": "ven_00000000000000000000000000000001" });
    ann.tries_to_book(town, &dance, (2, "10:00", "11:00"), unknown).await.is_refused("NOT_FOUND");
    ann.tries_to_book(town, &dance, (2, "10:00", "11:00"), json!({ "venueId": "ven_1" })).await.is_refused("NOT_FOUND");
    town.stranger().tries_to_book(town, &dance, (2, "10:00", "11:00"), json!({})).await.is_refused("UNAUTHENTICATED");
}

async fn nobody_has_more_than_a_share(town: &Town) {
    let (dance, fitness) = (town.venue("XH-01", DANCE).await, town.venue("XH-01", "健身房").await);
    let elsewhere = town.venue("XH-03", DANCE).await;
    let ann = town.resident().await;
    let one = ann.books(town, &dance, (1, "10:00", "11:00")).await;
    let more = ann.tries_to_book(town, &elsewhere, (1, "14:00", "15:00"), json!({})).await;
    more.is_refused("LIMIT_EXCEEDED").at("startsAt");
    ann.books(town, &fitness, (1, "14:00", "15:00")).await;
    ann.books(town, &dance, (2, "10:00", "11:00")).await;
    let fourth = ann.tries_to_book(town, &dance, (3, "10:00", "11:00"), json!({})).await;
    fourth.is_refused("LIMIT_EXCEEDED");
    assert_eq!(refusal(&fourth)["limit"], 3);
    ann.does_on("cancelBooking", &one, json!({})).await;
    ann.books(town, &elsewhere, (1, "16:00", "17:00")).await;
}

async fn groups_have_longer_and_twice_a_week(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let group = json!({ "groupName": "新虹舞蹈队" });
    ann.tries_to_book(town, &dance, (1, "09:00", "12:30"), json!({})).await.is_refused("INVALID").at("endsAt");
    ann.tries_to_book(town, &dance, (1, "09:00", "13:00"), group.clone()).await.is_done();
    ann.tries_to_book(town, &dance, (2, "09:00", "13:30"), group.clone()).await.is_refused("INVALID").at("endsAt");
    ann.tries_to_book(town, &dance, (2, "09:00", "13:00"), group.clone()).await.is_done();
    let third = ann.tries_to_book(town, &dance, (3, "09:00", "10:00"), group.clone()).await;
    third.is_refused("LIMIT_EXCEEDED");
    assert_eq!(refusal(&third)["limit"], 2);
    // The next week is another one, and what is no group's is not counted.
    ann.tries_to_book(town, &dance, (7, "09:00", "10:00"), group).await.is_done();
}

async fn what_people_bring_has_bounds(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    for (more, code, field) in [
        (json!({ "partySize": 0 }), "INVALID", "partySize"),
        (json!({ "partySize": -1 }), "INVALID", "partySize"),
        (json!({ "partySize": 10_000 }), "INVALID", "partySize"),
        (json!({ "partySize": 31 }), "LIMIT_EXCEEDED", "partySize"),
        (json!({ "purpose": "  " }), "REQUIRED", "purpose"),
        (json!({ "purpose": "舞".repeat(201) }), "TOO_LONG", "purpose"),
        (json!({ "groupName": "舞".repeat(41) }), "TOO_LONG", "groupName"),
        (json!({ "purpose": "两\n行" }), "INVALID", "purpose"),
        (json!({ "idempotencyKey": "short" }), "INVALID", "idempotencyKey"),
    ] {
        ann.tries_to_book(town, &dance, (1, "10:00", "11:00"), more).await.is_refused(code).at(field);
    }
    let input = json!({
        "venueId": dance, "startsAt": at(town, 1, "10:05"), "endsAt": at(town, 1, "10:00"), "partySize": 0, "purpose": "",
        "idempotencyKey": new_key(),
    });
    let all = ann.does("bookVenue", &with(input, json!({})), "userErrors { code field }").await;
    // All that is wrong is told at once.
    assert_eq!(all.user_codes(), ["INVALID", "REQUIRED", "INVALID"]);
    assert_eq!(town.number("SELECT count(*) AS n FROM booking").await, 0);
}
