//! What a person may ask about the own account (个人信息权利, 个人信息保护法 §§44–47): a copy of it, and that it is forgotten.

use chrono::{DateTime, Utc};
use entity::account;
use entity::id::{AccountId, Id as _, SessionId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::redact::Traits;
use kernel::tx::Tx;
use serde_json::{Value, json};

use crate::code::{self, Occasion};
use crate::phone::Phone;
use crate::service::Identity;
use crate::{consent, dependant, store};

impl Identity {
    /// Sends a code to the actor's own number, to confirm what cannot be undone.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for visitors; `INVALID` when it is not the own number; as [`code::send`].
    pub async fn send_deletion_code(&self, actor: &Actor, phone: &Phone, address: &str) -> Result<()> {
        let person = actor.person()?.account;
        self.sender.as_ref().ok_or(Error::Unavailable("code_sender"))?;
        let account = store::account_of(self.base.db.reader(), person).await?.ok_or(Error::Unauthenticated)?;
        if store::phone_of(&self.base, &account)?.as_ref() != Some(phone) {
            return Err(Error::refused_at(UserErrorCode::Invalid, "phone"));
        }
        code::send(&self.base, phone, Occasion::DeleteAccount, address).await
    }

    /// Takes the code that confirms a deletion; who has no number needs none.
    ///
    /// # Errors
    /// `REQUIRED` at `code`; as [`code::redeem`].
    pub async fn confirm_deletion(&self, actor: &Actor, code: Option<&str>, address: &str) -> Result<()> {
        let person = actor.person()?.account;
        let account = store::account_of(self.base.db.reader(), person).await?.ok_or(Error::Unauthenticated)?;
        let Some(phone) = store::phone_of(&self.base, &account)? else { return Ok(()) };
        let code = code.ok_or_else(|| Error::refused_at(UserErrorCode::Required, "code"))?;
        code::redeem(&self.base, &phone, Occasion::DeleteAccount, code, address).await
    }
}

/// All that is kept of an account, in clear, for its person.
///
/// # Errors
/// [`Error::NotFound`]; a fault when a sealed value does not open.
pub async fn copy(base: &Base, id: AccountId) -> Result<Value> {
    let db = base.db.reader();
    let account = store::account_of(db, id).await?.ok_or(Error::NotFound)?;
    let identities = store::identities_in_clear(base, id).await?;
    let identities = identities
        .into_iter()
        .map(|(kind, value, bound_at)| json!({ "kind": kind, "value": value, "boundAt": bound_at }));
    let sessions = store::sessions_of(base, id).await?.into_iter().map(|row| {
        json!({
            "clientKind": row.client_kind, "deviceName": row.device_name, "signedInAt": row.created_at,
            "lastSeenAt": row.last_seen_at,
        })
    });
    let consents = consent::consents_of(base, id).await?.into_iter().map(|row| {
        json!({
            "kind": row.kind, "version": row.version, "clientKind": row.client_kind,
            "givenAt": row.given_at, "withdrawnAt": row.withdrawn_at,
        })
    });
    let children = dependant::dependants_of(base, id)
        .await?
        .into_iter()
        .map(|child| json!({ "name": child.name, "birthMonth": child.born.text(), "namedAt": child.created_at }));
    let roles = store::roles_held(db, id, base.clock.now())
        .await?
        .into_iter()
        .map(|held| json!({ "role": held.role, "until": held.until }));
    Ok(json!({
        "id": account.id.text(),
        "name": store::name_of(base, &account)?,
        "phone": store::phone_of(base, &account)?.map(|phone| phone.e164().to_owned()),
        "openedAt": account.created_at,
        "identities": identities.collect::<Vec<_>>(),
        "sessions": sessions.collect::<Vec<_>>(),
        "consents": consents.collect::<Vec<_>>(),
        "dependants": children.collect::<Vec<_>>(),
        "roles": roles.collect::<Vec<_>>(),
    }))
}

/// Whether somebody works for the sub-district now: whose accounts are ended by those who gave the roles.
///
/// # Errors
/// When the database does not answer.
pub async fn has_roles(tx: &Tx, account: AccountId, now: DateTime<Utc>) -> Result<bool> {
    let is_granted = !store::grants_not_over(tx.db(), account, now).await?.is_empty();
    Ok(is_granted || !store::grants_of(tx.db(), account, now).await?.is_empty())
}

/// Lets nobody sign in to an account any more, before it is forgotten; gives back which sessions ended, to be cooled.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn retire(tx: &Tx, id: AccountId) -> Result<Vec<SessionId>> {
    let account = store::account_of(tx.db(), id).await?.ok_or(Error::NotFound)?;
    store::set_status(tx, &account, entity::enums::AccountStatus::Deleted).await?;
    store::revoke(tx, id, None).await
}

/// What tells who somebody is: names, numbers that were proved to be the person's, openids, names of children in care. A number
/// given up since may be somebody else's now, and is left out.
///
/// # Errors
/// [`Error::NotFound`]; a fault when a sealed value does not open.
pub async fn traits_of(tx: &Tx, id: AccountId) -> Result<Traits> {
    let base = tx.base();
    let account: account::Model = store::account_of(tx.db(), id).await?.ok_or(Error::NotFound)?;
    let mut traits = Traits::default();
    if let Some(name) = store::name_of(base, &account)? {
        traits.add_words(&name);
    }
    if let Some(phone) = store::phone_of(base, &account)? {
        traits.add_number(phone.e164());
    }
    for (_, value, _) in store::identities_in_clear(base, id).await? {
        traits.add_words(&value);
    }
    for child in dependant::dependants_of(base, id).await? {
        traits.add_words(&child.name);
    }
    for (former, is_number) in store::former_traits(tx, id).await? {
        if !is_number {
            traits.add_words(&former);
        } else if store::account_by_phone(tx, &Phone::from_stored(former.clone())).await?.is_none() {
            traits.add_number(&former);
        }
    }
    Ok(traits)
}

/// Erases why things were done to objects, by their global ids: of an audit line, the salted hash stays.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_reasons(tx: &Tx, subjects: &[String]) -> Result<()> {
    store::forget_reasons(tx, subjects).await
}

/// Forgets an account: what is left is a pseudonym. Consents stay as proof, ended grants and the audit chain as the law asks;
/// none of them says who it was.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn erase(tx: &Tx, id: AccountId) -> Result<()> {
    let account = store::account_of(tx.db(), id).await?.ok_or(Error::NotFound)?;
    store::forget_account(tx, &account).await
}
