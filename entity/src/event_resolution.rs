//! What was voted on at a meeting (表决事项), and how many said what. What it was about is sealed.
use crate::id::{AccountId, EventId, EventResolutionId};
use sea_orm::entity::prelude::*;

/// What was voted on at a meeting (表决事项), and how many said what. What it was about is sealed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_resolution")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventResolutionId,
    /// Event.
    pub event_id: EventId,
    /// Place among those of the event, from 1.
    pub place: i16,
    /// What was voted on, sealed.
    pub title_sealed: Vec<u8>,
    /// Who should attend and votes, as it was then.
    pub voters: i32,
    /// Who of them was there.
    pub present: i32,
    /// Who said yes.
    pub votes_for: i32,
    /// Who said no.
    pub votes_against: i32,
    /// Who said neither.
    pub abstained: i32,
    /// Whether more than half of those who should attend said yes.
    pub is_passed: bool,
    /// Who wrote it down.
    pub recorded_by: AccountId,
    /// When.
    pub recorded_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
