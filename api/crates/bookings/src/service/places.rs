//! Centres, venues, and when they are open.

use std::collections::BTreeSet;

use entity::enums::{CenterState, ServiceState};
use entity::id::{CenterId, Id as _};
use entity::{center, service_item, venue};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Target;
use kernel::tx::{Record as _, Tx};
use schedule::span::{Granule, Span};
use serde_json::json;

use super::waitlist;
use crate::command::{OpeningLine, SaveCenter, SaveOpening, SaveVenue};
use crate::fact::{CenterFact, VenueFact};
use crate::policy::{Center, CenterAction};
use crate::premises::Premises;
use crate::services;
use crate::store::{self, Hold};

/// Venues of a centre at most.
const VENUES: usize = 100;
/// Nobody waits for what is further ahead, in granules: the 90 days of the longest window, and a day.
const WAITED_FOR: i32 = 91 * 96;

/// Enters or changes a centre (维护邻里中心).
///
/// # Errors
/// [`Error::Forbidden`] for all but administrators, [`Error::NotFound`], [`Error::Conflict`] when the version is stale; `INVALID`
/// for a code that another centre has, an area that is none, or a house to be shut in which something is booked.
pub async fn save_center(tx: &mut Tx, command: &SaveCenter) -> Result<center::Model> {
    admit(tx)?;
    let (before, seen) = match command.target {
        Target::New => (store::blank_center(tx, command)?, 0),
        Target::Existing { id, expected_version } => {
            (store::center(tx.db(), id).await?.ok_or(Error::NotFound)?, expected_version)
        }
    };
    let row = Center(before.clone()).permit(tx.actor(), CenterAction::Save)?;
    as_seen(before.version, seen)?;
    // Nobody books while it is shut. Who booked before is told by a closure, which comes first.
    if seen > 0 {
        store::hold(tx, before.id, Hold::Alone).await?;
    }
    let is_shut = before.state == CenterState::Open && command.state != CenterState::Open;
    if is_shut && is_used(tx, before.id).await? {
        return Err(because("state", "closed_first"));
    }
    let area = areas::store::by_code(tx.db(), &command.area_code).await?.filter(|area| area.valid_to.is_none());
    let area = area.ok_or_else(|| because("areaCode", "unknown"))?;
    let after = center::Model {
        version: before.version + 1,
        code: command.code.clone(),
        name: command.name.clone(),
        area_id: area.id,
        area_path: area.path,
        address: command.address.clone(),
        longitude: command.place.map(|(longitude, _)| longitude),
        latitude: command.place.map(|(_, latitude)| latitude),
        phone: command.phone.clone(),
        state: command.state,
        updated_at: tx.now(),
        ..before
    };
    if after.version == 1 {
        store::insert_center(tx, row, &after).await?;
    } else {
        store::update_center(tx, row, &after).await?;
    }
    tx.record(after.id.0, after.version, &CenterFact::Saved { state: after.state })?;
    Ok(after)
}

/// Enters or changes a venue (维护场地).
///
/// # Errors
/// [`Error::Forbidden`] for all but the centre's staff and administrators, [`Error::NotFound`], [`Error::Conflict`] when the version
/// is stale; `INVALID` for a name that another venue of the centre has, for a venue within itself or within another centre, and for
/// what would change which spaces people have who booked already.
pub async fn save_venue(tx: &mut Tx, command: &SaveVenue) -> Result<venue::Model> {
    admit(tx)?;
    let wanted = &command.venue;
    let (premises, permitted) = run(tx, wanted.center).await?;
    let before = match command.target {
        Target::New => None,
        Target::Existing { id, expected_version } => {
            let before = premises.venue(id)?.clone();
            as_seen(before.version, expected_version)?;
            Some(before)
        }
    };
    if before.is_none() && premises.venues.len() >= VENUES {
        let limit = UserError::new(UserErrorCode::LimitExceeded).with(Detail::Limit(VENUES as i64));
        return Err(limit.into());
    }
    let after = filled(tx, before.as_ref(), command)?;
    // People that it holds may have become fewer than its places.
    if i32::from(after.units) > after.capacity {
        return Err(because("units", "out_of_range"));
    }
    check_place(tx, &premises, before.as_ref(), &after).await?;
    if before.is_some() {
        keeps_services(tx, &after).await?;
    }
    match &before {
        None => store::insert_venue(tx, &permitted, &after).await?,
        Some(before) => store::update_venue(tx, &permitted, before, &after).await?,
    }
    if let Some(photos) = &wanted.photos {
        media::show(tx, VenueFact::SUBJECT, after.id, photos).await?;
    }
    let happened = VenueFact::Saved { center: after.center_id, is_bookable: after.is_bookable };
    tx.record(after.id.0, after.version, &happened)?;
    look_again(tx, &after).await?;
    Ok(after)
}

/// Whether anything may still come of a booking of a centre, or something else has one of its rooms.
async fn is_used(tx: &Tx, center: CenterId) -> Result<bool> {
    let leaves = store::venues_of(tx.db(), &[center]).await?.into_iter().map(|venue| venue.id.0).collect();
    Ok(store::is_booked(tx, center).await?
        || schedule::store::is_taken_from(tx.db(), &leaves, Granule::of(tx.now())).await?)
}

/// The row as a client wants it. Its numbers were found in range, so that they fit their columns.
fn filled(tx: &Tx, before: Option<&venue::Model>, command: &SaveVenue) -> Result<venue::Model> {
    let wanted = &command.venue;
    let small = |number: i32| i16::try_from(number).unwrap_or(i16::MAX);
    Ok(venue::Model {
        id: before.map_or_else(|| tx.id(), |before| Ok(before.id))?,
        version: before.map_or(0, |before| before.version) + 1,
        center_id: wanted.center,
        within_id: wanted.within,
        name: wanted.name.clone(),
        kind: wanted.kind,
        capacity: wanted.capacity,
        is_accessible: wanted.is_accessible,
        introduction: match &wanted.introduction {
            Some(words) => Some(words.clone()).filter(|words| !words.is_empty()),
            None => before.and_then(|before| before.introduction.clone()),
        },
        units: wanted.units.map_or_else(|| before.map_or(1, |before| before.units), small),
        questions: match &command.form {
            Some(form) => form.clone().into(),
            None => before.map_or_else(|| json!([]), |before| before.questions.clone()),
        },
        photos: match &wanted.photos {
            Some(photos) => json!(photos.iter().map(|id| id.text()).collect::<Vec<_>>()),
            None => before.map_or_else(|| json!([]), |before| before.photos.clone()),
        },
        equipment: json!(wanted.equipment),
        rules: wanted.rules.clone(),
        fee: wanted.fee.clone(),
        min_age: wanted.min_age.map(small),
        approval: wanted.approval,
        start_interval: small(wanted.start_interval),
        min_minutes: small(wanted.min_minutes),
        max_minutes: small(wanted.max_minutes),
        group_max_minutes: small(wanted.group_max_minutes),
        buffer_before: small(wanted.buffer_before),
        buffer_after: small(wanted.buffer_after),
        days_ahead: small(wanted.days_ahead),
        opens_minute: command.opens_minute,
        is_bookable: wanted.is_bookable,
        created_at: before.map_or_else(|| tx.now(), |before| before.created_at),
        updated_at: tx.now(),
    })
}

/// Whether what is offered at a venue by appointment still can be had there.
async fn keeps_services(tx: &Tx, venue: &venue::Model) -> Result<()> {
    let given = store::services_at(tx.db(), &[venue.id]).await?;
    if given.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = given.into_iter().map(|given| given.service_id).collect();
    let items = store::services_by_ids(tx.db(), &ids).await?.into_iter();
    let is_lost = |item: &service_item::Model| services::fits(item.minutes, &[venue]).is_err();
    match items.filter(|item| item.state == ServiceState::Offered).find(is_lost) {
        Some(_) => Err(because("maxMinutes", "service_needs")),
        None => Ok(()),
    }
}

/// Whether a venue may lie where it is wanted, and be had by so many at once: in a tree, of which only what holds no other is parted
/// into places, and without moving the ground under those who booked.
async fn check_place(tx: &Tx, premises: &Premises, before: Option<&venue::Model>, after: &venue::Model) -> Result<()> {
    let mut venues = premises.venues.clone();
    venues.retain(|venue| venue.id != after.id);
    venues.push(after.clone());
    let tree = Premises::of(premises.center.clone(), venues).map_err(|_| because("withinId", "no_tree"))?;
    let is_parted = |venue: &&venue::Model| venue.units > 1 && !tree.leaves(venue.id).contains(&venue.id.0);
    if tree.venues.iter().any(|venue| is_parted(&venue)) {
        return Err(because(if after.units > 1 { "units" } else { "withinId" }, "holds_others"));
    }
    // Who has it whole, has all of it: what is parted anew would be had beside.
    let is_parted_anew = before.is_some_and(|before| before.units != after.units);
    if is_parted_anew && schedule::store::is_taken_from(tx.db(), &tree.leaves(after.id), Granule::of(tx.now())).await? {
        return Err(because("units", "booked"));
    }
    if before.is_some_and(|before| before.within_id == after.within_id) {
        return Ok(());
    }
    // Those whose spaces become others: the venue itself, and what it lay or will lie within.
    let mut moved = vec![after.id];
    moved.extend(before.and_then(|before| before.within_id).into_iter().chain(after.within_id));
    let now = Granule::of(tx.now());
    for id in moved {
        let leaves = premises.leaves(id).into_iter().chain(tree.leaves(id)).collect();
        if schedule::store::is_taken_from(tx.db(), &leaves, now).await? {
            return Err(because("withinId", "booked"));
        }
    }
    Ok(())
}

/// Says when a venue is open (维护开放规则). Bookings made before stay.
///
/// # Errors
/// As [`save_venue`]; `INVALID` for a person on duty who is unknown.
pub async fn save_opening(tx: &mut Tx, command: &SaveOpening) -> Result<venue::Model> {
    admit(tx)?;
    let found = store::venue(tx.db(), command.on.id).await?.ok_or(Error::NotFound)?;
    let (premises, permitted) = run(tx, found.center_id).await?;
    let before = premises.venue(command.on.id)?;
    command.on.check(before.version)?;
    let duties: BTreeSet<_> = command.rules.iter().filter_map(|rule| rule.duty).collect();
    let duties: Vec<_> = duties.into_iter().collect();
    if identity::active_among(tx.db(), &duties).await?.len() < duties.len() {
        return Err(because("rules", "unknown_or_disabled"));
    }
    let after = venue::Model { version: before.version + 1, updated_at: tx.now(), ..before.clone() };
    store::update_venue(tx, &permitted, before, &after).await?;
    store::replace_opening(tx, &permitted, after.id, &command.rules).await?;
    let rules = command.rules.iter().map(told).collect();
    tx.record(after.id.0, after.version, &VenueFact::OpeningSaved { rules })?;
    look_again(tx, &after).await?;
    Ok(after)
}

/// Who waits for a venue may have it now that it is had otherwise than before.
async fn look_again(tx: &mut Tx, venue: &venue::Model) -> Result<()> {
    let premises = store::hold(tx, venue.center_id, Hold::Alone).await?;
    let now = Granule::of(tx.now());
    let ahead = Granule(now.0.saturating_add(WAITED_FOR));
    match Span::of(now, ahead) {
        Some(span) => waitlist::offer(tx, &premises, &premises.related(venue.id), span).await,
        None => Ok(()),
    }
}

/// A rule as the fact tells it: the history of rules is kept there.
fn told(rule: &OpeningLine) -> serde_json::Value {
    json!({
        "days": rule.days, "weekdays": rule.weekdays, "hours": rule.hours, "session": rule.session, "duty": rule.duty,
        "from": rule.valid_from, "to": rule.valid_to,
    })
}

/// Lets in whoever is known, before any row is looked for.
pub(super) fn admit(tx: &Tx) -> Result<()> {
    if *tx.actor() == Actor::Anonymous { Err(Error::Unauthenticated) } else { Ok(()) }
}

/// A centre that the actor runs, held alone.
pub(super) async fn run(tx: &Tx, id: CenterId) -> Result<(Premises, Permitted<Center>)> {
    // Asked before it is held, so that nobody without the right keeps others waiting.
    let seen = store::center(tx.db(), id).await?.ok_or(Error::NotFound)?;
    Center(seen).permit(tx.actor(), CenterAction::Run)?;
    let premises = store::hold(tx, id, Hold::Alone).await?;
    let permitted = Center(premises.center.clone()).permit(tx.actor(), CenterAction::Run)?;
    Ok((premises, permitted))
}

/// Whether the row still is as its editor saw it; 0 stands for a row that is to be made.
fn as_seen(version: i32, seen: i32) -> Result<()> {
    if version == seen { Ok(()) } else { Err(Error::Conflict) }
}

pub(super) fn because(field: &str, reason: &'static str) -> Error {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(reason)).into()
}
