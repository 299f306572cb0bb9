//! The work queue: each sees what waits for them, and no more.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::case::{PLACE, at, complaint, street_light, texts};
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    a_case_waits_on_one_desk_after_the_other,
    counts_say_what_the_tabs_hold,
    a_dispatcher_of_another_area_sees_nothing,
    a_dispatcher_of_the_grid_sees_the_case,
    residents_have_no_desk,
    what_is_late_is_first_and_overdue,
    what_has_expired_grants_nothing,
];

const TABS: [&str; 12] = [
    "TO_ACCEPT",
    "TO_DISPATCH",
    "TO_SIGN",
    "HANDLING",
    "DUE_SOON",
    "OVERDUE",
    "RETURNS",
    "TO_VERIFY",
    "TO_CALLBACK",
    "SUSPENDED",
    "APPROVALS",
    "SUPERVISED",
];

async fn tab(person: &Person, tab: &str) -> Vec<String> {
    let answer = person.asks(&format!("{{ workQueue(tab: {tab}, first: 100) {{ nodes {{ caseNo }} }} }}")).await;
    texts(answer.get("/workQueue/nodes"), "/caseNo")
}

/// The desks, late ones aside, on which a person finds a case.
async fn desks(person: &Person, case: &Case) -> Vec<&'static str> {
    let mut desks = Vec::new();
    for name in TABS.into_iter().filter(|name| !["DUE_SOON", "OVERDUE"].contains(name)) {
        if tab(person, name).await.contains(&case.no) {
            desks.push(name);
        }
    }
    desks
}

async fn a_case_waits_on_one_desk_after_the_other(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let mut case = ann.reports(&street_light()).await;
    for (state, who, desk) in [
        ("SUBMITTED", "dispatcher", "TO_ACCEPT"),
        ("ACCEPTED", "dispatcher", "TO_DISPATCH"),
        ("FILED", "dispatcher", "TO_DISPATCH"),
        ("DISPATCHED", "lights.handler", "TO_SIGN"),
        ("IN_PROGRESS", "lights.handler", "HANDLING"),
        ("HANDLED", "inspector", "TO_VERIFY"),
        ("VERIFIED", "callback", "TO_CALLBACK"),
    ] {
        case = crew.takes(&case, "lights", state).await;
        for somebody in ["dispatcher", "lights.handler", "inspector", "callback", "property.handler", "admin"] {
            let expected = Vec::from_iter((somebody == who).then_some(desk));
            assert_eq!(desks(&crew.who(somebody).await, &case).await, expected, "{somebody} at {state}");
        }
    }
}

async fn counts(person: &Person) -> BTreeMap<String, u64> {
    let answer = person.asks("{ workQueueCounts { tab count } }").await;
    let counts = answer.list("/workQueueCounts");
    counts.iter().map(|row| (row["tab"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap())).collect()
}

async fn counts_say_what_the_tabs_hold(town: &Town) {
    let crew = Crew::of(town);
    let mut total = 0;
    for who in ["dispatcher", "chief", "inspector", "callback", "supervisor", "property.handler", "property.leader"] {
        let person = crew.who(who).await;
        let counts = counts(&person).await;
        for name in TABS {
            assert_eq!(counts[name], tab(&person, name).await.len() as u64, "{who}: {name}");
            total += counts[name];
        }
    }
    assert!(total > 20, "the demo town has work: {total}");
}

/// Codes of the four disposal grids, the one that holds the middle of the street first.
async fn disposal_grids(person: &Person) -> Vec<String> {
    let here = "query($point: GeoPointInput!) { areaAt(point: $point) { parent { parent { code } } } areas(level: DISPOSAL) \
                { code } }";
    let answer = person.says(here, &json!({ "point": at(PLACE) })).await;
    let here = answer.text("/areaAt/parent/parent/code");
    let mut all = texts(answer.get("/areas"), "/code");
    all.sort_by_key(|code| *code != here);
    all
}

async fn a_dispatcher_of_another_area_sees_nothing(town: &Town) {
    let ann = town.resident().await;
    let there = disposal_grids(&ann).await.pop().unwrap();
    let case = ann.reports(&complaint()).await;
    let dispatcher = town.official(Role::Dispatcher, &there).await;
    assert!(desks(&dispatcher, &case).await.is_empty());
    assert!(!tab(&dispatcher, "DUE_SOON").await.contains(&case.no));
    assert_eq!(dispatcher.sees(&case, "id").await, Value::Null);
    dispatcher.tries("acceptServiceRequest", &case, json!({})).await.is_refused("NOT_FOUND");
}

async fn a_dispatcher_of_the_grid_sees_the_case(town: &Town) {
    let ann = town.resident().await;
    let here = disposal_grids(&ann).await.swap_remove(0);
    let case = ann.reports(&complaint()).await;
    let dispatcher = town.official(Role::Dispatcher, &here).await;
    assert_eq!(desks(&dispatcher, &case).await, ["TO_ACCEPT"]);
    assert_eq!(dispatcher.moves("acceptServiceRequest", &case, json!({})).await.state, "ACCEPTED");
}

async fn residents_have_no_desk(town: &Town) {
    let ann = town.resident().await;
    ann.reports(&complaint()).await;
    assert!(counts(&ann).await.values().all(|count| *count == 0));
    for name in TABS {
        assert!(tab(&ann, name).await.is_empty(), "{name}");
    }
}

async fn what_is_late_is_first_and_overdue(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let old = ann.reports(&complaint()).await;
    town.later(TimeDelta::days(1));
    let new = town.resident().await.reports(&complaint()).await;
    let dispatcher = town.staff("dispatcher").await;
    let waiting = tab(&dispatcher, "TO_ACCEPT").await;
    let place = |case: &Case| waiting.iter().position(|no| *no == case.no).unwrap();
    assert!(place(&old) < place(&new), "first due first");
    let (late, soon) = (tab(&dispatcher, "OVERDUE").await, tab(&dispatcher, "DUE_SOON").await);
    assert!(late.contains(&old.no) && !late.contains(&new.no));
    assert!(soon.contains(&new.no) && !soon.contains(&old.no));
    let state = crew.who("supervisor").await.sees(&old, "deadlineState").await;
    assert_eq!(state["deadlineState"], "OVERDUE");
}

async fn what_has_expired_grants_nothing(town: &Town) {
    let case = town.resident().await.reports(&complaint()).await;
    town.tampers("UPDATE role_grant SET valid_to = valid_from WHERE role = 'DISPATCHER'").await;
    let dispatcher = town.staff("dispatcher").await;
    assert!(tab(&dispatcher, "TO_ACCEPT").await.is_empty());
    dispatcher.tries("acceptServiceRequest", &case, json!({})).await.is_refused("NOT_FOUND");
}
