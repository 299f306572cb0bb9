//! Bookings: made, decided about, taken back, used.

use std::collections::BTreeSet;

use areas::shanghai_date;
use chrono::TimeDelta;
use entity::enums::BookingState;
use entity::id::{AccountId, BookingId, VenueId};
use entity::{booking, venue};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::span::{Granule, Span};

use super::{credit, waitlist};
use crate::command::{Book, CallOff, RecordDamage, Reject, ScanCode};
use crate::door;
use crate::fact::BookingFact;
use crate::policy::{Booking, BookingAction};
use crate::premises::Premises;
use crate::quota::{self, Counted};
use crate::store::{self, Hold};
use crate::workflow::{self, Command, evolve, keeps};
use crate::{slots, window};

/// How long what could not be done waits.
const AFTER_FAILURE: TimeDelta = TimeDelta::minutes(10);

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
    let premises = store::hold(tx, center, Hold::Shared).await?;
    let venue = premises.venue(wanted.venue)?;
    let approval = credit::admit(tx, account, venue.approval).await?;
    let how = How { span: wanted.span, party_size: wanted.party_size, is_group: wanted.group_name.is_some() };
    check(tx, &premises, venue, &how).await?;
    let date = shanghai_date(wanted.span.begins());
    let counted = Counted {
        state: BookingState::Confirmed,
        kind: venue.kind,
        begins_at: wanted.span.begins(),
        is_group: wanted.group_name.is_some(),
    };
    quota::check(&store::counted(tx, account, date, None).await?, &counted)?;
    let row = blank(tx, &premises, wanted, account)?;
    let is_free = schedule::store::occupy(tx, row.id.0, &premises.leaves(venue.id), kept(&row)?).await?;
    let (state, due_at) = match is_free {
        true => {
            commit(tx, &row).await?;
            workflow::begun(approval, row.begins_at, tx.now())
        }
        false if wanted.joins_waitlist => (BookingState::Waitlisted, row.begins_at),
        false => return Err(taken(tx, wanted.venue, &how).await?),
    };
    let made =
        BookingFact::Made { venue: venue.id, account, begins_at: row.begins_at, ends_at: row.ends_at, state, due_at };
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
}

/// Whether the venue may be booked then, and holds so many.
pub(super) async fn check(tx: &Tx, premises: &Premises, venue: &venue::Model, how: &How) -> Result<()> {
    if !premises.is_had(venue) {
        return Err(Error::refused_at(UserErrorCode::SlotClosed, "venueId"));
    }
    if how.party_size > venue.capacity {
        let most = UserError::at(UserErrorCode::LimitExceeded, "partySize");
        return Err(most.with(Detail::Limit(venue.capacity.into())).into());
    }
    let date = shanghai_date(how.span.begins());
    let calendar = areas::store::calendar_between(tx.db(), date, date).await?;
    let openings = store::openings(tx.db(), std::slice::from_ref(premises), &[venue.id], tx.now()).await?;
    let opening = openings.get(&venue.id).cloned().unwrap_or_default();
    Ok(window::check(venue, &opening, &calendar, (how.span, how.is_group), tx.now())?)
}

/// A booking that is to be made.
fn blank(tx: &Tx, premises: &Premises, wanted: &Book, account: AccountId) -> Result<booking::Model> {
    let venue = premises.venue(wanted.venue)?;
    Ok(booking::Model {
        id: tx.id()?,
        version: 0,
        code: String::new(),
        center_id: venue.center_id,
        venue_id: venue.id,
        account_id: account,
        group_name: wanted.group_name.clone(),
        purpose: wanted.purpose.clone(),
        party_size: wanted.party_size,
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
        created_at: tx.now(),
        updated_at: tx.now(),
    })
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
pub(super) async fn taken(tx: &Tx, venue: VenueId, how: &How) -> Result<Error> {
    let refusal = UserError::at(UserErrorCode::SlotTaken, "startsAt");
    let next = slots::next_free(tx, venue, (how.span, how.is_group)).await?;
    Ok(next.map_or_else(|| refusal.clone(), |next| refusal.clone().with(Detail::From(next))).into())
}

/// Who waited takes what fell free (接受候补).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is offered; `CREDIT_BARRED`; `DEADLINE_PASSED` once the offer is over; `SLOT_CLOSED` when the venue is shut since;
/// `TIME_CONFLICT`.
pub async fn accept_offer(tx: &mut Tx, on: &Seen<BookingId>) -> Result<booking::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    let (premises, permitted) = held(tx, on, BookingAction::Accept, Hold::Shared).await?;
    let row = permitted.row().row.clone();
    workflow::may(&row, BookingAction::Accept, Some(account), tx.now())?;
    let approval = credit::admit(tx, account, premises.venue(row.venue_id)?.approval).await?;
    let fact = workflow::decide(&row, approval, Command::Accept, Some(account), tx.now())?;
    let date = shanghai_date(row.begins_at);
    let picture = store::picture(tx.db(), &[row.venue_id], (date, date)).await?;
    if !picture.is_open(row.venue_id, span(&row)?) {
        return Err(Error::refused(UserErrorCode::SlotClosed));
    }
    commit(tx, &row).await?;
    write(tx, permitted, fact, None).await
}

/// The person takes a booking back (取消预约).
///
/// # Errors
/// `INVALID_TRANSITION` once it is over; `DEADLINE_PASSED` once it has begun.
pub async fn cancel(tx: &mut Tx, on: &Seen<BookingId>) -> Result<booking::Model> {
    carry_out(tx, on, Command::Cancel, None).await
}

/// The centre says yes (通过).
///
/// # Errors
/// `INVALID_TRANSITION` unless it waits for that; `SAME_PERSON` for the own one; `DEADLINE_PASSED` once it has begun.
pub async fn approve(tx: &mut Tx, on: &Seen<BookingId>) -> Result<booking::Model> {
    carry_out(tx, on, Command::Approve, None).await
}

/// The centre says no (不通过).
///
/// # Errors
/// As [`approve`].
pub async fn reject(tx: &mut Tx, refusal: &Reject) -> Result<booking::Model> {
    carry_out(tx, &refusal.on, Command::Reject(refusal.reason), refusal.note.clone()).await
}

/// The centre calls it off (中心取消); the person loses nothing by it.
///
/// # Errors
/// `INVALID_TRANSITION` once it is over.
pub async fn call_off(tx: &mut Tx, off: &CallOff) -> Result<booking::Model> {
    carry_out(tx, &off.on, Command::CallOff(off.reason), off.note.clone()).await
}

/// The people are there (签到).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is confirmed; `NOT_IN_WINDOW` earlier than a quarter of an hour before; `DEADLINE_PASSED` later
/// than a quarter of an hour after it began.
pub async fn check_in(tx: &mut Tx, on: &Seen<BookingId>) -> Result<booking::Model> {
    carry_out(tx, on, Command::CheckIn, None).await
}

/// The people are there, and scanned what the screen at the door shows (扫码签到).
///
/// # Errors
/// As [`check_in`]; `CODE_EXPIRED` and `CODE_INCORRECT` for what the screen does not show.
pub async fn check_in_by_code(tx: &mut Tx, scan: &ScanCode) -> Result<booking::Model> {
    let seen = permitted(tx, &scan.on, BookingAction::CheckInByCode).await?;
    let (vault, center) = (&tx.base().vault, seen.row().row.center_id);
    workflow::may(&seen.row().row, BookingAction::CheckInByCode, tx.actor().account(), tx.now())?;
    door::check(vault, center, &scan.code, tx.now())?;
    carry_out(tx, &scan.on, Command::CheckInByCode, None).await
}

/// The people leave (结束使用): what is left of its time falls free.
///
/// # Errors
/// `INVALID_TRANSITION` unless they are there.
pub async fn end(tx: &mut Tx, on: &Seen<BookingId>) -> Result<booking::Model> {
    carry_out(tx, on, Command::End, None).await
}

/// Something was left broken (损坏登记); its person sees what, and may appeal.
///
/// # Errors
/// `INVALID_TRANSITION` unless they were there, once it is noted, and when the account is no more; `DEADLINE_PASSED` a week after.
pub async fn record_damage(tx: &mut Tx, damage: &RecordDamage) -> Result<booking::Model> {
    let by = permitted(tx, &damage.on, BookingAction::RecordDamage).await?.row().row.account_id;
    // Of who was forgotten, nothing is written down any more.
    if identity::active_among(tx.db(), &[by]).await?.is_empty() {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    carry_out(tx, &damage.on, Command::RecordDamage, Some(damage.note.clone())).await
}

/// What time makes of a booking (到点处理): nobody came, answered or decided, or it is over.
///
/// # Errors
/// `INVALID_TRANSITION` when nothing is due about it; [`Error::Conflict`] when somebody moved it meanwhile.
pub async fn lapse(tx: &mut Tx, id: &BookingId) -> Result<booking::Model> {
    carry_out(tx, &Seen { id: *id, expected_version: None }, Command::Lapse, None).await
}

/// Lets the others go first: what is due about a booking could not be done.
///
/// # Errors
/// When the database does not answer.
pub async fn put_off(tx: &mut Tx, id: &BookingId) -> Result<()> {
    store::put_off(tx, *id, tx.now() + AFTER_FAILURE).await
}

/// Takes back or ends all that a person has (注销), so that others may have it.
pub(crate) async fn give_up(tx: &mut Tx, account: AccountId) -> Result<()> {
    for center in store::live_centers_of(tx, account).await? {
        let premises = store::hold(tx, center, Hold::Alone).await?;
        let rows = store::live_of(tx, account, center).await?.into_iter().map(|row| {
            let fact = match row.state {
                BookingState::CheckedIn => BookingFact::Completed { is_early: tx.now() < row.ends_at },
                _ => BookingFact::Cancelled { is_late: false },
            };
            (row, fact)
        });
        let rows = rows.collect();
        end_all(tx, &premises, rows, None).await?;
    }
    Ok(())
}

/// The first half of every verb: one read, then who, then the version seen.
async fn permitted(tx: &Tx, on: &Seen<BookingId>, action: BookingAction) -> Result<Permitted<Booking>> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let found = store::booking(tx.db(), on.id).await?.ok_or(Error::NotFound)?;
    let permitted = found.permit(tx.actor(), action)?;
    on.check(permitted.row().row.version)?;
    Ok(permitted)
}

/// As [`permitted`], with the centre held before anything is judged by: what is read then stays so.
pub(super) async fn held(
    tx: &Tx,
    on: &Seen<BookingId>,
    action: BookingAction,
    hold: Hold,
) -> Result<(Premises, Permitted<Booking>)> {
    let seen = permitted(tx, on, action).await?;
    let premises = store::hold(tx, seen.row().row.center_id, hold).await?;
    Ok((premises, permitted(tx, on, action).await?))
}

/// The second half: when, what comes of it, and what falls free by it.
async fn carry_out(
    tx: &mut Tx,
    on: &Seen<BookingId>,
    command: Command,
    note: Option<String>,
) -> Result<booking::Model> {
    let (premises, permitted) = held(tx, on, command.action(), Hold::Alone).await?;
    let before = permitted.row().row.clone();
    let approval = premises.venue(before.venue_id)?.approval;
    let fact = workflow::decide(&before, approval, command, tx.actor().account(), tx.now())?;
    let after = write(tx, permitted, fact, note).await?;
    free(tx, &premises, &before, &after).await?;
    Ok(after)
}

/// Ends several bookings of a centre that is held alone. What falls free is offered once all have ended, so that nobody among them is
/// offered anything; and all of it at once, so that who waits longest is first, whichever of them stood in the way.
pub(super) async fn end_all(
    tx: &mut Tx,
    premises: &Premises,
    rows: Vec<(booking::Model, BookingFact)>,
    note: Option<&str>,
) -> Result<()> {
    let mut freed = Vec::new();
    for (before, fact) in rows {
        let booking = Booking { row: before.clone(), area_path: premises.center.area_path.clone() };
        let permitted = booking.permit(&Actor::System, BookingAction::Lapse)?;
        let after = write(tx, permitted, fact, note.map(str::to_owned)).await?;
        freed.extend(keeps(before.state).then_some(after));
    }
    for row in &freed {
        give_back(tx, row).await?;
    }
    let kept = freed.iter().map(kept).collect::<Result<Vec<_>>>()?;
    let whole = kept.iter().map(|span| span.first()).min().zip(kept.iter().map(|span| span.end()).max());
    let Some(whole) = whole.and_then(|(from, to)| Span::of(from, to)) else { return Ok(()) };
    let venues: BTreeSet<VenueId> = freed.iter().flat_map(|row| premises.related(row.venue_id)).collect();
    waitlist::offer(tx, premises, &Vec::from_iter(venues), whole).await
}

/// Writes what a fact makes of a booking, and what it says about its person.
pub(super) async fn write(
    tx: &mut Tx,
    permitted: Permitted<Booking>,
    fact: BookingFact,
    note: Option<String>,
) -> Result<booking::Model> {
    let credited = workflow::credited(&permitted.row().row, &fact);
    let mut after = permitted.row().row.clone();
    // What is over was over when it was due, though somebody looked later.
    let at = after.due_at.map_or(tx.now(), |due| due.min(tx.now()));
    evolve(&mut after, &fact, tx.actor().account(), tx.now());
    after.note = note.or(after.note);
    if !store::update_booking(tx, permitted, &after).await? {
        return Err(Error::Conflict);
    }
    tx.record(after.id.0, after.version, &fact)?;
    if let Some(kind) = credited {
        schedule::store::note(tx, after.account_id, kind, (after.id.0, at)).await?;
    }
    Ok(after)
}

/// Gives back what a booking kept and keeps no more, and offers it to who waits.
async fn free(tx: &mut Tx, premises: &Premises, before: &booking::Model, after: &booking::Model) -> Result<()> {
    if !keeps(before.state) || keeps(after.state) {
        return Ok(());
    }
    give_back(tx, after).await?;
    waitlist::offer(tx, premises, &premises.related(after.venue_id), kept(after)?).await
}

/// Gives back what a booking kept that is over. Of one that was used the quarter that has begun is not given back, and the venue is
/// made ready as after any other; the people may go elsewhere.
async fn give_back(tx: &Tx, row: &booking::Model) -> Result<()> {
    if row.state != BookingState::Completed {
        return schedule::store::release(tx, &[row.id.0]).await;
    }
    let next = Granule(Granule::of(tx.now()).0.saturating_add(1));
    let ready = Granule(next.0.saturating_add(i32::from(row.buffer_after) / 15));
    schedule::store::release_from(tx, row.id.0, ready, next).await
}
