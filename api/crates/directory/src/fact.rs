//! What happens in the directory (事实): ids, states and times, never names.

use chrono::{DateTime, Utc};
use entity::enums::{OrganizationKind, UnitDuty};
use entity::id::{AccountId, AreaId, OrganizationId, UnitMemberId};
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

use crate::command::CategoryCode;

/// What happened to an organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum OrganizationFact {
    /// It was made or changed.
    #[serde(rename = "organization.saved")]
    Saved {
        /// What kind it is since.
        organization_kind: OrganizationKind,
    },
}

impl Record for OrganizationFact {
    const SUBJECT: &'static str = "organization";
}

/// What happened to a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum UnitFact {
    /// It was made or changed; what it answers for is told by difference, so that a long reach stays a short fact.
    #[serde(rename = "unit.saved")]
    Saved {
        /// Whose it is since.
        organization: OrganizationId,
        /// Whether it takes new orders since.
        is_active: bool,
        /// Areas it answers for since.
        #[serde(default, skip_serializing_if = "Change::is_none")]
        areas: Change<AreaId>,
        /// Categories it answers for since.
        #[serde(default, skip_serializing_if = "Change::is_none")]
        categories: Change<String>,
    },
    /// A person was given a place in it.
    #[serde(rename = "unit.member_joined")]
    MemberJoined {
        /// The period's id.
        membership: UnitMemberId,
        /// Who.
        account: AccountId,
        /// As what.
        duty: UnitDuty,
        /// From when.
        valid_from: DateTime<Utc>,
        /// Until when.
        valid_to: Option<DateTime<Utc>>,
    },
    /// A person left it; ended at the fact's instant.
    #[serde(rename = "unit.member_left")]
    MemberLeft {
        /// Who.
        account: AccountId,
        /// The periods that ended, or never began.
        memberships: Vec<UnitMemberId>,
    },
}

impl Record for UnitFact {
    const SUBJECT: &'static str = "unit";
}

/// How a set changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// In it since.
    pub added: Vec<T>,
    /// No longer in it.
    pub removed: Vec<T>,
}

impl<T> Default for Change<T> {
    fn default() -> Self {
        Self { added: Vec::new(), removed: Vec::new() }
    }
}

impl<T: Clone + Ord> Change<T> {
    /// What has to be added to and removed from one set to make the other.
    pub(crate) fn between(before: &[T], after: &[T]) -> Self {
        let missing = |from: &[T], other: &[T]| {
            let mut missing: Vec<T> = from.iter().filter(|item| !other.contains(item)).cloned().collect();
            missing.sort_unstable();
            missing.dedup();
            missing
        };
        Self { added: missing(after, before), removed: missing(before, after) }
    }
}

impl<T> Change<T> {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}

/// The texts of codes, as facts and rows hold them.
pub(crate) fn texts(codes: &[CategoryCode]) -> Vec<String> {
    codes.iter().map(|code| code.as_str().to_owned()).collect()
}
