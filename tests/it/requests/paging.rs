//! Paging laws: a walk gives each row once and in order, whichever way it goes and whatever is added meanwhile.

use serde_json::{Value, json};

use crate::support::case::{complaint, texts};
use crate::support::{Person, Town, stories};

stories![
    a_walk_gives_each_row_once_in_order,
    a_walk_backward_mirrors_the_walk_forward,
    what_is_added_meanwhile_disturbs_no_walk,
    a_page_says_whether_more_follows,
    nonsense_is_no_page,
];

/// A list, asked with page arguments: what it is called, and whether a row may stand before the first page when added.
const QUEUE: &str = "workQueue(tab: TO_ACCEPT, ";
const PUBLIC: &str = "publicServiceRequests(";

async fn page(person: &Person, list: &str, arguments: &str) -> Value {
    let fields = "edges { cursor node { caseNo } } nodes { caseNo } pageInfo { hasNextPage hasPreviousPage startCursor \
                  endCursor }";
    person.asks(&format!("{{ page: {list}{arguments}) {{ {fields} }} }}")).await.get("/page").clone()
}

fn rows(page: &Value) -> Vec<String> {
    let rows = texts(&page["nodes"], "/caseNo");
    assert_eq!(rows, texts(&page["edges"], "/node/caseNo"), "nodes are the nodes of the edges");
    rows
}

/// Walks forward from the start by sevens; calls `between` after each page.
async fn walk(person: &Person, list: &str, mut between: impl AsyncFnMut()) -> Vec<String> {
    let mut found = Vec::new();
    let mut arguments = "first: 7".to_owned();
    loop {
        let page = page(person, list, &arguments).await;
        found.extend(rows(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        arguments = format!("first: 7, after: {}", page["pageInfo"]["endCursor"]);
        between().await;
    }
}

async fn walk_backward(person: &Person, list: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut arguments = "last: 7".to_owned();
    loop {
        let page = page(person, list, &arguments).await;
        found.splice(0..0, rows(&page));
        if page["pageInfo"]["hasPreviousPage"] == false {
            return found;
        }
        arguments = format!("last: 7, before: {}", page["pageInfo"]["startCursor"]);
    }
}

/// Fifteen more reports, three by each of five residents: several of one instant, as a busy minute has.
async fn busy_minute(town: &Town) -> Person {
    for _ in 0..5 {
        let resident = town.resident().await;
        for _ in 0..3 {
            resident.reports(&complaint()).await;
        }
        town.later(chrono::TimeDelta::seconds(1));
    }
    town.staff("dispatcher").await
}

async fn all(person: &Person, list: &str) -> Vec<String> {
    rows(&page(person, list, "first: 100").await)
}

async fn a_walk_gives_each_row_once_in_order(town: &Town) {
    let dispatcher = busy_minute(town).await;
    for list in [QUEUE, PUBLIC] {
        let whole = all(&dispatcher, list).await;
        assert!(whole.len() > 7, "{list} has several pages");
        assert_eq!(walk(&dispatcher, list, async || {}).await, whole);
    }
}

async fn a_walk_backward_mirrors_the_walk_forward(town: &Town) {
    let dispatcher = busy_minute(town).await;
    for list in [QUEUE, PUBLIC] {
        assert_eq!(walk_backward(&dispatcher, list).await, all(&dispatcher, list).await);
    }
}

async fn what_is_added_meanwhile_disturbs_no_walk(town: &Town) {
    let dispatcher = busy_minute(town).await;
    let before = all(&dispatcher, QUEUE).await;
    let newcomers = [town.resident().await, town.resident().await];
    let mut added = 0;
    let walked = walk(&dispatcher, QUEUE, async || {
        newcomers[added % 2].reports(&complaint()).await;
        added += 1;
    })
    .await;
    assert!(added >= 2);
    let mut unique = walked.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), walked.len(), "no row twice: {walked:?}");
    let old: Vec<String> = walked.into_iter().filter(|no| before.contains(no)).collect();
    assert_eq!(old, before, "no old row lost or moved");
}

async fn a_page_says_whether_more_follows(town: &Town) {
    let dispatcher = busy_minute(town).await;
    let size = all(&dispatcher, QUEUE).await.len();
    for (first, has_next) in [(0, true), (size - 1, true), (size, false), (size + 1, false)] {
        let page = page(&dispatcher, QUEUE, &format!("first: {first}")).await;
        assert_eq!(page["pageInfo"]["hasNextPage"], has_next, "first: {first} of {size}");
        assert_eq!(page["pageInfo"]["hasPreviousPage"], false);
        assert_eq!(rows(&page).len(), first.min(size));
    }
}

async fn nonsense_is_no_page(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    for arguments in
        ["first: -1", "first: 101", "last: 101", "first: 1, last: 1", "after: \"no cursor\"", "before: \"\""]
    {
        let answer = dispatcher.asks(&format!("{{ {QUEUE}{arguments}) {{ nodes {{ id }} }} }}")).await;
        assert_eq!(answer.top_codes().len(), 1, "{arguments}: {answer:?}");
        assert!(["BAD_REQUEST", "LIMIT"].contains(&answer.top_codes()[0].as_str()), "{arguments}: {answer:?}");
        assert_eq!(answer.json["data"].get("workQueue").unwrap_or(&json!(null)), &json!(null));
    }
}
