//! Statistics (统计): one node at a time, under a lease, counts what the numbered facts tell. That two count at once for a while does
//! no harm: the cursor is locked while one counts.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use requests::{LiveTown, Town};
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it.
const LEASE: &str = "stats";
const LEASE_LIFE: TimeDelta = TimeDelta::seconds(10);
/// Numbers follow the facts by half a second.
const PACE: Pace = Pace { look: Duration::from_millis(500), failure: Duration::from_secs(10) };

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, town: LiveTown, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, PACE, stop);
    while job.is_on() {
        job.rest(count(&base, &town.get()).await).await;
    }
    job.end(&base).await;
}

/// Counts one batch of facts, unless another node does; tells how many there were.
///
/// # Errors
/// When the database does not answer, or a fact cannot be read.
pub async fn count(base: &Base, town: &Town) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    if stats::facts_behind(base).await? <= 0 {
        return Ok(0);
    }
    base.write(&Actor::System, town, |tx, town| {
        Box::pin(async move {
            if take_lease(tx, LEASE, LEASE_LIFE).await? { stats::project(tx, town).await } else { Ok(0) }
        })
    })
    .await
}
