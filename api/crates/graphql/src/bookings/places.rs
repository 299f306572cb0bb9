//! Types of venues, when they are open and closed; they are for everybody.

use ::bookings as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::ServiceState;
use entity::id::Id as _;
use entity::{closure, opening_rule, venue};
use kernel::error::Error;
use slice::{Asked, Slot};

use super::centers::Center;
use super::enums::{BookingApproval, ClosureReason, OpeningDays, OpeningSession, SlotState, VenueKind};
use super::services::ServiceItem;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::forms::FormQuestion;
use crate::identity::User;
use crate::loaders::{GuestsOf, OpeningRulesOf, ServicesAt, VenuePhotosOf, load, load_all};
use crate::media::Attachment;

/// A venue.
#[derive(Clone)]
pub struct Venue(pub(crate) venue::Model);

/// 场地 / A venue of a centre; what lies within it is had with it.
#[Object]
impl Venue {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 所属邻里中心 / Its centre.
    async fn center(&self, ctx: &Context<'_>) -> Option<Result<Center>> {
        load(ctx, self.0.center_id).await.map(|row| row.map(Center)).transpose()
    }

    /// 所属场地 / The venue it lies within.
    async fn within(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        load(ctx, self.0.within_id?).await.map(|row| row.map(Venue)).transpose()
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 类型 / What it is for.
    async fn kind(&self) -> VenueKind {
        self.0.kind.into()
    }

    /// 容纳人数 / People it holds.
    async fn capacity(&self) -> i32 {
        self.0.capacity
    }

    /// 是否无障碍 / Whether it is reached without steps.
    async fn is_accessible(&self) -> bool {
        self.0.is_accessible
    }

    /// 介绍：场地或专家 / What it is, or who: an expert is booked as a room is.
    async fn introduction(&self) -> Option<&str> {
        self.0.introduction.as_deref()
    }

    /// 照片，按显示顺序，至多 6 张 / Photos in the order in which they are shown, at most 6; so not paged.
    async fn photos(&self, ctx: &Context<'_>) -> Option<Result<Vec<Attachment>>> {
        let rows = load(ctx, VenuePhotosOf(self.0.id)).await;
        Some(rows.map(|rows| Attachment::in_order(rows.unwrap_or_default(), &self.0.photos)))
    }

    /// 同时可约的份数，如健身房的名额；大于 1 时每次预约全程占同一份 / How many bookings it takes at once, as places of a gym; of several each booking has
    /// one, the same one all its time.
    async fn units(&self) -> i32 {
        self.0.units.into()
    }

    /// 预约时要回答的题目，至多 10 题 / What it asks who books, at most 10 questions; so not paged.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<FormQuestion>> {
        let form = forms::Form::kept(&self.0.questions).or_fail(ctx)?;
        Ok(form.questions().iter().map(Into::into).collect())
    }

    /// 在此提供的服务项目 / Services that are given there; at most those of its centre, so not paged.
    async fn service_items(&self, ctx: &Context<'_>) -> Option<Result<Vec<ServiceItem>>> {
        let found = async {
            let given = load(ctx, ServicesAt(self.0.id)).await?.unwrap_or_default();
            let items = load_all(ctx, given.into_iter().map(|given| given.service_id).collect()).await?;
            let shown = items.into_iter().filter(|item| item.state != ServiceState::Retired);
            Ok(shown.map(ServiceItem).collect())
        };
        Some(found.await)
    }

    /// 设备，至多 20 项 / What stands in it, at most 20; so not paged.
    async fn equipment(&self) -> Vec<String> {
        serde_json::from_value(self.0.equipment.clone()).unwrap_or_default()
    }

    /// 使用须知 / Rules of the house.
    async fn rules(&self) -> Option<&str> {
        self.0.rules.as_deref()
    }

    /// 收费说明，空为免费 / What it costs, in words; free when null.
    async fn fee(&self) -> Option<&str> {
        self.0.fee.as_deref()
    }

    /// 可独自使用的最小年龄 / Youngest who may come alone.
    async fn min_age(&self) -> Option<i32> {
        self.0.min_age.map(Into::into)
    }

    /// 审批方式 / Whether the centre looks at bookings first.
    async fn approval(&self) -> BookingApproval {
        self.0.approval.into()
    }

    /// 起始间隔，分钟 / Bookings begin at multiples of this since midnight, in minutes.
    async fn start_interval_minutes(&self) -> i32 {
        self.0.start_interval.into()
    }

    /// 最短时长，分钟 / Shortest booking, in minutes.
    async fn min_minutes(&self) -> i32 {
        self.0.min_minutes.into()
    }

    /// 最长时长，分钟 / Longest booking, in minutes.
    async fn max_minutes(&self) -> i32 {
        self.0.max_minutes.into()
    }

    /// 团体最长时长，分钟 / Longest booking of a group, in minutes.
    async fn group_max_minutes(&self) -> i32 {
        self.0.group_max_minutes.into()
    }

    /// 前置缓冲，分钟 / Kept free before, in minutes.
    async fn buffer_before_minutes(&self) -> i32 {
        self.0.buffer_before.into()
    }

    /// 保洁缓冲，分钟 / Kept free after, in minutes.
    async fn buffer_after_minutes(&self) -> i32 {
        self.0.buffer_after.into()
    }

    /// 提前几天放号 / A date is booked from so many days before on.
    async fn days_ahead(&self) -> i32 {
        self.0.days_ahead.into()
    }

    /// 放号时间 HH:MM / At this time of that day, `HH:MM`.
    async fn opens_at(&self) -> String {
        clock(self.0.opens_minute)
    }

    /// 是否可预约 / Whether it is booked.
    async fn is_bookable(&self) -> bool {
        self.0.is_bookable
    }

    /// 开放规则，至多 60 条 / Rules of when it is open, at most 60; so not paged.
    async fn opening_rules(&self, ctx: &Context<'_>) -> Option<Result<Vec<OpeningRule>>> {
        let rows = load(ctx, OpeningRulesOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(OpeningRule).collect()))
    }

    /// 可约时段：从某日起至多 14 天 / Times of a length, from a date on for at most 14 days; so not paged.
    async fn slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "起始日期 / First date in Asia/Shanghai.")] from: NaiveDate,
        #[graphql(default = 1, desc = "天数，1–14 / How many dates, 1–14.")] days: i32,
        #[graphql(default = 60, desc = "时长，分钟 / How long, in minutes.")] minutes: i32,
        #[graphql(default, desc = "是否团体，团体可约更长 / Whether for a group, which may have longer.")]
        is_group: bool,
    ) -> Option<Result<Vec<VenueSlot>>> {
        let found = async {
            let days = u8::try_from(days).ok().filter(|days| (1..=14).contains(days));
            let days = days.ok_or(Error::BadRequest("`days` is 1–14")).or_fail(ctx)?;
            let (venue, length, who) = (self.0.id, length(minutes).or_fail(ctx)?, ctx.caller().actor.account());
            let asked = Asked { venue, from, days, length, is_group, who };
            let slots = load(ctx, asked).await?;
            Ok(slots.unwrap_or_default().into_iter().map(VenueSlot::of).collect())
        };
        Some(found.await)
    }
}

/// How long, in granules.
pub(super) fn length(minutes: i32) -> kernel::error::Result<i32> {
    let is_length = (15..=720).contains(&minutes) && minutes % 15 == 0;
    if is_length { Ok(minutes / 15) } else { Err(Error::BadRequest("`minutes` is a multiple of 15 up to 720")) }
}

/// 时段 / A time of a venue that a booking could have.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct VenueSlot {
    /// 起 / From.
    starts_at: DateTime<Utc>,
    /// 止 / Up to.
    ends_at: DateTime<Utc>,
    /// 状态 / Whether it may be had.
    state: SlotState,
    /// 放号时间 / From when on it is booked.
    opens_at: Option<DateTime<Utc>>,
}

impl VenueSlot {
    pub(super) fn of(slot: Slot) -> Self {
        let (starts_at, ends_at) = (slot.span.begins(), slot.span.ends());
        Self { starts_at, ends_at, state: slot.state.into(), opens_at: slot.opens_at }
    }
}

/// A rule of opening.
pub struct OpeningRule(opening_rule::Model);

/// 开放规则 / A rule of when a venue is open.
#[Object]
impl OpeningRule {
    /// 适用日 / On which days.
    async fn days(&self) -> OpeningDays {
        self.0.days.into()
    }

    /// 星期 1–7，仅指定星期时有 / Weekdays 1 (Monday) – 7, of WEEKDAYS only.
    async fn weekdays(&self) -> Option<Vec<i32>> {
        let bits = self.0.weekdays?;
        Some((1..=7).filter(|day| bits & (1 << (day - 1)) != 0).collect())
    }

    /// 起，HH:MM；该日不开放时为空 / From, `HH:MM`; null for a date on which it stays closed.
    async fn from(&self) -> Option<String> {
        self.0.from_minute.map(clock)
    }

    /// 止，HH:MM / Up to, `HH:MM`.
    async fn to(&self) -> Option<String> {
        self.0.to_minute.map(clock)
    }

    /// 场次 / Which session that is.
    async fn session(&self) -> OpeningSession {
        self.0.session.into()
    }

    /// 是否有人值班；夜场、周末场、节假日场无人值班则不开放 / Whether somebody is there; no session but DAY is open without.
    async fn is_staffed(&self) -> bool {
        self.0.session == entity::enums::OpeningSession::Day || self.0.duty_id.is_some()
    }

    /// 值班人员，登录后可见 / Who is on duty; for people who signed in.
    async fn duty(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        ctx.caller().actor.account()?;
        load(ctx, self.0.duty_id?).await.map(|row| row.map(User)).transpose()
    }

    /// 起始日期 / First day.
    async fn valid_from(&self) -> NaiveDate {
        self.0.valid_from
    }

    /// 截止日期 / Last day.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.0.valid_to
    }
}

/// A closure.
#[derive(Clone)]
pub struct Closure(pub(crate) closure::Model);

/// 临时闭馆或留用 / A time at which a centre, or a venue of it, is closed whatever its rules say, or kept for some people.
#[Object]
impl Closure {
    /// 标识，用于恢复开放 / Id, for opening again; not a Node.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 场地；空为整个中心 / Venue; the whole centre when null.
    async fn venue(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        load(ctx, self.0.venue_id?).await.map(|row| row.map(Venue)).transpose()
    }

    /// 起 / From.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.begins_at
    }

    /// 止 / Up to.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// 是否留用：期间仅限指定人员预约，不是闭馆 / Whether it is kept for some people, who book as ever meanwhile; not closed, then.
    async fn is_reserved(&self) -> bool {
        self.0.is_reserved
    }

    /// 当前用户在此期间可否预约 / Whether the viewer may book meanwhile.
    async fn viewer_may_book(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        let Some(account) = ctx.caller().actor.account().filter(|_| self.0.is_reserved) else { return Some(Ok(false)) };
        let guests = load(ctx, GuestsOf(self.0.id)).await;
        Some(guests.map(|guests| guests.unwrap_or_default().contains(&account)))
    }

    /// 可预约的人员，仅留用时有，仅中心工作人员可见，至多 30 人 / Who may book meanwhile, of what is kept for some; for the centre's staff. At most 30, so
    /// not paged.
    async fn guests(&self, ctx: &Context<'_>) -> Option<Result<Vec<User>>> {
        let found = async {
            let center = load(ctx, self.0.center_id).await?.map(Center);
            if !center.is_some_and(|center| center.may(ctx, slice::CenterAction::ReadBookings)) {
                return Ok(None);
            }
            let guests = load(ctx, GuestsOf(self.0.id)).await?.unwrap_or_default();
            let rows = load_all(ctx, guests.into_iter().collect()).await?;
            Ok(Some(rows.into_iter().map(User).collect()))
        };
        found.await.transpose()
    }

    /// 原因 / Why.
    async fn reason(&self) -> ClosureReason {
        self.0.reason.into()
    }

    /// 说明 / In words.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// 撤销时间 / When it was taken back.
    async fn lifted_at(&self) -> Option<DateTime<Utc>> {
        self.0.lifted_at
    }
}

/// Minutes of the day as people write them.
fn clock(minute: i16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
