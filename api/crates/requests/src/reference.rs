//! Reference data (参考数据): what differs by place and year and is therefore decided by people, not by code — categories, time
//! limits, warnings, rules of dispatch, templates, forbidden words, how long cases are kept.
//!
//! One concept carries all of it. An [`Edition`] says what one thing, named by its code, is from an instant on. Editions are
//! only added: version 1, 2, 3 … Of two that have begun, the later decision holds, so that what was planned and then decided
//! otherwise never comes into force. No edition begins before it is decided; hence what held at an instant of the past holds
//! there for ever, and what was decided by it can be told anew.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::edition;
use entity::enums::EditionKind;
use entity::id::{AccountId, EditionId};
use serde::Serialize;
use serde::de::DeserializeOwned;

mod category;
mod check;
mod command;
mod enact;
mod ladder;
mod live;
mod retention;
pub mod routing;
mod simulation;
mod template;
pub use category::{Category, parent_of};
pub use command::{
    About, RawCategory, RawSlaPolicy, RawTemplate, forbidden_words, ladder, raises, retention, retire_category,
    retire_template, routing_rules, time_limit,
};
pub use enact::{Content, Enact, ReferenceFact, enact, may_enact, may_read};
pub use ladder::{LADDER, RAISES, Raise};

pub use crate::workflow::alarm::Rung;
pub use live::LiveTown;
pub use retention::{Keeping, RETENTION, Retention};
pub use simulation::{SCANNED, Simulate, Simulated, try_rules};
pub use template::{Filled, PLACEHOLDERS, Template, fill, is_fillable, templates_for};

pub use crate::content::ForbiddenWords;
use crate::sla::SlaPolicy;

/// Code of the one list of words that must not be published.
pub const FORBIDDEN_WORDS: &str = "FORBIDDEN_WORDS";

/// What one thing says from an instant on (版次).
#[derive(Clone, Debug, PartialEq)]
pub struct Edition<T> {
    /// Key.
    pub id: EditionId,
    /// Code of the thing.
    pub code: String,
    /// From 1, without gaps.
    pub version: i32,
    /// Holds from then on.
    pub valid_from: DateTime<Utc>,
    /// The thing is used for nothing new since.
    pub is_retired: bool,
    /// What it says.
    pub content: T,
    /// Who decided; `None` for what the product brought along.
    pub decided_by: Option<AccountId>,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
}

/// The edition that holds at an instant: of those that have begun, the one decided last. They stand in the order of their
/// versions.
#[must_use]
pub fn in_force<T>(editions: &[Edition<T>], at: DateTime<Utc>) -> Option<&Edition<T>> {
    editions.iter().rev().find(|edition| edition.valid_from <= at)
}

/// When a version ceases to hold: when one decided later begins. `None` while nothing is to follow; not after its own
/// beginning when it never comes into force.
#[must_use]
pub fn ends_at<T>(editions: &[Edition<T>], version: i32) -> Option<DateTime<Utc>> {
    editions.iter().filter(|later| later.version > version).map(|later| later.valid_from).min()
}

/// All editions of the things of one kind, by code (版次目录).
#[derive(Clone, Debug)]
pub struct Shelf<T>(BTreeMap<String, Vec<Edition<T>>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: DeserializeOwned + Serialize> Shelf<T> {
    /// Takes what is of a kind among rows that stand in the order of their versions.
    ///
    /// # Errors
    /// When a row says something that cannot be read.
    pub fn read(rows: &[edition::Model], kind: EditionKind) -> anyhow::Result<Self> {
        let mut shelf = Self::default();
        for row in rows.iter().filter(|row| row.kind == kind) {
            shelf.0.entry(row.code.clone()).or_default().push(Edition::read(row)?);
        }
        Ok(shelf)
    }
}

impl<T: DeserializeOwned> Edition<T> {
    /// Reads a row.
    ///
    /// # Errors
    /// When it says something that cannot be read.
    pub fn read(row: &edition::Model) -> anyhow::Result<Self> {
        let content = serde_json::from_value(row.content.clone())
            .map_err(|error| anyhow::anyhow!("{:?} {} version {}: {error}", row.kind, row.code, row.version))?;
        Ok(Self {
            id: row.id,
            code: row.code.clone(),
            version: row.version,
            valid_from: row.valid_from,
            is_retired: row.is_retired,
            content,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
    }
}

impl<T> Shelf<T> {
    /// The editions of a thing, in the order of their versions; none of one that is unknown.
    #[must_use]
    pub fn editions(&self, code: &str) -> &[Edition<T>] {
        self.0.get(code).map_or(&[], Vec::as_slice)
    }

    /// What holds of a thing at an instant, also when it is retired.
    #[must_use]
    pub fn at(&self, code: &str, at: DateTime<Utc>) -> Option<&Edition<T>> {
        in_force(self.editions(code), at)
    }

    /// What may be used for something new at an instant.
    #[must_use]
    pub fn offered(&self, code: &str, at: DateTime<Utc>) -> Option<&Edition<T>> {
        self.at(code, at).filter(|edition| !edition.is_retired)
    }

    /// Whether something may be used for something new at some instant from one on, as far as is decided.
    #[must_use]
    pub fn is_ever_offered(&self, code: &str, from: DateTime<Utc>) -> bool {
        self.changes(code, from).any(|at| self.offered(code, at).is_some())
    }

    /// Whether something may be used for something new from an instant on, as far as is decided.
    #[must_use]
    pub fn is_always_offered(&self, code: &str, from: DateTime<Utc>) -> bool {
        self.changes(code, from).all(|at| self.offered(code, at).is_some())
    }

    /// An instant, and those after it at which a thing may be another.
    fn changes(&self, code: &str, from: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let later = self.editions(code).iter().map(|edition| edition.valid_from).filter(move |at| *at > from);
        std::iter::once(from).chain(later)
    }

    /// One version of a thing.
    #[must_use]
    pub fn version(&self, code: &str, version: i32) -> Option<&Edition<T>> {
        self.editions(code).iter().find(|edition| edition.version == version)
    }

    /// The edition decided last, whether it has begun or not.
    #[must_use]
    pub fn latest(&self, code: &str) -> Option<&Edition<T>> {
        self.editions(code).last()
    }

    /// What holds at an instant of each thing, by code; what is retired too.
    pub fn all_at(&self, at: DateTime<Utc>) -> impl Iterator<Item = &Edition<T>> {
        self.0.values().filter_map(move |editions| in_force(editions, at))
    }

    /// The codes known.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// All reference data as one node holds it, with its past and what is planned (参考数据).
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// How many times it was changed; a node that knows fewer reads it anew.
    pub number: i64,
    /// Categories.
    pub categories: Shelf<Category>,
    /// Time limits.
    pub policies: Shelf<SlaPolicy>,
    /// The ladder of warnings, under [`LADDER`].
    pub ladder: Shelf<Vec<Rung>>,
    /// How many people raise a case how far, under [`RAISES`].
    pub raises: Shelf<Vec<Raise>>,
    /// The rules of dispatch, under [`routing::ROUTING`].
    pub routing: Shelf<Vec<routing::Rule>>,
    /// Words that must not be published, under [`FORBIDDEN_WORDS`].
    pub words: Shelf<ForbiddenWords>,
    /// Templates of replies.
    pub templates: Shelf<Template>,
    /// How long cases are kept, under [`RETENTION`].
    pub retention: Shelf<Retention>,
}

impl Reference {
    /// Takes rows that stand in the order of their versions.
    ///
    /// # Errors
    /// When a row says something that cannot be read.
    pub fn read(number: i64, rows: &[edition::Model]) -> anyhow::Result<Self> {
        Ok(Self {
            number,
            categories: Shelf::read(rows, EditionKind::Category)?,
            policies: Shelf::read(rows, EditionKind::SlaPolicy)?,
            ladder: Shelf::read(rows, EditionKind::Ladder)?,
            raises: Shelf::read(rows, EditionKind::Raises)?,
            routing: Shelf::read(rows, EditionKind::Routing)?,
            words: Shelf::read(rows, EditionKind::ForbiddenWords)?,
            templates: Shelf::read(rows, EditionKind::ReplyTemplate)?,
            retention: Shelf::read(rows, EditionKind::Retention)?,
        })
    }
}

#[cfg(test)]
mod tests;
