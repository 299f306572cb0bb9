//! A child in somebody's care (被监护人). Name and month of birth are ciphertext.
use crate::id::{AccountId, DependantId};
use sea_orm::entity::prelude::*;

/// A child in somebody's care (被监护人). Name and month of birth are ciphertext.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dependant")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DependantId,
    /// Who cares for the child.
    pub guardian_id: AccountId,
    /// Name, sealed.
    pub name_sealed: Vec<u8>,
    /// Month of birth as `2018-03`, sealed.
    pub birth_month_sealed: Vec<u8>,
    /// When it was added.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
