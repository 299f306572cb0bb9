//! How far a reader of facts has come (读取进度).
use sea_orm::entity::prelude::*;

/// How far a reader of facts has come (读取进度).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reader_cursor")]
pub struct Model {
    /// The reader.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Number of the last fact it has dealt with; 0 before the first.
    pub seq: i64,
    /// Last change: after every instant that was given to a fact dealt with.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
