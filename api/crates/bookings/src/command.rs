//! What people send, parsed (指令): a command that exists is well-formed.

mod credit;
mod opening;
mod places;
mod series;
mod services;

use chrono::{DateTime, Utc};
use entity::enums::{BookingRejectReason, ClosureReason};
use entity::id::{BookingId, CenterId, ServiceItemId, VenueId};
use forms::Given;
use identity::phone::Phone;
use kernel::error::{Result, UserError, UserErrorCode};
use kernel::target::Seen;
use kernel::text::{Problems, line, optional};
use schedule::series::Scope;
use schedule::span::Span;

use self::places::CAPACITY;

pub use credit::{DecideAppeal, MakeAppeal, RecordDamage};
pub use opening::{OpeningLine, RawOpeningLine, SaveOpening};
pub use places::{RawSaveCenter, RawSaveVenue, SaveCenter, SaveVenue};
pub use series::{BookFor, BookSeries, Cancel, Contact, RawBookSeries, RawContact};
pub use services::{RawSaveService, SaveService};

/// Characters of a note, a purpose or what it costs at most.
const NOTE: usize = 200;
/// Characters of a code at the door at most.
const CODE: usize = 64;
/// Characters of a group's name at most.
const GROUP: usize = 40;
/// People for whom a venue is kept at most.
const GUESTS: usize = 30;
/// Longest closure: the building of a house.
const CLOSURE_DAYS: i64 = 731;

/// A closure, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawClose {
    /// Centre.
    pub center: CenterId,
    /// Venue; the whole centre when `None`.
    pub venue: Option<VenueId>,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// Why.
    pub reason: ClosureReason,
    /// What is told to people.
    pub note: Option<String>,
}

/// Closes a centre, or a venue of it, for a time (临时闭馆).
#[derive(Clone, Debug)]
pub struct Close {
    /// Centre.
    pub center: CenterId,
    /// Venue; the whole centre when `None`.
    pub venue: Option<VenueId>,
    /// When.
    pub span: Span,
    /// Why.
    pub reason: ClosureReason,
    /// What is told to people.
    pub note: Option<String>,
}

impl RawClose {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<Close> {
        let mut problems = Problems::default();
        let span = problems.take(Span::asked(self.begins_at, self.ends_at));
        if span.is_some_and(|span| span.length().num_days() > CLOSURE_DAYS) {
            problems.add(UserError::because("endsAt", "too_long"));
        }
        let note = problems.keep(optional("note", self.note.as_deref(), NOTE, line));
        if self.reason == ClosureReason::Other && note.is_none() {
            problems.add(UserError::at(UserErrorCode::Required, "note"));
        }
        problems.none()?;
        Ok(Close { center: self.center, venue: self.venue, span: Problems::given(span)?, reason: self.reason, note })
    }
}

/// A time of a venue that is to be kept for some people, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawReserve {
    /// Venue.
    pub venue: VenueId,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// What for.
    pub note: String,
    /// Numbers of the people.
    pub phones: Vec<String>,
}

/// Keeps a venue for some people for a time (留用): they book it as ever, and nobody else does.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// Venue.
    pub venue: VenueId,
    /// When.
    pub span: Span,
    /// What for.
    pub note: String,
    /// Numbers by which the people are known, each once.
    pub phones: Vec<Phone>,
}

impl RawReserve {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<Reserve> {
        let mut problems = Problems::default();
        let span = problems.take(Span::asked(self.begins_at, self.ends_at));
        if span.is_some_and(|span| span.length().num_days() > CLOSURE_DAYS) {
            problems.add(UserError::because("endsAt", "too_long"));
        }
        let note = problems.keep(line("note", &self.note, NOTE));
        if self.phones.is_empty() {
            problems.add(UserError::at(UserErrorCode::Required, "phones"));
        }
        let mut phones: Vec<Phone> = Vec::new();
        if self.phones.len() > GUESTS {
            problems.add(UserError::at_most("phones", GUESTS as i64));
        } else {
            for phone in &self.phones {
                phones.extend(problems.take(Phone::parse("phones", phone)).filter(|phone| !phones.contains(phone)));
            }
        }
        // Accounts are opened in one order, whoever names the same people.
        phones.sort_unstable_by(|one, other| one.e164().cmp(other.e164()));
        problems.none()?;
        Ok(Reserve { venue: self.venue, span: Problems::given(span)?, note, phones })
    }
}

/// A booking, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawBook {
    /// Venue.
    pub venue: VenueId,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// How many come.
    pub party_size: i32,
    /// What for.
    pub purpose: String,
    /// Group for which it is.
    pub group_name: Option<String>,
    /// Service for which it is.
    pub service: Option<ServiceItemId>,
    /// Answers to what the venue asks.
    pub answers: Vec<Given>,
    /// Whether to wait when somebody else has it.
    pub joins_waitlist: bool,
}

/// Books a venue (预约).
#[derive(Clone, Debug)]
pub struct Book {
    /// Venue.
    pub venue: VenueId,
    /// When.
    pub span: Span,
    /// How many come.
    pub party_size: i32,
    /// What for.
    pub purpose: String,
    /// Group for which it is.
    pub group_name: Option<String>,
    /// Service for which it is.
    pub service: Option<ServiceItemId>,
    /// Answers to what the venue asks; whether they are, is asked of the venue.
    pub answers: Vec<Given>,
    /// Whether to wait when somebody else has it.
    pub joins_waitlist: bool,
}

impl RawBook {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<Book> {
        let mut problems = Problems::default();
        let span = problems.take(Span::asked(self.begins_at, self.ends_at));
        let purpose = problems.keep(line("purpose", &self.purpose, NOTE));
        let group_name = problems.keep(optional("groupName", self.group_name.as_deref(), GROUP, line));
        if !(1..=CAPACITY).contains(&self.party_size) {
            problems.add(UserError::because("partySize", "out_of_range"));
        }
        let answers = forms::given("answers", &self.answers, &mut problems);
        problems.none()?;
        let Self { venue, party_size, service, joins_waitlist, .. } = *self;
        Ok(Book {
            venue,
            span: Problems::given(span)?,
            party_size,
            purpose,
            group_name,
            service,
            answers,
            joins_waitlist,
        })
    }
}

/// A venue that somebody fills in a form for, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawHoldSlot {
    /// Venue.
    pub venue: VenueId,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// Whether for a group.
    pub is_group: bool,
}

/// Keeps a venue for who fills in a form (预占).
#[derive(Clone, Debug)]
pub struct HoldSlot {
    /// Venue.
    pub venue: VenueId,
    /// When.
    pub span: Span,
    /// Whether for a group.
    pub is_group: bool,
}

impl RawHoldSlot {
    /// Parses it.
    ///
    /// # Errors
    /// `INVALID` for times that are none.
    pub fn parse(&self) -> Result<HoldSlot> {
        let mut problems = Problems::default();
        let span = problems.take(Span::asked(self.begins_at, self.ends_at));
        problems.none()?;
        Ok(HoldSlot { venue: self.venue, span: Problems::given(span)?, is_group: self.is_group })
    }
}

/// Another time of a booking, or another venue of its centre, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawReschedule {
    /// Which booking.
    pub on: Seen<BookingId>,
    /// Venue.
    pub venue: VenueId,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// What the centre says with it.
    pub note: Option<String>,
    /// How far it reaches, of one of a series.
    pub scope: Scope,
}

/// Has a booking at another time, or in another venue of its centre (改期).
#[derive(Clone, Debug)]
pub struct Reschedule {
    /// Which booking.
    pub on: Seen<BookingId>,
    /// Venue.
    pub venue: VenueId,
    /// When.
    pub span: Span,
    /// What the centre says with it.
    pub note: Option<String>,
    /// How far it reaches, of one of a series: the others go by as many days, to the same time of the day.
    pub scope: Scope,
}

impl RawReschedule {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<Reschedule> {
        let mut problems = Problems::default();
        let span = problems.take(Span::asked(self.begins_at, self.ends_at));
        let note = problems.keep(optional("note", self.note.as_deref(), NOTE, line));
        problems.none()?;
        Ok(Reschedule { on: self.on, venue: self.venue, span: Problems::given(span)?, note, scope: self.scope })
    }
}

/// The people are there, and scanned what the screen at the door shows (扫码签到).
#[derive(Clone, Debug)]
pub struct ScanCode {
    /// For which booking.
    pub on: Seen<BookingId>,
    /// What they scanned.
    pub code: String,
}

impl ScanCode {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `code`.
    pub fn parse(on: Seen<BookingId>, code: &str) -> Result<Self> {
        Ok(Self { on, code: line("code", code, CODE)? })
    }
}

/// The centre says no to a booking (不通过).
#[derive(Clone, Debug)]
pub struct Reject {
    /// Which.
    pub on: Seen<BookingId>,
    /// Why.
    pub reason: BookingRejectReason,
    /// What it says with it.
    pub note: Option<String>,
}

impl Reject {
    /// Parses it.
    ///
    /// # Errors
    /// `REQUIRED` at `note` for another reason; as [`kernel::text::line`].
    pub fn parse(on: Seen<BookingId>, reason: BookingRejectReason, note: Option<&str>) -> Result<Self> {
        let note = noted(note, reason == BookingRejectReason::Other)?;
        Ok(Self { on, reason, note })
    }
}

/// The centre calls a booking off (中心取消).
#[derive(Clone, Debug)]
pub struct CallOff {
    /// Which.
    pub on: Seen<BookingId>,
    /// Why.
    pub reason: ClosureReason,
    /// What it says with it.
    pub note: Option<String>,
    /// How far it reaches, of one of a series.
    pub scope: Scope,
}

impl CallOff {
    /// Parses it.
    ///
    /// # Errors
    /// As [`Reject::parse`].
    pub fn parse(on: Seen<BookingId>, reason: ClosureReason, note: Option<&str>, scope: Scope) -> Result<Self> {
        let note = noted(note, reason == ClosureReason::Other)?;
        Ok(Self { on, reason, note, scope })
    }
}

fn noted(note: Option<&str>, is_required: bool) -> Result<Option<String>> {
    match optional("note", note, NOTE, line)? {
        None if is_required => Err(UserError::at(UserErrorCode::Required, "note").into()),
        note => Ok(note),
    }
}

/// `HH:MM` in minutes of the day; `24:00` is the end of it.
fn minute(field: &str, text: &str) -> std::result::Result<i16, UserError> {
    let parsed = || {
        let (hour, minute) = text.split_once(':')?;
        let is_plain = hour.len() == 2 && minute.len() == 2 && text.bytes().all(|b| b.is_ascii_digit() || b == b':');
        let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.parse().ok()?);
        let at = hour * 60 + minute;
        (is_plain && minute < 60 && at <= 24 * 60).then_some(at)
    };
    parsed().ok_or_else(|| UserError::because(field, "hours"))
}

#[cfg(test)]
mod tests;
