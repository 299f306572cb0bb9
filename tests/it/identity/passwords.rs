//! Staff passwords.

use chrono::TimeDelta;
use futures_util::future::join_all;
use zhilitong::seed::PASSWORD;

use crate::support::{Town, stories};

stories![
    staff_sign_in_with_name_and_password,
    five_wrong_passwords_lock_their_address_out_for_fifteen_minutes,
    fifty_wrong_passwords_from_anywhere_lock_the_account,
    a_burst_of_wrong_passwords_locks_before_the_right_one_passes,
    a_success_forgets_the_failures_before_it,
    an_address_tries_thirty_passwords_in_fifteen_minutes,
    an_unknown_name_is_answered_like_a_wrong_password,
];

const WRONG: &str = "Wrong-Town-2026";

async fn staff_sign_in_with_name_and_password(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let answer = dispatcher.asks("{ viewer { roles { role expiresAt } sessions { isCurrent deviceName } } }").await;
    assert_eq!(answer.get("/viewer/roles/0/role"), "DISPATCHER");
    assert_eq!(answer.list("/viewer/sessions").len(), 1);
    assert_eq!(answer.get("/viewer/sessions/0/isCurrent"), true);
    assert_eq!(answer.get("/viewer/sessions/0/deviceName"), "a test phone");
    town.stranger().tries_password("DISPATCHER", PASSWORD).await.is_done();
}

async fn five_wrong_passwords_lock_their_address_out_for_fifteen_minutes(town: &Town) {
    let thief = town.stranger();
    for _ in 0..5 {
        thief.tries_password("dispatcher", WRONG).await.is_refused("CODE_INCORRECT").at("password");
    }
    town.later(TimeDelta::seconds(899));
    thief.tries_password("Dispatcher", PASSWORD).await.is_refused("CODE_INCORRECT");
    thief.tries_password("dispatcher2", PASSWORD).await.is_done();
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_done();
    town.later(TimeDelta::seconds(2));
    thief.tries_password("dispatcher", PASSWORD).await.is_done();
}

async fn fifty_wrong_passwords_from_anywhere_lock_the_account(town: &Town) {
    for _ in 0..50 {
        town.stranger().tries_password("dispatcher", WRONG).await.is_refused("CODE_INCORRECT");
    }
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_refused("CODE_INCORRECT");
    town.later(TimeDelta::seconds(901));
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_done();
}

/// All of them come before the first is judged: what counts is how many came, not how many were judged.
async fn a_burst_of_wrong_passwords_locks_before_the_right_one_passes(town: &Town) {
    let thief = town.stranger();
    let guess = async |password: &'static str| thief.tries_password("dispatcher", password).await.codes();
    let wrong = join_all((0..12).map(|_| guess(WRONG))).await;
    assert_eq!(wrong.concat(), vec!["CODE_INCORRECT"; 12]);
    assert_eq!(guess(PASSWORD).await, ["CODE_INCORRECT"]);
}

async fn a_success_forgets_the_failures_before_it(town: &Town) {
    let person = town.stranger();
    for _ in 0..3 {
        for _ in 0..4 {
            person.tries_password("dispatcher", WRONG).await.is_refused("CODE_INCORRECT");
        }
        person.tries_password("dispatcher", PASSWORD).await.is_done();
    }
}

async fn an_address_tries_thirty_passwords_in_fifteen_minutes(town: &Town) {
    let thief = town.stranger();
    for number in 0..30 {
        thief.tries_password(&format!("nobody{number}"), WRONG).await.is_refused("CODE_INCORRECT");
    }
    let answer = thief.tries_password("dispatcher", PASSWORD).await;
    answer.is_refused("RATE_LIMITED");
    let wait = answer.json["errors"][0]["extensions"]["retryAfterMs"].as_i64().unwrap();
    assert!((1..=900_000).contains(&wait), "{wait}");
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_done();
    town.later(TimeDelta::milliseconds(wait));
    thief.tries_password("dispatcher", PASSWORD).await.is_done();
}

async fn an_unknown_name_is_answered_like_a_wrong_password(town: &Town) {
    let known = town.stranger().tries_password("dispatcher", WRONG).await;
    let unknown = town.stranger().tries_password("nobody", WRONG).await;
    assert_eq!((known.status, known.json), (unknown.status, unknown.json));
}
