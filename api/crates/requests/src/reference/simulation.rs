//! Trying rules of dispatch on cases of the past (派单模拟): nothing is written.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::id::{ServiceRequestId, UnitId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};

use super::enact::may_enact;
use super::routing::{Matter, Outcome, RULES, Rule, simulate};
use crate::store;
use crate::town::Town;

/// Cases that a simulation looks at, at most: the newest of the period.
pub const SCANNED: u64 = 5_000;
/// Days of the period at most.
const DAYS: i64 = 366;

/// Which rules, over which cases (派单模拟).
#[derive(Clone, Debug)]
pub struct Simulate {
    /// The rules to be tried.
    pub rules: Vec<Rule>,
    /// First day, in Shanghai.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
}

/// What a simulation came to (模拟结果).
#[derive(Clone, Debug)]
pub struct Simulated {
    /// What the rules would have done.
    pub outcome: Outcome<ServiceRequestId>,
    /// Whether the period has more cases than were looked at.
    pub is_cut: bool,
}

/// Runs rules over the cases of a period, each at the instant at which it was last sent, or came in: one statement, whatever the
/// period.
///
/// # Errors
/// [`Error::Forbidden`] for who may not decide on the rules; `INVALID` for a period that is none, `LIMIT_EXCEEDED` for one of more
/// than a year; and for rules that speak of what does not exist.
pub async fn try_rules(base: &Base, actor: &Actor, town: &Town, wanted: &Simulate) -> Result<Simulated> {
    actor.person()?;
    if !may_enact(actor, town) {
        return Err(Error::Forbidden);
    }
    let Simulate { rules, from, to } = wanted;
    if from > to {
        return Err(Error::refused_at(UserErrorCode::Invalid, "to"));
    }
    if (*to - *from).num_days() >= DAYS {
        let long = UserError::at(UserErrorCode::LimitExceeded, "to").with(Detail::Limit(DAYS));
        return Err(long.into());
    }
    check(town, rules, base.clock.now())?;
    let end = to.succ_opt().unwrap_or(*to);
    let rows = store::sent_between(base.db.reader(), midnight(*from), midnight(end), SCANNED + 1).await?;
    let is_cut = rows.len() as u64 > SCANNED;
    let cases = rows.iter().take(usize::try_from(SCANNED).unwrap_or(usize::MAX)).map(|row| {
        let at = row.dispatched_at.unwrap_or(row.created_at);
        (row.id, Matter { category_code: &row.category_code, area_path: &row.area_path, at }, row.lead_unit_id)
    });
    Ok(Simulated { outcome: simulate(rules, cases, &town.areas.calendar), is_cut })
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
}

/// Whether rules speak of things that exist; their units are looked for apart.
///
/// # Errors
/// `INVALID` for an unknown category or area, or a time that never comes; `LIMIT_EXCEEDED` for too many rules.
pub fn check(town: &Town, rules: &[Rule], at: DateTime<Utc>) -> Result<()> {
    let invalid = |field, because| UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because));
    if rules.len() > RULES {
        let many = UserError::at(UserErrorCode::LimitExceeded, "rules").with(Detail::Limit(RULES as i64));
        return Err(many.into());
    }
    for rule in rules {
        let is_unknown = |code: &str| town.offered_category(code, at).is_none();
        if rule.category_code.as_deref().is_some_and(is_unknown) {
            return Err(invalid("rules.categoryCode", "unknown").into());
        }
        if rule.area_code.as_deref().is_some_and(|code| town.area_in_use(code).is_none()) {
            return Err(invalid("rules.areaCode", "unknown").into());
        }
        if !rule.window.is_sensible() {
            return Err(invalid("rules.weekdays", "never").into());
        }
    }
    Ok(())
}

/// The units that rules name, each once.
#[must_use]
pub fn units_of(rules: &[Rule]) -> Vec<UnitId> {
    let units: HashSet<UnitId> = rules.iter().map(|rule| rule.unit).collect();
    let mut units: Vec<UnitId> = units.into_iter().collect();
    units.sort_unstable();
    units
}
