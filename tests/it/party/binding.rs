//! A person is bound by the roster and by the own confirmation, under a consent, and lets go of it again.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{appointed, enters, id_of, lines, rosters_with};
use crate::support::case::new_key;
use crate::support::{Answer, Person, Town, stories};

stories![
    who_stands_in_a_roster_confirms_and_lets_go,
    binding_needs_the_consent_and_the_own_number,
    two_lines_of_one_number_are_told_apart,
    taking_the_consent_back_unbinds,
];

async fn confirms(person: &Person, more: Value) -> Answer {
    let mut input = json!({ "idempotencyKey": new_key() });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    person
        .does("confirmPartyMembership", &input, "partyMembership { id name } isReplay userErrors { code field }")
        .await
}

async fn who_stands_in_a_roster_confirms_and_lets_go(town: &Town) {
    let person = town.resident().await;
    let imported = enters(town, &rosters_with(&person.phone())).await;
    let a = id_of(&imported, "T-A");
    let own = person.membership().await;
    assert_eq!(own["partyMembership"], Value::Null);
    assert_eq!(own["partyInvitations"][0]["displayName"], "乙**");
    assert_eq!(own["partyInvitations"][0]["organization"]["name"], "第一支部");
    let key = json!({ "idempotencyKey": new_key() });
    let done = confirms(&person, key.clone()).await;
    assert_eq!(done.text("/confirmPartyMembership/partyMembership/name"), "乙党员");
    assert_eq!(confirms(&person, key).await.get("/confirmPartyMembership/isReplay"), true);
    confirms(&person, json!({})).await.is_refused("INVALID_TRANSITION");
    let own = person.membership().await;
    assert_eq!(own["partyMembership"]["organization"]["code"], "T-A");
    assert_eq!((&own["partyMembership"]["joinMonth"], &own["partyInvitations"]), (&json!("1998-07"), &json!([])));
    let secretary = appointed(town, Role::PartySecretary, &a, None).await;
    let bound = async || {
        let rows = secretary.reads_roster(&a).await.list("/partyRoster/nodes");
        rows.iter().filter(|row| row["isBound"] == true).count()
    };
    assert_eq!(bound().await, 1);
    assert_eq!(person.roster_names(&a).await, ["NOT_FOUND"], "a member does not read the roster");
    let release = async || {
        let input = json!({ "idempotencyKey": new_key() });
        person.does("releasePartyMembership", &input, "partyMembership { id } userErrors { code }").await
    };
    assert_eq!(release().await.get("/releasePartyMembership/partyMembership"), &Value::Null);
    release().await.is_refused("INVALID_TRANSITION");
    assert_eq!(bound().await, 0);
    assert_eq!(person.membership().await["partyInvitations"][0]["displayName"], "乙**");
    for own in ["confirmPartyMembership", "releasePartyMembership"] {
        assert_eq!(lines(town, own).await, [], "who administers does not learn it from the chain");
    }
}

async fn binding_needs_the_consent_and_the_own_number(town: &Town) {
    let newcomer = town.newcomer().await;
    let imported = enters(town, &rosters_with(&newcomer.phone())).await;
    let reader = appointed(town, Role::PartyOrgAdmin, &id_of(&imported, "T-A"), None).await;
    let rows = reader.reads_roster(&id_of(&imported, "T-A")).await.list("/partyRoster/nodes");
    let member = |name: &str| rows.iter().find(|row| row["displayName"] == name).unwrap()["id"].clone();
    confirms(&newcomer, json!({})).await.is_refused("CONSENT_REQUIRED");
    newcomer.consents().await;
    let theirs = confirms(&newcomer, json!({ "memberId": member("丙党员") })).await;
    assert_eq!(theirs.codes(), ["NOT_FOUND"], "of another number");
    let other = town.resident().await;
    for more in [json!({}), json!({ "memberId": member("乙党员") })] {
        assert_eq!(confirms(&other, more).await.codes(), ["NOT_FOUND"], "whose number stands in no roster");
    }
    confirms(&newcomer, json!({ "memberId": member("乙党员") })).await.is_done();
    let staff = town.staff("dispatcher").await;
    staff.consents().await;
    confirms(&staff, json!({})).await.is_refused("PHONE_REQUIRED");
}

async fn two_lines_of_one_number_are_told_apart(town: &Town) {
    let person = town.resident().await;
    enters(town, &rosters_with(&person.phone())).await;
    let second = format!("{}\nU,流动支部,BRANCH,,乙党员,1998-07,FLOATING,{}", party::HEADING, person.phone());
    enters(town, &second).await;
    let answer = confirms(&person, json!({})).await;
    assert!(answer.says_at("REQUIRED", "memberId"), "{answer:?}");
    let own = person.membership().await;
    assert_eq!(own["partyInvitations"].as_array().unwrap().len(), 2);
    let one = own["partyInvitations"][1]["memberId"].clone();
    let both = (confirms(&person, json!({ "memberId": one })), confirms(&person, json!({ "memberId": one })));
    let (first, other) = futures_util::future::join(both.0, both.1).await;
    let refused = [first.codes(), other.codes()].concat();
    assert_eq!(refused, ["INVALID_TRANSITION"], "one of two at once");
    assert_eq!(person.membership().await["partyMembership"]["id"], one);
}

async fn taking_the_consent_back_unbinds(town: &Town) {
    let person = town.resident().await;
    enters(town, &rosters_with(&person.phone())).await;
    confirms(&person, json!({})).await.is_done();
    town.later(TimeDelta::minutes(1));
    let input = json!({ "kind": "PARTY", "idempotencyKey": new_key() });
    person.does("withdrawConsent", &input, "userErrors { code }").await.is_done();
    assert_eq!(person.membership().await["partyMembership"], Value::Null);
    confirms(&person, json!({})).await.is_refused("CONSENT_REQUIRED");
}
