//! Bookings that are made: by who wants the venue, or by the centre for who calls or comes to the desk.

use areas::{Calendar, shanghai_date};
use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{BookingApproval, BookingState};
use entity::id::{AccountId, BookingId, VenueId};
use entity::{booking, venue};
use forms::Form;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::Tx;
use schedule::opening::Opening;
use schedule::span::Span;
use serde_json::json;

use super::{credit, holding, series, services};
use crate::command::{Book, BookFor};
use crate::fact::BookingFact;
use crate::premises::Premises;
use crate::quota::{self, Alike, Counted};
use crate::store::{self, Hold};
use crate::workflow::{self, evolve};
use crate::{slots, window};

/// Somebody books a venue (预约), or waits for it.
///
/// # Errors
/// [`Error::Unauthenticated`]; `CONSENT_REQUIRED`; `CREDIT_BARRED`; `DEADLINE_PASSED`, `NOT_IN_WINDOW`, `SLOT_CLOSED` and `INVALID` for times that may
/// not be booked; `LIMIT_EXCEEDED` beyond the person's share, and for more people than it holds; `TIME_CONFLICT` for who is elsewhere
/// then; `SLOT_TAKEN`, with the next free time, when somebody else has it and the person does not want to wait.
pub async fn book(tx: &mut Tx, wanted: &Book) -> Result<booking::Model> {
    let account = tx.actor().person()?.account;
    identity::consent::demand(tx, &identity::consent::GENERAL).await?;
    let center = store::venue(tx.db(), wanted.venue).await?.ok_or(Error::NotFound)?.center_id;
    // One after the other, so that what is counted next is complete; and as the centre is now.
    identity::queue_up(tx, account).await?;
    let is_holding = !store::holds_at(tx, account, center).await?.is_empty();
    let premises = store::hold(tx, center, if is_holding { Hold::Alone } else { Hold::Shared }).await?;
    let held = if is_holding { holding::take_over(tx, account, center).await? } else { Vec::new() };
    let approval = premises.venue(wanted.venue)?.approval;
    let made = make(tx, &premises, wanted, (account, None, approval)).await?;
    for row in &held {
        holding::offer(tx, &premises, row).await?;
    }
    Ok(made)
}

/// The centre books for somebody who calls or comes to the desk (代约): within the person's share, and at once, since the centre says
/// yes by it.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Forbidden`] for all but the centre's staff; as [`book`]; at `contactPhone`: `SAME_PERSON` for the own
/// number, `INVALID` for somebody who is blocked.
pub async fn book_for(tx: &mut Tx, wanted: &BookFor) -> Result<booking::Model> {
    let (account, staff) = series::whom(tx, wanted.book.venue, &wanted.contact).await?;
    let premises = store::hold(tx, staff.center, Hold::Shared).await?;
    make(tx, &premises, &wanted.book, (account, Some(staff.account), BookingApproval::Auto)).await
}

/// A booking of a centre that is held, for a person who is queued up.
async fn make(
    tx: &mut Tx,
    premises: &Premises,
    wanted: &Book,
    (account, made_by, approval): (AccountId, Option<AccountId>, BookingApproval),
) -> Result<booking::Model> {
    let venue = premises.venue(wanted.venue)?;
    let admitted = credit::admit(tx, account, approval).await?;
    let approval = if made_by.is_some() { approval } else { admitted };
    let (span, is_group) = (wanted.span, wanted.group_name.is_some());
    let how = How { span, party_size: wanted.party_size, is_group, is_allotted: false };
    check_share(tx, premises, venue, account, &how).await?;
    let answers = Form::kept(&venue.questions)?.answered("answers", &wanted.answers)?;
    let item = match wanted.service {
        Some(id) => Some(services::appointed(tx, premises, (id, venue.id), span).await?),
        None => None,
    };
    let row = booking::Model {
        made_by,
        answers: json!(answers),
        service_id: item.as_ref().map(|item| item.id),
        service_version: item.map(|item| item.version),
        ..blank(tx.id()?, venue, wanted, (account, tx.now()))
    };
    let is_free = schedule::store::occupy(tx, row.id.0, &premises.claim(venue.id), kept(&row)?).await?;
    let (state, due_at) = match is_free {
        true => {
            commit(tx, &row).await?;
            workflow::begun(approval, row.begins_at, tx.now())
        }
        false if wanted.joins_waitlist => (BookingState::Waitlisted, row.begins_at),
        false => return Err(taken(tx, (wanted.venue, account), &how).await?),
    };
    insert(tx, row, (state, due_at)).await
}

/// Writes a booking that is made.
pub(super) async fn insert(
    tx: &mut Tx,
    row: booking::Model,
    (state, due_at): (BookingState, DateTime<Utc>),
) -> Result<booking::Model> {
    let (venue, account, begins_at, ends_at) = (row.venue_id, row.account_id, row.begins_at, row.ends_at);
    let made = BookingFact::Made { venue, account, begins_at, ends_at, state, due_at };
    let mut after = row;
    evolve(&mut after, &made, Some(account), tx.now());
    let after = store::insert_booking(tx, after).await?;
    tx.record(after.id.0, after.version, &made)?;
    Ok(after)
}

/// When a venue is wanted, and by how many.
pub(super) struct How {
    pub(super) span: Span,
    pub(super) party_size: i32,
    pub(super) is_group: bool,
    /// Whether the centre says so, which need not wait until people may.
    pub(super) is_allotted: bool,
}

/// Whether the venue may be booked then, and is within the person's share.
pub(super) async fn check_share(
    tx: &Tx,
    premises: &Premises,
    venue: &venue::Model,
    account: AccountId,
    how: &How,
) -> Result<()> {
    check(tx, premises, (venue, account), how).await?;
    let (state, begins_at) = (BookingState::Confirmed, how.span.begins());
    let alike = Alike::of(venue.kind, venue.id);
    let counted = Counted { state, alike, begins_at, is_group: how.is_group, is_allotted: false };
    Ok(quota::check(&store::counted(tx, account, shanghai_date(begins_at), None).await?, &counted)?)
}

/// Whether the venue may be booked then, and holds so many.
pub(super) async fn check(
    tx: &Tx,
    premises: &Premises,
    (venue, who): (&venue::Model, AccountId),
    how: &How,
) -> Result<()> {
    has_room(premises, venue, how.party_size)?;
    let date = shanghai_date(how.span.begins());
    let (opening, calendar) = opening(tx, premises, (venue, who), (date, date)).await?;
    let check = if how.is_allotted { window::check_allotted } else { window::check };
    Ok(check(venue, &opening, &calendar, (how.span, how.is_group), tx.now())?)
}

/// Whether the venue is had at all, and holds so many.
pub(super) fn has_room(premises: &Premises, venue: &venue::Model, party_size: i32) -> Result<()> {
    if !premises.is_had(venue) {
        return Err(Error::refused_at(UserErrorCode::SlotClosed, "venueId"));
    }
    // Of a venue that several have at once, each has a part.
    let most = venue.capacity / i32::from(venue.units.max(1));
    if party_size > most {
        let limit = UserError::at(UserErrorCode::LimitExceeded, "partySize");
        return Err(limit.with(Detail::Limit(most.into())).into());
    }
    Ok(())
}

/// When a venue is open to a person from one date to another, and what days these are.
pub(super) async fn opening(
    tx: &Tx,
    premises: &Premises,
    (venue, who): (&venue::Model, AccountId),
    (first, last): (NaiveDate, NaiveDate),
) -> Result<(Opening, Calendar)> {
    let calendar = areas::store::calendar_between(tx.db(), first, last).await?;
    let openings = store::openings(tx.db(), std::slice::from_ref(premises), &[venue.id], tx.now()).await?;
    Ok((openings.of(venue.id, Some(who)), calendar))
}

/// A booking that is to be made.
pub(crate) fn blank(
    id: BookingId,
    venue: &venue::Model,
    wanted: &Book,
    (account, at): (AccountId, DateTime<Utc>),
) -> booking::Model {
    booking::Model {
        id,
        version: 0,
        code: String::new(),
        center_id: venue.center_id,
        venue_id: venue.id,
        account_id: account,
        made_by: None,
        series_id: None,
        group_name: wanted.group_name.clone(),
        purpose: wanted.purpose.clone(),
        party_size: wanted.party_size,
        answers: json!([]),
        service_id: None,
        service_version: None,
        begins_at: wanted.span.begins(),
        ends_at: wanted.span.ends(),
        buffer_before: venue.buffer_before,
        buffer_after: venue.buffer_after,
        state: BookingState::Waitlisted,
        due_at: None,
        is_late: false,
        is_damaged: false,
        is_moved: false,
        reject_reason: None,
        cancel_reason: None,
        note: None,
        decided_by: None,
        checked_in_at: None,
        ended_at: None,
        created_at: at,
        updated_at: at,
    }
}

/// Its time.
pub(super) fn span(row: &booking::Model) -> Result<Span> {
    let span = Span::between(row.begins_at, row.ends_at);
    Ok(span.map_err(|error| anyhow::anyhow!("booking {}: {error}", row.id))?)
}

/// What nobody else may have meanwhile: its time with its own buffers, as the venue said when it was booked.
pub(super) fn kept(row: &booking::Model) -> Result<Span> {
    Ok(span(row)?.with_buffers(i32::from(row.buffer_before) / 15, i32::from(row.buffer_after) / 15))
}

/// Nobody is in two places: in two rooms, or in a room and on a shift.
pub(super) async fn commit(tx: &Tx, row: &booking::Model) -> Result<()> {
    let is_free = schedule::store::commit(tx, row.id.0, row.account_id, span(row)?).await?;
    if is_free { Ok(()) } else { Err(Error::refused_at(UserErrorCode::TimeConflict, "startsAt")) }
}

/// Somebody else has it; says when it is free next.
pub(super) async fn taken(tx: &Tx, wanted: (VenueId, AccountId), how: &How) -> Result<Error> {
    let refusal = UserError::at(UserErrorCode::SlotTaken, "startsAt");
    let next = slots::next_free(tx, wanted, (how.span, how.is_group)).await?;
    Ok(next.map_or_else(|| refusal.clone(), |next| refusal.clone().with(Detail::From(next))).into())
}
