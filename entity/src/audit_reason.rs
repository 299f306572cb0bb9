//! Why a privileged act was done (操作事由), in the words of who did it; apart from the chain, so that it can be erased.
use crate::id::{AccountId, AuditEntryId};
use sea_orm::entity::prelude::*;

/// Why a privileged act was done (操作事由), in the words of who did it; apart from the chain, so that it can be erased.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_reason")]
pub struct Model {
    /// The line of the chain, which holds a salted hash of the words.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: AuditEntryId,
    /// The person it is about, if it is about one.
    pub about_id: Option<AccountId>,
    /// Salt of the hash.
    pub salt: Vec<u8>,
    /// The words, sealed.
    pub words_sealed: Vec<u8>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
