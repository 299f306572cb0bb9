//! A word of a request's text (检索词), for staff search on both engines.
use crate::id::ServiceRequestId;
use sea_orm::entity::prelude::*;

/// A word of a request's text (检索词), for staff search on both engines.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "search_term")]
pub struct Model {
    /// Folded word or two-character piece.
    #[sea_orm(primary_key, auto_increment = false)]
    pub term: String,
    /// Request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: ServiceRequestId,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
