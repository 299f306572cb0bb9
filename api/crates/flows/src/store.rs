//! The only file of this slice that names columns (存取).

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AccountDeletionState, DataExportState};
use entity::id::{AccountDeletionId, AccountId, DataExportId};
use entity::{account_deletion, data_export};
use kernel::base::Base;
use kernel::bulk;
use kernel::error::{Error, Result};
use kernel::reseal::{Sealed, Table};
use kernel::tx::Tx;
use sea_orm::sea_query::{ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

const CONTENT: &str = "data_export.content";
/// Copies made or emptied in one go.
const SOME: u64 = 20;
/// Copies shown of a person at most: the newest.
const SHOWN: u64 = 10;

/// Whether a copy is to be made or emptied, or an account's time is over: a look without a lock.
///
/// # Errors
/// When the database does not answer.
pub async fn due(base: &Base) -> Result<bool> {
    let (db, now) = (base.db.reader(), base.clock.now());
    let asked = data_export::Column::State.eq(DataExportState::Requested);
    let over = data_export::Column::State.eq(DataExportState::Ready).and(data_export::Column::ExpiresAt.lte(now));
    let exports = data_export::Entity::find().filter(Condition::any().add(asked).add(over)).limit(1);
    if exports.one(db).await?.is_some() {
        return Ok(true);
    }
    if account_deletion::Entity::find().filter(is_to_close(now)).limit(1).one(db).await?.is_some() {
        return Ok(true);
    }
    Ok(next_to_forget(base).await?.is_some())
}

/// What a person asked for, newest first; at most ten.
///
/// # Errors
/// When the database does not answer.
pub async fn exports_of(base: &Base, account: AccountId) -> Result<Vec<data_export::Model>> {
    let own = data_export::Entity::find()
        .filter(data_export::Column::AccountId.eq(account))
        .order_by_desc(data_export::Column::CreatedAt)
        .limit(SHOWN);
    Ok(own.all(base.db.reader()).await?)
}

/// The copy that is being made, or can be fetched.
pub async fn open_export(tx: &Tx, account: AccountId) -> Result<Option<data_export::Model>> {
    use data_export::Column;
    let fetchable = Column::State.eq(DataExportState::Ready).and(Column::ExpiresAt.gt(tx.now()));
    let own = data_export::Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Condition::any().add(Column::State.eq(DataExportState::Requested)).add(fetchable));
    Ok(own.one(tx.db()).await?)
}

pub async fn insert_export(tx: &Tx, account_id: AccountId) -> Result<data_export::Model> {
    let row = data_export::Model {
        id: tx.id()?,
        version: 1,
        account_id,
        state: DataExportState::Requested,
        content_sealed: None,
        byte_size: None,
        ready_at: None,
        expires_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    data_export::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

/// Copies that were asked for, the longest untouched first, some at a time.
pub async fn requested_exports(base: &Base) -> Result<Vec<data_export::Model>> {
    let asked = data_export::Entity::find()
        .filter(data_export::Column::State.eq(DataExportState::Requested))
        .order_by_asc(data_export::Column::UpdatedAt)
        .limit(SOME);
    Ok(asked.all(base.db.reader()).await?)
}

/// Copies whose time is over, some at a time.
pub async fn exports_over(tx: &Tx) -> Result<Vec<data_export::Model>> {
    let over = data_export::Entity::find()
        .filter(data_export::Column::State.eq(DataExportState::Ready))
        .filter(data_export::Column::ExpiresAt.lte(tx.now()))
        .limit(SOME);
    Ok(over.all(tx.db()).await?)
}

pub fn seal_content(tx: &Tx, content: &str) -> Result<Vec<u8>> {
    Ok(tx.base().vault.seal(CONTENT, content)?)
}

/// The content of a copy, in clear; `None` when it is gone.
pub async fn content(base: &Base, id: DataExportId) -> Result<Option<String>> {
    let row = data_export::Entity::find_by_id(id).one(base.db.reader()).await?;
    let sealed = row.and_then(|row| row.content_sealed);
    Ok(sealed.map(|sealed| base.vault.open(CONTENT, &sealed)).transpose()?)
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update_export(tx: &Tx, before: &data_export::Model, after: &mut data_export::Model) -> Result<()> {
    (after.version, after.updated_at) = (before.version + 1, tx.now());
    let updated = data_export::Entity::update_many()
        .set(bulk::changed(before, after))
        .filter(data_export::Column::Id.eq(before.id))
        .filter(data_export::Column::Version.eq(before.version))
        .exec(tx.db())
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Deletes every copy of a person's data.
pub async fn forget_exports(tx: &Tx, account: AccountId) -> Result<()> {
    let own = data_export::Entity::delete_many().filter(data_export::Column::AccountId.eq(account));
    own.exec(tx.db()).await?;
    Ok(())
}

/// How long an account is closed before its person is forgotten: longer than a hot copy of a session is believed, and than
/// whatever was let in may take.
const SETTLED: TimeDelta = TimeDelta::seconds(30);

/// Closed accounts looked at: more than ever wait for the end of a hold.
const CLOSED: u64 = 1_000;

fn is_to_close(now: DateTime<Utc>) -> SimpleExpr {
    let state = account_deletion::Column::State.eq(AccountDeletionState::Cooling);
    state.and(account_deletion::Column::DueAt.lte(now))
}

fn is_to_forget(now: DateTime<Utc>) -> SimpleExpr {
    let state = account_deletion::Column::State.eq(AccountDeletionState::Processing);
    state.and(account_deletion::Column::UpdatedAt.lte(now - SETTLED))
}

/// The next account whose time is over, first due first.
pub async fn next_to_close(tx: &Tx) -> Result<Option<account_deletion::Model>> {
    let next = account_deletion::Entity::find()
        .filter(is_to_close(tx.now()))
        .order_by_asc(account_deletion::Column::DueAt)
        .order_by_asc(account_deletion::Column::Id);
    Ok(next.one(tx.db()).await?)
}

/// The next account that is closed for long enough, the longest untouched first; none that reported a matter that is held.
pub async fn next_to_forget(base: &Base) -> Result<Option<account_deletion::Model>> {
    let db = base.db.reader();
    let closed = account_deletion::Entity::find()
        .filter(is_to_forget(base.clock.now()))
        .order_by_asc(account_deletion::Column::UpdatedAt)
        .order_by_asc(account_deletion::Column::Id)
        .limit(CLOSED)
        .all(db)
        .await?;
    if closed.is_empty() {
        return Ok(None);
    }
    let accounts: Vec<AccountId> = closed.iter().map(|row| row.account_id).collect();
    let held = requests::held_among(db, &accounts).await?;
    Ok(closed.into_iter().find(|row| !held.contains(&row.account_id)))
}

/// A copy by id.
///
/// # Errors
/// When the database does not answer.
pub async fn export(base: &Base, id: DataExportId) -> Result<Option<data_export::Model>> {
    Ok(data_export::Entity::find_by_id(id).one(base.db.reader()).await?)
}

/// A deletion by id.
///
/// # Errors
/// When the database does not answer.
pub async fn deletion(base: &Base, id: AccountDeletionId) -> Result<Option<account_deletion::Model>> {
    Ok(account_deletion::Entity::find_by_id(id).one(base.db.reader()).await?)
}

/// The deletion of an account that is asked for and not called off.
pub async fn open_deletion(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<account_deletion::Model>> {
    use account_deletion::Column;
    let open = account_deletion::Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::State.is_in([AccountDeletionState::Cooling, AccountDeletionState::Processing]));
    Ok(open.one(db).await?)
}

/// As a person sees it: the deletion that was asked for and not called off.
///
/// # Errors
/// When the database does not answer.
pub async fn deletion_of(base: &Base, account: AccountId) -> Result<Option<account_deletion::Model>> {
    open_deletion(base.db.reader(), account).await
}

pub async fn insert_deletion(tx: &Tx, account_id: AccountId, due_at: DateTime<Utc>) -> Result<account_deletion::Model> {
    let row = account_deletion::Model {
        id: tx.id()?,
        version: 1,
        account_id,
        state: AccountDeletionState::Cooling,
        due_at,
        ended_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    account_deletion::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update_deletion(
    tx: &Tx,
    before: &account_deletion::Model,
    after: &mut account_deletion::Model,
) -> Result<()> {
    (after.version, after.updated_at) = (before.version + 1, tx.now());
    let updated = account_deletion::Entity::update_many()
        .set(bulk::changed(before, after))
        .filter(account_deletion::Column::Id.eq(before.id))
        .filter(account_deletion::Column::Version.eq(before.version))
        .exec(tx.db())
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// The tables of this slice with sealed columns.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    vec![Box::new(Sealed::<data_export::Entity> {
        columns: &[(data_export::Column::ContentSealed, CONTENT)],
        reindex: |_, _| Ok(()),
    })]
}
