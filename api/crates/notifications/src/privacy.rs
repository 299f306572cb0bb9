//! What a person may ask about the own inbox: a copy, and that it is forgotten.

use entity::id::{AccountId, Id as _};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::about::Subject;
use crate::data::Data;
use crate::store;

/// All that is kept of a person here, in clear, for that person.
///
/// # Errors
/// When the database does not answer.
pub async fn copy(base: &Base, account: AccountId) -> Result<Value> {
    let mut notifications = Vec::new();
    for row in store::all_of(base.db.reader(), account).await? {
        let (id, subject) = (row.id.text(), Subject::of(&row).text());
        notifications.push(match Data::read(&row)? {
            Data::Case(data) => json!({
                "id": id, "kind": row.kind, "says": row.template, "serviceRequest": subject, "caseNo": data.case_no,
                "state": data.state, "at": data.at, "readAt": row.read_at,
            }),
            Data::Booking(data) => json!({
                "id": id, "kind": row.kind, "says": row.template, "about": subject, "venue": data.venue.text(),
                "startsAt": data.begins_at, "endsAt": data.ends_at, "until": data.until, "outcome": data.outcome,
                "at": row.created_at, "readAt": row.read_at,
            }),
            Data::Event(data) => json!({
                "id": id, "kind": row.kind, "says": row.template, "about": subject, "event": data.event.text(),
                "startsAt": data.begins_at, "endsAt": data.ends_at, "until": data.until,
                "at": row.created_at, "readAt": row.read_at,
            }),
        });
    }
    let preferences = store::preferences_of(base, account).await?.into_iter().map(|preference| {
        let wishes = preference.wishes;
        json!({ "kind": preference.kind, "inApp": wishes.in_app, "wechat": wishes.wechat, "sms": wishes.sms })
    });
    Ok(json!({ "notifications": notifications, "preferences": preferences.collect::<Vec<_>>() }))
}

/// Forgets a person's inbox and preferences.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(tx: &Tx, account: AccountId) -> Result<()> {
    store::erase(tx, account).await
}
