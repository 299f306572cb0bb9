//! Reference data as people keep it: what is decided holds from its instant on, on every node, and moves nothing that was promised.

mod decisions;
mod routing;
mod templates;

use serde_json::{Value, json};

use crate::support::case::{new_key, with};
use crate::support::{Answer, Person};

/// What a decision on time limits is answered.
const SLA: &str = "isReplay userErrors { code field message } slaPolicy { code handle edition { version validFrom validTo \
                   isRetired } history { handle edition { version validFrom validTo decidedBy { id } } } }";
/// What a decision on a category is answered.
const CATEGORY: &str = "isReplay userErrors { code field message } requestCategory { code name needsPhoto edition { version \
                        isRetired } history { name } }";

impl Person {
    /// Tries to set the time limits of complaints, with changes.
    pub async fn sets_appeal(&self, changes: Value) -> Answer {
        let appeal = json!({
            "code": "APPEAL", "expectedVersion": 1, "accept": "4wh", "sign": "2wh", "contact": "1wd", "handle": "5wd",
            "verify": "1wd", "rework": "3wd", "longest": "15wd", "idempotencyKey": new_key(),
        });
        self.does("setSlaPolicy", &with(appeal, changes), SLA).await
    }

    /// Tries to save a category.
    pub async fn saves_category(&self, code: &str, version: Option<i32>, changes: Value) -> Answer {
        let category =
            json!({ "code": code, "expectedVersion": version, "name": "新类别", "idempotencyKey": new_key() });
        self.does("saveRequestCategory", &with(category, changes), CATEGORY).await
    }

    /// Tries to retire a category.
    pub async fn retires_category(&self, code: &str, version: i32) -> Answer {
        let input = json!({ "code": code, "expectedVersion": version, "idempotencyKey": new_key() });
        self.does("retireRequestCategory", &input, CATEGORY).await
    }
}
