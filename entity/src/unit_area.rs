//! An area a unit answers for (责任区域).
use crate::id::{AreaId, UnitId};
use sea_orm::entity::prelude::*;

/// An area a unit answers for (责任区域).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_area")]
pub struct Model {
    /// Unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: UnitId,
    /// Area; everything below it is included.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: AreaId,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
