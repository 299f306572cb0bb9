//! What is told to a person, and what is forgotten.

use entity::id::AccountId;
use entity::{notification, notification_preference};
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

/// A person's whole inbox, newest first; nothing in it is older than a year.
pub async fn all_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<notification::Model>> {
    use notification::Column;
    let own = notification::Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::IsShown.eq(true))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    Ok(own.all(db).await?)
}

/// Deletes a person's inbox and preferences.
pub async fn erase(tx: &Tx, account: AccountId) -> Result<()> {
    let inbox = notification::Entity::delete_many().filter(notification::Column::AccountId.eq(account));
    inbox.exec(tx.db()).await?;
    let preferences = notification_preference::Entity::delete_many();
    preferences.filter(notification_preference::Column::AccountId.eq(account)).exec(tx.db()).await?;
    Ok(())
}
