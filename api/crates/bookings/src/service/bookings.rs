//! Bookings that are there: decided about, taken back, used.

use std::collections::BTreeSet;

use areas::shanghai_date;
use chrono::TimeDelta;
use entity::booking;
use entity::enums::{BookingApproval, BookingState, CreditKind};
use entity::id::{AccountId, BookingId, VenueId};
use kernel::actor::Actor;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::code;
use schedule::series::Scope;
use schedule::span::{Granule, Span};

use super::making::{commit, kept, span};
use super::{credit, holding, series, waitlist};
use crate::command::{CallOff, Cancel, RecordDamage, Reject, ScanCode};
use crate::fact::BookingFact;
use crate::policy::{Booking, BookingAction};
use crate::premises::Premises;
use crate::store::{self, Hold};
use crate::workflow::{self, Command, evolve, is_live, keeps};

/// How long what could not be done waits.
const AFTER_FAILURE: TimeDelta = TimeDelta::minutes(10);

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
    if !picture.is_open(row.venue_id, account, span(&row)?) {
        return Err(Error::refused(UserErrorCode::SlotClosed));
    }
    commit(tx, &row).await?;
    write(tx, permitted, fact, None).await
}

/// The person takes a booking back, or more of its series (取消预约).
///
/// # Errors
/// `INVALID_TRANSITION` once it is over; `DEADLINE_PASSED` once it has begun; `INVALID` at `scope` for what is of no series.
pub async fn cancel(tx: &mut Tx, wanted: &Cancel) -> Result<booking::Model> {
    match wanted.scope {
        Scope::This => carry_out(tx, &wanted.on, Command::Cancel, None).await,
        scope => series::end(tx, (&wanted.on, scope), Command::Cancel, None).await,
    }
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

/// The centre calls it off, or more of its series (中心取消); the person loses nothing by it.
///
/// # Errors
/// `INVALID_TRANSITION` once it is over; `INVALID` at `scope` for what is of no series.
pub async fn call_off(tx: &mut Tx, off: &CallOff) -> Result<booking::Model> {
    let command = Command::CallOff(off.reason);
    match off.scope {
        Scope::This => carry_out(tx, &off.on, command, off.note.clone()).await,
        scope => series::end(tx, (&off.on, scope), command, off.note.as_deref()).await,
    }
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
    code::scanned(vault, center.0, &scan.code, tx.now())?;
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
/// `INVALID_TRANSITION` unless they were there, once it is or was noted, and when the account is no more; `DEADLINE_PASSED` a week after.
pub async fn record_damage(tx: &mut Tx, damage: &RecordDamage) -> Result<booking::Model> {
    let (id, by) = {
        let seen = permitted(tx, &damage.on, BookingAction::RecordDamage).await?;
        (seen.row().row.id, seen.row().row.account_id)
    };
    // Of who was forgotten, nothing is written down any more; nor again what was decided to be none.
    let was_noted = schedule::store::is_noted(tx.db(), by, CreditKind::Damage, id.0).await?;
    if was_noted || identity::active_among(tx.db(), &[by]).await?.is_empty() {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    carry_out(tx, &damage.on, Command::RecordDamage, Some(damage.note.clone())).await
}

/// What time makes of a booking (到点处理): nobody came, answered or decided, or it is over.
///
/// # Errors
/// `INVALID_TRANSITION` when nothing is due about it; [`Error::Conflict`] when somebody moved it meanwhile.
pub async fn lapse(tx: &mut Tx, id: &BookingId) -> Result<booking::Model> {
    let on = Seen { id: *id, expected_version: None };
    let seen = permitted(tx, &on, BookingAction::Lapse).await?;
    let fact = workflow::decide(&seen.row().row, BookingApproval::Auto, Command::Lapse, None, tx.now())?;
    // Many fall due when windows open: whom it takes nothing from is not made to wait.
    if fact == BookingFact::Reminded {
        return write(tx, seen, fact, None).await;
    }
    carry_out(tx, &on, Command::Lapse, None).await
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
    holding::give_up(tx, account).await?;
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
pub(super) async fn permitted(tx: &Tx, on: &Seen<BookingId>, action: BookingAction) -> Result<Permitted<Booking>> {
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
/// offered anything.
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
    offer_all(tx, premises, &freed).await
}

/// Offers what several bookings kept and keep no more: all of it at once, so that who waits longest is first, whichever of them stood
/// in the way.
pub(super) async fn offer_all(tx: &mut Tx, premises: &Premises, freed: &[booking::Model]) -> Result<()> {
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
    let at = workflow::happened_at(&after, &fact, tx.now());
    evolve(&mut after, &fact, tx.actor().account(), tx.now());
    after.note = note.or(after.note);
    if !store::update_booking(tx, permitted, &after).await? {
        return Err(Error::Conflict);
    }
    tx.record(after.id.0, after.version, &fact)?;
    // Of a series it does not stay as it was any more.
    if after.series_id.is_some() && (matches!(fact, BookingFact::Moved { .. }) || !is_live(after.state)) {
        store::forget_refusals(tx, &[after.id]).await?;
    }
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
