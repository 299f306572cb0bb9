//! Changes: what evolving says, and the records that belong to a fact.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AttachmentPhase, NoteKind, ReturnDecision, ServiceRequestState};
use entity::id::{AttachmentId, FactId, ServiceRequestId};
use entity::service_request::{Column, Entity, Model};
use entity::{assignment, contact, request_note, return_request, search_term, sequence, survey};
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::bulk;
use kernel::db::is_any;
use kernel::error::{Error, Result};
use kernel::guarded::Permitted;
use kernel::tx::Tx;
use residents::ProxyVerb;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::content::decide_reports;
use super::rows::{self, answer_of};
use crate::case::Case;
use crate::command::Submit;
use crate::fact::{Content, Fact, OnBehalf, Submitted, Told};
use crate::policy::is_party;
use crate::town::Town;
use crate::workflow::alarm;
use crate::workflow::content::{is_published, waits};

/// Subject of photos.
pub const SUBJECT: &str = "request";

/// The words of an act, which facts do not hold.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// What they are, and they.
    pub note: Option<(NoteKind, String)>,
    /// Why an order is to be returned, and by which rule.
    pub grounds: Option<(String, String)>,
    /// Words of the survey.
    pub comment: Option<String>,
}

impl Words {
    /// Words of one kind, if any.
    pub fn of(kind: NoteKind, text: Option<&String>) -> Self {
        Self { note: text.map(|text| (kind, text.clone())), ..Self::default() }
    }
}

/// Draws the next case number of the day (诉求编号): `XH`, the date in Shanghai, six digits. Others who submit wait for
/// the drawer to commit, so it is drawn as late as can be.
pub async fn next_case_no(tx: &Tx) -> Result<String> {
    next_case_nos(tx, 1).await.map(|mut drawn| drawn.pop().unwrap_or_default())
}

/// Draws so many numbers at once, in order.
pub async fn next_case_nos(tx: &Tx, count: i64) -> Result<Vec<String>> {
    let date = areas::shanghai_date(tx.now()).format("%Y%m%d").to_string();
    let first = sequence::ActiveModel { name: Set(case_numbers_of(&date.to_string())), value: Set(count) };
    let next = Expr::col((sequence::Entity, sequence::Column::Value)).add(count);
    let drawn = sequence::Entity::insert(first)
        .on_conflict(OnConflict::column(sequence::Column::Name).value(sequence::Column::Value, next).to_owned())
        .exec_with_returning(tx.db())
        .await?;
    Ok((drawn.value - count + 1..=drawn.value).map(|number| format!("XH{date}{number:06}")).collect())
}

/// Name of the sequence that numbers the cases of a date, e.g. `20261122`.
pub fn case_numbers_of(date: &str) -> String {
    format!("case_no/{date}")
}

/// When the open requests of the last 24 hours came in, of an account or of a number, oldest first.
pub async fn recent_open(tx: &Tx, of: &Submit) -> Result<Vec<DateTime<Utc>>> {
    let person = match (&of.on_behalf_name, &of.contact_phone) {
        (Some(_), Some(phone)) => is_any(Column::ContactPhoneIndex, phone.indexes(&tx.base().vault)),
        // Somebody without a phone cannot be told from others; the counter knows whom it serves.
        (Some(_), None) => return Ok(Vec::new()),
        (None, _) => Column::ReporterId.eq(tx.actor().person()?.account),
    };
    let found = Entity::find()
        .select_only()
        .column(Column::CreatedAt)
        .filter(person)
        .filter(Column::CreatedAt.gt(tx.now() - TimeDelta::hours(24)))
        .filter(Column::Queue.is_not_null())
        .order_by_asc(Column::CreatedAt)
        .limit(100);
    Ok(found.into_tuple().all(tx.db()).await?)
}

/// Inserts a new request with its words, and records that it came in.
pub async fn insert(
    tx: &mut Tx,
    town: &Town,
    words: &Submit,
    phone: Option<&Phone>,
    submitted: Submitted,
) -> Result<Case> {
    let id: ServiceRequestId = tx.id()?;
    let mut row = rows::request(tx.base(), id, words, phone, &submitted, tx.now())?;
    row.alarm_at = alarm_of(town, &row, tx.now())?;
    let photos = i64::try_from(submitted.photos.len()).unwrap_or(i64::MAX);
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    attach(tx, id, &submitted.photos, AttachmentPhase::Before).await?;
    make_findable(tx, id, &[&row.description, row.address.as_deref().unwrap_or_default()]).await?;
    tx.record(id.0, row.version, &Fact::Submitted(Box::new(submitted)))?;
    Ok(Case {
        row,
        assignments: Vec::new(),
        photos,
        after_photos: 0,
        unanswered: Default::default(),
        into: None,
        ties: Default::default(),
    })
}

/// When the system looks at a case next: when something is due about it, or when another ladder of warnings begins.
pub fn alarm_of(town: &Town, row: &Model, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let due = alarm::next(row, &town.timing_of(row, now)?).map(|(at, _)| at);
    let ladder = town.ladder_changes_at(now).filter(|_| row.queue.is_some());
    Ok(due.into_iter().chain(ladder).min())
}

/// Sets the alarm of a case anew, and nothing else.
pub async fn set_alarm(tx: &Tx, town: &Town, case: &Case) -> Result<()> {
    let after = Model { alarm_at: alarm_of(town, &case.row, tx.now())?, ..case.row.clone() };
    if after == case.row { Ok(()) } else { update(tx, &case.row, &after).await }
}

/// Has the system look at a case later.
pub async fn put_off(tx: &Tx, id: ServiceRequestId, until: DateTime<Utc>) -> Result<()> {
    let later = Entity::update_many().col_expr(Column::AlarmAt, Expr::value(until)).filter(Column::Id.eq(id));
    later.exec(tx.db()).await?;
    Ok(())
}

/// Has the system look at every open case at an instant, unless it does before: what it plans about them has changed.
pub async fn look_at_all(tx: &Tx, at: DateTime<Utc>) -> Result<()> {
    let later = Entity::update_many()
        .col_expr(Column::AlarmAt, Expr::value(at))
        .filter(Column::Queue.is_not_null())
        .filter(Column::AlarmAt.is_null().or(Column::AlarmAt.gt(at)));
    later.exec(tx.db()).await?;
    Ok(())
}

/// Cases whose alarm is due, the longest due first.
pub async fn due_alarms(db: &impl ConnectionTrait, now: DateTime<Utc>, most: u64) -> Result<Vec<ServiceRequestId>> {
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AlarmAt.lte(now))
        .order_by_asc(Column::AlarmAt)
        .limit(most);
    Ok(due.into_tuple().all(db).await?)
}

/// Writes what a fact makes of a permitted case, and records the fact; what the content check caught of its words is a fact of
/// its own.
pub async fn apply(tx: &mut Tx, town: &Town, case: Permitted<Case>, fact: &Fact, words: Words) -> Result<Case> {
    let (after, caught) = write(tx, town, &case.into_row(), fact, words).await?;
    let Some(note) = caught.filter(|_| is_published(&after.row)) else { return Ok(after) };
    let held = Fact::ContentHeld(Content::Note(note));
    Ok(write(tx, town, &after, &held, Words::default()).await?.0)
}

/// The same; tells with which fact something was said that the content check caught.
async fn write(tx: &mut Tx, town: &Town, before: &Case, fact: &Fact, words: Words) -> Result<(Case, Option<FactId>)> {
    let mut after = before.after(fact, tx.now(), || tx.id())?;
    if let Some((NoteKind::Reply, reply)) = &words.note {
        after.row.reply_content_state = town.check(reply, tx.now());
        after.row.reply = Some(reply.clone());
    }
    after.row.alarm_at = alarm_of(town, &after.row, tx.now())?;
    update(tx, &before.row, &after.row).await?;
    if before.row.reports_open > 0 && after.row.reports_open == 0 {
        decide_reports(tx, after.row.id).await?;
    }
    let told = Told { fact, on_behalf: acted_for(tx.actor(), before, fact) };
    let id = tx.record(after.row.id.0, after.row.version, &told)?;
    write_orders(tx, &before.assignments, &after.assignments).await?;
    let caught = write_note(tx, town, &after.row, id, &words).await?;
    write_records(tx, before, &after, fact, id, words).await?;
    Ok((after, caught))
}

/// For whom an agent did what a reporter does; nothing for the reporter, and for what the staff does.
fn acted_for(actor: &Actor, case: &Case, fact: &Fact) -> Option<OnBehalf> {
    let verb = match fact {
        Fact::Supplemented { .. } => ProxyVerb::Supplement,
        Fact::Withdrawn => ProxyVerb::Withdraw,
        Fact::Objected { .. } => ProxyVerb::Object,
        Fact::Urged { .. } | Fact::QuestionAnswered { .. } => ProxyVerb::Supplement,
        fact if answer_of(fact).is_some_and(|answer| !answer.is_by_agent) => ProxyVerb::Survey,
        _ => return None,
    };
    let proxy = case.proxy_for(actor.account(), verb).filter(|_| !is_party(case, actor))?;
    Some(OnBehalf { proxy: proxy.id, principal: case.row.reporter_id })
}

/// One update of the columns that differ, if nobody was faster.
async fn update(tx: &Tx, before: &Model, after: &Model) -> Result<()> {
    let change = bulk::changed(before, after);
    let updated = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec(tx.db())
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

async fn write_orders(tx: &Tx, before: &[assignment::Model], after: &[assignment::Model]) -> Result<()> {
    for (old, new) in before.iter().zip(after).filter(|(old, new)| old != new) {
        debug_assert_eq!(old.id, new.id, "orders are only ever added behind the others");
        new.clone().into_active_model().reset_all().update(tx.db()).await?;
    }
    let added: Vec<assignment::ActiveModel> =
        after.iter().skip(before.len()).map(|order| order.clone().into_active_model()).collect();
    if !added.is_empty() {
        assignment::Entity::insert_many(added).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

async fn write_note(tx: &Tx, town: &Town, row: &Model, fact: FactId, words: &Words) -> Result<Option<FactId>> {
    let Some(note) = rows::note(town, row.id, fact, words, tx.now()) else { return Ok(None) };
    let (kind, text) = (note.kind, note.text.clone());
    let caught = waits(note.content_state).then_some(fact);
    request_note::Entity::insert(note.into_active_model()).exec_without_returning(tx.db()).await?;
    match kind {
        NoteKind::Supplement => make_findable(tx, row.id, &[&text]).await?,
        _ => note_numbers(tx, row.id, &[&text]).await?,
    }
    Ok(caught)
}

/// The rows that belong to a kind of fact: photos, contacts, returns and answers.
async fn write_records(tx: &Tx, before: &Case, after: &Case, fact: &Fact, id: FactId, words: Words) -> Result<()> {
    match fact {
        Fact::Supplemented { photos } | Fact::QuestionAnswered { photos, .. } => {
            attach(tx, after.row.id, photos, AttachmentPhase::During).await?;
        }
        Fact::Handled { photos, .. } => attach(tx, after.row.id, photos, AttachmentPhase::After).await?,
        Fact::ReturnGranted { .. } => write_decision(tx, before, ReturnDecision::Granted).await?,
        Fact::ReturnDenied { .. } => write_decision(tx, before, ReturnDecision::Denied).await?,
        Fact::Conferred(conferred) if before.row.state == ServiceRequestState::ReturnPending => {
            let is_granted = conferred.order.is_some();
            let decision = if is_granted { ReturnDecision::Granted } else { ReturnDecision::Denied };
            write_decision(tx, before, decision).await?;
        }
        _ => {}
    }
    if let Some(contact) = rows::contact(&before.row, fact, id, tx.now()) {
        contact::Entity::insert(contact.into_active_model()).exec_without_returning(tx.db()).await?;
    }
    if let Some(asked) = rows::return_asked(before, fact, &words, tx.now(), || tx.id())? {
        note_numbers(tx, after.row.id, &[&asked.reason, &asked.basis]).await?;
        return_request::Entity::insert(asked.into_active_model()).exec_without_returning(tx.db()).await?;
    }
    if let Some(answer) = answer_of(fact) {
        let by = tx.actor().person()?.account;
        note_numbers(tx, after.row.id, &[words.comment.as_deref().unwrap_or_default()]).await?;
        let answered = rows::survey(tx.id()?, (&before.row, before.surveyed()), answer, by, words.comment, tx.now());
        survey::Entity::insert(answered.into_active_model()).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

async fn write_decision(tx: &Tx, before: &Case, decision: ReturnDecision) -> Result<()> {
    let Some(lead) = before.lead() else { return Ok(()) };
    return_request::Entity::update_many()
        .set(return_request::ActiveModel {
            decision: Set(decision),
            decided_at: Set(Some(tx.now())),
            ..Default::default()
        })
        .filter(return_request::Column::AssignmentId.eq(lead.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Attaches photos that the actor uploaded and nobody used.
async fn attach(tx: &Tx, to: ServiceRequestId, photos: &[AttachmentId], phase: AttachmentPhase) -> Result<()> {
    let owner = tx.actor().person()?.account;
    media::attach(tx, photos, owner, (SUBJECT, to.0), phase).await
}

/// Makes a case findable by words said in it, and by the numbers in them.
pub(super) async fn make_findable(tx: &Tx, id: ServiceRequestId, texts: &[&str]) -> Result<()> {
    write_terms(tx, [rows::findable(id, texts), rows::numbers(id, texts)].concat()).await
}

/// Notes the mobile numbers in words that nobody searches in, so that they are found when a person is forgotten.
pub(super) async fn note_numbers(tx: &Tx, id: ServiceRequestId, texts: &[&str]) -> Result<()> {
    write_terms(tx, rows::numbers(id, texts)).await
}

async fn write_terms(tx: &Tx, terms: Vec<search_term::Model>) -> Result<()> {
    let rows: Vec<search_term::ActiveModel> = terms.into_iter().map(search_term::Model::into_active_model).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let known =
        OnConflict::columns([search_term::Column::Term, search_term::Column::RequestId]).do_nothing().to_owned();
    search_term::Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// The name of the person served and the number to call, in clear.
pub fn open_sealed(base: &kernel::base::Base, row: &Model) -> Result<(Option<String>, Option<Phone>)> {
    let name = row.on_behalf_name_sealed.as_ref().map(|sealed| base.vault.open(rows::NAME, sealed)).transpose()?;
    let phone = row.contact_phone_sealed.as_ref().map(|sealed| base.vault.open(rows::PHONE, sealed)).transpose()?;
    Ok((name, phone.map(Phone::from_stored)))
}
