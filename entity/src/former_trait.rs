//! What somebody was called or reached by before (曾用信息): kept sealed for one purpose, to be taken out of words when the person is
//! forgotten.
use crate::id::{AccountId, FormerTraitId};
use sea_orm::entity::prelude::*;

/// What somebody was called or reached by before (曾用信息).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "former_trait")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FormerTraitId,
    /// Whose.
    pub account_id: AccountId,
    /// Whether it is a number, in E.164; else a name.
    pub is_number: bool,
    /// The number or the name, sealed.
    pub value_sealed: Vec<u8>,
    /// When it was given up.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
