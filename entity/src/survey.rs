//! An answer to a satisfaction survey (回访评价).
use crate::enums::Solved;
use crate::id::{AccountId, ServiceRequestId, SurveyId};
use sea_orm::entity::prelude::*;

/// An answer to a satisfaction survey (回访评价).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "survey")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SurveyId,
    /// Request.
    pub request_id: ServiceRequestId,
    /// Round.
    pub round: i32,
    /// Who recorded it.
    pub account_id: AccountId,
    /// Asked by phone.
    pub is_by_agent: bool,
    /// Solved?
    pub solved: Solved,
    /// 1–5, 好差评; null when the person called would not rate (不评价).
    pub satisfaction: Option<i32>,
    /// Words.
    pub comment: Option<String>,
    /// When.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
