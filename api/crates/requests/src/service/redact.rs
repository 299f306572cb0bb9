//! Taking something out of what a case says or shows (隐去): what it was is kept, and seen by an audited look only.

use chrono::{DateTime, TimeDelta, Utc};
use entity::attachment;
use entity::enums::NoteKind;
use entity::id::{AttachmentId, ServiceRequestId};
use identity::Reason;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;
use media::paint::Painted;

use super::content::unknown;
use super::{carry_out, permitted};
use crate::case::Case;
use crate::command::{Redact, RedactPhoto, Target};
use crate::fact::Redaction;
use crate::policy::{self, Action};
use crate::store::{self, Asker, Words};
use crate::town::Town;
use crate::workflow::{self, Command};

/// How long a client may show an original, and its photos open.
const SHOWN: TimeDelta = TimeDelta::minutes(5);

/// A dispatcher or a supervisor puts other words in place of what the reporter said, or where (隐去文字). The words as they came in are
/// kept, however often it is done.
///
/// # Errors
/// `INVALID` for an address where there is none, and where nothing changes.
pub async fn redact(tx: &mut Tx, town: &Town, command: &Redact) -> Result<Case> {
    let case = permitted(tx, command.on, Action::Redact).await?;
    let before = case.row().row.clone();
    let timing = town.timing_of(&before, tx.now())?;
    workflow::may(case.row(), Action::Redact, tx.actor().account(), &timing)?;
    let refused = |field, because| UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because));
    if command.address.is_some() && before.address.is_none() {
        return Err(refused("address", "no_address").into());
    }
    let description = command.description.as_ref().is_some_and(|new| *new != before.description);
    let address = command.address.is_some() && command.address != before.address;
    if !description && !address {
        let field = if command.description.is_some() { "description" } else { "address" };
        return Err(refused(field, "unchanged").into());
    }
    let redaction = Redaction { description, address, photo: None, reason: command.reason };
    let words = Words::of(NoteKind::ContentReview, command.note.as_ref());
    let mut case = carry_out(tx, town, case, &Command::Redact(redaction), words).await?;
    store::replace_words(tx, &mut case.row, command.description.as_ref(), command.address.as_ref()).await?;
    Ok(case)
}

/// The photo that somebody may paint over now, as it is shown: asked before any work is done on its bytes.
///
/// # Errors
/// As [`redact_photo`].
pub async fn photo_to_redact(
    base: &Base,
    town: &Town,
    actor: &Actor,
    command: &RedactPhoto,
) -> Result<attachment::Model> {
    let (db, now) = (base.db.reader(), base.clock.now());
    let sight = policy::sight(actor, now);
    let case = store::case(db, &sight, Asker::of(actor, now), command.on.id).await?.ok_or(Error::NotFound)?;
    let case = case.permit(actor, Action::Redact)?;
    command.on.check(case.row().row.version)?;
    workflow::may(case.row(), Action::Redact, actor.account(), &town.timing_of(&case.row().row, now)?)?;
    store::photo_of(db, command.on.id, command.photo).await?.ok_or_else(|| unknown("attachmentId"))
}

/// A dispatcher or a supervisor has parts of a photo painted over (遮盖照片): every address of it shows that from now on. What was
/// taken in is kept, however often it is done.
///
/// # Errors
/// `INVALID` for a photo that is not of the case; [`Error::Conflict`] when somebody else painted on it meanwhile.
pub async fn redact_photo(tx: &mut Tx, town: &Town, (command, painted): (&RedactPhoto, &Painted)) -> Result<Case> {
    let case = permitted(tx, command.on, Action::Redact).await?;
    let photo = Some(command.photo);
    let redaction = Redaction { description: false, address: false, photo, reason: command.reason };
    let words = Words::of(NoteKind::ContentReview, command.note.as_ref());
    let case = carry_out(tx, town, case, &Command::Redact(redaction), words).await?;
    media::repaint(tx, painted).await?;
    Ok(case)
}

/// Of which case somebody wants to see what it was, and why.
#[derive(Clone, Debug)]
pub struct RevealOriginal {
    /// The case.
    pub id: ServiceRequestId,
    /// Why it is needed.
    pub reason: Reason,
}

/// What a case was before something was taken out of it (原文).
#[derive(Debug)]
pub struct Original {
    /// What the reporter said, where other words stand in its place.
    pub description: Option<String>,
    /// Where, in words, where others stand in its place.
    pub address: Option<String>,
    /// Photos of which parts were painted over.
    pub photos: Vec<AttachmentId>,
    /// How long it may be shown.
    pub life: TimeDelta,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Shows what a case was before something was taken out of it (查看原文); each look is a line of the audit chain.
///
/// # Errors
/// [`Error::Forbidden`] for who does not decide what is published; `INVALID` where nothing is kept.
pub async fn reveal_original(tx: &mut Tx, command: &RevealOriginal) -> Result<Original> {
    let on = Target { id: command.id, expected_version: None };
    let case = permitted(tx, on, Action::RevealOriginal).await?;
    let row = &case.row().row;
    let (description, address) = store::original_words(tx, command.id).await?.unwrap_or_default();
    let photos = media::attachments_of(tx.db(), &[command.id]).await?.into_iter();
    let photos: Vec<AttachmentId> = photos.filter(|photo| photo.original_id.is_some()).map(|photo| photo.id).collect();
    if description.is_none() && address.is_none() && photos.is_empty() {
        return Err(UserError::at(UserErrorCode::Invalid, "id").with(Detail::Because("no_original")).into());
    }
    let about = row.reporter_id;
    tx.concerns(command.id);
    tx.audit_reason(command.reason.as_str(), about);
    Ok(Original { description, address, photos, life: SHOWN, until: tx.now() + SHOWN })
}
