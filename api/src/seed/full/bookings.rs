//! Bookings of the whole street (完整演示预约): ten thousand of ten months in the rooms of its five centres, each by somebody who has nothing
//! else there on that day, so many of which people came.

use std::collections::BTreeSet;

use areas::{Calendar, DayKind, shanghai_date};
use bookings::Book;
use bookings::past::{self, Command, History};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::enums::{BookingApproval, ClosureReason};
use entity::id::AccountId;
use entity::venue;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk::{self, Past};
use schedule::opening::Hours;
use schedule::span::Span;

use super::Dice;
use crate::seed::SEED;

/// How many.
const BOOKINGS: usize = 10_000;
/// Of a hundred, those to which nobody came, which their people took back, and which the centre called off.
const ABSENT: usize = 4;
const CANCELLED: usize = 8;
const CALLED_OFF: usize = 2;
/// Of those that were taken back, one in so many too late.
const LATE: usize = 8;
/// From when to when people have a room, in minutes of the day; its cleaning lies between.
const TIMES: [(i32, i32); 4] = [(540, 630), (660, 750), (780, 870), (900, 990)];
/// What people meet for.
const PURPOSES: [&str; 8] =
    ["舞蹈队排练", "楼组议事会", "合唱团练习", "读书会", "亲子手工", "太极拳练习", "志愿者培训", "业主沟通会"];
/// Written in one transaction.
const CHUNK: usize = 2_000;

/// Loads them: rooms and people are there. Tells how many.
pub(super) async fn load(
    base: &Base,
    (calendar, people, staff): (&Calendar, &[AccountId], AccountId),
    progress: &mut (dyn FnMut(&str) + Send),
) -> anyhow::Result<usize> {
    let db = base.db.reader();
    let centers: Vec<_> = bookings::centers(db).await?.into_iter().map(|center| center.id).collect();
    let venues = bookings::venues_of(db, &centers).await?;
    let plans = plans(&rooms(&venues), calendar, people);
    let mut told = Vec::with_capacity(plans.len());
    for (number, plan) in plans.iter().enumerate() {
        told.push(tell(base, plan, number, staff)?);
    }
    let mut facts: Vec<Past<_>> = told.iter().flat_map(|history| history.facts.clone()).collect();
    for (batch, chunk) in told.chunks(CHUNK).enumerate() {
        progress(&format!("bookings {}", batch * CHUNK));
        let chunk = chunk.to_vec();
        base.write(&Actor::System, &chunk, |tx, chunk| Box::pin(past::insert(tx, chunk))).await?;
    }
    facts.sort_by_key(|past| (past.at, past.version, past.id));
    for chunk in facts.chunks(CHUNK * 5) {
        let chunk = chunk.to_vec();
        base.write(&Actor::System, &chunk, |tx, chunk| Box::pin(bulk::record(tx, chunk))).await?;
    }
    Ok(told.len())
}

/// What is booked by itself: what lies in nothing and holds nothing, so that no two are the same room; experts and counters are had for services.
fn rooms(venues: &[venue::Model]) -> Vec<&venue::Model> {
    use entity::enums::VenueKind as K;
    let is_alone = |venue: &&venue::Model| {
        let holds = venues.iter().any(|other| other.within_id == Some(venue.id));
        venue.within_id.is_none() && !holds && !matches!(venue.kind, K::Expert | K::Counter)
    };
    venues.iter().filter(is_alone).collect()
}

/// Who has which room when.
struct Plan<'a> {
    room: &'a venue::Model,
    span: Span,
    person: AccountId,
    purpose: &'static str,
    party_size: i32,
    made_at: DateTime<Utc>,
}

fn plans<'a>(rooms: &[&'a venue::Model], calendar: &Calendar, people: &[AccountId]) -> Vec<Plan<'a>> {
    let dice = Dice::new(SEED ^ 0x0062_6F6F_6B73);
    let mut times: Vec<(NaiveDate, &venue::Model, Span)> = Vec::new();
    let (first, last) = (shanghai_date(super::period().start), shanghai_date(super::period().end));
    for date in first.iter_days().skip(14).take_while(|date| *date < last) {
        if !matches!(calendar.kind(date).0, DayKind::Workday | DayKind::AdjustedWorkday) {
            continue;
        }
        let spans = TIMES.iter().filter_map(|(from, to)| Hours::between(*from, *to).ok()?.on(date));
        times.extend(spans.flat_map(|span| rooms.iter().map(move |room| (date, *room, span))));
    }
    dice.shuffle(&mut times);
    let mut busy = BTreeSet::new();
    let mut plans = Vec::with_capacity(BOOKINGS);
    for (date, room, span) in times {
        if plans.len() == BOOKINGS {
            break;
        }
        let person = *dice.pick(people);
        if !busy.insert((person, date)) {
            continue;
        }
        // At eight or later, some days ahead.
        let days = TimeDelta::days(i64::from(dice.minutes(1, 6)));
        let opens =
            Hours::between(480, 495).ok().and_then(|hours| hours.on(date)).map_or(span.begins(), |at| at.begins());
        let made_at = opens - days + TimeDelta::minutes(i64::from(dice.minutes(0, 600)));
        let party_size = i32::try_from(dice.minutes(2, 12)).unwrap_or(2).min(room.capacity);
        let purpose = PURPOSES[dice.below(PURPOSES.len())];
        plans.push(Plan { room, span, person, purpose, party_size, made_at });
    }
    plans
}

/// What became of one: by its number, so that so many of a hundred end alike.
fn tell(base: &Base, plan: &Plan<'_>, number: usize, staff: AccountId) -> kernel::error::Result<History> {
    let wanted = Book {
        venue: plan.room.id,
        span: plan.span,
        party_size: plan.party_size,
        purpose: plan.purpose.to_owned(),
        group_name: None,
        service: None,
        answers: Vec::new(),
        joins_waitlist: false,
    };
    let mut history = History::begin(base, plan.room, (&wanted, plan.person), plan.made_at)?;
    let (begins_at, ends_at) = (plan.span.begins(), plan.span.ends());
    if plan.room.approval == BookingApproval::Manual {
        history.then(base, Command::Approve, Some(staff), plan.made_at + TimeDelta::hours(3))?;
    }
    let (in_a_hundred, hundred) = (number % 100, number / 100);
    let is_late = (CANCELLED * hundred + in_a_hundred).is_multiple_of(LATE);
    if in_a_hundred < CANCELLED && !is_late {
        history.then(base, Command::Cancel, Some(plan.person), begins_at - TimeDelta::hours(5))?;
        return Ok(history);
    }
    if (CANCELLED..CANCELLED + CALLED_OFF).contains(&in_a_hundred) {
        let off = Command::CallOff(ClosureReason::Utilities);
        history.then(base, off, Some(staff), begins_at - TimeDelta::hours(4))?;
        return Ok(history);
    }
    let second = TimeDelta::seconds(1);
    history.then(base, Command::Lapse, None, begins_at - TimeDelta::hours(2) + second)?;
    if in_a_hundred < CANCELLED {
        history.then(base, Command::Cancel, Some(plan.person), begins_at - TimeDelta::hours(1))?;
    } else if in_a_hundred < CANCELLED + CALLED_OFF + ABSENT {
        history.then(base, Command::Lapse, None, begins_at + TimeDelta::minutes(15) + second)?;
    } else {
        let by = TimeDelta::minutes(i64::try_from(number % 15).unwrap_or_default());
        history.then(base, Command::CheckIn, Some(staff), begins_at - by)?;
        history.then(base, Command::Lapse, None, ends_at + second)?;
    }
    Ok(history)
}
