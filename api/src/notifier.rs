//! The notifier (通知): one node at a time, under a lease, makes lines of inboxes of numbered facts, and tells every node whose
//! inbox has something new. It goes on where a stop cut it off.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::live::{self, Heard, Live};
use kernel::tx::Tx;
use notifications::Projected;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::lease::{give_back, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than a batch takes.
const LEASE: &str = "notifications";
const LEASE_LIFE: TimeDelta = TimeDelta::seconds(15);
/// How long to wait for a hint before looking anyway: hints may be lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Runs until `stop` turns true; then looks once more, and gives the lease back.
pub async fn run(base: Base, live: Live, mut stop: watch::Receiver<bool>) {
    let mut heard = live.subscribe();
    while !*stop.borrow() {
        match project_pending(&base).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "nobody could be notified; it will be tried again"),
        }
        tokio::select! {
            () = hears_of_facts(&mut heard) => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
    if let Err(error) = project_pending(&base).await {
        tracing::warn!(?error, "nobody could be notified once more; another node will go on");
    }
    let given = base.write(&Actor::System, &(), |tx, ()| Box::pin(give_back(tx, LEASE))).await;
    if let Err(error) = given {
        tracing::warn!(?error, "the notifier keeps its lease until it lapses");
    }
}

/// Deals with one batch of facts, unless another node does. Gives back how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn project_pending(base: &Base) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    if !facts::is_behind(base, notifications::READER).await? {
        return Ok(0);
    }
    let projected = base.write(&Actor::System, &(), |tx, ()| Box::pin(project(tx))).await?;
    live::tell(&base.redis, &projected.hints()).await;
    Ok(projected.facts)
}

async fn project(tx: &mut Tx) -> Result<Projected> {
    // In the same transaction, so that whoever lost the lease meanwhile waits here, and then has none.
    if take_lease(tx, LEASE, LEASE_LIFE).await? { notifications::project(tx).await } else { Ok(Projected::default()) }
}

/// Waits until something happened to anything but an inbox.
async fn hears_of_facts(heard: &mut Receiver<Heard>) {
    loop {
        match heard.recv().await {
            Ok(Heard::Hint(hint)) if hint.subject_kind == notifications::HINT => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            // The sleep beside this one ends the wait.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
