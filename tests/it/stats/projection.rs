//! Numbers are the facts', counted once; and all of them can be counted anew.

use futures_util::future::join;
use serde_json::json;
use stats::{Rebuilt, rebuild};
use zhilitong::statistics;

use super::{all_year, and, is_counted};
use crate::support::case::{answer, complaint, street_light};
use crate::support::{Crew, Town, stories};

stories![
    two_that_count_at_once_count_everything_once,
    facts_read_again_change_nothing,
    what_was_tampered_with_is_put_right,
];

/// What every cell and point comes to: nobody's numbers change without this.
const SUM: &str = "SELECT (SELECT sum(value1 * 3 + value2 * 5 + value3 * 7 + value4 * 11) FROM kpi_rollup) + (SELECT count(*) FROM kpi_point) AS n";

async fn some_cases(town: &Town) {
    let (crew, ann) = (Crew::of(town), town.resident().await);
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, answer("YES", 3)).await;
    let case = crew.takes(&ann.reports(&street_light()).await, "lights", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &case, answer("NO", 2)).await;
    crew.takes(&ann.reports(&street_light()).await, "lights", "DISPATCHED").await;
}

async fn counts_anew(town: &Town) -> Rebuilt {
    let known = requests::Town::load(town.base()).await.unwrap();
    rebuild(town.base(), &known, &mut |_| {}).await.unwrap()
}

async fn two_that_count_at_once_count_everything_once(town: &Town) {
    let node = town.second_node().await;
    let known = requests::Town::load(town.base()).await.unwrap();
    let counting = async {
        for _ in 0..50 {
            // Beside both nodes' own, which take turns by the lease.
            let counts = town
                .base()
                .write(&kernel::actor::Actor::System, &known, |tx, known| Box::pin(stats::project(tx, known)));
            counts.await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    join(some_cases(town), counting).await;
    is_counted(town).await;
    node.stops().await;
    let found = counts_anew(town).await;
    assert_eq!((found.points_differed, found.sums_differed), (0, 0), "{found:?}");
    assert!(found.cases > 10 && found.points > 50 && found.sums > 100, "{found:?}");
}

async fn facts_read_again_change_nothing(town: &Town) {
    some_cases(town).await;
    is_counted(town).await;
    let before = town.number(SUM).await;
    town.tampers("UPDATE stats_cursor SET seq = 0").await;
    let known = requests::Town::load(town.base()).await.unwrap();
    while statistics::count(town.base(), &known).await.unwrap() > 0 {}
    is_counted(town).await;
    assert_eq!(town.number(SUM).await, before);
}

async fn what_was_tampered_with_is_put_right(town: &Town) {
    some_cases(town).await;
    is_counted(town).await;
    let supervisor = town.staff("supervisor").await;
    let input = and(&all_year(&["ON_TIME_RATE", "SOLVED_RATE", "CASES"]), json!({ "groupBy": "GRID" }));
    let right = supervisor.reads_kpi(&input).await.list("/kpi/rows");
    let sum = town.number(SUM).await;
    town.tampers("UPDATE kpi_rollup SET value1 = value1 + 5, value2 = 0 WHERE dimension = 'GRID'").await;
    town.tampers("DELETE FROM kpi_rollup WHERE dimension = 'UNIT'").await;
    town.tampers("DELETE FROM kpi_point WHERE measure = 'ANSWER'").await;
    assert_ne!(supervisor.reads_kpi(&input).await.list("/kpi/rows"), right);
    let found = counts_anew(town).await;
    assert!(found.points_differed > 0 && found.sums_differed > 0, "{found:?}");
    assert_eq!(supervisor.reads_kpi(&input).await.list("/kpi/rows"), right);
    assert_eq!(town.number(SUM).await, sum);
    let again = counts_anew(town).await;
    assert_eq!((again.points_differed, again.sums_differed), (0, 0), "{again:?}");
    assert_eq!((again.cases, again.points, again.sums), (found.cases, found.points, found.sums));
    // A table that was emptied, as after an upgrade, comes back from the facts alone.
    for table in ["kpi_point", "kpi_rollup", "stats_cursor"] {
        town.tampers(&format!("DELETE FROM {table}")).await;
    }
    let known = requests::Town::load(town.base()).await.unwrap();
    while statistics::count(town.base(), &known).await.unwrap() > 0 {}
    is_counted(town).await;
    assert_eq!(town.number(SUM).await, sum);
}
