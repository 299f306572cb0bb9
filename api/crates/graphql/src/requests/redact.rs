//! Taking something out of what requests say and show, and seeing what it was.

use ::identity::Reason;
use ::media::paint::{Painted, Rectangle};
use ::requests as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{AttachmentId, Id as _, ServiceRequestId};
use kernel::error::Result as KernelResult;
use kernel::redis::window::{self, Window};

use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::{act, refusals};
use crate::requests::call::{Call, ServiceRequestPayload, target};
use crate::requests::inputs::*;

/// Looks of one person: more than anybody has to decide about, far fewer than all there are.
const PER_PERSON: [Window; 1] = [Window { limit: 50, seconds: 86_400 }];

/// 查看原文；必填事由，每次留痕 / Shows what a request was before something was taken out of it; each look is a line of the audit chain.
#[derive(InputObject)]
pub struct RevealOriginalInput {
    /// 诉求标识 / The request.
    id: ID,
    /// 事由，2–500 字 / Why, 2–500 characters.
    reason: String,
}

/// 原图 / A photo as it was taken in.
#[derive(SimpleObject)]
pub struct OriginalPhoto {
    /// 照片标识 / Id of the photo.
    attachment_id: ID,
    /// 有时效的地址，数分钟 / Signed address, valid for some minutes.
    url: String,
}

/// 原文返回 / Payload of an original; never cached, never kept by clients.
#[derive(SimpleObject, Default)]
pub struct RevealOriginalPayload {
    /// 原内容；未改写的为空 / The description as it came in; null where it still stands.
    description: Option<String>,
    /// 原地址；未改写的为空 / The address as it came in; null where it still stands.
    address: Option<String>,
    /// 被遮盖的照片的原图，至多 18 张 / Photos of which parts were painted over, as they were taken in; few, so not paged.
    original_photos: Vec<OriginalPhoto>,
    /// 界面显示到何时 / Until when a client may show it.
    visible_until: Option<DateTime<Utc>>,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct RedactMutation;

/// 隐去与查看原文 / Taking something out, and seeing what it was.
#[Object]
impl RedactMutation {
    /// 隐去诉求中的文字，派单员、督办员 / Puts other words in place of a request's; for dispatchers and supervisors.
    async fn redact_service_request(
        &self,
        ctx: &Context<'_>,
        input: RedactServiceRequestInput,
    ) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "redactServiceRequest", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawRedact {
            on,
            description: input.description.clone(),
            address: input.address.clone(),
            reason: input.reason.into(),
            note: input.note.clone(),
        };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::redact(tx, town, command))).await
    }

    /// 遮盖照片的一部分，派单员、督办员 / Paints over parts of a photo; for dispatchers and supervisors.
    async fn redact_photo(&self, ctx: &Context<'_>, input: RedactPhotoInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "redactPhoto", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let photo: AttachmentId = ctx.id(&input.attachment_id)?;
        let part = |part: &RectangleInput| Rectangle { x: part.x, y: part.y, width: part.width, height: part.height };
        let raw = slice::RawRedactPhoto {
            on,
            photo,
            rectangles: input.rectangles.iter().map(part).collect(),
            reason: input.reason.into(),
            note: input.note.clone(),
        };
        let painting = async {
            let command = raw.parse()?;
            let photo = slice::photo_to_redact(ctx.base(), &ctx.house().town(), &ctx.caller().actor, &command).await?;
            let painted = ctx.house().media.paint(&photo, &command.rectangles).await?;
            Ok((command, painted))
        };
        type Command = (slice::RedactPhoto, Painted);
        let redacted = call.after(on, painting, |tx, (town, (command, painted)): &(slice::Town, Command)| {
            Box::pin(slice::redact_photo(tx, town, (command, painted)))
        });
        Box::pin(redacted).await
    }

    /// 查看隐去前的原文与原图，派单员、督办员；必填事由 / Shows what a request was before something was taken out of it; for dispatchers and supervisors.
    async fn reveal_original(&self, ctx: &Context<'_>, input: RevealOriginalInput) -> Result<RevealOriginalPayload> {
        Box::pin(revealed(ctx, input)).await
    }
}

async fn revealed(ctx: &Context<'_>, input: RevealOriginalInput) -> Result<RevealOriginalPayload> {
    let account = ctx.person()?.account;
    let id: ServiceRequestId = ctx.id(&input.id)?;
    let act = act(ctx, "revealOriginal", Some(id));
    let acting = ctx.caller().actor.doing(&act);
    let base = ctx.base();
    let parsed = async {
        let reason = Reason::parse("reason", &input.reason)?;
        window::admit(&base.redis, base.clock.now(), &format!("reveal-original:{account}"), &PER_PERSON).await?;
        Ok(slice::RevealOriginal { id, reason })
    };
    let parsed: KernelResult<slice::RevealOriginal> = parsed.await;
    let revealed = match parsed {
        Ok(command) => base.write(acting, &command, |tx, command| Box::pin(slice::reveal_original(tx, command))).await,
        Err(refused) => {
            base.note_refusal(acting, &refused).await;
            Err(refused)
        }
    };
    Ok(match refusals(ctx, revealed)? {
        Ok(original) => {
            let media = &ctx.house().media;
            let photo = |id: &AttachmentId| OriginalPhoto {
                attachment_id: id.text().into(),
                url: media.original_address(*id, original.life),
            };
            RevealOriginalPayload {
                original_photos: original.photos.iter().map(photo).collect(),
                description: original.description,
                address: original.address,
                visible_until: Some(original.until),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => RevealOriginalPayload { user_errors, ..Default::default() },
    })
}
