//! Housekeeping (清理): once an hour, on one node, what nobody needs any more is removed.

use std::time::Duration;

use chrono::{FixedOffset, TimeDelta, Timelike as _};
use entity::idempotency;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use media::{Media, ORPHAN_AGE};
use schedule::span::Granule;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tokio::sync::watch;

use crate::lease::{give_back, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it: less than the time between two rounds.
const LEASE: &str = "housekeeping";
const LEASE_LIFE: TimeDelta = TimeDelta::minutes(50);
const FIRST_AFTER: Duration = Duration::from_mins(5);
const EVERY: Duration = Duration::from_hours(1);
/// How long an idempotency key is kept; the contract promises 24 hours.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(48);
/// How long a session is kept after its end.
const SESSIONS_KEPT: TimeDelta = TimeDelta::days(30);
/// How long a message that was sent or given up is kept, without its words.
const DELIVERIES_KEPT: TimeDelta = TimeDelta::days(30);
/// How long it is kept who had a place, once it keeps nobody from it any more; who booked what stands in the bookings.
const PLACES_KEPT: TimeDelta = TimeDelta::days(2);
/// The hour in Shanghai in which the names of all photos are read.
const NIGHT: u32 = 3;

/// Runs until `stop` turns true.
pub async fn run(base: Base, media: Media, mut stop: watch::Receiver<bool>) {
    let mut wait = FIRST_AFTER;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
        wait = EVERY;
        // A round that is cut off by the stop goes on in the next one: each step is whole by itself.
        tokio::select! {
            done = tidy(&base, &media) => {
                if let Err(error) = done {
                    tracing::warn!(?error, "housekeeping was not done; it will be tried again in an hour");
                }
            }
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    let given = base.write(&Actor::System, &(), |tx, ()| Box::pin(give_back(tx, LEASE))).await;
    if let Err(error) = given {
        tracing::warn!(?error, "housekeeping keeps its lease until it lapses");
    }
}

/// One round, unless another node does it.
///
/// # Errors
/// When the database or the object store does not answer.
pub async fn tidy(base: &Base, media: &Media) -> Result<()> {
    let is_ours = base.write(&Actor::System, &(), |tx, ()| Box::pin(take_lease(tx, LEASE, LEASE_LIFE))).await?;
    if !is_ours {
        return Ok(());
    }
    let now = base.clock.now();
    let old = idempotency::Column::At.lt(now - KEYS_KEPT);
    let keys = idempotency::Entity::delete_many().filter(old);
    let keys = base
        .write(&Actor::System, &keys, |tx, keys| Box::pin(async move { Ok(keys.clone().exec(tx.db()).await?) }))
        .await?;
    let before = now - SESSIONS_KEPT;
    let sessions = base.write(&Actor::System, &before, |tx, before| {
        Box::pin(async move { identity::forget_sessions(tx, *before).await })
    });
    let sessions = sessions.await?;
    let before = now - DELIVERIES_KEPT;
    let deliveries = base.write(&Actor::System, &before, |tx, before| {
        Box::pin(async move { identity::forget_deliveries(tx, *before).await })
    });
    let deliveries = deliveries.await?;
    let expired = expire(base).await?;
    let notifications = sweep_notifications(base).await?;
    let tables = base.write(&Actor::System, &(), |tx, ()| Box::pin(stats::forget_exports(tx))).await?;
    let results = base.write(&Actor::System, &(), |tx, ()| Box::pin(hotline::forget(tx))).await?;
    let feeds = base.write(&Actor::System, &(), |tx, ()| Box::pin(feeds::forget(tx))).await?;
    let today = Granule::of(now - PLACES_KEPT);
    let places = base.write(&Actor::System, &today, |tx, today| Box::pin(schedule::store::forget_before(tx, *today)));
    let places = places.await?;
    let orphans = media.sweep_orphans(ORPHAN_AGE).await?;
    let is_night = FixedOffset::east_opt(8 * 3600).is_some_and(|zone| now.with_timezone(&zone).hour() == NIGHT);
    if is_night {
        // Kept with the logs, away from the database: what was cut off or rewritten since shows by `audit verify --anchor`.
        let anchor = identity::audit::anchor(base).await?;
        tracing::info!(%anchor, "the audit chain ends here");
    }
    base.db.settle().await?;
    let strays = if is_night { media.sweep_strays(ORPHAN_AGE).await? } else { 0 };
    tracing::info!(
        keys = keys.rows_affected,
        sessions,
        deliveries,
        expired,
        notifications,
        tables,
        results,
        feeds,
        places,
        orphans,
        strays,
        "housekeeping is done"
    );
    Ok(())
}

/// Proofs of residence and proxies whose time is over are told so, some in each transaction; tells how many.
async fn expire(base: &Base) -> Result<usize> {
    let mut expired = 0;
    loop {
        let some = base.write(&Actor::System, &(), |tx, ()| Box::pin(residents::expire(tx))).await?;
        expired += some;
        if some == 0 {
            return Ok(expired);
        }
    }
}

/// Old lines of inboxes are removed, some in each transaction, and late pushes given up; tells how many lines.
async fn sweep_notifications(base: &Base) -> Result<usize> {
    base.write(&Actor::System, &(), |tx, ()| Box::pin(async move { notifications::lapse_pushes(tx).await })).await?;
    let mut swept = 0;
    loop {
        let some = base.write(&Actor::System, &(), |tx, ()| Box::pin(async move { notifications::sweep(tx).await }));
        let some = some.await?;
        swept += some;
        if some == 0 {
            return Ok(swept);
        }
    }
}
