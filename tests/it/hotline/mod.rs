//! Orders of the 12345 hotline: they come in as files, each once, are taken back by the district, and their results go back once
//! (domain §H8).

mod imports;
mod results;

use serde_json::{Value, json};

use crate::support::case::new_key;
use crate::support::{Answer, Case, Person, Town, eventually};

/// The street of the demo town.
pub const STREET: &str = "310112008";
/// Columns of an order that has what it must have, and of one that is taken back.
pub const HEADING: &str = "工单编号,来电人,来电号码,受理时间,诉求类型,标题,内容,地址,分类,撤回原因";

const IMPORT: &str = "mutation($input: ImportHotlineOrdersInput!) { importHotlineOrders(input: $input) { isReplay hotlineImport \
                      { id state isDryRun rowCount } userErrors { code field limit } } }";

/// An order as a line of the file.
pub fn order(number: &str) -> String {
    format!("{number},张三,13800138000,2026-11-20 10:00,投诉,门禁,单元门禁坏了一周没人修,申滨路88弄3号,房屋与设施维修,")
}

/// A line that takes an order back.
pub fn withdrawal(number: &str, reason: &str) -> String {
    format!("{number},,,,,,,,,{reason}")
}

/// A file of lines.
pub fn file(lines: &[String]) -> Vec<u8> {
    format!("{HEADING}\n{}\n", lines.join("\n")).into_bytes()
}

impl Person {
    /// Tries to import a file.
    pub async fn tries_to_import(&self, file: &[u8], more: Value) -> Answer {
        let mut input = json!({ "file": null, "areaCode": STREET, "isDryRun": false, "idempotencyKey": new_key() });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.uploads(IMPORT, &json!({ "input": input }), "variables.input.file", ("orders.csv", file)).await
    }

    /// Imports a file and waits until all rows are done; the counts of rows created, known, withdrawn, refused.
    pub async fn imports(&self, file: &[u8]) -> (String, [i64; 4]) {
        let id = self.tries_to_import(file, json!({})).await.text("/importHotlineOrders/hotlineImport/id");
        let counts = self.is_imported(&id).await;
        (id, counts)
    }

    /// Waits until an import is done.
    pub async fn is_imported(&self, id: &str) -> [i64; 4] {
        let shown = "state rowCount doneCount createdCount knownCount withdrawnCount refusedCount finishedAt";
        let mut seen = Value::Null;
        eventually("the import is done", async || {
            seen = self.import(id, shown).await;
            seen["state"] == "DONE"
        })
        .await;
        assert!(seen["finishedAt"].is_string() && seen["rowCount"] == seen["doneCount"], "{seen}");
        ["createdCount", "knownCount", "withdrawnCount", "refusedCount"].map(|name| seen[name].as_i64().unwrap())
    }

    /// An import as the person sees it.
    pub async fn import(&self, id: &str, shown: &str) -> Value {
        let text = format!("query($id: ID!) {{ hotlineImport(id: $id) {{ {shown} }} }}");
        self.says(&text, &json!({ "id": id })).await.get("/hotlineImport").clone()
    }

    /// What is wrong with the rows of an import: number of the row, its column and code.
    pub async fn problems(&self, id: &str) -> Vec<(i64, String)> {
        let shown = "importRows(outcome: REFUSED, first: 100) { nodes { row problems { column code } } }";
        let seen = self.import(id, shown).await;
        let rows = seen["importRows"]["nodes"].as_array().unwrap();
        let told =
            |problem: &Value| format!("{} {}", problem["column"].as_str().unwrap(), problem["code"].as_str().unwrap());
        rows.iter()
            .map(|row| {
                let problems: Vec<String> = row["problems"].as_array().unwrap().iter().map(told).collect();
                (row["row"].as_i64().unwrap(), problems.join(", "))
            })
            .collect()
    }

    /// The case of an order of an import.
    pub async fn case_of(&self, id: &str, row: usize) -> Case {
        let shown = "importRows(first: 10) { nodes { serviceRequest { id caseNo version state round } } }";
        Case::from(&self.import(id, shown).await["importRows"]["nodes"][row]["serviceRequest"])
    }

    /// Tries to send results.
    pub async fn tries_to_send_results(&self, key: &str) -> Answer {
        let input = json!({ "areaCode": STREET, "format": "CSV", "idempotencyKey": key });
        let shown =
            "isReplay hotlineBatch { id number rowCount correctionCount hasMore url } userErrors { code field }";
        self.does("exportHotlineResults", &input, shown).await
    }
}

/// How many cases are orders of the hotline.
pub async fn cases(town: &Town) -> i64 {
    town.number("SELECT count(*) AS n FROM service_request WHERE external_no IS NOT NULL").await
}
