//! A used idempotency key (幂等键): what an actor already asked for, and what came of it.
use sea_orm::entity::prelude::*;

/// A used idempotency key (幂等键): what an actor already asked for, and what came of it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// The account, in text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor: String,
    /// The client's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of operation and input.
    pub fingerprint: Vec<u8>,
    /// What the first call made or moved.
    pub subject_id: Uuid,
    /// When; kept at least 24 hours.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
