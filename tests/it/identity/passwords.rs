//! Staff passwords.

use chrono::TimeDelta;
use futures_util::future::join_all;
use zhilitong::seed::PASSWORD;

use crate::support::{Town, stories};

stories![
    staff_sign_in_with_name_and_password,
    five_wrong_passwords_lock_the_account_for_fifteen_minutes,
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

async fn five_wrong_passwords_lock_the_account_for_fifteen_minutes(town: &Town) {
    for _ in 0..5 {
        town.stranger().tries_password("dispatcher", WRONG).await.is_refused("CODE_INCORRECT").at("password");
    }
    town.later(TimeDelta::seconds(899));
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_refused("CODE_INCORRECT");
    town.stranger().tries_password("dispatcher2", PASSWORD).await.is_done();
    town.later(TimeDelta::seconds(2));
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_done();
}

/// All of them are read before the first is judged: what counts is the lock at the end, not at the beginning.
async fn a_burst_of_wrong_passwords_locks_before_the_right_one_passes(town: &Town) {
    let guess = |password: &'static str| {
        let thief = town.stranger();
        async move { thief.tries_password("dispatcher", password).await.codes() }
    };
    let wrong = join_all((0..12).map(|_| guess(WRONG)));
    // The right one starts once the others are on their way, and is judged after them.
    let right = async {
        crate::support::eventually("a guess is judged", async || {
            let judged = "SELECT max(failures) + count(locked_until) AS n FROM staff_credential";
            town.number(judged).await > 0
        })
        .await;
        guess(PASSWORD).await
    };
    let (wrong, right) = futures_util::future::join(wrong, right).await;
    assert_eq!(wrong.concat(), vec!["CODE_INCORRECT"; 12]);
    assert_eq!(right, ["CODE_INCORRECT"]);
}

async fn a_success_forgets_the_failures_before_it(town: &Town) {
    for _ in 0..3 {
        for _ in 0..4 {
            town.stranger().tries_password("dispatcher", WRONG).await.is_refused("CODE_INCORRECT");
        }
        town.stranger().tries_password("dispatcher", PASSWORD).await.is_done();
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
