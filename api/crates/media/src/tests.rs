//! Upload, attach, serve and sweep against a migrated SQLite file and a local folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use chrono::TimeDelta;
use entity::enums::{AccountStatus, AttachmentPhase};
use entity::id::{AccountId, AttachmentId, ServiceRequestId, SessionId};
use entity::{account, attachment};
use image::{ImageFormat, Rgb, RgbImage};
use kernel::actor::{Actor, Person};
use kernel::base::Base;
use kernel::chance::SeededChance;
use kernel::clock::MovableClock;
use kernel::config;
use kernel::db::{DatabaseConfig, Db};
use kernel::error::{Detail, Error, Result, UserErrorCode};
use kernel::redis::{Redis, RedisConfig};
use kernel::tx::Once;
use kernel::vault::{Vault, sha256};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, PaginatorTrait as _};
use sea_orm_migration::MigratorTrait as _;
use uuid::Uuid;

use crate::*;

const LIMITS: config::Media = config::Media { photo_bytes: 100_000, photo_pixels: 1_000_000, url_minutes: 30 };

struct Town {
    base: Base,
    clock: Arc<MovableClock>,
    media: Media,
    folder: PathBuf,
}

impl Drop for Town {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Town {
    async fn open() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("zhilitong-media-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite:{}", folder.join("town.db").display());
        let migrating = Db::connect_for_migration(&url).await.unwrap();
        migration::Migrator::up(&migrating, None).await.unwrap();
        migrating.close().await.unwrap();
        let db = Db::connect(&DatabaseConfig::at(url, 2)).await.unwrap();
        let redis = Redis::connect(&RedisConfig { url: "embedded:".into(), prefix: "t:".into() }).await.unwrap();
        let clock = Arc::new(MovableClock::at("2026-11-22T01:00:00Z".parse().unwrap()));
        let (chance, vault) = (Arc::new(SeededChance::new(7)), Vault::new(&[7; 32]).unwrap());
        let base = Base::new(db, redis, clock.clone(), chance, vault).unwrap();
        let media = Media::new(base.clone(), local_folder(&folder.join("media")).unwrap(), &LIMITS);
        Self { base, clock, media, folder }
    }

    async fn person(&self, number: u128) -> Actor {
        let actor = person(number);
        let row = account::Model {
            id: actor.account().unwrap(),
            status: AccountStatus::Active,
            name_sealed: None,
            phone_sealed: None,
            phone_index: None,
            created_at: self.base.clock.now(),
            updated_at: self.base.clock.now(),
            version: 1,
        };
        let row = account::ActiveModel::from(row).reset_all();
        account::Entity::insert(row).exec_without_returning(self.base.db.reader()).await.unwrap();
        actor
    }

    async fn uploads(&self, actor: &Actor) -> Result<attachment::Model> {
        let uploaded = self.media.upload(actor, None, photo()).await?;
        assert!(!uploaded.is_replay);
        Ok(uploaded.attachment)
    }

    async fn attaches(&self, ids: &[AttachmentId], owner: &Actor, subject: Uuid) -> Result<()> {
        let command = (ids.to_vec(), owner.account().unwrap(), subject);
        self.base
            .write(owner, &command, |tx, (ids, owner, subject)| {
                Box::pin(attach(tx, ids, *owner, ("request", *subject), AttachmentPhase::Before))
            })
            .await
    }

    async fn serves(&self, address: &str) -> Result<Served> {
        let (path, query) = address.split_once('?').unwrap();
        let path = path.strip_prefix("/media/").unwrap().split_once('/').unwrap();
        let (expires, signature) = query.split_once('&').unwrap();
        let query = (expires.strip_prefix("expires=").unwrap(), signature.strip_prefix("signature=").unwrap());
        self.media.serve(path, query).await
    }

    async fn rows(&self) -> u64 {
        attachment::Entity::find().count(self.base.db.reader()).await.unwrap()
    }

    /// All files that the store keeps, temporary ones included.
    fn files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, files) } else { files.push(path) }
            }
        }
        let mut files = Vec::new();
        walk(&self.folder.join("media"), &mut files);
        files
    }
}

fn person(number: u128) -> Actor {
    let (account, session) = (AccountId(Uuid::from_u128(number)), SessionId(Uuid::nil()));
    Actor::Person(Person { account, session, grants: Vec::new() })
}

fn photo() -> NewPhoto {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(64, 32, Rgb([200, 10, 10])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    NewPhoto { bytes: Bytes::from(bytes.into_inner()), phase: AttachmentPhase::Before }
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T>, code: UserErrorCode, field: &str, detail: Detail) {
    let Err(Error::Refused(errors)) = result else { panic!("{result:?}") };
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!((error.code, error.field.as_slice(), &error.detail), (code, &[field.to_owned()] as &[String], &detail));
}

#[tokio::test]
async fn a_photo_is_taken_in_and_handed_out_by_its_address() {
    let town = Town::open().await;
    let ann = town.person(1).await;
    let row = town.uploads(&ann).await.unwrap();
    assert_eq!((row.width, row.height, row.content_type.as_str()), (64, 32, CONTENT_TYPE));
    assert_eq!((row.owner_id, row.subject_id, row.phase), (ann.account().unwrap(), None, AttachmentPhase::Before));
    let served = town.serves(&town.media.address(row.id, Variant::Full)).await.unwrap();
    assert_eq!((i64::try_from(served.bytes.len()).unwrap(), served.content_type), (row.byte_size, CONTENT_TYPE));
    assert_eq!(sha256(&served.bytes).to_vec(), row.sha256);
    let thumbnail = town.media.address(row.id, Variant::Thumbnail);
    assert_eq!(sniff(&town.serves(&thumbnail).await.unwrap().bytes), Some(PhotoType::Jpeg));
    assert_eq!(town.files().len(), 2);
    assert_eq!(attachments_by_ids(town.base.db.reader(), &[row.id]).await.unwrap(), [row]);
    town.clock.advance(TimeDelta::minutes(31));
    assert!(matches!(town.serves(&thumbnail).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn refused_photos_leave_neither_row_nor_file() {
    let town = Town::open().await;
    let ann = town.person(1).await;
    let of = |bytes: &[u8]| NewPhoto { bytes: Bytes::copy_from_slice(bytes), ..photo() };
    let stranger = town.media.upload(&Actor::Anonymous, None, photo()).await;
    assert!(matches!(stranger, Err(Error::Unauthenticated)), "{stranger:?}");
    let half = photo().bytes;
    for (bytes, code, detail) in [
        (b"%PDF-1.7".to_vec(), UserErrorCode::FileTypeRejected, Detail::Because("type")),
        (half[..half.len() / 2].to_vec(), UserErrorCode::FileTypeRejected, Detail::Because("damaged")),
        (vec![0xFF; 100_001], UserErrorCode::FileTooLarge, Detail::Limit(100_000)),
    ] {
        assert_refused(town.media.upload(&ann, None, of(&bytes)).await, code, "file", detail);
    }
    // The row fails: there is no such account.
    let failed = town.uploads(&person(404)).await;
    assert!(matches!(failed, Err(Error::Fault(_))), "{failed:?}");
    assert_eq!((town.rows().await, town.files()), (0, Vec::new()));
}

#[tokio::test]
async fn an_upload_that_is_repeated_gives_the_same_photo() {
    let town = Town::open().await;
    let ann = town.person(1).await;
    let once = Once { key: "photo-1-of-3".into(), fingerprint: vec![1] };
    let first = town.media.upload(&ann, Some(&once), photo()).await.unwrap();
    let again = town.media.upload(&ann, Some(&once), photo()).await.unwrap();
    assert_eq!((first.is_replay, again.is_replay), (false, true));
    assert_eq!(first.attachment, again.attachment);
    assert_eq!((town.rows().await, town.files().len()), (1, 2));
    let other = Once { fingerprint: vec![2], ..once.clone() };
    let reused = town.media.upload(&ann, Some(&other), photo()).await;
    assert_refused(reused, UserErrorCode::IdempotencyKeyReused, "idempotencyKey", Detail::None);
    assert_eq!(town.files().len(), 2);
}

#[tokio::test]
async fn a_person_may_keep_only_so_many_unused_photos() {
    let town = Town::open().await;
    let (ann, bob) = (town.person(1).await, town.person(2).await);
    let once = Once { key: "photo-1".into(), fingerprint: vec![1] };
    let first = town.media.upload(&ann, Some(&once), photo()).await.unwrap().attachment;
    for _ in 1..UNATTACHED_PHOTOS {
        town.uploads(&ann).await.unwrap();
    }
    let limit = || Detail::Limit(30);
    assert_refused(town.uploads(&ann).await, UserErrorCode::LimitExceeded, "file", limit());
    let more = Once { key: "photo-31".into(), fingerprint: vec![1] };
    let refused = town.media.upload(&ann, Some(&more), photo()).await;
    assert_refused(refused, UserErrorCode::LimitExceeded, "file", limit());
    // What was taken in before may be asked for again, and others have room of their own.
    let again = town.media.upload(&ann, Some(&once), photo()).await.unwrap();
    assert_eq!((again.is_replay, again.attachment.id), (true, first.id));
    town.uploads(&bob).await.unwrap();
    town.attaches(&[first.id], &ann, Uuid::from_u128(7)).await.unwrap();
    town.uploads(&ann).await.unwrap();
}

#[tokio::test]
async fn photos_are_attached_all_or_none_and_only_once() {
    let town = Town::open().await;
    let (ann, bob) = (town.person(1).await, town.person(2).await);
    let (one, two) = (town.uploads(&ann).await.unwrap().id, town.uploads(&ann).await.unwrap().id);
    let foreign = town.uploads(&bob).await.unwrap().id;
    let unknown = AttachmentId(Uuid::from_u128(404));
    let request = ServiceRequestId(Uuid::from_u128(7));
    for ids in [vec![one, foreign], vec![unknown], vec![one, two, unknown], vec![foreign]] {
        let refused = town.attaches(&ids, &ann, request.0).await;
        assert_refused(refused, UserErrorCode::Invalid, "attachmentIds", Detail::Because("not_attachable"));
    }
    let db = town.base.db.reader();
    assert!(attachments_of(db, &[request]).await.unwrap().is_empty());
    town.attaches(&[], &ann, request.0).await.unwrap();
    town.attaches(&[one, two, one], &ann, request.0).await.unwrap();
    let attached = attachments_of(db, &[request, ServiceRequestId(Uuid::from_u128(8))]).await.unwrap();
    assert_eq!(attached.len(), 2);
    assert!(attached.iter().all(|photo| photo.subject_kind.as_deref() == Some("request")));
    let again = town.attaches(&[two], &ann, Uuid::from_u128(8)).await;
    assert_refused(again, UserErrorCode::Invalid, "attachmentIds", Detail::Because("not_attachable"));
}

#[tokio::test]
async fn unused_photos_are_swept_and_used_ones_stay() {
    let town = Town::open().await;
    let ann = town.person(1).await;
    let (used, unused) = (town.uploads(&ann).await.unwrap().id, town.uploads(&ann).await.unwrap().id);
    town.attaches(&[used], &ann, Uuid::from_u128(7)).await.unwrap();
    assert_eq!(town.media.sweep_orphans(ORPHAN_AGE).await.unwrap(), 0);
    town.clock.advance(TimeDelta::hours(25));
    let fresh = town.uploads(&ann).await.unwrap().id;
    assert_eq!(town.media.sweep_orphans(ORPHAN_AGE).await.unwrap(), 1);
    assert_eq!((town.rows().await, town.files().len()), (2, 4));
    for (id, is_there) in [(used, true), (unused, false), (fresh, true)] {
        let served = town.serves(&town.media.address(id, Variant::Full)).await;
        assert_eq!(served.is_ok(), is_there, "{served:?}");
    }
}

#[tokio::test]
async fn photos_without_a_row_are_swept_once_they_are_old() {
    let town = Town::open().await;
    let ann = town.person(1).await;
    let kept = town.uploads(&ann).await.unwrap().id;
    let lost = town.uploads(&ann).await.unwrap().id;
    attachment::Entity::delete_by_id(lost).exec(town.base.db.reader()).await.unwrap();
    assert_eq!(town.media.sweep_strays(TimeDelta::hours(1)).await.unwrap(), 0);
    town.clock.advance(TimeDelta::hours(2));
    assert_eq!(town.media.sweep_strays(TimeDelta::hours(1)).await.unwrap(), 1);
    assert_eq!(town.files().len(), 2);
    assert!(town.serves(&town.media.address(kept, Variant::Full)).await.is_ok());
}

#[tokio::test]
async fn many_uploads_at_once_all_arrive() {
    let town = Town::open().await;
    let ann = town.person(1).await;
    // Each may be carried on by another thread, as resolvers are.
    let movable = |upload| -> std::pin::Pin<Box<dyn Future<Output = Result<Uploaded>> + Send + '_>> { upload };
    let uploads: Vec<_> = (0..12).map(|_| movable(Box::pin(town.media.upload(&ann, None, photo())))).collect();
    let uploaded = futures_util::future::join_all(uploads).await;
    assert!(uploaded.iter().all(std::result::Result::is_ok), "{uploaded:?}");
    assert_eq!((town.rows().await, town.files().len()), (12, 24));
}

/// The middle of a JPEG's pixel, as bright as it is.
fn brightness(bytes: &[u8], x: u32, y: u32) -> u32 {
    let picture = image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap().into_rgb8();
    picture.get_pixel(x, y).0.iter().map(|part| u32::from(*part)).sum()
}

#[tokio::test]
async fn what_is_painted_over_is_black_and_the_first_picture_is_kept() {
    let town = Town::open().await;
    let ann = town.person(1).await;
    let photo = town.uploads(&ann).await.unwrap();
    let subject = Uuid::from_u128(9);
    town.attaches(&[photo.id], &ann, subject).await.unwrap();
    let address = town.media.address(photo.id, Variant::Full);
    let first = town.serves(&address).await.unwrap();
    let parts = [paint::Rectangle { x: 0, y: 0, width: 16, height: 16 }];
    let painted = town.media.paint(&photo, &parts).await.unwrap();
    assert_eq!(town.serves(&address).await.unwrap(), first, "painted, and shown to nobody yet");
    let repainted = town.base.write(&ann, &painted, |tx, painted| Box::pin(async move { repaint(tx, painted).await }));
    repainted.await.unwrap();
    let shown = town.serves(&address).await.unwrap();
    assert!(brightness(&first.bytes, 4, 4) > 60 && brightness(&shown.bytes, 4, 4) < 30);
    let original = town.media.original_address(photo.id, TimeDelta::minutes(5));
    let kept = town.serves(&original).await.unwrap();
    assert_eq!((kept.bytes, kept.is_kept), (first.bytes, false));
    let again = town.base.write(&ann, &painted, |tx, painted| Box::pin(async move { repaint(tx, painted).await }));
    assert!(matches!(again.await, Err(Error::Conflict)), "somebody painted meanwhile");
    // Neither object is a stray while the row names it.
    town.clock.advance(TimeDelta::days(2));
    assert_eq!(town.media.sweep_strays(ORPHAN_AGE).await.unwrap(), 0);
    let ids = [ServiceRequestId(subject)];
    let gone =
        town.base.write(&ann, &ids, |tx, ids| Box::pin(async move { forget_originals(tx, ids.as_slice()).await }));
    assert_eq!(gone.await.unwrap(), [photo.id]);
    assert_eq!(town.media.sweep_strays(ORPHAN_AGE).await.unwrap(), 1);
    let address = town.media.address(photo.id, Variant::Full);
    assert_eq!(town.serves(&address).await.unwrap().bytes, shown.bytes);
}

#[test]
fn rectangles_are_judged_without_a_photo() {
    let part = |x, y, width, height| paint::Rectangle { x, y, width, height };
    assert!(paint::check(&[part(0, 0, 8, 8)]).is_ok());
    assert!(
        paint::check(&[part(i32::MAX, i32::MAX, i32::MAX, i32::MAX)]).is_ok(),
        "the photo says that it lies outside"
    );
    for bad in [vec![], vec![part(0, 0, 8, 8); 21], vec![part(-1, 0, 8, 8)], vec![part(0, 0, 7, 8)]] {
        assert!(paint::check(&bad).is_err(), "{bad:?}");
    }
}
