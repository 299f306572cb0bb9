//! A copy of all that is kept of a person, and the end of an account (domain §F, scenario 20).

mod canary;
mod deletion;
mod export;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::new_key;
use crate::support::{Answer, Person, Town, eventually};

const EXPORT: &str = "isReplay dataExport { id state requestedAt readyAt expiresAt byteSize url } userErrors { code message field limit resetAt }";
const DELETION: &str =
    "isReplay accountDeletion { id state requestedAt dueAt } userErrors { code message field allowed }";

impl Person {
    /// Asks for a copy.
    pub async fn asks_for_copy(&self) -> Answer {
        self.does("requestDataExport", &json!({ "idempotencyKey": new_key() }), EXPORT).await
    }

    /// The copies the person asked for, newest first.
    pub async fn copies(&self) -> Vec<Value> {
        let text = "{ viewer { dataExports { id state url expiresAt byteSize } } }";
        self.asks(text).await.list("/viewer/dataExports")
    }

    /// Asks for a copy and waits until it can be fetched; gives back its address.
    pub async fn has_copy(&self) -> String {
        self.asks_for_copy().await.is_done();
        eventually("a copy is made", async || self.copies().await[0]["state"] == "READY").await;
        self.copies().await[0]["url"].as_str().expect("an address").to_owned()
    }

    /// Asks for the end of the account, with the code that the own number gets, if it has one.
    pub async fn asks_to_be_forgotten(&self, town: &Town, phone: Option<&str>) -> Answer {
        let mut code = Value::Null;
        if let Some(phone) = phone {
            let input = json!({ "phone": phone, "occasion": "DELETE_ACCOUNT" });
            self.does("sendVerificationCode", &input, "userErrors { code field }").await.is_done();
            code = json!(town.code_for(phone).await);
        }
        let input = json!({ "code": code, "idempotencyKey": new_key() });
        self.does("requestAccountDeletion", &input, DELETION).await
    }

    /// Calls the end of the account off.
    pub async fn changes_mind(&self) -> Answer {
        self.does("cancelAccountDeletion", &json!({ "idempotencyKey": new_key() }), DELETION).await
    }

    /// Where the end of the account stands.
    pub async fn deletion(&self) -> Value {
        self.asks("{ viewer { accountDeletion { state dueAt } } }").await.get("/viewer/accountDeletion").clone()
    }
}

/// Waits until every account whose time is over is closed, and then forgotten.
pub async fn all_forgotten(town: &Town) {
    let in_state = async |state: &str| {
        town.number(&format!("SELECT count(*) AS n FROM account_deletion WHERE state = '{state}'")).await
    };
    eventually("accounts are closed", async || in_state("COOLING").await == 0).await;
    town.later(TimeDelta::seconds(30));
    eventually("people are forgotten", async || in_state("PROCESSING").await == 0).await;
}
