//! Services that a centre offers, and for which bookings are made.

use std::collections::BTreeSet;

use entity::enums::ServiceState;
use entity::id::{ServiceItemId, VenueId};
use entity::{service_item, venue};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::target::Target;
use kernel::tx::Tx;
use schedule::span::Span;
use serde_json::json;

use super::places::{admit, run};
use crate::command::SaveService;
use crate::fact::ServiceFact;
use crate::premises::Premises;
use crate::services;
use crate::store;

/// Services of a centre at most.
const SERVICES: usize = 100;

/// Enters or changes a service (维护服务项目): each change is a version, and who booked an earlier one keeps it.
///
/// # Errors
/// [`Error::Forbidden`] for all but the centre's staff and administrators, [`Error::NotFound`], [`Error::Conflict`] when the version
/// is stale; `INVALID` for a code that another service of the centre has, for venues that are not the centre's, and for appointments of a length that these
/// are not had for.
pub async fn save_service(tx: &mut Tx, wanted: &SaveService) -> Result<service_item::Model> {
    admit(tx)?;
    let (premises, permitted) = run(tx, wanted.center).await?;
    let before = match wanted.target {
        Target::New => None,
        Target::Existing { id, expected_version } => {
            let own = store::service(tx.db(), id).await?.filter(|row| row.center_id == wanted.center);
            let before = own.ok_or(Error::NotFound)?;
            if before.version != expected_version {
                return Err(Error::Conflict);
            }
            Some(before)
        }
    };
    if before.is_none() && store::count_services(tx, wanted.center).await? >= SERVICES {
        let limit = UserError::new(UserErrorCode::LimitExceeded).with(Detail::Limit(SERVICES as i64));
        return Err(limit.into());
    }
    let venues: Vec<&venue::Model> = wanted.venues.iter().filter_map(|id| premises.venue(*id).ok()).collect();
    if venues.len() < wanted.venues.len() {
        let elsewhere = UserError::at(UserErrorCode::Invalid, "venueIds").with(Detail::Because("another_center"));
        return Err(elsewhere.into());
    }
    if wanted.state == ServiceState::Offered {
        services::fits(wanted.content.minutes, &venues)?;
    }
    let after = filled(tx, before.as_ref(), wanted)?;
    let said = (&wanted.content, &wanted.venues);
    store::save_service(tx, &permitted, before.as_ref(), &after, said).await?;
    let saved = ServiceFact::Saved { center: after.center_id, state: after.state };
    tx.record(after.id.0, after.version, &saved)?;
    Ok(after)
}

/// The row as a client wants it.
fn filled(tx: &Tx, before: Option<&service_item::Model>, wanted: &SaveService) -> Result<service_item::Model> {
    let content = wanted.content.clone();
    Ok(service_item::Model {
        id: before.map_or_else(|| tx.id(), |before| Ok(before.id))?,
        version: before.map_or(0, |before| before.version) + 1,
        center_id: wanted.center,
        code: wanted.code.clone(),
        name: content.name,
        category: content.category,
        description: content.description,
        audience: content.audience,
        materials: json!(content.materials),
        fee: content.fee,
        minutes: content.minutes,
        tickets_per_day: content.tickets_per_day,
        state: wanted.state,
        created_at: before.map_or_else(|| tx.now(), |before| before.created_at),
        updated_at: tx.now(),
    })
}

/// The service for which a booking of a venue is made, as it is now.
///
/// # Errors
/// `INVALID` at `serviceItemId` for one of another centre; as [`services::appointment`].
pub(super) async fn appointed(
    tx: &Tx,
    premises: &Premises,
    (id, venue): (ServiceItemId, VenueId),
    span: Span,
) -> Result<service_item::Model> {
    let own = store::service(tx.db(), id).await?.filter(|item| item.center_id == premises.center.id);
    let item = own.ok_or_else(|| {
        UserError::at(UserErrorCode::Invalid, "serviceItemId").with(Detail::Because("another_center"))
    })?;
    services::appointment(&item, is_given_at(tx, id, venue).await?, span)?;
    Ok(item)
}

/// Whether a service is given at a venue.
pub(super) async fn is_given_at(tx: &Tx, id: ServiceItemId, venue: VenueId) -> Result<bool> {
    let places = store::places_of_services(tx.db(), &[id]).await?;
    Ok(places.iter().map(|place| place.venue_id).collect::<BTreeSet<_>>().contains(&venue))
}
