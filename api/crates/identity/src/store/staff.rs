//! Passwords and second factors of staff (工作人员凭证).

use chrono::TimeDelta;
use entity::id::AccountId;
use entity::{account, recovery_code, staff_credential as credential, used_password};
use kernel::base::Base;
use kernel::db::is_any;
use kernel::error::{Error, Result};
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, JoinType, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

pub(super) const TOTP: &str = "staff_credential.totp";
pub(super) const PENDING: &str = "staff_credential.totp_pending";

/// A password and its account, by sign-in name.
///
/// # Errors
/// When the database does not answer.
pub async fn credential(
    db: &impl ConnectionTrait,
    username: &str,
) -> Result<Option<(credential::Model, Option<account::Model>)>> {
    let found = credential::Entity::find().filter(credential::Column::Username.eq(username.to_lowercase()));
    let Some(found) = found.one(db).await? else { return Ok(None) };
    let account = account::Entity::find_by_id(found.account_id).one(db).await?;
    Ok(Some((found, account)))
}

/// The password of an account, if it has one.
///
/// # Errors
/// When the database does not answer.
pub async fn credential_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<credential::Model>> {
    Ok(credential::Entity::find_by_id(account).one(db).await?)
}

/// Passwords of many accounts, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn credentials_of(base: &Base, accounts: &[AccountId]) -> Result<Vec<credential::Model>> {
    let db = base.db.reader();
    let among = kernel::db::in_keys(db, credential::Column::AccountId, accounts);
    Ok(credential::Entity::find().filter(among).all(db).await?)
}

pub async fn insert_credential(
    tx: &Tx,
    account: AccountId,
    username: &str,
    hash: &str,
    must_change: bool,
) -> Result<()> {
    let row = credential::ActiveModel {
        account_id: Set(account),
        username: Set(username.to_lowercase()),
        password_hash: Set(hash.to_owned()),
        failures: Set(0),
        locked_until: Set(None),
        changed_at: Set(tx.now()),
        must_change: Set(must_change),
        totp_sealed: Set(None),
        totp_pending: Set(None),
        totp_step: Set(None),
    };
    credential::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Counts a wrong password; from `limit` on, locks for `lock`.
pub async fn count_failure(tx: &Tx, account: AccountId, limit: i32, lock: TimeDelta) -> Result<()> {
    let failures = credential::Column::Failures;
    let until = tx.now() + lock;
    credential::Entity::update_many()
        .col_expr(
            credential::Column::LockedUntil,
            Expr::case(failures.gte(limit - 1), until).finally(Expr::col(credential::Column::LockedUntil)).into(),
        )
        .col_expr(failures, Expr::case(failures.gte(limit - 1), 0).finally(Expr::col(failures).add(1)).into())
        .filter(credential::Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Forgets wrong passwords after a right one; `false` while the account is locked, or when the password is another by now.
pub async fn forget_failures(tx: &Tx, judged: &credential::Model) -> Result<bool> {
    let locked_until = credential::Column::LockedUntil;
    let forgotten = credential::Entity::update_many()
        .col_expr(credential::Column::Failures, Expr::value(0))
        .filter(credential::Column::AccountId.eq(judged.account_id))
        .filter(credential::Column::PasswordHash.eq(&judged.password_hash))
        .filter(Condition::any().add(locked_until.is_null()).add(locked_until.lte(tx.now())))
        .exec(tx.db())
        .await?;
    Ok(forgotten.rows_affected == 1)
}

/// Replaces a password and keeps the old one among the used ones; `false` when somebody else replaced it first.
pub async fn replace_password(tx: &Tx, old: &credential::Model, hash: &str, must_change: bool) -> Result<bool> {
    let replaced = credential::Entity::update_many()
        .col_expr(credential::Column::PasswordHash, Expr::value(hash))
        .col_expr(credential::Column::ChangedAt, Expr::value(tx.now()))
        .col_expr(credential::Column::MustChange, Expr::value(must_change))
        .col_expr(credential::Column::Failures, Expr::value(0))
        .col_expr(credential::Column::LockedUntil, Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None))
        .filter(credential::Column::AccountId.eq(old.account_id))
        .filter(credential::Column::PasswordHash.eq(&old.password_hash))
        .exec(tx.db())
        .await?;
    if replaced.rows_affected == 0 {
        return Ok(false);
    }
    let used = used_password::ActiveModel {
        account_id: Set(old.account_id),
        set_at: Set(old.changed_at),
        password_hash: Set(old.password_hash.clone()),
    };
    used_password::Entity::insert(used).exec_without_returning(tx.db()).await?;
    Ok(true)
}

/// Hashes of the passwords used before the one in force, the last ones first.
pub async fn used_passwords(db: &impl ConnectionTrait, account: AccountId, at_most: u64) -> Result<Vec<String>> {
    let used = used_password::Entity::find()
        .filter(used_password::Column::AccountId.eq(account))
        .order_by_desc(used_password::Column::SetAt)
        .limit(at_most);
    Ok(used.all(db).await?.into_iter().map(|used| used.password_hash).collect())
}

pub fn totp_of(base: &Base, credential: &credential::Model) -> Result<Option<String>> {
    Ok(credential.totp_sealed.as_ref().map(|sealed| base.vault.open(TOTP, sealed)).transpose()?)
}

pub fn pending_of(base: &Base, credential: &credential::Model) -> Result<Option<String>> {
    Ok(credential.totp_pending.as_ref().map(|sealed| base.vault.open(PENDING, sealed)).transpose()?)
}

pub async fn keep_pending(tx: &Tx, account: AccountId, secret: &str) -> Result<()> {
    let sealed = tx.base().vault.seal(PENDING, secret)?;
    credential::Entity::update_many()
        .col_expr(credential::Column::TotpPending, Expr::value(sealed))
        .filter(credential::Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Puts a secret in force; the step of its first code is used up.
pub async fn put_in_force(tx: &Tx, account: AccountId, secret: &str, step: i64) -> Result<()> {
    let sealed = tx.base().vault.seal(TOTP, secret)?;
    credential::Entity::update_many()
        .col_expr(credential::Column::TotpSealed, Expr::value(sealed))
        .col_expr(credential::Column::TotpPending, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(credential::Column::TotpStep, Expr::value(step))
        .filter(credential::Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Uses up a step; `false` when it, or a later one, was used before.
pub async fn use_step(tx: &Tx, account: AccountId, step: i64) -> Result<bool> {
    let column = credential::Column::TotpStep;
    let used = credential::Entity::update_many()
        .col_expr(column, Expr::value(step))
        .filter(credential::Column::AccountId.eq(account))
        .filter(Condition::any().add(column.is_null()).add(column.lt(step)))
        .exec(tx.db())
        .await?;
    Ok(used.rows_affected == 1)
}

/// Uses up a recovery code, whichever key it was made under; `false` when there is none such.
pub async fn use_recovery_code(tx: &Tx, account: AccountId, indexes: Vec<Vec<u8>>) -> Result<bool> {
    let used = recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(is_any(recovery_code::Column::CodeIndex, indexes));
    Ok(used.exec(tx.db()).await?.rows_affected == 1)
}

pub async fn replace_recovery_codes(tx: &Tx, account: AccountId, hashes: Vec<Vec<u8>>) -> Result<()> {
    let old = recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account));
    old.exec(tx.db()).await?;
    if hashes.is_empty() {
        return Ok(());
    }
    let rows = hashes.into_iter().map(|hash| recovery_code::ActiveModel {
        account_id: Set(account),
        code_index: Set(hash),
        made_at: Set(tx.now()),
    });
    recovery_code::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// How many recovery codes are left.
///
/// # Errors
/// When the database does not answer.
pub async fn recovery_codes_left(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    Ok(recovery_code::Entity::find().filter(recovery_code::Column::AccountId.eq(account)).count(db).await?)
}

/// Takes the second factor away.
pub async fn remove_second_factor(tx: &Tx, account: AccountId) -> Result<()> {
    let nothing = || Expr::value(Option::<Vec<u8>>::None);
    credential::Entity::update_many()
        .col_expr(credential::Column::TotpSealed, nothing())
        .col_expr(credential::Column::TotpPending, nothing())
        .filter(credential::Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    replace_recovery_codes(tx, account, Vec::new()).await
}

/// Accounts with a password, the last made first, whose sign-in name begins so.
pub async fn staff_accounts(
    db: &impl ConnectionTrait,
    username: Option<&str>,
    page: &PageRequest,
) -> Result<Page<account::Model>> {
    let on = account::Entity::belongs_to(credential::Entity)
        .from(account::Column::Id)
        .to(credential::Column::AccountId)
        .into();
    let mut query = account::Entity::find().join(JoinType::InnerJoin, on);
    if let Some(prefix) = username {
        query = query.filter(credential::Column::Username.starts_with(prefix.to_lowercase()));
    }
    let at = (account::Entity, account::Column::CreatedAt);
    let id = (account::Entity, account::Column::Id);
    Ok(page.page(page.apply(query, at, id, true).all(db).await?))
}

/// Moves an account to another status; a stale version moves nothing.
pub async fn set_status(
    tx: &Tx,
    account: &account::Model,
    status: entity::enums::AccountStatus,
) -> Result<account::Model> {
    let moved = account::Entity::update_many()
        .col_expr(account::Column::Status, Expr::value(sea_orm::ActiveEnum::to_value(&status)))
        .col_expr(account::Column::Version, Expr::value(account.version + 1))
        .col_expr(account::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::Version.eq(account.version))
        .exec_with_returning(tx.db())
        .await?;
    moved.into_iter().next().ok_or(Error::Conflict)
}
