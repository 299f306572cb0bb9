//! Reports as files: what is in them, who gets them, and what stays of them.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{all_year, and, is_counted};
use crate::party::lines;
use crate::support::case::{complaint, new_key};
use crate::support::{Answer, Crew, Person, Town, raw, stories};

stories![
    a_report_becomes_a_file_for_an_hour,
    who_sees_no_numbers_gets_no_file,
    a_wrong_question_is_refused_in_the_payload
];

async fn exports(person: &Person, query: &Value, format: &str, key: &str) -> Answer {
    let input = json!({ "query": query, "format": format, "idempotencyKey": key });
    let shown = "kpiExport { id format rowCount expiresAt url } isReplay userErrors { code field }";
    person.does("exportKpi", &input, shown).await
}

async fn a_report_becomes_a_file_for_an_hour(town: &Town) {
    let (crew, ann) = (Crew::of(town), town.resident().await);
    crew.takes(&ann.reports(&complaint()).await, "property", "HANDLED").await;
    is_counted(town).await;
    let supervisor = crew.who("supervisor").await;
    let query = and(&all_year(&["ON_TIME_RATE", "CASES"]), json!({ "groupBy": "UNIT" }));
    let key = new_key();
    let made = exports(&supervisor, &query, "CSV", &key).await;
    let url = made.text("/exportKpi/kpiExport/url");
    let reply = raw::get(town.address, &url).await;
    assert_eq!((reply.status, reply.header("content-type").as_deref()), (200, Some("text/csv; charset=utf-8")));
    assert_eq!(reply.header("content-disposition").as_deref(), Some("attachment; filename=\"indicators.csv\""));
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    assert!(reply.body.starts_with('\u{feff}'), "{}", reply.body);
    let rows = supervisor.reads_kpi(&query).await.list("/kpi/rows");
    assert_eq!(made.get("/exportKpi/kpiExport/rowCount"), &json!(rows.len()));
    let lines_of_file: Vec<&str> = reply.body.trim_end().split("\r\n").collect();
    assert_eq!(lines_of_file.len(), rows.len() + 1);
    for (row, line) in rows.iter().zip(&lines_of_file[1..]) {
        let expected = format!(",{},{},", row["numerator"], row["denominator"]);
        assert!(line.contains(&expected) && line.contains(row["label"].as_str().unwrap()), "{row} {line}");
    }
    let again = exports(&supervisor, &query, "CSV", &key).await;
    assert_eq!((again.get("/exportKpi/isReplay"), again.text("/exportKpi/kpiExport/url")), (&json!(true), url.clone()));
    let book = exports(&supervisor, &query, "XLSX", &new_key()).await.text("/exportKpi/kpiExport/url");
    let reply = raw::get(town.address, &book).await;
    assert!(reply.status == 200 && reply.body.starts_with("PK"), "{}", reply.head);
    assert_eq!(raw::get(town.address, &format!("{url}x")).await.status, 404);
    assert_eq!(raw::get(town.address, &url.replace("/statistics/", "/exports/")).await.status, 404);
    town.later(TimeDelta::hours(1));
    assert_eq!(raw::get(town.address, &url).await.status, 404, "its hour is over");
    zhilitong::housekeeping::tidy(town.base(), &media_of(town)).await.unwrap();
    assert_eq!(town.number("SELECT count(*) AS n FROM kpi_export").await, 0, "nothing of it is kept");
    let noted = lines(town, "exportKpi").await;
    assert_eq!(noted.iter().map(|(outcome, _)| outcome.as_str()).collect::<Vec<_>>(), ["DONE", "DONE"]);
}

/// The photos' keeper, as housekeeping wants one.
fn media_of(town: &Town) -> media::Media {
    let config = town.ground.config();
    let objects = media::local_folder(&config.data.dir.join("media")).unwrap();
    media::Media::new(town.base().clone(), objects, &config.media)
}

async fn who_sees_no_numbers_gets_no_file(town: &Town) {
    let query = all_year(&["CASES"]);
    for person in [town.resident().await, town.staff("admin").await] {
        assert_eq!(exports(&person, &query, "CSV", &new_key()).await.codes(), ["FORBIDDEN"]);
    }
    assert_eq!(exports(&town.stranger(), &query, "CSV", &new_key()).await.codes(), ["UNAUTHENTICATED"]);
    assert_eq!(town.number("SELECT count(*) AS n FROM kpi_export").await, 0);
    assert_eq!(lines(town, "exportKpi").await.len(), 2, "what was refused is noted");
}

async fn a_wrong_question_is_refused_in_the_payload(town: &Town) {
    let supervisor = town.staff("supervisor").await;
    let query = and(&all_year(&["CASES"]), json!({ "areaCode": "NOWHERE", "to": "2020-01-01" }));
    let answer = exports(&supervisor, &query, "CSV", &new_key()).await;
    assert!(answer.says_at("INVALID", "query.areaCode") && answer.says_at("INVALID", "query.to"), "{answer:?}");
}
