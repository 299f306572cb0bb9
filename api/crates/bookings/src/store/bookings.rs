//! Bookings.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::booking::{Column, Entity, Model};
use entity::enums::{BookingState, VenueKind};
use entity::id::{AccountId, BookingId, BookingSeriesId, CenterId, VenueId};
use entity::{center, venue};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded as _, Permitted};
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use schedule::code::{SPOKEN, spoken};
use schedule::opening::Hours;
use schedule::span::Span;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationDef, Select,
};

use super::places::paths;
use crate::policy::{Booking, BookingAction, STAFF, Series};
use crate::quota::{Alike, Counted, week_of};
use crate::workflow::LIVE;

/// Inserts a booking; its code is given here.
pub async fn insert_booking(tx: &Tx, row: Model) -> Result<Model> {
    let row = Model { code: spoken(tx.base())?, ..row };
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await;
    inserted
        .map_err(|error| if is_taken(&error, "booking", &["code"]) { Error::Crossed(error) } else { error.into() })?;
    Ok(row)
}

/// One update of the columns that differ; `false` when somebody was faster.
pub async fn update_booking(tx: &Tx, before: Permitted<Booking>, after: &Model) -> Result<bool> {
    let before = before.into_row().row;
    let own = Entity::update_many().set(bulk::changed(&before, after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    Ok(updated.rows_affected == 1)
}

/// In which centre a booking is.
pub async fn center_of(db: &impl ConnectionTrait, id: BookingId) -> Result<Option<CenterId>> {
    Ok(Entity::find_by_id(id).select_only().column(Column::CenterId).into_tuple().one(db).await?)
}

/// A booking with the path of its centre, whoever asks.
pub async fn booking(db: &impl ConnectionTrait, id: BookingId) -> Result<Option<Booking>> {
    let Some(row) = Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let center = center::Entity::find_by_id(row.center_id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(Some(Booking { row, area_path: center.area_path }))
}

/// A booking, unless it is absent or hidden.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(base: &Base, actor: &Actor, id: BookingId) -> Result<Option<Booking>> {
    let db = base.db.reader();
    let Some(row) = Entity::find_by_id(id).filter(seen_by(actor)).one(db).await? else { return Ok(None) };
    Ok(with_paths(db, vec![row]).await?.pop())
}

/// A booking of a centre by the code that people show, in letters of either case.
///
/// # Errors
/// When the database does not answer.
pub async fn by_code(db: &impl ConnectionTrait, center: &center::Model, code: &str) -> Result<Option<Booking>> {
    let code = code.trim().to_ascii_uppercase();
    if code.len() != SPOKEN {
        return Ok(None);
    }
    let found = Entity::find().filter(Column::Code.eq(code)).filter(Column::CenterId.eq(center.id)).one(db).await?;
    Ok(found.map(|row| Booking { row, area_path: center.area_path.clone() }))
}

/// The own ones, and those of centres where the actor works.
fn seen_by(actor: &Actor) -> Condition {
    let own = actor.account().map(|account| Column::AccountId.eq(account));
    let mut there = Condition::any();
    for path in actor.areas_as(STAFF) {
        there = there.add(center::Column::AreaPath.starts_with(path));
    }
    // An empty `OR` would mean everything.
    let there = there.add(Expr::value(false));
    let centers = Query::select().column(center::Column::Id).from(center::Entity).cond_where(there).take();
    Condition::any().add_option(own).add(Column::CenterId.in_subquery(centers))
}

/// Bookings by id, those that the actor may see, in no order.
///
/// # Errors
/// When the database does not answer.
pub async fn bookings_by_ids(db: &impl ConnectionTrait, actor: &Actor, ids: Vec<BookingId>) -> Result<Vec<Booking>> {
    let found = by_ids(db, ids).await?.into_iter();
    Ok(found.filter(|booking| booking.decide(actor, BookingAction::Read) == Decision::Allow).collect())
}

/// Bookings by id, whoever asks.
pub(super) async fn by_ids(db: &impl ConnectionTrait, mut ids: Vec<BookingId>) -> Result<Vec<Booking>> {
    ids.sort_unstable();
    ids.dedup();
    with_paths(db, Entity::find().filter(in_keys(db, Column::Id, &ids)).all(db).await?).await
}

async fn with_paths(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Booking>> {
    let paths = paths(db, rows.iter().map(|row| row.center_id)).await?;
    let whole = rows.into_iter().filter_map(|row| {
        let area_path = paths.get(&row.center_id)?.clone();
        Some(Booking { row, area_path })
    });
    Ok(whole.collect())
}

/// What a person booked, latest time first.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn bookings_of(
    base: &Base,
    actor: &Actor,
    is_live: Option<bool>,
    page: &PageRequest,
) -> Result<Page<Booking>> {
    let account = actor.person()?.account;
    let db = base.db.reader();
    let own = Entity::find().filter(Column::AccountId.eq(account));
    let own = match is_live {
        Some(true) => own.filter(Column::State.is_in(LIVE)),
        Some(false) => own.filter(Column::State.is_not_in(LIVE)),
        None => own,
    };
    let rows = page.apply(own, Column::BeginsAt, Column::Id, true).all(db).await?;
    let Page { rows, has_next, has_previous } = page.page(rows);
    Ok(Page { rows: with_paths(db, rows).await?, has_next, has_previous })
}

/// A centre's day (中心日程): what begins on a date in Asia/Shanghai, in order of time; without a date, what begins from now on.
///
/// # Errors
/// When the database does not answer.
pub async fn bookings_on(
    base: &Base,
    center: &center::Model,
    (date, state): (Option<NaiveDate>, Option<BookingState>),
    page: &PageRequest,
) -> Result<Page<Booking>> {
    let there = match date.map(|date| Hours::between(0, 24 * 60).ok().and_then(|day| day.on(date))) {
        Some(Some(day)) => begun_within(center.id, day),
        Some(None) => return Ok(Page { rows: Vec::new(), has_next: false, has_previous: false }),
        None => Entity::find().filter(Column::CenterId.eq(center.id)).filter(Column::BeginsAt.gte(base.clock.now())),
    };
    let there = there.filter(Condition::all().add_option(state.map(|state| Column::State.eq(state))));
    let rows = page.apply(there, Column::BeginsAt, Column::Id, false).all(base.db.reader()).await?;
    let Page { rows, has_next, has_previous } = page.page(rows);
    let rows = rows.into_iter().map(|row| Booking { row, area_path: center.area_path.clone() }).collect();
    Ok(Page { rows, has_next, has_previous })
}

/// Bookings of a centre that begin in a span.
pub(super) fn begun_within(center: CenterId, span: Span) -> Select<Entity> {
    let there = Entity::find().filter(Column::CenterId.eq(center));
    there.filter(Column::BeginsAt.gte(span.begins())).filter(Column::BeginsAt.lt(span.ends()))
}

/// What is counted, as it is read.
type Row = (BookingState, DateTime<Utc>, Option<String>, Option<BookingSeriesId>, VenueId, VenueKind);

/// What counts of a person's bookings, but one, when another is wanted on a date: what is live, and what was had in its week.
pub async fn counted(tx: &Tx, account: AccountId, date: NaiveDate, but: Option<BookingId>) -> Result<Vec<Counted>> {
    let monday = week_of(date);
    let week = |days| Hours::between(0, 15).ok().and_then(|first| first.on(monday + Days::new(days)));
    let (Some(from), Some(to)) = (week(0), week(7)) else { return Ok(Vec::new()) };
    let in_the_week = Condition::all().add(Column::BeginsAt.gte(from.begins())).add(Column::BeginsAt.lt(to.begins()));
    let rows = Entity::find()
        .select_only()
        .columns([Column::State, Column::BeginsAt, Column::GroupName, Column::SeriesId, Column::VenueId])
        .column(venue::Column::Kind)
        .join(JoinType::InnerJoin, venue_of())
        .filter(Column::AccountId.eq(account))
        .filter(Condition::all().add_option(but.map(|but| Column::Id.ne(but))))
        .filter(Condition::any().add(Column::State.is_in(LIVE)).add(in_the_week));
    let rows: Vec<Row> = rows.into_tuple().all(tx.db()).await?;
    let counted = rows.into_iter().map(|(state, begins_at, group, series, venue, kind)| {
        let (is_group, is_allotted) = (group.is_some(), series.is_some());
        Counted { state, alike: Alike::of(kind, venue), begins_at, is_group, is_allotted }
    });
    Ok(counted.collect())
}

fn venue_of() -> RelationDef {
    Entity::belongs_to(venue::Entity).from(Column::VenueId).to(venue::Column::Id).into()
}

/// Those who wait for a time of some venues that has a part in common with a span, first come first.
pub async fn overlapping_waiters(tx: &Tx, venues: &[VenueId], span: Span) -> Result<Vec<Model>> {
    let waiting = overlapping(tx.db(), venues, span).filter(Column::State.eq(BookingState::Waitlisted));
    let waiting = waiting.filter(Column::BeginsAt.gt(tx.now()));
    Ok(waiting.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(tx.db()).await?)
}

/// What anything may still come of in some venues during a span.
pub async fn affected(tx: &Tx, venues: &[VenueId], span: Span) -> Result<Vec<Model>> {
    let live = overlapping(tx.db(), venues, span).filter(Column::State.is_in(LIVE)).filter(Column::EndsAt.gt(tx.now()));
    Ok(live.order_by_asc(Column::BeginsAt).order_by_asc(Column::Id).all(tx.db()).await?)
}

fn overlapping(db: &impl ConnectionTrait, venues: &[VenueId], span: Span) -> Select<Entity> {
    // Buffers reach two hours at most.
    let reach = TimeDelta::hours(2);
    Entity::find()
        .filter(in_keys(db, Column::VenueId, venues))
        .filter(Column::BeginsAt.lt(span.ends() + reach))
        .filter(Column::EndsAt.gt(span.begins() - reach))
}

/// Bookings that the clock looks at now, some at a time: in the order in which they are due, and were made (到点的预约).
///
/// # Errors
/// When the database does not answer.
pub async fn due(base: &Base, most: u64) -> Result<Vec<BookingId>> {
    let due = Entity::find().select_only().column(Column::Id).filter(Column::DueAt.lt(base.clock.now()));
    let due = due.order_by_asc(Column::DueAt).order_by_asc(Column::Id);
    Ok(due.limit(most).into_tuple().all(base.db.reader()).await?)
}

/// All that a person ever booked, oldest first.
pub async fn all_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id).all(db).await?)
}

/// The centres in which a person has anything of which something may still come, in one order for all who hold several.
pub async fn live_centers_of(tx: &Tx, account: AccountId) -> Result<Vec<CenterId>> {
    let own = Entity::find().select_only().column(Column::CenterId).distinct().filter(Column::AccountId.eq(account));
    Ok(own.filter(Column::State.is_in(LIVE)).order_by_asc(Column::CenterId).into_tuple().all(tx.db()).await?)
}

/// What a person booked in a centre of which anything may still come.
pub async fn live_of(tx: &Tx, account: AccountId, center: CenterId) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::CenterId.eq(center));
    Ok(own.filter(Column::State.is_in(LIVE)).order_by_asc(Column::Id).all(tx.db()).await?)
}

/// Whether anything may still come of a booking of a centre.
pub async fn is_booked(tx: &Tx, center: CenterId) -> Result<bool> {
    let live = Entity::find().filter(Column::CenterId.eq(center)).filter(Column::EndsAt.gt(tx.now()));
    Ok(live.filter(Column::State.is_in(LIVE)).limit(1).one(tx.db()).await?.is_some())
}

/// Lets the others go first: what is due about a booking, and could not be done, is looked at again later.
pub async fn put_off(tx: &Tx, id: BookingId, until: DateTime<Utc>) -> Result<()> {
    let later = Entity::update_many().col_expr(Column::DueAt, Expr::value(until)).filter(Column::Id.eq(id));
    // Unless somebody moved it meanwhile.
    later.filter(Column::DueAt.lt(tx.now())).exec(tx.db()).await?;
    Ok(())
}

/// Those of a series of which anything may still come, in order of time.
pub async fn live_of_series(tx: &Tx, series: BookingSeriesId) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::SeriesId.eq(series)).filter(Column::State.is_in(LIVE));
    Ok(own.order_by_asc(Column::BeginsAt).order_by_asc(Column::Id).all(tx.db()).await?)
}

/// The bookings of a series, in order of time, for who may see the series.
///
/// # Errors
/// When the database does not answer.
pub async fn bookings_in(base: &Base, series: &Series, page: &PageRequest) -> Result<Page<Booking>> {
    let own = Entity::find().filter(Column::SeriesId.eq(series.row.id));
    let rows = page.apply(own, Column::BeginsAt, Column::Id, false).all(base.db.reader()).await?;
    Ok(page.page(rows).map(|row| Booking { row, area_path: series.area_path.clone() }))
}

/// Takes the words out of all that a person ever booked; that somebody had a venue then is kept.
pub async fn forget_words(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::GroupName, Expr::value(None::<String>))
        .col_expr(Column::Purpose, Expr::value(""))
        .col_expr(Column::Note, Expr::value(None::<String>))
        .col_expr(Column::Answers, Expr::value(serde_json::json!([])))
        .filter(Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
