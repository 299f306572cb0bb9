//! An area (区域): street, grid, compound or building; a tree by text path.
use crate::id::AreaId;
use sea_orm::entity::prelude::*;

/// An area (区域): street, grid, compound or building; a tree by text path.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "area")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AreaId,
    /// Code, unique: GB/T 2260 and statistical codes where they exist.
    pub code: String,
    /// Level, as `areas::Level` writes it.
    pub level: String,
    /// Name.
    pub name: String,
    /// The area above.
    pub parent_id: Option<AreaId>,
    /// `/code/code/…/` from the street down.
    pub path: String,
    /// GeoJSON geometry, WGS-84; null for points.
    pub shape: Option<String>,
    /// Degrees, WGS-84; of points.
    pub longitude: Option<f64>,
    /// Degrees, WGS-84; of points.
    pub latitude: Option<f64>,
    /// Synthetic, for demonstration.
    pub is_demo: bool,
    /// How often its ground was drawn: 1 as it was brought along.
    pub version: i32,
    /// Since when its ground is as it is; null as it was brought along.
    pub valid_from: Option<DateTimeUtc>,
    /// Since when it is no more; null while it is in use.
    pub valid_to: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
