//! What the words of a notification are made of (模板字段): codes, states and times, never words of people.

use chrono::{DateTime, Utc};
use entity::enums::{RejectReason, ServiceRequestState};
use kernel::error::Result;
use serde::{Deserialize, Serialize};

/// The fields of a notification's words (模板字段), as of the fact it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// Number people use.
    pub case_no: String,
    /// Category; its name is the title.
    pub category_code: String,
    /// Where the case stood after the fact.
    pub state: ServiceRequestState,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Until when something is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<RejectReason>,
}

impl Data {
    /// Reads the fields as a row keeps them.
    ///
    /// # Errors
    /// A fault when they are not what [`Data`] writes.
    pub fn read(data: &serde_json::Value) -> Result<Self> {
        Ok(Self::deserialize(data)?)
    }
}
