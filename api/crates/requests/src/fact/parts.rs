//! What facts are made of: the class of a case, what a submission and an order say, an answer.

use chrono::{DateTime, Utc};
use entity::enums::{
    Channel, ClockKind, ConflictKind, ContentState, Lane, Priority, RequestKind, RiskLevel, ServiceRequestState,
    Solved, Source, Visibility, WarningLevel, WarningTo,
};
use entity::id::{AccountId, AreaId, AttachmentId, ProxyGrantId, UnitId};
use entity::service_request::Model;
use serde::{Deserialize, Serialize};

type Instant = DateTime<Utc>;

/// Before there were several, facts did not name the version.
const fn first() -> i32 {
    1
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
    /// Its version.
    #[serde(default = "first")]
    pub sla_version: i32,
    /// Who may see it; `PRIVATE` for what must not be published.
    pub visibility: Visibility,
    /// What the content check says of the reporter's words, until a person says otherwise.
    #[serde(alias = "is_held", deserialize_with = "super::content::state_or_held")]
    pub content_state: ContentState,
}

/// That people are in conflict (矛盾预警).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// What about.
    pub about: ConflictKind,
    /// How many people.
    pub headcount: i32,
    /// How far it may go.
    pub risk: RiskLevel,
}

impl Conflict {
    /// What a case warns of, if it does.
    #[must_use]
    pub fn of(row: &Model) -> Option<Self> {
        Some(Self { about: row.conflict_kind?, headcount: row.conflict_headcount?, risk: row.conflict_risk? })
    }
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
    /// See [`super::Fact`].
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
    /// Version of the SLA policy that gave these times.
    #[serde(default = "first")]
    pub sla_version: i32,
    /// See [`super::Fact`].
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

/// A warning that a clock of the case has run so far (预警).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Which clock.
    pub clock: ClockKind,
    /// Rung of the ladder.
    pub step: i32,
    /// How grave.
    pub level: WarningLevel,
    /// Who is told.
    pub tells: WarningTo,
}

/// What a conference of units came to (会商结论).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conferred {
    /// The one unit that leads from now on and may not return it.
    pub lead_unit: UnitId,
    /// Units that help.
    pub co_units: Vec<UnitId>,
    /// The order to a lead that is new; `None` when the lead stays, and no due time moves.
    pub order: Option<Dispatched>,
    /// Where the case stands after it.
    pub to: ServiceRequestState,
}
