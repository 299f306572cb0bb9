//! A consent (同意): somebody said yes to one version of a document, and perhaps took it back.
use crate::enums::{ClientKind, ConsentKind};
use crate::id::{AccountId, ConsentDocumentId, ConsentId};
use sea_orm::entity::prelude::*;

/// A consent (同意): somebody said yes to one version of a document, and perhaps took it back.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsentId,
    /// Whose.
    pub account_id: AccountId,
    /// To which document.
    pub document_id: ConsentDocumentId,
    /// Its kind.
    pub kind: ConsentKind,
    /// Its version.
    pub version: i32,
    /// On what kind of client.
    pub client_kind: ClientKind,
    /// When.
    pub given_at: DateTimeUtc,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTimeUtc>,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
