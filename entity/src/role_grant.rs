//! A role grant (授权): who may act as what, where, and between when.
use crate::enums::{Role, ScopeKind};
use crate::id::{AccountId, RoleGrantId};
use sea_orm::entity::prelude::*;

/// A role grant (授权): who may act as what, where, and between when.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleGrantId,
    /// Who.
    pub account_id: AccountId,
    /// As what.
    pub role: Role,
    /// What the scope names.
    pub scope_kind: ScopeKind,
    /// Area, organisation or unit.
    pub scope_id: Uuid,
    /// From.
    pub valid_from: DateTimeUtc,
    /// Until; open end when null.
    pub valid_to: Option<DateTimeUtc>,
    /// By whom; null for the command line.
    pub granted_by: Option<AccountId>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
