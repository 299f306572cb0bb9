//! A person's place in a unit (任职).
use crate::enums::UnitDuty;
use crate::id::{AccountId, UnitId, UnitMemberId};
use sea_orm::entity::prelude::*;

/// A person's place in a unit (任职).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_member")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitMemberId,
    /// Where.
    pub unit_id: UnitId,
    /// Who.
    pub account_id: AccountId,
    /// As what.
    pub duty: UnitDuty,
    /// From.
    pub valid_from: DateTimeUtc,
    /// Until.
    pub valid_to: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
