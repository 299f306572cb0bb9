//! Residence and proxies: who lives where, who may read what is shown to a grid, and who may act for another (domain §E4, §F,
//! scenario 20).

mod agents;
mod counter;
mod grid;
mod lost_phone;
mod proxies;
mod races;
mod residence;

use chrono::TimeDelta;
use entity::enums::Role;
use kernel::actor::Actor;
use serde_json::{Value, json};

use crate::support::case::{complaint, new_key, with};
use crate::support::{Answer, Case, Person, Town};

/// A neighbourhood of the demo map, one beside it, and a compound in the first.
pub const HERE: &str = "310112008001";
pub const BESIDE: &str = "310112008002";
pub const COMPOUND: &str = "310112008001-01-C1";

const RESIDENCE: &str = "isReplay residence { id version state validUntil rejectReason note viewerActions } \
                         userErrors { code message field }";
const PROXY: &str = "isReplay proxyGrant { id version state verbs agentPhone reason agent { id } principal { id } viewerActions \
                     serviceRequests { id } } userErrors { code message field }";

/// A flat in a neighbourhood.
pub fn flat(area: &str) -> Value {
    json!({
        "areaCode": area, "compound": "爱博四村", "building": "12号楼", "unit": "2单元", "room": "301室", "relation": "OWNER",
        "idempotencyKey": new_key(),
    })
}

/// What a payload shows, as an id and a version.
#[derive(Clone, Debug)]
pub struct Thing {
    pub id: String,
    pub version: i64,
    pub state: String,
}

impl Thing {
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        answer.is_done();
        Self::shown(answer)
    }

    /// What a payload shows, refused or not.
    #[track_caller]
    pub fn shown(answer: &Answer) -> Self {
        let payload = answer.json["data"].as_object().and_then(|data| data.values().next()).expect("a payload");
        let shown = ["residence", "proxyGrant"].into_iter().find_map(|name| payload.get(name)).expect("a thing");
        Self {
            id: shown["id"].as_str().unwrap_or_else(|| panic!("nothing shown: {answer:?}")).to_owned(),
            version: shown["version"].as_i64().unwrap(),
            state: shown["state"].as_str().unwrap().to_owned(),
        }
    }
}

impl Person {
    /// Tries a verb of residence or proxies, with its own answer asked back.
    pub async fn attempts(&self, verb: &str, input: &Value) -> Answer {
        let selection = if verb.ends_with("Residence") { RESIDENCE } else { PROXY };
        self.does(verb, &with(json!({ "idempotencyKey": new_key() }), input.clone()), selection).await
    }

    /// Tries a verb on something as it was seen.
    pub async fn attempts_on(&self, verb: &str, thing: &Thing, more: Value) -> Answer {
        let on = json!({ "id": thing.id, "expectedVersion": thing.version });
        self.attempts(verb, &with(on, more)).await
    }

    /// Does it, which must succeed.
    pub async fn decides(&self, verb: &str, thing: &Thing, more: Value) -> Thing {
        Thing::of(&self.attempts_on(verb, thing, more).await)
    }

    /// Applies for a residence, which must succeed.
    pub async fn applies(&self, flat: &Value) -> Thing {
        Thing::of(&self.attempts("applyForResidence", flat).await)
    }

    /// Something by its global id; null when it is hidden.
    pub async fn finds(&self, thing: &Thing, selection: &str) -> Value {
        let text = format!("query($id: ID!) {{ node(id: $id) {{ id {selection} }} }}");
        self.says(&text, &json!({ "id": thing.id })).await.get("/node").clone()
    }

    /// Lets somebody act in cases, with more or other members of the input.
    pub async fn grants(&self, town: &Town, cases: &[&Case], agent: &Person, more: Value) -> Answer {
        let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        let input = json!({
            "serviceRequestIds": ids, "agentPhone": agent.phone(), "until": town.now() + TimeDelta::days(30),
        });
        self.attempts("grantProxy", &with(input, more)).await
    }
}

/// The neighbourhood's own.
pub async fn clerk(town: &Town) -> Person {
    town.official(Role::NeighborhoodStaff, HERE).await
}

/// Somebody who lives in the neighbourhood, as verified.
pub async fn settled(town: &Town, clerk: &Person, more: Value) -> (Person, Thing) {
    let person = town.resident().await;
    let applied = person.applies(&with(flat(HERE), more)).await;
    let verified = clerk.decides("verifyResidence", &applied, json!({})).await;
    assert_eq!(verified.state, "VERIFIED");
    (person, verified)
}

/// Somebody with a case, and an agent who accepted to act in it.
pub async fn represented(town: &Town, more: Value) -> (Person, Person, Case, Thing) {
    let (ann, agent) = (town.resident().await, town.resident().await);
    let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let invited = Thing::of(&ann.grants(town, &[&case], &agent, more).await);
    let active = agent.decides("acceptProxy", &invited, json!({})).await;
    assert_eq!(active.state, "ACTIVE");
    (ann, agent, case, active)
}

/// Somebody comes back after a time in which the session ended.
pub async fn comes_back(town: &Town, person: &mut Person) {
    let phone = person.phone();
    *person = person.holding(None);
    person.signs_in_with_code(town, &phone).await;
}

/// One round of what housekeeping does here.
pub async fn tidies(town: &Town) -> usize {
    town.base().write(&Actor::System, &(), |tx, ()| Box::pin(residents::expire(tx))).await.expect("a round")
}
