//! What people do with their own inbox.

use ::notifications::{self as slice, RawMarkRead, RawPreference, UpdatePreferences};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::id::{AccountId, NotificationId};

use super::queries::{preferences, unread};
use super::types::{DeliveryChannel, NotificationKind, NotificationPreference};
use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::perform;

/// 标记已读；ids 与 upTo 至少填一项 / Marks as read: `ids`, `upTo`, or both.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// 这些通知，至多 100 条 / These, at most 100.
    ids: Option<Vec<ID>>,
    /// 这一条及更早的全部 / This one and all older ones.
    up_to: Option<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 一种通知的渠道 / Channels for one kind.
#[derive(InputObject)]
pub struct NotificationPreferenceInput {
    /// 种类 / Kind.
    kind: NotificationKind,
    /// 渠道；isMandatory 的种类必须含 IN_APP / Channels; with IN_APP where the kind is mandatory.
    channels: Vec<DeliveryChannel>,
}

/// 设置通知偏好；未列出的种类不变 / Chooses channels; kinds that are not named stay as they are.
#[derive(InputObject)]
pub struct UpdateNotificationPreferencesInput {
    /// 偏好，每种至多一项 / Preferences, one for a kind at most.
    preferences: Vec<NotificationPreferenceInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 已读返回 / Payload of marking as read.
#[derive(SimpleObject)]
pub struct MarkNotificationsReadPayload {
    /// 现在的未读数 / How many are unread now.
    unread_notification_count: i32,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 通知偏好返回 / Payload of preferences.
#[derive(SimpleObject)]
pub struct NotificationPreferencesPayload {
    /// 现在的偏好，每种一项 / The preferences as they are now, one line for each kind.
    notification_preferences: Vec<NotificationPreference>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct NotificationMutation;

/// 通知 / The viewer's own inbox.
#[Object]
impl NotificationMutation {
    /// 标记本人的通知为已读；已读的不变 / Marks the viewer's own notifications as read; those that were read stay as they are.
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        input: MarkNotificationsReadInput,
    ) -> Result<MarkNotificationsReadPayload> {
        ctx.person()?;
        let ids = input.ids.iter().flatten().map(|id| ctx.id(id)).collect::<Result<_>>()?;
        let up_to = input.up_to.as_ref().map(|id| ctx.id::<NotificationId>(id)).transpose()?;
        let settled = perform(
            ctx,
            ("markNotificationsRead", &input.idempotency_key),
            None::<AccountId>,
            &input,
            RawMarkRead { ids, up_to }.parse(),
            |tx, which| Box::pin(slice::mark_read(tx, which)),
            |account: &AccountId| *account,
        );
        let settled = settled.await?;
        let unread_notification_count = unread(ctx).await?;
        let (is_replay, user_errors) = (settled.is_replay, settled.user_errors);
        Ok(MarkNotificationsReadPayload { unread_notification_count, is_replay, user_errors })
    }

    /// 设置本人的通知偏好 / Chooses by which channels the viewer wants to be told.
    async fn update_notification_preferences(
        &self,
        ctx: &Context<'_>,
        input: UpdateNotificationPreferencesInput,
    ) -> Result<NotificationPreferencesPayload> {
        ctx.person()?;
        let raw = |preference: &NotificationPreferenceInput| RawPreference {
            kind: preference.kind.into(),
            channels: preference.channels.iter().copied().map(Into::into).collect(),
        };
        let raw: Vec<RawPreference> = input.preferences.iter().map(raw).collect();
        let settled = perform(
            ctx,
            ("updateNotificationPreferences", &input.idempotency_key),
            None::<AccountId>,
            &input,
            UpdatePreferences::parse(&raw),
            |tx, wanted| Box::pin(slice::update_preferences(tx, wanted)),
            |account: &AccountId| *account,
        );
        let settled = settled.await?;
        let notification_preferences = preferences(ctx).await?;
        let (is_replay, user_errors) = (settled.is_replay, settled.user_errors);
        Ok(NotificationPreferencesPayload { notification_preferences, is_replay, user_errors })
    }
}
