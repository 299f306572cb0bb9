//! Beside the trunk: urging, supervision, conferences, the fast lane, calls in vain, and opening again.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::case::{answer, complaint, street_light, texts};
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    a_resident_urges_when_the_call_is_late_and_once_a_working_day,
    a_supervisor_orders_and_the_unit_answers,
    a_supervisor_needs_a_reason_that_is_so,
    a_conference_may_name_another_lead_who_cannot_return_it,
    a_conference_during_a_return_decides_it,
    danger_goes_straight_to_the_unit,
    three_calls_in_vain_close_it_once_the_reporter_had_the_time,
    what_nobody_answers_is_closed_in_the_end,
    a_reporter_with_new_facts_has_it_opened_again_once,
    a_supervisor_takes_up_a_hard_case,
];

async fn at_work(town: &Town) -> (Person, Crew<'_>, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    (ann, crew, case)
}

fn reset_at(answer: &crate::support::Answer) -> String {
    answer.json["data"]["urgeServiceRequest"]["userErrors"][0]["resetAt"].as_str().expect("an instant").to_owned()
}

/// Urges, and what is said to it, with the instant from which on it is allowed.
async fn urges(person: &Person, case: &Case) -> crate::support::Answer {
    let input = json!({ "id": case.id, "idempotencyKey": crate::support::case::new_key(), "text": "还没有人联系我" });
    let payload =
        "serviceRequest { id caseNo version state round urges { count } } userErrors { code message resetAt }";
    person.does("urgeServiceRequest", &input, payload).await
}

async fn a_resident_urges_when_the_call_is_late_and_once_a_working_day(town: &Town) {
    let (mut ann, _, case) = at_work(town).await;
    let early = urges(&ann, &case).await;
    early.is_refused("NOT_IN_WINDOW");
    assert_eq!(reset_at(&early), "2026-11-24T09:30:00+00:00", "the unit has one working day to call");
    town.later(TimeDelta::days(2));
    ann.refreshes().await;
    let done = urges(&ann, &case).await;
    done.is_done();
    assert_eq!(*done.get("/urgeServiceRequest/serviceRequest/urges/count"), json!(1));
    let again = urges(&ann, &case).await;
    again.is_refused("LIMIT_EXCEEDED");
    assert_eq!(reset_at(&again), "2026-11-26T01:00:00+00:00", "the next working day");
    town.later(TimeDelta::days(1));
    ann.refreshes().await;
    urges(&ann, &case).await.is_done();
    let handler = town.staff("property.handler").await;
    let seen = handler.sees(&case, "urges { count } timeline { kind }").await;
    assert_eq!(seen["urges"]["count"], 2);
    assert_eq!(texts(&seen["timeline"], "/kind").last().unwrap(), "request.urged");
}

fn order(reason: &str) -> Value {
    json!({ "reason": reason, "instruction": "请今天到现场并书面回复" })
}

async fn a_supervisor_orders_and_the_unit_answers(town: &Town) {
    let (ann, crew, case) = at_work(town).await;
    let supervisor = crew.who("supervisor").await;
    let case = supervisor.moves("superviseServiceRequest", &case, order("LEADER_NOTE")).await;
    let seen = supervisor.sees(&case, "supervision { level dueAt }").await;
    let three_days = json!({ "level": "STREET", "dueAt": "2026-11-26T09:30:00+00:00" });
    assert_eq!(seen["supervision"], three_days);
    for who in ["supervisor", "property.leader", "dispatcher"] {
        let board = crew.who(who).await.asks("{ workQueue(tab: SUPERVISED, first: 5) { nodes { caseNo } } }").await;
        assert_eq!(texts(board.get("/workQueue/nodes"), "/caseNo"), [case.no.as_str()], "{who}");
    }
    supervisor.tries("superviseServiceRequest", &case, order("LEADER_NOTE")).await.is_refused("INVALID_TRANSITION");
    assert_eq!(ann.sees(&case, "supervision { level }").await["supervision"], Value::Null);
    let leader = crew.who("property.leader").await;
    let case = leader.moves("answerSupervision", &case, json!({ "reply": "已到现场，明日修复" })).await;
    assert_eq!(leader.sees(&case, "supervision { level }").await["supervision"], Value::Null);
    let board = supervisor.asks("{ workQueue(tab: SUPERVISED, first: 5) { nodes { caseNo } } }").await;
    assert!(board.list("/workQueue/nodes").is_empty());
}

async fn a_supervisor_needs_a_reason_that_is_so(town: &Town) {
    let (_, _, case) = at_work(town).await;
    let supervisor = town.staff("supervisor").await;
    for reason in ["OVERDUE", "BAD_REVIEWS"] {
        supervisor.tries("superviseServiceRequest", &case, order(reason)).await.is_refused("INVALID").at("reason");
    }
    town.later(TimeDelta::days(8));
    let supervisor = town.staff("supervisor").await;
    assert_eq!(supervisor.moves("superviseServiceRequest", &case, order("OVERDUE")).await.state, "IN_PROGRESS");
}

async fn conclusion(crew: &Crew<'_>, lead: &str, other: &str) -> Value {
    json!({
        "leadUnitId": crew.unit_id(lead).await, "coUnitIds": [crew.unit_id(other).await],
        "conclusion": "由牵头单位三日内修复，协办单位配合",
    })
}

async fn a_conference_may_name_another_lead_who_cannot_return_it(town: &Town) {
    let (_, crew, case) = at_work(town).await;
    let chief = crew.who("chief").await;
    let alone = json!({ "leadUnitId": crew.unit_id("lights").await, "coUnitIds": [], "conclusion": "由路灯所办理" });
    chief.tries("conferServiceRequest", &case, alone).await.is_refused("INVALID").at("coUnitIds");
    // Orders stand in the order of their times.
    town.later(TimeDelta::seconds(1));
    let case = chief.moves("conferServiceRequest", &case, conclusion(&crew, "lights", "property").await).await;
    assert_eq!(case.state, "DISPATCHED", "whoever leads anew signs anew");
    let seen = chief.sees(&case, "leadUnit { id } assignments { state isLead }").await;
    assert_eq!(seen["leadUnit"]["id"], crew.unit_id("lights").await);
    let orders = [("RETURNED", true), ("PENDING", true), ("PENDING", false)];
    let orders = orders.map(|(state, is_lead)| json!({ "state": state, "isLead": is_lead }));
    assert_eq!(seen["assignments"], json!(orders));
    let leader = crew.who("lights.leader").await;
    leader.tries("requestReturn", &case, crew.return_to("sanitation").await).await.is_refused("LEAD_BOUND");
    assert_eq!(crew.takes(&case, "lights", "HANDLED").await.state, "HANDLED");
}

async fn a_conference_during_a_return_decides_it(town: &Town) {
    let (_, crew, case) = at_work(town).await;
    let leader = crew.who("property.leader").await;
    let case = leader.moves("requestReturn", &case, crew.return_to("sanitation").await).await;
    let chief = crew.who("chief").await;
    let case = chief.moves("conferServiceRequest", &case, conclusion(&crew, "property", "sanitation").await).await;
    let seen = chief.sees(&case, "state returns { decision }").await;
    assert_eq!(seen, json!({ "state": "IN_PROGRESS", "returns": [{ "decision": "DENIED" }] }));
}

async fn danger_goes_straight_to_the_unit(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let lead = json!({ "leadUnitId": crew.unit_id("lights").await, "instruction": "电线裸露，立即到场" });
    crew.who("callback").await.tries("fastTrackServiceRequest", &case, lead.clone()).await.is_refused("FORBIDDEN");
    let case = crew.who("dispatcher").await.moves("fastTrackServiceRequest", &case, lead).await;
    assert_eq!(case.state, "DISPATCHED");
    let seen = crew.who("lights.handler").await.sees(&case, "lane priority signDueAt contactDueAt dueAt").await;
    let minutes = |after: i64| json!((town.now() + TimeDelta::minutes(after)).to_rfc3339());
    assert_eq!((&seen["lane"], &seen["priority"]), (&json!("FAST"), &json!("EMERGENCY")));
    assert_eq!((&seen["signDueAt"], &seen["contactDueAt"]), (&minutes(15), &minutes(30)));
    assert_eq!(seen["dueAt"], minutes(24 * 60), "around the clock");
}

/// A case whose reporter is asked.
async fn asked(town: &Town) -> (Person, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    (ann, crew.takes(&case, "property", "VERIFIED").await)
}

fn in_vain() -> Value {
    json!({ "outcome": "NO_ANSWER", "note": "响铃无人接听" })
}

async fn three_calls_in_vain_close_it_once_the_reporter_had_the_time(town: &Town) {
    let (mut ann, mut case) = asked(town).await;
    let agent = town.staff("callback").await;
    agent.tries("recordMissedCallback", &case, json!({ "outcome": "REACHED" })).await.is_refused("INVALID");
    for _ in 0..2 {
        case = agent.moves("recordMissedCallback", &case, in_vain()).await;
        assert_eq!(case.state, "VERIFIED");
    }
    town.later(TimeDelta::days(8));
    let agent = town.staff("callback").await;
    let case = agent.moves("recordMissedCallback", &case, in_vain()).await;
    assert_eq!(case.state, "CLOSED");
    ann.refreshes().await;
    assert_eq!(ann.sees(&case, "state surveys { solved }").await, json!({ "state": "CLOSED", "surveys": [] }));
}

async fn what_nobody_answers_is_closed_in_the_end(town: &Town) {
    let (mut ann, case) = asked(town).await;
    town.later(TimeDelta::days(14) - TimeDelta::seconds(1));
    town.wakes().await;
    ann.refreshes().await;
    assert_eq!(ann.sees(&case, "state").await["state"], "VERIFIED");
    town.later(TimeDelta::seconds(1));
    town.wakes().await;
    let seen = ann.sees(&case, "state surveys { solved } timeline { kind actor { id } }").await;
    assert_eq!((&seen["state"], &seen["surveys"]), (&json!("CLOSED"), &json!([])));
    let last = seen["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(*last, json!({ "kind": "request.closed", "actor": null }));
}

async fn a_reporter_with_new_facts_has_it_opened_again_once(town: &Town) {
    let (ann, case) = asked(town).await;
    let case = ann.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
    let news = json!({ "newFacts": "昨晚又坏了" });
    town.resident().await.tries("reopenServiceRequest", &case, news.clone()).await.is_refused("FORBIDDEN");
    let case = ann.moves("reopenServiceRequest", &case, news.clone()).await;
    assert_eq!((case.state.as_str(), case.round), ("FILED", 2));
    let crew = Crew::of(town);
    town.later(TimeDelta::seconds(1));
    let case = crew.takes(&case, "property", "VERIFIED").await;
    let mut ann = ann;
    ann.refreshes().await;
    let case = ann.moves("surveyServiceRequest", &case, answer("YES", 4)).await;
    ann.tries("reopenServiceRequest", &case, news).await.is_refused("LIMIT_EXCEEDED");
    let late: DateTime<Utc> = town.now() + TimeDelta::days(16);
    let (mut ben, other) = asked(town).await;
    let other = ben.moves("surveyServiceRequest", &other, answer("YES", 5)).await;
    town.later(late - town.now());
    ben.refreshes().await;
    ben.tries("reopenServiceRequest", &other, json!({ "newFacts": "又坏了" })).await.is_refused("DEADLINE_PASSED");
}

async fn a_supervisor_takes_up_a_hard_case(town: &Town) {
    let (ann, mut case) = asked(town).await;
    let crew = Crew::of(town);
    for _ in 0..2 {
        case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
        case = crew.takes(&case, "property", "VERIFIED").await;
    }
    case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    let supervisor = crew.who("supervisor").await;
    let case = supervisor.moves("takeUpServiceRequest", &case, json!({ "instruction": "列入专项，重新派单" })).await;
    let seen = supervisor.sees(&case, "state isHard round leadUnit { id }").await;
    assert_eq!(seen, json!({ "state": "FILED", "isHard": false, "round": 4, "leadUnit": null }));
}
