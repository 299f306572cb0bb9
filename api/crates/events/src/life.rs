//! Which meetings an organisation of the party has to hold, and which of them it lacks (组织生活; 中国共产党支部工作条例(试行) §§11–16). Pure.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use entity::enums::{EventKind as K, PartyOrganizationKind as O};

/// Kinds of the life of an organisation, in their order (三会一课等).
pub const LIFE: [K; 7] = [
    K::BranchMeeting,
    K::CommitteeMeeting,
    K::GroupMeeting,
    K::PartyClass,
    K::ThemeDay,
    K::OrganizationLife,
    K::DemocraticReview,
];

/// A branch of so many members has a committee (支委会).
const WITH_COMMITTEE: usize = 7;

/// A month of the calendar of Shanghai, counted through (月).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month of a date.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self(date.year() * 12 + date.month0().cast_signed())
    }

    /// The month of an instant.
    #[must_use]
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self::of(areas::shanghai_date(instant))
    }

    /// Its first day; `None` of no calendar.
    #[must_use]
    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.0.div_euclid(12), self.0.rem_euclid(12).cast_unsigned() + 1, 1)
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// How many months from this one to another, both counted.
    #[must_use]
    pub fn count_to(self, last: Self) -> i32 {
        last.0 - self.0 + 1
    }
}

/// In how many months a meeting of a kind is held once, counted from January (频次).
fn every(kind: K) -> Option<i32> {
    match kind {
        K::CommitteeMeeting | K::GroupMeeting | K::ThemeDay => Some(1),
        K::BranchMeeting | K::PartyClass => Some(3),
        K::OrganizationLife | K::DemocraticReview => Some(12),
        K::Volunteer | K::MusicClass | K::OpenEvent => None,
    }
}

/// Whether an organisation of a kind, with so many members, has to hold a kind of meeting.
#[must_use]
pub fn owes(organization: O, members: usize, kind: K) -> bool {
    match organization {
        O::Branch | O::JointBranch | O::TemporaryBranch | O::GeneralBranch => match kind {
            K::CommitteeMeeting => members >= WITH_COMMITTEE,
            K::GroupMeeting => false,
            _ => every(kind).is_some(),
        },
        O::Group => kind == K::GroupMeeting,
        O::WorkingCommittee | O::Committee => false,
    }
}

/// How it stands with one kind of meeting (组织生活情况).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub kind: K,
    /// In how many months, quarters or years it had to be held.
    pub required: usize,
    /// How many were held.
    pub held: usize,
    /// In how many of these months, quarters or years none was.
    pub missing: usize,
}

/// How it stands with one kind of meeting from one month to another, given the months in which it was held. What is due once a quarter or a
/// year is asked for only where the whole of it lies between.
#[must_use]
pub fn stands(kind: K, (from, to): (Month, Month), months: &[Month]) -> Held {
    let step = every(kind).unwrap_or(1);
    let first = from.0.div_euclid(step) + i32::from(from.0.rem_euclid(step) != 0);
    let last = (to.0 + 1).div_euclid(step);
    let was_held = |period: &i32| months.iter().any(|month| month.0.div_euclid(step) == *period);
    let periods: Vec<i32> = (first..last).collect();
    Held {
        kind,
        required: periods.len(),
        held: months.iter().filter(|month| (from..=to).contains(month)).count(),
        missing: periods.iter().filter(|period| !was_held(period)).count(),
    }
}

#[cfg(test)]
mod tests;
