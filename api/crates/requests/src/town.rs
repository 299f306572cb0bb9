//! What a verb must know of the town (辖区): its map, calendar, categories and time limits, read once and kept in memory.

use std::collections::HashMap;
use std::sync::Arc;

use areas::{Areas, Bounds, Wgs84Point};
use chrono::{DateTime, Utc};
use entity::enums::{CategoryNature, Lane, Priority, RequestKind, Visibility};
use entity::id::AreaId;
use entity::{area, request_category, service_request};
use kernel::base::Base;
use kernel::error::{Error, Result};

use crate::fact::Class;
use crate::sla::{SlaPolicy, Timing, code_of};
use crate::store::{self, Reference};
use crate::workflow::alarm::Rung;

/// What a verb must know of the town (辖区). Cheap to clone; loaded anew when the map or the reference data changes.
#[derive(Clone)]
pub struct Town {
    /// Map and working calendar.
    pub areas: Arc<Areas>,
    /// Where a place is plausible.
    pub bounds: Bounds,
    categories: Arc<Vec<request_category::Model>>,
    policies: Arc<HashMap<String, SlaPolicy>>,
    ladder: Arc<Vec<Rung>>,
    raises: Arc<Vec<(i32, Priority)>>,
}

/// How many levels from the street down to a micro grid, the smallest.
const GRID: usize = 4;
/// And to a self-government grid.
const NEIGHBOURHOOD: usize = 3;

/// An area as requests refer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaRef {
    /// Key.
    pub id: AreaId,
    /// Code.
    pub code: String,
    /// `/code/code/…/` from the street down.
    pub path: String,
}

impl From<&area::Model> for AreaRef {
    fn from(row: &area::Model) -> Self {
        Self { id: row.id, code: row.code.clone(), path: row.path.clone() }
    }
}

impl AreaRef {
    /// Code of the street: the first part of the path.
    #[must_use]
    pub fn street(&self) -> &str {
        self.path.split('/').find(|part| !part.is_empty()).unwrap_or_default()
    }
}

impl Town {
    /// Reads the town from the database.
    ///
    /// # Errors
    /// When the database does not answer or holds a shape, day or limit that cannot be read.
    pub async fn load(base: &Base) -> anyhow::Result<Self> {
        let Reference { categories, policies, ladder, raises } = store::reference(base).await?;
        let policies = policies.iter().map(|row| Ok((row.code.clone(), SlaPolicy::read(row)?)));
        Ok(Self {
            areas: Arc::new(Areas::load(base).await?),
            bounds: Bounds::XINHONG,
            policies: Arc::new(policies.collect::<anyhow::Result<_>>()?),
            raises: Arc::new(raises),
            categories: Arc::new(categories),
            ladder: Arc::new(ladder.iter().map(Rung::read).collect::<anyhow::Result<_>>()?),
        })
    }

    /// The categories, parents before children.
    pub fn categories(&self) -> impl Iterator<Item = &request_category::Model> {
        self.categories.iter()
    }

    /// A category.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&request_category::Model> {
        self.categories.iter().find(|category| category.code == code)
    }

    /// Whether handling must show a photo of the result.
    #[must_use]
    pub fn needs_photo(&self, category_code: &str) -> bool {
        self.category(category_code).is_some_and(|category| category.needs_photo)
    }

    /// A policy.
    #[must_use]
    pub fn policy(&self, sla_code: &str) -> Option<&SlaPolicy> {
        self.policies.get(sla_code)
    }

    /// The priority at least of a case that so many people report or follow; `None` for few.
    #[must_use]
    pub fn raised_by(&self, people: i64) -> Option<Priority> {
        self.raises.iter().rev().find(|(least, _)| people >= i64::from(*least)).map(|(_, priority)| *priority)
    }

    /// An area.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<AreaRef> {
        self.areas.by_code(code).map(AreaRef::from)
    }

    /// The grid an area lies in, when it is a compound or a building; else itself.
    #[must_use]
    pub fn grid_of(&self, area: AreaRef) -> AreaRef {
        self.ancestor(&area.path, GRID).unwrap_or(area)
    }

    /// What the public may know of where a case lies: the neighbourhood (自治网格), of some thousand people.
    #[must_use]
    pub fn neighbourhood_of(&self, area_path: &str) -> Option<AreaRef> {
        self.ancestor(area_path, NEIGHBOURHOOD)
    }

    /// The area so many levels from the street down, or the last one of a shorter path.
    fn ancestor(&self, path: &str, depth: usize) -> Option<AreaRef> {
        let code = path.split('/').filter(|part| !part.is_empty()).take(depth).last()?;
        self.area(code)
    }

    /// The smallest grid that holds a place; `None` outside the streets served.
    #[must_use]
    pub fn area_at(&self, place: Wgs84Point) -> Option<AreaRef> {
        self.areas.at(place).map(AreaRef::from)
    }

    /// The smallest grid of a street whose name, or the name of a place in it, an address tells.
    #[must_use]
    pub fn area_named_in(&self, address: &str, street: &AreaRef) -> Option<AreaRef> {
        self.areas.named_in(address, &street.path).map(|row| self.grid_of(AreaRef::from(row)))
    }

    /// The time conditions of a policy at an instant.
    ///
    /// # Errors
    /// A fault when the policy is not in the table.
    pub fn timing(&self, sla_code: &str, now: DateTime<Utc>) -> Result<Timing<'_>> {
        let missing = || Error::Fault(anyhow::anyhow!("no SLA policy {sla_code}"));
        let policy = self.policy(sla_code).ok_or_else(missing)?;
        Ok(Timing { now, calendar: &self.areas.calendar, policy, ladder: &self.ladder })
    }

    /// The time conditions of a case.
    ///
    /// # Errors
    /// As [`Town::timing`].
    pub fn timing_of(&self, row: &service_request::Model, now: DateTime<Utc>) -> Result<Timing<'_>> {
        self.timing(&row.sla_code, now)
    }

    /// What follows from a category: whether it is a city object, its lane and its policy; and that what is sensitive is
    /// not published. `is_held` is kept as it is.
    #[must_use]
    pub fn classify(
        &self,
        category: &request_category::Model,
        request_kind: RequestKind,
        priority: Priority,
        visibility: Visibility,
        is_held: bool,
    ) -> Class {
        let lane = if category.sla_code.as_deref() == Some("GREEN") { Lane::Green } else { Lane::Normal };
        let is_private = category.is_sensitive || request_kind == RequestKind::Report;
        Class {
            request_kind,
            category_code: category.code.clone(),
            is_city_object: category.nature != CategoryNature::Service,
            lane,
            priority,
            sla_code: code_of(Some(category), request_kind, lane, priority),
            visibility: if is_private { Visibility::Private } else { visibility },
            is_held,
        }
    }
}
