//! All that is known of venues on some dates, in a few statements however many there are.

use std::collections::BTreeSet;

use areas::{Calendar, shanghai_date};
use chrono::NaiveDate;
use entity::id::{AccountId, VenueId};
use kernel::error::Result;
use schedule::claim::Taken;
use schedule::opening::Hours;
use schedule::span::Span;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Openings, openings, premises_of};
use crate::premises::Premises;

/// Granules before and after the dates whose buffers reach into them: two hours.
const REACH: i32 = 8;

/// What slots follow from (场地概况).
pub struct Picture {
    /// The centres of the venues.
    pub premises: Vec<Premises>,
    /// The working calendar of the dates.
    pub calendar: Calendar,
    /// When the venues are open.
    pub openings: Openings,
    /// What somebody has of them.
    pub taken: Taken,
}

impl Picture {
    /// Whether somebody may have a venue then: its centre is open, it is booked, and people are let in all that time.
    pub fn is_open(&self, venue: VenueId, who: AccountId, span: Span) -> bool {
        let there = self.premises.iter().find_map(|premises| Some((premises, premises.venue(venue).ok()?)));
        let is_had = there.is_some_and(|(premises, venue)| premises.is_had(venue));
        let date = shanghai_date(span.begins());
        is_had && self.openings.of(venue, Some(who)).on(date, self.calendar.kind(date).0).hold(span)
    }
}

/// All that is known of venues from one date to another.
pub async fn picture(
    db: &impl ConnectionTrait,
    venues: &[VenueId],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Picture> {
    let premises = premises_of(db, venues).await?;
    let calendar = areas::store::calendar_between(db, first, last).await?;
    let Some(span) = whole(first, last) else {
        return Err(anyhow::anyhow!("dates from {first} to {last} have no hours").into());
    };
    let openings = openings(db, &premises, venues, span.begins()).await?;
    let leaves: BTreeSet<Uuid> =
        venues.iter().flat_map(|id| premises.iter().flat_map(|premises| premises.leaves(*id))).collect();
    let taken = schedule::store::taken(db, &leaves, span.with_buffers(REACH, REACH)).await?;
    let taken = taken.into_iter().collect();
    Ok(Picture { premises, calendar, openings, taken })
}

/// From the first quarter of one date to the last one of another.
fn whole(first: NaiveDate, last: NaiveDate) -> Option<Span> {
    let day = Hours::between(0, 24 * 60).ok()?;
    Span::of(day.on(first)?.first(), day.on(last)?.end())
}
