//! The verbs (办事): get → who → version → when → write. One short function each.

use areas::shanghai_date;
use bookings::{Center, CenterAction};
use chrono::TimeDelta;
use entity::enums::{CenterState, ServiceState, TicketState};
use entity::id::{AccountId, ServiceItemId, ServiceTicketId};
use entity::service_ticket::Model;
use entity::{center, service_item};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Seen;
use kernel::tx::Tx;

use crate::command::{Call, CallNext};
use crate::fact::TicketFact;
use crate::policy::{Ticket, TicketAction};
use crate::store;
use crate::workflow::{self, evolve};

/// Numbers that a person has at once at most.
const LIVE: usize = 3;
/// Numbers that a person takes for one service on a day at most, whatever became of them.
const TAKEN: usize = 3;
/// Numbers are given from so long before the first door opens.
const BEFORE: TimeDelta = TimeDelta::hours(1);

/// The person takes a number for a service today (取号); the bars of credit are for bookings, and keep nobody from standing in line.
///
/// # Errors
/// [`Error::Unauthenticated`], [`Error::NotFound`]; `CONSENT_REQUIRED`; `SLOT_CLOSED` for what is paused, and while the house is shut for the
/// day; `NOT_IN_WINDOW` earlier than an hour before it opens; `INVALID` for what takes no numbers; `LIMIT_EXCEEDED` for who has one for it,
/// or three, or took three for it today, and when all numbers of the day are given.
pub async fn take(tx: &mut Tx, service: &ServiceItemId) -> Result<Model> {
    let account = tx.actor().person()?.account;
    identity::consent::demand(tx, &identity::consent::GENERAL).await?;
    // One after the other, so that what is counted next is complete.
    identity::queue_up(tx, account).await?;
    let own = store::all_on(tx.db(), account, shanghai_date(tx.now())).await?;
    let live: Vec<_> = own.iter().filter(|row| workflow::is_live(row.state)).collect();
    let most = if live.iter().any(|row| row.service_id == *service) { 1 } else { LIVE };
    if live.len() >= most {
        return Err(too_many(most as i64));
    }
    // Who takes numbers and gives them back leaves some for others.
    if own.iter().filter(|row| row.service_id == *service).count() >= TAKEN {
        return Err(too_many(TAKEN as i64));
    }
    give(tx, *service, Some(account)).await
}

/// The desk gives a number to who stands there and has none (代取号): whoever that is.
///
/// # Errors
/// [`Error::Forbidden`] for all but the centre's staff; as [`take`] for the service and the day.
pub async fn issue(tx: &mut Tx, service: &ServiceItemId) -> Result<Model> {
    desk(tx, *service).await?;
    give(tx, *service, None).await
}

/// The next number is called (叫下一号); who was called to the same counter before has been served by it.
///
/// # Errors
/// [`Error::Forbidden`] for all but the centre's staff; `INVALID_TRANSITION` when nobody waits.
pub async fn call_next(tx: &mut Tx, wanted: &CallNext) -> Result<Model> {
    let center = desk(tx, wanted.service).await?;
    store::hold(tx, wanted.service).await?;
    let today = shanghai_date(tx.now());
    let next = store::next_waiting(tx, wanted.service, today).await?;
    let nobody =
        || UserError::at(UserErrorCode::InvalidTransition, "serviceItemId").with(Detail::Because("nobody_waits"));
    let next = next.ok_or_else(nobody)?;
    if let Some(counter) = &wanted.counter {
        for row in store::called_at(tx, wanted.service, today, counter).await? {
            let served = Ticket { row, area_path: center.area_path.clone() };
            let permitted = served.permit(tx.actor(), TicketAction::Serve)?;
            carry_out(tx, permitted, TicketAction::Serve, None).await?;
        }
    }
    let ticket = Ticket { row: next, area_path: center.area_path };
    let permitted = ticket.permit(tx.actor(), TicketAction::Call)?;
    carry_out(tx, permitted, TicketAction::Call, wanted.counter.clone()).await
}

/// A certain number is called, for the first time or again (叫号、重呼): who was skipped and came after all, too.
///
/// # Errors
/// `INVALID_TRANSITION` once it is served or given back; `DEADLINE_PASSED` when its day is over.
pub async fn call(tx: &mut Tx, wanted: &Call) -> Result<Model> {
    let seen = permitted(tx, &wanted.on, TicketAction::Call).await?;
    store::hold(tx, seen.row().row.service_id).await?;
    let permitted = permitted(tx, &wanted.on, TicketAction::Call).await?;
    carry_out(tx, permitted, TicketAction::Call, wanted.counter.clone()).await
}

/// Who was called is served (办理完毕).
///
/// # Errors
/// `INVALID_TRANSITION` unless it was called; `DEADLINE_PASSED` when its day is over.
pub async fn serve(tx: &mut Tx, on: &Seen<ServiceTicketId>) -> Result<Model> {
    let permitted = permitted(tx, on, TicketAction::Serve).await?;
    carry_out(tx, permitted, TicketAction::Serve, None).await
}

/// Nobody came (过号).
///
/// # Errors
/// As [`serve`].
pub async fn skip(tx: &mut Tx, on: &Seen<ServiceTicketId>) -> Result<Model> {
    let permitted = permitted(tx, on, TicketAction::Skip).await?;
    carry_out(tx, permitted, TicketAction::Skip, None).await
}

/// The person gives the number back (取消排队).
///
/// # Errors
/// `INVALID_TRANSITION` once it is served, skipped or given back.
pub async fn cancel(tx: &mut Tx, on: &Seen<ServiceTicketId>) -> Result<Model> {
    let permitted = permitted(tx, on, TicketAction::Cancel).await?;
    carry_out(tx, permitted, TicketAction::Cancel, None).await
}

/// The day is over (过期).
///
/// # Errors
/// `INVALID_TRANSITION` when nothing was to come of it; [`Error::Conflict`] when somebody moved it meanwhile.
pub async fn expire(tx: &mut Tx, id: &ServiceTicketId) -> Result<Model> {
    let permitted = permitted(tx, &Seen { id: *id, expected_version: None }, TicketAction::Expire).await?;
    carry_out(tx, permitted, TicketAction::Expire, None).await
}

/// Takes back all that a person waits for (注销).
pub(crate) async fn give_up(tx: &mut Tx, account: AccountId) -> Result<()> {
    let own = store::all_on(tx.db(), account, shanghai_date(tx.now())).await?;
    for row in own.into_iter().filter(|row| workflow::is_live(row.state)) {
        let permitted = Ticket { row, area_path: String::new() }.permit(&Actor::System, TicketAction::Cancel)?;
        carry_out(tx, permitted, TicketAction::Cancel, None).await?;
    }
    Ok(())
}

/// The centre of a service, where the actor works at the desk.
async fn desk(tx: &Tx, service: ServiceItemId) -> Result<center::Model> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let id = store::center_of(tx, service).await?;
    let row = bookings::center(tx.db(), id).await?.ok_or(Error::NotFound)?;
    Center(row.clone()).permit(tx.actor(), CenterAction::BookForOthers)?;
    Ok(row)
}

/// Gives the next number for a service today.
async fn give(tx: &mut Tx, service: ServiceItemId, account: Option<AccountId>) -> Result<Model> {
    let item = store::hold(tx, service).await?;
    let most = admit(tx, &item).await?;
    let on = shanghai_date(tx.now());
    let (last, given) = store::given(tx, service, on).await?;
    if given >= i64::from(most) {
        return Err(too_many(most.into()));
    }
    let number = last + 1;
    let mut row = Model {
        id: tx.id()?,
        version: 0,
        center_id: item.center_id,
        service_id: item.id,
        service_version: item.version,
        account_id: account,
        on_date: on,
        number,
        state: TicketState::Waiting,
        counter: None,
        called_at: None,
        called_by: None,
        ended_at: None,
        created_at: tx.now(),
    };
    let taken = TicketFact::Taken { service, on, number, account };
    evolve(&mut row, &taken, (None, None), tx.now());
    store::insert(tx, &row).await?;
    tx.record(row.id.0, row.version, &taken)?;
    Ok(row)
}

/// How many numbers are given for a service today, if any are now: while it is offered, from an hour before the house lets anybody in at
/// one of its venues until it does no more.
async fn admit(tx: &Tx, item: &service_item::Model) -> Result<i32> {
    let closed = || Error::refused_at(UserErrorCode::SlotClosed, "serviceItemId");
    let none = || UserError::at(UserErrorCode::Invalid, "serviceItemId").with(Detail::Because("no_tickets"));
    let most = item.tickets_per_day.ok_or_else(none)?;
    let center = bookings::center(tx.db(), item.center_id).await?.ok_or(Error::NotFound)?;
    if item.state != ServiceState::Offered || center.state != CenterState::Open {
        return Err(closed());
    }
    let places = bookings::places_of_services(tx.db(), &[item.id]).await?;
    let venues: Vec<_> = places.into_iter().map(|place| place.venue_id).collect();
    let open = bookings::open_today(tx, &venues).await?.filter(|(_, last)| tx.now() < *last);
    let Some((first, _)) = open else {
        return Err(closed());
    };
    if tx.now() < first - BEFORE {
        let early = UserError::at(UserErrorCode::NotInWindow, "serviceItemId").with(Detail::From(first - BEFORE));
        return Err(early.into());
    }
    Ok(most.into())
}

/// The first half of every verb: one read, then who, then the version seen.
async fn permitted(tx: &Tx, on: &Seen<ServiceTicketId>, action: TicketAction) -> Result<Permitted<Ticket>> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let permitted = store::ticket(tx.db(), on.id).await?.ok_or(Error::NotFound)?.permit(tx.actor(), action)?;
    on.check(permitted.row().row.version)?;
    Ok(permitted)
}

/// The second half: when, and what comes of it.
async fn carry_out(
    tx: &mut Tx,
    permitted: Permitted<Ticket>,
    action: TicketAction,
    counter: Option<String>,
) -> Result<Model> {
    let mut after = permitted.row().row.clone();
    let fact = workflow::decide(&after, action, shanghai_date(tx.now()))?;
    evolve(&mut after, &fact, (tx.actor().account(), counter), tx.now());
    store::update(tx, permitted, &after).await?;
    tx.record(after.id.0, after.version, &fact)?;
    Ok(after)
}

fn too_many(limit: i64) -> Error {
    UserError::at(UserErrorCode::LimitExceeded, "serviceItemId").with(Detail::Limit(limit)).into()
}
