//! Staff accounts and role grants (工作人员与授权), as the command line and the demo town make them.

use chrono::{DateTime, Utc};
use entity::account;
use entity::enums::{Role, ScopeKind};
use entity::id::AccountId;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::text::line;
use kernel::tx::Tx;
use uuid::Uuid;

use crate::phone::Phone;
use crate::service::open_account;
use crate::store;

/// Characters of a user name at most.
pub const USERNAME: usize = 64;

/// A staff account to be made.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Sign-in name.
    pub username: String,
    /// Password hash, in PHC form.
    pub password_hash: String,
    /// Name.
    pub name: String,
    /// Phone, if known.
    pub phone: Option<Phone>,
}

/// Makes a staff account.
///
/// # Errors
/// `INVALID` when the user name is taken, or none that can be typed at sign-in.
pub async fn create_staff(tx: &mut Tx, staff: &NewStaff) -> Result<account::Model> {
    if line("username", &staff.username, USERNAME).map_or(true, |read| read != staff.username) {
        return Err(Error::refused_at(UserErrorCode::Invalid, "username"));
    }
    if store::credential(tx.db(), &staff.username).await?.is_some() {
        return Err(Error::refused_at(UserErrorCode::Invalid, "username"));
    }
    let account = match &staff.phone {
        Some(phone) => open_account(tx, phone, Some(&staff.name)).await?.0,
        None => store::insert_account(tx, None, Some(&staff.name)).await?,
    };
    store::insert_credential(tx, account.id, &staff.username, &staff.password_hash).await?;
    Ok(account)
}

/// Grants a role in a scope.
///
/// # Errors
/// When the database does not answer.
pub async fn grant(
    tx: &mut Tx,
    account: AccountId,
    role: Role,
    scope: (ScopeKind, Uuid),
    to: Option<DateTime<Utc>>,
) -> Result<()> {
    store::insert_grant(tx, account, role, scope, to).await
}
