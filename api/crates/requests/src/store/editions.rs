//! Editions of reference data: read whole, and added to.

use entity::edition::{Column, Entity, Model};
use entity::enums::EditionKind;
use kernel::db::is_taken;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

/// Every edition of what the rules of requests ask, each thing's in the order of their versions; services of centres are none of that.
pub async fn editions(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let all = Entity::find().filter(Column::Kind.ne(EditionKind::ServiceItem));
    let all = all.order_by_asc(Column::Kind).order_by_asc(Column::Code).order_by_asc(Column::Version);
    Ok(all.all(db).await?)
}

/// Adds one; somebody else may have added the same version.
pub async fn add_edition(tx: &Tx, row: &Model) -> Result<()> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| {
        if is_taken(&error, "edition", &["kind", "code", "version"]) { Error::Conflict } else { error.into() }
    })
}
