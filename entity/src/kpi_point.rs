//! A thing that was counted (计数点): an order, an answer or a case, at the instant that places it in a period.
use crate::enums::{Channel, RequestKind, Source};
use crate::id::{ServiceRequestId, UnitId};
use sea_orm::entity::prelude::*;

/// A thing that was counted (计数点): an order, an answer or a case, at the instant that places it in a period.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kpi_point")]
pub struct Model {
    /// As what it was counted, as `stats::Measure` writes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure: String,
    /// The order, the answer, or the case itself.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    /// The case.
    pub request_id: ServiceRequestId,
    /// The instant that places it in a period.
    pub at: DateTimeUtc,
    /// Its date in Asia/Shanghai.
    pub day: Date,
    /// Not settled: counts once its instant is over.
    pub is_open: bool,
    /// Code of the street.
    pub street: String,
    /// Path of the smallest grid.
    pub area_path: String,
    /// Path of the self-government grid, or of what the case lies in above the grids.
    pub grid_path: String,
    /// The unit whose work it is; null where there is none.
    pub unit_id: Option<UnitId>,
    /// Category.
    pub category_code: String,
    /// How the case came.
    pub channel: Channel,
    /// Who found it.
    pub source: Source,
    /// Kind of the case.
    pub kind: RequestKind,
    /// Grid cell of about 500 m.
    pub cell: Option<i64>,
    /// First value; what each means, the measure says.
    pub value1: i32,
    /// Second value.
    pub value2: i32,
    /// Third value.
    pub value3: i32,
    /// Fourth value.
    pub value4: i32,
    /// Fifth value.
    pub value5: i32,
    /// Sixth value.
    pub value6: i32,
    /// Seventh value.
    pub value7: i32,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
