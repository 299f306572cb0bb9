//! How people keep to what was agreed: what it opens and shuts, and appeals (信用).

use entity::credit_appeal;
use entity::enums::{BookingApproval, CreditAppealState, CreditKind};
use entity::id::{AccountId, BookingId};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use super::bookings::write;
use crate::command::{DecideAppeal, MakeAppeal};
use crate::credit::{self, AppealAction};
use crate::fact::{AppealFact, BookingFact};
use crate::policy::BookingAction;
use crate::store;

/// How somebody's booking of a venue begins, by where the person stands: who did not come too often books nothing, and whose score is
/// low waits for the centre.
///
/// # Errors
/// `CREDIT_BARRED`, with the instant from which on the person books again.
pub(super) async fn admit(tx: &Tx, account: AccountId, approval: BookingApproval) -> Result<BookingApproval> {
    let standing = schedule::store::standing(tx.db(), account, tx.now()).await?;
    match standing.barred_until {
        Some(until) => Err(UserError::new(UserErrorCode::CreditBarred).with(Detail::From(until)).into()),
        None if standing.needs_approval => Ok(BookingApproval::Manual),
        None => Ok(approval),
    }
}

/// Says that a line of the own credit is wrong (信用申诉); once for each line.
///
/// # Errors
/// [`Error::NotFound`] for a line of somebody else; `INVALID_TRANSITION` for one that takes nothing away, and for one that was appealed
/// against before; `DEADLINE_PASSED` after seven days.
pub async fn appeal(tx: &mut Tx, wanted: &MakeAppeal) -> Result<credit_appeal::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    let entry = schedule::store::entry(tx.db(), wanted.entry).await?.filter(|entry| entry.account_id == account);
    let entry = entry.ok_or(Error::NotFound)?;
    credit::check(&entry, tx.now())?;
    let booking = store::booking(tx.db(), BookingId(entry.holder)).await?.ok_or(Error::NotFound)?.row;
    let row = credit_appeal::Model {
        id: tx.id()?,
        version: 1,
        entry_id: entry.id,
        account_id: account,
        booking_id: booking.id,
        center_id: booking.center_id,
        reason: wanted.reason.clone(),
        state: CreditAppealState::Pending,
        answer: None,
        decided_by: None,
        decided_at: None,
        created_at: tx.now(),
    };
    if !store::insert_appeal(tx, &row).await? {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    let made = AppealFact::Made { entry: entry.id, account, booking: booking.id, center: booking.center_id };
    tx.record(row.id.0, row.version, &made)?;
    Ok(row)
}

/// The centre decides about an appeal (申诉处理): the line stands, or is reversed, and with it all that followed from it.
///
/// # Errors
/// `INVALID_TRANSITION` once it is decided; `SAME_PERSON` for the own one, and for who noted the damage.
pub async fn decide_appeal(tx: &mut Tx, decision: &DecideAppeal) -> Result<credit_appeal::Model> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let found = store::appeal(tx.db(), decision.on.id).await?.ok_or(Error::NotFound)?;
    let permitted = found.permit(tx.actor(), AppealAction::Decide)?;
    let mut after = permitted.row().row.clone();
    decision.on.check(after.version)?;
    credit::may_decide(permitted.row(), tx.actor().account())?;
    let (wrong, booking) = (permitted.row().entry.clone(), permitted.row().booking.clone());
    after.version += 1;
    after.state = if decision.is_granted { CreditAppealState::Granted } else { CreditAppealState::Refused };
    after.answer = decision.answer.clone();
    (after.decided_by, after.decided_at) = (tx.actor().account(), Some(tx.now()));
    if !store::update_appeal(tx, permitted, &after).await? {
        return Err(Error::Conflict);
    }
    if decision.is_granted {
        schedule::store::reverse(tx, &wrong).await?;
        if wrong.kind == CreditKind::Damage {
            let booking = booking.permit(&Actor::System, BookingAction::Lapse)?;
            write(tx, booking, BookingFact::DamageReversed, None).await?;
        }
    }
    tx.record(after.id.0, after.version, &AppealFact::Decided { state: after.state })?;
    Ok(after)
}
