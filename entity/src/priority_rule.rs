//! How many people raise a case how far (人数升级规则).
use crate::enums::Priority;
use sea_orm::entity::prelude::*;

/// How many people raise a case how far (人数升级规则).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "priority_rule")]
pub struct Model {
    /// People who report or follow it, at least.
    #[sea_orm(primary_key, auto_increment = false)]
    pub people: i32,
    /// Its priority from then on, at least.
    pub priority: Priority,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
