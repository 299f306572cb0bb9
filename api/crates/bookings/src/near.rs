//! What is free first, and near (就近可约).

use std::cmp::Reverse;

use areas::Wgs84Point;
use chrono::NaiveDate;
use entity::enums::VenueKind;
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
/// Venues told at most.
const SHOWN: usize = 10;

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// What the venue is for.
    pub kind: VenueKind,
    /// Where the person is.
    pub near: Option<Wgs84Point>,
    /// First date in Asia/Shanghai.
    pub from: NaiveDate,
    /// How long, in granules.
    pub length: i32,
    /// Whether for a group.
    pub is_group: bool,
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
    let venues = store::venues_of_kind(base.db.reader(), sought.kind, sought.near).await?;
    let asked = |venue: &venue::Model| Asked {
        venue: venue.id,
        from: sought.from,
        days: DAYS,
        length: sought.length,
        is_group: sought.is_group,
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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::enums::CenterState;
    use entity::id::{AreaId, CenterId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn people_walk_seventy_five_metres_a_minute_by_the_street() {
        let mut center = center::Model {
            id: CenterId(Uuid::nil()),
            version: 1,
            code: String::new(),
            name: String::new(),
            area_id: AreaId(Uuid::nil()),
            area_path: String::new(),
            address: String::new(),
            longitude: Some(121.31),
            latitude: Some(31.2),
            phone: None,
            state: CenterState::Open,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        // 1,101.7 m (domain §G).
        let from = Wgs84Point::new(121.32, 31.195).unwrap();
        assert_eq!(walk(from, &center), Some(20));
        assert_eq!(walk(Wgs84Point::new(121.31, 31.2).unwrap(), &center), Some(0));
        center.latitude = None;
        assert_eq!(walk(from, &center), None);
    }
}
