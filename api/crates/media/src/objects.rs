//! Where the bytes of photos are kept (对象存储): a local folder, or whatever else speaks [`ObjectStore`].

use std::path::Path as Folder;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use entity::id::AttachmentId;
use futures_util::TryStreamExt as _;
use kernel::error::{Error, Result};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};
use uuid::Uuid;

use crate::decode::Picture;
use crate::link::Variant;

/// The folder of all photos within the store.
const ROOT: &str = "photos";

/// Keeps photos in a local folder, made when it is missing. What was written stays written: files and folders are synced,
/// since the rows that name them are.
///
/// # Errors
/// When the folder cannot be made or read.
pub fn local_folder(folder: &Folder) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let context = || format!("photos cannot be kept in {}", folder.display());
    std::fs::create_dir_all(folder).with_context(context)?;
    let store = LocalFileSystem::new_with_prefix(folder).with_context(context)?;
    Ok(Arc::new(store.with_fsync(true).with_automatic_cleanup(true)))
}

/// The photos in an object store.
#[derive(Clone)]
pub struct Objects(pub Arc<dyn ObjectStore>);

impl Objects {
    /// Writes both variants of a photo; leaves nothing when one of them fails.
    pub async fn put(&self, id: AttachmentId, picture: Picture) -> Result<()> {
        let (full, thumbnail) = (path(id, Variant::Full), path(id, Variant::Thumbnail));
        let written = async {
            self.0.put(&full, PutPayload::from(picture.full)).await?;
            self.0.put(&thumbnail, PutPayload::from(picture.thumbnail)).await
        };
        if let Err(error) = written.await {
            self.remove(id).await;
            return Err(unavailable(&error));
        }
        Ok(())
    }

    /// Reads a photo.
    pub async fn get(&self, id: AttachmentId, variant: Variant) -> Result<Bytes> {
        let read = async { self.0.get(&path(id, variant)).await?.bytes().await };
        read.await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => Error::NotFound,
            error => unavailable(&error),
        })
    }

    /// Removes both variants; what does not go now is found as a stray later.
    pub async fn remove(&self, id: AttachmentId) {
        for variant in Variant::ALL {
            match self.0.delete(&path(id, variant)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => tracing::warn!(%error, %id, "a photo could not be removed"),
            }
        }
    }

    /// Ids of the photos in one of the 256 folders.
    pub async fn ids_in(&self, shelf: u8) -> Result<Vec<AttachmentId>> {
        let folder = Path::from_iter([ROOT, &format!("{shelf:02x}")]);
        let objects: Vec<_> = self.0.list(Some(&folder)).try_collect().await.map_err(|error| unavailable(&error))?;
        let named = |location: &Path| {
            let name = location.parts().nth(2)?;
            Uuid::try_parse(name.as_ref()).ok().map(AttachmentId)
        };
        let mut ids: Vec<AttachmentId> = objects.iter().filter_map(|object| named(&object.location)).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

/// Where a variant of a photo is: `photos/<shelf>/<id>/<variant>.jpg`. The shelf is the id's last byte, which is random, so
/// that no folder grows beyond what a file system likes.
fn path(id: AttachmentId, variant: Variant) -> Path {
    let [.., shelf] = id.0.into_bytes();
    let (shelf, name) = (format!("{shelf:02x}"), format!("{}.jpg", variant.text()));
    Path::from_iter([ROOT, &shelf, &id.0.simple().to_string(), &name])
}

fn unavailable(error: &object_store::Error) -> Error {
    tracing::error!(%error, "the object store does not answer as it should");
    Error::Unavailable("photos")
}
