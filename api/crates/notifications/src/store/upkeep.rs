//! What nobody needs any more, for the house's housekeeping.

use chrono::TimeDelta;
use entity::enums::PushState;
use entity::id::NotificationId;
use entity::notification::{Column, Entity};
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::delivery::NEWS;

/// How long a line is kept once it was read.
const READ_KEPT: TimeDelta = TimeDelta::days(180);
/// How long a line is kept anyway.
const KEPT: TimeDelta = TimeDelta::days(365);
/// Lines removed in one transaction.
const AT_ONCE: u64 = 1_000;

/// Removes old lines, some at a time: those that were read after half a year, any after a year; tells how many.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(tx: &Tx) -> Result<usize> {
    let is_old = Column::CreatedAt.lt(tx.now() - KEPT);
    let is_read = Column::CreatedAt.lt(tx.now() - READ_KEPT).and(Column::ReadAt.is_not_null());
    let old = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Condition::any().add(is_old).add(is_read))
        // Said again, so that the index is read from its old end only.
        .filter(Column::CreatedAt.lt(tx.now() - READ_KEPT))
        .order_by_asc(Column::CreatedAt)
        .limit(AT_ONCE);
    let ids: Vec<NotificationId> = old.into_tuple().all(tx.db()).await?;
    if !ids.is_empty() {
        Entity::delete_many().filter(in_keys(tx.db(), Column::Id, &ids)).exec(tx.db()).await?;
    }
    Ok(ids.len())
}

/// Gives up pushes that no channel took within a day of their time: what they tell is no news any more.
///
/// # Errors
/// When the database does not answer.
pub async fn lapse_pushes(tx: &Tx) -> Result<u64> {
    let late = Entity::update_many()
        .col_expr(Column::PushState, Expr::value(PushState::Lapsed))
        .filter(Column::PushState.eq(PushState::Waiting))
        .filter(Column::PushAt.lt(tx.now() - NEWS));
    Ok(late.exec(tx.db()).await?.rows_affected)
}
