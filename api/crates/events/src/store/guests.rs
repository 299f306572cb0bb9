//! Whom registrations bring.

use std::collections::HashMap;

use entity::event_guest::{Column as C, Entity as E, Model};
use entity::id::{DependantId, EventGuestId, EventRegistrationId};
use kernel::base::Base;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

/// Under which name the column is sealed.
pub(super) const NAME: &str = "event_guest.name";

/// Whom a person brings.
pub struct Brought<'a> {
    /// Children in the person's care.
    pub dependants: &'a [DependantId],
    /// Names of others.
    pub guests: &'a [String],
}

/// Somebody whom a person brings (同行人), in clear: for who registered and who holds the event. Not to be printed.
#[derive(Clone)]
pub struct Guest {
    /// Name; none of a child who is in nobody's care any more, and once the person is forgotten.
    pub name: Option<String>,
    /// Whether it is a child in the person's care.
    pub is_dependant: bool,
}

/// Has a registration bring these, and nobody else.
pub async fn replace_guests(tx: &Tx, id: EventRegistrationId, brought: &Brought<'_>) -> Result<()> {
    E::delete_many().filter(C::RegistrationId.eq(id)).exec(tx.db()).await?;
    let vault = &tx.base().vault;
    let children = brought.dependants.iter().map(|child| (Some(*child), None));
    let guests = brought.guests.iter().map(|name| (None, Some(name)));
    let mut rows = Vec::new();
    for ((dependant_id, name), place) in children.chain(guests).zip(1..) {
        let name_sealed = name.map(|name| vault.seal(NAME, name)).transpose()?;
        let id_of = tx.id::<EventGuestId>()?;
        rows.push(Model { id: id_of, registration_id: id, place, dependant_id, name_sealed });
    }
    bulk::insert(tx, &rows).await
}

/// Whom registrations bring, in clear, for loaders.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn guests_of(
    base: &Base,
    registrations: &[EventRegistrationId],
) -> Result<HashMap<EventRegistrationId, Vec<Guest>>> {
    let db = base.db.reader();
    let rows = E::find().filter(in_keys(db, C::RegistrationId, registrations)).order_by_asc(C::RegistrationId);
    let rows = rows.order_by_asc(C::Place).all(db).await?;
    let children: Vec<DependantId> = rows.iter().filter_map(|row| row.dependant_id).collect();
    let names = match children.is_empty() {
        true => HashMap::new(),
        false => identity::dependant::names_of_dependants(base, &children).await?,
    };
    let mut found: HashMap<EventRegistrationId, Vec<Guest>> = HashMap::new();
    for row in rows {
        let own = row.name_sealed.as_ref().map(|sealed| base.vault.open(NAME, sealed)).transpose()?;
        let name = own.or_else(|| names.get(&row.dependant_id?).cloned());
        let guest = Guest { name, is_dependant: row.dependant_id.is_some() };
        found.entry(row.registration_id).or_default().push(guest);
    }
    Ok(found)
}
