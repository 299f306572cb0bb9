//! A message on its way to somebody outside (待发消息): the outbox of what must not wait in a request.
use crate::enums::{DeliveryKind, DeliveryState};
use crate::id::DeliveryId;
use sea_orm::entity::prelude::*;

/// A message on its way to somebody outside (待发消息): the outbox of what must not wait in a request.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    /// What it is.
    pub kind: DeliveryKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// To whom and what, sealed; erased once it is sent or given up.
    pub payload_sealed: Option<Vec<u8>>,
    /// How often sending was begun.
    pub attempts: i32,
    /// When to send, or to try again.
    pub next_at: DateTimeUtc,
    /// When it is no use any more.
    pub expires_at: DateTimeUtc,
    /// Why it was not sent when it was last tried; a stable word.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
