//! The outbox relay (发件箱中继): one at a time, under a lease, numbers committed facts without gaps and tells every node.
//! Facts of one subject are numbered in the order of its versions, whatever the clocks of the nodes said.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::TimeDelta;
use entity::fact;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::live;
use kernel::tx::Tx;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use tokio::sync::watch;
use uuid::Uuid;

use crate::lease::{give_back, is_held, take_lease};

/// Name of the lease, and how long a node that fell silent keeps it.
const LEASE: &str = "relay";
const LEASE_LIFE: TimeDelta = TimeDelta::seconds(10);
/// Facts numbered in one transaction, and those of the same subjects that belong before them.
const BATCH: u64 = 200;
/// How long to wait for the bell before looking anyway: facts of other nodes ring no bell here.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Runs until `stop` turns true; then looks once more, and gives the lease back, so that the next node need not wait for it
/// to lapse.
pub async fn run(base: Base, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match relay_pending(&base).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "the relay could not work; it will try again"),
        }
        tokio::select! {
            () = base.facts_committed.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
    if let Err(error) = relay_pending(&base).await {
        tracing::warn!(?error, "the relay could not work once more; another node will");
    }
    let given = base.write(&Actor::System, &(), |tx, ()| Box::pin(give_back(tx, LEASE))).await;
    if let Err(error) = given {
        tracing::warn!(?error, "the relay keeps its lease until it lapses");
    }
}

/// Numbers one batch of pending facts and publishes it. Gives back how many there were.
///
/// # Errors
/// When the database does not answer. A message that Redis did not take is lost: live updates are hints, and clients catch up.
pub async fn relay_pending(base: &Base) -> Result<usize> {
    // A look without a lock first: most of the time there is nothing to do.
    let pending = fact::Entity::find().filter(fact::Column::Seq.is_null()).limit(1).one(base.db.reader()).await?;
    if pending.is_none() {
        return Ok(0);
    }
    let numbered = base.write(&Actor::System, &(), |tx, ()| Box::pin(number(tx))).await?;
    live::publish(&base.redis, &numbered).await;
    Ok(numbered.len())
}

/// Whether another node serves, as far as its relay shows: one that has nothing to tell holds no lease.
///
/// # Errors
/// When the database does not answer.
pub async fn is_at_work(base: &Base) -> Result<bool> {
    is_held(base, LEASE).await
}

/// How many committed facts wait to be numbered.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(base: &Base) -> Result<u64> {
    Ok(fact::Entity::find().filter(fact::Column::Seq.is_null()).count(base.db.reader()).await?)
}

async fn number(tx: &mut Tx) -> Result<Vec<fact::Model>> {
    if !take_lease(tx, LEASE, LEASE_LIFE).await? {
        return Ok(Vec::new());
    }
    let last = fact::Entity::find().filter(fact::Column::Seq.is_not_null()).order_by_desc(fact::Column::Seq).limit(1);
    let last = last.one(tx.db()).await?.and_then(|fact| fact.seq).unwrap_or_default();
    let mut numbered = pending(tx).await?;
    for (fact, seq) in numbered.iter_mut().zip(last + 1..) {
        fact.seq = Some(seq);
        fact::Entity::update_many()
            .col_expr(fact::Column::Seq, Expr::value(seq))
            .filter(fact::Column::Id.eq(fact.id))
            .exec(tx.db())
            .await?;
    }
    Ok(numbered)
}

/// A batch in the order to be numbered. Versions of a subject are committed one after the other, so whoever sees one sees
/// those before it: they are in the batch, or have their numbers already.
async fn pending(tx: &Tx) -> Result<Vec<fact::Model>> {
    let waiting = fact::Entity::find().filter(fact::Column::Seq.is_null());
    let oldest = waiting
        .clone()
        .order_by_asc(fact::Column::At)
        .order_by_asc(fact::Column::Version)
        .order_by_asc(fact::Column::Id)
        .limit(BATCH);
    let mut batch = oldest.all(tx.db()).await?;
    if batch.len() as u64 == BATCH {
        // More wait. A clock that runs ahead may have left an earlier version out: it comes along.
        let ids: HashSet<_> = batch.iter().map(|fact| fact.id).collect();
        let last: HashMap<Uuid, i32> = last_versions(&batch);
        let subjects = waiting.filter(fact::Column::SubjectId.is_in(last.keys().copied()));
        let others = subjects.all(tx.db()).await?;
        let is_left_out = |fact: &fact::Model| !ids.contains(&fact.id) && fact.version < last[&fact.subject_id];
        batch.extend(others.into_iter().filter(is_left_out));
    }
    in_order_of_versions(&mut batch);
    Ok(batch)
}

/// The highest version of each subject in a batch.
fn last_versions(batch: &[fact::Model]) -> HashMap<Uuid, i32> {
    let mut last = HashMap::new();
    for fact in batch {
        let version = last.entry(fact.subject_id).or_insert(fact.version);
        *version = fact.version.max(*version);
    }
    last
}

/// Sorts the versions of each subject over the places that the subject has.
fn in_order_of_versions(batch: &mut [fact::Model]) {
    let mut places: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for (place, fact) in batch.iter().enumerate() {
        places.entry(fact.subject_id).or_default().push(place);
    }
    for places in places.into_values() {
        let mut facts: Vec<fact::Model> = places.iter().map(|place| batch[*place].clone()).collect();
        facts.sort_by_key(|fact| fact.version);
        for (place, fact) in places.into_iter().zip(facts) {
            batch[place] = fact;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::id::FactId;

    use super::*;

    #[test]
    fn versions_of_a_subject_ascend_over_its_own_places() {
        let fact = |subject: u128, version: i32| fact::Model {
            id: FactId(Uuid::from_u128(subject * 100 + u128::from(version.unsigned_abs()))),
            seq: None,
            subject_kind: "request".to_owned(),
            subject_id: Uuid::from_u128(subject),
            version,
            kind: "request.moved".to_owned(),
            actor_id: None,
            at: DateTime::UNIX_EPOCH,
            data: serde_json::Value::Null,
        };
        let mut batch = vec![fact(1, 3), fact(2, 1), fact(1, 1), fact(3, 7), fact(2, 2), fact(1, 2)];
        assert_eq!(last_versions(&batch)[&Uuid::from_u128(1)], 3);
        in_order_of_versions(&mut batch);
        let order: Vec<_> = batch.iter().map(|fact| (fact.subject_id.as_u128(), fact.version)).collect();
        assert_eq!(order, [(1, 1), (2, 1), (1, 2), (3, 7), (2, 2), (1, 3)]);
    }
}
