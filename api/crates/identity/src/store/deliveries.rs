//! Messages on their way to somebody outside (待发消息).

use chrono::{DateTime, TimeDelta, Utc};
use entity::delivery;
use entity::enums::{DeliveryKind, DeliveryState};
use entity::id::DeliveryId;
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

/// What the sealed part is bound to.
pub const PAYLOAD: &str = "delivery.payload";

/// Queues a message, to be sent at once and no later than `expires`.
pub async fn queue(tx: &Tx, kind: DeliveryKind, payload: &str, expires: DateTime<Utc>) -> Result<()> {
    let row = delivery::ActiveModel {
        id: Set(tx.id()?),
        kind: Set(kind),
        state: Set(DeliveryState::Pending),
        payload_sealed: Set(Some(tx.base().vault.seal(PAYLOAD, payload)?)),
        attempts: Set(0),
        next_at: Set(tx.now()),
        expires_at: Set(expires),
        last_error: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    };
    delivery::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

fn due(now: DateTime<Utc>) -> Condition {
    let is_due = Condition::any().add(delivery::Column::NextAt.lte(now)).add(delivery::Column::ExpiresAt.lte(now));
    Condition::all().add(delivery::Column::State.eq(DeliveryState::Pending)).add(is_due)
}

/// Whether any message waits to be sent or given up.
pub async fn is_any_due(base: &Base) -> Result<bool> {
    let due = delivery::Entity::find().filter(due(base.clock.now())).limit(1);
    Ok(due.one(base.db.reader()).await?.is_some())
}

/// Gives up what is no use any more, and erases its words.
pub async fn give_up_expired(tx: &Tx) -> Result<u64> {
    let dead = delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(DeliveryState::Dead))
        .col_expr(delivery::Column::PayloadSealed, Expr::value(None::<Vec<u8>>))
        .col_expr(delivery::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(delivery::Column::State.eq(DeliveryState::Pending))
        .filter(delivery::Column::ExpiresAt.lte(tx.now()));
    Ok(dead.exec(tx.db()).await?.rows_affected)
}

/// Takes the oldest that are due; each is due again after `again_after` its number of attempts, whatever becomes of this one.
pub async fn claim(tx: &Tx, most: u64, again_after: fn(i32) -> TimeDelta) -> Result<Vec<delivery::Model>> {
    let oldest = delivery::Entity::find().filter(due(tx.now())).order_by_asc(delivery::Column::NextAt).limit(most);
    let mut claimed = oldest.all(tx.db()).await?;
    for row in &mut claimed {
        row.attempts += 1;
        row.next_at = tx.now() + again_after(row.attempts);
        delivery::Entity::update_many()
            .col_expr(delivery::Column::Attempts, Expr::value(row.attempts))
            .col_expr(delivery::Column::NextAt, Expr::value(row.next_at))
            .col_expr(delivery::Column::UpdatedAt, Expr::value(tx.now()))
            .filter(delivery::Column::Id.eq(row.id))
            .exec(tx.db())
            .await?;
    }
    Ok(claimed)
}

/// Notes why a message was not sent this time.
pub async fn note_error(tx: &Tx, id: DeliveryId, error: &str) -> Result<()> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::LastError, Expr::value(error))
        .col_expr(delivery::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(delivery::Column::Id.eq(id))
        .filter(delivery::Column::State.eq(DeliveryState::Pending))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Ends a message, sent or given up, and erases its words.
pub async fn settle(tx: &Tx, id: DeliveryId, state: DeliveryState, error: Option<&str>) -> Result<()> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(state))
        .col_expr(delivery::Column::PayloadSealed, Expr::value(None::<Vec<u8>>))
        .col_expr(delivery::Column::LastError, Expr::value(error))
        .col_expr(delivery::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(delivery::Column::Id.eq(id))
        .filter(delivery::Column::State.eq(DeliveryState::Pending))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// How many messages were given up, of those that are kept (可见于 /metrics).
///
/// # Errors
/// When the database does not answer.
pub async fn dead_deliveries(base: &Base) -> Result<u64> {
    let dead = delivery::Entity::find().filter(delivery::Column::State.eq(DeliveryState::Dead));
    Ok(dead.count(base.db.reader()).await?)
}

/// Deletes what was sent or given up before an instant, and what nobody sent because no sender is configured any more; tells how
/// many.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_deliveries(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    let is_settled = delivery::Column::State.ne(DeliveryState::Pending);
    let over = Condition::any()
        .add(Condition::all().add(is_settled).add(delivery::Column::UpdatedAt.lt(before)))
        .add(delivery::Column::ExpiresAt.lt(before));
    Ok(delivery::Entity::delete_many().filter(over).exec(tx.db()).await?.rows_affected)
}
