//! Results sent back to the district (结果回传批次): a file, kept sealed for a while.
use crate::id::{AccountId, HotlineBatchId};
use sea_orm::entity::prelude::*;

/// Results sent back to the district (结果回传批次): a file, kept sealed for a while.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hotline_batch")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HotlineBatchId,
    /// Code of the street.
    pub street: String,
    /// Number within the street, from 1.
    pub number: i64,
    /// Who made it.
    pub account_id: AccountId,
    /// Its format, `CSV` or `XLSX`.
    pub format: String,
    /// The file, sealed; null once its time is over.
    pub content_sealed: Option<Vec<u8>>,
    /// Results in it.
    pub row_count: i32,
    /// Of these, results that correct one sent before.
    pub correction_count: i32,
    /// Whether more were waiting.
    pub has_more: bool,
    /// Made.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
