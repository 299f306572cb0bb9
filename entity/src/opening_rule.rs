//! A rule of when a venue is open (开放规则).
use crate::enums::{OpeningDays, OpeningSession};
use crate::id::{AccountId, OpeningRuleId, VenueId};
use sea_orm::entity::prelude::*;

/// A rule of when a venue is open (开放规则).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opening_rule")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpeningRuleId,
    /// Venue.
    pub venue_id: VenueId,
    /// On which days.
    pub days: OpeningDays,
    /// Which weekdays: bit 0 is Monday.
    pub weekdays: Option<i16>,
    /// Minute of the day from which on; null for a date on which it stays closed.
    pub from_minute: Option<i16>,
    /// Minute of the day up to which.
    pub to_minute: Option<i16>,
    /// Which session that is.
    pub session: OpeningSession,
    /// Who is on duty.
    pub duty_id: Option<AccountId>,
    /// Its first day; of a date, the date.
    pub valid_from: Date,
    /// Its last day.
    pub valid_to: Option<Date>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
