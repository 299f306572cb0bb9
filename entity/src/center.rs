//! A neighbourhood centre (邻里中心): a house of the street with rooms to book.
use crate::enums::CenterState;
use crate::id::{AreaId, CenterId};
use sea_orm::entity::prelude::*;

/// A neighbourhood centre (邻里中心): a house of the street with rooms to book.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "center")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CenterId,
    /// Version.
    pub version: i32,
    /// Code, as the street writes it.
    pub code: String,
    /// Name.
    pub name: String,
    /// Area it lies in.
    pub area_id: AreaId,
    /// Its path.
    pub area_path: String,
    /// Address.
    pub address: String,
    /// Longitude, WGS-84.
    pub longitude: Option<f64>,
    /// Latitude, WGS-84.
    pub latitude: Option<f64>,
    /// Number of the desk, for those who do not book by phone.
    pub phone: Option<String>,
    /// Where it stands.
    pub state: CenterState,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
