//! A registration for an event (活动报名): of a person, with whom the person brings.
use crate::enums::RegistrationState;
use crate::id::{AccountId, EventId, EventRegistrationId};
use sea_orm::entity::prelude::*;

/// A registration for an event (活动报名): of a person, with whom the person brings.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_registration")]
pub struct Model {
    /// Key; it holds the time of its person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventRegistrationId,
    /// Version.
    pub version: i32,
    /// Event.
    pub event_id: EventId,
    /// Who registered.
    pub account_id: AccountId,
    /// Short code that people show.
    pub code: String,
    /// Seats: the person's own, and one for each who is brought.
    pub seats: i16,
    /// Where it stands.
    pub state: RegistrationState,
    /// What was answered to what the event asks, with the questions as they were then.
    pub answers: Json,
    /// What was said when the person was taken off.
    pub note: Option<String>,
    /// Since when it waits, or waited: the order of the list.
    pub queued_at: DateTimeUtc,
    /// When the clock looks at it next.
    pub due_at: Option<DateTimeUtc>,
    /// When nothing more was to come of it.
    pub ended_at: Option<DateTimeUtc>,
    /// Registered.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
