//! Lines of an inbox, as their person reads them.

use chrono::{DateTime, Utc};
use entity::enums::PushState;
use entity::id::{AccountId, NotificationId};
use entity::notification::{Column, Entity, Model};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};

/// Lines that a subscriber is given in one look at most.
const HEARD: u64 = 100;

/// Rows that one statement inserts at most.
const ROWS: usize = 500;

/// Adds lines to inboxes; one that is there already stays as it is.
pub async fn add(tx: &Tx, rows: &[Model]) -> Result<()> {
    let key = [Column::FactId, Column::AccountId, Column::Kind];
    for some in rows.chunks(ROWS) {
        let rows = some.iter().map(|row| row.clone().into_active_model());
        let untouched = OnConflict::columns(key).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(untouched).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

fn shown(account: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::AccountId.eq(account)).filter(Column::IsShown.eq(true))
}

/// A person's inbox, newest first (收件箱).
///
/// # Errors
/// When the database does not answer.
pub async fn inbox(base: &Base, account: AccountId, is_unread: bool, page: &PageRequest) -> Result<Page<Model>> {
    let mut query = shown(account);
    if is_unread {
        query = query.filter(Column::ReadAt.is_null());
    }
    let rows = page.apply(query, Column::CreatedAt, Column::Id, true).all(base.db.reader()).await?;
    Ok(page.page(rows))
}

/// How many lines of an inbox are unread.
///
/// # Errors
/// When the database does not answer.
pub async fn unread_count(base: &Base, account: AccountId) -> Result<u64> {
    Ok(shown(account).filter(Column::ReadAt.is_null()).count(base.db.reader()).await?)
}

/// A line of a person's own inbox.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(base: &Base, account: AccountId, id: NotificationId) -> Result<Option<Model>> {
    Ok(shown(account).filter(Column::Id.eq(id)).one(base.db.reader()).await?)
}

/// How far a subscriber has heard (已收到).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard(Option<(DateTime<Utc>, NotificationId)>);

impl Heard {
    /// As far as a line.
    #[must_use]
    pub fn to(row: &Model) -> Self {
        Self(Some((row.created_at, row.id)))
    }
}

/// The end of a person's inbox, as it is now: what comes later is new.
///
/// # Errors
/// When the database does not answer.
pub async fn last_heard(base: &Base, account: AccountId) -> Result<Heard> {
    let last = Entity::find()
        .filter(Column::AccountId.eq(account))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(1);
    Ok(last.one(base.db.reader()).await?.map(|row| Heard::to(&row)).unwrap_or_default())
}

/// What came into a person's inbox since, oldest first, some at a time. Facts are projected in the order of their numbers, and
/// lines get instants in that order, so that nothing comes in behind what was heard.
///
/// # Errors
/// When the database does not answer.
pub async fn newer_than(base: &Base, account: AccountId, heard: Heard) -> Result<Vec<Model>> {
    let mut rows = shown(account);
    if let Heard(Some((at, id))) = heard {
        let row = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
        rows = rows.filter(row.gt(Expr::tuple([Expr::value(at), Expr::value(id)])));
    }
    Ok(rows.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(HEARD).all(base.db.reader()).await?)
}

/// Those of the lines that are in a person's inbox.
pub async fn own(tx: &Tx, account: AccountId, ids: &[NotificationId]) -> Result<Vec<Model>> {
    Ok(shown(account).filter(in_keys(tx.db(), Column::Id, ids)).all(tx.db()).await?)
}

/// Marks lines of a person's inbox as read.
pub async fn mark_these(tx: &Tx, account: AccountId, ids: &[NotificationId]) -> Result<()> {
    mark(tx, account, in_keys(tx.db(), Column::Id, ids).into()).await
}

/// Marks a line of a person's inbox and all older ones as read.
pub async fn mark_up_to(tx: &Tx, account: AccountId, last: &Model) -> Result<()> {
    let row = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
    let bound = Expr::tuple([Expr::value(last.created_at), Expr::value(last.id)]);
    mark(tx, account, row.lte(bound).into()).await
}

/// What was read needs no push any more.
async fn mark(tx: &Tx, account: AccountId, which: Condition) -> Result<()> {
    let unread = Condition::all().add(Column::AccountId.eq(account)).add(Column::ReadAt.is_null()).add(which);
    Entity::update_many()
        .col_expr(Column::PushState, Expr::value(PushState::Lapsed))
        .filter(unread.clone())
        .filter(Column::PushState.eq(PushState::Waiting))
        .exec(tx.db())
        .await?;
    let read = Entity::update_many().col_expr(Column::ReadAt, Expr::value(tx.now())).filter(unread);
    read.exec(tx.db()).await?;
    Ok(())
}
