//! Who could take a case (派单建议): the unit that the rules of dispatch name, then units ranked by what they answer for and how
//! much they have to do.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use directory::Candidate;
use entity::enums::{Lane, Priority};
use entity::id::{ServiceRequestId, UnitId};
use entity::unit;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;

use crate::policy::{self, Action};
use crate::reference::routing::{Matter, ROUTING, first_match};
use crate::store::{self, Asker};
use crate::town::Town;

/// Suggestions shown at most.
const MOST: usize = 10;

/// A unit that could take a case, and why (派单建议).
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The unit.
    pub unit: unit::Model,
    /// Orders it has to work on.
    pub open_load: i64,
    /// Why, weightiest first.
    pub reasons: Vec<Reason>,
}

/// Why a unit is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// 派单规则: this rule names it, before all others.
    Rule {
        /// Its number in the set, from 1.
        number: usize,
        /// Version of the set.
        version: i32,
        /// In which lane, where the rule says.
        lane: Option<Lane>,
        /// How urgent, where the rule says.
        priority: Option<Priority>,
    },
    /// 负责该类事项: it answers for the category, so many steps down the tree.
    Category {
        /// 1 for a first-level category.
        depth: usize,
    },
    /// 负责该网格: it answers for the grid, so many steps down from the street.
    Grid {
        /// 1 for the whole street.
        depth: usize,
    },
    /// 在办较少: none of the others has fewer orders.
    LightLoad {
        /// Orders it has to work on.
        open: i64,
    },
}

/// Units that could take a case, best first.
///
/// # Errors
/// [`Error::Forbidden`] for who may not dispatch it; [`Error::NotFound`] when it is hidden.
pub async fn suggestions(base: &Base, town: &Town, actor: &Actor, id: ServiceRequestId) -> Result<Vec<Suggestion>> {
    let db = base.db.reader();
    let now = base.clock.now();
    let found = store::case(db, &policy::sight(actor, now), Asker::of(actor, now), id).await?;
    let case = found.ok_or(Error::NotFound)?;
    let case = case.permit(actor, Action::Dispatch)?.into_row();
    let mut candidates = directory::candidates(db, &case.row.category_code, &case.row.area_path).await?;
    let named = named(town, &case.row.category_code, &case.row.area_path, now);
    if let Some((unit, _)) = named.filter(|(unit, _)| candidates.iter().all(|known| known.unit.id != *unit)) {
        // It need not answer for the category or the grid; but it must take orders.
        let active = directory::active_units(db, &[unit]).await?.into_iter();
        candidates.extend(active.map(|unit| Candidate { unit, category_depth: None, area_depth: None }));
    }
    let units: Vec<UnitId> = candidates.iter().map(|candidate| candidate.unit.id).collect();
    let loads = store::open_loads(db, &units).await?.into_iter().collect();
    Ok(rank(candidates, &loads, named))
}

/// The unit that the rules in force name for a case sent now, and why.
fn named(town: &Town, category_code: &str, area_path: &str, now: DateTime<Utc>) -> Option<(UnitId, Reason)> {
    let set = town.reference.routing.at(ROUTING, now)?;
    let matter = Matter { category_code, area_path, at: now };
    let (number, rule) = first_match(&set.content, &matter, &town.areas.calendar)?;
    let (lane, priority) = (rule.lane, rule.priority);
    Some((rule.unit, Reason::Rule { number, version: set.version, lane, priority }))
}

/// The unit that a rule names first; then the more specific category, then the more specific grid, then the lighter load.
fn rank(candidates: Vec<Candidate>, loads: &HashMap<UnitId, i64>, named: Option<(UnitId, Reason)>) -> Vec<Suggestion> {
    let rule = |candidate: &Candidate| named.filter(|(unit, _)| *unit == candidate.unit.id).map(|(_, rule)| rule);
    let load = |candidate: &Candidate| loads.get(&candidate.unit.id).copied().unwrap_or_default();
    let lightest = candidates.iter().map(load).min().unwrap_or_default();
    let mut ranked = candidates;
    ranked.sort_by_key(|candidate| {
        let depths = (Reverse(candidate.category_depth), Reverse(candidate.area_depth));
        (rule(candidate).is_none(), depths, load(candidate), candidate.unit.id)
    });
    ranked.truncate(MOST);
    let suggest = |candidate: Candidate| {
        let open = load(&candidate);
        let reasons = [
            rule(&candidate),
            candidate.category_depth.map(|depth| Reason::Category { depth }),
            candidate.area_depth.map(|depth| Reason::Grid { depth }),
            (open == lightest).then_some(Reason::LightLoad { open }),
        ];
        Suggestion { unit: candidate.unit, open_load: open, reasons: reasons.into_iter().flatten().collect() }
    };
    ranked.into_iter().map(suggest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(number: u128, category_depth: Option<usize>, area_depth: Option<usize>) -> Candidate {
        let id = |number| uuid::Uuid::from_u128(number);
        let unit = unit::Model {
            id: UnitId(id(number)),
            organization_id: id(1).into(),
            name: format!("unit {number}"),
            is_active: true,
            version: 1,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        };
        Candidate { unit, category_depth, area_depth }
    }

    #[test]
    fn category_weighs_more_than_grid_and_grid_more_than_load() {
        let candidates = vec![
            candidate(1, None, Some(4)),
            candidate(2, Some(1), Some(1)),
            candidate(3, Some(2), None),
            candidate(4, Some(1), Some(3)),
            candidate(5, Some(1), Some(3)),
        ];
        let loads = HashMap::from([(UnitId(uuid::Uuid::from_u128(4)), 7)]);
        let ranked = rank(candidates.clone(), &loads, None);
        let names: Vec<&str> = ranked.iter().map(|suggestion| suggestion.unit.name.as_str()).collect();
        assert_eq!(names, ["unit 3", "unit 5", "unit 4", "unit 2", "unit 1"]);
        assert_eq!(ranked[0].reasons, [Reason::Category { depth: 2 }, Reason::LightLoad { open: 0 }]);
        assert_eq!(ranked[2].reasons, [Reason::Category { depth: 1 }, Reason::Grid { depth: 3 }]);
        let rule = Reason::Rule { number: 3, version: 2, lane: None, priority: None };
        let ranked = rank(candidates, &loads, Some((UnitId(uuid::Uuid::from_u128(1)), rule)));
        assert_eq!(ranked[0].unit.name, "unit 1", "a rule goes before all");
        assert_eq!(ranked[0].reasons, [rule, Reason::Grid { depth: 4 }, Reason::LightLoad { open: 0 }]);
    }
}
