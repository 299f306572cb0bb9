//! The verbs (办事), and what an address is answered.

use bookings::{Center, CenterAction, Premises, Reach};
use chrono::TimeDelta;
use entity::calendar_feed::Model;
use entity::enums::AccountStatus;
use entity::id::{CalendarFeedId, Id as _, VenueId};
use entity::{booking, center, venue};
use identity::Identity;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use kernel::tx::Tx;
use serde_json::json;

use crate::appointment::{self, Place, Sight};
use crate::calendar::Calendar;
use crate::fact::FeedFact;
use crate::secret::Secret;
use crate::{quota, seat, store};

/// How far back a calendar reaches.
const BACK: TimeDelta = TimeDelta::days(30);
/// Entries of a calendar at most, those that begin last: twice what a venue is booked in a month and the weeks ahead.
const ENTRIES: u64 = 1_000;
/// A read is noted when the last one noted is so long ago.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);
/// How long a feed is kept after its end.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Whose bookings a new feed shows.
#[derive(Clone, Copy, Debug)]
pub struct Create {
    /// Those of a venue; the person's own when `None`.
    pub venue: Option<VenueId>,
}

/// A feed that was just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The row.
    pub row: Model,
    /// Its secret, known now and never again.
    pub secret: Secret,
}

/// Makes a feed (创建日历订阅) of the own bookings, or of those of a venue for who works there. The feed of before that shows the same
/// ends: its address is replaced.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors; [`Error::NotFound`] for a venue that is none, [`Error::Forbidden`] for who does not work
/// there; `LIMIT_EXCEEDED` beyond ten.
pub async fn create(tx: &mut Tx, wanted: &Create) -> Result<Made> {
    let account = tx.actor().person()?.account;
    if let Some(venue) = wanted.venue {
        let center = premises(tx.db(), venue).await?.center;
        Center(center).permit(tx.actor(), CenterAction::ReadBookings)?;
        tx.audit_detail(json!({ "venue": venue.text() }));
    }
    // One after the other, so that what is counted next is complete.
    identity::queue_up(tx, account).await?;
    let (same, others): (Vec<Model>, Vec<Model>) =
        store::live_of(tx.db(), account).await?.into_iter().partition(|row| row.venue_id == wanted.venue);
    quota::check(others.len())?;
    for row in &same {
        end(tx, row).await?;
    }
    let secret = Secret::draw(tx.base().chance.as_ref())?;
    let row = store::insert(tx, account, wanted.venue, &secret).await?;
    tx.record(row.id.0, row.version, &FeedFact::Opened { account, venue: wanted.venue })?;
    Ok(Made { row, secret })
}

/// Ends a feed (停用日历订阅): its address reads nothing any more.
///
/// # Errors
/// [`Error::NotFound`] unless it is the actor's; `INVALID_TRANSITION` when it was ended before.
pub async fn revoke(tx: &mut Tx, id: &CalendarFeedId) -> Result<Model> {
    let account = tx.actor().person()?.account;
    let row = store::by_id(tx.db(), account, *id).await?.ok_or(Error::NotFound)?;
    if row.ended_at.is_some() {
        return Err(UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(Vec::new())).into());
    }
    end(tx, &row).await
}

async fn end(tx: &mut Tx, row: &Model) -> Result<Model> {
    let after = store::end(tx, row).await?;
    tx.record(after.id.0, after.version, &FeedFact::Ended)?;
    Ok(after)
}

/// Removes feeds that were ended long ago; tells how many.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &mut Tx) -> Result<u64> {
    store::forget_ended(tx, tx.now() - KEPT).await
}

/// The calendar that the secret of an address reads, as text.
///
/// # Errors
/// [`Error::NotFound`] alike for a secret that is none, of a feed that was ended, of an account that is disabled or gone, and of who
/// works at the venue no more.
pub async fn read(identity: &Identity, secret: &str) -> Result<String> {
    let base = &identity.base;
    let secret = Secret::parse(secret).ok_or(Error::NotFound)?;
    let feed = store::by_secret(base, &secret).await?.ok_or(Error::NotFound)?;
    let calendar = match feed.venue_id {
        None => own(base, &feed).await?,
        Some(venue) => of_venue(identity, &feed, venue).await?,
    };
    let is_known = feed.secret_index == secret.index(&base.vault);
    let is_noted = feed.last_read_at.is_some_and(|at| base.clock.now() - at < NOTED_EVERY);
    if !(is_known && is_noted) {
        let read = (feed.id, secret);
        let noted = base.write(&Actor::System, &read, |tx, (id, secret)| Box::pin(store::note_read(tx, *id, secret)));
        if let Err(error) = noted.await {
            tracing::warn!(?error, feed = %feed.id, "a read of a calendar was not noted");
        }
    }
    Ok(calendar.text())
}

fn reach(base: &Base) -> Reach {
    Reach { since: base.clock.now() - BACK, most: ENTRIES }
}

async fn own(base: &Base, feed: &Model) -> Result<Calendar> {
    let db = base.db.reader();
    let account = identity::account_of(db, feed.account_id).await?.ok_or(Error::NotFound)?;
    if account.status != AccountStatus::Active {
        return Err(Error::NotFound);
    }
    let rows = bookings::agenda_of(db, feed.account_id, reach(base)).await?;
    let mut ids: Vec<VenueId> = rows.iter().map(|row| row.venue_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let venues = bookings::venues_by_ids(db, &ids).await?;
    let mut ids: Vec<_> = venues.iter().map(|venue| venue.center_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let centers = bookings::centers_by_ids(db, &ids).await?;
    let mut calendar = calendar("我的预约".to_owned(), &rows, (&centers, &venues), Sight::Own);
    let Reach { since, most } = reach(base);
    let seats = events::agenda_of(db, feed.account_id, since, most).await?;
    calendar.entries.extend(seats.iter().map(seat::entry));
    calendar.entries.sort_by(|one, other| (one.begins_at, &one.uid).cmp(&(other.begins_at, &other.uid)));
    Ok(calendar)
}

async fn of_venue(identity: &Identity, feed: &Model, venue: VenueId) -> Result<Calendar> {
    let base = &identity.base;
    let db = base.db.reader();
    let person = match identity.person_away(feed.account_id).await {
        Err(Error::Unauthenticated) => return Err(Error::NotFound),
        person => person?,
    };
    let premises = premises(db, venue).await?;
    let center = Center(premises.center.clone());
    if center.decide(&Actor::Person(person), CenterAction::ReadBookings) != Decision::Allow {
        return Err(Error::NotFound);
    }
    // Who has the hall has its halves.
    let rows = bookings::agenda_at(db, &premises.related(venue), reach(base)).await?;
    let name = format!("{}（{}）", premises.venue(venue)?.name, premises.center.name);
    Ok(calendar(name, &rows, (&[premises.center], &premises.venues), Sight::Staff))
}

/// The centre of a venue, with all its venues.
async fn premises(db: &impl sea_orm::ConnectionTrait, venue: VenueId) -> Result<Premises> {
    bookings::premises_of(db, &[venue]).await?.pop().ok_or(Error::NotFound)
}

/// Bookings, the latest first, as a calendar.
fn calendar(
    name: String,
    rows: &[booking::Model],
    (centers, venues): (&[center::Model], &[venue::Model]),
    sight: Sight,
) -> Calendar {
    let entries = rows.iter().rev().filter_map(|row| {
        let venue = venues.iter().find(|venue| venue.id == row.venue_id)?;
        let center = centers.iter().find(|center| center.id == venue.center_id)?;
        Some(appointment::entry(row, Place { center, venue }, sight))
    });
    Calendar { name, entries: entries.collect() }
}
