//! Events that are held in rooms of centres (活动与场地): what is published has its room, by the same keys as a booking; what is moved or called
//! off gives it back to who waits.

use ::events::{Cancel, Change, EventAction, Save};
use bookings::{Center, CenterAction, Close, Room};
use entity::event::Model;
use entity::id::{EventId, VenueId};
use entity::{closure, party_member};
use kernel::error::{Error, Result, UserErrorCode};
use kernel::guarded::Guarded as _;
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::span::Span;

/// Makes an event, or writes it anew (起草活动): its room is had when it is published. Who registers for what is in a room does so for seats
/// that are counted.
///
/// # Errors
/// As [`::events::save`]; `INVALID` at `venueId`; `REQUIRED` at `registration.capacity`.
pub async fn save_event(tx: &mut Tx, wanted: &Save) -> Result<Model> {
    if let Some(venue) = wanted.event.site.venue {
        bookings::is_room(tx, venue).await?;
        if wanted.terms.as_ref().is_some_and(|terms| terms.capacity.is_none()) {
            return Err(Error::refused_at(UserErrorCode::Required, "registration.capacity"));
        }
    }
    ::events::save(tx, wanted).await
}

/// People see it, and its room is had (发布活动).
///
/// # Errors
/// As [`::events::publish`] and [`bookings::take_room`].
pub async fn publish_event(tx: &mut Tx, on: &Seen<EventId>) -> Result<Model> {
    let row = ::events::publish(tx, on).await?;
    if let Some(room) = room(&row)? {
        bookings::take_room(tx, row.id.0, &room).await?;
    }
    Ok(row)
}

/// Another time, place or number of seats of what is published (变更活动).
///
/// # Errors
/// As [`::events::change`] and [`bookings::take_room`].
pub async fn change_event(tx: &mut Tx, wanted: &Change) -> Result<Model> {
    let before = held(tx, wanted.on.id, EventAction::Change).await?;
    let after = ::events::change(tx, wanted).await?;
    let (had, wants) = (room(&before)?, room(&after)?);
    if had != wants {
        bookings::move_room(tx, after.id.0, had.map(|room| (room.venue, room.span)), wants.as_ref()).await?;
    }
    Ok(after)
}

/// It is called off, and its room is others' (取消活动).
///
/// # Errors
/// As [`::events::cancel`].
pub async fn cancel_event(tx: &mut Tx, wanted: &Cancel) -> Result<Model> {
    let before = held(tx, wanted.on.id, EventAction::Cancel).await?;
    let after = ::events::cancel(tx, wanted).await?;
    if let Some(room) = room(&before)?.filter(|_| before.published_at.is_some()) {
        bookings::move_room(tx, after.id.0, Some((room.venue, room.span)), None).await?;
    }
    Ok(after)
}

/// Closes a centre, or a venue of it, for a time (临时闭馆): who holds an event there is told to find another room.
///
/// # Errors
/// As [`bookings::close`].
pub async fn close_center(tx: &mut Tx, command: &Close) -> Result<closure::Model> {
    // Asked first, so that nobody without the right keeps others waiting.
    let center = bookings::center(tx.db(), command.center).await?.ok_or(Error::NotFound)?;
    Center(center).permit(tx.actor(), CenterAction::Run)?;
    // Events before centres, as wherever an event has a room.
    let venues: Vec<VenueId> = match command.venue {
        Some(venue) => {
            bookings::premises_of(tx.db(), &[venue]).await?.iter().flat_map(|all| all.related(venue)).collect()
        }
        None => bookings::venues_of(tx.db(), &[command.center]).await?.into_iter().map(|venue| venue.id).collect(),
    };
    let shut = ::events::hold_in(tx, &venues, command.span).await?;
    let closure = bookings::close(tx, command).await?;
    for event in shut {
        ::events::shut_room(tx, event).await?;
    }
    Ok(closure)
}

/// An event that is held, and the house that its room is in: people come and go in one order, as they do when they book.
async fn held(tx: &Tx, id: EventId, action: EventAction) -> Result<Model> {
    let row = ::events::hold_for(tx, id, action).await?;
    if let Some(venue) = row.venue_id {
        bookings::hold_house(tx, venue).await?;
    }
    Ok(row)
}

fn room(row: &Model) -> Result<Option<Room>> {
    let Some(venue) = row.venue_id else { return Ok(None) };
    let span = Span::between(row.begins_at, row.ends_at);
    let span = span.map_err(|error| anyhow::anyhow!("event {}: {error}", row.id))?;
    Ok(Some(Room { venue, span, people: row.capacity.unwrap_or(1) }))
}

/// The person takes it back that a membership of the party is known here (解除党员身份绑定): what was registered for among members goes too.
///
/// # Errors
/// As [`party::release`].
pub async fn release_membership(tx: &mut Tx, (): &()) -> Result<party_member::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    // While it is known which line of a roster is the person's.
    ::events::leave(tx, account).await?;
    party::release(tx, &()).await
}
