//! A venue that is kept for somebody who fills in a form (预占): for some minutes; a person has one at most.
use crate::id::{AccountId, CenterId, SlotHoldId, VenueId};
use sea_orm::entity::prelude::*;

/// A venue that is kept for somebody who fills in a form (预占): for some minutes; a person has one at most.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "slot_hold")]
pub struct Model {
    /// Key; it holds the pieces of the venue.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SlotHoldId,
    /// For whom.
    pub account_id: AccountId,
    /// Centre.
    pub center_id: CenterId,
    /// Venue.
    pub venue_id: VenueId,
    /// From.
    pub begins_at: DateTimeUtc,
    /// Up to.
    pub ends_at: DateTimeUtc,
    /// Minutes kept free before, as the venue said then.
    pub buffer_before: i16,
    /// Minutes kept free after.
    pub buffer_after: i16,
    /// Until when it is kept.
    pub expires_at: DateTimeUtc,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
