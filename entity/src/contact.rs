//! An attempt to reach the reporter (先行联系).
use crate::enums::{ContactMethod, ContactOutcome};
use crate::id::{FactId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// An attempt to reach the reporter (先行联系).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    /// The fact that recorded it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub fact_id: FactId,
    /// Request.
    pub request_id: ServiceRequestId,
    /// Round.
    pub round: i32,
    /// How.
    pub method: ContactMethod,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// Half-day in Asia/Shanghai, e.g. `2026-11-22-PM`.
    pub half_day: String,
    /// When.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
