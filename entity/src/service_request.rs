//! A resident's request (居民诉求).
use crate::enums::{
    AskKind, Channel, ConflictKind, ContentState, HandlingResult, Lane, Priority, Queue, RejectReason, RequestKind,
    RiskLevel, ServiceRequestState, Source, SupervisionLevel, SuspendReason, Visibility,
};
use crate::id::{AccountId, AreaId, ServiceRequestId, UnitId};
use sea_orm::entity::prelude::*;

/// A resident's request (居民诉求).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service_request")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceRequestId,
    /// Number people use, e.g. `XH20261122000123`.
    pub case_no: String,
    /// Rises by one with each fact.
    pub version: i32,
    /// Where it stands.
    pub state: ServiceRequestState,
    /// Handling round, from 1.
    pub round: i32,
    /// Kind.
    pub kind: RequestKind,
    /// Category.
    pub category_code: String,
    /// Its category is a city component or event.
    pub is_city_object: bool,
    /// Code of the street.
    pub street: String,
    /// Smallest grid that holds the place.
    pub area_id: AreaId,
    /// Path of that grid.
    pub area_path: String,
    /// The grid that had its place when it was filed.
    pub filed_area_id: AreaId,
    /// The path of that grid then; numbers are counted by it.
    pub filed_area_path: String,
    /// Degrees, WGS-84.
    pub longitude: Option<f64>,
    /// Degrees, WGS-84.
    pub latitude: Option<f64>,
    /// Grid cell of about 500 m, for neighbours.
    pub cell: Option<i64>,
    /// Address in words.
    pub address: Option<String>,
    /// The reporter's words.
    pub description: String,
    /// Whose request; null when it was taken for somebody else.
    pub reporter_id: Option<AccountId>,
    /// Who typed it.
    pub submitted_by: AccountId,
    /// Name of the person served, sealed.
    pub on_behalf_name_sealed: Option<Vec<u8>>,
    /// Number to call, sealed.
    pub contact_phone_sealed: Option<Vec<u8>>,
    /// Its blind index.
    pub contact_phone_index: Option<Vec<u8>>,
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
    /// Lane.
    pub lane: Lane,
    /// Priority.
    pub priority: Priority,
    /// SLA policy in force.
    pub sla_code: String,
    /// Its version that decided: at submission, at acceptance, at each dispatch.
    pub sla_version: i32,
    /// Who may see it.
    pub visibility: Visibility,
    /// What the content check says of the reporter's words; only what passed is published.
    pub content_state: ContentState,
    /// And of the reply.
    pub reply_content_state: ContentState,
    /// Other words and photos of it that somebody has to look at.
    pub contents_waiting: i32,
    /// Reports of abuse that nobody has decided on.
    pub reports_open: i32,
    /// Until when a moderator has to have looked; null where nothing waits. Derived.
    pub review_due_at: Option<DateTimeUtc>,
    /// Shown in public lists; derived.
    pub is_listed: bool,
    /// Path of the self-government grid whose residents may see it; null unless it is shown to a grid. Derived.
    pub listed_in: Option<String>,
    /// Unit that leads.
    pub lead_unit_id: Option<UnitId>,
    /// Person who handles.
    pub handler_id: Option<AccountId>,
    /// Handling due.
    pub due_at: Option<DateTimeUtc>,
    /// Acceptance due.
    pub accept_due_at: Option<DateTimeUtc>,
    /// Dispatch due.
    pub dispatch_due_at: Option<DateTimeUtc>,
    /// Signing due.
    pub sign_due_at: Option<DateTimeUtc>,
    /// First contact due.
    pub contact_due_at: Option<DateTimeUtc>,
    /// Verification due.
    pub verify_due_at: Option<DateTimeUtc>,
    /// The unit may ask to return it until then.
    pub return_until: Option<DateTimeUtc>,
    /// Decision on a return due.
    pub return_due_at: Option<DateTimeUtc>,
    /// Survey open until.
    pub survey_due_at: Option<DateTimeUtc>,
    /// What the citizen was promised; set once.
    pub promised_at: Option<DateTimeUtc>,
    /// Desk it lies on; null when done. Derived from the state.
    pub queue: Option<Queue>,
    /// What that desk is due for; sorts the queues; null when done. Derived.
    pub queue_due_at: Option<DateTimeUtc>,
    /// Since when it lies on that desk. Derived.
    pub queue_since: Option<DateTimeUtc>,
    /// When the handling clock began: the dispatch, or the round.
    pub handle_since: Option<DateTimeUtc>,
    /// Warnings given of the present desk's clock.
    pub desk_step: i32,
    /// Warnings given of the contact's clock.
    pub contact_step: i32,
    /// Warnings given of the handling clock.
    pub handle_step: i32,
    /// When the system looks at it next: to warn, resume or close; null when there is nothing to wait for.
    pub alarm_at: Option<DateTimeUtc>,
    /// A due time fell outside the known calendar.
    pub is_calendar_uncertain: bool,
    /// First contact made, this round's lead.
    pub contacted_at: Option<DateTimeUtc>,
    /// Handling finished, this round.
    pub handled_at: Option<DateTimeUtc>,
    /// Who reported it finished last: the handler, or the unit's leader for him.
    pub handled_by: Option<AccountId>,
    /// Last dispatch.
    pub dispatched_at: Option<DateTimeUtc>,
    /// End.
    pub closed_at: Option<DateTimeUtc>,
    /// Result of handling.
    pub result: Option<HandlingResult>,
    /// Reply to the reporter.
    pub reply: Option<String>,
    /// Why it was refused.
    pub reject_reason: Option<RejectReason>,
    /// The one objection was used.
    pub has_objected: bool,
    /// Times it was opened again by the reporter's answer.
    pub reopenings: i32,
    /// Closed although the reporter still calls it unsolved (疑难件).
    pub is_hard: bool,
    /// What the unit asks for and waits to be decided.
    pub asked: Option<AskKind>,
    /// Whether it asks for something. Derived.
    pub is_asked: bool,
    /// Decision on it due.
    pub asked_due_at: Option<DateTimeUtc>,
    /// Working days asked for.
    pub asked_days: Option<i32>,
    /// Pause asked for until then.
    pub asked_until: Option<DateTimeUtc>,
    /// Why a pause is asked for.
    pub asked_reason: Option<SuspendReason>,
    /// Extensions granted.
    pub extensions: i32,
    /// When it was paused.
    pub suspended_at: Option<DateTimeUtc>,
    /// Until when it is paused.
    pub suspended_until: Option<DateTimeUtc>,
    /// Why it is paused.
    pub suspend_reason: Option<SuspendReason>,
    /// Pauses granted.
    pub suspensions: i32,
    /// Questions that the case waited for.
    pub questions: i32,
    /// Times the reporter urged.
    pub urges: i32,
    /// The reporter may urge again from then on.
    pub urge_again_at: Option<DateTimeUtc>,
    /// From how high it is supervised; null when it is not.
    pub supervision_level: Option<SupervisionLevel>,
    /// The unit's answer to the supervisor due.
    pub supervision_due_at: Option<DateTimeUtc>,
    /// What people are in conflict about, where somebody warned.
    pub conflict_kind: Option<ConflictKind>,
    /// How many people, as the last warning has it.
    pub conflict_headcount: Option<i32>,
    /// How far it may go.
    pub conflict_risk: Option<RiskLevel>,
    /// Lies on the supervisors' board: supervised, conferred about, answered badly twice, or
    /// warned of as red. Derived.
    pub is_on_board: bool,
    /// The unit that a conference named: it leads and may not return it.
    pub bound_unit_id: Option<UnitId>,
    /// Times the reporter had it opened again with new facts.
    pub refilings: i32,
    /// Calls back that did not reach the reporter, this round.
    pub missed_callbacks: i32,
    /// The case it was merged into.
    pub merged_into_id: Option<ServiceRequestId>,
    /// Cases merged into it.
    pub merged_count: i32,
    /// Their reporters who can be asked.
    pub askable_count: i32,
    /// Answers to the survey since the work was found good.
    pub answer_count: i32,
    /// The round of which the own reporter answered the survey last: of this case, or of that it was merged into.
    pub answered_round: i32,
    /// Number that the platform it came from gave it, of a hotline order.
    pub external_no: Option<String>,
    /// Until when that platform wants its result.
    pub external_due_at: Option<DateTimeUtc>,
    /// When it was found or reported elsewhere, before it came in here.
    pub occurred_at: Option<DateTimeUtc>,
    /// When it became read-only (归档).
    pub archived_at: Option<DateTimeUtc>,
    /// When it was made nobody's: who reported it, and what tells, was taken out.
    pub anonymised_at: Option<DateTimeUtc>,
    /// Since when nothing of it may be taken away (诉讼保全); null when it may.
    pub legal_hold_at: Option<DateTimeUtc>,
    /// What has to be taken out of it once the hold is over, sealed: traits of people who were forgotten meanwhile.
    pub owed_sealed: Option<Vec<u8>>,
    /// Received.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
