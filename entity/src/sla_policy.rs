//! Time limits of one kind of request (时限规则); limits in the text form of `areas::TimeLimit`.
use sea_orm::entity::prelude::*;

/// Time limits of one kind of request (时限规则); limits in the text form of `areas::TimeLimit`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_policy")]
pub struct Model {
    /// Code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Acceptance.
    pub accept: Option<String>,
    /// Signing.
    pub sign: Option<String>,
    /// First contact.
    pub contact: Option<String>,
    /// Handling.
    pub handle: String,
    /// Verification.
    pub verify: Option<String>,
    /// Rework.
    pub rework: String,
    /// Longest with extension.
    pub longest: Option<String>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
