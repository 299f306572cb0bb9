//! The timeline of a case, as each audience reads it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::{Audience, ContentState, NoteKind, ServiceRequestState};
use entity::id::{AccountId, FactId, ServiceRequestId};
use entity::{fact, request_note};
use kernel::base::Base;
use kernel::error::Result;

use super::grouped;
use crate::fact::{Fact, OnBehalf};
use crate::store;

/// One line of a case's timeline (办理过程).
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineEntry {
    /// The fact.
    pub id: FactId,
    /// The case.
    pub request: ServiceRequestId,
    /// Its number, of a case that was merged into the one whose timeline it is.
    pub merged_case_no: Option<String>,
    /// The case's version after it.
    pub version: i32,
    /// Stable kind, e.g. `request.accepted`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// For whom an agent did what a reporter does.
    pub on_behalf: Option<OnBehalf>,
    /// Who of the staff did it; `None` for reporters, the system, and in the public view.
    pub actor: Option<AccountId>,
    /// Where the case stood after it.
    pub state: ServiceRequestState,
    /// What happened.
    pub fact: Fact,
    /// Words that belong to it and that this audience may read.
    pub notes: Vec<request_note::Model>,
}

/// The timelines of cases, each for an audience, oldest first: three statements for any number of cases. To staff, what happened
/// to a case that was merged into another happened there too.
///
/// # Errors
/// A fault when the history of a case cannot be read.
pub async fn timelines(
    base: &Base,
    of: &[(ServiceRequestId, Audience)],
) -> Result<HashMap<ServiceRequestId, Vec<TimelineEntry>>> {
    let by_staff: Vec<ServiceRequestId> =
        of.iter().filter(|(_, audience)| *audience == Audience::Staff).map(|(id, _)| *id).collect();
    let merged = if by_staff.is_empty() { Vec::new() } else { store::merged_into(base, &by_staff).await? };
    let ids: Vec<ServiceRequestId> =
        of.iter().map(|(id, _)| *id).chain(merged.iter().map(|(_, from, _)| *from)).collect();
    let facts = grouped(store::facts(base, &ids).await?, |row| ServiceRequestId(row.subject_id));
    let notes = grouped(store::notes(base, &ids).await?, |note| note.fact_id);
    let rows = |id: &ServiceRequestId| facts.get(id).map(Vec::as_slice).unwrap_or_default();
    let mut timelines = HashMap::new();
    for (id, audience) in of {
        timelines.insert(*id, timeline(rows(id), *audience, &notes)?);
    }
    for (into, from, case_no) in &merged {
        let Some(whole) = timelines.get_mut(into) else { continue };
        for mut entry in timeline(rows(from), Audience::Staff, &notes)? {
            entry.merged_case_no = Some(case_no.clone());
            whole.push(entry);
        }
        whole.sort_by_key(|entry| (entry.at, entry.request != *into));
    }
    Ok(timelines)
}

fn timeline(
    rows: &[fact::Model],
    audience: Audience,
    notes: &HashMap<FactId, Vec<request_note::Model>>,
) -> Result<Vec<TimelineEntry>> {
    let mut state = ServiceRequestState::Submitted;
    let mut entries = Vec::new();
    for row in rows {
        let fact = Fact::read(&row.kind, row.data.clone())?;
        state = fact.leads_to().unwrap_or(state);
        if audience_of(&fact) > audience {
            continue;
        }
        let mut said = notes.get(&row.id).cloned().unwrap_or_default();
        said.retain(|note| is_readable(note, audience));
        entries.push(TimelineEntry {
            id: row.id,
            request: ServiceRequestId(row.subject_id),
            merged_case_no: None,
            version: row.version,
            kind: row.kind.clone(),
            at: row.at,
            actor: row.actor_id.filter(|_| audience != Audience::Public && !is_by_reporter(&fact)),
            on_behalf: OnBehalf::read(&row.data).filter(|_| audience != Audience::Public),
            state,
            fact,
            notes: said,
        });
    }
    if audience == Audience::Public {
        hide_unverified(&mut entries);
    }
    Ok(entries)
}

/// What a unit said of work that nobody verified, or that was found wanting, is not published.
fn hide_unverified(entries: &mut [TimelineEntry]) {
    let mut is_good = false;
    for entry in entries.iter_mut().rev() {
        match entry.fact {
            Fact::Handled { .. } if !is_good => entry.notes.clear(),
            _ => {}
        }
        is_good = matches!(entry.fact, Fact::Verified { .. });
    }
}

/// Who may know that it happened. Inner matters of the staff are not for others: returns, handing over.
fn audience_of(fact: &Fact) -> Audience {
    match fact {
        Fact::Submitted(_) | Fact::Objected { .. } | Fact::Withdrawn | Fact::Recalled => Audience::Public,
        Fact::Accepted { .. } | Fact::Rejected { .. } | Fact::Filed => Audience::Public,
        Fact::Dispatched(_) | Fact::Signed { .. } | Fact::Handled { .. } => Audience::Public,
        Fact::Verified { .. } | Fact::Reworked { .. } => Audience::Public,
        Fact::Closed { .. } | Fact::Reopened { .. } => Audience::Public,
        Fact::Supplemented { .. } | Fact::Contacted { .. } => Audience::Participant,
        Fact::ReturnRequested { .. } | Fact::ReturnGranted { .. } | Fact::ReturnDenied { .. } => Audience::Staff,
        Fact::HandedOver { .. } => Audience::Staff,
        Fact::FastTracked { .. } | Fact::Refiled { .. } => Audience::Public,
        Fact::Extended { .. } | Fact::Suspended { .. } | Fact::Resumed { .. } => Audience::Participant,
        Fact::Said { to } => *to,
        Fact::Questioned { .. } | Fact::QuestionAnswered { .. } => Audience::Participant,
        Fact::Urged { .. } | Fact::Merged { .. } | Fact::Raised { .. } => Audience::Participant,
        Fact::Answered { answer: Some(_), .. } => Audience::Participant,
        Fact::Answered { answer: None, .. } | Fact::Absorbed { .. } => Audience::Staff,
        Fact::ExtensionRequested { .. } | Fact::ExtensionDenied => Audience::Staff,
        Fact::SuspensionRequested { .. } | Fact::SuspensionDenied => Audience::Staff,
        Fact::Supervised { .. } | Fact::SupervisionAnswered | Fact::Conferred(_) => Audience::Staff,
        Fact::ConflictWarned { .. } => Audience::Staff,
        Fact::CallbackMissed { .. } | Fact::Reminded(_) | Fact::Escalated(_) => Audience::Staff,
        Fact::Archived | Fact::Anonymised => Audience::Public,
        Fact::LegalHoldPlaced | Fact::LegalHoldReleased | Fact::Relocated { .. } => Audience::Staff,
        // Whose words or photo it is, is told that others do not see it, and that they do again.
        Fact::ContentReviewed(reviewed)
            if reviewed.is_reporters && [reviewed.before, reviewed.after].contains(&ContentState::Risky) =>
        {
            Audience::Participant
        }
        Fact::ContentHeld(_) | Fact::ContentReviewed(_) | Fact::ContentReported(_) => Audience::Staff,
        Fact::Redacted(_) => Audience::Participant,
    }
}

/// Who reported is asked of [`super::view`], which knows who may be told.
fn is_by_reporter(fact: &Fact) -> bool {
    match fact {
        Fact::Submitted(_) | Fact::Supplemented { .. } | Fact::Objected { .. } | Fact::Withdrawn => true,
        Fact::Closed { answer, .. } | Fact::Reopened { answer, .. } | Fact::Answered { answer, .. } => {
            answer.is_none_or(|answer| !answer.is_by_agent)
        }
        Fact::Urged { .. } | Fact::QuestionAnswered { .. } => true,
        Fact::Said { .. } | Fact::Questioned { .. } => false,
        Fact::Refiled { is_by_reporter, .. } => *is_by_reporter,
        Fact::Accepted { .. } | Fact::Rejected { .. } | Fact::Filed | Fact::Dispatched(_) => false,
        Fact::Signed { .. } | Fact::Contacted { .. } | Fact::Handled { .. } | Fact::HandedOver { .. } => false,
        Fact::Verified { .. } | Fact::Reworked { .. } => false,
        Fact::ReturnRequested { .. } | Fact::ReturnGranted { .. } | Fact::ReturnDenied { .. } => false,
        Fact::FastTracked { .. } | Fact::Conferred(_) | Fact::CallbackMissed { .. } => false,
        Fact::ConflictWarned { .. } => false,
        Fact::ExtensionRequested { .. } | Fact::Extended { .. } | Fact::ExtensionDenied => false,
        Fact::SuspensionRequested { .. } | Fact::Suspended { .. } | Fact::SuspensionDenied => false,
        Fact::Resumed { .. } | Fact::Supervised { .. } | Fact::SupervisionAnswered => false,
        // Whose answer or following it was is nobody's matter.
        Fact::Raised { .. } => true,
        Fact::Merged { .. } | Fact::Absorbed { .. } | Fact::Recalled => false,
        Fact::Reminded(_) | Fact::Escalated(_) => false,
        Fact::Archived | Fact::Anonymised | Fact::LegalHoldPlaced | Fact::LegalHoldReleased => false,
        // Who reported it is told to nobody; what the check caught is nobody's doing.
        Fact::ContentHeld(_) | Fact::ContentReported(_) => true,
        Fact::Relocated { .. } | Fact::ContentReviewed(_) | Fact::Redacted(_) => false,
    }
}

/// What did not pass is read by who said it and by the staff; a reply also by whom it is for, unless a moderator found it amiss.
fn is_readable(note: &request_note::Model, audience: Audience) -> bool {
    let is_shown = match (audience, note.content_state) {
        (Audience::Staff, _) | (_, ContentState::Pass) => true,
        (Audience::Participant, ContentState::Risky) => note.kind == NoteKind::Supplement,
        (Audience::Participant, _) => note.kind != NoteKind::PublicUpdate,
        (Audience::Public, _) => false,
    };
    note.audience <= audience && is_shown
}
