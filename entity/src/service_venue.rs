//! Where, or by whom, a service is given (服务项目场地).
use crate::id::{ServiceItemId, VenueId};
use sea_orm::entity::prelude::*;

/// Where, or by whom, a service is given (服务项目场地).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_venue")]
pub struct Model {
    /// Which service.
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: ServiceItemId,
    /// At which venue of its centre.
    #[sea_orm(primary_key, auto_increment = false)]
    pub venue_id: VenueId,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
