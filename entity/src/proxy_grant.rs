//! A proxy (代办授权): somebody may act for another in named cases. Numbers are ciphertext with a blind index.
use crate::enums::ProxyState;
use crate::id::{AccountId, ProxyGrantId};
use sea_orm::entity::prelude::*;

/// A proxy (代办授权): somebody may act for another in named cases. Numbers are ciphertext with a blind index.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "proxy_grant")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProxyGrantId,
    /// Version.
    pub version: i32,
    /// Where it stands.
    pub state: ProxyState,
    /// For whom; null when the person has no account and the counter granted it.
    pub principal_id: Option<AccountId>,
    /// Who acts; null until the invitation is accepted.
    pub agent_id: Option<AccountId>,
    /// Number of the agent, sealed.
    pub agent_phone_sealed: Vec<u8>,
    /// Blind index of the number.
    pub agent_phone_index: Vec<u8>,
    /// What the agent may do, as names with spaces between.
    pub verbs: String,
    /// Who granted it: the principal, or somebody at the counter.
    pub granted_by: AccountId,
    /// Path of the case's area, when granted at a counter.
    pub area_path: Option<String>,
    /// Why the counter granted it.
    pub reason: Option<String>,
    /// Until when it holds, that instant not included.
    pub valid_until: DateTimeUtc,
    /// When the agent accepted.
    pub accepted_at: Option<DateTimeUtc>,
    /// When it was over.
    pub ended_at: Option<DateTimeUtc>,
    /// Granted.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
