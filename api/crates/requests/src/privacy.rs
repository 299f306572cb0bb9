//! What a person may ask about the own cases: a copy, and that nothing in them tells who it was. The cases themselves stay, as
//! the record of what the sub-district did.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::attachment;
use entity::enums::{AttachmentPhase, Audience};
use entity::id::{AccountId, AttachmentId, Id as _, ServiceRequestId, SessionId};
use entity::service_request::Model;
use kernel::actor::{Actor, Person};
use kernel::base::Base;
use kernel::error::{Error, Result};
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

/// What a person found amiss in cases of others, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn content_reports(base: &Base, account: AccountId) -> Result<Value> {
    let reports = store::reports_by(base, account).await?.into_iter();
    let reports = reports.map(|report| {
        json!({
            "requestId": report.request_id.text(), "reason": report.reason, "note": report.note, "at": report.at,
            "decidedAt": report.decided_at,
        })
    });
    Ok(reports.collect::<Vec<_>>().into())
}

async fn told(base: &Base, media: &Media, cases: &[Case], life: TimeDelta) -> Result<Vec<Value>> {
    let ids: Vec<ServiceRequestId> = cases.iter().map(|case| case.row.id).collect();
    let of: Vec<_> = ids.iter().map(|id| (*id, Audience::Participant)).collect();
    let mut timelines = views::timelines(base, &of).await?;
    let mut surveys = views::surveys(base, &ids).await?;
    let mut photos = views::attachments(base, &ids).await?;
    let mut originals: HashMap<_, _> = store::originals(base, &ids).await?.into_iter().collect();
    let mut told = Vec::with_capacity(cases.len());
    for Case { row, .. } in cases {
        let (name, phone) = store::open_sealed(base, row)?;
        // The own words are the reporter's, whatever was taken out of them for others.
        let first = originals.remove(&row.id).unwrap_or_default();
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
        let own = |photo: &attachment::Model| {
            photo.subject_id == Some(row.id.0) && views::is_photo_shown(photo, Audience::Participant, row.state)
        };
        let photos = photos.remove(&row.id).unwrap_or_default().into_iter().filter(own).map(
            |photo| json!({ "phase": photo.phase, "at": photo.created_at, "url": media.address_for(photo.id, life) }),
        );
        told.push(json!({
            "id": row.id.text(), "caseNo": row.case_no, "state": row.state, "kind": row.kind,
            "categoryCode": row.category_code, "description": row.description, "address": row.address,
            "originalDescription": first.0, "originalAddress": first.1,
            "longitude": row.longitude, "latitude": row.latitude, "isAnonymous": row.is_anonymous,
            "isConfidential": row.is_confidential, "onBehalfOf": name,
            "contactPhone": phone.map(|phone| phone.e164().to_owned()),
            "reply": row.reply.as_ref().filter(|_| views::is_reply_shown(row, Audience::Participant)),
            "submittedAt": row.created_at, "closedAt": row.closed_at, "timeline": timeline.collect::<Vec<_>>(),
            "surveys": surveys.collect::<Vec<_>>(), "photos": photos.collect::<Vec<_>>(),
        }));
    }
    Ok(told)
}

/// Takes out of cases what tells who the person is, and gives back which cases were the person's own. Of a case that is held
/// nothing is taken out before that is over, and it is not given back. `known` is what is proved
/// to be the person's; `rooms` tell who it was in the own cases only.
///
/// - In the own cases, everything, the numbers left there included: those may be of others, and tell nothing elsewhere.
/// - In cases that the counter took down for a number of the person, as for the own, by the name that was taken down.
/// - In every other case, the numbers.
///
/// # Errors
/// [`Error::Conflict`] while a matter that the person reported is held (诉讼保全): then nothing of the person may go. A fault when a
/// sealed value does not open.
pub async fn erase(tx: &Tx, account: AccountId, known: &Traits, rooms: &[String]) -> Result<Vec<ServiceRequestId>> {
    let mut own = Vec::new();
    store::unfollow_all(tx, account).await?;
    store::forget_reports_of(tx, account).await?;
    for case in store::cases_about(tx, account, known).await? {
        let is_own = case.reporter_id == Some(account);
        let is_taken_down = case.reporter_id.is_none();
        let mut traits = if is_own || is_taken_down { known.clone() } else { known.numbers_only() };
        let (name, phone) = store::open_sealed(tx.base(), &case)?;
        if is_own || is_taken_down {
            name.iter().for_each(|name| traits.add_words(name));
            phone.iter().for_each(|phone| traits.add_number(phone.e164()));
        }
        if is_own {
            rooms.iter().for_each(|room| traits.add_words(room));
        }
        let is_held = store::is_held(tx, &case).await?;
        if is_own && is_held {
            return Err(Error::Conflict);
        }
        if (is_own || is_taken_down) && !is_held {
            store::forget_original(tx, &case).await?;
            own.push(case.id);
        }
        take_out(tx, &case, &traits, true).await?;
    }
    for case in store::cases_that_mention(tx, known).await? {
        take_out(tx, &case, &known.numbers_only(), false).await?;
    }
    Ok(own)
}

/// Takes traits out of a case; of one that is held, once that is over.
async fn take_out(tx: &Tx, case: &Model, traits: &Traits, is_about: bool) -> Result<()> {
    if store::is_held(tx, case).await? {
        return store::owe(tx, case, traits, is_about).await;
    }
    store::redact(tx, case, traits, is_about).await
}

/// Makes a matter nobody's: a case and all that was merged into it, as they are archived. Takes out who reported it and what tells
/// so, every number that stands in its words, who follows it, who acted in it for whom, and why somebody looked at a number;
/// `reporters` are the accounts that reported it. Gives back photos whose bytes are to be removed: the reporters' may show
/// people, those of the result show public things and stay.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn anonymise(tx: &Tx, matter: &[Model], reporters: &[AccountId]) -> Result<Vec<AttachmentId>> {
    let mut traits = Traits::default();
    traits.add_every_number();
    for account in reporters {
        traits.add_all(&identity::privacy::traits_of(tx, *account).await?);
        residents::privacy::rooms_of(tx, *account).await?.iter().for_each(|room| traits.add_words(room));
    }
    for case in matter {
        let (name, _) = store::open_sealed(tx.base(), case)?;
        name.iter().for_each(|name| traits.add_words(name));
        traits.add_all(&store::owed(tx.base(), case)?);
    }
    for case in matter {
        store::forget_original(tx, case).await?;
        store::redact(tx, case, &traits, true).await?;
        store::owe_nothing(tx, case).await?;
    }
    let ids: Vec<ServiceRequestId> = matter.iter().map(|case| case.id).collect();
    store::forget_ties(tx, &ids).await?;
    forget_beside(tx, &ids).await?;
    media::forget_attached(tx, &ids, AttachmentPhase::After).await
}

/// Takes out what had to wait for the end of a hold: of the case, and of those of its matter that are held no more.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn settle(tx: &Tx, case: ServiceRequestId) -> Result<()> {
    let mut about = Vec::new();
    // As they are now: what has to wait may have been noted while somebody released the hold.
    for row in store::matter_of(tx, case).await? {
        if row.owed_sealed.is_some() && !store::is_held(tx, &row).await? && store::settle(tx, &row).await? {
            about.push(row.id);
        }
    }
    // The objects are swept, as no row names them any more.
    media::forget_originals(tx, &about).await?;
    forget_beside(tx, &about).await
}

/// Forgets what other capabilities keep of people in cases.
async fn forget_beside(tx: &Tx, cases: &[ServiceRequestId]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    residents::privacy::forget_cases(tx, cases).await?;
    let subjects: Vec<String> = cases.iter().map(|id| id.text()).collect();
    identity::privacy::forget_reasons(tx, &subjects).await
}
