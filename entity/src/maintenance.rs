//! Maintenance (系统维护): one row while the API is closed for a while.
use sea_orm::entity::prelude::*;

/// Maintenance (系统维护): one row while the API is closed for a while.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maintenance")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// When it was begun.
    pub began_at: DateTimeUtc,
    /// When it ends by itself.
    pub until: DateTimeUtc,
    /// What people are told in Chinese.
    pub note_zh: Option<String>,
    /// What people are told in English.
    pub note_en: Option<String>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
