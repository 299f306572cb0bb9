//! 照片 / Photos on the wire.

use ::media::NewPhoto;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, Upload};
use chrono::{DateTime, Utc};
use entity::attachment;
use entity::id::Id as _;

use crate::context::{Ask as _, Result, once_of};
use crate::enums::{AttachmentPhase, ContentState};
use crate::errors::UserError;
use crate::mutation::refusals;

/// 照片尺寸 / Size of a photo.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "::media::Variant")]
pub enum PhotoVariant {
    /// 原尺寸，长边至多 2560 像素 / Full, long edge at most 2,560 pixels.
    Full,
    /// 缩略图，长边 480 像素 / Thumbnail, long edge 480 pixels.
    Thumbnail,
}

/// An uploaded photo.
#[derive(Clone)]
pub struct Attachment(pub(crate) attachment::Model);

impl Attachment {
    /// Photos of a subject in the order in which it shows them.
    pub(crate) fn in_order(mut rows: Vec<attachment::Model>, order: &serde_json::Value) -> Vec<Self> {
        let order: Vec<String> = serde::Deserialize::deserialize(order).unwrap_or_default();
        rows.sort_by_key(|photo| order.iter().position(|id| *id == photo.id.text()));
        rows.into_iter().map(Self).collect()
    }
}

/// 照片：已重新编码，不含拍摄位置 / A photo: re-encoded, without metadata.
#[Object]
impl Attachment {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 有时效的地址 / Signed address, valid for a while.
    async fn url(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "PhotoVariant::Full", desc = "尺寸 / Size.")] variant: PhotoVariant,
    ) -> String {
        ctx.house().media.address(self.0.id, variant.into())
    }

    /// 阶段 / When it was taken.
    async fn phase(&self) -> AttachmentPhase {
        self.0.phase.into()
    }

    /// 类型 / Content type.
    async fn content_type(&self) -> &str {
        &self.0.content_type
    }

    /// 字节数 / Bytes.
    async fn byte_size(&self) -> i64 {
        self.0.byte_size
    }

    /// 宽，像素 / Width in pixels.
    async fn width(&self) -> i32 {
        self.0.width
    }

    /// 高，像素 / Height in pixels.
    async fn height(&self) -> i32 {
        self.0.height
    }

    /// 是否遮盖过 / Whether parts of it were painted over.
    async fn is_redacted(&self) -> bool {
        self.0.object_id.is_some()
    }

    /// 内容审核状态；未通过的只有作者和工作人员可见 / What the content check says; what did not pass is for its author and staff.
    async fn content_state(&self) -> ContentState {
        self.0.content_state.into()
    }

    /// 上传时间 / When it was uploaded.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// 上传照片 / Uploads a photo.
#[derive(InputObject)]
pub struct UploadAttachmentInput {
    /// 文件，JPEG、PNG 或 WebP，至多 10 MB / File: JPEG, PNG or WebP, at most 10 MB.
    file: Upload,
    /// 幂等键，8–64 个字符；不填则每次都是新照片 / Idempotency key; without one each call makes a new photo.
    idempotency_key: Option<String>,
}

/// 照片返回 / Payload of an upload.
#[derive(SimpleObject)]
pub struct AttachmentPayload {
    /// 照片 / The photo.
    attachment: Option<Attachment>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct MediaMutation;

/// 上传 / Uploads.
#[Object]
impl MediaMutation {
    /// 上传一张照片，之后在其他变更中引用；24 小时内未引用则删除 / Uploads one photo, to be named in another mutation within 24 h.
    async fn upload_attachment(&self, ctx: &Context<'_>, input: UploadAttachmentInput) -> Result<AttachmentPayload> {
        ctx.person()?;
        let file = input.file.value(ctx)?;
        let photo = NewPhoto { bytes: file.content, phase: entity::enums::AttachmentPhase::Before };
        let once =
            input.idempotency_key.as_deref().map(|key| once_of("uploadAttachment", key, &photo.bytes)).transpose();
        let actor = &ctx.caller().actor;
        let uploaded = async { ctx.house().media.upload(actor, once?.as_ref(), photo).await };
        Ok(match refusals(ctx, uploaded.await)? {
            Ok(done) => AttachmentPayload {
                attachment: Some(Attachment(done.attachment)),
                is_replay: done.is_replay,
                user_errors: Vec::new(),
            },
            Err(user_errors) => AttachmentPayload { attachment: None, is_replay: false, user_errors },
        })
    }
}
