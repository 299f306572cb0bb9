//! The only files of this slice that name columns (存取).

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AccountStatus, Role, ScopeKind};
use entity::id::{AccountId, AreaId, OrganizationId, SessionId, UnitId};
use entity::{account, area, role_grant, session, staff_credential, unit_member};
use kernel::actor::{Grant, GrantScope};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use kernel::vault::Purpose;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType, Query};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::phone::Phone;

mod deliveries;
mod identities;
mod people;
pub use deliveries::*;
pub use identities::*;
pub use people::{NewPerson, insert_people};

const NAME: &str = "account.name";
const PHONE: &str = "account.phone";

/// Blind index of a phone number.
pub fn phone_index(base: &Base, phone: &Phone) -> Vec<u8> {
    base.vault.keyed_hash(Purpose::PhoneIndex, phone.e164().as_bytes())
}

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
    let index = phone_index(tx.base(), phone);
    Ok(account::Entity::find().filter(account::Column::PhoneIndex.eq(index)).one(tx.db()).await?)
}

pub async fn insert_account(tx: &Tx, phone: Option<&Phone>, name: Option<&str>) -> Result<account::Model> {
    let base = tx.base();
    let row = account::ActiveModel {
        id: Set(tx.id()?),
        status: Set(AccountStatus::Active),
        name_sealed: Set(name.map(|name| base.vault.seal(NAME, name)).transpose()?),
        phone_sealed: Set(phone.map(|phone| base.vault.seal(PHONE, phone.e164())).transpose()?),
        phone_index: Set(phone.map(|phone| phone_index(base, phone))),
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
pub async fn queue_up(tx: &Tx, id: AccountId) -> Result<()> {
    account::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx.db()).await?;
    Ok(())
}

/// Accounts by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn accounts_by_ids(base: &Base, ids: &[AccountId]) -> Result<Vec<account::Model>> {
    let db = base.db.reader();
    Ok(account::Entity::find().filter(in_keys(db, account::Column::Id, ids)).all(db).await?)
}

pub async fn credential(
    db: &impl ConnectionTrait,
    username: &str,
) -> Result<Option<(staff_credential::Model, Option<account::Model>)>> {
    let found = staff_credential::Entity::find()
        .filter(staff_credential::Column::Username.eq(username.to_lowercase()))
        .one(db)
        .await?;
    let Some(found) = found else { return Ok(None) };
    let account = account::Entity::find_by_id(found.account_id).one(db).await?;
    Ok(Some((found, account)))
}

pub async fn insert_credential(tx: &Tx, account: AccountId, username: &str, hash: &str) -> Result<()> {
    let row = staff_credential::ActiveModel {
        account_id: Set(account),
        username: Set(username.to_lowercase()),
        password_hash: Set(hash.to_owned()),
        failures: Set(0),
        locked_until: Set(None),
        changed_at: Set(tx.now()),
    };
    staff_credential::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Counts a wrong password; from `limit` on, locks for `lock`.
pub async fn count_failure(tx: &Tx, account: AccountId, limit: i32, lock: TimeDelta) -> Result<()> {
    let failures = staff_credential::Column::Failures;
    let until = tx.now() + lock;
    staff_credential::Entity::update_many()
        .col_expr(
            staff_credential::Column::LockedUntil,
            Expr::case(failures.gte(limit - 1), until).finally(Expr::col(staff_credential::Column::LockedUntil)).into(),
        )
        .col_expr(failures, Expr::case(failures.gte(limit - 1), 0).finally(Expr::col(failures).add(1)).into())
        .filter(staff_credential::Column::AccountId.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Forgets wrong passwords after a right one; `false` while the account is locked.
pub async fn forget_failures(tx: &Tx, account: AccountId) -> Result<bool> {
    let locked_until = staff_credential::Column::LockedUntil;
    let forgotten = staff_credential::Entity::update_many()
        .col_expr(staff_credential::Column::Failures, Expr::value(0))
        .filter(staff_credential::Column::AccountId.eq(account))
        .filter(Condition::any().add(locked_until.is_null()).add(locked_until.lte(tx.now())))
        .exec(tx.db())
        .await?;
    Ok(forgotten.rows_affected == 1)
}

pub async fn insert_session(tx: &Tx, row: session::ActiveModel) -> Result<session::Model> {
    Ok(row.insert(tx.db()).await?)
}

pub async fn session(db: &impl ConnectionTrait, id: SessionId) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id).one(db).await?)
}

/// Moves a family to its next refresh token; `false` when somebody else moved it first.
pub async fn rotate(tx: &Tx, family: &session::Model) -> Result<bool> {
    let moved = session::Entity::update_many()
        .col_expr(session::Column::Generation, Expr::value(family.generation + 1))
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

pub async fn insert_grant(
    tx: &Tx,
    account: AccountId,
    role: Role,
    scope: (ScopeKind, uuid::Uuid),
    to: Option<DateTime<Utc>>,
) -> Result<()> {
    let row = role_grant::ActiveModel {
        id: Set(tx.id()?),
        account_id: Set(account),
        role: Set(role),
        scope_kind: Set(scope.0),
        scope_id: Set(scope.1),
        valid_from: Set(tx.now()),
        valid_to: Set(to),
        granted_by: Set(tx.actor().account()),
    };
    role_grant::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Grants that hold at an instant: those written as such, and those that follow from a place in a unit;
/// always in the same order, so that two looks can be compared.
///
/// # Errors
/// When the database does not answer.
pub async fn grants_of(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Grant>> {
    let valid = |from: role_grant::Column, to: role_grant::Column| {
        Condition::all().add(from.lte(now)).add(Condition::any().add(to.is_null()).add(to.gt(now)))
    };
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(valid(role_grant::Column::ValidFrom, role_grant::Column::ValidTo))
        .order_by_asc(role_grant::Column::Id)
        .all(db)
        .await?;
    let areas: Vec<AreaId> =
        rows.iter().filter(|row| row.scope_kind == ScopeKind::Area).map(|row| AreaId(row.scope_id)).collect();
    let paths = if areas.is_empty() {
        Vec::new()
    } else {
        area::Entity::find().filter(in_keys(db, area::Column::Id, &areas)).all(db).await?
    };
    let path_of = |id: uuid::Uuid| paths.iter().find(|area| area.id.0 == id).map(|area| area.path.clone());
    let written = rows.iter().filter_map(|row| {
        let scope = match row.scope_kind {
            ScopeKind::Area => GrantScope::Area(path_of(row.scope_id)?),
            ScopeKind::Organization => GrantScope::Organization(OrganizationId(row.scope_id)),
            ScopeKind::Unit => GrantScope::Unit(UnitId(row.scope_id)),
        };
        Some(Grant { role: row.role, scope, until: row.valid_to })
    });
    let mut grants: Vec<Grant> = written.collect();
    let places = unit_member::Entity::find()
        .filter(unit_member::Column::AccountId.eq(account))
        .filter(unit_member::Column::ValidFrom.lte(now))
        .filter(Condition::any().add(unit_member::Column::ValidTo.is_null()).add(unit_member::Column::ValidTo.gt(now)))
        .order_by_asc(unit_member::Column::Id)
        .all(db)
        .await?;
    grants.extend(places.into_iter().map(|place| Grant {
        role: match place.duty {
            entity::enums::UnitDuty::Leader => Role::UnitLeader,
            entity::enums::UnitDuty::Handler => Role::Handler,
        },
        scope: GrantScope::Unit(place.unit_id),
        until: place.valid_to,
    }));
    Ok(grants)
}
