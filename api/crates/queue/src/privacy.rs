//! What a person may ask about the own numbers: a copy, and that they are forgotten.

use entity::id::{AccountId, Id as _};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::{service, store};

/// All numbers that a person ever took, for that person.
///
/// # Errors
/// When the database does not answer.
pub async fn copy(base: &Base, account: AccountId) -> Result<Value> {
    let rows = store::all_of(base.db.reader(), account).await?;
    let copies = rows.iter().map(|row| {
        json!({
            "id": row.id.text(), "service": row.service_id.text(), "on": row.on_date, "number": row.number,
            "state": row.state, "calledAt": row.called_at, "takenAt": row.created_at,
        })
    });
    Ok(Value::Array(copies.collect()))
}

/// Gives back what a person waits for, and makes all numbers nobody's.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(tx: &mut Tx, account: AccountId) -> Result<()> {
    service::give_up(tx, account).await?;
    store::forget(tx, account).await
}
