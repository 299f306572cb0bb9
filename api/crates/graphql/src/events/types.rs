//! Types of events; who reaches one may see it.

use std::sync::Arc;

use ::events as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::enums::EventAudience as Audience;
use entity::event;
use entity::id::{EventId, Id as _};
use kernel::guarded::{Decision, Guarded as _};
use kernel::page::Cursor;

use super::attendance::{EventAttendance, EventAttendanceTally, photos};
use super::attending::takes_attendance;
use super::enums::{
    EventAction, EventAudience, EventKind, EventState, IneligibilityReason, WaitlistPromotion, event_action,
};
use super::registration::EventRegistration;
use crate::areas::{Area, GeoDatum, GeoPoint};
use crate::bookings::{DoorCode, Venue};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::forms::FormQuestion;
use crate::loaders::{
    CheckedRecordOf, EligibilityFor, EventPhotosOf, OrganizationsOfEvent, OwnAttendance, OwnRegistration, TallyOf,
    WaitlistOf, load, load_all,
};
use crate::media::Attachment;
use crate::page::connection;
use crate::party::PartyOrganization;

/// An event as who asks sees it.
#[derive(Clone)]
pub struct Event(pub(crate) Arc<slice::Event>);

impl From<slice::Event> for Event {
    fn from(found: slice::Event) -> Self {
        Self(Arc::new(found))
    }
}

impl Event {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: EventId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// By id, as it is at this moment, whatever was read before.
    pub(super) async fn read(ctx: &Context<'_>, id: EventId) -> Result<Option<Self>> {
        let db = ctx.base().db.reader();
        let viewer = slice::Viewer::of(db, &ctx.caller().actor).await.or_fail(ctx)?;
        Ok(slice::events_by_ids(db, &viewer, &[id]).await.or_fail(ctx)?.pop().map(Into::into))
    }

    fn row(&self) -> &event::Model {
        &self.0.row
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor { at: self.row().begins_at, id: self.row().id.into() }
    }
}

connection!(EventConnection, EventEdge, Event, "活动", "events");

/// 活动；面向党员的活动只有参加范围内的党员和主办方可见 / An event; one for members of the party is seen by those it is for and by who holds it only.
#[Object]
impl Event {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row().id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row().version
    }

    /// 类型 / What kind it is.
    async fn kind(&self) -> EventKind {
        self.row().kind.into()
    }

    /// 范围 / For whom it is.
    async fn audience(&self) -> EventAudience {
        self.row().audience.into()
    }

    /// 阶段 / Where it stands now.
    async fn state(&self, ctx: &Context<'_>) -> EventState {
        slice::phase(self.row(), ctx.base().clock.now()).into()
    }

    /// 标题 / Title.
    async fn title(&self) -> &str {
        &self.row().title
    }

    /// 摘要 / A sentence or two.
    async fn summary(&self) -> &str {
        &self.row().summary
    }

    /// 正文 / All that is said of it.
    async fn body(&self) -> &str {
        &self.row().body
    }

    /// 主办方 / Who invites.
    async fn organizer(&self) -> &str {
        &self.row().organizer
    }

    /// 标签 / Words by which it is found.
    async fn tags(&self) -> Vec<&str> {
        slice::tags(self.row()).collect()
    }

    /// 所属区域 / Area it belongs to.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        load(ctx, self.row().area_id).await.map(|row| row.map(Area)).transpose()
    }

    /// 主办党组织；仅面向指定组织的活动的参加者，以及主办和审核方可见 / Organisation of the party that holds it; seen by those of an event for some organisations, and by who
    /// holds or reviews it.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<PartyOrganization>> {
        let id = self.row().organization_id.filter(|_| self.shows_organizations(ctx))?;
        load(ctx, id).await.map(|row| row.map(PartyOrganization)).transpose()
    }

    /// 面向的党组织，含下级，至多 51 个；公开活动为空 / Organisations of the party that it is for, with all below them, at most 51, so not paged; null of what
    /// is public, and for others.
    async fn organizations(&self, ctx: &Context<'_>) -> Option<Result<Vec<PartyOrganization>>> {
        if self.row().audience == Audience::Public || !self.shows_organizations(ctx) {
            return None;
        }
        let read = async {
            let ids = load(ctx, OrganizationsOfEvent(self.row().id)).await?.unwrap_or_default();
            Ok(load_all(ctx, ids).await?.into_iter().map(PartyOrganization).collect())
        };
        Some(read.await)
    }

    /// 邻里中心场地 / Room of a neighbourhood centre.
    async fn venue(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        load(ctx, self.row().venue_id?).await.map(|row| row.map(Venue)).transpose()
    }

    /// 地点 / Where, in words.
    async fn address(&self) -> &str {
        &self.row().place
    }

    /// 位置 / Where, on the map.
    async fn location(
        &self,
        #[graphql(default_with = "GeoDatum::Wgs84", desc = "坐标基准 / Datum.")] datum: GeoDatum,
    ) -> Option<GeoPoint> {
        let (longitude, latitude) = self.row().longitude.zip(self.row().latitude)?;
        GeoPoint::of(longitude, latitude, datum)
    }

    /// 起 / From.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.row().begins_at
    }

    /// 止 / Up to.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.row().ends_at
    }

    /// 议程，至多 20 行 / What happens when, at most 20 lines; so not paged.
    async fn agenda(&self) -> Vec<EventAgendaItem> {
        let lines = slice::agenda_lines(self.row()).into_iter();
        lines.map(|line| EventAgendaItem { starts_at: line.begins_at, title: line.title }).collect()
    }

    /// 照片，按显示顺序，至多 6 张 / Photos in the order in which they are shown, at most 6; so not paged.
    async fn photos(&self, ctx: &Context<'_>) -> Option<Result<Vec<Attachment>>> {
        let rows = load(ctx, EventPhotosOf(self.row().id)).await;
        Some(rows.map(|rows| Attachment::in_order(rows.unwrap_or_default(), &self.row().photos)))
    }

    /// 会议照片，经核对后参加范围内的人可见，至多 6 张 / Photos of the meeting, at most 6, so not paged; shown once somebody else looked at them.
    async fn record_photos(&self, ctx: &Context<'_>) -> Option<Result<Vec<Attachment>>> {
        let checked = load(ctx, CheckedRecordOf(self.row().id)).await.transpose()?;
        let read = async { photos(ctx, &checked?).await };
        Some(read.await)
    }

    /// 报名条件；无需报名时为空 / How people register; null where they come as they are.
    async fn registration(&self, ctx: &Context<'_>) -> Option<Result<EventRegistrationTerms>> {
        let row = self.row();
        if !row.takes_registrations {
            return None;
        }
        let form = forms::Form::kept(&row.questions).or_fail(ctx);
        Some(form.map(|form| EventRegistrationTerms {
            opens_at: row.signup_from,
            closes_at: row.signup_to,
            withdraw_until: row.withdraw_until,
            capacity: row.capacity,
            waitlist_limit: row.waitlist_limit,
            most_seats: row.most_seats.into(),
            promotion: row.promotion.into(),
            is_for_residents: row.is_for_residents,
            questions: form.questions().iter().map(Into::into).collect(),
        }))
    }

    /// 已占用名额，含待确认和占位 / Seats that are taken, offered or held.
    async fn seats_taken(&self) -> i32 {
        self.row().seats_taken
    }

    /// 候补人次 / Registrations that wait.
    async fn waitlist_count(&self, ctx: &Context<'_>) -> Option<Result<u64>> {
        Some(load(ctx, WaitlistOf(self.row().id)).await.map(Option::unwrap_or_default))
    }

    /// 退回、变更或取消的说明 / What was said when it was returned, changed or called off.
    async fn note(&self) -> Option<&str> {
        self.row().note.as_deref()
    }

    /// 发布时间 / Published.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.row().published_at
    }

    /// 当前用户的报名 / The viewer's registration, whatever became of it.
    async fn viewer_registration(&self, ctx: &Context<'_>) -> Option<Result<EventRegistration>> {
        ctx.caller().actor.account()?;
        let own = load(ctx, OwnRegistration(self.row().id)).await.transpose()?;
        Some(own.map(|row| slice::Registration { row, event: self.0.as_ref().clone() }.into()))
    }

    /// 当前用户能否报名及原因 / Whether the viewer may register, and why not.
    async fn viewer_eligibility(&self, ctx: &Context<'_>) -> Option<Result<EventEligibility>> {
        let judged = load(ctx, EligibilityFor(self.row().id)).await.transpose()?;
        Some(judged.map(EventEligibility::of))
    }

    /// 签到动态码，供主办方屏幕显示；开始前 30 分钟至结束后一小时 / What the organiser's screen shows, for who holds the event; from half an hour before it begins until an hour
    /// after it is over.
    async fn check_in_code(&self, ctx: &Context<'_>) -> Option<DoorCode> {
        slice::screen(ctx.base(), &ctx.caller().actor, &self.0).map(DoorCode)
    }

    /// 出席统计，仅主办方可见 / How many of whom became what; for who holds the event.
    async fn attendance(&self, ctx: &Context<'_>) -> Option<Result<EventAttendanceTally>> {
        if !takes_attendance(ctx, &self.0) {
            return None;
        }
        let expected = slice::expected(self.row());
        let tally = load(ctx, TallyOf(self.row().id)).await;
        Some(tally.map(|tally| EventAttendanceTally { tally: tally.unwrap_or_default(), expected }))
    }

    /// 已到人数，含同行人，仅主办方可见 / People who are there, with those whom they bring; for who holds the event.
    async fn checked_in_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        if !takes_attendance(ctx, &self.0) {
            return None;
        }
        Some(load(ctx, TallyOf(self.row().id)).await.map(|tally| tally.unwrap_or_default().people))
    }

    /// 当前用户的签到情况 / The viewer's own line of attendance.
    async fn viewer_attendance(&self, ctx: &Context<'_>) -> Option<Result<EventAttendance>> {
        ctx.caller().actor.account()?;
        let own = load(ctx, OwnAttendance(self.row().id)).await.transpose()?;
        let event = self.0.as_ref().clone();
        Some(own.map(|row| slice::Attendance { row, event, is_own: true }.into()))
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<EventAction> {
        let actions = slice::actions(&ctx.caller().actor, &self.0, ctx.base().clock.now());
        actions.into_iter().filter_map(event_action).collect()
    }
}

impl Event {
    /// Names of the party's organisations are internal: for those whom the event is for, and for who holds it.
    fn shows_organizations(&self, ctx: &Context<'_>) -> bool {
        let is_for_some = self.row().audience == Audience::Organization;
        let actor = &ctx.caller().actor;
        (is_for_some && self.0.is_invited)
            || self.0.decide(actor, slice::EventAction::Save) == Decision::Allow
            || self.0.decide(actor, slice::EventAction::Approve) == Decision::Allow
    }
}

/// 议程 / A line of an agenda.
#[derive(SimpleObject, Clone, Debug)]
pub struct EventAgendaItem {
    /// 起 / From when on.
    starts_at: DateTime<Utc>,
    /// 内容 / What.
    title: String,
}

/// 报名条件 / How people register.
#[derive(SimpleObject, Clone, Debug)]
pub struct EventRegistrationTerms {
    /// 开始报名，空为发布时 / From when on; from the publication when null.
    opens_at: Option<DateTime<Utc>>,
    /// 报名截止 / Until when.
    closes_at: DateTime<Utc>,
    /// 可取消至 / Until when a registration is taken back.
    withdraw_until: DateTime<Utc>,
    /// 名额，空为不限 / Seats; without end when null.
    capacity: Option<i32>,
    /// 候补上限，空为不限 / Registrations that wait at most; without end when null.
    waitlist_limit: Option<i32>,
    /// 每次报名至多几人，含本人 / Seats of one registration at most, the person's own included.
    most_seats: i32,
    /// 候补方式 / How a seat that falls free goes to who waits.
    promotion: WaitlistPromotion,
    /// 仅限完成居住认证的本区域居民 / Whether it is for verified residents of its area only.
    is_for_residents: bool,
    /// 报名时要回答的题目，至多 10 题 / What it asks, at most 10 questions; so not paged.
    questions: Vec<FormQuestion>,
}

/// 报名资格 / Whether somebody may register, and why not.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct EventEligibility {
    /// 能否报名；是否有名额另看 / Whether the person may; a seat is another matter.
    is_eligible: bool,
    /// 不能报名的原因 / Why not.
    reason: Option<IneligibilityReason>,
    /// 尚未开始时，何时开始 / Where people may not register yet: from when on.
    opens_at: Option<DateTime<Utc>>,
}

impl EventEligibility {
    fn of(judged: slice::Eligibility) -> Self {
        match judged {
            slice::Eligibility::Eligible => Self { is_eligible: true, reason: None, opens_at: None },
            slice::Eligibility::Refused(why, from) => {
                Self { is_eligible: false, reason: Some(why.into()), opens_at: from }
            }
        }
    }
}
