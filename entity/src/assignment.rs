//! A unit's order within a request (派单).
use crate::enums::AssignmentState;
use crate::id::{AccountId, AssignmentId, ServiceRequestId, UnitId};
use sea_orm::entity::prelude::*;

/// A unit's order within a request (派单).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentId,
    /// Request.
    pub request_id: ServiceRequestId,
    /// Round.
    pub round: i32,
    /// Unit.
    pub unit_id: UnitId,
    /// Leads; exactly one per dispatch.
    pub is_lead: bool,
    /// Where it stands.
    pub state: AssignmentState,
    /// Who signed.
    pub handler_id: Option<AccountId>,
    /// Sent.
    pub dispatched_at: DateTimeUtc,
    /// Due.
    pub due_at: DateTimeUtc,
    /// Due at first, before anything was extended or paused.
    pub first_due_at: DateTimeUtc,
    /// First contact due.
    pub contact_due_at: Option<DateTimeUtc>,
    /// First contact made.
    pub contacted_at: Option<DateTimeUtc>,
    /// Signed.
    pub signed_at: Option<DateTimeUtc>,
    /// Handled.
    pub handled_at: Option<DateTimeUtc>,
    /// The one return of this unit and round was asked.
    pub is_return_used: bool,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
