//! A calendar feed (日历订阅): an address from which a calendar app reads bookings, without signing in.
use crate::id::{AccountId, CalendarFeedId, VenueId};
use sea_orm::entity::prelude::*;

/// A calendar feed (日历订阅): an address from which a calendar app reads bookings, without signing in.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feed")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarFeedId,
    /// Version.
    pub version: i32,
    /// Who made it, and by whose rights it is read.
    pub account_id: AccountId,
    /// The venue whose bookings it shows; the person's own when null.
    pub venue_id: Option<VenueId>,
    /// Keyed hash of the secret in its address.
    pub secret_index: Vec<u8>,
    /// When it was read last, to the hour or so.
    pub last_read_at: Option<DateTimeUtc>,
    /// Made.
    pub created_at: DateTimeUtc,
    /// When it was ended.
    pub ended_at: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
