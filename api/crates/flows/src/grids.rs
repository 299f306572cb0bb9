//! Grids that are drawn anew (网格调整): the map, and what is tied to it — rights, who answers for what, homes, and in the end cases.

use areas::change::{self, Plan};
use areas::{AreaCode, Redraw};
use entity::grid_change;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::Tx;
use requests::Town;
use requests::reference::routing::ROUTING;

/// Cases looked at in one transaction.
const CASES: u64 = 100;
/// How long after a change a node may still file cases by the map of before.
const STALE: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

/// A chief on duty has grids drawn anew, at once or from an instant on (决定网格调整).
///
/// # Errors
/// As [`change::plan`]; `INVALID` while a rule of dispatch that holds then names a grid that is no more.
pub async fn plan_grid_change(tx: &mut Tx, town: &Town, plan: &Plan) -> Result<grid_change::Model> {
    let row = change::plan(tx, plan).await?;
    let redraw: Redraw = serde_json::from_value(row.redraw.clone())?;
    let rules = town.reference.routing.at(ROUTING, row.valid_from).map_or(&[][..], |edition| &edition.content);
    let names = |code: &AreaCode| rules.iter().any(|rule| rule.area_code.as_deref() == Some(code.as_str()));
    if redraw.retired().any(names) {
        let named = UserError::at(UserErrorCode::Invalid, "grids").with(Detail::Because("named_by_routing_rule"));
        return Err(named.into());
    }
    if row.valid_from > tx.now() { Ok(row) } else { begin_grid_change(tx, &row).await }
}

/// Brings a planned change of the map into force, with all that is tied to its grids but the cases. It has failed where the map was
/// changed meanwhile so that it makes no sense any more.
///
/// # Errors
/// [`Error::Conflict`] when somebody was faster; when the database does not answer.
pub async fn begin_grid_change(tx: &mut Tx, row: &grid_change::Model) -> Result<grid_change::Model> {
    let Some(applied) = change::enforce(tx, row).await? else {
        return Ok(areas::store::change(tx.db(), row.id).await?.unwrap_or_else(|| row.clone()));
    };
    for passed_on in &applied.heirs {
        identity::pass_on_grants(tx, passed_on.grid, &passed_on.heirs).await?;
        directory::pass_on_area(tx, passed_on.grid, &passed_on.heirs).await?;
    }
    for moved in &applied.moved {
        residents::follow_area(tx, moved).await?;
    }
    Ok(applied.change)
}

/// The change of the map that is to come into force now, if one is; else one whose cases are not all moved yet.
///
/// # Errors
/// When the database does not answer.
pub async fn next_grid_change(base: &Base) -> Result<Option<grid_change::Model>> {
    let planned = areas::store::planned_changes(base.db.reader()).await?.into_iter().next();
    if let Some(due) = planned.filter(|row| row.valid_from <= base.clock.now()) {
        return Ok(Some(due));
    }
    let settled_at = base.clock.now() - STALE;
    let unsettled = areas::store::unsettled_changes(base.db.reader()).await?;
    // Behind the last case one is looked for once more, when every node knows the map.
    Ok(unsettled.into_iter().find(|row| row.moved_to.is_none() || row.applied_at.is_some_and(|at| at <= settled_at)))
}

/// Moves the next cases of a change that is in force; notes the end of it behind the last one.
///
/// # Errors
/// [`Error::Conflict`] while this node does not know the map yet, and when somebody moved a case meanwhile.
pub async fn settle_grid_change(tx: &mut Tx, town: &Town, row: &grid_change::Model) -> Result<()> {
    if areas::store::reference_number(tx.db()).await? != town.number() {
        return Err(Error::Conflict);
    }
    let (last, moved) = requests::relocate(tx, town, row, CASES).await?;
    let is_over = row.applied_at.is_some_and(|at| at <= tx.now() - STALE);
    match last {
        None if !is_over => Ok(()),
        last => change::settle(tx, row, (last, moved)).await,
    }
}
