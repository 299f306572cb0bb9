//! A piece of a space that somebody has for a quarter of an hour (占用): its key keeps two from having it.
use sea_orm::entity::prelude::*;
use uuid::Uuid;

/// A piece of a space that somebody has for a quarter of an hour (占用): its key keeps two from having it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occupancy")]
pub struct Model {
    /// Space.
    #[sea_orm(primary_key, auto_increment = false)]
    pub leaf: Uuid,
    /// Which of several alike.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit: i32,
    /// Quarter of an hour since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub granule: i32,
    /// Who has it: a booking.
    pub holder: Uuid,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
