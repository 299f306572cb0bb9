//! A category of requests (诉求分类): a tree of at most three levels.
use crate::enums::CategoryNature;
use sea_orm::entity::prelude::*;

/// A category of requests (诉求分类): a tree of at most three levels.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "request_category")]
pub struct Model {
    /// Code; children extend their parent's.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The category above.
    pub parent_code: Option<String>,
    /// Name.
    pub name: String,
    /// Order among siblings.
    pub position: i32,
    /// SLA policy; by the request's kind when null.
    pub sla_code: Option<String>,
    /// GB/T 30428.2 class.
    pub gb_code: Option<String>,
    /// Whether it is a city object.
    pub nature: CategoryNature,
    /// Handling must show an AFTER photo.
    pub needs_photo: bool,
    /// Never published.
    pub is_sensitive: bool,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
