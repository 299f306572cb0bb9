//! The whole street at true size: its four indicators come out to the digit, by the live query and by counting anew.

use entity::enums::Role;
use serde_json::{Value, json};

use crate::stats::{HEADLINE, and, is_counted};
use crate::support::engine::Ground;
use crate::support::{Engine, Town};

/// What the year comes to for cases of the hotline (domain §B6), in the order of the headline.
const FIGURES: [(&str, i64, i64, i64); 4] = [
    ("FIRST_CONTACT_RATE", 2_931, 3_000, 9_770),
    ("SOLVED_RATE", 2_764, 3_000, 9_213),
    ("ON_TIME_RATE", 2_988, 3_000, 9_960),
    ("SATISFACTION_RATE", 2_100, 2_400, 8_750),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_redis() {
    let ground = super::whole_street(Engine::Servers).await;
    keeps_its_figures(ground).await;
}

/// Asks the service on a loaded street; the ground is cleared afterwards.
pub(super) async fn keeps_its_figures(ground: Ground) {
    let town = Town::over(ground).await;
    is_counted(&town).await;
    // The staff of the demo have not changed their passwords for a year, so that their roles rest.
    let supervisor = town.official(Role::Supervisor, "310112008").await;
    let period = json!({ "metrics": HEADLINE, "from": "2026-01-01", "to": "2026-11-01" });
    let hotline = and(&period, json!({ "source": "HOTLINE" }));
    let shown = async || supervisor.reads_kpi(&hotline).await.list("/kpi/rows");
    let live = shown().await;
    for ((metric, numerator, denominator, rate), row) in FIGURES.iter().zip(&live) {
        let figures = (&row["metric"], &row["numerator"], &row["denominator"], &row["rateBp"]);
        assert_eq!(figures, (&json!(metric), &json!(numerator), &json!(denominator), &json!(rate)));
    }
    // Read from sums or from points, by any group: the same.
    for group in ["MONTH", "GRID", "UNIT", "CATEGORY", "CHANNEL"] {
        let rows = supervisor.reads_kpi(&and(&hotline, json!({ "groupBy": group }))).await.list("/kpi/rows");
        for (metric, numerator, denominator, _) in FIGURES {
            let of = rows.iter().filter(|row| row["metric"] == metric);
            let sums =
                of.fold((0, 0), |sums, row| (sums.0 + number(row, "numerator"), sums.1 + number(row, "denominator")));
            assert_eq!(sums, (numerator, denominator), "{metric} by {group}");
        }
    }
    findings(&supervisor).await;
    let known = requests::Town::load(town.base()).await.unwrap();
    let found = stats::rebuild(town.base(), &known, &mut |_| {}).await.unwrap();
    assert_eq!((found.cases, found.points_differed, found.sums_differed), (26_685, 0, 0), "{found:?}");
    assert_eq!(shown().await, live);
    assert!(town.close().await.is_empty());
}

fn number(row: &Value, name: &str) -> i64 {
    row[name].as_i64().unwrap()
}

/// What patrols and machines found, and the street as everybody sees it.
async fn findings(supervisor: &crate::support::Person) {
    let all = json!({ "metrics": ["SELF_FOUND_RATE", "AUTO_SHARE"], "from": "2026-01-01", "to": "2026-11-01" });
    assert_eq!(supervisor.numbers(&all).await, [(23_685, 26_685), (2_112, 23_685)]);
    let text = "{ publicKpi(from: \"2026-01-01\", to: \"2026-11-01\") { metric numerator denominator } }";
    let public = supervisor.holding(None).asks(text).await.list("/publicKpi");
    let of_all: Vec<_> = public.iter().map(|row| (number(row, "numerator"), number(row, "denominator"))).collect();
    assert_eq!(of_all, [(2_931, 3_000), (2_764, 3_000), (2_988 + 23_406, 3_000 + 23_500), (2_100, 2_400)]);
}
