//! One matter reported many times: following a case, merging cases, and what so many people make of it.

use areas::Wgs84Point;
use entity::enums::Priority;
use entity::service_request::Model;
use kernel::actor::Actor;
use kernel::error::Result;
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use super::{carry_out, permitted};
use crate::case::Case;
use crate::command::{Follow, Merge};
use crate::fact::Conflict;
use crate::policy::Action;
use crate::store::{self, Words};
use crate::town::Town;
use crate::workflow::{Command, Into};

/// How far apart two reports of one matter are at most, in metres.
pub const NEAR: f64 = 250.0;

/// A dispatcher merges a case into another (并案; row 6): it is over, its orders are void, its reporter sees how the other goes on
/// and is asked about it, and who followed it follows that. The other one keeps the earlier promise.
///
/// # Errors
/// `INVALID` when the two are neither alike and near nor of one person, or the other one is over; `INVALID_TRANSITION` once it is
/// signed for.
pub async fn merge(tx: &mut Tx, town: &Town, merge: &Merge) -> Result<Case> {
    let case = permitted(tx, merge.on, Action::Merge).await?;
    let target = permitted(tx, merge.into, Action::Merge).await?;
    let into = describe(&case.row().row, &target.row().row);
    let (from, promised_at) = (case.row().row.id, case.row().row.promised_at);
    let (is_askable, priority) = (!case.row().row.is_anonymous, case.row().row.priority);
    let conflict = Conflict::of(&case.row().row);
    let mut merged = carry_out(tx, town, case, &Command::Merge(into), Words::default()).await?;
    let absorb = Command::Absorb { from, promised_at, is_askable, conflict };
    let target = carry_out(tx, town, target, &absorb, Words::default()).await?;
    store::move_followers(tx, from, &target.row).await?;
    let target = raise(tx, town, target, priority).await?;
    merged.into = Some(Box::new(target.row));
    Ok(merged)
}

/// What merging asks about the two.
fn describe(from: &Model, into: &Model) -> Into {
    let is_near = place_of(from).zip(place_of(into)).is_some_and(|(from, into)| from.metres_to(into) <= NEAR);
    let is_same = |a: Option<&[u8]>, b: Option<&[u8]>| a.is_some() && a == b;
    // Who stays anonymous is nobody's same person: a refusal would tell who it is.
    let is_known = !from.is_anonymous && !into.is_anonymous;
    let is_same_account = is_known && from.reporter_id.is_some() && from.reporter_id == into.reporter_id;
    let is_same_number = is_known && is_same(from.contact_phone_index.as_deref(), into.contact_phone_index.as_deref());
    Into {
        id: into.id,
        state: into.state,
        closed_at: into.closed_at,
        is_alike: is_near && from.category_code == into.category_code,
        is_of_same_person: is_same_account || is_same_number,
    }
}

/// The exact place of a case.
pub fn place_of(row: &Model) -> Option<Wgs84Point> {
    row.longitude.zip(row.latitude).and_then(|(longitude, latitude)| Wgs84Point::new(longitude, latitude).ok())
}

/// Somebody follows a case of others (关注); so many may raise it.
///
/// # Errors
/// [`kernel::error::Error::Forbidden`] for the own case; `INVALID_TRANSITION` for one that is over, or followed already.
pub async fn follow(tx: &mut Tx, town: &Town, follow: &Follow) -> Result<Case> {
    let account = tx.actor().person()?.account;
    let case = permitted(tx, follow.on, Action::Follow).await?;
    let timing = town.timing_of(&case.row().row, tx.now())?;
    crate::workflow::may(case.row(), Action::Follow, Some(account), &timing)?;
    store::follow(tx, follow.on.id, account).await?;
    let mut case = case.into_row();
    case.ties.asker = Some(account);
    case.ties.is_follower = true;
    raise(tx, town, case, Priority::Normal).await
}

/// Somebody follows a case no more (取消关注).
///
/// # Errors
/// [`kernel::error::Error::Forbidden`] for who does not follow it.
pub async fn unfollow(tx: &mut Tx, _: &Town, follow: &Follow) -> Result<Case> {
    let account = tx.actor().person()?.account;
    let case = permitted(tx, follow.on, Action::Unfollow).await?;
    store::unfollow(tx, follow.on.id, account).await?;
    let mut case = case.into_row();
    case.ties.is_follower = false;
    Ok(case)
}

/// Raises a case, if so many people report or follow it that a rule says so (人数升级), or what was merged into it matters more.
async fn raise(tx: &mut Tx, town: &Town, case: Case, at_least: Priority) -> Result<Case> {
    if !crate::case::is_open(case.row.state) {
        return Ok(case);
    }
    let people = 1 + i64::from(case.row.merged_count) + store::followers_of(tx, case.row.id).await?;
    let priority = town.raised_by(people, tx.now()).unwrap_or(at_least).max(at_least);
    if priority <= case.row.priority {
        return Ok(case);
    }
    let case = case.permit(&Actor::System, Action::Raise)?;
    carry_out(tx, town, case, &Command::Raise { priority }, Words::default()).await
}
