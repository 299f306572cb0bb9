//! New notifications are heard at once, on every node, by their person alone.

use serde_json::{Value, json};

use crate::support::case::complaint;
use crate::support::socket::Socket;
use crate::support::{Crew, Engine, Person, Town, stories, tell};

stories![
    a_new_notification_is_heard,
    what_was_there_before_is_not_heard_and_all_that_follows_is,
    strangers_have_no_inbox_to_hear_of,
];

const RECEIVED: &str = "subscription { notificationReceived { id title subject { ... on ServiceRequest { id } } } }";

async fn hears(socket: &mut Socket) -> Value {
    let message = socket.hears().await;
    assert_eq!(message["type"], "next", "{message}");
    message["payload"]["data"]["notificationReceived"].clone()
}

/// A socket that certainly listens, and says in Chinese what it hears, as no language was asked for: what is said on it is answered in order.
async fn listens(person: &Person) -> Socket {
    let mut socket = person.connects().await;
    socket.subscribes("1", RECEIVED).await;
    // The answer to a query that came later shows that the subscription began.
    socket.subscribes("2", "{ unreadNotificationCount }").await;
    loop {
        let message = socket.hears().await;
        if message["id"] == "2" && message["type"] == "complete" {
            return socket;
        }
    }
}

async fn a_new_notification_is_heard(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let (case, other) = (ann.reports(&complaint()).await, bob.reports(&complaint()).await);
    let mut socket = listens(&ann).await;
    crew.takes(&other, "property", "ACCEPTED").await;
    town.notifies().await;
    crew.takes(&case, "property", "ACCEPTED").await;
    let heard = hears(&mut socket).await;
    assert_eq!((&heard["title"], &heard["subject"]["id"]), (&json!("诉求已受理"), &json!(case.id)));
    assert_eq!(heard["id"], ann.inbox(town).await[0]["id"]);
}

async fn what_was_there_before_is_not_heard_and_all_that_follows_is(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "ACCEPTED").await;
    town.notifies().await;
    let mut socket = listens(&ann).await;
    let case = crew.takes(&case, "property", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, crate::support::case::answer("YES", 5)).await;
    let mut titles = Vec::new();
    for _ in 0..4 {
        titles.push(hears(&mut socket).await["title"].as_str().unwrap().to_owned());
    }
    assert_eq!(titles, ["诉求已派遣", "诉求已处置", "请您评价", "诉求已结案"]);
}

async fn strangers_have_no_inbox_to_hear_of(town: &Town) {
    let mut socket = Socket::ready(town.address, &json!({})).await;
    socket.subscribes("1", RECEIVED).await;
    let message = socket.hears().await;
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{message}");
}

/// Nodes share the database and Redis; an embedded Redis is for one node only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_heard_on_another_node() {
    tell(Town::open(Engine::Servers).await, |town| Box::pin(two_nodes(town))).await;
}

async fn two_nodes(town: &Town) {
    let (mut ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let other = town.second_node().await;
    ann.server = other.address;
    let mut socket = listens(&ann).await;
    crew.takes(&case, "property", "ACCEPTED").await;
    assert_eq!(hears(&mut socket).await["subject"]["id"], case.id);
    drop(socket);
    other.stops().await;
}
