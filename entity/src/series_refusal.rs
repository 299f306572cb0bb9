//! A date of a series on which nothing was made, or on which a booking stayed as it was (未能预约的日期).
use crate::id::{BookingId, BookingSeriesId, SeriesRefusalId};
use sea_orm::entity::prelude::*;

/// A date of a series on which nothing was made, or on which a booking stayed as it was (未能预约的日期).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "series_refusal")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SeriesRefusalId,
    /// Series.
    pub series_id: BookingSeriesId,
    /// Which date.
    pub date: Date,
    /// The booking that stayed as it was; null where none was made.
    pub booking_id: Option<BookingId>,
    /// Why, as the code of a refusal.
    pub code: String,
    /// When.
    pub at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
