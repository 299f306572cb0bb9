//! A copy of a person's data: made beside the requests, for the person alone, gone after a day.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::case::{complaint, with};
use crate::support::{Crew, Town, eventually, raw, stories};

stories![
    a_copy_holds_all_that_is_kept_of_the_person,
    a_copy_is_gone_after_a_day,
    one_copy_at_a_time_also_at_once,
    an_address_with_anything_changed_opens_nothing,
    nobody_sees_copies_of_others,
    a_copy_is_sealed_where_it_lies,
];

async fn fetched(town: &Town, url: &str) -> Value {
    let reply = raw::get(town.address, url).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-disposition").as_deref(), Some("attachment; filename=\"my-data.json\""));
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    reply.json()
}

async fn a_copy_holds_all_that_is_kept_of_the_person(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let name = json!({ "name": "安居乐", "idempotencyKey": "name-key-1" });
    ann.does("correctMyData", &name, "userErrors { code }").await.is_done();
    let flat = ann.applies(&crate::residents::flat(crate::residents::HERE)).await;
    let photo = ann.photo().await;
    let case = ann.reports(&with(complaint(), json!({ "attachmentIds": [photo] }))).await;
    let case = ann.moves("supplementServiceRequest", &case, json!({ "text": "昨晚又坏了" })).await;
    crew.takes(&case, "property", "FILED").await;
    let other = town.resident().await.reports(&complaint()).await;
    let copy = fetched(town, &ann.has_copy().await).await;
    assert_eq!(copy["format"], "zhilitong-personal-data/1");
    assert_eq!(copy["account"]["name"], "安居乐");
    assert_eq!(copy["account"]["phone"], format!("+86{}", ann.phone()));
    assert_eq!(copy["account"]["sessions"][0]["clientKind"], "ANDROID");
    assert_eq!(copy["account"]["consents"].as_array().unwrap().len(), 6);
    assert_eq!((&copy["residences"][0]["id"], &copy["residences"][0]["room"]), (&json!(flat.id), &json!("301室")));
    let mine = &copy["serviceRequests"][0];
    assert_eq!(copy["serviceRequests"].as_array().unwrap().len(), 1);
    assert_eq!((&mine["caseNo"], &mine["description"]), (&json!(case.no), &json!("单元门禁坏了一周")));
    let kinds: Vec<&Value> = mine["timeline"].as_array().unwrap().iter().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["request.submitted", "request.supplemented", "request.accepted", "request.filed"]);
    assert_eq!(mine["timeline"][1]["words"], json!(["昨晚又坏了"]));
    let url = mine["photos"][0]["url"].as_str().unwrap();
    assert_eq!(raw::get(town.address, url).await.status, 200, "photos can be fetched as long as the copy");
    let text = copy.to_string();
    assert!(!text.contains(&other.no) && !text.contains("派小单"), "nothing of others: {text}");
}

async fn a_copy_is_gone_after_a_day(town: &Town) {
    let mut ann = town.resident().await;
    let url = ann.has_copy().await;
    town.later(TimeDelta::hours(24) - TimeDelta::seconds(1));
    fetched(town, &url).await;
    town.later(TimeDelta::seconds(1));
    assert_eq!(raw::get(town.address, &url).await.status, 404);
    ann.refreshes().await;
    eventually("a copy lapses", async || ann.copies().await[0]["state"] == "EXPIRED").await;
    assert_eq!(ann.copies().await[0]["url"], Value::Null);
    let kept = "SELECT count(*) AS n FROM data_export WHERE content_sealed IS NOT NULL";
    assert_eq!(town.number(kept).await, 0, "nothing of it is kept");
    ann.has_copy().await;
}

async fn one_copy_at_a_time_also_at_once(town: &Town) {
    let ann = town.resident().await;
    let answers = join_all((0..8).map(|_| ann.asks_for_copy())).await;
    let done = answers.iter().filter(|answer| answer.codes().is_empty()).count();
    assert_eq!(done, 1);
    for refused in answers.iter().filter(|answer| !answer.codes().is_empty()) {
        refused.is_refused("LIMIT_EXCEEDED");
        let reset = refused.json.pointer("/data/requestDataExport/userErrors/0/resetAt");
        assert!(reset.is_some_and(Value::is_string), "it says when again");
    }
    town.stranger().asks_for_copy().await.is_refused("UNAUTHENTICATED");
}

async fn an_address_with_anything_changed_opens_nothing(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let (mine, other) = (ann.has_copy().await, bob.has_copy().await);
    let (path, query) = mine.split_once('?').unwrap();
    let (other_path, _) = other.split_once('?').unwrap();
    let expires: i64 = query.split(['=', '&']).nth(1).unwrap().parse().unwrap();
    for url in [
        format!("{other_path}?{query}"),
        mine.replace(&expires.to_string(), &(expires + 1).to_string()),
        path.to_owned(),
        format!("{path}?expires={expires}&signature="),
        format!("{path}?expires=9999999999&signature=AAAA"),
        "/exports/exp_00000000000000000000000000000000?expires=9999999999&signature=AAAA".to_owned(),
        format!("/exports/..%2f..%2fkeys?{query}"),
    ] {
        assert_eq!(raw::get(town.address, &url).await.status, 404, "{url}");
    }
}

async fn nobody_sees_copies_of_others(town: &Town) {
    let ann = town.resident().await;
    ann.has_copy().await;
    for who in [town.resident().await, town.staff("admin").await, town.staff("auditor").await] {
        assert!(who.copies().await.is_empty());
    }
}

async fn a_copy_is_sealed_where_it_lies(town: &Town) {
    let ann = town.resident().await;
    ann.has_copy().await;
    assert!(!crate::identity::is_stored(town, "zhilitong-personal-data").await);
    assert!(!crate::identity::is_stored(town, &ann.phone()).await);
}
