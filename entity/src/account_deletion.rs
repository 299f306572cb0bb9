//! The deletion of an account (账号注销): asked for, thought over for seven days, done.
use crate::enums::AccountDeletionState;
use crate::id::{AccountDeletionId, AccountId};
use sea_orm::entity::prelude::*;

/// The deletion of an account (账号注销): asked for, thought over for seven days, done.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_deletion")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountDeletionId,
    /// Version.
    pub version: i32,
    /// Which account; after it is done, what is left of it: a pseudonym.
    pub account_id: AccountId,
    /// Where it stands.
    pub state: AccountDeletionState,
    /// When it is done unless it is called off.
    pub due_at: DateTimeUtc,
    /// When it was called off or done.
    pub ended_at: Option<DateTimeUtc>,
    /// Asked for.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
