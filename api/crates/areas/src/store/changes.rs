//! Changes of the map, and the map as they leave it.

use std::collections::BTreeSet;

use entity::enums::GridChangeState as State;
use entity::id::GridChangeId;
use entity::{area, grid_change};
use kernel::bulk;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::{import, shapes_of};
use crate::change::{Heirs, Moved};
use crate::redraw::Redraw;
use crate::{AreaCode, AreaShape};

/// The areas of a street that are in use, as the pure part of this crate knows them.
///
/// # Errors
/// A fault when a row is damaged; when the database does not answer.
pub async fn shapes_in_use(db: &impl ConnectionTrait, street: &str) -> Result<Vec<AreaShape>> {
    shapes_of(&of_street(db, street).await?)
}

/// Every area of a street, parents first; those that are no more too.
async fn of_street(db: &impl ConnectionTrait, street: &str) -> Result<Vec<area::Model>> {
    let below = area::Entity::find().filter(area::Column::Path.starts_with(format!("/{street}/")));
    Ok(below.order_by_asc(area::Column::Path).all(db).await?)
}

/// A change by its id.
///
/// # Errors
/// When the database does not answer.
pub async fn change(db: &impl ConnectionTrait, id: GridChangeId) -> Result<Option<grid_change::Model>> {
    Ok(grid_change::Entity::find_by_id(id).one(db).await?)
}

/// Changes that are planned, the next first.
///
/// # Errors
/// When the database does not answer.
pub async fn planned_changes(db: &impl ConnectionTrait) -> Result<Vec<grid_change::Model>> {
    use grid_change::Column as C;
    let planned = grid_change::Entity::find().filter(C::State.eq(State::Planned));
    Ok(planned.order_by_asc(C::ValidFrom).order_by_asc(C::Id).all(db).await?)
}

/// Changes in force whose cases are not all moved yet, the first first.
///
/// # Errors
/// When the database does not answer.
pub async fn unsettled_changes(db: &impl ConnectionTrait) -> Result<Vec<grid_change::Model>> {
    use grid_change::Column as C;
    let moving = grid_change::Entity::find().filter(C::State.eq(State::Applied)).filter(C::MovedAt.is_null());
    Ok(moving.order_by_asc(C::AppliedAt).order_by_asc(C::Id).all(db).await?)
}

/// The changes decided last, the last first, so many at most.
///
/// # Errors
/// When the database does not answer.
pub async fn changes(db: &impl ConnectionTrait, most: u64) -> Result<Vec<grid_change::Model>> {
    Ok(grid_change::Entity::find().order_by_desc(grid_change::Column::Id).limit(most).all(db).await?)
}

/// Notes a decision.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_change(tx: &Tx, row: &grid_change::Model) -> Result<()> {
    grid_change::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Notes what became of it.
///
/// # Errors
/// [`Error::Conflict`] when somebody was faster.
pub async fn update_change(tx: &Tx, before: &grid_change::Model, after: &grid_change::Model) -> Result<()> {
    use grid_change::Column as C;
    let written = grid_change::Entity::update_many()
        .set(bulk::changed(before, after))
        .filter(C::Id.eq(before.id))
        .filter(C::Version.eq(before.version))
        .filter(C::MovedCount.eq(before.moved_count))
        .exec(tx.db())
        .await?;
    if written.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Writes the map of a street as a change leaves it. Gives back the paths, as they were, of the grids that are concerned, where areas
/// went, and who inherits.
///
/// # Errors
/// When the database does not answer.
pub async fn redraw(
    tx: &mut Tx,
    street: &str,
    redraw: &Redraw,
    shapes: &[AreaShape],
) -> Result<(Vec<String>, Vec<Moved>, Vec<Heirs>)> {
    let before = of_street(tx.db(), street).await?;
    import(tx, shapes).await?;
    let retired: BTreeSet<&str> = redraw.retired().map(AreaCode::as_str).collect();
    write_validity(tx, redraw, &before).await?;
    let after = of_street(tx.db(), street).await?;
    let by_code = |code: &str| after.iter().find(|row| row.code == code);
    let heir_of = |code: &str| redraw.heirs.iter().find(|(grid, _)| grid.as_str() == code)?.1.first();
    let mut moved = Vec::new();
    for row in before.iter().filter(|row| row.valid_to.is_none()) {
        let goes_to = if retired.contains(row.code.as_str()) { heir_of(&row.code) } else { None };
        let to = by_code(goes_to.map_or(row.code.as_str(), AreaCode::as_str));
        let to = to.ok_or_else(|| anyhow::anyhow!("area {}: it went nowhere", row.code))?;
        if (to.id, &to.path) != (row.id, &row.path) {
            moved.push(Moved { id: row.id, path: row.path.clone(), to: to.id, to_path: to.path.clone() });
        }
    }
    let id_of = |code: &AreaCode| by_code(code.as_str()).map(|row| row.id);
    let heirs = redraw.heirs.iter().filter_map(|(grid, heirs)| {
        Some(Heirs { grid: id_of(grid)?, heirs: heirs.iter().filter_map(id_of).collect() })
    });
    let heirs = heirs.collect();
    let concerned = redraw.concerned();
    let is_concerned = |row: &&area::Model| concerned.iter().any(|code| code.as_str() == row.code);
    // Cases whose grid was given another parent lie below its path too.
    let paths = before.iter().filter(is_concerned).map(|row| row.path.clone());
    let paths = paths.chain(moved.iter().map(|moved| moved.path.clone())).collect::<BTreeSet<String>>();
    Ok((outermost(paths), moved, heirs))
}

/// Without paths that lie below another.
fn outermost(paths: BTreeSet<String>) -> Vec<String> {
    let mut outer: Vec<String> = Vec::new();
    for path in paths {
        if !outer.iter().any(|above| path.starts_with(above.as_str())) {
            outer.push(path);
        }
    }
    outer
}

async fn write_validity(tx: &Tx, redraw: &Redraw, before: &[area::Model]) -> Result<()> {
    use area::Column as C;
    let drawn: Vec<&str> = redraw.drawn.iter().map(|grid| grid.code.as_str()).collect();
    let known = before.iter().map(|row| row.code.as_str()).filter(|code| drawn.contains(code));
    let again = area::Entity::update_many().col_expr(C::Version, Expr::col(C::Version).add(1));
    again.filter(C::Code.is_in(known)).exec(tx.db()).await?;
    let begun = area::Entity::update_many().col_expr(C::ValidFrom, Expr::value(tx.now()));
    begun.filter(C::Code.is_in(drawn)).exec(tx.db()).await?;
    let ended = area::Entity::update_many().col_expr(C::ValidTo, Expr::value(tx.now()));
    ended.filter(C::Code.is_in(redraw.retired().map(AreaCode::as_str))).exec(tx.db()).await?;
    Ok(())
}
