//! A sum over the settled points of a day, by one dimension (汇总).
use sea_orm::entity::prelude::*;

/// A sum over the settled points of a day, by one dimension (汇总).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kpi_rollup")]
pub struct Model {
    /// Code of the street.
    #[sea_orm(primary_key, auto_increment = false)]
    pub street: String,
    /// By what, as `stats::Dimension` writes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub dimension: String,
    /// Of what, as `stats::Measure` writes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure: String,
    /// Date in Asia/Shanghai.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Which one of the dimension.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Sum of the first values.
    pub value1: i32,
    /// Of the second.
    pub value2: i32,
    /// Of the third.
    pub value3: i32,
    /// Of the fourth.
    pub value4: i32,
    /// Of the fifth.
    pub value5: i32,
    /// Of the sixth.
    pub value6: i32,
    /// Of the seventh.
    pub value7: i32,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
