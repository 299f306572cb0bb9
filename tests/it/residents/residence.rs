//! A proof of residence: applied for, verified by the neighbourhood, over in its time; seen by these two only.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{BESIDE, COMPOUND, HERE, Thing, clerk, comes_back, flat, settled, tidies};
use crate::support::case::{texts, with};
use crate::support::{Person, Town, stories};

stories![
    the_neighbourhood_verifies_who_lives_there,
    a_refusal_says_why_and_another_try_is_free,
    nobody_verifies_the_own_residence,
    a_neighbour_learns_nothing,
    staff_of_another_neighbourhood_learn_nothing,
    the_flat_is_sealed,
    the_same_flat_is_applied_for_once,
    three_applications_wait_at_most,
    a_tenants_proof_holds_for_a_year_and_is_renewed_before,
    who_moves_away_ends_it,
    the_desk_is_paged_and_scoped,
    a_place_is_a_neighbourhood_or_in_one,
    what_is_said_twice_is_done_once,
];

const OWN: &str =
    "... on Residence { state relation compound building unit room area { code } applicant { id displayName } note }";

async fn the_neighbourhood_verifies_who_lives_there(town: &Town) {
    let (ann, clerk) = (town.resident().await, clerk(town).await);
    let applied = ann.applies(&flat(COMPOUND)).await;
    let own = ann.asks("{ viewer { residences { state room viewerActions } } }").await;
    let waiting = json!([{ "state": "APPLIED", "room": "301室", "viewerActions": ["END"] }]);
    assert_eq!(own.get("/viewer/residences"), &waiting);
    let seen = clerk.finds(&applied, OWN).await;
    assert_eq!((&seen["room"], &seen["area"]["code"]), (&json!("301室"), &json!(COMPOUND)));
    assert_eq!(seen["applicant"]["id"].as_str().map(str::to_owned), ann.id().await);
    let verified = clerk.decides("verifyResidence", &applied, json!({})).await;
    assert_eq!((verified.state.as_str(), verified.version), ("VERIFIED", 2));
    let own = ann.finds(&verified, "... on Residence { validUntil viewerActions }").await;
    assert_eq!((&own["validUntil"], &own["viewerActions"]), (&Value::Null, &json!(["END"])));
    clerk
        .attempts_on("rejectResidence", &verified, json!({ "reason": "WRONG_FLAT" }))
        .await
        .is_refused("INVALID_TRANSITION");
    let facts = town.number("SELECT count(*) AS n FROM fact WHERE subject_kind = 'residence'").await;
    assert_eq!(facts, 2, "applied and verified");
}

async fn a_refusal_says_why_and_another_try_is_free(town: &Town) {
    let (ann, clerk) = (town.resident().await, clerk(town).await);
    let applied = ann.applies(&flat(HERE)).await;
    let other = json!({ "reason": "OTHER" });
    clerk.attempts_on("rejectResidence", &applied, other).await.is_refused("REQUIRED").at("note");
    let no = json!({ "reason": "PROOF_MISSING", "note": "请带租赁合同到居委会" });
    assert_eq!(clerk.decides("rejectResidence", &applied, no).await.state, "REJECTED");
    let own = ann.finds(&applied, "... on Residence { rejectReason note }").await;
    assert_eq!((&own["rejectReason"], &own["note"]), (&json!("PROOF_MISSING"), &json!("请带租赁合同到居委会")));
    ann.applies(&flat(HERE)).await;
}

async fn nobody_verifies_the_own_residence(town: &Town) {
    let clerk = clerk(town).await;
    let applied = clerk.applies(&flat(HERE)).await;
    clerk.attempts_on("verifyResidence", &applied, json!({})).await.is_refused("SAME_PERSON");
    let own = clerk.finds(&applied, "... on Residence { viewerActions }").await;
    assert_eq!(own["viewerActions"], json!(["END"]));
}

async fn learns_nothing(person: &Person, thing: &Thing) {
    assert_eq!(person.finds(thing, OWN).await, Value::Null);
    for (verb, more) in [("verifyResidence", json!({})), ("rejectResidence", json!({ "reason": "WRONG_FLAT" }))] {
        person.attempts_on(verb, thing, more).await.is_refused("NOT_FOUND");
    }
    person.attempts_on("endResidence", thing, json!({})).await.is_refused("NOT_FOUND");
}

async fn a_neighbour_learns_nothing(town: &Town) {
    let clerk = clerk(town).await;
    let (_, home) = settled(town, &clerk, json!({})).await;
    let (bob, _) = settled(town, &clerk, json!({ "room": "302室" })).await;
    for person in [bob, town.staff("dispatcher").await, town.staff("admin").await, town.stranger()] {
        if person.token.is_some() {
            learns_nothing(&person, &home).await;
            let desk = person.asks("{ residenceApplications(state: VERIFIED) { nodes { id } } }").await;
            assert!(desk.list("/residenceApplications/nodes").is_empty());
        } else {
            assert_eq!(person.finds(&home, OWN).await, Value::Null);
        }
    }
}

async fn staff_of_another_neighbourhood_learn_nothing(town: &Town) {
    let (ann, other) = (town.resident().await, town.official(Role::NeighborhoodStaff, BESIDE).await);
    let applied = ann.applies(&flat(HERE)).await;
    learns_nothing(&other, &applied).await;
}

async fn the_flat_is_sealed(town: &Town) {
    let ann = town.resident().await;
    ann.applies(&flat(HERE)).await;
    let clear = "SELECT count(*) AS n FROM residence r JOIN fact f ON f.subject_id = r.id WHERE CAST(f.data AS TEXT) LIKE '%301%' \
                 OR CAST(r.room_sealed AS TEXT) LIKE '%301%' OR CAST(r.building_sealed AS TEXT) LIKE '%12%号%'";
    assert_eq!(town.number(clear).await, 0);
    assert_eq!(town.number("SELECT count(*) AS n FROM residence").await, 1);
}

async fn the_same_flat_is_applied_for_once(town: &Town) {
    let (ann, clerk) = (town.resident().await, clerk(town).await);
    let applied = ann.applies(&flat(HERE)).await;
    let typed_otherwise = with(flat(HERE), json!({ "building": "１２ 号楼", "room": " 301 室" }));
    ann.attempts("applyForResidence", &typed_otherwise).await.is_refused("INVALID").at("room");
    clerk.decides("verifyResidence", &applied, json!({})).await;
    ann.attempts("applyForResidence", &flat(HERE)).await.is_refused("INVALID").at("room");
    let husband = town.resident().await;
    husband.applies(&with(flat(HERE), json!({ "relation": "FAMILY" }))).await;
}

async fn three_applications_wait_at_most(town: &Town) {
    let ann = town.resident().await;
    let mut last = None;
    for room in ["101室", "102室", "103室"] {
        last = Some(ann.applies(&with(flat(HERE), json!({ "room": room }))).await);
    }
    let one_more = with(flat(HERE), json!({ "room": "104室" }));
    ann.attempts("applyForResidence", &one_more).await.is_refused("LIMIT_EXCEEDED");
    let back = ann.decides("endResidence", &last.unwrap(), json!({})).await;
    assert_eq!(back.state, "EXPIRED");
    ann.applies(&with(flat(HERE), json!({ "room": "104室" }))).await;
}

async fn a_tenants_proof_holds_for_a_year_and_is_renewed_before(town: &Town) {
    let clerk = clerk(town).await;
    let tenant = json!({ "relation": "TENANT" });
    let (_, home) = settled(town, &clerk, tenant.clone()).await;
    assert_eq!(tidies(town).await, 0);
    town.later(TimeDelta::days(300));
    let clerk = super::clerk(town).await;
    let (bob, old) = settled(town, &clerk, with(tenant.clone(), json!({ "room": "302室" }))).await;
    town.later(TimeDelta::days(66));
    assert_eq!(tidies(town).await, 1, "the first one's year is over");
    let clerk = super::clerk(town).await;
    assert_eq!(clerk.finds(&home, "... on Residence { state }").await["state"], "EXPIRED");
    clerk.attempts_on("endResidence", &home, json!({})).await.is_refused("FORBIDDEN");
    let anew = with(with(flat(HERE), tenant.clone()), json!({ "room": "302室" }));
    let mut bob = bob;
    comes_back(town, &mut bob).await;
    bob.attempts("applyForResidence", &anew).await.is_refused("INVALID");
    town.later(TimeDelta::days(240));
    comes_back(town, &mut bob).await;
    let renewed = bob.applies(&anew).await;
    let clerk = super::clerk(town).await;
    clerk.decides("verifyResidence", &renewed, json!({})).await;
    town.later(TimeDelta::days(60));
    assert_eq!(tidies(town).await, 1);
    comes_back(town, &mut bob).await;
    let states = bob.asks("{ viewer { residences { id state } } }").await;
    let states = states.get("/viewer/residences");
    assert_eq!(states, &json!([{ "id": renewed.id, "state": "VERIFIED" }, { "id": old.id, "state": "EXPIRED" }]));
}

async fn who_moves_away_ends_it(town: &Town) {
    let clerk = clerk(town).await;
    let (ann, home) = settled(town, &clerk, json!({})).await;
    clerk.attempts_on("endResidence", &home, json!({})).await.is_refused("FORBIDDEN");
    assert_eq!(ann.decides("endResidence", &home, json!({})).await.state, "EXPIRED");
    let again = Thing { version: home.version + 1, ..home };
    ann.attempts_on("endResidence", &again, json!({})).await.is_refused("INVALID_TRANSITION");
}

async fn the_desk_is_paged_and_scoped(town: &Town) {
    let (clerk, other) = (clerk(town).await, town.official(Role::NeighborhoodStaff, BESIDE).await);
    let street = town.staff("neighbourhood").await;
    let mut applied = Vec::new();
    for area in [HERE, COMPOUND, BESIDE, HERE] {
        applied.push(town.resident().await.applies(&flat(area)).await.id);
        town.later(TimeDelta::seconds(1));
    }
    let ids = async |person: &Person, arguments: &str| {
        let text = format!(
            "{{ residenceApplications({arguments}) {{ nodes {{ id applicant {{ displayName }} }} pageInfo {{ endCursor }} }} }}"
        );
        let answer = person.asks(&text).await;
        let cursor = answer.get("/residenceApplications/pageInfo/endCursor").as_str().map(str::to_owned);
        (texts(answer.get("/residenceApplications/nodes"), "/id"), cursor)
    };
    let (page, cursor) = ids(&clerk, "first: 2").await;
    assert_eq!(page, applied[..2]);
    assert_eq!(ids(&clerk, &format!("first: 2, after: \"{}\"", cursor.unwrap())).await.0, applied[3..]);
    assert_eq!(ids(&other, "first: 9").await.0, applied[2..3]);
    assert_eq!(ids(&street, "first: 9").await.0, applied);
    assert!(ids(&clerk, "state: REJECTED").await.0.is_empty());
    town.stranger().asks("{ residenceApplications { nodes { id } } }").await.is_refused("UNAUTHENTICATED");
}

async fn a_place_is_a_neighbourhood_or_in_one(town: &Town) {
    let ann = town.resident().await;
    for code in ["310112008", "310112008-D1", "310112999999", "nowhere"] {
        ann.attempts("applyForResidence", &flat(code)).await.is_refused("INVALID").at("areaCode");
    }
    let bad = json!({ "compound": "", "building": "长".repeat(33), "room": "3\n01" });
    let answer = ann.attempts("applyForResidence", &with(flat(HERE), bad)).await;
    assert!(answer.says_at("REQUIRED", "compound") && answer.says_at("TOO_LONG", "building"), "{answer:?}");
    assert!(answer.says_at("INVALID", "room"), "all of it at once: {answer:?}");
    town.stranger().attempts("applyForResidence", &flat(HERE)).await.is_refused("UNAUTHENTICATED");
}

async fn what_is_said_twice_is_done_once(town: &Town) {
    let (ann, clerk) = (town.resident().await, clerk(town).await);
    let input = flat(HERE);
    let applied = ann.applies(&input).await;
    let again = ann.attempts("applyForResidence", &input).await;
    assert_eq!((Thing::of(&again).id, again.get("/applyForResidence/isReplay")), (applied.id.clone(), &json!(true)));
    let key = json!({ "idempotencyKey": "the-same-key" });
    clerk.decides("verifyResidence", &applied, key.clone()).await;
    let again = clerk.attempts_on("verifyResidence", &applied, key).await;
    assert_eq!(again.get("/verifyResidence/isReplay"), &json!(true));
}
