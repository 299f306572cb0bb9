//! A fact (事实): one thing that happened to one subject; timeline line and outbox entry in one. Append-only.
use crate::id::{AccountId, FactId};
use sea_orm::entity::prelude::*;

/// A fact (事实): one thing that happened to one subject; timeline line and outbox entry in one. Append-only.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "fact")]
pub struct Model {
    /// Key; its time is the transaction's instant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FactId,
    /// Gapless number given by the relay; null until relayed.
    pub seq: Option<i64>,
    /// Kind of the subject, e.g. `request`.
    pub subject_kind: String,
    /// The subject.
    pub subject_id: Uuid,
    /// The subject's version after this fact; unique per subject.
    pub version: i32,
    /// Stable kind in the past tense, e.g. `request.accepted`.
    pub kind: String,
    /// Who did it; null for the system and for anonymous visitors.
    pub actor_id: Option<AccountId>,
    /// The transaction's instant.
    pub at: DateTimeUtc,
    /// Ids, states and times only: never words, names or phone numbers.
    pub data: Json,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
