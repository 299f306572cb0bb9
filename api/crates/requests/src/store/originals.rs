//! What cases said before something was taken out of them: sealed.

use entity::id::ServiceRequestId;
use entity::request_original::{Column, Entity, Model};
use entity::service_request;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::redact::Traits;
use kernel::tx::Tx;
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};

use super::privacy::find_anew;

/// Under which names originals are sealed.
pub const DESCRIPTION: &str = "request.original_description";
pub const ADDRESS: &str = "request.original_address";

/// What the reporter said first, and where, as far as other words stand in its place.
pub type Words = (Option<String>, Option<String>);

/// Puts other words in place of those of a case, and keeps what stood there first.
pub async fn replace_words(
    tx: &Tx,
    row: &mut service_request::Model,
    description: Option<&String>,
    address: Option<&String>,
) -> Result<()> {
    let before = row.clone();
    let vault = &tx.base().vault;
    let kept = Entity::find_by_id(row.id).one(tx.db()).await?;
    let none = Model { request_id: row.id, description_sealed: None, address_sealed: None, at: tx.now() };
    let mut original = kept.clone().unwrap_or(none);
    if let Some(description) = description.filter(|words| **words != before.description) {
        if original.description_sealed.is_none() {
            original.description_sealed = Some(vault.seal(DESCRIPTION, &before.description)?);
        }
        row.description.clone_from(description);
    }
    if let Some((address, first)) = address.zip(before.address.as_ref()).filter(|(new, old)| new != old) {
        if original.address_sealed.is_none() {
            original.address_sealed = Some(vault.seal(ADDRESS, first)?);
        }
        row.address = Some(address.clone());
    }
    match &kept {
        None => {
            Entity::insert(original.into_active_model()).exec_without_returning(tx.db()).await?;
        }
        Some(kept) if *kept != original => {
            let change = bulk::changed(kept, &original);
            Entity::update_many().set(change).filter(Column::RequestId.eq(row.id)).exec(tx.db()).await?;
        }
        Some(_) => {}
    }
    let change = bulk::changed(&before, row);
    let case = service_request::Entity::update_many().set(change);
    case.filter(service_request::Column::Id.eq(row.id)).exec(tx.db()).await?;
    find_anew(tx, row).await
}

/// What a case said first, in clear.
pub async fn original_words(tx: &Tx, case: ServiceRequestId) -> Result<Option<Words>> {
    let kept = Entity::find_by_id(case).one(tx.db()).await?;
    kept.map(|kept| open(tx.base(), &kept)).transpose()
}

/// The same of many cases.
pub async fn originals(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<(ServiceRequestId, Words)>> {
    let db = base.db.reader();
    let kept = Entity::find().filter(in_keys(db, Column::RequestId, ids)).all(db).await?;
    kept.iter().map(|kept| Ok((kept.request_id, open(base, kept)?))).collect()
}

fn open(base: &Base, kept: &Model) -> Result<Words> {
    let opened =
        |sealed: &Option<Vec<u8>>, name| sealed.as_ref().map(|sealed| base.vault.open(name, sealed)).transpose();
    Ok((opened(&kept.description_sealed, DESCRIPTION)?, opened(&kept.address_sealed, ADDRESS)?))
}

/// Forgets what a case said first, and the numbers that stood in it.
pub async fn forget_original(tx: &Tx, case: &service_request::Model) -> Result<()> {
    let forgotten = Entity::delete_by_id(case.id).exec(tx.db()).await?;
    if forgotten.rows_affected > 0 { find_anew(tx, case).await } else { Ok(()) }
}

/// Takes traits out of what a case said first; tells whether they stood in it.
pub async fn clean(tx: &Tx, case: ServiceRequestId, traits: &Traits) -> Result<bool> {
    let Some(kept) = Entity::find_by_id(case).one(tx.db()).await? else { return Ok(false) };
    let cleaned = |words: Option<String>, name| {
        let words = words.and_then(|words| traits.redacted(&words));
        words.map(|words| tx.base().vault.seal(name, &words)).transpose()
    };
    let (description, address) = open(tx.base(), &kept)?;
    let (description, address) = (cleaned(description, DESCRIPTION)?, cleaned(address, ADDRESS)?);
    let is_told = description.is_some() || address.is_some();
    if is_told {
        let description_sealed = description.or_else(|| kept.description_sealed.clone());
        let address_sealed = address.or_else(|| kept.address_sealed.clone());
        let change = bulk::changed(&kept, &Model { description_sealed, address_sealed, ..kept.clone() });
        Entity::update_many().set(change).filter(Column::RequestId.eq(case)).exec(tx.db()).await?;
    }
    Ok(is_told)
}
