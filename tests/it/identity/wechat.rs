//! Signing in with WeChat: the real client against a WeChat that does what its documentation says.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::privacy::is_stored;
use crate::support::case::{complaint, new_key, with};
use crate::support::engine::redis_url;
use crate::support::proxy::Proxy;
use crate::support::remote::Trouble;
use crate::support::wechat::{PHONE, SESSION, TOKEN};
use crate::support::{Engine, Person, Town, stories};

stories![
    an_openid_opens_one_account_and_finds_it_again,
    a_code_of_wechat_is_used_once_and_lives_five_minutes,
    a_number_joins_what_belongs_to_one_person,
    a_country_may_be_a_number_or_text,
    who_has_no_number_is_asked_for_one_and_binds_it,
    a_number_of_another_account_is_not_bound,
    binding_again_by_the_same_key_asks_wechat_once,
    a_recycled_number_opens_a_new_account,
    a_recycled_number_comes_with_a_new_wechat,
    a_recycled_number_can_be_bound,
    who_comes_back_in_time_keeps_the_number,
    the_last_session_tells_when_an_account_was_used,
    of_many_sign_ins_at_once_one_opens_the_account,
    a_disabled_account_is_refused,
    what_wechat_refuses_is_told_by_stable_codes,
    a_busy_wechat_is_asked_again,
    a_token_that_ended_is_fetched_anew_once,
    whoever_waits_for_a_token_in_vain_does_not_ask_again,
    an_answer_that_is_none_is_unavailable,
    who_fails_again_and_again_is_left_alone_for_a_while,
    a_town_without_wechat_says_so,
    nothing_of_wechat_is_kept_in_clear,
];

const YEAR_AND_A_DAY: TimeDelta = TimeDelta::days(366);
const SIGNED_IN: &str = "/signInWithWechat/viewer/user/id";

async fn an_openid_opens_one_account_and_finds_it_again(town: &Town) {
    let mut ann = town.stranger();
    let first = ann.signs_in_with_wechat(town, "oAnn", None).await;
    assert_eq!(first.get("/signInWithWechat/isNewUser"), true);
    assert_eq!(*ann.asks("{ viewer { phone } }").await.get("/viewer/phone"), Value::Null);
    let mut elsewhere = town.stranger();
    let second = elsewhere.signs_in_with_wechat(town, "oAnn", None).await;
    assert_eq!(second.get("/signInWithWechat/isNewUser"), false);
    assert_eq!(elsewhere.id().await, ann.id().await);
    let mut bob = town.stranger();
    bob.signs_in_with_wechat(town, "oBob", None).await;
    assert_ne!(bob.id().await, ann.id().await);
}

async fn a_code_of_wechat_is_used_once_and_lives_five_minutes(town: &Town) {
    let ann = town.stranger();
    let login = town.wechat.login_code("oAnn");
    ann.tries_wechat(&login, None).await.is_done();
    ann.tries_wechat(&login, None).await.is_refused("CODE_EXPIRED").at("loginCode");
    ann.tries_wechat("0made0up0code", None).await.is_refused("CODE_EXPIRED").at("loginCode");
    let (in_time, late) = (town.wechat.login_code("oAnn"), town.wechat.login_code("oAnn"));
    town.later(TimeDelta::seconds(299));
    ann.tries_wechat(&in_time, None).await.is_done();
    town.later(TimeDelta::seconds(1));
    ann.tries_wechat(&late, None).await.is_refused("CODE_EXPIRED").at("loginCode");
    let phone = town.wechat.phone_code(&ann.phone());
    let new = |openid: &str| town.wechat.login_code(openid);
    ann.tries_wechat(&new("oNew1"), Some(&phone)).await.is_done();
    ann.tries_wechat(&new("oNew2"), Some(&phone)).await.is_refused("CODE_EXPIRED").at("phoneCode");
    let again = ann.tries_wechat(&new("oNew2"), None).await;
    assert_eq!(again.get("/signInWithWechat/isNewUser"), true, "a refused sign-in opened no account");
}

async fn a_number_joins_what_belongs_to_one_person(town: &Town) {
    let ann = town.resident().await;
    let mut on_wechat = town.stranger();
    let joined = on_wechat.signs_in_with_wechat(town, "oAnn", Some(&ann.phone())).await;
    assert_eq!(joined.get("/signInWithWechat/isNewUser"), false);
    assert_eq!(on_wechat.id().await, ann.id().await);
    let exchanged = town.wechat.remote.asked(PHONE).len();
    let again = on_wechat.signs_in_with_wechat(town, "oAnn", Some("13900000009")).await;
    assert_eq!(Some(again.text(SIGNED_IN)), ann.id().await, "a known openid decides");
    assert_eq!(town.wechat.remote.asked(PHONE).len(), exchanged, "what is not needed is not paid for");

    let mut bob = town.stranger();
    let phone = bob.phone();
    bob.signs_in_with_wechat(town, "oBob", Some(&phone)).await;
    assert_eq!(bob.asks("{ viewer { phone } }").await.text("/viewer/phone"), format!("+86{phone}"));
    let mut by_code = town.stranger();
    by_code.signs_in_with_code(town, &phone).await;
    assert_eq!(by_code.id().await, bob.id().await);
}

async fn a_country_may_be_a_number_or_text(town: &Town) {
    let ann = town.stranger();
    for (number, (country, is_taken)) in
        [(json!("86"), true), (json!(86), true), (json!("852"), false), (json!(1), false)].into_iter().enumerate()
    {
        let login = town.wechat.login_code(&format!("o{number}"));
        let phone = town.wechat.phone_code_from(&format!("1390000000{number}"), &country);
        let answer = ann.tries_wechat(&login, Some(&phone)).await;
        if is_taken {
            answer.is_done()
        } else {
            answer.is_refused("INVALID").at("phoneCode")
        };
    }
}

async fn who_has_no_number_is_asked_for_one_and_binds_it(town: &Town) {
    let mut ann = town.stranger();
    ann.signs_in_with_wechat(town, "oAnn", None).await;
    ann.consents().await;
    let report = with(complaint(), json!({ "idempotencyKey": new_key() }));
    ann.tries_to_report(&report).await.is_refused("PHONE_REQUIRED").at("contactPhone");
    let code = town.wechat.phone_code(&ann.phone());
    let bound = ann.tries_to_bind(&code, &new_key()).await;
    assert_eq!(bound.text("/bindPhone/viewer/phone"), format!("+86{}", ann.phone()));
    ann.tries_to_report(&report).await.is_done();
    let another = town.wechat.phone_code("13900000001");
    ann.tries_to_bind(&another, &new_key()).await.is_refused("INVALID").at("phoneCode");
    ann.holding(None).tries_to_bind(&another, &new_key()).await.is_refused("UNAUTHENTICATED");
}

async fn a_number_of_another_account_is_not_bound(town: &Town) {
    let (bob, mut ann) = (town.resident().await, town.stranger());
    ann.signs_in_with_wechat(town, "oAnn", None).await;
    let code = town.wechat.phone_code(&bob.phone());
    ann.tries_to_bind(&code, &new_key()).await.is_refused("PHONE_TAKEN").at("phoneCode");
    assert_eq!(*ann.asks("{ viewer { phone } }").await.get("/viewer/phone"), Value::Null);
    assert_eq!(bob.asks("{ viewer { phone } }").await.text("/viewer/phone"), format!("+86{}", bob.phone()));
}

async fn binding_again_by_the_same_key_asks_wechat_once(town: &Town) {
    let mut ann = town.stranger();
    ann.signs_in_with_wechat(town, "oAnn", None).await;
    let (code, key) = (town.wechat.phone_code(&ann.phone()), new_key());
    for is_replay in [false, true, true] {
        let bound = ann.tries_to_bind(&code, &key).await;
        assert_eq!(*bound.get("/bindPhone/isReplay"), is_replay);
        assert_eq!(bound.text("/bindPhone/viewer/phone"), format!("+86{}", ann.phone()));
    }
    assert_eq!(town.wechat.remote.asked(PHONE).len(), 1);
    ann.tries_to_bind("another0code", &key).await.is_refused("IDEMPOTENCY_KEY_REUSED");
}

/// Somebody with a WeChat and a number who was not seen for a year and a day.
async fn long_gone(town: &Town) -> (Person, String) {
    let mut ann = town.stranger();
    let phone = ann.phone();
    ann.signs_in_with_wechat(town, "oAnn", Some(&phone)).await;
    let id = ann.id().await.unwrap();
    town.later(YEAR_AND_A_DAY);
    (ann, id)
}

/// Whether the former owner comes back to the old account, without the number.
async fn lost_the_number(town: &Town, old: &str) {
    let mut ann = town.stranger();
    let back = ann.signs_in_with_wechat(town, "oAnn", None).await;
    assert_eq!(back.text(SIGNED_IN), old);
    assert_eq!(*ann.asks("{ viewer { phone } }").await.get("/viewer/phone"), Value::Null);
}

async fn a_recycled_number_opens_a_new_account(town: &Town) {
    let (ann, old) = long_gone(town).await;
    let mut bob = town.stranger();
    let signed_in = bob.signs_in_with_code(town, &ann.phone()).await;
    assert_eq!(signed_in.get("/signInWithCode/isNewUser"), true);
    assert_ne!(bob.id().await.as_deref(), Some(old.as_str()));
    lost_the_number(town, &old).await;
    town.later(TimeDelta::minutes(2));
    let mut again = town.stranger();
    again.signs_in_with_code(town, &ann.phone()).await;
    assert_eq!(again.id().await, bob.id().await);
}

async fn a_recycled_number_comes_with_a_new_wechat(town: &Town) {
    let (ann, old) = long_gone(town).await;
    let mut bob = town.stranger();
    let signed_in = bob.signs_in_with_wechat(town, "oBob", Some(&ann.phone())).await;
    assert_eq!(signed_in.get("/signInWithWechat/isNewUser"), true);
    assert_eq!(bob.asks("{ viewer { phone } }").await.text("/viewer/phone"), format!("+86{}", ann.phone()));
    lost_the_number(town, &old).await;
}

async fn a_recycled_number_can_be_bound(town: &Town) {
    let (ann, old) = long_gone(town).await;
    let mut bob = town.stranger();
    bob.signs_in_with_wechat(town, "oBob", None).await;
    let bound = bob.tries_to_bind(&town.wechat.phone_code(&ann.phone()), &new_key()).await;
    assert_eq!(bound.text("/bindPhone/viewer/phone"), format!("+86{}", ann.phone()));
    lost_the_number(town, &old).await;
}

async fn who_comes_back_in_time_keeps_the_number(town: &Town) {
    let (ann, old) = long_gone(town).await;
    let mut with_old_wechat = town.stranger();
    with_old_wechat.signs_in_with_wechat(town, "oAnn", None).await;
    let mut by_code = town.stranger();
    by_code.signs_in_with_code(town, &ann.phone()).await;
    assert_eq!(by_code.id().await.as_deref(), Some(old.as_str()), "the old WeChat has confirmed");
    let resident = town.resident().await;
    let (phone, id) = (resident.phone(), resident.id().await);
    town.later(YEAR_AND_A_DAY);
    let mut without_wechat = town.stranger();
    without_wechat.signs_in_with_code(town, &phone).await;
    assert_eq!(without_wechat.id().await, id, "nobody could come back to it otherwise");
}

async fn the_last_session_tells_when_an_account_was_used(town: &Town) {
    let mut ann = town.stranger();
    let phone = ann.phone();
    ann.signs_in_with_wechat(town, "oAnn", Some(&phone)).await;
    let id = ann.id().await;
    for days in [300, 29, 29] {
        town.later(TimeDelta::days(days));
        let mut tablet = town.stranger();
        tablet.signs_in_with_wechat(town, "oAnn", None).await;
    }
    // Housekeeping comes by when all sessions are long over.
    town.later(TimeDelta::days(330));
    let before = town.now() - TimeDelta::days(30);
    let forgotten = town.base().write(&kernel::actor::Actor::System, &before, |tx, before| {
        Box::pin(async move { identity::forget_sessions(tx, *before).await })
    });
    assert_eq!(forgotten.await.unwrap(), 3, "all but the last");
    let mut by_code = town.stranger();
    by_code.signs_in_with_code(town, &phone).await;
    assert_eq!(by_code.id().await, id, "330 days are no year");
}

async fn of_many_sign_ins_at_once_one_opens_the_account(town: &Town) {
    let people: Vec<Person> = (0..8).map(|_| town.stranger()).collect();
    let phone = town.stranger().phone();
    let answers = join_all(people.iter().enumerate().map(|(number, person)| {
        let login = town.wechat.login_code("oAnn");
        let code = (number % 2 == 0).then(|| town.wechat.phone_code(&phone));
        async move { person.tries_wechat(&login, code.as_deref()).await }
    }))
    .await;
    let ids: HashSet<String> = answers.iter().map(|answer| answer.text(SIGNED_IN)).collect();
    assert_eq!(ids.len(), 1);
    let opened = answers.iter().filter(|answer| *answer.get("/signInWithWechat/isNewUser") == true).count();
    assert_eq!(opened, 1);
    assert_eq!(town.number("SELECT count(*) AS n FROM identity").await, 1);
}

async fn a_disabled_account_is_refused(town: &Town) {
    let mut ann = town.stranger();
    ann.signs_in_with_wechat(town, "oAnn", None).await;
    let disabled = "UPDATE account SET status = 'DISABLED' WHERE id IN (SELECT account_id FROM identity)";
    assert_eq!(town.tampers(disabled).await, 1);
    let login = town.wechat.login_code("oAnn");
    town.stranger().tries_wechat(&login, None).await.is_refused("FORBIDDEN");
}

fn refusing(errcode: i64) -> Trouble {
    Trouble::Json(json!({ "errcode": errcode, "errmsg": "refused, rid: 6543f0a1-0badc0de-12345678" }))
}

async fn what_wechat_refuses_is_told_by_stable_codes(town: &Town) {
    let ann = town.stranger();
    for (errcode, expected) in [
        (40029, "CODE_EXPIRED"),
        (40163, "CODE_EXPIRED"),
        (45011, "RATE_LIMITED"),
        (40226, "WECHAT_ACCOUNT_BLOCKED"),
        (41002, "UNAVAILABLE"),
        (40013, "UNAVAILABLE"),
        (40125, "UNAVAILABLE"),
        (47001, "UNAVAILABLE"),
        (99999, "UNAVAILABLE"),
    ] {
        for path in [SESSION, PHONE] {
            town.wechat.remote.has_trouble(path, &refusing(errcode), 1);
            let (login, phone) = (town.wechat.login_code("oAnn"), town.wechat.phone_code(&ann.phone()));
            let answer = ann.tries_wechat(&login, Some(&phone)).await;
            assert_eq!(answer.codes(), [expected], "{errcode} of {path}");
            if errcode == 45011 {
                assert_eq!(answer.json["errors"][0]["extensions"]["retryAfterMs"], 60_000);
            }
            if expected == "CODE_EXPIRED" {
                answer.at(if path == SESSION { "loginCode" } else { "phoneCode" });
            }
        }
    }
    let login = town.wechat.login_code("oAnn");
    ann.tries_wechat(&login, None).await.is_done();
}

async fn a_busy_wechat_is_asked_again(town: &Town) {
    let mut ann = town.stranger();
    town.wechat.remote.has_trouble(SESSION, &refusing(-1), 2);
    ann.signs_in_with_wechat(town, "oAnn", None).await;
    assert_eq!(town.wechat.remote.asked(SESSION).len(), 3);
    town.wechat.remote.has_trouble(SESSION, &refusing(-1), 10);
    let login = town.wechat.login_code("oAnn");
    ann.tries_wechat(&login, None).await.is_refused("UNAVAILABLE");
    assert_eq!(town.wechat.remote.asked(SESSION).len(), 3 + 4, "three times more, and no more");
}

async fn a_token_that_ended_is_fetched_anew_once(town: &Town) {
    let signs_in = async |openid: &str, number: u32| {
        let mut somebody = town.stranger();
        somebody.signs_in_with_wechat(town, openid, Some(&format!("1390000{number:04}"))).await;
    };
    let fetched = || town.wechat.remote.asked(TOKEN).len();
    signs_in("o1", 1).await;
    signs_in("o2", 2).await;
    assert_eq!(fetched(), 1);
    town.later(TimeDelta::hours(1) + TimeDelta::minutes(57));
    signs_in("o3", 3).await;
    assert_eq!(fetched(), 2, "its time was over");
    town.wechat.ends_token();
    signs_in("o4", 4).await;
    assert_eq!(fetched(), 3, "it ended before its time");
    town.loses_redis().await;
    signs_in("o5", 5).await;
    assert_eq!(fetched(), 4, "Redis had the only copy");

    let exchanged = town.wechat.remote.asked(PHONE).len();
    town.wechat.remote.has_trouble(PHONE, &refusing(40001), 5);
    let (login, phone) = (town.wechat.login_code("o6"), town.wechat.phone_code("13900000006"));
    // In normal mode WeChat gives the same token again, which is known to be refused.
    town.stranger().tries_wechat(&login, Some(&phone)).await.is_refused("UNAVAILABLE");
    let tries = town.wechat.remote.asked(PHONE).len() - exchanged;
    assert_eq!(tries, 2, "once more, and no more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_nodes_fetch_one_token() {
    let town = Town::open(Engine::Servers).await;
    let node = town.second_node().await;
    let sign_ins = (0..10).map(|number: u32| {
        let mut person = town.stranger();
        person.server = if number.is_multiple_of(2) { town.address } else { node.address };
        let login = town.wechat.login_code(&format!("o{number}"));
        let phone = town.wechat.phone_code(&format!("1390000000{number}"));
        async move { person.tries_wechat(&login, Some(&phone)).await.codes() }
    });
    assert_eq!(join_all(sign_ins).await.concat(), [""; 0]);
    assert_eq!(town.wechat.remote.asked(TOKEN).len(), 1);
    node.stops().await;
    assert_eq!(town.close().await, [""; 0]);
}

async fn whoever_waits_for_a_token_in_vain_does_not_ask_again(town: &Town) {
    town.wechat.remote.has_trouble(TOKEN, &refusing(40013), 100);
    let sign_ins = (0..10).map(|number: u32| {
        let person = town.stranger();
        let login = town.wechat.login_code(&format!("o{number}"));
        let phone = town.wechat.phone_code(&format!("1390000000{number}"));
        async move { person.tries_wechat(&login, Some(&phone)).await.codes() }
    });
    assert_eq!(join_all(sign_ins).await.concat(), ["UNAVAILABLE"; 10]);
    let asked = town.wechat.remote.asked(TOKEN).len();
    assert!(asked < 10, "{asked} times for ten people");
}

async fn an_answer_that_is_none_is_unavailable(town: &Town) {
    let ann = town.stranger();
    for trouble in [
        Trouble::Status(502),
        Trouble::HangUp,
        Trouble::Words("<html>"),
        Trouble::Words("[1]"),
        Trouble::Words("{\"openid\":"),
        Trouble::Json(json!({ "openid": "" })),
        Trouble::Json(json!({ "openid": 7 })),
        Trouble::Json(json!({ "errcode": {} })),
    ] {
        town.wechat.remote.has_trouble(SESSION, &trouble, 1);
        let login = town.wechat.login_code("oAnn");
        ann.tries_wechat(&login, None).await.is_refused("UNAVAILABLE");
        let login = town.wechat.login_code("oAnn");
        ann.tries_wechat(&login, None).await.is_done();
    }
    town.wechat.remote.has_trouble(SESSION, &Trouble::Silence, 1);
    let (login, started) = (town.wechat.login_code("oAnn"), Instant::now());
    ann.tries_wechat(&login, None).await.is_refused("UNAVAILABLE");
    let took = started.elapsed();
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(6), "{took:?}");
}

async fn who_fails_again_and_again_is_left_alone_for_a_while(town: &Town) {
    let ann = town.stranger();
    let tries = async || ann.tries_wechat(&town.wechat.login_code("oAnn"), None).await.codes();
    let asked = || town.wechat.remote.asked(SESSION).len();
    town.wechat.remote.has_trouble(SESSION, &Trouble::Status(500), 100);
    for _ in 0..8 {
        assert_eq!(tries().await, ["UNAVAILABLE"]);
    }
    assert_eq!(asked(), 5, "the others were refused here");
    town.later(TimeDelta::seconds(30));
    assert_eq!(tries().await, ["UNAVAILABLE"]);
    assert_eq!(tries().await, ["UNAVAILABLE"]);
    assert_eq!(asked(), 6, "one was tried");
    town.wechat.remote.recovers();
    assert_eq!(tries().await, ["UNAVAILABLE"], "nobody knows yet");
    town.later(TimeDelta::seconds(30));
    assert_eq!(tries().await, [""; 0]);
    assert_eq!(tries().await, [""; 0]);
}

async fn a_town_without_wechat_says_so(town: &Town) {
    let town = Town::with(town.ground.engine, |config| config.wechat.app_id.clear()).await;
    town.stranger().tries_wechat("0anycode", None).await.is_refused("UNAVAILABLE");
    assert_eq!(town.close().await, [""; 0]);
}

async fn nothing_of_wechat_is_kept_in_clear(town: &Town) {
    let mut ann = town.stranger();
    let phone = ann.phone();
    let answer = ann.signs_in_with_wechat(town, "oCanaryOfAnOpenid", Some(&phone)).await;
    let mut secrets = town.wechat.secrets();
    secrets.extend(["oCanaryOfAnOpenid".to_owned(), phone]);
    let redis = &town.base().redis;
    let mut commands = redis::pipe();
    commands.cmd("SCAN").arg(0).arg("MATCH").arg(redis.key("wechat-*")).arg("COUNT").arg(1_000_000);
    let ((_, keys),): ((u64, Vec<String>),) = redis.send(&commands).await.unwrap();
    assert_eq!(keys.len(), 1, "the token");
    let mut commands = redis::pipe();
    commands.cmd("GET").arg(&keys[0]);
    let (kept,): (String,) = redis.send(&commands).await.unwrap();
    for secret in secrets {
        assert!(!is_stored(town, &secret).await, "{secret} is stored in clear");
        assert!(!answer.json.to_string().contains(&secret), "{secret} is answered");
        assert!(!kept.contains(&secret) && !keys[0].contains(&secret), "{secret} is in Redis");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_nobody_asks_wechat_for_a_token() {
    let server = redis_url();
    let wire = Proxy::to(server.trim_start_matches("redis://")).await;
    let town = Town::with(Engine::Servers, |config| config.redis.url = format!("redis://{}", wire.address)).await;
    wire.cut();
    let (login, phone) = (town.wechat.login_code("oAnn"), town.wechat.phone_code("13900000001"));
    town.stranger().tries_wechat(&login, Some(&phone)).await.is_refused("UNAVAILABLE");
    assert_eq!(town.wechat.remote.asked(TOKEN).len(), 0);
    assert_eq!(town.close().await, [""; 0]);
}
