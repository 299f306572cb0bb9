//! The only files of this slice that name columns (存取).

mod privacy;
mod proxies;
mod residences;

use kernel::error::Result;
use sea_orm::ConnectionTrait;

use entity::id::AccountId;

pub use privacy::{all_residences, forget_proxies, forget_residences, indexes_of, proxies_about};
pub use proxies::{
    accounts_phone, agent_phone_of, due_proxies, insert_proxy, live_proxies, open_proxies, proxies_by_ids, proxies_of,
    proxy, update_proxy,
};
pub use residences::{
    Flat, applications, due_residences, flat_of, grids_of, homes_of, insert_residence, is_verified_in, of_flat,
    open_applications, residence, residence_by_id, residences_of, update_residence,
};

/// The blind index of an account's number, if it has one.
async fn phone_index_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Vec<u8>>> {
    Ok(identity::account_of(db, account).await?.and_then(|account| account.phone_index))
}
