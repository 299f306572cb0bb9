//! One-time codes by SMS: the real client against a provider that checks its signatures, and the courier between them.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::privacy::is_stored;
use crate::support::remote::Trouble;
use crate::support::{Person, Town, eventually, raw, stories};

stories![in Town::with_sms;
    a_code_arrives_by_sms,
    a_throttled_code_is_sent_again,
    a_provider_that_fails_is_asked_again,
    what_the_provider_will_never_send_is_given_up,
    a_code_that_is_too_old_is_given_up,
    a_slow_provider_keeps_no_request_waiting,
    a_provider_that_fails_again_and_again_is_left_alone,
    each_code_is_sent_once_by_many_nodes,
    a_code_on_its_way_is_sealed_and_then_erased,
];

/// A code that reached a phone, waited for.
async fn arrives(town: &Town, phone: &str) -> String {
    eventually("a code arrives", async || !town.sms().reached(phone).is_empty()).await;
    town.sms().reached(phone).pop().unwrap()
}

async fn rows(town: &Town, condition: &str) -> i64 {
    town.number(&format!("SELECT count(*) AS n FROM delivery WHERE {condition}")).await
}

/// Waits until a row says so.
async fn is_noted(town: &Town, condition: &str) {
    eventually(condition, async || rows(town, condition).await == 1).await;
}

async fn signs_in(town: &Town, person: &Person) {
    let code = arrives(town, &person.phone()).await;
    person.tries_code(&person.phone(), &code).await.is_done();
}

async fn a_code_arrives_by_sms(town: &Town) {
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    signs_in(town, &ann).await;
    is_noted(town, "state = 'SENT' AND attempts = 1 AND last_error IS NULL AND payload_sealed IS NULL").await;
    let asked = &town.sms().remote.asked("/")[0];
    assert!(asked.body.contains("\"5\""), "the minutes it lives: {asked:?}");
}

async fn a_throttled_code_is_sent_again(town: &Town) {
    town.sms().refuses("LimitExceeded.PhoneNumberThirtySecondLimit", 2);
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    is_noted(town, "state = 'PENDING' AND attempts = 1 AND last_error = 'THROTTLED'").await;
    assert_eq!(town.sms().calls(), 1);
    town.later(TimeDelta::seconds(8));
    is_noted(town, "state = 'PENDING' AND attempts = 2 AND last_error = 'THROTTLED'").await;
    town.later(TimeDelta::seconds(16));
    signs_in(town, &ann).await;
    assert_eq!(town.sms().calls(), 3);
}

async fn a_provider_that_fails_is_asked_again(town: &Town) {
    town.sms().remote.has_trouble("/", &Trouble::Status(500), 1);
    town.sms().remote.has_trouble("/", &Trouble::Words("<html>"), 1);
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    for (attempts, wait) in [(1, 8), (2, 16)] {
        is_noted(town, &format!("attempts = {attempts} AND last_error = 'UNREACHABLE'")).await;
        town.later(TimeDelta::seconds(wait));
    }
    signs_in(town, &ann).await;
}

async fn dead(town: &Town) -> Option<u32> {
    let metrics = raw::get(town.address, "/metrics").await.body;
    let line = metrics.lines().find_map(|line| line.strip_prefix("zhilitong_deliveries_dead "))?;
    line.parse().ok()
}

async fn what_the_provider_will_never_send_is_given_up(town: &Town) {
    assert_eq!(dead(town).await, Some(0));
    for (number, (status, word)) in [
        ("FailedOperation.PhoneNumberInBlacklist", "PHONE_REFUSED"),
        ("LimitExceeded.PhoneNumberDailyLimit", "PHONE_LIMIT"),
        ("FailedOperation.TemplateIncorrectOrUnapproved", "TEMPLATE"),
        ("FailedOperation.SignatureIncorrectOrUnapproved", "SIGN_NAME"),
    ]
    .into_iter()
    .enumerate()
    {
        town.sms().refuses(status, 1);
        let ann = town.stranger();
        ann.asks_for_code(&ann.phone()).await.is_done();
        is_noted(town, &format!("state = 'DEAD' AND last_error = '{word}' AND payload_sealed IS NULL")).await;
        assert_eq!(dead(town).await, u32::try_from(number + 1).ok());
    }
}

async fn a_code_that_is_too_old_is_given_up(town: &Town) {
    town.sms().refuses("FailedOperation.InsufficientBalanceInSmsPackage", 100);
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    is_noted(town, "state = 'PENDING' AND last_error = 'NO_BALANCE'").await;
    town.later(TimeDelta::minutes(5));
    is_noted(town, "state = 'DEAD' AND last_error = 'NO_BALANCE' AND payload_sealed IS NULL").await;
    assert_eq!((town.sms().calls(), dead(town).await), (1, Some(1)));
}

async fn a_slow_provider_keeps_no_request_waiting(town: &Town) {
    town.sms().remote.has_trouble("/", &Trouble::Silence, 1);
    let (ann, started) = (town.stranger(), Instant::now());
    ann.asks_for_code(&ann.phone()).await.is_done();
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    is_noted(town, "state = 'PENDING' AND last_error = 'SLOW'").await;
}

async fn a_provider_that_fails_again_and_again_is_left_alone(town: &Town) {
    town.sms().remote.has_trouble("/", &Trouble::Status(503), 100);
    let people: Vec<Person> = (0..5).map(|_| town.stranger()).collect();
    for person in &people {
        person.asks_for_code(&person.phone()).await.is_done();
    }
    eventually("five were tried", async || rows(town, "last_error = 'UNREACHABLE'").await == 5).await;
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    is_noted(town, "last_error = 'BREAKER_OPEN'").await;
    assert_eq!(town.sms().calls(), 5);
    town.sms().remote.recovers();
    for _ in 0..2 {
        // The first that is tried closes it for the others, which come again in their time.
        town.later(TimeDelta::seconds(31));
        eventually("all were tried", async || rows(town, "state = 'PENDING' AND attempts = 1").await == 0).await;
    }
    eventually("all are sent", async || {
        town.later(TimeDelta::seconds(1));
        rows(town, "state = 'SENT'").await == 6
    })
    .await;
}

async fn each_code_is_sent_once_by_many_nodes(town: &Town) {
    let node = town.second_node().await;
    let people: Vec<Person> = (0..10).map(|_| town.stranger()).collect();
    let asking = people.iter().enumerate().map(|(number, person)| {
        let mut person = person.clone();
        person.server = if number % 2 == 0 { town.address } else { node.address };
        async move { person.asks_for_code(&person.phone()).await.codes() }
    });
    assert_eq!(join_all(asking).await.concat(), [""; 0]);
    eventually("all are sent", async || rows(town, "state = 'SENT'").await == 10).await;
    assert!(people.iter().all(|person| town.sms().reached(&person.phone()).len() == 1));
    assert_eq!(town.sms().calls(), 10);
    node.stops().await;
}

async fn a_code_on_its_way_is_sealed_and_then_erased(town: &Town) {
    town.sms().refuses("InternalError.Timeout", 1);
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    is_noted(town, "state = 'PENDING' AND last_error = 'PROVIDER' AND payload_sealed IS NOT NULL").await;
    assert!(!is_stored(town, &ann.phone()).await);
    town.later(TimeDelta::seconds(8));
    let code = arrives(town, &ann.phone()).await;
    is_noted(town, "state = 'SENT' AND payload_sealed IS NULL").await;
    assert!(!is_stored(town, &format!("\"{code}\"")).await && !is_stored(town, &ann.phone()).await);
}
