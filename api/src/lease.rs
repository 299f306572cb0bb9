//! Leases (租约): jobs that one node does at a time.

use std::time::Duration;

use chrono::TimeDelta;
use entity::lease;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use tokio::sync::watch;

/// Takes or renews the lease of a job; `false` while another node holds it. A node that falls silent keeps it for `life`. A lease
/// that lasts much longer than it could was given by a clock that has been put back since, and holds nobody.
///
/// # Errors
/// When the database does not answer.
pub async fn take_lease(tx: &Tx, name: &'static str, life: TimeDelta) -> Result<bool> {
    let (now, node) = (tx.now(), tx.base().node);
    let first = lease::ActiveModel { name: Set(name.to_owned()), holder: Set(node), until: Set(now) };
    let untouched = OnConflict::column(lease::Column::Name).do_nothing().to_owned();
    lease::Entity::insert(first).on_conflict(untouched).exec_without_returning(tx.db()).await?;
    let taken = lease::Entity::update_many()
        .col_expr(lease::Column::Holder, Expr::value(node))
        .col_expr(lease::Column::Until, Expr::value(now + life))
        .filter(lease::Column::Name.eq(name))
        .filter(
            Condition::any()
                .add(lease::Column::Holder.eq(node))
                .add(lease::Column::Until.lte(now))
                .add(lease::Column::Until.gt(now + life * 2)),
        )
        .exec(tx.db())
        .await?;
    Ok(taken.rows_affected == 1)
}

/// How often a job is looked at (作业节奏).
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two looks that found nothing to do.
    pub look: Duration,
    /// After a failure: what failed is likely to fail again.
    pub failure: Duration,
}

/// A job that is done again and again (定时任务): `while job.is_on() { job.rest(work().await).await }`, then [`Job::end`].
pub struct Job {
    name: &'static str,
    pace: Pace,
    stop: watch::Receiver<bool>,
}

impl Job {
    /// The job of a lease, until `stop` turns true.
    #[must_use]
    pub fn of(name: &'static str, pace: Pace, stop: watch::Receiver<bool>) -> Self {
        Self { name, pace, stop }
    }

    /// Whether it goes on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !*self.stop.borrow()
    }

    /// Waits for the next look, by how much was done: while there was something, not at all.
    pub async fn rest(&mut self, done: Result<usize>) {
        let wait = match done {
            Ok(0) => self.pace.look,
            Ok(_) => return,
            Err(error) => {
                tracing::error!(job = self.name, ?error, "a job failed; it will be tried again");
                self.pace.failure
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
    }

    /// Gives the lease back.
    pub async fn end(self, base: &Base) {
        let given = base.write(&Actor::System, &self.name, |tx, name| Box::pin(give_back(tx, name))).await;
        if let Err(error) = given {
            tracing::warn!(job = self.name, ?error, "a lease lapses by itself");
        }
    }
}

/// Whether another node holds the lease of a job.
///
/// # Errors
/// When the database does not answer.
pub async fn is_held(base: &Base, name: &'static str) -> Result<bool> {
    let held = lease::Entity::find()
        .filter(lease::Column::Name.eq(name))
        .filter(lease::Column::Holder.ne(base.node))
        .filter(lease::Column::Until.gt(base.clock.now()));
    Ok(held.one(base.db.reader()).await?.is_some())
}

/// Gives a lease back, if this node holds it: another may take it at once.
///
/// # Errors
/// When the database does not answer.
pub async fn give_back(tx: &Tx, name: &'static str) -> Result<()> {
    lease::Entity::update_many()
        .col_expr(lease::Column::Until, Expr::value(tx.now()))
        .filter(lease::Column::Name.eq(name))
        .filter(lease::Column::Holder.eq(tx.base().node))
        .exec(tx.db())
        .await?;
    Ok(())
}
