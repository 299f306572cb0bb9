//! Taking photos in and handing them out (上传与下载).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use entity::attachment;
use entity::enums::{AttachmentPhase, ContentState};
use entity::id::AttachmentId;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::config;
use kernel::error::{Error, Result, UserError};
use kernel::tx::{Once, Outcome, Tx, new_id};
use kernel::vault::sha256;
use object_store::ObjectStore;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use crate::decode::{self, Opened, PhotoLimits, Picture};
use crate::link::{self, Form, Variant};
use crate::objects::Objects;
use crate::store;

/// Type of every stored photo.
pub const CONTENT_TYPE: &str = "image/jpeg";
/// Unused photos of one person at most: three reports in the making.
pub const UNATTACHED_PHOTOS: u64 = 30;
/// How long a photo may wait to be used before it is swept.
pub const ORPHAN_AGE: TimeDelta = TimeDelta::hours(24);

/// Decoding takes memory and a core; more at once would starve everybody else.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Of large photos one at a time: it alone may take some hundred megabytes.
static LARGE: Semaphore = Semaphore::const_new(1);
/// From how many pixels on a photo is large.
const LARGE_PIXELS: u64 = 16_000_000;
/// How long a photo waits for its turn; less than an operation may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// Photos that one transaction sweeps, or one look compares.
const SOME: usize = 200;

/// Photos (照片): what taking them in and handing them out needs beside the ground. Cheap to clone.
#[derive(Clone)]
pub struct Media {
    pub(crate) base: Base,
    pub(crate) objects: Objects,
    limits: PhotoLimits,
    address_life: TimeDelta,
}

/// A photo as it comes.
#[derive(Clone, Debug)]
pub struct NewPhoto {
    /// Its bytes, of which nothing is believed.
    pub bytes: Bytes,
    /// When it was taken.
    pub phase: AttachmentPhase,
}

/// A photo that was taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct Uploaded {
    /// Its row.
    pub attachment: attachment::Model,
    /// Whether it had been taken in before, under the same idempotency key.
    pub is_replay: bool,
}

/// A photo that is handed out. Send it with `X-Content-Type-Options: nosniff`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Its type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
    /// Whether clients may keep it for a while.
    pub is_kept: bool,
}

impl Media {
    /// Photos in an object store; see [`crate::local_folder`].
    #[must_use]
    pub fn new(base: Base, objects: Arc<dyn ObjectStore>, config: &config::Media) -> Self {
        let limits = PhotoLimits { bytes: config.photo_bytes, pixels: config.photo_pixels };
        let address_life = TimeDelta::minutes(i64::from(config.url_minutes));
        Self { base, objects: Objects(objects), limits, address_life }
    }

    /// Takes a photo in: decodes it and writes it anew before the transaction, then inserts its row. When the row fails, the
    /// photo is removed.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for visitors; at field `file`, `FILE_TOO_LARGE` and `FILE_TYPE_REJECTED` as
    /// [`crate::decode()`], `LIMIT_EXCEEDED` when too many photos of the person wait to be used; [`Error::Unavailable`] when
    /// too many photos are decoded at once, or the store does not answer; `IDEMPOTENCY_KEY_REUSED`.
    pub async fn upload(&self, actor: &Actor, once: Option<&Once>, photo: NewPhoto) -> Result<Uploaded> {
        let owner = actor.person()?.account;
        let now = self.base.clock.now();
        // A first look, so that nobody makes us decode for nothing; the transaction looks again.
        let waiting = store::count_unattached(self.base.db.reader(), owner, now - ORPHAN_AGE).await?;
        if waiting >= UNATTACHED_PHOTOS {
            return self.refuse_unless_replayed(actor, once).await;
        }
        let picture = on_a_thread(photo.bytes, self.limits, |opened| opened.render()).await?;
        let id: AttachmentId = new_id(&self.base, now)?;
        let row = attachment::Model {
            id,
            owner_id: owner,
            subject_kind: None,
            subject_id: None,
            phase: photo.phase,
            content_type: CONTENT_TYPE.to_owned(),
            byte_size: i64::try_from(picture.full.len()).unwrap_or(i64::MAX),
            width: i32::try_from(picture.width).unwrap_or(i32::MAX),
            height: i32::try_from(picture.height).unwrap_or(i32::MAX),
            sha256: sha256(&picture.full).to_vec(),
            object_id: None,
            original_id: None,
            // No machine looks at photos yet: whoever takes a case on, or verifies the work, does.
            content_state: ContentState::Pass,
            created_at: now,
        };
        self.objects.put(id, picture).await?;
        match self.insert(actor, once, &row).await {
            Ok(Outcome::Done(attachment)) => Ok(Uploaded { attachment, is_replay: false }),
            Ok(Outcome::Replay(first)) => {
                self.objects.remove(id).await;
                self.replayed(first).await
            }
            Err(error) => {
                self.remove_without_row(id).await;
                Err(error)
            }
        }
    }

    async fn insert(
        &self,
        actor: &Actor,
        once: Option<&Once>,
        row: &attachment::Model,
    ) -> Result<Outcome<attachment::Model>> {
        match once {
            Some(once) => {
                self.base.write_once(actor, once, row, |tx, row| Box::pin(insert(tx, row)), |photo| photo.id).await
            }
            None => self.base.write(actor, row, |tx, row| Box::pin(insert(tx, row))).await.map(Outcome::Done),
        }
    }

    async fn replayed(&self, first: Uuid) -> Result<Uploaded> {
        let first = store::attachment(self.base.db.reader(), AttachmentId(first)).await?;
        Ok(Uploaded { attachment: first.ok_or(Error::NotFound)?, is_replay: true })
    }

    /// The answer to one photo too many: a refusal, but to who asks again for what was taken in before.
    async fn refuse_unless_replayed(&self, actor: &Actor, once: Option<&Once>) -> Result<Uploaded> {
        let refused = || store::too_many(UNATTACHED_PHOTOS);
        let once = once.ok_or_else(refused)?;
        let asked = self.base.write_once(
            actor,
            once,
            &(),
            |_, ()| Box::pin(async { Err::<AttachmentId, _>(store::too_many(UNATTACHED_PHOTOS)) }),
            |first| *first,
        );
        match asked.await? {
            Outcome::Replay(first) => self.replayed(first).await,
            Outcome::Done(_) => Err(refused()),
        }
    }

    /// Removes a photo whose row failed. Where the answer to the commit was lost the row may be there: then the photo stays.
    async fn remove_without_row(&self, id: AttachmentId) {
        match store::attachment(self.base.db.reader(), id).await {
            Ok(None) => self.objects.remove(id).await,
            Ok(Some(_)) | Err(_) => tracing::warn!(%id, "a photo is left for the sweep: its row may be there"),
        }
    }

    /// The signed address of a photo, relative to the service, for somebody who may see it now.
    #[must_use]
    pub fn address(&self, id: AttachmentId, variant: Variant) -> String {
        link::address(&self.base.vault, id, variant, self.base.clock.now(), self.address_life)
    }

    /// As [`Media::address`], valid for another time.
    #[must_use]
    pub fn address_for(&self, id: AttachmentId, life: TimeDelta) -> String {
        link::address(&self.base.vault, id, Variant::Full, self.base.clock.now(), life)
    }

    /// The signed address of a photo as it was taken in, before parts of it were painted over; for an audited look.
    #[must_use]
    pub fn original_address(&self, id: AttachmentId, life: TimeDelta) -> String {
        link::original(&self.base.vault, id, self.base.clock.now(), life)
    }

    /// What we wrote ourselves is read again, whatever is taken in now.
    pub(crate) fn limits_of(&self, bytes: usize) -> PhotoLimits {
        PhotoLimits {
            bytes: self.limits.bytes.max(bytes),
            pixels: self.limits.pixels.max(PhotoLimits::default().pixels),
        }
    }

    /// Removes photos whose rows are gone.
    pub async fn remove(&self, ids: &[AttachmentId]) {
        for id in ids {
            self.objects.remove(*id).await;
        }
    }

    /// Hands out the photo of a signed address: the two last parts of its path, and `expires` and `signature` of its query.
    ///
    /// # Errors
    /// [`Error::NotFound`] alike for an address that was changed, that has expired, or whose photo is gone.
    pub async fn serve(&self, path: (&str, &str), query: (&str, &str)) -> Result<Served> {
        let now = self.base.clock.now();
        let (id, form) = link::check(&self.base.vault, now, path, query).ok_or(Error::NotFound)?;
        let photo = store::attachment(self.base.db.reader(), id).await?.ok_or(Error::NotFound)?;
        // An address of before shows what is shown now.
        let (object, variant) = match form {
            Form::Shown(variant) => (photo.object_id.unwrap_or(photo.id), variant),
            Form::Original => (photo.original_id.ok_or(Error::NotFound)?, Variant::Full),
        };
        let bytes = self.objects.get(object, variant).await?;
        Ok(Served { content_type: CONTENT_TYPE, bytes, is_kept: form != Form::Original })
    }

    /// Sweeps photos that have waited longer than an age ([`ORPHAN_AGE`]) to be used; for the scheduler. Tells how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep_orphans(&self, older_than: TimeDelta) -> Result<usize> {
        let before = self.base.clock.now() - older_than;
        let mut swept = 0;
        loop {
            let taken = self.base.write(&Actor::System, &before, |tx, before| {
                Box::pin(async move { store::take_orphans(tx, *before, SOME as u64).await })
            });
            let taken = taken.await?;
            // First the row, then the bytes: a photo that can be attached is always whole.
            for id in &taken {
                self.objects.remove(*id).await;
            }
            swept += taken.len();
            if taken.len() < SOME {
                return Ok(swept);
            }
        }
    }

    /// Sweeps photos without a row that are older than an age: what a process left that ended between writing the one and the
    /// other. Reads the names of all photos; for the scheduler at night. Tells how many.
    ///
    /// # Errors
    /// When the database or the object store does not answer.
    pub async fn sweep_strays(&self, older_than: TimeDelta) -> Result<usize> {
        let before = self.base.clock.now() - older_than;
        let mut swept = 0;
        for shelf in 0..=u8::MAX {
            let mut ids = self.objects.ids_in(shelf).await?;
            ids.retain(|id| taken_in_at(*id).is_none_or(|at| at < before));
            for some in ids.chunks(SOME) {
                for stray in store::unknown(self.base.db.reader(), some).await? {
                    self.objects.remove(stray).await;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }
}

async fn insert(tx: &mut Tx, row: &attachment::Model) -> Result<attachment::Model> {
    if store::count_unattached(tx.db(), row.owner_id, tx.now() - ORPHAN_AGE).await? >= UNATTACHED_PHOTOS {
        return Err(store::too_many(UNATTACHED_PHOTOS));
    }
    store::insert(tx, row).await?;
    Ok(row.clone())
}

/// When a photo was taken in, as its id says.
fn taken_in_at(id: AttachmentId) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

/// Decodes on one of few threads. The permits go with the work, so that a client that hangs up does not make room for a
/// third while its photo is still being decoded.
pub(crate) async fn on_a_thread(
    bytes: Bytes,
    limits: PhotoLimits,
    render: impl FnOnce(Opened<'_>) -> std::result::Result<Picture, UserError> + Send + 'static,
) -> Result<Picture> {
    // Before the wait: what can be told from the first bytes needs no turn.
    decode::check_type(&bytes, limits)?;
    let turn = wait_for(&AT_ONCE).await?;
    let runtime = tokio::runtime::Handle::current();
    let decoding = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let opened = Opened::open(&bytes, limits)?;
        let _alone = if opened.pixels > LARGE_PIXELS { Some(runtime.block_on(wait_for(&LARGE))?) } else { None };
        Ok(render(opened)?)
    });
    decoding.await.unwrap_or_else(|broken| {
        tracing::error!(%broken, "a decoder broke on a photo");
        Err(decode::damaged().into())
    })
}

async fn wait_for(turns: &'static Semaphore) -> Result<SemaphorePermit<'static>> {
    match tokio::time::timeout(PATIENCE, turns.acquire()).await {
        Ok(Ok(turn)) => Ok(turn),
        Ok(Err(_)) | Err(_) => Err(Error::Unavailable("photos")),
    }
}
