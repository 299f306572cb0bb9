//! Events that are held in rooms of centres (活动与场地): what is published has its room, by the same keys as a booking; what is moved or called
//! off gives it back to who waits.

use ::events::{Cancel, Change, Save};
use bookings::Room;
use entity::event::Model;
use entity::id::EventId;
use kernel::error::Result;
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::span::Span;

/// Makes an event, or writes it anew (起草活动): its room is had when it is published.
///
/// # Errors
/// As [`::events::save`]; `INVALID` at `venueId`.
pub async fn save_event(tx: &mut Tx, wanted: &Save) -> Result<Model> {
    if let Some(venue) = wanted.event.site.venue {
        bookings::is_room(tx, venue).await?;
    }
    ::events::save(tx, wanted).await
}

/// People see it, and its room is had (发布活动).
///
/// # Errors
/// As [`::events::publish`] and [`bookings::take_room`].
pub async fn publish_event(tx: &mut Tx, on: &Seen<EventId>) -> Result<Model> {
    let row = ::events::publish(tx, on).await?;
    take(tx, &row).await?;
    Ok(row)
}

/// Another time, place or number of seats of what is published (变更活动).
///
/// # Errors
/// As [`::events::change`] and [`bookings::take_room`].
pub async fn change_event(tx: &mut Tx, wanted: &Change) -> Result<Model> {
    let before = ::events::held_row(tx, wanted.on.id).await?;
    let after = ::events::change(tx, wanted).await?;
    let room = |row: &Model| (row.venue_id, row.begins_at, row.ends_at);
    if room(&before) != room(&after) {
        give_back(tx, &before).await?;
        take(tx, &after).await?;
    }
    Ok(after)
}

/// It is called off, and its room is others' (取消活动).
///
/// # Errors
/// As [`::events::cancel`].
pub async fn cancel_event(tx: &mut Tx, wanted: &Cancel) -> Result<Model> {
    let before = ::events::held_row(tx, wanted.on.id).await?;
    let after = ::events::cancel(tx, wanted).await?;
    if before.published_at.is_some() {
        give_back(tx, &before).await?;
    }
    Ok(after)
}

async fn take(tx: &mut Tx, row: &Model) -> Result<()> {
    let Some(venue) = row.venue_id else { return Ok(()) };
    let room = Room { venue, span: span(row)?, people: row.capacity.unwrap_or(1) };
    bookings::take_room(tx, row.id.0, &room).await
}

async fn give_back(tx: &mut Tx, row: &Model) -> Result<()> {
    let Some(venue) = row.venue_id else { return Ok(()) };
    bookings::give_back_room(tx, row.id.0, (venue, span(row)?)).await
}

fn span(row: &Model) -> Result<Span> {
    let span = Span::between(row.begins_at, row.ends_at);
    Ok(span.map_err(|error| anyhow::anyhow!("event {}: {error}", row.id))?)
}
