//! Somebody says that a line of the own credit is wrong (信用申诉).
use crate::enums::CreditAppealState;
use crate::id::{AccountId, BookingId, CenterId, CreditAppealId, CreditEntryId};
use sea_orm::entity::prelude::*;

/// Somebody says that a line of the own credit is wrong (信用申诉).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_appeal")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditAppealId,
    /// Version.
    pub version: i32,
    /// Against which line; one appeal each.
    pub entry_id: CreditEntryId,
    /// Who appeals.
    pub account_id: AccountId,
    /// Booking the line is about.
    pub booking_id: BookingId,
    /// Centre that decides.
    pub center_id: CenterId,
    /// What the person says.
    pub reason: String,
    /// Where it stands.
    pub state: CreditAppealState,
    /// What the centre answers.
    pub answer: Option<String>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Made.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
