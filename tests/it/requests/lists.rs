//! Lists people look through: what is public nearby, what is one's own, what the staff searches.

use serde_json::{Value, json};

use crate::support::case::{PLACE, at, complaint, street_light, texts, with};
use crate::support::{Crew, Person, Town, stories};

stories![
    what_is_public_is_found_near_its_place,
    the_public_list_needs_no_sign_in_and_names_nobody,
    a_circle_is_not_made_small_or_large_at_will,
    my_requests_are_mine_newest_first,
    staff_find_a_case_by_its_number,
    staff_find_cases_by_the_number_to_call,
    handlers_find_nobody_by_phone,
    staff_find_cases_by_words_in_traditional_characters,
    residents_do_not_search,
];

async fn near(person: &Person, place: (f64, f64), metres: i32) -> crate::support::Answer {
    let text = "query($filter: PublicServiceRequestFilter!) { publicServiceRequests(filter: $filter, first: 100) { nodes { \
                caseNo } } }";
    person.says(text, &json!({ "filter": { "near": { "point": at(place), "radiusMeters": metres } } })).await
}

async fn what_is_public_is_found_near_its_place(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let case = Crew::of(town).takes(&ann.reports(&street_light()).await, "lights", "ACCEPTED").await;
    for (place, is_found) in [(PLACE, true), ((PLACE.0 + 0.004, PLACE.1), true), ((PLACE.0 - 0.02, PLACE.1), false)] {
        let answer = near(&bob, place, 500).await;
        let found = texts(answer.get("/publicServiceRequests/nodes"), "/caseNo");
        assert_eq!(found.contains(&case.no), is_found, "{place:?}: {found:?}");
    }
}

async fn the_public_list_needs_no_sign_in_and_names_nobody(town: &Town) {
    let ann = town.resident().await;
    let case = Crew::of(town).takes(&ann.reports(&street_light()).await, "lights", "IN_PROGRESS").await;
    let fields = "caseNo address reporter { id } contactPhone onBehalfOfName handler { id } description timeline { actor { \
                  id } }";
    let answer =
        town.stranger().asks(&format!("{{ publicServiceRequests(first: 20) {{ nodes {{ {fields} }} }} }}")).await;
    let rows = answer.list("/publicServiceRequests/nodes");
    assert!(rows.iter().any(|row| row["caseNo"] == case.no.as_str() && row["description"].is_string()));
    for row in rows {
        for field in ["address", "reporter", "contactPhone", "onBehalfOfName", "handler"] {
            assert_eq!(row[field], Value::Null, "{field} of {row}");
        }
        assert!(row["timeline"].as_array().unwrap().iter().all(|entry| entry["actor"].is_null()), "{row}");
    }
}

async fn a_circle_is_not_made_small_or_large_at_will(town: &Town) {
    let bob = town.stranger();
    for metres in [-1, 0, 1001, i32::MAX] {
        near(&bob, PLACE, metres).await.is_refused("BAD_REQUEST");
    }
}

async fn my_requests_are_mine_newest_first(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let mut mine = Vec::new();
    for input in [street_light(), complaint(), with(complaint(), json!({ "isAnonymous": true }))] {
        mine.push(ann.reports(&input).await.no);
        bob.reports(&complaint()).await;
        town.later(chrono::TimeDelta::seconds(1));
    }
    mine.reverse();
    let answer = ann.asks("{ myServiceRequests { nodes { caseNo } } }").await;
    assert_eq!(texts(answer.get("/myServiceRequests/nodes"), "/caseNo"), mine);
}

async fn found(person: &Person, text: &str) -> Vec<String> {
    let search = "query($text: String!) { searchServiceRequests(text: $text, first: 100) { nodes { caseNo } } }";
    let answer = person.says(search, &json!({ "text": text })).await;
    texts(answer.get("/searchServiceRequests/nodes"), "/caseNo")
}

async fn staff_find_a_case_by_its_number(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let case = ann.reports(&street_light()).await;
    for spelling in [case.no.clone(), case.no.to_lowercase(), format!(" {} {}", &case.no[..10], &case.no[10..])] {
        assert_eq!(found(&dispatcher, &spelling).await, [case.no.as_str()], "{spelling:?}");
    }
    assert!(found(&dispatcher, "XH20261123999999").await.is_empty());
}

async fn staff_find_cases_by_the_number_to_call(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let first = ann.reports(&street_light()).await;
    town.later(chrono::TimeDelta::seconds(1));
    let second = ann.reports(&complaint()).await;
    town.resident().await.reports(&complaint()).await;
    let spelling = format!("+86 {}-{}", &ann.phone()[..3], &ann.phone()[3..]);
    assert_eq!(found(&dispatcher, &spelling).await, [second.no, first.no]);
}

async fn handlers_find_nobody_by_phone(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    crew.takes(&ann.reports(&complaint()).await, "property", "IN_PROGRESS").await;
    assert!(found(&crew.who("property.handler").await, &ann.phone()).await.is_empty());
}

async fn staff_find_cases_by_words_in_traditional_characters(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let words = "涞港星苑北门外的喷泉漏水";
    let case = ann.reports(&with(complaint(), json!({ "description": words, "address": null }))).await;
    for spelling in ["喷泉漏水", "噴泉漏水", "淶港星苑", "北門 噴泉", "泉"] {
        assert!(found(&dispatcher, spelling).await.contains(&case.no), "{spelling}");
    }
    for other in ["喷泉干了", "漏水喷泉塔", "？！"] {
        assert!(!found(&dispatcher, other).await.contains(&case.no), "{other}");
    }
}

async fn residents_do_not_search(town: &Town) {
    let ann = town.resident().await;
    let case = ann.reports(&street_light()).await;
    for text in [case.no.as_str(), "路灯", &ann.phone()] {
        assert!(found(&town.resident().await, text).await.is_empty(), "{text}");
    }
}
