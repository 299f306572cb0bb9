//! A line of a roster (名册中的党员): sensitive. Numbers of identity cards and files of applicants are kept nowhere.
use crate::enums::{PartyDuty, PartyStanding};
use crate::id::{AccountId, PartyMemberId, PartyOrganizationId};
use sea_orm::entity::prelude::*;

/// A line of a roster (名册中的党员): sensitive. Numbers of identity cards and files of applicants are kept nowhere.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "party_member")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartyMemberId,
    /// Of which organisation.
    pub organization_id: PartyOrganizationId,
    /// Name, sealed; null once the person is forgotten.
    pub name_sealed: Option<Vec<u8>>,
    /// Month of joining, `YYYY-MM`, sealed; null once the person is forgotten.
    pub join_month_sealed: Option<Vec<u8>>,
    /// As what.
    pub standing: PartyStanding,
    /// What the person does for the organisation, of its committee only.
    pub duty: Option<PartyDuty>,
    /// Number, sealed.
    pub phone_sealed: Option<Vec<u8>>,
    /// Blind index of the number.
    pub phone_index: Option<Vec<u8>>,
    /// Whose account it is, as the person confirmed.
    pub account_id: Option<AccountId>,
    /// When.
    pub bound_at: Option<DateTimeUtc>,
    /// Made.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
