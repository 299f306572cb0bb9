//! Queries about the viewer's inbox.

use ::notifications as slice;
use async_graphql::{Context, Object};

use super::changes::{self, Changes};
use super::types::{Notification, NotificationConnection, NotificationPreference};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::page::page;

/// Queries.
#[derive(Default)]
pub struct NotificationQuery;

/// 通知查询 / Queries about the viewer's inbox.
#[Object]
impl NotificationQuery {
    /// 我的通知，新的在前 / The viewer's notifications, newest first.
    async fn my_notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "只看未读 / Unread ones only.", default = false)] unread_only: bool,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<NotificationConnection>> {
        let found = async {
            let account = ctx.person()?.account;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let page = slice::inbox(ctx.base(), account, unread_only, &page).await.or_fail(ctx)?;
            let (has_next, has_previous) = (page.has_next, page.has_previous);
            let rows = page.rows.into_iter().map(|row| Notification::of(ctx, row));
            let mut rows = rows.collect::<Result<Vec<_>>>()?;
            let asked = ctx.look_ahead();
            let is_asked = |list: &str| asked.field(list).field("subject").exists();
            if !rows.is_empty() && (is_asked("nodes") || asked.field("edges").field("node").field("subject").exists()) {
                Notification::with_subjects(ctx, &mut rows).await?;
            }
            let rows = rows.into_iter().map(|row| {
                let at = row.cursor();
                (row, at)
            });
            let rows = rows.collect();
            Ok(NotificationConnection::of(kernel::page::Page { rows, has_next, has_previous }))
        };
        Some(found.await)
    }

    /// 未读通知数 / How many of the viewer's notifications are unread.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        Some(unread(ctx).await)
    }

    /// 本人的通知偏好，每种一项 / By which channels the viewer wants to be told, one line for each kind.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Option<Result<Vec<NotificationPreference>>> {
        Some(preferences(ctx).await)
    }

    /// 离开期间有哪些诉求变化：先不带游标取得起点，再读列表，之后凭 nextCursor 追赶 / Which requests moved while the client was away: fetch a
    /// cursor first (by asking without one), then the lists, and catch up from `nextCursor` later.
    async fn changes_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "上次的 nextCursor；不填则只给出现在的位置 / The last `nextCursor`; without it, the present position only."
        )]
        cursor: Option<String>,
        #[graphql(desc = "至多几条，1–100 / At most how many, 1–100.")] first: Option<i32>,
    ) -> Option<Result<Changes>> {
        Some(changes::since(ctx, cursor.as_deref(), first).await)
    }
}

/// How many of the viewer's lines are unread.
pub(super) async fn unread(ctx: &Context<'_>) -> Result<i32> {
    let account = ctx.person()?.account;
    let count = slice::unread_count(ctx.base(), account).await.or_fail(ctx)?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// What the viewer wants.
pub(super) async fn preferences(ctx: &Context<'_>) -> Result<Vec<NotificationPreference>> {
    let account = ctx.person()?.account;
    let found = slice::preferences_of(ctx.base(), account).await.or_fail(ctx)?;
    Ok(found.into_iter().map(Into::into).collect())
}
