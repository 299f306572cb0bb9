//! A time at which a centre, or a venue of it, is closed whatever its rules say (临时闭馆).
use crate::enums::ClosureReason;
use crate::id::{AccountId, CenterId, ClosureId, VenueId};
use sea_orm::entity::prelude::*;

/// A time at which a centre, or a venue of it, is closed whatever its rules say (临时闭馆).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "closure")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClosureId,
    /// Version.
    pub version: i32,
    /// Centre.
    pub center_id: CenterId,
    /// Venue, with what lies within it; the whole centre when null.
    pub venue_id: Option<VenueId>,
    /// From.
    pub begins_at: DateTimeUtc,
    /// Up to.
    pub ends_at: DateTimeUtc,
    /// Why.
    pub reason: ClosureReason,
    /// Whether some people may book meanwhile, for whom it is kept.
    pub is_reserved: bool,
    /// What is told to people.
    pub note: Option<String>,
    /// Who closed it.
    pub closed_by: Option<AccountId>,
    /// When it was taken back.
    pub lifted_at: Option<DateTimeUtc>,
    /// Entered.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
