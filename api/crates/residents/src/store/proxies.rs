//! Proxies and the cases they hold for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::ProxyState;
use entity::id::{AccountId, ProxyGrantId, ServiceRequestId};
use entity::proxy_case;
use entity::proxy_grant::{Column, Entity, Model};
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_any};
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded as _, Permitted};
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::phone_of;
use crate::command::GrantProxy;
use crate::policy::{Proxy, ProxyAction};
use crate::service::Principal;

/// Under which name numbers are sealed.
pub(super) const PHONE: &str = "proxy_grant.agent_phone";
/// Proxies shown of a person at most: the newest.
const SHOWN: u64 = 50;

/// The number that was invited, in clear; shown masked.
///
/// # Errors
/// A fault when the sealed value does not open.
pub fn agent_phone_of(base: &Base, row: &Model) -> Result<Phone> {
    Ok(Phone::from_stored(base.vault.open(PHONE, &row.agent_phone_sealed)?))
}

/// Whether the account's own number is this one.
pub async fn accounts_phone(tx: &Tx, account: AccountId, phone: &Phone) -> Result<bool> {
    Ok(phone_of(tx.db(), tx.base(), account).await?.as_ref() == Some(phone))
}

/// How many proxies that hold or wait somebody granted, and how many of them for one of the cases.
pub async fn open_proxies(tx: &Tx, by: AccountId, cases: &[ServiceRequestId]) -> Result<(u64, u64)> {
    let open = || {
        Entity::find()
            .filter(Column::State.is_in([ProxyState::Invited, ProxyState::Active]))
            .filter(Column::ValidUntil.gt(tx.now()))
    };
    let granted = open().filter(Column::GrantedBy.eq(by)).count(tx.db()).await?;
    let of_cases = proxy_case::Entity::find().select_only().column(proxy_case::Column::ProxyId).filter(in_keys(
        tx.db(),
        proxy_case::Column::RequestId,
        cases,
    ));
    let for_cases = open().filter(Column::Id.in_subquery(of_cases.into_query())).count(tx.db()).await?;
    Ok((granted, for_cases))
}

/// Inserts an invitation.
pub async fn insert_proxy(tx: &Tx, wanted: &GrantProxy, principal: &Principal) -> Result<Proxy> {
    let base = tx.base();
    let (principal_id, area_path) = match principal {
        Principal::Reporter(account) => (Some(*account), None),
        Principal::AtCounter { area_path } => (None, Some(area_path.clone())),
    };
    let row = Model {
        id: tx.id()?,
        version: 1,
        state: ProxyState::Invited,
        principal_id,
        agent_id: None,
        agent_phone_sealed: base.vault.seal(PHONE, wanted.agent.e164())?,
        agent_phone_index: wanted.agent.index(&base.vault),
        verbs: wanted.verbs.text(),
        granted_by: tx.actor().person()?.account,
        area_path,
        reason: wanted.reason.clone(),
        valid_until: wanted.until,
        accepted_at: None,
        ended_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    let case = |id: &ServiceRequestId| proxy_case::ActiveModel { proxy_id: Set(row.id), request_id: Set(*id) };
    proxy_case::Entity::insert_many(wanted.cases.iter().map(case)).exec_without_returning(tx.db()).await?;
    Ok(Proxy { row, cases: wanted.cases.clone(), invitee: None })
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update_proxy(tx: &Tx, before: Permitted<Proxy>, after: &Model) -> Result<()> {
    let before = before.into_row().row;
    let change = bulk::changed(&before, after);
    let own = Entity::update_many().set(change).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// A proxy with its cases and who is invited, if the asker has the number; the policy says who may see it.
pub async fn proxy(tx: &Tx, id: ProxyGrantId) -> Result<Option<Proxy>> {
    let (db, actor) = (tx.db(), tx.actor());
    let rows = Entity::find_by_id(id).all(db).await?;
    Ok(whole(db, actor, &indexes_of(db, tx.base(), actor).await?, rows).await?.pop())
}

/// Proxies of which somebody is the principal or the agent, or to which the number is invited, or that somebody granted at a
/// counter, newest first; at most 50.
///
/// # Errors
/// When the database does not answer.
pub async fn proxies_of(base: &Base, actor: &Actor) -> Result<Vec<Proxy>> {
    let account = actor.person()?.account;
    let db = base.db.reader();
    let parties = [Column::PrincipalId, Column::AgentId, Column::GrantedBy].map(|party| party.eq(account));
    let mut own = parties.into_iter().fold(Condition::any(), Condition::add);
    let number = indexes_of(db, base, actor).await?;
    if !number.is_empty() {
        let is_open = Column::State.eq(ProxyState::Invited).and(Column::ValidUntil.gt(base.clock.now()));
        own = own.add(Condition::all().add(is_any(Column::AgentPhoneIndex, number.clone())).add(is_open));
    }
    let rows = Entity::find().filter(own).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(SHOWN);
    let mut proxies = whole(db, actor, &number, rows.all(db).await?).await?;
    // Who granted it at the counter may sit there no more.
    proxies.retain(|proxy| proxy.decide(actor, ProxyAction::Read) == Decision::Allow);
    Ok(proxies)
}

/// Proxies by id, in no order; the policy says who may see them.
///
/// # Errors
/// When the database does not answer.
pub async fn proxies_by_ids(base: &Base, actor: &Actor, ids: &[ProxyGrantId]) -> Result<Vec<Proxy>> {
    let db = base.db.reader();
    let rows = Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?;
    whole(db, actor, &indexes_of(db, base, actor).await?, rows).await
}

/// The blind indexes of the asker's own number, one by each key of the ring; none without a number.
async fn indexes_of(db: &impl ConnectionTrait, base: &Base, actor: &Actor) -> Result<Vec<Vec<u8>>> {
    let number = match actor.account() {
        Some(account) => phone_of(db, base, account).await?,
        None => None,
    };
    Ok(number.map(|number| number.indexes(&base.vault)).unwrap_or_default())
}

/// Rows with their cases, and with the asker where the asker's number is the one invited.
async fn whole(db: &impl ConnectionTrait, actor: &Actor, number: &[Vec<u8>], rows: Vec<Model>) -> Result<Vec<Proxy>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ProxyGrantId> = rows.iter().map(|row| row.id).collect();
    let cases = proxy_case::Entity::find().filter(in_keys(db, proxy_case::Column::ProxyId, &ids));
    let mut named: HashMap<ProxyGrantId, Vec<ServiceRequestId>> = HashMap::new();
    for case in cases.order_by_asc(proxy_case::Column::RequestId).all(db).await? {
        named.entry(case.proxy_id).or_default().push(case.request_id);
    }
    let proxy = |row: Model| {
        let is_invited = number.contains(&row.agent_phone_index);
        let cases = named.remove(&row.id).unwrap_or_default();
        Proxy { cases, invitee: actor.account().filter(|_| is_invited), row }
    };
    Ok(rows.into_iter().map(proxy).collect())
}

/// Proxies and invitations whose time is over, some at a time.
pub async fn due_proxies(tx: &Tx, limit: u64) -> Result<Vec<Model>> {
    let due = Entity::find()
        .filter(Column::State.is_in([ProxyState::Invited, ProxyState::Active]))
        .filter(Column::ValidUntil.lte(tx.now()))
        .order_by_asc(Column::ValidUntil)
        .limit(limit);
    Ok(due.all(tx.db()).await?)
}

/// Joins `proxy_case` and `proxy_grant` of what somebody may act in at an instant, nothing selected yet, for the statements of
/// other slices.
#[must_use]
pub fn live_proxies(agent: AccountId, now: DateTime<Utc>) -> SelectStatement {
    let of_grant = Expr::col((proxy_case::Entity, proxy_case::Column::ProxyId)).equals((Entity, Column::Id));
    Query::select()
        .from(proxy_case::Entity)
        .inner_join(Entity, of_grant)
        .and_where(Column::AgentId.eq(agent))
        .and_where(Column::State.eq(ProxyState::Active))
        .and_where(Column::ValidUntil.gt(now))
        .take()
}

/// Who may act for others in the cases at an instant, at least to read them: pairs of a case and an agent.
///
/// # Errors
/// When the database does not answer.
pub async fn agents_of(
    db: &impl ConnectionTrait,
    cases: &[ServiceRequestId],
    now: DateTime<Utc>,
) -> Result<Vec<(ServiceRequestId, AccountId)>> {
    let of_grant = Expr::col((proxy_case::Entity, proxy_case::Column::ProxyId)).equals((Entity, Column::Id));
    let live = Query::select()
        .column((proxy_case::Entity, proxy_case::Column::RequestId))
        .column((Entity, Column::AgentId))
        .from(proxy_case::Entity)
        .inner_join(Entity, of_grant)
        .and_where(in_keys(db, proxy_case::Column::RequestId, cases))
        .and_where(Column::AgentId.is_not_null())
        .and_where(Column::State.eq(ProxyState::Active))
        .and_where(Column::ValidUntil.gt(now))
        .take();
    let pair = |row: sea_orm::QueryResult| Ok((row.try_get("", "request_id")?, row.try_get("", "agent_id")?));
    db.query_all(&live).await?.into_iter().map(pair).collect()
}
