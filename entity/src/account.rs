//! A natural person's account (账号). Names and phone numbers are ciphertext with a blind index.
use crate::enums::AccountStatus;
use crate::id::AccountId;
use sea_orm::entity::prelude::*;

/// A natural person's account (账号). Names and phone numbers are ciphertext with a blind index.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// Whether the person may sign in.
    pub status: AccountStatus,
    /// Real or display name, sealed.
    pub name_sealed: Option<Vec<u8>>,
    /// Mobile number in E.164, sealed.
    pub phone_sealed: Option<Vec<u8>>,
    /// Blind index of the number; unique.
    pub phone_index: Option<Vec<u8>>,
    /// When the account was opened.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
    /// Version.
    pub version: i32,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
