//! Lists, loaders, and what other slices ask (查询).

use chrono::{DateTime, Utc};
use entity::enums::{OrganizationKind, UnitDuty};
use entity::id::{AccountId, OrganizationId, UnitId};
use entity::{organization, unit, unit_area, unit_category, unit_member};
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::page::{Page, PageRequest};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::is_open_at;

/// Organisations (机构), of one kind or of all, last changed first; the cursor is `updated_at` and id.
///
/// # Errors
/// When the database does not answer.
pub async fn organizations(
    db: &impl ConnectionTrait,
    kind: Option<OrganizationKind>,
    page: &PageRequest,
) -> Result<Page<organization::Model>> {
    let mut query = organization::Entity::find();
    if let Some(kind) = kind {
        query = query.filter(organization::Column::Kind.eq(kind));
    }
    let query = page.apply(query, organization::Column::UpdatedAt, organization::Column::Id, true);
    Ok(page.page(query.all(db).await?))
}

/// Organisations by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn organizations_by_ids(
    db: &impl ConnectionTrait,
    ids: &[OrganizationId],
) -> Result<Vec<organization::Model>> {
    Ok(organization::Entity::find().filter(in_keys(db, organization::Column::Id, ids)).all(db).await?)
}

/// Units by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn units_by_ids(db: &impl ConnectionTrait, ids: &[UnitId]) -> Result<Vec<unit::Model>> {
    Ok(unit::Entity::find().filter(in_keys(db, unit::Column::Id, ids)).all(db).await?)
}

/// Units of organisations, by organisation and name; each has at most [`crate::UNITS_PER_ORGANIZATION`].
///
/// # Errors
/// When the database does not answer.
pub async fn units_of(db: &impl ConnectionTrait, organizations: &[OrganizationId]) -> Result<Vec<unit::Model>> {
    let units = unit::Entity::find()
        .filter(in_keys(db, unit::Column::OrganizationId, organizations))
        .order_by_asc(unit::Column::OrganizationId)
        .order_by_asc(unit::Column::Name)
        .order_by_asc(unit::Column::Id);
    Ok(units.all(db).await?)
}

/// Who is a member of the units at an instant, leaders before handlers, the longest-serving first; each unit has at most
/// [`crate::MEMBERS_PER_UNIT`].
///
/// # Errors
/// When the database does not answer.
pub async fn members_of(
    db: &impl ConnectionTrait,
    units: &[UnitId],
    now: DateTime<Utc>,
) -> Result<Vec<unit_member::Model>> {
    let members = unit_member::Entity::find()
        .filter(in_keys(db, unit_member::Column::UnitId, units))
        .filter(holds_at(now))
        .order_by_asc(unit_member::Column::UnitId)
        .order_by_desc(unit_member::Column::Duty)
        .order_by_asc(unit_member::Column::ValidFrom)
        .order_by_asc(unit_member::Column::Id);
    Ok(members.all(db).await?)
}

/// Areas the units answer for, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn areas_of(db: &impl ConnectionTrait, units: &[UnitId]) -> Result<Vec<unit_area::Model>> {
    Ok(unit_area::Entity::find().filter(in_keys(db, unit_area::Column::UnitId, units)).all(db).await?)
}

/// Categories the units answer for, by unit and code, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn categories_of(db: &impl ConnectionTrait, units: &[UnitId]) -> Result<Vec<unit_category::Model>> {
    let answers = unit_category::Entity::find()
        .filter(in_keys(db, unit_category::Column::UnitId, units))
        .order_by_asc(unit_category::Column::UnitId)
        .order_by_asc(unit_category::Column::CategoryCode);
    Ok(answers.all(db).await?)
}

/// Those of the units that take new orders.
///
/// # Errors
/// When the database does not answer.
pub async fn active_units(db: &impl ConnectionTrait, ids: &[UnitId]) -> Result<Vec<unit::Model>> {
    let active = unit::Entity::find()
        .filter(in_keys(db, unit::Column::Id, ids))
        .filter(unit::Column::IsActive.eq(true))
        .order_by_asc(unit::Column::Id);
    Ok(active.all(db).await?)
}

/// Who leads a unit at an instant (承办单位负责人): of several, the longest-serving.
///
/// # Errors
/// When the database does not answer.
pub async fn leader_of(db: &impl ConnectionTrait, unit: UnitId, now: DateTime<Utc>) -> Result<Option<AccountId>> {
    let leader = unit_member::Entity::find()
        .filter(unit_member::Column::UnitId.eq(unit))
        .filter(unit_member::Column::Duty.eq(UnitDuty::Leader))
        .filter(holds_at(now))
        .order_by_asc(unit_member::Column::ValidFrom)
        .order_by_asc(unit_member::Column::Id)
        .limit(1)
        .one(db)
        .await?;
    Ok(leader.map(|member| member.account_id))
}

/// Whether a person is a member of a unit at an instant, as whatever.
///
/// # Errors
/// When the database does not answer.
pub async fn is_member(
    db: &impl ConnectionTrait,
    unit: UnitId,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let member = unit_member::Entity::find()
        .filter(unit_member::Column::UnitId.eq(unit))
        .filter(unit_member::Column::AccountId.eq(account))
        .filter(holds_at(now));
    Ok(member.limit(1).one(db).await?.is_some())
}

fn holds_at(now: DateTime<Utc>) -> Condition {
    Condition::all().add(unit_member::Column::ValidFrom.lte(now)).add(is_open_at(now))
}
