//! What a person may ask about the own bookings: a copy, and that they are forgotten.

use entity::id::{AccountId, BookingId, Id as _};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::{service, store};

/// All that a person ever booked, for that person.
///
/// # Errors
/// When the database does not answer.
pub async fn copy(base: &Base, account: AccountId) -> Result<Value> {
    let rows = store::all_of(base.db.reader(), account).await?;
    let copies = rows.iter().map(|row| {
        json!({
            "id": row.id.text(), "code": row.code, "venue": row.venue_id.text(), "state": row.state,
            "series": row.series_id.map(|id| id.text()), "isBookedByCenter": row.made_by.is_some(),
            "groupName": row.group_name, "purpose": row.purpose, "partySize": row.party_size,
            "service": row.service_id.map(|id| id.text()), "answers": row.answers,
            "startsAt": row.begins_at, "endsAt": row.ends_at, "note": row.note, "isLateCancel": row.is_late,
            "checkedInAt": row.checked_in_at, "bookedAt": row.created_at,
        })
    });
    Ok(Value::Array(copies.collect()))
}

/// All series that a person ever had, for that person.
///
/// # Errors
/// When the database does not answer.
pub async fn series_copy(base: &Base, account: AccountId) -> Result<Value> {
    let rows = store::all_series_of(base.db.reader(), account).await?;
    let copies = rows.iter().map(|row| {
        json!({
            "id": row.id.text(), "venue": row.venue_id.text(), "groupName": row.group_name, "purpose": row.purpose,
            "partySize": row.party_size, "firstOn": row.first_date, "lastOn": row.last_date, "madeAt": row.created_at,
        })
    });
    Ok(Value::Array(copies.collect()))
}

/// How a person kept to what was agreed, and what the person said against it, for that person.
///
/// # Errors
/// When the database does not answer.
pub async fn credit_copy(base: &Base, account: AccountId) -> Result<Value> {
    let db = base.db.reader();
    let lines = schedule::store::all_entries(db, account).await?;
    let appeals = store::appeals_of(db, account).await?;
    let copies = lines.iter().map(|line| {
        let appeal = appeals.iter().find(|appeal| appeal.entry_id == line.id);
        json!({
            "id": line.id.text(), "kind": line.kind, "at": line.at, "booking": BookingId(line.holder).text(),
            "reverses": line.reverses.map(|id| id.text()),
            "appeal": appeal.map(|appeal| json!({
                "reason": appeal.reason, "state": appeal.state, "answer": appeal.answer,
                "madeAt": appeal.created_at, "decidedAt": appeal.decided_at,
            })),
        })
    });
    Ok(Value::Array(copies.collect()))
}

/// Takes back what a person has and forgets what it was for; that somebody had a venue then is kept, for the figures of use.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(tx: &mut Tx, account: AccountId) -> Result<()> {
    service::give_up(tx, account).await?;
    store::forget_guest(tx, account).await?;
    store::forget_appeals(tx, account).await?;
    schedule::store::forget_credit(tx, account).await?;
    store::forget_series_words(tx, account).await?;
    store::forget_words(tx, account).await
}
