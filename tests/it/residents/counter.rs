//! Somebody of 82 without a phone is served at the counter, and her daughter sees only that case (scenario 20).

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{BESIDE, Thing, clerk};
use crate::support::case::{answer, complaint, with};
use crate::support::{Answer, Case, Crew, Person, Town, stories};

stories![
    the_daughter_of_somebody_without_a_phone_sees_only_that_case,
    a_case_of_somebody_without_a_phone_goes_its_way,
    only_the_neighbourhood_grants_at_the_counter_and_says_why,
    who_has_an_account_grants_alone,
    the_counter_ends_what_it_granted,
];

/// A case taken at the counter for who has no phone.
async fn taken(clerk: &Person) -> Case {
    let walk_in = json!({
        "channel": "WALK_IN", "onBehalfOf": { "name": "王阿婆" }, "visibility": "PRIVATE", "place": null,
        "areaCode": "310112008001-01",
    });
    clerk.reports(&with(complaint(), walk_in)).await
}

async fn grants(town: &Town, clerk: &Person, case: &Case, agent: &Person, more: Value) -> Answer {
    let input = json!({
        "serviceRequestId": case.id, "expectedVersion": case.version, "agentPhone": agent.phone(), "verbs": ["SUPPLEMENT", "SURVEY"],
        "until": town.now() + TimeDelta::days(90), "reason": "本人无手机，女儿到窗口办理，已核对户口簿",
    });
    clerk.attempts("grantProxyAtCounter", &with(input, more)).await
}

async fn the_daughter_of_somebody_without_a_phone_sees_only_that_case(town: &Town) {
    let (clerk, daughter) = (clerk(town).await, town.resident().await);
    let (case, other) = (taken(&clerk).await, taken(&clerk).await);
    let answered = grants(town, &clerk, &case, &daughter, json!({})).await;
    let shown = answered.get("/grantProxyAtCounter/proxyGrant").clone();
    assert_eq!((&shown["principal"], &shown["viewerActions"]), (&Value::Null, &json!(["END"])));
    assert!(shown["reason"].as_str().unwrap().starts_with("本人无手机"));
    let active = daughter.decides("acceptProxy", &Thing::of(&answered), json!({})).await;
    assert_eq!(daughter.finds(&active, "... on ProxyGrant { reason agentPhone }").await["reason"], Value::Null);
    assert_eq!(
        daughter.sees(&case, "caseNo onBehalfOfName").await,
        json!({ "caseNo": case.no, "onBehalfOfName": null })
    );
    assert_eq!(daughter.sees(&other, "id").await, Value::Null);
    let case = daughter.moves("supplementServiceRequest", &case, json!({ "text": "母亲行动不便，请先打我电话" })).await;
    let case = Crew::of(town).takes(&case, "property", "VERIFIED").await;
    assert_eq!(daughter.moves("surveyServiceRequest", &case, answer("YES", 5)).await.state, "CLOSED");
}

async fn a_case_of_somebody_without_a_phone_goes_its_way(town: &Town) {
    let (clerk, crew) = (clerk(town).await, Crew::of(town));
    // As many as come: without a phone nobody can tell one from another.
    for _ in 0..6 {
        taken(&clerk).await;
    }
    let case = taken(&clerk).await;
    let seen = clerk.sees(&case, "onBehalfOfName contactPhone reporter { id } channel").await;
    let expected = json!({ "onBehalfOfName": "王阿婆", "contactPhone": null, "reporter": null, "channel": "WALK_IN" });
    assert_eq!(seen, expected, "never the clerk's own number");
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let handler = crew.who("property.handler").await;
    assert!(handler.sees(&case, "contactDueAt").await["contactDueAt"].is_null(), "nobody can be called");
    handler.moves("submitHandling", &case, crate::support::case::done(&[])).await;
    let relative = json!({
        "channel": "WALK_IN", "onBehalfOf": { "name": "王阿婆" }, "contactPhone": "13900001234", "place": null,
        "areaCode": "310112008001-01",
    });
    let case = clerk.reports(&with(complaint(), relative)).await;
    assert_eq!(clerk.sees(&case, "contactPhone").await["contactPhone"], "139****1234");
}

async fn only_the_neighbourhood_grants_at_the_counter_and_says_why(town: &Town) {
    let (clerk, daughter) = (clerk(town).await, town.stranger());
    let case = taken(&clerk).await;
    let other = town.official(Role::NeighborhoodStaff, BESIDE).await;
    grants(town, &other, &case, &daughter, json!({})).await.is_refused("NOT_FOUND");
    let dispatcher = town.staff("dispatcher").await;
    grants(town, &dispatcher, &case, &daughter, json!({})).await.is_refused("FORBIDDEN");
    grants(town, &town.resident().await, &case, &daughter, json!({})).await.is_refused("NOT_FOUND");
    grants(town, &town.stranger(), &case, &daughter, json!({})).await.is_refused("UNAUTHENTICATED");
    grants(town, &clerk, &case, &daughter, json!({ "reason": " " })).await.is_refused("REQUIRED").at("reason");
    grants(town, &clerk, &case, &daughter, json!({ "expectedVersion": 7 })).await.is_refused("CONFLICT");
    grants(town, &clerk, &case, &clerk, json!({})).await.is_refused("INVALID").at("agentPhone");
    clerk.grants(town, &[&case], &daughter, json!({})).await.is_refused("FORBIDDEN");
}

async fn who_has_an_account_grants_alone(town: &Town) {
    let (clerk, ann) = (clerk(town).await, town.resident().await);
    let there = json!({ "place": null, "areaCode": "310112008001-01", "visibility": "PRIVATE" });
    let case = ann.reports(&with(complaint(), there)).await;
    grants(town, &clerk, &case, &town.stranger(), json!({})).await.is_refused("FORBIDDEN");
}

async fn the_counter_ends_what_it_granted(town: &Town) {
    let (one, colleague, daughter) = (clerk(town).await, clerk(town).await, town.resident().await);
    let case = taken(&one).await;
    let invited = Thing::of(&grants(town, &one, &case, &daughter, json!({})).await);
    let active = daughter.decides("acceptProxy", &invited, json!({})).await;
    let own = one.asks("{ viewer { proxyGrants { id state } } }").await;
    assert_eq!(own.get("/viewer/proxyGrants"), &json!([{ "id": active.id, "state": "ACTIVE" }]));
    let beside = town.official(Role::NeighborhoodStaff, BESIDE).await;
    beside.attempts_on("endProxy", &active, json!({})).await.is_refused("NOT_FOUND");
    assert_eq!(colleague.decides("endProxy", &active, json!({})).await.state, "ENDED");
    assert_eq!(daughter.sees(&case, "id").await, Value::Null);
}
