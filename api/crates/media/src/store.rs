//! The only file of this slice that names columns (存取).

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use entity::attachment;
use entity::enums::{AttachmentPhase, ContentState};
use entity::id::{AccountId, AttachmentId, Id};
use kernel::db::in_keys;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use uuid::Uuid;

use crate::paint::Painted;

/// Photos of subjects, in the order they were taken in, for loaders; a subject has few.
///
/// # Errors
/// When the database does not answer.
pub async fn attachments_of<K: Id>(db: &impl ConnectionTrait, subjects: &[K]) -> Result<Vec<attachment::Model>> {
    let photos = attachment::Entity::find()
        .filter(in_keys(db, attachment::Column::SubjectId, subjects))
        .order_by_asc(attachment::Column::SubjectId)
        .order_by_asc(attachment::Column::CreatedAt)
        .order_by_asc(attachment::Column::Id);
    Ok(photos.all(db).await?)
}

/// Photos by id, for loaders. Until it is attached a photo is its owner's alone; then it is seen by whoever sees the subject.
///
/// # Errors
/// When the database does not answer.
pub async fn attachments_by_ids(db: &impl ConnectionTrait, ids: &[AttachmentId]) -> Result<Vec<attachment::Model>> {
    Ok(attachment::Entity::find().filter(in_keys(db, attachment::Column::Id, ids)).all(db).await?)
}

/// Attaches a person's own unused photos to a subject, in the transaction that makes or moves it (附件关联). One conditional
/// update: of two who would use the same photo, one fails.
///
/// # Errors
/// `INVALID` at `attachmentIds` when a photo is unknown, another person's or used already; nothing is attached then.
pub async fn attach(
    tx: &Tx,
    ids: &[AttachmentId],
    owner: AccountId,
    (subject_kind, subject_id): (&'static str, Uuid),
    phase: AttachmentPhase,
) -> Result<()> {
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(());
    }
    let attached = attachment::Entity::update_many()
        .set(attachment::ActiveModel {
            subject_kind: Set(Some(subject_kind.to_owned())),
            subject_id: Set(Some(subject_id)),
            phase: Set(phase),
            ..Default::default()
        })
        .filter(in_keys(tx.db(), attachment::Column::Id, &wanted))
        .filter(attachment::Column::OwnerId.eq(owner))
        .filter(attachment::Column::SubjectId.is_null())
        .exec(tx.db())
        .await?;
    if attached.rows_affected == wanted.len() as u64 {
        return Ok(());
    }
    Err(UserError::at(UserErrorCode::Invalid, "attachmentIds").with(Detail::Because("not_attachable")).into())
}

/// Has a subject show these photos, and no others (展示照片): its own stay, new ones are attached, the rest goes.
///
/// # Errors
/// As [`attach`].
pub async fn show<K: Id>(tx: &Tx, subject_kind: &'static str, subject: K, wanted: &[AttachmentId]) -> Result<()> {
    let shown: BTreeSet<AttachmentId> =
        attachments_of(tx.db(), &[subject]).await?.into_iter().map(|photo| photo.id).collect();
    let wanted: BTreeSet<AttachmentId> = wanted.iter().copied().collect();
    let new: Vec<AttachmentId> = wanted.difference(&shown).copied().collect();
    let gone: Vec<AttachmentId> = shown.difference(&wanted).copied().collect();
    forget(tx, &gone).await?;
    // The product attaches nothing, so that there is somebody whenever there is something new.
    let Some(owner) = tx.actor().account().filter(|_| !new.is_empty()) else { return Ok(()) };
    attach(tx, &new, owner, (subject_kind, subject.into()), AttachmentPhase::During).await
}

/// How many photos of a person, taken in since an instant, wait to be used.
pub async fn count_unattached(db: &impl ConnectionTrait, owner: AccountId, since: DateTime<Utc>) -> Result<u64> {
    let waiting = attachment::Entity::find()
        .filter(attachment::Column::OwnerId.eq(owner))
        .filter(attachment::Column::CreatedAt.gt(since))
        .filter(attachment::Column::SubjectId.is_null());
    Ok(waiting.count(db).await?)
}

pub async fn insert(tx: &Tx, photo: &attachment::Model) -> Result<()> {
    let photo = photo.clone();
    let row = attachment::ActiveModel {
        id: Set(photo.id),
        owner_id: Set(photo.owner_id),
        subject_kind: Set(photo.subject_kind),
        subject_id: Set(photo.subject_id),
        phase: Set(photo.phase),
        content_type: Set(photo.content_type),
        byte_size: Set(photo.byte_size),
        width: Set(photo.width),
        height: Set(photo.height),
        sha256: Set(photo.sha256),
        object_id: Set(photo.object_id),
        original_id: Set(photo.original_id),
        content_state: Set(photo.content_state),
        created_at: Set(photo.created_at),
    };
    attachment::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// One photo.
pub async fn attachment(db: &impl ConnectionTrait, id: AttachmentId) -> Result<Option<attachment::Model>> {
    Ok(attachment::Entity::find_by_id(id).one(db).await?)
}

/// Deletes the rows of photos that were taken in before an instant and never used, some at a time; tells which. A photo that
/// is attached at the same moment stays.
pub async fn take_orphans(tx: &Tx, before: DateTime<Utc>, some: u64) -> Result<Vec<AttachmentId>> {
    let oldest = Query::select()
        .column(attachment::Column::Id)
        .from(attachment::Entity)
        .and_where(attachment::Column::SubjectId.is_null())
        .and_where(attachment::Column::CreatedAt.lt(before))
        .order_by(attachment::Column::CreatedAt, sea_orm::Order::Asc)
        .limit(some)
        .to_owned();
    let taken = attachment::Entity::delete_many()
        .filter(attachment::Column::Id.in_subquery(oldest))
        .filter(attachment::Column::SubjectId.is_null())
        .exec_with_returning(tx.db())
        .await?;
    Ok(taken.into_iter().map(|photo| photo.id).collect())
}

/// The objects of a photo: what is shown, and what it was before, where that is kept.
pub fn objects(photo: &attachment::Model) -> impl Iterator<Item = AttachmentId> {
    std::iter::once(photo.object_id.unwrap_or(photo.id)).chain(photo.original_id)
}

/// Those of the ids that no row names as an object of a photo.
pub async fn unknown(db: &impl ConnectionTrait, ids: &[AttachmentId]) -> Result<Vec<AttachmentId>> {
    use attachment::Column as C;
    let names = Condition::any().add(in_keys(db, C::Id, ids)).add(in_keys(db, C::ObjectId, ids)).add(in_keys(
        db,
        C::OriginalId,
        ids,
    ));
    let photos = attachment::Entity::find().filter(names).all(db).await?;
    let known: HashSet<AttachmentId> = photos.iter().flat_map(objects).collect();
    Ok(ids.iter().filter(|id| !known.contains(id)).copied().collect())
}

/// The refusal of one photo too many.
pub fn too_many(limit: u64) -> Error {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    UserError::at(UserErrorCode::LimitExceeded, crate::decode::FIELD).with(Detail::Limit(limit)).into()
}

/// Deletes the rows of a person's photos that were never used; tells which.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_unattached(tx: &Tx, owner: AccountId) -> Result<Vec<AttachmentId>> {
    let waiting = attachment::Entity::find()
        .filter(attachment::Column::OwnerId.eq(owner))
        .filter(attachment::Column::SubjectId.is_null());
    let ids: Vec<AttachmentId> = waiting.all(tx.db()).await?.into_iter().map(|row| row.id).collect();
    attachment::Entity::delete_many().filter(in_keys(tx.db(), attachment::Column::Id, &ids)).exec(tx.db()).await?;
    Ok(ids)
}

/// Deletes the rows of some photos (撤下照片); their objects are strays since, which the nightly sweep removes.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &Tx, ids: &[AttachmentId]) -> Result<()> {
    if !ids.is_empty() {
        attachment::Entity::delete_many().filter(in_keys(tx.db(), attachment::Column::Id, ids)).exec(tx.db()).await?;
    }
    Ok(())
}

/// Deletes the rows of photos attached to subjects, those of a phase kept; tells which.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_attached<K: Id>(tx: &Tx, subjects: &[K], kept: AttachmentPhase) -> Result<Vec<AttachmentId>> {
    let photos = attachments_of(tx.db(), subjects).await?;
    let gone: Vec<_> = photos.into_iter().filter(|photo| photo.phase != kept).collect();
    let ids: Vec<AttachmentId> = gone.iter().map(|photo| photo.id).collect();
    attachment::Entity::delete_many().filter(in_keys(tx.db(), attachment::Column::Id, &ids)).exec(tx.db()).await?;
    Ok(gone.iter().flat_map(objects).chain(forget_originals(tx, subjects).await?).collect())
}

/// Forgets what photos of subjects were before parts of them were painted over; tells which objects are to be removed.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_originals<K: Id>(tx: &Tx, subjects: &[K]) -> Result<Vec<AttachmentId>> {
    use attachment::Column as C;
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let own = || Condition::all().add(in_keys(tx.db(), C::SubjectId, subjects)).add(C::OriginalId.is_not_null());
    let photos = attachment::Entity::find().filter(own()).all(tx.db()).await?;
    if photos.is_empty() {
        return Ok(Vec::new());
    }
    let forgotten = attachment::ActiveModel { original_id: Set(None), ..Default::default() };
    attachment::Entity::update_many().set(forgotten).filter(own()).exec(tx.db()).await?;
    Ok(photos.into_iter().filter_map(|photo| photo.original_id).collect())
}

/// Shows a photo with parts of it painted over from now on, in place of the picture that they were painted on; what was taken in is
/// kept.
///
/// # Errors
/// [`Error::Conflict`] when somebody else painted on it meanwhile.
pub async fn repaint(tx: &Tx, painted: &Painted) -> Result<()> {
    use attachment::Column as C;
    let before = &painted.photo;
    let original = if before.object_id.is_none() { Some(before.id) } else { before.original_id };
    let after = attachment::ActiveModel {
        object_id: Set(Some(painted.object)),
        original_id: Set(original),
        byte_size: Set(painted.byte_size),
        sha256: Set(painted.sha256.clone()),
        ..Default::default()
    };
    let shown = match before.object_id {
        Some(object) => C::ObjectId.eq(object),
        None => C::ObjectId.is_null(),
    };
    let shows = attachment::Entity::update_many().set(after).filter(C::Id.eq(before.id)).filter(shown);
    if shows.exec(tx.db()).await?.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Notes what a moderator decided about a photo (内容审核).
///
/// # Errors
/// When the database does not answer.
pub async fn judge(tx: &Tx, id: AttachmentId, verdict: ContentState) -> Result<()> {
    let photo = attachment::ActiveModel { content_state: Set(verdict), ..Default::default() };
    attachment::Entity::update_many().set(photo).filter(attachment::Column::Id.eq(id)).exec(tx.db()).await?;
    Ok(())
}
