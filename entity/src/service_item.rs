//! A service that a centre offers (服务项目), as it is now; what it was stands in the editions.
use crate::enums::{ServiceCategory, ServiceState};
use crate::id::{CenterId, ServiceItemId};
use sea_orm::entity::prelude::*;

/// A service that a centre offers (服务项目), as it is now; what it was stands in the editions.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_item")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceItemId,
    /// Version; each has its edition.
    pub version: i32,
    /// Centre.
    pub center_id: CenterId,
    /// Code, one within its centre.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it is about.
    pub category: ServiceCategory,
    /// What is done.
    pub description: Option<String>,
    /// For whom.
    pub audience: Option<String>,
    /// What people bring along: a list of words.
    pub materials: Json,
    /// What it costs, in words; free when null.
    pub fee: Option<String>,
    /// How long an appointment takes; null when none are made.
    pub minutes: Option<i16>,
    /// Numbers that are given on a day; null when nobody stands in line for it.
    pub tickets_per_day: Option<i16>,
    /// Where it stands.
    pub state: ServiceState,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
