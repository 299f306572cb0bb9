//! What can happen to a request (事实): kinds, ids, codes, states and times — never words, names, numbers to call or
//! exact places, which live in rows that can be erased.

use chrono::{DateTime, Utc};
use entity::enums::{
    Audience, ConflictKind, ContactMethod, ContactOutcome, HandlingResult, Priority, RejectReason, RiskLevel,
    ServiceRequestState, SupervisionLevel, SupervisionReason, SuspendReason,
};
use entity::id::{AccountId, AreaId, AttachmentId, ServiceRequestId, UnitId};
use serde::{Deserialize, Serialize};

mod content;
mod effect;
mod parts;
mod told;
pub use content::{Content, Redaction, Reported, Reviewed};
pub use parts::{Answer, Class, Conferred, Conflict, Dispatched, OnBehalf, Submitted, Warning};
pub use told::Told;

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
    /// The platform it came from took it back.
    #[serde(rename = "request.recalled")]
    Recalled,
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
        /// The answer; `None` when it was given about a case that was merged into this one.
        answer: Option<Answer>,
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
    /// Somebody of the staff said something.
    #[serde(rename = "request.said")]
    Said {
        /// To whom.
        to: Audience,
    },
    /// The unit asked the reporter something; the clocks stand still until the answer.
    #[serde(rename = "request.questioned")]
    Questioned {
        /// Until when at most.
        until: Instant,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
    },
    /// The reporter answered; what was left of the clocks is left again.
    #[serde(rename = "request.question_answered")]
    QuestionAnswered {
        /// Photos added.
        photos: Vec<AttachmentId>,
        /// Handling due, anew.
        due_at: Option<Instant>,
        /// First contact due, anew; `None` when none is owed.
        contact_due_at: Option<Instant>,
        /// See [`Fact`].
        is_calendar_uncertain: bool,
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
    /// Somebody warned that people are in conflict about it.
    #[serde(rename = "request.conflict_warned")]
    ConflictWarned {
        /// About what.
        about: ConflictKind,
        /// How many people.
        headcount: i32,
        /// How far it may go.
        risk: RiskLevel,
    },
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
    /// A reporter answered while others have yet to.
    #[serde(rename = "request.answered")]
    Answered {
        /// The answer; `None` when it was given about a case that was merged into this one.
        answer: Option<Answer>,
        /// The round it is about: of this case, or of that it was merged into.
        round: i32,
        /// It was bad, and the rounds are used up.
        is_hard: bool,
    },
    /// It goes on in another case.
    #[serde(rename = "request.merged")]
    Merged {
        /// Which.
        into: ServiceRequestId,
        /// Until when its reporter may answer about one that is closed already.
        survey_due_at: Option<Instant>,
    },
    /// Another case goes on in it.
    #[serde(rename = "request.absorbed")]
    Absorbed {
        /// Which.
        from: ServiceRequestId,
        /// What its citizen was promised.
        promised_at: Option<Instant>,
        /// Its reporter can be asked.
        is_askable: bool,
        /// What it warned of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conflict: Option<Conflict>,
    },
    /// So many people report or follow it that it matters more.
    #[serde(rename = "request.raised")]
    Raised {
        /// Priority from now on.
        priority: Priority,
    },
    /// It is read from now on, and nothing is done with it any more.
    #[serde(rename = "request.archived")]
    Archived,
    /// It is nobody's from now on: who reported it, and what tells, was taken out.
    #[serde(rename = "request.anonymised")]
    Anonymised,
    /// Nothing of it may be taken away from now on.
    #[serde(rename = "request.legal_hold_placed")]
    LegalHoldPlaced,
    /// That is over.
    #[serde(rename = "request.legal_hold_released")]
    LegalHoldReleased,
    /// Grids were drawn anew, and another has its place.
    #[serde(rename = "request.relocated")]
    Relocated {
        /// The grid.
        area: AreaId,
        /// Its path.
        area_path: String,
    },
    /// The content check caught something that was said: somebody has to look before it is published.
    #[serde(rename = "request.content_held")]
    ContentHeld(Content),
    /// A moderator looked.
    #[serde(rename = "request.content_reviewed")]
    ContentReviewed(Reviewed),
    /// Somebody found amiss what is public of it.
    #[serde(rename = "request.content_reported")]
    ContentReported(Reported),
    /// A moderator took something out of it.
    #[serde(rename = "request.redacted")]
    Redacted(Redaction),
    /// Part of a clock has run.
    #[serde(rename = "request.reminded")]
    Reminded(Warning),
    /// A clock has run out.
    #[serde(rename = "request.escalated")]
    Escalated(Warning),
}
