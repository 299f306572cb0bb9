//! The verbs (办事): get → who → version → when → write. One short function each.

mod proxies;
pub(crate) mod residences;

use entity::id::{ProxyGrantId, ResidenceId};
use kernel::error::Result;
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;

use crate::fact::{ProxyFact, ResidenceFact};
use crate::policy::{Proxy, ProxyAction, Residence, ResidenceAction};
use crate::store;
use crate::workflow;

pub use proxies::{Principal, accept_proxy, end_proxy, grant_proxy};
pub use residences::{apply, end_residence, reject, verify};

/// What one transaction of housekeeping moves at most.
const AT_ONCE: u64 = 200;

/// Proofs and proxies whose time is over are told so, some at a time (到期); tells how many. What they opened was shut at the
/// second already.
///
/// # Errors
/// When the database does not answer.
pub async fn expire(tx: &mut Tx) -> Result<usize> {
    let homes = store::due_residences(tx, AT_ONCE).await?;
    let proxies = store::due_proxies(tx, AT_ONCE).await?;
    let moved = homes.len() + proxies.len();
    for row in homes {
        let mut after = row.clone();
        workflow::evolve_residence(&mut after, &ResidenceFact::Expired, None, tx.now());
        let row = Residence(row).permit(tx.actor(), ResidenceAction::End)?;
        store::update_residence(tx, row, &after).await?;
        let id: ResidenceId = after.id;
        tx.record(id.0, after.version, &ResidenceFact::Expired)?;
    }
    for row in proxies {
        let mut after = row.clone();
        workflow::evolve_proxy(&mut after, &ProxyFact::Expired, tx.now());
        let row = Proxy { row, cases: Vec::new(), invitee: None }.permit(tx.actor(), ProxyAction::End)?;
        store::update_proxy(tx, row, &after).await?;
        let id: ProxyGrantId = after.id;
        tx.record(id.0, after.version, &ProxyFact::Expired)?;
    }
    Ok(moved)
}
