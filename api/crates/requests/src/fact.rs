//! What can happen to a request (事实): kinds, ids, codes, states and times — never words, names, numbers to call or
//! exact places, which live in rows that can be erased.

use chrono::{DateTime, Utc};
use entity::enums::{
    ContactMethod, ContactOutcome, HandlingResult, RejectReason, ServiceRequestState, SupervisionLevel,
    SupervisionReason, SuspendReason,
};
use entity::id::{AccountId, AttachmentId, UnitId};
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

mod parts;
pub use parts::{Answer, Class, Conferred, Dispatched, OnBehalf, Submitted, Warning};

type Instant = DateTime<Utc>;

/// One thing that happened to a request (事实). Due times are those that hold from then on; `is_calendar_uncertain` says
/// that one of them rests on a date the working calendar does not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Fact {
    /// A request came in.
    #[serde(rename = "request.submitted")]
    Submitted(Box<Submitted>),
    /// The reporter added words or photos.
    #[serde(rename = "request.supplemented")]
    Supplemented {
        /// Photos added.
        photos: Vec<AttachmentId>,
    },
    /// A dispatcher took it on and classified it.
    #[serde(rename = "request.accepted")]
    Accepted {
        /// Its class from now on.
        class: Class,
        /// Dispatch due.
        dispatch_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// A dispatcher refused it.
    #[serde(rename = "request.rejected")]
    Rejected {
        /// Why.
        reason: RejectReason,
    },
    /// The reporter used the one objection.
    #[serde(rename = "request.objected")]
    Objected {
        /// Acceptance due, anew.
        accept_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The reporter took it back.
    #[serde(rename = "request.withdrawn")]
    Withdrawn,
    /// It was put on file.
    #[serde(rename = "request.filed")]
    Filed,
    /// It was sent to units.
    #[serde(rename = "request.dispatched")]
    Dispatched(Box<Dispatched>),
    /// The lead unit signed for it.
    #[serde(rename = "request.signed")]
    Signed {
        /// Who handles it.
        handler: AccountId,
    },
    /// The handler tried to speak with the reporter.
    #[serde(rename = "request.contacted")]
    Contacted {
        /// How.
        method: ContactMethod,
        /// What came of it.
        outcome: ContactOutcome,
        /// Whether it completes the first contact.
        counts: bool,
    },
    /// The handler reported the work done.
    #[serde(rename = "request.handled")]
    Handled {
        /// Who reported it.
        by: AccountId,
        /// Result.
        result: HandlingResult,
        /// Photos that show it.
        photos: Vec<AttachmentId>,
        /// Verification due.
        verify_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The work was found good.
    #[serde(rename = "request.verified")]
    Verified {
        /// Until when the reporter is asked; `None` when nobody can be, which closes the case.
        survey_due_at: Option<Instant>,
    },
    /// The work was found wanting; the same handler does it again.
    #[serde(rename = "request.reworked")]
    Reworked {
        /// Handling due, in the new round.
        due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The reporter's answer closed it, or nobody could get one in time (无法回访).
    #[serde(rename = "request.closed")]
    Closed {
        /// The answer, if there is one.
        answer: Option<Answer>,
        /// Closed although the answer was bad, as the rounds are used up.
        is_hard: bool,
    },
    /// The reporter's bad answer opened it again; the unit's leader handles it.
    #[serde(rename = "request.reopened")]
    Reopened {
        /// The answer.
        answer: Answer,
        /// Who handles the new round.
        handler: Option<AccountId>,
        /// Handling due, in the new round.
        due_at: Instant,
        /// First contact due; `None` when exempt.
        contact_due_at: Option<Instant>,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The lead unit asks to return it.
    #[serde(rename = "request.return_requested")]
    ReturnRequested {
        /// The unit that asks.
        unit: UnitId,
        /// Who should have it instead.
        suggested_unit: UnitId,
        /// Decision due.
        return_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The return was granted.
    #[serde(rename = "request.return_granted")]
    ReturnGranted {
        /// The unit that is free of it.
        unit: UnitId,
        /// Dispatch due, anew.
        dispatch_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The return was denied; no due time moves.
    #[serde(rename = "request.return_denied")]
    ReturnDenied {
        /// The unit that keeps it.
        unit: UnitId,
        /// Where it stood before.
        to: ServiceRequestState,
    },
    /// A leaver's case went to a colleague.
    #[serde(rename = "request.handed_over")]
    HandedOver {
        /// Who leaves.
        from: AccountId,
        /// Who handles it now.
        to: AccountId,
    },
    /// Public safety: it went straight to units, whatever was left of taking it on.
    #[serde(rename = "request.fast_tracked")]
    FastTracked {
        /// Its class from now on.
        class: Class,
        /// To whom, and by when.
        order: Box<Dispatched>,
    },
    /// The unit asks for more time.
    #[serde(rename = "request.extension_requested")]
    ExtensionRequested {
        /// Working days.
        days: i32,
        /// Decision due.
        decide_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// More time was granted.
    #[serde(rename = "request.extended")]
    Extended {
        /// Working days.
        days: i32,
        /// Handling due, anew.
        due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// More time was denied; no due time moves.
    #[serde(rename = "request.extension_denied")]
    ExtensionDenied,
    /// The unit asks for a pause.
    #[serde(rename = "request.suspension_requested")]
    SuspensionRequested {
        /// Why.
        reason: SuspendReason,
        /// Until when.
        until: Instant,
        /// Decision due.
        decide_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// It was paused; its clocks stand still.
    #[serde(rename = "request.suspended")]
    Suspended {
        /// Why.
        reason: SuspendReason,
        /// Until when.
        until: Instant,
    },
    /// The pause was denied.
    #[serde(rename = "request.suspension_denied")]
    SuspensionDenied,
    /// The pause is over; what was left of its clocks is left again.
    #[serde(rename = "request.resumed")]
    Resumed {
        /// Handling due, anew.
        due_at: Option<Instant>,
        /// First contact due, anew; `None` when none is owed.
        contact_due_at: Option<Instant>,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The reporter urges.
    #[serde(rename = "request.urged")]
    Urged {
        /// The reporter may urge again from then on.
        again_at: Instant,
    },
    /// A supervisor watches it.
    #[serde(rename = "request.supervised")]
    Supervised {
        /// From how high.
        level: SupervisionLevel,
        /// Why.
        reason: SupervisionReason,
        /// Answer due.
        answer_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The unit answered the supervisor.
    #[serde(rename = "request.supervision_answered")]
    SupervisionAnswered,
    /// Units conferred about it.
    #[serde(rename = "request.conferred")]
    Conferred(Box<Conferred>),
    /// The call-back agent did not reach the reporter.
    #[serde(rename = "request.callback_missed")]
    CallbackMissed {
        /// What came of it.
        outcome: ContactOutcome,
    },
    /// Closed, it was opened again: by the reporter with new facts, or by a supervisor.
    #[serde(rename = "request.refiled")]
    Refiled {
        /// The reporter used the one time.
        is_by_reporter: bool,
        /// Dispatch due.
        dispatch_due_at: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// Part of a clock has run.
    #[serde(rename = "request.reminded")]
    Reminded(Warning),
    /// A clock has run out.
    #[serde(rename = "request.escalated")]
    Escalated(Warning),
}

/// A fact as it is recorded: with the one it was done for, when an agent did it.
#[derive(Debug, Serialize)]
pub struct Told<'f> {
    /// What happened.
    #[serde(flatten)]
    pub fact: &'f Fact,
    /// For whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<OnBehalf>,
}

impl OnBehalf {
    /// For whom a recorded fact was done.
    #[must_use]
    pub fn read(data: &serde_json::Value) -> Option<Self> {
        data.get("on_behalf").and_then(|on_behalf| Self::deserialize(on_behalf).ok())
    }
}

impl Record for Fact {
    const SUBJECT: &'static str = "request";
}

impl Record for Told<'_> {
    const SUBJECT: &'static str = Fact::SUBJECT;
}

impl Fact {
    /// Where the request stands after it; `None` when it stays where it was.
    #[must_use]
    pub fn leads_to(&self) -> Option<ServiceRequestState> {
        use ServiceRequestState as S;
        match self {
            Self::Submitted(_) | Self::Objected { .. } => Some(S::Submitted),
            Self::Accepted { .. } => Some(S::Accepted),
            Self::Rejected { .. } => Some(S::Rejected),
            Self::Withdrawn => Some(S::Withdrawn),
            Self::Filed | Self::ReturnGranted { .. } | Self::Refiled { .. } => Some(S::Filed),
            Self::Dispatched(_) => Some(S::Dispatched),
            Self::Signed { .. } | Self::Reworked { .. } | Self::Reopened { .. } => Some(S::InProgress),
            Self::Resumed { .. } => Some(S::InProgress),
            Self::Handled { .. } => Some(S::Handled),
            Self::Verified { survey_due_at: Some(_) } => Some(S::Verified),
            Self::Verified { survey_due_at: None } | Self::Closed { .. } => Some(S::Closed),
            Self::ReturnRequested { .. } => Some(S::ReturnPending),
            Self::ReturnDenied { to, .. } => Some(*to),
            Self::FastTracked { .. } => Some(S::Dispatched),
            Self::Suspended { .. } => Some(S::Suspended),
            Self::Conferred(conferred) => Some(conferred.to),
            Self::Supplemented { .. } | Self::Contacted { .. } | Self::HandedOver { .. } => None,
            Self::ExtensionRequested { .. } | Self::Extended { .. } | Self::ExtensionDenied => None,
            Self::SuspensionRequested { .. } | Self::SuspensionDenied | Self::Urged { .. } => None,
            Self::Supervised { .. } | Self::SupervisionAnswered | Self::CallbackMissed { .. } => None,
            Self::Reminded(_) | Self::Escalated(_) => None,
        }
    }

    /// Whether a due time it sets rests on a date the working calendar does not know.
    #[must_use]
    pub fn is_calendar_uncertain(&self) -> bool {
        match self {
            Self::Submitted(submitted) => submitted.is_calendar_uncertain,
            Self::Dispatched(order) => order.is_calendar_uncertain,
            Self::Accepted { is_calendar_uncertain, .. }
            | Self::Objected { is_calendar_uncertain, .. }
            | Self::Handled { is_calendar_uncertain, .. }
            | Self::Reworked { is_calendar_uncertain, .. }
            | Self::Reopened { is_calendar_uncertain, .. }
            | Self::ReturnRequested { is_calendar_uncertain, .. }
            | Self::ReturnGranted { is_calendar_uncertain, .. }
            | Self::ExtensionRequested { is_calendar_uncertain, .. }
            | Self::Extended { is_calendar_uncertain, .. }
            | Self::SuspensionRequested { is_calendar_uncertain, .. }
            | Self::Resumed { is_calendar_uncertain, .. }
            | Self::Supervised { is_calendar_uncertain, .. }
            | Self::Refiled { is_calendar_uncertain, .. } => *is_calendar_uncertain,
            Self::FastTracked { order, .. } => order.is_calendar_uncertain,
            Self::Conferred(conferred) => conferred.order.as_ref().is_some_and(|order| order.is_calendar_uncertain),
            Self::Supplemented { .. }
            | Self::Rejected { .. }
            | Self::Withdrawn
            | Self::Filed
            | Self::Signed { .. }
            | Self::Contacted { .. }
            | Self::Verified { .. }
            | Self::Closed { .. }
            | Self::ReturnDenied { .. }
            | Self::HandedOver { .. }
            | Self::ExtensionDenied
            | Self::Suspended { .. }
            | Self::SuspensionDenied
            | Self::Urged { .. }
            | Self::SupervisionAnswered
            | Self::CallbackMissed { .. }
            | Self::Reminded(_)
            | Self::Escalated(_) => false,
        }
    }

    /// Reads a fact as the fact table keeps it: its kind apart from its other members.
    ///
    /// # Errors
    /// When it is not a fact of a request.
    pub fn read(kind: &str, mut data: serde_json::Value) -> serde_json::Result<Self> {
        if let Some(members) = data.as_object_mut() {
            members.insert("kind".to_owned(), kind.into());
        }
        serde_json::from_value(data)
    }
}
