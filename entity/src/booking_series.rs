//! A series of bookings (系列预约): somebody has a venue again and again, by a rule.
use crate::id::{AccountId, BookingSeriesId, CenterId, VenueId};
use sea_orm::entity::prelude::*;

/// A series of bookings (系列预约): somebody has a venue again and again, by a rule.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "booking_series")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingSeriesId,
    /// Version.
    pub version: i32,
    /// Centre.
    pub center_id: CenterId,
    /// Venue, as it was asked for.
    pub venue_id: VenueId,
    /// Who has it.
    pub account_id: AccountId,
    /// Who of the centre made it.
    pub made_by: Option<AccountId>,
    /// Group for which it is.
    pub group_name: Option<String>,
    /// What for.
    pub purpose: String,
    /// How many come.
    pub party_size: i32,
    /// On which weekdays, of one by weeks: bit 0 is Monday.
    pub weekdays: Option<i16>,
    /// Every so many weeks, of one by weeks.
    pub every_weeks: Option<i16>,
    /// On which day of a month, of one by months.
    pub month_day: Option<i16>,
    /// Its first day.
    pub first_date: Date,
    /// Its last day.
    pub last_date: Date,
    /// Minute of the day from which on.
    pub from_minute: i16,
    /// Minute of the day up to which.
    pub to_minute: i16,
    /// Made.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
