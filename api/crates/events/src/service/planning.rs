//! Events that are planned: written, reviewed, published, changed, called off. Rooms are another slice's; who keeps or frees one does so
//! before or after, in the same transaction.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::EventState;
use entity::event::Model;
use entity::id::{EventId, Id as _, PartyOrganizationId, VenueId};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::{Seen, Target};
use kernel::tx::{Record as _, Tx};
use schedule::span::Span;
use serde_json::json;

use super::{attending, registering};
use crate::command::{AgendaLine, Cancel, Change, Return, Save};
use crate::fact::EventFact;
use crate::policy::{Event, EventAction, is_host};
use crate::store;
use crate::workflow::{self, evolve};

/// Makes an event, or writes it anew (起草活动): what was reviewed has to be reviewed again.
///
/// # Errors
/// [`Error::Forbidden`] for who may not hold it, [`Error::NotFound`], [`Error::Conflict`] when the version is stale; `INVALID_TRANSITION` once it is
/// published or called off, and while it is reviewed; `INVALID` for an area or organisations that are none.
pub async fn save(tx: &mut Tx, wanted: &Save) -> Result<Model> {
    let by = tx.actor().person()?.account;
    let before = match wanted.target {
        Target::New => None,
        Target::Existing { id, expected_version } => {
            let on = Seen { id, expected_version: Some(expected_version) };
            Some(held(tx, &on, EventAction::Save).await?)
        }
    };
    let mut after = filled(tx, before.as_ref().map(|event| &event.row().row), wanted).await?;
    // As it is to be, too: nobody gives an event to an organisation or an area of others.
    if !is_host(tx.actor(), after.organization_path.as_deref(), &after.area_path) {
        return Err(Error::Forbidden);
    }
    evolve(&mut after, &EventFact::Saved, Some(by), tx.now());
    match before {
        None => store::insert_event(tx, &after).await?,
        Some(before) => store::update_event(tx, before, &after).await?,
    }
    store::replace_organizations(tx, after.id, &wanted.event.organizations).await?;
    if let Some(photos) = &wanted.event.photos {
        media::show(tx, EventFact::SUBJECT, after.id, photos).await?;
    }
    tx.record(after.id.0, after.version, &EventFact::Saved)?;
    Ok(after)
}

/// The row as a client wants it.
async fn filled(tx: &Tx, before: Option<&Model>, wanted: &Save) -> Result<Model> {
    let raw = &wanted.event;
    let area = areas::store::by_code(tx.db(), &raw.area_code).await?.filter(|area| area.valid_to.is_none());
    let area = area.ok_or_else(|| unknown("areaCode"))?;
    let organization_path = organization_path(tx, raw.organization).await?;
    // For those of its own, and of those below: what is for others, somebody above holds.
    if let Some(path) = &organization_path
        && !party::are_within(tx.db(), path, &raw.organizations).await?
    {
        return Err(unknown("organizationIds"));
    }
    let terms = wanted.terms.as_ref();
    let photos = raw.photos.as_ref().map(|photos| json!(photos.iter().map(|id| id.text()).collect::<Vec<_>>()));
    Ok(Model {
        id: before.map_or_else(|| tx.id(), |before| Ok(before.id))?,
        version: before.map_or(0, |before| before.version),
        kind: raw.kind,
        audience: raw.audience,
        state: before.map_or(EventState::Draft, |before| before.state),
        title: raw.title.clone(),
        summary: raw.summary.clone(),
        body: raw.body.clone(),
        organizer: raw.organizer.clone(),
        tags: wanted.tags.clone(),
        area_id: area.id,
        area_path: area.path,
        organization_id: raw.organization,
        organization_path,
        venue_id: raw.site.venue,
        place: raw.site.place.clone(),
        longitude: raw.site.point.map(|(longitude, _)| longitude),
        latitude: raw.site.point.map(|(_, latitude)| latitude),
        begins_at: wanted.span.begins(),
        ends_at: wanted.span.ends(),
        takes_registrations: terms.is_some(),
        signup_from: terms.and_then(|terms| terms.from),
        signup_to: terms.map_or(wanted.span.begins(), |terms| terms.to),
        withdraw_until: terms.map_or(wanted.span.begins(), |terms| terms.withdraw_until),
        capacity: terms.and_then(|terms| terms.capacity),
        seats_taken: 0,
        waitlist_limit: terms.and_then(|terms| terms.waitlist_limit),
        most_seats: terms.map_or(1, |terms| terms.most_seats),
        promotion: terms.map_or(entity::enums::WaitlistPromotion::Automatic, |terms| terms.promotion),
        is_for_residents: terms.is_some_and(|terms| terms.is_for_residents),
        questions: terms.map_or_else(|| json!([]), |terms| terms.form.clone().into()),
        agenda: json!(raw.agenda),
        photos: photos.unwrap_or_else(|| before.map_or_else(|| json!([]), |before| before.photos.clone())),
        note: None,
        created_by: before
            .map_or_else(|| Ok(tx.actor().person()?.account), |before| Ok::<_, Error>(before.created_by))?,
        written_by: tx.actor().person()?.account,
        submitted_by: None,
        reviewed_by: None,
        published_at: None,
        ended_at: None,
        due_at: None,
        created_at: before.map_or_else(|| tx.now(), |before| before.created_at),
        updated_at: tx.now(),
    })
}

async fn organization_path(tx: &Tx, id: Option<PartyOrganizationId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    let found = party::organization(tx.db(), id).await?;
    // Who may not hold its events does not learn either whether there is such an organisation.
    let found = found.filter(|found| is_host(tx.actor(), Some(&found.path), ""));
    Ok(Some(found.ok_or_else(|| unknown("organizationId"))?.path))
}

fn unknown(field: &str) -> Error {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("unknown")).into()
}

/// Asks for a review (提交审核).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is being written, and for what needs none; `DEADLINE_PASSED` once its time has come.
pub async fn submit(tx: &mut Tx, on: &Seen<EventId>) -> Result<Model> {
    carry_out(tx, on, EventAction::Submit, EventFact::Submitted, None).await
}

/// It may be published (审核通过).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is reviewed; `SAME_PERSON` for the own one; `DEADLINE_PASSED` once its time has come.
pub async fn approve(tx: &mut Tx, on: &Seen<EventId>) -> Result<Model> {
    carry_out(tx, on, EventAction::Approve, EventFact::Approved, None).await
}

/// It is to be written anew (退回修改).
///
/// # Errors
/// As [`approve`], however late.
pub async fn return_to_draft(tx: &mut Tx, wanted: &Return) -> Result<Model> {
    carry_out(tx, &wanted.on, EventAction::Return, EventFact::Returned, Some(&wanted.note)).await
}

/// People see it (发布活动).
///
/// # Errors
/// `INVALID_TRANSITION` unless it was reviewed, or needs no review; `DEADLINE_PASSED` once its time has come.
pub async fn publish(tx: &mut Tx, on: &Seen<EventId>) -> Result<Model> {
    let permitted = held(tx, on, EventAction::Publish).await?;
    let row = &permitted.row().row;
    let due_at = workflow::due(row.begins_at, row.ends_at, tx.now());
    let after = write(tx, permitted, EventFact::Published { due_at }, |_| {}).await?;
    attending::expect_all(tx, &after).await?;
    Ok(after)
}

/// Another time, place or number of seats of what is published (变更活动): until when people register and take it back moves with its
/// start. Who is registered is told once, and stays registered; more seats are theirs who wait.
///
/// # Errors
/// `INVALID_TRANSITION` unless it is published; `DEADLINE_PASSED` once it has begun; `INVALID` at `capacity` below what is taken.
pub async fn change(tx: &mut Tx, wanted: &Change) -> Result<Model> {
    let permitted = held(tx, &wanted.on, EventAction::Change).await?;
    let before = permitted.row().row.clone();
    let refused = |reason| UserError::at(UserErrorCode::Invalid, "capacity").with(Detail::Because(reason));
    match wanted.capacity {
        Some(_) if !before.takes_registrations => return Err(refused("comes_as_is").into()),
        Some(seats) if seats < before.seats_taken => return Err(refused("below_taken").into()),
        _ => {}
    }
    let (begins_at, ends_at) = (wanted.span.begins(), wanted.span.ends());
    let (site, point) = ((before.venue_id, &before.place), before.longitude.zip(before.latitude));
    let is_elsewhen = (begins_at, ends_at) != (before.begins_at, before.ends_at);
    let is_elsewhere = site != (wanted.site.venue, &wanted.site.place) || point != wanted.site.point;
    let is_moved = is_elsewhen || is_elsewhere;
    let due_at = workflow::due(begins_at, ends_at, tx.now());
    let fact = EventFact::Changed { is_moved, begins_at, ends_at, due_at };
    let after = write(tx, permitted, fact, |row| {
        let later = begins_at - row.begins_at;
        row.signup_from = row.signup_from.map(|from| from + later);
        row.signup_to += later;
        row.withdraw_until += later;
        row.agenda = json!(moved(store::agenda_lines(row), later, ends_at));
        row.venue_id = wanted.site.venue;
        row.place.clone_from(&wanted.site.place);
        row.longitude = wanted.site.point.map(|(longitude, _)| longitude);
        row.latitude = wanted.site.point.map(|(_, latitude)| latitude);
        row.capacity = wanted.capacity.or(row.capacity);
        row.note.clone_from(&wanted.note);
    });
    let after = after.await?;
    if is_elsewhen {
        registering::follow(tx, &after, span(&after)?).await?;
    }
    registering::promote(tx, after).await
}

/// What happens when, as much later as the event; what would lie behind its end is left out.
fn moved(agenda: Vec<AgendaLine>, later: TimeDelta, ends_at: DateTime<Utc>) -> Vec<AgendaLine> {
    let moved = agenda.into_iter().map(|line| AgendaLine { begins_at: line.begins_at + later, ..line });
    moved.filter(|line| line.begins_at < ends_at).collect()
}

/// It is called off (取消活动), and with it all registrations; whoever is registered or waits is told once.
///
/// # Errors
/// `INVALID_TRANSITION` once it is over or called off; `DEADLINE_PASSED` once its time is over.
pub async fn cancel(tx: &mut Tx, wanted: &Cancel) -> Result<Model> {
    let permitted = held(tx, &wanted.on, EventAction::Cancel).await?;
    let from = permitted.row().row.state;
    let after = write(tx, permitted, EventFact::Cancelled { from }, |row| row.note = Some(wanted.note.clone())).await?;
    registering::call_off(tx, after).await
}

/// Holds the events that have one of some rooms for a part of a time (占用场地的活动), before the house is held in which these are.
///
/// # Errors
/// When the database does not answer.
pub async fn hold_in(tx: &Tx, venues: &[VenueId], span: Span) -> Result<Vec<EventId>> {
    let found = store::events_in(tx, venues, (span.begins(), span.ends())).await?;
    for id in &found {
        store::hold(tx, *id).await?;
    }
    Ok(found)
}

/// The house of a room is shut while an event is to be held there (场地临时关闭): it stays, and who holds it is told to find another.
///
/// # Errors
/// When the database does not answer.
pub async fn shut_room(tx: &mut Tx, id: EventId) -> Result<Model> {
    let permitted = store::hold(tx, id).await?.permit(&Actor::System, EventAction::Lapse)?;
    write(tx, permitted, EventFact::RoomShut, |_| {}).await
}

async fn carry_out(
    tx: &mut Tx,
    on: &Seen<EventId>,
    action: EventAction,
    fact: EventFact,
    note: Option<&str>,
) -> Result<Model> {
    let permitted = held(tx, on, action).await?;
    write(tx, permitted, fact, |row| row.note = note.map(str::to_owned)).await
}

/// An event's row, held alone until the transaction ends, for who may do this: what it says stays so meanwhile.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn hold_for(tx: &Tx, id: EventId, action: EventAction) -> Result<Model> {
    Ok(permitted(tx, id, action).await?.into_row().row)
}

async fn permitted(tx: &Tx, id: EventId, action: EventAction) -> Result<Permitted<Event>> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    // Asked first, so that nobody without the right keeps others waiting.
    store::glance(tx, id).await?.permit(tx.actor(), action)?;
    store::hold(tx, id).await?.permit(tx.actor(), action)
}

/// An event that is held until the transaction ends, for an action that fits it now.
pub(super) async fn held(tx: &mut Tx, on: &Seen<EventId>, action: EventAction) -> Result<Permitted<Event>> {
    let permitted = permitted(tx, on.id, action).await?;
    on.check(permitted.row().row.version)?;
    workflow::may(&permitted.row().row, action, tx.actor().account(), tx.now())?;
    Ok(permitted)
}

/// Writes what a fact makes of an event, and what a command says beside.
pub(super) async fn write(
    tx: &mut Tx,
    permitted: Permitted<Event>,
    fact: EventFact,
    fill: impl FnOnce(&mut Model),
) -> Result<Model> {
    let mut after = permitted.row().row.clone();
    fill(&mut after);
    evolve(&mut after, &fact, tx.actor().account(), tx.now());
    store::update_event(tx, permitted, &after).await?;
    tx.record(after.id.0, after.version, &fact)?;
    Ok(after)
}

/// Its time.
pub(super) fn span(row: &Model) -> Result<Span> {
    let span = Span::between(row.begins_at, row.ends_at);
    Ok(span.map_err(|error| anyhow::anyhow!("event {}: {error}", row.id))?)
}
