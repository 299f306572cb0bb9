//! Letting somebody act: invited by number, accepted by its owner, ended by either side.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Thing, comes_back, represented, tidies};
use crate::support::case::{complaint, with};
use crate::support::{Person, Town, stories};

stories![
    an_invitation_is_answered_alike_for_known_and_unknown_numbers,
    an_invitation_waits_for_who_signs_in_later,
    only_the_invited_number_accepts,
    either_side_ends_it,
    only_own_cases_are_entrusted,
    an_end_lies_within_a_year_ahead,
    a_proxy_is_seen_by_its_two_sides_only,
    five_agents_a_case_at_most,
    what_lapsed_is_told_so,
    what_is_said_twice_is_done_once,
];

const GRANTS: &str =
    "{ viewer { proxyGrants { id state agentPhone agent { id } serviceRequests { id } viewerActions } } }";

async fn grants_of(person: &Person) -> Vec<Value> {
    person.asks(GRANTS).await.list("/viewer/proxyGrants")
}

async fn an_invitation_is_answered_alike_for_known_and_unknown_numbers(town: &Town) {
    let (ann, known, unknown) = (town.resident().await, town.resident().await, town.stranger());
    let case = ann.reports(&complaint()).await;
    let shown = async |agent: &Person| {
        let answer = ann.grants(town, &[&case], agent, json!({})).await;
        let mut shown = answer.get("/grantProxy/proxyGrant").clone();
        assert_eq!(shown["agentPhone"], format!("{}****{}", &agent.phone()[..3], &agent.phone()[7..]));
        for name in ["id", "agentPhone"] {
            shown[name] = Value::Null;
        }
        shown
    };
    let (to_known, to_unknown) = (shown(&known).await, shown(&unknown).await);
    assert_eq!(to_known, to_unknown);
    assert_eq!((&to_known["state"], &to_known["agent"]), (&json!("INVITED"), &Value::Null));
    assert_eq!(to_known["verbs"], json!(["READ", "SUPPLEMENT"]));
    let numbers = format!("SELECT count(*) AS n FROM fact WHERE CAST(data AS TEXT) LIKE '%{}%'", unknown.phone());
    assert_eq!(town.number(&numbers).await, 0);
}

async fn an_invitation_waits_for_who_signs_in_later(town: &Town) {
    let (ann, mut agent) = (town.resident().await, town.stranger());
    let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    Thing::of(&ann.grants(town, &[&case], &agent, json!({})).await);
    let phone = agent.phone();
    agent.signs_in_with_code(town, &phone).await;
    let waiting = grants_of(&agent).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!((&waiting[0]["state"], &waiting[0]["viewerActions"]), (&json!("INVITED"), &json!(["ACCEPT", "END"])));
    assert_eq!(waiting[0]["serviceRequests"], json!([]), "nothing of the case before it is accepted");
    assert_eq!(waiting[0]["agentPhone"], Value::Null);
    assert_eq!(agent.sees(&case, "id").await, Value::Null);
    let id = waiting[0]["id"].as_str().unwrap();
    agent.consents().await;
    agent.attempts("acceptProxy", &json!({ "id": id })).await.is_done();
    assert_eq!(agent.sees(&case, "caseNo").await["caseNo"], case.no.as_str());
    assert_eq!(grants_of(&agent).await[0]["serviceRequests"], json!([{ "id": case.id }]));
    assert_eq!(grants_of(&ann).await[0]["agent"]["id"].as_str().map(str::to_owned), agent.id().await);
}

async fn only_the_invited_number_accepts(town: &Town) {
    let (ann, agent, eve) = (town.resident().await, town.resident().await, town.resident().await);
    let case = ann.reports(&complaint()).await;
    let invited = Thing::of(&ann.grants(town, &[&case], &agent, json!({})).await);
    ann.attempts_on("acceptProxy", &invited, json!({})).await.is_refused("FORBIDDEN");
    eve.attempts_on("acceptProxy", &invited, json!({})).await.is_refused("NOT_FOUND");
    town.stranger().attempts_on("acceptProxy", &invited, json!({})).await.is_refused("UNAUTHENTICATED");
    agent.decides("acceptProxy", &invited, json!({})).await;
    let again = Thing { version: 2, ..invited };
    agent.attempts_on("acceptProxy", &again, json!({})).await.is_refused("INVALID_TRANSITION");
    let (ann, me) = (town.resident().await, json!({}));
    let case = ann.reports(&complaint()).await;
    ann.grants(town, &[&case], &ann, me).await.is_refused("INVALID").at("agentPhone");
}

async fn either_side_ends_it(town: &Town) {
    for is_agent in [true, false] {
        let (ann, agent, case, active) = represented(town, json!({})).await;
        let who = if is_agent { &agent } else { &ann };
        assert_eq!(who.decides("endProxy", &active, json!({})).await.state, "ENDED");
        assert_eq!(agent.sees(&case, "id").await, Value::Null, "at once");
        agent.tries("supplementServiceRequest", &case, json!({ "text": "补充" })).await.is_refused("NOT_FOUND");
        let over = Thing { version: active.version + 1, ..active };
        ann.attempts_on("endProxy", &over, json!({})).await.is_refused("INVALID_TRANSITION");
    }
    let (ann, agent) = (town.resident().await, town.resident().await);
    let case = ann.reports(&complaint()).await;
    let invited = Thing::of(&ann.grants(town, &[&case], &agent, json!({})).await);
    assert_eq!(agent.decides("endProxy", &invited, json!({})).await.state, "ENDED", "declined");
    assert_eq!(agent.finds(&invited, "").await, Value::Null);
}

async fn only_own_cases_are_entrusted(town: &Town) {
    let (ann, bob, agent) = (town.resident().await, town.resident().await, town.resident().await);
    let own = ann.reports(&complaint()).await;
    let hidden = bob.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    ann.grants(town, &[&own, &hidden], &agent, json!({})).await.is_refused("NOT_FOUND");
    let public = crate::support::Crew::of(town).takes(&bob.reports(&complaint()).await, "property", "ACCEPTED").await;
    ann.grants(town, &[&own, &public], &agent, json!({})).await.is_refused("FORBIDDEN");
    ann.grants(town, &[], &agent, json!({})).await.is_refused("REQUIRED").at("serviceRequestIds");
    let dispatcher = town.staff("dispatcher").await;
    dispatcher.grants(town, &[&own], &agent, json!({})).await.is_refused("FORBIDDEN");
}

async fn an_end_lies_within_a_year_ahead(town: &Town) {
    let (ann, agent) = (town.resident().await, town.resident().await);
    let case = ann.reports(&complaint()).await;
    for until in [town.now(), town.now() - TimeDelta::days(1), town.now() + TimeDelta::days(367)] {
        let more = json!({ "until": until });
        ann.grants(town, &[&case], &agent, more).await.is_refused("INVALID").at("until");
    }
    let bad = json!({ "agentPhone": "12345" });
    ann.grants(town, &[&case], &agent, bad).await.is_refused("INVALID").at("agentPhone");
}

async fn a_proxy_is_seen_by_its_two_sides_only(town: &Town) {
    let (ann, agent, _, active) = represented(town, json!({})).await;
    for person in [town.resident().await, town.staff("dispatcher").await, town.staff("neighbourhood").await] {
        assert_eq!(person.finds(&active, "").await, Value::Null);
        person.attempts_on("endProxy", &active, json!({})).await.is_refused("NOT_FOUND");
        assert!(grants_of(&person).await.is_empty());
    }
    for person in [ann, agent] {
        assert_eq!(person.finds(&active, "... on ProxyGrant { state }").await["state"], "ACTIVE");
    }
}

async fn five_agents_a_case_at_most(town: &Town) {
    let ann = town.resident().await;
    let case = ann.reports(&complaint()).await;
    let mut first = None;
    for _ in 0..5 {
        let invited = Thing::of(&ann.grants(town, &[&case], &town.stranger(), json!({})).await);
        first.get_or_insert(invited);
    }
    ann.grants(town, &[&case], &town.stranger(), json!({})).await.is_refused("LIMIT_EXCEEDED");
    ann.decides("endProxy", &first.unwrap(), json!({})).await;
    ann.grants(town, &[&case], &town.stranger(), json!({})).await.is_done();
}

async fn what_lapsed_is_told_so(town: &Town) {
    let (ann, mut agent, case, active) = represented(town, json!({})).await;
    let waiting = Thing::of(&ann.grants(town, &[&case], &town.stranger(), json!({})).await);
    town.later(TimeDelta::days(30) - TimeDelta::seconds(1));
    comes_back(town, &mut agent).await;
    assert_eq!(agent.sees(&case, "caseNo").await["caseNo"], case.no.as_str());
    town.later(TimeDelta::seconds(1));
    assert_eq!(agent.sees(&case, "id").await, Value::Null, "to the second, before housekeeping comes round");
    agent.attempts_on("endProxy", &active, json!({})).await.is_refused("DEADLINE_PASSED");
    assert_eq!(tidies(town).await, 2);
    assert_eq!(tidies(town).await, 0);
    let states = town.number("SELECT count(*) AS n FROM proxy_grant WHERE state = 'EXPIRED'").await;
    assert_eq!(states, 2, "{waiting:?}");
    assert_eq!(town.number("SELECT count(*) AS n FROM fact WHERE kind = 'proxy.expired'").await, 2);
}

async fn what_is_said_twice_is_done_once(town: &Town) {
    let (ann, agent) = (town.resident().await, town.resident().await);
    let case = ann.reports(&complaint()).await;
    let key = json!({ "idempotencyKey": "the-same-key" });
    let once = Thing::of(&ann.grants(town, &[&case], &agent, key.clone()).await);
    let again = ann.grants(town, &[&case], &agent, key).await;
    assert_eq!((Thing::of(&again).id, again.get("/grantProxy/isReplay")), (once.id, &json!(true)));
    assert_eq!(town.number("SELECT count(*) AS n FROM proxy_grant").await, 1);
}
