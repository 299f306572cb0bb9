//! An uploaded photo (附件): re-encoded, without EXIF, in the object store.
use crate::enums::{AttachmentPhase, ContentState};
use crate::id::{AccountId, AttachmentId};
use sea_orm::entity::prelude::*;

/// An uploaded photo (附件): re-encoded, without EXIF, in the object store.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    /// Who uploaded it.
    pub owner_id: AccountId,
    /// What it was attached to.
    pub subject_kind: Option<String>,
    /// To which; null until used.
    pub subject_id: Option<Uuid>,
    /// Before, during or after.
    pub phase: AttachmentPhase,
    /// Type after re-encoding.
    pub content_type: String,
    /// Bytes.
    pub byte_size: i64,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
    /// Digest of the stored bytes.
    pub sha256: Vec<u8>,
    /// The object that is shown in place of its own, once parts of it were painted over.
    pub object_id: Option<AttachmentId>,
    /// The object as it was taken in, kept for audited looks; null where it is shown, or was removed.
    pub original_id: Option<AttachmentId>,
    /// What the content check says of it.
    pub content_state: ContentState,
    /// When.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
