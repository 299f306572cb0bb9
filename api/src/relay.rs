//! The outbox relay (发件箱中继): one at a time, under a lease, numbers committed facts without gaps and tells every node.

use std::time::Duration;

use chrono::TimeDelta;
use entity::{fact, lease};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::live;
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use tokio::sync::watch;

/// Name of the lease, and how long a node that fell silent keeps it.
const LEASE: &str = "relay";
const LEASE_LIFE: TimeDelta = TimeDelta::seconds(10);
/// Facts numbered in one transaction.
const BATCH: u64 = 200;
/// How long to wait for the bell before looking anyway: facts of other nodes ring no bell here.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Runs until `stop` turns true.
pub async fn run(base: Base, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match relay_pending(&base).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "the relay could not work; it will try again"),
        }
        tokio::select! {
            () = base.facts_committed.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Numbers one batch of pending facts and publishes it. Gives back how many there were.
///
/// # Errors
/// When the database does not answer. A message that Redis did not take is lost: live updates are hints, and clients catch up.
pub async fn relay_pending(base: &Base) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let pending = fact::Entity::find().filter(fact::Column::Seq.is_null()).limit(1).one(base.db.reader()).await?;
    if pending.is_none() {
        return Ok(0);
    }
    let numbered = base.write(&Actor::System, &(), |tx, ()| Box::pin(number(tx))).await?;
    live::publish(&base.redis, &numbered).await;
    Ok(numbered.len())
}

async fn number(tx: &mut Tx) -> Result<Vec<fact::Model>> {
    if !take_lease(tx).await? {
        return Ok(Vec::new());
    }
    let last = fact::Entity::find().filter(fact::Column::Seq.is_not_null()).order_by_desc(fact::Column::Seq).limit(1);
    let last = last.one(tx.db()).await?.and_then(|fact| fact.seq).unwrap_or_default();
    let pending = fact::Entity::find()
        .filter(fact::Column::Seq.is_null())
        .order_by_asc(fact::Column::At)
        .order_by_asc(fact::Column::Version)
        .order_by_asc(fact::Column::Id)
        .limit(BATCH);
    let mut numbered = pending.all(tx.db()).await?;
    for (fact, seq) in numbered.iter_mut().zip(last + 1..) {
        fact.seq = Some(seq);
        fact::Entity::update_many()
            .col_expr(fact::Column::Seq, Expr::value(seq))
            .filter(fact::Column::Id.eq(fact.id))
            .exec(tx.db())
            .await?;
    }
    Ok(numbered)
}

/// Takes or renews the lease; `false` while another node holds it.
async fn take_lease(tx: &Tx) -> Result<bool> {
    let (now, node) = (tx.now(), tx.base().node);
    let first = lease::ActiveModel { name: Set(LEASE.to_owned()), holder: Set(node), until: Set(now) };
    let untouched = OnConflict::column(lease::Column::Name).do_nothing().to_owned();
    lease::Entity::insert(first).on_conflict(untouched).exec_without_returning(tx.db()).await?;
    let taken = lease::Entity::update_many()
        .col_expr(lease::Column::Holder, Expr::value(node))
        .col_expr(lease::Column::Until, Expr::value(now + LEASE_LIFE))
        .filter(lease::Column::Name.eq(LEASE))
        .filter(Condition::any().add(lease::Column::Holder.eq(node)).add(lease::Column::Until.lte(now)))
        .exec(tx.db())
        .await?;
    Ok(taken.rows_affected == 1)
}
