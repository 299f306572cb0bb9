//! What a person may ask about the own registrations: a copy, and that they are forgotten.

use entity::id::{AccountId, EventRegistrationId, Id as _};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::{service, store};

/// All that a person ever registered for, with whom the person brought, for that person.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn copy(base: &Base, account: AccountId) -> Result<Value> {
    let rows = store::all_of(base.db.reader(), account).await?;
    let ids: Vec<EventRegistrationId> = rows.iter().map(|row| row.id).collect();
    let guests = store::guests_of(base, &ids).await?;
    let copies = rows.iter().map(|row| {
        let brought = guests.get(&row.id).into_iter().flatten();
        let brought = brought.map(|guest| json!({ "name": guest.name, "isChild": guest.is_dependant }));
        json!({
            "id": row.id.text(), "event": row.event_id.text(), "code": row.code, "state": row.state, "seats": row.seats,
            "answers": row.answers, "note": row.note, "guests": brought.collect::<Vec<_>>(), "registeredAt": row.created_at,
        })
    });
    Ok(Value::Array(copies.collect()))
}

/// All events that a person was expected at or came to, for that person.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn attendance_copy(base: &Base, account: AccountId) -> Result<Value> {
    let rows = store::all_attended(base.db.reader(), account).await?;
    let copies = rows.iter().map(|row| {
        let reason = store::reason_of(&base.vault, row)?;
        Ok(json!({
            "id": row.id.text(), "event": row.event_id.text(), "status": row.status, "method": row.method, "leave": row.leave_state,
            "reason": reason, "arrivedAt": row.arrived_at, "leftAt": row.left_at, "minutes": row.minutes,
        }))
    });
    Ok(Value::Array(copies.collect::<Result<_>>()?))
}

/// Gives up what a person registered for, and forgets what was said with it.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(tx: &mut Tx, account: AccountId) -> Result<()> {
    service::give_up(tx, account).await?;
    store::forget_reasons(tx, account).await?;
    store::forget_words(tx, account).await
}
