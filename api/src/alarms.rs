//! Alarms (定时处理): one node at a time, under a lease, does what is due about cases: warns as their clocks run, ends pauses,
//! closes what nobody answers. What a stop left undone is done when somebody looks again, each step once.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use requests::{LiveTown, Town};
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than one batch takes.
const LEASE: &str = "alarms";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(1);
/// Cases looked at in one go.
const BATCH: u64 = 100;
/// How long after a failure: what failed is likely to fail again.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, town: LiveTown, every: Duration, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, Pace { look: every, failure: AFTER_FAILURE }, stop);
    // What is due may wait as long as it does between two looks.
    job.rest(Ok(0)).await;
    while job.is_on() {
        job.rest(work_off(&base, &town.get()).await).await;
    }
    job.end(&base).await;
}

/// Does one step about each of some cases, unless another node does. Gives back how many there were: a case may have more steps
/// to make up for.
///
/// # Errors
/// When the database does not answer. What fails for one case is put off, and keeps none of the others.
pub async fn work_off(base: &Base, town: &Town) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let due = requests::alarmed(base, BATCH).await?;
    if due.is_empty() || !base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await? {
        return Ok(0);
    }
    for id in &due {
        let command = (town.clone(), *id);
        let done = base.write(&Actor::System, &command, |tx, (town, id)| Box::pin(requests::wake(tx, town, id))).await;
        match done {
            // Somebody moved it meanwhile: its alarm is another one now.
            Ok(_) | Err(Error::Conflict) => {}
            Err(error) => {
                tracing::error!(?error, case = %id, "what is due about a case was not done; it waits, and the others go on");
                base.write(&Actor::System, id, |tx, id| Box::pin(requests::put_off(tx, id))).await?;
            }
        }
    }
    Ok(due.len())
}
