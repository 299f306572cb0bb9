//! What is shown to a grid is read by who lives in it, as verified, and by nobody else.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{BESIDE, HERE, clerk, comes_back, flat, settled};
use crate::support::case::{complaint, texts, with};
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    who_lives_in_the_grid_reads_what_is_shown_to_it,
    who_moves_away_reads_it_no_more,
    when_the_proof_lapses_so_does_the_sight,
    what_is_held_back_or_confidential_is_not_shown,
    a_neighbour_sees_the_public_view_only,
];

/// A case shown to the neighbourhood, taken on.
async fn shown(town: &Town, crew: &Crew<'_>, more: Value) -> Case {
    let there = json!({ "visibility": "GRID", "place": null, "areaCode": "310112008001-01" });
    let case = town.resident().await.reports(&with(with(complaint(), there), more)).await;
    crew.takes(&case, "property", "ACCEPTED").await
}

async fn listed(person: &Person) -> Vec<String> {
    let text = "{ neighborhoodServiceRequests(first: 50) { nodes { caseNo } } }";
    texts(person.asks(text).await.get("/neighborhoodServiceRequests/nodes"), "/caseNo")
}

async fn reads(person: &Person, case: &Case) -> [bool; 3] {
    let by_no = person.asks(&format!("{{ serviceRequest(caseNo: \"{}\") {{ id }} }}", case.no)).await;
    [
        !person.sees(case, "id").await.is_null(),
        !by_no.get("/serviceRequest").is_null(),
        listed(person).await.contains(&case.no),
    ]
}

async fn who_lives_in_the_grid_reads_what_is_shown_to_it(town: &Town) {
    let (crew, clerk) = (Crew::of(town), clerk(town).await);
    let (ann, _) = settled(town, &clerk, json!({})).await;
    let case = shown(town, &crew, json!({})).await;
    assert_eq!(reads(&ann, &case).await, [true; 3]);
    let public = ann.asks("{ publicServiceRequests(first: 50) { nodes { caseNo } } }").await;
    assert!(!texts(public.get("/publicServiceRequests/nodes"), "/caseNo").contains(&case.no), "it is not public");
    // Who only applied, who lives next door, and who lives nowhere.
    let applied = town.resident().await;
    applied.applies(&flat(HERE)).await;
    let beside = town.resident().await;
    let there = beside.applies(&flat(BESIDE)).await;
    town.staff("neighbourhood").await.decides("verifyResidence", &there, json!({})).await;
    for person in [applied, beside, town.resident().await] {
        assert_eq!(reads(&person, &case).await, [false; 3]);
        person.tries("supplementServiceRequest", &case, json!({ "text": "补充" })).await.is_refused("NOT_FOUND");
    }
    let stranger = town.stranger();
    assert_eq!(stranger.sees(&case, "id").await, Value::Null);
    stranger.asks("{ neighborhoodServiceRequests { nodes { id } } }").await.is_refused("UNAUTHENTICATED");
}

async fn who_moves_away_reads_it_no_more(town: &Town) {
    let (crew, clerk) = (Crew::of(town), clerk(town).await);
    let (ann, home) = settled(town, &clerk, json!({})).await;
    let case = shown(town, &crew, json!({})).await;
    assert_eq!(reads(&ann, &case).await, [true; 3]);
    ann.decides("endResidence", &home, json!({})).await;
    assert_eq!(reads(&ann, &case).await, [false; 3], "at once");
}

async fn when_the_proof_lapses_so_does_the_sight(town: &Town) {
    let (crew, clerk) = (Crew::of(town), clerk(town).await);
    let (mut ann, _) = settled(town, &clerk, json!({ "relation": "TENANT" })).await;
    let case = shown(town, &crew, json!({})).await;
    town.later(TimeDelta::days(365) - TimeDelta::seconds(1));
    comes_back(town, &mut ann).await;
    assert_eq!(reads(&ann, &case).await, [true; 3]);
    town.later(TimeDelta::seconds(1));
    assert_eq!(reads(&ann, &case).await, [false; 3], "before housekeeping comes round");
}

async fn what_is_held_back_or_confidential_is_not_shown(town: &Town) {
    let (crew, clerk) = (Crew::of(town), clerk(town).await);
    let (ann, _) = settled(town, &clerk, json!({})).await;
    let held = shown(town, &crew, json!({ "description": "墙上喷了代开发票的小广告" })).await;
    let confidential = shown(town, &crew, json!({ "isConfidential": true })).await;
    let report = shown(town, &crew, json!({ "kind": "REPORT" })).await;
    let private = shown(town, &crew, json!({ "visibility": "PRIVATE" })).await;
    for case in [held, confidential, report, private] {
        assert_eq!(reads(&ann, &case).await, [false; 3]);
    }
}

async fn a_neighbour_sees_the_public_view_only(town: &Town) {
    let (crew, clerk) = (Crew::of(town), clerk(town).await);
    let (ann, _) = settled(town, &clerk, json!({})).await;
    let case = shown(town, &crew, json!({})).await;
    let seen = ann.sees(&case, "address reporter { id } contactPhone viewerActions area { level } description").await;
    assert_eq!(
        (&seen["address"], &seen["reporter"], &seen["contactPhone"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&seen["viewerActions"], &seen["area"]["level"]),
        (&json!(["FOLLOW", "REPORT_CONTENT"]), &json!("AUTONOMY"))
    );
    ann.tries("supplementServiceRequest", &case, json!({ "text": "我家也是" })).await.is_refused("FORBIDDEN");
}
