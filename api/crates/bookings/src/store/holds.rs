//! Venues that are kept for who fills in a form.

use entity::id::{AccountId, CenterId, SlotHoldId};
use entity::slot_hold::{Column, Entity, Model};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

/// Inserts one.
pub async fn insert_hold(tx: &Tx, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Those of a person, whether or not their time is over.
pub async fn holds_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id).all(db).await?)
}

/// What a person holds now (本人预占).
///
/// # Errors
/// When the database does not answer.
pub async fn held_by(base: &Base, account: AccountId) -> Result<Option<Model>> {
    let live = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::ExpiresAt.gt(base.clock.now()));
    Ok(live.one(base.db.reader()).await?)
}

/// Those of a person in a centre.
pub async fn holds_at(tx: &Tx, account: AccountId, center: CenterId) -> Result<Vec<Model>> {
    let there = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::CenterId.eq(center));
    Ok(there.order_by_asc(Column::Id).all(tx.db()).await?)
}

/// One by id, whoever asks.
pub async fn slot_hold(db: &impl ConnectionTrait, id: SlotHoldId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Deletes some; what they keep is given back by who calls.
pub async fn delete_holds(tx: &Tx, rows: &[Model]) -> Result<()> {
    let ids = rows.iter().map(|row| row.id);
    Entity::delete_many().filter(Column::Id.is_in(ids)).exec(tx.db()).await?;
    Ok(())
}

/// Those whose time is over, some at a time (到期的预占).
///
/// # Errors
/// When the database does not answer.
pub async fn due_holds(base: &Base, most: u64) -> Result<Vec<SlotHoldId>> {
    let due = Entity::find().select_only().column(Column::Id).filter(Column::ExpiresAt.lte(base.clock.now()));
    let due = due.order_by_asc(Column::ExpiresAt).order_by_asc(Column::Id).limit(most);
    Ok(due.into_tuple().all(base.db.reader()).await?)
}
