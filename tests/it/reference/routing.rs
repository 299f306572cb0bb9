//! Rules of dispatch: what they suggest, and what they would have done.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{complaint, new_key, street_light, with};
use crate::support::{Answer, Crew, Person, Town, stories};

stories![
    the_first_rule_that_fits_is_suggested_first,
    rules_speak_of_what_exists,
    a_simulation_counts_and_changes_nothing,
];

const SET: &str = "isReplay userErrors { code field message } routingRules { rules { number unit { id } hours } edition { \
                   version } }";

impl Person {
    async fn sets_rules(&self, version: Option<i32>, rules: Value) -> Answer {
        let input = json!({ "expectedVersion": version, "rules": rules, "idempotencyKey": new_key() });
        self.does("setRoutingRules", &input, SET).await
    }

    async fn simulates(&self, input: Value) -> Answer {
        let text = "query($input: SimulateRoutingInput!) { simulateRouting(input: $input) { scanned isCut assigned unassigned \
                    changed changes { rule serviceRequest { caseNo } ledBy { name } to { name } } } }";
        self.says(text, &json!({ "input": input })).await
    }
}

async fn suggested(town: &Town, case: &str) -> Vec<Value> {
    let text = format!(
        "{{ dispatchSuggestions(serviceRequestId: \"{case}\") {{ unit {{ id }} openLoad reasons {{ __typename ... on RuleReason \
         {{ number version priority }} }} }} }}"
    );
    town.staff("dispatcher").await.asks(&text).await.list("/dispatchSuggestions")
}

async fn the_first_rule_that_fits_is_suggested_first(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let (property, works) = (crew.unit_id("property").await, crew.unit_id("lights").await);
    let case = ann.reports(&complaint()).await;
    let case = crew.takes(&case, "property", "FILED").await;
    assert_eq!(suggested(town, &case.id).await[0]["unit"]["id"], property.as_str());
    let rules = json!([
        { "categoryCode": "PROPERTY", "hours": "OFF", "unitId": property },
        { "categoryCode": "PROPERTY", "areaCode": "310112008", "hours": "WORKING", "unitId": works, "priority": "HIGH" },
    ]);
    let set = town.staff("chief").await.sets_rules(None, rules.clone()).await;
    assert_eq!(set.is_done().get("/setRoutingRules/routingRules/rules/1/number"), 2);
    let first = suggested(town, &case.id).await.remove(0);
    assert_eq!(first["unit"]["id"], works.as_str());
    assert_eq!(
        first["reasons"][0],
        json!({ "__typename": "RuleReason", "number": 2, "version": 1, "priority": "HIGH" })
    );
    // In the evening the other rule fits.
    town.later(TimeDelta::hours(10));
    let first = suggested(town, &case.id).await.remove(0);
    assert_eq!((&first["unit"]["id"], &first["reasons"][0]["number"]), (&json!(property), &json!(1)));
    let stale = town.staff("chief").await.sets_rules(None, rules).await;
    stale.is_refused("CONFLICT");
    town.staff("chief").await.sets_rules(Some(1), json!([])).await.is_done();
    let reasons = suggested(town, &case.id).await.remove(0)["reasons"].to_string();
    assert!(!reasons.contains("RuleReason"), "without rules it is as before: {reasons}");
}

async fn rules_speak_of_what_exists(town: &Town) {
    let (chief, crew) = (town.staff("chief").await, Crew::of(town));
    let unit = crew.unit_id("property").await;
    for (rule, field) in [
        (json!({ "categoryCode": "NOTHING", "unitId": unit }), "rules.categoryCode"),
        (json!({ "areaCode": "310112999", "unitId": unit }), "rules.areaCode"),
        (json!({ "weekdays": [8], "unitId": unit }), "rules.weekdays"),
        (json!({ "from": "2026-12-02", "until": "2026-12-01", "unitId": unit }), "rules.weekdays"),
    ] {
        let answer = chief.sets_rules(None, json!([rule])).await;
        assert_eq!(answer.user_codes(), ["INVALID"], "{rule}");
        assert!(answer.json.to_string().contains(field.rsplit('.').next().unwrap()), "{rule}: {answer:?}");
    }
    let many = vec![json!({ "unitId": unit }); 201];
    assert!(!chief.sets_rules(None, json!(many)).await.codes().is_empty());
    town.tampers("UPDATE unit SET is_active = (1 = 0)").await;
    assert_eq!(chief.sets_rules(None, json!([{ "unitId": unit }])).await.user_codes(), ["INVALID"]);
    assert_eq!(town.staff("dispatcher").await.sets_rules(None, json!([])).await.top_codes(), ["FORBIDDEN"]);
}

async fn a_simulation_counts_and_changes_nothing(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let (property, works) = (crew.unit_id("property").await, crew.unit_id("lights").await);
    let today = "2026-11-23";
    let mut sent = Vec::new();
    for input in [complaint(), complaint()] {
        sent.push(crew.takes(&ann.reports(&input).await, "property", "DISPATCHED").await);
    }
    ann.reports(&street_light()).await;
    ann.reports(&with(complaint(), json!({ "categoryCode": "PROPERTY.FEES" }))).await;
    let facts = town.number("SELECT count(*) AS n FROM fact").await;
    let chief = town.staff("chief").await;
    let rules = json!([
        { "categoryCode": "FACILITY", "unitId": works }, { "categoryCode": "PROPERTY.REPAIR", "unitId": works },
    ]);
    let period = json!({ "from": today, "to": today });
    let before = chief.simulates(with(period.clone(), json!({ "rules": [] }))).await;
    let seeded = before.get("/simulateRouting/scanned").as_i64().unwrap() - 4;
    let tried = chief.simulates(with(period.clone(), json!({ "rules": rules, "first": 1 }))).await;
    let found = tried.get("/simulateRouting");
    assert_eq!(found["scanned"].as_i64().unwrap(), seeded + 4);
    assert!(found["assigned"].as_i64().unwrap() >= 3, "{found}");
    let counted = found["assigned"].as_i64().unwrap() + found["unassigned"].as_i64().unwrap();
    assert_eq!((counted, &found["isCut"]), (seeded + 4, &json!(false)));
    assert!(found["changed"].as_i64().unwrap() >= 2);
    assert_eq!(found["changes"].as_array().unwrap().len(), 1, "a page of them");
    let listed = found["changes"][0]["serviceRequest"]["caseNo"].as_str().unwrap();
    assert!(sent.iter().any(|case| case.no == listed), "{listed}");
    assert_eq!(found["changes"][0]["rule"], 2);
    assert_eq!(town.number("SELECT count(*) AS n FROM fact").await, facts);
    // By what is in force, or by a version.
    chief.sets_rules(None, json!([{ "unitId": property }])).await.is_done();
    for by in [json!({}), json!({ "version": 1 })] {
        let answer = chief.simulates(with(period.clone(), by)).await;
        assert_eq!(answer.get("/simulateRouting/unassigned"), 0);
    }
    assert_eq!(chief.simulates(with(period.clone(), json!({ "version": 9 }))).await.top_codes(), ["NOT_FOUND"]);
    let backwards = json!({ "from": "2026-11-24", "to": today, "rules": [] });
    assert_eq!(chief.simulates(backwards).await.top_codes(), ["BAD_REQUEST"]);
    assert_eq!(town.staff("dispatcher").await.simulates(period).await.top_codes(), ["FORBIDDEN"]);
}
