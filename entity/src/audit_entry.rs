//! A line of the audit chain (审计记录): who did or tried what, as what, to what, from where, and what came of it.
use crate::id::{AccountId, AuditEntryId};
use sea_orm::entity::prelude::*;

/// A line of the audit chain (审计记录). Append-only: the database itself refuses changes.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    /// Gapless number in the chain, from 1.
    pub seq: i64,
    /// The transaction's instant.
    pub at: DateTimeUtc,
    /// Who; null for the command line and for people who had not signed in.
    pub actor_id: Option<AccountId>,
    /// Roles the actor held, comma-separated.
    pub roles: String,
    /// From which address; null for the command line.
    pub address: Option<String>,
    /// Name of the mutation or command.
    pub action: String,
    /// What it was done to, as a global id.
    pub subject: Option<String>,
    /// `DONE`, or the code of the refusal.
    pub outcome: String,
    /// Ids, states and times, as JSON text; never words of people.
    pub detail: Option<String>,
    /// Hash of the line before; 32 zero bytes for the first.
    pub prev_hash: Vec<u8>,
    /// Hash of this line.
    pub hash: Vec<u8>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
