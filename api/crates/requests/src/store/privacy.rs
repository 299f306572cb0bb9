//! What is forgotten of cases when their reporter is.

use entity::enums::NoteKind;
use entity::id::{AccountId, ServiceRequestId};
use entity::service_request::{Column, Entity, Model};
use entity::{content_report, request_note, return_request, search_term, survey};
use identity::phone::Phone;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::redact::Traits;
use kernel::tx::Tx;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::changes::{make_findable, note_numbers};
use super::originals;
use super::rows::term_of_number;

/// Every case that an account reported, or in which one of the numbers is to be called.
pub async fn cases_about(tx: &Tx, account: AccountId, traits: &Traits) -> Result<Vec<Model>> {
    let vault = &tx.base().vault;
    let mut indexes = Vec::new();
    for number in traits.numbers() {
        indexes.extend(Phone::parse("phone", number)?.indexes(vault));
    }
    let mut about = Condition::any().add(Column::ReporterId.eq(account));
    if !indexes.is_empty() {
        about = about.add(Column::ContactPhoneIndex.is_in(indexes));
    }
    Ok(Entity::find().filter(about).lock(LockType::NoKeyUpdate).all(tx.db()).await?)
}

/// Every case in whose words one of the numbers stands, as [`super::changes::make_findable`] noted it.
pub async fn cases_that_mention(tx: &Tx, traits: &Traits) -> Result<Vec<Model>> {
    let terms: Vec<String> = traits.numbers().map(term_of_number).collect();
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let found = search_term::Entity::find().filter(search_term::Column::Term.is_in(terms)).all(tx.db()).await?;
    let ids: Vec<ServiceRequestId> = found.into_iter().map(|term| term.request_id).collect();
    let cases = Entity::find().filter(in_keys(tx.db(), Column::Id, &ids)).lock(LockType::NoKeyUpdate);
    Ok(cases.all(tx.db()).await?)
}

/// Takes traits out of all that was said in a case; the number to call and the name go too where it is about the person. The
/// version stays: nobody's work moved. The case is locked, so that whoever writes in it meanwhile comes after.
pub async fn redact(tx: &Tx, before: &Model, traits: &Traits, is_about: bool) -> Result<()> {
    let mut after = before.clone();
    clean(&mut after.description, traits);
    clean_some(&mut after.address, traits);
    clean_some(&mut after.reply, traits);
    if is_about {
        (after.on_behalf_name_sealed, after.contact_phone_sealed, after.contact_phone_index) = (None, None, None);
    }
    if *before != after {
        let change = bulk::changed(before, &after);
        Entity::update_many().set(change).filter(Column::Id.eq(before.id)).exec(tx.db()).await?;
    }
    let said = redact_notes(tx, before.id, traits).await?
        + redact_surveys(tx, before.id, traits).await?
        + redact_returns(tx, before.id, traits).await?
        + redact_reports(tx, before.id, traits).await?;
    let is_cleaned = originals::clean(tx, before.id, traits).await?;
    let is_reworded = before.description != after.description || before.address != after.address;
    if said > 0 || is_cleaned || is_reworded || before.reply != after.reply {
        find_anew(tx, &after).await
    } else {
        Ok(())
    }
}

/// Cleans the notes of a case; tells how many.
async fn redact_notes(tx: &Tx, case: ServiceRequestId, traits: &Traits) -> Result<usize> {
    use request_note::Column;
    let mut cleaned = 0;
    for before in request_note::Entity::find().filter(Column::RequestId.eq(case)).all(tx.db()).await? {
        let mut after = before.clone();
        clean(&mut after.text, traits);
        if before != after {
            let change = bulk::changed(&before, &after);
            let own = Column::FactId.eq(before.fact_id);
            request_note::Entity::update_many().set(change).filter(own).exec(tx.db()).await?;
            cleaned += 1;
        }
    }
    Ok(cleaned)
}

async fn redact_surveys(tx: &Tx, case: ServiceRequestId, traits: &Traits) -> Result<usize> {
    use survey::Column;
    let mut cleaned = 0;
    for before in survey::Entity::find().filter(Column::RequestId.eq(case)).all(tx.db()).await? {
        let mut after = before.clone();
        clean_some(&mut after.comment, traits);
        if before != after {
            let change = bulk::changed(&before, &after);
            survey::Entity::update_many().set(change).filter(Column::Id.eq(before.id)).exec(tx.db()).await?;
            cleaned += 1;
        }
    }
    Ok(cleaned)
}

async fn redact_returns(tx: &Tx, case: ServiceRequestId, traits: &Traits) -> Result<usize> {
    use return_request::Column;
    let mut cleaned = 0;
    for before in return_request::Entity::find().filter(Column::RequestId.eq(case)).all(tx.db()).await? {
        let mut after = before.clone();
        clean(&mut after.reason, traits);
        clean(&mut after.basis, traits);
        if before != after {
            let change = bulk::changed(&before, &after);
            return_request::Entity::update_many().set(change).filter(Column::Id.eq(before.id)).exec(tx.db()).await?;
            cleaned += 1;
        }
    }
    Ok(cleaned)
}

async fn redact_reports(tx: &Tx, case: ServiceRequestId, traits: &Traits) -> Result<usize> {
    use content_report::Column;
    let mut cleaned = 0;
    for before in content_report::Entity::find().filter(Column::RequestId.eq(case)).all(tx.db()).await? {
        let mut after = before.clone();
        clean_some(&mut after.note, traits);
        if before != after {
            let change = bulk::changed(&before, &after);
            content_report::Entity::update_many().set(change).filter(Column::Id.eq(before.id)).exec(tx.db()).await?;
            cleaned += 1;
        }
    }
    Ok(cleaned)
}

/// Makes a case findable by what is left in it, and by the numbers of others that were written in it.
pub(super) async fn find_anew(tx: &Tx, case: &Model) -> Result<()> {
    let terms = search_term::Entity::delete_many().filter(search_term::Column::RequestId.eq(case.id));
    terms.exec(tx.db()).await?;
    let notes = request_note::Entity::find().filter(request_note::Column::RequestId.eq(case.id)).all(tx.db()).await?;
    let answers = survey::Entity::find().filter(survey::Column::RequestId.eq(case.id)).all(tx.db()).await?;
    let returns = return_request::Entity::find().filter(return_request::Column::RequestId.eq(case.id));
    let returns = returns.all(tx.db()).await?;
    let reports = content_report::Entity::find().filter(content_report::Column::RequestId.eq(case.id));
    let reports = reports.all(tx.db()).await?;
    let (mut findable, mut other) = (vec![case.description.as_str()], Vec::new());
    findable.extend(case.address.as_deref());
    other.extend(case.reply.as_deref());
    // Nobody searches in what was taken out; whose number stands there is forgotten all the same.
    let (first, place) = originals::original_words(tx, case.id).await?.unwrap_or_default();
    other.extend(first.as_deref().into_iter().chain(place.as_deref()));
    for note in &notes {
        if note.kind == NoteKind::Supplement { &mut findable } else { &mut other }.push(note.text.as_str());
    }
    other.extend(reports.iter().filter_map(|report| report.note.as_deref()));
    other.extend(answers.iter().filter_map(|answer| answer.comment.as_deref()));
    other.extend(returns.iter().flat_map(|asked| [asked.reason.as_str(), asked.basis.as_str()]));
    make_findable(tx, case.id, &findable).await?;
    note_numbers(tx, case.id, &other).await
}

fn clean(text: &mut String, traits: &Traits) {
    if let Some(left) = traits.redacted(text) {
        *text = left;
    }
}

fn clean_some(text: &mut Option<String>, traits: &Traits) {
    if let Some(text) = text {
        clean(text, traits);
    }
}
