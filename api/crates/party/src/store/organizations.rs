//! Organisations of the party.

use entity::id::{AccountId, PartyOrganizationId};
use entity::party_member;
use entity::party_organization::{Column, Entity, Model};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded as _};
use kernel::tx::Tx;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::members::bound_to;
use crate::file::OrganizationRow;
use crate::policy::{Organization, OrganizationAction, circles};

/// Organisations shown at most.
const SHOWN: u64 = 500;

/// An organisation; the policy says who may see it.
///
/// # Errors
/// When the database does not answer.
pub async fn organization(db: &impl ConnectionTrait, id: PartyOrganizationId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Every organisation: for an import.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().all(db).await?)
}

/// Organisations by id: of those whom a scope or a roster names with them.
///
/// # Errors
/// When the database does not answer.
pub async fn organizations_by_ids(base: &Base, ids: &[PartyOrganizationId]) -> Result<Vec<Model>> {
    let db = base.db.reader();
    Ok(Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?)
}

/// The organisations around those in which the actor has something to do for the party, by their paths; at most 500. Empty for
/// everybody else.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn organizations(base: &Base, actor: &Actor) -> Result<Vec<Model>> {
    actor.person()?;
    let own: Vec<&str> = circles(actor).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let above = Column::Path.is_in(own.iter().flat_map(|path| above(path)));
    let seen = own.iter().fold(Condition::any().add(above), |any, path| any.add(Column::Path.starts_with(*path)));
    let rows = Entity::find().filter(seen).order_by_asc(Column::Path).limit(SHOWN).all(base.db.reader()).await?;
    let is_seen = |row: &Model| Organization(row.clone()).decide(actor, OrganizationAction::See) == Decision::Allow;
    Ok(rows.into_iter().filter(is_seen).collect())
}

/// The organisation that somebody belongs to, as confirmed, and all above it (所在党组织及上级): for what is for their members. `None` for who
/// belongs to none.
///
/// # Errors
/// When the database does not answer.
pub async fn circle_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Vec<PartyOrganizationId>>> {
    let Some(member) = bound_to(db, account).await? else { return Ok(None) };
    let own = organization(db, member.organization_id).await?.ok_or(Error::NotFound)?;
    let paths = above(&own.path).chain([own.path.clone()]);
    let ids = Entity::find().select_only().column(Column::Id).filter(Column::Path.is_in(paths));
    Ok(Some(ids.into_tuple().all(db).await?))
}

/// Whether all of some organisations are one of a path, or lie below it.
///
/// # Errors
/// When the database does not answer.
pub async fn are_within(db: &impl ConnectionTrait, path: &str, ids: &[PartyOrganizationId]) -> Result<bool> {
    let within = Entity::find().filter(in_keys(db, Column::Id, ids)).filter(Column::Path.starts_with(path));
    Ok(within.count(db).await? == ids.len() as u64)
}

/// The accounts of who belongs to some organisations or to those below, as confirmed (已绑定党员): to tell them, and never to be shown.
///
/// # Errors
/// When the database does not answer.
pub async fn bound_within(db: &impl ConnectionTrait, ids: &[PartyOrganizationId]) -> Result<Vec<AccountId>> {
    let Some(within) = within(db, ids).await? else { return Ok(Vec::new()) };
    let bound = party_member::Entity::find()
        .select_only()
        .column(party_member::Column::AccountId)
        .filter(party_member::Column::OrganizationId.in_subquery(within))
        .filter(party_member::Column::AccountId.is_not_null());
    Ok(bound.into_tuple().all(db).await?)
}

/// The keys of some organisations and of those below; nothing of none.
pub(super) async fn within(db: &impl ConnectionTrait, ids: &[PartyOrganizationId]) -> Result<Option<SelectStatement>> {
    let paths = Entity::find().select_only().column(Column::Path).filter(in_keys(db, Column::Id, ids));
    let paths: Vec<String> = paths.into_tuple().all(db).await?;
    if paths.is_empty() {
        return Ok(None);
    }
    let within = paths.iter().fold(Condition::any(), |any, path| any.add(Column::Path.starts_with(path)));
    Ok(Some(Query::select().column(Column::Id).from(Entity).cond_where(within).take()))
}

/// The paths of all above, from the topmost down.
fn above(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').skip(1).map(|(at, _)| path[..=at].to_owned())
}

/// Inserts an organisation of a file.
pub async fn insert_organization(
    tx: &Tx,
    row: &OrganizationRow,
    path: &str,
    parent_id: Option<PartyOrganizationId>,
) -> Result<PartyOrganizationId> {
    let row = Model {
        id: tx.id()?,
        code: row.code.clone(),
        name: row.name.clone(),
        kind: row.kind,
        parent_id,
        path: path.to_owned(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row.id)
}

/// Gives an organisation the name and kind of a file; tells whether anything changed.
pub async fn rename_organization(tx: &Tx, before: &Model, row: &OrganizationRow) -> Result<bool> {
    if before.name == row.name && before.kind == row.kind {
        return Ok(false);
    }
    let (name, kind, version) = (row.name.clone(), row.kind, before.version + 1);
    let after = Model { name, kind, version, updated_at: tx.now(), ..before.clone() };
    let own = Entity::update_many().set(bulk::changed(before, &after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(true) } else { Err(Error::Conflict) }
}
