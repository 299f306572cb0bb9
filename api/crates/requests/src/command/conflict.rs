//! A warning of people in conflict.

use super::*;

/// People at most that a warning speaks of.
const HEADCOUNT: i32 = 100_000;

/// A warning of a conflict, as sent.
#[derive(Clone, Debug)]
pub struct RawOpenConflictWarning {
    /// Which case.
    pub on: Target,
    /// What about.
    pub kind: ConflictKind,
    /// How many people.
    pub headcount: i32,
    /// What the staff should know.
    pub note: Option<String>,
}

/// A warning of a conflict (矛盾预警).
#[derive(Clone, Debug)]
pub struct OpenConflictWarning {
    /// Which case.
    pub on: Target,
    /// What about.
    pub kind: ConflictKind,
    /// How many people, from 1 on.
    pub headcount: i32,
    /// What the staff should know.
    pub note: Option<String>,
}

impl RawOpenConflictWarning {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<OpenConflictWarning> {
        let mut problems = Problems::default();
        let note = problems.keep(optional("note", self.note.as_deref(), WORDS, words));
        if !(1..=HEADCOUNT).contains(&self.headcount) {
            problems.add(invalid("headcount", "out_of_range"));
        }
        problems.none()?;
        Ok(OpenConflictWarning { on: self.on, kind: self.kind, headcount: self.headcount, note })
    }
}
