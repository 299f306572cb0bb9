//! Grids that are drawn anew (网格调整): the map, and what is tied to it — rights, who answers for what, homes, and in the end cases.

use areas::change::{self, Plan, Succession};
use areas::{AreaCode, Redraw};
use chrono::TimeDelta;
use entity::grid_change;
use entity::id::Id as _;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::Tx;
use requests::Town;
use requests::reference::Edition;
use requests::reference::routing::{ROUTING, Rule};
use serde_json::{Value, json};

/// Cases looked at in one transaction.
const CASES: u64 = 100;
/// How long after a change somebody may still write by the map of before; cases are moved when it is over, so that none is left.
const STALE: TimeDelta = TimeDelta::minutes(1);

/// A chief on duty has grids drawn anew, at once or from an instant on (决定网格调整).
///
/// # Errors
/// As [`change::plan`]; `INVALID` while a rule of dispatch that holds then, or is to hold later, names a grid that is no more.
pub async fn plan_grid_change(tx: &mut Tx, town: &Town, plan: &Plan) -> Result<grid_change::Model> {
    let row = change::plan(tx, plan).await?;
    let redraw: Redraw = serde_json::from_value(row.redraw.clone())?;
    let editions = town.reference.routing.editions(ROUTING);
    let now = town.reference.routing.at(ROUTING, row.valid_from);
    let later = editions.iter().filter(|edition| edition.valid_from > row.valid_from);
    let names = |code: &AreaCode, edition: &Edition<Vec<Rule>>| {
        edition.content.iter().any(|rule| rule.area_code.as_deref() == Some(code.as_str()))
    };
    if now.into_iter().chain(later).any(|edition| redraw.retired().any(|code| names(code, edition))) {
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
    let Some((begun, succession)) = change::enforce(tx, row).await? else {
        return Ok(areas::store::change(tx.db(), row.id).await?.unwrap_or_else(|| row.clone()));
    };
    let passed_on = pass_on(tx, &succession).await?;
    let redraw: Redraw = serde_json::from_value(row.redraw.clone())?;
    tx.audit_detail(json!({
        "kind": row.kind, "grids": redraw.concerned(), "validFrom": row.valid_from, "roles": passed_on,
    }));
    Ok(begun)
}

/// Gives what is tied to grids to their heirs: rights, who answers for what, homes. Gives back the roles that changed hands.
async fn pass_on(tx: &mut Tx, succession: &Succession) -> Result<Vec<Value>> {
    let mut roles = Vec::new();
    for heirs in &succession.heirs {
        for (given, taken) in identity::pass_on_grants(tx, heirs.grid, &heirs.heirs).await? {
            let (account, role) = (given.account_id.text(), given.role);
            roles.push(json!({ "account": account, "role": role, "area": given.scope_id, "isOver": taken }));
        }
        directory::pass_on_area(tx, heirs.grid, &heirs.heirs).await?;
    }
    for moved in &succession.moved {
        residents::follow_area(tx, moved).await?;
        bookings::follow_area(tx, moved).await?;
        ::events::follow_area(tx, moved).await?;
    }
    Ok(roles)
}

/// The change of the map that is to come into force now, if one is; else the first one whose cases are to be moved.
///
/// # Errors
/// When the database does not answer.
pub async fn next_grid_change(base: &Base) -> Result<Option<grid_change::Model>> {
    let now = base.clock.now();
    let planned = areas::store::planned_changes(base.db.reader()).await?.into_iter().next();
    if let Some(due) = planned.filter(|row| row.valid_from <= now) {
        return Ok(Some(due));
    }
    // One after the other: what the first one moves, the next one may move on.
    let first = areas::store::unsettled_changes(base.db.reader()).await?.into_iter().next();
    Ok(first.filter(|row| row.applied_at.is_some_and(|at| at <= now - STALE)))
}

/// Moves the next cases of a change that is in force; behind the last one, what was tied to grids that are no more since they were
/// goes to their heirs too, and the end is noted.
///
/// # Errors
/// [`Error::Conflict`] while this node does not know the map yet, and when somebody moved a case meanwhile.
pub async fn settle_grid_change(tx: &mut Tx, town: &Town, row: &grid_change::Model) -> Result<()> {
    if areas::store::reference_number(tx.db()).await? != town.number() {
        return Err(Error::Conflict);
    }
    let (last, moved) = requests::relocate(tx, town, row, CASES).await?;
    if last.is_none() {
        let late = change::retired(tx, row).await?;
        pass_on(tx, &late).await?;
    }
    change::settle(tx, row, (last, moved)).await
}
