//! Times at which a centre, or a venue of it, is closed whatever its rules say, or kept for some people (临时闭馆、留用).

use std::collections::BTreeSet;

use entity::enums::{AccountStatus, BookingState, ClosureReason};
use entity::id::{ClosureId, Id as _, VenueId};
use entity::{booking, center, closure};
use kernel::error::{Error, Result, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::span::Span;
use serde_json::json;

use super::places::{admit, because, run};
use super::{bookings, waitlist};
use crate::command::{Close, Reserve};
use crate::fact::{BookingFact, CenterFact};
use crate::policy::{Center, CenterAction};
use crate::premises::Premises;
use crate::store;

/// Closes a centre, or a venue of it, for a time (临时闭馆): what was booked or waits then is called off, and who booked loses
/// nothing by it.
///
/// # Errors
/// As [`super::save_venue`]; `DEADLINE_PASSED` for a time that is over.
pub async fn close(tx: &mut Tx, command: &Close) -> Result<closure::Model> {
    let (premises, permitted) = run(tx, command.center).await?;
    if command.span.ends() <= tx.now() {
        return Err(Error::refused_at(UserErrorCode::DeadlinePassed, "endsAt"));
    }
    let venues: Vec<VenueId> = match command.venue {
        Some(venue) => {
            premises.venue(venue)?;
            premises.related(venue)
        }
        None => premises.venues.iter().map(|venue| venue.id).collect(),
    };
    let closure = store::insert_closure(tx, &permitted, command, &BTreeSet::new()).await?;
    let version = moved(tx, permitted, &premises).await?;
    let happened = CenterFact::Closed {
        closure: closure.id,
        venue: closure.venue_id,
        begins_at: closure.begins_at,
        ends_at: closure.ends_at,
        reason: closure.reason,
    };
    tx.record(premises.center.id.0, version, &happened)?;
    let fact = BookingFact::CalledOff { reason: command.reason };
    let hit = hit(tx, &venues, command.span).await?.into_iter().map(|row| (row, fact.clone())).collect();
    bookings::end_all(tx, &premises, hit, command.note.as_deref()).await?;
    Ok(closure)
}

/// What anything may still come of during a closure. Buffers aside: cleaning may well be done in a house that is shut. People who are
/// there already are not put out by it.
async fn hit(tx: &Tx, venues: &[VenueId], closed: Span) -> Result<Vec<booking::Model>> {
    let mut rows = store::affected(tx, venues, closed).await?;
    rows.retain(|row| {
        let is_hit = Span::between(row.begins_at, row.ends_at).is_ok_and(|span| span.overlaps(closed));
        is_hit && row.state != BookingState::CheckedIn
    });
    Ok(rows)
}

/// Keeps a venue for some people for a time (留用): they book it as ever, and nobody else does. What was booked before stays; an account
/// is opened for who has none.
///
/// # Errors
/// As [`super::save_venue`]; `DEADLINE_PASSED` for a time that is over; `INVALID` at `phones` for somebody who is blocked.
pub async fn reserve(tx: &mut Tx, wanted: &Reserve) -> Result<closure::Model> {
    admit(tx)?;
    let center = store::venue(tx.db(), wanted.venue).await?.ok_or(Error::NotFound)?.center_id;
    let row = store::center(tx.db(), center).await?.ok_or(Error::NotFound)?;
    Center(row).permit(tx.actor(), CenterAction::Run)?;
    if wanted.span.ends() <= tx.now() {
        return Err(Error::refused_at(UserErrorCode::DeadlinePassed, "endsAt"));
    }
    // People before the centre, and in one order, as who books.
    let mut guests = BTreeSet::new();
    for phone in &wanted.phones {
        guests.insert(identity::open_account(tx, phone, None).await?.0.id);
    }
    for guest in &guests {
        let account = identity::lock_account(tx, *guest).await?;
        if account.is_none_or(|account| account.status != AccountStatus::Active) {
            return Err(because("phones", "not_active"));
        }
    }
    let (premises, permitted) = run(tx, center).await?;
    let command = Close {
        center,
        venue: Some(wanted.venue),
        span: wanted.span,
        reason: ClosureReason::Other,
        note: Some(wanted.note.clone()),
    };
    let closure = store::insert_closure(tx, &permitted, &command, &guests).await?;
    let version = moved(tx, permitted, &premises).await?;
    let happened = CenterFact::Reserved {
        closure: closure.id,
        venue: wanted.venue,
        begins_at: closure.begins_at,
        ends_at: closure.ends_at,
        guests: guests.len(),
    };
    tx.record(center.0, version, &happened)?;
    tx.audit_detail(json!({ "people": guests.iter().map(|account| account.text()).collect::<Vec<_>>() }));
    Ok(closure)
}

/// Takes a closure back (恢复开放). What it called off stays so; who waits for what was kept for others is looked at again.
///
/// # Errors
/// As [`super::save_venue`]; `INVALID_TRANSITION` for one that was taken back.
pub async fn reopen(tx: &mut Tx, on: &Seen<ClosureId>) -> Result<closure::Model> {
    admit(tx)?;
    let found = store::closure(tx.db(), on.id).await?.ok_or(Error::NotFound)?;
    let (premises, permitted) = run(tx, found.center_id).await?;
    on.check(found.version)?;
    if found.lifted_at.is_some() {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    let lifted = store::lift(tx, &permitted, &found).await?;
    let version = moved(tx, permitted, &premises).await?;
    tx.record(premises.center.id.0, version, &CenterFact::Reopened { closure: lifted.id })?;
    // Nobody waits for what is closed; for what is kept for others, people do.
    let kept = lifted.venue_id.filter(|_| lifted.is_reserved);
    if let (Some(venue), Ok(span)) = (kept, Span::between(lifted.begins_at, lifted.ends_at)) {
        waitlist::offer(tx, &premises, &premises.related(venue), span).await?;
    }
    Ok(lifted)
}

/// Moves the version of a centre on.
async fn moved(tx: &Tx, permitted: Permitted<Center>, premises: &Premises) -> Result<i32> {
    let before = &premises.center;
    let after = center::Model { version: before.version + 1, updated_at: tx.now(), ..before.clone() };
    store::update_center(tx, permitted, &after).await?;
    Ok(after.version)
}
