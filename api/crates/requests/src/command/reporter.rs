//! What reporters send about their case; the survey's answer may also be written down by whoever calls them.

use super::*;
use crate::fact::Answer;

/// An addition by the reporter, as sent.
#[derive(Clone, Debug)]
pub struct RawSupplement {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: Option<String>,
    /// Photos uploaded before.
    pub photos: Vec<AttachmentId>,
}

/// An addition by the reporter (补充): words, photos or both.
#[derive(Clone, Debug)]
pub struct Supplement {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: Option<String>,
    /// Photos uploaded before.
    pub photos: Vec<AttachmentId>,
}

impl RawSupplement {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Supplement> {
        let mut problems = Problems::default();
        let text = problems.keep(optional("text", self.text.as_deref(), WORDS, words));
        let photos = problems.keep(distinct_photos(&self.photos));
        if self.text.as_ref().is_none_or(|text| text.trim().is_empty()) && photos.is_empty() {
            problems.add(UserError::at(UserErrorCode::Required, "text"));
        }
        problems.none()?;
        Ok(Supplement { on: self.on, text, photos })
    }
}

/// An objection, as sent.
#[derive(Clone, Debug)]
pub struct RawObject {
    /// Which case.
    pub on: Target,
    /// Why the refusal is wrong.
    pub text: String,
}

/// The reporter's one objection to a refusal (异议).
#[derive(Clone, Debug)]
pub struct Object {
    /// Which case.
    pub on: Target,
    /// Why the refusal is wrong.
    pub text: String,
}

impl RawObject {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Object> {
        Ok(Object { on: self.on, text: words("text", &self.text, WORDS)? })
    }
}

/// A withdrawal, as sent.
#[derive(Clone, Debug)]
pub struct RawWithdraw {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: Option<String>,
}

/// A withdrawal (撤回).
#[derive(Clone, Debug)]
pub struct Withdraw {
    /// Which case.
    pub on: Target,
    /// Why.
    pub reason: Option<String>,
}

impl RawWithdraw {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Withdraw> {
        Ok(Withdraw { on: self.on, reason: optional("reason", self.reason.as_deref(), WORDS, words)? })
    }
}

/// An answer to the survey, as sent.
#[derive(Clone, Debug)]
pub struct RawSurvey {
    /// Which case.
    pub on: Target,
    /// Solved?
    pub solved: Solved,
    /// 1–5; `None` when the person called would not rate.
    pub satisfaction: Option<i32>,
    /// Words.
    pub comment: Option<String>,
}

/// An answer to the survey (评价), given in the app or on the phone.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Which case.
    pub on: Target,
    /// Solved?
    pub solved: Solved,
    /// 1–5; `None` when the person called would not rate.
    pub satisfaction: Option<i32>,
    /// Words.
    pub comment: Option<String>,
}

impl RawSurvey {
    /// Parses the input. A bad review (差评) says why.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Survey> {
        let mut problems = Problems::default();
        if self.satisfaction.is_some_and(|rating| !(1..=5).contains(&rating)) {
            problems.add(invalid("satisfaction", "out_of_range"));
        }
        let comment = problems.keep(optional("comment", self.comment.as_deref(), WORDS, words));
        let answer = Answer { solved: self.solved, satisfaction: self.satisfaction, is_by_agent: false };
        if answer.is_bad() && self.comment.as_ref().is_none_or(|comment| comment.trim().is_empty()) {
            problems.add(UserError::at(UserErrorCode::Required, "comment"));
        }
        problems.none()?;
        Ok(Survey { on: self.on, solved: self.solved, satisfaction: self.satisfaction, comment })
    }
}
