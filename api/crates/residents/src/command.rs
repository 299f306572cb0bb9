//! What people send, parsed (指令).

use areas::{Areas, Level, grid_path};
use chrono::{DateTime, Utc};
use entity::enums::{ResidenceRejectReason, ResidenceRelation};
use entity::id::{AreaId, ServiceRequestId};
use identity::phone::Phone;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::target::Seen;
use kernel::text::{Problems, line, optional, words};

use crate::store::Flat;
use crate::verbs::{ProxyVerb, Verbs};

/// Characters of a compound's name at most.
const COMPOUND: usize = 64;
/// Characters of a building, an entrance or a room at most.
const PART: usize = 32;
/// Characters of what the neighbourhood says at most.
const NOTE: usize = 200;
/// Cases of one proxy at most.
const CASES: usize = 20;

/// An application, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawApply {
    /// A self-government grid, or an area in one.
    pub area_code: String,
    /// Name of the compound.
    pub compound: String,
    /// Building.
    pub building: String,
    /// Entrance.
    pub unit: Option<String>,
    /// Room.
    pub room: String,
    /// As what.
    pub relation: ResidenceRelation,
}

/// An application (居住认证申请).
#[derive(Clone, Debug)]
pub struct Apply {
    /// The area named.
    pub area: AreaId,
    /// Its path.
    pub area_path: String,
    /// The grid it lies in.
    pub grid_path: String,
    /// Name of the compound.
    pub compound: String,
    /// The flat.
    pub flat: Flat,
    /// As what.
    pub relation: ResidenceRelation,
}

impl RawApply {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self, map: &Areas) -> Result<Apply> {
        let mut problems = Problems::default();
        let place = problems.take(neighbourhood(map, &self.area_code));
        let compound = problems.keep(line("compound", &self.compound, COMPOUND));
        let building = problems.keep(line("building", &self.building, PART));
        let unit = problems.keep(optional("unit", self.unit.as_deref(), PART, line));
        let room = problems.keep(line("room", &self.room, PART));
        problems.none()?;
        let (area, area_path, grid_path) = parsed(place)?;
        let flat = Flat { building, unit, room };
        Ok(Apply { area, area_path, grid_path, compound, flat, relation: self.relation })
    }
}

/// The area, its path, and the self-government grid it lies in.
fn neighbourhood(map: &Areas, code: &str) -> std::result::Result<(AreaId, String, String), UserError> {
    let area = map.in_use(code).ok_or_else(|| invalid("areaCode", "unknown"))?;
    let is_deep = area.level.parse::<Level>().is_ok_and(|level| level >= Level::Autonomy);
    match grid_path(&area.path).filter(|_| is_deep) {
        Some(grid) => Ok((area.id, area.path.clone(), grid.to_owned())),
        None => Err(invalid("areaCode", "not_a_neighbourhood")),
    }
}

/// A decision without words: to verify, to accept, to end.
#[derive(Clone, Copy, Debug)]
pub struct Decide<K> {
    /// On what.
    pub on: Seen<K>,
}

/// A refusal, as sent.
#[derive(Clone, Debug)]
pub struct RawReject {
    /// Of which residence.
    pub on: Seen<entity::id::ResidenceId>,
    /// Why.
    pub reason: ResidenceRejectReason,
    /// In words.
    pub note: Option<String>,
}

/// A refusal (不予认证).
#[derive(Clone, Debug)]
pub struct Reject {
    /// Of which residence.
    pub on: Seen<entity::id::ResidenceId>,
    /// Why.
    pub reason: ResidenceRejectReason,
    /// In words.
    pub note: Option<String>,
}

impl RawReject {
    /// Parses the input. Another reason is said in words.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Reject> {
        let note = optional("note", self.note.as_deref(), NOTE, words)?;
        if self.reason == ResidenceRejectReason::Other && note.is_none() {
            return Err(Error::refused_at(UserErrorCode::Required, "note"));
        }
        Ok(Reject { on: self.on, reason: self.reason, note })
    }
}

/// A proxy, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawGrantProxy {
    /// For which cases.
    pub cases: Vec<ServiceRequestId>,
    /// To whom.
    pub agent_phone: String,
    /// To do what; left out, to read and to add.
    pub verbs: Option<Vec<ProxyVerb>>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Why; at a counter.
    pub reason: Option<String>,
}

/// A proxy to be granted (代办授权).
#[derive(Clone, Debug)]
pub struct GrantProxy {
    /// For which cases.
    pub cases: Vec<ServiceRequestId>,
    /// To whom.
    pub agent: Phone,
    /// To do what.
    pub verbs: Verbs,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Why; at a counter.
    pub reason: Option<String>,
}

impl RawGrantProxy {
    /// Parses the input of a principal.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<GrantProxy> {
        self.parsed(None)
    }

    /// Parses the input of a counter, which says why.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse_at_counter(&self) -> Result<GrantProxy> {
        self.parsed(Some(self.reason.as_deref().unwrap_or_default()))
    }

    fn parsed(&self, reason: Option<&str>) -> Result<GrantProxy> {
        let mut problems = Problems::default();
        let cases = problems.keep(distinct(&self.cases));
        let agent = problems.take(Phone::parse("agentPhone", &self.agent_phone));
        let reason = problems.keep(reason.map(|reason| words("reason", reason, NOTE)).transpose());
        problems.none()?;
        let verbs = self.verbs.clone().map_or_else(Verbs::default, Verbs::of);
        Ok(GrantProxy { cases, agent: parsed(agent)?, verbs, until: self.until, reason })
    }
}

fn distinct(cases: &[ServiceRequestId]) -> std::result::Result<Vec<ServiceRequestId>, UserError> {
    let mut distinct = cases.to_vec();
    distinct.sort();
    distinct.dedup();
    match distinct.len() {
        0 => Err(UserError::at(UserErrorCode::Required, "serviceRequestIds")),
        1..=CASES => Ok(distinct),
        _ => Err(UserError::at(UserErrorCode::LimitExceeded, "serviceRequestIds").with(Detail::Limit(CASES as i64))),
    }
}

fn invalid(field: &str, because: &'static str) -> UserError {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because))
}

/// What every problem-free parse must have given.
fn parsed<T>(value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::Fault(anyhow::anyhow!("a parse without problems gave no value")))
}
