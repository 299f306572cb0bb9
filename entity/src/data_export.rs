//! A copy of a person's data, for the person (个人信息副本): made beside the requests, gone after a day.
use crate::enums::DataExportState;
use crate::id::{AccountId, DataExportId};
use sea_orm::entity::prelude::*;

/// A copy of a person's data, for the person (个人信息副本): made beside the requests, gone after a day.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_export")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataExportId,
    /// Version.
    pub version: i32,
    /// Whose.
    pub account_id: AccountId,
    /// Where it stands.
    pub state: DataExportState,
    /// The copy, sealed; only while it can be fetched.
    pub content_sealed: Option<Vec<u8>>,
    /// Its length in bytes, in clear.
    pub byte_size: Option<i64>,
    /// From when on it can be fetched.
    pub ready_at: Option<DateTimeUtc>,
    /// Until when.
    pub expires_at: Option<DateTimeUtc>,
    /// Asked for.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
