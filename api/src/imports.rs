//! Imports (导入): one node at a time, under a lease, enters the rows of files that came in. What a stop cuts off goes on where it was:
//! rows and the count of rows done are written together.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use requests::{LiveTown, Town};
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: much longer than one transaction takes.
const LEASE: &str = "imports";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(1);
/// Who brought a file waits for its rows.
const PACE: Pace = Pace { look: Duration::from_secs(1), failure: Duration::from_secs(30) };

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, town: LiveTown, stop: watch::Receiver<bool>) {
    let told = stop.clone();
    let is_stopped = || *told.borrow();
    let mut job = Job::of(LEASE, PACE, stop);
    while job.is_on() {
        job.rest(work_off(&base, &town.get(), &is_stopped).await).await;
    }
    job.end(&base).await;
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
            // What is our fault fails again, and must keep no other import waiting; the rows done are done.
            Err(Error::Fault(error)) => {
                tracing::error!(import = %job.import.id, ?error, "an import failed, and is given up");
                base.write(&Actor::System, &job.import.id, |tx, id| Box::pin(hotline::fail(tx, id))).await?;
                return Ok(done + 1);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

async fn is_ours(base: &Base) -> Result<bool> {
    base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await
}
