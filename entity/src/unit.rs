//! A responsible unit (承办单位): receives orders and answers for them.
use crate::id::{OrganizationId, UnitId};
use sea_orm::entity::prelude::*;

/// A responsible unit (承办单位): receives orders and answers for them.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Name.
    pub name: String,
    /// Takes new orders.
    pub is_active: bool,
    /// Version.
    pub version: i32,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
