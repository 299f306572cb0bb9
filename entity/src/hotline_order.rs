//! An order of the hotline that became a case (热线工单).
use crate::id::{HotlineBatchId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// An order of the hotline that became a case (热线工单).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hotline_order")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: ServiceRequestId,
    /// Code of the street.
    pub street: String,
    /// Keyed hash of the row it came from: tells whether the same row comes again.
    pub digest: Vec<u8>,
    /// The end whose result was sent last: `closed_at` of the case then.
    pub sent_at: Option<DateTimeUtc>,
    /// In which batch.
    pub batch_id: Option<HotlineBatchId>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
