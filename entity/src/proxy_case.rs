//! A case that a proxy holds for (代办事项).
use crate::id::{ProxyGrantId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// A case that a proxy holds for (代办事项).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "proxy_case")]
pub struct Model {
    /// Proxy.
    #[sea_orm(primary_key, auto_increment = false)]
    pub proxy_id: ProxyGrantId,
    /// Case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: ServiceRequestId,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
