//! What is published of requests: decided by moderators, reported by whoever sees it.

use ::requests as slice;
use async_graphql::{Context, Object, SimpleObject};
use entity::id::ContentReportId;
use kernel::error::Result as KernelResult;
use kernel::redis::window::{self, Window};
use slice::Case;

use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::mutation::{Subject, perform};
use crate::page::page;
use crate::requests::call::{Call, ServiceRequestPayload, target};
use crate::requests::inputs::*;
use crate::requests::queries::connection;
use crate::requests::types::{ContentReport, ServiceRequestConnection};

/// Reports of one person: more than anybody means well, far fewer than would bury the moderators.
const PER_PERSON: [Window; 1] = [Window { limit: 20, seconds: 86_400 }];

/// 举报返回 / Payload of a report of abuse.
#[derive(SimpleObject)]
pub struct ReportContentPayload {
    /// 举报；被拒绝时为空 / The report; null when refused.
    content_report: Option<ContentReport>,
    /// 是否重放，含此前已举报过此件的 / Whether this had been done before, or the person had reported the request before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Queries.
#[derive(Default)]
pub struct ContentQuery;

/// 内容审核队列 / What moderators have to look at.
#[Object]
impl ContentQuery {
    /// 有内容待审核的诉求，先到期的在前；派单员、督办员 / Requests of which something waits to be looked at, due first; for dispatchers and supervisors.
    async fn content_reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceRequestConnection>> {
        let found = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let actor = &ctx.caller().actor;
            connection(ctx, slice::content_reviews(ctx.base(), actor, &page).await, Case::cursor_in_review)
        };
        Some(found.await)
    }
}

/// Mutations.
#[derive(Default)]
pub struct ContentMutation;

/// 内容审核与举报 / Deciding on what is published, and reporting it.
#[Object]
impl ContentMutation {
    /// 内容审核，派单员、督办员；立案前后均可，可随时隐藏或恢复 / Decides whether something is published; for dispatchers and supervisors, at any time.
    async fn review_content(&self, ctx: &Context<'_>, input: ReviewContentInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "reviewContent", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let raw = slice::RawReviewContent {
            on,
            entry: input.timeline_entry_id.as_ref().map(|id| ctx.id(id)).transpose()?,
            photo: input.attachment_id.as_ref().map(|id| ctx.id(id)).transpose()?,
            is_passed: input.is_passed,
            reason: input.reason.map(Into::into),
            note: input.note.clone(),
        };
        let command = raw.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::review_content(tx, town, command))).await
    }

    /// 举报公开的内容，24 小时内处理；三人举报则先暂停公开；不告知作者是谁举报的 / Reports what is public of a request, to be decided within 24 hours; three people hold it
    /// back until somebody looked. The author never learns who reported.
    async fn report_content(&self, ctx: &Context<'_>, input: ReportContentInput) -> Result<ReportContentPayload> {
        // On the heap: the resolvers of an object stand together on one small stack, each with all that it waits for.
        Box::pin(reported(ctx, input)).await
    }
}

async fn reported(ctx: &Context<'_>, input: ReportContentInput) -> Result<ReportContentPayload> {
    let account = ctx.person()?.account;
    let on = target(ctx, &input.id, None)?;
    let (base, town) = (ctx.base(), ctx.house().town());
    let parsed = async {
        let raw = slice::RawReportContent { on, reason: input.reason.into(), note: input.note.clone() };
        let command = raw.parse()?;
        window::admit(&base.redis, base.clock.now(), &format!("report-content:{account}"), &PER_PERSON).await?;
        Ok((town, command))
    };
    let command: KernelResult<_> = parsed.await;
    let operation = ("reportContent", input.idempotency_key.as_str());
    let settled = perform(
        ctx,
        operation,
        None::<ContentReportId>,
        &input,
        command,
        |tx, (town, command)| Box::pin(slice::report_content(tx, town, command)),
        |taken: &slice::ContentReport| taken.report.id,
    );
    let settled = settled.await?;
    let (report, is_again) = match settled.subject {
        Subject::Row(taken) => (Some(taken.report), taken.is_replay),
        Subject::Id(id) => (slice::own_content_report(base, &ctx.caller().actor, id.into()).await.or_fail(ctx)?, true),
        Subject::None => (None, false),
    };
    let now = base.clock.now();
    Ok(ReportContentPayload {
        content_report: report.map(|report| ContentReport::of(report, now)),
        is_replay: settled.is_replay || is_again,
        user_errors: settled.user_errors,
    })
}
