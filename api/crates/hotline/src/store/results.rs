//! Results that wait to be sent, and the batches they went in.

use chrono::{DateTime, Utc};
use entity::enums::ServiceRequestState as State;
use entity::id::{HotlineBatchId, ServiceRequestId};
use entity::service_request::{Column, Entity, Model};
use entity::{hotline_batch, hotline_order, sequence};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

/// The case that another was merged into, beside it.
const TARGET: &str = "target";

/// Draws the number of a street's next batch. Others who send results of the street wait for the drawer to commit.
pub async fn next_number(tx: &Tx, street: &str) -> Result<i64> {
    let first = sequence::ActiveModel { name: Set(format!("hotline/{street}")), value: Set(1) };
    // As wide as cases draw theirs: the same statement is prepared once, with one type for each value.
    let next = Expr::col((sequence::Entity, sequence::Column::Value)).add(1_i64);
    let drawn = sequence::Entity::insert(first)
        .on_conflict(OnConflict::column(sequence::Column::Name).value(sequence::Column::Value, next).to_owned())
        .exec_with_returning(tx.db())
        .await?;
    Ok(drawn.value)
}

/// Orders of a street whose end was not sent yet, first received first: the case, the end sent before, and of a merged case the one
/// whose end is its own.
pub async fn waiting(tx: &Tx, street: &str, most: u64) -> Result<Vec<(Model, Option<DateTime<Utc>>, Option<Model>)>> {
    use hotline_order::Column as C;
    let ended = |closed_at: Expr| {
        Condition::any().add(C::SentAt.is_null()).add(Expr::col((hotline_order::Entity, C::SentAt)).ne(closed_at))
    };
    let own = Condition::all()
        .add(Column::State.is_in([State::Closed, State::Rejected, State::Withdrawn]))
        .add(ended(Expr::col((Entity, Column::ClosedAt))));
    let others = Condition::all()
        .add(Column::State.eq(State::Merged))
        .add(Expr::col((TARGET, Column::State)).eq(State::Closed))
        .add(ended(Expr::col((TARGET, Column::ClosedAt))));
    let case = hotline_order::Entity::belongs_to(Entity).from(C::RequestId).to(Column::Id);
    let target = Entity::belongs_to(Entity).from(Column::MergedIntoId).to(Column::Id);
    let found: Vec<(ServiceRequestId, Option<DateTime<Utc>>)> = hotline_order::Entity::find()
        .select_only()
        .columns([C::RequestId, C::SentAt])
        .join(JoinType::InnerJoin, case.into())
        .join_as(JoinType::LeftJoin, target.into(), TARGET)
        .filter(C::Street.eq(street))
        .filter(Condition::any().add(own).add(others))
        .order_by_asc(C::RequestId)
        .limit(most)
        .into_tuple()
        .all(tx.db())
        .await?;
    let ids: Vec<ServiceRequestId> = found.iter().map(|(id, _)| *id).collect();
    let rows = rows(tx, &ids).await?;
    let into: Vec<ServiceRequestId> = rows.values().filter_map(|row| row.merged_into_id).collect();
    let targets = self::rows(tx, &into).await?;
    let found = found.into_iter().filter_map(|(id, sent_at)| {
        let row = rows.get(&id)?.clone();
        let target = row.merged_into_id.and_then(|into| targets.get(&into).cloned());
        Some((row, sent_at, target))
    });
    Ok(found.collect())
}

async fn rows(tx: &Tx, ids: &[ServiceRequestId]) -> Result<std::collections::HashMap<ServiceRequestId, Model>> {
    if ids.is_empty() {
        return Ok(Default::default());
    }
    let found = Entity::find().filter(in_keys(tx.db(), Column::Id, ids)).all(tx.db()).await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

/// Notes that the ends of these cases were sent, all with one statement for each instant at which some ended.
pub async fn mark_sent(tx: &Tx, batch: HotlineBatchId, sent: &[(ServiceRequestId, DateTime<Utc>)]) -> Result<()> {
    let mut sent = sent.to_vec();
    sent.sort_by_key(|(_, at)| *at);
    for same in sent.chunk_by(|(_, a), (_, b)| a == b) {
        let Some((_, at)) = same.first() else { continue };
        let ids: Vec<ServiceRequestId> = same.iter().map(|(id, _)| *id).collect();
        hotline_order::Entity::update_many()
            .col_expr(hotline_order::Column::SentAt, Expr::value(*at))
            .col_expr(hotline_order::Column::BatchId, Expr::value(batch))
            .filter(in_keys(tx.db(), hotline_order::Column::RequestId, &ids))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// Keeps a batch.
pub async fn insert_batch(tx: &Tx, row: &hotline_batch::Model) -> Result<()> {
    hotline_batch::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// A batch.
pub async fn batch(base: &Base, id: HotlineBatchId) -> Result<Option<hotline_batch::Model>> {
    Ok(hotline_batch::Entity::find_by_id(id).one(base.db.reader()).await?)
}

/// Removes the files of batches that are older; tells how many.
pub async fn forget(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    use hotline_batch::Column as C;
    let old = hotline_batch::Entity::update_many()
        .col_expr(C::ContentSealed, Expr::value(Option::<Vec<u8>>::None))
        .filter(C::CreatedAt.lt(before))
        .filter(C::ContentSealed.is_not_null());
    Ok(old.exec(tx.db()).await?.rows_affected)
}
