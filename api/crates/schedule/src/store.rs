//! The only files of this crate that name columns (存取): who has which piece of a space, and where people are; how they keep to what was
//! agreed.
//!
//! That two never have the same is the keys' doing, not a check's: of several who want the same piece at once, the first one whose
//! transaction lasts has it, and the others learn so. Pieces are taken in one order everywhere, so that nobody waits in a circle.

mod ledger;

use std::collections::BTreeSet;

use entity::id::AccountId;
use entity::{commitment, occupancy};
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Select};
use uuid::Uuid;

use crate::claim::{Claim, Taken};
use crate::span::{Granule, Span};

pub use ledger::{
    all_entries, barred_among, entries, entries_by_ids, entry, forget_credit, is_noted, note, reverse, reversed,
    reversed_of, standing,
};

/// Pieces in one statement; SQLite binds a limited number of values.
const AT_ONCE: usize = 500;

/// Takes a span of spaces for a holder: all of it, or nothing and `false` when somebody else has a piece. Of a place among several the
/// first one that is free all that time.
///
/// # Errors
/// When the database does not answer.
pub async fn occupy(tx: &Tx, holder: Uuid, claim: &Claim, span: Span) -> Result<bool> {
    if let Claim::Whole(_) = claim {
        return occupy_units(tx, holder, &claim.units(), span).await;
    }
    let taken: Taken = taken(tx.db(), &claim.leaves(), span).await?.into_iter().collect();
    for unit in taken.free_units(claim, span) {
        // Somebody may have been faster: then the next one, as long as there are any.
        if occupy_units(tx, holder, &[unit], span).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn occupy_units(tx: &Tx, holder: Uuid, units: &[(Uuid, i32)], span: Span) -> Result<bool> {
    use occupancy::Column as C;
    let piece = |(leaf, unit): &(Uuid, i32)| span.granules().map(|at| (*leaf, *unit, at)).collect::<Vec<_>>();
    let pieces: Vec<(Uuid, i32, Granule)> = units.iter().flat_map(piece).collect();
    for pieces in pieces.chunks(AT_ONCE) {
        let rows = pieces.iter().map(|(leaf, unit, granule)| occupancy::ActiveModel {
            leaf: Set(*leaf),
            unit: Set(*unit),
            granule: Set(granule.0),
            holder: Set(holder),
        });
        let untaken = OnConflict::columns([C::Leaf, C::Unit, C::Granule]).do_nothing().to_owned();
        let insert = occupancy::Entity::insert_many(rows).on_conflict(untaken);
        if insert.exec_without_returning(tx.db()).await? < pieces.len() as u64 {
            vacate(tx, &[holder]).await?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Notes that a person is somewhere for a span: `false` when the person is elsewhere for a part of it; then nothing is noted.
///
/// # Errors
/// When the database does not answer.
pub async fn commit(tx: &Tx, holder: Uuid, account: AccountId, span: Span) -> Result<bool> {
    use commitment::Column as C;
    let rows = span.granules().map(|granule| commitment::ActiveModel {
        account_id: Set(account),
        granule: Set(granule.0),
        holder: Set(holder),
    });
    let free = OnConflict::columns([C::AccountId, C::Granule]).do_nothing().to_owned();
    let noted = commitment::Entity::insert_many(rows).on_conflict(free).exec_without_returning(tx.db()).await?;
    let is_whole = i64::from(span.count()) == i64::try_from(noted).unwrap_or(i64::MAX);
    if !is_whole {
        free_people(tx, &[holder]).await?;
    }
    Ok(is_whole)
}

/// Notes that many people are somewhere for a span, in a few statements: all but those who are elsewhere for a part of it, of whom nothing
/// is noted.
///
/// # Errors
/// When the database does not answer.
pub async fn commit_all(tx: &Tx, mut people: Vec<(Uuid, AccountId)>, span: Span) -> Result<()> {
    use commitment::Column as C;
    // In one order, whoever moves many at once.
    people.sort_unstable_by_key(|(_, account)| *account);
    let granules = usize::try_from(span.count()).unwrap_or(1).max(1);
    for people in people.chunks((AT_ONCE / granules).max(1)) {
        let rows = people.iter().flat_map(|(holder, account)| {
            span.granules().map(|granule| commitment::ActiveModel {
                account_id: Set(*account),
                granule: Set(granule.0),
                holder: Set(*holder),
            })
        });
        let free = OnConflict::columns([C::AccountId, C::Granule]).do_nothing().to_owned();
        let noted = commitment::Entity::insert_many(rows).on_conflict(free).exec_without_returning(tx.db()).await?;
        if usize::try_from(noted).is_ok_and(|noted| noted == people.len() * granules) {
            continue;
        }
        let holders: Vec<Uuid> = people.iter().map(|(holder, _)| *holder).collect();
        let whole = commitment::Entity::find().select_only().column(C::Holder).filter(C::Holder.is_in(holders.clone()));
        let whole = whole.group_by(C::Holder).having(ExprTrait::eq(C::Granule.count(), i64::from(span.count())));
        let whole: Vec<Uuid> = whole.into_tuple().all(tx.db()).await?;
        let elsewhere: Vec<Uuid> = holders.into_iter().filter(|holder| !whole.contains(holder)).collect();
        free_people(tx, &elsewhere).await?;
    }
    Ok(())
}

/// Gives back all that some holders have, and frees the people.
///
/// # Errors
/// When the database does not answer.
pub async fn release(tx: &Tx, holders: &[Uuid]) -> Result<()> {
    vacate(tx, holders).await?;
    free_people(tx, holders).await
}

/// Gives back what a holder has from a granule on (提前结束), and frees the people from another: a room is still made ready when they
/// have left.
///
/// # Errors
/// When the database does not answer.
pub async fn release_from(tx: &Tx, holder: Uuid, pieces: Granule, people: Granule) -> Result<()> {
    let rest = occupancy::Entity::delete_many().filter(occupancy::Column::Holder.eq(holder));
    rest.filter(occupancy::Column::Granule.gte(pieces.0)).exec(tx.db()).await?;
    let rest = commitment::Entity::delete_many().filter(commitment::Column::Holder.eq(holder));
    rest.filter(commitment::Column::Granule.gte(people.0)).exec(tx.db()).await?;
    Ok(())
}

/// Gives back the pieces of spaces that some holders have.
///
/// # Errors
/// When the database does not answer.
pub async fn vacate(tx: &Tx, holders: &[Uuid]) -> Result<()> {
    for holders in holders.chunks(AT_ONCE) {
        let theirs = occupancy::Column::Holder.is_in(holders.iter().copied());
        occupancy::Entity::delete_many().filter(theirs).exec(tx.db()).await?;
    }
    Ok(())
}

/// Frees the people of some holders, who are expected nowhere any more for these.
///
/// # Errors
/// When the database does not answer.
pub async fn free_people(tx: &Tx, holders: &[Uuid]) -> Result<()> {
    for holders in holders.chunks(AT_ONCE) {
        let theirs = commitment::Column::Holder.is_in(holders.iter().copied());
        commitment::Entity::delete_many().filter(theirs).exec(tx.db()).await?;
    }
    Ok(())
}

/// Which granules of a span somebody has of which units of spaces.
///
/// # Errors
/// When the database does not answer.
pub async fn taken(
    db: &impl ConnectionTrait,
    leaves: &BTreeSet<Uuid>,
    span: Span,
) -> Result<Vec<(Uuid, i32, Granule)>> {
    let rows: Vec<(Uuid, i32, i32)> = pieces(leaves, span).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(leaf, unit, granule)| (leaf, unit, Granule(granule))).collect())
}

fn pieces(leaves: &BTreeSet<Uuid>, span: Span) -> Select<occupancy::Entity> {
    use occupancy::Column as C;
    occupancy::Entity::find()
        .select_only()
        .columns([C::Leaf, C::Unit, C::Granule])
        .filter(C::Leaf.is_in(leaves.iter().copied()))
        .filter(C::Granule.gte(span.first().0))
        .filter(C::Granule.lt(span.end().0))
}

/// Whether anybody has one of some spaces from a granule on.
///
/// # Errors
/// When the database does not answer.
pub async fn is_taken_from(db: &impl ConnectionTrait, leaves: &BTreeSet<Uuid>, from: Granule) -> Result<bool> {
    let later = occupancy::Entity::find().filter(occupancy::Column::Leaf.is_in(leaves.iter().copied()));
    let later = later.filter(occupancy::Column::Granule.gte(from.0)).limit(1);
    Ok(later.one(db).await?.is_some())
}

/// Forgets what was had before a granule; tells how many pieces. The past keeps nobody from anything.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_before(tx: &Tx, before: Granule) -> Result<u64> {
    let gone = occupancy::Entity::delete_many().filter(occupancy::Column::Granule.lt(before.0)).exec(tx.db()).await?;
    let also = commitment::Entity::delete_many().filter(commitment::Column::Granule.lt(before.0)).exec(tx.db()).await?;
    Ok(gone.rows_affected + also.rows_affected)
}

#[cfg(test)]
mod tests {
    use kernel::db::{DatabaseConfig, Db};
    use migration::Migrator;
    use sea_orm::{DatabaseBackend, QueryTrait as _, Statement};
    use sea_orm_migration::MigratorTrait as _;

    use super::*;

    /// What SQLite does for it, however many spaces are asked about.
    #[tokio::test]
    async fn what_is_taken_is_read_along_an_index() {
        let file = std::env::temp_dir().join(format!("schedule-plans-{}.db", std::process::id()));
        let _ = std::fs::remove_file(&file);
        let url = format!("sqlite:{}", file.display());
        Migrator::up(&Db::connect_for_migration(&url).await.unwrap(), None).await.unwrap();
        let db = Db::connect(&DatabaseConfig::at(url, 2)).await.unwrap();
        for leaves in [1, 60_u128] {
            let leaves = (0..leaves).map(Uuid::from_u128).collect();
            let statement = pieces(&leaves, Span::of(Granule(0), Granule(112)).unwrap()).build(DatabaseBackend::Sqlite);
            let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
            let steps = db.reader().query_all_raw(explain).await.unwrap();
            let plan: String = steps.iter().map(|step| step.try_get::<String>("", "detail").unwrap()).collect();
            assert!(plan.contains("SEARCH occupancy USING") && !plan.contains("SCAN"), "{plan}");
        }
        std::fs::remove_file(file).unwrap();
    }
}
