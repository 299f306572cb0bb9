//! Who holds a role where (任职者), for those who tell of what happened: some statements, however many are asked for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::{AccountStatus, Role, ScopeKind};
use entity::id::{AccountId, AreaId, PartyOrganizationId};
use entity::{account, area, role_grant};
use kernel::db::in_keys;
use kernel::error::Result;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

/// Accounts that one statement names at most: SQLite binds 32,766 values.
const AT_ONCE: usize = 4_000;

/// Somebody who holds a role in an area now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub account: AccountId,
    /// As what.
    pub role: Role,
    /// Path of the area in which the role holds, with all below.
    pub area_path: String,
}

/// Who holds one of the roles in an area of one of the paths, the earliest granted first; those above a place are asked for by
/// the beginnings of its path.
///
/// # Errors
/// When the database does not answer.
pub async fn holders(
    db: &impl ConnectionTrait,
    roles: &[Role],
    paths: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<Holder>> {
    if roles.is_empty() || paths.is_empty() {
        return Ok(Vec::new());
    }
    let areas = area::Entity::find()
        .select_only()
        .column(area::Column::Id)
        .column(area::Column::Path)
        .filter(area::Column::Path.is_in(paths));
    let areas: HashMap<Uuid, String> =
        areas.into_tuple::<(AreaId, String)>().all(db).await?.into_iter().map(|(id, path)| (id.0, path)).collect();
    let ids: Vec<AreaId> = areas.keys().copied().map(AreaId::from).collect();
    let until = role_grant::Column::ValidTo;
    let grants = role_grant::Entity::find()
        .filter(in_keys(db, role_grant::Column::ScopeId, &ids))
        .filter(role_grant::Column::Role.is_in(roles.iter().copied()))
        .filter(role_grant::Column::ScopeKind.eq(ScopeKind::Area))
        .filter(role_grant::Column::ValidFrom.lte(now))
        .filter(Condition::any().add(until.is_null()).add(until.gt(now)))
        .order_by_asc(role_grant::Column::Id);
    let holder = |grant: role_grant::Model| {
        let area_path = areas.get(&grant.scope_id)?.clone();
        Some(Holder { account: grant.account_id, role: grant.role, area_path })
    };
    Ok(grants.all(db).await?.into_iter().filter_map(holder).collect())
}

/// Who is secretary of some organisations of the party, to be told something.
///
/// # Errors
/// When the database does not answer.
pub async fn secretaries(
    db: &impl ConnectionTrait,
    organizations: &[PartyOrganizationId],
    now: DateTime<Utc>,
) -> Result<Vec<(PartyOrganizationId, AccountId)>> {
    if organizations.is_empty() {
        return Ok(Vec::new());
    }
    let until = role_grant::Column::ValidTo;
    let grants = role_grant::Entity::find()
        .filter(in_keys(db, role_grant::Column::ScopeId, organizations))
        .filter(role_grant::Column::Role.eq(Role::PartySecretary))
        .filter(role_grant::Column::ScopeKind.eq(ScopeKind::PartyOrganization))
        .filter(role_grant::Column::ValidFrom.lte(now))
        .filter(Condition::any().add(until.is_null()).add(until.gt(now)))
        .order_by_asc(role_grant::Column::Id);
    let of = |grant: role_grant::Model| (PartyOrganizationId(grant.scope_id), grant.account_id);
    Ok(grants.all(db).await?.into_iter().map(of).collect())
}

/// Those of the accounts that may sign in.
///
/// # Errors
/// When the database does not answer.
pub async fn active_among(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
    let mut active = Vec::new();
    for some in accounts.chunks(AT_ONCE) {
        let rows = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(in_keys(db, account::Column::Id, some))
            .filter(account::Column::Status.eq(AccountStatus::Active));
        active.extend(rows.into_tuple::<AccountId>().all(db).await?);
    }
    Ok(active)
}
