//! Grids drawn anew (网格调整): one node at a time, under a lease, brings what is planned into force at its instant, and moves the cases
//! of the grids. What a stop left undone goes on when somebody looks again.

use std::time::Duration;

use chrono::TimeDelta;
use entity::enums::GridChangeState;
use entity::id::Id as _;
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::base::Base;
use kernel::error::{Error, Result};
use requests::LiveTown;
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than one batch takes.
const LEASE: &str = "grids";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(2);
/// Changes of the map are rare, and begin on a day.
const PACE: Pace = Pace { look: Duration::from_secs(20), failure: Duration::from_mins(1) };

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, town: LiveTown, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, PACE, stop);
    while job.is_on() {
        job.rest(work_off(&base, &town).await).await;
    }
    job.end(&base).await;
}

/// Does the next step of the next change, unless another node does. Gives back how many steps were done.
///
/// # Errors
/// When the database does not answer.
pub async fn work_off(base: &Base, town: &LiveTown) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let Some(change) = flows::next_grid_change(base).await? else { return Ok(0) };
    if !base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await? {
        return Ok(0);
    }
    let done = if change.state == GridChangeState::Planned {
        let act = Act { action: "beginGridChange", subject: Some(change.id.text()), address: None };
        let begin =
            base.write(Actor::System.doing(&act), &change, |tx, change| Box::pin(flows::begin_grid_change(tx, change)));
        begin.await.map(|_| ())
    } else {
        town.refresh(base).await?;
        let command = (town.get(), change);
        let settle = base.write(&Actor::System, &command, |tx, (town, change)| {
            Box::pin(flows::settle_grid_change(tx, town, change))
        });
        settle.await
    };
    match done {
        Ok(()) => Ok(1),
        // Somebody was faster: it is looked at again.
        Err(Error::Conflict) => Ok(0),
        Err(error) => Err(error),
    }
}
