//! A rung of the ladder of warnings (预警升级规则): when a clock of a case has run so far, who is told.
use crate::enums::{ClockKind, WarningLevel, WarningTo};
use sea_orm::entity::prelude::*;

/// A rung of the ladder of warnings (预警升级规则): when a clock of a case has run so far, who is told.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_step")]
pub struct Model {
    /// Which clock.
    #[sea_orm(primary_key, auto_increment = false)]
    pub clock: ClockKind,
    /// Rung, from 1; each is told once for each run of the clock.
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: i32,
    /// Part of the clock that has run, percent, up to 100.
    pub percent: i32,
    /// How long after the due time, in the text form of `areas::TimeLimit`; null for at once.
    pub after: Option<String>,
    /// How grave.
    pub level: WarningLevel,
    /// Who is told.
    pub tells: WarningTo,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
