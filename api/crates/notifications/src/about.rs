//! What facts are about (主体): requests, bookings, series, appeals, events and registrations, as they are now. A batch is read in a fixed number of
//! statements, whatever it holds.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use bookings::{Appeal, AppealFact, Booking, BookingFact, Series, SeriesFact};
use chrono::{DateTime, Utc};
use entity::id::{
    AccountId, BookingId, BookingSeriesId, CreditAppealId, EventAttendanceId, EventId, EventRegistrationId, Id as _,
    PartyOrganizationId, ServiceRequestId,
};
use entity::{fact, notification};
use events::{Attendance, AttendanceFact, Event, EventFact, Registration, RegistrationFact, Viewer};
use facts::Happened;
use kernel::error::Result;
use kernel::tx::{Record as _, Tx};
use requests::Glance;

use crate::data::{BookingData, Data};
use crate::matrix::{self, Told};

/// What a notification points to (所指对象).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A request.
    Case(ServiceRequestId),
    /// A booking.
    Booking(BookingId),
    /// A series of bookings.
    Series(BookingSeriesId),
    /// An appeal against a line of credit.
    Appeal(CreditAppealId),
    /// An event.
    Event(EventId),
    /// A registration for an event.
    Registration(EventRegistrationId),
}

impl Subject {
    /// What a line of an inbox points to.
    #[must_use]
    pub fn of(row: &notification::Model) -> Self {
        let id = row.subject_id;
        match row.subject_kind.as_str() {
            BookingFact::SUBJECT => Self::Booking(BookingId(id)),
            SeriesFact::SUBJECT => Self::Series(BookingSeriesId(id)),
            AppealFact::SUBJECT => Self::Appeal(CreditAppealId(id)),
            EventFact::SUBJECT => Self::Event(EventId(id)),
            RegistrationFact::SUBJECT => Self::Registration(EventRegistrationId(id)),
            // Lines of attendance are not fetched by their ids: it points to the event.
            AttendanceFact::SUBJECT => match Data::read(row) {
                Ok(Data::Event(data)) => Self::Event(data.event),
                _ => Self::Event(EventId(id)),
            },
            _ => Self::Case(ServiceRequestId(id)),
        }
    }

    /// Its global id.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Case(id) => id.text(),
            Self::Booking(id) => id.text(),
            Self::Series(id) => id.text(),
            Self::Appeal(id) => id.text(),
            Self::Event(id) => id.text(),
            Self::Registration(id) => id.text(),
        }
    }
}

/// A fact, with what it is about.
pub(crate) enum About {
    Case(requests::Fact, Glance),
    Booking(BookingFact, Box<Booking>),
    Series(SeriesFact, Series),
    Appeal(AppealFact, Box<Appeal>),
    Event(EventFact, Box<Event>),
    Registration(RegistrationFact, Box<Registration>),
    /// With the account that is bound to the line of the roster, if one is.
    Attendance(AttendanceFact, Box<Attendance>, Option<AccountId>),
}

/// By what recipients are looked up.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// Whose it is.
    pub owner: Option<AccountId>,
    /// Path of the area it lies in.
    pub area_path: &'a str,
    /// Which request it is.
    pub case: Option<ServiceRequestId>,
    /// Which event it is.
    pub event: Option<EventId>,
    /// Organisation of the party that holds the event.
    pub organization: Option<PartyOrganizationId>,
}

impl About {
    /// Who is told what of it.
    pub fn told(&self) -> Vec<Told> {
        match self {
            Self::Case(fact, case) => matrix::requests::told(fact, case),
            Self::Booking(fact, booking) => matrix::bookings::told(fact, booking),
            Self::Series(fact, _) => matrix::bookings::told_of_series(fact),
            Self::Appeal(fact, _) => matrix::bookings::told_of_appeal(fact),
            Self::Event(fact, event) => matrix::events::told(fact, event),
            Self::Registration(fact, _) => matrix::events::told_of_registration(fact),
            Self::Attendance(fact, ..) => matrix::events::told_of_attendance(fact),
        }
    }

    /// What the words about it are made of; `others` of its series had the same happen to them.
    pub fn data(&self, at: DateTime<Utc>, others: usize) -> Option<Data> {
        Some(match self {
            Self::Case(fact, case) => Data::Case(matrix::requests::data(fact, case, at)),
            Self::Booking(fact, booking) => {
                Data::Booking(BookingData { others, ..matrix::bookings::data(fact, booking) })
            }
            Self::Series(fact, series) => Data::Booking(matrix::bookings::data_of_series(fact, series)?),
            Self::Appeal(_, appeal) => Data::Booking(matrix::bookings::data_of_appeal(appeal)),
            Self::Event(fact, event) => Data::Event(matrix::events::data(fact, event)),
            Self::Registration(fact, own) => Data::Event(matrix::events::data_of_registration(fact, own)),
            Self::Attendance(_, line, _) => Data::Event(matrix::events::data_of_attendance(line)),
        })
    }

    pub fn around(&self) -> Around<'_> {
        let (owner, area_path, case) = match self {
            Self::Case(_, case) => (case.reporter, &case.area_path, Some(case.id)),
            Self::Booking(_, booking) => (Some(booking.row.account_id), &booking.area_path, None),
            Self::Series(_, series) => (Some(series.row.account_id), &series.area_path, None),
            Self::Appeal(_, appeal) => (Some(appeal.row.account_id), &appeal.booking.area_path, None),
            Self::Event(_, event) => (None, &event.row.area_path, None),
            Self::Registration(_, own) => (Some(own.row.account_id), &own.event.row.area_path, None),
            Self::Attendance(_, line, owner) => (*owner, &line.event.row.area_path, None),
        };
        let event = if let Self::Event(_, event) = self { Some(event.row.id) } else { None };
        let organization = if let Self::Attendance(_, line, _) = self { line.event.row.organization_id } else { None };
        Around { owner, area_path, case, event, organization }
    }

    /// What bookings of a series have alike that are told of as one: the series, and whether it costs their person anything; and
    /// when this one begins.
    pub fn alike(&self) -> Option<((BookingSeriesId, bool), DateTime<Utc>)> {
        let Self::Booking(fact, booking) = self else { return None };
        let is_late = matches!(fact, BookingFact::Cancelled { is_late: true });
        booking.row.series_id.map(|series| ((series, is_late), booking.row.begins_at))
    }
}

/// What the facts of a batch are about, by their places. Facts that nobody is told of, and what is no more, are left out.
pub(crate) async fn abouts(tx: &Tx, rows: &[fact::Model]) -> Result<HashMap<usize, About>> {
    let happened: Vec<(usize, &fact::Model, Happened)> =
        rows.iter().enumerate().filter_map(|(place, row)| Some((place, row, read(row)?))).collect();
    let mut found = HashMap::new();
    let (db, actor) = (tx.db(), tx.actor());
    let cases = ids(&happened, ServiceRequestId, |what| matches!(what, Happened::Request(_)));
    let cases = if cases.is_empty() { Vec::new() } else { requests::glances(db, &cases).await? };
    let cases = keyed(cases, |case| case.id);
    let bookings = ids(&happened, BookingId, |what| matches!(what, Happened::Booking(_)));
    let bookings =
        if bookings.is_empty() { Vec::new() } else { bookings::bookings_by_ids(db, actor, bookings).await? };
    let bookings = keyed(bookings, |booking| booking.row.id);
    let series = ids(&happened, BookingSeriesId, |what| matches!(what, Happened::Series(_)));
    let series = if series.is_empty() { Vec::new() } else { bookings::series_by_ids(db, actor, &series).await? };
    let series = keyed(series, |series| series.row.id);
    let appeals = ids(&happened, CreditAppealId, |what| matches!(what, Happened::Appeal(_)));
    let appeals = if appeals.is_empty() { Vec::new() } else { bookings::appeals_by_ids(db, actor, &appeals).await? };
    let appeals = keyed(appeals, |appeal| appeal.row.id);
    let events = ids(&happened, EventId, |what| matches!(what, Happened::Event(_)));
    let events = match events.is_empty() {
        true => Vec::new(),
        false => events::events_by_ids(db, &Viewer { actor: actor.clone(), circle: None }, &events).await?,
    };
    let events = keyed(events, |event| event.row.id);
    let registered = ids(&happened, EventRegistrationId, |what| matches!(what, Happened::Registration(_)));
    let registered = match registered.is_empty() {
        true => Vec::new(),
        false => events::registrations_by_ids(db, actor, &registered).await?,
    };
    let registered = keyed(registered, |own| own.row.id);
    let attended = ids(&happened, EventAttendanceId, |what| matches!(what, Happened::Attendance(_)));
    let attended = if attended.is_empty() { Vec::new() } else { events::attendance_by_ids(db, &attended).await? };
    let owners = events::whose(db, &attended).await?;
    let attended = keyed(attended, |line| line.row.id);
    for (place, row, what) in happened {
        let id = row.subject_id;
        let about = match what {
            Happened::Request(fact) => cases.get(&ServiceRequestId(id)).map(|case| About::Case(fact, case.clone())),
            Happened::Booking(fact) => {
                bookings.get(&BookingId(id)).map(|own| About::Booking(fact, Box::new(own.clone())))
            }
            Happened::Series(fact) => series.get(&BookingSeriesId(id)).map(|own| About::Series(fact, own.clone())),
            Happened::Appeal(fact) => {
                appeals.get(&CreditAppealId(id)).map(|own| About::Appeal(fact, Box::new(own.clone())))
            }
            Happened::Event(fact) => events.get(&EventId(id)).map(|own| About::Event(fact, Box::new(own.clone()))),
            Happened::Registration(fact) => {
                registered.get(&EventRegistrationId(id)).map(|own| About::Registration(fact, Box::new(own.clone())))
            }
            Happened::Attendance(fact) => attended
                .get(&EventAttendanceId(id))
                .map(|line| About::Attendance(fact, Box::new(line.clone()), owners.get(&line.row.id).copied())),
            _ => None,
        };
        found.extend(about.map(|about| (place, about)));
    }
    Ok(found)
}

/// A fact of any slice. One that no slice knows is passed over: it must not hold back all that follow.
fn read(row: &fact::Model) -> Option<Happened> {
    Happened::read(row)
        .inspect_err(|error| {
            tracing::error!(%error, fact = %row.id, kind = row.kind, "a fact cannot be read; nobody is told of it");
        })
        .ok()
}

/// What facts of a kind are about, each once.
fn ids<I: Eq + Hash>(
    happened: &[(usize, &fact::Model, Happened)],
    id: impl Fn(uuid::Uuid) -> I,
    is_meant: impl Fn(&Happened) -> bool,
) -> Vec<I> {
    let meant = happened.iter().filter(|(.., what)| is_meant(what));
    meant.map(|(_, row, _)| id(row.subject_id)).collect::<HashSet<_>>().into_iter().collect()
}

fn keyed<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, V> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}
