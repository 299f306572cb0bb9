//! Proofs of residence.

use areas::change::Moved;
use chrono::{DateTime, Utc};
use entity::enums::ResidenceState;
use entity::id::{AccountId, ResidenceId};
use entity::proxy_grant;
use entity::residence::{Column, Entity, Model};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::is_any;
use kernel::error::{Error, Result};
use kernel::guarded::Permitted;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use kernel::vault::{Purpose, Vault};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use crate::command::Apply;
use crate::policy::{Residence, desk};

/// Under which names the parts of a flat are sealed.
pub(super) const BUILDING: &str = "residence.building";
pub(super) const UNIT: &str = "residence.unit";
pub(super) const ROOM: &str = "residence.room";
/// Proofs shown of a person at most: the newest.
const SHOWN: u64 = 20;

/// A flat (房屋): building, entrance and room, which are personal data. Its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Flat {
    /// Building.
    pub building: String,
    /// Entrance.
    pub unit: Option<String>,
    /// Room.
    pub room: String,
}

impl std::fmt::Debug for Flat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flat(…)")
    }
}

/// The same flat, however it is typed: without spaces, full-width signs and capitals folded.
fn words_of(grid_path: &str, compound: &str, flat: &Flat) -> Vec<u8> {
    let unit = flat.unit.as_deref().unwrap_or_default();
    let parts = [grid_path, compound, &flat.building, unit, &flat.room];
    let folded = parts.map(|part| {
        let signs = part.chars().filter(|sign| !sign.is_whitespace()).map(|sign| match sign {
            '！'..='～' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
            other => other,
        });
        signs.collect::<String>().to_lowercase()
    });
    folded.join("\n").into_bytes()
}

/// What is hashed of the flat that somebody applies for.
fn words_wanted(wanted: &Apply) -> Vec<u8> {
    words_of(&wanted.grid_path, &wanted.compound, &wanted.flat)
}

/// The flat, in clear: for who lives there, and for the neighbourhood that verifies it.
///
/// # Errors
/// A fault when a sealed value does not open.
pub fn flat_of(base: &Base, row: &Model) -> Result<Flat> {
    Ok(opened(&base.vault, row)?)
}

fn opened(vault: &Vault, row: &Model) -> anyhow::Result<Flat> {
    Ok(Flat {
        building: vault.open(BUILDING, &row.building_sealed)?,
        unit: row.unit_sealed.as_ref().map(|sealed| vault.open(UNIT, sealed)).transpose()?,
        room: vault.open(ROOM, &row.room_sealed)?,
    })
}

/// The blind index of a row's flat, by the key in force.
pub(super) fn flat_index(vault: &Vault, row: &Model) -> anyhow::Result<Vec<u8>> {
    let words = words_of(&row.grid_path, &row.compound, &opened(vault, row)?);
    Ok(vault.keyed_hash(Purpose::FlatIndex, &words))
}

/// Inserts an application.
pub async fn insert_residence(tx: &Tx, account_id: AccountId, wanted: &Apply) -> Result<Model> {
    let vault = &tx.base().vault;
    let flat = &wanted.flat;
    let row = Model {
        id: tx.id()?,
        version: 1,
        account_id,
        state: ResidenceState::Applied,
        relation: wanted.relation,
        area_id: wanted.area,
        area_path: wanted.area_path.clone(),
        grid_path: wanted.grid_path.clone(),
        compound: wanted.compound.clone(),
        building_sealed: vault.seal(BUILDING, &flat.building)?,
        unit_sealed: flat.unit.as_ref().map(|unit| vault.seal(UNIT, unit)).transpose()?,
        room_sealed: vault.seal(ROOM, &flat.room)?,
        flat_index: vault.keyed_hash(Purpose::FlatIndex, &words_wanted(wanted)),
        reject_reason: None,
        note: None,
        decided_by: None,
        decided_at: None,
        valid_until: None,
        ended_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

/// How many applications of a person wait.
pub async fn open_applications(tx: &Tx, account: AccountId) -> Result<u64> {
    let open = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::State.eq(ResidenceState::Applied));
    Ok(open.count(tx.db()).await?)
}

/// What a person applied for or has verified of one flat.
pub async fn of_flat(tx: &Tx, account: AccountId, wanted: &Apply) -> Result<Vec<Model>> {
    let indexes = tx.base().vault.keyed_hashes(Purpose::FlatIndex, &words_wanted(wanted));
    let query = Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(is_any(Column::FlatIndex, indexes))
        .filter(Column::State.is_in([ResidenceState::Applied, ResidenceState::Verified]));
    Ok(query.all(tx.db()).await?)
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update_residence(tx: &Tx, before: Permitted<Residence>, after: &Model) -> Result<()> {
    let Residence(before) = before.into_row();
    let change = bulk::changed(&before, after);
    let own = Entity::update_many().set(change).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// A proof, if it is the actor's own or lies where the actor decides.
pub async fn residence(db: &impl ConnectionTrait, actor: &Actor, id: ResidenceId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(seen_by(actor)).one(db).await?)
}

/// A proof, unless it is absent or hidden.
///
/// # Errors
/// When the database does not answer.
pub async fn residence_by_id(base: &Base, actor: &Actor, id: ResidenceId) -> Result<Option<Model>> {
    residence(base.db.reader(), actor, id).await
}

fn seen_by(actor: &Actor) -> Condition {
    if *actor == Actor::System {
        return Condition::all();
    }
    let own = actor.account().map(|account| Column::AccountId.eq(account));
    let seen = desk(actor).iter().map(|path| in_area(path)).fold(Condition::any(), Condition::add);
    // An empty `OR` would mean everything.
    seen.add_option(own).add(Expr::value(false))
}

/// The grid comes first, as the index of applications begins with it; inside a grid, the path decides.
fn in_area(path: &str) -> Condition {
    match areas::grid_path(path) {
        None => Condition::all().add(Column::GridPath.starts_with(path)),
        Some(grid) if grid == path => Condition::all().add(Column::GridPath.eq(grid)),
        Some(grid) => Condition::all().add(Column::GridPath.eq(grid)).add(Column::AreaPath.starts_with(path)),
    }
}

/// What a person applied for, newest first; at most 20.
///
/// # Errors
/// When the database does not answer.
pub async fn residences_of(base: &Base, account: AccountId) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::AccountId.eq(account)).order_by_desc(Column::CreatedAt).limit(SHOWN);
    Ok(own.all(base.db.reader()).await?)
}

/// What lies in a state where the actor decides, oldest first (待认证). Empty for who decides nowhere.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn applications(
    base: &Base,
    actor: &Actor,
    state: ResidenceState,
    page: &PageRequest,
) -> Result<Page<Model>> {
    actor.person()?;
    let desk = desk(actor);
    if desk.is_empty() {
        return Ok(Page { rows: Vec::new(), has_next: false, has_previous: false });
    }
    let there = desk.iter().map(|path| in_area(path)).fold(Condition::any(), Condition::add);
    let query = Entity::find().filter(there).filter(Column::State.eq(state));
    let query = page.apply(query, Column::CreatedAt, Column::Id, false);
    Ok(page.page(query.all(base.db.reader()).await?))
}

/// Proofs whose time is over, some at a time.
pub async fn due_residences(tx: &Tx, limit: u64) -> Result<Vec<Model>> {
    let due = Entity::find()
        .filter(Column::State.eq(ResidenceState::Verified))
        .filter(Column::ValidUntil.lte(tx.now()))
        .order_by_asc(Column::ValidUntil)
        .limit(limit);
    Ok(due.all(tx.db()).await?)
}

fn holds(account: AccountId, now: DateTime<Utc>) -> sea_orm::Select<Entity> {
    let is_current = Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gt(now));
    Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::State.eq(ResidenceState::Verified))
        .filter(is_current)
}

/// Has homes, and what was granted at counters, follow an area that has another path now, or is no more.
///
/// # Errors
/// When the database does not answer.
pub async fn follow_area(tx: &Tx, moved: &Moved) -> Result<()> {
    let grid = areas::grid_path(&moved.to_path).unwrap_or(&moved.to_path);
    Entity::update_many()
        .col_expr(Column::AreaId, Expr::value(moved.to))
        .col_expr(Column::AreaPath, Expr::value(moved.to_path.as_str()))
        .col_expr(Column::GridPath, Expr::value(grid))
        .filter(Column::AreaId.eq(moved.id))
        .exec(tx.db())
        .await?;
    proxy_grant::Entity::update_many()
        .col_expr(proxy_grant::Column::AreaPath, Expr::value(moved.to_path.as_str()))
        .filter(proxy_grant::Column::AreaPath.eq(moved.path.as_str()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Whether somebody lives in an area, as its neighbourhood verified (居住认证): asked before votes, matters of a compound, and
/// what is for a neighbourhood only. An area below the grid counts where the proof named it.
///
/// # Errors
/// When the database does not answer.
pub async fn is_verified_in(
    db: &impl ConnectionTrait,
    account: AccountId,
    area_path: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let there = holds(account, now).filter(Column::AreaPath.starts_with(area_path));
    Ok(there.limit(1).one(db).await?.is_some())
}

/// Paths of the areas that somebody's homes were verified in, as the proofs name them (已认证住所).
///
/// # Errors
/// When the database does not answer.
pub async fn verified_homes(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Vec<String>> {
    Ok(holds(account, now).select_only().column(Column::AreaPath).into_tuple().all(db).await?)
}

/// Paths of the grids in which somebody lives now, as verified; each once.
///
/// # Errors
/// When the database does not answer.
pub async fn grids_of(base: &Base, account: AccountId) -> Result<Vec<String>> {
    let homes = holds(account, base.clock.now()).select_only().column(Column::GridPath).distinct();
    Ok(homes.into_tuple().all(base.db.reader()).await?)
}

/// Selects the paths of the grids in which somebody lives at an instant, for the conditions of other slices' statements.
#[must_use]
pub fn homes_of(account: AccountId, now: DateTime<Utc>) -> SelectStatement {
    holds(account, now).select_only().column(Column::GridPath).into_query()
}
