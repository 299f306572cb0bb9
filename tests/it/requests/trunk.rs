//! The trunk: 受理、立案、派遣、签收、处置、核查、结案.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use crate::support::case::{answer, complaint, done, street_light, texts};
use crate::support::{Crew, Person, Town, stories};

stories![
    a_street_light_is_reported_repaired_and_closed,
    every_step_is_offered_to_who_may_take_it,
    what_happened_is_shown_to_each_as_far_as_it_concerns_them,
    a_reporter_is_called_before_anything_is_done,
    three_calls_nobody_answers_count_in_two_half_days,
    a_city_object_is_shown_repaired,
    who_handled_it_does_not_verify_it,
    an_inspector_sends_it_back,
    units_that_help_see_the_case_but_do_not_sign_it,
];

async fn a_street_light_is_reported_repaired_and_closed(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    let handler = crew.who("lights.handler").await;
    let reached = json!({ "method": "PHONE", "outcome": "REACHED" });
    let case = handler.moves("recordContact", &case, reached).await;
    let photo = handler.photo().await;
    let case = handler.moves("submitHandling", &case, done(std::slice::from_ref(&photo))).await;
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    let case = ann.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
    let own = ann.sees(&case, "state reply result attachments { id phase } surveys { satisfaction }").await;
    let expected = json!({
        "state": "CLOSED", "reply": "已更换灯泡，今晚恢复照明。", "result": "SOLVED",
        "attachments": [{ "id": photo, "phase": "AFTER" }], "surveys": [{ "satisfaction": 5 }],
    });
    assert_eq!(own, expected);
}

async fn offered(person: &Person, case: &crate::support::Case) -> Vec<String> {
    let seen = person.sees(case, "viewerActions").await;
    let actions = seen["viewerActions"].as_array().unwrap();
    actions.iter().map(|action| action.as_str().unwrap().to_owned()).collect()
}

async fn every_step_is_offered_to_who_may_take_it(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let mut case = ann.reports(&street_light()).await;
    for (state, who, actions) in [
        ("SUBMITTED", "dispatcher", vec!["ACCEPT", "REJECT", "FAST_TRACK", "MERGE"]),
        ("ACCEPTED", "dispatcher", vec!["FILE", "FAST_TRACK", "MERGE"]),
        ("FILED", "dispatcher", vec!["DISPATCH", "FAST_TRACK", "MERGE"]),
        ("FILED", "chief", vec!["FAST_TRACK", "CONFER"]),
        ("FILED", "supervisor", vec!["SUPERVISE", "PLACE_LEGAL_HOLD"]),
        ("DISPATCHED", "lights.handler", vec!["SIGN"]),
        ("DISPATCHED", "lights.leader", vec!["SIGN", "REQUEST_RETURN"]),
        ("IN_PROGRESS", "lights.handler", vec!["RECORD_CONTACT"]),
        (
            "IN_PROGRESS",
            "lights.leader",
            vec!["RECORD_CONTACT", "REQUEST_RETURN", "REQUEST_EXTENSION", "REQUEST_SUSPENSION"],
        ),
        ("HANDLED", "inspector", vec!["VERIFY"]),
        ("HANDLED", "lights.handler", vec![]),
        ("VERIFIED", "callback", vec!["RECORD_CALLBACK", "RECORD_MISSED_CALLBACK"]),
    ] {
        case = crew.takes(&case, "lights", state).await;
        let mut steps = offered(&crew.who(who).await, &case).await;
        // Who says something to whom is told in `talk`, who looks at it in `content`; people in conflict are warned of at any step.
        let words =
            ["ADD_INTERNAL_NOTE", "MESSAGE_REPORTER", "PUBLISH_UPDATE", "ASK_REPORTER", "OPEN_CONFLICT_WARNING"];
        let is_beside = |action: &str| words.contains(&action) || ["REVIEW_CONTENT", "REDACT"].contains(&action);
        steps.retain(|action| !is_beside(action));
        assert_eq!(steps, actions, "{who} at {state}");
    }
    assert_eq!(offered(&ann, &case).await, ["SUPPLEMENT", "SURVEY"]);
}

async fn what_happened_is_shown_to_each_as_far_as_it_concerns_them(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = ann.moves("supplementServiceRequest", &case, json!({ "text": "晚上看不见台阶" })).await;
    let case = crew.takes(&case, "lights", "HANDLED").await;
    let kinds = async |person: &Person| {
        let seen = person.sees(&case, "timeline { kind actor { id } }").await;
        let has_actors = seen["timeline"].as_array().unwrap().iter().any(|entry| !entry["actor"].is_null());
        (texts(&seen["timeline"], "/kind").join(" ").replace("request.", ""), has_actors)
    };
    let whole = "submitted supplemented accepted filed dispatched signed contacted handled";
    assert_eq!(kinds(&crew.who("dispatcher").await).await, (whole.to_owned(), true));
    assert_eq!(kinds(&ann).await, (whole.to_owned(), true));
    assert_eq!(kinds(&bob).await, ("submitted accepted filed dispatched signed handled".to_owned(), false));
}

async fn a_reporter_is_called_before_anything_is_done(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let handler = crew.who("property.handler").await;
    handler.tries("submitHandling", &case, done(&[])).await.is_refused("CONTACT_REQUIRED");
}

async fn three_calls_nobody_answers_count_in_two_half_days(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let mut case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let handler = crew.who("property.handler").await;
    let silence = json!({ "method": "PHONE", "outcome": "NO_ANSWER" });
    for _ in 0..3 {
        case = handler.moves("recordContact", &case, silence.clone()).await;
    }
    handler.tries("submitHandling", &case, done(&[])).await.is_refused("CONTACT_REQUIRED");
    // From the morning into the afternoon; a session of a quarter of an hour is refreshed meanwhile.
    town.later(TimeDelta::hours(4));
    let handler = town.staff("property.handler").await;
    let case = handler.moves("recordContact", &case, silence).await;
    assert_eq!(handler.moves("submitHandling", &case, done(&[])).await.state, "HANDLED");
}

async fn a_city_object_is_shown_repaired(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    let handler = crew.who("lights.handler").await;
    let reached = json!({ "method": "PHONE", "outcome": "REACHED" });
    let case = handler.moves("recordContact", &case, reached).await;
    assert!(offered(&handler, &case).await.contains(&"SUBMIT_HANDLING".to_owned()));
    handler.tries("submitHandling", &case, done(&[])).await.is_refused("PHOTO_REQUIRED").at("attachmentIds");
}

/// Makes somebody a member of a unit, by the administrator; holds from the next sign-in on.
async fn joins(town: &Town, crew: &Crew<'_>, person: &Person, unit: &str) {
    let unit = crew.unit(unit).await;
    let member = json!({
        "unitId": unit["id"], "userId": person.id().await, "duty": "HANDLER", "expectedVersion": unit["version"],
        "idempotencyKey": crate::support::case::new_key(),
    });
    let done = town.staff("admin").await.does("addUnitMember", &member, "userErrors { code message }").await;
    done.is_done();
}

async fn who_handled_it_does_not_verify_it(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let mut both = town.official(Role::GridInspector, "310112008").await;
    joins(town, &crew, &both, "lights").await;
    town.later(TimeDelta::seconds(61));
    let phone = both.phone();
    both.signs_in_with_code(town, &phone).await;
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "DISPATCHED").await;
    let case = both.moves("signServiceRequest", &case, json!({})).await;
    let case = crew.handles(&both, &case).await;
    let pass = json!({ "isPassed": true });
    both.tries("verifyServiceRequest", &case, pass.clone()).await.is_refused("SAME_PERSON");
    assert_eq!(crew.who("inspector").await.moves("verifyServiceRequest", &case, pass).await.state, "VERIFIED");
}

async fn an_inspector_sends_it_back(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "HANDLED").await;
    let inspector = crew.who("inspector").await;
    inspector
        .tries("verifyServiceRequest", &case, json!({ "isPassed": false }))
        .await
        .is_refused("REQUIRED")
        .at("note");
    let fail = json!({ "isPassed": false, "note": "灯仍然不亮" });
    let case = inspector.moves("verifyServiceRequest", &case, fail).await;
    let handler = crew.who("lights.handler").await;
    let seen = handler.sees(&case, "state round handler { id } result reply timeline { notes { kind text } }").await;
    assert_eq!((&seen["state"], &seen["round"]), (&json!("IN_PROGRESS"), &json!(2)));
    assert_eq!(seen["handler"]["id"].as_str().map(str::to_owned), handler.id().await, "the same person does it again");
    assert_eq!((&seen["result"], &seen["reply"]), (&Value::Null, &Value::Null));
    let notes = json!([{ "kind": "VERIFICATION", "text": "灯仍然不亮" }]);
    assert_eq!(seen["timeline"].as_array().unwrap().last().unwrap()["notes"], notes);
}

async fn units_that_help_see_the_case_but_do_not_sign_it(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "FILED").await;
    let units = json!({
        "leadUnitId": crew.unit_id("lights").await, "coUnitIds": [crew.unit_id("sanitation").await],
        "instruction": "请一并清理灯下杂物",
    });
    let case = crew.who("dispatcher").await.moves("dispatchServiceRequest", &case, units).await;
    let helper = crew.who("sanitation.handler").await;
    let seen = helper.sees(&case, "coUnits { name } timeline { notes { text } }").await;
    assert_eq!(texts(&seen["coUnits"], "/name"), ["市容环境科"]);
    assert_eq!(seen["timeline"][3]["notes"][0]["text"], "请一并清理灯下杂物");
    helper.tries("signServiceRequest", &case, json!({})).await.is_refused("FORBIDDEN");
}
