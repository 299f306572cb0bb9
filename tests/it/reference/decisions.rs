//! Decisions: versions, effective dates, who may, what is nonsense.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{complaint, new_key, with};
use crate::support::{Crew, Town, eventually, stories};

stories![
    a_longer_time_limit_holds_for_what_is_sent_from_then_on,
    what_was_planned_is_overtaken_by_what_is_decided_later,
    whoever_decides_by_an_old_version_is_shown_the_new_one,
    only_chiefs_on_duty_decide_and_it_is_noted,
    nonsense_is_refused_where_it_stands,
    a_retired_category_stays_on_its_cases,
    a_new_category_can_be_used_at_once,
    the_ladder_warns_as_it_was_decided_last,
    another_node_knows_within_seconds,
    words_are_held_back_by_the_list_in_force,
];

fn in_hours(town: &Town, hours: i64) -> String {
    (town.now() + TimeDelta::hours(hours)).to_rfc3339()
}

/// Monday 09:00: five working days are next Monday, six the Tuesday after.
async fn a_longer_time_limit_holds_for_what_is_sent_from_then_on(town: &Town) {
    let (mut ann, crew) = (town.resident().await, Crew::of(town));
    let first = ann.reports(&complaint()).await;
    let first = crew.takes(&first, "property", "DISPATCHED").await;
    let before = ann.sees(&first, "dueAt promisedAt").await;
    let second = ann.reports(&complaint()).await;
    let second = crew.takes(&second, "property", "FILED").await;
    let chief = town.staff("chief").await;
    let from = in_hours(town, 1);
    let set = chief.sets_appeal(json!({ "handle": "6wd", "validFrom": from })).await;
    set.is_done();
    assert_eq!(set.get("/setSlaPolicy/slaPolicy/edition/version"), 2);
    assert_eq!(set.list("/setSlaPolicy/slaPolicy/history").len(), 2);
    let in_force = chief.asks("{ slaPolicies { code handle } }").await.list("/slaPolicies");
    assert!(in_force.contains(&json!({ "code": "APPEAL", "handle": "5wd" })), "its hour has not come: {in_force:?}");

    town.later(TimeDelta::hours(1));
    ann.refreshes().await;
    let crew = Crew::of(town);
    let second = crew.takes(&second, "property", "IN_PROGRESS").await;
    assert_eq!(ann.sees(&first, "dueAt promisedAt").await, before, "what was promised stays");
    assert_eq!(before["dueAt"], "2026-11-30T09:30:00+00:00");
    assert_eq!(ann.sees(&second, "dueAt").await["dueAt"], "2026-12-01T09:30:00+00:00", "nobody restarted anything");
    // The case sent before is given a rework by the limits it was sent under, whatever holds meanwhile.
    let version = "SELECT CAST(sla_version AS BIGINT) AS n FROM service_request WHERE case_no = ";
    assert_eq!(town.number(&format!("{version}'{}'", first.no)).await, 1);
    assert_eq!(town.number(&format!("{version}'{}'", second.no)).await, 2);
}

async fn what_was_planned_is_overtaken_by_what_is_decided_later(town: &Town) {
    let chief = town.staff("chief").await;
    chief.sets_appeal(json!({ "handle": "9wd", "validFrom": in_hours(town, 200) })).await.is_done();
    let set = chief.sets_appeal(json!({ "handle": "7wd", "expectedVersion": 2 })).await;
    set.is_done();
    let history = set.list("/setSlaPolicy/slaPolicy/history");
    let shown: Vec<&Value> = history.iter().map(|edition| &edition["handle"]).collect();
    assert_eq!(shown, ["7wd", "9wd", "5wd"], "newest first");
    assert_eq!(history[1]["edition"]["validTo"], history[0]["edition"]["validFrom"], "it never comes into force");
    assert_eq!(history[0]["edition"]["validTo"], Value::Null);
    assert!(history[0]["edition"]["decidedBy"]["id"].is_string());
    assert_eq!(history[2]["edition"]["decidedBy"], Value::Null, "the product brought it along");
    town.later(TimeDelta::hours(201));
    let in_force = town.staff("chief").await.asks("{ slaPolicies { code handle } }").await.list("/slaPolicies");
    assert!(in_force.contains(&json!({ "code": "APPEAL", "handle": "7wd" })), "{in_force:?}");
}

async fn whoever_decides_by_an_old_version_is_shown_the_new_one(town: &Town) {
    let chief = town.staff("chief").await;
    let key = new_key();
    let set = chief.sets_appeal(json!({ "handle": "6wd", "idempotencyKey": key })).await;
    set.is_done();
    let late = chief.sets_appeal(json!({ "handle": "4wd" })).await;
    late.is_refused("CONFLICT");
    assert_eq!(late.json["data"]["setSlaPolicy"]["slaPolicy"]["handle"], "6wd", "the current object");
    let again = chief.sets_appeal(json!({ "handle": "6wd", "idempotencyKey": key })).await;
    assert_eq!(again.is_done().get("/setSlaPolicy/isReplay"), true);
    assert_eq!(town.number("SELECT count(*) AS n FROM edition WHERE code = 'APPEAL'").await, 2);
    // Two at once: one wins.
    let (a, b) = tokio::join!(
        chief.sets_appeal(json!({ "handle": "7wd", "expectedVersion": 2 })),
        chief.sets_appeal(json!({ "handle": "8wd", "expectedVersion": 2 })),
    );
    let codes = [a.user_codes(), b.user_codes()].concat();
    assert_eq!(codes, ["CONFLICT"]);
}

async fn only_chiefs_on_duty_decide_and_it_is_noted(town: &Town) {
    for username in ["dispatcher", "admin", "supervisor"] {
        let answer = town.staff(username).await.sets_appeal(json!({})).await;
        assert_eq!(answer.top_codes(), ["FORBIDDEN"], "{username}");
    }
    let ann = town.resident().await;
    assert_eq!(ann.sets_appeal(json!({})).await.top_codes(), ["FORBIDDEN"]);
    assert_eq!(ann.asks("{ slaPolicies { code } }").await.top_codes(), ["FORBIDDEN"]);
    assert_eq!(town.stranger().asks("{ slaPolicies { code } }").await.top_codes(), ["UNAUTHENTICATED"]);
    let history = town.stranger().asks("{ requestCategory(code: \"PROPERTY\") { name history { name } } }").await;
    assert_eq!(history.get("/requestCategory"), &json!({ "name": "物业管理", "history": null }));
    let lines = "SELECT count(*) AS n FROM audit_entry WHERE action = 'setSlaPolicy' AND outcome = ";
    assert_eq!(town.number(&format!("{lines}'FORBIDDEN'")).await, 4);
    town.staff("chief").await.sets_appeal(json!({ "handle": "6wd" })).await.is_done();
    assert_eq!(town.number(&format!("{lines}'DONE'")).await, 1);
    let facts = "SELECT count(*) AS n FROM fact WHERE kind = 'reference.enacted'";
    assert_eq!(town.number(facts).await, 1);
}

async fn nonsense_is_refused_where_it_stands(town: &Town) {
    let chief = town.staff("chief").await;
    let past = (town.now() - TimeDelta::seconds(1)).to_rfc3339();
    for (changes, field) in [
        (json!({ "contact": "6wd" }), "contact"),
        (json!({ "handle": "soon" }), "handle"),
        (json!({ "handle": "16wd" }), "handle"),
        (json!({ "longest": "100wd" }), "longest"),
        (json!({ "code": "appeal" }), "code"),
        (json!({ "validFrom": past }), "validFrom"),
        (json!({ "validFrom": "2126-01-01T00:00:00Z" }), "validFrom"),
    ] {
        let answer = chief.sets_appeal(changes.clone()).await;
        assert!(answer.says_at("INVALID", field), "{changes}: {answer:?}");
    }
    assert_eq!(chief.sets_appeal(json!({ "code": "NOTHING" })).await.top_codes(), ["NOT_FOUND"]);
    for (code, changes, field) in [
        ("NOTHING.BELOW", json!({}), "code"),
        ("facility", json!({}), "code"),
        ("FACILITY.NEW", json!({ "slaCode": "NOTHING" }), "slaCode"),
        ("FACILITY.NEW", json!({ "position": -1 }), "position"),
        ("FACILITY.NEW", json!({ "name": "两\n行" }), "name"),
    ] {
        let answer = chief.saves_category(code, None, changes.clone()).await;
        assert!(answer.says_at("INVALID", field), "{code} {changes}: {answer:?}");
    }
    let parent = chief.retires_category("PROPERTY", 1).await;
    assert!(parent.says_at("INVALID", "code"), "its children are used: {parent:?}");
    assert_eq!(town.number("SELECT count(*) AS n FROM edition WHERE version > 1").await, 0);
}

async fn a_retired_category_stays_on_its_cases(town: &Town) {
    let (ann, crew, chief) = (town.resident().await, Crew::of(town), town.staff("chief").await);
    let case = ann.reports(&complaint()).await;
    let retired = chief.retires_category("PROPERTY.REPAIR", 1).await;
    assert_eq!(retired.is_done().get("/retireRequestCategory/requestCategory/edition/isRetired"), true);
    let refused = ann.tries_to_report(&complaint()).await;
    assert!(refused.says_at("INVALID", "categoryCode"), "{refused:?}");
    let offered = ann.asks("{ requestCategories { code children { code } } }").await.json.to_string();
    assert!(!offered.contains("PROPERTY.REPAIR") && offered.contains("PROPERTY.FEES"));
    let seen = ann.sees(&case, "category { code name edition { isRetired } }").await;
    assert_eq!(
        seen["category"],
        json!({ "code": "PROPERTY.REPAIR", "name": "房屋与设施维修", "edition": { "isRetired": true } })
    );
    // It goes its whole way all the same.
    crew.takes(&case, "property", "IN_PROGRESS").await;
    // Used again, it is as it was.
    let again = chief.saves_category("PROPERTY.REPAIR", Some(2), json!({ "name": "维修" })).await;
    again.is_done();
    assert_eq!(again.list("/saveRequestCategory/requestCategory/history").len(), 3);
    ann.reports(&complaint()).await;
}

async fn a_new_category_can_be_used_at_once(town: &Town) {
    let (ann, chief) = (town.resident().await, town.staff("chief").await);
    let new = json!({ "name": "低空飞行扰民", "slaCode": "GREEN", "position": 9 });
    let code = "NOISE.DRONE";
    assert!(chief.saves_category(code, Some(1), new.clone()).await.top_codes() == ["NOT_FOUND"]);
    let made = chief.saves_category(code, None, new.clone()).await;
    assert_eq!(made.is_done().get("/saveRequestCategory/requestCategory/edition/version"), 1);
    chief.saves_category(code, None, new).await.is_refused("CONFLICT");
    let case = ann.reports(&with(complaint(), json!({ "categoryCode": code }))).await;
    assert_eq!(ann.sees(&case, "category { name }").await["category"]["name"], "低空飞行扰民");
    let units = "{ organizations(first: 1) { nodes { id } } }";
    let organization = town.staff("admin").await.asks(units).await.text("/organizations/nodes/0/id");
    let unit = json!({
        "organizationId": organization, "name": "低空办", "isActive": true, "areaIds": [], "categoryCodes": [code],
        "idempotencyKey": new_key(),
    });
    let saved = town.staff("admin").await.does("saveUnit", &unit, "userErrors { code } unit { categoryCodes }").await;
    assert_eq!(saved.is_done().get("/saveUnit/unit/categoryCodes"), &json!([code]));
}

async fn the_ladder_warns_as_it_was_decided_last(town: &Town) {
    let (ann, chief) = (town.resident().await, town.staff("chief").await);
    let case = ann.reports(&complaint()).await;
    let rung = |step, percent, level| json!({ "clock": "DESK", "step": step, "percent": percent, "level": level, "tells": "DESK" });
    let set = |rungs: Value, version| {
        let input = json!({ "expectedVersion": version, "rungs": rungs, "idempotencyKey": new_key() });
        let chief = chief.clone();
        async move {
            chief.does("setWarningLadder", &input, "userErrors { code field } warningLadder { rungs { step } }").await
        }
    };
    assert!(set(json!([rung(2, 50, "RED")]), 1).await.says_at("INVALID", "rungs"));
    set(json!([rung(1, 25, "YELLOW"), rung(2, 100, "RED")]), 1).await.is_done();
    // Four working hours from 09:00: a quarter is over at ten. The alarm was set by the old ladder and is looked at then.
    town.later(TimeDelta::hours(4));
    town.wakes().await;
    let seen = town.staff("dispatcher").await.sees(&case, "timeline { kind }").await;
    assert_eq!(seen["timeline"][1]["kind"], "request.reminded");
    let rules =
        json!({ "expectedVersion": 1, "rules": [{ "people": 2, "priority": "URGENT" }], "idempotencyKey": new_key() });
    let rules = town
        .staff("chief")
        .await
        .does("setPriorityRules", &rules, "userErrors { code } priorityRules { rules { people } }")
        .await;
    assert_eq!(rules.is_done().get("/setPriorityRules/priorityRules/rules/0/people"), 2);
}

async fn another_node_knows_within_seconds(town: &Town) {
    let node = town.second_node().await;
    let chief = town.staff("chief").await;
    chief.sets_appeal(json!({ "handle": "6wd" })).await.is_done();
    let knows = async || {
        let town = node.app().house.town();
        town.reference.policies.latest("APPEAL").is_some_and(|edition| edition.version == 2)
    };
    eventually("the other node reads it anew", knows).await;
    node.stops().await;
}

async fn words_are_held_back_by_the_list_in_force(town: &Town) {
    let (ann, ben, chief) = (town.resident().await, town.resident().await, town.staff("chief").await);
    let shady = || with(complaint(), json!({ "description": "门口有人发低 价 ⓥⓘⓟ 陪-玩卡片" }));
    let public = async |case: &str| {
        let text = "{ publicServiceRequests(first: 50) { nodes { caseNo } } }";
        town.stranger().asks(text).await.json.to_string().contains(case)
    };
    let before = ann.reports(&shady()).await;
    let list = chief.asks("{ forbiddenWords { words edition { version } } }").await;
    let mut words = list.list("/forbiddenWords/words");
    words.push(json!("VIP陪玩"));
    let set = |words: Value, version: i32| {
        let input = json!({ "expectedVersion": version, "words": words, "idempotencyKey": new_key() });
        let chief = chief.clone();
        async move {
            chief
                .does(
                    "setForbiddenWords",
                    &input,
                    "userErrors { code field message } forbiddenWords { edition { version } }",
                )
                .await
        }
    };
    for (bad, code) in
        [(json!(["二字"]), "INVALID"), (json!(["长".repeat(33)]), "TOO_LONG"), (json!(["  "]), "REQUIRED")]
    {
        let answer = set(bad.clone(), 1).await;
        assert!(answer.says_at(code, "words"), "{bad}: {answer:?}");
    }
    set(json!(words), 1).await.is_done();
    let after = ben.reports(&shady()).await;
    let crew = Crew::of(town);
    for case in [&before, &after] {
        crew.takes(case, "property", "ACCEPTED").await;
    }
    assert_eq!((public(&before.no).await, public(&after.no).await), (true, false), "what was published stays so");
    let told = ben.sees(&after, "description").await.to_string();
    assert!(told.contains("陪-玩"), "the reporter reads the own words: {told}");
    for username in ["dispatcher", "admin"] {
        let answer = town.staff(username).await.asks("{ forbiddenWords { words } }").await;
        assert_eq!(answer.top_codes(), ["FORBIDDEN"], "{username}");
    }
    // Nor does a mistake show the list to who may not keep it.
    let bad = json!({ "expectedVersion": 2, "words": ["二字"], "idempotencyKey": new_key() });
    let answer = ben.does("setForbiddenWords", &bad, "userErrors { code } forbiddenWords { words }").await;
    assert_eq!(answer.json["data"]["setForbiddenWords"]["forbiddenWords"], Value::Null);
}
