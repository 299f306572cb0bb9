//! A line of the attendance of an event (签到记录): of a member who is expected, of who registered, or of who came.
use crate::enums::{AttendanceStatus, CheckInMethod, LeaveState};
use crate::id::{AccountId, EventAttendanceId, EventId, PartyMemberId};
use sea_orm::entity::prelude::*;

/// A line of the attendance of an event (签到记录): of a member who is expected, of who registered, or of who came.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_attendance")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventAttendanceId,
    /// Version.
    pub version: i32,
    /// Event.
    pub event_id: EventId,
    /// The line of the roster, of who is expected as a member; none of others.
    pub member_id: Option<PartyMemberId>,
    /// Who registered or came; none of who is expected as a member.
    pub account_id: Option<AccountId>,
    /// How many people it stands for.
    pub seats: i16,
    /// Whether the person votes: a member who is not on probation.
    pub has_vote: bool,
    /// What became of it.
    pub status: AttendanceStatus,
    /// How it was known that the person is there.
    pub method: Option<CheckInMethod>,
    /// When the person came; none where only the day is known.
    pub arrived_at: Option<DateTimeUtc>,
    /// When the person left, where that was said.
    pub left_at: Option<DateTimeUtc>,
    /// Minutes between, within the time of the event.
    pub minutes: Option<i32>,
    /// Whether leave was asked for, and given.
    pub leave_state: Option<LeaveState>,
    /// Why the person is on leave or exempt, sealed.
    pub reason_sealed: Option<Vec<u8>>,
    /// Made.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
