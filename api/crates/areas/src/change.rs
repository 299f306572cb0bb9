//! Who has grids drawn anew, and when that comes into force (网格调整): the chief on duty of the street decides, at once or for a day
//! to come. What is decided holds for cases from then on; each keeps the grid it was filed in.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use entity::enums::{GridChangeKind, GridChangeState as State, Role};
use entity::grid_change;
use entity::id::{AreaId, GridChangeId};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::{Record, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::area::AreaCode;
use crate::redraw::{Redraw, RedrawError, Wish};
use crate::store;

mod command;
pub use command::{RawDrawn, merge, recut, split};

/// How far ahead a decision may reach.
const FAR_AHEAD: TimeDelta = TimeDelta::days(3 * 365);

/// A decision about grids (网格调整决定).
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is wished.
    pub wish: Wish,
    /// From when; at once when `None`.
    pub valid_from: Option<DateTime<Utc>>,
}

/// A decision that is taken back before it comes into force (撤销).
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Which.
    pub change: GridChangeId,
    /// As it was seen.
    pub expected_version: i32,
}

/// What happened to a change of the map (事实).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum GridChangeFact {
    /// It was decided.
    #[serde(rename = "grid_change.planned")]
    Planned {
        /// Codes of the grids that are concerned.
        grids: Vec<AreaCode>,
        /// From when.
        valid_from: DateTime<Utc>,
    },
    /// It came into force.
    #[serde(rename = "grid_change.applied")]
    Applied,
    /// It was taken back.
    #[serde(rename = "grid_change.cancelled")]
    Cancelled,
    /// The map was changed meanwhile so that it made no sense any more.
    #[serde(rename = "grid_change.failed")]
    Failed,
    /// Every case lies where it belongs.
    #[serde(rename = "grid_change.settled")]
    Settled {
        /// Cases that were moved.
        cases: i32,
    },
}

impl Record for GridChangeFact {
    const SUBJECT: &'static str = "grid_change";
}

/// Where an area went (区域去向).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// It.
    pub id: AreaId,
    /// Its path before.
    pub path: String,
    /// Itself, or what inherits from it what has no place of its own.
    pub to: AreaId,
    /// The path of that.
    pub to_path: String,
}

/// Who inherits what is tied to a grid (承接).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heirs {
    /// The grid.
    pub grid: AreaId,
    /// Those that have some of its ground; the grid itself, if it is still there.
    pub heirs: Vec<AreaId>,
}

/// What follows from a change that has come into force (承接关系).
#[derive(Clone, Debug)]
pub struct Succession {
    /// Areas with another path, and those that are no more.
    pub moved: Vec<Moved>,
    /// Who inherits.
    pub heirs: Vec<Heirs>,
}

/// Whether somebody may have grids of a street drawn anew.
#[must_use]
pub fn may_redraw(actor: &Actor, street: &str) -> bool {
    *actor == Actor::System || actor.is_in_area(Role::DutyChief, &format!("/{street}/"))
}

/// A chief on duty decides how grids are drawn from an instant on (决定网格调整). It comes into force with [`enforce`].
///
/// # Errors
/// [`Error::Forbidden`] for all but the chiefs on duty of the street; `INVALID` for grids that are none, a date that is past or far
/// away, codes that are used, and grids about which something else is planned.
pub async fn plan(tx: &mut Tx, plan: &Plan) -> Result<grid_change::Model> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let (kind, first) = described(&plan.wish);
    let street = first.map(|code| code.street().to_owned()).unwrap_or_default();
    if !may_redraw(tx.actor(), &street) {
        return Err(Error::Forbidden);
    }
    // Whoever decides waits for whoever does.
    store::reference_changed(tx).await?;
    let valid_from = begins(plan.valid_from, tx.now())?;
    let map = store::shapes_in_use(tx.db(), &street).await?;
    let (redraw, redrawn) = Redraw::plan(&map, &plan.wish).map_err(|error| refused(&error))?;
    are_free(tx, &redraw, &map.iter().map(|area| &area.code).collect::<Vec<_>>()).await?;
    let row = grid_change::Model {
        id: tx.id()?,
        version: 1,
        kind,
        state: State::Planned,
        street,
        valid_from,
        redraw: serde_json::to_value(&redraw)?,
        warnings: serde_json::to_value(&redrawn.warnings)?,
        paths: None,
        decided_by: tx.actor().account(),
        decided_at: tx.now(),
        applied_at: None,
        moved_to: None,
        moved_count: 0,
        moved_at: None,
    };
    store::insert_change(tx, &row).await?;
    let grids: Vec<AreaCode> = redraw.concerned().into_iter().cloned().collect();
    tx.audit_detail(json!({ "kind": kind, "grids": &grids, "validFrom": valid_from }));
    tx.record(row.id.0, row.version, &GridChangeFact::Planned { grids, valid_from })?;
    Ok(row)
}

/// A chief on duty takes a decision back that is not in force yet (撤销网格调整).
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for all but the chiefs on duty of the street; [`Error::Conflict`] when it was changed
/// meanwhile; `INVALID_TRANSITION` once it is in force.
pub async fn cancel(tx: &mut Tx, cancel: &Cancel) -> Result<grid_change::Model> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let row = store::change(tx.db(), cancel.change).await?;
    let row = row.filter(|row| may_redraw(tx.actor(), &row.street)).ok_or(Error::NotFound)?;
    if row.version != cancel.expected_version {
        return Err(Error::Conflict);
    }
    if row.state != State::Planned {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    moved_on(tx, &row, grid_change::Model { state: State::Cancelled, ..row.clone() }, &GridChangeFact::Cancelled).await
}

/// Brings a planned change into force: the map is another from here on. `None` when the map was changed meanwhile so that it makes
/// no sense any more; it has failed then.
///
/// # Errors
/// [`Error::Conflict`] when somebody was faster; when the database does not answer.
pub async fn enforce(tx: &mut Tx, row: &grid_change::Model) -> Result<Option<(grid_change::Model, Succession)>> {
    store::reference_changed(tx).await?;
    let redraw: Redraw = serde_json::from_value(row.redraw.clone())?;
    let map = store::shapes_in_use(tx.db(), &row.street).await?;
    let Ok(redrawn) = redraw.apply(&map) else {
        let failed = grid_change::Model { state: State::Failed, ..row.clone() };
        moved_on(tx, row, failed, &GridChangeFact::Failed).await?;
        return Ok(None);
    };
    let (paths, moved, heirs) = store::redraw(tx, &row.street, &redraw, &redrawn.shapes).await?;
    let applied = grid_change::Model {
        state: State::Applied,
        paths: Some(serde_json::to_value(paths)?),
        applied_at: Some(tx.now()),
        ..row.clone()
    };
    let change = moved_on(tx, row, applied, &GridChangeFact::Applied).await?;
    Ok(Some((change, Succession { moved, heirs })))
}

/// A change in force, as far as it is about grids that are no more: what was tied to them meanwhile is to be passed on too.
///
/// # Errors
/// When the database does not answer.
pub async fn retired(tx: &Tx, row: &grid_change::Model) -> Result<Succession> {
    let redraw: Redraw = serde_json::from_value(row.redraw.clone())?;
    let (mut moved, mut heirs) = (Vec::new(), Vec::new());
    for code in redraw.retired() {
        let Some(gone) = store::by_code(tx.db(), code.as_str()).await? else { continue };
        let mut all = Vec::new();
        for heir in redraw.heirs.get(code).into_iter().flatten() {
            all.extend(store::by_code(tx.db(), heir.as_str()).await?);
        }
        let Some(first) = all.first() else { continue };
        moved.push(Moved { id: gone.id, path: gone.path, to: first.id, to_path: first.path.clone() });
        heirs.push(Heirs { grid: gone.id, heirs: all.iter().map(|heir| heir.id).collect() });
    }
    Ok(Succession { moved, heirs })
}

/// Notes how far cases were moved; all of them when there is no last one.
///
/// # Errors
/// [`Error::Conflict`] when somebody was faster.
pub async fn settle(
    tx: &mut Tx,
    row: &grid_change::Model,
    (last, cases): (Option<entity::id::ServiceRequestId>, i32),
) -> Result<()> {
    let moved_count = row.moved_count + cases;
    let after = grid_change::Model { moved_to: last.or(row.moved_to), moved_count, ..row.clone() };
    match last {
        Some(_) => store::update_change(tx, row, &after).await,
        None => {
            let after = grid_change::Model { moved_at: Some(tx.now()), ..after };
            moved_on(tx, row, after, &GridChangeFact::Settled { cases: moved_count }).await.map(|_| ())
        }
    }
}

async fn moved_on(
    tx: &mut Tx,
    before: &grid_change::Model,
    after: grid_change::Model,
    fact: &GridChangeFact,
) -> Result<grid_change::Model> {
    let after = grid_change::Model { version: before.version + 1, ..after };
    store::update_change(tx, before, &after).await?;
    tx.record(after.id.0, after.version, fact)?;
    Ok(after)
}

/// What is done by a wish, and one of the grids.
fn described(wish: &Wish) -> (GridChangeKind, Option<&AreaCode>) {
    match wish {
        Wish::Merge { grids, .. } => (GridChangeKind::Merge, grids.first()),
        Wish::Split { grid, .. } => (GridChangeKind::Split, Some(grid)),
        Wish::Recut { grids } => (GridChangeKind::Recut, grids.first().map(|(code, _)| code)),
    }
}

/// Whether new codes were never used, and nothing else is planned about the grids.
async fn are_free(tx: &Tx, redraw: &Redraw, in_use: &[&AreaCode]) -> Result<()> {
    for grid in redraw.drawn.iter().filter(|grid| !in_use.contains(&&grid.code)) {
        if store::by_code(tx.db(), grid.code.as_str()).await?.is_some() {
            return Err(refused(&RedrawError::Taken(grid.code.clone())));
        }
    }
    for other in store::planned_changes(tx.db()).await? {
        let other: Redraw = serde_json::from_value(other.redraw)?;
        if other.concerned().intersection(&redraw.concerned()).next().is_some() {
            return Err(invalid("grids", "planned_otherwise"));
        }
    }
    Ok(())
}

/// When a decision about map or reference data begins: at once, or at the instant named. The past is decided: nothing begins before it
/// is decided.
///
/// # Errors
/// `INVALID` at `validFrom` for an instant that is past or more than three years away.
pub fn begins(wanted: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    match wanted.map(|from| from.trunc_subsecs(6)) {
        None => Ok(now),
        Some(from) if from < now => Err(invalid("validFrom", "past")),
        Some(from) if from > now + FAR_AHEAD => Err(invalid("validFrom", "too_far_ahead")),
        Some(from) => Ok(from),
    }
}

fn refused(error: &RedrawError) -> Error {
    let because = match error {
        RedrawError::Unknown(_) => "not_a_grid_in_use",
        RedrawError::Taken(_) => "code_is_taken",
        RedrawError::Count => "wrong_number_of_grids",
        RedrawError::Mixed => "not_of_one_level_and_street",
        RedrawError::Nameless => "name_is_missing",
        RedrawError::Elsewhere(_) => "lies_elsewhere",
        RedrawError::TooFine(_) => "cut_too_finely",
        RedrawError::Tree(_) => "no_tree",
    };
    invalid("grids", because)
}

fn invalid(field: &'static str, because: &'static str) -> Error {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because)).into()
}
