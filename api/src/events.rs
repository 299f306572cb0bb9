//! Events on the clock (活动到点): one node at a time, under a lease, does what is due about events: who is registered is reminded, what is kept
//! or offered for too long falls free, what is over is over. What a stop left undone is done when somebody looks again, each once.

use std::time::Duration;

use chrono::TimeDelta;
use entity::id::{EventId, EventRegistrationId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than one batch takes.
const LEASE: &str = "events";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(1);
/// A seat that is kept for nobody is passed on within seconds.
const PACE: Pace = Pace { look: Duration::from_secs(5), failure: Duration::from_secs(30) };
/// Events, and registrations, looked at in one go.
const BATCH: u64 = 100;

/// What is put off: an event or a registration.
type Late = (Option<EventId>, Option<EventRegistrationId>);

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, PACE, stop);
    while job.is_on() {
        job.rest(work_off(&base).await).await;
    }
    job.end(&base).await;
}

/// Does what is due about some events, unless another node does. Gives back how many were moved.
///
/// # Errors
/// When the database does not answer. What fails for one is put off, and keeps none of the others.
pub async fn work_off(base: &Base) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let registrations = ::events::due_registrations(base, BATCH).await?;
    let events = ::events::due(base, BATCH).await?;
    if (registrations.is_empty() && events.is_empty())
        || !base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await?
    {
        return Ok(0);
    }
    let mut moved = 0;
    for id in &registrations {
        let done = base.write(&Actor::System, id, |tx, id| Box::pin(::events::lapse_registration(tx, id))).await;
        moved += settle(base, done.map(|_| ()), (None, Some(*id))).await?;
    }
    for id in &events {
        let done = base.write(&Actor::System, id, |tx, id| Box::pin(::events::lapse(tx, id))).await;
        moved += settle(base, done.map(|_| ()), (Some(*id), None)).await?;
    }
    Ok(moved)
}

/// Counts what was done; what could not be done lets the others go first.
async fn settle(base: &Base, done: Result<()>, late: Late) -> Result<usize> {
    match done {
        Ok(()) => return Ok(1),
        // Somebody moved it meanwhile.
        Err(Error::Conflict) => return Ok(0),
        Err(error) => {
            tracing::error!(?error, ?late, "what is due about an event was not done; it waits, and the others go on");
        }
    }
    base.write(&Actor::System, &late, |tx, late| Box::pin(::events::put_off(tx, late))).await?;
    Ok(0)
}
