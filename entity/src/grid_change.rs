//! A change of the map (网格调整): grids merged, split or re-cut from an instant on.
use crate::enums::{GridChangeKind, GridChangeState};
use crate::id::{AccountId, GridChangeId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// A change of the map (网格调整): grids merged, split or re-cut from an instant on.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grid_change")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GridChangeId,
    /// Version.
    pub version: i32,
    /// What is done.
    pub kind: GridChangeKind,
    /// Where it stands.
    pub state: GridChangeState,
    /// Code of the street.
    pub street: String,
    /// In force from then on.
    pub valid_from: DateTimeUtc,
    /// The change, as `areas::Redraw` writes it.
    pub redraw: Json,
    /// Flaws that the map gets by it, as `areas::MapWarning` writes them.
    pub warnings: Json,
    /// Paths, as they were before, of the grids that are concerned; cases below them are moved. Null until it is in force.
    pub paths: Option<Json>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When it was decided.
    pub decided_at: DateTimeUtc,
    /// When it came into force.
    pub applied_at: Option<DateTimeUtc>,
    /// The last case that was looked at.
    pub moved_to: Option<ServiceRequestId>,
    /// Cases that were moved.
    pub moved_count: i32,
    /// When all were.
    pub moved_at: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
