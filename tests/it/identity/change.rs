//! What people change about themselves: the number, confirmed from both, and the name.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    a_number_is_changed_when_both_confirm,
    codes_of_signing_in_change_nothing,
    a_number_of_somebody_else_is_not_taken,
    strangers_get_no_codes_for_changes,
    a_name_is_corrected,
];

const MINUTE: TimeDelta = TimeDelta::seconds(61);

async fn asks_for(person: &Person, phone: &str) -> Answer {
    let input = json!({ "phone": phone, "occasion": "CHANGE_PHONE" });
    person.does("sendVerificationCode", &input, "userErrors { code field }").await
}

/// The `changePhone` input with fresh codes of both numbers.
async fn confirmed(town: &Town, person: &Person, new: &str) -> Value {
    asks_for(person, &person.phone()).await.is_done();
    asks_for(person, new).await.is_done();
    json!({
        "oldCode": town.code_for(&person.phone()).await, "newPhone": new, "newCode": town.code_for(new).await,
        "idempotencyKey": new_key(),
    })
}

async fn changes(person: &Person, input: &Value) -> Answer {
    person.does("changePhone", input, "viewer { phone } isReplay userErrors { code field }").await
}

async fn a_number_is_changed_when_both_confirm(town: &Town) {
    let (ann, new) = (town.resident().await, town.stranger().phone());
    town.later(MINUTE);
    let mut at_home = town.stranger();
    at_home.signs_in_with_code(town, &ann.phone()).await;
    town.later(MINUTE);
    let input = confirmed(town, &ann, &new).await;
    let wrong = with(input, json!({ "newCode": "000000", "idempotencyKey": new_key() }));
    changes(&ann, &wrong).await.is_refused("CODE_INCORRECT").at("newCode");
    // The old number's code was used up by the try.
    town.later(MINUTE);
    let input = confirmed(town, &ann, &new).await;
    let changed = changes(&ann, &input).await;
    assert_eq!(changed.text("/changePhone/viewer/phone"), format!("+86{new}"));
    assert_eq!(changes(&ann, &input).await.get("/changePhone/isReplay"), true);
    assert_eq!(at_home.knocks().await, ["UNAUTHENTICATED"], "other devices are out");
    assert!(ann.id().await.is_some(), "this one stays");
    town.later(MINUTE);
    let (mut by_new, mut by_old) = (town.stranger(), town.stranger());
    by_new.signs_in_with_code(town, &new).await;
    assert_eq!(by_new.id().await, ann.id().await);
    let stranger = by_old.signs_in_with_code(town, &ann.phone()).await;
    assert_eq!(stranger.get("/signInWithCode/isNewUser"), true, "the old number is free");
}

async fn codes_of_signing_in_change_nothing(town: &Town) {
    let (ann, new) = (town.resident().await, town.stranger().phone());
    town.later(MINUTE);
    ann.asks_for_code(&ann.phone()).await.is_done();
    ann.asks_for_code(&new).await.is_done();
    let input = json!({
        "oldCode": town.code_for(&ann.phone()).await, "newPhone": new, "newCode": town.code_for(&new).await,
        "idempotencyKey": new_key(),
    });
    changes(&ann, &input).await.is_refused("CODE_EXPIRED").at("oldCode");
    let without = with(input.clone(), json!({ "oldCode": null, "idempotencyKey": new_key() }));
    changes(&ann, &without).await.is_refused("REQUIRED").at("oldCode");
    let same = with(input, json!({ "newPhone": ann.phone(), "idempotencyKey": new_key() }));
    changes(&ann, &same).await.is_refused("INVALID").at("newPhone");
}

async fn a_number_of_somebody_else_is_not_taken(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    town.later(MINUTE);
    let input = confirmed(town, &ann, &bob.phone()).await;
    changes(&ann, &input).await.is_refused("PHONE_TAKEN").at("newPhone");
    assert_eq!(ann.asks("{ viewer { phone } }").await.text("/viewer/phone"), format!("+86{}", ann.phone()));
}

async fn strangers_get_no_codes_for_changes(town: &Town) {
    let stranger = town.stranger();
    asks_for(&stranger, &stranger.phone()).await.is_refused("UNAUTHENTICATED");
    assert!(town.codes_sent_to(&stranger.phone()).await.is_empty());
}

async fn a_name_is_corrected(town: &Town) {
    let ann = town.resident().await;
    let input = json!({ "name": " 欧阳明 ", "idempotencyKey": new_key() });
    let selection = "viewer { name user { displayName } } isReplay userErrors { code field }";
    let corrected = ann.does("correctMyData", &input, selection).await;
    assert_eq!(corrected.text("/correctMyData/viewer/name"), "欧阳明");
    assert_eq!(corrected.text("/correctMyData/viewer/user/displayName"), "欧**");
    let twice = with(input, json!({ "name": "两\n行", "idempotencyKey": new_key() }));
    ann.does("correctMyData", &twice, selection).await.is_refused("INVALID").at("name");
}
