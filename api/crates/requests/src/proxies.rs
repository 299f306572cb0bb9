//! Who may act for a reporter (代办): the cases are judged here, the proxy itself is kept by the slice of residents.

use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;
use residents::{GrantProxy, Principal};

use crate::case::Case;
use crate::command::Target;
use crate::policy::{self, Action};
use crate::service::permitted;
use crate::store::{self, Asker};
use crate::workflow::Refusal;

/// A proxy granted at the counter, for the case named (窗口授权代办).
#[derive(Clone, Debug)]
pub struct GrantAtCounter {
    /// Which case.
    pub on: Target,
    /// To whom, to do what, until when, and why.
    pub grant: GrantProxy,
}

/// The reporter of cases lets somebody act in them (授权代办).
///
/// # Errors
/// [`Error::NotFound`] for cases that are hidden, [`Error::Forbidden`] for those of others; as [`residents::grant_proxy`].
pub async fn grant_proxy(tx: &mut Tx, grant: &GrantProxy) -> Result<residents::Proxy> {
    let account = tx.actor().person()?.account;
    let sight = policy::sight(tx.actor(), tx.now());
    let cases = store::cases_by_ids(tx.db(), &sight, Asker::of(tx.actor(), tx.now()), &grant.cases).await?;
    if cases.len() < grant.cases.len() {
        return Err(Error::NotFound);
    }
    for case in cases {
        not_archived(case.permit(tx.actor(), Action::GrantProxy)?.row())?;
    }
    residents::grant_proxy(tx, grant, &Principal::Reporter(account)).await
}

/// The neighbourhood's counter lets somebody act in the case of a person without an account (窗口授权代办).
///
/// # Errors
/// [`Error::Forbidden`] unless the case was taken for somebody, in the neighbourhood of the actor; as
/// [`residents::grant_proxy`].
pub async fn grant_proxy_at_counter(tx: &mut Tx, command: &GrantAtCounter) -> Result<residents::Proxy> {
    let case = permitted(tx, command.on, Action::GrantProxyAtCounter).await?;
    not_archived(case.row())?;
    let area_path = case.row().row.area_path.clone();
    residents::grant_proxy(tx, &command.grant, &Principal::AtCounter { area_path }).await
}

/// In what is archived nobody acts.
fn not_archived(case: &Case) -> Result<()> {
    if case.row.archived_at.is_some() { Err(Refusal::Archived.into()) } else { Ok(()) }
}
