//! What is free is watched: who looks at a day sees at once what others take and give back.

use serde_json::{Value, json};

use super::{DANCE, at};
use crate::support::socket::Socket;
use crate::support::{Engine, Person, Town, stories, tell};

stories![what_others_take_and_give_back_is_seen, who_watches_nothing_that_is_there_is_told_so];

const CHANGED: &str =
    "subscription { slotsChanged(venueId: \"VENUE\", on: \"2026-11-24\", minutes: 60) { startsAt state } }";

/// The state of the slot at nine, in the next message.
async fn at_nine(town: &Town, socket: &mut Socket) -> Value {
    let message = socket.hears().await;
    assert_eq!(message["type"], "next", "{message}");
    let slots = message["payload"]["data"]["slotsChanged"].as_array().unwrap();
    let nine = at(town, 1, "09:00").to_rfc3339();
    slots.iter().find(|slot| slot["startsAt"] == nine).unwrap_or_else(|| panic!("{nine} in {slots:?}"))["state"].clone()
}

/// Watches the next day, of which the present slots come first.
async fn watches(town: &Town, person: &Person, venue: &str) -> Socket {
    let mut socket = person.connects().await;
    socket.subscribes("1", &CHANGED.replace("VENUE", venue)).await;
    assert_eq!(at_nine(town, &mut socket).await, "OPEN");
    socket
}

async fn what_others_take_and_give_back_is_seen(town: &Town) {
    let (dance, other) = (town.venue("XH-01", DANCE).await, town.venue("XH-01", "多功能厅东厅").await);
    let (ann, bob, cid) = (town.resident().await, town.resident().await, town.resident().await);
    let mut watching = watches(town, &bob, &dance).await;
    let mut another = watches(town, &cid, &dance).await;
    // Of another room they hear nothing: what comes next is about this one.
    ann.books(town, &other, (2, "09:00", "10:00")).await;
    let has = ann.books(town, &dance, (1, "09:00", "10:00")).await;
    for socket in [&mut watching, &mut another] {
        assert_eq!(at_nine(town, socket).await, "TAKEN");
    }
    ann.does_on("cancelBooking", &has, json!({})).await;
    for socket in [&mut watching, &mut another] {
        assert_eq!(at_nine(town, socket).await, "OPEN");
    }
    // A day that is shut has no slots at all.
    let staff = town.staff("center").await;
    let centers = town.stranger().asks("{ centers { id code } }").await.list("/centers");
    let center = centers.iter().find(|center| center["code"] == "XH-01").unwrap()["id"].clone();
    let closure = json!({
        "centerId": center, "venueId": dance, "startsAt": at(town, 1, "00:00"), "endsAt": at(town, 2, "00:00"),
        "reason": "MAINTENANCE", "idempotencyKey": crate::support::case::new_key(),
    });
    staff.does("closeCenter", &closure, super::places::CLOSURE).await.is_done();
    assert_eq!(watching.hears().await["payload"]["data"]["slotsChanged"], json!([]));
}

async fn who_watches_nothing_that_is_there_is_told_so(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let mut socket = town.resident().await.connects().await;
    let center = town.stranger().asks("{ centers { id } }").await.text("/centers/0/id");
    for (text, code) in [
        (CHANGED.replace("VENUE", &center), "NOT_FOUND"),
        (CHANGED.replace("VENUE", "ven_01a205eabe8070000000000000000000"), "NOT_FOUND"),
        (CHANGED.replace("VENUE", &venue).replace("60", "50"), "BAD_REQUEST"),
        (CHANGED.replace("VENUE", &venue).replace("60", "720"), "BAD_REQUEST"),
    ] {
        socket.subscribes("1", &text).await;
        let message = socket.hears().await;
        let told = &message["payload"]["errors"][0]["extensions"]["code"];
        assert_eq!(told, code, "{text}: {message}");
        assert_eq!(socket.hears().await["type"], "complete");
    }
    // Far away nothing is planned: there is nothing to see, and no error.
    socket.subscribes("2", &CHANGED.replace("VENUE", &venue).replace("2026", "2036")).await;
    assert_eq!(socket.hears().await["payload"]["data"]["slotsChanged"], json!([]));
}

/// What one node does is seen by who watches through another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_see_the_same() {
    tell(Town::open(Engine::Servers).await, |town| Box::pin(two_nodes(town))).await;
}

async fn two_nodes(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, mut bob) = (town.resident().await, town.resident().await);
    let other = town.second_node().await;
    bob.server = other.address;
    let mut watching = watches(town, &bob, &venue).await;
    ann.books(town, &venue, (1, "09:00", "10:00")).await;
    assert_eq!(at_nine(town, &mut watching).await, "TAKEN");
    other.stops().await;
}
