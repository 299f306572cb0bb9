//! What is said about a case while it goes on.

use super::*;

/// Words of the staff, as sent.
#[derive(Clone, Debug)]
pub struct RawSay {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: String,
}

/// Words of the staff (留言): a note among themselves, a message or a question to the reporter, news for everybody.
#[derive(Clone, Debug)]
pub struct Say {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: String,
}

impl RawSay {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<Say> {
        Ok(Say { on: self.on, text: words("text", &self.text, WORDS)? })
    }
}

/// The reporter's answer to a question, as sent.
#[derive(Clone, Debug)]
pub struct RawAnswerQuestion {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: String,
    /// Photos.
    pub photos: Vec<AttachmentId>,
}

/// The reporter's answer to a question (答复).
#[derive(Clone, Debug)]
pub struct AnswerQuestion {
    /// Which case.
    pub on: Target,
    /// Words.
    pub text: String,
    /// Photos.
    pub photos: Vec<AttachmentId>,
}

impl RawAnswerQuestion {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<AnswerQuestion> {
        let mut problems = Problems::default();
        let text = problems.keep(words("text", &self.text, WORDS));
        let photos = problems.keep(distinct_photos(&self.photos));
        problems.none()?;
        Ok(AnswerQuestion { on: self.on, text, photos })
    }
}
