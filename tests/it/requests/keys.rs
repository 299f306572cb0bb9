//! Idempotency keys: an answer that was lost may be asked for again.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::case::{PAYLOAD, new_key, street_light, with};
use crate::support::{Case, Crew, Town, stories};

stories![
    the_same_call_again_is_the_same_case,
    the_same_step_again_shows_the_case_as_it_is_now,
    a_key_stands_for_one_input,
    a_key_stands_for_one_operation,
    anothers_equal_key_is_another_key,
    of_thirty_equal_calls_at_once_one_makes_a_case,
    a_refused_call_does_not_use_its_key_up,
    a_bad_key_is_named,
];

const CASES: &str = "SELECT count(*) AS n FROM service_request";

async fn the_same_call_again_is_the_same_case(town: &Town) {
    let ann = town.resident().await;
    let input = street_light();
    let first = ann.reports(&input).await;
    let cases = town.number(CASES).await;
    let again = ann.tries_to_report(&input).await;
    assert_eq!(again.get("/submitServiceRequest/isReplay"), true);
    assert_eq!(Case::of(&again), first);
    assert_eq!(town.number(CASES).await, cases);
}

async fn the_same_step_again_shows_the_case_as_it_is_now(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&street_light()).await;
    let dispatcher = crew.who("dispatcher").await;
    let input = json!({ "id": case.id, "expectedVersion": case.version, "idempotencyKey": new_key() });
    dispatcher.does("acceptServiceRequest", &input, PAYLOAD).await.is_done();
    let filed = crew.takes(&dispatcher.looks_at(&case).await, "lights", "FILED").await;
    let again = dispatcher.does("acceptServiceRequest", &input, PAYLOAD).await;
    assert_eq!(again.get("/acceptServiceRequest/isReplay"), true);
    assert_eq!(Case::of(&again), filed);
}

async fn a_key_stands_for_one_input(town: &Town) {
    let ann = town.resident().await;
    let input = street_light();
    ann.reports(&input).await;
    let other = with(input, json!({ "description": "另一件事" }));
    ann.tries_to_report(&other).await.is_refused("IDEMPOTENCY_KEY_REUSED").at("idempotencyKey");
}

async fn a_key_stands_for_one_operation(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let case = ann.reports(&street_light()).await;
    let input = json!({ "id": case.id, "expectedVersion": case.version, "idempotencyKey": new_key() });
    dispatcher.does("acceptServiceRequest", &input, PAYLOAD).await.is_done();
    dispatcher.does("fileServiceRequest", &input, PAYLOAD).await.is_refused("IDEMPOTENCY_KEY_REUSED");
}

async fn anothers_equal_key_is_another_key(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let input = street_light();
    let hers = ann.reports(&input).await;
    let his = bob.tries_to_report(&input).await;
    assert_eq!(his.get("/submitServiceRequest/isReplay"), false);
    assert_ne!(Case::of(&his).id, hers.id);
}

async fn of_thirty_equal_calls_at_once_one_makes_a_case(town: &Town) {
    let ann = town.resident().await;
    let cases = town.number(CASES).await;
    let input = street_light();
    let answers = join_all((0..30).map(|_| ann.tries_to_report(&input))).await;
    let mut ids: Vec<String> = answers.iter().map(|answer| Case::of(answer).id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "one case for all");
    let replays = answers.iter().filter(|answer| answer.get("/submitServiceRequest/isReplay") == true).count();
    assert_eq!(replays, 29);
    assert_eq!(town.number(CASES).await, cases + 1);
}

async fn a_refused_call_does_not_use_its_key_up(town: &Town) {
    let ann = town.resident().await;
    let input = street_light();
    let bad = with(input.clone(), json!({ "description": "" }));
    ann.tries_to_report(&bad).await.is_refused("REQUIRED").at("description");
    ann.reports(&input).await;
}

async fn a_bad_key_is_named(town: &Town) {
    let ann = town.resident().await;
    for key in ["", "seven77", "with a\nline", &"x".repeat(65), "ключ-ключ-ключ"] {
        let input = with(street_light(), json!({ "idempotencyKey": key }));
        let answer = ann.tries_to_report(&input).await;
        assert_eq!(answer.user_codes(), ["INVALID"], "{key:?}: {answer:?}");
        answer.at("idempotencyKey");
    }
}
