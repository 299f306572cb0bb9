//! Saying yes, taking it back, and publishing what is asked (同意、撤回、发布).

use entity::enums::{ConsentKind, Role};
use entity::id::{AccountId, ConsentDocumentId};
use entity::{account, consent, consent_document};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::Tx;

use super::{Give, Publish, lacking, required};
use crate::store;

/// Asks whether the actor consented to all of the kinds, in the versions in force.
///
/// # Errors
/// `CONSENT_REQUIRED`, once for each that lacks; [`Error::Unauthenticated`] for visitors.
pub async fn demand(tx: &Tx, kinds: &[ConsentKind]) -> Result<()> {
    let account = tx.actor().person()?.account;
    let in_force = store::in_force(tx.db(), tx.now()).await?;
    let held = store::held(tx.db(), account).await?;
    required(&lacking(kinds, &in_force, &held))
}

/// Says yes to documents. What was said before stays said.
///
/// # Errors
/// `INVALID` at `documentIds` for a document that is unknown or no longer asked for; with the privacy policy `REQUIRED` at
/// `isFourteenOrOver` when it is left out, and `GUARDIAN_REQUIRED` for who is younger (个人信息保护法 §31).
pub async fn give(tx: &mut Tx, give: &Give) -> Result<account::Model> {
    let person = tx.actor().person()?.clone();
    // One after the other, so that nothing is noted twice.
    store::queue_up(tx, person.account).await?;
    let documents = asked_for(tx, &give.documents).await?;
    if documents.iter().any(|document| document.kind == ConsentKind::PrivacyPolicy) {
        match give.is_fourteen {
            None => return Err(Error::refused_at(UserErrorCode::Required, "isFourteenOrOver")),
            Some(false) => return Err(Error::refused_at(UserErrorCode::GuardianRequired, "isFourteenOrOver")),
            Some(true) => {}
        }
    }
    let held = store::held(tx.db(), person.account).await?;
    let session = store::session(tx.db(), person.session).await?.ok_or(Error::Unauthenticated)?;
    for document in documents.iter().filter(|document| !held.contains(&(document.kind, document.version))) {
        let given = consent::Model {
            id: tx.id()?,
            account_id: person.account,
            document_id: document.id,
            kind: document.kind,
            version: document.version,
            client_kind: session.client_kind,
            given_at: tx.now(),
            withdrawn_at: None,
        };
        store::insert_consent(tx, given).await?;
    }
    own(tx, person.account).await
}

/// The documents named, each the one in force of its kind, or one announced.
async fn asked_for(tx: &Tx, ids: &[ConsentDocumentId]) -> Result<Vec<consent_document::Model>> {
    let in_force = store::in_force(tx.db(), tx.now()).await?;
    let documents = store::documents(tx.db(), ids).await?;
    let is_asked = |document: &consent_document::Model| {
        in_force.get(&document.kind).is_none_or(|version| document.version >= *version)
    };
    if documents.len() == ids.len() && documents.iter().all(is_asked) {
        return Ok(documents);
    }
    Err(UserError::at(UserErrorCode::Invalid, "documentIds").with(Detail::Because("not_asked_for")).into())
}

/// Takes a consent back, at once and for good; what was done under it stays done. Children in the person's care are forgotten
/// with the consent that their data was taken under.
///
/// # Errors
/// `INVALID_TRANSITION` when there is none.
pub async fn withdraw(tx: &mut Tx, kind: &ConsentKind) -> Result<account::Model> {
    let account = tx.actor().person()?.account;
    store::queue_up(tx, account).await?;
    if !store::withdraw_consents(tx, account, *kind).await? {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    if *kind == ConsentKind::Minor {
        store::forget_dependants(tx, account).await?;
    }
    own(tx, account).await
}

/// Publishes the next version of a document.
///
/// # Errors
/// [`Error::Forbidden`] for all but system administrators; `INVALID` when it would hold before the version before it.
pub async fn publish(tx: &mut Tx, publish: &Publish) -> Result<consent_document::Model> {
    if !tx.actor().is_any(&[Role::SystemAdmin]) {
        return Err(Error::Forbidden);
    }
    publish_as(tx, publish).await
}

/// As [`publish`], for the composition root.
///
/// # Errors
/// As [`publish`], but for the role.
pub async fn publish_as(tx: &mut Tx, publish: &Publish) -> Result<consent_document::Model> {
    let before = store::last_document(tx, publish.kind).await?;
    let in_force_from = publish.in_force_from.unwrap_or(tx.now());
    if before.as_ref().is_some_and(|before| before.in_force_from > in_force_from) {
        let earlier = UserError::at(UserErrorCode::Invalid, "inForceFrom").with(Detail::Because("before_the_last"));
        return Err(earlier.into());
    }
    let document = consent_document::Model {
        id: tx.id()?,
        kind: publish.kind,
        version: before.map_or(0, |before| before.version) + 1,
        title: publish.title.clone(),
        hash: kernel::vault::sha256(publish.body.as_bytes()).to_vec(),
        body: publish.body.clone(),
        in_force_from,
        published_by: tx.actor().account(),
        created_at: tx.now(),
    };
    store::insert_document(tx, document.clone()).await?;
    Ok(document)
}

async fn own(tx: &Tx, account: AccountId) -> Result<account::Model> {
    store::account_of(tx.db(), account).await?.ok_or(Error::Unauthenticated)
}
