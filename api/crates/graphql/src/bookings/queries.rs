//! Queries about centres and bookings.

use std::sync::Arc;

use ::bookings as slice;
use async_graphql::{Context, Object};
use chrono::NaiveDate;
use entity::center;
use kernel::error::Result as KernelResult;
use kernel::page::{Page, PageRequest};

use super::centers::Center;
use super::types::{Booking, BookingConnection};
use crate::context::{Ask as _, OrFail as _, Result};

/// Queries.
#[derive(Default)]
pub struct BookingQuery;

/// 邻里中心查询 / Queries about neighbourhood centres.
#[Object]
impl BookingQuery {
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
    date: NaiveDate,
    page: KernelResult<PageRequest>,
) -> Result<BookingConnection> {
    let page = page.or_fail(ctx)?;
    let found = slice::bookings_on(ctx.base(), center, date, &page).await.or_fail(ctx)?;
    Ok(shown(found))
}

fn shown(page: Page<slice::Booking>) -> BookingConnection {
    BookingConnection::of(page.map(|booking| {
        let node = Booking(Arc::new(booking));
        let cursor = node.cursor();
        (node, cursor)
    }))
}
