//! Sealing anew (换钥重封): walks the tables that hold sealed columns, to seal them under the key in force or to see which key
//! sealed them. It names no column: stores bring them.

use std::collections::BTreeMap;
use std::pin::Pin;

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, Condition, DbErr, EntityTrait, IdenStatic as _,
    Iterable as _, ModelTrait, PrimaryKeyToColumn as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Value,
};

use crate::actor::Actor;
use crate::base::Base;
use crate::bulk;
use crate::error::{Error, Result};
use crate::tx::Tx;
use crate::vault::{KeyId, Vault};

/// Rows that one transaction seals anew at most: others who write wait for it.
const ROWS: u64 = 500;
/// How often a row is taken up again that somebody else changed meanwhile.
const TRIES: u32 = 5;

/// What a walk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// Sees which key sealed what.
    Look,
    /// Seals under the key in force what is not.
    Reseal,
}

/// What a walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Values by the key that had sealed them.
    pub under: BTreeMap<KeyId, u64>,
    /// Values that the key in force had not sealed, or that did not name it.
    pub old: u64,
    /// Values that open with no key of the ring.
    pub lost: u64,
}

impl Found {
    /// Adds what another walk found.
    pub fn add(&mut self, other: &Self) {
        for (key, count) in &other.under {
            *self.under.entry(*key).or_default() += count;
        }
        self.old += other.old;
        self.lost += other.lost;
    }

    /// Values that open.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.under.values().sum()
    }
}

/// A walk that goes on.
pub type Walking<'a> = Pin<Box<dyn Future<Output = Result<Found>> + Send + 'a>>;

/// A table with sealed columns, of any slice.
pub trait Table: Send + Sync {
    /// Its name.
    fn name(&self) -> &str;

    /// The names of its sealed columns.
    fn columns(&self) -> Vec<&str>;

    /// Walks over all rows, and tells after each batch how many they were. It may be broken off anywhere and begun anew, and
    /// run beside everything else: a row is changed only as it was read.
    fn walk<'a>(&'a self, base: &'a Base, walk: Walk, tell: &'a mut (dyn FnMut(u64) + Send)) -> Walking<'a>;
}

/// The sealed columns of a table (密文列): each with the name it is sealed under, and how to compute the blind indexes of a row
/// anew, by the key in force.
pub struct Sealed<E: EntityTrait> {
    /// Columns, and under which name each is sealed.
    pub columns: &'static [(E::Column, &'static str)],
    /// Computes the blind indexes of a row.
    pub reindex: fn(&Vault, &mut E::Model) -> anyhow::Result<()>,
}

/// A row as it was read, and as it is to be.
type Change<E> = (<E as EntityTrait>::Model, <E as EntityTrait>::Model);

impl<E> Table for Sealed<E>
where
    E: EntityTrait,
    E::Column: Send + Sync,
    E::Model: ModelTrait<Entity = E> + Send + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Default + Send,
{
    fn name(&self) -> &str {
        E::default().table_name()
    }

    fn columns(&self) -> Vec<&str> {
        self.columns.iter().map(|(column, _)| column.as_str()).collect()
    }

    fn walk<'a>(&'a self, base: &'a Base, walk: Walk, tell: &'a mut (dyn FnMut(u64) + Send)) -> Walking<'a> {
        Box::pin(async move {
            let (key, mut found, mut rows, mut last) = (key::<E>()?, Found::default(), 0, None::<Value>);
            let is_sealed =
                self.columns.iter().fold(Condition::any(), |any, (column, _)| any.add(column.is_not_null()));
            loop {
                let mut batch = E::find().filter(is_sealed.clone()).order_by_asc(key).limit(ROWS);
                if let Some(last) = last {
                    batch = batch.filter(key.gt(last));
                }
                let batch = batch.all(base.db.reader()).await?;
                let Some(end) = batch.last() else { return Ok(found) };
                last = Some(end.get(key));
                rows += batch.len() as u64;
                let mut changes: (&Self, Vec<Change<E>>) = (self, Vec::new());
                for row in batch {
                    let after = self.anew(&base.vault, &row, &mut found)?;
                    if walk == Walk::Reseal && !differing(&row, &after).is_empty() {
                        changes.1.push((row, after));
                    }
                }
                if !changes.1.is_empty() {
                    let update = base.write(&Actor::System, &changes, |tx, (table, changes)| {
                        Box::pin(async move {
                            for change in changes {
                                table.update(tx, change.clone()).await?;
                            }
                            Ok(())
                        })
                    });
                    update.await?;
                }
                tell(rows);
            }
        })
    }
}

impl<E> Sealed<E>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + Send + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Default + Send,
{
    /// The row with what is not sealed under the key in force sealed anew. What does not open stays as it is.
    fn anew(&self, vault: &Vault, row: &E::Model, found: &mut Found) -> Result<E::Model> {
        let (mut after, mut is_whole) = (row.clone(), true);
        for (column, name) in self.columns {
            let Value::Bytes(Some(sealed)) = row.get(*column) else { continue };
            match vault.open_and_tell(name, &sealed) {
                Ok((words, key)) => {
                    *found.under.entry(key).or_default() += 1;
                    if !vault.is_in_force(&sealed) {
                        found.old += 1;
                        after.try_set(*column, vault.seal(name, &words)?.into())?;
                    }
                }
                Err(error) => {
                    (found.lost, is_whole) = (found.lost + 1, false);
                    tracing::error!(table = self.name(), key = ?row.get(key::<E>()?), %error, "a value is lost");
                }
            }
        }
        if is_whole {
            (self.reindex)(vault, &mut after)?;
        }
        Ok(after)
    }

    /// One update of the columns that differ, if they are still as they were read; else the row is taken up again.
    async fn update(&self, tx: &Tx, (mut before, mut after): Change<E>) -> Result<()> {
        let key = key::<E>()?;
        for _ in 0..TRIES {
            let differing = differing(&before, &after);
            if differing.is_empty() {
                return Ok(());
            }
            let own = E::update_many().set(bulk::changed(&before, &after)).filter(key.eq(before.get(key)));
            let as_read = differing.into_iter().fold(own, |own, column| own.filter(column.eq(before.get(column))));
            if as_read.exec(tx.db()).await?.rows_affected == 1 {
                return Ok(());
            }
            let Some(now) = E::find().filter(key.eq(before.get(key))).one(tx.db()).await? else { return Ok(()) };
            after = self.anew(&tx.base().vault, &now, &mut Found::default())?;
            before = now;
        }
        Err(Error::Crossed(DbErr::RecordNotUpdated))
    }
}

/// The columns in which a row differs from what it was.
fn differing<M: ModelTrait>(before: &M, after: &M) -> Vec<<M::Entity as EntityTrait>::Column> {
    <M::Entity as EntityTrait>::Column::iter().filter(|column| before.get(*column) != after.get(*column)).collect()
}

/// The key of a table; those with sealed columns have one column of it.
fn key<E: EntityTrait>() -> Result<E::Column> {
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(|key| key.into_column()).collect();
    match keys[..] {
        [only] => Ok(only),
        _ => Err(Error::Fault(anyhow::anyhow!("{} has a key of {} columns", E::default().table_name(), keys.len()))),
    }
}
