//! More time and pauses: asked for by the unit, decided by others, told to the citizen; the clocks keep count.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::case::{complaint, texts};
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    an_extension_is_asked_for_before_it_is_due_and_granted_from_the_due_day,
    an_extension_is_asked_for_once_and_within_the_limit,
    an_extension_asked_for_a_minute_after_it_is_due_is_refused,
    a_denied_extension_moves_no_clock,
    the_unit_may_go_on_earlier,
    a_pause_has_an_end_and_a_proof,
    only_one_thing_is_asked_for_at_a_time,
    others_neither_ask_nor_decide,
];

/// A complaint the property company works on.
async fn at_work(town: &Town) -> (Person, Crew<'_>, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    (ann, crew, case)
}

fn more_days(days: i32) -> Value {
    json!({ "workingDays": days, "reason": "需要订购配件" })
}

fn pause(until: DateTime<Utc>, reason: &str) -> Value {
    json!({ "reason": reason, "until": until.to_rfc3339(), "evidence": "法院受理通知书（2026）沪0112民初1号" })
}

fn decision(is_granted: bool) -> Value {
    json!({ "isGranted": is_granted, "note": "已向居民说明" })
}

async fn an_extension_is_asked_for_before_it_is_due_and_granted_from_the_due_day(town: &Town) {
    let (ann, crew, case) = at_work(town).await;
    let case = crew.who("property.leader").await.moves("requestExtension", &case, more_days(3)).await;
    let dispatcher = crew.who("dispatcher").await;
    let asked = dispatcher.sees(&case, "pendingAsk { kind workingDays dueAt } dueAt").await;
    assert_eq!(asked["dueAt"], "2026-11-30T09:30:00+00:00");
    assert_eq!((&asked["pendingAsk"]["kind"], &asked["pendingAsk"]["workingDays"]), (&json!("EXTENSION"), &json!(3)));
    let waiting = dispatcher.asks("{ workQueue(tab: APPROVALS, first: 5) { nodes { caseNo } } }").await;
    assert_eq!(texts(waiting.get("/workQueue/nodes"), "/caseNo"), [case.no.as_str()]);
    let case = dispatcher.moves("decideExtension", &case, decision(true)).await;
    assert_eq!(case.state, "IN_PROGRESS");
    let seen =
        ann.sees(&case, "dueAt promisedAt extensionCount pendingAsk { kind } timeline { kind notes { text } }").await;
    assert_eq!(seen["dueAt"], "2026-12-03T09:30:00+00:00", "three working days after the Monday it was due");
    assert_eq!(seen["promisedAt"], "2026-11-30T09:30:00+00:00", "what the citizen was promised stays");
    assert_eq!((&seen["extensionCount"], &seen["pendingAsk"]), (&json!(1), &Value::Null));
    let last = seen["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(*last, json!({ "kind": "request.extended", "notes": [{ "text": "已向居民说明" }] }));
}

async fn an_extension_is_asked_for_once_and_within_the_limit(town: &Town) {
    let (_, crew, case) = at_work(town).await;
    let leader = crew.who("property.leader").await;
    leader.tries("requestExtension", &case, more_days(11)).await.is_refused("LIMIT_EXCEEDED").at("workingDays");
    leader.tries("requestExtension", &case, more_days(0)).await.is_refused("INVALID").at("workingDays");
    let case = leader.moves("requestExtension", &case, more_days(10)).await;
    let case = crew.who("chief").await.moves("decideExtension", &case, decision(true)).await;
    leader.tries("requestExtension", &case, more_days(1)).await.is_refused("LIMIT_EXCEEDED");
}

async fn an_extension_asked_for_a_minute_after_it_is_due_is_refused(town: &Town) {
    let (_, _, case) = at_work(town).await;
    let due: DateTime<Utc> = "2026-11-30T09:30:00Z".parse().unwrap();
    town.later(due - town.now() + TimeDelta::minutes(1));
    let leader = town.staff("property.leader").await;
    leader.tries("requestExtension", &case, more_days(1)).await.is_refused("DEADLINE_PASSED");
}

async fn a_denied_extension_moves_no_clock(town: &Town) {
    let (_, crew, case) = at_work(town).await;
    let leader = crew.who("property.leader").await;
    let clocks = "dueAt contactDueAt promisedAt";
    let before = leader.sees(&case, clocks).await;
    let case = leader.moves("requestExtension", &case, more_days(2)).await;
    let case = crew.who("dispatcher").await.moves("decideExtension", &case, decision(false)).await;
    assert_eq!(leader.sees(&case, clocks).await, before);
    let case = leader.moves("requestExtension", &case, more_days(1)).await;
    assert_eq!(case.state, "IN_PROGRESS", "what was denied was not used up");
}

async fn the_unit_may_go_on_earlier(town: &Town) {
    let (_, crew, case) = at_work(town).await;
    let leader = crew.who("property.leader").await;
    let until = town.now() + TimeDelta::days(20);
    let case = leader.moves("requestSuspension", &case, pause(until, "THIRD_PARTY")).await;
    let case = crew.who("dispatcher").await.moves("decideSuspension", &case, decision(true)).await;
    let before = leader.sees(&case, "dueAt").await;
    town.later(TimeDelta::minutes(10));
    let handler = crew.who("property.handler").await;
    let case = handler.moves("resumeServiceRequest", &case, json!({ "note": "施工单位已进场" })).await;
    assert_eq!(case.state, "IN_PROGRESS");
    let after = leader.sees(&case, "dueAt").await;
    let minutes = |seen: &Value| seen["dueAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    // The last minutes of a Monday's work lie in the next morning.
    assert_eq!(minutes(&after) - minutes(&before), TimeDelta::hours(15) + TimeDelta::minutes(40));
}

async fn a_pause_has_an_end_and_a_proof(town: &Town) {
    let (_, crew, case) = at_work(town).await;
    let leader = crew.who("property.leader").await;
    for (until, reason, field) in [
        (town.now() - TimeDelta::minutes(1), "LITIGATION", "until"),
        (town.now() + TimeDelta::days(31), "LITIGATION", "until"),
        (town.now() + TimeDelta::days(3), "REPORTER_UNREACHABLE", "reason"),
    ] {
        leader.tries("requestSuspension", &case, pause(until, reason)).await.is_refused("INVALID").at(field);
    }
    let case = leader.moves("requestSuspension", &case, pause(town.now() + TimeDelta::days(1), "THIRD_PARTY")).await;
    town.later(TimeDelta::days(1));
    let dispatcher = town.staff("dispatcher").await;
    dispatcher.tries("decideSuspension", &case, decision(true)).await.is_refused("DEADLINE_PASSED");
    assert_eq!(dispatcher.moves("decideSuspension", &case, decision(false)).await.state, "IN_PROGRESS");
}

async fn only_one_thing_is_asked_for_at_a_time(town: &Town) {
    let (_, crew, case) = at_work(town).await;
    let leader = crew.who("property.leader").await;
    let case = leader.moves("requestExtension", &case, more_days(1)).await;
    let later = pause(town.now() + TimeDelta::days(1), "THIRD_PARTY");
    leader.tries("requestSuspension", &case, later).await.is_refused("ASK_PENDING");
    let dispatcher = crew.who("dispatcher").await;
    dispatcher.tries("decideSuspension", &case, decision(true)).await.is_refused("INVALID_TRANSITION");
    // Who has the work done asks for nothing any more.
    let case = crew.handles(&crew.who("property.handler").await, &case).await;
    dispatcher.tries("decideExtension", &case, decision(true)).await.is_refused("INVALID_TRANSITION");
}

async fn others_neither_ask_nor_decide(town: &Town) {
    let (ann, crew, case) = at_work(town).await;
    let until = town.now() + TimeDelta::days(3);
    for who in ["property.handler", "lights.leader", "dispatcher", "supervisor"] {
        let person = crew.who(who).await;
        person.tries("requestExtension", &case, more_days(1)).await.is_refused("FORBIDDEN");
        person.tries("requestSuspension", &case, pause(until, "LITIGATION")).await.is_refused("FORBIDDEN");
    }
    let case = crew.who("property.leader").await.moves("requestExtension", &case, more_days(1)).await;
    for who in ["property.leader", "supervisor"] {
        crew.who(who).await.tries("decideExtension", &case, decision(true)).await.is_refused("FORBIDDEN");
    }
    assert_eq!(ann.sees(&case, "pendingAsk { kind }").await["pendingAsk"], Value::Null, "an inner matter of the staff");
}
