//! Children in somebody's care.

use entity::dependant;
use entity::id::{AccountId, DependantId};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

use crate::dependant::{BirthMonth, Dependant};

pub(super) const NAME: &str = "dependant.name";
pub(super) const BIRTH_MONTH: &str = "dependant.birth_month";

pub async fn dependants(db: &impl ConnectionTrait, guardian: AccountId) -> Result<Vec<dependant::Model>> {
    let own = dependant::Entity::find()
        .filter(dependant::Column::GuardianId.eq(guardian))
        .order_by_asc(dependant::Column::CreatedAt)
        .order_by_asc(dependant::Column::Id);
    Ok(own.all(db).await?)
}

pub async fn dependants_by_ids(db: &impl ConnectionTrait, ids: &[DependantId]) -> Result<Vec<dependant::Model>> {
    Ok(dependant::Entity::find().filter(in_keys(db, dependant::Column::Id, ids)).all(db).await?)
}

pub fn open_dependant(base: &Base, row: &dependant::Model) -> Result<Dependant> {
    let month = base.vault.open(BIRTH_MONTH, &row.birth_month_sealed)?;
    let born =
        BirthMonth::parse("birthMonth", &month).map_err(|_| anyhow::anyhow!("a kept month of birth is damaged"))?;
    Ok(Dependant { id: row.id, name: base.vault.open(NAME, &row.name_sealed)?, born, created_at: row.created_at })
}

pub async fn insert_dependant(tx: &Tx, guardian_id: AccountId, name: &str, month: &str) -> Result<dependant::Model> {
    let vault = &tx.base().vault;
    let row = dependant::Model {
        id: tx.id()?,
        guardian_id,
        name_sealed: vault.seal(NAME, name)?,
        birth_month_sealed: vault.seal(BIRTH_MONTH, month)?,
        created_at: tx.now(),
    };
    dependant::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

pub async fn delete_dependant(tx: &Tx, guardian: AccountId, id: DependantId) -> Result<bool> {
    let own = dependant::Entity::delete_many()
        .filter(dependant::Column::Id.eq(id))
        .filter(dependant::Column::GuardianId.eq(guardian));
    Ok(own.exec(tx.db()).await?.rows_affected == 1)
}

pub async fn forget_dependants(tx: &Tx, guardian: AccountId) -> Result<()> {
    let own = dependant::Entity::delete_many().filter(dependant::Column::GuardianId.eq(guardian));
    own.exec(tx.db()).await?;
    Ok(())
}
