//! Whether a time of a venue may be booked at an instant (预约窗口): asked of every booking, since clients may send any time. Pure.

use areas::{Calendar, shanghai_date};
use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::venue;
use kernel::error::{Detail, UserError, UserErrorCode};
use schedule::opening::{Hours, Opening};
use schedule::slot::{Terms, TermsError};
use schedule::span::Span;

/// On which terms a venue is had, by a group or by one person.
#[must_use]
pub fn terms(venue: &venue::Model, is_group: bool) -> Terms {
    let granules = |minutes: i16| i32::from(minutes) / 15;
    Terms {
        interval: granules(venue.start_interval),
        shortest: granules(venue.min_minutes),
        longest: granules(if is_group { venue.group_max_minutes } else { venue.max_minutes }),
        before: granules(venue.buffer_before),
        after: granules(venue.buffer_after),
    }
}

/// Whether a venue is had for so many minutes, by a group or by one person.
#[must_use]
pub fn is_length(venue: &venue::Model, minutes: i32, is_group: bool) -> bool {
    let terms = terms(venue, is_group);
    (terms.shortest * 15..=terms.longest * 15).contains(&minutes)
}

/// From when on a date is booked (放号时间).
#[must_use]
pub fn opens_at(venue: &venue::Model, date: NaiveDate) -> Option<DateTime<Utc>> {
    let first = date.checked_sub_days(Days::new(u64::from(venue.days_ahead.unsigned_abs())))?;
    let minute = i32::from(venue.opens_minute);
    Some(Hours::between(minute, minute + 15).ok()?.on(first)?.begins())
}

/// Whether a span of a venue may be booked now.
///
/// # Errors
/// `DEADLINE_PASSED` for what has begun; `INVALID` for what is off the grid, too short or too long; `NOT_IN_WINDOW` with the
/// instant from which on it is booked; `SLOT_CLOSED` when the venue is not open all that time.
pub fn check(
    venue: &venue::Model,
    opening: &Opening,
    calendar: &Calendar,
    (span, is_group): (Span, bool),
    now: DateTime<Utc>,
) -> Result<(), UserError> {
    is_one(venue, (span, is_group), now)?;
    if let Some(opens) = opens_at(venue, shanghai_date(span.begins())).filter(|opens| now < *opens) {
        return Err(UserError::at(UserErrorCode::NotInWindow, "startsAt").with(Detail::From(opens)));
    }
    is_open(opening, calendar, span)
}

/// As [`check`], for what the centre allots: it does not wait for the window, which is for what people share among themselves.
///
/// # Errors
/// As [`check`].
pub fn check_allotted(
    venue: &venue::Model,
    opening: &Opening,
    calendar: &Calendar,
    (span, is_group): (Span, bool),
    now: DateTime<Utc>,
) -> Result<(), UserError> {
    is_one(venue, (span, is_group), now)?;
    is_open(opening, calendar, span)
}

/// Whether a span is ahead, and one that a venue has: what is wrong about it will be so tomorrow, too.
fn is_one(venue: &venue::Model, (span, is_group): (Span, bool), now: DateTime<Utc>) -> Result<(), UserError> {
    if span.begins() <= now {
        return Err(UserError::at(UserErrorCode::DeadlinePassed, "startsAt"));
    }
    fit(venue, span, is_group)
}

/// Whether a span is one that a venue has: on its grid, neither too short nor too long.
///
/// # Errors
/// `INVALID`.
pub fn fit(venue: &venue::Model, span: Span, is_group: bool) -> Result<(), UserError> {
    terms(venue, is_group).fit(span).map_err(|error| match error {
        TermsError::Start => UserError::at(UserErrorCode::Invalid, "startsAt").with(Detail::Because("not_a_start")),
        TermsError::TooShort => UserError::at(UserErrorCode::Invalid, "endsAt").with(Detail::Because("too_short")),
        TermsError::TooLong => UserError::at(UserErrorCode::Invalid, "endsAt").with(Detail::Because("too_long")),
    })
}

/// Whether a venue is open all that time.
///
/// # Errors
/// `SLOT_CLOSED`.
pub fn is_open(opening: &Opening, calendar: &Calendar, span: Span) -> Result<(), UserError> {
    let date = shanghai_date(span.begins());
    let is_held = opening.on(date, calendar.kind(date).0).hold(span);
    if is_held { Ok(()) } else { Err(UserError::at(UserErrorCode::SlotClosed, "startsAt")) }
}

#[cfg(test)]
pub(crate) mod tests;
