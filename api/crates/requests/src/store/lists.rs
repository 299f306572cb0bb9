//! Lists: each one statement for its rows and one for their orders, whatever the page size.

use chrono::{DateTime, Utc};
use entity::enums::{AssignmentState, Queue};
use entity::id::{AccountId, UnitId};
use entity::service_request::{Column, Entity};
use entity::{assignment, search_term};
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::db::{in_keys, is_any};
use kernel::error::Result;
use kernel::page::{Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, Select,
};

use super::cases::{Asker, proxied, read};
use super::duplicates::followed;
use super::{any_of, within};
use crate::case::{Case, SOON};
use crate::policy::{Scope, WorkQueueTab, desk, sight};
use crate::search::Wanted;

async fn by_age(base: &Base, actor: &Actor, query: Select<Entity>, page: &PageRequest) -> Result<Page<Case>> {
    let asker = Asker::of(actor, base.clock.now());
    Ok(page.page(read(base.db.reader(), newest_first(query, page), asker).await?))
}

fn newest_first(query: Select<Entity>, page: &PageRequest) -> Select<Entity> {
    page.apply(query, Column::CreatedAt, Column::Id, true)
}

/// What one reported, newest first.
pub async fn my_requests(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    by_age(base, actor, reported_by(actor.person()?.account), page).await
}

fn reported_by(account: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::ReporterId.eq(account))
}

/// What is shown to the grids in which somebody lives, newest first.
pub async fn neighbourhood_list(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    let grids = residents::grids_of(base, actor.person()?.account).await?;
    // One home is no list: the index is read in its order.
    let listed = match grids.as_slice() {
        [] => return Ok(page.page(Vec::new())),
        [grid] => Column::ListedIn.eq(grid),
        grids => Column::ListedIn.is_in(grids),
    };
    by_age(base, actor, Entity::find().filter(listed), page).await
}

/// Those in which somebody may act for others, newest first.
pub async fn proxied_list(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    let cases = proxied(actor.person()?.account, base.clock.now());
    by_age(base, actor, Entity::find().filter(Column::Id.in_subquery(cases)), page).await
}

/// What somebody follows and may still see, newest first.
pub async fn followed_list(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    let cases = followed(actor.person()?.account);
    let sight = within(base.db.reader(), &sight(actor, base.clock.now()));
    by_age(base, actor, Entity::find().filter(Column::Id.in_subquery(cases)).filter(sight), page).await
}

/// What anybody may see of a street, newest first; of some cells only, if given.
pub async fn public_list(
    base: &Base,
    actor: &Actor,
    street: &str,
    cells: Option<Vec<i64>>,
    page: &PageRequest,
) -> Result<Page<Case>> {
    by_age(base, actor, listed(street, cells), page).await
}

fn listed(street: &str, cells: Option<Vec<i64>>) -> Select<Entity> {
    let listed = Entity::find().filter(Column::Street.eq(street)).filter(Column::IsListed.eq(true));
    match cells {
        Some(cells) => listed.filter(Column::Cell.is_in(cells)),
        None => listed,
    }
}

/// What waits on a tab, first due first.
pub async fn work_queue(
    base: &Base,
    actor: &Actor,
    tab: WorkQueueTab,
    now: DateTime<Utc>,
    page: &PageRequest,
) -> Result<Page<Case>> {
    let db = base.db.reader();
    Ok(page.page(read(db, first_due_first(waiting(db, actor, tab, now), page), Asker::of(actor, now)).await?))
}

fn waiting(db: &impl ConnectionTrait, actor: &Actor, tab: WorkQueueTab, now: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(on_tab(db, actor, tab, now))
}

fn first_due_first(query: Select<Entity>, page: &PageRequest) -> Select<Entity> {
    page.apply(query, Column::QueueDueAt, Column::Id, false)
}

/// How much waits on each tab, in the order of [`WorkQueueTab::ALL`], in one statement.
pub async fn counts(base: &Base, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<i64>> {
    let db = base.db.reader();
    let tabs = WorkQueueTab::ALL.map(|tab| on_tab(db, actor, tab, now));
    let is_staffed = |tab: &WorkQueueTab| !desk(actor, *tab).is_empty();
    let desks = WorkQueueTab::ALL.into_iter().filter(is_staffed).map(|tab| on_tab(db, actor, tab, now));
    let waiting = Entity::find().select_only().filter(any_of(desks));
    let counted = tabs.into_iter().zip(0..).fold(waiting, |query, (tab, number)| {
        let one: SimpleExpr = Expr::case(tab, 1).finally(0).into();
        query.expr_as(one.sum(), format!("tab_{number}"))
    });
    let Some(row) = db.query_one_raw(counted.build(db.get_database_backend())).await? else { return Ok(Vec::new()) };
    let count = |number| Ok(row.try_get::<Option<i64>>("", &format!("tab_{number}"))?.unwrap_or_default());
    (0..WorkQueueTab::ALL.len()).map(count).collect()
}

fn on_tab(db: &impl ConnectionTrait, actor: &Actor, tab: WorkQueueTab, now: DateTime<Utc>) -> Condition {
    let lies_on = |queue: Queue| Column::Queue.eq(queue);
    // The clocks of what is paused stand still.
    let is_running = Column::Queue.ne(Queue::Suspended);
    let waits = match tab {
        WorkQueueTab::ToAccept => lies_on(Queue::ToAccept),
        WorkQueueTab::ToDispatch => lies_on(Queue::ToDispatch),
        WorkQueueTab::ToSign => lies_on(Queue::ToSign),
        WorkQueueTab::Handling => lies_on(Queue::Handling),
        WorkQueueTab::Returns => lies_on(Queue::Returns),
        WorkQueueTab::ToVerify => lies_on(Queue::ToVerify),
        WorkQueueTab::ToCallback => lies_on(Queue::ToCallback),
        WorkQueueTab::Suspended => lies_on(Queue::Suspended),
        WorkQueueTab::Approvals => Column::IsAsked.eq(true),
        WorkQueueTab::Supervised => Column::IsOnBoard.eq(true),
        WorkQueueTab::DueSoon => is_running.and(Column::QueueDueAt.gte(now)).and(Column::QueueDueAt.lt(now + SOON)),
        WorkQueueTab::Overdue => is_running.and(Column::QueueDueAt.lt(now)),
    };
    Condition::all().add(within(db, &desk(actor, tab))).add(waits)
}

/// Cases with a number to call, newest first.
pub async fn by_phone(
    base: &Base,
    actor: &Actor,
    scope: &Scope,
    phone: &Phone,
    page: &PageRequest,
) -> Result<Page<Case>> {
    let query = Entity::find().filter(is_any(Column::ContactPhoneIndex, phone.indexes(&base.vault)));
    by_age(base, actor, query.filter(within(base.db.reader(), scope)), page).await
}

/// Cases in whose words all that is wanted occurs, newest first.
pub async fn by_words(
    base: &Base,
    actor: &Actor,
    scope: &Scope,
    wanted: &[Wanted],
    page: &PageRequest,
) -> Result<Page<Case>> {
    let query = wanted.iter().fold(Entity::find(), |query, wanted| {
        let term = search_term::Column::Term;
        let fits = match wanted {
            Wanted::Whole(word) => term.eq(word),
            Wanted::Beginning(sign) => term.gte(sign).and(term.lt(format!("{sign}\u{10FFFF}"))),
        };
        let found = search_term::Entity::find().select_only().column(search_term::Column::RequestId).filter(fits);
        query.filter(Column::Id.in_subquery(found.into_query()))
    });
    by_age(base, actor, query.filter(within(base.db.reader(), scope)), page).await
}

/// How many open cases have something due from an instant on, and how many of them were counted over unknown dates.
pub async fn due_from(db: &impl ConnectionTrait, from: DateTime<Utc>) -> Result<(i64, i64)> {
    let is_due = Condition::any().add(Column::QueueDueAt.gte(from)).add(Column::DueAt.gte(from));
    let uncertain: SimpleExpr = Expr::case(Column::IsCalendarUncertain.eq(true), 1).finally(0).into();
    let counted = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "cases")
        .expr_as(uncertain.sum(), "uncertain")
        .filter(Column::Queue.is_not_null())
        .filter(is_due);
    let counted: Option<(i64, Option<i64>)> = counted.into_tuple().one(db).await?;
    Ok(counted.map_or((0, 0), |(cases, uncertain)| (cases, uncertain.unwrap_or_default())))
}

/// How many orders each unit has to work on.
pub async fn open_loads(db: &impl ConnectionTrait, units: &[UnitId]) -> Result<Vec<(UnitId, i64)>> {
    let loads = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::UnitId)
        .column_as(assignment::Column::Id.count(), "open")
        .filter(in_keys(db, assignment::Column::UnitId, units))
        .filter(assignment::Column::State.is_in([AssignmentState::Pending, AssignmentState::Signed]))
        .group_by(assignment::Column::UnitId);
    Ok(loads.into_tuple().all(db).await?)
}

#[cfg(test)]
mod tests;
