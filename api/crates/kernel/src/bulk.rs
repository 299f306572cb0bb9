//! Many rows at once (批量写入), for seeding and imports. It names no column: stores bring whole rows.

use chrono::{DateTime, Utc};
use entity::fact;
use entity::id::{AccountId, FactId};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, EntityTrait, IntoActiveModel, Iterable as _, ModelTrait,
    QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{Record, Tx, kind_and_data};

/// Values that one statement binds at most; SQLite takes 32,766, PostgreSQL twice as many.
const VALUES: usize = 30_000;
/// Rows that one statement inserts at most: longer ones gain nothing and cost memory.
const ROWS: usize = 500;

/// Inserts whole rows of one table in as few statements as the engines allow.
///
/// # Errors
/// When the database refuses a row.
pub async fn insert<M>(tx: &Tx, rows: &[M]) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
{
    let columns = <M::Entity as EntityTrait>::Column::iter().count();
    for chunk in rows.chunks((VALUES / columns.max(1)).clamp(1, ROWS)) {
        let rows = chunk.iter().map(|row| row.clone().into_active_model());
        <M::Entity as EntityTrait>::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// The columns in which a row differs from what it was, for one update of just these.
pub fn changed<M>(before: &M, after: &M) -> <M::Entity as EntityTrait>::ActiveModel
where
    M: ModelTrait,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Default,
{
    let mut change = <<M::Entity as EntityTrait>::ActiveModel as Default>::default();
    for column in <M::Entity as EntityTrait>::Column::iter() {
        let value = after.get(column);
        if value != before.get(column) {
            change.set(column, value);
        }
    }
    change
}

/// A fact of the past (往事): what [`Tx::record`] would have written at that instant.
#[derive(Clone, Debug)]
pub struct Past<F> {
    /// Key of the fact.
    pub id: FactId,
    /// To whom it happened.
    pub subject: Uuid,
    /// Version of the subject after it.
    pub version: i32,
    /// Who acted.
    pub actor: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    pub fact: F,
}

/// Records facts of the past, already numbered in the order given: they follow the last number given out, without a gap, so
/// that no relay tells them again one by one. Only for a database on which no relay works.
///
/// # Errors
/// A fault when a fact cannot be written as JSON; when the database refuses one.
pub async fn record<F: Record>(tx: &Tx, past: &[Past<F>]) -> Result<()> {
    let last = fact::Entity::find().filter(fact::Column::Seq.is_not_null()).order_by_desc(fact::Column::Seq);
    let last = last.one(tx.db()).await?.and_then(|fact| fact.seq).unwrap_or_default();
    let mut rows = Vec::with_capacity(past.len());
    for (happened, seq) in past.iter().zip(last + 1..) {
        let (kind, data) = kind_and_data(&happened.fact)?;
        rows.push(fact::Model {
            id: happened.id,
            seq: Some(seq),
            subject_kind: F::SUBJECT.to_owned(),
            subject_id: happened.subject,
            version: happened.version,
            kind,
            actor_id: happened.actor,
            at: happened.at,
            data,
        });
    }
    insert(tx, &rows).await
}
