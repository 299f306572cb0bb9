//! What calendars show: bookings that keep or kept their venues.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::booking::{Column, Entity, Model};
use entity::enums::BookingState as S;
use entity::fact;
use entity::id::{AccountId, BookingId, VenueId};
use kernel::db::in_keys;
use kernel::error::Result;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;

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
