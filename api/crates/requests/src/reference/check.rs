//! Whether a decision makes sense beside all else that holds when it begins (合理性检查); pure.

use areas::TimeLimit;
use chrono::{DateTime, Utc};
use entity::enums::EditionKind;
use kernel::error::{Detail, Result, UserError, UserErrorCode};

use super::category::parent_of;
use super::{Category, Content, Keeping, Raise, Reference, Retention, Template};
use crate::sla::SlaPolicy;
use crate::workflow::alarm::Rung;

/// Levels of the tree of categories at most.
const LEVELS: usize = 3;
/// Minutes of a clock at most, a working day counted as a day: ninety days.
const LONGEST: u64 = 90 * DAY;
const DAY: u64 = 24 * 60;
/// Days until a case is archived, at least: nobody has it opened again, merges into it or answers about it any more.
const ARCHIVE: i32 = 30;
/// Days until it is nobody's, at least: the inboxes of those it was told to have forgotten it by then.
const ANONYMISE: i32 = 365;
/// Days of either at most.
const KEPT: i32 = 36_500;

type Checked = std::result::Result<(), UserError>;

fn invalid(field: &str, because: &'static str) -> UserError {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because))
}

/// Whether something may be decided from an instant on.
pub(super) fn fits(content: &Content, code: &str, at: DateTime<Utc>, reference: &Reference) -> Result<()> {
    match content {
        Content::Category(category) => fits_tree(category, code, at, reference),
        Content::SlaPolicy(policy) => is_sensible(policy),
        Content::Ladder(rungs) => climbs(rungs),
        Content::Raises(raises) => rises(raises),
        // They speak of areas and units, which are looked for apart.
        Content::Routing(_) | Content::ForbiddenWords(_) => Ok(()),
        Content::Template(template) => speaks_of_a_category(template, at, reference),
        Content::Retention(rule) => keeps_long_enough(rule),
    }?;
    Ok(())
}

/// Whether a thing may be used for nothing new from an instant on.
pub(super) fn may_retire(kind: EditionKind, code: &str, at: DateTime<Utc>, reference: &Reference) -> Result<()> {
    let is_child = |other: &str| parent_of(other) == Some(code);
    let mut others = reference.categories.codes().filter(|other| is_child(other));
    match kind {
        EditionKind::Category if others.any(|other| reference.categories.is_ever_offered(other, at)) => {
            Err(invalid("code", "has_children").into())
        }
        _ => Ok(()),
    }
}

fn fits_tree(category: &Category, code: &str, at: DateTime<Utc>, reference: &Reference) -> Checked {
    if code.split('.').count() > LEVELS {
        return Err(invalid("code", "too_deep"));
    }
    if parent_of(code).is_some_and(|parent| !reference.categories.is_always_offered(parent, at)) {
        return Err(invalid("code", "unknown_parent"));
    }
    let is_unknown = |sla_code: &String| reference.policies.offered(sla_code, at).is_none();
    if category.sla_code.as_ref().is_some_and(is_unknown) {
        return Err(invalid("slaCode", "unknown"));
    }
    Ok(())
}

fn speaks_of_a_category(template: &Template, at: DateTime<Utc>, reference: &Reference) -> Checked {
    let is_unknown = |code: &String| reference.categories.offered(code, at).is_none();
    if template.category_code.as_ref().is_some_and(is_unknown) {
        return Err(invalid("categoryCode", "unknown"));
    }
    Ok(())
}

/// What comes first is due first: nobody is called after the work is over, nor is an extension shorter than what it extends.
fn is_sensible(policy: &SlaPolicy) -> Checked {
    let handle = length(policy.handle);
    let steps = [
        ("accept", Some(policy.accept), handle),
        ("sign", Some(policy.sign), handle),
        ("contact", Some(policy.contact), handle),
        ("handle", Some(policy.handle), policy.longest.map_or(LONGEST, length)),
        ("rework", Some(policy.rework), policy.longest.map_or(LONGEST, length).max(handle)),
        ("verify", Some(policy.verify), LONGEST),
        ("longest", policy.longest, LONGEST),
    ];
    let too_long = steps.into_iter().find(|(_, limit, most)| limit.is_some_and(|limit| length(limit) > *most));
    match too_long {
        Some((field, ..)) => Err(invalid(field, "longer_than_allowed")),
        None => Ok(()),
    }
}

/// Minutes of a clock, so that different kinds of time compare: seven working hours are a working day, and that is a day.
fn length(limit: TimeLimit) -> u64 {
    match limit {
        TimeLimit::Minutes(count) => u64::from(count),
        TimeLimit::Hours(count) => u64::from(count) * 60,
        TimeLimit::WorkingHours(count) => u64::from(count) * DAY / 7,
        TimeLimit::WorkingDays(count) => u64::from(count) * DAY,
    }
}

/// Rungs of each clock are numbered from 1 and come one after the other.
fn climbs(rungs: &[Rung]) -> Checked {
    let mut sorted: Vec<&Rung> = rungs.iter().collect();
    sorted.sort_by_key(|rung| (rung.clock, rung.step));
    for (index, rung) in sorted.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| sorted.get(index)).filter(|other| other.clock == rung.clock);
        let late = |rung: &Rung| (rung.percent, rung.after.map_or(0, length));
        if rung.step != before.map_or(1, |before| before.step + 1) {
            return Err(invalid("rungs", "not_numbered"));
        }
        let is_odd = !(1..=100).contains(&rung.percent) || (rung.after.is_some() && rung.percent < 100);
        if is_odd || before.is_some_and(|before| late(before) > late(rung)) {
            return Err(invalid("rungs", "out_of_order"));
        }
    }
    Ok(())
}

/// More people raise a case further.
fn rises(raises: &[Raise]) -> Checked {
    let is_odd = |raise: &Raise| !(2..=100_000).contains(&raise.people);
    let falls = |pair: &[Raise]| matches!(pair, [a, b] if a.people >= b.people || a.priority >= b.priority);
    if raises.iter().any(is_odd) || raises.windows(2).any(falls) {
        return Err(invalid("rules", "out_of_order"));
    }
    Ok(())
}

/// What is archived can still be told whose it is; what is nobody's is archived.
fn keeps_long_enough(rule: &Retention) -> Checked {
    let checked = |keeping: Keeping, archive: &str, anonymise: &str| {
        if !(ARCHIVE..=KEPT).contains(&keeping.archive_after) {
            return Err(invalid(archive, "out_of_range"));
        }
        if !(keeping.archive_after.max(ANONYMISE)..=KEPT).contains(&keeping.anonymise_after) {
            return Err(invalid(anonymise, "out_of_range"));
        }
        Ok(())
    };
    checked(rule.closed, "closed.archiveAfterDays", "closed.anonymiseAfterDays")?;
    checked(rule.turned_down, "turnedDown.archiveAfterDays", "turnedDown.anonymiseAfterDays")
}
