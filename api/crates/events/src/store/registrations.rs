//! Registrations, and whom they bring.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::enums::{EventAudience, RegistrationState as S};
use entity::event_registration::{Column, Entity, Model};
use entity::id::{AccountId, EventId, EventRegistrationId};
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

/// Who waits for seats of an event and needs no more than are free, first come first (候补名单).
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(tx: &Tx, event: EventId, free: i32) -> Result<Vec<Waiting>> {
    let waiting = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Seats])
        .filter(Column::EventId.eq(event))
        .filter(Column::State.eq(S::Waitlisted))
        .filter(Column::Seats.lte(free))
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

/// Who waits does so until the event begins, and nothing is kept for longer.
pub async fn wait_until(tx: &Tx, event: &event::Model) -> Result<()> {
    let until = |state: S, until: DateTime<Utc>| {
        let theirs = Entity::update_many().col_expr(Column::DueAt, Expr::value(until));
        theirs.filter(Column::EventId.eq(event.id)).filter(Column::State.eq(state))
    };
    until(S::Waitlisted, event.begins_at).exec(tx.db()).await?;
    for (state, end) in [(S::Held, event.signup_to), (S::Offered, event.begins_at)] {
        until(state, end).filter(Column::DueAt.gt(end)).exec(tx.db()).await?;
    }
    Ok(())
}

/// Has all of some registrations called off, whose event is held: each one's version moves on, and no seat of it is had.
pub async fn call_off(tx: &Tx, event: EventId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(S::CalledOff))
        .col_expr(Column::DueAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::EndedAt, Expr::value(tx.now()))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::EventId.eq(event))
        .filter(Column::State.is_in(LIVE))
        .exec(tx.db())
        .await?;
    let none = event::Entity::update_many().col_expr(event::Column::SeatsTaken, Expr::value(0));
    none.filter(event::Column::Id.eq(event)).exec(tx.db()).await?;
    Ok(())
}

/// A registration by its key, whoever asks.
pub async fn registration_row(tx: &Tx, id: EventRegistrationId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(tx.db()).await?)
}

/// A registration by the code that its person shows.
pub async fn registration_with(tx: &Tx, code: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Code.eq(code.to_ascii_uppercase())).one(tx.db()).await?)
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
pub(super) async fn with_events(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Registration>> {
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
        events.expr(Expr::val(1)).from(event::Entity);
        events.and_where(Expr::col((event::Entity, event::Column::Id)).equals((Entity, Column::EventId)));
        events.and_where(event::Column::EndsAt.lte(base.clock.now()));
        Expr::exists(events)
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

/// The events that are not over and of which anything may still come for a person, of all or of those for members only; in one order for all
/// who hold several.
pub async fn live_events_of(tx: &Tx, account: AccountId, of_members: bool) -> Result<Vec<EventId>> {
    let own = Entity::find().select_only().column(Column::EventId).filter(Column::AccountId.eq(account));
    let mut ahead = Query::select();
    ahead.column(event::Column::Id).from(event::Entity).and_where(event::Column::EndsAt.gt(tx.now()));
    if of_members {
        ahead.and_where(event::Column::Audience.ne(EventAudience::Public));
    }
    let own = own.filter(Column::State.is_in(LIVE)).filter(Column::EventId.in_subquery(ahead));
    Ok(own.order_by_asc(Column::EventId).into_tuple().all(tx.db()).await?)
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
