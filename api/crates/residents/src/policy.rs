//! Who may (权限规则). When it may happen is not asked here; that is the workflow's.

use entity::enums::{ProxyState, Role};
use entity::id::{AccountId, ServiceRequestId};
use entity::{proxy_grant, residence};
use kernel::actor::Actor;
use kernel::guarded::{Decision, Guarded};
use strum::{EnumIter, IntoStaticStr};

/// Who verifies, and grants at the counter: the neighbourhood's own people (居村干部).
pub(crate) const NEIGHBOURHOOD: Role = Role::NeighborhoodStaff;

/// A proof of residence, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Residence(pub residence::Model);

/// What can be done with a proof of residence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ResidenceAction {
    /// See it, the flat included.
    Read,
    /// 终止
    End,
    /// 认证
    Verify,
    /// 不予认证
    Reject,
    /// 遗失换绑
    ReplacePhone,
}

impl Guarded for Residence {
    type Action = ResidenceAction;

    fn decide(&self, actor: &Actor, action: ResidenceAction) -> Decision {
        let is_own = actor.account() == Some(self.0.account_id);
        let is_staff = actor.is_in_area(NEIGHBOURHOOD, &self.0.area_path);
        let is_allowed = *actor == Actor::System
            || match action {
                ResidenceAction::Read => is_own || is_staff,
                ResidenceAction::End => is_own,
                ResidenceAction::Verify | ResidenceAction::Reject | ResidenceAction::ReplacePhone => is_staff,
            };
        judged(is_allowed, is_own || is_staff)
    }
}

/// A proxy, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proxy {
    /// The row.
    pub row: proxy_grant::Model,
    /// For which cases.
    pub cases: Vec<ServiceRequestId>,
    /// Whose account has the number that is invited, among those who ask.
    pub invitee: Option<AccountId>,
}

/// What can be done with a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ProxyAction {
    /// See it.
    Read,
    /// Learn the number that is invited, masked, and why the counter granted it.
    ReadGranter,
    /// 接受
    Accept,
    /// 终止
    End,
}

impl Proxy {
    /// Whether the account is the one that acts, or is invited to.
    #[must_use]
    pub fn is_agent(&self, account: AccountId) -> bool {
        match self.row.agent_id {
            Some(agent) => agent == account,
            None => self.row.state == ProxyState::Invited && self.invitee == Some(account),
        }
    }
}

impl Guarded for Proxy {
    type Action = ProxyAction;

    fn decide(&self, actor: &Actor, action: ProxyAction) -> Decision {
        let account = actor.account();
        let is_agent = account.is_some_and(|account| self.is_agent(account));
        let is_principal = account.is_some() && account == self.row.principal_id;
        // For somebody without an account the counter of the neighbourhood stands in.
        let is_counter = self.row.area_path.as_ref().is_some_and(|path| actor.is_in_area(NEIGHBOURHOOD, path));
        let is_allowed = *actor == Actor::System
            || match action {
                ProxyAction::Read | ProxyAction::End => is_principal || is_agent || is_counter,
                ProxyAction::ReadGranter => is_principal || is_counter,
                ProxyAction::Accept => is_agent,
            };
        judged(is_allowed, is_principal || is_agent || is_counter)
    }
}

fn judged(is_allowed: bool, is_seen: bool) -> Decision {
    match (is_allowed, is_seen) {
        (true, _) => Decision::Allow,
        (false, true) => Decision::Deny,
        (false, false) => Decision::Hide,
    }
}

/// Paths of the areas whose applications the actor decides about, those inside another left out.
#[must_use]
pub(crate) fn desk(actor: &Actor) -> Vec<String> {
    let mut paths: Vec<String> = actor.areas_as(NEIGHBOURHOOD).map(str::to_owned).collect();
    paths.sort();
    paths.dedup_by(|inner, outer| inner.starts_with(outer.as_str()));
    paths
}

#[cfg(test)]
mod tests;
