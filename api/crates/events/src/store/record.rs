//! Records of meetings, and what was voted on there.

use entity::event_record::{self as record, Column, Entity, Model};
use entity::event_resolution::{self as resolution, Column as R};
use entity::id::{EventId, EventResolutionId, Id as _};
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use kernel::vault::Vault;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::json;

use crate::command::{RawRecord, Vote};

/// Under which names the columns are sealed.
pub(super) const CHAIR: &str = "event_record.chair";
pub(super) const RECORDER: &str = "event_record.recorder";
pub(super) const MINUTES: &str = "event_record.minutes";
pub(super) const TITLE: &str = "event_resolution.title";

/// The record of a meeting, in clear (会议记录): for who holds it. Not to be printed.
#[derive(Clone)]
pub struct Record {
    /// The row.
    pub row: Model,
    /// Who chaired it.
    pub chair: String,
    /// Who took the minutes.
    pub recorder: String,
    /// What they say.
    pub minutes: String,
}

/// What was voted on, in clear (表决事项): for who holds the meeting. Not to be printed.
#[derive(Clone)]
pub struct Resolution {
    /// The row.
    pub row: resolution::Model,
    /// What was voted on.
    pub title: String,
}

/// The row of a record.
pub async fn record_row(db: &impl ConnectionTrait, event: EventId) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::EventId.eq(event)).one(db).await?)
}

/// A record in clear.
pub fn opened(vault: &Vault, row: Model) -> Result<Record> {
    let chair = vault.open(CHAIR, &row.chair_sealed)?;
    let recorder = vault.open(RECORDER, &row.recorder_sealed)?;
    let minutes = vault.open(MINUTES, &row.minutes_sealed)?;
    Ok(Record { row, chair, recorder, minutes })
}

/// A record as it is to be.
pub fn written(tx: &Tx, before: Option<&Model>, wanted: &RawRecord) -> Result<Model> {
    let vault = &tx.base().vault;
    let kept = before.filter(|_| wanted.photos.is_none());
    let photos = wanted.photos.as_ref().map(|ids| json!(ids.iter().map(|id| id.text()).collect::<Vec<_>>()));
    Ok(Model {
        id: before.map_or_else(|| tx.id(), |before| Ok(before.id))?,
        event_id: wanted.event,
        version: before.map_or(0, |before| before.version) + 1,
        chair_sealed: vault.seal(CHAIR, &wanted.chair)?,
        recorder_sealed: vault.seal(RECORDER, &wanted.recorder)?,
        minutes_sealed: vault.seal(MINUTES, &wanted.minutes)?,
        photos: photos.unwrap_or_else(|| before.map_or_else(|| json!([]), |before| before.photos.clone())),
        written_by: tx.actor().person()?.account,
        // Other photos are looked at anew.
        checked_by: kept.and_then(|before| before.checked_by),
        checked_at: kept.and_then(|before| before.checked_at),
        created_at: before.map_or_else(|| tx.now(), |before| before.created_at),
        updated_at: tx.now(),
    })
}

/// Writes a record, if nobody was faster.
pub async fn put_record(tx: &Tx, before: Option<&Model>, after: &Model) -> Result<()> {
    let Some(before) = before else {
        let inserted = Entity::insert(after.clone().into_active_model()).exec_without_returning(tx.db()).await;
        return inserted.map(|_| ()).map_err(|error| {
            if is_taken(&error, "event_record", &["event_id"]) { Error::Crossed(error) } else { error.into() }
        });
    };
    let own = Entity::update_many().set(bulk::changed(before, after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Records whose photos were looked at, for loaders: their ids and the order of the photos.
///
/// # Errors
/// When the database does not answer.
pub async fn checked_records(db: &impl ConnectionTrait, events: &[EventId]) -> Result<Vec<record::Model>> {
    let checked = Entity::find().filter(in_keys(db, Column::EventId, events)).filter(Column::CheckedAt.is_not_null());
    Ok(checked.all(db).await?)
}

/// How many things were voted on at an event.
pub async fn count_resolutions(tx: &Tx, event: EventId) -> Result<i16> {
    let last = resolution::Entity::find().select_only().column(R::Place).filter(R::EventId.eq(event));
    Ok(last.order_by_desc(R::Place).into_tuple().one(tx.db()).await?.unwrap_or_default())
}

/// Inserts what was voted on; its words are sealed here.
pub async fn insert_resolution(tx: &Tx, row: resolution::Model, vote: &Vote) -> Result<resolution::Model> {
    let row = resolution::Model { title_sealed: tx.base().vault.seal(TITLE, &vote.title)?, ..row };
    resolution::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

/// What was voted on at an event, in order.
pub async fn resolutions_of(tx: &Tx, event: EventId) -> Result<Vec<Resolution>> {
    let rows = resolution::Entity::find().filter(R::EventId.eq(event)).order_by_asc(R::Place).all(tx.db()).await?;
    let vault = &tx.base().vault;
    rows.into_iter().map(|row| resolved(vault, row)).collect()
}

/// What was voted on, by its key; for who wrote it down just now.
///
/// # Errors
/// When the database does not answer; a fault when its words do not open.
pub async fn resolution_by_id(base: &Base, id: EventResolutionId) -> Result<Option<Resolution>> {
    let row = resolution::Entity::find_by_id(id).one(base.db.reader()).await?;
    row.map(|row| resolved(&base.vault, row)).transpose()
}

fn resolved(vault: &Vault, row: resolution::Model) -> Result<Resolution> {
    let title = vault.open(TITLE, &row.title_sealed)?;
    Ok(Resolution { row, title })
}
