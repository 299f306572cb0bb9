//! Documents that people consent to, and their consents.

use chrono::{DateTime, Utc};
use entity::enums::{ClientKind, ConsentKind};
use entity::id::{AccountId, ConsentDocumentId};
use entity::{consent, consent_document};
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::consent::{InForce, lacking};

/// Consents shown of a person at most: the newest.
const SHOWN: u64 = 50;

/// The versions in force at an instant.
pub async fn in_force(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<InForce> {
    let versions = consent_document::Entity::find()
        .select_only()
        .column(consent_document::Column::Kind)
        .column_as(consent_document::Column::Version.max(), "version")
        .filter(consent_document::Column::InForceFrom.lte(now))
        .group_by(consent_document::Column::Kind);
    let versions: Vec<(ConsentKind, i32)> = versions.into_tuple().all(db).await?;
    Ok(versions.into_iter().collect())
}

/// What a person consented to and did not take back.
pub async fn held(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<(ConsentKind, i32)>> {
    let held = consent::Entity::find()
        .select_only()
        .column(consent::Column::Kind)
        .column(consent::Column::Version)
        .filter(consent::Column::AccountId.eq(account))
        .filter(consent::Column::WithdrawnAt.is_null());
    Ok(held.into_tuple().all(db).await?)
}

/// Which of the kinds a person has to consent to before going on.
///
/// # Errors
/// When the database does not answer.
pub async fn lacking_of(base: &Base, account: AccountId, kinds: &[ConsentKind]) -> Result<Vec<ConsentKind>> {
    let db = base.db.reader();
    Ok(lacking(kinds, &in_force(db, base.clock.now()).await?, &held(db, account).await?))
}

/// Documents by id, in no order.
pub async fn documents(db: &impl ConnectionTrait, ids: &[ConsentDocumentId]) -> Result<Vec<consent_document::Model>> {
    let found = consent_document::Entity::find().filter(in_keys(db, consent_document::Column::Id, ids));
    Ok(found.all(db).await?)
}

/// A document by id.
///
/// # Errors
/// When the database does not answer.
pub async fn document(base: &Base, id: ConsentDocumentId) -> Result<Option<consent_document::Model>> {
    Ok(consent_document::Entity::find_by_id(id).one(base.db.reader()).await?)
}

/// The document of each kind that is in force, and those that are announced: by kind, then version.
///
/// # Errors
/// When the database does not answer.
pub async fn documents_shown(base: &Base) -> Result<Vec<consent_document::Model>> {
    let db = base.db.reader();
    use consent_document::Column;
    let in_force = in_force(db, base.clock.now()).await?;
    // Old versions stay in the database, with their whole texts.
    let old = in_force
        .iter()
        .map(|(kind, version)| Condition::all().add(Column::Kind.eq(*kind)).add(Column::Version.lt(*version)));
    let old = old.fold(Condition::any(), Condition::add);
    let mut shown = consent_document::Entity::find();
    if !old.is_empty() {
        shown = shown.filter(old.not());
    }
    Ok(shown.order_by_asc(Column::Kind).order_by_asc(Column::Version).all(db).await?)
}

/// Whether a document of a kind is in force.
///
/// # Errors
/// When the database does not answer.
pub async fn in_force_now(base: &Base, kind: ConsentKind) -> Result<bool> {
    Ok(in_force(base.db.reader(), base.clock.now()).await?.contains_key(&kind))
}

/// The last version of a kind, in force or announced.
pub async fn last_document(tx: &Tx, kind: ConsentKind) -> Result<Option<consent_document::Model>> {
    let last = consent_document::Entity::find()
        .filter(consent_document::Column::Kind.eq(kind))
        .order_by_desc(consent_document::Column::Version);
    Ok(last.one(tx.db()).await?)
}

pub async fn insert_document(tx: &Tx, document: consent_document::Model) -> Result<()> {
    let row = document.into_active_model();
    let inserted = consent_document::Entity::insert(row).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| {
        // Another version was published beside this one: begun anew, this one comes behind it.
        let is_race = is_taken(&error, "consent_document", &["kind", "version"]);
        if is_race { Error::Crossed(error) } else { error.into() }
    })
}

pub async fn insert_consent(tx: &Tx, given: consent::Model) -> Result<()> {
    consent::Entity::insert(given.into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Ends what a person consented to of a kind; `false` when there is nothing.
pub async fn withdraw_consents(tx: &Tx, account: AccountId, kind: ConsentKind) -> Result<bool> {
    let ended = consent::Entity::update_many()
        .col_expr(consent::Column::WithdrawnAt, Expr::value(tx.now()))
        .filter(consent::Column::AccountId.eq(account))
        .filter(consent::Column::Kind.eq(kind))
        .filter(consent::Column::WithdrawnAt.is_null());
    Ok(ended.exec(tx.db()).await?.rows_affected > 0)
}

/// What a person consented to, newest first, with what was taken back; at most 50.
///
/// # Errors
/// When the database does not answer.
pub async fn consents_of(base: &Base, account: AccountId) -> Result<Vec<consent::Model>> {
    let own = consent::Entity::find()
        .filter(consent::Column::AccountId.eq(account))
        .order_by_desc(consent::Column::GivenAt)
        .order_by_desc(consent::Column::Id)
        .limit(SHOWN);
    Ok(own.all(base.db.reader()).await?)
}

/// Notes for many people that they consented to every document in force, for seeding.
///
/// # Errors
/// When the database does not answer.
pub async fn note_consents(tx: &Tx, accounts: &[AccountId], client_kind: ClientKind) -> Result<()> {
    let in_force = in_force(tx.db(), tx.now()).await?;
    let documents = consent_document::Entity::find().all(tx.db()).await?;
    let documents: Vec<_> =
        documents.iter().filter(|document| in_force.get(&document.kind) == Some(&document.version)).collect();
    let mut consents = Vec::with_capacity(accounts.len() * documents.len());
    for account_id in accounts.iter().copied() {
        for document in &documents {
            consents.push(consent::Model {
                id: tx.id()?,
                account_id,
                document_id: document.id,
                kind: document.kind,
                version: document.version,
                client_kind,
                given_at: tx.now(),
                withdrawn_at: None,
            });
        }
    }
    bulk::insert(tx, &consents).await
}
