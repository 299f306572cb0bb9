//! Lines of how somebody keeps to what was agreed (信用账).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use entity::credit_entry::{Column, Entity, Model};
use entity::enums::CreditKind;
use entity::id::{AccountId, CreditEntryId, Id};
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::credit::{self, FADES, Row, Standing, What};

/// Gains count by months: those before a loss in its own month matter as well.
const MONTH: TimeDelta = TimeDelta::days(31);

/// Adds a line about somebody (记信用), of what happened at an instant: the clock may have been looked at later.
///
/// # Errors
/// When the database does not answer.
pub async fn note(tx: &Tx, account: AccountId, kind: CreditKind, (holder, at): (Uuid, DateTime<Utc>)) -> Result<Model> {
    add(tx, Model { account_id: account, kind, holder, at, ..blank(tx)? }).await
}

/// Says that a line was wrong (撤销). A line is reversed once: its key keeps it.
///
/// # Errors
/// When the database does not answer.
pub async fn reverse(tx: &Tx, wrong: &Model) -> Result<Model> {
    let (account_id, holder) = (wrong.account_id, wrong.holder);
    let reversal = Model { account_id, holder, reverses: Some(wrong.id), ..blank(tx)? };
    add(tx, reversal).await
}

fn blank(tx: &Tx) -> Result<Model> {
    Ok(Model {
        id: tx.id()?,
        account_id: AccountId(Uuid::nil()),
        kind: CreditKind::Reversal,
        holder: Uuid::nil(),
        reverses: None,
        said_by: tx.actor().account(),
        at: tx.now(),
    })
}

async fn add(tx: &Tx, row: Model) -> Result<Model> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

/// Where somebody stands at an instant (信用状态).
///
/// # Errors
/// When the database does not answer.
pub async fn standing(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Standing> {
    // What is older counts no more.
    let recent = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::At.gt(now - FADES - MONTH));
    let rows: Vec<_> = recent.all(db).await?.iter().map(row).collect();
    Ok(credit::standing(&rows, now))
}

/// Which of some people book nothing at an instant (限制预约).
///
/// # Errors
/// When the database does not answer.
pub async fn barred_among(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    now: DateTime<Utc>,
) -> Result<HashSet<AccountId>> {
    let recent =
        Entity::find().filter(in_keys(db, Column::AccountId, accounts)).filter(Column::At.gt(now - FADES - MONTH));
    let mut rows: HashMap<AccountId, Vec<Row<CreditEntryId>>> = HashMap::new();
    for line in recent.all(db).await? {
        rows.entry(line.account_id).or_default().push(row(&line));
    }
    let barred = rows.into_iter().filter(|(_, rows)| credit::standing(rows, now).barred_until.is_some());
    Ok(barred.map(|(account, _)| account).collect())
}

fn row(line: &Model) -> Row<CreditEntryId> {
    Row { id: line.id, at: line.at, what: What::of(line.kind, line.reverses.unwrap_or(line.id)) }
}

/// A line by id.
///
/// # Errors
/// When the database does not answer.
pub async fn entry(db: &impl ConnectionTrait, id: CreditEntryId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Whether a line of a kind was ever noted about somebody and a holder, reversed or not.
///
/// # Errors
/// When the database does not answer.
pub async fn is_noted(db: &impl ConnectionTrait, account: AccountId, kind: CreditKind, holder: Uuid) -> Result<bool> {
    let about = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::Kind.eq(kind));
    Ok(about.filter(Column::Holder.eq(holder)).one(db).await?.is_some())
}

/// Lines by id.
///
/// # Errors
/// When the database does not answer.
pub async fn entries_by_ids(db: &impl ConnectionTrait, ids: &[CreditEntryId]) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?)
}

/// The lines about somebody, latest first (信用明细).
///
/// # Errors
/// When the database does not answer.
pub async fn entries(db: &impl ConnectionTrait, account: AccountId, page: &PageRequest) -> Result<Page<Model>> {
    let own = Entity::find().filter(Column::AccountId.eq(account));
    Ok(page.page(page.apply(own, Column::At, Column::Id, true).all(db).await?))
}

/// All lines about somebody, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn all_entries(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::AccountId.eq(account));
    Ok(own.order_by_asc(Column::At).order_by_asc(Column::Id).all(db).await?)
}

/// Which of some lines were reversed.
///
/// # Errors
/// When the database does not answer.
pub async fn reversed(db: &impl ConnectionTrait, entries: &[CreditEntryId]) -> Result<HashSet<CreditEntryId>> {
    let wrong = Entity::find().select_only().column(Column::Reverses).filter(in_keys(db, Column::Reverses, entries));
    Ok(wrong.into_tuple::<CreditEntryId>().all(db).await?.into_iter().collect())
}

/// Of which holders a line of a kind was reversed.
///
/// # Errors
/// When the database does not answer.
pub async fn reversed_of(db: &impl ConnectionTrait, kind: CreditKind, holders: &[impl Id]) -> Result<HashSet<Uuid>> {
    let lines = Entity::find().select_only().columns([Column::Id, Column::Holder]).filter(Column::Kind.eq(kind));
    let lines =
        lines.filter(in_keys(db, Column::Holder, holders)).into_tuple::<(CreditEntryId, Uuid)>().all(db).await?;
    let ids: Vec<CreditEntryId> = lines.iter().map(|(id, _)| *id).collect();
    let wrong = reversed(db, &ids).await?;
    Ok(lines.into_iter().filter(|(id, _)| wrong.contains(id)).map(|(_, holder)| holder).collect())
}

/// Forgets all lines about somebody (注销).
///
/// # Errors
/// When the database does not answer.
pub async fn forget_credit(tx: &Tx, account: AccountId) -> Result<()> {
    let own = || Entity::delete_many().filter(Column::AccountId.eq(account));
    own().filter(Column::Reverses.is_not_null()).exec(tx.db()).await?;
    own().exec(tx.db()).await?;
    Ok(())
}
