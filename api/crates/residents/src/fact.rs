//! What can happen (事实): ids, states and times, never flats, names or numbers.

use chrono::{DateTime, Utc};
use entity::enums::{ResidenceRejectReason, ResidenceRelation};
use entity::id::{AccountId, ServiceRequestId};
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

use crate::verbs::Verbs;

/// What happened to a proof of residence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum ResidenceFact {
    /// Somebody applied.
    #[serde(rename = "residence.applied")]
    Applied {
        /// Who.
        account: AccountId,
        /// Path of the self-government grid; where in it is not told.
        grid_path: String,
        /// As what.
        relation: ResidenceRelation,
    },
    /// The neighbourhood verified it.
    #[serde(rename = "residence.verified")]
    Verified {
        /// Until when it holds.
        valid_until: Option<DateTime<Utc>>,
    },
    /// The neighbourhood refused it.
    #[serde(rename = "residence.rejected")]
    Rejected {
        /// Why.
        reason: ResidenceRejectReason,
    },
    /// The person moved away, or took the application back.
    #[serde(rename = "residence.ended")]
    Ended,
    /// Its year was over.
    #[serde(rename = "residence.expired")]
    Expired,
}

impl Record for ResidenceFact {
    const SUBJECT: &'static str = "residence";
}

/// What happened to a proxy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum ProxyFact {
    /// It was granted; who the agent is shows when the invitation is accepted.
    #[serde(rename = "proxy.granted")]
    Granted {
        /// For whom; `None` for somebody without an account.
        principal: Option<AccountId>,
        /// For which cases.
        requests: Vec<ServiceRequestId>,
        /// To do what.
        verbs: Verbs,
        /// Until when.
        valid_until: DateTime<Utc>,
    },
    /// The agent accepted.
    #[serde(rename = "proxy.accepted")]
    Accepted {
        /// Who acts.
        agent: AccountId,
        /// For whom.
        principal: Option<AccountId>,
    },
    /// Either side ended it.
    #[serde(rename = "proxy.ended")]
    Ended,
    /// Its time was over.
    #[serde(rename = "proxy.expired")]
    Expired,
}

impl Record for ProxyFact {
    const SUBJECT: &'static str = "proxy";
}
