//! How far the facts are counted.

use chrono::{DateTime, Utc};
use entity::id::ServiceRequestId;
use entity::{fact, service_request};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::{Record as _, Tx};
use requests::Fact;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::stats_cursor::{ActiveModel, Column, Entity};

/// The reader of this crate.
const NAME: &str = "stats";
/// Facts read in one transaction.
const BATCH: u64 = 200;

/// How far it is, with the cursor locked until the end of the transaction: whoever counts beside this one waits, and then goes
/// on from where this one left it.
pub async fn cursor(tx: &Tx) -> Result<i64> {
    let first = ActiveModel { name: Set(NAME.to_owned()), seq: Set(0) };
    let untouched = OnConflict::column(Column::Name).do_nothing().to_owned();
    Entity::insert(first).on_conflict(untouched).exec_without_returning(tx.db()).await?;
    let found = Entity::find_by_id(NAME).lock(LockType::Update).one(tx.db()).await?;
    Ok(found.map(|row| row.seq).unwrap_or_default())
}

/// Moves the cursor on, never back.
pub async fn move_cursor(tx: &Tx, seq: i64) -> Result<()> {
    let forward = Entity::update_many().col_expr(Column::Seq, Expr::value(seq)).filter(Column::Name.eq(NAME));
    forward.filter(Column::Seq.lt(seq)).exec(tx.db()).await?;
    Ok(())
}

/// The number of the last fact that has one.
pub async fn last_seq(db: &impl ConnectionTrait) -> Result<i64> {
    let last = fact::Entity::find().filter(fact::Column::Seq.is_not_null()).order_by_desc(fact::Column::Seq).limit(1);
    Ok(last.one(db).await?.and_then(|fact| fact.seq).unwrap_or_default())
}

/// How many numbered facts wait to be counted.
pub async fn behind(base: &Base) -> Result<i64> {
    let db = base.db.reader();
    let seq = Entity::find_by_id(NAME).one(db).await?.map(|row| row.seq).unwrap_or_default();
    Ok(last_seq(db).await? - seq)
}

/// The next facts after a number: how many, the number of the last, and the cases they are about.
pub async fn touched(tx: &Tx, after: i64) -> Result<(usize, i64, Vec<ServiceRequestId>)> {
    let next = fact::Entity::find()
        .filter(fact::Column::Seq.gt(after))
        .order_by_asc(fact::Column::Seq)
        .limit(BATCH)
        .all(tx.db())
        .await?;
    let last = next.iter().filter_map(|fact| fact.seq).max().unwrap_or(after);
    let cases = next.iter().filter(|fact| fact.subject_kind == Fact::SUBJECT);
    let mut cases: Vec<_> = cases.map(|fact| ServiceRequestId(fact.subject_id)).collect();
    // Of whom a case was merged into another, the answer is about that one's work.
    let merged = service_request::Entity::find().select_only().column(service_request::Column::Id);
    let merged = merged.filter(in_keys(tx.db(), service_request::Column::MergedIntoId, &cases));
    let merged: Vec<ServiceRequestId> =
        if cases.is_empty() { Vec::new() } else { merged.into_tuple().all(tx.db()).await? };
    cases.extend(merged);
    cases.sort_unstable();
    cases.dedup();
    Ok((next.len(), last, cases))
}

/// An instant and a fact, as the stories of cases hold them.
pub(super) fn read(row: fact::Model) -> Result<(DateTime<Utc>, Fact)> {
    Ok((row.at, Fact::read(&row.kind, row.data)?))
}
