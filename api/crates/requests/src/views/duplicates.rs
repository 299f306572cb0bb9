//! One matter reported many times: what is like a report before it is sent, what somebody follows, what was merged.

use areas::Wgs84Point;
use chrono::TimeDelta;
use entity::id::ServiceRequestId;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::page::{Page, PageRequest};

use crate::case::Case;
use crate::place::{cell_of, cells_around};
use crate::policy::{self, Action};
use crate::service::{NEAR, place_of};
use crate::store::{self, Asker, Likeness};
use kernel::guarded::{Decision, Guarded as _};

/// How long ago a like case was received at most.
const RECENT: TimeDelta = TimeDelta::days(90);
/// How long ago it was closed at most.
const CLOSED_LATELY: TimeDelta = TimeDelta::days(15);
/// Cases looked at, and shown.
const LOOKED_AT: u64 = 200;
const SHOWN: usize = 10;

/// A case that may be of the same matter (相似诉求).
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// The case, one the actor may see.
    pub case: Case,
    /// How far away it is, in metres; `None` where the exact place is not for the actor.
    pub metres: Option<f64>,
}

/// Cases of a category near a place that are open, or were closed lately: the nearest first, ten at most. Matters of the street
/// are within 250 m; of others, whose exact place is somebody's door, the cells of the list are compared, so that nobody closes
/// in on it.
///
/// # Errors
/// [`kernel::error::Error::Unauthenticated`] for visitors.
pub async fn similar(base: &Base, actor: &Actor, category_code: &str, place: Wgs84Point) -> Result<Vec<Similar>> {
    actor.person()?;
    let now = base.clock.now();
    let likeness = Likeness {
        category_code: category_code.to_owned(),
        cells: cells_around(place, NEAR),
        since: now - RECENT,
        closed_since: now - CLOSED_LATELY,
    };
    let scope = policy::sight(actor, now);
    let found = store::alike(base, Asker::of(actor, now), &scope, &likeness, LOOKED_AT).await?;
    let mut similar: Vec<Similar> = found.into_iter().filter_map(|case| compare(actor, case, place)).collect();
    similar.sort_by(|a, b| a.metres.unwrap_or(NEAR).total_cmp(&b.metres.unwrap_or(NEAR)));
    similar.truncate(SHOWN);
    Ok(similar)
}

fn compare(actor: &Actor, case: Case, place: Wgs84Point) -> Option<Similar> {
    let is_told = |action| case.decide(actor, action) == Decision::Allow;
    let is_exact = case.row.is_city_object || is_told(Action::ReadStaffView) || is_told(Action::ReadParticipantView);
    if !is_exact {
        return (case.row.cell == Some(cell_of(place))).then_some(Similar { case, metres: None });
    }
    let metres = place_of(&case.row)?.metres_to(place);
    (metres <= NEAR).then_some(Similar { case, metres: Some(metres) })
}

/// What the actor follows and may still see, newest first (关注的诉求).
///
/// # Errors
/// [`kernel::error::Error::Unauthenticated`] for visitors.
pub async fn followed_requests(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    store::followed_list(base, actor, page).await
}

/// How many follow each of some cases; for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn follower_counts(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<(ServiceRequestId, i64)>> {
    store::follower_counts(base, ids).await
}

/// How many events of a device tell of each of some cases; for loaders, to be shown to staff only.
///
/// # Errors
/// When the database does not answer.
pub async fn device_event_counts(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<(ServiceRequestId, i32)>> {
    store::device_event_counts(base, ids).await
}

/// The cases that were merged into each of some, with their numbers, oldest first; for loaders, to be shown to staff only.
///
/// # Errors
/// When the database does not answer.
pub async fn merged_requests(
    base: &Base,
    ids: &[ServiceRequestId],
) -> Result<Vec<(ServiceRequestId, ServiceRequestId, String)>> {
    store::merged_into(base, ids).await
}
