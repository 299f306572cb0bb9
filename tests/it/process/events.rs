//! Many who come for few seats, between processes: as many have one as there are, the others stand in one line, in every round
//! (design §4.12; peers §9).
//!
//! One round with each run of the tests; `ZHILITONG_TEST_ROUNDS=20 tests/run process::crowd` for as many as somebody wants.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::crowd::{insists, rounds_wanted};
use super::*;
use crate::support::case::new_key;
use crate::support::{Answer, Person};

/// Clients of a round, and seats.
pub const CLIENTS: usize = 500;
const SEATS: usize = 50;
/// Rounds, unless somebody wants more.
const ROUNDS: usize = 1;
const SEAT: &str = "registration { id state } userErrors { code }";
const EVENT: &str = "event { id version state } userErrors { code field }";

/// Runs the rounds; all of a crowd take part.
pub async fn rounds(engine: Engine, nodes: &[Running], clients: &[Person]) {
    let processes = nodes.len();
    let (host, editor) = (staff(&nodes[0], "neighbourhood", 1).await, staff(&nodes[0], "editor", 2).await);
    for round in 0..rounds_wanted(ROUNDS) {
        let event = published(&host, &editor, round).await;
        let tries = clients.iter().enumerate().map(|(number, client)| {
            let mut client = client.clone();
            client.server = nodes[number % processes].address.parse().expect("an address");
            let input = json!({ "eventId": event, "joinWaitlist": true, "idempotencyKey": new_key() });
            async move { insists(&client, "registerForEvent", &input, SEAT).await }
        });
        let answers = join_all(tries).await;
        let count = |wanted: &str| {
            answers.iter().filter(|one| one.json["data"]["registerForEvent"]["registration"]["state"] == wanted).count()
        };
        let told = (count("CONFIRMED"), count("WAITLISTED"));
        assert_eq!(told, (SEATS, CLIENTS - SEATS), "{engine:?}, round {round}: {:?}", strange(&answers));
        println!("{engine:?}, round {round}: {} have a seat, {} wait in order", told.0, told.1);
    }
}

/// What may not be left behind.
pub const WRONG: [(&str, &str); 4] = [
    ("more have a seat than there are", "SELECT count(*) AS n FROM event WHERE seats_taken > capacity"),
    (
        "an event counts other seats than are had",
        "SELECT count(*) AS n FROM event e WHERE e.seats_taken <> (SELECT coalesce(sum(r.seats), 0) FROM event_registration r WHERE \
         r.event_id = e.id AND r.state = 'CONFIRMED')",
    ),
    (
        "two have the same place in a line",
        "SELECT count(*) AS n FROM (SELECT event_id, queued_at FROM event_registration WHERE state = 'WAITLISTED' GROUP BY event_id, queued_at HAVING count(*) > 1) t",
    ),
    (
        "somebody is expected who has no seat, or not expected who has one",
        "SELECT (SELECT count(*) FROM event_registration WHERE state = 'CONFIRMED') - (SELECT count(DISTINCT c.holder) FROM commitment c JOIN \
         event_registration r ON r.id = c.holder WHERE r.state = 'CONFIRMED') AS n",
    ),
];

/// The first answers that are neither of what is wanted.
fn strange(answers: &[Answer]) -> Vec<String> {
    answers.iter().filter(|one| !one.codes().is_empty()).take(3).map(|one| format!("{one:?}")).collect()
}

async fn staff(node: &Running, username: &str, number: u32) -> Person {
    let mut person = node.person(number);
    person.signs_in_with_password(username, zhilitong::seed::PASSWORD).await;
    person
}

/// An event of another day for each round, so that nobody is in two places.
async fn published(host: &Person, editor: &Person, round: usize) -> Value {
    let day = (Utc::now() + TimeDelta::days(10 + i64::try_from(round).unwrap())).date_naive();
    let at = |hour: u32| -> DateTime<Utc> { day.and_hms_opt(hour, 0, 0).unwrap().and_utc() };
    let input = json!({
        "kind": "OPEN_EVENT", "audience": "PUBLIC", "title": "音乐会", "summary": "音乐会", "body": "音乐会", "organizer": "街道",
        "areaCode": "310112008", "address": "大厅", "startsAt": at(2), "endsAt": at(4), "registration": { "capacity": SEATS },
        "idempotencyKey": new_key(),
    });
    let mut event = shown(&host.does("saveEvent", &input, EVENT).await);
    for (person, verb) in [(host, "submitEvent"), (editor, "approveEvent"), (host, "publishEvent")] {
        let on = json!({ "id": event["id"], "expectedVersion": event["version"], "idempotencyKey": new_key() });
        event = shown(&person.does(verb, &on, EVENT).await);
    }
    assert_eq!(event["state"], "OPEN");
    event["id"].clone()
}

fn shown(answer: &Answer) -> Value {
    answer.is_done();
    answer.json["data"].as_object().and_then(|data| data.values().next()).expect("a payload")["event"].clone()
}
