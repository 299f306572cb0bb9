//! A case that a device found (自动发现), and how often it saw it since.
use crate::id::ServiceRequestId;
use sea_orm::entity::prelude::*;

/// A case that a device found (自动发现), and how often it saw it since.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "device_finding")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: ServiceRequestId,
    /// Code of the street.
    pub street: String,
    /// Code of the device.
    pub device_code: String,
    /// Category the device named.
    pub category_code: String,
    /// Events that tell of it.
    pub event_count: i32,
    /// The last of them.
    pub last_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
