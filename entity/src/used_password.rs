//! A password used before (历史口令), so that the last ones are not taken again.
use crate::id::AccountId;
use sea_orm::entity::prelude::*;

/// A password used before (历史口令), so that the last ones are not taken again.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "used_password")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// When it was set.
    #[sea_orm(primary_key, auto_increment = false)]
    pub set_at: DateTimeUtc,
    /// argon2id in PHC form.
    pub password_hash: String,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
