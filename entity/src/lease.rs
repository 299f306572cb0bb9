//! A lease (租约): which node may do a job that only one may do at a time.
use sea_orm::entity::prelude::*;

/// A lease (租约): which node may do a job that only one may do at a time.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lease")]
pub struct Model {
    /// The job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The node.
    pub holder: Uuid,
    /// When the lease lapses.
    pub until: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
