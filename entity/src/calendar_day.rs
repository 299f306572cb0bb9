//! A day of the working calendar (工作日历), by the State Council's yearly notice.
use sea_orm::entity::prelude::*;

/// A day of the working calendar (工作日历), by the State Council's yearly notice.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_day")]
pub struct Model {
    /// The day in Asia/Shanghai.
    #[sea_orm(primary_key, auto_increment = false)]
    pub date: Date,
    /// What kind of day, as `areas::DayKind` writes it.
    pub kind: String,
    /// Holiday's name.
    pub name: Option<String>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
