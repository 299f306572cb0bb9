//! What time makes of bookings: each once, whoever looks and however late.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::{DANCE, in_state, nothing_overlaps};
use crate::support::{Town, stories};

stories![
    who_does_not_come_loses_the_place_after_a_quarter,
    what_nobody_decides_lapses,
    what_is_over_is_over,
    several_who_look_at_once_move_each_once,
];

async fn who_does_not_come_loses_the_place_after_a_quarter(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (0, "10:00", "12:00")).await;
    let waits = bob.waits_for(town, &venue, (0, "11:00", "12:00")).await;
    // At the last moment people are still let in.
    town.later(TimeDelta::seconds(75 * 60 - 1));
    town.strikes().await;
    let (ann, bob) = (ann.refreshed().await, bob.refreshed().await);
    assert_eq!(ann.sees_again(&has).await.state, "CONFIRMED");
    town.later(TimeDelta::seconds(1));
    town.strikes().await;
    assert_eq!(ann.sees_again(&has).await.state, "NO_SHOW");
    let staff = town.staff("center").await;
    staff.tries_on("checkInBooking", &has, json!({ "expectedVersion": 2 })).await.is_refused("INVALID_TRANSITION");
    // What is left of it goes to who waits for a part.
    assert_eq!(bob.sees_again(&waits).await.state, "OFFERED");
    nothing_overlaps(town).await;
}

async fn what_nobody_decides_lapses(town: &Town) {
    let venue = town.venue("XH-02", "会议室").await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let soon = ann.books(town, &venue, (0, "15:00", "16:00")).await;
    let later = bob.books(town, &venue, (4, "15:00", "16:00")).await;
    town.later(TimeDelta::hours(6) + TimeDelta::seconds(1));
    town.strikes().await;
    let ann = ann.refreshed().await;
    assert_eq!(ann.sees_again(&soon).await.state, "EXPIRED");
    town.later(TimeDelta::hours(42));
    town.strikes().await;
    let state = "SELECT count(*) AS n FROM booking WHERE state = 'EXPIRED'";
    assert_eq!(town.number(state).await, 2, "{later:?}");
    let cid = town.resident().await;
    assert!(in_state(&cid.slots(town, &venue, 2, 60).await, "OPEN").contains(&"15:00"));
    nothing_overlaps(town).await;
}

async fn what_is_over_is_over(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let has = ann.books(town, &venue, (0, "10:00", "11:00")).await;
    town.later(TimeDelta::minutes(55));
    let staff = town.staff("center").await;
    staff.does_on("checkInBooking", &has, json!({})).await;
    town.later(TimeDelta::seconds(65 * 60 + 1));
    town.strikes().await;
    let ann = ann.refreshed().await;
    let seen = ann.looks_up(&has).await;
    assert_eq!(seen["state"], "COMPLETED");
    assert_eq!(seen["viewerActions"], json!([]));
    let facts = "SELECT count(*) AS n FROM fact WHERE subject_kind = 'booking' AND kind = 'booking.completed'";
    assert_eq!(town.number(facts).await, 1);
    // It counts for its day.
    ann.tries_to_book(town, &venue, (0, "14:00", "15:00"), json!({})).await.is_refused("LIMIT_EXCEEDED");
    nothing_overlaps(town).await;
}

async fn several_who_look_at_once_move_each_once(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let has = ann.books(town, &venue, (0, "10:00", "11:00")).await;
    town.later(TimeDelta::minutes(76));
    let looks = (0..6).map(|_| zhilitong::bookings::work_off(town.base()));
    let moved: usize = join_all(looks).await.into_iter().map(Result::unwrap).sum();
    assert!(moved <= 1, "{moved}");
    town.strikes().await;
    let ann = ann.refreshed().await;
    assert_eq!(ann.sees_again(&has).await.state, "NO_SHOW");
    assert_eq!(town.number("SELECT count(*) AS n FROM fact WHERE kind = 'booking.no_show'").await, 1);
}
