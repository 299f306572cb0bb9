//! Time limits (时限): which policy holds for a request, and the due times that follow from it.

use areas::{Calendar, TimeLimit};
use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Lane, Priority, RequestKind};
use serde::{Deserialize, Serialize};

use crate::reference::Category;
use crate::workflow::alarm::Rung;

mod replay;
pub use replay::{DueTimes, replay};

/// The time limits of one kind of matter (办理时限), as one edition gives them. Where it leaves a step open, the step's general
/// limit holds: 4 working hours to accept, 2 to sign, one working day to verify.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlaPolicy {
    /// Acceptance; also the time filing and dispatch may take, for which the published rules give none.
    #[serde(default = "to_accept")]
    pub accept: TimeLimit,
    /// Signing.
    #[serde(default = "to_sign")]
    pub sign: TimeLimit,
    /// First contact with a reporter who may be called; whatever the matter, as residents wait for word of city objects too
    /// (`domain.md` H2), which patrols find without one.
    #[serde(default = "to_contact")]
    pub contact: TimeLimit,
    /// Handling.
    pub handle: TimeLimit,
    /// Verification.
    #[serde(default = "to_verify")]
    pub verify: TimeLimit,
    /// Handling in a later round.
    pub rework: TimeLimit,
    /// Handling with extension at most; `None` where none is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<TimeLimit>,
}

/// Deciding a return takes at most four working hours.
pub const DECIDE_RETURN: TimeLimit = TimeLimit::WorkingHours(4);
/// Deciding on more time or a pause takes at most four working hours.
pub const DECIDE_ASK: TimeLimit = TimeLimit::WorkingHours(4);
/// A unit answers a supervisor within three working days (督办).
pub const ANSWER_SUPERVISION: TimeLimit = TimeLimit::WorkingDays(3);
/// A unit may ask to return an order within one working day.
pub const ASK_RETURN: TimeLimit = TimeLimit::WorkingDays(1);
/// Incomplete requests wait three working days for their completion.
pub const COMPLETE: TimeLimit = TimeLimit::WorkingDays(3);
/// The reporter has seven days to answer the survey.
pub const ANSWER: TimeLimit = TimeLimit::Hours(7 * 24);
/// After that a call-back agent has as long to get an answer by phone.
pub const CALL_BACK: TimeDelta = TimeDelta::days(7);

const fn to_accept() -> TimeLimit {
    TimeLimit::WorkingHours(4)
}

const fn to_contact() -> TimeLimit {
    TimeLimit::WorkingDays(1)
}

const fn to_sign() -> TimeLimit {
    TimeLimit::WorkingHours(2)
}

const fn to_verify() -> TimeLimit {
    TimeLimit::WorkingDays(1)
}

impl SlaPolicy {
    /// How long handling may take in a round.
    #[must_use]
    pub fn handle_in(&self, round: i32) -> TimeLimit {
        if round > 1 { self.rework } else { self.handle }
    }

    /// Working days by which handling may be extended at most (延期上限): what the longest time leaves beyond the ordinary one.
    #[must_use]
    pub fn room_for_extension(&self) -> i32 {
        let days = match (self.longest, self.handle) {
            (Some(TimeLimit::WorkingDays(longest)), TimeLimit::WorkingDays(handle)) => longest.saturating_sub(handle),
            (Some(TimeLimit::WorkingDays(longest)), _) => longest,
            _ => 0,
        };
        i32::try_from(days).unwrap_or(i32::MAX)
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
pub fn code_of(category: Option<&Category>, kind: RequestKind, lane: Lane, priority: Priority) -> String {
    if priority == Priority::Emergency {
        return "EMERGENCY".to_owned();
    }
    if let Some(code) = category.and_then(|category| category.sla_code.as_ref()) {
        return code.clone();
    }
    match (lane, kind) {
        (Lane::Fast, _) => "EMERGENCY",
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
    /// Its version.
    pub version: i32,
    /// When who is warned.
    pub ladder: &'a [Rung],
}

impl<'a> Timing<'a> {
    /// Starts clocks now.
    #[must_use]
    pub fn clocks(&self) -> Clocks<'a> {
        Clocks { timing: *self, is_uncertain: false }
    }

    /// When so many percent of a clock have run: of the time on the wall, or of the working time.
    #[must_use]
    pub fn part_of(&self, since: DateTime<Utc>, due: DateTime<Utc>, percent: u32, is_natural: bool) -> DateTime<Utc> {
        if percent >= 100 || due <= since {
            return due;
        }
        let part = |whole: i64| whole.saturating_mul(i64::from(percent)) / 100;
        if is_natural {
            return since + TimeDelta::seconds(part((due - since).num_seconds()));
        }
        let minutes = part(self.calendar.working_minutes_between(since, due));
        self.calendar.after_working_minutes(since, u32::try_from(minutes).unwrap_or(u32::MAX)).at
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

    /// When a clock runs out that stood still since an instant: as much is left as was left then, in its own kind of time. What
    /// was overdue then stays so.
    pub fn resumed(&mut self, due: DateTime<Utc>, paused_at: DateTime<Utc>, is_natural: bool) -> DateTime<Utc> {
        if due <= paused_at {
            return due;
        }
        if is_natural {
            return self.timing.now + (due - paused_at);
        }
        let left = self.timing.calendar.working_minutes_between(paused_at, due);
        let resumed =
            self.timing.calendar.after_working_minutes(self.timing.now, u32::try_from(left).unwrap_or(u32::MAX));
        self.is_uncertain |= resumed.uncertain;
        resumed.at
    }
}

#[cfg(test)]
mod tests;
