//! Deciding what holds from an instant on (颁布): one verb for reference data of every kind.

use chrono::{DateTime, Utc};
use entity::edition;
use entity::enums::{EditionKind, Role};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::{Record, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::routing::Rule;
use super::{Category, ForbiddenWords, Raise, Reference, Retention, Template, check, simulation};
use crate::sla::SlaPolicy;
use crate::store;
use crate::town::Town;
use crate::workflow::alarm::Rung;

/// Versions of one thing at most: every node holds all of them.
const VERSIONS: i32 = 1_000;

/// What an edition says, by kind (版次内容).
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A category.
    Category(Category),
    /// Time limits.
    SlaPolicy(SlaPolicy),
    /// The ladder of warnings.
    Ladder(Vec<Rung>),
    /// How many people raise a case how far.
    Raises(Vec<Raise>),
    /// The rules of dispatch.
    Routing(Vec<Rule>),
    /// Words that must not be published.
    ForbiddenWords(ForbiddenWords),
    /// A template of replies.
    Template(Template),
    /// How long cases are kept.
    Retention(Retention),
}

impl Content {
    /// As the table keeps it.
    fn written(&self) -> serde_json::Result<Value> {
        match self {
            Self::Category(category) => serde_json::to_value(category),
            Self::SlaPolicy(policy) => serde_json::to_value(policy),
            Self::Ladder(rungs) => serde_json::to_value(rungs),
            Self::Raises(raises) => serde_json::to_value(raises),
            Self::Routing(rules) => serde_json::to_value(rules),
            Self::ForbiddenWords(words) => serde_json::to_value(words),
            Self::Template(template) => serde_json::to_value(template),
            Self::Retention(rule) => serde_json::to_value(rule),
        }
    }
}

/// A decision (颁布): what a thing says from an instant on, as whoever decides last saw it.
#[derive(Clone, Debug)]
pub struct Enact {
    /// Kind of the thing.
    pub kind: EditionKind,
    /// Its code.
    pub code: String,
    /// The version of the edition decided last; 0 for a thing that is new.
    pub expected_version: i32,
    /// From when; at once when `None`.
    pub valid_from: Option<DateTime<Utc>>,
    /// What it says; `None` when it is used for nothing new any more.
    pub content: Option<Content>,
}

/// That something was decided (事实).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum ReferenceFact {
    /// It holds from an instant on.
    #[serde(rename = "reference.enacted")]
    Enacted {
        /// Kind of the thing.
        reference: EditionKind,
        /// Its code.
        code: String,
        /// From when.
        valid_from: DateTime<Utc>,
        /// Whether it is used for nothing new any more.
        is_retired: bool,
    },
}

impl Record for ReferenceFact {
    const SUBJECT: &'static str = "edition";
}

/// Whether somebody may decide on reference data: a chief on duty for all the streets served, since it holds for all of them.
#[must_use]
pub fn may_enact(actor: &Actor, town: &Town) -> bool {
    let is_chief = |street: &str| actor.is_in_area(Role::DutyChief, street);
    *actor == Actor::System || (actor.is_any(&[Role::DutyChief]) && town.streets().all(is_chief))
}

/// Whether somebody may read what was and what will be: who works here.
#[must_use]
pub fn may_read(actor: &Actor) -> bool {
    use Role as R;
    let is_partner =
        |role| matches!(role, R::EnterpriseContact | R::Volunteer | R::PropertyManager | R::OwnersCommittee);
    let is_staff = |role| !matches!(role, R::Resident | R::Worker | R::PartyMember) && !is_partner(role);
    *actor == Actor::System || actor.grants().iter().any(|grant| is_staff(grant.role))
}

/// Somebody decides what a thing says from an instant on (颁布).
///
/// # Errors
/// [`Error::Forbidden`] for all but chiefs on duty; [`Error::Conflict`] when it was decided otherwise meanwhile;
/// [`Error::NotFound`] for the end of what never was; `INVALID` for an instant that is past or far away, and for what makes no
/// sense beside the rest.
pub async fn enact(tx: &mut Tx, town: &Town, decision: &Enact) -> Result<edition::Model> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    if !may_enact(tx.actor(), town) {
        return Err(Error::Forbidden);
    }
    // Whoever decides waits for whoever does, so that none decides beside what he does not see.
    areas::store::reference_changed(tx).await?;
    let rows = store::editions(tx.db()).await?;
    let latest = rows.iter().rev().find(|row| row.kind == decision.kind && row.code == decision.code);
    let version = next_version(decision, latest)?;
    let valid_from = areas::change::begins(decision.valid_from, tx.now())?;
    let reference = Reference::read(0, &rows)?;
    let content = match (&decision.content, latest) {
        (Some(content), _) => {
            check::fits(content, &decision.code, valid_from, &reference)?;
            are_there(tx, town, content, valid_from).await?;
            content.written()?
        }
        (None, Some(row)) => {
            check::may_retire(decision.kind, &decision.code, valid_from, &reference)?;
            row.content.clone()
        }
        (None, None) => return Err(Error::NotFound),
    };
    let row = edition::Model {
        id: tx.id()?,
        kind: decision.kind,
        code: decision.code.clone(),
        version,
        valid_from,
        is_retired: decision.content.is_none(),
        content,
        decided_by: tx.actor().account(),
        decided_at: tx.now(),
    };
    add(tx, &row).await?;
    Ok(row)
}

/// The version that a decision makes, if it is made by who saw the one before.
fn next_version(decision: &Enact, latest: Option<&edition::Model>) -> Result<i32> {
    if latest.is_none() && decision.expected_version != 0 {
        return Err(Error::NotFound);
    }
    let version = latest.map_or(0, |row| row.version);
    if version != decision.expected_version {
        return Err(Error::Conflict);
    }
    if version >= VERSIONS {
        let full = UserError::at(UserErrorCode::LimitExceeded, "code").with(Detail::Limit(VERSIONS.into()));
        return Err(full.into());
    }
    Ok(version + 1)
}

/// Adds an edition, and says that it was.
async fn add(tx: &mut Tx, row: &edition::Model) -> Result<()> {
    store::add_edition(tx, row).await?;
    if row.kind == EditionKind::Ladder {
        store::look_at_all(tx, row.valid_from).await?;
    }
    let (kind, code, version, valid_from) = (row.kind, row.code.clone(), row.version, row.valid_from);
    tx.audit_detail(json!({ "kind": kind, "code": code, "version": version, "validFrom": valid_from }));
    let fact = ReferenceFact::Enacted { reference: kind, code, valid_from, is_retired: row.is_retired };
    tx.record(row.id.0, version, &fact)?;
    Ok(())
}

/// Whether the areas and units exist that rules of dispatch and templates name.
async fn are_there(tx: &Tx, town: &Town, content: &Content, at: DateTime<Utc>) -> Result<()> {
    let (units, field) = match content {
        Content::Routing(rules) => {
            simulation::check(town, rules, at)?;
            are_to_stay(tx, rules).await?;
            (simulation::units_of(rules), "rules.unitId")
        }
        Content::Template(template) => (template.unit.into_iter().collect(), "unitId"),
        _ => return Ok(()),
    };
    if units.is_empty() || directory::active_units(tx.db(), &units).await?.len() == units.len() {
        return Ok(());
    }
    Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("not_an_active_unit")).into())
}

/// Whether grids that rules name are there, and are to be: none that a change of the map has taken away, which this node may not know
/// yet, or will.
async fn are_to_stay(tx: &Tx, rules: &[Rule]) -> Result<()> {
    let codes: Vec<&str> = rules.iter().filter_map(|rule| rule.area_code.as_deref()).collect();
    if areas::store::is_any_gone(tx.db(), &codes).await? {
        return Err(UserError::at(UserErrorCode::Invalid, "rules.areaCode").with(Detail::Because("unknown")).into());
    }
    for change in areas::store::planned_changes(tx.db()).await? {
        let redraw: areas::Redraw = serde_json::from_value(change.redraw)?;
        let named = |code: &areas::AreaCode| rules.iter().any(|rule| rule.area_code.as_deref() == Some(code.as_str()));
        if redraw.retired().any(named) {
            let gone = UserError::at(UserErrorCode::Invalid, "rules.areaCode").with(Detail::Because("is_to_go"));
            return Err(gone.into());
        }
    }
    Ok(())
}
