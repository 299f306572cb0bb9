//! A report of abuse (内容举报): somebody found what is public of a request amiss.
use crate::enums::ContentReason;
use crate::id::{AccountId, ContentReportId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// A report of abuse (内容举报): somebody found what is public of a request amiss; once for each person and request.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "content_report")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContentReportId,
    /// Request.
    pub request_id: ServiceRequestId,
    /// Who reported: told that it was decided, and nobody else knows it; null once the person is forgotten.
    pub account_id: Option<AccountId>,
    /// Why.
    pub reason: ContentReason,
    /// In words.
    pub note: Option<String>,
    /// When.
    pub at: DateTimeUtc,
    /// Until when somebody has to have decided.
    pub due_at: DateTimeUtc,
    /// When somebody decided; null while it is open.
    pub decided_at: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
