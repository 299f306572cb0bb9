//! The head of the audit chain (审计链头): one row, locked by whoever appends.
use sea_orm::entity::prelude::*;

/// The head of the audit chain (审计链头): one row, locked by whoever appends.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Number of the last line.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
