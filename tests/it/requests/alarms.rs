//! Alarms: the working calendar's due times, warnings at 50, 80 and 100 %, escalation, each once, whoever was asleep.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::case::complaint;
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    a_clock_warns_by_and_by_and_each_step_once,
    who_slept_makes_up_for_it_step_by_step,
    two_schedulers_do_each_step_once,
    who_was_faster_than_the_scheduler_wins,
    a_pause_that_is_past_is_ended_once,
];

/// What happened to a case, as the staff reads it.
async fn kinds(dispatcher: &Person, case: &Case) -> Vec<String> {
    let seen = dispatcher.sees(case, "timeline { kind }").await;
    let timeline = seen["timeline"].as_array().unwrap();
    timeline.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

fn warnings(kinds: &[String]) -> Vec<&str> {
    let short = |kind: &'_ str| match kind {
        "request.reminded" => Some("reminded"),
        "request.escalated" => Some("escalated"),
        _ => None,
    };
    kinds.iter().filter_map(|kind| short(kind)).collect()
}

fn goes_to(town: &Town, instant: &str) {
    let instant: DateTime<Utc> = instant.parse().unwrap();
    town.later(instant - town.now());
}

/// A complaint the property company works on, called about already: only the handling clock runs. Five working days from Monday
/// 09:00: 42 hours of work.
async fn at_work(town: &Town) -> (Crew<'_>, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let reached = json!({ "method": "PHONE", "outcome": "REACHED" });
    let case = crew.who("property.handler").await.moves("recordContact", &case, reached).await;
    (crew, case)
}

async fn a_clock_warns_by_and_by_and_each_step_once(town: &Town) {
    let (_, case) = at_work(town).await;
    // Half of 42 hours are over on Wednesday evening, four fifths on Friday at 16:06.
    for (just_before, at, told) in [
        ("2026-11-25T09:29:59Z", "2026-11-25T09:30:00Z", vec!["reminded"]),
        ("2026-11-27T08:05:59Z", "2026-11-27T08:06:00Z", vec!["reminded"; 2]),
        ("2026-11-30T09:29:59Z", "2026-11-30T09:30:00Z", vec!["reminded", "reminded", "escalated"]),
        ("2026-12-01T09:29:59Z", "2026-12-01T09:30:00Z", vec!["reminded", "reminded", "escalated", "escalated"]),
    ] {
        goes_to(town, just_before);
        town.wakes().await;
        let dispatcher = town.staff("dispatcher").await;
        assert_eq!(warnings(&kinds(&dispatcher, &case).await).len(), told.len() - 1, "{just_before}");
        goes_to(town, at);
        town.wakes().await;
        town.wakes().await;
        assert_eq!(warnings(&kinds(&dispatcher, &case).await), told, "{at}");
    }
    town.later(TimeDelta::days(60));
    town.wakes().await;
    let dispatcher = town.staff("dispatcher").await;
    assert_eq!(warnings(&kinds(&dispatcher, &case).await).len(), 4, "nobody is told a fifth time");
}

async fn who_slept_makes_up_for_it_step_by_step(town: &Town) {
    let (_, case) = at_work(town).await;
    town.later(TimeDelta::days(30));
    town.wakes().await;
    let dispatcher = town.staff("dispatcher").await;
    let told = ["reminded", "reminded", "escalated", "escalated"];
    assert_eq!(warnings(&kinds(&dispatcher, &case).await), told);
}

async fn two_schedulers_do_each_step_once(town: &Town) {
    let (_, case) = at_work(town).await;
    let second = town.second_node().await;
    town.later(TimeDelta::days(30));
    let other = second.app();
    let works = async |app: &zhilitong::app::App| {
        for _ in 0..6 {
            // A step that the other took is a conflict, and no fault.
            zhilitong::alarms::work_off(&app.base, &app.house.town()).await.unwrap();
        }
    };
    futures_util::future::join(works(town.app()), works(other)).await;
    town.wakes().await;
    second.stops().await;
    // Whoever held the lease may have been the one that is gone: it gave it back.
    town.wakes().await;
    let dispatcher = town.staff("dispatcher").await;
    assert_eq!(warnings(&kinds(&dispatcher, &case).await).len(), 4);
}

async fn who_was_faster_than_the_scheduler_wins(town: &Town) {
    let (_, case) = at_work(town).await;
    goes_to(town, "2026-11-25T09:30:00Z");
    let handler = town.staff("property.handler").await;
    let done = handler.moves("submitHandling", &case, crate::support::case::done(&[])).await;
    town.wakes().await;
    let dispatcher = town.staff("dispatcher").await;
    assert!(warnings(&kinds(&dispatcher, &done).await).is_empty(), "nobody is warned of what is done");
    let late = handler.tries("submitHandling", &case, crate::support::case::done(&[])).await;
    late.is_refused("CONFLICT");
}

async fn a_pause_that_is_past_is_ended_once(town: &Town) {
    let (crew, case) = at_work(town).await;
    let until = (town.now() + TimeDelta::days(3)).to_rfc3339();
    let wish = json!({ "reason": "FORCE_MAJEURE", "until": until, "evidence": "台风橙色预警" });
    let case = crew.who("property.leader").await.moves("requestSuspension", &case, wish).await;
    let granted = json!({ "isGranted": true });
    let case = crew.who("dispatcher").await.moves("decideSuspension", &case, granted).await;
    // Nobody looked for a week: it goes on from now, not from then.
    town.later(TimeDelta::days(7));
    town.wakes().await;
    let dispatcher = town.staff("dispatcher").await;
    let seen = dispatcher.sees(&case, "state dueAt timeline { kind }").await;
    let resumed = seen["timeline"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "request.resumed");
    assert_eq!((&seen["state"], resumed.count()), (&json!("IN_PROGRESS"), 1));
    assert_eq!(seen["dueAt"], Value::from("2026-12-07T09:30:00+00:00"), "42 hours of work from Monday 09:00");
}
