//! A recovery code (恢复码) that stands for the second factor once; deleted when used.
use crate::id::AccountId;
use sea_orm::entity::prelude::*;

/// A recovery code (恢复码) that stands for the second factor once; deleted when used.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Keyed hash of the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_index: Vec<u8>,
    /// When it was made.
    pub made_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
