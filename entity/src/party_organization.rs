//! An organisation of the party (党组织): internal, its name included.
use crate::enums::PartyOrganizationKind;
use crate::id::PartyOrganizationId;
use sea_orm::entity::prelude::*;

/// An organisation of the party (党组织): internal, its name included.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "party_organization")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartyOrganizationId,
    /// Code of the organisation, e.g. `XH-01`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: PartyOrganizationKind,
    /// The organisation above; none for the topmost.
    pub parent_id: Option<PartyOrganizationId>,
    /// Codes from the topmost down to this one, each between slashes.
    pub path: String,
    /// Version.
    pub version: i32,
    /// Made.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
