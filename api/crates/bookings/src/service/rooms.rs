//! Rooms of centres that something else than a booking is held in (活动占用场地): by the same keys, so that nobody has them twice.

use std::collections::BTreeMap;

use entity::enums::BookingApproval;
use entity::id::{AccountId, VenueId};
use entity::venue;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use kernel::tx::Tx;
use schedule::span::Span;
use uuid::Uuid;

use super::making::{How, check, taken};
use super::waitlist;
use crate::policy::{Center, CenterAction};
use crate::premises::Premises;
use crate::store::{self, Hold};

/// A room that something else than a booking is to be held in (占用场地).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Which.
    pub venue: VenueId,
    /// When.
    pub span: Span,
    /// For how many.
    pub people: i32,
}

/// Has a room for what is no booking (占用场地): the centre's staff as the centre allots it, anybody else as a group may book it.
///
/// # Errors
/// As [`super::book`] for the time and the size; `INVALID` at `venueId` for a room that is none, or about which the centre decides; `SLOT_TAKEN`
/// with the next free time.
pub async fn take_room(tx: &mut Tx, holder: Uuid, wanted: &Room) -> Result<()> {
    let account = tx.actor().person()?.account;
    let venue = store::venue(tx.db(), wanted.venue).await?.ok_or_else(|| refused("unknown"))?;
    let premises = store::hold(tx, venue.center_id, Hold::Shared).await?;
    take(tx, &premises, (holder, account), wanted).await
}

async fn take(tx: &Tx, premises: &Premises, (holder, account): (Uuid, AccountId), wanted: &Room) -> Result<()> {
    let venue = premises.venue(wanted.venue)?;
    let is_staff = Center(premises.center.clone()).decide(tx.actor(), CenterAction::BookForOthers) == Decision::Allow;
    if !is_staff && venue.approval == BookingApproval::Manual {
        return Err(refused("asks_first"));
    }
    let how = How { span: wanted.span, party_size: wanted.people, is_group: true, is_allotted: is_staff };
    check(tx, premises, (venue, account), &how).await?;
    let kept = with_buffers(venue, wanted.span);
    if schedule::store::occupy(tx, holder, &premises.claim(venue.id), kept).await? {
        return Ok(());
    }
    Err(taken(tx, (venue.id, account), &how).await?)
}

/// Has another room, or the same at another time (变更场地): what is had before is given back first and offered last, so that nobody who
/// waits for it comes between. A room that was had is `before`, one that is wanted `after`.
///
/// # Errors
/// As [`take_room`].
pub async fn move_room(tx: &mut Tx, holder: Uuid, before: Option<(VenueId, Span)>, after: Option<&Room>) -> Result<()> {
    let account = tx.actor().person()?.account;
    let mut centers = BTreeMap::new();
    for venue in before.iter().map(|(venue, _)| *venue).chain(after.map(|room| room.venue)) {
        let venue = store::venue(tx.db(), venue).await?.ok_or_else(|| refused("unknown"))?;
        centers.insert(venue.center_id, None);
    }
    // In one order, whoever holds two.
    for (center, premises) in &mut centers {
        *premises = Some(store::hold(tx, *center, Hold::Alone).await?);
    }
    let of = |venue: VenueId| {
        let premises = centers.values().flatten().find(|premises| premises.venue(venue).is_ok());
        premises.ok_or(Error::NotFound)
    };
    schedule::store::vacate(tx, &[holder]).await?;
    if let Some(room) = after {
        take(tx, of(room.venue)?, (holder, account), room).await?;
    }
    if let Some((venue, span)) = before {
        let premises = of(venue)?;
        let freed = with_buffers(premises.venue(venue)?, span);
        waitlist::offer(tx, premises, &premises.related(venue), freed).await?;
    }
    Ok(())
}

/// Holds the house that a room is in, before people are freed or expected there (锁定中心): as who books does.
///
/// # Errors
/// When the database does not answer.
pub async fn hold_house(tx: &Tx, venue: VenueId) -> Result<()> {
    match store::venue(tx.db(), venue).await? {
        Some(venue) => store::hold(tx, venue.center_id, Hold::Alone).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Whether there is such a room.
///
/// # Errors
/// `INVALID` at `venueId`.
pub async fn is_room(tx: &Tx, venue: VenueId) -> Result<()> {
    store::venue(tx.db(), venue).await?.map(|_| ()).ok_or_else(|| refused("unknown"))
}

fn with_buffers(venue: &venue::Model, span: Span) -> Span {
    span.with_buffers(i32::from(venue.buffer_before) / 15, i32::from(venue.buffer_after) / 15)
}

fn refused(reason: &'static str) -> Error {
    UserError::at(UserErrorCode::Invalid, "venueId").with(Detail::Because(reason)).into()
}
