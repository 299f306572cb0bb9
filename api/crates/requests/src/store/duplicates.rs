//! One matter reported many times: who follows a case, what was merged into it, what is like it.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, ServiceRequestId};
use entity::request_follower;
use entity::service_request::{Column, Entity, Model};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, OnConflict, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};

use super::cases::{Asker, read};
use super::within;
use crate::case::Case;
use crate::policy::Scope;

/// Notes that somebody follows a case; a second time changes nothing.
pub async fn follow(tx: &Tx, request_id: ServiceRequestId, account_id: AccountId) -> Result<()> {
    let follower = request_follower::Model { request_id, account_id, since: tx.now() };
    let columns = [request_follower::Column::RequestId, request_follower::Column::AccountId];
    let known = OnConflict::columns(columns).do_nothing().to_owned();
    let insert = request_follower::Entity::insert(follower.into_active_model()).on_conflict(known);
    insert.exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Notes that somebody follows a case no more.
pub async fn unfollow(tx: &Tx, request_id: ServiceRequestId, account_id: AccountId) -> Result<()> {
    request_follower::Entity::delete_by_id((request_id, account_id)).exec(tx.db()).await?;
    Ok(())
}

/// Nobody who is gone follows anything.
pub async fn unfollow_all(tx: &Tx, account: AccountId) -> Result<()> {
    let own = request_follower::Column::AccountId.eq(account);
    request_follower::Entity::delete_many().filter(own).exec(tx.db()).await?;
    Ok(())
}

/// Who follows a case follows the one it was merged into, if that is shown to others.
pub async fn move_followers(tx: &Tx, from: ServiceRequestId, into: &Model) -> Result<()> {
    use request_follower::Column as C;
    let to = into.id;
    let there = request_follower::Entity::find().select_only().column(C::AccountId).filter(C::RequestId.eq(to));
    let there: Vec<AccountId> = there.into_tuple().all(tx.db()).await?;
    let here = request_follower::Entity::find().filter(C::RequestId.eq(from)).all(tx.db()).await?;
    request_follower::Entity::delete_many().filter(C::RequestId.eq(from)).exec(tx.db()).await?;
    let is_shown = into.is_listed || into.listed_in.is_some();
    let moved: Vec<request_follower::Model> = here
        .into_iter()
        .filter(|_| is_shown)
        .filter(|follower| !there.contains(&follower.account_id))
        .map(|follower| request_follower::Model { request_id: to, ..follower })
        .collect();
    kernel::bulk::insert(tx, &moved).await
}

/// How many follow a case.
pub async fn followers_of(tx: &Tx, id: ServiceRequestId) -> Result<i64> {
    let count = request_follower::Entity::find().filter(request_follower::Column::RequestId.eq(id)).count(tx.db());
    Ok(i64::try_from(count.await?).unwrap_or(i64::MAX))
}

/// How many follow each of some cases; for loaders.
pub async fn follower_counts(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<(ServiceRequestId, i64)>> {
    use request_follower::Column as C;
    let db = base.db.reader();
    let counts = request_follower::Entity::find()
        .select_only()
        .column(C::RequestId)
        .column_as(C::AccountId.count(), "followers")
        .filter(in_keys(db, C::RequestId, ids))
        .group_by(C::RequestId);
    Ok(counts.into_tuple().all(db).await?)
}

/// Whose cases were merged into each of some; anonymous ones are nobody's.
pub async fn co_reporters(
    db: &impl ConnectionTrait,
    ids: &[ServiceRequestId],
) -> Result<Vec<(ServiceRequestId, AccountId)>> {
    let merged = Entity::find()
        .select_only()
        .columns([Column::MergedIntoId, Column::ReporterId])
        .filter(in_keys(db, Column::MergedIntoId, ids))
        .filter(Column::ReporterId.is_not_null())
        .filter(Column::IsAnonymous.eq(false));
    Ok(merged.into_tuple().all(db).await?)
}

/// Who follows each of some cases, as long as these are shown to others.
pub async fn followers(
    db: &impl ConnectionTrait,
    ids: &[ServiceRequestId],
) -> Result<Vec<(ServiceRequestId, AccountId)>> {
    use request_follower::Column as C;
    let rows = request_follower::Entity::find().select_only().columns([C::RequestId, C::AccountId]);
    let shown = Condition::any().add(Column::IsListed.eq(true)).add(Column::ListedIn.is_not_null());
    let shown = Entity::find().select_only().column(Column::Id).filter(in_keys(db, Column::Id, ids)).filter(shown);
    Ok(rows.filter(C::RequestId.in_subquery(shown.into_query())).into_tuple().all(db).await?)
}

/// The cases that were merged into each of some: which, and by which number.
pub async fn merged_into(
    base: &Base,
    ids: &[ServiceRequestId],
) -> Result<Vec<(ServiceRequestId, ServiceRequestId, String)>> {
    let db = base.db.reader();
    let merged = Entity::find()
        .select_only()
        .columns([Column::MergedIntoId, Column::Id, Column::CaseNo])
        .filter(in_keys(db, Column::MergedIntoId, ids))
        .order_by_asc(Column::Id);
    Ok(merged.into_tuple().all(db).await?)
}

/// What is looked at to find a like case.
pub struct Likeness {
    /// Category.
    pub category_code: String,
    /// Cells around the place.
    pub cells: Vec<i64>,
    /// Received since then.
    pub since: DateTime<Utc>,
    /// Open, or closed since then.
    pub closed_since: DateTime<Utc>,
}

/// Cases in a scope that may be of the same matter, newest first, so many at most.
pub async fn alike(base: &Base, asker: Asker, scope: &Scope, of: &Likeness, most: u64) -> Result<Vec<Case>> {
    let db = base.db.reader();
    read(db, like(of).filter(within(db, scope)).limit(most), asker).await
}

pub(super) fn like(of: &Likeness) -> Select<Entity> {
    let is_live = Condition::any().add(Column::Queue.is_not_null()).add(
        Condition::all()
            .add(Column::State.eq(entity::enums::ServiceRequestState::Closed))
            .add(Column::ClosedAt.gte(of.closed_since)),
    );
    Entity::find()
        .filter(Column::CategoryCode.eq(of.category_code.as_str()))
        .filter(Column::Cell.is_in(of.cells.iter().copied()))
        .filter(Column::CreatedAt.gte(of.since))
        .filter(is_live)
        .order_by_desc(Column::CreatedAt)
}

/// Selects the cases somebody follows.
pub(super) fn followed(account: AccountId) -> SelectStatement {
    let own = |column| Expr::col((request_follower::Entity, column));
    Query::select()
        .column((request_follower::Entity, request_follower::Column::RequestId))
        .from(request_follower::Entity)
        .and_where(own(request_follower::Column::AccountId).eq(account))
        .take()
}

/// Counts whether somebody follows a row: one or none.
pub(super) fn follows(account: AccountId) -> SelectStatement {
    let row = Expr::col((request_follower::Entity, request_follower::Column::RequestId));
    followed(account)
        .clear_selects()
        .expr(Func::count(Expr::val(1)))
        .and_where(row.eq(Expr::col((Entity, Column::Id))))
        .take()
}
