//! What calendars show: registrations that have or had a seat.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::enums::RegistrationState as S;
use entity::event_registration::{Column, Entity};
use entity::fact;
use entity::id::{AccountId, EventRegistrationId};
use kernel::db::in_keys;
use kernel::error::Result;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;

use super::registrations::with_events;
use crate::policy::Registration;

/// What had a seat and has it no more, or never had one.
const FELL_FREE: [S; 4] = [S::Cancelled, S::Removed, S::CalledOff, S::Expired];

/// What a person is registered for, or was and is no more since an instant (本人活动日程), in no order; without what only waited. So many of
/// each at most, the latest.
///
/// # Errors
/// When the database does not answer.
pub async fn agenda_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    since: DateTime<Utc>,
    most: u64,
) -> Result<Vec<Registration>> {
    let gone = Condition::all().add(Column::State.is_in(FELL_FREE)).add(Column::UpdatedAt.gte(since));
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Condition::any().add(Column::State.eq(S::Confirmed)).add(gone))
        .order_by_desc(Column::UpdatedAt)
        .order_by_desc(Column::Id)
        .limit(most)
        .all(db)
        .await?;
    let gone: Vec<EventRegistrationId> =
        rows.iter().filter(|row| row.state != S::Confirmed).map(|row| row.id).collect();
    let seated = seated(db, &gone).await?;
    let mut found = with_events(db, rows).await?;
    found.retain(|own| {
        own.event.row.ends_at >= since && (own.row.state == S::Confirmed || seated.contains(&own.row.id))
    });
    Ok(found)
}

/// Those of some registrations that ever had a seat, as their facts tell.
async fn seated(db: &impl ConnectionTrait, ids: &[EventRegistrationId]) -> Result<HashSet<EventRegistrationId>> {
    let kinds = ["event_registration.made", "event_registration.promoted", "event_registration.accepted"];
    let told = fact::Entity::find()
        .select_only()
        .columns([fact::Column::SubjectId, fact::Column::Kind, fact::Column::Data])
        .filter(in_keys(db, fact::Column::SubjectId, ids))
        .filter(fact::Column::Kind.is_in(kinds));
    let told: Vec<(EventRegistrationId, String, Value)> = told.into_tuple().all(db).await?;
    let had = told.into_iter().filter(|(_, kind, data)| kind != kinds[0] || data["state"] == "CONFIRMED");
    Ok(had.map(|(id, ..)| id).collect())
}
