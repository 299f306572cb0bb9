//! A fact as it is recorded: with the one it was done for.

use kernel::tx::Record;
use serde::{Deserialize, Serialize};

use super::{Fact, OnBehalf};

/// A fact as it is recorded: with the one it was done for, when an agent did it.
#[derive(Debug, Serialize)]
pub struct Told<'f> {
    /// What happened.
    #[serde(flatten)]
    pub fact: &'f Fact,
    /// For whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<OnBehalf>,
}

impl OnBehalf {
    /// For whom a recorded fact was done.
    #[must_use]
    pub fn read(data: &serde_json::Value) -> Option<Self> {
        data.get("on_behalf").and_then(|on_behalf| Self::deserialize(on_behalf).ok())
    }
}

impl Record for Fact {
    const SUBJECT: &'static str = "request";
}

impl Record for Told<'_> {
    const SUBJECT: &'static str = Fact::SUBJECT;
}
