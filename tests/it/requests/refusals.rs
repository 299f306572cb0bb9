//! What a report may not be. Each refusal names the field, and nothing is half-written.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::{at, complaint, new_key, street_light, with};
use crate::support::{Town, stories};

stories![
    nonsense_is_named_by_field,
    all_that_is_wrong_is_named_at_once,
    a_thousand_characters_are_enough,
    nine_photos_are_enough_over_the_whole_case,
    a_sixth_open_report_in_a_day_waits,
    channels_of_the_staff_are_not_for_residents,
];

async fn nonsense_is_named_by_field(town: &Town) {
    let ann = town.resident().await;
    let before = town.number("SELECT count(*) AS n FROM service_request").await;
    let photo = ann.photo().await;
    let (prefix, _) = photo.split_once('_').unwrap();
    let ten: Vec<String> = (0..10).map(|number| format!("{prefix}_{number:032x}")).collect();
    let cases: [(Value, &str, &str); 15] = [
        (json!({ "description": "长".repeat(1001) }), "TOO_LONG", "description"),
        (json!({ "description": " \u{3000}\n " }), "REQUIRED", "description"),
        (json!({ "description": "路灯\u{0}坏了" }), "INVALID", "description"),
        (json!({ "address": "弄".repeat(121) }), "TOO_LONG", "address"),
        (json!({ "place": at((31.195, 121.32)) }), "INVALID", "place"),
        (json!({ "place": at((121.4737, 31.2304)) }), "OUTSIDE_AREA", "place"),
        (json!({ "place": at((-0.1276, 51.5072)) }), "OUTSIDE_AREA", "place"),
        (json!({ "place": at((1e9, 31.195)) }), "INVALID", "place"),
        (json!({ "place": null }), "REQUIRED", "place"),
        (json!({ "place": null, "areaCode": "310112999" }), "INVALID", "areaCode"),
        (json!({ "place": null, "areaCode": "310112008" }), "INVALID", "areaCode"),
        (json!({ "categoryCode": "NOTHING" }), "INVALID", "categoryCode"),
        (json!({ "contactPhone": "12800138000" }), "INVALID", "contactPhone"),
        (json!({ "kind": "AUTO_FINDING" }), "INVALID", "kind"),
        (json!({ "attachmentIds": ten }), "LIMIT_EXCEEDED", "attachmentIds"),
    ];
    for (wrong, code, field) in cases {
        let answer = ann.tries_to_report(&with(street_light(), wrong)).await;
        answer.is_refused(code).at(field);
    }
    assert_eq!(town.number("SELECT count(*) AS n FROM service_request").await, before);
}

async fn all_that_is_wrong_is_named_at_once(town: &Town) {
    let wrong = json!({ "description": "", "categoryCode": "NOTHING", "place": at((31.195, 121.32)) });
    let answer = town.resident().await.tries_to_report(&with(street_light(), wrong)).await;
    assert_eq!(answer.user_codes().len(), 3, "{answer:?}");
    answer.at("description").at("categoryCode").at("place");
}

async fn a_thousand_characters_are_enough(town: &Town) {
    let long = with(street_light(), json!({ "description": "长".repeat(1000) }));
    town.resident().await.reports(&long).await;
}

async fn nine_photos_are_enough_over_the_whole_case(town: &Town) {
    let ann = town.resident().await;
    let mut photos = Vec::new();
    for _ in 0..10 {
        photos.push(ann.photo().await);
    }
    let (last, nine) = photos.split_last().unwrap();
    let case = ann.reports(&with(street_light(), json!({ "attachmentIds": nine }))).await;
    let more = json!({ "attachmentIds": [last] });
    ann.tries("supplementServiceRequest", &case, more).await.is_refused("LIMIT_EXCEEDED").at("attachmentIds");
}

async fn a_sixth_open_report_in_a_day_waits(town: &Town) {
    let mut ann = town.resident().await;
    let first = ann.reports(&complaint()).await;
    for _ in 1..5 {
        ann.reports(&complaint()).await;
    }
    let sixth = || with(complaint(), json!({ "idempotencyKey": new_key() }));
    ann.tries_to_report(&sixth()).await.is_refused("LIMIT_EXCEEDED");
    town.resident().await.reports(&complaint()).await;
    ann.moves("withdrawServiceRequest", &first, json!({})).await;
    ann.reports(&sixth()).await;
    ann.tries_to_report(&sixth()).await.is_refused("LIMIT_EXCEEDED");
    town.later(TimeDelta::hours(24));
    ann.refreshes().await;
    ann.reports(&sixth()).await;
}

async fn channels_of_the_staff_are_not_for_residents(town: &Town) {
    let ann = town.resident().await;
    for channel in ["WALK_IN", "HOTLINE_12345", "PATROL", "SENSOR"] {
        let input = with(street_light(), json!({ "channel": channel, "kind": "HELP" }));
        ann.tries_to_report(&input).await.is_refused("FORBIDDEN");
    }
}
