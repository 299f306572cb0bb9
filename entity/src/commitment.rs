//! A quarter of an hour at which a person is somewhere (已有安排): its key keeps people from being in two places.
use crate::id::AccountId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

/// A quarter of an hour at which a person is somewhere (已有安排): its key keeps people from being in two places.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment")]
pub struct Model {
    /// Person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Quarter of an hour since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub granule: i32,
    /// What for: a booking.
    pub holder: Uuid,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
