//! Tables as files.

use chrono::{DateTime, Utc};
use entity::id::KpiExportId;
use entity::kpi_export::{Column, Entity, Model};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};

/// Keeps a file.
pub async fn insert_export(tx: &Tx, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// What is known of a file.
pub async fn export(base: &Base, id: KpiExportId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(base.db.reader()).await?)
}

/// A file that can still be fetched.
pub async fn content(base: &Base, id: KpiExportId) -> Result<Option<Model>> {
    let alive = Entity::find_by_id(id).filter(Column::ExpiresAt.gt(base.clock.now()));
    Ok(alive.one(base.db.reader()).await?)
}

/// Removes files whose time is over; tells how many.
pub async fn forget(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::ExpiresAt.lte(before));
    Ok(old.exec(tx.db()).await?.rows_affected)
}
