//! The number to call: masked everywhere, shown to who has to call, each look with a reason and a line of the audit chain.

use serde_json::{Value, json};

use crate::support::case::{complaint, street_light, with};
use crate::support::{Answer, Case, Crew, Person, Town, stories};

stories![
    who_handles_it_learns_the_number_with_a_reason,
    of_a_confidential_report_units_learn_nothing,
    of_an_anonymous_report_nobody_learns_the_number,
    who_wants_no_call_is_not_called,
    others_do_not_learn_it,
    a_closed_case_is_left_in_peace,
    a_reason_is_needed,
];

async fn reveals(person: &Person, case: &Case, reason: &str) -> Answer {
    let input = json!({ "id": case.id, "reason": reason });
    person.does("revealContact", &input, "phone visibleUntil userErrors { code field }").await
}

/// What the audit chain says of looks at numbers, newest first.
async fn looks(crew: &Crew<'_>) -> Vec<Value> {
    let text = "{ auditEntries(filter: { action: \"revealContact\" }) { nodes { outcome subjectId actorId reason } } }";
    crew.who("auditor").await.asks(text).await.list("/auditEntries/nodes")
}

async fn who_handles_it_learns_the_number_with_a_reason(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let handler = crew.who("property.handler").await;
    let shown = handler.sees(&case, "contactPhone canRevealContact").await;
    let masked = format!("{}****{}", &ann.phone()[..3], &ann.phone()[7..]);
    assert_eq!(shown, json!({ "contactPhone": masked, "canRevealContact": true }));
    let answer = reveals(&handler, &case, "约上门时间").await;
    assert_eq!(answer.text("/revealContact/phone"), format!("+86{}", ann.phone()));
    for who in ["property.leader", "dispatcher", "chief", "callback"] {
        reveals(&crew.who(who).await, &case, "核实情况").await.is_done();
    }
    let looks = looks(&crew).await;
    assert_eq!(looks.len(), 5);
    let first = looks.last().unwrap();
    let expected = json!({
        "outcome": "DONE", "subjectId": case.id, "actorId": handler.id().await, "reason": "约上门时间",
    });
    assert_eq!(*first, expected);
}

async fn of_a_confidential_report_units_learn_nothing(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "isConfidential": true }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    for who in ["property.handler", "property.leader"] {
        let person = crew.who(who).await;
        let shown = person.sees(&case, "contactPhone canRevealContact").await;
        assert_eq!(shown, json!({ "contactPhone": null, "canRevealContact": false }));
        reveals(&person, &case, "想联系一下").await.is_refused("FORBIDDEN");
    }
    let looks = looks(&crew).await;
    assert!(looks.len() == 2 && looks.iter().all(|look| look["outcome"] == "FORBIDDEN"), "{looks:?}");
    reveals(&crew.who("dispatcher").await, &case, "由派单员联系").await.is_done();
}

async fn of_an_anonymous_report_nobody_learns_the_number(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(street_light(), json!({ "isAnonymous": true }))).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    for who in ["lights.handler", "lights.leader", "dispatcher", "chief", "callback"] {
        reveals(&crew.who(who).await, &case, "想联系一下").await.is_refused("FORBIDDEN");
    }
}

async fn who_wants_no_call_is_not_called(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "mayContact": false }))).await;
    let dispatcher = crew.who("dispatcher").await;
    reveals(&dispatcher, &case, "想联系一下").await.is_refused("FORBIDDEN");
}

async fn others_do_not_learn_it(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    for (who, code) in [
        ("lights.handler", "NOT_FOUND"),
        ("supervisor", "FORBIDDEN"),
        ("inspector", "FORBIDDEN"),
        ("neighbourhood", "FORBIDDEN"),
        ("admin", "NOT_FOUND"),
        ("security", "NOT_FOUND"),
    ] {
        reveals(&crew.who(who).await, &case, "看一看").await.is_refused(code);
    }
    reveals(&town.resident().await, &case, "看一看").await.is_refused("NOT_FOUND");
    reveals(&ann, &case, "看一看").await.is_refused("FORBIDDEN");
    reveals(&town.stranger(), &case, "看一看").await.is_refused("UNAUTHENTICATED");
}

async fn a_closed_case_is_left_in_peace(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let no = json!({ "reason": "LITIGATION", "explanation": "正在诉讼，请等待判决" });
    let dispatcher = crew.who("dispatcher").await;
    let case = dispatcher.moves("rejectServiceRequest", &case, no).await;
    reveals(&dispatcher, &case, "再说明一下").await.is_refused("INVALID_TRANSITION");
}

async fn a_reason_is_needed(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let dispatcher = crew.who("dispatcher").await;
    for (reason, code) in [("", "REQUIRED"), ("  ", "REQUIRED"), ("嗯", "INVALID"), ("a\u{0}b", "INVALID")] {
        reveals(&dispatcher, &case, reason).await.is_refused(code).at("reason");
    }
    let long = "长".repeat(501);
    reveals(&dispatcher, &case, &long).await.is_refused("TOO_LONG").at("reason");
}
