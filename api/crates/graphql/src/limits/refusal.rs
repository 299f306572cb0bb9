//! Why a document is refused: the limit, what it allows, what was found.

use std::fmt;

/// A bound that a document can cross (限额项).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Bytes of the text.
    DocumentBytes,
    /// Lexical tokens.
    Tokens,
    /// Open brackets at one point.
    Brackets,
    /// Nested selection sets, fragments included.
    Levels,
    /// Nested fields.
    Depth,
    /// Aliased fields.
    Aliases,
    /// Fields times list sizes.
    Complexity,
    /// Expanded selections.
    Selections,
    /// Repeated fields or spreads in one selection set.
    Duplicates,
    /// Directives of an operation.
    Directives,
    /// Directives at one place.
    DirectivesAtOnce,
    /// Operations of a document.
    Operations,
    /// Variables of an operation.
    Variables,
    /// Fields of the root.
    RootFields,
    /// Items of a page.
    Page,
    /// Fragments that spread themselves.
    FragmentCycles,
    /// Literals that pretend to be an uploaded file.
    FileLiterals,
    /// Nested fields of introspection.
    IntrospectionDepth,
    /// Selections of introspection.
    IntrospectionSelections,
    /// Nested lists of introspection.
    IntrospectionLists,
    /// Errors of an answer.
    Errors,
}

impl Limit {
    /// The name on the wire, in `extensions.limit`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DocumentBytes => "documentBytes",
            Self::Tokens => "tokens",
            Self::Brackets => "brackets",
            Self::Levels => "levels",
            Self::Depth => "depth",
            Self::Aliases => "aliases",
            Self::Complexity => "complexity",
            Self::Selections => "selections",
            Self::Duplicates => "duplicates",
            Self::Directives => "directives",
            Self::DirectivesAtOnce => "directivesAtOnce",
            Self::Operations => "operations",
            Self::Variables => "variables",
            Self::RootFields => "rootFields",
            Self::Page => "page",
            Self::FragmentCycles => "fragmentCycles",
            Self::FileLiterals => "fileLiterals",
            Self::IntrospectionDepth => "introspectionDepth",
            Self::IntrospectionSelections => "introspectionSelections",
            Self::IntrospectionLists => "introspectionLists",
            Self::Errors => "errors",
        }
    }
}

/// A document asked for more than is allowed (超限). On the wire: code `LIMIT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which bound was crossed.
    pub limit: Limit,
    /// The bound.
    pub allowed: u64,
    /// What was counted. Counting stops at the first excess, so the true figure may be larger.
    pub found: u64,
}

impl Refusal {
    /// Refuses when `found` is over `allowed`.
    ///
    /// # Errors
    /// The refusal itself.
    pub fn over(limit: Limit, allowed: u64, found: u64) -> Result<(), Self> {
        if found > allowed { Err(Self { limit, allowed, found }) } else { Ok(()) }
    }

    /// The same for lengths.
    ///
    /// # Errors
    /// The refusal itself.
    pub fn over_len(limit: Limit, allowed: usize, found: usize) -> Result<(), Self> {
        let wide = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Self::over(limit, wide(allowed), wide(found))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} exceeds the limit: {} allowed, {} found", self.limit.as_str(), self.allowed, self.found)
    }
}

impl std::error::Error for Refusal {}
