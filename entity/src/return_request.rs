//! A unit's wish to return an order (退单申请) and its decision.
use crate::enums::{ReturnDecision, ServiceRequestState};
use crate::id::{AssignmentId, ReturnId, ServiceRequestId, UnitId};
use sea_orm::entity::prelude::*;

/// A unit's wish to return an order (退单申请) and its decision.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "return_request")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReturnId,
    /// Request.
    pub request_id: ServiceRequestId,
    /// Order.
    pub assignment_id: AssignmentId,
    /// Round.
    pub round: i32,
    /// Unit.
    pub unit_id: UnitId,
    /// Reason, in words.
    pub reason: String,
    /// Legal basis, in words.
    pub basis: String,
    /// Who should have it instead.
    pub suggested_unit_id: UnitId,
    /// Decision.
    pub decision: ReturnDecision,
    /// State to go back to when denied.
    pub from_state: ServiceRequestState,
    /// When decided.
    pub decided_at: Option<DateTimeUtc>,
    /// When asked.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
