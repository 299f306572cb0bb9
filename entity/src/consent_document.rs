//! A document that people consent to (告知文件): one version of one kind, never changed.
use crate::enums::ConsentKind;
use crate::id::{AccountId, ConsentDocumentId};
use sea_orm::entity::prelude::*;

/// A document that people consent to (告知文件): one version of one kind, never changed.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_document")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsentDocumentId,
    /// What it is about.
    pub kind: ConsentKind,
    /// Version, from 1; unique among its kind.
    pub version: i32,
    /// Title.
    pub title: String,
    /// The whole text.
    pub body: String,
    /// SHA-256 of the text.
    pub hash: Vec<u8>,
    /// From when it holds; then the version before does no longer.
    pub in_force_from: DateTimeUtc,
    /// Who published it; null for the command line.
    pub published_by: Option<AccountId>,
    /// Published.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
