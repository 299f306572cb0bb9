//! A staff member's password (工作人员口令).
use crate::id::AccountId;
use sea_orm::entity::prelude::*;

/// A staff member's password (工作人员口令).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_credential")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Sign-in name; unique, lower case.
    pub username: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// Wrong passwords since the last right one.
    pub failures: i32,
    /// Locked until then.
    pub locked_until: Option<DateTimeUtc>,
    /// When the password was set.
    pub changed_at: DateTimeUtc,
    /// Whether somebody else set it, so that it must be changed at first use.
    pub must_change: bool,
    /// Secret of the second factor (TOTP, RFC 6238), sealed; none until it is confirmed.
    pub totp_sealed: Option<Vec<u8>>,
    /// Secret that waits for confirmation, sealed.
    pub totp_pending: Option<Vec<u8>>,
    /// Number of the last 30 s step whose code was used: none is taken twice.
    pub totp_step: Option<i64>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
