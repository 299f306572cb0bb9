//! Registrations, and whom they bring.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::enums::RegistrationState as S;
use entity::event_registration::{Column, Entity, Model};
use entity::id::{AccountId, DependantId, EventGuestId, EventId, EventRegistrationId};
use entity::{event, event_guest};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded as _};
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use schedule::code::spoken;
use schedule::waitlist::Place;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::policy::{Event, Registration, RegistrationAction};
use crate::registering::{LIVE, Waiting};

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

/// Inserts a registration; its code is given here.
pub async fn insert_registration(tx: &Tx, row: Model) -> Result<Model> {
    let row = Model { code: spoken(tx.base())?, ..row };
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map_err(|error| {
        let is_crossed = |columns| is_taken(&error, "event_registration", columns);
        if is_crossed(&["code"]) || is_crossed(&["event_id", "account_id"]) {
            Error::Crossed(error)
        } else {
            error.into()
        }
    })?;
    Ok(row)
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update_registration(tx: &Tx, before: &Model, after: Model) -> Result<Model> {
    let own = Entity::update_many().set(bulk::changed(before, &after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(after) } else { Err(Error::Conflict) }
}

/// Counts seats as taken, if so many are free.
pub async fn take_seats(tx: &Tx, id: EventId, seats: i16) -> Result<bool> {
    use event::Column as C;
    let after = || Expr::col(C::SeatsTaken).add(i32::from(seats));
    let is_enough = Condition::any().add(C::Capacity.is_null()).add(after().lte(Expr::col(C::Capacity)));
    let taken = event::Entity::update_many().col_expr(C::SeatsTaken, after()).filter(C::Id.eq(id)).filter(is_enough);
    Ok(taken.exec(tx.db()).await?.rows_affected == 1)
}

/// Counts seats as free again.
pub async fn free_seats(tx: &Tx, id: EventId, seats: i16) -> Result<()> {
    use event::Column as C;
    let after = Expr::col(C::SeatsTaken).sub(i32::from(seats));
    event::Entity::update_many().col_expr(C::SeatsTaken, after).filter(C::Id.eq(id)).exec(tx.db()).await?;
    Ok(())
}

/// How many registrations wait for seats of an event that is held, and since when the last one does.
pub async fn line(tx: &Tx, event: EventId) -> Result<(u64, Option<DateTime<Utc>>)> {
    let waiting = Entity::find().filter(Column::EventId.eq(event)).filter(Column::State.eq(S::Waitlisted));
    let last = waiting.clone().select_only().column(Column::QueuedAt).order_by_desc(Column::QueuedAt).limit(1);
    Ok((waiting.count(tx.db()).await?, last.into_tuple().one(tx.db()).await?))
}

/// Who waits for seats of an event, first come first (候补名单).
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(tx: &Tx, event: EventId) -> Result<Vec<Waiting>> {
    let waiting = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Seats])
        .filter(Column::EventId.eq(event))
        .filter(Column::State.eq(S::Waitlisted))
        .order_by_asc(Column::QueuedAt)
        .order_by_asc(Column::Id);
    let rows: Vec<(EventRegistrationId, i16)> = waiting.into_tuple().all(tx.db()).await?;
    let place = |(id, seats): (EventRegistrationId, i16)| (id, Place::Waiting, u32::from(seats.unsigned_abs()));
    Ok(rows.into_iter().map(place).collect())
}

/// How many registrations wait for seats of events, for loaders; of those for which any waits.
///
/// # Errors
/// When the database does not answer.
pub async fn waitlists(db: &impl ConnectionTrait, events: &[EventId]) -> Result<HashMap<EventId, u64>> {
    let waiting = Entity::find().select_only().column(Column::EventId).column_as(Column::Id.count(), "waiting");
    let waiting = waiting.filter(in_keys(db, Column::EventId, events)).filter(Column::State.eq(S::Waitlisted));
    let rows: Vec<(EventId, i64)> = waiting.group_by(Column::EventId).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(event, waiting)| (event, waiting.unsigned_abs())).collect())
}

/// Places of registrations among those who wait for the same event, from 1, for loaders; of those that wait.
///
/// # Errors
/// When the database does not answer.
pub async fn places_in_line(
    db: &impl ConnectionTrait,
    ids: &[EventRegistrationId],
) -> Result<HashMap<EventRegistrationId, usize>> {
    let events = Entity::find().select_only().column(Column::EventId).distinct().filter(in_keys(db, Column::Id, ids));
    let events: Vec<EventId> = events.into_tuple().all(db).await?;
    let waiting = Entity::find()
        .select_only()
        .columns([Column::EventId, Column::Id])
        .filter(in_keys(db, Column::EventId, &events))
        .filter(Column::State.eq(S::Waitlisted))
        .order_by_asc(Column::QueuedAt)
        .order_by_asc(Column::Id);
    let rows: Vec<(EventId, EventRegistrationId)> = waiting.into_tuple().all(db).await?;
    let (mut lines, mut places): (HashMap<EventId, usize>, _) = (HashMap::new(), HashMap::new());
    for (event, id) in rows {
        let line = lines.entry(event).or_default();
        *line += 1;
        if ids.contains(&id) {
            places.insert(id, *line);
        }
    }
    Ok(places)
}

/// Those of whom anything may still come, first come first.
pub async fn live_in(tx: &Tx, event: EventId) -> Result<Vec<Model>> {
    let live = Entity::find().filter(Column::EventId.eq(event)).filter(Column::State.is_in(LIVE));
    Ok(live.order_by_asc(Column::QueuedAt).order_by_asc(Column::Id).all(tx.db()).await?)
}

/// Who waits does so until the event begins.
pub async fn wait_until(tx: &Tx, event: EventId, begins_at: DateTime<Utc>) -> Result<()> {
    let waiting = Entity::update_many().col_expr(Column::DueAt, Expr::value(begins_at));
    waiting.filter(Column::EventId.eq(event)).filter(Column::State.eq(S::Waitlisted)).exec(tx.db()).await?;
    Ok(())
}

/// A registration by its key, whoever asks.
pub async fn registration_row(tx: &Tx, id: EventRegistrationId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(tx.db()).await?)
}

/// A person's registration for an event, whatever became of it.
pub async fn registration_of(db: &impl ConnectionTrait, event: EventId, account: AccountId) -> Result<Option<Model>> {
    let own = Entity::find().filter(Column::EventId.eq(event)).filter(Column::AccountId.eq(account));
    Ok(own.one(db).await?)
}

/// Where a person's registrations for some events stand.
pub async fn states_of(
    db: &impl ConnectionTrait,
    events: &[EventId],
    account: AccountId,
) -> Result<HashMap<EventId, S>> {
    let own = Entity::find().select_only().columns([Column::EventId, Column::State]);
    let own = own.filter(in_keys(db, Column::EventId, events)).filter(Column::AccountId.eq(account));
    let rows: Vec<(EventId, S)> = own.into_tuple().all(db).await?;
    Ok(rows.into_iter().collect())
}

/// A person's own registrations for some events, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn registered_with(db: &impl ConnectionTrait, actor: &Actor, events: &[EventId]) -> Result<Vec<Model>> {
    let Some(account) = actor.account() else { return Ok(Vec::new()) };
    let own = Entity::find().filter(in_keys(db, Column::EventId, events)).filter(Column::AccountId.eq(account));
    Ok(own.all(db).await?)
}

/// What is kept for a person who fills in a form.
///
/// # Errors
/// When the database does not answer.
pub async fn held_by(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Model>> {
    let own = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::State.eq(S::Held));
    Ok(own.order_by_desc(Column::DueAt).one(db).await?)
}

/// A registration with its event, whoever asks.
pub async fn registration(tx: &Tx, id: EventRegistrationId) -> Result<Option<Registration>> {
    let Some(row) = registration_row(tx, id).await? else { return Ok(None) };
    with_events(tx.db(), vec![row]).await.map(|mut found| found.pop())
}

/// Registrations with their events. Whether somebody is invited is not asked: who registered was.
async fn with_events(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Registration>> {
    let ids: HashSet<EventId> = rows.iter().map(|row| row.event_id).collect();
    let ids = Vec::from_iter(ids);
    let events = event::Entity::find().filter(in_keys(db, event::Column::Id, &ids)).all(db).await?;
    let events: HashMap<EventId, event::Model> = events.into_iter().map(|row| (row.id, row)).collect();
    let whole = rows.into_iter().filter_map(|row| {
        let event = Event { row: events.get(&row.event_id)?.clone(), is_invited: true };
        Some(Registration { row, event })
    });
    Ok(whole.collect())
}

/// Registrations by id, those that the actor may see, in no order.
///
/// # Errors
/// When the database does not answer.
pub async fn registrations_by_ids(
    db: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[EventRegistrationId],
) -> Result<Vec<Registration>> {
    let found = with_events(db, Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?).await?;
    Ok(found.into_iter().filter(|own| own.decide(actor, RegistrationAction::Read) == Decision::Allow).collect())
}

/// A registration, unless it is absent or hidden.
///
/// # Errors
/// When the database does not answer.
pub async fn registration_by_id(base: &Base, actor: &Actor, id: EventRegistrationId) -> Result<Option<Registration>> {
    Ok(registrations_by_ids(base.db.reader(), actor, &[id]).await?.pop())
}

/// What a person registered for, the latest first.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn registrations_of(
    base: &Base,
    actor: &Actor,
    is_live: Option<bool>,
    page: &PageRequest,
) -> Result<Page<Registration>> {
    let account = actor.person()?.account;
    let db = base.db.reader();
    let own = Entity::find().filter(Column::AccountId.eq(account));
    let over = || {
        // What is over is nobody's matter any more, though its people came.
        let mut events = Query::select();
        events.column(event::Column::Id).from(event::Entity);
        events.and_where(event::Column::EndsAt.lte(base.clock.now()));
        Column::EventId.in_subquery(events)
    };
    let own = match is_live {
        Some(true) => own.filter(Column::State.is_in(LIVE)).filter(over().not()),
        Some(false) => own.filter(Condition::any().add(Column::State.is_not_in(LIVE)).add(over())),
        None => own,
    };
    let rows = page.apply(own, Column::CreatedAt, Column::Id, true).all(db).await?;
    let Page { rows, has_next, has_previous } = page.page(rows);
    Ok(Page { rows: with_events(db, rows).await?, has_next, has_previous })
}

/// Who registered for an event, first come first; for who holds it.
///
/// # Errors
/// When the database does not answer.
pub async fn registrations_on(
    db: &impl ConnectionTrait,
    event: &Event,
    state: Option<S>,
    page: &PageRequest,
) -> Result<Page<Registration>> {
    let there = Entity::find().filter(Column::EventId.eq(event.row.id));
    let there = there.filter(Condition::all().add_option(state.map(|state| Column::State.eq(state))));
    let rows = page.apply(there, Column::QueuedAt, Column::Id, false).all(db).await?;
    Ok(page.page(rows).map(|row| Registration { row, event: event.clone() }))
}

/// Who is registered for events in some states (报名人), to be told of them.
///
/// # Errors
/// When the database does not answer.
pub async fn who_registered(
    db: &impl ConnectionTrait,
    events: &[EventId],
    states: &[S],
) -> Result<Vec<(EventId, AccountId)>> {
    let there = Entity::find().select_only().columns([Column::EventId, Column::AccountId]);
    let there = there.filter(in_keys(db, Column::EventId, events)).filter(Column::State.is_in(states.iter().copied()));
    Ok(there.into_tuple().all(db).await?)
}

/// Has a registration bring these, and nobody else.
pub async fn replace_guests(tx: &Tx, id: EventRegistrationId, brought: &Brought<'_>) -> Result<()> {
    use event_guest::{Column as C, Entity as E};
    E::delete_many().filter(C::RegistrationId.eq(id)).exec(tx.db()).await?;
    let vault = &tx.base().vault;
    let children = brought.dependants.iter().map(|child| (Some(*child), None));
    let guests = brought.guests.iter().map(|name| (None, Some(name)));
    let mut rows = Vec::new();
    for ((dependant_id, name), place) in children.chain(guests).zip(1..) {
        let name_sealed = name.map(|name| vault.seal(NAME, name)).transpose()?;
        let id_of = tx.id::<EventGuestId>()?;
        rows.push(event_guest::Model { id: id_of, registration_id: id, place, dependant_id, name_sealed });
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
    use event_guest::{Column as C, Entity as E};
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

/// Registrations that the clock looks at now, some at a time (到点的报名).
///
/// # Errors
/// When the database does not answer.
pub async fn due_registrations(base: &Base, most: u64) -> Result<Vec<EventRegistrationId>> {
    let due = Entity::find().select_only().column(Column::Id).filter(Column::DueAt.lte(base.clock.now()));
    let due = due.order_by_asc(Column::DueAt).order_by_asc(Column::Id);
    Ok(due.limit(most).into_tuple().all(base.db.reader()).await?)
}

/// Has the clock look at a registration again later.
pub async fn put_off_registration(tx: &Tx, id: EventRegistrationId, until: DateTime<Utc>) -> Result<()> {
    let later = Entity::update_many().col_expr(Column::DueAt, Expr::value(until)).filter(Column::Id.eq(id));
    later.filter(Column::DueAt.lte(tx.now())).exec(tx.db()).await?;
    Ok(())
}

/// All that a person ever registered for, oldest first.
pub async fn all_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id).all(db).await?)
}

/// The events of which anything may still come for a person, in one order for all who hold several.
pub async fn live_events_of(tx: &Tx, account: AccountId) -> Result<Vec<EventId>> {
    let own = Entity::find().select_only().column(Column::EventId).filter(Column::AccountId.eq(account));
    Ok(own.filter(Column::State.is_in(LIVE)).order_by_asc(Column::EventId).into_tuple().all(tx.db()).await?)
}

/// Takes the words out of all that a person ever registered for; that somebody had a seat is kept.
pub async fn forget_words(tx: &Tx, account: AccountId) -> Result<()> {
    let own = Query::select().column(Column::Id).from(Entity).and_where(Column::AccountId.eq(account)).to_owned();
    let guests = event_guest::Entity::delete_many().filter(event_guest::Column::RegistrationId.in_subquery(own));
    guests.exec(tx.db()).await?;
    Entity::update_many()
        .col_expr(Column::Answers, Expr::value(serde_json::json!([])))
        .col_expr(Column::Note, Expr::value(None::<String>))
        .filter(Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}
