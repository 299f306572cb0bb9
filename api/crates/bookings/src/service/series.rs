//! For whom a centre books, and series (代约、系列预约): what is made, what is not and why, and what an edit of one of them reaches.

use areas::shanghai_date;
use chrono::{NaiveDate, TimeDelta};
use entity::enums::{AccountStatus, BookingApproval};
use entity::id::{AccountId, BookingId, BookingSeriesId, CenterId, Id as _, VenueId};
use entity::{booking, booking_series, venue};
use forms::{Form, Given};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Guarded as _;
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::series::{Occurrence, Outcome, Rule, Scope};
use schedule::span::Span;
use serde_json::json;

use super::bookings::{end_all, held};
use super::credit;
use super::making::{blank, has_room, insert, kept, opening, span};
use crate::command::{Book, BookSeries, Contact};
use crate::fact::SeriesFact;
use crate::policy::{Center, CenterAction};
use crate::premises::Premises;
use crate::store::{self, Hold};
use crate::window;
use crate::workflow::{self, Command, is_live};

/// A series is over within a year (系列期限).
const HORIZON: TimeDelta = TimeDelta::days(366);

/// Who of a centre books for somebody, and which centre that is.
pub(super) struct Desk {
    /// The centre.
    pub(super) center: CenterId,
    /// Who books.
    pub(super) account: AccountId,
}

/// For whom the actor books a venue: an account is opened for who has none. The person is queued up.
///
/// # Errors
/// [`Error::NotFound`], and [`Error::Forbidden`] for all but the centre's staff; at `contactPhone`: `SAME_PERSON` for the own number,
/// `INVALID` for somebody who is blocked.
pub(super) async fn whom(tx: &mut Tx, venue: VenueId, contact: &Contact) -> Result<(AccountId, Desk)> {
    let account = tx.actor().person()?.account;
    let center = store::venue(tx.db(), venue).await?.ok_or(Error::NotFound)?.center_id;
    let row = store::center(tx.db(), center).await?.ok_or(Error::NotFound)?;
    Center(row).permit(tx.actor(), CenterAction::BookForOthers)?;
    let person = identity::open_account(tx, &contact.phone, Some(&contact.name)).await?.0.id;
    if person == account {
        return Err(Error::refused_at(UserErrorCode::SamePerson, "contactPhone"));
    }
    let is_active =
        identity::lock_account(tx, person).await?.is_some_and(|account| account.status == AccountStatus::Active);
    if !is_active {
        let blocked = UserError::at(UserErrorCode::Invalid, "contactPhone").with(Detail::Because("not_active"));
        return Err(blocked.into());
    }
    tx.audit_detail(json!({ "person": person.text() }));
    Ok((person, Desk { center, account }))
}

/// The centre books again and again for somebody, by a rule (系列预约): beyond the window and the person's share, which are for what
/// people share among themselves; within everything else. A date on which it cannot be had is left out, and why is noted.
///
/// # Errors
/// As [`super::book_for`] for who acts and for the contact; `CREDIT_BARRED`; as [`super::book`] for what holds of all dates; at `lastOn`: `DEADLINE_PASSED` when all of it is over,
/// `LIMIT_EXCEEDED` beyond a year; what the
/// first date is refused for, at `firstOn`, when none of them can be had.
pub async fn book_series(tx: &mut Tx, wanted: &BookSeries) -> Result<booking_series::Model> {
    let (account, desk) = whom(tx, wanted.venue, &wanted.contact).await?;
    let premises = store::hold(tx, desk.center, Hold::Shared).await?;
    let venue = premises.venue(wanted.venue)?;
    credit::admit(tx, account, BookingApproval::Auto).await?;
    has_room(&premises, venue, wanted.party_size)?;
    let (Some(first), Some(last)) = (wanted.dates.first().copied(), wanted.dates.last().copied()) else {
        return Err(anyhow::anyhow!("a series without dates was parsed").into());
    };
    if last < shanghai_date(tx.now()) {
        return Err(Error::refused_at(UserErrorCode::DeadlinePassed, "lastOn"));
    }
    if last > shanghai_date(tx.now() + HORIZON) {
        let most = UserError::at(UserErrorCode::LimitExceeded, "lastOn");
        return Err(most.with(Detail::Limit(HORIZON.num_days())).into());
    }
    let on_the_first = wanted.hours.on(first).ok_or_else(|| anyhow::anyhow!("{first} has no hours"))?;
    window::fit(venue, on_the_first, wanted.group_name.is_some())?;
    Form::kept(&venue.questions)?.answered("answers", &wanted.answers)?;
    let series = row(tx, venue, wanted, (account, desk.account))?;
    store::insert_series(tx, &series).await?;
    let (opening, calendar) = opening(tx, &premises, (venue, account), (first, last)).await?;
    let mut tried = Vec::new();
    for date in &wanted.dates {
        let span = wanted.hours.on(*date).ok_or_else(|| anyhow::anyhow!("{date} has no hours"))?;
        let is_open = window::is_open(&opening, &calendar, span).map_err(|refusal| refusal.code);
        let made = match is_open {
            Err(code) => Err(code),
            Ok(()) if span.begins() <= tx.now() => Err(UserErrorCode::DeadlinePassed),
            Ok(()) => one(tx, (&premises, venue), (&series, span), &wanted.answers).await?,
        };
        tried.push((*date, made));
    }
    let outcome: Outcome<booking::Model, UserErrorCode> = tried.into_iter().collect();
    if let (true, Some((_, code))) = (outcome.created.is_empty(), outcome.rejected.first()) {
        return Err(Error::refused_at(*code, "firstOn"));
    }
    let refused: Vec<_> = outcome.rejected.iter().map(|(date, code)| (*date, None, *code)).collect();
    store::note_refusals(tx, series.id, &refused).await?;
    let (created, refused) = (outcome.created.len(), refused.len());
    tx.record(series.id.0, series.version, &SeriesFact::Made { venue: venue.id, account, created, refused })?;
    Ok(series)
}

/// A series that is to be made.
fn row(
    tx: &Tx,
    venue: &venue::Model,
    wanted: &BookSeries,
    (account, by): (AccountId, AccountId),
) -> Result<booking_series::Model> {
    let small = |number: u32| i16::try_from(number).ok();
    let (weekdays, every_weeks, month_day) = match &wanted.pattern.rule {
        Rule::Weekly { weekdays, every } => {
            let bits = weekdays.iter().fold(0, |bits, day| bits | 1 << day.num_days_from_monday());
            (Some(bits), small(*every), None)
        }
        Rule::Monthly { day } => (None, None, small(*day)),
    };
    Ok(booking_series::Model {
        id: tx.id()?,
        version: 1,
        center_id: venue.center_id,
        venue_id: venue.id,
        account_id: account,
        made_by: Some(by),
        group_name: wanted.group_name.clone(),
        purpose: wanted.purpose.clone(),
        party_size: wanted.party_size,
        weekdays,
        every_weeks,
        month_day,
        first_date: wanted.pattern.first,
        last_date: wanted.pattern.last,
        from_minute: wanted.minutes.0,
        to_minute: wanted.minutes.1,
        created_at: tx.now(),
    })
}

/// Books one of a series; nothing is left of one that cannot be had.
async fn one(
    tx: &mut Tx,
    (premises, venue): (&Premises, &venue::Model),
    (series, when): (&booking_series::Model, Span),
    answers: &[Given],
) -> Result<std::result::Result<booking::Model, UserErrorCode>> {
    let wanted = Book {
        venue: venue.id,
        span: when,
        party_size: series.party_size,
        purpose: series.purpose.clone(),
        group_name: series.group_name.clone(),
        service: None,
        answers: answers.to_vec(),
        joins_waitlist: false,
    };
    let row = blank(tx.id()?, venue, &wanted, (series.account_id, tx.now()));
    let answers = json!(Form::kept(&venue.questions)?.answered("answers", answers)?);
    let row = booking::Model { series_id: Some(series.id), made_by: series.made_by, answers, ..row };
    if let Err(code) = take(tx, premises, &row).await? {
        return Ok(Err(code));
    }
    let begun = workflow::begun(BookingApproval::Auto, row.begins_at, tx.now());
    Ok(Ok(insert(tx, row, begun).await?))
}

/// Takes the venue and the person's time for a booking; neither, when one is not to be had.
pub(super) async fn take(
    tx: &Tx,
    premises: &Premises,
    row: &booking::Model,
) -> Result<std::result::Result<(), UserErrorCode>> {
    if !schedule::store::occupy(tx, row.id.0, &premises.claim(row.venue_id), kept(row)?).await? {
        return Ok(Err(UserErrorCode::SlotTaken));
    }
    if !schedule::store::commit(tx, row.id.0, row.account_id, span(row)?).await? {
        schedule::store::release(tx, &[row.id.0]).await?;
        return Ok(Err(UserErrorCode::TimeConflict));
    }
    Ok(Ok(()))
}

/// Ends several of a series at once, each by its own rules: those that have begun are left. The chosen one is given back.
///
/// # Errors
/// As for the chosen one alone; as [`reached`].
pub(super) async fn end(
    tx: &mut Tx,
    (on, scope): (&Seen<BookingId>, Scope),
    command: Command,
    note: Option<&str>,
) -> Result<booking::Model> {
    let (premises, permitted) = held(tx, on, command.action(), Hold::Alone).await?;
    let chosen = permitted.row().row.clone();
    let by = tx.actor().account();
    let mut ended = Vec::new();
    let not_begun = |row: &booking::Model| row.id == chosen.id || row.begins_at > tx.now();
    for row in reached(tx, &chosen, scope).await?.into_iter().filter(not_begun).collect::<Vec<_>>() {
        let approval = premises.venue(row.venue_id)?.approval;
        match workflow::decide(&row, approval, command, by, tx.now()) {
            Ok(fact) => ended.push((row, fact)),
            Err(refusal) if row.id == chosen.id => return Err(refusal.into()),
            Err(_) => {}
        }
    }
    end_all(tx, &premises, ended, note).await?;
    Ok(store::booking(tx.db(), chosen.id).await?.ok_or(Error::NotFound)?.row)
}

/// What an edit of one of a series reaches, in order of time: the chosen one among them, open or not.
///
/// # Errors
/// `INVALID` at `scope` for what is of no series.
pub(super) async fn reached(tx: &Tx, chosen: &booking::Model, scope: Scope) -> Result<Vec<booking::Model>> {
    if scope == Scope::This || !is_live(chosen.state) {
        return Ok(vec![chosen.clone()]);
    }
    let none = || UserError::at(UserErrorCode::Invalid, "scope").with(Detail::Because("no_series"));
    let series: BookingSeriesId = chosen.series_id.ok_or_else(none)?;
    let rows = store::live_of_series(tx, series).await?;
    let one = |row: &booking::Model| Occurrence { id: row.id, date: date(row), is_open: true };
    let touched = scope.touched(&rows.iter().map(one).collect::<Vec<_>>(), chosen.id);
    Ok(rows.into_iter().filter(|row| touched.contains(&row.id)).collect())
}

/// On which date it is.
pub(super) fn date(row: &booking::Model) -> NaiveDate {
    shanghai_date(row.begins_at)
}
