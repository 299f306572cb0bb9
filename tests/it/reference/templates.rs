//! Templates of replies: kept by chiefs on duty, filled for a case.

use serde_json::{Value, json};

use crate::support::case::{complaint, new_key, with};
use crate::support::{Answer, Crew, Person, Town, stories};

stories![a_template_is_filled_for_the_cases_it_is_for, templates_say_nothing_unknown];

impl Person {
    async fn saves_template(&self, code: &str, version: Option<i32>, changes: Value) -> Answer {
        let template = json!({
            "code": code, "expectedVersion": version, "name": "已修复", "text": "诉求{{caseNo}}已办结。", "idempotencyKey": new_key(),
        });
        let shown = "userErrors { code field message } replyTemplate { code edition { version isRetired } }";
        self.does("saveReplyTemplate", &with(template, changes), shown).await
    }
}

async fn a_template_is_filled_for_the_cases_it_is_for(town: &Town) {
    let (ann, crew, chief) = (town.resident().await, Crew::of(town), town.staff("chief").await);
    let property = crew.unit_id("property").await;
    let text = "您反映的{{category}}问题（{{caseNo}}）由{{unit}}于{{today}}办结。";
    chief.saves_template("REPAIRED", None, json!({ "text": text, "categoryCode": "PROPERTY" })).await.is_done();
    let own = json!({ "text": "我处已处理，{{dueDate}}前回访。", "unitId": property });
    chief.saves_template("OWN", None, own).await.is_done();
    chief.saves_template("LIGHT", None, json!({ "categoryCode": "FACILITY" })).await.is_done();
    let filled = async |person: &Person, case: &str| {
        let text = format!("{{ replyTemplates(serviceRequestId: \"{case}\") {{ code filled }} }}");
        person.asks(&text).await
    };
    let case = ann.reports(&complaint()).await;
    let dispatcher = town.staff("dispatcher").await;
    let before = filled(&dispatcher, &case.id).await.list("/replyTemplates");
    assert_eq!(before.len(), 1, "nobody leads it yet");
    assert!(before[0]["filled"].as_str().unwrap().contains("由{{unit}}于"), "what is not known stays: {before:?}");
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    let handler = crew.who("property.handler").await;
    let shown = filled(&handler, &case.id).await.list("/replyTemplates");
    let said = format!("您反映的房屋与设施维修问题（{}）由爱博项目部于2026年11月23日办结。", case.no);
    assert_eq!(
        shown,
        [
            json!({ "code": "OWN", "filled": "我处已处理，2026年11月30日前回访。" }),
            json!({ "code": "REPAIRED", "filled": said }),
        ]
    );
    assert_eq!(filled(&ann, &case.id).await.top_codes(), ["FORBIDDEN"]);
    let elsewhere = filled(&town.staff("lights.handler").await, &case.id).await;
    assert!(!elsewhere.top_codes().is_empty(), "{elsewhere:?}");
    let retire = json!({ "code": "OWN", "expectedVersion": 1, "idempotencyKey": new_key() });
    chief
        .does("retireReplyTemplate", &retire, "userErrors { code } replyTemplate { edition { isRetired } }")
        .await
        .is_done();
    assert_eq!(filled(&handler, &case.id).await.list("/replyTemplates").len(), 1);
    assert_eq!(chief.asks("{ replyTemplates { code } }").await.list("/replyTemplates").len(), 2);
}

async fn templates_say_nothing_unknown(town: &Town) {
    let chief = town.staff("chief").await;
    for (changes, code, field) in [
        (json!({ "text": "电话{{phone}}" }), "INVALID", "text"),
        (json!({ "text": "{{caseNo" }), "INVALID", "text"),
        (json!({ "text": "长".repeat(1001) }), "TOO_LONG", "text"),
        (json!({ "name": "" }), "REQUIRED", "name"),
        (json!({ "code": "no" }), "INVALID", "code"),
        (json!({ "categoryCode": "NOTHING" }), "INVALID", "categoryCode"),
    ] {
        let answer = chief.saves_template("NEW", None, changes.clone()).await;
        assert!(answer.says_at(code, field), "{changes}: {answer:?}");
    }
    assert_eq!(town.staff("dispatcher").await.saves_template("NEW", None, json!({})).await.top_codes(), ["FORBIDDEN"]);
    assert_eq!(town.stranger().asks("{ replyTemplates { code } }").await.top_codes(), ["UNAUTHENTICATED"]);
}
