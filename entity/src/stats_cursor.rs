//! How far the statistics have read the facts (统计游标).
use sea_orm::entity::prelude::*;

/// How far the statistics have read the facts (统计游标).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stats_cursor")]
pub struct Model {
    /// The reader.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Number of the last fact that is counted.
    pub seq: i64,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
