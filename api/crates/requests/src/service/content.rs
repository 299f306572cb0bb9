//! What is published: a moderator's decisions, and what people find amiss.

use entity::content_report;
use entity::enums::{AttachmentPhase, ContentState, NoteKind};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use kernel::tx::Tx;

use super::{carry_out, permitted};
use crate::case::Case;
use crate::command::{ReportContent, ReviewContent};
use crate::fact::Content;
use crate::policy::Action;
use crate::store::{self, Words};
use crate::town::Town;
use crate::workflow::content::Review;
use crate::workflow::{self, Command};

/// A report of abuse that was taken in (举报).
#[derive(Clone, Debug, PartialEq)]
pub struct ContentReport {
    /// It.
    pub report: content_report::Model,
    /// Whether the person had reported the case before.
    pub is_replay: bool,
}

/// A dispatcher or a supervisor decides whether words or a photo are published (内容审核), before they are or at any time after.
/// What is decided about the whole decides the reports of abuse as well.
///
/// # Errors
/// `INVALID` for what is not of the case, or was decided so before; `INVALID_TRANSITION` for what never comes before anybody.
pub async fn review_content(tx: &mut Tx, town: &Town, command: &ReviewContent) -> Result<Case> {
    let case = permitted(tx, command.on, Action::ReviewContent).await?;
    let timing = town.timing_of(&case.row().row, tx.now())?;
    workflow::may(case.row(), Action::ReviewContent, tx.actor().account(), &timing)?;
    let (content, verdict) = (command.content()?, command.verdict);
    let (before, is_reporters) = looked_at(tx, case.row(), content).await?;
    let review = Review { content, before, verdict, reason: command.reason, is_reporters };
    let words = Words::of(NoteKind::ContentReview, command.note.as_ref());
    let mut case = carry_out(tx, town, case, &Command::ReviewContent(review), words).await?;
    store::judge(tx, &mut case.row, content, verdict).await?;
    Ok(case)
}

/// Whether the actor decides what is published of a case.
#[must_use]
pub fn may_review(case: &Case, actor: &Actor) -> bool {
    case.decide(actor, Action::ReviewContent) == Decision::Allow
}

/// What the check said of it before, and whether the reporter said or showed it.
async fn looked_at(tx: &Tx, case: &Case, content: Content) -> Result<(ContentState, bool)> {
    match content {
        Content::Request => Ok((case.row.content_state, true)),
        Content::Note(fact) => {
            let note = store::checked_note(tx, case.row.id, fact).await?;
            let note = note.ok_or_else(|| unknown("timelineEntryId"))?;
            Ok((note.content_state, false))
        }
        Content::Photo(photo) => {
            let photo = store::photo_of(tx.db(), case.row.id, photo).await?.ok_or_else(|| unknown("attachmentId"))?;
            Ok((photo.content_state, photo.phase != AttachmentPhase::After))
        }
    }
}

pub(super) fn unknown(field: &str) -> Error {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("not_of_this_case")).into()
}

/// Somebody who may see it finds amiss what is public of a case (内容举报): once for each person, and what was reported before is
/// given back. Who reported is told to nobody.
///
/// # Errors
/// [`Error::Forbidden`] for the author and for who works on it.
pub async fn report_content(tx: &mut Tx, town: &Town, command: &ReportContent) -> Result<ContentReport> {
    let account = tx.actor().person()?.account;
    // Of what the own report held back, nothing else is seen any more.
    if let Some(report) = store::report_of(tx, command.on.id, account).await? {
        return Ok(ContentReport { report, is_replay: true });
    }
    let case = permitted(tx, command.on, Action::ReportContent).await?;
    let case = carry_out(tx, town, case, &Command::ReportContent { reason: command.reason }, Words::default()).await?;
    let (reason, note) = (command.reason, command.note.clone());
    let report = store::insert_report(tx, case.row.id, account, reason, note).await?;
    Ok(ContentReport { report, is_replay: false })
}
