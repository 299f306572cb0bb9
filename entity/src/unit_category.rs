//! A category a unit answers for (责任事项).
use crate::id::UnitId;
use sea_orm::entity::prelude::*;

/// A category a unit answers for (责任事项).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_category")]
pub struct Model {
    /// Unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: UnitId,
    /// Category; everything below it is included.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category_code: String,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
