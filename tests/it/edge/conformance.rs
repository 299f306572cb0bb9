//! What the reference implementations say: the `graphql-http` audits, the `graphql-ws` client and `ical.js`, all of npm.

use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::toy::{impatient, serve};
use crate::bookings::DANCE;
use crate::feeds::{Feed, ON_THE_MAP};
use crate::support::{Engine, Person, Town, root, stories};

stories![the_library_of_calendar_apps_understands_our_calendars];

/// Runs a script to its end, beside the server.
async fn node(script: &'static str, url: String) -> String {
    let folder = root().join("tests/node");
    assert!(folder.join("node_modules/graphql-http").is_dir(), "tests/node has no modules yet; run tests/run");
    let mut command = Command::new("node");
    command.arg(script).arg(url).current_dir(folder).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.expect("node is installed; run tests/run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_product_passes_every_audit_of_graphql_over_http() {
    let town = Town::open(Engine::Embedded).await;
    let said = node("audit.mjs", format!("http://{}/graphql", town.address)).await;
    assert!(said.contains("61/61"), "{said}");
    assert_eq!(town.close().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_client_understands_our_sockets() {
    let mut config = impatient();
    config.execute_within = std::time::Duration::from_secs(5);
    config.socket.operations = 20;
    config.socket.init_within = std::time::Duration::from_secs(2);
    config.socket.ping_every = std::time::Duration::from_secs(25);
    let server = serve(config);
    let said = node("ws.mjs", format!("ws://{}/graphql", server.address)).await;
    assert!(said.contains("checks: 17/17"), "{said}");
}

/// What `ical.js` makes of a calendar.
async fn calendar(town: &Town, feed: &Feed) -> Value {
    let said = node("calendar.mjs", format!("http://{}{}", town.address, feed.url)).await;
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("not JSON: {said}"))
}

/// The event of a booking, which must say what the API says of it. Gives back its sequence and status.
fn agrees(calendar: &Value, booking: &Value) -> (i64, String) {
    let uid = format!("{}@zhilitong", booking["id"].as_str().unwrap());
    let events = calendar["events"].as_array().unwrap();
    let mut found = events.iter().filter(|event| event["uid"] == uid.as_str());
    let event = found.next().unwrap_or_else(|| panic!("no {uid} in {calendar}"));
    assert!(found.next().is_none(), "each once: {calendar}");
    let instant = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!(event["tzid"], "Asia/Shanghai");
    assert_eq!(instant(&event["start"]), instant(&booking["startsAt"]), "{event}");
    assert_eq!(instant(&event["end"]), instant(&booking["endsAt"]), "{event}");
    assert_eq!(event["sequence"], booking["version"]);
    let said = event["description"].as_str().unwrap();
    assert!(said.contains(booking["code"].as_str().unwrap()), "{event}");
    let place = &booking["venue"]["center"]["location"];
    let geo: Vec<f64> = event["geo"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    let is_near = |value: f64, other: &Value| (value - other.as_f64().unwrap()).abs() < 1e-5;
    assert!(is_near(geo[0], &place["latitude"]) && is_near(geo[1], &place["longitude"]), "{event} {place}");
    (event["sequence"].as_i64().unwrap(), event["status"].as_str().unwrap().to_owned())
}

/// The bookings of a person, as the API tells them, the latest first.
async fn told(person: &Person) -> Vec<Value> {
    let text = "{ viewer { bookings { nodes { id version code state startsAt endsAt purpose venue { name center { name address \
                location(datum: WGS84) { longitude latitude } } } } } } }";
    person.asks(text).await.list("/viewer/bookings/nodes")
}

async fn the_library_of_calendar_apps_understands_our_calendars(town: &Town) {
    let (dance, meeting) = (town.venue("XH-01", DANCE).await, town.venue("XH-02", "会议室").await);
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    town.tampers(ON_THE_MAP).await;
    let (own, theirs) = (ann.subscribes(None).await, staff.subscribes(Some(&meeting)).await);
    let words = json!({ "purpose": format!("合唱, 排练; C:\\\\新建 🎉👨‍👩‍👧‍👦 {}", "很长".repeat(60)) });
    ann.tries_to_book(town, &dance, (1, "09:00", "10:00"), words.clone()).await.is_done();
    let asked = ann.books(town, &meeting, (2, "09:00", "10:30")).await;
    let (seen, bookings) = (calendar(town, &own).await, told(&ann).await);
    assert_eq!(
        (&seen["version"], &seen["method"], &seen["name"]),
        (&json!("2.0"), &json!("PUBLISH"), &json!("我的预约"))
    );
    assert_eq!((&seen["refresh"], &seen["zones"]), (&json!("PT1H"), &json!(["Asia/Shanghai"])));
    assert_eq!((bookings.len(), seen["events"].as_array().unwrap().len()), (2, 2));
    assert_eq!(agrees(&seen, &bookings[1]), (1, "CONFIRMED".to_owned()));
    assert_eq!(agrees(&seen, &bookings[0]), (1, "TENTATIVE".to_owned()));
    let event = &seen["events"][0];
    assert_eq!(event["start"], "2026-11-24T01:00:00.000Z");
    assert_eq!(event["summary"], "舞蹈房（爱博邻里中心）");
    assert_eq!(event["location"], "爱博邻里中心 舞蹈房，爱博路 1 号（演示）");
    let purpose = words["purpose"].as_str().unwrap().trim();
    assert!(event["description"].as_str().unwrap().contains(&format!("用途：{purpose}\n")), "{event}");
    // An update: the same entry, a higher sequence.
    let approved = staff.does_on("approveBooking", &asked, json!({})).await;
    let (seen, bookings) = (calendar(town, &own).await, told(&ann).await);
    assert_eq!(agrees(&seen, &bookings[0]), (2, "CONFIRMED".to_owned()));
    assert_eq!(agrees(&calendar(town, &theirs).await, &bookings[0]), (2, "CONFIRMED".to_owned()));
    // Called off, and taken back: seen as such, under the same name.
    town.later(TimeDelta::minutes(5));
    staff.does_on("callOffBooking", &approved, json!({ "reason": "UTILITIES" })).await;
    let first = crate::bookings::Booked::from(&bookings[1]);
    ann.does_on("cancelBooking", &first, json!({})).await;
    let (seen, bookings) = (calendar(town, &own).await, told(&ann).await);
    for booking in &bookings {
        let (sequence, status) = agrees(&seen, booking);
        assert_eq!((sequence, status.as_str()), (booking["version"].as_i64().unwrap(), "CANCELLED"));
    }
    assert_eq!((agrees(&seen, &bookings[0]).0, agrees(&seen, &bookings[1]).0), (3, 2));
    assert_eq!(agrees(&calendar(town, &theirs).await, &bookings[0]), (3, "CANCELLED".to_owned()));
}
