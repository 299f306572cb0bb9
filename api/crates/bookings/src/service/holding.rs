//! Venues are kept for who fills in a form (预占): for some minutes, so that nobody is told at the end that another was faster.
//!
//! What is kept has the same keys as a booking: it cannot be had twice. Whoever books in the centre has it no longer; what lapses or
//! is given back is offered to who waits.

use chrono::TimeDelta;
use entity::enums::BookingApproval;
use entity::id::{AccountId, CenterId, SlotHoldId};
use entity::slot_hold::Model;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::Tx;
use schedule::span::Span;

use super::making::{How, check_share, taken};
use super::{credit, waitlist};
use crate::command::HoldSlot;
use crate::fact::HoldFact;
use crate::premises::Premises;
use crate::store::{self, Hold};

/// How long a venue is kept for who fills in a form (预占时长).
pub const HOLD: TimeDelta = TimeDelta::minutes(5);

/// Keeps a venue for the actor for five minutes (预占); to book it is left to [`super::book`].
///
/// # Errors
/// As [`super::book`], but nobody waits; `LIMIT_EXCEEDED` for who holds another.
pub async fn hold_slot(tx: &mut Tx, wanted: &HoldSlot) -> Result<Model> {
    let account = tx.actor().person()?.account;
    identity::consent::demand(tx, &identity::consent::GENERAL).await?;
    let center = store::venue(tx.db(), wanted.venue).await?.ok_or(Error::NotFound)?.center_id;
    identity::queue_up(tx, account).await?;
    let held = store::holds_of(tx.db(), account).await?;
    if let Some(other) = held.iter().find(|row| tx.now() < row.expires_at) {
        let until = Detail::LimitUntil(1, other.expires_at);
        return Err(UserError::new(UserErrorCode::LimitExceeded).with(until).into());
    }
    let premises = store::hold(tx, center, Hold::Shared).await?;
    let venue = premises.venue(wanted.venue)?;
    credit::admit(tx, account, BookingApproval::Auto).await?;
    let (span, is_group) = (wanted.span, wanted.is_group);
    let how = How { span, party_size: 1, is_group, is_allotted: false };
    check_share(tx, &premises, venue, account, &how).await?;
    let row = Model {
        id: tx.id()?,
        account_id: account,
        center_id: center,
        venue_id: venue.id,
        begins_at: span.begins(),
        ends_at: span.ends(),
        buffer_before: venue.buffer_before,
        buffer_after: venue.buffer_after,
        // Nobody fills in a form for what has begun.
        expires_at: (tx.now() + HOLD).min(span.begins()),
        created_at: tx.now(),
    };
    if !schedule::store::occupy(tx, row.id.0, &premises.claim(venue.id), kept(&row)?).await? {
        return Err(taken(tx, (venue.id, account), &how).await?);
    }
    // Asked and not noted: what is not booked keeps nobody from being elsewhere.
    if !schedule::store::commit(tx, row.id.0, account, span).await? {
        return Err(Error::refused_at(UserErrorCode::TimeConflict, "startsAt"));
    }
    schedule::store::free_people(tx, &[row.id.0]).await?;
    store::insert_hold(tx, &row).await?;
    let (venue, begins_at, ends_at, until) = (row.venue_id, row.begins_at, row.ends_at, row.expires_at);
    tx.record(row.id.0, 1, &HoldFact::Made { venue, account, begins_at, ends_at, until })?;
    Ok(row)
}

/// The person gives back what is kept (取消预占).
///
/// # Errors
/// [`Error::NotFound`] for what is another's, and for what is over.
pub async fn release_hold(tx: &mut Tx, id: &SlotHoldId) -> Result<Model> {
    let account = tx.actor().person()?.account;
    let own = store::slot_hold(tx.db(), *id).await?.filter(|row| row.account_id == account).ok_or(Error::NotFound)?;
    end(tx, own, &HoldFact::Released).await
}

/// Its time is over (预占到期).
///
/// # Errors
/// [`Error::Conflict`] when somebody ended it meanwhile.
pub async fn lapse_hold(tx: &mut Tx, id: &SlotHoldId) -> Result<Model> {
    let row = store::slot_hold(tx.db(), *id).await?.filter(|row| row.expires_at <= tx.now()).ok_or(Error::Conflict)?;
    end(tx, row, &HoldFact::Lapsed).await
}

async fn end(tx: &mut Tx, row: Model, fact: &HoldFact) -> Result<Model> {
    let premises = store::hold(tx, row.center_id, Hold::Alone).await?;
    // As it is now that nobody else ends it.
    let row = store::slot_hold(tx.db(), row.id).await?.ok_or(Error::NotFound)?;
    give_back(tx, std::slice::from_ref(&row), fact).await?;
    offer(tx, &premises, &row).await?;
    Ok(row)
}

/// What a person holds in a centre is given back, for what is booked there now; gives it back to be offered after that.
pub(super) async fn take_over(tx: &mut Tx, account: AccountId, center: CenterId) -> Result<Vec<Model>> {
    let rows = store::holds_at(tx, account, center).await?;
    give_back(tx, &rows, &HoldFact::Booked).await?;
    Ok(rows)
}

/// What is left of what was held falls free.
pub(super) async fn offer(tx: &mut Tx, premises: &Premises, row: &Model) -> Result<()> {
    waitlist::offer(tx, premises, &premises.related(row.venue_id), kept(row)?).await
}

async fn give_back(tx: &mut Tx, rows: &[Model], fact: &HoldFact) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    schedule::store::release(tx, &rows.iter().map(|row| row.id.0).collect::<Vec<_>>()).await?;
    store::delete_holds(tx, rows).await?;
    for row in rows {
        tx.record(row.id.0, 2, fact)?;
    }
    Ok(())
}

/// All that a person holds is given back (注销).
pub(super) async fn give_up(tx: &mut Tx, account: AccountId) -> Result<()> {
    for row in store::holds_of(tx.db(), account).await? {
        end(tx, row, &HoldFact::Released).await?;
    }
    Ok(())
}

/// What nobody else may have meanwhile.
fn kept(row: &Model) -> Result<Span> {
    let span = Span::between(row.begins_at, row.ends_at);
    let span = span.map_err(|error| anyhow::anyhow!("hold {}: {error}", row.id))?;
    Ok(span.with_buffers(i32::from(row.buffer_before) / 15, i32::from(row.buffer_after) / 15))
}
