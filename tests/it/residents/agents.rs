//! Acting for another: that case only, those verbs only, and the record says for whom.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Thing, represented};
use crate::support::case::{answer, complaint, street_light, texts, with};
use crate::support::{Crew, Town, stories};

stories![
    an_agent_sees_that_case_and_nothing_else_of_the_principal,
    an_agent_does_what_the_proxy_says_and_no_more,
    the_record_says_who_acted_and_for_whom,
    an_agent_answers_the_survey,
    an_agent_hears_of_changes_until_the_proxy_ends,
    who_handled_it_does_not_judge_it_for_another,
    an_agent_lists_the_cases_entrusted,
];

async fn an_agent_sees_that_case_and_nothing_else_of_the_principal(town: &Town) {
    let (ann, agent, case, _) = represented(town, json!({})).await;
    let other = ann.reports(&with(street_light(), json!({ "visibility": "PRIVATE" }))).await;
    let seen = agent.sees(&case, "description address dueAt reporter { id } contactPhone surveys { round }").await;
    assert_eq!((&seen["address"], &seen["surveys"]), (&json!("申滨路 88 弄 3 号 201 室"), &json!([])));
    assert_eq!((&seen["reporter"], &seen["contactPhone"]), (&Value::Null, &Value::Null));
    assert_eq!(agent.sees(&other, "id").await, Value::Null);
    let own = agent.asks("{ myServiceRequests { nodes { id } } }").await;
    assert!(own.list("/myServiceRequests/nodes").is_empty());
}

async fn an_agent_does_what_the_proxy_says_and_no_more(town: &Town) {
    let (ann, agent, case, _) = represented(town, json!({})).await;
    assert_eq!(agent.sees(&case, "viewerActions").await["viewerActions"], json!(["SUPPLEMENT"]));
    agent.tries("withdrawServiceRequest", &case, json!({})).await.is_refused("FORBIDDEN");
    agent.grants(town, &[&case], &town.stranger(), json!({})).await.is_refused("FORBIDDEN");
    let photo = agent.photo().await;
    let more = json!({ "text": "母亲说楼道也漏水", "attachmentIds": [photo] });
    let case = agent.moves("supplementServiceRequest", &case, more).await;
    assert_eq!(ann.sees(&case, "attachments { id }").await["attachments"].as_array().unwrap().len(), 1);
    let (_, agent, case, _) = represented(town, json!({ "verbs": ["READ"] })).await;
    assert_eq!(agent.sees(&case, "viewerActions").await["viewerActions"], json!([]));
    agent.tries("supplementServiceRequest", &case, json!({ "text": "补充" })).await.is_refused("FORBIDDEN");
    let (_, agent, case, _) = represented(town, json!({ "verbs": ["WITHDRAW"] })).await;
    assert_eq!(agent.moves("withdrawServiceRequest", &case, json!({})).await.state, "WITHDRAWN");
}

async fn the_record_says_who_acted_and_for_whom(town: &Town) {
    let (ann, agent, case, active) = represented(town, json!({})).await;
    let case = agent.moves("supplementServiceRequest", &case, json!({ "text": "补充一" })).await;
    let case = ann.moves("supplementServiceRequest", &case, json!({ "text": "补充二" })).await;
    let seen = ann.sees(&case, "timeline { kind isByProxy actor { id } }").await;
    let steps: Vec<bool> =
        seen["timeline"].as_array().unwrap().iter().map(|step| step["isByProxy"].as_bool().unwrap()).collect();
    assert_eq!(steps, [false, true, false]);
    assert_eq!(texts(&seen["timeline"], "/actor/id"), ["(null)"; 3], "who the agent is, the proxy says");
    let told = "SELECT count(*) AS n FROM fact f JOIN proxy_grant p ON p.agent_id = f.actor_id WHERE f.kind = \
                'request.supplemented' AND CAST(f.data AS TEXT) LIKE '%on_behalf%'";
    assert_eq!(town.number(told).await, 1, "{active:?}");
}

async fn an_agent_answers_the_survey(town: &Town) {
    let (_, agent, case, _) = represented(town, json!({ "verbs": ["SURVEY"] })).await;
    let case = Crew::of(town).takes(&case, "property", "VERIFIED").await;
    assert_eq!(agent.sees(&case, "viewerActions").await["viewerActions"], json!(["SURVEY"]));
    assert_eq!(agent.moves("surveyServiceRequest", &case, answer("YES", 5)).await.state, "CLOSED");
}

async fn an_agent_hears_of_changes_until_the_proxy_ends(town: &Town) {
    let (ann, agent, case, active) = represented(town, json!({})).await;
    let mut socket = agent.connects().await;
    let text = format!("subscription {{ serviceRequestChanged(id: \"{}\") {{ version address }} }}", case.id);
    socket.subscribes("1", &text).await;
    assert_eq!(socket.hears().await["payload"]["data"]["serviceRequestChanged"]["version"], 1);
    let case = ann.moves("supplementServiceRequest", &case, json!({ "text": "补充" })).await;
    let heard = socket.hears().await;
    assert_eq!(heard["payload"]["data"]["serviceRequestChanged"]["version"], 2, "{heard}");
    assert!(heard["payload"]["data"]["serviceRequestChanged"]["address"].is_string());
    ann.decides("endProxy", &active, json!({})).await;
    ann.moves("supplementServiceRequest", &case, json!({ "text": "不再代办" })).await;
    assert_eq!(socket.hears().await["type"], "complete");
}

async fn who_handled_it_does_not_judge_it_for_another(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let id = "SELECT account_id FROM staff_credential WHERE username = 'property.handler'";
    let agent = town.resident().await;
    let invited = Thing::of(&ann.grants(town, &[&case], &agent, json!({ "verbs": ["SURVEY"] })).await);
    let active = agent.decides("acceptProxy", &invited, json!({})).await;
    let case = crew.takes(&case, "property", "VERIFIED").await;
    assert_eq!(town.tampers(&format!("UPDATE proxy_grant SET agent_id = ({id})")).await, 1, "{active:?}");
    let handler = crew.who("property.handler").await;
    handler.tries("surveyServiceRequest", &case, answer("YES", 5)).await.is_refused("FORBIDDEN");
}

async fn an_agent_lists_the_cases_entrusted(town: &Town) {
    let (ann, agent, first, _) = represented(town, json!({})).await;
    town.later(TimeDelta::seconds(1));
    let second = ann.reports(&with(street_light(), json!({ "visibility": "PRIVATE" }))).await;
    let invited = Thing::of(&ann.grants(town, &[&first, &second], &agent, json!({ "verbs": ["READ"] })).await);
    let list = async || {
        let text = "{ proxiedServiceRequests(first: 10) { nodes { id viewerActions } } }";
        agent.asks(text).await.list("/proxiedServiceRequests/nodes")
    };
    assert_eq!(list().await.len(), 1);
    let active = agent.decides("acceptProxy", &invited, json!({})).await;
    let ids: Vec<Value> = list().await.iter().map(|node| node["id"].clone()).collect();
    assert!(ids.len() == 2 && ids.contains(&json!(first.id)) && ids.contains(&json!(second.id)), "each once: {ids:?}");
    let of = |nodes: &[Value], id: &str| nodes.iter().find(|node| node["id"] == id).unwrap()["viewerActions"].clone();
    let nodes = list().await;
    assert_eq!((of(&nodes, &second.id), of(&nodes, &first.id)), (json!([]), json!(["SUPPLEMENT"])), "their union");
    ann.decides("endProxy", &active, json!({})).await;
    assert_eq!(list().await.len(), 1);
    town.stranger().asks("{ proxiedServiceRequests { nodes { id } } }").await.is_refused("UNAUTHENTICATED");
}
