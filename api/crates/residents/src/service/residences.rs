//! Proofs of residence.

use entity::id::ResidenceId;
use entity::residence;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Seen;
use kernel::tx::Tx;

use crate::command::{Apply, Decide, Reject};
use crate::fact::ResidenceFact;
use crate::policy::{Residence, ResidenceAction};
use crate::store;
use crate::workflow::{self, ResidenceCommand};

/// Applications of one person that may wait at once.
const OPEN: u64 = 3;

/// Somebody says where he or she lives (申请居住认证).
///
/// # Errors
/// [`Error::Unauthenticated`]; `CONSENT_REQUIRED`; `INVALID` for a flat that was applied for or verified already;
/// `LIMIT_EXCEEDED` beyond three that wait.
pub async fn apply(tx: &mut Tx, wanted: &Apply) -> Result<residence::Model> {
    let account = tx.actor().person()?.account;
    identity::consent::demand(tx, &identity::consent::GENERAL).await?;
    // One after the other, so that what is counted next is complete.
    identity::queue_up(tx, account).await?;
    let known = store::of_flat(tx, account, wanted).await?;
    if known.iter().any(|row| workflow::is_in_the_way(row, tx.now())) {
        return Err(UserError::at(UserErrorCode::Invalid, "room").with(Detail::Because("already_applied")).into());
    }
    if store::open_applications(tx, account).await? >= OPEN {
        return Err(UserError::new(UserErrorCode::LimitExceeded).with(Detail::Limit(OPEN as i64)).into());
    }
    let row = store::insert_residence(tx, account, wanted).await?;
    let happened = ResidenceFact::Applied { account, grid_path: row.grid_path.clone(), relation: row.relation };
    tx.record(row.id.0, row.version, &happened)?;
    Ok(row)
}

/// The neighbourhood verifies it (认证).
///
/// # Errors
/// `INVALID_TRANSITION` unless it waits; `SAME_PERSON` for the own one.
pub async fn verify(tx: &mut Tx, decision: &Decide<ResidenceId>) -> Result<residence::Model> {
    let row = permitted(tx, decision.on, ResidenceAction::Verify).await?;
    carry_out(tx, row, ResidenceCommand::Verify, None).await
}

/// The neighbourhood refuses it (不予认证).
///
/// # Errors
/// As [`verify`].
pub async fn reject(tx: &mut Tx, refusal: &Reject) -> Result<residence::Model> {
    let row = permitted(tx, refusal.on, ResidenceAction::Reject).await?;
    carry_out(tx, row, ResidenceCommand::Reject(refusal.reason), refusal.note.clone()).await
}

/// The person moves away, or takes the application back (终止).
///
/// # Errors
/// `INVALID_TRANSITION` once it is over.
pub async fn end_residence(tx: &mut Tx, end: &Decide<ResidenceId>) -> Result<residence::Model> {
    let row = permitted(tx, end.on, ResidenceAction::End).await?;
    carry_out(tx, row, ResidenceCommand::End, None).await
}

/// The first half of every verb: one scoped read, then who, then the version seen.
pub(crate) async fn permitted(tx: &Tx, on: Seen<ResidenceId>, action: ResidenceAction) -> Result<Permitted<Residence>> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let row = store::residence(tx.db(), tx.actor(), on.id).await?.ok_or(Error::NotFound)?;
    let row = Residence(row).permit(tx.actor(), action)?;
    on.check(row.row().0.version)?;
    Ok(row)
}

/// The second half: when, and what comes of it.
async fn carry_out(
    tx: &mut Tx,
    row: Permitted<Residence>,
    command: ResidenceCommand,
    note: Option<String>,
) -> Result<residence::Model> {
    let by = tx.actor().account();
    let fact = workflow::decide_residence(&row.row().0, command, by, tx.now())?;
    let mut after = row.row().0.clone();
    workflow::evolve_residence(&mut after, &fact, by, tx.now());
    after.note = note.or(after.note);
    store::update_residence(tx, row, &after).await?;
    tx.record(after.id.0, after.version, &fact)?;
    Ok(after)
}
