//! Learning the number to call (查看联系方式): masked everywhere, shown in clear to who has to call, one at a time, with a reason
//! that is kept.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::ServiceRequestState as State;
use entity::id::ServiceRequestId;
use identity::Reason;
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};
use kernel::tx::Tx;

use crate::case::Case;
use crate::command::Target;
use crate::policy::Action;
use crate::service::permitted;
use crate::store;
use crate::workflow::Refusal;

/// How long a client may show the number before it hides it again.
const SHOWN: TimeDelta = TimeDelta::minutes(5);

/// Whose number, and why.
#[derive(Clone, Debug)]
pub struct RevealContact {
    /// The case.
    pub id: ServiceRequestId,
    /// Why it is needed.
    pub reason: Reason,
}

/// A number in clear.
#[derive(Debug)]
pub struct Revealed {
    /// The number.
    pub phone: Phone,
    /// Until when a client may show it.
    pub until: DateTime<Utc>,
}

/// Whether somebody still has to speak with the reporter.
fn is_of_use(state: State) -> bool {
    !matches!(state, State::Closed | State::Withdrawn | State::Rejected)
}

/// Whether a client should offer it.
#[must_use]
pub fn may_reveal(case: &Case, actor: &Actor) -> bool {
    let is_allowed = case.decide(actor, Action::RevealContact) == Decision::Allow;
    is_allowed && is_of_use(case.surveyed().state) && case.row.contact_phone_sealed.is_some()
}

/// Shows the number to call.
///
/// # Errors
/// [`Error::Forbidden`] for who does not call the reporter, and of confidential and anonymous reports; `INVALID_TRANSITION`
/// once the case is over; `INVALID` when no number was left.
pub async fn reveal_contact(tx: &mut Tx, command: &RevealContact) -> Result<Revealed> {
    let on = Target { id: command.id, expected_version: None };
    let case = permitted(tx, on, Action::RevealContact).await?;
    let row = &case.row().row;
    if row.archived_at.is_some() {
        return Err(Refusal::Archived.into());
    }
    if !is_of_use(row.state) {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    let (_, phone) = store::open_sealed(tx.base(), row)?;
    let none = || UserError::at(UserErrorCode::Invalid, "id").with(Detail::Because("no_number"));
    let phone = phone.ok_or_else(none)?;
    let about = row.reporter_id;
    tx.concerns(command.id);
    tx.audit_reason(command.reason.as_str(), about);
    Ok(Revealed { phone, until: tx.now() + SHOWN })
}
