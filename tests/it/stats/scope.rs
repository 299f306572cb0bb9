//! Who sees which numbers.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{HEADLINE, all_year, and, is_counted};
use crate::residents::{BESIDE, HERE};
use crate::support::case::{at, complaint, street_light, with};
use crate::support::{Crew, Person, Town, stories};

stories![
    staff_see_their_areas_and_units_their_own_work,
    strangers_and_residents_see_no_numbers_of_staff,
    the_public_sees_four_numbers_of_months_that_are_over,
    the_heat_map_hides_few_cases_from_the_public,
    concerns_are_ranked_for_staff,
    questions_that_make_no_sense_are_refused,
];

async fn codes(person: &Person, input: &Value) -> Vec<String> {
    person.reads_kpi(input).await.codes()
}

async fn staff_see_their_areas_and_units_their_own_work(town: &Town) {
    let (crew, ann) = (Crew::of(town), town.resident().await);
    let cases = all_year(&["CASES"]);
    is_counted(town).await;
    let grid_leader = town.official(Role::GridLeader, HERE).await;
    let beside = town.official(Role::GridLeader, BESIDE).await;
    let supervisor = crew.who("supervisor").await;
    let before = (grid_leader.numbers(&cases).await, beside.numbers(&cases).await, supervisor.numbers(&cases).await);
    let here = with(complaint(), json!({ "place": null, "areaCode": HERE }));
    let case = ann.reports(&here).await;
    crew.takes(&case, "property", "IN_PROGRESS").await;
    is_counted(town).await;
    assert_eq!(grid_leader.numbers(&cases).await[0].0, before.0[0].0 + 1);
    assert_eq!(beside.numbers(&cases).await, before.1);
    assert_eq!(supervisor.numbers(&cases).await[0].0, before.2[0].0 + 1);
    let of_grid = and(&cases, json!({ "areaCode": HERE }));
    assert_eq!(supervisor.numbers(&of_grid).await, grid_leader.numbers(&of_grid).await);
    assert_eq!(codes(&beside, &of_grid).await, ["FORBIDDEN"]);
    assert_eq!(codes(&grid_leader, &and(&cases, json!({ "areaCode": "310112008" }))).await, ["FORBIDDEN"]);
    // People of a unit see its work, by unit or within a grid; of others nothing.
    let (leader, lights) = (crew.who("property.leader").await, crew.who("lights.handler").await);
    let property = json!({ "unitId": crew.unit_id("property").await });
    let own = leader.numbers(&cases).await;
    assert!(own[0].0 >= 1);
    assert_eq!(leader.numbers(&and(&cases, property.clone())).await, own);
    assert_eq!(supervisor.numbers(&and(&cases, property.clone())).await, own);
    assert!(leader.numbers(&of_grid).await[0].0 >= 1);
    assert_eq!(codes(&lights, &and(&cases, property)).await, ["FORBIDDEN"]);
    assert_eq!(leader.cases_behind("CASES", "NUMERATOR", &cases).await.len() as i64, own[0].0);
}

async fn strangers_and_residents_see_no_numbers_of_staff(town: &Town) {
    let cases = all_year(&["CASES"]);
    assert_eq!(codes(&town.stranger(), &cases).await, ["UNAUTHENTICATED"]);
    let others = [town.resident().await, town.staff("admin").await, town.staff("auditor").await];
    for person in others {
        assert_eq!(codes(&person, &cases).await, ["FORBIDDEN"]);
        let behind =
            "query($input: KpiInput!) { kpiCases(metric: CASES, part: NUMERATOR, input: $input) { nodes { id } } }";
        assert_eq!(person.says(behind, &json!({ "input": cases })).await.codes(), ["FORBIDDEN"]);
        assert_eq!(person.asks("{ topConcerns(year: 2026) { concerns { rank } } }").await.codes(), ["FORBIDDEN"]);
    }
}

const PUBLIC: &str = "query($from: NaiveDate!, $to: NaiveDate!) { publicKpi(from: $from, to: $to) { metric numerator denominator \
                      rateBp definitionVersion } }";

async fn the_public_sees_four_numbers_of_months_that_are_over(town: &Town) {
    let stranger = town.stranger();
    is_counted(town).await;
    let shown = async |from: &str, to: &str| stranger.says(PUBLIC, &json!({ "from": from, "to": to })).await;
    let rows = shown("2026-10-01", "2026-11-01").await.list("/publicKpi");
    let metrics: Vec<&Value> = rows.iter().map(|row| &row["metric"]).collect();
    assert_eq!(metrics, HEADLINE.iter().collect::<Vec<_>>());
    assert!(rows.iter().all(|row| row["denominator"].is_null() && row["rateBp"].is_null()), "fewer than ten: {rows:?}");
    for (from, to) in [("2026-11-01", "2026-12-01"), ("2026-10-01", "2026-10-31"), ("2026-10-02", "2026-11-01")] {
        assert_eq!(shown(from, to).await.codes(), ["BAD_REQUEST"], "{from} {to}");
    }
    // Nine are too few, ten are shown.
    town.tampers("DELETE FROM kpi_rollup WHERE measure = 'DUE' AND dimension = 'ALL'").await;
    let sums = |all: i64| {
        format!(
            "INSERT INTO kpi_rollup (street, dimension, measure, day, key, value1, value2, value3, value4, value5, value6, value7) \
             VALUES ('310112008', 'ALL', 'DUE', '2026-09-0{}', '', {all}, {all}, 0, 0, 0, 0, 0)",
            if all == 9 { 1 } else { 2 }
        )
    };
    let on_time = async || shown("2026-09-01", "2026-10-01").await.list("/publicKpi")[2].clone();
    town.tampers(&sums(9)).await;
    assert_eq!(on_time().await["denominator"], Value::Null);
    town.tampers(&sums(1)).await;
    assert_eq!((&on_time().await["denominator"], &on_time().await["rateBp"]), (&json!(10), &json!(10_000)));
    let elsewhere = "{ publicKpi(areaCode: \"310112008001\", from: \"2026-09-01\", to: \"2026-10-01\") { metric } }";
    assert_eq!(stranger.asks(elsewhere).await.codes(), ["NOT_FOUND"], "of streets only");
}

async fn the_heat_map_hides_few_cases_from_the_public(town: &Town) {
    let crew = Crew::of(town);
    let place = (121.3101, 31.1902);
    for _ in 0..2 {
        let ann = town.resident().await;
        for _ in 0..5 {
            ann.reports(&with(street_light(), json!({ "place": at(place) }))).await;
        }
    }
    is_counted(town).await;
    let text = "{ caseHeatmap(from: \"2026-11-01\", to: \"2026-12-01\", datum: WGS84) { cells { count center { longitude latitude } } } }";
    let cells = crew.who("dispatcher").await.asks(text).await.list("/caseHeatmap/cells");
    let total: i64 = cells.iter().map(|cell| cell["count"].as_i64().unwrap()).sum();
    let input = json!({ "metrics": ["CASES"], "from": "2026-11-01", "to": "2026-12-01" });
    assert_eq!(total, crew.who("dispatcher").await.numbers(&input).await[0].0);
    assert!(cells.iter().any(|cell| cell["count"].as_i64().unwrap() >= 10));
    assert!(cells.iter().any(|cell| cell["count"].as_i64().unwrap() < 10), "{cells:?}");
    let stranger = town.stranger();
    assert_eq!(stranger.asks(text).await.codes(), ["BAD_REQUEST"], "the month is not over");
    town.later(TimeDelta::days(10));
    let shown = stranger.asks(text).await.list("/caseHeatmap/cells");
    assert!(!shown.is_empty() && shown.iter().all(|cell| cell["count"].as_i64().unwrap() >= 10), "{shown:?}");
}

async fn concerns_are_ranked_for_staff(town: &Town) {
    let (crew, ann, ben) = (Crew::of(town), town.resident().await, town.resident().await);
    for _ in 0..4 {
        ann.reports(&complaint()).await;
        ben.reports(&complaint()).await;
    }
    is_counted(town).await;
    let text = "{ topConcerns(year: 2026) { year version concerns { rank score requests category { code name } } } }";
    let answer = crew.who("supervisor").await.asks(text).await;
    let concerns = answer.list("/topConcerns/concerns");
    assert_eq!((&concerns[0]["rank"], &concerns[0]["score"]), (&json!(1), &json!(100)));
    assert_eq!(concerns[0]["category"]["code"], "PROPERTY.REPAIR");
    assert!(
        concerns.len() <= 10
            && concerns.windows(2).all(|two| two[0]["requests"].as_i64() >= two[1]["requests"].as_i64())
    );
    let elsewhere = town.official(Role::NeighborhoodStaff, BESIDE).await;
    assert_eq!(elsewhere.asks(text).await.codes(), ["FORBIDDEN"], "of the street");
    let own = format!("{{ topConcerns(year: 2026, areaCode: \"{BESIDE}\") {{ concerns {{ requests }} }} }}");
    elsewhere.asks(&own).await.is_done();
    assert_eq!(crew.who("supervisor").await.asks("{ topConcerns(year: 1) { year } }").await.codes(), ["BAD_REQUEST"]);
}

async fn questions_that_make_no_sense_are_refused(town: &Town) {
    let supervisor = town.staff("supervisor").await;
    let good = all_year(&["CASES"]);
    for more in [
        json!({ "metrics": [] }),
        json!({ "to": "2026-01-01" }),
        json!({ "from": "1900-01-01" }),
        json!({ "from": "2020-01-01" }),
        json!({ "groupBy": "DAY" }),
        json!({ "areaCode": "NOWHERE" }),
        json!({ "categoryCode": "NOTHING" }),
    ] {
        assert_eq!(codes(&supervisor, &and(&good, more.clone())).await, ["BAD_REQUEST"], "{more}");
    }
    let unknown = json!({ "unitId": "unit_00000000000000000000000000000001" });
    assert_eq!(codes(&supervisor, &and(&good, unknown)).await, ["NOT_FOUND"]);
    let behind = "query($input: KpiInput!) { kpiCases(metric: CASES, part: MISSED, input: $input) { nodes { id } } }";
    assert_eq!(supervisor.says(behind, &json!({ "input": good })).await.codes(), ["BAD_REQUEST"]);
}
