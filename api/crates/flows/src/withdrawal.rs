//! A consent that is taken back (撤回同意), and what was held under it elsewhere.

use entity::account;
use entity::enums::ConsentKind;
use kernel::error::Result;
use kernel::tx::Tx;

/// Takes a consent back; with PARTY the person is no longer bound to a roster, nor registered for what is for members.
///
/// # Errors
/// As [`identity::consent::withdraw`].
pub async fn withdraw_consent(tx: &mut Tx, kind: &ConsentKind) -> Result<account::Model> {
    let account = identity::consent::withdraw(tx, kind).await?;
    if *kind == ConsentKind::Party {
        // While it is known which line of a roster is the person's.
        ::events::leave(tx, account.id).await?;
        party::unbind(tx, account.id).await?;
    }
    Ok(account)
}
