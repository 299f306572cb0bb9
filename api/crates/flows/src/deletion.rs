//! The end of an account (账号注销): asked for, thought over, done; each capability forgets its own.

use chrono::TimeDelta;
use entity::account_deletion;
use entity::enums::AccountDeletionState as State;
use entity::id::{AttachmentId, SessionId};
use identity::Identity;
use kernel::actor::Actor;
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
    (code, address): (Option<&str>, &str),
) -> Result<Outcome<account_deletion::Model>> {
    // A code is used once: a repeated call must not ask for it again.
    if let Some(subject) = identity.base.done_before(actor, once).await? {
        return Ok(Outcome::Replay(subject));
    }
    if let Err(error) = identity.confirm_deletion(actor, code, address).await {
        // The same call may have run beside this one, and used the code.
        let winner = identity.base.done_before(actor, once).await?;
        return winner.map(Outcome::Replay).ok_or(error);
    }
    identity.base.write_once(actor, once, &(), |tx, ()| Box::pin(request(tx)), |row| row.id).await
}

async fn request(tx: &mut Tx) -> Result<account_deletion::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    if identity::privacy::has_roles(tx, account, tx.now()).await? {
        return Err(Error::refused(UserErrorCode::RolesHeld));
    }
    if store::open_deletion(tx.db(), account).await?.is_some() {
        return Err(UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(vec!["CANCEL"])).into());
    }
    let row = store::insert_deletion(tx, account, tx.now() + COOLING).await?;
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

/// Takes the next account whose time is over, and lets nobody sign in to it any more; or one whose end was cut off. Gives back
/// what is to be done, and which sessions ended, to be cooled; `None` when nothing is due.
///
/// # Errors
/// When the database does not answer.
pub async fn begin_due(tx: &mut Tx) -> Result<Option<(account_deletion::Model, Vec<SessionId>)>> {
    let Some(due) = store::next_due(tx).await? else { return Ok(None) };
    if due.state == State::Processing {
        return Ok(Some((due, Vec::new())));
    }
    // Who was given a role meanwhile is staff: the roles are ended first, by who gave them.
    if identity::privacy::has_roles(tx, due.account_id, tx.now()).await? {
        moved(tx, &due, State::Cancelled, &DeletionFact::Cancelled).await?;
        return Ok(None);
    }
    let ended = identity::privacy::retire(tx, due.account_id).await?;
    let begun = moved(tx, &due, State::Processing, &DeletionFact::Begun).await?;
    Ok(Some((begun, ended)))
}

/// Forgets the person: each capability its own, all of it or nothing. Gives back photos whose bytes are to be removed.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn forget(tx: &mut Tx, row: &account_deletion::Model) -> Result<Vec<AttachmentId>> {
    let account = row.account_id;
    let mut traits = identity::privacy::traits_of(tx, account).await?;
    requests::privacy::add_traits(tx, account, &mut traits).await?;
    // Rooms tell who it was in the own cases only.
    let mut own = traits.clone();
    residents::privacy::add_traits(tx, account, &mut own).await?;
    requests::privacy::erase(tx, account, &own).await?;
    residents::privacy::erase(tx, account, &traits).await?;
    party::privacy::erase(tx, account, &traits).await?;
    let photos = media::forget_unattached(tx, account).await?;
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
