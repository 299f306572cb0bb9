//! A file of hotline orders that comes in (热线工单导入).
use crate::enums::ImportState;
use crate::id::{AccountId, HotlineImportId};
use sea_orm::entity::prelude::*;

/// A file of hotline orders that comes in (热线工单导入).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hotline_import")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HotlineImportId,
    /// Code of the street.
    pub street: String,
    /// Who brought it.
    pub account_id: AccountId,
    /// Only told what would come of it.
    pub is_dry_run: bool,
    /// How far it is.
    pub state: ImportState,
    /// The rows, sealed; null once they are done.
    pub content_sealed: Option<Vec<u8>>,
    /// Rows in the file, without the heading and blank ones.
    pub row_count: i32,
    /// Rows that are done.
    pub done_count: i32,
    /// Rows that became a case.
    pub created_count: i32,
    /// Rows that were there already.
    pub known_count: i32,
    /// Rows that withdrew a case.
    pub withdrawn_count: i32,
    /// Rows that were refused.
    pub refused_count: i32,
    /// Brought.
    pub created_at: DateTimeUtc,
    /// Done with.
    pub finished_at: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
