//! What is kept of a meeting (会议记录): its minutes, its photos, and what was voted on.

use entity::event_record::Model;
use entity::event_resolution;
use entity::id::EventId;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::target::Seen;
use kernel::tx::Tx;

use super::attending::{expect_all, glance_for};
use super::planning::hold_for;
use crate::attending::is_by_roster;
use crate::command::{SaveRecord, Vote};
use crate::policy::EventAction;
use crate::store::{self, Record, Resolution};
use crate::workflow;

/// Kind of what photos of a record are attached to.
const SUBJECT: &str = "event_record";
/// Things that are voted on at a meeting, at most.
pub const RESOLUTIONS: i16 = 20;

/// Writes the record of a meeting (会议记录), until a month after it; its photos are looked at by somebody else before those see them whom
/// the event is for.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; `INVALID_TRANSITION` unless it is published; `NOT_IN_WINDOW` before it begins; `DEADLINE_PASSED`; `REQUIRED` at
/// `expectedVersion` where there is one already, [`Error::Conflict`] when it is stale; `INVALID` at `attachmentIds` for photos that are none.
pub async fn save_record(tx: &mut Tx, SaveRecord(wanted): &SaveRecord) -> Result<Model> {
    let event = hold_for(tx, wanted.event, EventAction::KeepRecord).await?;
    workflow::may(&event, EventAction::KeepRecord, tx.actor().account(), tx.now())?;
    let before = store::record_row(tx.db(), event.id).await?;
    match (&before, wanted.expected_version) {
        (None, None) => {}
        (Some(_), None) => return Err(Error::refused_at(UserErrorCode::Required, "expectedVersion")),
        (before, Some(seen)) if before.as_ref().map(|before| before.version) != Some(seen) => {
            return Err(Error::Conflict);
        }
        (_, Some(_)) => {}
    }
    let after = store::written(tx, before.as_ref(), wanted)?;
    store::put_record(tx, before.as_ref(), &after).await?;
    if let Some(photos) = &wanted.photos {
        media::show(tx, SUBJECT, after.id, photos).await?;
    }
    Ok(after)
}

/// The photos of a record are fit to be seen by those whom the event is for (核对照片); somebody else says so than who wrote it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; `SAME_PERSON` for who wrote it or took in one of its photos; `INVALID_TRANSITION` for what was looked at before.
pub async fn check_record(tx: &mut Tx, on: &Seen<EventId>) -> Result<Model> {
    let by = tx.actor().person()?.account;
    let event = hold_for(tx, on.id, EventAction::CheckRecord).await?;
    workflow::may(&event, EventAction::CheckRecord, Some(by), tx.now())?;
    let before = store::record_row(tx.db(), event.id).await?.ok_or(Error::NotFound)?;
    on.check(before.version)?;
    if before.checked_at.is_some() {
        return Err(UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(vec!["KEEP_RECORD"])).into());
    }
    let photos = media::attachments_of(tx.db(), &[before.id]).await?;
    if before.written_by == by || photos.iter().any(|photo| photo.owner_id == by) {
        return Err(Error::refused(UserErrorCode::SamePerson));
    }
    let mut after = before.clone();
    (after.checked_by, after.checked_at) = (Some(by), Some(tx.now()));
    (after.version, after.updated_at) = (before.version + 1, tx.now());
    store::put_record(tx, Some(&before), &after).await?;
    Ok(after)
}

/// Something was voted on (表决): whether it is passed follows from who should attend. What is written down stays so.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; `INVALID` at `eventId` where nobody is expected by a roster; `NOT_IN_WINDOW` before it begins;
/// `DEADLINE_PASSED` a month after it; `NO_QUORUM` unless more than half of those who vote are there; `INVALID` at `votesFor` with more
/// votes than these; `LIMIT_EXCEEDED`.
pub async fn vote(tx: &mut Tx, wanted: &Vote) -> Result<event_resolution::Model> {
    let by = tx.actor().person()?.account;
    let event = hold_for(tx, wanted.event, EventAction::KeepRecord).await?;
    if !is_by_roster(&event) {
        return Err(UserError::because("eventId", "no_roster").into());
    }
    workflow::may(&event, EventAction::KeepRecord, Some(by), tx.now())?;
    expect_all(tx, &event).await?;
    let quorum = store::quorum(tx, event.id).await?;
    quorum.check(wanted.count())?;
    let place = store::count_resolutions(tx, event.id).await? + 1;
    if place > RESOLUTIONS {
        return Err(UserError::at_most("eventId", RESOLUTIONS.into()).into());
    }
    let row = event_resolution::Model {
        id: tx.id()?,
        event_id: event.id,
        place,
        title_sealed: Vec::new(),
        voters: quorum.voters,
        present: quorum.present,
        votes_for: wanted.votes_for,
        votes_against: wanted.votes_against,
        abstained: wanted.abstained,
        is_passed: quorum.passes(wanted.votes_for),
        recorded_by: by,
        recorded_at: tx.now(),
    };
    store::insert_resolution(tx, row, wanted).await
}

/// Reads what is kept of a meeting. It is a verb, so that the line of the audit chain is written with the read.
///
/// # Errors
/// [`Error::NotFound`] for who may not even know the event, [`Error::Forbidden`] for who does not hold it.
pub async fn record(tx: &mut Tx, event: &Option<EventId>) -> Result<(Option<Record>, Vec<Resolution>)> {
    let id = event.ok_or(Error::NotFound)?;
    let event = glance_for(tx, id, EventAction::TakeAttendance).await?;
    let row = store::record_row(tx.db(), event.row.id).await?;
    let record = row.map(|row| store::opened(&tx.base().vault, row)).transpose()?;
    Ok((record, store::resolutions_of(tx, event.row.id).await?))
}

/// A record in clear, for who wrote it just now.
///
/// # Errors
/// A fault when it does not open.
pub fn open_record(base: &Base, row: Model) -> Result<Record> {
    store::opened(&base.vault, row)
}
