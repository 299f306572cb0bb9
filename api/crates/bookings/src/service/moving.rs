//! A booking at another time, or in another venue of its centre (改期): all of it at once, or nothing.

use areas::shanghai_date;
use entity::booking;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Permitted;
use kernel::tx::Tx;

use super::bookings::{How, check, commit, held, kept, taken, write};
use super::{credit, waitlist};
use crate::command::Reschedule;
use crate::fact::{BookingFact, Place};
use crate::policy::{Booking, BookingAction};
use crate::premises::Premises;
use crate::quota::{self, Counted};
use crate::store::{self, Hold};
use crate::workflow::{self, Command};

/// The person has it at another time (改期); the rules are those of a new booking.
///
/// # Errors
/// As [`super::book`], and nobody waits; `INVALID_TRANSITION` unless it is confirmed or to be decided about; `DEADLINE_PASSED` within
/// two hours of its beginning; `INVALID` at `venueId` for a venue of another centre, at `startsAt` when nothing would change.
pub async fn reschedule(tx: &mut Tx, wanted: &Reschedule) -> Result<booking::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    let (premises, permitted) = held(tx, &wanted.on, BookingAction::Reschedule, Hold::Alone).await?;
    let (before, place) = (&permitted.row().row, place(&premises, wanted)?);
    let venue = premises.venue(place.venue)?;
    workflow::may(before, BookingAction::Reschedule, Some(account), tx.now())?;
    if (place.venue, place.begins_at, place.ends_at) == (before.venue_id, before.begins_at, before.ends_at) {
        let same = UserError::at(UserErrorCode::Invalid, "startsAt").with(Detail::Because("unchanged"));
        return Err(same.into());
    }
    let approval = credit::admit(tx, account, venue.approval).await?;
    let fact = workflow::decide(before, approval, Command::Reschedule(place), Some(account), tx.now())?;
    let (state, is_group) = (before.state, before.group_name.is_some());
    let counted = Counted { state, kind: venue.kind, begins_at: place.begins_at, is_group };
    let others = store::counted(tx, account, shanghai_date(place.begins_at), Some(before.id)).await?;
    quota::check(&others, &counted)?;
    carry_over(tx, &premises, permitted, fact, wanted).await
}

/// The centre has it at another time (中心调整): within the hours of the venue, whatever the person's share.
///
/// # Errors
/// `INVALID_TRANSITION` unless it is confirmed or to be decided about; `SAME_PERSON` for the own one; `DEADLINE_PASSED` once it has
/// begun; as [`super::book`] for the time wanted.
pub async fn move_to(tx: &mut Tx, wanted: &Reschedule) -> Result<booking::Model> {
    let (premises, permitted) = held(tx, &wanted.on, BookingAction::Move, Hold::Alone).await?;
    let (before, place) = (&permitted.row().row, place(&premises, wanted)?);
    let approval = premises.venue(place.venue)?.approval;
    let fact = workflow::decide(before, approval, Command::Move(place), tx.actor().account(), tx.now())?;
    carry_over(tx, &premises, permitted, fact, wanted).await
}

/// Where it is wanted, as its venue keeps it now.
fn place(premises: &Premises, wanted: &Reschedule) -> Result<Place> {
    let elsewhere = || UserError::at(UserErrorCode::Invalid, "venueId").with(Detail::Because("another_center"));
    let venue = premises.venue(wanted.venue).map_err(|_| Error::from(elsewhere()))?;
    Ok(Place {
        venue: venue.id,
        begins_at: wanted.span.begins(),
        ends_at: wanted.span.ends(),
        buffer_before: venue.buffer_before,
        buffer_after: venue.buffer_after,
    })
}

/// Gives back what it kept, takes what it wants, and offers what fell free. The own pieces go first, so that it may move by less than
/// its length; when somebody else has a piece, nothing of all this happened.
async fn carry_over(
    tx: &mut Tx,
    premises: &Premises,
    permitted: Permitted<Booking>,
    fact: BookingFact,
    wanted: &Reschedule,
) -> Result<booking::Model> {
    let before = permitted.row().row.clone();
    let how = How { span: wanted.span, party_size: before.party_size, is_group: before.group_name.is_some() };
    check(tx, premises, premises.venue(wanted.venue)?, &how).await?;
    schedule::store::release(tx, &[before.id.0]).await?;
    let after = write(tx, permitted, fact, wanted.note.clone()).await?;
    if !schedule::store::occupy(tx, after.id.0, &premises.leaves(after.venue_id), kept(&after)?).await? {
        // What it had is not free for who asks.
        schedule::store::occupy(tx, before.id.0, &premises.leaves(before.venue_id), kept(&before)?).await?;
        return Err(taken(tx, wanted.venue, &how).await?);
    }
    commit(tx, &after).await?;
    waitlist::offer(tx, premises, &premises.related(before.venue_id), kept(&before)?).await?;
    Ok(after)
}
