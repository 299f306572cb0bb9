//! Live updates over `graphql-transport-ws`: what somebody else does is heard at once, on every node.

use serde_json::{Value, json};

use crate::support::case::{complaint, with};
use crate::support::socket::Socket;
use crate::support::{Case, Engine, Person, Town, stories, tell};

stories![
    a_change_by_somebody_else_is_heard,
    each_hears_a_case_as_they_may_see_it,
    a_hidden_case_is_not_heard_of,
    a_case_that_becomes_hidden_is_heard_of_no_more,
    the_counts_of_a_desk_are_heard,
    strangers_have_no_desk_to_hear_of,
    a_revoked_session_hears_nothing_more,
];

/// Follows a case; gives back the socket and what it shows first.
async fn follows(person: &Person, case: &Case, selection: &str) -> (Socket, Value) {
    let mut socket = person.connects().await;
    socket
        .subscribes("1", &format!("subscription {{ serviceRequestChanged(id: \"{}\") {{ {selection} }} }}", case.id))
        .await;
    let first = next(&mut socket).await;
    (socket, first)
}

/// The next thing heard of a case or a desk.
async fn next(socket: &mut Socket) -> Value {
    let message = socket.hears().await;
    assert_eq!(message["type"], "next", "{message}");
    let data = message["payload"]["data"].as_object().unwrap_or_else(|| panic!("no data in {message}"));
    data.values().next().cloned().unwrap()
}

/// Hears on until a case has reached a version; what comes between may be gathered.
async fn until(socket: &mut Socket, version: i64) -> Value {
    loop {
        let heard = next(socket).await;
        if heard["version"].as_i64() >= Some(version) {
            return heard;
        }
    }
}

async fn a_change_by_somebody_else_is_heard(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let case = ann.reports(&complaint()).await;
    let (mut socket, first) = follows(&ann, &case, "version state").await;
    assert_eq!(first, json!({ "version": 1, "state": "SUBMITTED" }));
    let case = dispatcher.moves("acceptServiceRequest", &case, json!({})).await;
    assert_eq!(until(&mut socket, case.version).await, json!({ "version": 2, "state": "ACCEPTED" }));
}

async fn each_hears_a_case_as_they_may_see_it(town: &Town) {
    let (ann, bob, dispatcher) = (town.resident().await, town.resident().await, town.staff("dispatcher").await);
    let case = dispatcher.moves("acceptServiceRequest", &ann.reports(&complaint()).await, json!({})).await;
    let (mut socket, _) = follows(&bob, &case, "version address reporter { id }").await;
    let case = dispatcher.moves("fileServiceRequest", &case, json!({})).await;
    let heard = until(&mut socket, case.version).await;
    assert_eq!(heard, json!({ "version": 3, "address": null, "reporter": null }));
}

/// Subscribing shows nothing but the end.
async fn hears_nothing(person: &Person, subscription: &str) {
    let mut socket = person.connects().await;
    socket.subscribes("1", subscription).await;
    let message = socket.hears().await;
    assert!(["complete", "error"].contains(&message["type"].as_str().unwrap()), "{message}");
}

async fn a_hidden_case_is_not_heard_of(town: &Town) {
    let case = town.resident().await.reports(&complaint()).await;
    let subscription = format!("subscription {{ serviceRequestChanged(id: \"{}\") {{ id }} }}", case.id);
    hears_nothing(&town.resident().await, &subscription).await;
}

async fn a_case_that_becomes_hidden_is_heard_of_no_more(town: &Town) {
    let (ann, bob, dispatcher) = (town.resident().await, town.resident().await, town.staff("dispatcher").await);
    let case = dispatcher.moves("acceptServiceRequest", &ann.reports(&complaint()).await, json!({})).await;
    let (mut socket, _) = follows(&bob, &case, "version").await;
    ann.moves("withdrawServiceRequest", &case, json!({})).await;
    // A hint of what went before may still come.
    let mut message = socket.hears().await;
    while message["type"] == "next" {
        assert_eq!(message["payload"]["data"]["serviceRequestChanged"]["version"], 2, "{message}");
        message = socket.hears().await;
    }
    assert_eq!(message, json!({ "type": "complete", "id": "1" }));
}

fn waiting(counts: &Value, tab: &str) -> u64 {
    let row = counts.as_array().unwrap().iter().find(|row| row["tab"] == tab).unwrap();
    row["count"].as_u64().unwrap()
}

const DESK: &str = "subscription { workQueueChanged { tab count } }";

async fn the_counts_of_a_desk_are_heard(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let mut socket = dispatcher.connects().await;
    socket.subscribes("1", DESK).await;
    let before = next(&mut socket).await;
    let case = ann.reports(&complaint()).await;
    let after = next(&mut socket).await;
    assert_eq!(waiting(&after, "TO_ACCEPT"), waiting(&before, "TO_ACCEPT") + 1);
    ann.moves("withdrawServiceRequest", &case, json!({})).await;
    assert_eq!(next(&mut socket).await, before);
}

async fn strangers_have_no_desk_to_hear_of(town: &Town) {
    let mut socket = Socket::ready(town.address, &json!({})).await;
    socket.subscribes("1", DESK).await;
    let message = socket.hears().await;
    assert_eq!(message["payload"]["data"], Value::Null, "{message}");
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{message}");
}

async fn a_revoked_session_hears_nothing_more(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let case = ann.reports(&complaint()).await;
    let (mut socket, _) = follows(&ann, &case, "version").await;
    let started = std::time::Instant::now();
    ann.asks("mutation { revokeAllSessions { userErrors { code } } }").await.is_done();
    assert_eq!(socket.closes().await, 4403);
    assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
    dispatcher.moves("acceptServiceRequest", &case, json!({})).await;
}

/// Nodes share the database and Redis; an embedded Redis is for one node only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_hears_it_too() {
    tell(Town::open(Engine::Servers).await, |town| Box::pin(two_nodes(town))).await;
}

async fn two_nodes(town: &Town) {
    let (mut ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let other = town.second_node().await;
    ann.server = other.address;
    let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let (mut socket, _) = follows(&ann, &case, "version state").await;
    let case = dispatcher.moves("acceptServiceRequest", &case, json!({})).await;
    assert_eq!(until(&mut socket, case.version).await, json!({ "version": 2, "state": "ACCEPTED" }));
    drop(socket);
    other.stops().await;
}
