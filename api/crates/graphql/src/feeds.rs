//! 日历订阅 / Calendar feeds: addresses from which calendar apps read bookings.

use ::feeds as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::calendar_feed;
use entity::id::{AccountId, CalendarFeedId, Id as _, VenueId};
use kernel::tx::Verb;

use crate::bookings::Venue;
use crate::context::{Ask as _, OrFail as _, Result, once};
use crate::errors::UserError;
use crate::loaders::load;
use crate::mutation::{Settled, Subject, act, perform, settle};

/// A calendar feed of the viewer's.
#[derive(Clone)]
pub struct CalendarFeed(calendar_feed::Model);

/// 日历订阅；地址只在创建时给出一次 / A calendar feed; its address is told once, when it is made.
#[Object]
impl CalendarFeed {
    /// 标识，用于停用；不是 Node / Id, for ending it; not a Node.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 场地；空为本人的预约 / The venue whose bookings it shows; the viewer's own when null.
    async fn venue(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        load(ctx, self.0.venue_id?).await.map(|row| row.map(Venue)).transpose()
    }

    /// 最近一次被读取的时间，精确到小时左右；从未读取为空 / When it was read last, to the hour or so; null when never.
    async fn last_read_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_read_at
    }

    /// 创建时间 / Made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// 停用时间 / When it was ended.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }
}

/// 创建日历订阅 / Makes a calendar feed.
#[derive(InputObject, Clone, Debug)]
pub struct CreateCalendarFeedInput {
    /// 场地，限该中心工作人员；不填为本人的预约和活动 / A venue, for staff of its centre; the viewer's own bookings and events when absent.
    venue_id: Option<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 停用日历订阅 / Ends a calendar feed.
#[derive(InputObject, Clone, Debug)]
pub struct RevokeCalendarFeedInput {
    /// 日历订阅 / Calendar feed.
    id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 日历订阅返回 / Payload of a calendar feed.
#[derive(SimpleObject)]
pub struct CalendarFeedPayload {
    /// 日历订阅；被拒绝时为当前内容 / The calendar feed; the current one when refused.
    calendar_feed: Option<CalendarFeed>,
    /// 订阅地址，相对于本服务；仅在创建时给出一次，重放时为空，可重新创建。谁持有都能读取，请勿转发 / The address, relative to the
    /// service; told once, when it is made, and null on a replay: make another one then. Whoever has it can read the feed.
    url: Option<String>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct FeedMutation;

/// 日历订阅 / Calendar feeds.
#[Object]
impl FeedMutation {
    /// 创建日历订阅，供手机或电脑的日历应用读取（iCalendar）；已有同样的订阅则换新地址，旧地址停用；至多 10 个 / Makes a feed that calendar
    /// apps read (iCalendar). Where the viewer has one of the same, it gets another address and the one of before ends. At most 10.
    async fn create_calendar_feed(
        &self,
        ctx: &Context<'_>,
        input: CreateCalendarFeedInput,
    ) -> Result<CalendarFeedPayload> {
        let account = ctx.person()?.account;
        let venue: Option<VenueId> = input.venue_id.as_ref().map(|id| ctx.id(id)).transpose()?;
        let actor = &ctx.caller().actor;
        // The own bookings are the person's own matter; who opens those of others leaves a line of the audit chain.
        let act = venue.map(|venue| act(ctx, "createCalendarFeed", Some(venue)));
        let acting = act.as_ref().map_or_else(|| actor.into(), |act| actor.doing(act));
        let done = match once("createCalendarFeed", &input.idempotency_key, &input) {
            Ok(once) => {
                let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::create(tx, wanted));
                let wanted = slice::Create { venue };
                ctx.base().write_once(acting, &once, &wanted, verb, |made: &slice::Made| made.row.id).await
            }
            Err(error) => {
                ctx.base().note_refusal(acting, &error).await;
                Err(error)
            }
        };
        let Settled { subject, is_replay, user_errors } = settle(ctx, done, None)?;
        let (row, url) = match subject {
            Subject::Row(made) => (Some(made.row), Some(made.secret.address())),
            Subject::Id(id) => (feed(ctx, account, id.into()).await?, None),
            Subject::None => (None, None),
        };
        Ok(CalendarFeedPayload { calendar_feed: row.map(CalendarFeed), url, is_replay, user_errors })
    }

    /// 停用日历订阅，地址随即失效 / Ends a calendar feed; its address reads nothing any more.
    async fn revoke_calendar_feed(
        &self,
        ctx: &Context<'_>,
        input: RevokeCalendarFeedInput,
    ) -> Result<CalendarFeedPayload> {
        let account = ctx.person()?.account;
        let id: CalendarFeedId = ctx.id(&input.id)?;
        let Settled { subject, is_replay, user_errors } = perform(
            ctx,
            ("revokeCalendarFeed", &input.idempotency_key),
            Some(id),
            &input,
            Ok(id),
            |tx, id| Box::pin(slice::revoke(tx, id)),
            |row: &calendar_feed::Model| row.id,
        )
        .await?;
        let row = match subject {
            Subject::Row(row) => Some(row),
            Subject::Id(id) => feed(ctx, account, id.into()).await?,
            Subject::None => None,
        };
        Ok(CalendarFeedPayload { calendar_feed: row.map(CalendarFeed), url: None, is_replay, user_errors })
    }
}

async fn feed(ctx: &Context<'_>, account: AccountId, id: CalendarFeedId) -> Result<Option<calendar_feed::Model>> {
    slice::by_id(ctx.base().db.reader(), account, id).await.or_fail(ctx)
}

/// The feeds of the viewer that can be read.
pub(crate) async fn feeds(ctx: &Context<'_>, account: AccountId) -> Result<Vec<CalendarFeed>> {
    let rows = slice::live_of(ctx.base().db.reader(), account).await.or_fail(ctx)?;
    Ok(rows.into_iter().map(CalendarFeed).collect())
}
