//! A venue (场地): a space of a centre; what lies within it is had with it.
use crate::enums::{BookingApproval, VenueKind};
use crate::id::{CenterId, VenueId};
use sea_orm::entity::prelude::*;

/// A venue (场地): a space of a centre; what lies within it is had with it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "venue")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VenueId,
    /// Version.
    pub version: i32,
    /// Centre.
    pub center_id: CenterId,
    /// The venue it lies within.
    pub within_id: Option<VenueId>,
    /// Name.
    pub name: String,
    /// What it is for.
    pub kind: VenueKind,
    /// People it holds.
    pub capacity: i32,
    /// Whether it is reached without steps.
    pub is_accessible: bool,
    /// What stands in it: a list of words.
    pub equipment: Json,
    /// What it is, or who: an expert is had as a room is.
    pub introduction: Option<String>,
    /// How many bookings it takes at once: the chairs of a barber, the places of a gym. Of what holds others, 1.
    pub units: i16,
    /// Ids of its photos, in the order in which they are shown.
    pub photos: Json,
    /// What it asks who books, as `forms` reads it.
    pub questions: Json,
    /// Rules of the house.
    pub rules: Option<String>,
    /// What it costs, in words; free when null.
    pub fee: Option<String>,
    /// Youngest who may come alone.
    pub min_age: Option<i16>,
    /// Whether the centre looks at bookings first.
    pub approval: BookingApproval,
    /// Bookings begin at multiples of this since midnight, in minutes.
    pub start_interval: i16,
    /// Shortest booking.
    pub min_minutes: i16,
    /// Longest booking.
    pub max_minutes: i16,
    /// Longest booking of a group.
    pub group_max_minutes: i16,
    /// Minutes kept free before.
    pub buffer_before: i16,
    /// Minutes kept free after.
    pub buffer_after: i16,
    /// A date is booked from so many days before on.
    pub days_ahead: i16,
    /// At this minute of that day in Asia/Shanghai.
    pub opens_minute: i16,
    /// Whether it is booked; else it only holds others.
    pub is_bookable: bool,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
