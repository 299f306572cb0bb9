//! Types of centres; what is for everybody, and what their staff sees.

use ::bookings as slice;
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use entity::center;
use entity::enums::BookingState;
use entity::id::Id as _;
use kernel::guarded::{Decision, Guarded as _};
use schedule::code::{self, ScreenCode};

use super::credit::{CreditAppealConnection, appeals_at};
use super::enums::{CenterAction, CenterState};
use super::places::{Closure, Venue};
use super::queries::{bookings_on, place};
use super::series::{BookingSeriesConnection, series_at};
use super::services::ServiceItem;
use super::types::{Booking, BookingConnection};
use super::usage::{CenterUsage, DaySheet};
use crate::areas::{Area, GeoDatum, GeoPoint, GeoPointInput};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::loaders::{ClosuresOf, ServicesOf, VenuesOf, load};
use crate::page::page;
use crate::qr::svg;

/// A neighbourhood centre.
#[derive(Clone)]
pub struct Center(pub(crate) center::Model);

impl Center {
    pub(super) fn may(&self, ctx: &Context<'_>, action: slice::CenterAction) -> bool {
        slice::Center(self.0.clone()).decide(&ctx.caller().actor, action) == Decision::Allow
    }
}

/// What a screen shows.
pub struct DoorCode(pub(crate) ScreenCode);

/// 签到动态码：制成二维码显示 / A code for the screen at the door, to be shown as a QR code.
#[Object]
impl DoorCode {
    /// 内容 / What it holds.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 二维码，SVG / The same as a QR code in SVG.
    async fn svg(&self, ctx: &Context<'_>) -> Result<String> {
        svg(&self.0.code).or_fail(ctx)
    }

    /// 此时更换 / When the screen shows the next one.
    async fn shown_until(&self) -> DateTime<Utc> {
        self.0.shown_until
    }
}

/// 邻里中心 / A neighbourhood centre: a house of the street with rooms to book.
#[Object]
impl Center {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 代码 / Code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 所在区域 / Area it lies in.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        load(ctx, self.0.area_id).await.map(|row| row.map(Area)).transpose()
    }

    /// 地址 / Address.
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// 位置 / Where, on the map.
    async fn location(
        &self,
        #[graphql(default_with = "GeoDatum::Gcj02", desc = "坐标基准 / Datum.")] datum: GeoDatum,
    ) -> Option<GeoPoint> {
        GeoPoint::of(self.0.longitude?, self.0.latitude?, datum)
    }

    /// 步行分钟 / Minutes to walk there; null when nobody entered where it is.
    async fn walking_minutes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "所在位置 / Where the person is.")] from: GeoPointInput,
    ) -> Option<Result<i32>> {
        let place = place(ctx, Some(from)).transpose()?;
        place.map(|place| slice::walk(place, &self.0)).transpose()
    }

    /// 服务台电话，可电话预约 / Number of the desk, where one can book too.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// 状态 / Where it stands.
    async fn state(&self) -> CenterState {
        self.0.state.into()
    }

    /// 场地，至多 100 个，按名称 / Its venues, at most 100, by name; so not paged.
    async fn venues(&self, ctx: &Context<'_>) -> Option<Result<Vec<Venue>>> {
        let rows = load(ctx, VenuesOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(Venue).collect()))
    }

    /// 服务项目，已下架的除外，至多 100 个，按代码 / Services that it offers or has paused, at most 100, by code; so not paged.
    async fn service_items(&self, ctx: &Context<'_>) -> Option<Result<Vec<ServiceItem>>> {
        let rows = load(ctx, ServicesOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(ServiceItem).collect()))
    }

    /// 未结束的闭馆和留用 / Closures, and times that are kept for some, that hold or will, by their beginning.
    async fn closures(&self, ctx: &Context<'_>) -> Option<Result<Vec<Closure>>> {
        let rows = load(ctx, ClosuresOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(Closure).collect()))
    }

    /// 某日的预约，按时间，仅中心工作人员 / Bookings of a date, in order of time; for the centre's staff.
    async fn bookings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "日期 / Date in Asia/Shanghai.")] on: NaiveDate,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<BookingConnection>> {
        if !self.may(ctx, slice::CenterAction::ReadBookings) {
            return None;
        }
        Some(bookings_on(ctx, &self.0, (Some(on), None), page(first, after, last, before)).await)
    }

    /// 凭预约码查找本中心的预约，仅中心工作人员；没有则为空 / A booking of the centre by its code, as people show it at the desk; for the centre's staff.
    /// Null when there is none.
    async fn booking_by_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "预约码，不分大小写 / Code, in letters of either case.")] code: String,
    ) -> Option<Result<Booking>> {
        if !self.may(ctx, slice::CenterAction::ReadBookings) {
            return None;
        }
        let found = slice::by_code(ctx.base().db.reader(), &self.0, &code).await.or_fail(ctx).transpose();
        found.map(|found| found.map(Into::into))
    }

    /// 当日预约表的地址，CSV，十分钟内有效；含预约码、团体和用途，不含账号姓名和电话；仅中心工作人员 / Where the sheet of a day is fetched as CSV, for ten minutes: with
    /// codes, groups and purposes, and without names or phone numbers of accounts; for the centre's staff.
    async fn day_sheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "日期 / Date in Asia/Shanghai.")] on: NaiveDate,
    ) -> Option<DaySheet> {
        let sheet = || slice::day_sheet(ctx.base(), self.0.id, on);
        let is_allowed = self.may(ctx, slice::CenterAction::ReadBookings);
        is_allowed.then(sheet).map(Into::into)
    }

    /// 使用统计：至多 31 天，仅中心工作人员；开放时间按现行规则 / How the centre is used from one date to another, both included, at most 31; for its
    /// staff. What is open follows from the opening rules of today.
    async fn usage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "首日 / First date in Asia/Shanghai.")] from: NaiveDate,
        #[graphql(desc = "末日 / Last date.")] to: NaiveDate,
    ) -> Option<Result<CenterUsage>> {
        if !self.may(ctx, slice::CenterAction::ReadBookings) {
            return None;
        }
        Some(slice::usage(ctx.base(), &self.0, (from, to)).await.or_fail(ctx).map(CenterUsage))
    }

    /// 待审批的预约，按时间，仅中心工作人员 / Bookings that the centre has to decide about, in order of time; for its staff.
    async fn pending_bookings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<BookingConnection>> {
        if !self.may(ctx, slice::CenterAction::ReadBookings) {
            return None;
        }
        let pending = (None, Some(BookingState::PendingApproval));
        Some(bookings_on(ctx, &self.0, pending, page(first, after, last, before)).await)
    }

    /// 信用申诉，早的在前，仅中心工作人员 / Appeals against lines of credit, oldest first; for the centre's staff.
    async fn credit_appeals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "是否待处理，不填为全部 / Whether they are to be decided; all when absent.")] is_open: Option<
            bool,
        >,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<CreditAppealConnection>> {
        if !self.may(ctx, slice::CenterAction::ReadBookings) {
            return None;
        }
        Some(appeals_at(ctx, &self.0, is_open, page(first, after, last, before)).await)
    }

    /// 系列预约，最近的在前，仅中心工作人员 / Series, latest first; for the centre's staff.
    async fn booking_series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<BookingSeriesConnection>> {
        if !self.may(ctx, slice::CenterAction::ReadBookings) {
            return None;
        }
        Some(series_at(ctx, &self.0, page(first, after, last, before)).await)
    }

    /// 门口屏幕显示的签到动态码，仅中心工作人员 / What the screen at the door shows; for the centre's staff.
    async fn door_code(&self, ctx: &Context<'_>) -> Option<DoorCode> {
        let base = ctx.base();
        let code = || code::on_screen(&base.vault, self.0.id.0, base.clock.now());
        self.may(ctx, slice::CenterAction::ReadBookings).then(code).map(DoorCode)
    }

    /// 当前用户可执行的操作 / What the viewer may do.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<CenterAction> {
        slice::CenterAction::ALL.into_iter().filter(|action| self.may(ctx, *action)).map(Into::into).collect()
    }
}
