//! A finding that an inspector's device sent (巡查上报): remembered for ever, so that it comes in once.
use crate::id::{AccountId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// A finding that an inspector's device sent (巡查上报): remembered for ever, so that it comes in once.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol_finding")]
pub struct Model {
    /// Who found it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Key the device made.
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: Uuid,
    /// Keyed hash of what was sent.
    pub fingerprint: Vec<u8>,
    /// The case.
    pub request_id: ServiceRequestId,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
