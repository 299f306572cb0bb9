//! What a fact leads to, and how it is read back.

use entity::enums::ServiceRequestState;

use super::Fact;

impl Fact {
    /// Where the request stands after it; `None` when it stays where it was.
    #[must_use]
    pub fn leads_to(&self) -> Option<ServiceRequestState> {
        use ServiceRequestState as S;
        match self {
            Self::Submitted(_) | Self::Objected { .. } => Some(S::Submitted),
            Self::Accepted { .. } => Some(S::Accepted),
            Self::Rejected { .. } => Some(S::Rejected),
            Self::Withdrawn | Self::Recalled => Some(S::Withdrawn),
            Self::Filed | Self::ReturnGranted { .. } | Self::Refiled { .. } => Some(S::Filed),
            Self::Dispatched(_) => Some(S::Dispatched),
            Self::Signed { .. } | Self::Reworked { .. } | Self::Reopened { .. } => Some(S::InProgress),
            Self::Resumed { .. } | Self::QuestionAnswered { .. } => Some(S::InProgress),
            Self::Said { .. } => None,
            Self::Handled { .. } => Some(S::Handled),
            Self::Verified { survey_due_at: Some(_) } => Some(S::Verified),
            Self::Verified { survey_due_at: None } | Self::Closed { .. } => Some(S::Closed),
            Self::ReturnRequested { .. } => Some(S::ReturnPending),
            Self::ReturnDenied { to, .. } => Some(*to),
            Self::FastTracked { .. } => Some(S::Dispatched),
            Self::Suspended { .. } | Self::Questioned { .. } => Some(S::Suspended),
            Self::Conferred(conferred) => Some(conferred.to),
            Self::Supplemented { .. } | Self::Contacted { .. } | Self::HandedOver { .. } => None,
            Self::ExtensionRequested { .. } | Self::Extended { .. } | Self::ExtensionDenied => None,
            Self::SuspensionRequested { .. } | Self::SuspensionDenied | Self::Urged { .. } => None,
            Self::Supervised { .. } | Self::SupervisionAnswered | Self::CallbackMissed { .. } => None,
            Self::ConflictWarned { .. } => None,
            Self::Merged { .. } => Some(S::Merged),
            Self::Answered { .. } | Self::Absorbed { .. } | Self::Raised { .. } => None,
            Self::Archived | Self::Anonymised | Self::LegalHoldPlaced | Self::LegalHoldReleased => None,
            Self::Relocated { .. } => None,
            Self::ContentHeld(_) | Self::ContentReviewed(_) | Self::ContentReported(_) | Self::Redacted(_) => None,
            Self::Reminded(_) | Self::Escalated(_) => None,
        }
    }

    /// Whether a due time it sets rests on a date the working calendar does not know.
    #[must_use]
    pub fn is_calendar_uncertain(&self) -> bool {
        match self {
            Self::Submitted(submitted) => submitted.is_calendar_uncertain,
            Self::Dispatched(order) => order.is_calendar_uncertain,
            Self::Accepted { is_calendar_uncertain, .. }
            | Self::Objected { is_calendar_uncertain, .. }
            | Self::Handled { is_calendar_uncertain, .. }
            | Self::Reworked { is_calendar_uncertain, .. }
            | Self::Reopened { is_calendar_uncertain, .. }
            | Self::ReturnRequested { is_calendar_uncertain, .. }
            | Self::ReturnGranted { is_calendar_uncertain, .. }
            | Self::ExtensionRequested { is_calendar_uncertain, .. }
            | Self::Extended { is_calendar_uncertain, .. }
            | Self::SuspensionRequested { is_calendar_uncertain, .. }
            | Self::Resumed { is_calendar_uncertain, .. }
            | Self::Questioned { is_calendar_uncertain, .. }
            | Self::QuestionAnswered { is_calendar_uncertain, .. }
            | Self::Supervised { is_calendar_uncertain, .. }
            | Self::Refiled { is_calendar_uncertain, .. } => *is_calendar_uncertain,
            Self::FastTracked { order, .. } => order.is_calendar_uncertain,
            Self::Conferred(conferred) => conferred.order.as_ref().is_some_and(|order| order.is_calendar_uncertain),
            Self::Supplemented { .. }
            | Self::Rejected { .. }
            | Self::Withdrawn
            | Self::Recalled
            | Self::Filed
            | Self::Signed { .. }
            | Self::Contacted { .. }
            | Self::Verified { .. }
            | Self::Closed { .. }
            | Self::ReturnDenied { .. }
            | Self::HandedOver { .. }
            | Self::ExtensionDenied
            | Self::Suspended { .. }
            | Self::Said { .. }
            | Self::SuspensionDenied
            | Self::Urged { .. }
            | Self::SupervisionAnswered
            | Self::ConflictWarned { .. }
            | Self::CallbackMissed { .. }
            | Self::Answered { .. }
            | Self::Merged { .. }
            | Self::Absorbed { .. }
            | Self::Raised { .. }
            | Self::Archived
            | Self::Anonymised
            | Self::LegalHoldPlaced
            | Self::LegalHoldReleased
            | Self::Relocated { .. }
            | Self::ContentHeld(_)
            | Self::ContentReviewed(_)
            | Self::ContentReported(_)
            | Self::Redacted(_)
            | Self::Reminded(_)
            | Self::Escalated(_) => false,
        }
    }

    /// Reads a fact as the fact table keeps it: its kind apart from its other members.
    ///
    /// # Errors
    /// When it is not a fact of a request.
    pub fn read(kind: &str, mut data: serde_json::Value) -> serde_json::Result<Self> {
        if let Some(members) = data.as_object_mut() {
            members.insert("kind".to_owned(), kind.into());
        }
        serde_json::from_value(data)
    }
}
