//! Rooms of centres that something else than a booking is held in (活动占用场地): by the same keys, so that nobody has them twice.

use entity::enums::BookingApproval;
use entity::id::VenueId;
use entity::venue;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use kernel::tx::Tx;
use schedule::span::Span;
use uuid::Uuid;

use super::making::{How, check, taken};
use super::waitlist;
use crate::policy::{Center, CenterAction};
use crate::store::{self, Hold};

/// A room that something else than a booking is to be held in (占用场地).
#[derive(Clone, Copy, Debug)]
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
    let venue = premises.venue(wanted.venue)?;
    let is_staff = Center(premises.center.clone()).decide(tx.actor(), CenterAction::BookForOthers) == Decision::Allow;
    if !is_staff && venue.approval == BookingApproval::Manual {
        return Err(refused("asks_first"));
    }
    let how = How { span: wanted.span, party_size: wanted.people, is_group: true, is_allotted: is_staff };
    check(tx, &premises, (venue, account), &how).await?;
    let kept = with_buffers(venue, wanted.span);
    if schedule::store::occupy(tx, holder, &premises.claim(venue.id), kept).await? {
        return Ok(());
    }
    Err(taken(tx, (venue.id, account), &how).await?)
}

/// Whether there is such a room.
///
/// # Errors
/// `INVALID` at `venueId`.
pub async fn is_room(tx: &Tx, venue: VenueId) -> Result<()> {
    store::venue(tx.db(), venue).await?.map(|_| ()).ok_or_else(|| refused("unknown"))
}

/// Gives a room back (归还场地), to be offered to who waits for it. The people of the holder are somewhere else's matter.
///
/// # Errors
/// When the database does not answer.
pub async fn give_back_room(tx: &mut Tx, holder: Uuid, (venue, span): (VenueId, Span)) -> Result<()> {
    let Some(venue) = store::venue(tx.db(), venue).await? else { return Ok(()) };
    let premises = store::hold(tx, venue.center_id, Hold::Alone).await?;
    schedule::store::release(tx, &[holder]).await?;
    waitlist::offer(tx, &premises, &premises.related(venue.id), with_buffers(&venue, span)).await
}

fn with_buffers(venue: &venue::Model, span: Span) -> Span {
    span.with_buffers(i32::from(venue.buffer_before) / 15, i32::from(venue.buffer_after) / 15)
}

fn refused(reason: &'static str) -> Error {
    UserError::at(UserErrorCode::Invalid, "venueId").with(Detail::Because(reason)).into()
}
