//! The courier (投递): one node at a time, under a lease, sends the one-time codes that requests queued. No code waits for
//! the network of others in a request.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use identity::delivery::{self, CodeSender};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use tokio::sync::watch;

use crate::lease::{give_back, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than a round takes.
const LEASE: &str = "deliveries";
const LEASE_LIFE: TimeDelta = TimeDelta::seconds(15);
/// How long to wait for the bell before looking anyway: codes queued on other nodes ring no bell here.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, sender: Arc<dyn CodeSender>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match deliver_due(&base, &*sender).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "codes could not be sent; it will be tried again"),
        }
        tokio::select! {
            () = base.delivery_queued.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
    let given = base.write(&Actor::System, &(), |tx, ()| Box::pin(give_back(tx, LEASE))).await;
    if let Err(error) = given {
        tracing::warn!(?error, "the courier keeps its lease until it lapses");
    }
}

/// Sends one batch of codes that are due, unless another node does. Gives back how many were tried.
///
/// # Errors
/// When the database does not answer.
pub async fn deliver_due(base: &Base, sender: &dyn CodeSender) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    if !delivery::is_any_due(base).await? {
        return Ok(0);
    }
    let claimed = base.write(&Actor::System, &(), |tx, ()| {
        Box::pin(async move {
            if take_lease(tx, LEASE, LEASE_LIFE).await? { delivery::claim(tx).await } else { Ok(Vec::new()) }
        })
    });
    let claimed = claimed.await?;
    delivery::send(base, sender, &claimed).await?;
    Ok(claimed.len())
}
