//! A client that was away learns which requests moved: each once, in the version reached, and none it may not see.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{complaint, with};
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    who_was_away_catches_up,
    hidden_cases_do_not_show,
    a_page_goes_on_where_it_was_cut,
    what_waits_for_its_number_is_not_passed_over,
    a_cursor_is_what_it_was_given_or_refused,
];

/// What moved since a cursor, and where to go on.
async fn since(person: &Person, cursor: &Value, first: i64) -> (Vec<(String, i64)>, Value, bool) {
    let text = "query($cursor: String, $first: Int) { changesSince(cursor: $cursor, first: $first) { nodes { id version } \
                nextCursor hasMore } }";
    let answer = person.says(text, &json!({ "cursor": cursor, "first": first })).await;
    let change = |node: &Value| (node["id"].as_str().unwrap().to_owned(), node["version"].as_i64().unwrap());
    let moved = answer.list("/changesSince/nodes").iter().map(change).collect();
    (moved, answer.get("/changesSince/nextCursor").clone(), answer.get("/changesSince/hasMore") == &json!(true))
}

/// Where a person stands now.
async fn now(town: &Town, person: &Person) -> Value {
    town.relays().await;
    let (moved, cursor, has_more) = since(person, &Value::Null, 100).await;
    assert!(moved.is_empty() && !has_more);
    cursor
}

fn reached(case: &Case) -> (String, i64) {
    (case.id.clone(), case.version)
}

async fn who_was_away_catches_up(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let (first, second) = (ann.reports(&complaint()).await, ann.reports(&complaint()).await);
    let third = ann.reports(&complaint()).await;
    let cursor = now(town, &ann).await;
    let first = crew.takes(&first, "property", "DISPATCHED").await;
    let second = crew.takes(&second, "property", "ACCEPTED").await;
    let first = crew.takes(&first, "property", "HANDLED").await;
    town.relays().await;
    let (moved, next, has_more) = since(&ann, &cursor, 100).await;
    assert_eq!(
        (moved, has_more),
        (vec![reached(&second), reached(&first)], false),
        "each once, {} not at all",
        third.no
    );
    let (moved, same, _) = since(&ann, &next, 100).await;
    assert!(moved.is_empty() && same == next);
    let staff = crew.who("dispatcher").await;
    let (moved, ..) = since(&staff, &cursor, 100).await;
    assert!(moved.contains(&reached(&first)) && moved.contains(&reached(&second)));
}

async fn hidden_cases_do_not_show(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let cursor = now(town, &bob).await;
    let private = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let public = ann.reports(&complaint()).await;
    crew.takes(&private, "property", "DISPATCHED").await;
    let public = crew.takes(&public, "property", "ACCEPTED").await;
    town.relays().await;
    let (moved, ..) = since(&bob, &cursor, 100).await;
    assert_eq!(moved, [reached(&public)], "what anybody may see, and nothing else");
    let (moved, ..) = since(&crew.who("lights.handler").await, &cursor, 100).await;
    assert_eq!(moved, [reached(&public)]);
    let (moved, ..) = since(&crew.who("property.handler").await, &cursor, 100).await;
    assert_eq!(moved.len(), 2);
}

async fn a_page_goes_on_where_it_was_cut(town: &Town) {
    let ann = town.resident().await;
    let mut cursor = now(town, &ann).await;
    let mut cases = Vec::new();
    for _ in 0..3 {
        cases.push(reached(&ann.reports(&complaint()).await));
    }
    town.relays().await;
    let mut seen = Vec::new();
    loop {
        let (moved, next, has_more) = since(&ann, &cursor, 1).await;
        seen.extend(moved);
        cursor = next;
        if !has_more {
            break;
        }
    }
    assert_eq!(seen, cases);
}

async fn what_waits_for_its_number_is_not_passed_over(town: &Town) {
    let ann = town.resident().await;
    let cursor = now(town, &ann).await;
    let until = (town.now() + TimeDelta::seconds(15)).format("%Y-%m-%dT%H:%M:%S+00:00");
    let held =
        format!("UPDATE lease SET until = '{until}', holder = (SELECT id FROM area LIMIT 1) WHERE name = 'relay'");
    assert_eq!(town.tampers(&held).await, 1);
    let case = ann.reports(&complaint()).await;
    let (moved, next, _) = since(&ann, &cursor, 100).await;
    assert!(moved.is_empty());
    town.tampers("DELETE FROM lease WHERE name = 'relay'").await;
    town.relays().await;
    let (moved, ..) = since(&ann, &next, 100).await;
    assert_eq!(moved, [reached(&case)]);
}

async fn a_cursor_is_what_it_was_given_or_refused(town: &Town) {
    let ann = town.resident().await;
    for arguments in ["cursor: \"nonsense\"", "cursor: \"\"", "first: 0", "first: -1"] {
        let text = format!("{{ changesSince({arguments}) {{ nextCursor }} }}");
        ann.asks(&text).await.is_refused("BAD_REQUEST");
    }
    ann.asks("{ changesSince(first: 101) { nextCursor } }").await.is_refused("LIMIT");
}
