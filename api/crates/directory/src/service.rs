//! The verbs of the directory: one function each, on a [`Tx`] (指令的执行).

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use entity::id::{AccountId, UnitId};
use entity::{organization, unit};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Target;
use kernel::tx::Tx;

use crate::command::{AddUnitMember, EndUnitMembership, SaveOrganization, SaveUnit};
use crate::fact::{OrganizationFact, UnitFact};
use crate::policy::{self, Organization, OrganizationAction, Unit, UnitAction};
use crate::store::{self, Period};

/// Units of an organisation at most, so that lists of them need no pages.
pub const UNITS_PER_ORGANIZATION: u64 = 200;
/// People of a unit at most, those to come included.
pub const MEMBERS_PER_UNIT: u64 = 500;
/// Areas, and categories, that one unit answers for at most: a street has 180 grids and some hundred categories.
pub const ANSWERS_PER_UNIT: usize = 500;
/// How far ahead a period may reach: instants written with five-digit years do not sort as text.
const FAR_AHEAD: TimeDelta = TimeDelta::days(100 * 365);

/// Makes or changes an organisation.
///
/// # Errors
/// [`Error::Forbidden`] for all but administrators, [`Error::NotFound`], [`Error::Conflict`] when the version is stale;
/// `INVALID` when the credit code is another organisation's.
pub async fn save_organization(tx: &mut Tx, command: &SaveOrganization) -> Result<organization::Model> {
    policy::admit(tx.actor())?;
    let (row, seen) = match command.target {
        Target::New => (store::blank_organization(tx)?, 0),
        Target::Existing { id, expected_version } => {
            (store::organization(tx.db(), id).await?.ok_or(Error::NotFound)?, expected_version)
        }
    };
    let row = Organization(row).permit(tx.actor(), OrganizationAction::Save)?;
    as_seen(row.row().0.version, seen)?;
    let saved = store::save_organization(tx, row, command).await?;
    tx.record(saved.id.0, saved.version, &OrganizationFact::Saved { organization_kind: saved.kind })?;
    Ok(saved)
}

/// Makes or changes a unit, with all the areas and categories it answers for.
///
/// # Errors
/// [`Error::Forbidden`] for all but administrators, [`Error::NotFound`], [`Error::Conflict`] when the version is stale;
/// `INVALID` when the organisation, an area or a category does not exist, `LIMIT_EXCEEDED` when there are too many.
pub async fn save_unit(tx: &mut Tx, command: &SaveUnit) -> Result<unit::Model> {
    policy::admit(tx.actor())?;
    let (row, seen) = match command.target {
        Target::New => (store::blank_unit(tx, command.organization)?, 0),
        Target::Existing { id, expected_version } => (existing_unit(tx, id).await?, expected_version),
    };
    let row = Unit(row).permit(tx.actor(), UnitAction::Save)?;
    as_seen(row.row().0.version, seen)?;
    check_answers(tx, command).await?;
    check_organization(tx, row.row(), command).await?;
    let saved = store::save_unit(tx, row, command).await?;
    let areas = store::replace_areas(tx, saved.id, &command.areas).await?;
    let categories = store::replace_categories(tx, saved.id, &command.categories).await?;
    let happened =
        UnitFact::Saved { organization: saved.organization_id, is_active: saved.is_active, areas, categories };
    tx.record(saved.id.0, saved.version, &happened)?;
    Ok(saved)
}

/// Gives a person a place in a unit. Periods of one person in one unit never overlap; touching ends do not.
///
/// # Errors
/// [`Error::Forbidden`] for all but administrators and the unit's leaders, [`Error::NotFound`], [`Error::Conflict`] when the
/// version is stale; `INVALID` when the account cannot serve, the period is empty or begins in the past, or the person is
/// already a member during it; `LIMIT_EXCEEDED` when the unit is full.
pub async fn add_unit_member(tx: &mut Tx, command: &AddUnitMember) -> Result<unit::Model> {
    policy::admit(tx.actor())?;
    let row = Unit(existing_unit(tx, command.unit).await?).permit(tx.actor(), UnitAction::ManageMembers)?;
    as_seen(row.row().0.version, command.expected_version)?;
    let period = period(command, tx.now())?;
    if !store::can_serve(tx.db(), command.account).await? {
        return Err(because("userId", "unknown_or_disabled"));
    }
    // The version moves before the look at the periods: the row's lock keeps others from adding beside this one.
    let moved = store::move_version(tx, row).await?;
    if store::has_overlap(tx.db(), moved.id, command.account, period).await? {
        return Err(because("userId", "already_member"));
    }
    if store::count_members(tx.db(), moved.id, tx.now()).await? >= MEMBERS_PER_UNIT {
        return Err(too_many("userId", MEMBERS_PER_UNIT));
    }
    let membership = store::insert_member(tx, command, period).await?;
    let happened = UnitFact::MemberJoined {
        membership,
        account: command.account,
        duty: command.duty,
        valid_from: period.from,
        valid_to: period.until,
    };
    tx.record(moved.id.0, moved.version, &happened)?;
    Ok(moved)
}

/// Ends a person's place in a unit now; a planned later period never begins.
///
/// # Errors
/// [`Error::Forbidden`] for all but administrators and the unit's leaders, [`Error::NotFound`], [`Error::Conflict`] when the
/// version is stale; `INVALID` when the person has no place there.
pub async fn end_unit_membership(tx: &mut Tx, command: &EndUnitMembership) -> Result<unit::Model> {
    policy::admit(tx.actor())?;
    let row = Unit(existing_unit(tx, command.unit).await?).permit(tx.actor(), UnitAction::ManageMembers)?;
    as_seen(row.row().0.version, command.expected_version)?;
    leave(tx, row, command.account).await
}

/// Ends a person's place in a unit as part of a greater act that began elsewhere, such as handing over a leaver's open
/// cases (离任交接). The same people may as in [`end_unit_membership`].
///
/// # Errors
/// As [`end_unit_membership`], without a version to compare.
pub async fn end_membership(tx: &mut Tx, unit: UnitId, account: AccountId) -> Result<()> {
    policy::admit(tx.actor())?;
    let row = Unit(existing_unit(tx, unit).await?).permit(tx.actor(), UnitAction::ManageMembers)?;
    leave(tx, row, account).await.map(|_| ())
}

async fn leave(tx: &mut Tx, row: Permitted<Unit>, account: AccountId) -> Result<unit::Model> {
    let moved = store::move_version(tx, row).await?;
    let memberships = store::end_members(tx, moved.id, account).await?;
    if memberships.is_empty() {
        return Err(because("userId", "not_a_member"));
    }
    tx.record(moved.id.0, moved.version, &UnitFact::MemberLeft { account, memberships })?;
    Ok(moved)
}

async fn existing_unit(tx: &Tx, id: UnitId) -> Result<unit::Model> {
    store::unit(tx.db(), id).await?.ok_or(Error::NotFound)
}

async fn check_answers(tx: &Tx, command: &SaveUnit) -> Result<()> {
    for (field, count) in [("areaIds", command.areas.len()), ("categoryCodes", command.categories.len())] {
        if count > ANSWERS_PER_UNIT {
            return Err(too_many(field, ANSWERS_PER_UNIT as u64));
        }
    }
    if !store::all_areas_exist(tx.db(), &command.areas).await? {
        return Err(because("areaIds", "unknown"));
    }
    if !store::all_categories_exist(tx.db(), &command.categories).await? {
        return Err(because("categoryCodes", "unknown"));
    }
    Ok(())
}

async fn check_organization(tx: &Tx, row: &Unit, command: &SaveUnit) -> Result<()> {
    let is_new_there = row.0.version == 0 || row.0.organization_id != command.organization;
    if !is_new_there {
        return Ok(());
    }
    if store::organization(tx.db(), command.organization).await?.is_none() {
        return Err(because("organizationId", "unknown"));
    }
    if store::count_units(tx.db(), command.organization).await? >= UNITS_PER_ORGANIZATION {
        return Err(too_many("organizationId", UNITS_PER_ORGANIZATION));
    }
    Ok(())
}

/// The period a command asks for.
fn period(command: &AddUnitMember, now: DateTime<Utc>) -> Result<Period> {
    // What the database keeps of an instant is microseconds.
    let from = command.from.unwrap_or(now).trunc_subsecs(6);
    let until = command.until.map(|until| until.trunc_subsecs(6));
    if from < now {
        return Err(because("validFrom", "in_the_past"));
    }
    if from > now + FAR_AHEAD {
        return Err(because("validFrom", "too_far_ahead"));
    }
    match until {
        Some(until) if until <= from => Err(because("validTo", "before_start")),
        Some(until) if until > now + FAR_AHEAD => Err(because("validTo", "too_far_ahead")),
        _ => Ok(Period { from, until }),
    }
}

/// Whether the row still is as its editor saw it; 0 stands for a row that is to be made.
fn as_seen(version: i32, seen: i32) -> Result<()> {
    if version == seen { Ok(()) } else { Err(Error::Conflict) }
}

fn because(field: &str, reason: &'static str) -> Error {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(reason)).into()
}

fn too_many(field: &str, limit: u64) -> Error {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    UserError::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(limit)).into()
}
