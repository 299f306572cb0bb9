//! Reporting: a number at once, and until somebody takes it on nobody else sees it.

use serde_json::{Value, json};

use crate::support::case::{complaint, new_key, street_light, texts, with};
use crate::support::{Case, Crew, Town, stories};

stories![
    a_report_gets_a_number_and_waits,
    numbers_of_a_day_rise,
    a_report_without_a_point_names_an_area,
    a_neighbour_sees_nothing_of_what_was_just_reported,
    a_private_report_stays_hidden_from_neighbours,
    a_complaint_does_not_become_a_finding,
    staff_publish_nothing_that_was_private,
    an_addition_reaches_the_staff,
    a_report_is_withdrawn_before_it_is_filed,
    a_report_on_file_is_not_withdrawn,
    counter_staff_report_for_somebody_else,
    residents_do_not_report_for_somebody_else,
    a_patrol_reports_what_it_finds,
];

/// What somebody who reported sees of it.
const OWN: &str = "state publicStatus area { code } viewerActions timeline { kind } description location(datum: WGS84) { \
                   longitude latitude }";

async fn a_report_gets_a_number_and_waits(town: &Town) {
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    assert!(case.no.starts_with("XH20261123") && case.no.len() == 16, "{}", case.no);
    let own = ann.sees(&case, OWN).await;
    assert_eq!((&own["state"], &own["publicStatus"]), (&json!("SUBMITTED"), &json!("RECEIVED")));
    assert_eq!(own["viewerActions"], json!(["SUPPLEMENT", "WITHDRAW"]));
    assert_eq!(texts(&own["timeline"], "/kind"), ["request.submitted"]);
    assert!(own["area"]["code"].as_str().unwrap().starts_with("310112008"), "{own}");
    let longitude = own["location"]["longitude"].as_f64().unwrap();
    assert!((longitude - 121.32).abs() < 1e-6, "one's own place is exact: {longitude}");
}

async fn numbers_of_a_day_rise(town: &Town) {
    let ann = town.resident().await;
    let (first, second) = (ann.reports(&street_light()).await, ann.reports(&street_light()).await);
    assert!(first.no < second.no, "{} {}", first.no, second.no);
}

async fn a_report_without_a_point_names_an_area(town: &Town) {
    let ann = town.resident().await;
    let input = with(street_light(), json!({ "place": null, "areaCode": "310112008001" }));
    let case = ann.reports(&input).await;
    assert_eq!(ann.sees(&case, "area { code }").await["area"]["code"], "310112008001");
}

async fn is_hidden_from(person: &crate::support::Person, case: &Case) {
    assert_eq!(person.sees(case, "id").await, Value::Null);
    let by_no = format!("{{ serviceRequest(caseNo: \"{}\") {{ id }} }}", case.no);
    assert_eq!(person.asks(&by_no).await.get("/serviceRequest"), &Value::Null);
    let list = person.asks("{ publicServiceRequests(first: 100) { nodes { caseNo } } }").await;
    let listed = texts(list.get("/publicServiceRequests/nodes"), "/caseNo");
    assert!(!listed.contains(&case.no), "{} is among {listed:?}", case.no);
    person.tries("withdrawServiceRequest", case, json!({})).await.is_refused("NOT_FOUND");
}

async fn a_neighbour_sees_nothing_of_what_was_just_reported(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let case = ann.reports(&street_light()).await;
    is_hidden_from(&bob, &case).await;
}

async fn a_private_report_stays_hidden_from_neighbours(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let case = ann.reports(&with(street_light(), json!({ "visibility": "PRIVATE" }))).await;
    let case = Crew::of(town).takes(&case, "lights", "VERIFIED").await;
    is_hidden_from(&bob, &case).await;
}

async fn a_complaint_does_not_become_a_finding(town: &Town) {
    let case = town.resident().await.reports(&complaint()).await;
    let dispatcher = town.staff("dispatcher").await;
    let answer = dispatcher.tries("acceptServiceRequest", &case, json!({ "kind": "PATROL_FINDING" })).await;
    answer.is_refused("INVALID").at("kind");
}

async fn staff_publish_nothing_that_was_private(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let case = ann.reports(&with(street_light(), json!({ "visibility": "PRIVATE" }))).await;
    let dispatcher = town.staff("dispatcher").await;
    let case = dispatcher.moves("acceptServiceRequest", &case, json!({ "visibility": "PUBLIC" })).await;
    is_hidden_from(&bob, &case).await;
}

async fn an_addition_reaches_the_staff(town: &Town) {
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    let more = json!({ "text": "第二盏也不亮了", "attachmentIds": [ann.photo().await] });
    let case = ann.moves("supplementServiceRequest", &case, more).await;
    let seen = town.staff("dispatcher").await.sees(&case, "attachments { phase } timeline { notes { text } }").await;
    assert_eq!(texts(&seen["attachments"], "/phase"), ["DURING"]);
    assert_eq!(seen["timeline"][1]["notes"][0]["text"], "第二盏也不亮了");
}

async fn a_report_is_withdrawn_before_it_is_filed(town: &Town) {
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    let case = Crew::of(town).takes(&case, "lights", "ACCEPTED").await;
    let case = ann.moves("withdrawServiceRequest", &case, json!({ "reason": "已自行解决" })).await;
    let own = ann.sees(&case, "state publicStatus viewerActions closedAt").await;
    assert_eq!((&own["state"], &own["publicStatus"]), (&json!("WITHDRAWN"), &json!("OVER")));
    assert_eq!(own["viewerActions"], json!([]));
    assert!(own["closedAt"].is_string());
}

async fn a_report_on_file_is_not_withdrawn(town: &Town) {
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    let case = Crew::of(town).takes(&case, "lights", "FILED").await;
    ann.tries("withdrawServiceRequest", &case, json!({})).await.is_refused("INVALID_TRANSITION");
}

/// A report at a counter for somebody with a phone of his own.
fn for_somebody_else() -> Value {
    let person = json!({ "name": "王阿姨", "phone": "139 0000 1234" });
    with(complaint(), json!({ "channel": "WALK_IN", "onBehalfOf": person }))
}

async fn counter_staff_report_for_somebody_else(town: &Town) {
    let clerk = town.staff("neighbourhood").await;
    let case = clerk.reports(&for_somebody_else()).await;
    let seen = town.staff("dispatcher").await.sees(&case, "onBehalfOfName contactPhone reporter { id } channel").await;
    let expected = json!({
        "onBehalfOfName": "王阿姨", "contactPhone": "139****1234", "reporter": null, "channel": "WALK_IN",
    });
    assert_eq!(seen, expected);
}

async fn residents_do_not_report_for_somebody_else(town: &Town) {
    town.resident().await.tries_to_report(&for_somebody_else()).await.is_refused("FORBIDDEN");
}

async fn a_patrol_reports_what_it_finds(town: &Town) {
    let inspector = town.staff("inspector").await;
    let input = with(street_light(), json!({ "channel": "PATROL", "kind": "PATROL_FINDING" }));
    for _ in 0..6 {
        let case = inspector.reports(&with(input.clone(), json!({ "idempotencyKey": new_key() }))).await;
        let seen = inspector.sees(&case, "source kind").await;
        assert_eq!(seen, json!({ "source": "PATROL", "kind": "PATROL_FINDING" }));
    }
}
