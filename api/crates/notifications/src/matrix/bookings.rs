//! Who is told what about a booking (domain §K): who has it of its course, the desk of its centre of what it has to decide.

use bookings::{Appeal, AppealFact, Booking, BookingFact, Series, SeriesFact};
use entity::enums::{BookingState, CreditAppealState, NotificationLevel, NotificationTemplate as Template, Role};

use super::{Lines, Recipients, Told};
use crate::data::{BookingData, Outcome};

/// Who is told what of a fact about a booking.
#[must_use]
pub fn told(fact: &BookingFact, booking: &Booking) -> Vec<Told> {
    use Template as T;
    calmly(match fact {
        // A series is told of as one.
        BookingFact::Made { .. } if booking.row.series_id.is_some() => Vec::new(),
        BookingFact::Made { state, .. } | BookingFact::Accepted { state, .. } => begun(*state, T::BookingConfirmed),
        BookingFact::Moved { state, .. } => begun(*state, T::BookingMoved),
        BookingFact::Approved => owner(T::BookingConfirmed),
        BookingFact::Rejected { .. } => owner(T::BookingRejected),
        BookingFact::Offered { .. } => owner(T::BookingOffered),
        BookingFact::Cancelled { .. } => owner(T::BookingCancelled),
        BookingFact::CalledOff { .. } => owner(T::BookingCalledOff),
        BookingFact::Reminded => owner(T::BookingReminder),
        BookingFact::NoShow => owner(T::BookingNoShow),
        BookingFact::Expired { .. } => owner(T::BookingExpired),
        BookingFact::Damaged => owner(T::BookingDamaged),
        // It follows from an appeal, of which its person is told.
        BookingFact::DamageReversed | BookingFact::CheckedIn | BookingFact::Completed { .. } => Vec::new(),
    })
}

/// Who is told what of a fact about a series.
#[must_use]
pub fn told_of_series(SeriesFact::Made { .. }: &SeriesFact) -> Vec<Told> {
    calmly(owner(Template::BookingSeriesMade))
}

/// Who is told what of a fact about an appeal.
#[must_use]
pub fn told_of_appeal(fact: &AppealFact) -> Vec<Told> {
    calmly(match fact {
        AppealFact::Made { .. } => desk(Template::AppealToDecide),
        AppealFact::Decided { state: CreditAppealState::Granted } => owner(Template::AppealGranted),
        AppealFact::Decided { state: CreditAppealState::Refused } => owner(Template::AppealRefused),
        AppealFact::Decided { state: CreditAppealState::Pending } => Vec::new(),
    })
}

/// Nothing about a booking is so urgent that anybody is woken.
fn calmly(lines: Lines) -> Vec<Told> {
    lines.into_iter().map(|(to, template)| Told { to, template, level: NotificationLevel::Normal }).collect()
}

fn owner(template: Template) -> Lines {
    vec![(Recipients::Owner, template)]
}

fn desk(template: Template) -> Lines {
    vec![(Recipients::Staff(Role::CenterStaff), template)]
}

/// What is had is told to who has it; what is to be decided about, to who decides. Who waits sees that at once.
fn begun(state: BookingState, template: Template) -> Lines {
    match state {
        BookingState::Confirmed => owner(template),
        BookingState::PendingApproval => desk(Template::BookingToDecide),
        _ => Vec::new(),
    }
}

/// What the words about a fact of a booking are made of.
#[must_use]
pub fn data(fact: &BookingFact, booking: &Booking) -> BookingData {
    let row = &booking.row;
    let (venue, begins_at, ends_at) = match fact {
        BookingFact::Moved { to, .. } => (to.venue, to.begins_at, to.ends_at),
        _ => (row.venue_id, row.begins_at, row.ends_at),
    };
    let until = match fact {
        BookingFact::Offered { until } => Some(*until),
        BookingFact::Reminded => Some(begins_at + bookings::CHECK_IN),
        BookingFact::Made { state, due_at, .. }
        | BookingFact::Accepted { state, due_at }
        | BookingFact::Moved { state, due_at, .. } => Some(*due_at).filter(|_| *state == BookingState::PendingApproval),
        _ => None,
    };
    let outcome = match fact {
        BookingFact::Rejected { reason } => Some(Outcome::Rejected(*reason)),
        BookingFact::CalledOff { reason } => Some(Outcome::CalledOff(*reason)),
        BookingFact::Cancelled { is_late: true } => Some(Outcome::Late),
        BookingFact::Moved { is_by_center: true, .. } => Some(Outcome::MovedByCenter),
        BookingFact::NoShow => Some(Outcome::Absent { counts: !row.is_moved }),
        BookingFact::Expired { from } => from.map(Outcome::Lapsed),
        _ => None,
    };
    BookingData { venue, begins_at, ends_at, until, outcome, others: 0 }
}

/// What the words about a fact of a series are made of: from its first date to its last.
#[must_use]
pub fn data_of_series(fact: &SeriesFact, series: &Series) -> Option<BookingData> {
    let SeriesFact::Made { created, refused, .. } = fact;
    let outcome = Some(Outcome::Series { made: *created, refused: *refused });
    let (begins_at, ends_at) = series.whole()?;
    Some(BookingData { venue: series.row.venue_id, begins_at, ends_at, until: None, outcome, others: 0 })
}

/// What the words about a fact of an appeal are made of: those of its booking.
#[must_use]
pub fn data_of_appeal(appeal: &Appeal) -> BookingData {
    let row = &appeal.booking.row;
    let (venue, begins_at, ends_at) = (row.venue_id, row.begins_at, row.ends_at);
    BookingData { venue, begins_at, ends_at, until: None, outcome: None, others: 0 }
}

#[cfg(test)]
mod tests;
