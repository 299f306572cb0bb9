//! One matter reported many times (并案; row 6).

use chrono::TimeDelta;

use super::{Into, Refusal};
use crate::case::{Case, is_open};
use crate::fact::Fact;
use crate::sla::{self, Timing};
use entity::enums::ServiceRequestState;

/// A closed case takes others in within this time.
const CLOSED_WITHIN: TimeDelta = TimeDelta::days(15);

/// A case goes on in another that is open, or was closed not long ago; of the same category and near, or of the same person. One
/// step deep: what others were merged into stays.
pub(super) fn merge(case: &Case, into: Into, timing: &Timing) -> Result<Fact, Refusal> {
    if into.id == case.row.id {
        return Err(Refusal::MergeIntoItself);
    }
    if case.row.merged_count > 0 {
        return Err(Refusal::HasMerged);
    }
    let is_closed_lately = into.state == ServiceRequestState::Closed
        && into.closed_at.is_some_and(|closed| timing.now <= closed + CLOSED_WITHIN);
    if !is_open(into.state) && !is_closed_lately {
        return Err(Refusal::MergeIntoOver);
    }
    if !into.is_alike && !into.is_of_same_person {
        return Err(Refusal::MergeUnlike);
    }
    let survey_due_at = is_closed_lately.then(|| timing.clocks().due(sla::ANSWER));
    Ok(Fact::Merged { into: into.id, survey_due_at })
}
