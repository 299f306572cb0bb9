//! Who lost the number comes to the neighbourhood's counter, which knows who lives where.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{BESIDE, Thing, clerk, flat, settled};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    a_lost_number_is_replaced_at_the_counter,
    with_the_phone_wechat_may_be_lost,
    only_the_neighbourhood_of_a_verified_resident_replaces_it,
    a_card_that_cannot_exist_is_refused,
    the_new_number_says_yes,
    nobody_replaces_the_own_number_or_that_of_staff,
];

/// A card that may exist.
const CARD: &str = "11010519491231002X";
const MINUTE: TimeDelta = TimeDelta::seconds(61);

async fn code_for(town: &Town, clerk: &Person, phone: &str) -> String {
    let ask = json!({ "phone": phone, "occasion": "REPLACE_LOST_PHONE" });
    clerk.does("sendVerificationCode", &ask, "userErrors { code field }").await.is_done();
    town.code_for(phone).await
}

fn input(home: &Thing, phone: &str, code: &str) -> Value {
    json!({
        "id": home.id, "expectedVersion": home.version, "idNumber": CARD, "newPhone": phone, "newCode": code,
        "isWechatLost": false, "reason": "手机遗失，已核对身份证", "idempotencyKey": new_key(),
    })
}

async fn replaces(clerk: &Person, input: &Value) -> Answer {
    clerk.does("replaceLostPhone", input, "isReplay residence { id } userErrors { code message field }").await
}

async fn a_lost_number_is_replaced_at_the_counter(town: &Town) {
    let clerk = clerk(town).await;
    let (ann, home) = settled(town, &clerk, json!({})).await;
    let shown = clerk.finds(&home, "... on Residence { viewerActions }").await;
    assert_eq!(shown["viewerActions"], json!(["REPLACE_PHONE"]));
    let mut socket = ann.connects().await;
    let new = town.stranger().phone();
    let input = input(&home, &new, &code_for(town, &clerk, &new).await);
    let done = replaces(&clerk, &input).await;
    done.is_done();
    assert_eq!(replaces(&clerk, &input).await.get("/replaceLostPhone/isReplay"), true);
    assert_eq!(ann.knocks().await, ["UNAUTHENTICATED"], "whoever has the old phone is out");
    assert_eq!(socket.closes().await, 4403);
    town.later(MINUTE);
    let (mut by_new, mut by_old) = (town.stranger(), town.stranger());
    let same = by_new.signs_in_with_code(town, &new).await;
    assert_eq!(same.get("/signInWithCode/isNewUser"), false);
    let stranger = by_old.signs_in_with_code(town, &ann.phone()).await;
    assert_eq!(stranger.get("/signInWithCode/isNewUser"), true, "the old number opens nothing of hers");
    let lines = "{ auditEntries(filter: { action: \"replaceLostPhone\" }) { nodes { outcome reason } } }";
    let lines = town.staff("auditor").await.asks(lines).await.list("/auditEntries/nodes");
    assert_eq!(lines[0], json!({ "outcome": "DONE", "reason": "手机遗失，已核对身份证" }));
}

async fn with_the_phone_wechat_may_be_lost(town: &Town) {
    let clerk = clerk(town).await;
    for (openid, is_lost) in [("oKept", false), ("oLost", true)] {
        let mut ann = town.stranger();
        let (phone, new) = (ann.phone(), town.stranger().phone());
        ann.signs_in_with_wechat(town, openid, Some(&phone)).await;
        ann.consents().await;
        let applied = ann.applies(&with(flat(super::HERE), json!({ "room": openid }))).await;
        let home = clerk.decides("verifyResidence", &applied, json!({})).await;
        let input = with(input(&home, &new, &code_for(town, &clerk, &new).await), json!({ "isWechatLost": is_lost }));
        replaces(&clerk, &input).await.is_done();
        let again = town.stranger().signs_in_with_wechat(town, openid, None).await;
        assert_eq!(again.get("/signInWithWechat/isNewUser"), is_lost, "{openid}");
        town.later(MINUTE);
    }
}

async fn only_the_neighbourhood_of_a_verified_resident_replaces_it(town: &Town) {
    let clerk = clerk(town).await;
    let (ann, home) = settled(town, &clerk, json!({})).await;
    let new = town.stranger().phone();
    let code = code_for(town, &clerk, &new).await;
    let input = input(&home, &new, &code);
    for (who, code) in [
        (town.official(Role::NeighborhoodStaff, BESIDE).await, "NOT_FOUND"),
        (town.staff("dispatcher").await, "NOT_FOUND"),
        (town.staff("security").await, "NOT_FOUND"),
        (town.resident().await, "NOT_FOUND"),
        (ann.clone(), "FORBIDDEN"),
        (town.stranger(), "UNAUTHENTICATED"),
    ] {
        replaces(&who, &with(input.clone(), json!({ "idempotencyKey": new_key() }))).await.is_refused(code);
    }
    for who in [&ann, &town.staff("dispatcher").await] {
        let ask = json!({ "phone": new, "occasion": "REPLACE_LOST_PHONE" });
        who.does("sendVerificationCode", &ask, "userErrors { code }").await.is_refused("FORBIDDEN");
    }
    let stale = json!({ "expectedVersion": home.version - 1, "idempotencyKey": new_key() });
    replaces(&clerk, &with(input.clone(), stale)).await.is_refused("CONFLICT");
    let waiting = town.resident().await.applies(&flat(super::HERE)).await;
    let on_waiting = json!({ "id": waiting.id, "expectedVersion": waiting.version, "idempotencyKey": new_key() });
    replaces(&clerk, &with(input.clone(), on_waiting)).await.is_refused("INVALID_TRANSITION");
    replaces(&clerk, &input).await.is_done();
}

async fn a_card_that_cannot_exist_is_refused(town: &Town) {
    let clerk = clerk(town).await;
    let (_, home) = settled(town, &clerk, json!({})).await;
    let new = town.stranger().phone();
    let input = input(&home, &new, &code_for(town, &clerk, &new).await);
    for card in ["310112190003010015", "310112190002290018", "310112190013010018", "110105491231002", "身份证"] {
        let typed = json!({ "idNumber": card, "idempotencyKey": new_key() });
        replaces(&clerk, &with(input.clone(), typed)).await.is_refused("INVALID").at("idNumber");
    }
    let child = json!({ "idNumber": "310112202001010016", "idempotencyKey": new_key() });
    replaces(&clerk, &with(input.clone(), child)).await.is_refused("GUARDIAN_REQUIRED").at("idNumber");
    for card in [CARD, "31011219001231006x"] {
        let typed = json!({ "idNumber": card, "reason": "x", "idempotencyKey": new_key() });
        replaces(&clerk, &with(input.clone(), typed)).await.is_refused("INVALID").at("reason");
    }
    assert!(!crate::identity::is_stored(town, CARD).await);
    replaces(&clerk, &input).await.is_done();
    assert!(!crate::identity::is_stored(town, CARD).await, "checked, not kept");
}

async fn the_new_number_says_yes(town: &Town) {
    let clerk = clerk(town).await;
    let (_, home) = settled(town, &clerk, json!({})).await;
    let new = town.stranger().phone();
    replaces(&clerk, &input(&home, &new, "123456")).await.is_refused("CODE_EXPIRED").at("newCode");
    let code = code_for(town, &clerk, &new).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    replaces(&clerk, &input(&home, &new, wrong)).await.is_refused("CODE_INCORRECT").at("newCode");
    let other = town.resident().await.phone();
    town.later(MINUTE);
    let taken = input(&home, &other, &code_for(town, &clerk, &other).await);
    replaces(&clerk, &taken).await.is_refused("PHONE_TAKEN").at("newPhone");
    replaces(&clerk, &input(&home, &new, &code).to_owned()).await.is_done();
}

async fn nobody_replaces_the_own_number_or_that_of_staff(town: &Town) {
    let (one, other) = (clerk(town).await, clerk(town).await);
    let applied = one.applies(&flat(super::HERE)).await;
    let home = other.decides("verifyResidence", &applied, json!({})).await;
    let new = town.stranger().phone();
    let code = code_for(town, &one, &new).await;
    replaces(&one, &input(&home, &new, &code)).await.is_refused("SAME_PERSON");
    replaces(&other, &input(&home, &new, &code)).await.is_refused("ROLES_HELD");
}
