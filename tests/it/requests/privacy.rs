//! Who learns who reported (scenario 9), and what the public may read.

use serde_json::{Value, json};

use crate::support::case::{complaint, done, street_light, texts, with};
use crate::support::{Crew, Town, stories};

stories![
    handlers_do_not_learn_who_reports_in_confidence,
    a_report_of_wrongdoing_is_confidential_by_itself,
    nobody_learns_who_is_anonymous,
    an_anonymous_case_is_closed_without_a_survey,
    handlers_see_whom_to_call_but_not_the_whole_number,
    the_public_sees_neither_reporter_nor_door,
    forbidden_words_hold_a_report_back_from_the_public,
    forbidden_words_in_a_reply_are_held_back_from_the_public,
    the_public_learns_the_neighbourhood_at_most,
    what_nobody_checked_is_not_published,
    who_typed_for_somebody_loses_sight_with_the_role,
];

/// All that tells who reported.
const WHO: &str = "reporter { id } contactPhone onBehalfOfName";

fn nobody() -> Value {
    json!({ "reporter": null, "contactPhone": null, "onBehalfOfName": null })
}

async fn handlers_do_not_learn_who_reports_in_confidence(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "isConfidential": true }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    for who in ["property.handler", "property.leader", "inspector"] {
        let seen = crew.who(who).await.sees(&case, &format!("{WHO} description")).await;
        assert_eq!(seen, with(nobody(), json!({ "description": "单元门禁坏了一周" })), "{who}");
    }
    let told = crew.who("dispatcher").await.sees(&case, WHO).await;
    assert_eq!(told["reporter"]["id"].as_str().map(str::to_owned), ann.id().await);
    let timeline = crew.who("property.handler").await.sees(&case, "timeline { actor { id } }").await;
    assert!(!timeline.to_string().contains(&ann.id().await.unwrap()), "{timeline}");
}

async fn a_report_of_wrongdoing_is_confidential_by_itself(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "kind": "REPORT" }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    assert_eq!(crew.who("property.handler").await.sees(&case, WHO).await, nobody());
}

async fn nobody_learns_who_is_anonymous(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "isAnonymous": true }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    for who in ["property.handler", "property.leader", "dispatcher", "callback", "chief", "supervisor"] {
        assert_eq!(crew.who(who).await.sees(&case, WHO).await, nobody(), "{who}");
    }
}

async fn an_anonymous_case_is_closed_without_a_survey(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&with(complaint(), json!({ "isAnonymous": true }))).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let case = crew.who("property.handler").await.moves("submitHandling", &case, done(&[])).await;
    let pass = json!({ "isPassed": true });
    assert_eq!(crew.who("dispatcher").await.moves("verifyServiceRequest", &case, pass).await.state, "CLOSED");
}

async fn handlers_see_whom_to_call_but_not_the_whole_number(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let seen = crew.who("property.handler").await.sees(&case, WHO).await;
    let phone = ann.phone();
    assert_eq!(seen["contactPhone"], format!("{}****{}", &phone[..3], &phone[7..]));
}

async fn the_public_sees_neither_reporter_nor_door(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    let fields = format!(
        "{WHO} address dueAt promisedAt isHard handler {{ id }} assignments {{ round }} returns {{ round }} surveys {{ \
         round }} acceptDueAt location(datum: WGS84) {{ longitude latitude }} viewerActions"
    );
    let seen = bob.sees(&case, &fields).await;
    let hidden =
        ["address", "dueAt", "promisedAt", "isHard", "handler", "assignments", "returns", "surveys", "acceptDueAt"];
    for name in hidden {
        assert_eq!(seen[name], Value::Null, "{name}");
    }
    assert_eq!(seen["viewerActions"], json!(["FOLLOW", "REPORT_CONTENT"]));
    let units = "leadUnit { id } coUnits { id }";
    assert_eq!(town.stranger().sees(&case, units).await, json!({ "leadUnit": null, "coUnits": [] }));
    let (longitude, latitude) = crate::support::case::PLACE;
    let [x, y] = ["longitude", "latitude"].map(|name| seen["location"][name].as_f64().unwrap());
    let is_exact = (x - longitude).abs() < 1e-6 && (y - latitude).abs() < 1e-6;
    assert!(!is_exact && (x - longitude).abs() < 0.005 && (y - latitude).abs() < 0.005, "{x} {y}");
}

async fn public_list(person: &crate::support::Person) -> Vec<String> {
    let list = person.asks("{ publicServiceRequests(first: 100) { nodes { caseNo } } }").await;
    texts(list.get("/publicServiceRequests/nodes"), "/caseNo")
}

async fn forbidden_words_hold_a_report_back_from_the_public(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let fine = ann.reports(&street_light()).await;
    let held = ann.reports(&with(street_light(), json!({ "description": "墙上喷了 代·開·發·票 的小广告" }))).await;
    for case in [&fine, &held] {
        crew.takes(case, "lights", "ACCEPTED").await;
    }
    let listed = public_list(&bob).await;
    assert!(listed.contains(&fine.no) && !listed.contains(&held.no), "{listed:?}");
    assert_eq!(bob.sees(&held, "id").await, Value::Null);
    let words = crew.who("dispatcher").await.sees(&held, "description").await;
    assert_eq!(words["description"], "墙上喷了 代·開·發·票 的小广告", "the staff works on it all the same");
}

async fn forbidden_words_in_a_reply_are_held_back_from_the_public(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    let handler = crew.who("lights.handler").await;
    let reached = json!({ "method": "PHONE", "outcome": "REACHED" });
    let case = handler.moves("recordContact", &case, reached).await;
    let bad = with(done(&[handler.photo().await]), json!({ "reply": "请联系我们的伙伴代开发票，谢谢" }));
    let case = handler.moves("submitHandling", &case, bad).await;
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    let fields = "reply timeline { notes { text } }";
    assert!(!bob.sees(&case, fields).await.to_string().contains("代开发票"));
    assert!(ann.sees(&case, fields).await.to_string().contains("代开发票"));
}

async fn the_public_learns_the_neighbourhood_at_most(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let at_the_door = json!({ "place": null, "areaCode": "310112008001-01-C1" });
    for more in [at_the_door, json!({})] {
        let case = ann.reports(&with(street_light(), more)).await;
        let case = crew.takes(&case, "lights", "ACCEPTED").await;
        assert_eq!(ann.sees(&case, "area { level }").await["area"]["level"], "MICRO", "a compound is no grid");
        assert_eq!(bob.sees(&case, "area { level }").await["area"]["level"], "AUTONOMY");
    }
}

/// What a stranger is shown of a case: how many photos, and what the unit says.
async fn published(person: &crate::support::Person, case: &crate::support::Case) -> (usize, bool) {
    let seen = person.sees(case, "attachments { id } reply timeline { notes { text } }").await;
    let has_words = seen["timeline"].to_string().contains("text");
    assert_eq!(!seen["reply"].is_null(), has_words, "{seen}");
    (seen["attachments"].as_array().unwrap().len(), has_words)
}

async fn what_nobody_checked_is_not_published(town: &Town) {
    let (ann, bob, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let case = ann.reports(&with(street_light(), json!({ "attachmentIds": [ann.photo().await] }))).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    assert_eq!(published(&bob, &case).await, (1, false), "what the dispatcher accepted");
    let for_the_handler = json!({ "text": "合同照片", "attachmentIds": [ann.photo().await] });
    let case = ann.moves("supplementServiceRequest", &case, for_the_handler).await;
    let case = crew.takes(&case, "lights", "HANDLED").await;
    assert_eq!(published(&bob, &case).await, (1, false), "work that nobody verified");
    let no = json!({ "isPassed": false, "note": "没有修好" });
    let case = crew.who("inspector").await.moves("verifyServiceRequest", &case, no).await;
    assert_eq!(published(&bob, &case).await, (1, false), "work found wanting");
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    let seen = bob.sees(&case, "timeline { notes { text } }").await;
    assert_eq!(seen.to_string().matches("text").count(), 1, "the verified reply only: {seen}");
    assert!(published(&bob, &case).await.0 >= 2);
    let all = ann.sees(&case, "attachments { id }").await["attachments"].as_array().unwrap().len();
    assert_eq!(all - published(&bob, &case).await.0, 1, "what was added for the handler stays with the staff");
}

async fn who_typed_for_somebody_loses_sight_with_the_role(town: &Town) {
    let person = json!({ "name": "王阿姨", "phone": "13900001234" });
    let walk_in = with(complaint(), json!({ "channel": "WALK_IN", "onBehalfOf": person, "visibility": "PRIVATE" }));
    let clerk = town.staff("neighbourhood").await;
    let case = clerk.reports(&walk_in).await;
    assert_eq!(clerk.sees(&case, "onBehalfOfName").await["onBehalfOfName"], "王阿姨");
    let id = "SELECT account_id FROM staff_credential WHERE username = 'neighbourhood'";
    assert!(town.tampers(&format!("UPDATE role_grant SET valid_to = valid_from WHERE account_id = ({id})")).await > 0);
    let clerk = town.staff("neighbourhood").await;
    assert_eq!(clerk.sees(&case, "id").await, Value::Null);
    clerk.tries("withdrawServiceRequest", &case, json!({})).await.is_refused("NOT_FOUND");
}
