//! An organisation (机构) that units belong to.
use crate::enums::OrganizationKind;
use crate::id::OrganizationId;
use sea_orm::entity::prelude::*;

/// An organisation (机构) that units belong to.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OrganizationKind,
    /// Unified social credit code (统一社会信用代码), where it is known.
    pub credit_code: Option<String>,
    /// Version.
    pub version: i32,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
