//! The rules of bookings in small (domain §C; peers §9): written once more, for the test alone, from what is promised to people. It
//! asks nothing of the crates, so that where the two differ one of them is wrong.
//!
//! Times are instants, or quarters of an hour since 1970; a day is one in Shanghai.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::BookingState as S;
use uuid::Uuid;

/// People check in within so long of its beginning.
const CHECK_IN: TimeDelta = TimeDelta::minutes(15);
/// People are reminded so long before it begins.
const REMINDER: TimeDelta = TimeDelta::hours(2);
/// Later than so long before, what is taken back is taken back late.
const FREE_CANCEL: TimeDelta = TimeDelta::hours(2);
/// The centre decides within.
const APPROVAL: TimeDelta = TimeDelta::days(2);
/// What is broken is noted within.
const DAMAGE: TimeDelta = TimeDelta::days(7);
/// An offer stands for.
const OFFER: TimeDelta = TimeDelta::minutes(30);
/// A date is booked from the same weekday of the week before on.
const DAYS_AHEAD: i64 = 7;
/// How somebody keeps to what was agreed: the score at the beginning, and with less than which the centre decides.
const FULL: i64 = 100;
const LOW: i64 = 60;
/// Most that is gained in a month by coming.
const GAIN: i64 = 10;
/// So many absences within ninety days bar for so many days.
const BARS: [(usize, i64); 2] = [(3, 30), (6, 90)];
/// Quarters of a day.
const DAY: i64 = 96;
/// Shanghai is ahead of UTC by so many quarters.
const EAST: i64 = 32;
/// Hours of a working day, in quarters since midnight: the day's, and the golden ones.
const HOURS: [(i64, i64); 2] = [(9 * 4, 17 * 4), (18 * 4, 20 * 4)];
/// A date opens at eight.
const OPENS: i64 = 8 * 4;
/// Half an hour at least, two hours at most, four for a group; begun on half hours.
const SHORTEST: i64 = 2;
const LONGEST: i64 = 8;
const LONGEST_OF_GROUPS: i64 = 16;
const INTERVAL: i64 = 2;
/// People that a form takes at most.
const CROWD: i64 = 2_000;

/// When a quarter begins.
pub fn begins(quarter: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(quarter * 900, 0).unwrap()
}

/// The quarter that runs at an instant.
pub fn quarter(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(900)
}

/// The day of a quarter, and the quarter's place in it.
pub fn day(quarter: i64) -> (i64, i64) {
    ((quarter + EAST).div_euclid(DAY), (quarter + EAST).rem_euclid(DAY))
}

/// The quarter at a place of a day.
pub fn on(day: i64, place: i64) -> i64 {
    day * DAY - EAST + place
}

/// Day 0 was a Thursday; no holiday falls into the weeks that are walked.
pub fn is_working(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

/// The week of a day.
fn week(day: i64) -> i64 {
    (day + 3).div_euclid(7)
}

/// Whether a booking keeps its room from others.
pub fn keeps(state: S) -> bool {
    matches!(state, S::Offered) || is_there(state)
}

/// Whether the person of a booking is expected there.
pub fn is_there(state: S) -> bool {
    matches!(state, S::PendingApproval | S::Confirmed | S::CheckedIn)
}

/// Whether anything may come of a booking.
pub fn is_live(state: S) -> bool {
    state == S::Waitlisted || keeps(state)
}

/// A state as clients know it.
pub fn wire(state: S) -> &'static str {
    match state {
        S::PendingApproval => "PENDING_APPROVAL",
        S::Confirmed => "CONFIRMED",
        S::CheckedIn => "CHECKED_IN",
        S::Completed => "COMPLETED",
        S::CancelledByUser => "CANCELLED_BY_USER",
        S::CancelledByCenter => "CANCELLED_BY_CENTER",
        S::Rejected => "REJECTED",
        S::NoShow => "NO_SHOW",
        S::Expired => "EXPIRED",
        S::Waitlisted => "WAITLISTED",
        S::Offered => "OFFERED",
    }
}

/// Where a fact takes a booking from a state, as the diagram of the slice has it; `begun` is where a new or accepted one stands.
pub fn along(from: Option<S>, kind: &str, begun: Option<S>) -> Option<S> {
    let is_before = matches!(from, Some(S::Waitlisted | S::Offered | S::PendingApproval | S::Confirmed));
    match (from, kind) {
        (None, "booking.made") => {
            begun.filter(|state| [S::Waitlisted, S::PendingApproval, S::Confirmed].contains(state))
        }
        (Some(S::Waitlisted), "booking.offered") => Some(S::Offered),
        (Some(S::Offered), "booking.accepted") => {
            begun.filter(|state| [S::PendingApproval, S::Confirmed].contains(state))
        }
        (Some(S::PendingApproval), "booking.approved") => Some(S::Confirmed),
        (Some(S::PendingApproval), "booking.rejected") => Some(S::Rejected),
        (Some(S::Confirmed), "booking.checked_in") => Some(S::CheckedIn),
        (Some(S::CheckedIn), "booking.completed") => Some(S::Completed),
        (Some(S::Confirmed), "booking.no_show") => Some(S::NoShow),
        (Some(S::Confirmed), "booking.reminded") => Some(S::Confirmed),
        (Some(S::Waitlisted | S::Offered | S::PendingApproval), "booking.expired") => Some(S::Expired),
        (Some(S::PendingApproval | S::Confirmed), "booking.moved") => begun.filter(|state| *state != S::Waitlisted),
        (Some(S::CheckedIn | S::Completed), "booking.damaged") => from,
        (_, "booking.cancelled") if is_before => Some(S::CancelledByUser),
        (_, "booking.called_off") if is_before => Some(S::CancelledByCenter),
        _ => None,
    }
}

/// A room of the house.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub name: &'static str,
    pub kind: &'static str,
    pub capacity: i64,
    /// The room it lies within.
    pub within: Option<usize>,
    /// What is taken with it, by places in [`ROOMS`].
    pub leaves: &'static [usize],
    /// Whether the centre decides.
    pub is_decided: bool,
    /// Quarters kept free before and after.
    pub buffers: (i64, i64),
}

/// A hall with its halves, and a room by approval; no two have the same buffers.
pub const ROOMS: [Room; 4] = [
    Room {
        name: "大厅",
        kind: "MEETING",
        capacity: 80,
        within: None,
        leaves: &[1, 2],
        is_decided: true,
        buffers: (1, 2),
    },
    Room {
        name: "东厅",
        kind: "STUDIO",
        capacity: 40,
        within: Some(0),
        leaves: &[1],
        is_decided: false,
        buffers: (0, 1),
    },
    Room {
        name: "西厅",
        kind: "CLASSROOM",
        capacity: 40,
        within: Some(0),
        leaves: &[2],
        is_decided: false,
        buffers: (1, 0),
    },
    Room {
        name: "会客室",
        kind: "SPORTS",
        capacity: 12,
        within: None,
        leaves: &[3],
        is_decided: true,
        buffers: (0, 1),
    },
];

impl Room {
    fn shares(&self, other: &Self) -> bool {
        self.leaves.iter().any(|leaf| other.leaves.contains(leaf))
    }
}

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    pub player: usize,
    /// Whether the person works in the centre.
    pub is_staff: bool,
}

/// A booking as it is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub room: usize,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub people: i64,
    pub is_group: bool,
    pub waits: bool,
}

/// A booking.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    pub id: Uuid,
    pub owner: usize,
    pub room: usize,
    pub from: i64,
    pub to: i64,
    pub people: i64,
    pub is_group: bool,
    pub state: S,
    pub version: i32,
    /// When the clock looks at it.
    pub due: Option<DateTime<Utc>>,
    pub created: DateTime<Utc>,
    pub is_late: bool,
    pub is_damaged: bool,
    /// Whether the centre chose its time.
    pub is_moved: bool,
}

impl Booking {
    fn room(&self) -> &'static Room {
        &ROOMS[self.room]
    }

    /// Its quarters with those that are kept free around them.
    pub fn kept(&self) -> std::ops::Range<i64> {
        let (before, after) = self.room().buffers;
        self.from - before..self.to + after
    }

    /// The pieces of the house that it needs.
    pub fn pieces(&self) -> impl Iterator<Item = (usize, i64)> {
        let kept = self.kept();
        self.room().leaves.iter().flat_map(move |leaf| kept.clone().map(move |quarter| (*leaf, quarter)))
    }
}

/// A closure.
#[derive(Clone, Debug)]
pub struct Closure {
    /// A room; the house when `None`.
    pub room: Option<usize>,
    pub from: i64,
    pub to: i64,
    pub version: i32,
    pub is_lifted: bool,
}

impl Closure {
    fn is_of(&self, room: usize) -> bool {
        self.room.is_none_or(|shut| ROOMS[shut].shares(&ROOMS[room]))
    }
}

/// When the clock looks at what is confirmed: to remind its person, as long as there is time for that.
fn looks_at(starts: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if now < starts - REMINDER { starts - REMINDER } else { starts + CHECK_IN }
}

/// What is done with a booking, in the order in which it is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Accept,
    Cancel,
    Reschedule,
    Approve,
    Reject,
    CallOff,
    Move,
    CheckIn,
    CheckInByCode,
    End,
    RecordDamage,
}

impl Verb {
    pub const ALL: [Self; 11] = [
        Self::Accept,
        Self::Cancel,
        Self::Reschedule,
        Self::Approve,
        Self::Reject,
        Self::CallOff,
        Self::Move,
        Self::CheckIn,
        Self::CheckInByCode,
        Self::End,
        Self::RecordDamage,
    ];

    /// As `viewerActions` has it, and the mutation.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Accept => ("ACCEPT", "acceptBookingOffer"),
            Self::Cancel => ("CANCEL", "cancelBooking"),
            Self::Reschedule => ("RESCHEDULE", "rescheduleBooking"),
            Self::Approve => ("APPROVE", "approveBooking"),
            Self::Reject => ("REJECT", "rejectBooking"),
            Self::CallOff => ("CALL_OFF", "callOffBooking"),
            Self::Move => ("MOVE", "moveBooking"),
            Self::CheckIn => ("CHECK_IN", "checkInBooking"),
            Self::CheckInByCode => ("CHECK_IN_BY_CODE", "checkInByCode"),
            Self::End => ("END", "endBooking"),
            Self::RecordDamage => ("RECORD_DAMAGE", "recordDamage"),
        }
    }

    /// Whether it is who booked that does it; else the centre does.
    pub fn is_bookers(self) -> bool {
        matches!(self, Self::Accept | Self::Cancel | Self::Reschedule | Self::CheckInByCode | Self::End)
    }

    /// Whether it has a booking at another time or elsewhere.
    pub fn shifts(self) -> bool {
        matches!(self, Self::Reschedule | Self::Move)
    }

    fn fits(self, booking: &Booking) -> bool {
        let state = booking.state;
        match self {
            Self::Accept => state == S::Offered,
            Self::Cancel | Self::CallOff => is_live(state) && state != S::CheckedIn,
            Self::Approve | Self::Reject => state == S::PendingApproval,
            Self::Reschedule | Self::Move => matches!(state, S::PendingApproval | S::Confirmed),
            Self::CheckIn | Self::CheckInByCode => state == S::Confirmed,
            Self::End => state == S::CheckedIn,
            Self::RecordDamage => matches!(state, S::CheckedIn | S::Completed) && !booking.is_damaged,
        }
    }
}

/// Why something is not done: a code, and from when on it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct No(pub &'static str, pub Option<DateTime<Utc>>);

fn no<T>(code: &'static str) -> Result<T, No> {
    Err(No(code, None))
}

/// Whether something can be from one instant to another: on quarters of an hour, and for a while.
fn are_times(from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
    [from, to].iter().all(|at| at.timestamp() % 900 == 0) && from < to
}

/// Where and when a booking is to be had instead.
#[derive(Clone, Copy, Debug)]
pub struct To {
    pub room: usize,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// The house, and all that was ever booked in it.
#[derive(Clone, Debug, Default)]
pub struct House {
    pub bookings: Vec<Booking>,
    pub closures: Vec<Closure>,
    /// Which booking has which piece: a leaf for a quarter.
    pub pieces: BTreeMap<(usize, i64), usize>,
    /// For which booking who is where in which quarter.
    pub people: BTreeMap<(usize, i64), usize>,
    /// Who gained or lost how many points when.
    pub credit: Vec<(usize, DateTime<Utc>, i64)>,
}

impl House {
    /// Somebody books; gives back which booking that is.
    pub fn book(&mut self, owner: usize, wanted: &Wanted, now: DateTime<Utc>) -> Result<usize, No> {
        if !are_times(wanted.from, wanted.to) || !(1..=CROWD).contains(&wanted.people) {
            return no("INVALID");
        }
        if let Some(until) = self.barred_until(owner, now) {
            return Err(No("CREDIT_BARRED", Some(until)));
        }
        let room = &ROOMS[wanted.room];
        if wanted.people > room.capacity {
            return no("LIMIT_EXCEEDED");
        }
        let (from, to) = (quarter(wanted.from), quarter(wanted.to));
        self.is_one(wanted.from, (from, to), wanted.is_group, now)?;
        self.is_in_window(wanted.room, (from, to), now)?;
        self.is_within_share((owner, None), (wanted.room, from, wanted.is_group))?;
        let booking = Booking {
            id: Uuid::nil(),
            owner,
            room: wanted.room,
            from,
            to,
            people: wanted.people,
            is_group: wanted.is_group,
            state: S::Waitlisted,
            version: 1,
            due: Some(wanted.from),
            created: now,
            is_late: false,
            is_damaged: false,
            is_moved: false,
        };
        let place = self.bookings.len();
        if self.is_free(&booking) {
            if self.is_elsewhere(&booking) {
                return no("TIME_CONFLICT");
            }
            self.bookings.push(booking);
            self.takes(place);
            self.begin(place, now);
        } else if wanted.waits {
            self.bookings.push(booking);
        } else {
            return self.taken(wanted.room, (from, to), wanted.is_group, now);
        }
        Ok(place)
    }

    /// Somebody else has it; it is free next.
    fn taken<T>(&self, room: usize, (from, to): (i64, i64), is_group: bool, now: DateTime<Utc>) -> Result<T, No> {
        let dates = day(from).0..day(from).0 + 7;
        let mut slots = dates.flat_map(|date| self.slots(room, date, to - from, is_group, now));
        let next = slots.find(|(start, state)| *state == "OPEN" && *start >= from);
        Err(No("SLOT_TAKEN", next.map(|(start, _)| begins(start))))
    }

    /// Points of somebody, never more than a hundred nor less than none, row by row.
    pub fn score(&self, owner: usize) -> i64 {
        let mut gained: BTreeMap<String, i64> = BTreeMap::new();
        self.credit.iter().filter(|row| row.0 == owner).fold(FULL, |score, (_, at, points)| {
            let month = (*at + TimeDelta::hours(8)).format("%Y-%m").to_string();
            let sum = gained.entry(month).or_default();
            let points = if *points > 0 { (*points).min(GAIN - *sum) } else { *points };
            *sum += points.max(0);
            (score + points).clamp(0, FULL)
        })
    }

    /// Until when somebody books nothing.
    pub fn barred_until(&self, owner: usize, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let missed = self.credit.iter().filter(|row| row.0 == owner && row.2 == -20).map(|row| row.1);
        let missed: Vec<DateTime<Utc>> = missed.collect();
        let bars = BARS.into_iter().flat_map(|(count, days)| {
            let runs = missed.windows(count).filter(|run| run[count - 1] - run[0] < TimeDelta::days(90));
            runs.map(move |run| run[count - 1] + TimeDelta::days(days)).collect::<Vec<_>>()
        });
        bars.max().filter(|until| now < *until)
    }

    /// Whether it is ahead, and as rooms are had.
    fn is_one(&self, at: DateTime<Utc>, (from, to): (i64, i64), is_group: bool, now: DateTime<Utc>) -> Result<(), No> {
        let longest = if is_group { LONGEST_OF_GROUPS } else { LONGEST };
        if at <= now {
            return no("DEADLINE_PASSED");
        }
        let is_one = day(from).1 % INTERVAL == 0 && (SHORTEST..=longest).contains(&(to - from));
        if is_one { Ok(()) } else { no("INVALID") }
    }

    /// Whether its date is booked already, and the room is open then.
    fn is_in_window(&self, room: usize, (from, to): (i64, i64), now: DateTime<Utc>) -> Result<(), No> {
        let opens = begins(on(day(from).0 - DAYS_AHEAD, OPENS));
        if now < opens {
            return Err(No("NOT_IN_WINDOW", Some(opens)));
        }
        if self.is_open(room, from, to) { Ok(()) } else { no("SLOT_CLOSED") }
    }

    /// At most three that anything may come of; one on a day for one kind of room; two for groups in a week; the one that is to be
    /// elsewhere not counted.
    fn is_within_share(
        &self,
        (owner, but): (usize, Option<usize>),
        (room, from, is_group): (usize, i64, bool),
    ) -> Result<(), No> {
        let own = self.bookings.iter().enumerate();
        let own = own.filter(|(place, booking)| booking.owner == owner && Some(*place) != but).map(|(_, own)| own);
        let date = day(from).0;
        let live = own.clone().filter(|booking| is_live(booking.state)).count();
        let had = own.filter(|booking| is_live(booking.state) || matches!(booking.state, S::Completed | S::NoShow));
        let is_same = |booking: &&Booking| day(booking.from).0 == date && booking.room().kind == ROOMS[room].kind;
        let alike = had.clone().filter(is_same).count();
        let groups = had.filter(|booking| booking.is_group && week(day(booking.from).0) == week(date)).count();
        if live >= 3 || alike >= 1 || (is_group && groups >= 2) { no("LIMIT_EXCEEDED") } else { Ok(()) }
    }

    /// Whether a room is open for all quarters of one day.
    fn is_open(&self, room: usize, from: i64, to: i64) -> bool {
        (from..to).all(|quarter| {
            let (date, place) = day(quarter);
            let is_held = HOURS.iter().any(|(first, end)| (*first..*end).contains(&place));
            let is_shut = |closure: &Closure| {
                !closure.is_lifted && closure.is_of(room) && (closure.from..closure.to).contains(&quarter)
            };
            date == day(from).0 && is_working(date) && is_held && !self.closures.iter().any(is_shut)
        })
    }

    fn is_free(&self, booking: &Booking) -> bool {
        booking.pieces().all(|piece| !self.pieces.contains_key(&piece))
    }

    fn is_elsewhere(&self, booking: &Booking) -> bool {
        (booking.from..booking.to).any(|quarter| self.people.contains_key(&(booking.owner, quarter)))
    }

    fn takes(&mut self, place: usize) {
        let pieces: Vec<_> = self.bookings[place].pieces().collect();
        self.pieces.extend(pieces.into_iter().map(|piece| (piece, place)));
    }

    /// The person is to be there, once the centre agrees where it wants to.
    fn begin(&mut self, place: usize, now: DateTime<Utc>) {
        let is_trusted = self.score(self.bookings[place].owner) >= LOW;
        let booking = &mut self.bookings[place];
        let starts = begins(booking.from);
        (booking.state, booking.due) = match booking.room().is_decided || !is_trusted {
            true => (S::PendingApproval, Some((now + APPROVAL).min(starts))),
            false => (S::Confirmed, Some(looks_at(starts, now))),
        };
        let quarters = booking.from..booking.to;
        let owner = booking.owner;
        self.people.extend(quarters.map(|quarter| ((owner, quarter), place)));
    }

    /// Whether somebody may do something about a booking now.
    fn may(&self, who: Who, place: usize, verb: Verb, expected: Option<i32>, now: DateTime<Utc>) -> Result<(), No> {
        let booking = &self.bookings[place];
        let is_own = booking.owner == who.player;
        if !is_own && !who.is_staff {
            return no("NOT_FOUND");
        }
        let is_theirs = match verb {
            // Who sees the code at the door from anywhere is checked in by somebody else.
            Verb::CheckInByCode => is_own && !who.is_staff,
            _ if verb.is_bookers() => is_own,
            _ => who.is_staff,
        };
        if !is_theirs {
            return no("FORBIDDEN");
        }
        if expected.is_some_and(|version| version != booking.version) {
            return no("CONFLICT");
        }
        if !verb.fits(booking) {
            return no("INVALID_TRANSITION");
        }
        if is_own && !verb.is_bookers() {
            return no("SAME_PERSON");
        }
        let starts = begins(booking.from);
        match verb {
            Verb::Accept if booking.due.is_none_or(|until| now >= until) => no("DEADLINE_PASSED"),
            Verb::Cancel | Verb::Approve | Verb::Move if now >= starts => no("DEADLINE_PASSED"),
            Verb::Reschedule if now > starts - FREE_CANCEL => no("DEADLINE_PASSED"),
            Verb::CheckIn | Verb::CheckInByCode if now > starts + CHECK_IN => no("DEADLINE_PASSED"),
            Verb::RecordDamage if now >= begins(booking.to) + DAMAGE => no("DEADLINE_PASSED"),
            Verb::CheckIn | Verb::CheckInByCode if now < starts - CHECK_IN => {
                Err(No("NOT_IN_WINDOW", Some(starts - CHECK_IN)))
            }
            _ => Ok(()),
        }
    }

    /// What is offered to somebody about a booking.
    pub fn actions(&self, who: Who, place: usize, now: DateTime<Utc>) -> Vec<Verb> {
        Verb::ALL.into_iter().filter(|verb| self.may(who, place, *verb, None, now).is_ok()).collect()
    }

    /// Somebody does something about a booking.
    pub fn does(
        &mut self,
        who: Who,
        place: usize,
        verb: Verb,
        expected: Option<i32>,
        now: DateTime<Utc>,
    ) -> Result<(), No> {
        self.may(who, place, verb, expected, now)?;
        if verb == Verb::Accept {
            let booking = &self.bookings[place];
            if let Some(until) = self.barred_until(booking.owner, now) {
                return Err(No("CREDIT_BARRED", Some(until)));
            }
            if !self.is_open(booking.room, booking.from, booking.to) {
                return no("SLOT_CLOSED");
            }
            if self.is_elsewhere(booking) {
                return no("TIME_CONFLICT");
            }
            self.begin(place, now);
            self.bookings[place].version += 1;
            return Ok(());
        }
        let booking = &mut self.bookings[place];
        let (before, starts) = (booking.state, begins(booking.from));
        match verb {
            Verb::Approve => (booking.state, booking.due) = (S::Confirmed, Some(looks_at(starts, now))),
            Verb::CheckIn | Verb::CheckInByCode => {
                (booking.state, booking.due) = (S::CheckedIn, Some(begins(booking.to)));
            }
            Verb::RecordDamage => booking.is_damaged = true,
            Verb::Cancel => {
                // The time that the centre chose, nobody need keep.
                booking.is_late = before == S::Confirmed && now > starts - FREE_CANCEL && !booking.is_moved;
                booking.state = S::CancelledByUser;
            }
            Verb::Reject => booking.state = S::Rejected,
            Verb::CallOff => booking.state = S::CancelledByCenter,
            Verb::End => booking.state = S::Completed,
            Verb::Accept | Verb::Reschedule | Verb::Move => {}
        }
        booking.version += 1;
        let points = match booking.state {
            _ if verb == Verb::RecordDamage => Some(-40),
            S::CancelledByUser if booking.is_late => Some(-5),
            S::Completed => Some(2),
            _ => None,
        };
        self.credit.extend(points.map(|points| (self.bookings[place].owner, now, points)));
        if is_live(before) && !is_live(self.bookings[place].state) {
            self.is_over(place, now);
            self.passes_on(now);
        }
        Ok(())
    }

    /// Somebody has a booking at another time or in another room: all of it, or it stays as it was.
    pub fn shifts(
        &mut self,
        who: Who,
        (place, verb): (usize, Verb),
        to: &To,
        expected: Option<i32>,
        now: DateTime<Utc>,
    ) -> Result<(), No> {
        if !are_times(to.from, to.to) {
            return no("INVALID");
        }
        self.may(who, place, verb, expected, now)?;
        let (booking, at) = (self.bookings[place].clone(), (quarter(to.from), quarter(to.to)));
        if (to.room, at) == (booking.room, (booking.from, booking.to)) {
            return no("INVALID");
        }
        let is_own = verb == Verb::Reschedule;
        if is_own {
            if let Some(until) = self.barred_until(booking.owner, now) {
                return Err(No("CREDIT_BARRED", Some(until)));
            }
            self.is_within_share((booking.owner, Some(place)), (to.room, at.0, booking.is_group))?;
        }
        if booking.people > ROOMS[to.room].capacity {
            return no("LIMIT_EXCEEDED");
        }
        self.is_one(to.from, at, booking.is_group, now)?;
        if is_own {
            self.is_in_window(to.room, at, now)?;
        } else if !self.is_open(to.room, at.0, at.1) {
            return no("SLOT_CLOSED");
        }
        let (pieces, people) = (self.pieces.clone(), self.people.clone());
        self.pieces.retain(|_, holder| *holder != place);
        self.people.retain(|_, holder| *holder != place);
        let mut moved = Booking { room: to.room, from: at.0, to: at.1, is_moved: !is_own, ..booking.clone() };
        let (is_free, is_elsewhere) = (self.is_free(&moved), self.is_elsewhere(&moved));
        if !is_free || is_elsewhere {
            (self.pieces, self.people) = (pieces, people);
            return if is_free { no("TIME_CONFLICT") } else { self.taken(to.room, at, booking.is_group, now) };
        }
        let starts = begins(moved.from);
        let is_decided = is_own && (ROOMS[to.room].is_decided || self.score(booking.owner) < LOW);
        (moved.state, moved.due) = match is_decided {
            true => (S::PendingApproval, Some((now + APPROVAL).min(starts))),
            false => (S::Confirmed, Some(looks_at(starts, now))),
        };
        // Whoever moves it about has it undecided no longer for that.
        if is_decided && booking.state == S::PendingApproval {
            moved.due = moved.due.min(booking.due);
        }
        moved.version += 1;
        self.people.extend((moved.from..moved.to).map(|quarter| ((moved.owner, quarter), place)));
        self.bookings[place] = moved;
        self.takes(place);
        self.passes_on(now);
        Ok(())
    }

    /// What has ended gives back what it had. Of what was used, the quarter that runs is had, and then the room is made ready.
    fn is_over(&mut self, place: usize, now: DateTime<Utc>) {
        self.bookings[place].due = None;
        let next = match self.bookings[place].state {
            S::Completed => quarter(now) + 1,
            _ => i64::MIN,
        };
        let ready = next.saturating_add(self.bookings[place].room().buffers.1);
        self.pieces.retain(|(_, quarter), holder| *holder != place || *quarter < ready);
        self.people.retain(|(_, quarter), holder| *holder != place || *quarter < next);
    }

    /// Nobody waits for what is free: first come, first offered, to all whose whole time is free and open and has not begun.
    fn passes_on(&mut self, now: DateTime<Utc>) {
        let waits =
            |place: &usize| self.bookings[*place].state == S::Waitlisted && begins(self.bookings[*place].from) > now;
        let mut waiters: Vec<usize> = (0..self.bookings.len()).filter(waits).collect();
        waiters.sort_by_key(|place| (self.bookings[*place].created, self.bookings[*place].id));
        for place in waiters {
            let booking = &self.bookings[place];
            // Who may book nothing now could not take it.
            if self.barred_until(booking.owner, now).is_some() {
                continue;
            }
            if self.is_open(booking.room, booking.from, booking.to) && self.is_free(booking) {
                self.takes(place);
                let booking = &mut self.bookings[place];
                booking.state = S::Offered;
                booking.due = Some((now + OFFER).min(begins(booking.from)));
                booking.version += 1;
            }
        }
    }

    /// The staff close the house, or a room of it; gives back the closure's place.
    pub fn closes(
        &mut self,
        who: Who,
        room: Option<usize>,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Result<usize, No> {
        if from >= to {
            return no("INVALID");
        }
        if !who.is_staff {
            return no("FORBIDDEN");
        }
        if to <= now {
            return no("DEADLINE_PASSED");
        }
        let closure = Closure { room, from: quarter(from), to: quarter(to), version: 1, is_lifted: false };
        let is_hit = |booking: &Booking| {
            let is_ahead = is_live(booking.state) && booking.state != S::CheckedIn && begins(booking.to) > now;
            is_ahead && closure.is_of(booking.room) && booking.from < closure.to && closure.from < booking.to
        };
        let hit: Vec<usize> = (0..self.bookings.len()).filter(|place| is_hit(&self.bookings[*place])).collect();
        self.closures.push(closure);
        for place in &hit {
            let booking = &mut self.bookings[*place];
            booking.state = S::CancelledByCenter;
            booking.version += 1;
            self.is_over(*place, now);
        }
        self.passes_on(now);
        Ok(self.closures.len() - 1)
    }

    /// The staff take a closure back.
    pub fn reopens(&mut self, who: Who, closure: usize, expected: i32) -> Result<(), No> {
        let closure = &mut self.closures[closure];
        if !who.is_staff {
            return no("FORBIDDEN");
        }
        if expected != closure.version {
            return no("CONFLICT");
        }
        if closure.is_lifted {
            return no("INVALID_TRANSITION");
        }
        closure.is_lifted = true;
        closure.version += 1;
        Ok(())
    }

    /// The clock looks at all that is due, oldest first; what it frees is passed on each time.
    pub fn strikes(&mut self, now: DateTime<Utc>) {
        let is_due = |place: &usize| self.bookings[*place].due.is_some_and(|due| now > due);
        let mut due: Vec<usize> = (0..self.bookings.len()).filter(is_due).collect();
        due.sort_by_key(|place| (self.bookings[*place].due, self.bookings[*place].id));
        for place in due {
            let booking = &mut self.bookings[place];
            let absent = begins(booking.from) + CHECK_IN;
            booking.version += 1;
            if booking.state == S::Confirmed && now <= absent {
                booking.due = Some(absent);
                continue;
            }
            // It was over when it was due, whenever somebody looked.
            let (state, credit) = match booking.state {
                S::Confirmed => (S::NoShow, Some((absent, -20)).filter(|_| !booking.is_moved)),
                S::CheckedIn => (S::Completed, Some((begins(booking.to), 2))),
                _ => (S::Expired, None),
            };
            self.credit.extend(credit.map(|(at, points)| (booking.owner, at, points)));
            booking.state = state;
            self.is_over(place, now);
            self.passes_on(now);
        }
    }

    /// Times of a room on a date that a booking could have, first to last.
    pub fn slots(
        &self,
        room: usize,
        date: i64,
        length: i64,
        is_group: bool,
        now: DateTime<Utc>,
    ) -> Vec<(i64, &'static str)> {
        let longest = if is_group { LONGEST_OF_GROUPS } else { LONGEST };
        let starts = (0..DAY).step_by(usize::try_from(INTERVAL).unwrap()).map(|place| on(date, place));
        let starts =
            starts.filter(|from| (SHORTEST..=longest).contains(&length) && self.is_open(room, *from, from + length));
        let (before, after) = ROOMS[room].buffers;
        let slots = starts.map(|from| {
            let mut kept = (from - before..from + length + after)
                .flat_map(|at| ROOMS[room].leaves.iter().map(move |leaf| (*leaf, at)));
            let state = match kept.any(|piece| self.pieces.contains_key(&piece)) {
                _ if begins(from) <= now => "PAST",
                _ if now < begins(on(date - DAYS_AHEAD, OPENS)) => "NOT_YET",
                true => "TAKEN",
                false => "OPEN",
            };
            (from, state)
        });
        slots.collect()
    }
}
