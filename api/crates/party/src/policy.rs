//! Who may (权限规则): the party's own roles, each in its organisation, and nobody else, whatever other roles there are.

use entity::enums::{PartyOrganizationKind, Role};
use entity::party_organization;
use kernel::actor::Actor;
use kernel::guarded::{Decision, Guarded};
use strum::{EnumIter, IntoStaticStr};

/// An organisation of the party, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization(pub party_organization::Model);

/// What can be done with an organisation of the party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationAction {
    /// Learn that it exists, and its name.
    See,
    /// Read who belongs to it.
    ReadRoster,
}

impl Guarded for Organization {
    type Action = OrganizationAction;

    fn decide(&self, actor: &Actor, action: OrganizationAction) -> Decision {
        let path = self.0.path.as_str();
        // A group is a part of its branch, and has no secretary of its own (党小组).
        let is_group = self.0.kind == PartyOrganizationKind::Group;
        let is_of = |own: &str| own == path || (is_group && above(path) == Some(own));
        let is_secretary = actor.party_organizations_as(Role::PartySecretary).any(is_of);
        let is_staff = actor.party_organizations_as(Role::PartyOrgAdmin).any(|above| path.starts_with(above));
        let is_seen = circles(actor).any(|own| path.starts_with(own) || own.starts_with(path));
        match action {
            OrganizationAction::See | OrganizationAction::ReadRoster if !is_seen => Decision::Hide,
            OrganizationAction::ReadRoster if !is_secretary && !is_staff => Decision::Deny,
            OrganizationAction::See | OrganizationAction::ReadRoster => Decision::Allow,
        }
    }
}

/// The path of the organisation right above.
fn above(path: &str) -> Option<&str> {
    let (above, _) = path.trim_end_matches('/').rsplit_once('/')?;
    path.get(..=above.len())
}

/// Paths of the organisations in which the actor has something to do for the party: what lies above and below is seen.
pub(crate) fn circles(actor: &Actor) -> impl Iterator<Item = &str> {
    [Role::PartySecretary, Role::PartyOrgAdmin].into_iter().flat_map(|role| actor.party_organizations_as(role))
}

#[cfg(test)]
mod tests;
