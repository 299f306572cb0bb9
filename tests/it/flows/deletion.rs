//! The end of an account: asked for and confirmed, thought over for seven days, done; the cases stay under a pseudonym.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::all_forgotten;
use crate::support::case::{complaint, new_key, with};
use crate::support::{Crew, Town, stories};

stories![
    an_account_ends_after_seven_days_and_its_cases_stay,
    a_person_may_think_better_of_it,
    the_own_number_confirms_it,
    who_works_for_the_sub_district_gives_up_the_duties_first,
    of_many_calls_at_once_one_is_taken,
    who_is_gone_can_come_back_as_somebody_new,
    a_number_left_with_a_case_is_not_ones_own,
    who_was_let_in_before_writes_nothing_after,
];

const WEEK: TimeDelta = TimeDelta::days(7);

async fn an_account_ends_after_seven_days_and_its_cases_stay(town: &Town) {
    let (mut ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "IN_PROGRESS").await;
    town.later(TimeDelta::seconds(61));
    let asked = ann.asks_to_be_forgotten(town, Some(&ann.phone())).await;
    let due = town.now() + WEEK;
    let shown = asked.get("/requestAccountDeletion/accountDeletion").clone();
    assert_eq!(shown["state"], "COOLING");
    assert_eq!(shown["dueAt"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), due);
    town.later(WEEK - TimeDelta::seconds(10));
    ann.refreshes().await;
    assert_eq!(ann.deletion().await["state"], "COOLING", "the account works until then");
    let mut socket = ann.connects().await;
    town.later(TimeDelta::seconds(10));
    all_forgotten(town).await;
    assert_eq!(ann.knocks().await, ["UNAUTHENTICATED"]);
    assert_eq!(socket.closes().await, 4403);
    let refused = ann.tries_refresh(&ann.refresh.clone().unwrap(), &ann.device).await;
    refused.is_refused("UNAUTHENTICATED");
    let handler = town.staff("property.handler").await;
    let seen = handler.sees(&case, "state description contactPhone reporter { displayName }").await;
    let expected = json!({
        "state": "IN_PROGRESS", "description": "单元门禁坏了一周", "contactPhone": null,
        "reporter": { "displayName": "居民" },
    });
    assert_eq!(seen, expected, "the case goes on; nobody can tell whose it was");
    let auditor = town.staff("auditor").await;
    let lines = "{ auditEntries(filter: { action: \"eraseAccount\" }) { nodes { outcome actorId } } }";
    let lines = auditor.asks(lines).await.list("/auditEntries/nodes");
    assert_eq!(lines, [json!({ "outcome": "DONE", "actorId": null })]);
}

async fn a_person_may_think_better_of_it(town: &Town) {
    let mut ann = town.resident().await;
    ann.changes_mind().await.is_refused("INVALID_TRANSITION");
    town.later(TimeDelta::seconds(61));
    ann.asks_to_be_forgotten(town, Some(&ann.phone())).await.is_done();
    town.later(TimeDelta::seconds(61));
    ann.asks_to_be_forgotten(town, Some(&ann.phone())).await.is_refused("INVALID_TRANSITION");
    let off = ann.changes_mind().await;
    assert_eq!(off.text("/cancelAccountDeletion/accountDeletion/state"), "CANCELLED");
    assert_eq!(ann.deletion().await, Value::Null);
    town.later(WEEK * 2);
    all_forgotten(town).await;
    ann.refreshes().await;
    assert!(ann.id().await.is_some(), "nothing happened");
}

async fn the_own_number_confirms_it(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    town.later(TimeDelta::seconds(61));
    let ask = |code: Value| json!({ "code": code, "idempotencyKey": new_key() });
    let shown = "accountDeletion { state } userErrors { code field }";
    ann.does("requestAccountDeletion", &ask(Value::Null), shown).await.is_refused("REQUIRED").at("code");
    ann.does("requestAccountDeletion", &ask(json!("000000")), shown).await.is_refused("CODE_EXPIRED").at("code");
    let to_other = json!({ "phone": bob.phone(), "occasion": "DELETE_ACCOUNT" });
    ann.does("sendVerificationCode", &to_other, "userErrors { code field }").await.is_refused("INVALID").at("phone");
    // A code for signing in ends nothing.
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = json!(town.code_for(&ann.phone()).await);
    ann.does("requestAccountDeletion", &ask(code), shown).await.is_refused("CODE_EXPIRED");
    // Who came by WeChat and has no number needs no code.
    let mut cat = town.stranger();
    cat.signs_in_with_wechat(town, "oCat", None).await;
    cat.asks_to_be_forgotten(town, None).await.is_done();
    town.stranger().asks_to_be_forgotten(town, None).await.is_refused("UNAUTHENTICATED");
}

async fn who_works_for_the_sub_district_gives_up_the_duties_first(town: &Town) {
    let clerk = crate::residents::clerk(town).await;
    town.later(TimeDelta::seconds(61));
    clerk.asks_to_be_forgotten(town, Some(&clerk.phone())).await.is_refused("ROLES_HELD");
    town.staff("property.handler").await.asks_to_be_forgotten(town, None).await.is_refused("ROLES_HELD");
}

async fn of_many_calls_at_once_one_is_taken(town: &Town) {
    let mut cat = town.stranger();
    cat.signs_in_with_wechat(town, "oCat", None).await;
    let answers = join_all((0..8).map(|_| cat.asks_to_be_forgotten(town, None))).await;
    assert_eq!(answers.iter().filter(|answer| answer.codes().is_empty()).count(), 1);
    let key = json!({ "idempotencyKey": new_key() });
    let off = join_all((0..4).map(|_| cat.does("cancelAccountDeletion", &key, "isReplay userErrors { code }"))).await;
    let replays = off.iter().filter(|answer| answer.get("/cancelAccountDeletion/isReplay") == true).count();
    assert_eq!(replays, 3, "the same call again is the same answer");
}

async fn who_is_gone_can_come_back_as_somebody_new(town: &Town) {
    let mut ann = town.stranger();
    let phone = ann.phone();
    ann.signs_in_with_wechat(town, "oAnn", Some(&phone)).await;
    ann.consents().await;
    let before = ann.id().await;
    let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    ann.asks_to_be_forgotten(town, Some(&phone)).await.is_done();
    town.later(WEEK);
    all_forgotten(town).await;
    ann = ann.holding(None);
    let again = ann.signs_in_with_wechat(town, "oAnn", Some(&phone)).await;
    assert_eq!(again.get("/signInWithWechat/isNewUser"), true);
    assert_ne!(ann.id().await, before);
    assert_eq!(ann.sees(&case, "id").await, Value::Null, "what was before is nobody's any more");
    assert!(ann.asks("{ myServiceRequests { nodes { id } } }").await.list("/myServiceRequests/nodes").is_empty());
}

/// Somebody leaves another's number with a case and is forgotten: nothing of the other's is touched.
async fn a_number_left_with_a_case_is_not_ones_own(town: &Town) {
    let (bob, cat, clerk) = (town.resident().await, town.resident().await, crate::residents::clerk(town).await);
    let mine = bob.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let walk_in = json!({
        "channel": "WALK_IN", "onBehalfOf": { "name": "王阿婆", "phone": bob.phone() }, "place": null,
        "areaCode": crate::residents::HERE,
    });
    let taken = clerk.reports(&with(complaint(), walk_in)).await;
    let granted = cat.grants(town, &[&cat.reports(&complaint()).await], &bob, json!({})).await;
    bob.decides("acceptProxy", &crate::residents::Thing::of(&granted), json!({})).await;
    let mut ann = town.stranger();
    ann.signs_in_with_wechat(town, "oAnn", None).await;
    ann.consents().await;
    ann.reports(&with(complaint(), json!({ "contactPhone": bob.phone() }))).await;
    ann.asks_to_be_forgotten(town, None).await.is_done();
    town.later(WEEK);
    all_forgotten(town).await;
    let dispatcher = town.staff("dispatcher").await;
    for case in [&mine, &taken] {
        assert_ne!(dispatcher.sees(case, "contactPhone").await["contactPhone"], Value::Null, "{case:?}");
    }
    assert_eq!(town.number("SELECT count(*) AS n FROM proxy_grant WHERE state = 'ACTIVE'").await, 1);
}

/// Between closing and forgetting lies half a minute, in which nobody is let in.
async fn who_was_let_in_before_writes_nothing_after(town: &Town) {
    let mut ann = town.stranger();
    ann.signs_in_with_wechat(town, "oAnn", None).await;
    ann.consents().await;
    ann.asks_to_be_forgotten(town, None).await.is_done();
    town.later(WEEK);
    ann.refreshes().await;
    let closed = "SELECT count(*) AS n FROM account_deletion WHERE state = 'PROCESSING'";
    crate::support::eventually("the account is closed", async || town.number(closed).await == 1).await;
    ann.tries_to_report(&with(complaint(), json!({ "mayContact": false }))).await.is_refused("UNAUTHENTICATED");
    assert_eq!(town.number(closed).await, 1, "and not forgotten at once");
    all_forgotten(town).await;
    assert_eq!(town.number(closed).await, 0);
}
