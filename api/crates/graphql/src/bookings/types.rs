//! Types of bookings; who reaches one may see it.

use std::sync::Arc;

use ::bookings as slice;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::enums::BookingState as State;
use entity::id::{BookingId, Id as _};
use kernel::page::Cursor;

use super::centers::Center;
use super::enums::{BookingAction, BookingRejectReason, BookingState, ClosureReason, booking_action};
use super::places::Venue;
use super::series::BookingSeries;
use super::services::BookedService;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::forms::FormAnswer;
use crate::identity::User;
use crate::loaders::load;
use crate::page::connection;
use crate::qr::svg;

/// A booking as who booked and the centre's staff see it.
#[derive(Clone)]
pub struct Booking(pub(super) Arc<slice::Booking>);

impl From<slice::Booking> for Booking {
    fn from(found: slice::Booking) -> Self {
        Self(Arc::new(found))
    }
}

impl Booking {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: BookingId) -> Result<Option<Self>> {
        let found = slice::by_id(ctx.base(), &ctx.caller().actor, id).await.or_fail(ctx)?;
        Ok(found.map(Into::into))
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor { at: self.0.row.begins_at, id: self.0.row.id.into() }
    }
}

connection!(BookingConnection, BookingEdge, Booking, "预约", "bookings");

/// 预约；只有预约人和中心工作人员可见 / A booking; seen by who booked and by the centre's staff only.
#[Object]
impl Booking {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.row.id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// 预约码，到场时出示 / Code, shown at the desk.
    async fn code(&self) -> &str {
        &self.0.row.code
    }

    /// 预约码的二维码，SVG / The code as a QR code in SVG.
    async fn code_svg(&self, ctx: &Context<'_>) -> Result<String> {
        svg(&self.0.row.code).or_fail(ctx)
    }

    /// 状态 / Where it stands.
    async fn state(&self) -> BookingState {
        self.0.row.state.into()
    }

    /// 邻里中心 / Centre.
    async fn center(&self, ctx: &Context<'_>) -> Option<Result<Center>> {
        load(ctx, self.0.row.center_id).await.map(|row| row.map(Center)).transpose()
    }

    /// 场地 / Venue.
    async fn venue(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        load(ctx, self.0.row.venue_id).await.map(|row| row.map(Venue)).transpose()
    }

    /// 预约人 / Who has it.
    async fn booker(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.0.row.account_id).await.map(|row| row.map(User)).transpose()
    }

    /// 是否由中心代约 / Whether the centre booked it for who has it.
    async fn is_booked_by_center(&self) -> bool {
        self.0.row.made_by.is_some()
    }

    /// 所属系列 / Series it is one of.
    async fn series(&self, ctx: &Context<'_>) -> Option<Result<BookingSeries>> {
        BookingSeries::by_id(ctx, self.0.row.series_id?).await.transpose()
    }

    /// 团体名称 / Group for which it is.
    async fn group_name(&self) -> Option<&str> {
        self.0.row.group_name.as_deref()
    }

    /// 用途 / What for.
    async fn purpose(&self) -> &str {
        &self.0.row.purpose
    }

    /// 服务项目，当时版本 / Service for which it is, as it was then.
    async fn service(&self, ctx: &Context<'_>) -> Option<Result<BookedService>> {
        let (id, version) = self.0.row.service_id.zip(self.0.row.service_version)?;
        BookedService::of(ctx, id, version).await.transpose()
    }

    /// 对场地题目的回答，至多 10 个 / Answers to what the venue asked, at most 10; so not paged.
    async fn answers(&self) -> Vec<FormAnswer> {
        forms::kept_answers(&self.0.row.answers).into_iter().map(Into::into).collect()
    }

    /// 人数 / How many come.
    async fn party_size(&self) -> i32 {
        self.0.row.party_size
    }

    /// 起 / From.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.row.begins_at
    }

    /// 止 / Up to.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.row.ends_at
    }

    /// 此前取消不算临时取消 / Until when it is taken back without being late.
    async fn cancellable_until(&self) -> DateTime<Utc> {
        slice::free_until(&self.0.row)
    }

    /// 候补保留至，仅待确认时有 / Until when what fell free is kept for the person; of OFFERED only.
    async fn offer_expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.due_at.filter(|_| self.0.row.state == State::Offered)
    }

    /// 是否临时取消 / Whether it was taken back too late.
    async fn is_late_cancel(&self) -> bool {
        self.0.row.is_late
    }

    /// 是否登记了损坏 / Whether the centre noted that something was left broken.
    async fn is_damaged(&self) -> bool {
        self.0.row.is_damaged
    }

    /// 未通过的原因 / Why the centre said no.
    async fn reject_reason(&self) -> Option<BookingRejectReason> {
        self.0.row.reject_reason.map(Into::into)
    }

    /// 中心取消的原因 / Why the centre called it off.
    async fn call_off_reason(&self) -> Option<ClosureReason> {
        self.0.row.cancel_reason.map(Into::into)
    }

    /// 中心的说明 / What the centre said with it.
    async fn note(&self) -> Option<&str> {
        self.0.row.note.as_deref()
    }

    /// 签到时间 / When the people came.
    async fn checked_in_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.checked_in_at
    }

    /// 结束时间 / When it was over.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.ended_at
    }

    /// 提交时间 / Booked.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.row.created_at
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<BookingAction> {
        let now = ctx.base().clock.now();
        let actions = slice::actions(&ctx.caller().actor, &self.0, now);
        actions.into_iter().filter_map(booking_action).collect()
    }
}
