//! A table of indicators as a file (指标导出): numbers only, gone after an hour.
use crate::id::{AccountId, KpiExportId};
use sea_orm::entity::prelude::*;

/// A table of indicators as a file (指标导出): numbers only, gone after an hour.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kpi_export")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KpiExportId,
    /// Who asked for it.
    pub account_id: AccountId,
    /// Its format, as `stats::Format` writes it.
    pub format: String,
    /// The file.
    pub content: Vec<u8>,
    /// Rows in it, without the heading.
    pub rows: i32,
    /// Until when it can be fetched.
    pub expires_at: DateTimeUtc,
    /// Asked for.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
