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
/// Cases put off at most; so many failures have one cause, which is looked for first.
const MOST_PUT_OFF: usize = 1_000;
/// Rules count in days: nobody waits for it. What failed is likely to fail again.
const PACE: Pace = Pace { look: Duration::from_mins(10), failure: Duration::from_mins(10) };

/// Runs until `stop` turns true; then gives the lease back.
pub async fn run(base: Base, town: LiveTown, media: Media, stop: watch::Receiver<bool>) {
    let mut job = Job::of(LEASE, PACE, stop);
    let mut round = Round::of(BATCH);
    while job.is_on() {
        job.rest(work_off(&base, &town.get(), &media, &mut round).await).await;
    }
    job.end(&base).await;
}

/// One time through all that is due (一轮).
#[derive(Debug)]
pub struct Round {
    /// Cases of one sort looked at in one go.
    batch: u64,
    /// Cases of which a step failed: the others have their turn first.
    put_off: Vec<ServiceRequestId>,
}

impl Round {
    /// A new one, that looks at so many cases of one sort in one go.
    #[must_use]
    pub fn of(batch: u64) -> Self {
        Self { batch, put_off: Vec::new() }
    }
}

/// Does the step that is due of each of some cases, unless another node does. Gives back how many steps were tried, and none at the
/// end of a round; what fails for one case keeps none of the others.
///
/// # Errors
/// When the database does not answer; the failure of a case when there are too many of them to go on.
pub async fn work_off(base: &Base, town: &Town, media: &Media, round: &mut Round) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let due = requests::kept_long_enough(base, town, &round.put_off, round.batch).await?;
    if due.is_empty() {
        round.put_off.clear();
        return Ok(0);
    }
    if !base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await? {
        return Ok(0);
    }
    // The files are emptied behind a backlog, not after each part of it: on SQLite that writes them anew.
    let is_last = due.len() < usize::try_from(round.batch).unwrap_or(usize::MAX);
    let (mut tried, mut is_to_purge) = (0, false);
    for (step, id) in due {
        match put_away(base, town, media, (step, id)).await {
            Ok(()) => {
                tried += 1;
                is_to_purge |= is_last && step == Step::Anonymise;
            }
            // Somebody moved or held it meanwhile.
            Err(Error::Conflict) => {}
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) if round.put_off.len() < MOST_PUT_OFF => {
                tracing::error!(?error, case = %id, "a case was not put away; it will be tried again, and the others go on");
                round.put_off.push(id);
                tried += 1;
            }
            // The next round begins with all of them again.
            Err(error) => {
                round.put_off.clear();
                return Err(error);
            }
        }
    }
    if is_to_purge && !base.db.purge().await? {
        tracing::info!("somebody still reads what was forgotten; the files are emptied with the next housekeeping");
    }
    Ok(tried)
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
