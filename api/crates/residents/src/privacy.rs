//! What a person may ask about where the person lives and who acts for whom: a copy, and that it is forgotten.

use entity::id::{AccountId, Id as _, ServiceRequestId};
use kernel::base::Base;
use kernel::error::Result;
use kernel::redact::Traits;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::store;

/// All that is kept of a person here, in clear, for that person.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn copy(base: &Base, account: AccountId) -> Result<Value> {
    let mut residences = Vec::new();
    for row in store::all_residences(base.db.reader(), account).await? {
        let flat = store::flat_of(base, &row)?;
        residences.push(json!({
            "id": row.id.text(), "state": row.state, "relation": row.relation, "compound": row.compound,
            "building": flat.building, "unit": flat.unit, "room": flat.room, "appliedAt": row.created_at,
            "decidedAt": row.decided_at, "validUntil": row.valid_until, "note": row.note,
        }));
    }
    let mut proxies = Vec::new();
    for row in store::proxies_about(base.db.reader(), account, &[]).await? {
        let is_principal = row.principal_id == Some(account);
        proxies.push(json!({
            "id": row.id.text(), "state": row.state, "as": if is_principal { "PRINCIPAL" } else { "AGENT" },
            "agentPhone": store::agent_phone_of(base, &row)?.masked(), "verbs": row.verbs, "grantedAt": row.created_at,
            "validUntil": row.valid_until,
        }));
    }
    Ok(json!({ "residences": residences, "proxies": proxies }))
}

/// The rooms a person lives in, as they were written; those of one or two signs, which stand in dates and prices too, left out.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn rooms_of(tx: &Tx, account: AccountId) -> Result<Vec<String>> {
    let rows = store::all_residences(tx.db(), account).await?;
    let rooms = rows.iter().map(|row| Ok(store::flat_of(tx.base(), row)?.room));
    let mut rooms = rooms.collect::<Result<Vec<String>>>()?;
    rooms.retain(|room| room.chars().count() > 2);
    Ok(rooms)
}

/// Forgets where a person lives, and every proxy from, to or for the person: those granted or accepted, those that wait for a
/// number of the person, and those granted at the counter in the person's own cases. The facts of a case keep that somebody
/// acted in it.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(tx: &Tx, account: AccountId, traits: &Traits, cases: &[ServiceRequestId]) -> Result<()> {
    let numbers: Vec<String> = traits.numbers().map(str::to_owned).collect();
    store::forget_residences(tx, account).await?;
    let mut proxies = store::proxies_about(tx.db(), account, &store::indexes_of(tx.base(), &numbers)?).await?;
    proxies.extend(store::proxies_at_counter(tx, cases).await?);
    store::forget_proxies(tx, &proxies).await
}

/// Forgets who acted in cases for whom, as the cases are nobody's any more.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_cases(tx: &Tx, cases: &[ServiceRequestId]) -> Result<()> {
    store::forget_cases(tx, cases).await
}
