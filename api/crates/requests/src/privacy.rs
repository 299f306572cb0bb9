//! What a person may ask about the own cases: a copy, and that nothing in them tells who it was. The cases themselves stay, as
//! the record of what the sub-district did.

use chrono::TimeDelta;
use entity::attachment;
use entity::enums::Audience;
use entity::id::{AccountId, Id as _, ServiceRequestId, SessionId};
use kernel::actor::{Actor, Person};
use kernel::base::Base;
use kernel::error::Result;
use kernel::page::{Cursor, MAX_SIZE, PageRequest};
use kernel::redact::Traits;
use kernel::tx::Tx;
use media::Media;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::case::Case;
use crate::{store, views};

/// Every case of a person with all that was said in it for the person to read, newest first.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn copy(base: &Base, media: &Media, account: AccountId, life: TimeDelta) -> Result<Value> {
    let actor = Actor::Person(Person { account, session: SessionId(Uuid::nil()), grants: Vec::new() });
    let size = i32::try_from(MAX_SIZE).ok();
    let (mut cases, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest::new(size, after.as_deref(), None, None)?;
        let page = store::my_requests(base, &actor, &page).await?;
        cases.extend(told(base, media, &page.rows, life).await?);
        match page.rows.last() {
            Some(last) if page.has_next => {
                after = Some(Cursor { at: last.row.created_at, id: last.row.id.0 }.text());
            }
            _ => return Ok(cases.into()),
        }
    }
}

async fn told(base: &Base, media: &Media, cases: &[Case], life: TimeDelta) -> Result<Vec<Value>> {
    let ids: Vec<ServiceRequestId> = cases.iter().map(|case| case.row.id).collect();
    let of: Vec<_> = ids.iter().map(|id| (*id, Audience::Participant)).collect();
    let mut timelines = views::timelines(base, &of).await?;
    let mut surveys = views::surveys(base, &ids).await?;
    let mut photos = views::attachments(base, &ids).await?;
    let mut told = Vec::with_capacity(cases.len());
    for Case { row, .. } in cases {
        let (name, phone) = store::open_sealed(base, row)?;
        let timeline = timelines.remove(&row.id).unwrap_or_default().into_iter().map(|entry| {
            let words: Vec<String> = entry.notes.into_iter().map(|note| note.text).collect();
            json!({ "kind": entry.kind, "at": entry.at, "state": entry.state, "words": words })
        });
        let surveys = surveys.remove(&row.id).unwrap_or_default().into_iter().map(|answer| {
            json!({
                "at": answer.at, "solved": answer.solved, "satisfaction": answer.satisfaction,
                "comment": answer.comment,
            })
        });
        let own = |photo: &attachment::Model| photo.subject_id == Some(row.id.0);
        let photos = photos.remove(&row.id).unwrap_or_default().into_iter().filter(own).map(
            |photo| json!({ "phase": photo.phase, "at": photo.created_at, "url": media.address_for(photo.id, life) }),
        );
        told.push(json!({
            "id": row.id.text(), "caseNo": row.case_no, "state": row.state, "kind": row.kind,
            "categoryCode": row.category_code, "description": row.description, "address": row.address,
            "longitude": row.longitude, "latitude": row.latitude, "isAnonymous": row.is_anonymous,
            "isConfidential": row.is_confidential, "onBehalfOf": name,
            "contactPhone": phone.map(|phone| phone.e164().to_owned()), "reply": row.reply,
            "submittedAt": row.created_at, "closedAt": row.closed_at, "timeline": timeline.collect::<Vec<_>>(),
            "surveys": surveys.collect::<Vec<_>>(), "photos": photos.collect::<Vec<_>>(),
        }));
    }
    Ok(told)
}

/// Takes out of cases what tells who the person is, and gives back which cases were the person's own. `known` is what is proved
/// to be the person's; `rooms` tell who it was in the own cases only.
///
/// - In the own cases, everything, the numbers left there included: those may be of others, and tell nothing elsewhere.
/// - In cases that the counter took down for a number of the person, as for the own, by the name that was taken down.
/// - In every other case, the numbers.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn erase(tx: &Tx, account: AccountId, known: &Traits, rooms: &[String]) -> Result<Vec<ServiceRequestId>> {
    let mut own = Vec::new();
    store::unfollow_all(tx, account).await?;
    for case in store::cases_about(tx, account, known).await? {
        let is_own = case.reporter_id == Some(account);
        let is_taken_down = case.reporter_id.is_none();
        let mut traits = if is_own || is_taken_down { known.clone() } else { known.numbers_only() };
        let (name, phone) = store::open_sealed(tx.base(), &case)?;
        if is_own || is_taken_down {
            own.push(case.id);
            name.iter().for_each(|name| traits.add_words(name));
            phone.iter().for_each(|phone| traits.add_number(phone.e164()));
        }
        if is_own {
            rooms.iter().for_each(|room| traits.add_words(room));
        }
        store::redact(tx, &case, &traits, true).await?;
    }
    for case in store::cases_that_mention(tx, known).await? {
        store::redact(tx, &case, &known.numbers_only(), false).await?;
    }
    Ok(own)
}
