//! Numbers about service (domain §B6): what one case moves, who sees which numbers, where a number comes from, and that all of it
//! can be counted anew.

mod exports;
mod numbers;
mod projection;
mod scope;

use serde_json::{Value, json};

use crate::support::{Answer, Person, Town, eventually};

/// The four indicators (四率).
pub const HEADLINE: [&str; 4] = ["FIRST_CONTACT_RATE", "SOLVED_RATE", "ON_TIME_RATE", "SATISFACTION_RATE"];

/// This year and the next: whatever happens or falls due in a story.
pub fn all_year(metrics: &[&str]) -> Value {
    json!({ "metrics": metrics, "from": "2026-01-01", "to": "2027-12-31" })
}

/// What a report shows of each number.
const SHOWN: &str = "definitionVersion groupBy rows { key label metric numerator denominator rateBp averageMinutes yearBefore { \
                     numerator denominator rateBp differenceBp changeBp } }";

impl Person {
    /// Tries to read a report.
    pub async fn reads_kpi(&self, input: &Value) -> Answer {
        self.says(
            &format!("query($input: KpiInput!) {{ kpi(input: $input) {{ {SHOWN} }} }}"),
            &json!({ "input": input }),
        )
        .await
    }

    /// Numerators and denominators of a report that is all at once, in the order asked for.
    pub async fn numbers(&self, input: &Value) -> Vec<(i64, i64)> {
        let rows = self.reads_kpi(input).await.list("/kpi/rows");
        rows.iter().map(|row| (row["numerator"].as_i64().unwrap(), row["denominator"].as_i64().unwrap())).collect()
    }

    /// The numbers of the cases behind a number, newest first.
    pub async fn cases_behind(&self, metric: &str, part: &str, input: &Value) -> Vec<String> {
        let text = "query($metric: KpiMetric!, $part: KpiPart!, $input: KpiInput!) { kpiCases(metric: $metric, part: $part, \
                    input: $input, first: 100) { nodes { caseNo } pageInfo { hasNextPage } } }";
        let answer = self.says(text, &json!({ "metric": metric, "part": part, "input": input })).await;
        let nodes = answer.list("/kpiCases/nodes");
        nodes.iter().map(|node| node["caseNo"].as_str().unwrap().to_owned()).collect()
    }
}

/// Waits until all that happened is counted.
pub async fn is_counted(town: &Town) {
    town.relays().await;
    let behind =
        "SELECT (SELECT coalesce(max(seq), 0) FROM fact) - coalesce((SELECT max(seq) FROM stats_cursor), 0) AS n";
    eventually("facts are counted", async || town.number(behind).await == 0).await;
}

/// An input with more in it.
pub fn and(input: &Value, more: Value) -> Value {
    let mut input = input.clone();
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}
