//! Changes: what evolving says, and the records that belong to a fact.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AttachmentPhase, Audience, ContactOutcome, NoteKind, ReturnDecision};
use entity::id::{AttachmentId, FactId, ServiceRequestId};
use entity::service_request::{ActiveModel, Column, Entity, Model};
use entity::{assignment, attachment, contact, request_note, return_request, search_term, sequence, survey};
use identity::phone::Phone;
use kernel::db::in_keys;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Permitted;
use kernel::tx::Tx;
use kernel::vault::Purpose;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, Iterable as _, ModelTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::case::{Case, half_day_text};
use crate::command::Submit;
use crate::content::is_forbidden;
use crate::fact::{Answer, Fact, Submitted};
use crate::search::terms;
use crate::{orders, workflow};

const PHONE: &str = "request.contact_phone";
const NAME: &str = "request.on_behalf_name";
/// Subject of photos.
pub const SUBJECT: &str = "request";

/// The words of an act, which facts do not hold.
#[derive(Default)]
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
    let date = areas::shanghai_date(tx.now()).format("%Y%m%d").to_string();
    let first = sequence::ActiveModel { name: Set(format!("case_no/{date}")), value: Set(1) };
    let next = Expr::col((sequence::Entity, sequence::Column::Value)).add(1);
    let drawn = sequence::Entity::insert(first)
        .on_conflict(OnConflict::column(sequence::Column::Name).value(sequence::Column::Value, next).to_owned())
        .exec_with_returning(tx.db())
        .await?;
    Ok(format!("XH{date}{:06}", drawn.value))
}

/// When the open requests of the last 24 hours came in, of an account or of a number, oldest first.
pub async fn recent_open(tx: &Tx, of: &Submit) -> Result<Vec<DateTime<Utc>>> {
    let person = match (&of.on_behalf_name, &of.contact_phone) {
        (Some(_), Some(phone)) => Column::ContactPhoneIndex.eq(phone_index(tx, phone)),
        _ => Column::ReporterId.eq(tx.actor().person()?.account),
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

fn phone_index(tx: &Tx, phone: &Phone) -> Vec<u8> {
    tx.base().vault.keyed_hash(Purpose::PhoneIndex, phone.e164().as_bytes())
}

/// Inserts a new request with its words, and records that it came in.
pub async fn insert(
    tx: &mut Tx,
    id: ServiceRequestId,
    words: &Submit,
    phone: Option<&Phone>,
    submitted: Submitted,
) -> Result<Case> {
    let mut row = workflow::begin(id, &submitted, tx.now());
    row.description.clone_from(&words.description);
    row.address.clone_from(&words.address);
    row.longitude = words.place.map(areas::Wgs84Point::longitude);
    row.latitude = words.place.map(areas::Wgs84Point::latitude);
    let vault = &tx.base().vault;
    row.on_behalf_name_sealed = words.on_behalf_name.as_ref().map(|name| vault.seal(NAME, name)).transpose()?;
    row.contact_phone_sealed = phone.map(|phone| vault.seal(PHONE, phone.e164())).transpose()?;
    row.contact_phone_index = phone.map(|phone| phone_index(tx, phone));
    let photos = i64::try_from(submitted.photos.len()).unwrap_or(i64::MAX);
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    attach(tx, id, &submitted.photos, AttachmentPhase::Before).await?;
    make_findable(tx, id, &[&row.description, row.address.as_deref().unwrap_or_default()]).await?;
    tx.record(id.0, row.version, &Fact::Submitted(Box::new(submitted)))?;
    Ok(Case { row, assignments: Vec::new(), photos, after_photos: 0, unanswered: Default::default() })
}

/// Writes what a fact makes of a permitted case, and records the fact.
pub async fn apply(tx: &mut Tx, case: Permitted<Case>, fact: &Fact, words: Words) -> Result<Case> {
    let before = case.into_row();
    let mut after = before.clone();
    workflow::evolve(&mut after.row, fact, tx.now());
    if let Some((NoteKind::Reply, reply)) = &words.note {
        after.row.reply = Some(reply.clone());
    }
    after.assignments = orders::follow(&before.assignments, &after.row, fact, tx.now(), || tx.id())?;
    update(tx, &before.row, &after.row).await?;
    let id = tx.record(after.row.id.0, after.row.version, fact)?;
    write_orders(tx, &before.assignments, &after.assignments).await?;
    write_note(tx, &after.row, id, &words).await?;
    write_records(tx, &before, &mut after, fact, id, words).await?;
    Ok(after)
}

/// One update of the columns that differ, if nobody was faster.
async fn update(tx: &Tx, before: &Model, after: &Model) -> Result<()> {
    let mut change = <ActiveModel as Default>::default();
    for column in Column::iter() {
        let value = after.get(column);
        if value != before.get(column) {
            change.set(column, value);
        }
    }
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

async fn write_note(tx: &Tx, row: &Model, fact: FactId, words: &Words) -> Result<()> {
    let Some((kind, text)) = &words.note else { return Ok(()) };
    let note = request_note::ActiveModel {
        fact_id: Set(fact),
        request_id: Set(row.id),
        kind: Set(*kind),
        audience: Set(audience_of(*kind)),
        text: Set(text.clone()),
        is_held: Set(is_forbidden(text)),
    };
    request_note::Entity::insert(note).exec_without_returning(tx.db()).await?;
    if *kind == NoteKind::Supplement { make_findable(tx, row.id, &[text]).await } else { Ok(()) }
}

/// Who may read the words of an act.
fn audience_of(kind: NoteKind) -> Audience {
    match kind {
        NoteKind::Reply => Audience::Public,
        NoteKind::Supplement | NoteKind::Rejection | NoteKind::Objection | NoteKind::Withdrawal => {
            Audience::Participant
        }
        NoteKind::Dispatch | NoteKind::Contact | NoteKind::ReturnDecision | NoteKind::Verification => Audience::Staff,
    }
}

/// The rows that belong to a kind of fact: photos, contacts, returns and answers.
async fn write_records(tx: &Tx, before: &Case, after: &mut Case, fact: &Fact, id: FactId, words: Words) -> Result<()> {
    match fact {
        Fact::Supplemented { photos } => {
            attach(tx, after.row.id, photos, AttachmentPhase::Before).await?;
            after.photos += photos.len() as i64;
        }
        Fact::Handled { photos, .. } => {
            attach(tx, after.row.id, photos, AttachmentPhase::After).await?;
            after.photos += photos.len() as i64;
            after.after_photos += photos.len() as i64;
        }
        Fact::Contacted { outcome, .. } => {
            write_contact(tx, &after.row, fact, id).await?;
            if *outcome == ContactOutcome::NoAnswer {
                after.unanswered.calls += 1;
                after.unanswered.first.get_or_insert_with(|| half_day_text(tx.now()));
            }
        }
        Fact::ReturnRequested { .. } => write_return(tx, before, fact, words).await?,
        Fact::ReturnGranted { .. } => write_decision(tx, before, ReturnDecision::Granted).await?,
        Fact::ReturnDenied { .. } => write_decision(tx, before, ReturnDecision::Denied).await?,
        Fact::Closed { answer, .. } | Fact::Reopened { answer, .. } => {
            write_survey(tx, &before.row, *answer, words.comment).await?;
        }
        _ => {}
    }
    let began_anew = matches!(fact, Fact::Dispatched(_) | Fact::Reworked { .. } | Fact::Reopened { .. });
    if began_anew {
        after.unanswered = Default::default();
    }
    Ok(())
}

async fn write_contact(tx: &Tx, row: &Model, fact: &Fact, id: FactId) -> Result<()> {
    let Fact::Contacted { method, outcome, .. } = fact else { return Ok(()) };
    let contact = contact::ActiveModel {
        fact_id: Set(id),
        request_id: Set(row.id),
        round: Set(row.round),
        method: Set(*method),
        outcome: Set(*outcome),
        half_day: Set(half_day_text(tx.now())),
        at: Set(tx.now()),
    };
    contact::Entity::insert(contact).exec_without_returning(tx.db()).await?;
    Ok(())
}

async fn write_return(tx: &Tx, before: &Case, fact: &Fact, words: Words) -> Result<()> {
    let (Fact::ReturnRequested { unit, suggested_unit, .. }, Some(lead)) = (fact, before.lead()) else {
        return Ok(());
    };
    let (reason, basis) = words.grounds.unwrap_or_default();
    let asked = return_request::ActiveModel {
        id: Set(tx.id()?),
        request_id: Set(before.row.id),
        assignment_id: Set(lead.id),
        round: Set(before.row.round),
        unit_id: Set(*unit),
        reason: Set(reason),
        basis: Set(basis),
        suggested_unit_id: Set(*suggested_unit),
        decision: Set(ReturnDecision::Pending),
        from_state: Set(before.row.state),
        decided_at: Set(None),
        at: Set(tx.now()),
    };
    return_request::Entity::insert(asked).exec_without_returning(tx.db()).await?;
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

async fn write_survey(tx: &Tx, before: &Model, answer: Answer, comment: Option<String>) -> Result<()> {
    let answered = survey::ActiveModel {
        id: Set(tx.id()?),
        request_id: Set(before.id),
        round: Set(before.round),
        account_id: Set(tx.actor().person()?.account),
        is_by_agent: Set(answer.is_by_agent),
        solved: Set(answer.solved),
        satisfaction: Set(answer.satisfaction),
        comment: Set(comment),
        at: Set(tx.now()),
    };
    survey::Entity::insert(answered).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Attaches photos that the actor uploaded and nobody used.
async fn attach(tx: &Tx, to: ServiceRequestId, photos: &[AttachmentId], phase: AttachmentPhase) -> Result<()> {
    if photos.is_empty() {
        return Ok(());
    }
    let used = attachment::ActiveModel {
        subject_kind: Set(Some(SUBJECT.to_owned())),
        subject_id: Set(Some(to.0)),
        phase: Set(phase),
        ..Default::default()
    };
    let attached = attachment::Entity::update_many()
        .set(used)
        .filter(in_keys(tx.db(), attachment::Column::Id, photos))
        .filter(attachment::Column::OwnerId.eq(tx.actor().person()?.account))
        .filter(attachment::Column::SubjectId.is_null())
        .exec(tx.db())
        .await?;
    if attached.rows_affected == photos.len() as u64 {
        return Ok(());
    }
    Err(UserError::at(UserErrorCode::Invalid, "attachmentIds").with(Detail::Because("unknown_or_used")).into())
}

async fn make_findable(tx: &Tx, id: ServiceRequestId, texts: &[&str]) -> Result<()> {
    let found = terms(&texts.join("\n"));
    if found.is_empty() {
        return Ok(());
    }
    let rows = found.into_iter().map(|term| search_term::ActiveModel { term: Set(term), request_id: Set(id) });
    let known =
        OnConflict::columns([search_term::Column::Term, search_term::Column::RequestId]).do_nothing().to_owned();
    search_term::Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// The name of the person served and the number to call, in clear.
pub fn open_sealed(base: &kernel::base::Base, row: &Model) -> Result<(Option<String>, Option<Phone>)> {
    let name = row.on_behalf_name_sealed.as_ref().map(|sealed| base.vault.open(NAME, sealed)).transpose()?;
    let phone = row.contact_phone_sealed.as_ref().map(|sealed| base.vault.open(PHONE, sealed)).transpose()?;
    Ok((name, phone.map(Phone::from_stored)))
}
