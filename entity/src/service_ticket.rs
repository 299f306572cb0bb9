//! A number in a line (排队号): who comes next for a service of a centre on a day.
use crate::enums::TicketState;
use crate::id::{AccountId, CenterId, ServiceItemId, ServiceTicketId};
use sea_orm::entity::prelude::*;

/// A number in a line (排队号): who comes next for a service of a centre on a day.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_ticket")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceTicketId,
    /// Version.
    pub version: i32,
    /// Centre.
    pub center_id: CenterId,
    /// For which service.
    pub service_id: ServiceItemId,
    /// The service as it was then.
    pub service_version: i32,
    /// Whose; null for who took it at the desk without an account.
    pub account_id: Option<AccountId>,
    /// On which date in Asia/Shanghai.
    pub on_date: Date,
    /// From 1, for each service and day.
    pub number: i32,
    /// Where it stands.
    pub state: TicketState,
    /// Where people go who are called.
    pub counter: Option<String>,
    /// When it was called last.
    pub called_at: Option<DateTimeUtc>,
    /// Who called it last.
    pub called_by: Option<AccountId>,
    /// When nothing more was to come of it.
    pub ended_at: Option<DateTimeUtc>,
    /// Taken.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
