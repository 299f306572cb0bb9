//! Many people at once (批量开户), for seeding and imports.

use entity::enums::{AccountStatus, Role, ScopeKind};
use entity::id::AccountId;
use entity::{account, role_grant, staff_credential};
use kernel::bulk;
use kernel::error::Result;
use kernel::tx::Tx;
use uuid::Uuid;

use super::{NAME, PHONE};
use crate::phone::Phone;

/// A person to be made (待开账号): somebody with a phone, somebody of the staff, or both.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Name.
    pub name: String,
    /// Number that signs in by code.
    pub phone: Option<Phone>,
    /// Sign-in name and the hash of the password.
    pub credential: Option<(String, String)>,
    /// Roles and where they hold, from now on.
    pub grants: Vec<(Role, ScopeKind, Uuid)>,
}

/// Makes accounts with their passwords and grants; gives back their ids in the order asked.
///
/// # Errors
/// When a number or a sign-in name is taken; a fault when sealing fails.
pub async fn insert_people(tx: &Tx, people: &[NewPerson]) -> Result<Vec<AccountId>> {
    let (mut accounts, mut credentials, mut grants) = (Vec::new(), Vec::new(), Vec::new());
    let (base, now) = (tx.base(), tx.now());
    for person in people {
        let id: AccountId = tx.id()?;
        accounts.push(account::Model {
            id,
            status: AccountStatus::Active,
            name_sealed: Some(base.vault.seal(NAME, &person.name)?),
            phone_sealed: person.phone.as_ref().map(|phone| base.vault.seal(PHONE, phone.e164())).transpose()?,
            phone_index: person.phone.as_ref().map(|phone| phone.index(&base.vault)),
            created_at: now,
            updated_at: now,
            version: 1,
        });
        credentials.extend(person.credential.clone().map(|(username, password_hash)| staff_credential::Model {
            account_id: id,
            username: username.to_lowercase(),
            password_hash,
            failures: 0,
            locked_until: None,
            changed_at: now,
            must_change: false,
            totp_sealed: None,
            totp_pending: None,
            totp_step: None,
        }));
        for (role, scope_kind, scope_id) in person.grants.iter().copied() {
            grants.push(role_grant::Model {
                id: tx.id()?,
                account_id: id,
                role,
                scope_kind,
                scope_id,
                valid_from: now,
                valid_to: None,
                granted_by: tx.actor().account(),
            });
        }
    }
    bulk::insert(tx, &accounts).await?;
    bulk::insert(tx, &credentials).await?;
    bulk::insert(tx, &grants).await?;
    Ok(accounts.into_iter().map(|account| account.id).collect())
}
