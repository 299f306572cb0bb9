//! What a person may ask about the own membership: a copy, and that it is forgotten.

use entity::id::{AccountId, Id as _};
use kernel::base::Base;
use kernel::error::Result;
use kernel::redact::Traits;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::store;

/// The line that the person confirmed, in clear, for that person; null without one.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn copy(base: &Base, account: AccountId) -> Result<Value> {
    let Some(member) = store::membership_of(base, account).await? else { return Ok(Value::Null) };
    let organization = store::organization(base.db.reader(), member.row.organization_id).await?;
    Ok(json!({
        "id": member.row.id.text(), "organization": organization.map(|row| row.name), "name": member.name,
        "joinMonth": member.join_month, "standing": member.row.standing, "duty": member.row.duty,
        "phone": member.phone.map(|phone| phone.e164().to_owned()), "confirmedAt": member.row.bound_at,
    }))
}

/// Forgets who it was: the line that the person confirmed stays with its organisation and knows nobody, and no other line keeps
/// one of the person's numbers.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(tx: &Tx, account: AccountId, traits: &Traits) -> Result<()> {
    if let Some(row) = store::bound_to(tx.db(), account).await? {
        store::forget(tx, row.id).await?;
    }
    let numbers: Vec<String> = traits.numbers().map(str::to_owned).collect();
    store::forget_numbers(tx, store::indexes_of(&tx.base().vault, &numbers)?).await
}
