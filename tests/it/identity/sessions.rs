//! Sessions: refresh families, devices, revocation.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;

use crate::support::{Person, Town, eventually, stories};

stories![
    an_access_token_lives_fifteen_minutes_and_is_refreshed,
    a_lost_answer_is_given_again_within_ten_seconds,
    a_lost_answer_is_not_given_again_later,
    reuse_ends_the_whole_family,
    another_device_cannot_refresh,
    refreshing_twice_at_once_keeps_one_family,
    of_twenty_devices_at_once_at_most_one_refreshes_and_the_family_dies,
    made_up_refresh_tokens_end_nothing,
    a_family_ends_after_thirty_days,
    a_person_signs_out_here,
    a_person_signs_another_device_out,
    nobody_signs_somebody_else_out,
    a_person_signs_out_everywhere,
    what_is_revoked_elsewhere_is_refused_within_five_seconds,
    sockets_of_a_revoked_session_close_within_five_seconds,
    sessions_outlive_a_restart,
];

const REVOKED: &str = "revokedSessionIds userErrors { code }";

fn refresh_token(answer: &crate::support::Answer) -> String {
    answer.text("/refreshSession/tokens/refreshToken")
}

async fn an_access_token_lives_fifteen_minutes_and_is_refreshed(town: &Town) {
    let mut ann = town.resident().await;
    town.later(TimeDelta::minutes(15));
    assert!(ann.id().await.is_some(), "clocks may differ by five seconds");
    town.later(TimeDelta::seconds(5));
    assert_eq!(ann.knocks().await, ["UNAUTHENTICATED"]);
    ann.refreshes().await;
    assert!(ann.id().await.is_some());
}

async fn a_lost_answer_is_given_again_within_ten_seconds(town: &Town) {
    let ann = town.resident().await;
    let old = ann.refresh.clone().unwrap();
    let first = ann.tries_refresh(&old, &ann.device).await;
    town.later(TimeDelta::seconds(10));
    let again = ann.tries_refresh(&old, &ann.device).await;
    assert_eq!(refresh_token(&first), refresh_token(&again));
    let next = ann.tries_refresh(&refresh_token(&again), &ann.device).await;
    assert_ne!(refresh_token(&next), refresh_token(&again));
}

async fn a_lost_answer_is_not_given_again_later(town: &Town) {
    let ann = town.resident().await;
    let old = ann.refresh.clone().unwrap();
    let newest = refresh_token(&ann.tries_refresh(&old, &ann.device).await);
    town.later(TimeDelta::microseconds(10_000_001));
    ann.tries_refresh(&old, &ann.device).await.is_refused("UNAUTHENTICATED");
    ann.tries_refresh(&newest, &ann.device).await.is_refused("UNAUTHENTICATED");
}

async fn reuse_ends_the_whole_family(town: &Town) {
    let mut ann = town.resident().await;
    let stolen = ann.refresh.clone().unwrap();
    ann.refreshes().await;
    ann.refreshes().await;
    assert!(ann.id().await.is_some());
    ann.tries_refresh(&stolen, &ann.device).await.is_refused("UNAUTHENTICATED");
    assert_eq!(ann.knocks().await, ["UNAUTHENTICATED"], "the newest access token too");
    let newest = ann.refresh.clone().unwrap();
    ann.tries_refresh(&newest, &ann.device).await.is_refused("UNAUTHENTICATED");
}

async fn another_device_cannot_refresh(town: &Town) {
    let ann = town.resident().await;
    let token = ann.refresh.clone().unwrap();
    ann.tries_refresh(&token, "a-device-of-a-thief").await.is_refused("UNAUTHENTICATED");
    ann.tries_refresh(&token, &ann.device).await.is_refused("UNAUTHENTICATED");
    let bob = town.resident().await;
    let old = bob.refresh.clone().unwrap();
    bob.tries_refresh(&old, &bob.device).await.is_done();
    bob.tries_refresh(&old, "a-device-of-a-thief").await.is_refused("UNAUTHENTICATED");
    assert_eq!(bob.knocks().await, ["UNAUTHENTICATED"]);
}

async fn refreshing_twice_at_once_keeps_one_family(town: &Town) {
    let ann = town.resident().await;
    let old = ann.refresh.clone().unwrap();
    let answers = join_all((0..8).map(|_| ann.tries_refresh(&old, &ann.device))).await;
    let mut tokens: Vec<String> = answers.iter().map(refresh_token).collect();
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "one successor for all");
    ann.tries_refresh(&tokens[0], &ann.device).await.is_done();
}

/// One token in many hands: at most one passes, and then nobody is in.
async fn of_twenty_devices_at_once_at_most_one_refreshes_and_the_family_dies(town: &Town) {
    let ann = town.resident().await;
    let token = ann.refresh.clone().unwrap();
    let devices: Vec<String> =
        (0..20).map(|n| if n == 7 { ann.device.clone() } else { format!("a-device-{n:04}") }).collect();
    let answers = join_all(devices.iter().map(|device| ann.tries_refresh(&token, device))).await;
    let passed: Vec<_> = answers.iter().filter(|answer| answer.codes().is_empty()).collect();
    assert!(passed.len() <= 1, "{} passed", passed.len());
    let others = answers.iter().filter(|answer| !answer.codes().is_empty());
    assert!(others.clone().all(|answer| answer.codes() == ["UNAUTHENTICATED"]), "{answers:?}");
    for newest in passed.into_iter().map(refresh_token).chain([token]) {
        ann.tries_refresh(&newest, &ann.device).await.is_refused("UNAUTHENTICATED");
    }
    assert_eq!(ann.knocks().await, ["UNAUTHENTICATED"], "the access token too");
}

async fn made_up_refresh_tokens_end_nothing(town: &Town) {
    let mut ann = town.resident().await;
    let token = ann.refresh.clone().unwrap();
    let parts: Vec<&str> = token.splitn(3, '.').collect();
    let forged = [
        String::new(),
        "x".to_owned(),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.1.{}", parts[0], parts[2]),
        format!("{}.-1.{}", parts[0], parts[2]),
        format!("{}.0.{}A", parts[0], parts[2]),
        format!("{}.0.", parts[0]),
        format!("{}.99999999999.{}", parts[0], parts[2]),
        "é".repeat(100),
    ];
    for forged in &forged {
        ann.tries_refresh(forged, &ann.device).await.is_refused("UNAUTHENTICATED");
    }
    ann.refreshes().await;
}

async fn a_family_ends_after_thirty_days(town: &Town) {
    let mut ann = town.resident().await;
    town.later(TimeDelta::days(29));
    ann.refreshes().await;
    town.later(TimeDelta::days(1));
    let token = ann.refresh.clone().unwrap();
    ann.tries_refresh(&token, &ann.device).await.is_refused("UNAUTHENTICATED");
}

/// A second device of the same person.
async fn second_device(town: &Town, person: &Person) -> Person {
    town.later(TimeDelta::seconds(61));
    let mut device = town.stranger();
    device.signs_in_with_code(town, &person.phone()).await;
    device
}

async fn session_of(person: &Person) -> String {
    let answer = person.asks("{ viewer { sessions { id isCurrent } } }").await;
    let sessions = answer.list("/viewer/sessions");
    let current = sessions.iter().find(|session| session["isCurrent"] == true).expect("a current session");
    current["id"].as_str().unwrap().to_owned()
}

async fn a_person_signs_out_here(town: &Town) {
    let ann = town.resident().await;
    let session = session_of(&ann).await;
    let answer = ann.does("revokeSession", &serde_json::json!({}), REVOKED).await;
    assert_eq!(answer.get("/revokeSession/revokedSessionIds"), &serde_json::json!([session]));
    assert_eq!(ann.knocks().await, ["UNAUTHENTICATED"]);
    let token = ann.refresh.clone().unwrap();
    ann.tries_refresh(&token, &ann.device).await.is_refused("UNAUTHENTICATED");
}

async fn a_person_signs_another_device_out(town: &Town) {
    let ann = town.resident().await;
    let lost = second_device(town, &ann).await;
    assert_eq!(ann.asks("{ viewer { sessions { id } } }").await.list("/viewer/sessions").len(), 2);
    let input = serde_json::json!({ "id": session_of(&lost).await });
    ann.does("revokeSession", &input, REVOKED).await.is_done();
    assert_eq!(lost.knocks().await, ["UNAUTHENTICATED"]);
    assert!(ann.id().await.is_some());
    assert_eq!(ann.asks("{ viewer { sessions { id } } }").await.list("/viewer/sessions").len(), 1);
    ann.does("revokeSession", &input, REVOKED).await.is_refused("NOT_FOUND");
}

async fn nobody_signs_somebody_else_out(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let input = serde_json::json!({ "id": session_of(&ann).await });
    bob.does("revokeSession", &input, REVOKED).await.is_refused("NOT_FOUND");
    town.staff("admin").await.does("revokeSession", &input, REVOKED).await.is_refused("NOT_FOUND");
    assert!(ann.id().await.is_some());
}

async fn a_person_signs_out_everywhere(town: &Town) {
    let ann = town.resident().await;
    let other = second_device(town, &ann).await;
    let bob = town.resident().await;
    let answer = ann.asks("mutation { revokeAllSessions { revokedSessionIds userErrors { code } } }").await;
    assert_eq!(answer.list("/revokeAllSessions/revokedSessionIds").len(), 2);
    for device in [&ann, &other] {
        assert_eq!(device.knocks().await, ["UNAUTHENTICATED"]);
    }
    assert!(bob.id().await.is_some());
}

/// As when another node, or an administrator, ends it: nobody tells this node.
async fn what_is_revoked_elsewhere_is_refused_within_five_seconds(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    assert!(ann.id().await.is_some() && bob.id().await.is_some(), "both are hot");
    assert!(town.tampers("UPDATE session SET revoked_at = created_at").await >= 1);
    let started = Instant::now();
    for person in [&ann, &bob] {
        eventually("the session is refused", async || person.knocks().await == ["UNAUTHENTICATED"]).await;
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

async fn sockets_of_a_revoked_session_close_within_five_seconds(town: &Town) {
    let ann = town.resident().await;
    let other = second_device(town, &ann).await;
    let (mut here, mut there) = (ann.connects().await, other.connects().await);
    here.subscribes("1", "{ viewer { user { id } } }").await;
    assert_eq!(here.hears().await["type"], "next");
    let started = Instant::now();
    ann.asks("mutation { revokeAllSessions { userErrors { code } } }").await.is_done();
    let codes = join_all([here.closes(), there.closes()]).await;
    assert_eq!(codes, [4403, 4403]);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

async fn sessions_outlive_a_restart(town: &Town) {
    // A second service over the same database: what a rolling upgrade does.
    let mut ann = town.resident().await;
    let other = town.second_node().await;
    ann.server = other.address;
    assert!(ann.id().await.is_some());
    ann.refreshes().await;
    assert!(ann.id().await.is_some());
    other.stops().await;
}
