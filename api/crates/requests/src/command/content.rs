//! What is sent about what is published.

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
    /// Of what.
    pub content: Content,
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
        let content = match (self.entry, self.photo) {
            (None, None) => Content::Request,
            (Some(entry), None) => Content::Note(entry),
            (None, Some(photo)) => Content::Photo(photo),
            (Some(_), Some(_)) => {
                problems.add(invalid("attachmentId", "one_at_a_time"));
                Content::Request
            }
        };
        if !self.is_passed && self.reason.is_none() {
            problems.add(UserError::at(UserErrorCode::Required, "reason"));
        }
        let note = problems.keep(optional("note", self.note.as_deref(), WORDS, words));
        problems.none()?;
        let verdict = if self.is_passed { ContentState::Pass } else { ContentState::Risky };
        Ok(ReviewContent { on: self.on, content, verdict, reason: self.reason, note })
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
        if self.reason == ContentReason::Other && note.is_none() {
            problems.add(UserError::at(UserErrorCode::Required, "note"));
        }
        problems.none()?;
        Ok(ReportContent { on: self.on, reason: self.reason, note })
    }
}
