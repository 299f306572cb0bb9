//! What a person may ask about the own feeds: a copy, and that they are forgotten.

use entity::id::{AccountId, Id as _};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::store;

/// All feeds of a person that are kept, without their addresses, which nobody knows but the person.
///
/// # Errors
/// When the database does not answer.
pub async fn copy(base: &Base, account: AccountId) -> Result<Value> {
    let rows = store::all_of(base.db.reader(), account).await?;
    let copies = rows.iter().map(|row| {
        json!({
            "id": row.id.text(), "venue": row.venue_id.map(|venue| venue.text()), "madeAt": row.created_at,
            "lastReadAt": row.last_read_at, "endedAt": row.ended_at,
        })
    });
    Ok(Value::Array(copies.collect()))
}

/// Removes a person's feeds: whoever has an address finds nothing there.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(tx: &Tx, account: AccountId) -> Result<()> {
    store::erase(tx, account).await
}
