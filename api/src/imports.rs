//! Imports (导入): one node at a time, under a lease, enters the rows of files that came in. What a stop cuts off goes on where it was:
//! rows and the count of rows done are written together.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use requests::Town;
use tokio::sync::watch;

use crate::lease::{give_back, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: much longer than one transaction takes.
const LEASE: &str = "imports";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(1);
/// How long between two looks: who brought a file waits for its rows.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long after a failure: what failed is likely to fail again.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, town: Town, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let is_stopped = || *stop.borrow();
        let wait = match work_off(&base, &town, &is_stopped).await {
            Ok(0) => LOOK_EVERY,
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(?error, "rows of an import were not entered; it will be tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => {}
        }
    }
    let given = base.write(&Actor::System, &(), |tx, ()| Box::pin(give_back(tx, LEASE))).await;
    if let Err(error) = given {
        tracing::warn!(?error, "the lease on imports lapses by itself");
    }
}

/// Works on the import that waits longest, unless another node does, until it is done or `is_stopped`. Gives back how many
/// transactions it took.
///
/// # Errors
/// When the database does not answer, or rows cannot be written.
pub async fn work_off(base: &Base, town: &Town, is_stopped: &(dyn Fn() -> bool + Sync)) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    if !hotline::is_waiting(base).await? || !is_ours(base).await? {
        return Ok(0);
    }
    let mut job = match hotline::next_job(base, town).await? {
        None => return Ok(0),
        Some(Ok(job)) => job,
        Some(Err(id)) => {
            tracing::error!(import = %id, "an import cannot be read any more, and is given up");
            base.write(&Actor::System, &id, |tx, id| Box::pin(hotline::fail(tx, id))).await?;
            return Ok(1);
        }
    };
    let mut done = 0;
    while !is_stopped()
        && let Some(rows) = job.some(base)
    {
        if !is_ours(base).await? {
            break;
        }
        match base.write(&Actor::System, &rows, |tx, rows| Box::pin(hotline::enter(tx, rows))).await {
            Ok(()) => done += 1,
            // Another node was faster, while this one was silent.
            Err(Error::Conflict) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

async fn is_ours(base: &Base) -> Result<bool> {
    base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await
}
