//! When it may happen and what comes of it (状态机): state × command → fact or refusal, and fact → row.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{ProxyState, ResidenceRejectReason, ResidenceRelation, ResidenceState};
use entity::id::AccountId;
use entity::{proxy_grant, residence};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};

use crate::fact::{ProxyFact, ResidenceFact};
use crate::policy::{Proxy, ProxyAction, Residence, ResidenceAction};

/// How long a tenant's proof holds: leases are renewed, or people move.
pub const TENANCY: TimeDelta = TimeDelta::days(365);
/// How long before its end a proof may be applied for anew.
pub const RENEWAL: TimeDelta = TimeDelta::days(60);

/// What is done with a proof of residence, as it is offered.
const RESIDENCE: [ResidenceAction; 4] =
    [ResidenceAction::End, ResidenceAction::Verify, ResidenceAction::Reject, ResidenceAction::ReplacePhone];

/// Why the rules said no (拒绝).
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The state does not allow it; says what it allows.
    WrongState(Vec<&'static str>),
    /// Nobody verifies the own residence.
    SamePerson,
    /// Its time is over.
    TooLate,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let error = match refusal {
            Refusal::WrongState(allowed) => {
                UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(allowed))
            }
            Refusal::SamePerson => UserError::new(UserErrorCode::SamePerson),
            Refusal::TooLate => UserError::new(UserErrorCode::DeadlinePassed),
        };
        Self::Refused(vec![error])
    }
}

/// What somebody wants done with a proof of residence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ResidenceCommand {
    /// Verify it.
    Verify,
    /// Refuse it.
    Reject(ResidenceRejectReason),
    /// End it, or take it back.
    End,
}

impl ResidenceCommand {
    /// What policy is asked about it.
    #[must_use]
    pub fn action(self) -> ResidenceAction {
        match self {
            Self::Verify => ResidenceAction::Verify,
            Self::Reject(_) => ResidenceAction::Reject,
            Self::End => ResidenceAction::End,
        }
    }
}

/// Whether an action fits a proof of residence now.
///
/// # Errors
/// Why not.
pub fn may_residence(row: &residence::Model, action: ResidenceAction, by: Option<AccountId>) -> Result<(), Refusal> {
    if !fits_residence(row.state, action) {
        let allowed = RESIDENCE.into_iter().filter(|action| fits_residence(row.state, *action));
        return Err(Refusal::WrongState(allowed.map(<&str>::from).collect()));
    }
    let is_about_others = action != ResidenceAction::End;
    if is_about_others && by == Some(row.account_id) { Err(Refusal::SamePerson) } else { Ok(()) }
}

fn fits_residence(state: ResidenceState, action: ResidenceAction) -> bool {
    use ResidenceState as S;
    match action {
        ResidenceAction::Verify | ResidenceAction::Reject => state == S::Applied,
        ResidenceAction::End => matches!(state, S::Applied | S::Verified),
        ResidenceAction::ReplacePhone => state == S::Verified,
        ResidenceAction::Read => false,
    }
}

/// What a command makes of a proof of residence.
///
/// # Errors
/// Why it makes nothing.
pub fn decide_residence(
    row: &residence::Model,
    command: ResidenceCommand,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<ResidenceFact, Refusal> {
    may_residence(row, command.action(), by)?;
    Ok(match command {
        ResidenceCommand::Verify => {
            let is_let = row.relation == ResidenceRelation::Tenant;
            ResidenceFact::Verified { valid_until: is_let.then_some(now + TENANCY) }
        }
        ResidenceCommand::Reject(reason) => ResidenceFact::Rejected { reason },
        ResidenceCommand::End => ResidenceFact::Ended,
    })
}

/// What a fact makes of the row.
pub fn evolve_residence(row: &mut residence::Model, fact: &ResidenceFact, by: Option<AccountId>, at: DateTime<Utc>) {
    match fact {
        ResidenceFact::Applied { .. } => {}
        ResidenceFact::Verified { valid_until } => {
            row.state = ResidenceState::Verified;
            row.valid_until = *valid_until;
            (row.decided_by, row.decided_at) = (by, Some(at));
        }
        ResidenceFact::Rejected { reason } => {
            row.state = ResidenceState::Rejected;
            row.reject_reason = Some(*reason);
            (row.decided_by, row.decided_at) = (by, Some(at));
        }
        ResidenceFact::Ended | ResidenceFact::Expired => {
            row.state = ResidenceState::Expired;
            row.ended_at = Some(at);
        }
    }
    row.version += 1;
    row.updated_at = at;
}

/// Whether a proof that stands in the way of another for the same flat may not be applied for anew yet.
#[must_use]
pub fn is_in_the_way(row: &residence::Model, now: DateTime<Utc>) -> bool {
    match row.state {
        ResidenceState::Applied => true,
        ResidenceState::Verified => row.valid_until.is_none_or(|until| until > now + RENEWAL),
        ResidenceState::Rejected | ResidenceState::Expired => false,
    }
}

/// Whether an action fits a proxy now.
///
/// # Errors
/// Why not.
pub fn may_proxy(row: &proxy_grant::Model, action: ProxyAction, now: DateTime<Utc>) -> Result<(), Refusal> {
    if !fits_proxy(row.state, action) {
        let all = [ProxyAction::Accept, ProxyAction::End];
        let allowed = all.into_iter().filter(|action| fits_proxy(row.state, *action));
        return Err(Refusal::WrongState(allowed.map(<&str>::from).collect()));
    }
    if row.valid_until <= now { Err(Refusal::TooLate) } else { Ok(()) }
}

fn fits_proxy(state: ProxyState, action: ProxyAction) -> bool {
    match action {
        ProxyAction::Accept => state == ProxyState::Invited,
        ProxyAction::End => matches!(state, ProxyState::Invited | ProxyState::Active),
        ProxyAction::Read | ProxyAction::ReadGranter => false,
    }
}

/// What a fact makes of the row of a proxy.
pub fn evolve_proxy(row: &mut proxy_grant::Model, fact: &ProxyFact, at: DateTime<Utc>) {
    match fact {
        ProxyFact::Granted { .. } => {}
        ProxyFact::Accepted { agent, .. } => {
            row.state = ProxyState::Active;
            row.agent_id = Some(*agent);
            row.accepted_at = Some(at);
        }
        ProxyFact::Ended => (row.state, row.ended_at) = (ProxyState::Ended, Some(at)),
        ProxyFact::Expired => (row.state, row.ended_at) = (ProxyState::Expired, Some(at)),
    }
    row.version += 1;
    row.updated_at = at;
}

/// What the actor may do with a proof of residence now (可执行操作).
#[must_use]
pub fn residence_actions(actor: &Actor, residence: &Residence) -> Vec<ResidenceAction> {
    let is_offered = |action: &ResidenceAction| {
        residence.decide(actor, *action) == Decision::Allow
            && may_residence(&residence.0, *action, actor.account()).is_ok()
    };
    RESIDENCE.into_iter().filter(is_offered).collect()
}

/// What the actor may do with a proxy now (可执行操作).
#[must_use]
pub fn proxy_actions(actor: &Actor, proxy: &Proxy, now: DateTime<Utc>) -> Vec<ProxyAction> {
    let is_offered = |action: &ProxyAction| {
        proxy.decide(actor, *action) == Decision::Allow && may_proxy(&proxy.row, *action, now).is_ok()
    };
    [ProxyAction::Accept, ProxyAction::End].into_iter().filter(is_offered).collect()
}

#[cfg(test)]
pub(crate) mod tests;
