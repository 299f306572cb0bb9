//! The only files of this slice that name columns (存取).

mod privacy;
mod proxies;
mod residences;
mod sealed;

use entity::id::AccountId;
use identity::phone::Phone;
use kernel::base::Base;
use kernel::error::Result;
use sea_orm::ConnectionTrait;

pub use privacy::{
    all_residences, forget_cases, forget_proxies, forget_residences, indexes_of, proxies_about, proxies_at_counter,
};
pub use proxies::{
    accounts_phone, agent_phone_of, agents_of, due_proxies, insert_proxy, live_proxies, open_proxies, proxies_by_ids,
    proxies_of, proxy, update_proxy,
};
pub use residences::{
    Flat, applications, due_residences, flat_of, follow_area, grids_of, homes_of, insert_residence, is_verified_in,
    of_flat, open_applications, residence, residence_by_id, residences_of, update_residence, verified_homes,
};
pub use sealed::sealed_tables;

/// An account's number, if it has one. It is opened: two blind indexes may be those of one number under two keys.
async fn phone_of(db: &impl ConnectionTrait, base: &Base, account: AccountId) -> Result<Option<Phone>> {
    let account = identity::account_of(db, account).await?;
    Ok(account.map(|account| identity::phone_of(base, &account)).transpose()?.flatten())
}
