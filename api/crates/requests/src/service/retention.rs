//! What becomes of cases that are over (档案留存): the steps that are due, done by the system, and what a supervisor holds.

use chrono::TimeDelta;
use entity::enums::{NoteKind, ServiceRequestState};
use entity::id::{AccountId, AttachmentId, ServiceRequestId};
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use super::{carry_out, permitted};
use crate::case::Case;
use crate::command::LegalHold;
use crate::policy::{Action, Scope};
use crate::privacy;
use crate::reference::RETENTION;
use crate::store::{self, Asker, Words};
use crate::town::Town;
use crate::workflow::Command;
use crate::workflow::retention::{self, Step};

/// How cases end by themselves; what was merged into another follows it.
const ENDS: [ServiceRequestState; 3] =
    [ServiceRequestState::Closed, ServiceRequestState::Withdrawn, ServiceRequestState::Rejected];

/// Cases of which a step of keeping is due now, but for those put off, so many of each sort at most.
///
/// # Errors
/// When the database does not answer.
pub async fn kept_long_enough(
    base: &Base,
    town: &Town,
    put_off: &[ServiceRequestId],
    most: u64,
) -> Result<Vec<(Step, ServiceRequestId)>> {
    let (db, now) = (base.db.reader(), base.clock.now());
    let mut due = Vec::new();
    let Some(rule) = town.reference.retention.at(RETENTION, now) else { return Ok(due) };
    for state in ENDS {
        let Some(keeping) = rule.content.of(state) else { continue };
        for (step, days) in [(Step::Archive, keeping.archive_after), (Step::Anonymise, keeping.anonymise_after)] {
            let ended_by = now - TimeDelta::days(i64::from(days));
            let waiting = store::waiting(db, (step, state, ended_by), put_off, most).await?;
            due.extend(waiting.into_iter().map(|id| (step, id)));
        }
    }
    Ok(due)
}

/// Does a step of keeping that is due of a case, and of all that was merged into it: one matter is kept as one. Gives back photos
/// whose bytes are to be removed.
///
/// # Errors
/// [`Error::Conflict`] when it is not due any more, or somebody moved a case meanwhile; it is looked at again.
pub async fn put_away(tx: &mut Tx, town: &Town, (step, id): (Step, ServiceRequestId)) -> Result<Vec<AttachmentId>> {
    // What is done cannot be undone: not by a rule of which this node does not know that it was changed.
    if areas::store::reference_number(tx.db()).await? != town.number() {
        return Err(Error::Conflict);
    }
    let asker = Asker::of(tx.actor(), tx.now());
    let case = store::case(tx.db(), &Scope::Everything, asker, id).await?.ok_or(Error::Conflict)?;
    let rule = town.reference.retention.at(RETENTION, tx.now()).ok_or(Error::Conflict)?;
    let next = retention::next(&case.row, &rule.content);
    if !next.is_some_and(|(at, next)| next == step && at <= tx.now()) {
        return Err(Error::Conflict);
    }
    let command = step.command();
    let has_merged = case.row.merged_count > 0;
    let mut matter = vec![case];
    if has_merged {
        matter.extend(store::merged_cases(tx.db(), asker, id).await?);
    }
    if matter.iter().any(|case| case.row.legal_hold_at.is_some()) {
        return Err(Error::Conflict);
    }
    let reporters: Vec<AccountId> = matter.iter().filter_map(|case| case.row.reporter_id).collect();
    for case in matter {
        let case = case.permit(tx.actor(), command.action())?;
        carry_out(tx, town, case, &command, Words::default()).await?;
    }
    match step {
        Step::Archive => Ok(Vec::new()),
        // As they are now: somebody may have been forgotten while they were moved, and then words are others.
        Step::Anonymise => privacy::anonymise(tx, &store::matter_of(tx, id).await?, &reporters).await,
    }
}

/// A supervisor has nothing of a case taken away, whatever the rules of keeping say and whoever asks (诉讼保全).
///
/// # Errors
/// `INVALID_TRANSITION` while it is held already, and once it is nobody's.
pub async fn place_legal_hold(tx: &mut Tx, town: &Town, hold: &LegalHold) -> Result<Case> {
    let case = permitted(tx, hold.on, Action::PlaceLegalHold).await?;
    carry_out(tx, town, case, &Command::PlaceLegalHold, Words::of(NoteKind::LegalHold, Some(&hold.reason))).await
}

/// A supervisor says that this is over (解除保全): what had to wait is taken out at once, the rest when it is due.
///
/// # Errors
/// `INVALID_TRANSITION` unless it is held.
pub async fn release_legal_hold(tx: &mut Tx, town: &Town, hold: &LegalHold) -> Result<Case> {
    let case = permitted(tx, hold.on, Action::ReleaseLegalHold).await?;
    let words = Words::of(NoteKind::LegalHoldRelease, Some(&hold.reason));
    let case = carry_out(tx, town, case, &Command::ReleaseLegalHold, words).await?;
    privacy::settle(tx, case.row.id).await?;
    let asker = Asker::of(tx.actor(), tx.now());
    store::case(tx.db(), &Scope::Everything, asker, case.row.id).await?.ok_or(Error::NotFound)
}
