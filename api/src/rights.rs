//! Rights (个人信息权利): one node at a time, under a lease, makes the copies that people asked for and ends the accounts whose
//! time is over. Both go on where a stop cut them off.

use std::time::Duration;

use chrono::TimeDelta;
use entity::id::Id as _;
use identity::Identity;
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::base::Base;
use kernel::error::{Error, Result};
use media::Media;
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than one copy or one account takes.
const LEASE: &str = "rights";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(2);
/// Nobody who asked stands and waits.
const PACE: Pace = Pace { look: Duration::from_secs(2), failure: Duration::from_secs(30) };

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(identity: Identity, media: Media, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, PACE, stop);
    while job.is_on() {
        job.rest(work_off(&identity, &media).await).await;
    }
    job.end(&identity.base).await;
}

/// Makes some copies, empties those whose day is over, closes and forgets accounts, unless another node does. Gives back how many
/// things were done; what fails in one job keeps none of the others.
///
/// # Errors
/// When the database does not answer, or a person's data cannot be read.
pub async fn work_off(identity: &Identity, media: &Media) -> Result<usize> {
    let base = &identity.base;
    // A look without a lock first: most of the time there is nothing to do.
    if !flows::due(base).await? {
        return Ok(0);
    }
    if !base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await? {
        return Ok(0);
    }
    let expired = base.write(&Actor::System, &(), |tx, ()| Box::pin(flows::expire_exports(tx))).await;
    let closed = close_account(identity).await;
    let made = flows::make(base, media).await;
    let ended = end_account(base, media).await;
    [expired, closed, made, ended].into_iter().sum()
}

/// Closes the next account whose time is over.
async fn close_account(identity: &Identity) -> Result<usize> {
    let closed = identity.base.write(&Actor::System, &(), |tx, ()| Box::pin(flows::close_due(tx))).await?;
    let Some(ended) = closed else { return Ok(0) };
    identity.cool(&ended).await;
    Ok(1)
}

/// Forgets the person of the next account that is closed for long enough.
async fn end_account(base: &Base, media: &Media) -> Result<usize> {
    let Some(deletion) = flows::next_to_forget(base).await? else { return Ok(0) };
    let act = Act { action: "eraseAccount", subject: Some(deletion.account_id.text()), address: None };
    let acting = Actor::System.doing(&act);
    match base.write(acting, &deletion, |tx, row| Box::pin(flows::forget(tx, row))).await {
        Ok(photos) => {
            media.remove(&photos).await;
            if !base.db.purge().await? {
                tracing::info!(
                    "somebody still reads what was forgotten; the files are emptied with the next housekeeping"
                );
            }
            Ok(1)
        }
        // Somebody held a case of the person meanwhile: it waits for the end of that.
        Err(Error::Conflict) => Ok(0),
        Err(error) => {
            tracing::error!(?error, deletion = %deletion.id, "an account was not ended");
            base.write(&Actor::System, &deletion, |tx, row| Box::pin(flows::put_off(tx, row))).await?;
            Err(error)
        }
    }
}
