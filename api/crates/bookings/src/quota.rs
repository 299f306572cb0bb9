//! How much one person may have (预约限额, domain §C): so that there is enough for everybody. Pure.

use areas::shanghai_date;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use entity::enums::{BookingState, VenueKind};
use entity::id::VenueId;
use kernel::error::{Detail, UserError, UserErrorCode};

use crate::workflow::is_live;

/// Bookings of a person that anything may still come of, at most.
pub const LIVE: usize = 3;
/// Bookings of a person on one day for one kind of venue, or for one expert or counter, at most.
pub const PER_DAY: usize = 1;
/// Bookings of a person for groups in one week, at most.
pub const GROUPS_PER_WEEK: usize = 2;

/// A booking, as far as it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Where it stands.
    pub state: BookingState,
    /// What its venue is alike to.
    pub alike: Alike,
    /// When it begins.
    pub begins_at: DateTime<Utc>,
    /// Whether it is for a group.
    pub is_group: bool,
    /// Whether the centre allots it, as one of a series: beside the share, unless its person has it at another time.
    pub is_allotted: bool,
}

/// Of what a person has one on a day: of rooms for the same, and of who or what serves people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// Rooms of a kind: one dance room is like another.
    Kind(VenueKind),
    /// An expert or a counter: a doctor is no lawyer.
    Venue(VenueId),
}

impl Alike {
    /// What a venue is alike to.
    #[must_use]
    pub fn of(kind: VenueKind, venue: VenueId) -> Self {
        match kind {
            VenueKind::Expert | VenueKind::Counter => Self::Venue(venue),
            _ => Self::Kind(kind),
        }
    }
}

impl Counted {
    /// Whether it used up what others could have had.
    fn was_had(&self) -> bool {
        use BookingState as S;
        is_live(self.state) || matches!(self.state, S::Completed | S::NoShow)
    }
}

/// The Monday of a date's week.
#[must_use]
pub fn week_of(date: NaiveDate) -> NaiveDate {
    date - Days::new(u64::from(date.weekday().num_days_from_monday()))
}

/// Whether a person who has all these may have another one.
///
/// # Errors
/// `LIMIT_EXCEEDED`, with the limit.
pub fn check(own: &[Counted], wanted: &Counted) -> Result<(), UserError> {
    let too_many =
        |limit: usize| Err(UserError::at(UserErrorCode::LimitExceeded, "startsAt").with(Detail::Limit(limit as i64)));
    let counts = |one: &&Counted| wanted.is_allotted || !one.is_allotted;
    let date = shanghai_date(wanted.begins_at);
    let on_the_day =
        |one: &&Counted| one.was_had() && one.alike == wanted.alike && shanghai_date(one.begins_at) == date;
    let in_the_week =
        |one: &&Counted| one.was_had() && one.is_group && week_of(shanghai_date(one.begins_at)) == week_of(date);
    let live = || own.iter().filter(counts).filter(|one| is_live(one.state)).count();
    if !wanted.is_allotted && live() >= LIVE {
        return too_many(LIVE);
    }
    if own.iter().filter(counts).filter(on_the_day).count() >= PER_DAY {
        return too_many(PER_DAY);
    }
    let is_one_too_many = wanted.is_group && own.iter().filter(counts).filter(in_the_week).count() >= GROUPS_PER_WEEK;
    if is_one_too_many { too_many(GROUPS_PER_WEEK) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
