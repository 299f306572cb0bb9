//! What can happen to a request (事实): kinds, ids, codes, states and times — never words, names, numbers to call or
//! exact places, which live in rows that can be erased.

use chrono::{DateTime, Utc};
use entity::enums::{
    Channel, ContactMethod, ContactOutcome, HandlingResult, Lane, Priority, RejectReason, RequestKind,
    ServiceRequestState, Solved, Source, Visibility,
};
use entity::id::{AccountId, AreaId, AttachmentId, ProxyGrantId, UnitId};
use kernel::tx::Record;
use serde::{Deserialize, Serialize};

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
    /// The reporter's answer closed it.
    #[serde(rename = "request.closed")]
    Closed {
        /// The answer.
        answer: Answer,
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
}

/// How a request is classified (分类), from submission on and again at acceptance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Kind.
    pub request_kind: RequestKind,
    /// Category.
    pub category_code: String,
    /// The category is a city component or event.
    pub is_city_object: bool,
    /// Lane.
    pub lane: Lane,
    /// Priority.
    pub priority: Priority,
    /// SLA policy in force.
    pub sla_code: String,
    /// Who may see it; `PRIVATE` for what must not be published.
    pub visibility: Visibility,
    /// Held back from the public: by the content check, until a dispatcher says otherwise.
    pub is_held: bool,
}

/// All a new request is, but for the words and the exact place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// Number people use.
    pub case_no: String,
    /// Its class.
    pub class: Class,
    /// Code of the street.
    pub street: String,
    /// Smallest grid that holds the place.
    pub area: AreaId,
    /// Path of that grid.
    pub area_path: String,
    /// Grid cell of about 500 m.
    pub cell: Option<i64>,
    /// Whose request; `None` when it was taken for somebody without an account.
    pub reporter: Option<AccountId>,
    /// Who typed it.
    pub submitted_by: AccountId,
    /// Nobody learns the reporter.
    pub is_anonymous: bool,
    /// Handlers do not learn the reporter.
    pub is_confidential: bool,
    /// The reporter may be called.
    pub may_contact: bool,
    /// How it came.
    pub channel: Channel,
    /// Who found it.
    pub source: Source,
    /// Photos attached.
    pub photos: Vec<AttachmentId>,
    /// Acceptance due.
    pub accept_due_at: Instant,
    /// See [`Fact`].
    pub is_calendar_uncertain: bool,
}

/// To whom a request was sent, and by when what is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispatched {
    /// The one unit that leads.
    pub lead_unit: UnitId,
    /// Units that help.
    pub co_units: Vec<UnitId>,
    /// Signing due.
    pub sign_due_at: Instant,
    /// First contact due; `None` when exempt.
    pub contact_due_at: Option<Instant>,
    /// Handling due.
    pub due_at: Instant,
    /// The unit may ask to return it until then.
    pub return_until: Instant,
    /// See [`Fact`].
    pub is_calendar_uncertain: bool,
}

/// The reporter's answer to the survey (回访评价).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Solved?
    pub solved: Solved,
    /// 1–5, 好差评; `None` when the person called would not rate (不评价), which counts in no satisfaction rate.
    pub satisfaction: Option<i32>,
    /// Asked by phone.
    pub is_by_agent: bool,
}

impl Answer {
    /// Whether it is a bad review (差评): not solved, or 1 or 2 of 5.
    #[must_use]
    pub fn is_bad(self) -> bool {
        self.solved == Solved::No || self.satisfaction.is_some_and(|rating| rating <= 2)
    }
}

/// For whom an agent acted (代办): the proxy, and the principal unless the person has no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnBehalf {
    /// The proxy.
    pub proxy: ProxyGrantId,
    /// Whose case it is.
    pub principal: Option<AccountId>,
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
            Self::Filed | Self::ReturnGranted { .. } => Some(S::Filed),
            Self::Dispatched(_) => Some(S::Dispatched),
            Self::Signed { .. } | Self::Reworked { .. } | Self::Reopened { .. } => Some(S::InProgress),
            Self::Handled { .. } => Some(S::Handled),
            Self::Verified { survey_due_at: Some(_) } => Some(S::Verified),
            Self::Verified { survey_due_at: None } | Self::Closed { .. } => Some(S::Closed),
            Self::ReturnRequested { .. } => Some(S::ReturnPending),
            Self::ReturnDenied { to, .. } => Some(*to),
            Self::Supplemented { .. } | Self::Contacted { .. } | Self::HandedOver { .. } => None,
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
            | Self::ReturnGranted { is_calendar_uncertain, .. } => *is_calendar_uncertain,
            Self::Supplemented { .. }
            | Self::Rejected { .. }
            | Self::Withdrawn
            | Self::Filed
            | Self::Signed { .. }
            | Self::Contacted { .. }
            | Self::Verified { .. }
            | Self::Closed { .. }
            | Self::ReturnDenied { .. }
            | Self::HandedOver { .. } => false,
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
