//! What calendars show: bookings that keep or kept their venues.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::booking::{Column, Entity, Model};
use entity::enums::{BookingState as S, CreditKind};
use entity::fact;
use entity::id::{AccountId, BookingId, CenterId, VenueId};
use kernel::db::in_keys;
use kernel::error::Result;
use schedule::opening::Hours;
use schedule::span::Span;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;

use super::bookings::begun_within;
use crate::usage::Course;

/// What keeps its venue, or was used. Named one by one, so that an index by state finds it.
const STANDS: [S; 5] = [S::Offered, S::PendingApproval, S::Confirmed, S::CheckedIn, S::Completed];
/// What kept its venue and does so no more, or never did.
const FELL_FREE: [S; 5] = [S::CancelledByUser, S::CancelledByCenter, S::Rejected, S::NoShow, S::Expired];
/// Of these, what may have waited to its end.
const UNSURE: [S; 3] = [S::CancelledByUser, S::CancelledByCenter, S::Expired];

/// What an agenda reaches back to, and how long it gets.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// What began, or fell free, before is left out.
    pub since: DateTime<Utc>,
    /// So many at most, those that begin last.
    pub most: u64,
}

/// What a person has or had (本人日程), the latest first: without what only waited.
///
/// # Errors
/// When the database does not answer.
pub async fn agenda_of(db: &impl ConnectionTrait, account: AccountId, reach: Reach) -> Result<Vec<Model>> {
    agenda(db, Column::AccountId.eq(account), reach).await
}

/// Who has or had any of some venues (场地日程), the latest first: without what only waited.
///
/// # Errors
/// When the database does not answer.
pub async fn agenda_at(db: &impl ConnectionTrait, venues: &[VenueId], reach: Reach) -> Result<Vec<Model>> {
    agenda(db, in_keys(db, Column::VenueId, venues), reach).await
}

async fn agenda(db: &impl ConnectionTrait, whose: SimpleExpr, reach: Reach) -> Result<Vec<Model>> {
    let mut rows = Entity::find()
        .filter(whose)
        .filter(Column::BeginsAt.gte(reach.since))
        .filter(Column::State.is_in([STANDS, FELL_FREE].concat()))
        .filter(Condition::any().add(Column::State.is_in(STANDS)).add(Column::UpdatedAt.gte(reach.since)))
        .order_by_desc(Column::BeginsAt)
        .order_by_desc(Column::Id)
        .limit(reach.most)
        .all(db)
        .await?;
    let unsure: Vec<BookingId> = rows.iter().filter(|row| UNSURE.contains(&row.state)).map(|row| row.id).collect();
    let only_waited = only_waited(db, &unsure).await?;
    rows.retain(|row| !only_waited.contains(&row.id));
    Ok(rows)
}

/// Bookings of a centre in some states that begin on a date in Asia/Shanghai, in order of time.
pub async fn begun_on(db: &impl ConnectionTrait, center: CenterId, on: NaiveDate, states: &[S]) -> Result<Vec<Model>> {
    let Some(day) = Hours::between(0, 24 * 60).ok().and_then(|day| day.on(on)) else { return Ok(Vec::new()) };
    let there = begun_within(center, day).filter(Column::State.is_in(states.iter().copied()));
    Ok(there.order_by_asc(Column::BeginsAt).order_by_asc(Column::Id).all(db).await?)
}

/// What became of the bookings of a centre that begin in a span, in no order.
pub async fn courses(db: &impl ConnectionTrait, center: CenterId, within: Span) -> Result<Vec<Course>> {
    type Row = (BookingId, VenueId, DateTime<Utc>, DateTime<Utc>, S, Option<DateTime<Utc>>, bool, bool);
    let columns = [
        Column::Id,
        Column::VenueId,
        Column::BeginsAt,
        Column::EndsAt,
        Column::State,
        Column::EndedAt,
        Column::IsLate,
        Column::IsMoved,
    ];
    let there = begun_within(center, within).select_only().columns(columns);
    let rows: Vec<Row> = there.into_tuple().all(db).await?;
    let in_states = |states: &[S]| -> Vec<BookingId> {
        rows.iter().filter(|row| states.contains(&row.4)).map(|row| row.0).collect()
    };
    let only_waited = only_waited(db, &in_states(&[S::CancelledByUser, S::CancelledByCenter])).await?;
    let reversed = schedule::store::reversed_of(db, CreditKind::NoShow, &in_states(&[S::NoShow])).await?;
    let course = |(id, venue, begins_at, ends_at, state, ended_at, is_late, is_moved): Row| Course {
        venue,
        begins_at,
        ends_at,
        state,
        ended_at,
        is_late,
        only_waited: only_waited.contains(&id),
        is_excused: is_moved || reversed.contains(&id.0),
    };
    Ok(rows.into_iter().map(course).collect())
}

/// Those of some bookings that began on the waitlist and were never offered anything, as their facts tell.
async fn only_waited(db: &impl ConnectionTrait, bookings: &[BookingId]) -> Result<HashSet<BookingId>> {
    let told = fact::Entity::find()
        .select_only()
        .columns([fact::Column::SubjectId, fact::Column::Kind, fact::Column::Data])
        .filter(in_keys(db, fact::Column::SubjectId, bookings))
        .filter(fact::Column::Kind.is_in(["booking.made", "booking.offered"]));
    let told: Vec<(BookingId, String, Value)> = told.into_tuple().all(db).await?;
    let waited = told.iter().filter(|(_, kind, data)| kind == "booking.made" && data["state"] == "WAITLISTED");
    let mut only_waited: HashSet<BookingId> = waited.map(|(id, ..)| *id).collect();
    for (id, ..) in told.iter().filter(|(_, kind, _)| kind == "booking.offered") {
        only_waited.remove(id);
    }
    Ok(only_waited)
}
