//! What a person may ask about the own bookings: a copy, and that they are forgotten.

use entity::id::{AccountId, Id as _};
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
            "groupName": row.group_name, "purpose": row.purpose, "partySize": row.party_size,
            "startsAt": row.begins_at, "endsAt": row.ends_at, "note": row.note, "isLateCancel": row.is_late,
            "checkedInAt": row.checked_in_at, "bookedAt": row.created_at,
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
    store::forget_words(tx, account).await
}
