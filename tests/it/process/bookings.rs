//! Many clients and one slot, between processes: exactly one has it, in every round, and the tables hold no overlap (design §4.12).
//!
//! Two rounds with each run of the tests; `ZHILITONG_TEST_ROUNDS=20 tests/run process::crowd` for as many as somebody wants.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::crowd::{insists, rounds_wanted};
use super::*;
use crate::support::case::new_key;
use crate::support::{Answer, Person};

/// Clients of a round.
const CLIENTS: usize = 200;
/// Rounds, unless somebody wants more.
const ROUNDS: usize = 2;
const BOOK: &str = "booking { id state } userErrors { code }";

/// Runs the rounds; the first of a crowd take part.
pub async fn rounds(engine: Engine, nodes: &[Running], crowd: &[Person]) {
    let (processes, clients) = (nodes.len(), &crowd[..CLIENTS]);
    let rounds = rounds_wanted(ROUNDS);
    let slots = free_slots(&nodes[0].person(1), rounds).await;
    let at = |number: usize, client: &Person| {
        let mut client = client.clone();
        client.server = nodes[number % processes].address.parse().expect("an address");
        client
    };
    for (round, slot) in slots.iter().enumerate() {
        // Every third one would rather be told than wait.
        let tries = clients.iter().enumerate().map(|(number, client)| {
            let (client, mut input) = (at(number, client), slot.clone());
            input["joinWaitlist"] = Value::from(number % 3 != 0);
            input["idempotencyKey"] = Value::from(new_key());
            async move { insists(&client, "bookVenue", &input, BOOK).await }
        });
        let answers = join_all(tries).await;
        let state = |one: &Answer| one.json["data"]["bookVenue"]["booking"]["state"].clone();
        let count = |wanted: &str| answers.iter().filter(|one| state(one) == wanted).count();
        let told = answers.iter().filter(|one| one.codes() == ["SLOT_TAKEN"]).count();
        assert_eq!(count("CONFIRMED"), 1, "{engine:?}, round {round}");
        let all = count("CONFIRMED") + count("WAITLISTED") + told;
        assert_eq!(all, CLIENTS, "{engine:?}, round {round}: {:?}", strange(&answers));
        println!("{engine:?}, round {round}: 1 has it, {} wait, {told} were told", count("WAITLISTED"));
        // Nobody may have more than three: who waits gives up first, so that nothing is offered.
        if round + 1 < rounds {
            for wanted in ["WAITLISTED", "CONFIRMED"] {
                let gone = answers.iter().enumerate().filter(|(_, one)| state(one) == wanted).map(|(number, one)| {
                    let client = at(number, &clients[number]);
                    let input =
                        json!({ "id": one.json["data"]["bookVenue"]["booking"]["id"], "idempotencyKey": new_key() });
                    async move { insists(&client, "cancelBooking", &input, BOOK).await }
                });
                join_all(gone).await.iter().for_each(|one| {
                    one.is_done();
                });
            }
        }
    }
}

/// What may not be left behind.
pub const OVERLAPS: [(&str, &str); 2] = [
    (
        "two have one venue at once",
        "SELECT count(*) AS n FROM booking a JOIN booking b ON a.venue_id = b.venue_id AND a.id < b.id AND a.state = 'CONFIRMED' \
         AND b.state = 'CONFIRMED' AND a.begins_at < b.ends_at AND b.begins_at < a.ends_at",
    ),
    (
        "a piece is kept for nobody",
        "SELECT count(*) AS n FROM occupancy o LEFT JOIN booking b ON b.id = o.holder AND b.state = 'CONFIRMED' WHERE b.id IS NULL",
    ),
];

/// The first answers that are neither of what is wanted.
fn strange(answers: &[Answer]) -> Vec<String> {
    let odd = answers.iter().filter(|one| !one.codes().is_empty() && one.codes() != ["SLOT_TAKEN"]);
    odd.take(3).map(|one| format!("{one:?}")).collect()
}

/// Hours of dance rooms that anybody may have now, whatever day it is: from the day after tomorrow on.
async fn free_slots(visitor: &Person, rounds: usize) -> Vec<Value> {
    let centers = visitor.asks("{ centers { state venues { id kind } } }").await.list("/centers");
    let rooms = centers.iter().flat_map(|center| center["venues"].as_array().unwrap().clone());
    let rooms: Vec<Value> = rooms.filter(|venue| venue["kind"] == "DANCE").collect();
    let from = (Utc::now() + TimeDelta::days(1)).date_naive();
    let text = "query($id: ID!, $from: NaiveDate!) { node(id: $id) { ... on Venue { slots(from: $from, days: 6) { startsAt endsAt \
                state } } } }";
    let mut slots = Vec::new();
    for room in &rooms {
        let seen = visitor.says(text, &json!({ "id": room["id"], "from": from })).await.list("/node/slots");
        let open = seen.into_iter().filter(|slot| slot["state"] == "OPEN").map(|slot| {
            let at = |name: &str| slot[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
            json!({
                "venueId": room["id"], "startsAt": at("startsAt"), "endsAt": at("endsAt"), "partySize": 8, "purpose": "抢订排练",
            })
        });
        slots.extend(open.step_by(3));
    }
    assert!(slots.len() >= rounds, "{} hours are free", slots.len());
    slots.truncate(rounds);
    slots
}
