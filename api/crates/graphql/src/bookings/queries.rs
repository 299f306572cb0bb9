//! Queries about centres and bookings.

use ::bookings as slice;
use areas::Wgs84Point;
use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::center;
use entity::enums::BookingState;
use kernel::error::{Error, Result as KernelResult};
use kernel::page::{Page, PageRequest};

use super::centers::Center;
use super::enums::VenueKind;
use super::places::Venue;
use super::types::{Booking, BookingConnection};
use crate::areas::GeoPointInput;
use crate::context::{Ask as _, OrFail as _, Result};

/// Queries.
#[derive(Default)]
pub struct BookingQuery;

/// 邻里中心查询 / Queries about neighbourhood centres.
#[Object]
impl BookingQuery {
    /// 某类场地一周内最早的空闲时段，步行 15 分钟内的在前，至多 10 个 / The first free time of each venue of a kind within a week; those within a
    /// quarter of an hour's walk come first. At most 10, so not paged.
    async fn first_free_slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "场地类型 / What it is for.")] kind: VenueKind,
        #[graphql(desc = "起始日期 / First date in Asia/Shanghai.")] from: NaiveDate,
        #[graphql(desc = "所在位置 / Where the person is.")] near: Option<GeoPointInput>,
        #[graphql(default = 60, desc = "时长，分钟 / How long, in minutes.")] minutes: i32,
        #[graphql(default, desc = "是否团体，团体可约更长 / Whether for a group, which may have longer.")]
        is_group: bool,
    ) -> Option<Result<Vec<FreeSlot>>> {
        Some(first_free(ctx, (kind, from, is_group), near, minutes).await)
    }

    /// 邻里中心，按代码，至多 100 个 / Neighbourhood centres by code, at most 100; so not paged.
    async fn centers(&self, ctx: &Context<'_>) -> Option<Result<Vec<Center>>> {
        let rows = slice::centers(ctx.base().db.reader()).await.or_fail(ctx);
        Some(rows.map(|rows| rows.into_iter().map(Center).collect()))
    }
}

/// What the viewer booked.
pub(crate) async fn bookings(
    ctx: &Context<'_>,
    is_live: Option<bool>,
    page: KernelResult<PageRequest>,
) -> Result<BookingConnection> {
    let page = page.or_fail(ctx)?;
    let found = slice::bookings_of(ctx.base(), &ctx.caller().actor, is_live, &page).await.or_fail(ctx)?;
    Ok(shown(found))
}

/// A centre's day, for who may read it.
pub(super) async fn bookings_on(
    ctx: &Context<'_>,
    center: &center::Model,
    which: (Option<NaiveDate>, Option<BookingState>),
    page: KernelResult<PageRequest>,
) -> Result<BookingConnection> {
    let page = page.or_fail(ctx)?;
    let found = slice::bookings_on(ctx.base(), center, which, &page).await.or_fail(ctx)?;
    Ok(shown(found))
}

pub(super) fn shown(page: Page<slice::Booking>) -> BookingConnection {
    BookingConnection::of(page.map(|booking| {
        let node = Booking::from(booking);
        let cursor = node.cursor();
        (node, cursor)
    }))
}

async fn first_free(
    ctx: &Context<'_>,
    (kind, from, is_group): (VenueKind, NaiveDate, bool),
    near: Option<GeoPointInput>,
    minutes: i32,
) -> Result<Vec<FreeSlot>> {
    if !(15..=720).contains(&minutes) || minutes % 15 != 0 {
        return Err(ctx.fail(Error::BadRequest("`minutes` is a multiple of 15 up to 720")));
    }
    let near = place(ctx, near)?;
    let (what, who) = (slice::What::Kind(kind.into()), ctx.caller().actor.account());
    let sought = slice::Sought { what, near, from, length: minutes / 15, is_group, who };
    let found = slice::first_free(ctx.base(), &sought).await.or_fail(ctx)?;
    Ok(found.into_iter().map(FreeSlot::of).collect())
}

/// Where the person is, if that is told.
pub(super) fn place(ctx: &Context<'_>, near: Option<GeoPointInput>) -> Result<Option<Wgs84Point>> {
    let place = near.map(|near| near.place("near")).transpose();
    place.map_err(|_| ctx.fail(Error::BadRequest("these coordinates are no place here")))
}

/// 最早空闲时段 / The first time at which a venue may be had.
#[derive(SimpleObject)]
pub struct FreeSlot {
    /// 场地 / Venue.
    venue: Venue,
    /// 起 / From.
    starts_at: DateTime<Utc>,
    /// 止 / Up to.
    ends_at: DateTime<Utc>,
    /// 步行分钟 / Minutes to walk there.
    walking_minutes: Option<i32>,
}

impl FreeSlot {
    pub(super) fn of(found: slice::Found) -> Self {
        let (starts_at, ends_at) = (found.span.begins(), found.span.ends());
        Self { venue: Venue(found.venue), starts_at, ends_at, walking_minutes: found.walk }
    }
}
