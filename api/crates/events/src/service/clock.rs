//! What the clock does (到点): people are reminded, events end, what is kept or offered for too long falls free.

use chrono::TimeDelta;
use entity::id::{EventId, EventRegistrationId};
use entity::{event, event_registration};
use kernel::actor::Actor;
use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use super::planning::write;
use super::{attending, registering};
use crate::fact::EventFact;
use crate::policy::{EventAction, Registration, RegistrationAction};
use crate::registering::RegistrationStep;
use crate::{store, workflow};

/// How long what could not be done waits.
const AFTER_FAILURE: TimeDelta = TimeDelta::minutes(10);

/// Does what is due about an event (活动到点).
///
/// # Errors
/// [`Error::Conflict`] when nothing is due any more.
pub async fn lapse(tx: &mut Tx, id: &EventId) -> Result<event::Model> {
    let permitted = store::hold(tx, *id).await?.permit(&Actor::System, EventAction::Lapse)?;
    let fact = workflow::lapse(&permitted.row().row, tx.now()).map_err(|_| Error::Conflict)?;
    let is_over = fact == EventFact::Ended;
    let after = write(tx, permitted, fact, |_| {}).await?;
    // Who stands in a roster since is expected too.
    match is_over {
        true => attending::close(tx, &after).await?,
        false => attending::expect_all(tx, &after).await?,
    }
    Ok(after)
}

/// Does what is due about a registration (报名到点).
///
/// # Errors
/// [`Error::Conflict`] when nothing is due any more.
pub async fn lapse_registration(tx: &mut Tx, id: &EventRegistrationId) -> Result<event_registration::Model> {
    let row = store::registration_row(tx, *id).await?.ok_or(Error::NotFound)?;
    let event = store::hold(tx, row.event_id).await?;
    // As it is now that nobody else moves it.
    let row = store::registration_row(tx, *id).await?.ok_or(Error::NotFound)?;
    if row.due_at.is_none_or(|due| tx.now() < due) {
        return Err(Error::Conflict);
    }
    let permitted = Registration { row, event }.permit(&Actor::System, RegistrationAction::Lapse)?;
    registering::step(tx, permitted, RegistrationStep::Lapse, None).await
}

/// Lets the others go first: what is due about an event or a registration, and could not be done, is looked at again later.
///
/// # Errors
/// When the database does not answer.
pub async fn put_off(
    tx: &mut Tx,
    (event, registration): &(Option<EventId>, Option<EventRegistrationId>),
) -> Result<()> {
    let until = tx.now() + AFTER_FAILURE;
    if let Some(id) = event {
        store::put_off_event(tx, *id, until).await?;
    }
    if let Some(id) = registration {
        store::put_off_registration(tx, *id, until).await?;
    }
    Ok(())
}
