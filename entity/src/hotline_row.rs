//! What came of a row of an import (导入行).
use crate::enums::RowOutcome;
use crate::id::{HotlineImportId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// What came of a row of an import (导入行).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hotline_row")]
pub struct Model {
    /// The import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: HotlineImportId,
    /// Row of the file, counted from 1 as spreadsheets do.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_no: i32,
    /// What came of it.
    pub outcome: RowOutcome,
    /// Number of the order, as far as it could be read.
    pub external_no: Option<String>,
    /// Columns and codes of what is wrong with it.
    pub problems: Option<Json>,
    /// The case.
    pub request_id: Option<ServiceRequestId>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
