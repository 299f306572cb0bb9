//! For whom a centre books, and series (代约、系列预约), parsed.

use chrono::{NaiveDate, Weekday};
use entity::id::{BookingId, VenueId};
use forms::Given;
use identity::phone::Phone;
use kernel::error::{Detail, Result, UserError, UserErrorCode};
use kernel::target::Seen;
use kernel::text::{Problems, line, optional};
use schedule::opening::Hours;
use schedule::series::{MOST, Pattern, Rule, Scope, SeriesError};

use super::places::CAPACITY;
use super::{Book, GROUP, NOTE, RawBook, minute};

/// Characters of a name at most.
const NAME: usize = 40;

/// For whom the centre books, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawContact {
    /// Name.
    pub name: String,
    /// Number.
    pub phone: String,
}

/// For whom the centre books (预约联系人).
#[derive(Clone, Debug)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Number, by which the person is known.
    pub phone: Phone,
}

impl RawContact {
    fn parse(&self, problems: &mut Problems) -> Option<Contact> {
        let name = problems.keep(line("contactName", &self.name, NAME));
        let phone = problems.take(Phone::parse("contactPhone", &self.phone))?;
        Some(Contact { name, phone })
    }
}

/// Books a venue for somebody who calls or comes to the desk (代约).
#[derive(Clone, Debug)]
pub struct BookFor {
    /// What is booked.
    pub book: Book,
    /// For whom.
    pub contact: Contact,
}

impl BookFor {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(book: &RawBook, contact: &RawContact) -> Result<Self> {
        let mut problems = Problems::default();
        let contact = contact.parse(&mut problems);
        let book = problems.all(book.parse())?;
        problems.none()?;
        Ok(Self { book: Problems::given(book)?, contact: Problems::given(contact)? })
    }
}

/// A series, as a client sends it: by weeks or by months.
#[derive(Clone, Debug)]
pub struct RawBookSeries {
    /// Venue.
    pub venue: VenueId,
    /// On which weekdays, 1 (Monday) – 7, of one by weeks.
    pub weekdays: Vec<i32>,
    /// Every so many weeks.
    pub every_weeks: Option<i32>,
    /// On which day of a month, of one by months.
    pub month_day: Option<i32>,
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// From, `HH:MM`.
    pub from: String,
    /// Up to, `HH:MM`.
    pub to: String,
    /// How many come.
    pub party_size: i32,
    /// What for.
    pub purpose: String,
    /// Group for which it is.
    pub group_name: Option<String>,
    /// Answers to what the venue asks, for each of them.
    pub answers: Vec<Given>,
    /// For whom.
    pub contact: RawContact,
}

/// Books a venue again and again, by a rule (系列预约).
#[derive(Clone, Debug)]
pub struct BookSeries {
    /// Venue.
    pub venue: VenueId,
    /// Its rule.
    pub pattern: Pattern,
    /// Its dates, of which there are some.
    pub dates: Vec<NaiveDate>,
    /// When, on each of them.
    pub hours: Hours,
    /// The same as minutes of the day.
    pub minutes: (i16, i16),
    /// How many come.
    pub party_size: i32,
    /// What for.
    pub purpose: String,
    /// Group for which it is.
    pub group_name: Option<String>,
    /// Answers to what the venue asks, for each of them; whether they are, is asked of the venue.
    pub answers: Vec<Given>,
    /// For whom.
    pub contact: Contact,
}

impl RawBookSeries {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields; `LIMIT_EXCEEDED` at `lastOn` for more dates than a series has.
    pub fn parse(&self) -> Result<BookSeries> {
        let mut problems = Problems::default();
        let minutes = problems.take(self.minutes());
        let rule = problems.take(self.rule());
        let purpose = problems.keep(line("purpose", &self.purpose, NOTE));
        let group_name = problems.keep(optional("groupName", self.group_name.as_deref(), GROUP, line));
        if !(1..=CAPACITY).contains(&self.party_size) {
            problems.add(UserError::because("partySize", "out_of_range"));
        }
        let answers = forms::given("answers", &self.answers, &mut problems);
        let contact = self.contact.parse(&mut problems);
        let pattern = rule.map(|rule| Pattern { rule, first: self.first, last: self.last });
        let dates = pattern.as_ref().and_then(|pattern| problems.take(pattern.dates().map_err(no_series)));
        problems.none()?;
        let (hours, minutes) = Problems::given(minutes)?;
        Ok(BookSeries {
            venue: self.venue,
            pattern: Problems::given(pattern)?,
            dates: Problems::given(dates)?.on,
            hours,
            minutes,
            party_size: self.party_size,
            purpose,
            group_name,
            answers,
            contact: Problems::given(contact)?,
        })
    }

    fn minutes(&self) -> std::result::Result<(Hours, (i16, i16)), UserError> {
        let (from, to) = (minute("from", &self.from)?, minute("to", &self.to)?);
        let hours = Hours::between(from.into(), to.into()).map_err(|_| UserError::because("from", "hours"))?;
        Ok((hours, (from, to)))
    }

    fn rule(&self) -> std::result::Result<Rule, UserError> {
        let Some(day) = self.month_day else {
            if self.weekdays.is_empty() {
                return Err(UserError::at(UserErrorCode::Required, "weekdays"));
            }
            let weekday = |day: &i32| Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok();
            if self.weekdays.len() > 7 {
                return Err(UserError::because("weekdays", "weekdays"));
            }
            let weekdays = self.weekdays.iter().map(weekday).collect::<Option<Vec<_>>>();
            let every = u32::try_from(self.every_weeks.unwrap_or(1))
                .map_err(|_| UserError::because("everyWeeks", "out_of_range"))?;
            return Ok(Rule::Weekly {
                weekdays: weekdays.ok_or_else(|| UserError::because("weekdays", "weekdays"))?,
                every,
            });
        };
        if !self.weekdays.is_empty() || self.every_weeks.is_some() {
            return Err(UserError::because("dayOfMonth", "two_rules"));
        }
        Ok(Rule::Monthly { day: u32::try_from(day).map_err(|_| UserError::because("dayOfMonth", "out_of_range"))? })
    }
}

fn no_series(error: SeriesError) -> UserError {
    match error {
        SeriesError::Empty => UserError::because("lastOn", "no_date"),
        SeriesError::TooMany => UserError::at(UserErrorCode::LimitExceeded, "lastOn").with(Detail::Limit(MOST as i64)),
        SeriesError::Interval => UserError::because("everyWeeks", "out_of_range"),
        SeriesError::Day => UserError::because("dayOfMonth", "out_of_range"),
    }
}

/// The person takes a booking back, or more of its series (取消预约).
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Which.
    pub on: Seen<BookingId>,
    /// How far it reaches.
    pub scope: Scope,
}
