//! Retention (档案留存): one node at a time, under a lease, archives cases that are over for long, and makes them nobody's when
//! nobody need know any more whose they were. What a stop left undone is done when somebody looks again, each step once.

use std::time::Duration;

use chrono::TimeDelta;
use entity::id::{Id as _, ServiceRequestId};
use kernel::actor::Actor;
use kernel::audit::{Act, Acting};
use kernel::base::Base;
use kernel::error::{Error, Result};
use media::Media;
use requests::{LiveTown, Step, Town};
use tokio::sync::watch;

use crate::lease::{Job, Pace, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: longer than one batch takes.
const LEASE: &str = "retention";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(2);
/// Cases of one sort looked at in one go.
const BATCH: u64 = 50;
/// Rules count in days: nobody waits for it. What failed is likely to fail again.
const PACE: Pace = Pace { look: Duration::from_mins(10), failure: Duration::from_mins(10) };

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, town: LiveTown, media: Media, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, PACE, stop);
    while job.is_on() {
        job.rest(work_off(&base, &town.get(), &media).await).await;
    }
    job.end(&base).await;
}

/// Does the step that is due of each of some cases, unless another node does. Gives back how many steps were done; what fails for
/// one case keeps none of the others.
///
/// # Errors
/// The first failure, after all were tried, when nothing could be done.
pub async fn work_off(base: &Base, town: &Town, media: &Media) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let due = requests::kept_long_enough(base, town, BATCH).await?;
    if due.is_empty() || !base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await? {
        return Ok(0);
    }
    // The files are emptied behind a backlog, not after each part of it: on SQLite that writes them anew.
    let is_last = due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
    let (mut done, mut failed, mut is_to_purge) = (0, None, false);
    for (step, id) in due {
        match put_away(base, town, media, (step, id)).await {
            Ok(()) => {
                done += 1;
                is_to_purge |= is_last && step == Step::Anonymise;
            }
            // Somebody moved or held it meanwhile.
            Err(Error::Conflict) => {}
            Err(error) => {
                tracing::error!(?error, case = %id, "a case was not put away; it will be tried again, and the others go on");
                failed.get_or_insert(error);
            }
        }
    }
    if is_to_purge && !base.db.purge().await? {
        tracing::info!("somebody still reads what was forgotten; the files are emptied with the next housekeeping");
    }
    // One that fails again and again does not slow the others down.
    if done > 0 { Ok(done) } else { failed.map_or(Ok(0), Err) }
}

/// Does a step of a case; that somebody is forgotten is an act.
async fn put_away(base: &Base, town: &Town, media: &Media, due: (Step, ServiceRequestId)) -> Result<()> {
    let command = (town.clone(), due);
    let act = Act { action: "anonymiseServiceRequest", subject: Some(due.1.text()), address: None };
    let acting = match due.0 {
        Step::Archive => Acting::from(&Actor::System),
        Step::Anonymise => Actor::System.doing(&act),
    };
    let photos = base.write(acting, &command, |tx, (town, due)| Box::pin(requests::put_away(tx, town, *due)));
    media.remove(&photos.await?).await;
    Ok(())
}
