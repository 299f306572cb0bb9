//! A way in which an account is recognised (登录标识): one account, many. Values are ciphertext with a blind index.
use crate::enums::IdentityKind;
use crate::id::{AccountId, IdentityId};
use sea_orm::entity::prelude::*;

/// A way in which an account is recognised (登录标识): one account, many. Values are ciphertext with a blind index.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityId,
    /// Whose.
    pub account_id: AccountId,
    /// By what.
    pub kind: IdentityKind,
    /// Blind index of the value; unique among its kind.
    pub value_index: Vec<u8>,
    /// The value, sealed.
    pub value_sealed: Vec<u8>,
    /// When it was bound.
    pub bound_at: DateTimeUtc,
    /// When somebody signed in with it last.
    pub last_used_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
