//! What can happen (事实): ids, states and times, nothing of whom it is about.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

/// One thing that happened to a copy of a person's data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum ExportFact {
    /// It was asked for.
    #[serde(rename = "data_export.requested")]
    Requested {
        /// By whom, and of whom.
        account: AccountId,
    },
    /// It can be fetched.
    #[serde(rename = "data_export.ready")]
    Ready {
        /// Until when.
        expires_at: DateTime<Utc>,
    },
    /// It is gone.
    #[serde(rename = "data_export.expired")]
    Expired,
}

/// One thing that happened to the deletion of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum DeletionFact {
    /// It was asked for.
    #[serde(rename = "account_deletion.requested")]
    Requested {
        /// Which account.
        account: AccountId,
        /// When it is done.
        due_at: DateTime<Utc>,
    },
    /// It was called off.
    #[serde(rename = "account_deletion.cancelled")]
    Cancelled,
    /// Nobody signs in any more.
    #[serde(rename = "account_deletion.begun")]
    Begun,
    /// It is done.
    #[serde(rename = "account_deletion.done")]
    Done,
}

impl Record for ExportFact {
    const SUBJECT: &'static str = "data_export";
}

impl Record for DeletionFact {
    const SUBJECT: &'static str = "account_deletion";
}
