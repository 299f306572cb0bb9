//! What staff send about a case.

use super::*;

/// An acceptance, as sent; what is left out stays as reported.
#[derive(Clone, Debug)]
pub struct RawAccept {
    /// Which case.
    pub on: Target,
    /// Category.
    pub category_code: Option<String>,
    /// Kind.
    pub kind: Option<RequestKind>,
    /// Priority.
    pub priority: Option<Priority>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Whether it is held back from the public.
    pub is_held: Option<bool>,
}

/// An acceptance (受理) with the class the dispatcher gives.
#[derive(Clone, Debug)]
pub struct Accept {
    /// Which case.
    pub on: Target,
    /// Category; exists.
    pub category_code: Option<String>,
    /// Kind.
    pub kind: Option<RequestKind>,
    /// Priority.
    pub priority: Option<Priority>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// What the dispatcher says of the reporter's words, whatever the check said.
    pub content_state: Option<ContentState>,
}

impl RawAccept {
    /// Takes it on as it was reported.
    #[must_use]
    pub fn as_reported(on: Target) -> Self {
        Self { on, category_code: None, kind: None, priority: None, visibility: None, is_held: None }
    }

    /// Parses the input.
    ///
    /// # Errors
    /// `INVALID` for an unknown category.
    pub fn parse(&self, town: &Town) -> Result<Accept> {
        let category_code = self.category_code.as_deref().map(|code| known_category(town, code)).transpose()?;
        let Self { on, kind, priority, visibility, is_held, .. } = *self;
        let content_state = is_held.map(|is_held| if is_held { ContentState::Review } else { ContentState::Pass });
        Ok(Accept { on, category_code, kind, priority, visibility, content_state })
    }
}

impl Accept {
    /// The corrected kind, for a request that came by a channel: findings of patrols and machines come by theirs only.
    ///
    /// # Errors
    /// `INVALID` for a kind that cannot have come that way.
    pub fn kind_for(&self, channel: Channel) -> Result<Option<RequestKind>> {
        match self.kind {
            Some(kind) if kind_by(channel, kind) != Ok(kind) => Err(invalid("kind", "not_of_this_channel").into()),
            kind => Ok(kind),
        }
    }
}

/// A refusal, as sent.
#[derive(Clone, Debug)]
pub struct RawReject {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: RejectReason,
    /// Why, and where to turn instead.
    pub explanation: String,
}

/// A refusal (不予受理): why, and where to turn instead.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: RejectReason,
    /// Why, and where to turn instead.
    pub explanation: String,
}

impl RawReject {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Reject> {
        let explanation = words("explanation", &self.explanation, WORDS)?;
        Ok(Reject { on: self.on, reason: self.reason, explanation })
    }
}

/// Putting on file (立案).
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Which case.
    pub on: Target,
}

/// A dispatch, as sent.
#[derive(Clone, Debug)]
pub struct RawDispatch {
    /// Which case.
    pub on: Target,
    /// The one unit that leads.
    pub lead_unit: UnitId,
    /// Units that help.
    pub co_units: Vec<UnitId>,
    /// What they should know.
    pub instruction: Option<String>,
}

/// A dispatch (派遣) to one unit that leads and others that help.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// Which case.
    pub on: Target,
    /// The one unit that leads.
    pub lead_unit: UnitId,
    /// Units that help, each once.
    pub co_units: Vec<UnitId>,
    /// What they should know.
    pub instruction: Option<String>,
}

impl RawDispatch {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Dispatch> {
        let mut problems = Problems::default();
        let co_units = problems.keep(distinct_units(&self.co_units));
        let instruction = problems.keep(optional("instruction", self.instruction.as_deref(), WORDS, words));
        problems.none()?;
        Ok(Dispatch { on: self.on, lead_unit: self.lead_unit, co_units, instruction })
    }
}

/// Signing for an order (签收).
#[derive(Clone, Copy, Debug)]
pub struct Sign {
    /// Which case.
    pub on: Target,
}

/// A contact, as sent.
#[derive(Clone, Debug)]
pub struct RawRecordContact {
    /// Which case.
    pub on: Target,
    /// How.
    pub method: ContactMethod,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// What was said.
    pub note: Option<String>,
}

/// A contact with the reporter (先行联系).
#[derive(Clone, Debug)]
pub struct RecordContact {
    /// Which case.
    pub on: Target,
    /// How.
    pub method: ContactMethod,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// What was said.
    pub note: Option<String>,
}

impl RawRecordContact {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<RecordContact> {
        let note = optional("note", self.note.as_deref(), WORDS, words)?;
        Ok(RecordContact { on: self.on, method: self.method, outcome: self.outcome, note })
    }
}

/// Finished work, as sent.
#[derive(Clone, Debug)]
pub struct RawSubmitHandling {
    /// Which case.
    pub on: Target,
    /// Result.
    pub result: HandlingResult,
    /// Reply to the reporter.
    pub reply: String,
    /// Photos that show it.
    pub photos: Vec<AttachmentId>,
}

/// Finished work (处置反馈) with a reply to the reporter.
#[derive(Clone, Debug)]
pub struct SubmitHandling {
    /// Which case.
    pub on: Target,
    /// Result.
    pub result: HandlingResult,
    /// Reply to the reporter.
    pub reply: String,
    /// Photos that show it.
    pub photos: Vec<AttachmentId>,
}

impl RawSubmitHandling {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<SubmitHandling> {
        let mut problems = Problems::default();
        let reply = problems.keep(words("reply", &self.reply, DESCRIPTION));
        if !reply.is_empty() && reply.chars().count() < REPLY_AT_LEAST {
            problems.add(invalid("reply", "too_short"));
        }
        let photos = problems.keep(distinct_photos(&self.photos));
        problems.none()?;
        Ok(SubmitHandling { on: self.on, result: self.result, reply, photos })
    }
}

/// A judgement of the work, as sent.
#[derive(Clone, Debug)]
pub struct RawVerify {
    /// Which case.
    pub on: Target,
    /// Good?
    pub is_passed: bool,
    /// What was seen; needed when it is not good.
    pub note: Option<String>,
}

/// A judgement of the work (核查).
#[derive(Clone, Debug)]
pub struct Verify {
    /// Which case.
    pub on: Target,
    /// Good?
    pub is_passed: bool,
    /// What was seen.
    pub note: Option<String>,
}

impl RawVerify {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Verify> {
        let note = if self.is_passed {
            optional("note", self.note.as_deref(), WORDS, words)?
        } else {
            Some(words("note", self.note.as_deref().unwrap_or_default(), WORDS)?)
        };
        Ok(Verify { on: self.on, is_passed: self.is_passed, note })
    }
}

/// A wish to return an order, as sent.
#[derive(Clone, Debug)]
pub struct RawRequestReturn {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: String,
    /// By which rule.
    pub basis: String,
    /// Who should have it instead.
    pub suggested_unit: UnitId,
}

/// A wish to return an order (退单申请): why, by which rule, and who should have it instead.
#[derive(Clone, Debug)]
pub struct RequestReturn {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: String,
    /// By which rule.
    pub basis: String,
    /// Who should have it instead.
    pub suggested_unit: UnitId,
}

impl RawRequestReturn {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<RequestReturn> {
        let mut problems = Problems::default();
        let reason = problems.keep(words("reason", &self.reason, WORDS));
        let basis = problems.keep(words("basis", &self.basis, WORDS));
        problems.none()?;
        Ok(RequestReturn { on: self.on, reason, basis, suggested_unit: self.suggested_unit })
    }
}

/// A decision on a return, as sent.
#[derive(Clone, Debug)]
pub struct RawDecideReturn {
    /// Which case.
    pub on: Target,
    /// Granted?
    pub is_granted: bool,
    /// Why.
    pub note: Option<String>,
}

/// A decision on a return (退单决定).
#[derive(Clone, Debug)]
pub struct DecideReturn {
    /// Which case.
    pub on: Target,
    /// Granted?
    pub is_granted: bool,
    /// Why.
    pub note: Option<String>,
}

impl RawDecideReturn {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<DecideReturn> {
        let note = optional("note", self.note.as_deref(), WORDS, words)?;
        Ok(DecideReturn { on: self.on, is_granted: self.is_granted, note })
    }
}

/// Handing over all open cases of somebody who leaves a unit (移交).
#[derive(Clone, Copy, Debug)]
pub struct HandOver {
    /// The unit.
    pub unit: UnitId,
    /// Who leaves.
    pub leaver: AccountId,
    /// Who takes over; of the same unit.
    pub successor: AccountId,
}
