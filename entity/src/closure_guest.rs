//! Somebody who may book while a venue is kept for some (留用名单).
use crate::id::{AccountId, ClosureId};
use sea_orm::entity::prelude::*;

/// Somebody who may book while a venue is kept for some (留用名单).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "closure_guest")]
pub struct Model {
    /// While which closure.
    #[sea_orm(primary_key, auto_increment = false)]
    pub closure_id: ClosureId,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
