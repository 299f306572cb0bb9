//! What facts say of content: which words or photo, what a moderator decided, what somebody reported.

use entity::enums::{ContentReason, ContentState};
use entity::id::{AttachmentId, FactId};
use serde::{Deserialize, Deserializer, Serialize};

/// Words or a photo of a case (内容).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", content = "which")]
pub enum Content {
    /// What the reporter said first, and where.
    Request,
    /// What was said with a fact.
    Note(FactId),
    /// A photo.
    Photo(AttachmentId),
}

/// What a moderator decided (审核结论).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// About what.
    pub content: Content,
    /// What the check said before.
    pub before: ContentState,
    /// What it says now.
    pub after: ContentState,
    /// What is wrong with it.
    pub reason: Option<ContentReason>,
    /// The reporter's own words or photo, or the reporter's agent's.
    pub is_reporters: bool,
    /// How many reports of abuse it decides.
    pub decides: i32,
}

/// What somebody reported (内容举报).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Why.
    pub reason: ContentReason,
    /// How many wait for a decision with it.
    pub open: i32,
    /// So many reported it that it is held back until somebody looks.
    pub is_held: bool,
}

/// What a moderator took something out of (隐去).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// The reporter's words.
    pub description: bool,
    /// Where, in words.
    pub address: bool,
    /// A photo.
    pub photo: Option<AttachmentId>,
    /// What was wrong with it.
    pub reason: ContentReason,
}

/// Before there were states, facts said whether words were held back.
#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    State(ContentState),
    IsHeld(bool),
}

pub(super) fn state_or_held<'de, D: Deserializer<'de>>(told: D) -> Result<ContentState, D::Error> {
    Ok(match Told::deserialize(told)? {
        Told::State(state) => state,
        Told::IsHeld(true) => ContentState::Review,
        Told::IsHeld(false) => ContentState::Pass,
    })
}
