//! What a verb must know of the town (辖区): its map, calendar, categories and time limits, read once and kept in memory.

use std::sync::Arc;

use areas::{Areas, Bounds, Level, Wgs84Point};
use chrono::{DateTime, Utc};
use entity::enums::{CategoryNature, ContentState, Lane, Priority, RequestKind, Visibility};
use entity::id::AreaId;
use entity::{area, service_request};
use kernel::base::Base;
use kernel::error::{Error, Result};

use crate::fact::Class;
use crate::reference::{Category, Edition, FORBIDDEN_WORDS, LADDER, RAISES, Reference};
use crate::sla::{Timing, code_of};
use crate::store;
use crate::workflow::Command;

/// What a verb must know of the town (辖区). Cheap to clone; what it says of an instant holds for ever, see [`mod@crate::reference`].
#[derive(Clone)]
pub struct Town {
    /// Map and working calendar.
    pub areas: Arc<Areas>,
    /// Where a place is plausible.
    pub bounds: Bounds,
    /// Categories, time limits and what else people decide.
    pub reference: Arc<Reference>,
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
        let db = base.db.reader();
        // The number first: rows may be newer than it says, and then they are read once more; never older.
        let number = areas::store::reference_number(db).await?;
        let reference = Reference::read(number, &store::editions(db).await?)?;
        Ok(Self { areas: Arc::new(Areas::load(base).await?), bounds: Bounds::XINHONG, reference: Arc::new(reference) })
    }

    /// How often map, calendar and reference data had been changed when it was read.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.reference.number
    }

    /// Paths of the streets served.
    pub fn streets(&self) -> impl Iterator<Item = &str> {
        self.areas.rows().filter(|row| row.level == Level::Street.as_str()).map(|row| row.path.as_str())
    }

    /// The categories as they are at an instant, parents before children and in their order; those no longer used too.
    #[must_use]
    pub fn categories(&self, at: DateTime<Utc>) -> Vec<&Edition<Category>> {
        let mut all: Vec<_> = self.reference.categories.all_at(at).collect();
        all.sort_by_key(|edition| (edition.code.matches('.').count(), edition.content.position));
        all
    }

    /// A category as it is at an instant; one no longer used too.
    #[must_use]
    pub fn category(&self, code: &str, at: DateTime<Utc>) -> Option<&Edition<Category>> {
        self.reference.categories.at(code, at)
    }

    /// A category that a case may be given at an instant.
    #[must_use]
    pub fn offered_category(&self, code: &str, at: DateTime<Utc>) -> Option<&Edition<Category>> {
        self.reference.categories.offered(code, at)
    }

    /// Whether handling must show a photo of the result.
    #[must_use]
    pub fn needs_photo(&self, category_code: &str, at: DateTime<Utc>) -> bool {
        self.category(category_code, at).is_some_and(|category| category.content.needs_photo)
    }

    /// What the list in force says of words: what it names is looked at by a person before it is published.
    #[must_use]
    pub fn check(&self, text: &str, at: DateTime<Utc>) -> ContentState {
        let is_named = self.reference.words.at(FORBIDDEN_WORDS, at).is_some_and(|list| list.content.holds_back(text));
        if is_named { ContentState::Review } else { ContentState::Pass }
    }

    /// The priority at least of a case that so many people report or follow; `None` for few.
    #[must_use]
    pub fn raised_by(&self, people: i64, at: DateTime<Utc>) -> Option<Priority> {
        let raises = self.reference.raises.at(RAISES, at)?.content.iter().rev();
        raises.clone().find(|raise| people >= i64::from(raise.people)).map(|raise| raise.priority)
    }

    /// An area; one that is no more too.
    #[must_use]
    pub fn area(&self, code: &str) -> Option<AreaRef> {
        self.areas.by_code(code).map(AreaRef::from)
    }

    /// An area in use.
    #[must_use]
    pub fn area_in_use(&self, code: &str) -> Option<AreaRef> {
        self.areas.in_use(code).map(AreaRef::from)
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

    /// The time conditions of a version of a policy at an instant.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when this node does not know the version yet; a fault when nobody knows the policy.
    pub fn timing(&self, sla_code: &str, version: i32, now: DateTime<Utc>) -> Result<Timing<'_>> {
        let policies = &self.reference.policies;
        if policies.latest(sla_code).is_none() {
            return Err(Error::Fault(anyhow::anyhow!("no SLA policy {sla_code}")));
        }
        let edition = policies.version(sla_code, version).ok_or(Error::Unavailable("the time limits"))?;
        let ladder = self.reference.ladder.at(LADDER, now).map_or(&[][..], |edition| edition.content.as_slice());
        Ok(Timing { now, calendar: &self.areas.calendar, policy: &edition.content, version, ladder })
    }

    /// When another ladder of warnings begins next, as far as one is planned.
    #[must_use]
    pub fn ladder_changes_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.reference.ladder.editions(LADDER).iter().map(|edition| edition.valid_from).filter(|from| *from > now).min()
    }

    /// The time conditions of a case: by the version that decided about it.
    ///
    /// # Errors
    /// As [`Town::timing`].
    pub fn timing_of(&self, row: &service_request::Model, now: DateTime<Utc>) -> Result<Timing<'_>> {
        self.timing(&row.sla_code, row.sla_version, now)
    }

    /// The time conditions under which a command is carried out: what sends a case to a unit goes by the limits in force now,
    /// what classifies it by those of its new class, everything else by those the case has.
    ///
    /// # Errors
    /// As [`Town::timing`].
    pub fn timing_for(
        &self,
        row: &service_request::Model,
        command: &Command,
        now: DateTime<Utc>,
    ) -> Result<Timing<'_>> {
        match command {
            Command::Dispatch { .. } | Command::Confer { .. } => {
                self.timing(&row.sla_code, self.version_in_force(&row.sla_code, now), now)
            }
            Command::Accept(class) | Command::FastTrack { class, .. } => {
                self.timing(&class.sla_code, class.sla_version, now)
            }
            _ => self.timing_of(row, now),
        }
    }

    /// Version of the time limits in force; the first where none is.
    fn version_in_force(&self, sla_code: &str, now: DateTime<Utc>) -> i32 {
        self.reference.policies.at(sla_code, now).map_or(1, |edition| edition.version)
    }

    /// What follows from a category: whether it is a city object, its lane and its policy; and that what is sensitive is
    /// not published. What the content check says is kept as it is.
    #[must_use]
    pub fn classify(
        &self,
        edition: &Edition<Category>,
        request_kind: RequestKind,
        priority: Priority,
        visibility: Visibility,
        (content_state, now): (ContentState, DateTime<Utc>),
    ) -> Class {
        let category = &edition.content;
        let lane = if category.sla_code.as_deref() == Some("GREEN") { Lane::Green } else { Lane::Normal };
        let sla_code = code_of(Some(category), request_kind, lane, priority);
        let is_private = category.is_sensitive || request_kind == RequestKind::Report;
        Class {
            request_kind,
            category_code: edition.code.clone(),
            is_city_object: category.nature != CategoryNature::Service,
            lane,
            priority,
            sla_version: self.version_in_force(&sla_code, now),
            sla_code,
            visibility: if is_private { Visibility::Private } else { visibility },
            content_state,
        }
    }
}
