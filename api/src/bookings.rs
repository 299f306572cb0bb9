//! Bookings on the clock (预约到点): one node at a time, under a lease, does what is due about bookings: offers and approvals lapse,
//! what is held for too long is given back, numbers of a day that is over expire, who did not come loses the place, what is over is over. What a stop left undone is done when somebody looks again, each once.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than one batch takes.
const LEASE: &str = "bookings";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(1);
/// An offer that lapsed is passed on within seconds.
const PACE: Pace = Pace { look: Duration::from_secs(5), failure: Duration::from_secs(30) };
/// Bookings looked at in one go.
const BATCH: u64 = 100;

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, PACE, stop);
    while job.is_on() {
        job.rest(work_off(&base).await).await;
    }
    job.end(&base).await;
}

/// Does what is due about some bookings, unless another node does. Gives back how many were moved.
///
/// # Errors
/// When the database does not answer. What fails for one booking is put off, and keeps none of the others.
pub async fn work_off(base: &Base) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let (due, held) = (::bookings::due(base, BATCH).await?, ::bookings::due_holds(base, BATCH).await?);
    let left = ::queue::overdue(base, BATCH).await?;
    if (due.is_empty() && held.is_empty() && left.is_empty())
        || !base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await?
    {
        return Ok(0);
    }
    let mut moved = 0;
    for id in &held {
        match base.write(&Actor::System, id, |tx, id| Box::pin(::bookings::lapse_hold(tx, id))).await {
            Ok(_) => moved += 1,
            // Somebody ended it meanwhile.
            Err(Error::Conflict | Error::NotFound) => {}
            Err(error) => {
                tracing::error!(?error, hold = %id, "what is held for too long was not given back; it is tried again")
            }
        }
    }
    for id in &left {
        match base.write(&Actor::System, id, |tx, id| Box::pin(::queue::expire(tx, id))).await {
            Ok(_) => moved += 1,
            // Somebody moved it meanwhile.
            Err(Error::Conflict | Error::Refused(_)) => {}
            Err(error) => {
                tracing::error!(?error, ticket = %id, "a number of a day that is over was not ended; it is tried again")
            }
        }
    }
    for id in &due {
        match base.write(&Actor::System, id, |tx, id| Box::pin(::bookings::lapse(tx, id))).await {
            Ok(_) => moved += 1,
            // Somebody moved it meanwhile.
            Err(Error::Conflict) => {}
            // So it is then, too; and a node that knows other rules must not look at the same ones for ever.
            Err(Error::Refused(_)) => {
                base.write(&Actor::System, id, |tx, id| Box::pin(::bookings::put_off(tx, id))).await?;
            }
            Err(error) => {
                tracing::error!(?error, booking = %id, "what is due about a booking was not done; it waits, and the others go on");
                base.write(&Actor::System, id, |tx, id| Box::pin(::bookings::put_off(tx, id))).await?;
            }
        }
    }
    Ok(moved)
}
