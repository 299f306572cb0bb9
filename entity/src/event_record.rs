//! The record of a meeting (会议记录): who chaired it, who took the minutes, and what they say; all sealed.
use crate::id::{AccountId, EventId, EventRecordId};
use sea_orm::entity::prelude::*;

/// The record of a meeting (会议记录): who chaired it, who took the minutes, and what they say; all sealed.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_record")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventRecordId,
    /// Event.
    pub event_id: EventId,
    /// Version.
    pub version: i32,
    /// Who chaired it, sealed.
    pub chair_sealed: Vec<u8>,
    /// Who took the minutes, sealed.
    pub recorder_sealed: Vec<u8>,
    /// The minutes, sealed.
    pub minutes_sealed: Vec<u8>,
    /// Its photos, in order.
    pub photos: Json,
    /// Who wrote it as it is.
    pub written_by: AccountId,
    /// Who looked at its photos, so that those whom the event is for see them.
    pub checked_by: Option<AccountId>,
    /// When.
    pub checked_at: Option<DateTimeUtc>,
    /// Made.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
