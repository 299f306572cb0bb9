//! Time limits (时限): which policy holds for a request, and the due times that follow from it.

use anyhow::Context as _;
use areas::{Calendar, TimeLimit};
use chrono::{DateTime, Utc};
use entity::enums::{Lane, Priority, RequestKind};
use entity::{request_category, sla_policy};

/// The time limits of one kind of matter (办理时限), as the table `sla_policy` gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct SlaPolicy {
    /// Acceptance; also the time filing and dispatch may take, for which the published rules give none.
    pub accept: TimeLimit,
    /// Signing.
    pub sign: TimeLimit,
    /// First contact; `None` when the reporter need not be called.
    pub contact: Option<TimeLimit>,
    /// Handling.
    pub handle: TimeLimit,
    /// Verification.
    pub verify: TimeLimit,
    /// Handling in a later round.
    pub rework: TimeLimit,
}

/// Deciding a return takes at most four working hours.
pub const DECIDE_RETURN: TimeLimit = TimeLimit::WorkingHours(4);
/// A bad answer is called back about within one working day, where the policy asks for no first contact.
pub const CALL_AFTER_BAD_ANSWER: TimeLimit = TimeLimit::WorkingDays(1);
/// A unit may ask to return an order within one working day.
pub const ASK_RETURN: TimeLimit = TimeLimit::WorkingDays(1);
/// Incomplete requests wait three working days for their completion.
pub const COMPLETE: TimeLimit = TimeLimit::WorkingDays(3);
/// The reporter has seven days to answer the survey.
pub const ANSWER: TimeLimit = TimeLimit::Hours(7 * 24);

impl SlaPolicy {
    /// Reads a row. Where it leaves a step open, the step's general limit holds: 4 working hours to accept, 2 to sign,
    /// one working day to verify.
    ///
    /// # Errors
    /// When a limit is not written as in `4wh`.
    pub fn read(row: &sla_policy::Model) -> anyhow::Result<Self> {
        let limit = |text: &str| text.parse::<TimeLimit>().with_context(|| format!("sla_policy {}: {text}", row.code));
        let maybe = |text: &Option<String>| text.as_deref().map(limit).transpose();
        Ok(Self {
            accept: maybe(&row.accept)?.unwrap_or(TimeLimit::WorkingHours(4)),
            sign: maybe(&row.sign)?.unwrap_or(TimeLimit::WorkingHours(2)),
            contact: maybe(&row.contact)?,
            handle: limit(&row.handle)?,
            verify: maybe(&row.verify)?.unwrap_or(TimeLimit::WorkingDays(1)),
            rework: limit(&row.rework)?,
        })
    }
}

/// The code of the policy that holds: public safety before the category's own policy, then the lane, then the kind.
///
/// ```
/// use entity::enums::{Lane, Priority, RequestKind};
/// use requests::sla::code_of;
/// assert_eq!(code_of(None, RequestKind::Complaint, Lane::Normal, Priority::Normal), "APPEAL");
/// assert_eq!(code_of(None, RequestKind::Consult, Lane::Normal, Priority::Normal), "ADVICE");
/// assert_eq!(code_of(None, RequestKind::Consult, Lane::Normal, Priority::Emergency), "EMERGENCY");
/// ```
#[must_use]
pub fn code_of(
    category: Option<&request_category::Model>,
    kind: RequestKind,
    lane: Lane,
    priority: Priority,
) -> String {
    if priority == Priority::Emergency {
        return "EMERGENCY".to_owned();
    }
    if let Some(code) = category.and_then(|category| category.sla_code.as_ref()) {
        return code.clone();
    }
    match (lane, kind) {
        (Lane::Green, _) => "GREEN",
        (Lane::Normal, RequestKind::Consult | RequestKind::Suggestion | RequestKind::Praise) => "ADVICE",
        (Lane::Normal, RequestKind::PatrolFinding | RequestKind::AutoFinding) => "CITY_REPAIR",
        (Lane::Normal, RequestKind::Help | RequestKind::Complaint | RequestKind::Report) => "APPEAL",
    }
    .to_owned()
}

/// What time rules need to know (时间条件): the instant, the calendar, the policy in force.
#[derive(Clone, Copy)]
pub struct Timing<'a> {
    /// The instant at which it happens.
    pub now: DateTime<Utc>,
    /// The working calendar.
    pub calendar: &'a Calendar,
    /// The policy in force.
    pub policy: &'a SlaPolicy,
}

impl<'a> Timing<'a> {
    /// Starts clocks now.
    #[must_use]
    pub fn clocks(&self) -> Clocks<'a> {
        Clocks { timing: *self, is_uncertain: false }
    }
}

/// Clocks that start at one instant, and whether one of them ran over dates the calendar does not know (时钟).
pub struct Clocks<'a> {
    timing: Timing<'a>,
    /// Whether a date was judged by its weekday alone.
    pub is_uncertain: bool,
}

impl Clocks<'_> {
    /// When a clock of this length runs out.
    pub fn due(&mut self, limit: TimeLimit) -> DateTime<Utc> {
        let due = self.timing.calendar.due(self.timing.now, limit);
        self.is_uncertain |= due.uncertain;
        due.at
    }
}

#[cfg(test)]
mod tests;
