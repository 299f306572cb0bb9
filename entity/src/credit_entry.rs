//! A line of how somebody keeps to what was agreed (信用记录): never edited, only reversed by a later one.
use crate::enums::CreditKind;
use crate::id::{AccountId, CreditEntryId};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

/// A line of how somebody keeps to what was agreed (信用记录): never edited, only reversed by a later one.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_entry")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditEntryId,
    /// Person.
    pub account_id: AccountId,
    /// What it says.
    pub kind: CreditKind,
    /// What it is about: a booking.
    pub holder: Uuid,
    /// Which line it reverses.
    pub reverses: Option<CreditEntryId>,
    /// Who said so; the system when `None`.
    pub said_by: Option<AccountId>,
    /// When.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
