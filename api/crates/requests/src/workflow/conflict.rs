//! Warnings of conflicts (矛盾预警): how far it may go follows from what it is about and how many people there are.

use entity::enums::{ConflictKind, RiskLevel};

use crate::fact::Fact;

/// So many whose wages are owed are a red warning, `domain.md` §A19.
const MANY_WORKERS: i32 = 10;
/// From how many people on a conflict of any other kind is how risky; our own rule, as no text gives one.
const STEPS: [(i32, RiskLevel); 3] = [(30, RiskLevel::Red), (10, RiskLevel::Orange), (3, RiskLevel::Yellow)];

/// How far a conflict may go (风险等级).
///
/// ```
/// # use requests::workflow::risk_of;
/// # use entity::enums::{ConflictKind, RiskLevel};
/// assert_eq!(risk_of(ConflictKind::Labor, 15), RiskLevel::Red);
/// assert_eq!(risk_of(ConflictKind::Neighbor, 2), RiskLevel::Blue);
/// ```
#[must_use]
pub fn risk_of(kind: ConflictKind, headcount: i32) -> RiskLevel {
    if kind == ConflictKind::Labor && headcount >= MANY_WORKERS {
        return RiskLevel::Red;
    }
    STEPS.into_iter().find(|(people, _)| headcount >= *people).map_or(RiskLevel::Blue, |(_, risk)| risk)
}

/// The last warning holds, as more people join or some settle.
pub(super) fn warn(kind: ConflictKind, headcount: i32) -> Fact {
    Fact::ConflictWarned { about: kind, headcount, risk: risk_of(kind, headcount) }
}
