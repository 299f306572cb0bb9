//! Cases whose grid was drawn anew (网格调整): each goes to the grid that has its place, and keeps the one it was filed in.

use areas::{AreaCode, Redraw, Wgs84Point};
use entity::id::ServiceRequestId;
use entity::{grid_change, service_request};
use kernel::error::Result;
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use super::carry_out;
use crate::store::{self, Asker, Words};
use crate::town::{AreaRef, Town};
use crate::workflow::Command;

/// Looks at the next cases that lay in a grid that is concerned, and moves those that lie in another now; the open ones and those that
/// are over. Gives back the last one, or `None` behind it, and how many were moved.
///
/// # Errors
/// [`kernel::error::Error::Conflict`] when somebody moved a case meanwhile; they are looked at again.
pub async fn relocate(
    tx: &mut Tx,
    town: &Town,
    change: &grid_change::Model,
    most: u64,
) -> Result<(Option<ServiceRequestId>, i32)> {
    let redraw: Redraw = serde_json::from_value(change.redraw.clone())?;
    let paths: Vec<String> = change.paths.clone().map(serde_json::from_value).transpose()?.unwrap_or_default();
    let asker = Asker::of(tx.actor(), tx.now());
    let cases = store::cases_below(tx.db(), &paths, change.moved_to, most, asker).await?;
    let last = cases.last().map(|case| case.row.id);
    let mut moved = 0;
    for case in cases {
        let Some(area) = place_of(town, &redraw, &case.row).filter(|area| area.path != case.row.area_path) else {
            continue;
        };
        let command = Command::Relocate { area: area.id, area_path: area.path };
        let case = case.permit(tx.actor(), command.action())?;
        carry_out(tx, town, case, &command, Words::default()).await?;
        moved += 1;
    }
    Ok((last, moved))
}

/// Where a case belongs now. `None` where the map knows nothing of it any more: it stays where it is.
fn place_of(town: &Town, redraw: &Redraw, row: &service_request::Model) -> Option<AreaRef> {
    let code: AreaCode = row.area_path.split('/').rfind(|part| !part.is_empty())?.parse().ok()?;
    if !redraw.concerned().contains(&code) {
        return town.area(code.as_str());
    }
    let exact = row.longitude.zip(row.latitude).and_then(|(east, north)| Wgs84Point::new(east, north).ok());
    let found = exact.and_then(|place| town.area_at(place)).filter(|area| area.street() == row.street);
    let heir = redraw.heirs.get(&code).and_then(|heirs| heirs.first()).unwrap_or(&code);
    found.or_else(|| town.area(heir.as_str()))
}
