//! The directory: who handles what, kept by system administrators.

use serde_json::{Value, json};

use crate::support::case::new_key;
use crate::support::{Answer, Person, Town, stories};

stories![a_credit_code_is_checked_kept_and_shown, a_credit_code_is_one_organisations];

const PAYLOAD: &str = "organization { id name creditCode version } userErrors { code field message }";

/// Saves an organisation: the fields that every save has, and some more.
async fn saves(person: &Person, more: Value) -> Answer {
    let mut input = json!({ "name": "爱博物业", "kind": "PROPERTY_COMPANY", "idempotencyKey": new_key() });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    person.does("saveOrganization", &input, PAYLOAD).await
}

fn saved(answer: &Answer) -> Value {
    answer.get("/saveOrganization/organization").clone()
}

async fn a_credit_code_is_checked_kept_and_shown(town: &Town) {
    let (admin, ann) = (town.staff("admin").await, town.resident().await);
    for bad in ["91310112MA00000077", "91310112MA0O000076", "9131011MA00000076", "91310112MA000000760", "爱博物业"]
    {
        let answer = saves(&admin, json!({ "creditCode": bad })).await;
        answer.is_refused("INVALID").at("creditCode");
        let words = answer.json["data"]["saveOrganization"]["userErrors"][0]["message"].as_str().unwrap().to_owned();
        assert_eq!(words, "This value is not valid (it is no unified social credit code).", "{bad}");
    }
    let made = saved(&saves(&admin, json!({ "creditCode": "91310112ma000004xe" })).await);
    assert_eq!(made["creditCode"], "91310112MA000004XE");

    let change = |version: i32, more: Value| {
        let mut fields = json!({ "id": made["id"], "expectedVersion": version });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields
    };
    let renamed = saved(&saves(&admin, change(1, json!({ "name": "新虹物业" }))).await);
    assert_eq!((&renamed["name"], &renamed["creditCode"]), (&json!("新虹物业"), &json!("91310112MA000004XE")));
    let shown = ann.asks("{ organizations(kind: PROPERTY_COMPANY) { nodes { id creditCode } } }").await;
    let shown = shown.list("/organizations/nodes").into_iter().find(|node| node["id"] == made["id"]).unwrap();
    assert_eq!(shown["creditCode"], "91310112MA000004XE", "a resident may look it up");

    let other = saved(&saves(&admin, change(2, json!({ "creditCode": "52310112000000000E" }))).await);
    assert_eq!(other["creditCode"], "52310112000000000E");
    let cleared = saved(&saves(&admin, change(3, json!({ "creditCode": null }))).await);
    assert_eq!((&cleared["creditCode"], &cleared["version"]), (&Value::Null, &json!(4)));
    saves(&ann, json!({ "creditCode": "91310112MA00000076" })).await.is_refused("FORBIDDEN");
}

async fn a_credit_code_is_one_organisations(town: &Town) {
    let admin = town.staff("admin").await;
    let first = saved(&saves(&admin, json!({ "creditCode": "91310112MA00000076" })).await);
    let second = saved(&saves(&admin, json!({ "name": "华美物业" })).await);
    let taken = |answer: &Answer| {
        answer.is_refused("INVALID").at("creditCode");
        let message = &answer.json["data"]["saveOrganization"]["userErrors"][0]["message"];
        assert_eq!(message, "This value is not valid (it is in use already).");
    };
    taken(&saves(&admin, json!({ "creditCode": "91310112MA00000076" })).await);
    let existing = |of: &Value| json!({ "id": of["id"], "expectedVersion": 1, "creditCode": "91310112MA00000076" });
    let refused = saves(&admin, existing(&second)).await;
    taken(&refused);
    assert_eq!(refused.json["data"]["saveOrganization"]["organization"]["version"], 1, "the current one is shown");
    assert_eq!(saved(&saves(&admin, existing(&first)).await)["version"], 2, "its own code is not taken");
    saves(&admin, json!({ "creditCode": "91350100M000100Y43" })).await.is_done();
}
