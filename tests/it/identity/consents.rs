//! What people consent to: asked before anything is taken, in the version in force, and taken back at any time.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::case::{complaint, new_key, texts, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    nothing_is_taken_before_a_person_consented,
    a_new_version_is_consented_to_anew,
    without_the_consent_to_places_an_address_is_given_by_hand,
    who_is_under_fourteen_needs_a_guardian,
    a_guardian_names_children_under_a_consent_of_its_own,
    ten_children_at_most_also_at_once,
    only_system_administrators_publish,
    what_is_no_document_is_refused,
    a_yes_is_noted_once
];

impl Person {
    /// Says yes to documents.
    async fn gives(&self, ids: &[String], more: Value) -> Answer {
        let input = with(json!({ "documentIds": ids, "idempotencyKey": new_key() }), more);
        self.does("giveConsent", &input, "viewer { missingConsents } userErrors { code message field }").await
    }

    async fn withdraws(&self, kind: &str) -> Answer {
        let input = json!({ "kind": kind, "idempotencyKey": new_key() });
        self.does("withdrawConsent", &input, "viewer { missingConsents } userErrors { code field }").await
    }

    async fn publishes(&self, kind: &str, more: Value) -> Answer {
        let input = json!({ "kind": kind, "title": "隐私政策", "body": "第二版全文", "idempotencyKey": new_key() });
        let shown = "consentDocument { id version inForceFrom sha256 } isReplay userErrors { code message field }";
        self.does("publishConsentDocument", &with(input, more), shown).await
    }

    async fn names(&self, name: &str, month: &str) -> Answer {
        let input = json!({ "name": name, "birthMonth": month, "idempotencyKey": new_key() });
        self.does("addDependant", &input, "viewer { dependants { id name birthMonth } } userErrors { code field }")
            .await
    }

    async fn missing(&self) -> Value {
        self.asks("{ viewer { missingConsents } }").await.get("/viewer/missingConsents").clone()
    }
}

/// The document in force of a kind.
async fn document(person: &Person, kind: &str) -> String {
    let documents = person.asks("{ consentDocuments { id kind } }").await.list("/consentDocuments");
    let found = documents.iter().rfind(|document| document["kind"] == kind).expect("a document");
    found["id"].as_str().unwrap().to_owned()
}

async fn nothing_is_taken_before_a_person_consented(town: &Town) {
    let ann = town.newcomer().await;
    assert_eq!(ann.missing().await, json!(["PRIVACY_POLICY", "USER_AGREEMENT"]));
    let shown = ann.asks("{ consentDocuments { kind version title body sha256 inForceFrom } }").await;
    let versions = texts(shown.get("/consentDocuments"), "/kind");
    assert_eq!(versions.len(), 6, "each kind once: {versions:?}");
    for (verb, input) in [
        ("submitServiceRequest", complaint()),
        (
            "applyForResidence",
            json!({
                "areaCode": "310112008001", "compound": "爱博四村", "building": "1", "room": "1", "relation": "OWNER",
                "idempotencyKey": new_key(),
            }),
        ),
    ] {
        let refused = ann.does(verb, &input, "userErrors { code message field }").await;
        let codes = refused.codes();
        assert!(codes.len() >= 2 && codes.iter().all(|code| code == "CONSENT_REQUIRED"), "{verb}: {refused:?}");
    }
    let ids = [document(&ann, "PRIVACY_POLICY").await, document(&ann, "USER_AGREEMENT").await];
    let given = ann.gives(&ids, json!({ "isFourteenOrOver": true })).await;
    assert_eq!(given.get("/giveConsent/viewer/missingConsents"), &json!([]));
    let by_hand = with(complaint(), json!({ "place": null, "areaCode": "310112008001" }));
    ann.reports(&by_hand).await;
    let kept = ann.asks("{ viewer { consents { kind version clientKind givenAt withdrawnAt } } }").await;
    assert_eq!(texts(kept.get("/viewer/consents"), "/clientKind"), ["ANDROID", "ANDROID"]);
}

async fn a_new_version_is_consented_to_anew(town: &Town) {
    let (ann, admin) = (town.resident().await, town.staff("admin").await);
    let published = admin.publishes("PRIVACY_POLICY", json!({ "inForceFrom": town.now() + TimeDelta::days(7) })).await;
    assert_eq!(published.get("/publishConsentDocument/consentDocument/version"), &json!(4));
    assert_eq!(ann.missing().await, json!([]), "announced is not in force");
    let both = ann.asks("{ consentDocuments { kind version } }").await.list("/consentDocuments");
    let policies: Vec<_> =
        both.iter().filter(|one| one["kind"] == "PRIVACY_POLICY").map(|one| &one["version"]).collect();
    assert_eq!(policies, [3, 4]);
    town.later(TimeDelta::days(7));
    let mut ann = ann;
    ann.refreshes().await;
    assert_eq!(ann.missing().await, json!(["PRIVACY_POLICY"]));
    ann.tries_to_report(&complaint()).await.is_refused("CONSENT_REQUIRED");
    // Who says yes to what is announced lacks nothing when it comes.
    let fourth = document(&ann, "PRIVACY_POLICY").await;
    ann.gives(&[fourth], json!({ "isFourteenOrOver": true })).await.is_done();
    ann.reports(&complaint()).await;
}

async fn without_the_consent_to_places_an_address_is_given_by_hand(town: &Town) {
    let ann = town.resident().await;
    ann.reports(&complaint()).await;
    assert_eq!(ann.withdraws("LOCATION").await.get("/withdrawConsent/viewer/missingConsents"), &json!([]));
    ann.tries_to_report(&complaint()).await.is_refused("CONSENT_REQUIRED").at("place");
    let by_hand = json!({ "place": null, "areaCode": "310112008001", "address": "爱博四村 12 号楼" });
    ann.reports(&with(complaint(), by_hand)).await;
    ann.withdraws("LOCATION").await.is_refused("INVALID_TRANSITION");
    ann.withdraws("PRIVACY_POLICY").await.is_done();
    let by_hand = json!({ "place": null, "areaCode": "310112008001" });
    ann.tries_to_report(&with(complaint(), by_hand)).await.is_refused("CONSENT_REQUIRED");
}

async fn who_is_under_fourteen_needs_a_guardian(town: &Town) {
    let child = town.newcomer().await;
    let policy = [document(&child, "PRIVACY_POLICY").await];
    child.gives(&policy, json!({})).await.is_refused("REQUIRED").at("isFourteenOrOver");
    child.gives(&policy, json!({ "isFourteenOrOver": false })).await.is_refused("GUARDIAN_REQUIRED");
    assert_eq!(child.missing().await, json!(["PRIVACY_POLICY", "USER_AGREEMENT"]));
    let other = [document(&child, "USER_AGREEMENT").await];
    child.gives(&other, json!({})).await.is_done();
}

async fn a_guardian_names_children_under_a_consent_of_its_own(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.withdraws("MINOR").await.is_done();
    ann.names("小明", "2018-03").await.is_refused("CONSENT_REQUIRED");
    ann.gives(&[document(&ann, "MINOR").await], json!({})).await.is_done();
    ann.names("小明", "2008-10").await.is_refused("INVALID").at("birthMonth");
    ann.names("小明", "2026-12").await.is_refused("INVALID").at("birthMonth");
    ann.names("小明\n管理员", "2018-03").await.is_refused("INVALID").at("name");
    let named = ann.names("小明", "2018-03").await;
    let child = named.text("/addDependant/viewer/dependants/0/id");
    let remove = json!({ "id": child, "idempotencyKey": new_key() });
    bob.does("removeDependant", &remove, "userErrors { code }").await.is_refused("NOT_FOUND");
    assert_eq!(bob.asks("{ viewer { dependants { id } } }").await.get("/viewer/dependants"), &json!([]));
    ann.does("removeDependant", &remove, "viewer { dependants { id } } userErrors { code }").await.is_done();
    ann.names("小红", "2015-01").await.is_done();
    ann.withdraws("MINOR").await.is_done();
    assert_eq!(town.number("SELECT count(*) AS n FROM dependant").await, 0, "forgotten with the consent");
}

async fn ten_children_at_most_also_at_once(town: &Town) {
    let ann = town.resident().await;
    let tried = join_all((0..14).map(|number| {
        let ann = &ann;
        async move { ann.names(&format!("孩子{number}"), "2018-03").await.codes() }
    }));
    let codes: Vec<_> = tried.await.concat();
    assert_eq!(codes, ["LIMIT_EXCEEDED"; 4]);
    assert_eq!(town.number("SELECT count(*) AS n FROM dependant").await, 10);
}

async fn only_system_administrators_publish(town: &Town) {
    for who in ["security", "auditor", "dispatcher", "supervisor"] {
        town.staff(who).await.publishes("LOCATION", json!({})).await.is_refused("FORBIDDEN");
    }
    town.resident().await.publishes("LOCATION", json!({})).await.is_refused("FORBIDDEN");
    let admin = town.staff("admin").await;
    let past = json!({ "inForceFrom": town.now() - TimeDelta::days(1) });
    admin.publishes("LOCATION", past).await.is_refused("INVALID").at("inForceFrom");
    let far = json!({ "inForceFrom": town.now() + TimeDelta::days(400) });
    admin.publishes("LOCATION", far).await.is_refused("INVALID").at("inForceFrom");
    admin.publishes("LOCATION", json!({ "inForceFrom": town.now() + TimeDelta::days(9) })).await.is_done();
    admin.publishes("LOCATION", json!({})).await.is_refused("INVALID").at("inForceFrom");
    let many = join_all((0..6).map(|_| admin.publishes("HEALTH", json!({})))).await;
    let mut versions: Vec<i64> = many
        .iter()
        .map(|answer| answer.get("/publishConsentDocument/consentDocument/version").as_i64().unwrap())
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4, 5, 6, 7], "published at once, each is a version of its own");
}

async fn what_is_no_document_is_refused(town: &Town) {
    let (ann, admin) = (town.newcomer().await, town.staff("admin").await);
    let old = document(&ann, "LOCATION").await;
    admin.publishes("LOCATION", json!({})).await.is_done();
    ann.gives(&[old], json!({})).await.is_refused("INVALID").at("documentIds");
    ann.gives(&[], json!({})).await.is_refused("REQUIRED").at("documentIds");
    let me = ann.id().await.unwrap();
    ann.gives(&[me], json!({})).await.is_refused("NOT_FOUND");
    town.stranger().gives(&[document(&ann, "HEALTH").await], json!({})).await.is_refused("UNAUTHENTICATED");
}

async fn a_yes_is_noted_once(town: &Town) {
    let ann = town.newcomer().await;
    let agreement = [document(&ann, "USER_AGREEMENT").await];
    for answer in join_all((0..8).map(|_| ann.gives(&agreement, json!({})))).await {
        answer.is_done();
    }
    assert_eq!(ann.asks("{ viewer { consents { id } } }").await.list("/viewer/consents").len(), 1);
}
