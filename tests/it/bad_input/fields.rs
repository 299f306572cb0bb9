//! Field by field: what is wrong with one is said of that one, whatever the mutation. A new field is covered without a new
//! test.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{PHOTO, new_key};
use crate::support::samples::{Samples, meaning};
use crate::support::schema::{Leaf, Operation, Schema, named, put};
use crate::support::{Answer, Crew, Person, Town, stories};

stories![
    every_text_is_judged_by_its_length_and_its_characters,
    an_id_of_nothing_or_of_another_kind_changes_nothing,
    a_stale_version_is_a_conflict_for_who_may_act,
    what_is_another_persons_is_not_touched,
    nothing_moves_a_case_that_is_over,
];

/// Texts whose length is not judged by itself, with the code they get instead of `TOO_LONG`.
const NO_LENGTH: [(&str, &str); 20] = [
    // They have a form, which nothing long has.
    ("idempotencyKey", "INVALID"),
    ("phone", "INVALID"),
    ("newPhone", "INVALID"),
    ("contactPhone", "INVALID"),
    ("agentPhone", "INVALID"),
    ("phones", "INVALID"),
    ("creditCode", "INVALID"),
    ("onBehalfOf.phone", "INVALID"),
    ("findings.clientId", "INVALID"),
    ("opensAt", "INVALID"),
    ("from", "INVALID"),
    ("to", "INVALID"),
    ("rules.from", "INVALID"),
    ("rules.to", "INVALID"),
    // They are looked up among codes that exist.
    ("areaCode", "INVALID"),
    ("categoryCode", "INVALID"),
    ("categoryCodes", "INVALID"),
    ("findings.categoryCode", "INVALID"),
    ("query.areaCode", "INVALID"),
    ("query.categoryCode", "INVALID"),
];

/// Credentials: a wrong one is answered like any other, so that nothing is learnt of its form.
const CREDENTIALS: [&str; 2] = ["refreshToken", "deviceId"];

/// Fields that are not looked at while another is given.
const BESIDE: [(&str, &str); 2] = [("/input/areaCode", "/input/place"), ("/input/contactPhone", "/input/onBehalfOf")];

/// Where a `userError` says a leaf stands: names without positions.
fn field_of(leaf: &Leaf) -> String {
    let parts = leaf.pointer.split('/').skip(2).filter(|part| part.parse::<usize>().is_err());
    parts.collect::<Vec<_>>().join(".")
}

/// Says a mutation, with a photo where it wants a file.
async fn says(person: &Person, schema: &Schema, operation: &Operation, variables: &Value) -> Answer {
    let text = schema.text(operation);
    match schema.leaves(operation).into_iter().find(|leaf| leaf.kind == "Upload") {
        Some(leaf) => {
            let place = format!("variables{}", leaf.pointer.replace('/', "."));
            person.uploads(&text, variables, &place, ("photo.jpg", PHOTO)).await
        }
        None => person.says(&text, variables).await,
    }
}

/// Variables with a key that nobody used, where there is one.
fn anew(variables: &Value) -> Value {
    let place = "/input/idempotencyKey";
    if variables.pointer(place).is_some() { put(variables, place, json!(new_key())) } else { variables.clone() }
}

async fn every_text_is_judged_by_its_length_and_its_characters(town: &Town) {
    let ann = town.resident().await;
    let schema = Schema::of(&ann).await;
    let samples = Samples::of(town, &ann, &ann).await;
    let (mut problems, mut judged) = (Vec::new(), 0);
    for operation in schema.operations("mutation") {
        let good = schema.filled(&operation, &samples);
        for leaf in schema.leaves(&operation).into_iter().filter(|leaf| leaf.kind == "String") {
            let field = field_of(&leaf);
            let beside = BESIDE.iter().find(|(own, _)| *own == leaf.pointer).map(|(_, other)| *other);
            let beside = beside.filter(|other| good.pointer(other).is_some());
            let good = beside.map_or_else(|| good.clone(), |other| put(&good, other, Value::Null));
            let by_length = NO_LENGTH.iter().find(|(own, _)| *own == field).map_or("TOO_LONG", |(_, code)| *code);
            for (value, code) in [("长".repeat(20_000), by_length), ("bell\u{7}ring".to_owned(), "INVALID")] {
                judged += 1;
                // Of limits per address and account other tests tell.
                if judged % 50 == 0 {
                    town.later(TimeDelta::minutes(1));
                }
                let mut somebody = ann.clone();
                somebody.address = town.stranger().address;
                let answer =
                    says(&somebody, &schema, &operation, &put(&anew(&good), &leaf.pointer, json!(value))).await;
                let is_said = if CREDENTIALS.contains(&field.as_str()) {
                    answer.codes() == ["UNAUTHENTICATED"]
                } else {
                    answer.says_at(code, &field)
                };
                if !is_said {
                    problems.push(format!(
                        "{} {field}: {code} expected: {:.300}",
                        operation.name,
                        answer.json.to_string()
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty() && judged > 60, "{judged} judged\n{}", problems.join("\n"));
}

/// Who the mutations are meant for, as far as one person each can stand for many.
async fn callers(town: &Town) -> Vec<Person> {
    let crew = Crew::of(town);
    vec![town.resident().await, crew.who("dispatcher").await, crew.who("admin").await]
}

async fn an_id_of_nothing_or_of_another_kind_changes_nothing(town: &Town) {
    let mut problems = Vec::new();
    let owner = town.resident().await;
    for person in callers(town).await {
        let schema = Schema::of(&person).await;
        let samples = Samples::of(town, &person, &owner).await;
        for operation in schema.operations("mutation") {
            let good = schema.filled(&operation, &samples);
            for leaf in schema.leaves(&operation).into_iter().filter(|leaf| leaf.kind == "ID") {
                let name = leaf.pointer.split('/').rfind(|part| part.parse::<usize>().is_err()).unwrap();
                let own = meaning(&operation, name);
                let (other, _) = samples.ids.iter().find(|(kind, _)| **kind != own).unwrap();
                let unknown = format!("{}{}", &samples.ids[own][..samples.ids[own].len() - 8], "0badc0de");
                for id in [&unknown, &samples.ids[other]] {
                    let answer = says(&person, &schema, &operation, &put(&anew(&good), &leaf.pointer, json!(id))).await;
                    // What comes first of what else is wrong is the verb's own affair; it must not go through.
                    if answer.codes().is_empty() || answer.top_codes().iter().any(|code| code == "INTERNAL") {
                        problems.push(format!("{} {name} = {id}: {:.300}", operation.name, answer.json.to_string()));
                    }
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Every mutation that asks for a version, by somebody who may not act and somebody who may.
async fn a_stale_version_is_a_conflict_for_who_may_act(town: &Town) {
    let mut problems = Vec::new();
    let owner = town.resident().await;
    for person in callers(town).await {
        let schema = Schema::of(&person).await;
        let samples = Samples::of(town, &person, &owner).await;
        for operation in schema.operations("mutation") {
            let good = schema.filled(&operation, &samples);
            let stale = put(&anew(&good), "/input/expectedVersion", json!(1_000_000));
            let has_version = good.pointer("/input/expectedVersion").is_some();
            if has_version {
                let codes = says(&person, &schema, &operation, &stale).await.codes();
                if !matches!(codes.as_slice(), [code] if ["CONFLICT", "FORBIDDEN", "NOT_FOUND"].contains(&code.as_str()))
                {
                    problems.push(format!("{}: {codes:?}", operation.name));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Rows that belong to one person: a resident who names another's is refused by every mutation.
async fn what_is_another_persons_is_not_touched(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let schema = Schema::of(&bob).await;
    let samples = Samples::of(town, &ann, &ann).await;
    let mut tried = 0;
    for operation in schema.operations("mutation") {
        let leaves = schema.leaves(&operation).into_iter().filter(|leaf| leaf.kind == "ID");
        let names = leaves.map(|leaf| field_of(&leaf)).collect::<Vec<_>>();
        let personal = ["request", "photo", "session", "residence", "proxy", "notification"];
        if names.iter().any(|name| personal.contains(&meaning(&operation, name))) {
            tried += 1;
            let variables = anew(&schema.filled(&operation, &samples));
            let codes = says(&bob, &schema, &operation, &variables).await.codes();
            let is_refused = matches!(codes.as_slice(), [code] if ["NOT_FOUND", "FORBIDDEN"].contains(&code.as_str()));
            assert!(is_refused, "{}: {codes:?}", operation.name);
        }
    }
    assert!(tried > 15, "{tried}");
    let answer = ann.asks("{ myServiceRequests { nodes { state version } } viewer { sessions { id } } }").await;
    assert_eq!(*answer.get("/myServiceRequests/nodes"), json!([{ "state": "SUBMITTED", "version": 1 }]));
    assert_eq!(answer.list("/viewer/sessions").len(), 1);
}

/// Every verb on a case that was withdrawn, in the version that holds.
async fn nothing_moves_a_case_that_is_over(town: &Town) {
    let owner = town.resident().await;
    let mut people = callers(town).await;
    people.push(owner.clone());
    let mut states = 0;
    for person in people {
        let schema = Schema::of(&person).await;
        let samples = Samples::of(town, &person, &owner).await;
        let on = json!({ "input": { "id": samples.ids["request"], "idempotencyKey": new_key() } });
        let withdraw = "mutation($input: WithdrawServiceRequestInput!) { withdrawServiceRequest(input: $input) { \
                        serviceRequest { version } userErrors { code } } }";
        let version = owner.says(withdraw, &on).await.get("/withdrawServiceRequest/serviceRequest/version").clone();
        // The staff may note something about what is over, or take something out of it, which moves nothing.
        let beside = ["addInternalNote", "redactServiceRequest", "redactPhoto"];
        let moves =
            |verb: &Operation| named(&verb.result) == "ServiceRequestPayload" && !beside.contains(&verb.name.as_str());
        for verb in schema.operations("mutation").into_iter().filter(moves) {
            let good = schema.filled(&verb, &samples);
            if good.pointer("/input/id").is_some() {
                let takes_version = good.pointer("/input/expectedVersion").is_some();
                let variables = match takes_version {
                    true if good.pointer("/input/intoExpectedVersion").is_some() => {
                        let both = put(&anew(&good), "/input/expectedVersion", version.clone());
                        put(&both, "/input/intoExpectedVersion", version.clone())
                    }
                    true => put(&anew(&good), "/input/expectedVersion", version.clone()),
                    false => anew(&good),
                };
                let codes = says(&person, &schema, &verb, &variables).await.codes();
                states += usize::from(codes == ["INVALID_TRANSITION"]);
                let known = ["INVALID_TRANSITION", "FORBIDDEN", "NOT_FOUND"];
                assert!(
                    matches!(codes.as_slice(), [code] if known.contains(&code.as_str())),
                    "{}: {codes:?}",
                    verb.name
                );
            }
        }
    }
    assert!(states > 5, "{states}");
}
