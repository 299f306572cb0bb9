//! What is sent about what is published.

use media::paint::{self, Rectangle};

use super::*;
use crate::fact::Content;

/// A moderator's decision, as sent.
#[derive(Clone, Debug)]
pub struct RawReviewContent {
    /// Which case.
    pub on: Target,
    /// Of words that were said with a step of it.
    pub entry: Option<FactId>,
    /// Of a photo.
    pub photo: Option<AttachmentId>,
    /// Whether it may be published.
    pub is_passed: bool,
    /// What is wrong with it.
    pub reason: Option<ContentReason>,
    /// What others who decide should know.
    pub note: Option<String>,
}

/// A moderator's decision (内容审核).
#[derive(Clone, Debug)]
pub struct ReviewContent {
    /// Which case.
    pub on: Target,
    /// Of words that were said with a step of it.
    pub entry: Option<FactId>,
    /// Of a photo.
    pub photo: Option<AttachmentId>,
    /// What the check is to say.
    pub verdict: ContentState,
    /// What is wrong with it.
    pub reason: Option<ContentReason>,
    /// What others who decide should know.
    pub note: Option<String>,
}

impl RawReviewContent {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self) -> Result<ReviewContent> {
        let mut problems = Problems::default();
        if !self.is_passed && self.reason.is_none() {
            problems.add(UserError::at(UserErrorCode::Required, "reason"));
        }
        let note = problems.keep(optional("note", self.note.as_deref(), WORDS, words));
        problems.none()?;
        let verdict = if self.is_passed { ContentState::Pass } else { ContentState::Risky };
        let Self { on, entry, photo, reason, .. } = *self;
        Ok(ReviewContent { on, entry, photo, verdict, reason, note })
    }
}

impl ReviewContent {
    /// What it is about: one thing.
    ///
    /// # Errors
    /// `INVALID` for words and a photo at once.
    pub fn content(&self) -> Result<Content> {
        match (self.entry, self.photo) {
            (None, None) => Ok(Content::Request),
            (Some(entry), None) => Ok(Content::Note(entry)),
            (None, Some(photo)) => Ok(Content::Photo(photo)),
            (Some(_), Some(_)) => Err(invalid("attachmentId", "one_at_a_time").into()),
        }
    }
}

/// A report of abuse, as sent.
#[derive(Clone, Debug)]
pub struct RawReportContent {
    /// Which case.
    pub on: Target,
    /// What is wrong with it.
    pub reason: ContentReason,
    /// In words.
    pub note: Option<String>,
}

/// A report of abuse (内容举报).
#[derive(Clone, Debug)]
pub struct ReportContent {
    /// Which case.
    pub on: Target,
    /// What is wrong with it.
    pub reason: ContentReason,
    /// In words.
    pub note: Option<String>,
}

impl RawReportContent {
    /// Parses the input.
    ///
    /// # Errors
    /// `REQUIRED` where the reason is another one and no words say which.
    pub fn parse(&self) -> Result<ReportContent> {
        let mut problems = Problems::default();
        let note = problems.keep(optional("note", self.note.as_deref(), WORDS, words));
        let is_said = self.note.as_deref().is_some_and(|note| !note.trim().is_empty());
        if self.reason == ContentReason::Other && !is_said {
            problems.add(UserError::at(UserErrorCode::Required, "note"));
        }
        problems.none()?;
        Ok(ReportContent { on: self.on, reason: self.reason, note })
    }
}

/// What is to stand in place of words, as sent.
#[derive(Clone, Debug)]
pub struct RawRedact {
    /// Which case.
    pub on: Target,
    /// In place of what the reporter said.
    pub description: Option<String>,
    /// In place of where it is, in words.
    pub address: Option<String>,
    /// What was wrong with it.
    pub reason: ContentReason,
    /// What others who decide should know.
    pub note: Option<String>,
}

/// What is to stand in place of words (隐去文字).
#[derive(Clone, Debug)]
pub struct Redact {
    /// Which case.
    pub on: Target,
    /// In place of what the reporter said.
    pub description: Option<String>,
    /// In place of where it is, in words.
    pub address: Option<String>,
    /// What was wrong with it.
    pub reason: ContentReason,
    /// What others who decide should know.
    pub note: Option<String>,
}

impl RawRedact {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it; `REQUIRED` without any words.
    pub fn parse(&self) -> Result<Redact> {
        let mut problems = Problems::default();
        let description = self.description.as_deref().map(|text| words("description", text, DESCRIPTION));
        let description = description.map(|parsed| problems.keep(parsed));
        let address = self.address.as_deref().map(|text| line("address", text, ADDRESS));
        let address = address.map(|parsed| problems.keep(parsed));
        let note = problems.keep(optional("note", self.note.as_deref(), WORDS, words));
        if description.is_none() && address.is_none() {
            problems.add(UserError::at(UserErrorCode::Required, "description"));
        }
        problems.none()?;
        Ok(Redact { on: self.on, description, address, reason: self.reason, note })
    }
}

/// What is to be painted over, as sent.
#[derive(Clone, Debug)]
pub struct RawRedactPhoto {
    /// Which case.
    pub on: Target,
    /// Which photo of it.
    pub photo: AttachmentId,
    /// Which parts.
    pub rectangles: Vec<Rectangle>,
    /// What was wrong with it.
    pub reason: ContentReason,
    /// What others who decide should know.
    pub note: Option<String>,
}

/// What is to be painted over (遮盖照片).
#[derive(Clone, Debug)]
pub struct RedactPhoto {
    /// Which case.
    pub on: Target,
    /// Which photo of it.
    pub photo: AttachmentId,
    /// Which parts.
    pub rectangles: Vec<Rectangle>,
    /// What was wrong with it.
    pub reason: ContentReason,
    /// What others who decide should know.
    pub note: Option<String>,
}

impl RawRedactPhoto {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it, but for what lies outside of the picture.
    pub fn parse(&self) -> Result<RedactPhoto> {
        let mut problems = Problems::default();
        problems.keep(paint::check(&self.rectangles));
        let note = problems.keep(optional("note", self.note.as_deref(), WORDS, words));
        problems.none()?;
        let (rectangles, reason) = (self.rectangles.clone(), self.reason);
        Ok(RedactPhoto { on: self.on, photo: self.photo, rectangles, reason, note })
    }
}
