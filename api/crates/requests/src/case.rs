//! A case (案件): the row of a request and all that its rules ask about it.

use areas::{DayPart, half_day};
use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AssignmentState, ContactOutcome, ServiceRequestState, Source};
use entity::id::{AccountId, AssignmentId, ProxyGrantId, UnitId};
use entity::{assignment, service_request};
use kernel::error::Result;
use kernel::page::Cursor;
use residents::{ProxyVerb, Verbs};

use crate::fact::Fact;
use crate::{orders, workflow};

/// A request with all that its rules ask about it (案件).
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The row.
    pub row: service_request::Model,
    /// Orders to units, oldest first.
    pub assignments: Vec<assignment::Model>,
    /// Photos attached, of any phase.
    pub photos: i64,
    /// Photos that show the result.
    pub after_photos: i64,
    /// Calls nobody answered.
    pub unanswered: Unanswered,
    /// Of a merged case, the row of the one it was merged into.
    pub into: Option<Box<service_request::Model>>,
    /// What ties the asker to it.
    pub ties: Ties,
}

/// What ties the one who asked for a case to it (关系), beside what its row says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ties {
    /// Who asked; `None` where nothing ties.
    pub asker: Option<AccountId>,
    /// Lives in the grid that the case is shown to, as the neighbourhood verified.
    pub is_neighbour: bool,
    /// Reported a case that was merged into it.
    pub is_co_reporter: bool,
    /// Follows it.
    pub is_follower: bool,
    /// The proxies in force under which the asker acts in it; what they allow is their union.
    pub proxies: Vec<Proxy>,
}

/// A proxy as a case sees it (代办).
#[derive(Clone, Debug, PartialEq)]
pub struct Proxy {
    /// Which.
    pub id: ProxyGrantId,
    /// What it allows.
    pub verbs: Verbs,
}

/// What is due within this time is due soon.
pub const SOON: TimeDelta = TimeDelta::hours(24);

/// How the present step stands to its time (时限状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// No clock runs.
    None,
    /// The clocks stand still.
    Paused,
    /// More than 24 hours are left.
    OnTrack,
    /// Less is left.
    DueSoon,
    /// None is left.
    Overdue,
}

/// Calls nobody answered since the present unit and round began (未接通).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// How many.
    pub calls: i64,
    /// The half-day of the first, e.g. `2026-11-22-PM`.
    pub first: Option<String>,
}

impl Case {
    /// The order of the unit that leads now.
    #[must_use]
    pub fn lead(&self) -> Option<&assignment::Model> {
        self.current().find(|order| order.is_lead)
    }

    /// Units that help now.
    pub fn co_units(&self) -> impl Iterator<Item = UnitId> {
        self.current().filter(|order| !order.is_lead).map(|order| order.unit_id)
    }

    /// Orders that are neither returned nor void, of this round.
    pub fn current(&self) -> impl Iterator<Item = &assignment::Model> {
        self.assignments.iter().filter(|order| order.round == self.row.round && is_in_force(order))
    }

    /// Units that have or had a part in it which was not taken from them.
    pub fn units(&self) -> impl Iterator<Item = UnitId> {
        self.assignments.iter().filter(|order| is_in_force(order)).map(|order| order.unit_id)
    }

    /// How often units asked to return it.
    #[must_use]
    pub fn returns_asked(&self) -> usize {
        self.assignments.iter().filter(|order| order.is_return_used).count()
    }

    /// Whether the lead unit has asked for its one return of this round.
    #[must_use]
    pub fn is_return_used(&self) -> bool {
        self.assignments.iter().any(|order| {
            order.is_return_used && order.round == self.row.round && Some(order.unit_id) == self.row.lead_unit_id
        })
    }

    /// Whether a call that nobody answers now completes the first contact: the third, in another half-day than the first.
    #[must_use]
    pub fn is_enough_unanswered(&self, now: DateTime<Utc>) -> bool {
        let is_other_half_day = self.unanswered.first.as_ref().is_some_and(|first| *first != half_day_text(now));
        self.unanswered.calls + 1 >= 3 && is_other_half_day
    }

    /// Whether so many calls or more were in vain since the unit and round began, the first in another half-day than now.
    #[must_use]
    pub fn was_called_in_vain(&self, calls: i64, now: DateTime<Utc>) -> bool {
        let is_other_half_day = self.unanswered.first.as_ref().is_some_and(|first| *first != half_day_text(now));
        self.unanswered.calls >= calls && is_other_half_day
    }

    /// Where a case stood before the unit asked to return it.
    #[must_use]
    pub fn before_return(&self) -> ServiceRequestState {
        let was_signed = self.row.handler_id.is_some();
        if was_signed { ServiceRequestState::InProgress } else { ServiceRequestState::Dispatched }
    }

    /// Whether the account lives where the case is shown.
    #[must_use]
    pub fn is_shown_to_neighbour(&self, account: Option<AccountId>) -> bool {
        let is_asker = account.is_some() && account == self.ties.asker;
        is_asker && self.ties.is_neighbour && self.row.listed_in.is_some()
    }

    /// Whether a case of the account was merged into it (并案诉求人).
    #[must_use]
    pub fn has_as_reporter(&self, account: Option<AccountId>) -> bool {
        account.is_some() && account == self.ties.asker && self.ties.is_co_reporter
    }

    /// How many people can be asked whether it is solved: the reporter, and those of cases merged into it.
    #[must_use]
    pub fn askable(&self) -> i32 {
        i32::from(!self.row.is_anonymous) + self.row.askable_count
    }

    /// The row whose work the reporter is asked about: of the case it was merged into, or its own.
    #[must_use]
    pub fn surveyed(&self) -> &service_request::Model {
        self.into.as_deref().unwrap_or(&self.row)
    }

    /// Whether its reporter is asked whether the matter is solved, and has yet to answer: once a round.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        use ServiceRequestState as S;
        let surveyed = self.surveyed();
        let is_open_to_answers = match (self.row.state, surveyed.state) {
            (S::Verified, _) | (S::Merged, S::Verified) => true,
            (S::Merged, S::Closed) => self.row.survey_due_at.is_some(),
            _ => false,
        };
        is_open_to_answers && !self.row.is_anonymous && self.row.answered_round < surveyed.round
    }

    /// Until when its reporter may answer.
    #[must_use]
    pub fn answer_by(&self) -> Option<DateTime<Utc>> {
        let surveyed = self.surveyed();
        if surveyed.state == ServiceRequestState::Verified { surveyed.survey_due_at } else { self.row.survey_due_at }
    }

    /// A proxy under which the account may do this. Nobody judges the own work for another.
    #[must_use]
    pub fn proxy_for(&self, account: Option<AccountId>, verb: ProxyVerb) -> Option<&Proxy> {
        let is_asker = account.is_some() && account == self.ties.asker;
        let (handler, worker) = (self.surveyed().handler_id, self.surveyed().handled_by);
        let is_own_work = verb == ProxyVerb::Survey && [handler, worker].contains(&account);
        self.ties.proxies.iter().find(|proxy| is_asker && !is_own_work && proxy.verbs.has(verb))
    }

    /// The case after a fact: row, orders and what is counted. Words are not in facts, and when the system looks next is planned.
    ///
    /// # Errors
    /// When no id can be made for a new order.
    pub fn after(&self, fact: &Fact, at: DateTime<Utc>, new_id: impl Fn() -> Result<AssignmentId>) -> Result<Self> {
        let mut after = self.clone();
        workflow::evolve(&mut after.row, fact, at);
        after.assignments = orders::follow(&self.assignments, &after.row, fact, at, new_id)?;
        after.count(fact, at);
        Ok(after)
    }

    /// Counts what a fact adds: photos, and calls nobody answered, which a new order or round forgets.
    fn count(&mut self, fact: &Fact, at: DateTime<Utc>) {
        match fact {
            Fact::Supplemented { photos } | Fact::QuestionAnswered { photos, .. } => self.photos += photos.len() as i64,
            Fact::Handled { photos, .. } => {
                self.photos += photos.len() as i64;
                self.after_photos += photos.len() as i64;
            }
            Fact::Contacted { outcome: ContactOutcome::NoAnswer, .. } => {
                self.unanswered.calls += 1;
                self.unanswered.first.get_or_insert_with(|| half_day_text(at));
            }
            Fact::Dispatched(_) | Fact::FastTracked { .. } | Fact::Reworked { .. } | Fact::Reopened { .. } => {
                self.unanswered = Unanswered::default();
            }
            Fact::Refiled { .. } => self.unanswered = Unanswered::default(),
            Fact::Conferred(conferred) if conferred.order.is_some() => self.unanswered = Unanswered::default(),
            _ => {}
        }
    }

    /// How the present step stands to its time; as the tabs of the work queue have it.
    #[must_use]
    pub fn deadline(&self, now: DateTime<Utc>) -> Deadline {
        match self.row.queue_due_at {
            None => Deadline::None,
            Some(_) if self.row.state == ServiceRequestState::Suspended => Deadline::Paused,
            Some(due) if due < now => Deadline::Overdue,
            Some(due) if due < now + SOON => Deadline::DueSoon,
            Some(_) => Deadline::OnTrack,
        }
    }

    /// Where it stands in a work queue.
    #[must_use]
    pub fn cursor_in_queue(&self) -> Cursor {
        Cursor { at: self.row.queue_due_at.unwrap_or(self.row.updated_at), id: self.row.id.0 }
    }

    /// Where it stands among what moderators have to look at.
    #[must_use]
    pub fn cursor_in_review(&self) -> Cursor {
        Cursor { at: self.row.review_due_at.unwrap_or(self.row.updated_at), id: self.row.id.0 }
    }

    /// Where it stands in lists by age.
    #[must_use]
    pub fn cursor_by_age(&self) -> Cursor {
        Cursor { at: self.row.created_at, id: self.row.id.0 }
    }
}

/// Whether nobody has to be called before handling: anonymous, found by a patrol or machine, or "do not contact".
#[must_use]
pub fn is_exempt_from_contact(row: &service_request::Model) -> bool {
    row.is_anonymous || !row.may_contact || matches!(row.source, Source::Patrol | Source::Auto)
}

/// Whether the case can still move by itself: not refused, withdrawn, closed or merged into another.
#[must_use]
pub fn is_open(state: ServiceRequestState) -> bool {
    use ServiceRequestState as S;
    !matches!(state, S::Rejected | S::Withdrawn | S::Closed | S::Merged)
}

/// The half-day of an instant, as contacts keep it.
///
/// ```
/// let noon_in_shanghai = "2026-11-22T04:00:00Z".parse()?;
/// assert_eq!(requests::half_day_text(noon_in_shanghai), "2026-11-22-PM");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[must_use]
pub fn half_day_text(instant: DateTime<Utc>) -> String {
    let half = half_day(instant);
    let part = match half.part {
        DayPart::Morning => "AM",
        DayPart::Afternoon => "PM",
    };
    format!("{}-{part}", half.date)
}

fn is_in_force(order: &assignment::Model) -> bool {
    !matches!(order.state, AssignmentState::Returned | AssignmentState::Voided)
}
