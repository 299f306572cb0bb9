//! Imports, what came of their rows, and the orders that became cases.

use std::collections::HashMap;

use entity::enums::{ImportState, RowOutcome};
use entity::hotline_import::{Column, Entity, Model};
use entity::id::{HotlineImportId, ServiceRequestId};
use entity::{hotline_order, hotline_row};
use kernel::base::Base;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::{Error, Result};
use kernel::page::{Cursor, Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, Iterable as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

/// How many rows ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Became a case.
    pub created: i32,
    /// Were there.
    pub known: i32,
    /// Withdrew a case.
    pub withdrawn: i32,
    /// Were refused.
    pub refused: i32,
}

/// An import as it is shown: all but the file.
fn shown() -> sea_orm::Select<Entity> {
    let mut columns: Vec<Column> = Column::iter().collect();
    columns.retain(|column| !matches!(column, Column::ContentSealed));
    Entity::find().select_only().columns(columns).expr_as(Expr::value(Option::<Vec<u8>>::None), "content_sealed")
}

/// Keeps an import.
pub async fn insert_import(tx: &Tx, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// An import, without its file.
pub async fn import(base: &Base, id: HotlineImportId) -> Result<Option<Model>> {
    Ok(shown().filter(Column::Id.eq(id)).one(base.db.reader()).await?)
}

/// Whether an import waits to be worked on.
pub async fn is_waiting(base: &Base) -> Result<bool> {
    let waiting = Entity::find().select_only().column(Column::Id).filter(open()).limit(1);
    Ok(waiting.into_tuple::<HotlineImportId>().one(base.db.reader()).await?.is_some())
}

/// The import that waits longest.
pub async fn next(base: &Base) -> Result<Option<Model>> {
    Ok(shown().filter(open()).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).one(base.db.reader()).await?)
}

fn open() -> sea_orm::Condition {
    sea_orm::Condition::all().add(Column::State.is_in([ImportState::Queued, ImportState::Running]))
}

/// Its file, sealed.
pub async fn content(base: &Base, id: HotlineImportId) -> Result<Option<Vec<u8>>> {
    let found = Entity::find_by_id(id).select_only().column(Column::ContentSealed);
    Ok(found.into_tuple::<Option<Vec<u8>>>().one(base.db.reader()).await?.flatten())
}

/// Moves the count of rows done, from where it was seen; only one of two who would do the same rows does.
pub async fn move_on(tx: &Tx, id: HotlineImportId, (from, rows): (i32, i32), counts: Counts) -> Result<()> {
    let plus = |column: Column, more: i32| Expr::col((Entity, column)).add(more);
    let moved = Entity::update_many()
        .col_expr(Column::State, Expr::value(ImportState::Running))
        .col_expr(Column::DoneCount, Expr::value(from + rows))
        .col_expr(Column::CreatedCount, plus(Column::CreatedCount, counts.created))
        .col_expr(Column::KnownCount, plus(Column::KnownCount, counts.known))
        .col_expr(Column::WithdrawnCount, plus(Column::WithdrawnCount, counts.withdrawn))
        .col_expr(Column::RefusedCount, plus(Column::RefusedCount, counts.refused))
        .filter(Column::Id.eq(id))
        .filter(Column::DoneCount.eq(from))
        .filter(open())
        .exec(tx.db())
        .await?;
    if moved.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Ends an import; its file is no longer needed.
pub async fn settle(tx: &Tx, id: HotlineImportId, state: ImportState) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::ContentSealed, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(Column::FinishedAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Notes what came of rows.
pub async fn insert_rows(tx: &Tx, rows: &[hotline_row::Model]) -> Result<()> {
    bulk::insert(tx, rows).await
}

/// What came of rows, in their order; of one kind, or of all.
pub async fn page(
    base: &Base,
    id: HotlineImportId,
    outcome: Option<RowOutcome>,
    page: &PageRequest,
) -> Result<Page<(hotline_row::Model, Cursor)>> {
    use hotline_row::Column as C;
    let mut query = hotline_row::Entity::find().filter(C::ImportId.eq(id));
    if let Some(outcome) = outcome {
        query = query.filter(C::Outcome.eq(outcome));
    }
    let rows = page.apply_numbered(query, (hotline_row::Entity, C::RowNo)).all(base.db.reader()).await?;
    let rows = rows.into_iter().map(|row| {
        let at = Cursor::numbered(row.row_no);
        (row, at)
    });
    Ok(page.page(rows.collect()))
}

/// Remembers orders that became cases.
pub async fn insert_orders(tx: &Tx, orders: &[hotline_order::Model]) -> Result<()> {
    bulk::insert(tx, orders).await
}

/// The keyed hashes of rows that cases came from.
pub async fn digests(tx: &Tx, ids: &[ServiceRequestId]) -> Result<HashMap<ServiceRequestId, Vec<u8>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = hotline_order::Entity::find().filter(in_keys(tx.db(), hotline_order::Column::RequestId, ids));
    Ok(found.all(tx.db()).await?.into_iter().map(|row| (row.request_id, row.digest)).collect())
}
