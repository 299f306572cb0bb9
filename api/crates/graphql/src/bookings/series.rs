//! For whom a centre books, and series, on the wire.

use std::sync::Arc;

use ::bookings as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{BookingSeriesId, Id as _};
use entity::{booking_series, center, series_refusal};
use kernel::error::{Result as KernelResult, UserError as Refusal};
use kernel::page::{Cursor, PageRequest};
use kernel::tx::Verb;

use super::centers::Center;
use super::mutations::{BookingPayload, booking};
use super::places::Venue;
use super::queries::shown;
use super::types::BookingConnection;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::forms::FormAnswerInput;
use crate::identity::User;
use crate::loaders::{RefusalsOf, load};
use crate::mutation::{Subject, perform};
use crate::page::{connection, page};

/// A series, as who has it and the centre's staff see it.
#[derive(Clone)]
pub struct BookingSeries(pub(super) Arc<slice::Series>);

impl From<slice::Series> for BookingSeries {
    fn from(found: slice::Series) -> Self {
        Self(Arc::new(found))
    }
}

impl BookingSeries {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: BookingSeriesId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Into::into))
    }

    fn row(&self) -> &booking_series::Model {
        &self.0.row
    }
}

connection!(BookingSeriesConnection, BookingSeriesEdge, BookingSeries, "系列预约", "series");

/// 系列预约：中心为某人或团体按规则长期安排的场地；本人和中心工作人员可见 / A series: a centre has somebody use a venue again and again, by a rule.
/// Seen by that person and the centre's staff.
#[Object]
impl BookingSeries {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row().id.text().into()
    }

    /// 邻里中心 / Centre.
    async fn center(&self, ctx: &Context<'_>) -> Option<Result<Center>> {
        load(ctx, self.row().center_id).await.map(|row| row.map(Center)).transpose()
    }

    /// 场地 / Venue, as it was asked for.
    async fn venue(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        load(ctx, self.row().venue_id).await.map(|row| row.map(Venue)).transpose()
    }

    /// 使用人 / Who has it.
    async fn booker(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.row().account_id).await.map(|row| row.map(User)).transpose()
    }

    /// 团体名称 / Group for which it is.
    async fn group_name(&self) -> Option<&str> {
        self.row().group_name.as_deref()
    }

    /// 用途 / What for.
    async fn purpose(&self) -> &str {
        &self.row().purpose
    }

    /// 人数 / How many come.
    async fn party_size(&self) -> i32 {
        self.row().party_size
    }

    /// 创建时的星期 1–7，仅按周 / Weekdays 1 (Monday) – 7 as it was made, of one by weeks only.
    async fn weekdays(&self) -> Vec<i32> {
        let bits = self.row().weekdays.unwrap_or_default();
        (1..=7).filter(|day| bits & 1 << (day - 1) != 0).collect()
    }

    /// 每几周一次，仅按周 / Every so many weeks, of one by weeks only.
    async fn every_weeks(&self) -> Option<i32> {
        self.row().every_weeks.map(Into::into)
    }

    /// 每月几号，仅按月 / On which day of a month, of one by months only.
    async fn day_of_month(&self) -> Option<i32> {
        self.row().month_day.map(Into::into)
    }

    /// 首日 / Its first day.
    async fn first_on(&self) -> NaiveDate {
        self.row().first_date
    }

    /// 末日 / Its last day.
    async fn last_on(&self) -> NaiveDate {
        self.row().last_date
    }

    /// 创建时的起，HH:MM / From, `HH:MM`, as it was made.
    async fn from(&self) -> String {
        clock(self.row().from_minute)
    }

    /// 创建时的止，HH:MM / Up to, `HH:MM`, as it was made.
    async fn to(&self) -> String {
        clock(self.row().to_minute)
    }

    /// 各次预约，按时间 / Its bookings, in order of time.
    async fn bookings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<BookingConnection>> {
        Some(bookings_in(ctx, &self.0, page(first, after, last, before)).await)
    }

    /// 未能预约或未能调整的日期及原因，按日期，每次预约至多一条，故不分页 / Dates on which nothing was made, or what stayed as it was, and why; at
    /// most one for each date of the series and each of its bookings, so not paged.
    async fn refusals(&self, ctx: &Context<'_>) -> Option<Result<Vec<SeriesRefusal>>> {
        let rows = load(ctx, RefusalsOf(self.row().id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(SeriesRefusal).collect()))
    }

    /// 创建时间 / Made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row().created_at
    }
}

fn clock(minute: i16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

async fn bookings_in(
    ctx: &Context<'_>,
    series: &slice::Series,
    page: KernelResult<PageRequest>,
) -> Result<BookingConnection> {
    let page = page.or_fail(ctx)?;
    Ok(shown(slice::bookings_in(ctx.base(), series, &page).await.or_fail(ctx)?))
}

/// A centre's series, for who may read its bookings.
pub(super) async fn series_at(
    ctx: &Context<'_>,
    center: &center::Model,
    page: KernelResult<PageRequest>,
) -> Result<BookingSeriesConnection> {
    let page = page.or_fail(ctx)?;
    let found = slice::series_at(ctx.base(), center, &page).await.or_fail(ctx)?;
    Ok(BookingSeriesConnection::of(found.map(|series| {
        let cursor = Cursor { at: series.row.created_at, id: series.row.id.into() };
        (series.into(), cursor)
    })))
}

/// A date of a series.
pub struct SeriesRefusal(series_refusal::Model);

/// 系列中未能预约或未能调整的一天 / A date of a series on which nothing was made, or on which a booking stayed as it was.
#[Object]
impl SeriesRefusal {
    /// 日期 / Date in Asia/Shanghai.
    async fn on(&self) -> NaiveDate {
        self.0.date
    }

    /// 原因 / Why.
    async fn reason(&self, ctx: &Context<'_>) -> Option<UserError> {
        let code = self.0.code.parse().ok()?;
        Some(UserError::render(Refusal::new(code), ctx.caller().language))
    }

    /// 未能调整的预约；未能预约时为空 / The booking that stayed as it was; null where none was made.
    async fn booking_id(&self) -> Option<ID> {
        self.0.booking_id.map(|id| id.text().into())
    }

    /// 时间 / When that was.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
}

/// 为来电或到场的居民代约 / Books a venue for somebody who calls or comes to the desk.
#[derive(InputObject, Clone, Debug)]
pub struct BookOnBehalfInput {
    /// 场地 / Venue.
    pub venue_id: ID,
    /// 起 / From.
    pub starts_at: DateTime<Utc>,
    /// 止 / Up to.
    pub ends_at: DateTime<Utc>,
    /// 人数 / How many come.
    pub party_size: i32,
    /// 用途，至多 200 字 / What for, at most 200 characters.
    pub purpose: String,
    /// 团体名称，至多 40 字 / Group for which it is, at most 40 characters.
    pub group_name: Option<String>,
    /// 服务项目；时长须与其一致 / Service for which it is; it takes as long as that says.
    pub service_item_id: Option<ID>,
    /// 对场地题目的回答 / Answers to what the venue asks.
    pub answers: Option<Vec<FormAnswerInput>>,
    /// 联系人姓名，至多 40 字；仅用于新开账号 / Name of the person, at most 40 characters; used when an account is opened.
    pub contact_name: String,
    /// 联系人手机号；预约记在此人名下 / Mobile number of the person, whose booking it is.
    pub contact_phone: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 系列预约：按周填 weekdays 与 everyWeeks，按月填 dayOfMonth / Books a venue again and again: by weeks with `weekdays` and `everyWeeks`, by months
/// with `dayOfMonth`.
#[derive(InputObject, Clone, Debug)]
pub struct BookSeriesInput {
    /// 场地 / Venue.
    pub venue_id: ID,
    /// 星期 1–7，按周时填 / Weekdays 1 (Monday) – 7, by weeks.
    pub weekdays: Option<Vec<i32>>,
    /// 每几周一次，1–8，不填为 1 / Every so many weeks, 1–8; 1 when absent.
    pub every_weeks: Option<i32>,
    /// 每月几号，1–31，按月时填；没有该日的月份略过 / On which day of a month, 1–31, by months; months without it are left out.
    pub day_of_month: Option<i32>,
    /// 首日 / Its first day.
    pub first_on: NaiveDate,
    /// 末日，一年以内；至多 60 次 / Its last day, within a year; at most 60 dates.
    pub last_on: NaiveDate,
    /// 起，HH:MM / From, `HH:MM`.
    pub from: String,
    /// 止，HH:MM / Up to, `HH:MM`.
    pub to: String,
    /// 人数 / How many come.
    pub party_size: i32,
    /// 用途，至多 200 字 / What for, at most 200 characters.
    pub purpose: String,
    /// 团体名称，至多 40 字 / Group for which it is, at most 40 characters.
    pub group_name: Option<String>,
    /// 对场地题目的回答，用于每一次 / Answers to what the venue asks, for each of them.
    pub answers: Option<Vec<FormAnswerInput>>,
    /// 联系人姓名，至多 40 字；仅用于新开账号 / Name of the person, at most 40 characters; used when an account is opened.
    pub contact_name: String,
    /// 联系人手机号；预约记在此人名下 / Mobile number of the person, whose bookings they are.
    pub contact_phone: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 系列预约返回 / Payload of a series.
#[derive(SimpleObject)]
pub struct BookingSeriesPayload {
    /// 系列预约；被拒绝时为空 / The series; null when refused.
    series: Option<BookingSeries>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct DeskMutation;

/// 中心代约 / What a centre books for others.
#[Object]
impl DeskMutation {
    /// 代约：为来电或到场的居民预约，按本人的限额，直接确认；仅中心工作人员 / Books for somebody who calls or comes to the desk: within that person's
    /// share, and confirmed at once. For the centre's staff.
    async fn book_on_behalf(&self, ctx: &Context<'_>, input: BookOnBehalfInput) -> Result<BookingPayload> {
        ctx.person()?;
        let raw = slice::RawBook {
            venue: ctx.id(&input.venue_id)?,
            begins_at: input.starts_at,
            ends_at: input.ends_at,
            party_size: input.party_size,
            purpose: input.purpose.clone(),
            group_name: input.group_name.clone(),
            service: input.service_item_id.as_ref().map(|id| ctx.id(id)).transpose()?,
            answers: input.answers.iter().flatten().map(Into::into).collect(),
            // By phone nobody could accept what falls free.
            joins_waitlist: false,
        };
        let command = slice::BookFor::parse(&raw, &contact(&input.contact_name, &input.contact_phone));
        let operation = ("bookOnBehalf", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::book_for(tx, wanted));
        booking(ctx, operation, &input, (None, command), verb).await
    }

    /// 系列预约：为某人或团体按规则长期安排，不受放号时间和个人限额约束；不能预约的日期略过并记录原因；仅中心工作人员 / Books again and again for
    /// somebody, beyond the window and the person's share; dates on which it cannot be had are left out, and why is noted. For the
    /// centre's staff.
    async fn book_series(&self, ctx: &Context<'_>, input: BookSeriesInput) -> Result<BookingSeriesPayload> {
        ctx.person()?;
        let raw = slice::RawBookSeries {
            venue: ctx.id(&input.venue_id)?,
            weekdays: input.weekdays.clone().unwrap_or_default(),
            every_weeks: input.every_weeks,
            month_day: input.day_of_month,
            first: input.first_on,
            last: input.last_on,
            from: input.from.clone(),
            to: input.to.clone(),
            party_size: input.party_size,
            purpose: input.purpose.clone(),
            group_name: input.group_name.clone(),
            answers: input.answers.iter().flatten().map(Into::into).collect(),
            contact: contact(&input.contact_name, &input.contact_phone),
        };
        let operation = ("bookSeries", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::book_series(tx, wanted));
        let nothing = None::<BookingSeriesId>;
        let settled = perform(ctx, operation, nothing, &input, raw.parse(), verb, |row| row.id).await?;
        let series = match settled.subject {
            Subject::Row(row) => BookingSeries::by_id(ctx, row.id).await?,
            Subject::Id(id) => BookingSeries::by_id(ctx, id.into()).await?,
            Subject::None => None,
        };
        Ok(BookingSeriesPayload { series, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}

fn contact(name: &str, phone: &str) -> slice::RawContact {
    slice::RawContact { name: name.to_owned(), phone: phone.to_owned() }
}
