//! What is forgotten of cases when their reporter is.

use entity::enums::NoteKind;
use entity::id::{AccountId, ServiceRequestId};
use entity::service_request::{Column, Entity, Model};
use entity::{request_note, return_request, search_term, survey};
use identity::phone::Phone;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::redact::Traits;
use kernel::tx::Tx;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};

use super::changes::make_findable;

/// Every case that an account reported.
pub async fn reported_by_person(tx: &Tx, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ReporterId.eq(account)).all(tx.db()).await?)
}

/// Every case that an account reported, or that was taken down for one of the numbers.
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
    Ok(Entity::find().filter(about).all(tx.db()).await?)
}

/// Every case in whose words one of the numbers stands, as the search finds it.
pub async fn cases_that_mention(tx: &Tx, traits: &Traits) -> Result<Vec<Model>> {
    let terms: Vec<String> = traits
        .numbers()
        .flat_map(|number| [number.to_owned(), format!("86{number}"), format!("0086{number}")])
        .collect();
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let found = search_term::Entity::find().filter(search_term::Column::Term.is_in(terms)).all(tx.db()).await?;
    let ids: Vec<ServiceRequestId> = found.into_iter().map(|term| term.request_id).collect();
    Ok(Entity::find().filter(in_keys(tx.db(), Column::Id, &ids)).all(tx.db()).await?)
}

/// Takes traits out of all that was said in cases; what was sealed in them goes too where they are the person's own. The
/// version stays: nobody's work moved.
pub async fn redact(tx: &Tx, cases: &[Model], traits: &Traits, is_own: bool) -> Result<()> {
    for before in cases {
        let mut after = before.clone();
        clean(&mut after.description, traits);
        clean_some(&mut after.address, traits);
        clean_some(&mut after.reply, traits);
        if is_own {
            (after.on_behalf_name_sealed, after.contact_phone_sealed, after.contact_phone_index) = (None, None, None);
        }
        if *before != after {
            let change = bulk::changed(before, &after);
            Entity::update_many().set(change).filter(Column::Id.eq(before.id)).exec(tx.db()).await?;
        }
        redact_notes(tx, &after, traits).await?;
        redact_surveys(tx, after.id, traits).await?;
        redact_returns(tx, after.id, traits).await?;
    }
    Ok(())
}

/// Cleans the notes of a case, and makes it findable by what is left.
async fn redact_notes(tx: &Tx, case: &Model, traits: &Traits) -> Result<()> {
    use request_note::Column;
    let mut findable = vec![case.description.clone(), case.address.clone().unwrap_or_default()];
    for before in request_note::Entity::find().filter(Column::RequestId.eq(case.id)).all(tx.db()).await? {
        let mut after = before.clone();
        clean(&mut after.text, traits);
        if before != after {
            let change = bulk::changed(&before, &after);
            let own = Column::FactId.eq(before.fact_id);
            request_note::Entity::update_many().set(change).filter(own).exec(tx.db()).await?;
        }
        if after.kind == NoteKind::Supplement {
            findable.push(after.text);
        }
    }
    let terms = search_term::Entity::delete_many().filter(search_term::Column::RequestId.eq(case.id));
    terms.exec(tx.db()).await?;
    let findable: Vec<&str> = findable.iter().map(String::as_str).collect();
    make_findable(tx, case.id, &findable).await
}

async fn redact_surveys(tx: &Tx, case: ServiceRequestId, traits: &Traits) -> Result<()> {
    use survey::Column;
    for before in survey::Entity::find().filter(Column::RequestId.eq(case)).all(tx.db()).await? {
        let mut after = before.clone();
        clean_some(&mut after.comment, traits);
        if before != after {
            let change = bulk::changed(&before, &after);
            survey::Entity::update_many().set(change).filter(Column::Id.eq(before.id)).exec(tx.db()).await?;
        }
    }
    Ok(())
}

async fn redact_returns(tx: &Tx, case: ServiceRequestId, traits: &Traits) -> Result<()> {
    use return_request::Column;
    for before in return_request::Entity::find().filter(Column::RequestId.eq(case)).all(tx.db()).await? {
        let mut after = before.clone();
        clean(&mut after.reason, traits);
        clean(&mut after.basis, traits);
        if before != after {
            let change = bulk::changed(&before, &after);
            return_request::Entity::update_many().set(change).filter(Column::Id.eq(before.id)).exec(tx.db()).await?;
        }
    }
    Ok(())
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
