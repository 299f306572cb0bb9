//! What is published of a request, and who looks.

use ::requests as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::content_report;
use entity::id::Id as _;

use crate::context::{Ask as _, Result};
use crate::enums::{ContentReason, ContentState};
use crate::loaders::{ReportsOf, load};
use crate::requests::types::ServiceRequest;

/// The fields of a request that tell of it; they stand among its own.
pub struct Content<'r>(pub(super) &'r ServiceRequest);

#[Object]
impl Content<'_> {
    /// 内容审核状态，诉求人与工作人员可见 / What the content check says of the words; for the reporter and staff.
    async fn content_state(&self) -> Option<ContentState> {
        self.0.participants(Some(self.0.row().content_state.into()))
    }

    /// 待审核的内容，审核人员可见 / What a moderator has to look at; for moderators, null where nothing waits.
    async fn content_review(&self, ctx: &Context<'_>) -> Option<Result<ContentReview>> {
        let due_at = self.0.row().review_due_at?;
        if !slice::may_review(&self.0.case, &ctx.caller().actor) {
            return None;
        }
        let now = ctx.base().clock.now();
        let reports = load(ctx, ReportsOf(self.0.row().id)).await;
        Some(reports.map(|reports| ContentReview {
            due_at,
            is_overdue: due_at < now,
            reports: reports.unwrap_or_default().into_iter().map(|report| ContentReport::of(report, now)).collect(),
        }))
    }
}

/// 待审核的内容 / What waits for a moderator.
#[derive(SimpleObject)]
pub struct ContentReview {
    /// 审核期限，24 小时 / Until when somebody has to have looked: within 24 hours.
    due_at: DateTime<Utc>,
    /// 是否超时 / Whether that is over.
    is_overdue: bool,
    /// 举报，先到的在前；不显示举报人 / Reports of abuse, oldest first; who reported is told to nobody.
    reports: Vec<ContentReport>,
}

/// 内容举报 / A report of abuse.
#[derive(SimpleObject)]
pub struct ContentReport {
    /// 标识 / Id.
    id: ID,
    /// 问题 / What is wrong with it.
    reason: ContentReason,
    /// 说明 / In words.
    note: Option<String>,
    /// 举报时间 / When it was reported.
    created_at: DateTime<Utc>,
    /// 处理期限 / Until when it is decided.
    due_at: DateTime<Utc>,
    /// 处理时间 / When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// 是否超时未处理 / Whether it is late.
    is_overdue: bool,
}

impl ContentReport {
    pub(crate) fn of(row: content_report::Model, now: DateTime<Utc>) -> Self {
        Self {
            id: row.id.text().into(),
            reason: row.reason.into(),
            note: row.note,
            created_at: row.at,
            due_at: row.due_at,
            decided_at: row.decided_at,
            is_overdue: row.decided_at.is_none() && row.due_at < now,
        }
    }
}
