//! Types of registrations; who reaches one may see it.

use std::sync::Arc;

use ::events as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::enums::RegistrationState as Registered;
use entity::id::{EventRegistrationId, Id as _};

use super::enums::{RegistrationAction, RegistrationState, registration_action};
use super::types::Event;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::forms::FormAnswer;
use crate::identity::User;
use crate::loaders::{BroughtBy, PlaceInLine, load};
use crate::page::connection;
use crate::qr::svg;

/// A registration as who registered and who holds the event see it.
#[derive(Clone)]
pub struct EventRegistration(Arc<slice::Registration>);

impl From<slice::Registration> for EventRegistration {
    fn from(found: slice::Registration) -> Self {
        Self(Arc::new(found))
    }
}

impl EventRegistration {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: EventRegistrationId) -> Result<Option<Self>> {
        let found = slice::registration_by_id(ctx.base(), &ctx.caller().actor, id).await.or_fail(ctx)?;
        Ok(found.map(Into::into))
    }

    pub(super) fn row(&self) -> &entity::event_registration::Model {
        &self.0.row
    }
}

connection!(EventRegistrationConnection, EventRegistrationEdge, EventRegistration, "活动报名", "registrations");

/// 活动报名；只有报名人和主办方可见 / A registration; seen by who registered and by who holds the event only.
#[Object]
impl EventRegistration {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row().id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row().version
    }

    /// 活动；不再面向本人时为空 / Event; null where it is for the viewer no more.
    async fn event(&self, ctx: &Context<'_>) -> Option<Result<Event>> {
        Event::by_id(ctx, self.row().event_id).await.transpose()
    }

    /// 报名人 / Who registered.
    async fn attendee(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.row().account_id).await.map(|row| row.map(User)).transpose()
    }

    /// 报名码，到场时出示 / Code, shown at the door.
    async fn code(&self) -> &str {
        &self.row().code
    }

    /// 报名码的二维码，SVG / The code as a QR code in SVG.
    async fn code_svg(&self, ctx: &Context<'_>) -> Result<String> {
        svg(&self.row().code).or_fail(ctx)
    }

    /// 状态 / Where it stands.
    async fn state(&self) -> RegistrationState {
        self.row().state.into()
    }

    /// 人数，含本人 / Seats, the person's own included.
    async fn seats(&self) -> i32 {
        self.row().seats.into()
    }

    /// 同行人，至多 9 名 / Who comes too, at most 9; so not paged.
    async fn guests(&self, ctx: &Context<'_>) -> Option<Result<Vec<EventGuest>>> {
        let found = load(ctx, BroughtBy(self.row().id)).await;
        Some(found.map(|found| found.unwrap_or_default().into_iter().map(EventGuest::of).collect()))
    }

    /// 对题目的回答，至多 10 个 / Answers to what the event asked, at most 10; so not paged.
    async fn answers(&self) -> Vec<FormAnswer> {
        forms::kept_answers(&self.row().answers).into_iter().map(Into::into).collect()
    }

    /// 候补顺位，从 1 起，仅候补中 / Place in the line of who waits, from 1; of WAITLISTED only.
    async fn waitlist_position(&self, ctx: &Context<'_>) -> Option<Result<usize>> {
        if self.row().state != Registered::Waitlisted {
            return None;
        }
        load(ctx, PlaceInLine(self.row().id)).await.transpose()
    }

    /// 保留至，仅占位中和待确认 / Until when seats are kept; of HELD and OFFERED only.
    async fn kept_until(&self) -> Option<DateTime<Utc>> {
        let is_kept = matches!(self.row().state, Registered::Held | Registered::Offered);
        self.row().due_at.filter(|_| is_kept)
    }

    /// 移出时的说明 / What was said when the person was taken off.
    async fn note(&self) -> Option<&str> {
        self.row().note.as_deref()
    }

    /// 报名时间 / Registered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row().created_at
    }

    /// 结束时间 / When nothing more was to come of it.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.row().ended_at
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<RegistrationAction> {
        let actions = slice::registration_actions(&ctx.caller().actor, &self.0, ctx.base().clock.now());
        actions.into_iter().filter_map(registration_action).collect()
    }
}

/// 同行人 / Somebody who comes too.
#[derive(SimpleObject, Clone, Debug)]
pub struct EventGuest {
    /// 姓名；被监护人移除后为空 / Name; null of a child who is in the person's care no more.
    name: Option<String>,
    /// 是否被监护人 / Whether it is a child in the person's care.
    is_dependant: bool,
}

impl EventGuest {
    fn of(slice::Guest { name, is_dependant }: slice::Guest) -> Self {
        Self { name, is_dependant }
    }
}
