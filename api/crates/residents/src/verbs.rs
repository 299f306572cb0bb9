//! What an agent may do (代办事项的权限).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// One thing an agent may do in a case (代办权限); reading it goes with each.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProxyVerb {
    /// See it as the reporter does.
    Read,
    /// Add words or photos.
    Supplement,
    /// Take it back.
    Withdraw,
    /// Object to a refusal.
    Object,
    /// Answer the survey.
    Survey,
}

/// What an agent may do in the cases of a proxy; at least to read them.
///
/// ```
/// use residents::{ProxyVerb, Verbs};
/// let verbs = Verbs::of([ProxyVerb::Survey]);
/// assert!(verbs.has(ProxyVerb::Read) && verbs.has(ProxyVerb::Survey) && !verbs.has(ProxyVerb::Withdraw));
/// assert_eq!(Verbs::read(&verbs.text()), verbs);
/// assert!(Verbs::default().has(ProxyVerb::Supplement));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verbs(BTreeSet<ProxyVerb>);

impl Default for Verbs {
    fn default() -> Self {
        Self::of([ProxyVerb::Supplement])
    }
}

impl Verbs {
    /// These, and reading.
    pub fn of(verbs: impl IntoIterator<Item = ProxyVerb>) -> Self {
        Self(verbs.into_iter().chain([ProxyVerb::Read]).collect())
    }

    /// Whether it is among them.
    #[must_use]
    pub fn has(&self, verb: ProxyVerb) -> bool {
        self.0.contains(&verb)
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = ProxyVerb> {
        self.0.iter().copied()
    }

    /// As the column holds them.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|verb| <&str>::from(*verb)).collect::<Vec<_>>().join(" ")
    }

    /// As the column holds them, read back; what is not known any more grants nothing.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self::of(text.split(' ').filter_map(|name| name.parse().ok()))
    }
}
