//! What somebody wants done, without the words.

use chrono::{DateTime, Utc};
use entity::enums::{
    Audience, ConflictKind, ContactMethod, ContactOutcome, ContentReason, HandlingResult, Priority, RejectReason,
    ServiceRequestState, SupervisionLevel, SupervisionReason, SuspendReason,
};
use entity::id::{AccountId, AreaId, AttachmentId, ServiceRequestId, UnitId};

use super::content::Review;
use crate::fact::{Answer, Class, Conflict, Redaction, Warning};
use crate::policy::Action;

/// What somebody wants done, without the words (指令).
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Add to one's report.
    Supplement {
        /// Photos to add.
        photos: Vec<AttachmentId>,
    },
    /// Take one's report back.
    Withdraw,
    /// Object to a refusal.
    Object,
    /// Take it on.
    Accept(Class),
    /// Refuse it.
    Reject {
        /// Why.
        reason: RejectReason,
    },
    /// Put it on file.
    File,
    /// Send it to units.
    Dispatch {
        /// The one unit that leads.
        lead: UnitId,
        /// Units that help.
        co_units: Vec<UnitId>,
    },
    /// Sign for it.
    Sign,
    /// Say how a contact went.
    RecordContact {
        /// How.
        method: ContactMethod,
        /// What came of it.
        outcome: ContactOutcome,
    },
    /// Report the work done.
    SubmitHandling {
        /// Result.
        result: HandlingResult,
        /// Photos that show it.
        photos: Vec<AttachmentId>,
        /// Whether the category asks for a photo.
        needs_photo: bool,
    },
    /// Judge the work.
    Verify {
        /// Good?
        is_passed: bool,
    },
    /// Answer the survey, or write down an answer given on the phone.
    Answer {
        /// The answer.
        answer: Answer,
        /// Who leads the unit, to handle it if the answer is bad.
        leader: Option<AccountId>,
    },
    /// Ask to return the order.
    RequestReturn {
        /// Who should have it instead.
        suggested_unit: UnitId,
    },
    /// Decide on a return.
    DecideReturn {
        /// Granted?
        is_granted: bool,
    },
    /// Give it to a colleague.
    HandOver {
        /// Who handles it from now on.
        to: AccountId,
    },
    /// Send it straight to units: public safety.
    FastTrack {
        /// Its class, of the highest priority.
        class: Class,
        /// The one unit that leads.
        lead: UnitId,
        /// Units that help.
        co_units: Vec<UnitId>,
    },
    /// Ask for more time.
    RequestExtension {
        /// Working days.
        days: i32,
    },
    /// Decide on more time.
    DecideExtension {
        /// Granted?
        is_granted: bool,
    },
    /// Ask for a pause.
    RequestSuspension {
        /// Why.
        reason: SuspendReason,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Decide on a pause.
    DecideSuspension {
        /// Granted?
        is_granted: bool,
    },
    /// End a pause.
    Resume,
    /// Urge the unit.
    Urge,
    /// Say something, as the staff.
    Say {
        /// To whom.
        to: Audience,
    },
    /// Ask the reporter something, and wait.
    Ask,
    /// Answer what the unit asked.
    AnswerQuestion {
        /// Photos to add.
        photos: Vec<AttachmentId>,
    },
    /// Supervise it.
    Supervise {
        /// From how high.
        level: SupervisionLevel,
        /// Why.
        reason: SupervisionReason,
    },
    /// Answer the supervisor.
    AnswerSupervision,
    /// Warn that people are in conflict.
    OpenConflictWarning {
        /// About what.
        kind: ConflictKind,
        /// How many they are.
        headcount: i32,
    },
    /// Write down what a conference of units came to.
    Confer {
        /// The one unit that leads from now on.
        lead: UnitId,
        /// Units that help.
        co_units: Vec<UnitId>,
    },
    /// Note a call back that did not reach the reporter.
    MissCallback {
        /// What came of it.
        outcome: ContactOutcome,
    },
    /// The reporter opens a closed case again, with new facts.
    Reopen,
    /// A supervisor opens a closed case again.
    TakeUp,
    /// A reporter answered about a case that was merged into this one.
    Hear {
        /// Badly.
        is_bad: bool,
        /// Who leads the unit, to handle it then.
        leader: Option<AccountId>,
    },
    /// Merge it into another case.
    Merge(Into),
    /// Take another case in.
    Absorb {
        /// Which.
        from: ServiceRequestId,
        /// What its citizen was promised.
        promised_at: Option<DateTime<Utc>>,
        /// Its reporter can be asked.
        is_askable: bool,
        /// What it warned of.
        conflict: Option<Conflict>,
    },
    /// The system raises it, as so many people report or follow it.
    Raise {
        /// Priority from now on.
        priority: Priority,
    },
    /// The system warns that a clock has run so far.
    Warn(Warning),
    /// The system closes what nobody answered.
    Lapse,
    /// The platform it came from takes it back.
    Recall,
    /// The system archives it.
    Archive,
    /// The system makes it nobody's.
    Anonymise,
    /// Have nothing of it taken away.
    PlaceLegalHold,
    /// Say that this is over.
    ReleaseLegalHold,
    /// The system moves it to the grid that has its place since grids were drawn anew.
    Relocate {
        /// The grid.
        area: AreaId,
        /// Its path.
        area_path: String,
    },
    /// Decide whether words or a photo are published.
    ReviewContent(Review),
    /// Take something out of words or a photo.
    Redact(Redaction),
    /// Report what is public of it.
    ReportContent {
        /// Why.
        reason: ContentReason,
    },
}

/// The case that another is to be merged into, as far as its rules ask (并案目标).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Into {
    /// Which.
    pub id: ServiceRequestId,
    /// Where it stands.
    pub state: ServiceRequestState,
    /// Its end.
    pub closed_at: Option<DateTime<Utc>>,
    /// It is of the same category, and no more than 250 m away.
    pub is_alike: bool,
    /// The same person reported both.
    pub is_of_same_person: bool,
}

impl Command {
    /// What policy is asked about it.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Supplement { .. } => Action::Supplement,
            Self::Withdraw => Action::Withdraw,
            Self::Object => Action::Object,
            Self::Accept(_) => Action::Accept,
            Self::Reject { .. } => Action::Reject,
            Self::File => Action::File,
            Self::Dispatch { .. } => Action::Dispatch,
            Self::Sign => Action::Sign,
            Self::RecordContact { .. } => Action::RecordContact,
            Self::SubmitHandling { .. } => Action::SubmitHandling,
            Self::Verify { .. } => Action::Verify,
            Self::Answer { answer, .. } if answer.is_by_agent => Action::RecordCallback,
            Self::Answer { .. } | Self::Hear { .. } => Action::Survey,
            Self::Merge(_) | Self::Absorb { .. } => Action::Merge,
            Self::Raise { .. } => Action::Raise,
            Self::RequestReturn { .. } => Action::RequestReturn,
            Self::DecideReturn { .. } => Action::DecideReturn,
            Self::HandOver { .. } => Action::HandOver,
            Self::FastTrack { .. } => Action::FastTrack,
            Self::RequestExtension { .. } => Action::RequestExtension,
            Self::DecideExtension { .. } => Action::DecideExtension,
            Self::RequestSuspension { .. } => Action::RequestSuspension,
            Self::DecideSuspension { .. } => Action::DecideSuspension,
            Self::Resume => Action::Resume,
            Self::Urge => Action::Urge,
            Self::Say { to: Audience::Staff } => Action::AddInternalNote,
            Self::Say { to: Audience::Participant } => Action::MessageReporter,
            Self::Say { to: Audience::Public } => Action::PublishUpdate,
            Self::Ask => Action::AskReporter,
            Self::AnswerQuestion { .. } => Action::AnswerQuestion,
            Self::Supervise { .. } => Action::Supervise,
            Self::AnswerSupervision => Action::AnswerSupervision,
            Self::OpenConflictWarning { .. } => Action::OpenConflictWarning,
            Self::Confer { .. } => Action::Confer,
            Self::MissCallback { .. } => Action::RecordMissedCallback,
            Self::Reopen => Action::Reopen,
            Self::TakeUp => Action::TakeUp,
            Self::Warn(_) => Action::Warn,
            Self::Lapse => Action::Lapse,
            Self::Recall => Action::Recall,
            Self::Archive => Action::Archive,
            Self::Anonymise => Action::Anonymise,
            Self::PlaceLegalHold => Action::PlaceLegalHold,
            Self::ReleaseLegalHold => Action::ReleaseLegalHold,
            Self::Relocate { .. } => Action::Relocate,
            Self::ReviewContent(_) => Action::ReviewContent,
            Self::ReportContent { .. } => Action::ReportContent,
            Self::Redact(_) => Action::Redact,
        }
    }
}
