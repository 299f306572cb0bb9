//! The clocks of a case told anew from what happened and when (时钟重算): the due times that facts carry are not asked. What
//! is stored must equal it, or a number on somebody's screen cannot be explained.

use areas::TimeLimit;
use chrono::{DateTime, Utc};
use entity::enums::Source;
use entity::service_request::Model;

use super::{SlaPolicy, Timing};
use crate::fact::{Class, Fact};

type Instant = DateTime<Utc>;

/// The due times of a case (各环节时限).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueTimes {
    /// Acceptance.
    pub accept: Option<Instant>,
    /// Dispatch.
    pub dispatch: Option<Instant>,
    /// Signing.
    pub sign: Option<Instant>,
    /// First contact.
    pub contact: Option<Instant>,
    /// Handling.
    pub handle: Option<Instant>,
    /// Verification.
    pub verify: Option<Instant>,
    /// What the citizen was promised.
    pub promised: Option<Instant>,
}

impl DueTimes {
    /// Those a row stores.
    #[must_use]
    pub fn stored(row: &Model) -> Self {
        Self {
            accept: row.accept_due_at,
            dispatch: row.dispatch_due_at,
            sign: row.sign_due_at,
            contact: row.contact_due_at,
            handle: row.due_at,
            verify: row.verify_due_at,
            promised: row.promised_at,
        }
    }
}

/// Tells the clocks of a case from its history, oldest fact first. `timing` gives the time conditions of a version of a policy at
/// an instant.
#[must_use]
pub fn replay<'t>(
    history: impl IntoIterator<Item = (Instant, &'t Fact)>,
    timing: impl Fn(&str, i32, Instant) -> Timing<'t>,
) -> DueTimes {
    let mut told = Told::default();
    for (at, fact) in history {
        told.happened(at, fact, &timing);
    }
    told.clocks
}

#[derive(Default)]
struct Told {
    clocks: DueTimes,
    sla: String,
    version: i32,
    round: i32,
    is_exempt: bool,
    is_contacted: bool,
    paused_at: Instant,
}

impl Told {
    fn happened<'t>(&mut self, at: Instant, fact: &Fact, timing: &impl Fn(&str, i32, Instant) -> Timing<'t>) {
        match fact {
            Fact::Submitted(submitted) => {
                self.judged_by(&submitted.class);
                let is_found = matches!(submitted.source, Source::Patrol | Source::Auto);
                self.is_exempt = submitted.is_anonymous || !submitted.may_contact || is_found;
            }
            Fact::Accepted { class, .. } => self.judged_by(class),
            Fact::FastTracked { class, order } => {
                self.judged_by(class);
                self.version = order.sla_version;
            }
            Fact::Dispatched(order) => self.version = order.sla_version,
            Fact::Conferred(conferred) => {
                self.version = conferred.order.as_ref().map_or(self.version, |order| order.sla_version);
            }
            _ => {}
        }
        let timing = timing(&self.sla, self.version, at);
        let policy = timing.policy;
        let due = |limit: TimeLimit| timing.calendar.due(at, limit).at;
        match fact {
            Fact::Submitted(_) | Fact::Objected { .. } => self.clocks.accept = Some(due(policy.accept)),
            Fact::Accepted { .. } => self.clocks.dispatch = Some(due(policy.accept)),
            Fact::ReturnGranted { .. } => {
                self.clocks.dispatch = Some(due(policy.accept));
                self.clocks.handle = None;
            }
            Fact::Refiled { .. } => {
                self.round += 1;
                self.clocks.dispatch = Some(due(policy.accept));
                (self.clocks.handle, self.clocks.contact) = (None, None);
            }
            Fact::Dispatched(_) | Fact::FastTracked { .. } => self.sent(&due, policy),
            Fact::Conferred(conferred) if conferred.order.is_some() => self.sent(&due, policy),
            Fact::Contacted { counts, .. } => self.is_contacted |= counts,
            Fact::Handled { .. } => self.clocks.verify = Some(due(policy.verify)),
            Fact::Reworked { .. } => self.again(due(policy.rework)),
            Fact::Reopened { .. } => {
                self.again(due(policy.rework));
                self.clocks.contact = (!self.is_exempt).then(|| due(policy.contact));
                self.is_contacted = false;
            }
            Fact::Extended { days, .. } => {
                let days = TimeLimit::WorkingDays(days.unsigned_abs());
                self.clocks.handle = self.clocks.handle.map(|due| timing.calendar.due(due, days).at);
            }
            Fact::Absorbed { promised_at, .. } => {
                self.clocks.promised = self.clocks.promised.into_iter().chain(*promised_at).min();
            }
            Fact::Suspended { .. } | Fact::Questioned { .. } => self.paused_at = at,
            Fact::Resumed { .. } | Fact::QuestionAnswered { .. } => self.resumed(&timing),
            _ => {}
        }
    }

    fn judged_by(&mut self, class: &Class) {
        self.sla.clone_from(&class.sla_code);
        self.version = class.sla_version;
    }

    fn sent(&mut self, due: &impl Fn(TimeLimit) -> Instant, policy: &SlaPolicy) {
        self.clocks.sign = Some(due(policy.sign));
        self.clocks.handle = Some(due(policy.handle));
        self.clocks.contact = (!self.is_exempt).then(|| due(policy.contact));
        self.clocks.promised = self.clocks.promised.or(self.clocks.handle);
        self.is_contacted = false;
    }

    fn again(&mut self, due: Instant) {
        self.round += 1;
        self.clocks.handle = Some(due);
    }

    /// As much is left as was left at the pause, counted as the clock counts.
    fn resumed(&mut self, timing: &Timing<'_>) {
        let limit = if self.round > 0 { timing.policy.rework } else { timing.policy.handle };
        let left = |due: Instant, is_natural: bool| match due {
            due if due <= self.paused_at => due,
            due if is_natural => timing.now + (due - self.paused_at),
            due => {
                let minutes = timing.calendar.working_minutes_between(self.paused_at, due);
                timing.calendar.after_working_minutes(timing.now, u32::try_from(minutes).unwrap_or(u32::MAX)).at
            }
        };
        self.clocks.handle = self.clocks.handle.map(|due| left(due, limit.is_natural()));
        if !self.is_contacted {
            let is_natural = timing.policy.contact.is_natural();
            self.clocks.contact = self.clocks.contact.map(|due| left(due, is_natural));
        }
    }
}
