//! Series, and what became of their dates.

use chrono::NaiveDate;
use entity::booking_series::{Column, Entity, Model};
use entity::id::{AccountId, BookingId, BookingSeriesId};
use entity::{center, series_refusal};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::{Result, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

use super::places::paths;
use crate::policy::{Series, SeriesAction};

/// Inserts a series.
pub async fn insert_series(tx: &Tx, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Notes on which dates nothing was made, or what stayed as it was, and why.
pub async fn note_refusals(
    tx: &Tx,
    series: BookingSeriesId,
    refused: &[(NaiveDate, Option<BookingId>, UserErrorCode)],
) -> Result<()> {
    let rows = refused.iter().map(|(date, booking_id, code)| {
        let code: &'static str = code.into();
        let (date, booking_id, code) = (*date, *booking_id, code.to_owned());
        Ok(series_refusal::Model { id: tx.id()?, series_id: series, date, booking_id, code, at: tx.now() })
    });
    bulk::insert(tx, &rows.collect::<Result<Vec<_>>>()?).await
}

/// Forgets that bookings stayed as they were: they moved or ended since, or are tried again.
pub async fn forget_refusals(tx: &Tx, bookings: &[BookingId]) -> Result<()> {
    let theirs = series_refusal::Entity::delete_many();
    theirs.filter(in_keys(tx.db(), series_refusal::Column::BookingId, bookings)).exec(tx.db()).await?;
    Ok(())
}

/// Refusals of several series, by date, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn refusals_of(db: &impl ConnectionTrait, series: &[BookingSeriesId]) -> Result<Vec<series_refusal::Model>> {
    let theirs = series_refusal::Entity::find().filter(in_keys(db, series_refusal::Column::SeriesId, series));
    Ok(theirs.order_by_asc(series_refusal::Column::Date).order_by_asc(series_refusal::Column::Id).all(db).await?)
}

/// Series by id, those that the actor may see.
///
/// # Errors
/// When the database does not answer.
pub async fn series_by_ids(db: &impl ConnectionTrait, actor: &Actor, ids: &[BookingSeriesId]) -> Result<Vec<Series>> {
    let rows = Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?;
    let paths = paths(db, rows.iter().map(|row| row.center_id)).await?;
    let whole = rows.into_iter().filter_map(|row| {
        let area_path = paths.get(&row.center_id)?.clone();
        Some(Series { row, area_path })
    });
    Ok(whole.filter(|series| series.decide(actor, SeriesAction::Read) == Decision::Allow).collect())
}

/// A centre's series, latest first, for who may read its bookings.
///
/// # Errors
/// When the database does not answer.
pub async fn series_at(base: &Base, center: &center::Model, page: &PageRequest) -> Result<Page<Series>> {
    let there = Entity::find().filter(Column::CenterId.eq(center.id));
    let rows = page.apply(there, Column::CreatedAt, Column::Id, true).all(base.db.reader()).await?;
    Ok(page.page(rows).map(|row| Series { row, area_path: center.area_path.clone() }))
}

/// All series that a person ever had, oldest first.
pub async fn all_series_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id).all(db).await?)
}

/// Takes the words out of a person's series.
pub async fn forget_series_words(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::GroupName, Expr::value(None::<String>))
        .col_expr(Column::Purpose, Expr::value(""))
        .filter(Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}
