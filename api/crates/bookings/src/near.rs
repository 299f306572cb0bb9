//! What is free first, and near (就近可约).

use std::cmp::Reverse;

use areas::{Outline, Wgs84Point};
use chrono::NaiveDate;
use entity::enums::{CenterState, VenueKind};
use entity::id::{AccountId, ServiceItemId};
use entity::{center, venue};
use kernel::base::Base;
use kernel::error::Result;
use schedule::span::Span;

use crate::slots::{self, Asked, SlotState};
use crate::store;

/// Ways are longer than the straight line by this.
const DETOUR: f64 = 1.3;
/// Metres that people walk in a minute, the old among them.
const PACE: f64 = 75.0;
/// What lies within so many minutes' walk is near (十五分钟社区生活圈).
pub const NEAR: i32 = 15;
/// Dates looked at.
const DAYS: u8 = 7;
/// Farther in degrees, nobody walks there in a quarter of an hour: some two kilometres.
const BESIDE: f64 = 0.02;
/// Places that stand for an area, about.
const SAMPLED: usize = 100;
/// Venues told at most.
const SHOWN: usize = 10;

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// What for.
    pub what: What,
    /// Where the person is.
    pub near: Option<Wgs84Point>,
    /// First date in Asia/Shanghai.
    pub from: NaiveDate,
    /// How long, in granules.
    pub length: i32,
    /// Whether for a group.
    pub is_group: bool,
    /// Who looks: some times are kept for some people.
    pub who: Option<AccountId>,
}

/// What somebody looks for a venue for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A kind of venue, in any centre.
    Kind(VenueKind),
    /// A service, wherever its centre gives it.
    Service(ServiceItemId),
}

/// The first time at which a venue may be had.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Venue.
    pub venue: venue::Model,
    /// When.
    pub span: Span,
    /// Minutes to walk there, where both places are known.
    pub walk: Option<i32>,
}

/// Minutes to walk to a centre (步行时间), rounded up; `None` when nobody entered where it is.
#[must_use]
pub fn walk(from: Wgs84Point, center: &center::Model) -> Option<i32> {
    let there = Wgs84Point::new(center.longitude?, center.latitude?).ok()?;
    // A few hundred kilometres at most, so that the cast cuts nothing.
    Some((from.metres_to(there) * DETOUR / PACE).ceil() as i32)
}

/// The venues of a kind with the first time at which each may be had, within a week: those near first, then by time (最近可约), ten at
/// most. A few statements, however many venues there are.
///
/// # Errors
/// When the database does not answer.
pub async fn first_free(base: &Base, sought: &Sought) -> Result<Vec<Found>> {
    let venues = store::venues_sought(base.db.reader(), sought.what, sought.near).await?;
    let asked = |venue: &venue::Model| Asked {
        venue: venue.id,
        from: sought.from,
        days: DAYS,
        length: sought.length,
        is_group: sought.is_group,
        who: sought.who,
    };
    let all: Vec<Asked> = venues.iter().map(|(venue, _)| asked(venue)).collect();
    let slots = slots::slots(base, &all).await?;
    let found = venues.into_iter().filter_map(|(venue, center)| {
        let first = slots.get(&asked(&venue))?.iter().find(|slot| slot.state == SlotState::Open)?;
        let walk = sought.near.zip(center).and_then(|(near, center)| walk(near, &center));
        Some(Found { span: first.span, walk, venue })
    });
    let mut found: Vec<Found> = found.collect();
    found.sort_by_key(order);
    found.truncate(SHOWN);
    Ok(found)
}

fn order(found: &Found) -> impl Ord + use<> {
    let is_near = found.walk.is_some_and(|walk| walk <= NEAR);
    (Reverse(is_near), found.span.begins(), found.walk.unwrap_or(i32::MAX), found.venue.id)
}

/// How well people reach what the centres offer on foot (十五分钟社区生活圈覆盖): of all places that stand for an area, how many lie near
/// a centre, and to which centre one walks from its middle for how long.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeCircle {
    /// Places of the area that lie near, in basis points.
    pub covered_bp: u32,
    /// The nearest centre from the middle of the area, and minutes to walk there; `None` while none is open.
    pub nearest: Option<(center::Model, i32)>,
}

/// The life circle of an area, by the centres that are open; `None` for an area without any extent. Pure.
#[must_use]
pub fn life_circle(area: &Outline, centers: &[center::Model]) -> Option<LifeCircle> {
    let middle = area.inside()?;
    let open: Vec<&center::Model> = centers.iter().filter(|center| center.state == CenterState::Open).collect();
    // Looked at first, as most centres lie far from most places.
    let is_beside = |from: &Wgs84Point, center: &center::Model| {
        let far = |one: f64, other: Option<f64>| other.is_none_or(|other| (one - other).abs() > BESIDE);
        !far(from.longitude(), center.longitude) && !far(from.latitude(), center.latitude)
    };
    let reached = |from: Wgs84Point| open.iter().filter_map(move |center| Some((walk(from, center)?, *center)));
    let places = area.sampled(SAMPLED);
    let is_near = |place: &Wgs84Point| {
        let mut beside = open.iter().filter(|center| is_beside(place, center));
        beside.any(|center| walk(*place, center).is_some_and(|minutes| minutes <= NEAR))
    };
    let near = places.iter().filter(|place| is_near(place)).count();
    let whole = places.len().max(1);
    let nearest = reached(middle).min_by_key(|(minutes, center)| (*minutes, center.id));
    Some(LifeCircle {
        covered_bp: u32::try_from((near * 10_000 + whole / 2) / whole).unwrap_or_default(),
        nearest: nearest.map(|(minutes, center)| (center.clone(), minutes)),
    })
}

#[cfg(test)]
mod tests {
    use areas::{AreaShape, Level, demo_town};
    use chrono::DateTime;
    use entity::id::{AreaId, CenterId};
    use uuid::Uuid;

    use super::*;

    fn at(place: Option<(f64, f64)>) -> center::Model {
        center::Model {
            id: CenterId(Uuid::nil()),
            version: 1,
            code: String::new(),
            name: String::new(),
            area_id: AreaId(Uuid::nil()),
            area_path: String::new(),
            address: String::new(),
            longitude: place.map(|place| place.0),
            latitude: place.map(|place| place.1),
            phone: None,
            state: CenterState::Open,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn people_walk_seventy_five_metres_a_minute_by_the_street() {
        let center = at(Some((121.31, 31.2)));
        // 1,101.7 m (domain §G).
        let from = Wgs84Point::new(121.32, 31.195).unwrap();
        assert_eq!(walk(from, &center), Some(20));
        assert_eq!(walk(Wgs84Point::new(121.31, 31.2).unwrap(), &center), Some(0));
        assert_eq!(walk(from, &at(None)), None);
    }

    #[test]
    fn a_grid_is_covered_as_far_as_people_walk_in_a_quarter_of_an_hour() {
        let town = demo_town();
        let grids: Vec<&AreaShape> = town.iter().filter(|area| area.level == Level::Autonomy).collect();
        let street = town.iter().find(|area| area.level == Level::Street).unwrap();
        let inside = |area: &AreaShape| area.outline.inside().map(|place| (place.longitude(), place.latitude()));
        let here = at(inside(grids[0]));
        let near = life_circle(&grids[0].outline, std::slice::from_ref(&here)).unwrap();
        assert_eq!(near.nearest.as_ref().map(|(_, minutes)| *minutes), Some(0));
        // As many places as are near, counted one by one: what is left out beforehand, nobody walks to.
        for area in grids.iter().copied().chain([street]) {
            let places = area.outline.sampled(SAMPLED);
            let reached = places.iter().filter(|place| walk(**place, &here).unwrap() <= NEAR).count();
            let covered = life_circle(&area.outline, std::slice::from_ref(&here)).unwrap().covered_bp;
            let share = reached as f64 * 10_000.0 / places.len() as f64;
            assert!((f64::from(covered) - share).abs() <= 0.5, "{}: {covered} for {share}", area.name);
        }
        let whole = life_circle(&street.outline, std::slice::from_ref(&here)).unwrap();
        assert!(
            (1..near.covered_bp).contains(&whole.covered_bp),
            "one house does not reach the whole street: {whole:?}"
        );
        // More houses never cover less, and what is shut or nowhere covers nothing.
        let more: Vec<center::Model> = grids.iter().step_by(3).map(|grid| at(inside(grid))).collect();
        let all = [vec![here.clone()], more].concat();
        assert!(life_circle(&street.outline, &all).unwrap().covered_bp > whole.covered_bp);
        let shut = [center::Model { state: CenterState::Building, ..here }, at(None)];
        let nothing = LifeCircle { covered_bp: 0, nearest: None };
        assert_eq!(life_circle(&street.outline, &shut), Some(nothing.clone()));
        assert_eq!(life_circle(&street.outline, &[]), Some(nothing));
    }
}
