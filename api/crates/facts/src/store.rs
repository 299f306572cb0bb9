//! The only file of this crate that names columns (存取).

use chrono::{DateTime, TimeDelta, Utc};
use entity::{fact, reader_cursor};
use kernel::base::Base;
use kernel::db::is_taken;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

/// Facts that a reader has before it.
#[derive(Clone, Debug)]
pub struct Batch {
    /// How far the reader had come.
    pub from: i64,
    /// When it had come that far.
    since: DateTime<Utc>,
    /// The facts after that, in the order of their numbers.
    pub facts: Vec<fact::Model>,
}

impl Batch {
    /// How far the reader has come with it.
    #[must_use]
    pub fn to(&self) -> i64 {
        self.facts.last().and_then(|fact| fact.seq).unwrap_or(self.from)
    }

    /// An instant for what is made of the fact at a position: about now, and later for each fact of a higher number, whatever the
    /// clocks of the nodes say.
    #[must_use]
    pub fn instant(&self, now: DateTime<Utc>, position: usize) -> DateTime<Utc> {
        let tick = TimeDelta::microseconds(1);
        Ord::max(now, self.since + tick) + tick * i32::try_from(position).unwrap_or(i32::MAX)
    }
}

/// Whether numbered facts wait for a reader: a look without a lock.
///
/// # Errors
/// When the database does not answer.
pub async fn is_behind(base: &Base, reader: &str) -> Result<bool> {
    let db = base.db.reader();
    let (from, _) = cursor(db, reader).await?;
    // In order, as a database without statistics would read all facts otherwise.
    let next = fact::Entity::find().filter(fact::Column::Seq.gt(from)).order_by_asc(fact::Column::Seq).limit(1);
    Ok(next.one(db).await?.is_some())
}

/// The next facts for a reader, to be dealt with in this transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn next(tx: &Tx, reader: &str, most: u64) -> Result<Batch> {
    let (from, since) = cursor(tx.db(), reader).await?;
    let after = fact::Entity::find().filter(fact::Column::Seq.gt(from)).order_by_asc(fact::Column::Seq).limit(most);
    Ok(Batch { from, since, facts: after.all(tx.db()).await? })
}

/// Notes that a reader has dealt with a batch.
///
/// # Errors
/// [`Error::Conflict`] when somebody else did so meanwhile: then nothing of this transaction holds.
pub async fn advance(tx: &Tx, reader: &str, batch: &Batch) -> Result<()> {
    let (seq, updated_at) = (batch.to(), batch.instant(tx.now(), batch.facts.len()));
    let moved = reader_cursor::Entity::update_many()
        .col_expr(reader_cursor::Column::Seq, Expr::value(seq))
        .col_expr(reader_cursor::Column::UpdatedAt, Expr::value(updated_at))
        .filter(reader_cursor::Column::Name.eq(reader))
        .filter(reader_cursor::Column::Seq.eq(batch.from))
        .exec(tx.db())
        .await?;
    match moved.rows_affected {
        1 => Ok(()),
        _ if batch.from > 0 => Err(Error::Conflict),
        _ => {
            let first =
                reader_cursor::ActiveModel { name: Set(reader.to_owned()), seq: Set(seq), updated_at: Set(updated_at) };
            let inserted = reader_cursor::Entity::insert(first).exec_without_returning(tx.db()).await;
            inserted.map(|_| ()).map_err(|error| {
                if is_taken(&error, "reader_cursor", &["name"]) { Error::Conflict } else { error.into() }
            })
        }
    }
}

/// Lets a reader begin behind what was told of the past: that is no news.
///
/// # Errors
/// As [`advance`].
pub async fn skip(tx: &Tx, reader: &str) -> Result<()> {
    let (from, since) = cursor(tx.db(), reader).await?;
    let last = fact::Entity::find().filter(fact::Column::Seq.gt(from)).order_by_desc(fact::Column::Seq).limit(1);
    let batch = Batch { from, since, facts: last.all(tx.db()).await? };
    if batch.facts.is_empty() { Ok(()) } else { advance(tx, reader, &batch).await }
}

async fn cursor(db: &impl ConnectionTrait, reader: &str) -> Result<(i64, DateTime<Utc>)> {
    let row = reader_cursor::Entity::find_by_id(reader.to_owned()).one(db).await?;
    Ok(row.map_or((0, DateTime::UNIX_EPOCH), |row| (row.seq, row.updated_at)))
}

/// The highest number given out; 0 before the first.
///
/// # Errors
/// When the database does not answer.
pub async fn last(db: &impl ConnectionTrait) -> Result<i64> {
    let last = fact::Entity::find()
        .select_only()
        .column(fact::Column::Seq)
        .filter(fact::Column::Seq.is_not_null())
        .order_by_desc(fact::Column::Seq)
        .limit(1);
    Ok(last.into_tuple::<i64>().one(db).await?.unwrap_or_default())
}

/// Numbers of facts, the first left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// After this one.
    pub after: i64,
    /// Up to this one.
    pub to: i64,
}

/// A subject whose last numbered fact lies in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The subject.
    pub subject: Uuid,
    /// Its version after that fact.
    pub version: i32,
    /// The fact's number.
    pub seq: i64,
}

/// Subjects of a kind whose last numbered fact lies in a span, each once, in the order of these numbers: along the index of
/// numbers, so that the span bounds what is read.
///
/// # Errors
/// When the database does not answer.
pub async fn moved(db: &impl ConnectionTrait, subject_kind: &str, span: Span) -> Result<Vec<Moved>> {
    let later = Query::select()
        .expr(Expr::val(1))
        .from_as(fact::Entity, "later")
        .and_where(Expr::col(("later", fact::Column::SubjectId)).equals((fact::Entity, fact::Column::SubjectId)))
        .and_where(Expr::col(("later", fact::Column::Seq)).gt(Expr::col((fact::Entity, fact::Column::Seq))))
        .take();
    let rows = fact::Entity::find()
        .select_only()
        .column(fact::Column::SubjectId)
        .column(fact::Column::Version)
        .column(fact::Column::Seq)
        .filter(fact::Column::Seq.gt(span.after))
        .filter(fact::Column::Seq.lte(span.to))
        .filter(fact::Column::SubjectKind.eq(subject_kind))
        .filter(Expr::exists(later).not())
        .order_by_asc(fact::Column::Seq);
    let rows: Vec<(Uuid, i32, i64)> = rows.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(subject, version, seq)| Moved { subject, version, seq }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_ascend_whatever_the_clocks_say() {
        let now: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        let batch = |since| Batch { from: 0, since, facts: Vec::new() };
        let ahead = now + TimeDelta::seconds(3);
        for (since, first) in [(DateTime::UNIX_EPOCH, now), (now, now + TimeDelta::microseconds(1)), (ahead, ahead)] {
            let batch = batch(since);
            assert!(batch.instant(now, 0) >= first && batch.instant(now, 0) > since);
            assert!((0..10).all(|position| batch.instant(now, position) < batch.instant(now, position + 1)));
        }
    }
}
