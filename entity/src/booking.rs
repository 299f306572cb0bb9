//! A booking (预约): somebody has a venue for a while, or waits for it.
use crate::enums::{BookingRejectReason, BookingState, ClosureReason};
use crate::id::{AccountId, BookingId, BookingSeriesId, CenterId, ServiceItemId, VenueId};
use sea_orm::entity::prelude::*;

/// A booking (预约): somebody has a venue for a while, or waits for it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "booking")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingId,
    /// Version.
    pub version: i32,
    /// Short code that people say and type.
    pub code: String,
    /// Centre.
    pub center_id: CenterId,
    /// Venue.
    pub venue_id: VenueId,
    /// Who has it.
    pub account_id: AccountId,
    /// Who of the centre booked it for them.
    pub made_by: Option<AccountId>,
    /// Series it is one of.
    pub series_id: Option<BookingSeriesId>,
    /// Group for which it is.
    pub group_name: Option<String>,
    /// What for.
    pub purpose: String,
    /// How many come.
    pub party_size: i32,
    /// What was answered to what the venue asks, with the questions as they were then.
    pub answers: Json,
    /// Service for which it is.
    pub service_id: Option<ServiceItemId>,
    /// The service as it was then.
    pub service_version: Option<i32>,
    /// From.
    pub begins_at: DateTimeUtc,
    /// Up to.
    pub ends_at: DateTimeUtc,
    /// Minutes kept free before, as the venue said then.
    pub buffer_before: i16,
    /// Minutes kept free after.
    pub buffer_after: i16,
    /// Where it stands.
    pub state: BookingState,
    /// When the clock looks at it next.
    pub due_at: Option<DateTimeUtc>,
    /// Whether it was taken back too late.
    pub is_late: bool,
    /// Whether something was left broken.
    pub is_damaged: bool,
    /// Whether the centre moved it, and its person did not since.
    pub is_moved: bool,
    /// Why the centre said no.
    pub reject_reason: Option<BookingRejectReason>,
    /// Why the centre called it off.
    pub cancel_reason: Option<ClosureReason>,
    /// What the centre said with it.
    pub note: Option<String>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When the people came.
    pub checked_in_at: Option<DateTimeUtc>,
    /// When it was over.
    pub ended_at: Option<DateTimeUtc>,
    /// Booked.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
