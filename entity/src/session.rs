//! A signed-in device (登录会话): one refresh family. The truth behind the hot copy in Redis.
use crate::enums::ClientKind;
use crate::id::{AccountId, SessionId};
use sea_orm::entity::prelude::*;

/// A signed-in device (登录会话): one refresh family. The truth behind the hot copy in Redis.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Key; the `sid` of access tokens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// Kind of client.
    pub client_kind: ClientKind,
    /// Keyed hash of the client's device id.
    pub device_index: Vec<u8>,
    /// What the device calls itself.
    pub device_name: Option<String>,
    /// Random part from which the family's refresh tokens are derived.
    pub salt: Vec<u8>,
    /// Number of the current refresh token.
    pub generation: i32,
    /// When the current refresh token was issued.
    pub rotated_at: DateTimeUtc,
    /// Sign-in.
    pub created_at: DateTimeUtc,
    /// Last refresh.
    pub last_seen_at: DateTimeUtc,
    /// Whether it was opened by password: only then do roles of a staff account hold.
    pub is_staff: bool,
    /// Absolute end of the family.
    pub expires_at: DateTimeUtc,
    /// When it was ended early.
    pub revoked_at: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
