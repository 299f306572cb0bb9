//! The only file of this slice that names columns (存取).

use std::collections::HashMap;

use areas::shanghai_date;
use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{Role, TicketState as S};
use entity::id::{AccountId, CenterId, ServiceItemId, ServiceTicketId};
use entity::service_ticket::{Column, Entity, Model};
use entity::{center, service_item};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Error, Result};
use kernel::guarded::Permitted;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::policy::Ticket;

/// Numbers of a person that are shown at most.
const SHOWN: u64 = 20;
/// What waits, or was called.
const LIVE: [S; 2] = [S::Waiting, S::Called];

/// A number that was called and is not served yet (正在叫号).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// Which.
    pub number: i32,
    /// Where its person goes.
    pub counter: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A line on a day (队列).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Numbers that wait, in order.
    pub waiting: Vec<i32>,
    /// Numbers that were called and are not served yet, the latest first.
    pub called: Vec<Called>,
}

impl Queue {
    /// How many wait before a number.
    #[must_use]
    pub fn ahead(&self, number: i32) -> usize {
        self.waiting.partition_point(|waiting| *waiting < number)
    }
}

/// The lines for services on a date, in one statement however many; nothing for those nobody waits for.
///
/// # Errors
/// When the database does not answer.
pub async fn queues(
    db: &impl ConnectionTrait,
    services: &[ServiceItemId],
    on: NaiveDate,
) -> Result<HashMap<ServiceItemId, Queue>> {
    type Row = (ServiceItemId, i32, S, Option<String>, Option<DateTime<Utc>>);
    let rows = Entity::find()
        .select_only()
        .columns([Column::ServiceId, Column::Number, Column::State, Column::Counter, Column::CalledAt])
        .filter(in_keys(db, Column::ServiceId, services))
        .filter(Column::OnDate.eq(on))
        .filter(Column::State.is_in(LIVE))
        .order_by_asc(Column::ServiceId)
        .order_by_asc(Column::Number);
    let rows: Vec<Row> = rows.into_tuple().all(db).await?;
    let mut queues: HashMap<ServiceItemId, Queue> = HashMap::new();
    for (service, number, state, counter, at) in rows {
        let queue = queues.entry(service).or_default();
        match at {
            Some(at) if state == S::Called => queue.called.push(Called { number, counter, at }),
            _ => queue.waiting.push(number),
        }
    }
    for queue in queues.values_mut() {
        queue.called.sort_by_key(|called| std::cmp::Reverse((called.at, called.number)));
    }
    Ok(queues)
}

/// A service of which the row is held alone until the transaction ends: who gives numbers and who calls them come one after the other.
pub async fn hold(tx: &Tx, id: ServiceItemId) -> Result<service_item::Model> {
    let held = service_item::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx.db()).await?;
    held.ok_or(Error::NotFound)
}

/// The last number that was given for a service on a date, and how many were and are not given back.
pub async fn given(tx: &Tx, service: ServiceItemId, on: NaiveDate) -> Result<(i32, i64)> {
    let given = Entity::find().filter(Column::ServiceId.eq(service)).filter(Column::OnDate.eq(on));
    let rows: Vec<(i32, S)> =
        given.select_only().columns([Column::Number, Column::State]).into_tuple().all(tx.db()).await?;
    let last = rows.iter().map(|(number, _)| *number).max().unwrap_or_default();
    let kept = rows.iter().filter(|(_, state)| *state != S::Cancelled).count();
    Ok((last, i64::try_from(kept).unwrap_or(i64::MAX)))
}

/// Inserts a number.
pub async fn insert(tx: &Tx, row: &Model) -> Result<()> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| {
        if is_taken(&error, "service_ticket", &["service_id", "on_date", "number"]) {
            Error::Crossed(error)
        } else {
            error.into()
        }
    })
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update(tx: &Tx, before: Permitted<Ticket>, after: &Model) -> Result<()> {
    let before = before.into_row().row;
    let own = Entity::update_many().set(bulk::changed(&before, after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// A number with the path of its centre, whoever asks.
pub async fn ticket(db: &impl ConnectionTrait, id: ServiceTicketId) -> Result<Option<Ticket>> {
    let Some(row) = Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    with_path(db, row).await.map(Some)
}

async fn with_path(db: &impl ConnectionTrait, row: Model) -> Result<Ticket> {
    let center = bookings::center(db, row.center_id).await?.ok_or(Error::NotFound)?;
    Ok(Ticket { row, area_path: center.area_path })
}

/// A number, unless it is absent or hidden.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(base: &Base, actor: &Actor, id: ServiceTicketId) -> Result<Option<Ticket>> {
    let db = base.db.reader();
    let Some(row) = Entity::find_by_id(id).filter(seen_by(actor)).one(db).await? else { return Ok(None) };
    with_path(db, row).await.map(Some)
}

/// The own ones, and those of centres where the actor works.
fn seen_by(actor: &Actor) -> Condition {
    let own = actor.account().map(|account| Column::AccountId.eq(account));
    let mut there = Condition::any();
    for path in actor.areas_as(Role::CenterStaff) {
        there = there.add(center::Column::AreaPath.starts_with(path));
    }
    // An empty `OR` would mean everything.
    let there = there.add(Expr::value(false));
    let centers = Query::select().column(center::Column::Id).from(center::Entity).cond_where(there).take();
    Condition::any().add_option(own).add(Column::CenterId.in_subquery(centers))
}

/// The next number that waits for a service on a date.
pub async fn next_waiting(tx: &Tx, service: ServiceItemId, on: NaiveDate) -> Result<Option<Model>> {
    let waiting = Entity::find().filter(Column::ServiceId.eq(service)).filter(Column::OnDate.eq(on));
    Ok(waiting.filter(Column::State.eq(S::Waiting)).order_by_asc(Column::Number).one(tx.db()).await?)
}

/// The numbers of a person on a date, whatever became of them, in the order in which they were taken.
pub async fn all_on(db: &impl ConnectionTrait, account: AccountId, on: NaiveDate) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::OnDate.eq(on));
    Ok(own.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

/// The last numbers of a person on a date (本人排队号), whatever became of them, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn tickets_of(base: &Base, account: AccountId, on: NaiveDate) -> Result<Vec<Ticket>> {
    let db = base.db.reader();
    let own = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::OnDate.eq(on));
    let own = own.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(SHOWN);
    let rows = own.all(db).await?;
    let centers: Vec<CenterId> = rows.iter().map(|row| row.center_id).collect();
    let centers = bookings::centers_by_ids(db, &centers).await?;
    let whole = rows.into_iter().filter_map(|row| {
        let center = centers.iter().find(|center| center.id == row.center_id)?;
        Some(Ticket { area_path: center.area_path.clone(), row })
    });
    Ok(whole.collect())
}

/// What is called at a counter for a service on a date.
pub async fn called_at(tx: &Tx, service: ServiceItemId, on: NaiveDate, counter: &str) -> Result<Vec<Model>> {
    let there = Entity::find().filter(Column::ServiceId.eq(service)).filter(Column::OnDate.eq(on));
    let there = there.filter(Column::State.eq(S::Called)).filter(Column::Counter.eq(counter));
    Ok(there.order_by_asc(Column::Number).all(tx.db()).await?)
}

/// For which service a number is.
pub async fn service_of(db: &impl ConnectionTrait, id: ServiceTicketId) -> Result<Option<ServiceItemId>> {
    Ok(Entity::find_by_id(id).select_only().column(Column::ServiceId).into_tuple().one(db).await?)
}

/// The numbers for a service on a date, in the order in which they were taken; for who may see the centre's bookings.
///
/// # Errors
/// When the database does not answer.
pub async fn tickets_on(
    base: &Base,
    (service, area_path): (&service_item::Model, &str),
    on: NaiveDate,
    page: &PageRequest,
) -> Result<Page<Ticket>> {
    let there = Entity::find().filter(Column::ServiceId.eq(service.id)).filter(Column::OnDate.eq(on));
    let rows = page.apply(there, Column::CreatedAt, Column::Id, false).all(base.db.reader()).await?;
    Ok(page.page(rows).map(|row| Ticket { row, area_path: area_path.to_owned() }))
}

/// Numbers of days that are over and of which something was still to come, some at a time (过期排队号).
///
/// # Errors
/// When the database does not answer.
pub async fn overdue(base: &Base, most: u64) -> Result<Vec<ServiceTicketId>> {
    let today = shanghai_date(base.clock.now());
    let left = Entity::find().select_only().column(Column::Id).filter(Column::State.is_in(LIVE));
    let left = left.filter(Column::OnDate.lt(today)).order_by_asc(Column::OnDate).order_by_asc(Column::Id);
    Ok(left.limit(most).into_tuple().all(base.db.reader()).await?)
}

/// All that a person ever took, oldest first.
pub async fn all_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id).all(db).await?)
}

/// Makes all numbers of a person nobody's; that they were given is kept.
pub async fn forget(tx: &Tx, account: AccountId) -> Result<()> {
    let nobodys = Entity::update_many().col_expr(Column::AccountId, Expr::value(None::<AccountId>));
    nobodys.filter(Column::AccountId.eq(account)).exec(tx.db()).await?;
    Ok(())
}

/// In which centre a service is.
pub async fn center_of(tx: &Tx, id: ServiceItemId) -> Result<CenterId> {
    Ok(bookings::service(tx.db(), id).await?.ok_or(Error::NotFound)?.center_id)
}
