//! What is sent about a case beside its trunk: fast lane, more time, pauses, urging, supervision, conferences, calls in vain,
//! and opening it again.

use super::*;

/// A fast dispatch, as sent.
#[derive(Clone, Debug)]
pub struct RawFastTrack {
    /// Which case.
    pub on: Target,
    /// Corrected category.
    pub category_code: Option<String>,
    /// The one unit that leads.
    pub lead_unit: UnitId,
    /// Units that help.
    pub co_units: Vec<UnitId>,
    /// What they should know.
    pub instruction: Option<String>,
}

/// A fast dispatch of what endangers people (快速通道), to one unit that leads and others that help.
#[derive(Clone, Debug)]
pub struct FastTrack {
    /// Category; exists.
    pub category_code: Option<String>,
    /// To whom.
    pub dispatch: Dispatch,
}

impl RawFastTrack {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self, town: &Town) -> Result<FastTrack> {
        let category_code = self.category_code.as_deref().map(|code| known_category(town, code)).transpose()?;
        let (on, lead_unit) = (self.on, self.lead_unit);
        let dispatch =
            RawDispatch { on, lead_unit, co_units: self.co_units.clone(), instruction: self.instruction.clone() };
        Ok(FastTrack { category_code, dispatch: dispatch.parse()? })
    }
}

/// A wish for more time, as sent.
#[derive(Clone, Debug)]
pub struct RawRequestExtension {
    /// Which case.
    pub on: Target,
    /// How many more working days.
    pub working_days: i32,
    /// Why.
    pub reason: String,
}

/// A wish for more time (延期申请).
#[derive(Clone, Debug)]
pub struct RequestExtension {
    /// Which case.
    pub on: Target,
    /// How many more working days.
    pub working_days: i32,
    /// Why.
    pub reason: String,
}

impl RawRequestExtension {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<RequestExtension> {
        let reason = words("reason", &self.reason, WORDS)?;
        Ok(RequestExtension { on: self.on, working_days: self.working_days, reason })
    }
}

/// A wish for a pause, as sent.
#[derive(Clone, Debug)]
pub struct RawRequestSuspension {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: SuspendReason,
    /// Until when.
    pub until: DateTime<Utc>,
    /// What shows that it must wait.
    pub evidence: String,
}

/// A wish for a pause (挂起申请).
#[derive(Clone, Debug)]
pub struct RequestSuspension {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: SuspendReason,
    /// Until when.
    pub until: DateTime<Utc>,
    /// What shows that it must wait.
    pub evidence: String,
}

impl RawRequestSuspension {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<RequestSuspension> {
        let evidence = words("evidence", &self.evidence, WORDS)?;
        Ok(RequestSuspension { on: self.on, reason: self.reason, until: self.until, evidence })
    }
}

/// A decision on more time or a pause, as sent.
#[derive(Clone, Debug)]
pub struct RawDecideAsk {
    /// Which case.
    pub on: Target,
    /// Granted?
    pub is_granted: bool,
    /// Why; the reporter reads it.
    pub note: Option<String>,
}

/// A decision on more time or a pause (审批).
#[derive(Clone, Debug)]
pub struct DecideAsk {
    /// Which case.
    pub on: Target,
    /// Granted?
    pub is_granted: bool,
    /// Why; the reporter reads it.
    pub note: Option<String>,
}

impl RawDecideAsk {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<DecideAsk> {
        let note = optional("note", self.note.as_deref(), WORDS, words)?;
        Ok(DecideAsk { on: self.on, is_granted: self.is_granted, note })
    }
}

/// The end of a pause, as sent.
#[derive(Clone, Debug)]
pub struct RawResume {
    /// Which case.
    pub on: Target,
    /// Why; the reporter reads it.
    pub note: Option<String>,
}

/// The end of a pause (恢复).
#[derive(Clone, Debug)]
pub struct Resume {
    /// Which case.
    pub on: Target,
    /// Why; the reporter reads it.
    pub note: Option<String>,
}

impl RawResume {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Resume> {
        let note = optional("note", self.note.as_deref(), WORDS, words)?;
        Ok(Resume { on: self.on, note })
    }
}

/// The reporter's urging, as sent.
#[derive(Clone, Debug)]
pub struct RawUrge {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: Option<String>,
}

/// The reporter's urging (催办).
#[derive(Clone, Debug)]
pub struct Urge {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: Option<String>,
}

impl RawUrge {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Urge> {
        let text = optional("text", self.text.as_deref(), WORDS, words)?;
        Ok(Urge { on: self.on, text })
    }
}

/// A supervisor's order, as sent.
#[derive(Clone, Debug)]
pub struct RawSupervise {
    /// Which case.
    pub on: Target,
    /// From how high.
    pub level: SupervisionLevel,
    /// Why.
    pub reason: SupervisionReason,
    /// What is to be done.
    pub instruction: String,
}

/// A supervisor's order (督办).
#[derive(Clone, Debug)]
pub struct Supervise {
    /// Which case.
    pub on: Target,
    /// From how high.
    pub level: SupervisionLevel,
    /// Why.
    pub reason: SupervisionReason,
    /// What is to be done.
    pub instruction: String,
}

impl RawSupervise {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Supervise> {
        let instruction = words("instruction", &self.instruction, WORDS)?;
        Ok(Supervise { on: self.on, level: self.level, reason: self.reason, instruction })
    }
}

/// The unit's answer to the supervisor, as sent.
#[derive(Clone, Debug)]
pub struct RawAnswerSupervision {
    /// Which case.
    pub on: Target,
    /// What was done.
    pub reply: String,
}

/// The unit's answer to the supervisor (督办回复).
#[derive(Clone, Debug)]
pub struct AnswerSupervision {
    /// Which case.
    pub on: Target,
    /// What was done.
    pub reply: String,
}

impl RawAnswerSupervision {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<AnswerSupervision> {
        let reply = words("reply", &self.reply, WORDS)?;
        Ok(AnswerSupervision { on: self.on, reply })
    }
}

/// A conference, as sent.
#[derive(Clone, Debug)]
pub struct RawConfer {
    /// Which case.
    pub on: Target,
    /// The one unit that leads from now on.
    pub lead_unit: UnitId,
    /// Units that help.
    pub co_units: Vec<UnitId>,
    /// What they agreed on.
    pub conclusion: String,
}

/// A conference of units (会商) and what it came to.
#[derive(Clone, Debug)]
pub struct Confer {
    /// Which case.
    pub on: Target,
    /// The one unit that leads from now on.
    pub lead_unit: UnitId,
    /// Units that help, each once.
    pub co_units: Vec<UnitId>,
    /// What they agreed on.
    pub conclusion: String,
}

impl RawConfer {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Confer> {
        let mut problems = Problems::default();
        let co_units = problems.keep(distinct_units(&self.co_units));
        let conclusion = problems.keep(words("conclusion", &self.conclusion, WORDS));
        problems.none()?;
        Ok(Confer { on: self.on, lead_unit: self.lead_unit, co_units, conclusion })
    }
}

/// A call back that did not reach the reporter, as sent.
#[derive(Clone, Debug)]
pub struct RawMissCallback {
    /// Which case.
    pub on: Target,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// What was heard.
    pub note: Option<String>,
}

/// A call back that did not reach the reporter (回访未接通).
#[derive(Clone, Debug)]
pub struct MissCallback {
    /// Which case.
    pub on: Target,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// What was heard.
    pub note: Option<String>,
}

impl RawMissCallback {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<MissCallback> {
        let note = optional("note", self.note.as_deref(), WORDS, words)?;
        Ok(MissCallback { on: self.on, outcome: self.outcome, note })
    }
}

/// The reporter's wish to have a closed case opened again, as sent.
#[derive(Clone, Debug)]
pub struct RawReopen {
    /// Which case.
    pub on: Target,
    /// What is new.
    pub new_facts: String,
}

/// The reporter's wish to have a closed case opened again (重新办理).
#[derive(Clone, Debug)]
pub struct Reopen {
    /// Which case.
    pub on: Target,
    /// What is new.
    pub new_facts: String,
}

impl RawReopen {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Reopen> {
        let new_facts = words("newFacts", &self.new_facts, WORDS)?;
        Ok(Reopen { on: self.on, new_facts })
    }
}

/// A supervisor's order to open a closed case again, as sent.
#[derive(Clone, Debug)]
pub struct RawTakeUp {
    /// Which case.
    pub on: Target,
    /// What is to be done.
    pub instruction: String,
}

/// A supervisor's order to open a closed case again (疑难件重启).
#[derive(Clone, Debug)]
pub struct TakeUp {
    /// Which case.
    pub on: Target,
    /// What is to be done.
    pub instruction: String,
}

impl RawTakeUp {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<TakeUp> {
        let instruction = words("instruction", &self.instruction, WORDS)?;
        Ok(TakeUp { on: self.on, instruction })
    }
}
