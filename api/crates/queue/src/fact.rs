//! What can happen (事实): ids, numbers and times, never words of people.

use chrono::NaiveDate;
use entity::id::{AccountId, ServiceItemId};
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

/// What happened to a number in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum TicketFact {
    /// It was given.
    #[serde(rename = "service_ticket.taken")]
    Taken {
        /// For which service.
        service: ServiceItemId,
        /// On which date.
        on: NaiveDate,
        /// Which number.
        number: i32,
        /// To whom, where that is known.
        account: Option<AccountId>,
    },
    /// It was called, for the first time or again.
    #[serde(rename = "service_ticket.called")]
    Called,
    /// Its person was served.
    #[serde(rename = "service_ticket.served")]
    Served,
    /// It was called, and nobody came.
    #[serde(rename = "service_ticket.skipped")]
    Skipped,
    /// Its person gave it back.
    #[serde(rename = "service_ticket.cancelled")]
    Cancelled,
    /// The day was over.
    #[serde(rename = "service_ticket.expired")]
    Expired,
}

impl Record for TicketFact {
    const SUBJECT: &'static str = "service_ticket";
}
