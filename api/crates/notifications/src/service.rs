//! What people do with their own inbox (办事): nobody else's is ever touched.

use entity::id::AccountId;
use kernel::error::{Error, Result};
use kernel::tx::Tx;

use crate::command::{MarkRead, UpdatePreferences};
use crate::store;

/// Marks lines of the actor's inbox as read; those that were read stay as they are (标记已读).
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors; [`Error::NotFound`] when a line is not in the own inbox: then none is marked.
pub async fn mark_read(tx: &mut Tx, which: &MarkRead) -> Result<AccountId> {
    let account = tx.actor().person()?.account;
    if !which.ids.is_empty() {
        if store::own(tx, account, &which.ids).await?.len() < which.ids.len() {
            return Err(Error::NotFound);
        }
        store::mark_these(tx, account, &which.ids).await?;
    }
    if let Some(last) = which.up_to {
        let last = store::own(tx, account, &[last]).await?.pop().ok_or(Error::NotFound)?;
        store::mark_up_to(tx, account, &last).await?;
    }
    Ok(account)
}

/// Keeps by which channels the actor wants to be told; kinds that are not named stay as they are (设置通知偏好).
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub async fn update_preferences(tx: &mut Tx, wanted: &UpdatePreferences) -> Result<AccountId> {
    let account = tx.actor().person()?.account;
    store::save(tx, account, &wanted.preferences).await?;
    Ok(account)
}
