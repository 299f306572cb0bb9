//! The only files of this slice that name columns (存取).

use chrono::{DateTime, Utc};
use entity::enums::AccountStatus;
use entity::id::{AccountId, SessionId};
use entity::{account, session};
use kernel::base::Base;
use kernel::db::{hold, in_keys, is_any};
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType, Query};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::phone::Phone;

mod audit;
mod consents;
mod deliveries;
mod dependants;
mod grants;
mod holders;
mod identities;
mod people;
mod privacy;
mod sealed;
mod staff;
pub use audit::{AuditFilter, audit_entries, audit_reasons, chain_after, chain_head};
pub use consents::*;
pub use deliveries::*;
pub use dependants::*;
pub use grants::{
    Held, NewGrant, end_grant, grant_by_id, grants_not_over, grants_of, grants_of_many, insert_grant, is_street,
    pass_on_grants, roles_held, scope_exists, scope_text,
};
pub use holders::{Holder, active_among, holders, secretaries};
pub use identities::*;
pub use people::{NewPerson, insert_people};
pub use privacy::{forget_account, forget_reasons, former_traits, identities_in_clear};
pub use sealed::sealed_tables;
pub use staff::{
    count_failure, credential, credential_of, credentials_of, forget_failures, insert_credential, keep_pending,
    pending_of, put_in_force, recovery_codes_left, remove_second_factor, replace_password, replace_recovery_codes,
    set_status, staff_accounts, totp_of, use_recovery_code, use_step, used_passwords,
};

const NAME: &str = "account.name";
const PHONE: &str = "account.phone";

/// The account's phone number, in clear: for the person, and for audited acts only.
///
/// # Errors
/// A fault when the sealed value does not open.
pub fn phone_of(base: &Base, account: &account::Model) -> Result<Option<Phone>> {
    let opened = account.phone_sealed.as_ref().map(|sealed| base.vault.open(PHONE, sealed)).transpose()?;
    Ok(opened.map(Phone::from_stored))
}

/// The account's name, in clear.
///
/// # Errors
/// A fault when the sealed value does not open.
pub fn name_of(base: &Base, account: &account::Model) -> Result<Option<String>> {
    Ok(account.name_sealed.as_ref().map(|sealed| base.vault.open(NAME, sealed)).transpose()?)
}

/// Whether sealed values open with the keys in force, judged by one account; `None` when none holds any.
///
/// # Errors
/// When the database does not answer.
pub async fn keys_fit(base: &Base) -> Result<Option<bool>> {
    let sealed = account::Entity::find().filter(account::Column::PhoneSealed.is_not_null()).limit(1);
    let account = sealed.one(base.db.reader()).await?;
    Ok(account.map(|account| phone_of(base, &account).is_ok()))
}

pub async fn account_by_phone(tx: &Tx, phone: &Phone) -> Result<Option<account::Model>> {
    let indexes = phone.indexes(&tx.base().vault);
    hold(tx.db(), &indexes).await?;
    Ok(account::Entity::find().filter(is_any(account::Column::PhoneIndex, indexes)).one(tx.db()).await?)
}

pub async fn insert_account(tx: &Tx, phone: Option<&Phone>, name: Option<&str>) -> Result<account::Model> {
    let base = tx.base();
    let row = account::ActiveModel {
        id: Set(tx.id()?),
        status: Set(AccountStatus::Active),
        name_sealed: Set(name.map(|name| base.vault.seal(NAME, name)).transpose()?),
        phone_sealed: Set(phone.map(|phone| base.vault.seal(PHONE, phone.e164())).transpose()?),
        phone_index: Set(phone.map(|phone| phone.index(&base.vault))),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        version: Set(1),
    };
    row.insert(tx.db()).await.map_err(|error| {
        // The same number signed up beside this call: begun anew, this one will find its account.
        let is_race = kernel::db::is_taken(&error, "account", &["phone_index"]);
        if is_race { Error::Crossed(error) } else { error.into() }
    })
}

/// An account by id, also within a transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn account_of(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<account::Model>> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

/// Waits until no other transaction of this account runs what may happen only so often; then others wait for this one. SQLite
/// has one writer anyway.
///
/// # Errors
/// When the database does not answer.
pub async fn lock_account(tx: &Tx, id: AccountId) -> Result<Option<account::Model>> {
    Ok(account::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx.db()).await?)
}

/// As [`lock_account`], of somebody who does something.
///
/// # Errors
/// [`Error::Unauthenticated`] when the account was disabled or ended since its session was looked at.
pub async fn queue_up(tx: &Tx, id: AccountId) -> Result<()> {
    let is_active = lock_account(tx, id).await?.is_some_and(|account| account.status == AccountStatus::Active);
    if is_active { Ok(()) } else { Err(Error::Unauthenticated) }
}

/// Accounts by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn accounts_by_ids(base: &Base, ids: &[AccountId]) -> Result<Vec<account::Model>> {
    let db = base.db.reader();
    Ok(account::Entity::find().filter(in_keys(db, account::Column::Id, ids)).all(db).await?)
}

pub async fn insert_session(tx: &Tx, row: session::ActiveModel) -> Result<session::Model> {
    Ok(row.insert(tx.db()).await?)
}

/// A session by id, also one that is over.
///
/// # Errors
/// When the database does not answer.
pub async fn session(db: &impl ConnectionTrait, id: SessionId) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id).one(db).await?)
}

/// Moves a family to its next refresh token, its device known by the key in force; `false` when somebody else moved it first.
pub async fn rotate(tx: &Tx, family: &session::Model, device_index: Vec<u8>) -> Result<bool> {
    let moved = session::Entity::update_many()
        .col_expr(session::Column::Generation, Expr::value(family.generation + 1))
        .col_expr(session::Column::DeviceIndex, Expr::value(device_index))
        .col_expr(session::Column::RotatedAt, Expr::value(tx.now()))
        .col_expr(session::Column::LastSeenAt, Expr::value(tx.now()))
        .filter(session::Column::Id.eq(family.id))
        .filter(session::Column::Generation.eq(family.generation))
        .filter(session::Column::RevokedAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(moved.rows_affected == 1)
}

/// Ends sessions of an account: one, or all. Gives back which.
pub async fn revoke(tx: &Tx, account: AccountId, only: Option<SessionId>) -> Result<Vec<SessionId>> {
    let mut ended = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(tx.now()))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::RevokedAt.is_null());
    if let Some(only) = only {
        ended = ended.filter(session::Column::Id.eq(only));
    }
    Ok(ended.exec_with_returning(tx.db()).await?.into_iter().map(|row| row.id).collect())
}

/// Ends all sessions of an account but one. Gives back which.
pub async fn revoke_others(tx: &Tx, account: AccountId, present: SessionId) -> Result<Vec<SessionId>> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(tx.now()))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::Id.ne(present));
    Ok(ended.exec_with_returning(tx.db()).await?.into_iter().map(|row| row.id).collect())
}

/// Ends the oldest sessions of staff beyond the number allowed. Gives back which.
pub async fn end_oldest_staff_sessions(tx: &Tx, account: AccountId, allowed: u32) -> Result<Vec<SessionId>> {
    let open = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::IsStaff.eq(true))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(tx.now()))
        .order_by_desc(session::Column::CreatedAt)
        .order_by_desc(session::Column::Id);
    let open = open.all(tx.db()).await?;
    let oldest: Vec<SessionId> = open.into_iter().skip(allowed as usize).map(|row| row.id).collect();
    if !oldest.is_empty() {
        session::Entity::update_many()
            .col_expr(session::Column::RevokedAt, Expr::value(tx.now()))
            .filter(in_keys(tx.db(), session::Column::Id, &oldest))
            .exec(tx.db())
            .await?;
    }
    Ok(oldest)
}

/// Devices that are signed in, newest first; at most 50, since a person has few.
///
/// # Errors
/// When the database does not answer.
pub async fn sessions_of(base: &Base, account: AccountId) -> Result<Vec<session::Model>> {
    let live = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(base.clock.now()))
        .order_by_desc(session::Column::CreatedAt)
        .limit(50);
    Ok(live.all(base.db.reader()).await?)
}

/// Deletes sessions that ended, by themselves or early, before an instant; tells how many. The one that was used last is kept:
/// it tells when the account was.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_sessions(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    let over = Condition::any().add(session::Column::ExpiresAt.lt(before)).add(session::Column::RevokedAt.lt(before));
    let later = "later";
    let column = |column: session::Column| Expr::col((later, column));
    let used_later = Query::select()
        .expr(Expr::val(1))
        .from_as(session::Entity, later)
        .and_where(column(session::Column::AccountId).eq(session::Column::AccountId.into_expr()))
        .and_where(column(session::Column::LastSeenAt).gt(session::Column::LastSeenAt.into_expr()))
        .to_owned();
    let forgotten = session::Entity::delete_many().filter(over).filter(Expr::exists(used_later));
    Ok(forgotten.exec(tx.db()).await?.rows_affected)
}

pub async fn is_active(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    let found = account::Entity::find_by_id(account).one(db).await?;
    Ok(found.is_some_and(|account| account.status == AccountStatus::Active))
}
