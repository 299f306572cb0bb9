//! What cases do to numbers.

use chrono::TimeDelta;
use serde_json::json;

use super::{HEADLINE, all_year, and, is_counted};
use crate::support::case::{answer, complaint, street_light};
use crate::support::{Crew, Town, stories};

stories![
    what_is_due_counts_only_once_it_is_handled_or_late,
    a_returned_order_counts_in_the_return_rate_alone,
    a_bad_answer_is_counted_and_made_good,
    numbers_are_shown_by_grid_unit_category_channel_source_month_and_day,
    every_number_leads_to_its_cases,
];

async fn what_is_due_counts_only_once_it_is_handled_or_late(town: &Town) {
    let (crew, mut ann) = (Crew::of(town), town.resident().await);
    let chief = crew.who("chief").await;
    let case = ann.reports(&complaint()).await;
    is_counted(town).await;
    let asked = all_year(&["ON_TIME_RATE", "FIRST_CONTACT_RATE", "SIGN_ON_TIME_RATE", "CLOSED_RATE"]);
    let property = and(&asked, json!({ "unitId": crew.unit_id("property").await }));
    let before = chief.numbers(&property).await;
    let case = crew.takes(&case, "property", "DISPATCHED").await;
    is_counted(town).await;
    assert_eq!(chief.numbers(&property).await, before, "nothing is due yet");
    town.later(TimeDelta::days(20));
    let crew = Crew::of(town);
    let chief = crew.who("chief").await;
    ann.refreshes().await;
    let late = chief.numbers(&property).await;
    let others = |index: usize| late[index].1 - before[index].1;
    assert!((0..4).all(|index| others(index) >= 1), "all of it is late, and no tick was needed: {before:?} {late:?}");
    assert!((0..4).all(|index| late[index].0 == before[index].0), "{before:?} {late:?}");
    // Handled late stays a failure; closed late is closed.
    let case = crew.takes(&case, "property", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, answer("YES", 4)).await;
    is_counted(town).await;
    let closed = chief.numbers(&property).await;
    assert_eq!(closed[..3], late[..3]);
    assert_eq!(closed[3], (late[3].0 + 1, late[3].1));
    assert!(chief.cases_behind("ON_TIME_RATE", "MISSED", &property).await.contains(&case.no));
}

async fn a_returned_order_counts_in_the_return_rate_alone(town: &Town) {
    let (crew, ann) = (Crew::of(town), town.resident().await);
    let dispatcher = crew.who("dispatcher").await;
    let asked = all_year(&["RETURN_RATE", "ON_TIME_RATE", "SIGN_ON_TIME_RATE"]);
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "DISPATCHED").await;
    is_counted(town).await;
    let before = dispatcher.numbers(&asked).await;
    let wish = crew.return_to("sanitation").await;
    let case = crew.who("lights.leader").await.moves("requestReturn", &case, wish).await;
    dispatcher.moves("decideReturn", &case, json!({ "isGranted": true, "note": "属于市容" })).await;
    is_counted(town).await;
    let after = dispatcher.numbers(&asked).await;
    assert_eq!(after[0], (before[0].0 + 1, before[0].1 + 1));
    assert_eq!(after[1..], before[1..]);
}

async fn a_bad_answer_is_counted_and_made_good(town: &Town) {
    let (crew, ann) = (Crew::of(town), town.resident().await);
    let supervisor = crew.who("supervisor").await;
    let metrics =
        ["SOLVED_RATE", "SATISFACTION_RATE", "BAD_REVIEW_FIXED_RATE", "REWORK_RATE", "FIRST_PASS_RATE", "CLOSED_CASES"];
    let asked = all_year(&metrics);
    is_counted(town).await;
    let start = supervisor.numbers(&asked).await;
    let moved = async || {
        is_counted(town).await;
        let now = supervisor.numbers(&asked).await;
        start.iter().zip(now).map(|(was, is)| (is.0 - was.0, is.1 - was.1)).collect::<Vec<_>>()
    };
    let case = ann.reports(&street_light()).await;
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    let case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    assert_eq!(moved().await, [(0, 1), (0, 1), (0, 1), (0, 0), (0, 0), (0, 0)]);
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    assert_eq!(moved().await[2], (1, 1));
    ann.moves("surveyServiceRequest", &case, answer("YES", 4)).await;
    assert_eq!(moved().await, [(1, 2), (1, 2), (1, 1), (1, 1), (0, 1), (1, 1)]);
}

async fn numbers_are_shown_by_grid_unit_category_channel_source_month_and_day(town: &Town) {
    let (crew, ann) = (Crew::of(town), town.resident().await);
    let supervisor = crew.who("supervisor").await;
    for _ in 0..2 {
        crew.takes(&ann.reports(&street_light()).await, "lights", "DISPATCHED").await;
    }
    ann.reports(&complaint()).await;
    is_counted(town).await;
    let input = json!({ "metrics": ["CASES"], "from": "2026-11-01", "to": "2026-12-01" });
    let all = supervisor.numbers(&input).await[0].0;
    for group in ["GRID", "UNIT", "CATEGORY", "CHANNEL", "SOURCE", "MONTH", "DAY"] {
        let rows = supervisor.reads_kpi(&and(&input, json!({ "groupBy": group }))).await.list("/kpi/rows");
        let sum: i64 = rows.iter().map(|row| row["numerator"].as_i64().unwrap()).sum();
        assert_eq!(sum, all, "{group}: {rows:?}");
        assert!(
            rows.iter()
                .all(|row| row["rateBp"].is_null() && row["label"].as_str().is_some_and(|label| !label.is_empty()))
        );
        // Narrowed as well, it is read from the points, and comes to the same.
        let narrow = and(&input, json!({ "groupBy": group, "channel": "APP", "categoryCode": "FACILITY" }));
        let rows = supervisor.reads_kpi(&narrow).await.list("/kpi/rows");
        let narrow: i64 = rows.iter().map(|row| row["numerator"].as_i64().unwrap()).sum();
        assert_eq!(
            narrow,
            supervisor.numbers(&and(&input, json!({ "channel": "APP", "categoryCode": "FACILITY" }))).await[0].0
        );
    }
    let by_day = supervisor.reads_kpi(&and(&input, json!({ "groupBy": "DAY" }))).await.list("/kpi/rows");
    assert!(by_day.iter().any(|row| row["key"] == "2026-11-23"), "{by_day:?}");
    let by_unit = supervisor.reads_kpi(&and(&input, json!({ "groupBy": "UNIT" }))).await.list("/kpi/rows");
    assert!(by_unit.iter().any(|row| row["label"] == "路灯管理所"), "{by_unit:?}");
    assert!(by_unit.iter().any(|row| row["key"].is_null() && row["label"] == "未派单"), "{by_unit:?}");
    let nothing = json!({ "metrics": HEADLINE, "from": "2020-01-01", "to": "2020-02-01" });
    let rows = supervisor.reads_kpi(&nothing).await.list("/kpi/rows");
    assert!(rows.len() == 4 && rows.iter().all(|row| row["rateBp"].is_null() && row["denominator"] == 0), "{rows:?}");
}

async fn every_number_leads_to_its_cases(town: &Town) {
    let (crew, ann) = (Crew::of(town), town.resident().await);
    let supervisor = crew.who("supervisor").await;
    let case = crew.takes(&ann.reports(&street_light()).await, "lights", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
    let bad = crew.takes(&ann.reports(&street_light()).await, "lights", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &bad, answer("NO", 1)).await;
    is_counted(town).await;
    for metric in
        ["SOLVED_RATE", "SATISFACTION_RATE", "ON_TIME_RATE", "RESPONSE_RATE", "SIGN_ON_TIME_RATE", "RETURN_RATE"]
    {
        let input = all_year(&[metric]);
        let (numerator, denominator) = supervisor.numbers(&input).await[0];
        for (part, count) in
            [("NUMERATOR", numerator), ("MISSED", denominator - numerator), ("DENOMINATOR", denominator)]
        {
            let cases = supervisor.cases_behind(metric, part, &input).await;
            assert_eq!(cases.len() as i64, count, "{metric} {part}: {cases:?}");
        }
    }
    let input = all_year(&["SOLVED_RATE"]);
    let solved = supervisor.cases_behind("SOLVED_RATE", "NUMERATOR", &input).await;
    let missed = supervisor.cases_behind("SOLVED_RATE", "MISSED", &input).await;
    assert!(solved.contains(&case.no) && !missed.contains(&case.no) && missed.contains(&bad.no));
    // Whoever sees the number sees no case beside the own ones.
    let elsewhere = crew.who("property.leader").await;
    assert!(!elsewhere.cases_behind("SOLVED_RATE", "DENOMINATOR", &input).await.contains(&case.no));
}
