//! One-time codes.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;

use crate::support::{Town, stories};

stories![
    a_code_signs_a_resident_in_and_opens_the_account_once,
    a_code_is_used_once,
    a_code_ends_after_five_minutes,
    a_code_belongs_to_its_phone,
    after_five_wrong_guesses_the_right_code_is_refused,
    of_a_hundred_guesses_at_once_none_passes,
    of_twenty_requests_at_once_one_is_sent,
    of_many_right_codes_at_once_one_signs_in,
    a_phone_gets_a_code_a_minute_five_an_hour_ten_a_day,
    an_hour_begins_with_any_code,
    an_address_gets_twenty_codes_an_hour_thirty_a_day,
    known_and_unknown_phones_are_answered_alike,
    a_phone_may_be_written_in_many_ways,
    nonsense_is_named_by_field,
];

const MINUTE: TimeDelta = TimeDelta::seconds(61);
const HOUR: TimeDelta = TimeDelta::seconds(3600);

async fn a_code_signs_a_resident_in_and_opens_the_account_once(town: &Town) {
    let mut ann = town.stranger();
    let phone = ann.phone();
    let first = ann.signs_in_with_code(town, &phone).await;
    assert_eq!(first.get("/signInWithCode/isNewUser"), true);
    let id = ann.id().await.expect("somebody");
    town.later(MINUTE);
    let mut at_home = town.stranger();
    let second = at_home.signs_in_with_code(town, &phone).await;
    assert_eq!(second.get("/signInWithCode/isNewUser"), false);
    assert_eq!(at_home.id().await, Some(id));
}

async fn a_code_is_used_once(town: &Town) {
    let mut ann = town.stranger();
    let phone = ann.phone();
    ann.signs_in_with_code(town, &phone).await;
    let code = town.code_for(&phone).await;
    ann.tries_code(&phone, &code).await.is_refused("CODE_EXPIRED").at("code");
}

async fn a_code_ends_after_five_minutes(town: &Town) {
    let ann = town.stranger();
    for (wait, refused) in [(TimeDelta::seconds(299), None), (TimeDelta::seconds(300), Some("CODE_EXPIRED"))] {
        town.later(MINUTE);
        ann.asks_for_code(&ann.phone()).await.is_done();
        let code = town.code_for(&ann.phone()).await;
        town.later(wait);
        let answer = ann.tries_code(&ann.phone(), &code).await;
        assert_eq!(answer.codes(), Vec::from_iter(refused), "after {wait}");
    }
}

async fn a_code_belongs_to_its_phone(town: &Town) {
    let (ann, bob) = (town.stranger(), town.stranger());
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = town.code_for(&ann.phone()).await;
    bob.tries_code(&bob.phone(), &code).await.is_refused("CODE_EXPIRED");
    ann.tries_code(&ann.phone(), &code).await.is_done();
}

/// Six digits that are not the code.
fn wrong(code: &str, by: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + by) % 1_000_000)
}

async fn after_five_wrong_guesses_the_right_code_is_refused(town: &Town) {
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = town.code_for(&ann.phone()).await;
    for guess in 1..=5 {
        ann.tries_code(&ann.phone(), &wrong(&code, guess)).await.is_refused("CODE_INCORRECT").at("code");
    }
    ann.tries_code(&ann.phone(), &code).await.is_refused("CODE_EXPIRED");
    town.later(MINUTE);
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = town.code_for(&ann.phone()).await;
    ann.tries_code(&ann.phone(), &code).await.is_done();
}

async fn of_a_hundred_guesses_at_once_none_passes(town: &Town) {
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = town.code_for(&ann.phone()).await;
    let guesses = (1..=100).map(|by| {
        let (thief, phone, guess) = (town.stranger(), ann.phone(), wrong(&code, by));
        async move { thief.tries_code(&phone, &guess).await.codes() }
    });
    let codes = join_all(guesses).await.concat();
    assert_eq!(codes.len(), 100);
    assert_eq!(codes.iter().filter(|code| *code == "CODE_INCORRECT").count(), 5, "more guesses were looked at");
    ann.tries_code(&ann.phone(), &code).await.is_refused("CODE_EXPIRED");
}

async fn of_twenty_requests_at_once_one_is_sent(town: &Town) {
    let ann = town.stranger();
    let requests = (0..20).map(|_| {
        let (person, phone) = (town.stranger(), ann.phone());
        async move { person.asks_for_code(&phone).await.codes() }
    });
    let refused = join_all(requests).await.concat();
    assert_eq!(refused, vec!["RATE_LIMITED"; 19]);
    assert_eq!(town.codes_sent_to(&ann.phone()).await.len(), 1);
}

async fn of_many_right_codes_at_once_one_signs_in(town: &Town) {
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = town.code_for(&ann.phone()).await;
    let phone = ann.phone();
    let answers = join_all((0..5).map(|_| ann.tries_code(&phone, &code))).await;
    let refused: Vec<String> = answers.iter().flat_map(|answer| answer.codes()).collect();
    assert_eq!(refused, vec!["CODE_EXPIRED"; 4]);
}

async fn a_phone_gets_a_code_a_minute_five_an_hour_ten_a_day(town: &Town) {
    let phone = town.stranger().phone();
    let mut sent = 0;
    for hour in 0..4 {
        for _ in 0..7 {
            // Another address each time: what is counted is the phone.
            let answer = town.stranger().asks_for_code(&phone).await;
            sent += usize::from(answer.codes().is_empty());
            assert_eq!(town.codes_sent_to(&phone).await.len(), sent);
            town.stranger().asks_for_code(&phone).await.is_refused("RATE_LIMITED");
            town.later(MINUTE);
        }
        assert_eq!(sent, [5, 10, 10, 10][hour], "after hour {hour}");
        town.later(HOUR - MINUTE * 7);
    }
    town.later(HOUR * 24);
    town.stranger().asks_for_code(&phone).await.is_done();
}

async fn an_hour_begins_with_any_code(town: &Town) {
    let phone = town.stranger().phone();
    // The last minutes of an hour of the clock and the first of the next are one hour to whoever holds the phone.
    town.later(TimeDelta::minutes(57));
    for _ in 0..5 {
        town.stranger().asks_for_code(&phone).await.is_done();
        town.later(MINUTE);
    }
    let wait = (HOUR - MINUTE * 5).num_milliseconds();
    let refused = town.stranger().asks_for_code(&phone).await;
    refused.is_refused("RATE_LIMITED");
    assert_eq!(refused.json["errors"][0]["extensions"]["retryAfterMs"], wait);
    town.later(TimeDelta::milliseconds(wait - 1));
    town.stranger().asks_for_code(&phone).await.is_refused("RATE_LIMITED");
    town.later(TimeDelta::milliseconds(1));
    town.stranger().asks_for_code(&phone).await.is_done();
}

async fn an_address_gets_twenty_codes_an_hour_thirty_a_day(town: &Town) {
    let ann = town.stranger();
    let mut sent = 0;
    for hour in 0..3 {
        for _ in 0..25 {
            let answer = ann.asks_for_code(&town.stranger().phone()).await;
            sent += usize::from(answer.codes().is_empty());
            assert!(answer.codes().is_empty() || answer.codes() == ["RATE_LIMITED"]);
        }
        assert_eq!(sent, [20, 30, 30][hour], "after hour {hour}");
        town.later(HOUR);
    }
    let somebody_else = town.stranger();
    somebody_else.asks_for_code(&somebody_else.phone()).await.is_done();
}

async fn known_and_unknown_phones_are_answered_alike(town: &Town) {
    let known = zhilitong::seed::RESIDENT_PHONE;
    let unknown = town.stranger().phone();
    let mut answers = Vec::new();
    for phone in [known, &unknown] {
        let asked = town.stranger().asks_for_code(phone).await;
        let again = town.stranger().asks_for_code(phone).await;
        let wrong = town.stranger().tries_code(phone, "x").await;
        let mut again = again.json["errors"][0].clone();
        again["extensions"]["requestId"] = serde_json::Value::Null;
        answers.push((asked.status, asked.json, again, wrong.status, wrong.json));
    }
    assert_eq!(answers[0], answers[1]);
}

async fn a_phone_may_be_written_in_many_ways(town: &Town) {
    let mut ids = HashSet::new();
    for written in ["13912345678", "+86 139-1234-5678", "１３９１２３４５６７８", "008613912345678"] {
        let mut ann = town.stranger();
        ann.asks_for_code(written).await.is_done();
        let code = town.code_for("13912345678").await;
        let answer = ann.tries_code("13912345678", &code).await;
        ids.insert(answer.text("/signInWithCode/viewer/user/id"));
        town.later(MINUTE);
        ann.token = None;
    }
    assert_eq!(ids.len(), 1);
}

async fn nonsense_is_named_by_field(town: &Town) {
    let mut ann = town.stranger();
    for phone in ["1234", "02162345678", "+14155550100", "1380013800O", "138 0013 8000 1"] {
        ann.asks_for_code(phone).await.is_refused("INVALID").at("phone");
    }
    ann.asks_for_code(" ").await.is_refused("REQUIRED").at("phone");
    ann.device = "short".to_owned();
    ann.tries_code(&ann.phone(), "123456").await.is_refused("INVALID").at("device.id");
    ann.device = "x".repeat(129);
    ann.tries_code(&ann.phone(), "123456").await.is_refused("TOO_LONG").at("device.id");
    ann.device = "a-device-of-mine".to_owned();
    ann.tries_code(&ann.phone(), &"1".repeat(17)).await.is_refused("TOO_LONG").at("code");
}
