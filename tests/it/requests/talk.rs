//! Talk about a case: notes of the staff, messages to the reporter, news for everybody, and a question that the clocks wait for.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{complaint, street_light, texts, with};
use crate::support::{Answer, Case, Crew, Person, Town, stories};

stories![
    each_audience_reads_what_is_meant_for_it,
    staff_outside_the_case_do_not_write_to_the_reporter,
    forbidden_words_in_news_are_held_back,
    what_is_not_public_has_no_news,
    a_question_stops_the_clocks_until_it_is_answered,
    a_question_nobody_answers_waits_three_working_days,
    a_unit_asks_twice_at_most,
    who_waits_for_the_reporter_asks_and_is_granted_nothing,
    the_handler_is_told_what_the_reporter_says,
    a_note_is_made_of_a_closed_case_and_nothing_else,
];

async fn at_work(town: &Town) -> (Person, Crew<'_>, Case) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    (ann, crew, case)
}

/// A complaint the property company's handler works on.
async fn in_progress(town: &Town) -> (Person, Crew<'_>, Case) {
    let (ann, crew, case) = at_work(town).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    (ann, crew, case)
}

fn text(words: &str) -> Value {
    json!({ "text": words })
}

/// The words somebody reads in the timeline.
async fn read(person: &Person, case: &Case) -> Vec<String> {
    let seen = person.sees(case, "timeline { notes { text } }").await;
    let entries = seen["timeline"].as_array().expect("a timeline").clone();
    entries.iter().flat_map(|entry| texts(&entry["notes"], "/text")).collect()
}

async fn each_audience_reads_what_is_meant_for_it(town: &Town) {
    let (ann, crew, case) = in_progress(town).await;
    let (handler, leader) = (crew.who("property.handler").await, crew.who("property.leader").await);
    let case = handler.moves("addInternalNote", &case, text("住户语气激动")).await;
    let case = handler.moves("messageReporter", &case, text("明天上午上门")).await;
    let case = leader.moves("publishUpdate", &case, text("门禁配件已到货")).await;
    assert_eq!(case.state, "IN_PROGRESS", "words move nothing");
    assert_eq!(read(&handler, &case).await, ["住户语气激动", "明天上午上门", "门禁配件已到货"]);
    assert_eq!(read(&ann, &case).await, ["明天上午上门", "门禁配件已到货"]);
    assert_eq!(read(&town.resident().await, &case).await, ["门禁配件已到货"]);
    let titles = texts(&json!(ann.inbox(town).await), "/kind");
    assert_eq!(titles.iter().filter(|kind| *kind == "REQUEST_COMMENT").count(), 2, "{titles:?}");
}

async fn staff_outside_the_case_do_not_write_to_the_reporter(town: &Town) {
    let (ann, crew, case) = in_progress(town).await;
    for who in ["supervisor", "inspector"] {
        let person = crew.who(who).await;
        person.tries("messageReporter", &case, text("您好")).await.is_refused("FORBIDDEN");
        person.tries("publishUpdate", &case, text("您好")).await.is_refused("FORBIDDEN");
    }
    crew.who("lights.handler").await.tries("addInternalNote", &case, text("您好")).await.is_refused("FORBIDDEN");
    ann.tries("addInternalNote", &case, text("您好")).await.is_refused("FORBIDDEN");
    let handler = crew.who("property.handler").await;
    handler.tries("publishUpdate", &case, text("您好")).await.is_refused("FORBIDDEN");
    handler.tries("messageReporter", &case, text("   ")).await.is_refused("REQUIRED").at("text");
    let long = "长".repeat(501);
    handler.tries("messageReporter", &case, text(&long)).await.is_refused("TOO_LONG").at("text");
}

async fn forbidden_words_in_news_are_held_back(town: &Town) {
    let (ann, crew, case) = in_progress(town).await;
    let leader = crew.who("property.leader").await;
    let case = leader.moves("publishUpdate", &case, text("专业代开发票")).await;
    assert!(read(&town.resident().await, &case).await.is_empty());
    assert!(read(&ann, &case).await.is_empty(), "nor by whose case it is");
    assert_eq!(read(&leader, &case).await, ["专业代开发票"]);
}

async fn what_is_not_public_has_no_news(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let leader = crew.who("property.leader").await;
    leader.tries("publishUpdate", &case, text("配件已到")).await.is_refused("INVALID_TRANSITION");
}

async fn asked(town: &Town) -> (Person, Crew<'_>, Case) {
    let (ann, crew, case) = in_progress(town).await;
    let handler = crew.who("property.handler").await;
    let case = handler.moves("askReporter", &case, text("请问是几号楼的门禁？")).await;
    assert_eq!(case.state, "SUSPENDED");
    (ann, crew, case)
}

async fn a_question_stops_the_clocks_until_it_is_answered(town: &Town) {
    let (mut ann, crew, case) = asked(town).await;
    let seen = ann.sees(&case, "suspension { reason until } viewerActions").await;
    // Three working days from Monday: Thursday evening.
    let waits = json!({ "reason": "AWAITING_REPORTER", "until": "2026-11-26T09:30:00+00:00" });
    assert_eq!(seen["suspension"], waits);
    let actions = texts(&seen["viewerActions"], "");
    assert!(actions.contains(&"ANSWER_QUESTION".to_owned()), "{actions:?}");
    assert_eq!(ann.titles(town).await[0], "A question for you");
    crew.who("property.handler").await.tries("answerQuestion", &case, text("三号楼")).await.is_refused("FORBIDDEN");
    town.later(TimeDelta::days(1));
    ann.refreshes().await;
    let photo = ann.photo().await;
    let answer = with(text("三号楼东门"), json!({ "attachmentIds": [photo] }));
    let case = ann.moves("answerQuestion", &case, answer).await;
    assert_eq!(case.state, "IN_PROGRESS");
    let seen = ann.sees(&case, "dueAt suspension { until } attachments { id }").await;
    // A day was lost to the unit, and is given back: from the Monday after to Tuesday.
    let expected =
        json!({ "dueAt": "2026-12-01T09:30:00+00:00", "suspension": null, "attachments": [{ "id": photo }] });
    assert_eq!(seen, expected);
    let handler = town.staff("property.handler").await;
    assert_eq!(read(&handler, &case).await, ["请问是几号楼的门禁？", "三号楼东门"]);
    let told = handler.sees(&case, "timeline { kind actor { id } }").await;
    let last = told["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last, json!({ "kind": "request.question_answered", "actor": null }), "who reported is told elsewhere");
    ann.tries("answerQuestion", &case, text("三号楼")).await.is_refused("INVALID_TRANSITION");
}

async fn a_question_nobody_answers_waits_three_working_days(town: &Town) {
    let (mut ann, _, case) = asked(town).await;
    town.later(TimeDelta::hours(80));
    town.wakes().await;
    ann.refreshes().await;
    assert_eq!(ann.looks_at(&case).await.state, "SUSPENDED", "Thursday, 17:00");
    town.later(TimeDelta::minutes(30));
    town.wakes().await;
    ann.refreshes().await;
    let case = ann.looks_at(&case).await;
    assert_eq!(case.state, "IN_PROGRESS");
    ann.tries("answerQuestion", &case, text("三号楼")).await.is_refused("INVALID_TRANSITION");
    // What the reporter says too late is said as an addition.
    ann.moves("supplementServiceRequest", &case, text("三号楼")).await;
}

async fn a_unit_asks_twice_at_most(town: &Town) {
    let (ann, crew, mut case) = asked(town).await;
    let handler = crew.who("property.handler").await;
    case = ann.moves("answerQuestion", &case, text("三号楼")).await;
    case = handler.moves("askReporter", &case, text("哪个单元？")).await;
    // The unit may go on without an answer.
    case = handler.moves("resumeServiceRequest", &case, json!({ "note": "已自行查明" })).await;
    handler.tries("askReporter", &case, text("哪一层？")).await.is_refused("LIMIT_EXCEEDED");
    handler.moves("messageReporter", &case, text("哪一层？")).await;
}

async fn who_waits_for_the_reporter_asks_and_is_granted_nothing(town: &Town) {
    let (_, crew, case) = in_progress(town).await;
    let leader = crew.who("property.leader").await;
    let until = (town.now() + TimeDelta::days(5)).to_rfc3339();
    let wish = json!({ "reason": "AWAITING_REPORTER", "until": until, "evidence": "等居民回复" });
    leader.tries("requestSuspension", &case, wish).await.is_refused("INVALID").at("reason");
    let case = leader.moves("requestExtension", &case, json!({ "workingDays": 1, "reason": "需要配件" })).await;
    leader.tries("askReporter", &case, text("几号楼？")).await.is_refused("ASK_PENDING");
}

async fn the_handler_is_told_what_the_reporter_says(town: &Town) {
    let (ann, crew, case) = in_progress(town).await;
    ann.moves("supplementServiceRequest", &case, text("门禁又坏了一扇")).await;
    let handler = crew.who("property.handler").await;
    assert_eq!(handler.titles(town).await[0], "New comment");
}

async fn closed(ann: &Person, crew: &Crew<'_>) -> Case {
    let case = crew.takes(&ann.reports(&street_light()).await, "lights", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, crate::support::case::answer("YES", 5)).await
}

async fn a_note_is_made_of_a_closed_case_and_nothing_else(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = closed(&ann, &crew).await;
    let dispatcher = crew.who("dispatcher").await;
    let case = dispatcher.moves("addInternalNote", &case, text("三个月后复查")).await;
    assert_eq!(case.state, "CLOSED");
    for verb in ["messageReporter", "publishUpdate"] {
        let refused: Answer = dispatcher.tries(verb, &case, text("您好")).await;
        refused.is_refused("INVALID_TRANSITION");
    }
    assert!(!read(&ann, &case).await.contains(&"三个月后复查".to_owned()));
}
