//! Somebody whom a registered person brings to an event (同行人): a child in care, or a guest. A guest's name is ciphertext.
use crate::id::{DependantId, EventGuestId, EventRegistrationId};
use sea_orm::entity::prelude::*;

/// Somebody whom a registered person brings to an event (同行人): a child in care, or a guest. A guest's name is ciphertext.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_guest")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventGuestId,
    /// Registration.
    pub registration_id: EventRegistrationId,
    /// Place among those who are brought.
    pub place: i16,
    /// The child, of those in the person's care.
    pub dependant_id: Option<DependantId>,
    /// Name of a guest, sealed; that of a child stands with the child.
    pub name_sealed: Option<Vec<u8>>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
