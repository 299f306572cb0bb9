//! What is shown to whom (视图): lists, one case, its timeline, and who could take it.

use std::collections::HashMap;
use std::hash::Hash;

use areas::Wgs84Point;
use chrono::{NaiveDate, TimeDelta};
use entity::enums::{AttachmentPhase, Audience, ContentState, ServiceRequestState};
use entity::id::{AccountId, ContentReportId, ServiceRequestId};
use entity::{attachment, content_report, return_request, service_request, survey};
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded as _};
use kernel::page::{Page, PageRequest};

use crate::case::Case;
use crate::place::{cells_around, middle_of};
use crate::policy::{self, Action, Scope, WorkQueueTab};
use crate::search::{fold, wanted};
use crate::store::{self, Asker};

mod duplicates;
mod timeline;
pub use duplicates::{Similar, device_event_counts, followed_requests, follower_counts, merged_requests, similar};
pub use timeline::{TimelineEntry, timelines};

/// A case, unless it is absent or hidden.
///
/// # Errors
/// When the database does not answer.
pub async fn case_by_id(base: &Base, actor: &Actor, id: ServiceRequestId) -> Result<Option<Case>> {
    let now = base.clock.now();
    store::case(base.db.reader(), &policy::sight(actor, now), Asker::of(actor, now), id).await
}

/// A case by its number, unless it is absent or hidden.
///
/// # Errors
/// When the database does not answer.
pub async fn case_by_no(base: &Base, actor: &Actor, case_no: &str) -> Result<Option<Case>> {
    let Some(case_no) = as_case_no(case_no) else { return Ok(None) };
    let now = base.clock.now();
    store::case_by_no(base.db.reader(), &policy::sight(actor, now), Asker::of(actor, now), &case_no).await
}

/// Those of the cases that the actor may see, in no order; for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn cases_by_ids(base: &Base, actor: &Actor, ids: &[ServiceRequestId]) -> Result<Vec<Case>> {
    let now = base.clock.now();
    store::cases_by_ids(base.db.reader(), &policy::sight(actor, now), Asker::of(actor, now), ids).await
}

/// What the actor reported, newest first (我的诉求).
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn my_requests(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    store::my_requests(base, actor, page).await
}

/// What the actor may act in for others, newest first (代办的诉求).
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn proxied_requests(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    store::proxied_list(base, actor, page).await
}

/// What is shown to the grids in which the actor lives, as verified, newest first (网格内公开的诉求).
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn neighbourhood_requests(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    store::neighbourhood_list(base, actor, page).await
}

/// What anybody may see of a street, newest first; near a place only, if given, to the next 500 m and 3 km at most (身边).
///
/// # Errors
/// When the database does not answer.
pub async fn public_list(
    base: &Base,
    actor: &Actor,
    street: &str,
    near: Option<(Wgs84Point, f64)>,
    page: &PageRequest,
) -> Result<Page<Case>> {
    if street.parse::<areas::AreaCode>().is_err() {
        return Ok(Page { rows: Vec::new(), has_next: false, has_previous: false });
    }
    store::public_list(base, actor, street, near.map(|(place, metres)| cells_around(place, metres)), page).await
}

/// What waits for the actor on a tab, first due first (工作队列). Empty for who has no such desk.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn work_queue(base: &Base, actor: &Actor, tab: WorkQueueTab, page: &PageRequest) -> Result<Page<Case>> {
    actor.person()?;
    store::work_queue(base, actor, tab, base.clock.now(), page).await
}

/// How much waits on each tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkQueueCounts(Vec<i64>);

impl WorkQueueCounts {
    /// How much waits on a tab.
    #[must_use]
    pub fn of(&self, tab: WorkQueueTab) -> i64 {
        let position = WorkQueueTab::ALL.into_iter().position(|other| other == tab);
        position.and_then(|position| self.0.get(position)).copied().unwrap_or_default()
    }
}

/// How much waits for the actor on each tab, in one statement.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn work_queue_counts(base: &Base, actor: &Actor) -> Result<WorkQueueCounts> {
    actor.person()?;
    Ok(WorkQueueCounts(store::counts(base, actor, base.clock.now()).await?))
}

/// Staff look for cases by number, by the reporter's phone, or by words, newest first (检索).
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn search(base: &Base, actor: &Actor, text: &str, page: &PageRequest) -> Result<Page<Case>> {
    actor.person()?;
    let scope = policy::staff_sight(actor);
    if let Some(case_no) = as_case_no(text) {
        let found = store::case_by_no(base.db.reader(), &scope, Asker::of(actor, base.clock.now()), &case_no).await?;
        return Ok(Page { rows: found.into_iter().collect(), has_next: false, has_previous: false });
    }
    if let Ok(phone) = Phone::parse("text", text) {
        return store::by_phone(base, actor, &policy::reporter_sight(actor), &phone, page).await;
    }
    let wanted = wanted(text);
    let scope = if wanted.is_empty() { Scope::Nobody } else { scope };
    store::by_words(base, actor, &scope, &wanted, page).await
}

/// `XH` and fourteen digits, however they are typed.
fn as_case_no(text: &str) -> Option<String> {
    let folded: String = fold(text).chars().filter(|sign| !sign.is_whitespace()).collect();
    let digits = folded.strip_prefix("xh")?;
    (digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("XH{digits}"))
}

/// As whom the actor sees the case; `None` when it is hidden.
#[must_use]
pub fn audience(actor: &Actor, case: &Case) -> Option<Audience> {
    let is_allowed = |action| case.decide(actor, action) == Decision::Allow;
    if is_allowed(Action::ReadStaffView) {
        Some(Audience::Staff)
    } else if is_allowed(Action::ReadParticipantView) {
        Some(Audience::Participant)
    } else {
        is_allowed(Action::Read).then_some(Audience::Public)
    }
}

/// What one actor sees of a case beside its states and times (视图).
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// As whom.
    pub audience: Audience,
    /// Whether only how it goes on is shown: to who reported one that was merged into it, when it is not public.
    pub is_progress_only: bool,
    /// The reporter's words; a dispatcher read them before the public could.
    pub description: String,
    /// Where, in words.
    pub address: Option<String>,
    /// Where; for the public the middle of a cell of 500 m.
    pub place: Option<Wgs84Point>,
    /// Who reported it, where that may be known.
    pub reporter: Option<AccountId>,
    /// For whom it was taken, where that may be known.
    pub on_behalf_name: Option<String>,
    /// The number to call, masked, where the reporter may be known.
    pub contact_phone: Option<String>,
    /// The reply of the unit; for the public once somebody verified the work.
    pub reply: Option<String>,
}

/// Whether somebody else found the work good: only then is what the unit says of it published.
fn is_verified(state: ServiceRequestState) -> bool {
    matches!(state, ServiceRequestState::Verified | ServiceRequestState::Closed)
}

/// Whether an audience sees a photo of a case: the public those a dispatcher saw at acceptance, and those of verified work; not
/// what the reporter added for the staff. What did not pass is seen by who took it and by the staff.
#[must_use]
pub fn is_photo_shown(photo: &attachment::Model, audience: Audience, state: ServiceRequestState) -> bool {
    let is_passed = photo.content_state == ContentState::Pass;
    match (audience, photo.phase) {
        (Audience::Staff, _) => true,
        (Audience::Participant, phase) => is_passed || phase != AttachmentPhase::After,
        (Audience::Public, AttachmentPhase::Before) => is_passed,
        (Audience::Public, AttachmentPhase::During) => false,
        (Audience::Public, AttachmentPhase::After) => is_passed && is_verified(state),
    }
}

/// Whether an audience reads the reply: whom it is for, unless a moderator found it amiss; the public once somebody verified the
/// work, and what passed.
#[must_use]
pub fn is_reply_shown(row: &service_request::Model, audience: Audience) -> bool {
    match audience {
        Audience::Staff => true,
        Audience::Participant => row.reply_content_state != ContentState::Risky,
        Audience::Public => is_verified(row.state) && row.reply_content_state == ContentState::Pass,
    }
}

/// What the actor sees of the case.
///
/// # Errors
/// [`Error::NotFound`] when it is hidden; a fault when a sealed value does not open.
pub fn view(base: &Base, actor: &Actor, case: &Case) -> Result<View> {
    let row = &case.row;
    let audience = audience(actor, case).ok_or(Error::NotFound)?;
    let is_public = audience == Audience::Public;
    let is_told = case.decide(actor, Action::ReadReporter) == Decision::Allow;
    let (name, phone) = if is_told { store::open_sealed(base, row)? } else { (None, None) };
    let exact = row.longitude.zip(row.latitude).and_then(|(lng, lat)| Wgs84Point::new(lng, lat).ok());
    let reply = row.reply.clone().filter(|_| is_reply_shown(row, audience));
    let is_shown = row.is_listed || case.is_shown_to_neighbour(actor.account());
    let is_progress_only = is_public && !is_shown;
    Ok(View {
        audience,
        is_progress_only,
        description: if is_progress_only { String::new() } else { row.description.clone() },
        address: row.address.clone().filter(|_| !is_public),
        place: if is_public { row.cell.and_then(middle_of) } else { exact },
        reporter: row.reporter_id.filter(|_| is_told),
        on_behalf_name: name,
        contact_phone: phone.map(|phone| phone.masked()),
        reply,
    })
}

/// Photos of cases, oldest first, with those of the cases that were merged into them; for loaders. What another reporter took is
/// for staff only.
///
/// # Errors
/// When the database does not answer.
pub async fn attachments(
    base: &Base,
    ids: &[ServiceRequestId],
) -> Result<HashMap<ServiceRequestId, Vec<attachment::Model>>> {
    let merged = store::merged_into(base, ids).await?;
    let all: Vec<ServiceRequestId> = ids.iter().copied().chain(merged.iter().map(|(_, from, _)| *from)).collect();
    let rows = media::attachments_of(base.db.reader(), &all).await?;
    let mut photos = grouped(rows, |row| ServiceRequestId(row.subject_id.unwrap_or_default()));
    for (into, from, _) in merged {
        let more = photos.get(&from).cloned().unwrap_or_default();
        photos.entry(into).or_default().extend(more);
    }
    Ok(photos)
}

/// Answers to the surveys of cases, by round; for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn surveys(base: &Base, ids: &[ServiceRequestId]) -> Result<HashMap<ServiceRequestId, Vec<survey::Model>>> {
    Ok(grouped(store::surveys(base, ids).await?, |row| row.request_id))
}

/// Returns asked for, oldest first; for loaders, to be shown to staff only.
///
/// # Errors
/// When the database does not answer.
pub async fn returns(
    base: &Base,
    ids: &[ServiceRequestId],
) -> Result<HashMap<ServiceRequestId, Vec<return_request::Model>>> {
    Ok(grouped(store::returns(base, ids).await?, |row| row.request_id))
}

/// Cases of which a moderator has to look at something, the longest due first (内容审核队列). Empty for who does not.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn content_reviews(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    actor.person()?;
    store::content_reviews(base, actor, page).await
}

/// Reports of abuse about cases, oldest first; for loaders, to be shown to moderators only.
///
/// # Errors
/// When the database does not answer.
pub async fn content_reports(
    base: &Base,
    ids: &[ServiceRequestId],
) -> Result<HashMap<ServiceRequestId, Vec<content_report::Model>>> {
    Ok(grouped(store::reports(base, ids).await?, |row| row.request_id))
}

/// A report of abuse of the actor's own.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn own_content_report(
    base: &Base,
    actor: &Actor,
    id: ContentReportId,
) -> Result<Option<content_report::Model>> {
    store::own_report(base, actor.person()?.account, id).await
}

fn grouped<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// Open cases that a change of the calendar comes too late for (在办件).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueFrom {
    /// With something due from that date on.
    pub cases: i64,
    /// Of these, counted over dates without a row.
    pub uncertain: i64,
}

/// How many open cases have something due from the beginning of a date in Shanghai on.
///
/// # Errors
/// When the database does not answer.
pub async fn due_from(base: &Base, date: NaiveDate) -> Result<DueFrom> {
    let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
    let (cases, uncertain) = store::due_from(base.db.reader(), midnight).await?;
    Ok(DueFrom { cases, uncertain })
}
