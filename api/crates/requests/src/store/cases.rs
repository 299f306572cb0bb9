//! Cases: the rows, and what their rules ask about them, in two statements however many they are; in three for who acts in one
//! for another.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::{AttachmentPhase, ContactOutcome};
use entity::id::{AccountId, ServiceRequestId, UnitId};
use entity::service_request::{Column, Entity, Model};
use entity::{assignment, attachment, contact, proxy_case, proxy_grant, residence};
use kernel::actor::Actor;
use kernel::db::in_keys;
use kernel::error::Result;
use residents::Verbs;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr, SubQueryStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, Order, QueryFilter as _,
    QueryOrder as _, QueryResult, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::duplicates::follows;
use super::within;
use crate::case::{Case, Proxy, Ties, Unanswered};
use crate::policy::Scope;

/// A row and what was counted beside it.
struct Found {
    row: Model,
    photos: i64,
    after_photos: i64,
    unanswered: Unanswered,
    neighbours: i64,
    proxies: i64,
    shared: i64,
    follows: i64,
}

impl FromQueryResult for Found {
    fn from_query_result(result: &QueryResult, prefix: &str) -> std::result::Result<Self, DbErr> {
        Ok(Self {
            row: Model::from_query_result(result, prefix)?,
            photos: result.try_get(prefix, "photos")?,
            after_photos: result.try_get(prefix, "after_photos")?,
            unanswered: Unanswered {
                calls: result.try_get(prefix, "unanswered")?,
                first: result.try_get(prefix, "first_unanswered")?,
            },
            neighbours: result.try_get(prefix, "neighbours")?,
            proxies: result.try_get(prefix, "proxies")?,
            shared: result.try_get(prefix, "shared")?,
            follows: result.try_get(prefix, "follows")?,
        })
    }
}

/// Who asks, and when: ties hold for an account at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    account: Option<AccountId>,
    now: DateTime<Utc>,
}

impl Asker {
    /// The actor, now.
    pub fn of(actor: &Actor, now: DateTime<Utc>) -> Self {
        Self { account: actor.account(), now }
    }

    fn ties(self, found: &Found, proxies: Vec<Proxy>) -> Ties {
        let (is_neighbour, is_co_reporter) = (found.neighbours > 0, found.shared > 0);
        let is_follower = found.follows > 0;
        let is_tied = is_neighbour || is_co_reporter || is_follower || !proxies.is_empty();
        Ties { asker: self.account.filter(|_| is_tied), is_neighbour, is_co_reporter, is_follower, proxies }
    }
}

/// Reads the cases a query selects, in its order, with the asker's ties to each.
pub(super) async fn read(db: &impl ConnectionTrait, query: Select<Entity>, asker: Asker) -> Result<Vec<Case>> {
    // Nobody has this id, so that one statement serves visitors too.
    let (account, now) = (asker.account.unwrap_or(AccountId(Uuid::nil())), asker.now);
    let home = residents::homes_of(account, now)
        .and_where(Expr::col((residence::Entity, residence::Column::GridPath)).eq(outer(Column::ListedIn)))
        .clear_selects()
        .expr(Func::count(Expr::val(1)))
        .take();
    let proxies = residents::live_proxies(account, now)
        .and_where(Expr::col((proxy_case::Entity, proxy_case::Column::RequestId)).eq(outer(Column::Id)))
        .expr(Func::count(Expr::val(1)))
        .take();
    let half_day = || Expr::col((contact::Entity, contact::Column::HalfDay));
    let found = query
        .expr_as(scalar(photos_of().expr(Func::count(Expr::val(1))).take()), "photos")
        .expr_as(scalar(after_photos_of().expr(Func::count(Expr::val(1))).take()), "after_photos")
        .expr_as(scalar(unanswered_of().expr(Func::count(Expr::val(1))).take()), "unanswered")
        .expr_as(scalar(unanswered_of().expr(half_day().min()).take()), "first_unanswered")
        .expr_as(scalar(home), "neighbours")
        .expr_as(scalar(proxies), "proxies")
        .expr_as(scalar(shared_of(account)), "shared")
        .expr_as(scalar(follows(account)), "follows")
        .into_model::<Found>()
        .all(db)
        .await?;
    let ids: Vec<ServiceRequestId> = found.iter().map(|found| found.row.id).collect();
    let mut orders = orders_of(db, &ids).await?;
    let entrusted: Vec<ServiceRequestId> =
        found.iter().filter(|found| found.proxies > 0).map(|found| found.row.id).collect();
    let mut proxies = proxies_in(db, account, now, &entrusted).await?;
    let targets = targets_of(db, &found).await?;
    let complete = |found: Found| Case {
        into: found.row.merged_into_id.and_then(|into| targets.get(&into).cloned()).map(Box::new),
        ties: asker.ties(&found, proxies.remove(&found.row.id).unwrap_or_default()),
        assignments: orders.remove(&found.row.id).unwrap_or_default(),
        row: found.row,
        photos: found.photos,
        after_photos: found.after_photos,
        unanswered: found.unanswered,
    };
    Ok(found.into_iter().map(complete).collect())
}

/// The cases that others were merged into; few were, so that mostly nothing is asked.
async fn targets_of(db: &impl ConnectionTrait, found: &[Found]) -> Result<HashMap<ServiceRequestId, Model>> {
    let ids: Vec<ServiceRequestId> = found.iter().filter_map(|found| found.row.merged_into_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(in_keys(db, Column::Id, &ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn orders_of(
    db: &impl ConnectionTrait,
    ids: &[ServiceRequestId],
) -> Result<HashMap<ServiceRequestId, Vec<assignment::Model>>> {
    let mut orders: HashMap<_, Vec<_>> = HashMap::new();
    if ids.is_empty() {
        return Ok(orders);
    }
    let rows = assignment::Entity::find()
        .filter(in_keys(db, assignment::Column::RequestId, ids))
        .order_by_asc(assignment::Column::Round)
        .order_by_asc(assignment::Column::DispatchedAt)
        .order_by_desc(assignment::Column::IsLead)
        .order_by_asc(assignment::Column::UnitId);
    for row in rows.all(db).await? {
        orders.entry(row.request_id).or_default().push(row);
    }
    Ok(orders)
}

/// The proxies under which somebody acts in cases; few have any, so that mostly nothing is asked.
async fn proxies_in(
    db: &impl ConnectionTrait,
    agent: AccountId,
    now: DateTime<Utc>,
    ids: &[ServiceRequestId],
) -> Result<HashMap<ServiceRequestId, Vec<Proxy>>> {
    let mut proxies: HashMap<_, Vec<_>> = HashMap::new();
    if ids.is_empty() {
        return Ok(proxies);
    }
    let select = residents::live_proxies(agent, now)
        .and_where(in_keys(db, proxy_case::Column::RequestId, ids))
        .column((proxy_case::Entity, proxy_case::Column::RequestId))
        .column((proxy_grant::Entity, proxy_grant::Column::Id))
        .column((proxy_grant::Entity, proxy_grant::Column::Verbs))
        .order_by((proxy_grant::Entity, proxy_grant::Column::Id), Order::Asc)
        .take();
    for row in db.query_all(&select).await? {
        let verbs: String = row.try_get("", "verbs")?;
        let proxy = Proxy { id: row.try_get("", "id")?, verbs: Verbs::read(&verbs) };
        proxies.entry(row.try_get("", "request_id")?).or_default().push(proxy);
    }
    Ok(proxies)
}

fn scalar(select: SelectStatement) -> SimpleExpr {
    SimpleExpr::from(SubQueryStatement::SelectStatement(select))
}

fn outer(column: Column) -> SimpleExpr {
    Expr::col((Entity, column))
}

fn photos_of() -> SelectStatement {
    let subject = Expr::col((attachment::Entity, attachment::Column::SubjectId));
    Query::select().from(attachment::Entity).and_where(subject.eq(outer(Column::Id))).take()
}

fn after_photos_of() -> SelectStatement {
    photos_of().and_where(attachment::Column::Phase.eq(AttachmentPhase::After)).take()
}

/// Calls nobody answered, by the unit and in the round that hold now.
fn unanswered_of() -> SelectStatement {
    let own = |column| Expr::col((contact::Entity, column));
    Query::select()
        .from(contact::Entity)
        .and_where(own(contact::Column::RequestId).eq(outer(Column::Id)))
        .and_where(own(contact::Column::Round).eq(outer(Column::Round)))
        .and_where(own(contact::Column::At).gte(outer(Column::DispatchedAt)))
        .and_where(contact::Column::Outcome.eq(ContactOutcome::NoAnswer))
        .take()
}

/// A case, if it lies in the scope.
pub async fn case(
    db: &impl ConnectionTrait,
    scope: &Scope,
    asker: Asker,
    id: ServiceRequestId,
) -> Result<Option<Case>> {
    let query = Entity::find().filter(Column::Id.eq(id)).filter(within(db, scope));
    Ok(read(db, query, asker).await?.into_iter().next())
}

/// A case by the number people use, if it lies in the scope.
pub async fn case_by_no(db: &impl ConnectionTrait, scope: &Scope, asker: Asker, case_no: &str) -> Result<Option<Case>> {
    let query = Entity::find().filter(Column::CaseNo.eq(case_no)).filter(within(db, scope));
    Ok(read(db, query, asker).await?.into_iter().next())
}

/// Those of the cases that lie in the scope.
pub async fn cases_by_ids(
    db: &impl ConnectionTrait,
    scope: &Scope,
    asker: Asker,
    ids: &[ServiceRequestId],
) -> Result<Vec<Case>> {
    read(db, Entity::find().filter(in_keys(db, Column::Id, ids)).filter(within(db, scope)), asker).await
}

/// The open cases somebody handles in a unit.
pub async fn open_cases_of(
    db: &impl ConnectionTrait,
    asker: Asker,
    unit: UnitId,
    handler: AccountId,
) -> Result<Vec<Case>> {
    let query = Entity::find()
        .filter(Column::HandlerId.eq(handler))
        .filter(Column::LeadUnitId.eq(unit))
        .filter(Column::Queue.is_not_null())
        .order_by_asc(Column::Id);
    read(db, query, asker).await
}

/// Selects the cases in which somebody may act for others at an instant.
pub(super) fn proxied(account: AccountId, now: DateTime<Utc>) -> SelectStatement {
    residents::live_proxies(account, now).column((proxy_case::Entity, proxy_case::Column::RequestId)).take()
}

/// Selects the cases into which somebody's own were merged.
pub(super) fn shared(account: AccountId) -> SelectStatement {
    let own = |column| Expr::col((Entity, column));
    Query::select()
        .column((Entity, Column::MergedIntoId))
        .from(Entity)
        .and_where(own(Column::ReporterId).eq(account))
        .and_where(own(Column::MergedIntoId).is_not_null())
        .take()
}

/// Counts the cases of somebody that were merged into a row.
fn shared_of(account: AccountId) -> SelectStatement {
    let merged = |column| Expr::col(("merged", column));
    Query::select()
        .from_as(Entity, "merged")
        .expr(Func::count(Expr::val(1)))
        .and_where(merged("merged_into_id").eq(outer(Column::Id)))
        .and_where(merged("reporter_id").eq(account))
        .take()
}
