//! What is read of registrations: who registered, as an act that is noted, and who may.

use std::collections::HashMap;

use entity::enums::RegistrationState;
use entity::id::EventId;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;

use crate::eligibility::{Candidate, Eligibility};
use crate::policy::{Event, EventAction, Registration};
use crate::store::{self, Viewer};

/// Whose registrations are read, and which part of them (查阅报名名单).
#[derive(Clone, Copy, Debug)]
pub struct Roster {
    /// Of which event; none when what was named is none.
    pub event: Option<EventId>,
    /// In a state.
    pub state: Option<RegistrationState>,
    /// Which page.
    pub page: PageRequest,
}

/// Reads who registered. It is a verb, so that the line of the audit chain is written with the read: who registers for an event of the party
/// belongs to it.
///
/// # Errors
/// [`Error::NotFound`] for who may not even know the event, [`Error::Forbidden`] for who does not hold it.
pub async fn roster(tx: &mut Tx, wanted: &Roster) -> Result<Page<Registration>> {
    let id = wanted.event.ok_or(Error::NotFound)?;
    let viewer = Viewer::of(tx.db(), tx.actor()).await?;
    let found = store::events_by_ids(tx.db(), &viewer, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let permitted = found.permit(tx.actor(), EventAction::ReadRegistrations)?;
    store::registrations_on(tx.db(), permitted.row(), wanted.state, &wanted.page).await
}

/// Whether the viewer may register for some events, and why not: a few statements, however many.
///
/// # Errors
/// When the database does not answer.
pub async fn eligibilities(base: &Base, actor: &Actor, events: &[Event]) -> Result<HashMap<EventId, Eligibility>> {
    let (db, now) = (base.db.reader(), base.clock.now());
    let account = actor.account();
    let ids: Vec<EventId> = events.iter().map(|event| event.row.id).collect();
    let own: HashMap<EventId, RegistrationState> = match account {
        Some(account) => store::states_of(db, &ids, account).await?,
        None => HashMap::new(),
    };
    let is_asked = events.iter().any(|event| event.row.is_for_residents);
    let homes = match account.filter(|_| is_asked) {
        Some(account) => residents::verified_homes(db, account, now).await?,
        None => Vec::new(),
    };
    let judged = events.iter().map(|event| {
        let is_resident = homes.iter().any(|home| home.starts_with(&event.row.area_path));
        let registration = own.get(&event.row.id).copied();
        let who = Candidate { is_known: account.is_some(), is_resident, registration };
        (event.row.id, Eligibility::of(event, &who, now))
    });
    Ok(judged.collect())
}
