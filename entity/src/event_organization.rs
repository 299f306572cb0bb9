//! An organisation of the party that an event is for (参加组织), with all below it.
use crate::id::{EventId, PartyOrganizationId};
use sea_orm::entity::prelude::*;

/// An organisation of the party that an event is for (参加组织), with all below it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_organization")]
pub struct Model {
    /// Event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: EventId,
    /// Organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: PartyOrganizationId,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
