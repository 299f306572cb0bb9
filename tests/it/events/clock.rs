//! What the clock does about events.

use super::chorus;
use crate::bookings::at;
use crate::support::{Town, stories};
use chrono::TimeDelta;

stories![people_are_reminded_a_day_before_and_once, what_a_stop_left_undone_is_done_once];

async fn people_are_reminded_a_day_before_and_once(town: &Town) {
    let (_, event) = town.publishes(&chorus(town)).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.registers(&event).await;
    town.later(at(town, 4, "14:00") - town.now());
    town.rings().await;
    town.later(TimeDelta::minutes(1));
    town.rings().await;
    town.notifies().await;
    let lines = "SELECT count(*) AS n FROM notification WHERE template = 'EVENT_REMINDER'";
    assert_eq!(town.number(lines).await, 1, "who is registered, once; and nobody else");
    let late = bob.refreshed().await;
    late.registers(&event).await;
    town.later(TimeDelta::hours(2));
    town.rings().await;
    town.notifies().await;
    assert_eq!(town.number(lines).await, 1);
}

async fn what_a_stop_left_undone_is_done_once(town: &Town) {
    let (_, event) = town.publishes(&chorus(town)).await;
    town.resident().await.registers(&event).await;
    town.later(at(town, 9, "14:00") - town.now());
    town.rings().await;
    assert_eq!(town.stranger().looks_at_event(&event).await["state"], "ENDED");
    town.notifies().await;
    let reminded = "SELECT count(*) AS n FROM notification WHERE template = 'EVENT_REMINDER'";
    assert_eq!(town.number(reminded).await, 0, "what is over is nobody reminded of");
    let ended = "SELECT count(*) AS n FROM fact WHERE kind = 'event.ended' AND at > '2026-11-24'";
    assert_eq!(town.number(ended).await, 1);
    assert_eq!(zhilitong::events::work_off(town.base()).await.unwrap(), 0);
}
