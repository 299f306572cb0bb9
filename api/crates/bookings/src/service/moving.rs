//! A booking at another time, or in another venue of its centre (改期): all of it at once, or nothing.

use areas::shanghai_date;
use entity::id::BookingId;
use entity::{booking, venue};
use forms::{Form, Given};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::tx::Tx;
use schedule::series::Scope;
use schedule::span::Span;

use super::bookings::{held, offer_all, permitted, write};
use super::making::{How, check, has_room, opening, span, taken};
use super::{credit, holding, series, services};
use crate::command::Reschedule;
use crate::fact::{BookingFact, Place};
use crate::policy::{Booking, BookingAction};
use crate::premises::Premises;
use crate::quota::{self, Alike, Counted};
use crate::store::{self, Hold};
use crate::window;
use crate::workflow::{self, Command, Refusal};

/// The person has it at another time (改期); the rules are those of a new booking.
///
/// # Errors
/// As [`super::book`], and nobody waits; `INVALID_TRANSITION` unless it is confirmed or to be decided about; `DEADLINE_PASSED` within
/// two hours of its beginning; `INVALID` at `venueId` for a venue of another centre, or one that must know more, at `startsAt` when nothing would change.
pub async fn reschedule(tx: &mut Tx, wanted: &Reschedule) -> Result<booking::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    let (premises, permitted) = held(tx, &wanted.on, BookingAction::Reschedule, Hold::Alone).await?;
    let (before, place) = (&permitted.row().row, place(&premises, wanted)?);
    serves(tx, before, wanted).await?;
    let venue = premises.venue(place.venue)?;
    is_answered(before, venue)?;
    workflow::may(before, BookingAction::Reschedule, Some(account), tx.now())?;
    differs(before, &place)?;
    let approval = credit::admit(tx, account, venue.approval).await?;
    let fact = workflow::decide(before, approval, Command::Reschedule(place), Some(account), tx.now())?;
    let (is_group, is_allotted) = (before.group_name.is_some(), before.series_id.is_some());
    let (state, begins_at) = (before.state, place.begins_at);
    let counted = Counted { state, alike: Alike::of(venue.kind, venue.id), begins_at, is_group, is_allotted };
    let others = store::counted(tx, account, shanghai_date(place.begins_at), Some(before.id)).await?;
    quota::check(&others, &counted)?;
    // What the person held while choosing the time is used up, as by a booking.
    let held = holding::take_over(tx, account, premises.center.id).await?;
    let moved = carry_over(tx, &premises, permitted, fact, wanted).await?;
    for row in &held {
        holding::offer(tx, &premises, row).await?;
    }
    Ok(moved)
}

/// The centre has it at another time, or more of its series by as many days and to the same time of the day (中心调整): within the
/// hours of the venue, whatever the person's share. Others of the series that cannot be moved stay as they were, and why is noted.
///
/// # Errors
/// `INVALID_TRANSITION` unless it is confirmed or to be decided about; `SAME_PERSON` for the own one; `DEADLINE_PASSED` once it has
/// begun; as [`super::book`] for the time wanted; `INVALID` at `startsAt` when
/// nothing would change, at `scope` for what is of no series.
pub async fn move_to(tx: &mut Tx, wanted: &Reschedule) -> Result<booking::Model> {
    // Its person first, as who books: else two centres that move somebody's bookings could wait for each other.
    let person = permitted(tx, &wanted.on, BookingAction::Move).await?.row().row.account_id;
    identity::lock_account(tx, person).await?;
    let (premises, permitted) = held(tx, &wanted.on, BookingAction::Move, Hold::Alone).await?;
    let place = place(&premises, wanted)?;
    serves(tx, &permitted.row().row, wanted).await?;
    let approval = premises.venue(place.venue)?.approval;
    let command = Command::Move(place);
    let fact = workflow::decide(&permitted.row().row, approval, command, tx.actor().account(), tx.now())?;
    differs(&permitted.row().row, &place)?;
    match wanted.scope {
        Scope::This => carry_over(tx, &premises, permitted, fact, wanted).await,
        _ => move_along(tx, &premises, &permitted.row().row.clone(), wanted).await,
    }
}

/// Moves what an edit of one of a series reaches. When the chosen one cannot be moved, none is.
async fn move_along(
    tx: &mut Tx,
    premises: &Premises,
    chosen: &booking::Model,
    wanted: &Reschedule,
) -> Result<booking::Model> {
    let mut rows = series::reached(tx, chosen, wanted.scope).await?;
    let target = |row: &booking::Model| Reschedule { span: along(chosen, wanted.span, row), ..wanted.clone() };
    let dates = rows.iter().map(|row| shanghai_date(target(row).span.begins()));
    let Some((first, last)) = dates.clone().min().zip(dates.max()) else { return Err(Error::NotFound) };
    let venue = premises.venue(wanted.venue)?;
    // As many come to each of a series.
    has_room(premises, venue, chosen.party_size)?;
    let (opening, calendar) = opening(tx, premises, (venue, chosen.account_id), (first, last)).await?;
    // So that none stands in the way of the next.
    if wanted.span.begins() > chosen.begins_at {
        rows.reverse();
    }
    let (mut left, mut refused) = (Vec::new(), Vec::new());
    for row in &rows {
        let to = target(row);
        let place = place(premises, &to)?;
        if differs(row, &place).is_err() {
            continue;
        }
        let how = (to.span, row.group_name.is_some());
        let moved = match window::check_allotted(venue, &opening, &calendar, how, tx.now()) {
            Err(refusal) => Err(refusal.code),
            Ok(()) => move_one(tx, premises, row, (place, &to)).await?,
        };
        match moved {
            Ok(()) => left.push(row.clone()),
            Err(code) if row.id == chosen.id => return Err(Error::refused_at(code, "startsAt")),
            Err(code) => refused.push((series::date(row), Some(row.id), code)),
        }
    }
    let stayed: Vec<BookingId> = refused.iter().filter_map(|(_, id, _)| *id).collect();
    store::forget_refusals(tx, &stayed).await?;
    if let Some(series) = chosen.series_id {
        store::note_refusals(tx, series, &refused).await?;
    }
    offer_all(tx, premises, &left).await?;
    Ok(store::booking(tx.db(), chosen.id).await?.ok_or(Error::NotFound)?.row)
}

/// Where one of a series goes when the chosen one goes to a span: by as many days, to the same time of the day. There is no summer
/// time in Shanghai.
fn along(chosen: &booking::Model, to: Span, row: &booking::Model) -> Span {
    let days = (series::date(row) - series::date(chosen)).num_days();
    to.days_later(i32::try_from(days).unwrap_or(i32::MAX))
}

/// Moves one of a series; it stays as it was when it is refused.
async fn move_one(
    tx: &mut Tx,
    premises: &Premises,
    row: &booking::Model,
    (place, to): (Place, &Reschedule),
) -> Result<std::result::Result<(), UserErrorCode>> {
    let booking = Booking { row: row.clone(), area_path: premises.center.area_path.clone() };
    let permitted = booking.permit(tx.actor(), BookingAction::Move)?;
    let approval = premises.venue(place.venue)?.approval;
    let fact = match workflow::decide(row, approval, Command::Move(place), tx.actor().account(), tx.now()) {
        Ok(fact) => fact,
        Err(Refusal::TooLate) => return Ok(Err(UserErrorCode::DeadlinePassed)),
        Err(_) => return Ok(Err(UserErrorCode::InvalidTransition)),
    };
    Ok(shift(tx, premises, permitted, fact, to).await?.map(|_| ()))
}

/// Whether what was booked for a service still is: as long, where or by whom it is given.
async fn serves(tx: &Tx, row: &booking::Model, wanted: &Reschedule) -> Result<()> {
    let Some(service) = row.service_id else { return Ok(()) };
    let because = |field, reason| UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(reason));
    if wanted.span.count() != span(row)?.count() {
        return Err(because("endsAt", "another_length").into());
    }
    let is_there = wanted.venue == row.venue_id || services::is_given_at(tx, service, wanted.venue).await?;
    if is_there { Ok(()) } else { Err(because("venueId", "not_given_there").into()) }
}

/// Whether what was answered for one venue answers what another one must know.
fn is_answered(row: &booking::Model, venue: &venue::Model) -> Result<()> {
    if row.venue_id == venue.id {
        return Ok(());
    }
    let form = Form::kept(&venue.questions)?;
    let answers = forms::kept_answers(&row.answers).into_iter();
    let known = answers.filter(|answer| form.questions().iter().any(|question| question.key == answer.key));
    let given: Vec<Given> = known.map(|answer| Given { key: answer.key, values: answer.values }).collect();
    let asks_more = || UserError::at(UserErrorCode::Invalid, "venueId").with(Detail::Because("asks_more"));
    form.answered("answers", &given).map(|_| ()).map_err(|_| asks_more().into())
}

/// Whether a booking would be had elsewhere or at another time than it is.
fn differs(row: &booking::Model, place: &Place) -> Result<()> {
    if (place.venue, place.begins_at, place.ends_at) != (row.venue_id, row.begins_at, row.ends_at) {
        return Ok(());
    }
    Err(UserError::at(UserErrorCode::Invalid, "startsAt").with(Detail::Because("unchanged")).into())
}

/// Where it is wanted, as its venue keeps it now.
fn place(premises: &Premises, wanted: &Reschedule) -> Result<Place> {
    let elsewhere = || UserError::at(UserErrorCode::Invalid, "venueId").with(Detail::Because("another_center"));
    let venue = premises.venue(wanted.venue).map_err(|_| Error::from(elsewhere()))?;
    Ok(Place {
        venue: venue.id,
        begins_at: wanted.span.begins(),
        ends_at: wanted.span.ends(),
        buffer_before: venue.buffer_before,
        buffer_after: venue.buffer_after,
    })
}

fn how(row: &booking::Model, fact: &BookingFact, span: Span) -> How {
    let is_allotted = matches!(fact, BookingFact::Moved { is_by_center: true, .. });
    How { span, party_size: row.party_size, is_group: row.group_name.is_some(), is_allotted }
}

/// Has one booking at another time, and offers what fell free.
async fn carry_over(
    tx: &mut Tx,
    premises: &Premises,
    permitted: Permitted<Booking>,
    fact: BookingFact,
    wanted: &Reschedule,
) -> Result<booking::Model> {
    let before = permitted.row().row.clone();
    let how = how(&before, &fact, wanted.span);
    check(tx, premises, (premises.venue(wanted.venue)?, before.account_id), &how).await?;
    match shift(tx, premises, permitted, fact, wanted).await? {
        Ok(after) => {
            offer_all(tx, premises, &[before]).await?;
            Ok(after)
        }
        Err(UserErrorCode::SlotTaken) => Err(taken(tx, (wanted.venue, before.account_id), &how).await?),
        Err(code) => Err(Error::refused_at(code, "startsAt")),
    }
}

/// Gives back what a booking has and takes what is wanted for it, so that it may move by less than its length. When that is not to be
/// had, it has what it had.
async fn shift(
    tx: &mut Tx,
    premises: &Premises,
    permitted: Permitted<Booking>,
    fact: BookingFact,
    wanted: &Reschedule,
) -> Result<std::result::Result<booking::Model, UserErrorCode>> {
    let before = permitted.row().row.clone();
    let mut after = before.clone();
    workflow::evolve(&mut after, &fact, tx.actor().account(), tx.now());
    schedule::store::release(tx, &[before.id.0]).await?;
    if let Err(code) = series::take(tx, premises, &after).await? {
        return match series::take(tx, premises, &before).await? {
            Ok(()) => Ok(Err(code)),
            Err(lost) => Err(anyhow::anyhow!("booking {} lost its place: {lost:?}", before.id).into()),
        };
    }
    Ok(Ok(write(tx, permitted, fact, wanted.note.clone()).await?))
}
