//! Registrations: made, kept for who fills in a form, waited for, taken back. Whoever takes or frees seats holds the event's row until
//! the transaction ends: people come one after the other, and nobody who waits is passed over.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{EventState, RegistrationState};
use entity::event;
use entity::event_registration::Model;
use entity::id::{AccountId, EventId, EventRegistrationId};
use forms::Form;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::span::Span;
use serde_json::{Value, json};
use uuid::Uuid;

use super::planning::span;
use crate::attending::is_present;
use crate::command::{HoldSeats, Register, Remove};
use crate::eligibility::{Candidate, Eligibility};
use crate::fact::RegistrationFact;
use crate::policy::{Event, EventAction, Registration, RegistrationAction};
use crate::registering::{self as rules, HOLD, RegistrationStep, evolve, keeps};
use crate::store::{self, Brought};

/// Registers the person for an event (报名), or puts the person on the list of who waits; with what was kept for the person.
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::NotFound`] for what is hidden; `CONSENT_REQUIRED`; as [`Eligibility::check`]; `INVALID` for children who are not in
/// the person's care and for more people than one registration may have; at `answers.…` as the form says; `TIME_CONFLICT` for who is elsewhere then;
/// `EVENT_FULL` for who does not want to wait.
pub async fn register(tx: &mut Tx, wanted: &Register) -> Result<Model> {
    let (account, event, own) = candidate(tx, wanted.event).await?;
    let seats = wanted.seats();
    if seats > event.row.most_seats {
        return Err(too_many_seats("guestNames"));
    }
    let cared_for = identity::dependant::in_care_of(tx, account, &wanted.dependants).await?;
    if cared_for.len() < wanted.dependants.len() {
        return Err(UserError::at(UserErrorCode::Invalid, "dependantIds").with(Detail::Because("not_in_care")).into());
    }
    let answers = Form::kept(&event.row.questions)?.answered("answers", &wanted.answers)?;
    let mut event = event.row;
    use_up(tx, &mut event, own.as_ref()).await?;
    let (waiting, last) = store::line(tx, event.id).await?;
    let state = rules::begin(&event, seats, waiting, wanted.joins_waitlist)?;
    let due_at = (state == RegistrationState::Waitlisted).then_some(event.begins_at);
    let fact = RegistrationFact::Made { event: event.id, seats, state, due_at };
    // Who joins the line stands behind all who joined before, whatever the clocks of the nodes say.
    let queued_at = last.map_or(tx.now(), |last| tx.now().max(last + TimeDelta::microseconds(1)));
    let after = begun(tx, (&mut event, own, account), (seats, json!(answers), queued_at), fact).await?;
    let brought = Brought { dependants: &wanted.dependants, guests: &wanted.guests };
    store::replace_guests(tx, after.id, &brought).await?;
    // Fewer may come than seats were kept.
    promote(tx, event).await?;
    Ok(after)
}

/// Keeps seats for the person for five minutes (占位); to register is left to [`register`].
///
/// # Errors
/// As [`register`], but nobody waits; `LIMIT_EXCEEDED` for who has seats kept elsewhere; `INVALID` at `seats`.
pub async fn hold_seats(tx: &mut Tx, wanted: &HoldSeats) -> Result<Model> {
    let (account, event, own) = candidate(tx, wanted.event).await?;
    if wanted.seats > event.row.most_seats {
        return Err(too_many_seats("seats"));
    }
    if let Some(other) = store::held_by(tx.db(), account).await?.filter(|held| held.due_at > Some(tx.now())) {
        let until = Detail::LimitUntil(1, other.due_at.unwrap_or(tx.now()));
        return Err(UserError::new(UserErrorCode::LimitExceeded).with(until).into());
    }
    let mut event = event.row;
    use_up(tx, &mut event, own.as_ref()).await?;
    rules::begin(&event, wanted.seats, 0, false)?;
    let until = (tx.now() + HOLD).min(event.signup_to);
    let fact = RegistrationFact::Held { event: event.id, seats: wanted.seats, until };
    let queued_at = tx.now();
    let after = begun(tx, (&mut event, own, account), (wanted.seats, json!([]), queued_at), fact).await?;
    store::replace_guests(tx, after.id, &Brought { dependants: &[], guests: &[] }).await?;
    promote(tx, event).await?;
    Ok(after)
}

/// What was kept for the person is used up by what comes next, however long ago its time was over.
async fn use_up(tx: &Tx, event: &mut event::Model, own: Option<&Model>) -> Result<()> {
    match own.filter(|own| own.state == RegistrationState::Held) {
        Some(held) => free_seats(tx, event, held.seats).await,
        None => Ok(()),
    }
}

/// The person gives back what is kept (取消占位).
///
/// # Errors
/// [`Error::NotFound`] for what is another's; `INVALID_TRANSITION` for what is kept no more.
pub async fn release_seats(tx: &mut Tx, on: &Seen<EventRegistrationId>) -> Result<Model> {
    let own = held(tx, on, RegistrationAction::Cancel).await?;
    if own.row().row.state != RegistrationState::Held {
        return Err(UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(vec!["CANCEL"])).into());
    }
    step(tx, own, RegistrationStep::Cancel, None).await
}

/// The person takes what was offered (接受候补).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is offered; `DEADLINE_PASSED` once the offer is over; `TIME_CONFLICT`.
pub async fn accept_offer(tx: &mut Tx, on: &Seen<EventRegistrationId>) -> Result<Model> {
    let own = held(tx, on, RegistrationAction::Accept).await?;
    step(tx, own, RegistrationStep::Accept, None).await
}

/// The person takes it back (取消报名); what falls free is theirs who wait.
///
/// # Errors
/// `INVALID_TRANSITION` once it is over; `DEADLINE_PASSED` later than the event says, and for who is there.
pub async fn withdraw(tx: &mut Tx, on: &Seen<EventRegistrationId>) -> Result<Model> {
    let own = held(tx, on, RegistrationAction::Cancel).await?;
    let line = store::own_line(tx, own.row().row.event_id, own.row().row.account_id, None).await?;
    if line.is_some_and(|line| is_present(line.status)) {
        return Err(Error::refused(UserErrorCode::DeadlinePassed));
    }
    step(tx, own, RegistrationStep::Cancel, None).await
}

/// Who holds the event takes a person off (移出报名).
///
/// # Errors
/// As [`withdraw`], until the event is over.
pub async fn remove(tx: &mut Tx, wanted: &Remove) -> Result<Model> {
    let own = held(tx, &wanted.on, RegistrationAction::Remove).await?;
    step(tx, own, RegistrationStep::Remove, Some(&wanted.note)).await
}

/// Who asks, the event that is held, and the own registration; of who may register.
async fn candidate(tx: &mut Tx, id: EventId) -> Result<(AccountId, Event, Option<Model>)> {
    let account = tx.actor().person()?.account;
    identity::consent::demand(tx, &identity::consent::GENERAL).await?;
    // People before events, as wherever somebody commits the own time.
    identity::queue_up(tx, account).await?;
    let event = store::hold(tx, id).await?.permit(tx.actor(), EventAction::Read)?.into_row();
    let own = store::registration_of(tx.db(), id, account).await?;
    let is_resident = !event.row.is_for_residents
        || residents::is_verified_in(tx.db(), account, &event.row.area_path, tx.now()).await?;
    let who = Candidate { is_known: true, is_resident, registration: own.as_ref().map(|own| own.state) };
    Eligibility::of(&event, &who, tx.now()).check()?;
    Ok((account, event, own))
}

/// Writes a registration that begins, or begins anew.
async fn begun(
    tx: &mut Tx,
    (event, own, account): (&mut event::Model, Option<Model>, AccountId),
    (seats, answers, queued_at): (i16, Value, DateTime<Utc>),
    fact: RegistrationFact,
) -> Result<Model> {
    let now = tx.now();
    let before = match own {
        Some(own) => own,
        None => Model {
            id: tx.id()?,
            version: 0,
            event_id: event.id,
            account_id: account,
            code: String::new(),
            seats,
            state: RegistrationState::Held,
            answers: json!([]),
            note: None,
            queued_at: now,
            due_at: None,
            ended_at: None,
            created_at: now,
            updated_at: now,
        },
    };
    let mut after = Model { seats, answers, note: None, queued_at, created_at: now, ..before.clone() };
    evolve(&mut after, &fact, event, now);
    if after.state == RegistrationState::Confirmed {
        if !commit(tx, &after, span(event)?).await? {
            return Err(Error::refused(UserErrorCode::TimeConflict));
        }
        store::expect(tx, &after).await?;
    }
    if keeps(after.state) {
        take_seats(tx, event, seats).await?;
    }
    let after = match before.version {
        0 => store::insert_registration(tx, after).await?,
        _ => store::update_registration(tx, &before, after).await?,
    };
    tx.record(after.id.0, after.version, &fact)?;
    Ok(after)
}

/// A registration whose event is held until the transaction ends, where the actor may do this.
async fn held(
    tx: &mut Tx,
    on: &Seen<EventRegistrationId>,
    action: RegistrationAction,
) -> Result<Permitted<Registration>> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let found = store::registration(tx, on.id).await?.ok_or(Error::NotFound)?;
    let permitted = found.permit(tx.actor(), action)?;
    if action == RegistrationAction::Accept {
        identity::queue_up(tx, permitted.row().row.account_id).await?;
    }
    let event = store::hold(tx, permitted.row().row.event_id).await?;
    // As it is now that nobody else moves it.
    let row = store::registration_of(tx.db(), event.row.id, permitted.row().row.account_id).await?;
    let permitted = Registration { row: row.ok_or(Error::NotFound)?, event }.permit(tx.actor(), action)?;
    on.check(permitted.row().row.version)?;
    Ok(permitted)
}

/// Takes a step with a registration whose event is held; what falls free is theirs who wait.
pub(super) async fn step(
    tx: &mut Tx,
    permitted: Permitted<Registration>,
    step: RegistrationStep,
    note: Option<&str>,
) -> Result<Model> {
    let Registration { row, event } = permitted.into_row();
    let fact = rules::decide(&row, &event.row, step, tx.now())?;
    let mut event = event.row;
    let after = write(tx, &mut event, &row, &fact, note).await?;
    let Some(after) = after else { return Err(Error::refused(UserErrorCode::TimeConflict)) };
    promote(tx, event).await?;
    Ok(after)
}

/// Writes what a fact makes of a registration, its seats and its person's time: `None` when the person is elsewhere then; nothing is written
/// in that case.
async fn write(
    tx: &mut Tx,
    event: &mut event::Model,
    before: &Model,
    fact: &RegistrationFact,
    note: Option<&str>,
) -> Result<Option<Model>> {
    let mut after = before.clone();
    evolve(&mut after, fact, event, tx.now());
    after.note = note.map(str::to_owned).or(after.note);
    match (before.state == RegistrationState::Confirmed, after.state == RegistrationState::Confirmed) {
        (false, true) if !commit(tx, &after, span(event)?).await? => return Ok(None),
        (false, true) => store::expect(tx, &after).await?,
        (true, false) => {
            schedule::store::free_people(tx, &[after.id.0]).await?;
            store::expect_no_more(tx, after.event_id, after.account_id).await?;
        }
        _ => {}
    }
    match (keeps(before.state), keeps(after.state)) {
        (false, true) => take_seats(tx, event, after.seats).await?,
        (true, false) => free_seats(tx, event, after.seats).await?,
        _ => {}
    }
    let after = store::update_registration(tx, before, after).await?;
    tx.record(after.id.0, after.version, fact)?;
    Ok(Some(after))
}

/// Gives what is free to who waits, first come first, each for whom it is enough (候补递补). Who is elsewhere then keeps the place, and the next one has it.
pub(super) async fn promote(tx: &mut Tx, mut event: event::Model) -> Result<event::Model> {
    if event.state != EventState::Open || tx.now() >= event.begins_at || !rules::has_room(&event, 1) {
        return Ok(event);
    }
    let free = rules::free(&event).unwrap_or(i32::from(i16::MAX));
    let mut list = store::waiting(tx, event.id, free).await?;
    while let Some(id) = rules::next(&event, &list, tx.now()) {
        list.retain(|(own, ..)| *own != id);
        let Some(row) = store::registration_row(tx, id).await? else { continue };
        let fact = rules::promote(&event, tx.now());
        write(tx, &mut event, &row, &fact, None).await?;
    }
    Ok(event)
}

/// Who is registered is expected at another time since; who is elsewhere then stays registered, and has to choose.
pub(super) async fn follow(tx: &Tx, event: &event::Model, span: Span) -> Result<()> {
    let confirmed = store::live_in(tx, event.id).await?;
    let confirmed = confirmed.into_iter().filter(|row| row.state == RegistrationState::Confirmed);
    let people: Vec<(Uuid, AccountId)> = confirmed.map(|row| (row.id.0, row.account_id)).collect();
    schedule::store::free_people(tx, &people.iter().map(|(holder, _)| *holder).collect::<Vec<_>>()).await?;
    schedule::store::commit_all(tx, people, span).await?;
    store::wait_until(tx, event).await
}

/// All of whom anything may still come are called off with the event.
pub(super) async fn call_off(tx: &mut Tx, mut event: event::Model) -> Result<event::Model> {
    let live = store::live_in(tx, event.id).await?;
    schedule::store::free_people(tx, &live.iter().map(|row| row.id.0).collect::<Vec<_>>()).await?;
    store::call_off(tx, event.id).await?;
    store::expect_nobody(tx, event.id).await?;
    for row in live {
        tx.record(row.id.0, row.version + 1, &RegistrationFact::CalledOff { from: row.state })?;
    }
    event.seats_taken = 0;
    Ok(event)
}

/// Takes back all of which anything may still come for a person (注销).
pub(crate) async fn give_up(tx: &mut Tx, account: AccountId) -> Result<()> {
    give_up_some(tx, account, false).await
}

/// The person belongs to the party no more, or takes it back that it is known here (解除党员身份): what was registered for among members is
/// given up, and why the person was on leave is forgotten.
///
/// # Errors
/// When the database does not answer.
pub async fn leave(tx: &mut Tx, account: AccountId) -> Result<()> {
    give_up_some(tx, account, true).await?;
    store::forget_reasons(tx, account).await
}

async fn give_up_some(tx: &mut Tx, account: AccountId, of_members: bool) -> Result<()> {
    for event in store::live_events_of(tx, account, of_members).await? {
        let event = store::hold(tx, event).await?;
        let own = store::registration_of(tx.db(), event.row.id, account).await?;
        // As it is now that nobody else moves it.
        let Some(row) = own.filter(|own| rules::is_live(own.state)) else { continue };
        let mut event = event.row;
        write(tx, &mut event, &row, &RegistrationFact::Cancelled { from: row.state }, None).await?;
        promote(tx, event).await?;
    }
    Ok(())
}

async fn commit(tx: &Tx, row: &Model, span: Span) -> Result<bool> {
    schedule::store::commit(tx, row.id.0, row.account_id, span).await
}

/// Has seats counted as taken, in the row of the database and in the one at hand.
async fn take_seats(tx: &Tx, event: &mut event::Model, seats: i16) -> Result<()> {
    if !store::take_seats(tx, event.id, seats).await? {
        return Err(Error::refused(UserErrorCode::EventFull));
    }
    event.seats_taken += i32::from(seats);
    Ok(())
}

async fn free_seats(tx: &Tx, event: &mut event::Model, seats: i16) -> Result<()> {
    store::free_seats(tx, event.id, seats).await?;
    event.seats_taken -= i32::from(seats);
    Ok(())
}

fn too_many_seats(field: &str) -> Error {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("too_many_seats")).into()
}
