//! The only file of this slice that names columns (存取).

use chrono::{DateTime, Utc};
use entity::calendar_feed::{ActiveModel, Column, Entity, Model};
use entity::id::{AccountId, CalendarFeedId, VenueId};
use kernel::base::Base;
use kernel::bulk;
use kernel::db::is_any;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::secret::Secret;

/// The feeds of a person that can be read, the last made first; at most [`LIVE`](crate::LIVE).
///
/// # Errors
/// When the database does not answer.
pub async fn live_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    let live = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::EndedAt.is_null());
    Ok(live.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(db).await?)
}

/// All feeds of a person that are kept, ended ones too, the first made first.
pub async fn all_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id).all(db).await?)
}

/// A feed of a person, ended or not; `None` for those of others.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(db: &impl ConnectionTrait, account: AccountId, id: CalendarFeedId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(Column::AccountId.eq(account)).one(db).await?)
}

/// The feed that a secret reads; one statement, whatever is wrong with it.
pub async fn by_secret(base: &Base, secret: &Secret) -> Result<Option<Model>> {
    let known = is_any(Column::SecretIndex, secret.indexes(&base.vault));
    let found = Entity::find().filter(known).filter(Column::EndedAt.is_null());
    Ok(found.one(base.db.reader()).await?)
}

pub async fn insert(tx: &Tx, account_id: AccountId, venue_id: Option<VenueId>, secret: &Secret) -> Result<Model> {
    let row = Model {
        id: tx.id()?,
        version: 1,
        account_id,
        venue_id,
        secret_index: secret.index(&tx.base().vault),
        last_read_at: None,
        created_at: tx.now(),
        ended_at: None,
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

/// Ends a feed that can be read, if nobody was faster.
pub async fn end(tx: &Tx, before: &Model) -> Result<Model> {
    let after = Model { version: before.version + 1, ended_at: Some(tx.now()), ..before.clone() };
    let own = Entity::update_many().set(bulk::changed(before, &after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(after) } else { Err(Error::Conflict) }
}

/// Notes that a feed was read now; its secret is known by the key in force since.
pub async fn note_read(tx: &Tx, id: CalendarFeedId, secret: &Secret) -> Result<()> {
    let read = ActiveModel {
        last_read_at: Set(Some(tx.now())),
        secret_index: Set(secret.index(&tx.base().vault)),
        ..Default::default()
    };
    Entity::update_many().set(read).filter(Column::Id.eq(id)).exec(tx.db()).await?;
    Ok(())
}

/// Removes what was ended before an instant; tells how many.
pub async fn forget_ended(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    let over = Condition::all().add(Column::EndedAt.lt(before));
    Ok(Entity::delete_many().filter(over).exec(tx.db()).await?.rows_affected)
}

/// Removes all feeds of a person.
pub async fn erase(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::delete_many().filter(Column::AccountId.eq(account)).exec(tx.db()).await?;
    Ok(())
}
