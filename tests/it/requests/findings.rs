//! What inspectors and devices find: late or twice, each comes in once.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::case::{PLACE, at, with};
use crate::support::{Answer, Crew, Person, Town, stories};

stories![
    what_an_inspector_found_without_a_network_comes_in_once,
    of_many_findings_each_is_taken_or_refused_by_itself,
    what_others_found_waits_for_a_dispatcher,
    two_uploads_of_one_finding_at_once_are_one_case,
    a_device_that_sees_the_same_again_is_counted,
    who_does_not_walk_the_grid_uploads_nothing,
];

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn finding(number: u128, occurred_at: DateTime<Utc>) -> Value {
    json!({
        "clientId": uuid::Uuid::from_u128(number).to_string(), "occurredAt": time(occurred_at), "place": at(PLACE),
        "categoryCode": "SANITATION.LITTER", "description": "人行道上有一堆暴露垃圾", "attachmentIds": [],
    })
}

fn event(id: &str, occurred_at: DateTime<Utc>) -> Value {
    json!({
        "deviceCode": "CAM-017", "eventId": id, "occurredAt": time(occurred_at), "place": at(PLACE),
        "categoryCode": "FIRE.ESCAPE", "description": "消防通道被占用",
    })
}

async fn sends(person: &Person, mutation: &str, findings: &[Value]) -> Answer {
    let shown = "findings { index isReplay serviceRequest { id caseNo version state round } userErrors { code field } } \
                 userErrors { code field limit }";
    person.does(mutation, &json!({ "findings": findings }), shown).await
}

async fn uploads(person: &Person, findings: &[Value]) -> Vec<Value> {
    let answer = sends(person, "uploadPatrolFindings", findings).await;
    assert!(answer.top_codes().is_empty(), "{answer:?}");
    answer.json["data"]["uploadPatrolFindings"]["findings"].as_array().unwrap().clone()
}

async fn what_an_inspector_found_without_a_network_comes_in_once(town: &Town) {
    let inspector = town.staff("inspector").await;
    let found_at = town.now() - TimeDelta::hours(20);
    let photo = inspector.photo().await;
    let sent = [with(finding(1, found_at), json!({ "attachmentIds": [photo] }))];
    let first = uploads(&inspector, &sent).await;
    assert_eq!(first[0]["serviceRequest"]["state"], "FILED", "an inspector saw it: {first:?}");
    // The answer was lost; three days later the device sends it again, though it is too old by now.
    town.later(TimeDelta::hours(30));
    let inspector = town.staff("inspector").await;
    let again = uploads(&inspector, &sent).await;
    assert_eq!(
        (&again[0]["isReplay"], &again[0]["serviceRequest"]["id"]),
        (&json!(true), &first[0]["serviceRequest"]["id"])
    );
    assert_eq!(town.number("SELECT count(*) AS n FROM service_request WHERE occurred_at IS NOT NULL").await, 1);
    let case = crate::support::Case::from(&first[0]["serviceRequest"]);
    let shown = "kind source channel createdAt origin { occurredAt externalNo } timeline { kind }";
    let seen = inspector.sees(&case, shown).await;
    assert_eq!(
        (&seen["kind"], &seen["source"], &seen["channel"]),
        (&json!("PATROL_FINDING"), &json!("PATROL"), &json!("PATROL"))
    );
    let occurred_at: DateTime<Utc> = seen["origin"]["occurredAt"].as_str().unwrap().parse().unwrap();
    assert_eq!(time(occurred_at), time(found_at));
    let kinds: Vec<&str> =
        seen["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["request.submitted", "request.accepted", "request.filed"]);
    // The same key for something else.
    let other = uploads(&inspector, &[with(sent[0].clone(), json!({ "description": "别的事" }))]).await;
    assert_eq!(other[0]["userErrors"][0], json!({ "code": "IDEMPOTENCY_KEY_REUSED", "field": ["clientId"] }));
    let crew = Crew::of(town);
    crew.takes(&crew.who("dispatcher").await.looks_at(&case).await, "sanitation", "DISPATCHED").await;
}

async fn of_many_findings_each_is_taken_or_refused_by_itself(town: &Town) {
    let inspector = town.staff("inspector").await;
    let now = town.now();
    let sent = [
        finding(1, now),
        finding(2, now + TimeDelta::minutes(1)),
        finding(3, now + TimeDelta::minutes(5)),
        finding(4, now - TimeDelta::hours(73)),
        with(finding(5, now), json!({ "categoryCode": "NONE", "description": "" })),
        with(finding(6, now), json!({ "clientId": "x" })),
        with(finding(7, now), json!({ "place": at((121.0, 31.0)) })),
        finding(1, now),
        finding(8, now - TimeDelta::hours(71)),
    ];
    let came = uploads(&inspector, &sent).await;
    let told: Vec<String> = came
        .iter()
        .map(|one| {
            let errors = one["userErrors"].as_array().unwrap();
            let errors: Vec<String> = errors
                .iter()
                .map(|error| format!("{} {}", error["code"].as_str().unwrap(), error["field"][0].as_str().unwrap()))
                .collect();
            if errors.is_empty() { one["isReplay"].to_string() } else { errors.join(", ") }
        })
        .collect();
    let expected = [
        "false",
        "false",
        "INVALID occurredAt",
        "DEADLINE_PASSED occurredAt",
        "INVALID categoryCode, REQUIRED description",
        "INVALID clientId",
        "OUTSIDE_AREA place",
        "true",
        "false",
    ];
    assert_eq!(told, expected);
    assert_eq!(town.number("SELECT count(*) AS n FROM service_request WHERE occurred_at IS NOT NULL").await, 3);
    let many: Vec<Value> = (0..51).map(|number| finding(100 + number, now)).collect();
    sends(&inspector, "uploadPatrolFindings", &many).await.is_refused("LIMIT_EXCEEDED").at("findings");
    sends(&inspector, "uploadPatrolFindings", &[]).await.is_refused("REQUIRED").at("findings");
}

async fn what_others_found_waits_for_a_dispatcher(town: &Town) {
    let leader = town.official(Role::MicroGridLeader, "310112008").await;
    let found = uploads(&leader, &[finding(1, town.now())]).await;
    assert_eq!(found[0]["userErrors"], json!([]));
    let state = "SELECT count(*) AS n FROM service_request WHERE occurred_at IS NOT NULL AND state = 'SUBMITTED'";
    assert_eq!(town.number(state).await, 1, "{found:?}");
}

async fn two_uploads_of_one_finding_at_once_are_one_case(town: &Town) {
    let inspector = town.staff("inspector").await;
    let sent = [finding(1, town.now())];
    let (one, other) = futures_util::join!(uploads(&inspector, &sent), uploads(&inspector, &sent));
    assert_eq!(one[0]["serviceRequest"]["id"], other[0]["serviceRequest"]["id"], "{one:?} {other:?}");
    assert_eq!(town.number("SELECT count(*) AS n FROM service_request WHERE occurred_at IS NOT NULL").await, 1);
}

async fn a_device_that_sees_the_same_again_is_counted(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    let now = town.now();
    let near = at((PLACE.0 + 30.0 / 95_300.0, PLACE.1));
    let far = at((PLACE.0 + 200.0 / 95_300.0, PLACE.1));
    let sent = [
        event("1", now - TimeDelta::minutes(3)),
        with(event("2", now), json!({ "place": near })),
        with(event("3", now), json!({ "place": far })),
        with(event("4", now), json!({ "deviceCode": "CAM-018" })),
        event("1", now - TimeDelta::minutes(3)),
        event("5", now - TimeDelta::hours(25)),
    ];
    let came = sends(&dispatcher, "ingestAutoFindings", &sent).await;
    let came = came.json["data"]["ingestAutoFindings"]["findings"].as_array().unwrap().clone();
    let id = |place: usize| came[place]["serviceRequest"]["id"].clone();
    assert_eq!((id(0) == id(1), id(0) == id(2), id(0) == id(3), id(0) == id(4)), (true, false, false, true));
    assert_eq!((&came[4]["isReplay"], &came[5]["userErrors"][0]["code"]), (&json!(true), &json!("DEADLINE_PASSED")));
    assert_eq!(town.number("SELECT count(*) AS n FROM service_request WHERE occurred_at IS NOT NULL").await, 3);
    let case = crate::support::Case::from(&came[1]["serviceRequest"]);
    let seen = dispatcher.sees(&case, "kind source channel isAnonymous origin { deviceEventCount }").await;
    let expected = json!({
        "kind": "AUTO_FINDING", "source": "AUTO", "channel": "SENSOR", "isAnonymous": true, "origin": { "deviceEventCount": 2 },
    });
    assert_eq!(seen, expected);
    // Whoever accepts it has verified it: it goes on file.
    let case = dispatcher.moves("acceptServiceRequest", &case, json!({})).await;
    assert_eq!(case.state, "FILED");
    // Once it is over, the device begins a new one.
    town.tampers(&format!("UPDATE service_request SET queue = NULL, state = 'CLOSED' WHERE case_no = '{}'", case.no))
        .await;
    let anew = sends(&dispatcher, "ingestAutoFindings", &[event("6", now)]).await;
    assert_ne!(anew.json["data"]["ingestAutoFindings"]["findings"][0]["serviceRequest"]["id"], json!(case.id));
}

async fn who_does_not_walk_the_grid_uploads_nothing(town: &Town) {
    let sent = [finding(1, town.now())];
    sends(&town.stranger(), "uploadPatrolFindings", &sent).await.is_refused("UNAUTHENTICATED");
    for person in [town.resident().await, town.staff("callback").await] {
        sends(&person, "uploadPatrolFindings", &sent).await.is_refused("FORBIDDEN");
        sends(&person, "ingestAutoFindings", &[event("1", town.now())]).await.is_refused("FORBIDDEN");
    }
    // Of another grid: each by itself.
    let other = town.official(Role::GridInspector, "310112008-D4").await;
    let came = sends(&other, "uploadPatrolFindings", &sent).await;
    came.at("findings.place");
    assert_eq!(came.user_codes(), ["OUTSIDE_AREA", "OUTSIDE_AREA"], "of the one, and of the whole");
    assert_eq!(town.number("SELECT count(*) AS n FROM service_request WHERE occurred_at IS NOT NULL").await, 0);
}
