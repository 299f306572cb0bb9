//! Grants and the places that give roles (授权与任职).

use chrono::{DateTime, Utc};
use entity::enums::{Role, ScopeKind, UnitDuty};
use entity::id::{AccountId, AreaId, Id as _, OrganizationId, PartyOrganizationId, RoleGrantId, UnitId};
use entity::{area, organization, party_organization, role_grant, unit, unit_member};
use kernel::actor::{Grant, GrantScope};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use uuid::Uuid;

/// A grant to be written.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// Whose.
    pub account: AccountId,
    /// As what.
    pub role: Role,
    /// Where.
    pub scope: (ScopeKind, Uuid),
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; open end when `None`.
    pub until: Option<DateTime<Utc>>,
}

pub async fn insert_grant(tx: &Tx, grant: &NewGrant) -> Result<role_grant::Model> {
    let row = role_grant::ActiveModel {
        id: Set(tx.id()?),
        account_id: Set(grant.account),
        role: Set(grant.role),
        scope_kind: Set(grant.scope.0),
        scope_id: Set(grant.scope.1),
        valid_from: Set(grant.from),
        valid_to: Set(grant.until),
        granted_by: Set(tx.actor().account()),
    };
    Ok(row.insert(tx.db()).await?)
}

/// Grants of an account that hold now or will.
pub async fn grants_not_over(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<role_grant::Model>> {
    let until = role_grant::Column::ValidTo;
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(Condition::any().add(until.is_null()).add(until.gt(now)))
        .order_by_asc(role_grant::Column::Id);
    Ok(rows.all(db).await?)
}

/// Grants of many accounts that hold now or will, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn grants_of_many(base: &Base, accounts: &[AccountId]) -> Result<Vec<role_grant::Model>> {
    let (db, until) = (base.db.reader(), role_grant::Column::ValidTo);
    let rows = role_grant::Entity::find()
        .filter(in_keys(db, role_grant::Column::AccountId, accounts))
        .filter(Condition::any().add(until.is_null()).add(until.gt(base.clock.now())))
        .order_by_asc(role_grant::Column::Id);
    Ok(rows.all(db).await?)
}

/// A grant by id.
///
/// # Errors
/// When the database does not answer.
pub async fn grant_by_id(db: &impl ConnectionTrait, id: RoleGrantId) -> Result<Option<role_grant::Model>> {
    Ok(role_grant::Entity::find_by_id(id).one(db).await?)
}

/// Gives the grants of an area that hold now or will to others too; those of an area that is no more end now. Gives back what was
/// written, and whether it is over.
///
/// # Errors
/// When the database does not answer.
pub async fn pass_on_grants(tx: &Tx, area: AreaId, heirs: &[AreaId]) -> Result<Vec<(role_grant::Model, bool)>> {
    let mut written = Vec::new();
    let until = role_grant::Column::ValidTo;
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::ScopeKind.eq(ScopeKind::Area))
        .filter(role_grant::Column::ScopeId.is_in(heirs.iter().chain([&area]).map(|id| id.0)))
        .filter(Condition::any().add(until.is_null()).add(until.gt(tx.now())))
        .order_by_asc(role_grant::Column::Id)
        .all(tx.db())
        .await?;
    let (own, mut others): (Vec<_>, Vec<_>) = held.into_iter().partition(|row| row.scope_id == area.0);
    for row in own {
        for heir in heirs.iter().filter(|heir| **heir != area) {
            let from = row.valid_from.max(tx.now());
            let is_covered = |other: &role_grant::Model| {
                let is_theirs = other.account_id == row.account_id && other.role == row.role;
                let is_as_long = other.valid_to.is_none_or(|to| row.valid_to.is_some_and(|until| until <= to));
                is_theirs && other.scope_id == heir.0 && other.valid_from <= from && is_as_long
            };
            if others.iter().any(is_covered) {
                continue;
            }
            let scope = (ScopeKind::Area, heir.0);
            let grant = NewGrant { account: row.account_id, role: row.role, scope, from, until: row.valid_to };
            let given = insert_grant(tx, &grant).await?;
            written.push((given.clone(), false));
            others.push(given);
        }
        if !heirs.contains(&area) {
            written.extend(end_grant(tx, row.id).await?.map(|ended| (ended, true)));
        }
    }
    Ok(written)
}

/// Ends a grant now, whether it has begun or not; `None` when it was over.
pub async fn end_grant(tx: &Tx, id: RoleGrantId) -> Result<Option<role_grant::Model>> {
    let until = role_grant::Column::ValidTo;
    let ended = role_grant::Entity::update_many()
        .col_expr(until, Expr::value(tx.now()))
        .filter(role_grant::Column::Id.eq(id))
        .filter(Condition::any().add(until.is_null()).add(until.gt(tx.now())))
        .exec_with_returning(tx.db())
        .await?;
    Ok(ended.into_iter().next())
}

pub async fn scope_exists(db: &impl ConnectionTrait, (kind, id): (ScopeKind, Uuid)) -> Result<bool> {
    Ok(match kind {
        ScopeKind::Area => {
            let found = area::Entity::find_by_id(AreaId(id)).one(db).await?;
            found.is_some_and(|area| area.valid_to.is_none())
        }
        ScopeKind::Organization => organization::Entity::find_by_id(OrganizationId(id)).one(db).await?.is_some(),
        ScopeKind::Unit => unit::Entity::find_by_id(UnitId(id)).one(db).await?.is_some(),
        ScopeKind::PartyOrganization => {
            party_organization::Entity::find_by_id(PartyOrganizationId(id)).one(db).await?.is_some()
        }
    })
}

/// Whether a scope is a whole street.
pub async fn is_street(db: &impl ConnectionTrait, (kind, id): (ScopeKind, Uuid)) -> Result<bool> {
    if kind != ScopeKind::Area {
        return Ok(false);
    }
    Ok(area::Entity::find_by_id(AreaId(id)).one(db).await?.is_some_and(|area| area.parent_id.is_none()))
}

/// A role that somebody holds now (现任角色), by a grant or by a place in a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// As what.
    pub role: Role,
    /// What the scope names.
    pub scope_kind: ScopeKind,
    /// Area, organisation, unit or organisation of the party.
    pub scope_id: Uuid,
    /// Until when; open end when `None`.
    pub until: Option<DateTime<Utc>>,
}

/// Roles that hold at an instant: those granted, and those that follow from a place in a unit; always in the same order,
/// so that two looks can be compared.
///
/// # Errors
/// When the database does not answer.
pub async fn roles_held(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Held>> {
    let granted = grants_not_over(db, account, now).await?;
    let granted = granted.into_iter().filter(|row| row.valid_from <= now).map(|row| Held {
        role: row.role,
        scope_kind: row.scope_kind,
        scope_id: row.scope_id,
        until: row.valid_to,
    });
    let until = unit_member::Column::ValidTo;
    let places = unit_member::Entity::find()
        .filter(unit_member::Column::AccountId.eq(account))
        .filter(unit_member::Column::ValidFrom.lte(now))
        .filter(Condition::any().add(until.is_null()).add(until.gt(now)))
        .order_by_asc(unit_member::Column::Id)
        .all(db)
        .await?;
    let places = places.into_iter().map(|place| Held {
        role: match place.duty {
            UnitDuty::Leader => Role::UnitLeader,
            UnitDuty::Handler => Role::Handler,
        },
        scope_kind: ScopeKind::Unit,
        scope_id: place.unit_id.into(),
        until: place.valid_to,
    });
    Ok(granted.chain(places).collect())
}

/// The grants that [`roles_held`] make, with the paths of areas and of the party's organisations.
///
/// # Errors
/// When the database does not answer.
pub async fn grants_of(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Grant>> {
    let held = roles_held(db, account, now).await?;
    let paths = paths_of(db, &held).await?;
    let path_of = |id: Uuid| paths.iter().find(|(known, _)| *known == id).map(|(_, path)| path.clone());
    let grants = held.into_iter().filter_map(|held| {
        let scope = match held.scope_kind {
            ScopeKind::Area => GrantScope::Area(path_of(held.scope_id)?),
            ScopeKind::Organization => GrantScope::Organization(OrganizationId(held.scope_id)),
            ScopeKind::Unit => GrantScope::Unit(UnitId(held.scope_id)),
            ScopeKind::PartyOrganization => GrantScope::PartyOrganization(path_of(held.scope_id)?),
        };
        Some(Grant { role: held.role, scope, until: held.until })
    });
    Ok(grants.collect())
}

/// The paths of the scopes that have one.
async fn paths_of(db: &impl ConnectionTrait, held: &[Held]) -> Result<Vec<(Uuid, String)>> {
    let of = |kind| held.iter().filter(move |held| held.scope_kind == kind).map(|held| held.scope_id);
    let areas: Vec<AreaId> = of(ScopeKind::Area).map(AreaId).collect();
    let organizations: Vec<PartyOrganizationId> = of(ScopeKind::PartyOrganization).map(PartyOrganizationId).collect();
    let mut paths = Vec::new();
    if !areas.is_empty() {
        let rows = area::Entity::find().filter(in_keys(db, area::Column::Id, &areas)).all(db).await?;
        paths.extend(rows.into_iter().map(|row| (row.id.0, row.path)));
    }
    if !organizations.is_empty() {
        let ids = in_keys(db, party_organization::Column::Id, &organizations);
        let rows = party_organization::Entity::find().filter(ids).all(db).await?;
        paths.extend(rows.into_iter().map(|row| (row.id.0, row.path)));
    }
    Ok(paths)
}

/// The scope of a grant as a global id, for the audit chain.
#[must_use]
pub fn scope_text((kind, id): (ScopeKind, Uuid)) -> String {
    match kind {
        ScopeKind::Area => AreaId(id).text(),
        ScopeKind::Organization => OrganizationId(id).text(),
        ScopeKind::Unit => UnitId(id).text(),
        ScopeKind::PartyOrganization => PartyOrganizationId(id).text(),
    }
}
