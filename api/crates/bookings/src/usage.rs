//! How a centre is used (使用统计): which part of its open time is had, by the hour, and what became of its bookings.
//!
//! A piece is a quarter of an hour of a room that holds no other, or of one of its places. It is open when any venue that it belongs to is, by the opening
//! rules of today and the closures of then; and had while a booking stands or was used, up to when its people left.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use areas::{Calendar, shanghai_date};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::enums::BookingState as S;
use entity::id::VenueId;
use entity::{center, venue};
use kernel::base::Base;
use kernel::error::{Error, Result};
use schedule::claim::Claim;
use schedule::opening::Hours;
use schedule::span::{Granule, Span};
use uuid::Uuid;

use crate::premises::Premises;
use crate::store::{self, Openings};

/// Dates that are counted at most.
pub const MOST_DATES: i64 = 31;
/// Granules of a day, and by how many Shanghai is ahead of UTC.
const DAY: i32 = 96;
const EAST: i32 = 32;

/// What became of a booking, as far as it is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Venue.
    pub venue: VenueId,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// Where it stands.
    pub state: S,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether it was taken back too late.
    pub is_late: bool,
    /// Whether it only waited, and was never offered anything.
    pub only_waited: bool,
    /// Whether nobody holds an absence against its person: the centre had moved it, or the line was taken back.
    pub is_excused: bool,
}

/// A part of a whole, in pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Open.
    pub open: u32,
    /// Of these, had.
    pub had: u32,
}

impl Pieces {
    fn add(&mut self, other: Self) {
        self.open += other.open;
        self.had += other.had;
    }
}

/// How a centre is used (使用统计).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// Pieces by the hour of the day in Asia/Shanghai.
    pub hours: [Pieces; 24],
    /// Bookings of which people came.
    pub used: u32,
    /// Bookings to which nobody came.
    pub no_shows: u32,
    /// Bookings that were taken back by their people.
    pub cancelled: u32,
    /// Of these, too late.
    pub late: u32,
    /// Bookings that the centre called off.
    pub called_off: u32,
    /// The same by venue, by name.
    pub venues: Vec<VenueUsage>,
}

/// How a venue is used (场地使用统计).
#[derive(Clone, Debug, PartialEq)]
pub struct VenueUsage {
    /// Which.
    pub venue: venue::Model,
    /// Pieces of all rooms of it.
    pub pieces: Pieces,
    /// Bookings of it of which people came.
    pub used: u32,
    /// Bookings of it to which nobody came.
    pub no_shows: u32,
}

/// How a centre is used between two dates, both included: some statements, however many bookings there are.
///
/// # Errors
/// [`Error::BadRequest`] for more than 31 dates, and for none.
pub async fn usage(base: &Base, center: &center::Model, (first, last): (NaiveDate, NaiveDate)) -> Result<Usage> {
    let refused = Error::BadRequest("from `from` to `to` are 1–31 dates");
    let dates = last.signed_duration_since(first).num_days();
    let day = Hours::between(0, 24 * 60).ok();
    let whole = day.and_then(|day| Span::of(day.on(first)?.first(), day.on(last)?.end()));
    let Some(whole) = whole.filter(|_| (0..MOST_DATES).contains(&dates)) else { return Err(refused) };
    let db = base.db.reader();
    let premises = Premises::of(center.clone(), store::venues_of(db, &[center.id]).await?)?;
    let venues: Vec<VenueId> = premises.venues.iter().map(|venue| venue.id).collect();
    let calendar = areas::store::calendar_between(db, first, last).await?;
    let openings = store::openings(db, std::slice::from_ref(&premises), &venues, whole.begins()).await?;
    let courses = store::courses(db, center.id, whole).await?;
    let dates: Vec<NaiveDate> = first.iter_days().take_while(|date| *date <= last).collect();
    let today = shanghai_date(base.clock.now());
    Ok(count(&premises, &open(&premises, &openings, &calendar, (&dates, today)), &courses))
}

/// Which pieces of which leaves are open.
fn open(
    premises: &Premises,
    openings: &Openings,
    calendar: &Calendar,
    (dates, today): (&[NaiveDate], NaiveDate),
) -> HashMap<Uuid, BTreeSet<Granule>> {
    let mut open: HashMap<Uuid, BTreeSet<Granule>> = HashMap::new();
    for venue in &premises.venues {
        let Some(opening) = openings.at_all(venue.id) else { continue };
        // What is given up now was there before.
        let dates = dates.iter().filter(|date| **date < today || premises.is_had(venue));
        let spans = dates.flat_map(|date| opening.on(*date, calendar.kind(*date).0).iter().collect::<Vec<_>>());
        let granules: Vec<Granule> = spans.flat_map(Span::granules).collect();
        for leaf in premises.leaves(venue.id) {
            open.entry(leaf).or_default().extend(&granules);
        }
    }
    open
}

fn count(premises: &Premises, open: &HashMap<Uuid, BTreeSet<Granule>>, courses: &[Course]) -> Usage {
    let mut usage = ends(courses);
    let rooms = rooms(premises, open, courses);
    for (hour, pieces) in rooms.values().flat_map(|room| room.iter().enumerate()) {
        usage.hours[hour].add(*pieces);
    }
    let of_one = |venue: &venue::Model| {
        let own: Vec<Course> = courses.iter().filter(|course| course.venue == venue.id).cloned().collect();
        let Usage { used, no_shows, .. } = ends(&own);
        let mut pieces = Pieces::default();
        for leaf in premises.leaves(venue.id) {
            rooms.get(&leaf).into_iter().flatten().for_each(|hour| pieces.add(*hour));
        }
        VenueUsage { venue: venue.clone(), pieces, used, no_shows }
    };
    usage.venues = premises.venues.iter().map(of_one).collect();
    usage
}

/// What became of bookings, in numbers.
fn ends(courses: &[Course]) -> Usage {
    let mut usage = Usage::default();
    for course in courses {
        match course.state {
            S::CheckedIn | S::Completed => usage.used += 1,
            // Nobody was to come when the centre chose the time, or found the line wrong.
            S::NoShow => usage.no_shows += u32::from(!course.is_excused),
            // What only waited was nobody's.
            S::CancelledByCenter | S::CancelledByUser if course.only_waited => {}
            S::CancelledByCenter => usage.called_off += 1,
            S::CancelledByUser => {
                usage.cancelled += 1;
                usage.late += u32::from(course.is_late);
            }
            S::Waitlisted | S::Offered | S::PendingApproval | S::Confirmed | S::Rejected | S::Expired => {}
        }
    }
    usage
}

/// Pieces of each room by the hour of the day: of a room with several places, each place has its own.
fn rooms(
    premises: &Premises,
    open: &HashMap<Uuid, BTreeSet<Granule>>,
    courses: &[Course],
) -> HashMap<Uuid, [Pieces; 24]> {
    let mut had: BTreeMap<(Uuid, Granule), u32> = BTreeMap::new();
    for course in courses {
        let Some(span) = had_for(course) else { continue };
        let (claim, leaves) = (premises.claim(course.venue), premises.leaves(course.venue));
        for (leaf, granule) in leaves.iter().flat_map(|leaf| span.granules().map(|granule| (*leaf, granule))) {
            let places = if matches!(claim, Claim::Unit { .. }) { 1 } else { premises.places(leaf) };
            *had.entry((leaf, granule)).or_default() += places;
        }
    }
    let mut rooms: HashMap<Uuid, [Pieces; 24]> = HashMap::new();
    for (leaf, granule) in open.iter().flat_map(|(leaf, open)| open.iter().map(|granule| (*leaf, *granule))) {
        let places = premises.places(leaf);
        let had = had.get(&(leaf, granule)).copied().unwrap_or_default().min(places);
        rooms.entry(leaf).or_default()[hour(granule)].add(Pieces { open: places, had });
    }
    rooms
}

/// For how long it was had: the quarter in which people leave is theirs.
fn had_for(course: &Course) -> Option<Span> {
    let ends = match (course.state, course.ended_at) {
        (S::Confirmed | S::CheckedIn, _) => course.ends_at,
        (S::Completed, ended_at) => ended_at.map_or(course.ends_at, |at| at.min(course.ends_at)),
        _ => return None,
    };
    let end = Granule::of(ends + TimeDelta::minutes(15) - TimeDelta::microseconds(1));
    Span::of(Granule::of(course.begins_at), end)
}

fn hour(granule: Granule) -> usize {
    usize::try_from((granule.0 + EAST).rem_euclid(DAY) / 4).unwrap_or_default()
}

#[cfg(test)]
mod tests;
