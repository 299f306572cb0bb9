//! An edition of reference data (参考数据版次): what one thing says from an instant on. Rows are only ever added.
use crate::enums::EditionKind;
use crate::id::{AccountId, EditionId};
use sea_orm::entity::prelude::*;

/// An edition of reference data (参考数据版次): what one thing says from an instant on. Rows are only ever added.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "edition")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EditionId,
    /// What kind of thing it is about.
    pub kind: EditionKind,
    /// Code of the thing; unique with kind and version.
    pub code: String,
    /// From 1, without gaps.
    pub version: i32,
    /// Holds from then on, until one of a higher version does.
    pub valid_from: DateTimeUtc,
    /// The thing is no longer used since.
    pub is_retired: bool,
    /// What it says, as its slice reads it.
    pub content: Json,
    /// Who decided; null for what the product brought along.
    pub decided_by: Option<AccountId>,
    /// When it was decided.
    pub decided_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
