//! The only file of this slice that names columns (存取): here what the verbs read and write, in `read` and `candidates`
//! what others ask.

mod candidates;
mod read;

use chrono::{DateTime, Utc};
use entity::enums::{AccountStatus, EditionKind, OrganizationKind};
use entity::id::{AccountId, AreaId, OrganizationId, UnitId, UnitMemberId};
use entity::{account, area, edition, organization, unit, unit_area, unit_category, unit_member};
use kernel::db::{in_keys, is_taken};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Permitted;
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};

pub use self::candidates::{Candidate, candidates};
pub use self::read::{
    active_units, areas_of, categories_of, is_member, leader_of, members_of, organizations, organizations_by_ids,
    units_by_ids, units_of,
};
use crate::command::{AddUnitMember, CategoryCode, Edit, SaveOrganization, SaveUnit};
use crate::fact::{Change, texts};
use crate::policy::{Organization, Unit};

/// Rows that one statement inserts at most: SQLite binds a limited number of values.
const CHUNK: usize = 200;

/// From when until when a person is a member; the end is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// From.
    pub from: DateTime<Utc>,
    /// Until; open when `None`.
    pub until: Option<DateTime<Utc>>,
}

/// An organisation that is to be made: version 0 until it is saved.
pub fn blank_organization(tx: &Tx) -> Result<organization::Model> {
    let (name, kind) = (String::new(), OrganizationKind::GovernmentOffice);
    Ok(organization::Model { id: tx.id()?, name, kind, credit_code: None, version: 0, updated_at: tx.now() })
}

/// A unit that is to be made: version 0 until it is saved.
pub fn blank_unit(tx: &Tx, organization_id: OrganizationId) -> Result<unit::Model> {
    let name = String::new();
    Ok(unit::Model { id: tx.id()?, organization_id, name, is_active: true, version: 0, updated_at: tx.now() })
}

pub async fn organization(db: &impl ConnectionTrait, id: OrganizationId) -> Result<Option<organization::Model>> {
    Ok(organization::Entity::find_by_id(id).one(db).await?)
}

pub async fn unit(db: &impl ConnectionTrait, id: UnitId) -> Result<Option<unit::Model>> {
    Ok(unit::Entity::find_by_id(id).one(db).await?)
}

/// Writes what the command says over the row, as long as nobody else has.
pub async fn save_organization(
    tx: &Tx,
    row: Permitted<Organization>,
    command: &SaveOrganization,
) -> Result<organization::Model> {
    let Organization(row) = row.into_row();
    let name = command.name.as_str().to_owned();
    let credit_code = match &command.credit_code {
        Edit::Keep => row.credit_code,
        Edit::Clear => None,
        Edit::Set(code) => Some(code.as_str().to_owned()),
    };
    if row.version == 0 {
        let (kind, updated_at) = (command.kind, tx.now());
        let made = organization::Model { id: row.id, name, kind, credit_code, version: 1, updated_at };
        organization::Entity::insert(organization::ActiveModel::from(made.clone()).reset_all())
            .exec_without_returning(tx.db())
            .await
            .map_err(code_taken)?;
        return Ok(made);
    }
    let saved = organization::Entity::update_many()
        .col_expr(organization::Column::Name, Expr::value(name))
        .col_expr(organization::Column::Kind, Expr::value(command.kind))
        .col_expr(organization::Column::CreditCode, Expr::value(credit_code))
        .col_expr(organization::Column::Version, Expr::value(row.version + 1))
        .col_expr(organization::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(organization::Column::Id.eq(row.id))
        .filter(organization::Column::Version.eq(row.version))
        .exec_with_returning(tx.db())
        .await
        .map_err(code_taken)?;
    saved.into_iter().next().ok_or(Error::Conflict)
}

/// Another organisation has the code: one code is one organisation's.
fn code_taken(error: DbErr) -> Error {
    if !is_taken(&error, "organization", &["credit_code"]) {
        return error.into();
    }
    UserError::at(UserErrorCode::Invalid, "creditCode").with(Detail::Because("taken")).into()
}

/// Writes what the command says over the row, as long as nobody else has; what it answers for is written by itself.
pub async fn save_unit(tx: &Tx, row: Permitted<Unit>, command: &SaveUnit) -> Result<unit::Model> {
    let Unit(row) = row.into_row();
    let name = command.name.as_str().to_owned();
    if row.version == 0 {
        let (organization_id, is_active) = (command.organization, command.is_active);
        let made = unit::Model { id: row.id, organization_id, name, is_active, version: 1, updated_at: tx.now() };
        unit::Entity::insert(unit::ActiveModel::from(made.clone()).reset_all()).exec_without_returning(tx.db()).await?;
        return Ok(made);
    }
    let saved = unit::Entity::update_many()
        .col_expr(unit::Column::OrganizationId, Expr::value(command.organization))
        .col_expr(unit::Column::Name, Expr::value(name))
        .col_expr(unit::Column::IsActive, Expr::value(command.is_active))
        .col_expr(unit::Column::Version, Expr::value(row.version + 1))
        .col_expr(unit::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(unit::Column::Id.eq(row.id))
        .filter(unit::Column::Version.eq(row.version))
        .exec_with_returning(tx.db())
        .await?;
    saved.into_iter().next().ok_or(Error::Conflict)
}

/// Moves a unit to its next version, for a change that is not in its row: who is a member. Takes the row's lock.
pub async fn move_version(tx: &Tx, row: Permitted<Unit>) -> Result<unit::Model> {
    let Unit(row) = row.into_row();
    let moved = unit::Entity::update_many()
        .col_expr(unit::Column::Version, Expr::value(row.version + 1))
        .col_expr(unit::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(unit::Column::Id.eq(row.id))
        .filter(unit::Column::Version.eq(row.version))
        .exec_with_returning(tx.db())
        .await?;
    moved.into_iter().next().ok_or(Error::Conflict)
}

/// Makes the areas of a unit exactly these; tells the difference.
pub async fn replace_areas(tx: &Tx, unit: UnitId, areas: &[AreaId]) -> Result<Change<AreaId>> {
    let before: Vec<AreaId> = areas_of(tx.db(), &[unit]).await?.into_iter().map(|answer| answer.area_id).collect();
    let change = Change::between(&before, areas);
    if !change.removed.is_empty() {
        unit_area::Entity::delete_many()
            .filter(unit_area::Column::UnitId.eq(unit))
            .filter(in_keys(tx.db(), unit_area::Column::AreaId, &change.removed))
            .exec(tx.db())
            .await?;
    }
    for chunk in change.added.chunks(CHUNK) {
        let rows = chunk.iter().map(|area| unit_area::ActiveModel { unit_id: Set(unit), area_id: Set(*area) });
        unit_area::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(change)
}

/// Has the units that answer for an area answer for others too; for an area that is no more nobody answers.
///
/// # Errors
/// When the database does not answer.
pub async fn pass_on_area(tx: &Tx, area: AreaId, heirs: &[AreaId]) -> Result<()> {
    use unit_area::Column as C;
    let units = unit_area::Entity::find().filter(C::AreaId.eq(area)).all(tx.db()).await?;
    let known = OnConflict::columns([C::UnitId, C::AreaId]).do_nothing().to_owned();
    let others = heirs.iter().filter(|heir| **heir != area);
    let rows: Vec<_> = others
        .flat_map(|heir| {
            units.iter().map(|row| unit_area::ActiveModel { unit_id: Set(row.unit_id), area_id: Set(*heir) })
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        let added = unit_area::Entity::insert_many(chunk.to_vec()).on_conflict(known.clone());
        added.exec_without_returning(tx.db()).await?;
    }
    if !heirs.contains(&area) {
        unit_area::Entity::delete_many().filter(C::AreaId.eq(area)).exec(tx.db()).await?;
    }
    Ok(())
}

/// Makes the categories of a unit exactly these; tells the difference.
pub async fn replace_categories(tx: &Tx, unit: UnitId, codes: &[CategoryCode]) -> Result<Change<String>> {
    let before = categories_of(tx.db(), &[unit]).await?;
    let before: Vec<String> = before.into_iter().map(|answer| answer.category_code).collect();
    let change = Change::between(&before, &texts(codes));
    if !change.removed.is_empty() {
        unit_category::Entity::delete_many()
            .filter(unit_category::Column::UnitId.eq(unit))
            .filter(unit_category::Column::CategoryCode.is_in(change.removed.iter().cloned()))
            .exec(tx.db())
            .await?;
    }
    for chunk in change.added.chunks(CHUNK) {
        let row = |code: &String| unit_category::ActiveModel { unit_id: Set(unit), category_code: Set(code.clone()) };
        unit_category::Entity::insert_many(chunk.iter().map(row)).exec_without_returning(tx.db()).await?;
    }
    Ok(change)
}

/// Whether every one of the areas exists, and is in use.
pub async fn all_areas_exist(db: &impl ConnectionTrait, ids: &[AreaId]) -> Result<bool> {
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let in_use = area::Entity::find().filter(area::Column::ValidTo.is_null());
    let known = in_use.filter(in_keys(db, area::Column::Id, &wanted)).count(db).await?;
    Ok(known == wanted.len() as u64)
}

/// Whether every one of the categories exists.
pub async fn all_categories_exist(db: &impl ConnectionTrait, codes: &[CategoryCode]) -> Result<bool> {
    let mut wanted = texts(codes);
    wanted.sort_unstable();
    wanted.dedup();
    let count = wanted.len() as u64;
    // Each category has one first edition.
    let known = edition::Entity::find()
        .filter(edition::Column::Kind.eq(EditionKind::Category))
        .filter(edition::Column::Version.eq(1))
        .filter(edition::Column::Code.is_in(wanted))
        .count(db)
        .await?;
    Ok(known == count)
}

pub async fn count_units(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<u64> {
    Ok(unit::Entity::find().filter(unit::Column::OrganizationId.eq(organization)).count(db).await?)
}

/// Whether there is such an account and it may sign in.
pub async fn can_serve(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    let found = account::Entity::find_by_id(account).one(db).await?;
    Ok(found.is_some_and(|account| account.status == AccountStatus::Active))
}

/// Whether the person is a member of the unit at any instant of the period. Touching ends do not overlap.
pub async fn has_overlap(db: &impl ConnectionTrait, unit: UnitId, account: AccountId, period: Period) -> Result<bool> {
    let mut other = unit_member::Entity::find()
        .filter(unit_member::Column::UnitId.eq(unit))
        .filter(unit_member::Column::AccountId.eq(account))
        .filter(is_open_at(period.from));
    if let Some(until) = period.until {
        other = other.filter(unit_member::Column::ValidFrom.lt(until));
    }
    Ok(other.one(db).await?.is_some())
}

/// How many people are members of the unit at an instant or will be.
pub async fn count_members(db: &impl ConnectionTrait, unit: UnitId, now: DateTime<Utc>) -> Result<u64> {
    let members = unit_member::Entity::find().filter(unit_member::Column::UnitId.eq(unit)).filter(is_open_at(now));
    Ok(members.count(db).await?)
}

pub async fn insert_member(tx: &Tx, command: &AddUnitMember, period: Period) -> Result<UnitMemberId> {
    let id = tx.id()?;
    let row = unit_member::ActiveModel {
        id: Set(id),
        unit_id: Set(command.unit),
        account_id: Set(command.account),
        duty: Set(command.duty),
        valid_from: Set(period.from),
        valid_to: Set(period.until),
    };
    unit_member::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(id)
}

/// Ends the person's period in the unit now and strikes those that have not begun; tells which.
pub async fn end_members(tx: &Tx, unit: UnitId, account: AccountId) -> Result<Vec<UnitMemberId>> {
    let own = Condition::all()
        .add(unit_member::Column::UnitId.eq(unit))
        .add(unit_member::Column::AccountId.eq(account))
        .add(is_open_at(tx.now()));
    let ended = unit_member::Entity::update_many()
        .col_expr(unit_member::Column::ValidTo, Expr::value(tx.now()))
        .filter(own.clone())
        .filter(unit_member::Column::ValidFrom.lt(tx.now()))
        .exec_with_returning(tx.db())
        .await?;
    // A period in which nothing could happen says nothing: it is struck, and the fact keeps its id.
    let struck = unit_member::Entity::delete_many().filter(own).exec_with_returning(tx.db()).await?;
    Ok(ended.into_iter().chain(struck).map(|member| member.id).collect())
}

/// Whether a period has not ended at an instant.
fn is_open_at(at: DateTime<Utc>) -> Condition {
    Condition::any().add(unit_member::Column::ValidTo.is_null()).add(unit_member::Column::ValidTo.gt(at))
}
