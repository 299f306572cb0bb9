//! Words said in the course of a request (办理记录); erasable, unlike the facts.
use crate::enums::{Audience, ContentState, NoteKind};
use crate::id::{FactId, ServiceRequestId};
use sea_orm::entity::prelude::*;

/// Words said in the course of a request (办理记录); erasable, unlike the facts.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "request_note")]
pub struct Model {
    /// The fact they belong to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub fact_id: FactId,
    /// Request.
    pub request_id: ServiceRequestId,
    /// What they are.
    pub kind: NoteKind,
    /// Who may read them.
    pub audience: Audience,
    /// The words.
    pub text: String,
    /// What the content check says of them.
    pub content_state: ContentState,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
