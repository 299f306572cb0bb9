//! The end of an account (账号注销): asked for, thought over, done; each capability forgets its own.

use chrono::{DateTime, TimeDelta, Utc};
use entity::account_deletion;
use entity::enums::AccountDeletionState as State;
use entity::id::{AccountId, AttachmentId, Id, SessionId};
use identity::Identity;
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::{Once, Outcome, Tx};

use crate::fact::DeletionFact;
use crate::store;

/// How long a person may think it over.
pub const COOLING: TimeDelta = TimeDelta::days(7);

/// Asks for the end of the actor's own account, which the actor's number confirms.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors; `REQUIRED`, `CODE_INCORRECT` and `CODE_EXPIRED` at `code`; `ROLES_HELD` for who works
/// for the sub-district; `INVALID_TRANSITION` when it was asked for already.
pub async fn request_deletion(
    identity: &Identity,
    actor: &Actor,
    once: &Once,
    code: Option<&str>,
    act: &Act,
) -> Result<Outcome<account_deletion::Model>> {
    let address = act.address.map(|address| address.to_string()).unwrap_or_default();
    let confirmed = identity.confirm_deletion(actor, code, &address);
    identity.base.write_after(actor.doing(act), once, confirmed, |tx, ()| Box::pin(request(tx)), |row| row.id).await
}

/// Ends an account without waiting: of somebody who came back with a backup.
///
/// # Errors
/// [`Error::NotFound`]; `ROLES_HELD`; `INVALID_TRANSITION` when it is asked for already.
pub async fn end_at_once(tx: &mut Tx, account: &AccountId) -> Result<account_deletion::Model> {
    tx.concerns(*account);
    begin(tx, *account, tx.now()).await
}

async fn request(tx: &mut Tx) -> Result<account_deletion::Model> {
    let account = tx.actor().person()?.account;
    tx.concerns(account);
    begin(tx, account, tx.now() + COOLING).await
}

async fn begin(tx: &mut Tx, account: AccountId, due_at: DateTime<Utc>) -> Result<account_deletion::Model> {
    identity::lock_account(tx, account).await?.ok_or(Error::NotFound)?;
    if identity::privacy::has_roles(tx, account, tx.now()).await? {
        return Err(Error::refused(UserErrorCode::RolesHeld));
    }
    if store::open_deletion(tx.db(), account).await?.is_some() {
        return Err(UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(vec!["CANCEL"])).into());
    }
    let row = store::insert_deletion(tx, account, due_at).await?;
    tx.record(row.id.0, row.version, &DeletionFact::Requested { account, due_at: row.due_at })?;
    Ok(row)
}

/// Calls the end of the actor's account off, while it may be thought over.
///
/// # Errors
/// `INVALID_TRANSITION` when there is nothing to call off.
pub async fn call_off(tx: &mut Tx, (): &()) -> Result<account_deletion::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    let open = store::open_deletion(tx.db(), account).await?.filter(|row| row.state == State::Cooling);
    let open = open.ok_or_else(|| Error::refused(UserErrorCode::InvalidTransition))?;
    moved(tx, &open, State::Cancelled, &DeletionFact::Cancelled).await
}

/// Lets nobody sign in any more to the next account whose time is over; gives back which sessions ended, to be cooled. `None`
/// when no account's time is over.
///
/// # Errors
/// When the database does not answer.
pub async fn close_due(tx: &mut Tx) -> Result<Option<Vec<SessionId>>> {
    let Some(due) = store::next_to_close(tx).await? else { return Ok(None) };
    // Who was given a role meanwhile is staff: the roles are ended first, by who gave them.
    if identity::privacy::has_roles(tx, due.account_id, tx.now()).await? {
        moved(tx, &due, State::Cancelled, &DeletionFact::Cancelled).await?;
        return Ok(Some(Vec::new()));
    }
    let ended = identity::privacy::retire(tx, due.account_id).await?;
    moved(tx, &due, State::Processing, &DeletionFact::Begun).await?;
    Ok(Some(ended))
}

/// The next account that is closed for long enough: whoever was let in before has come to an end, on every node.
///
/// # Errors
/// When the database does not answer.
pub async fn next_to_forget(base: &Base) -> Result<Option<account_deletion::Model>> {
    store::next_to_forget(base).await
}

/// Forgets the person: each capability its own, all of it or nothing. Gives back photos whose bytes are to be removed.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn forget(tx: &mut Tx, row: &account_deletion::Model) -> Result<Vec<AttachmentId>> {
    let account = row.account_id;
    let traits = identity::privacy::traits_of(tx, account).await?;
    let rooms = residents::privacy::rooms_of(tx, account).await?;
    let cases = requests::privacy::erase(tx, account, &traits, &rooms).await?;
    residents::privacy::erase(tx, account, &traits, &cases).await?;
    let subjects: Vec<String> = cases.iter().map(|id| id.text()).collect();
    identity::privacy::forget_reasons(tx, &subjects).await?;
    // While it is known which line of a roster is the person's.
    ::events::privacy::erase(tx, account).await?;
    party::privacy::erase(tx, account, &traits).await?;
    // Events before centres, as wherever an event has a room.
    bookings::privacy::erase(tx, account).await?;
    queue::privacy::erase(tx, account).await?;
    feeds::privacy::erase(tx, account).await?;
    notifications::privacy::erase(tx, account).await?;
    let mut photos = media::forget_unattached(tx, account).await?;
    photos.extend(media::forget_originals(tx, &cases).await?);
    store::forget_exports(tx, account).await?;
    identity::privacy::erase(tx, account).await?;
    moved(tx, row, State::Done, &DeletionFact::Done).await?;
    tx.concerns(account);
    Ok(photos)
}

/// Lets others go first, after an end that failed.
///
/// # Errors
/// When the database does not answer.
pub async fn put_off(tx: &mut Tx, row: &account_deletion::Model) -> Result<()> {
    store::update_deletion(tx, row, &mut row.clone()).await
}

async fn moved(
    tx: &mut Tx,
    before: &account_deletion::Model,
    state: State,
    happened: &DeletionFact,
) -> Result<account_deletion::Model> {
    let mut after = before.clone();
    after.state = state;
    after.ended_at = matches!(state, State::Done | State::Cancelled).then(|| tx.now());
    store::update_deletion(tx, before, &mut after).await?;
    tx.record(after.id.0, after.version, happened)?;
    Ok(after)
}
