//! Queries about events.

use ::events as slice;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::id::{AreaId, EventId, Id as _};
use kernel::error::Result as KernelResult;
use kernel::page::{Cursor, Page, PageRequest};

use super::attendance::{self, EventAttendanceConnection, EventFile, EventRecord};
use super::enums::{EventScope, EventState};
use super::inputs::{EventAttendanceFilter, EventFilter, EventRegistrationFilter};
use super::registration::{EventRegistration, EventRegistrationConnection};
use super::types::{Event, EventConnection};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::loaders::load;
use crate::mutation::act;
use crate::page::page;

/// Queries.
#[derive(Default)]
pub struct EventQuery;

/// 活动查询 / Queries about events.
#[Object]
impl EventQuery {
    /// 活动，按时间先后；默认为面向本人、尚未结束的 / Events in order of time; those that are for the viewer and not over, unless asked otherwise.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "筛选 / Which.")] filter: EventFilter,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<EventConnection>> {
        Some(events(ctx, &filter, page(first, after, last, before)).await)
    }

    /// 活动报名名单，先报名的在前；仅主办方。每次查阅，无论是否获准，均记入审计 / Who registered for an event, first come first; for who holds it. Each read, done or
    /// refused, is noted in the audit chain.
    async fn event_registrations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "哪些 / Which.")] filter: EventRegistrationFilter,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<EventRegistrationConnection>> {
        let read = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let event = EventId::parse(&filter.event_id);
            let act = act(ctx, "eventRegistrations", event);
            let acting = ctx.caller().actor.doing(&act);
            let wanted = slice::Roster { event, state: filter.state.map(Into::into), page };
            let read = ctx.base().write(acting, &wanted, |tx, wanted| Box::pin(slice::roster(tx, wanted)));
            Ok(shown(read.await.or_fail(ctx)?, |row| row.queued_at))
        };
        Some(read.await)
    }

    /// 签到名单，含应到的人；仅主办方。每次查阅，无论是否获准，均记入审计 / Who is expected at an event and who was there; for who holds it. Each read, done or refused, is noted in
    /// the audit chain.
    async fn event_attendance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "哪些 / Which.")] filter: EventAttendanceFilter,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<EventAttendanceConnection>> {
        let read = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let event = EventId::parse(&filter.event_id);
            let act = act(ctx, "eventAttendance", event);
            let acting = ctx.caller().actor.doing(&act);
            let wanted = slice::AttendanceList { event, status: filter.status.map(Into::into), page };
            let read = ctx.base().write(acting, &wanted, |tx, wanted| Box::pin(slice::attendance(tx, wanted)));
            Ok(attendance::shown(read.await.or_fail(ctx)?))
        };
        Some(read.await)
    }

    /// 会议档案：会议记录和表决；仅主办方。每次查阅，无论是否获准，均记入审计 / What is kept of a meeting: its record and its votes; for who holds it. Each read, done or refused,
    /// is noted in the audit chain.
    async fn event_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "活动 / Event.")] event_id: ID,
    ) -> Option<Result<EventFile>> {
        let read = async {
            ctx.person()?;
            let event = EventId::parse(&event_id);
            let act = act(ctx, "eventFile", event);
            let acting = ctx.caller().actor.doing(&act);
            let read = ctx.base().write(acting, &event, |tx, event| Box::pin(slice::record(tx, event)));
            let (record, resolutions) = read.await.or_fail(ctx)?;
            let resolutions = resolutions.into_iter().map(Into::into).collect();
            Ok(EventFile { record: record.map(EventRecord), resolutions })
        };
        Some(read.await)
    }
}

async fn events(ctx: &Context<'_>, filter: &EventFilter, page: KernelResult<PageRequest>) -> Result<EventConnection> {
    let page = page.or_fail(ctx)?;
    let is_managed = filter.scope == EventScope::Managed;
    if is_managed {
        ctx.person()?;
    }
    let area = match &filter.area_id {
        Some(id) => {
            Some(load(ctx, ctx.id::<AreaId>(id)?).await?.ok_or_else(|| ctx.fail(kernel::error::Error::NotFound))?)
        }
        None => None,
    };
    // What is over is asked for.
    let asks_for_past = matches!(filter.state, Some(EventState::Ended));
    let now = (!is_managed && !asks_for_past).then(|| ctx.base().clock.now());
    let sought = slice::Sought {
        from: filter.from.or(now),
        to: filter.to,
        area_path: area.map(|area| area.path),
        kind: filter.kind.map(Into::into),
        tag: filter.tag.clone(),
        phase: filter.state.map(Into::into),
        is_managed,
    };
    let viewer = slice::Viewer::of(ctx.base().db.reader(), &ctx.caller().actor).await.or_fail(ctx)?;
    let found = slice::events(ctx.base(), &viewer, &sought, &page).await.or_fail(ctx)?;
    Ok(EventConnection::of(found.map(|found| {
        let node = Event::from(found);
        let cursor = node.cursor();
        (node, cursor)
    })))
}

/// What the viewer registered for.
pub(crate) async fn registrations(
    ctx: &Context<'_>,
    is_live: Option<bool>,
    page: KernelResult<PageRequest>,
) -> Result<EventRegistrationConnection> {
    let page = page.or_fail(ctx)?;
    let found = slice::registrations_of(ctx.base(), &ctx.caller().actor, is_live, &page).await.or_fail(ctx)?;
    Ok(shown(found, |row| row.created_at))
}

fn shown(
    page: Page<slice::Registration>,
    at: fn(&entity::event_registration::Model) -> DateTime<Utc>,
) -> EventRegistrationConnection {
    EventRegistrationConnection::of(page.map(|found| {
        let node = EventRegistration::from(found);
        let cursor = Cursor { at: at(node.row()), id: node.row().id.into() };
        (node, cursor)
    }))
}
