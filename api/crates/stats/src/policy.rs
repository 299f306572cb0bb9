//! Who may see which numbers (权限规则): staff those of their areas, people of units those of their units, everybody the four
//! indicators of a street.

use entity::enums::Role;
use entity::id::UnitId;
use kernel::actor::Actor;
use kernel::error::{Error, Result};

/// See numbers of their area.
const AREA_STAFF: [Role; 7] = [
    Role::Dispatcher,
    Role::DutyChief,
    Role::Supervisor,
    Role::CallbackAgent,
    Role::GridInspector,
    Role::GridLeader,
    Role::NeighborhoodStaff,
];
/// See numbers of their unit.
const UNIT_STAFF: [Role; 2] = [Role::Handler, Role::UnitLeader];
/// Of fewer things the public learns nothing (k-匿名).
pub const FEWEST: i64 = 10;

/// Which numbers somebody may see (可见范围); the store turns it into SQL. Both must hold, and an empty list excludes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// In these areas, by their paths; none lies in another.
    pub areas: Vec<String>,
    /// Of these units.
    pub units: Vec<UnitId>,
}

/// Which numbers are asked for: of an area, of a unit, of both, or of all one may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Path of an area.
    pub area: Option<String>,
    /// A unit.
    pub unit: Option<UnitId>,
}

/// What somebody sees of what is asked for.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors; [`Error::Forbidden`] where no role opens it.
pub fn sight(actor: &Actor, wanted: &Wanted) -> Result<Sight> {
    let Wanted { area, unit } = wanted.clone();
    if *actor == Actor::System {
        return Ok(Sight { areas: area.into_iter().collect(), units: unit.into_iter().collect() });
    }
    actor.person()?;
    let own_units = units(actor);
    let is_own_unit = unit.is_some_and(|unit| own_units.contains(&unit));
    let in_areas = |paths: Vec<String>| (!paths.is_empty()).then_some(paths);
    let seen = match (area, unit) {
        // All of the own unit's work, wherever it lies; of it what lies in an area, too.
        (area, Some(unit)) if is_own_unit => Some(Sight { areas: area.into_iter().collect(), units: vec![unit] }),
        (Some(area), unit) if areas(actor).iter().any(|own| area.starts_with(own)) => {
            Some(Sight { areas: vec![area], units: unit.into_iter().collect() })
        }
        (None, Some(unit)) => in_areas(areas(actor)).map(|areas| Sight { areas, units: vec![unit] }),
        // An area above or beside the own: what the own units do there.
        (Some(area), None) if !own_units.is_empty() => Some(Sight { areas: vec![area], units: own_units }),
        (None, None) => match in_areas(areas(actor)) {
            Some(areas) => Some(Sight { areas, units: Vec::new() }),
            None => (!own_units.is_empty()).then(|| Sight { areas: Vec::new(), units: own_units }),
        },
        (Some(_), _) => None,
    };
    seen.ok_or(Error::Forbidden)
}

/// Paths of the actor's areas, those inside another left out.
fn areas(actor: &Actor) -> Vec<String> {
    let mut paths: Vec<String> = AREA_STAFF.iter().flat_map(|role| actor.areas_as(*role)).map(str::to_owned).collect();
    paths.sort();
    paths.dedup_by(|inner, outer| inner.starts_with(outer.as_str()));
    paths
}

fn units(actor: &Actor) -> Vec<UnitId> {
    let mut units: Vec<UnitId> = UNIT_STAFF.iter().flat_map(|role| actor.units_as(*role)).collect();
    units.sort();
    units.dedup();
    units
}

#[cfg(test)]
mod tests;
