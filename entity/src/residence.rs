//! A proof of residence (居住认证). The flat is ciphertext with a blind index.
use crate::enums::{ResidenceRejectReason, ResidenceRelation, ResidenceState};
use crate::id::{AccountId, AreaId, ResidenceId};
use sea_orm::entity::prelude::*;

/// A proof of residence (居住认证). The flat is ciphertext with a blind index.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "residence")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResidenceId,
    /// Version.
    pub version: i32,
    /// Who lives there.
    pub account_id: AccountId,
    /// Where it stands.
    pub state: ResidenceState,
    /// As what.
    pub relation: ResidenceRelation,
    /// The area named: a neighbourhood, or something in it.
    pub area_id: AreaId,
    /// Its path.
    pub area_path: String,
    /// Path of the self-government grid (自治网格) it lies in.
    pub grid_path: String,
    /// Name of the compound.
    pub compound: String,
    /// Building, sealed.
    pub building_sealed: Vec<u8>,
    /// Entrance, sealed.
    pub unit_sealed: Option<Vec<u8>>,
    /// Room, sealed.
    pub room_sealed: Vec<u8>,
    /// Blind index of the flat.
    pub flat_index: Vec<u8>,
    /// Why it was refused.
    pub reject_reason: Option<ResidenceRejectReason>,
    /// What the neighbourhood said with it.
    pub note: Option<String>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Until when it holds; open end when null.
    pub valid_until: Option<DateTimeUtc>,
    /// When it was over.
    pub ended_at: Option<DateTimeUtc>,
    /// Applied.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
