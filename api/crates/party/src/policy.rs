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
    /// Know by name who of it is expected at a meeting.
    NameMembers,
}

impl Guarded for Organization {
    type Action = OrganizationAction;

    fn decide(&self, actor: &Actor, action: OrganizationAction) -> Decision {
        let path = self.0.path.as_str();
        let is_secretary = actor.party_organizations_as(Role::PartySecretary).any(|own| own == path);
        // A group is a part of its branch, and meets with it (党小组).
        let mut above = actor.party_organizations_as(Role::PartySecretary);
        let is_of_branch = self.0.kind == PartyOrganizationKind::Group && above.any(|own| parent(path) == Some(own));
        let is_staff = actor.party_organizations_as(Role::PartyOrgAdmin).any(|above| path.starts_with(above));
        let is_seen = circles(actor).any(|own| path.starts_with(own) || own.starts_with(path));
        let is_reader = is_secretary || is_staff;
        match action {
            _ if !is_seen => Decision::Hide,
            OrganizationAction::ReadRoster if !is_reader => Decision::Deny,
            OrganizationAction::NameMembers if !is_reader && !is_of_branch => Decision::Deny,
            OrganizationAction::See | OrganizationAction::ReadRoster | OrganizationAction::NameMembers => {
                Decision::Allow
            }
        }
    }
}

/// The path of the organisation right above.
fn parent(path: &str) -> Option<&str> {
    let (above, _) = path.trim_end_matches('/').rsplit_once('/')?;
    path.get(..=above.len())
}

/// Paths of the organisations in which the actor has something to do for the party: what lies above and below is seen.
pub(crate) fn circles(actor: &Actor) -> impl Iterator<Item = &str> {
    [Role::PartySecretary, Role::PartyOrgAdmin].into_iter().flat_map(|role| actor.party_organizations_as(role))
}

#[cfg(test)]
mod tests;
