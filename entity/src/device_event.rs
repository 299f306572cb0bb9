//! An event of a device (设备事件): remembered for ever, so that it counts once.
use crate::id::ServiceRequestId;
use sea_orm::entity::prelude::*;

/// An event of a device (设备事件): remembered for ever, so that it counts once.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "device_event")]
pub struct Model {
    /// Code of the street.
    #[sea_orm(primary_key, auto_increment = false)]
    pub street: String,
    /// Code of the device.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_code: String,
    /// Its own name of the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    /// The case it belongs to.
    pub request_id: ServiceRequestId,
    /// When the device saw it.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
