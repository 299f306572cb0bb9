//! What a request said before a moderator took something out of it (原文): sealed, and seen by an audited look only.
use crate::id::ServiceRequestId;
use sea_orm::entity::prelude::*;

/// What a request said before a moderator took something out of it (原文): sealed, and seen by an audited look only.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "request_original")]
pub struct Model {
    /// Request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: ServiceRequestId,
    /// The words as they came in, sealed; null where they still stand.
    pub description_sealed: Option<Vec<u8>>,
    /// The address as it came in, sealed; null where it still stands.
    pub address_sealed: Option<Vec<u8>>,
    /// When something was first taken out.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
