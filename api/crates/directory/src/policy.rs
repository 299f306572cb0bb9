//! Who may do what in the directory (权限规则).
//!
//! Names are for everybody who is signed in: a resident may know which unit handles the matter. Who works in a unit and what
//! it answers for is for staff of the case chain, and for the unit's own people. System administrators maintain the whole
//! directory; the leader of a unit staffs the own unit (roles of the sub-district, `UNIT_LEADER` 承办单位负责人).

use entity::enums::Role;
use entity::{organization, unit};
use kernel::actor::{Actor, GrantScope};
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded};

/// Roles that see who works in any unit and what it answers for: those who dispatch, check, supervise or audit its work.
const READERS: [Role; 12] = [
    Role::MicroGridLeader,
    Role::GridInspector,
    Role::GridLeader,
    Role::NeighborhoodStaff,
    Role::Dispatcher,
    Role::DutyChief,
    Role::CallbackAgent,
    Role::Supervisor,
    Role::StationStaff,
    Role::SystemAdmin,
    Role::SecurityAdmin,
    Role::AuditAdmin,
];
/// Roles that see it of the units in which, or in whose organisation, they work.
const COLLEAGUES: [Role; 3] = [Role::Handler, Role::UnitLeader, Role::PropertyManager];

/// An organisation, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization(pub organization::Model);

/// What can be done with an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationAction {
    /// Read its name and kind.
    SeeName,
    /// Make or change it.
    Save,
}

impl OrganizationAction {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::SeeName, Self::Save];
}

impl Guarded for Organization {
    type Action = OrganizationAction;

    fn decide(&self, actor: &Actor, action: OrganizationAction) -> Decision {
        allow_if(match action {
            OrganizationAction::SeeName => *actor != Actor::Anonymous,
            OrganizationAction::Save => maintains(actor),
        })
    }
}

/// A unit, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit(pub unit::Model);

/// What can be done with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitAction {
    /// Read its name, and whose it is.
    SeeName,
    /// Read who works in it and what it answers for.
    SeeStaffing,
    /// Make or change it and what it answers for.
    Save,
    /// Add people to it and end their time in it.
    ManageMembers,
}

impl UnitAction {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::SeeName, Self::SeeStaffing, Self::Save, Self::ManageMembers];
}

impl Guarded for Unit {
    type Action = UnitAction;

    fn decide(&self, actor: &Actor, action: UnitAction) -> Decision {
        allow_if(match action {
            UnitAction::SeeName => *actor != Actor::Anonymous,
            UnitAction::SeeStaffing => maintains(actor) || actor.is_any(&READERS) || self.has_among(actor, &COLLEAGUES),
            UnitAction::Save => maintains(actor),
            UnitAction::ManageMembers => maintains(actor) || self.has_among(actor, &[Role::UnitLeader]),
        })
    }
}

impl Unit {
    /// Whether the actor holds one of the roles in this unit, or in its organisation.
    fn has_among(&self, actor: &Actor, roles: &[Role]) -> bool {
        actor.grants().iter().filter(|grant| roles.contains(&grant.role)).any(|grant| match grant.scope {
            GrantScope::Unit(unit) => unit == self.0.id,
            GrantScope::Organization(organization) => organization == self.0.organization_id,
            GrantScope::Area(_) | GrantScope::PartyOrganization(_) => false,
        })
    }
}

/// Lets in whoever is known. Asked before any row is looked for, so that a stranger learns nothing, not even what exists;
/// and before a list of names.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors.
pub fn admit(actor: &Actor) -> Result<()> {
    if *actor == Actor::Anonymous { Err(Error::Unauthenticated) } else { Ok(()) }
}

fn maintains(actor: &Actor) -> bool {
    *actor == Actor::System || actor.is_any(&[Role::SystemAdmin])
}

fn allow_if(may: bool) -> Decision {
    if may { Decision::Allow } else { Decision::Deny }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::enums::OrganizationKind;
    use entity::id::{AccountId, OrganizationId, SessionId, UnitId};
    use kernel::actor::{Grant, Person};
    use uuid::Uuid;

    use super::*;

    const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(1));
    const UNIT: UnitId = UnitId(Uuid::from_u128(2));

    fn person(grants: &[(Role, GrantScope)]) -> Actor {
        let grants = grants.iter().map(|(role, scope)| Grant { role: *role, scope: scope.clone(), until: None });
        let (account, session) = (AccountId(Uuid::nil()), SessionId(Uuid::nil()));
        Actor::Person(Person { account, session, grants: grants.collect() })
    }

    fn unit() -> Unit {
        let updated_at = DateTime::UNIX_EPOCH;
        let (name, version) = (String::new(), 1);
        Unit(unit::Model { id: UNIT, organization_id: ORGANIZATION, name, is_active: true, version, updated_at })
    }

    #[test]
    fn who_may_do_what_with_a_unit() {
        let area = || GrantScope::Area("/310112008/".to_owned());
        let elsewhere = GrantScope::Unit(UnitId(Uuid::from_u128(9)));
        let other_organization = GrantScope::Organization(OrganizationId(Uuid::from_u128(9)));
        let all: &[UnitAction] = &UnitAction::ALL;
        let name: &[UnitAction] = &[UnitAction::SeeName];
        let read: &[UnitAction] = &[UnitAction::SeeName, UnitAction::SeeStaffing];
        let lead: &[UnitAction] = &[UnitAction::SeeName, UnitAction::SeeStaffing, UnitAction::ManageMembers];
        let mut table = vec![
            ("visitor", Actor::Anonymous, &[] as &[UnitAction]),
            ("system", Actor::System, all),
            ("nobody", person(&[]), name),
            ("leader", person(&[(Role::UnitLeader, GrantScope::Unit(UNIT))]), lead),
            ("leader of the organisation", person(&[(Role::UnitLeader, GrantScope::Organization(ORGANIZATION))]), lead),
            ("leader elsewhere", person(&[(Role::UnitLeader, elsewhere.clone())]), name),
            ("leader of another organisation", person(&[(Role::UnitLeader, other_organization)]), name),
            ("leader of an area", person(&[(Role::UnitLeader, area())]), name),
            ("handler", person(&[(Role::Handler, GrantScope::Unit(UNIT))]), read),
            ("handler elsewhere", person(&[(Role::Handler, elsewhere)]), name),
            ("property manager", person(&[(Role::PropertyManager, GrantScope::Organization(ORGANIZATION))]), read),
        ];
        for role in [Role::Resident, Role::Worker, Role::PartyMember, Role::Editor, Role::PartyOrgAdmin] {
            table.push(("no reader", person(&[(role, area())]), name));
        }
        for role in READERS {
            let may = if role == Role::SystemAdmin { all } else { read };
            table.push(("reader", person(&[(role, area())]), may));
        }
        for (who, actor, may) in table {
            for action in UnitAction::ALL {
                let decision = unit().decide(&actor, action);
                assert_eq!(decision == Decision::Allow, may.contains(&action), "{who} {actor:?} {action:?}");
            }
        }
    }

    #[test]
    fn organisations_are_maintained_by_administrators_and_named_to_everybody_signed_in() {
        let row = organization::Model {
            id: ORGANIZATION,
            name: String::new(),
            kind: OrganizationKind::Utility,
            credit_code: None,
            version: 1,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let leader = person(&[(Role::UnitLeader, GrantScope::Organization(ORGANIZATION))]);
        let admin = person(&[(Role::SystemAdmin, GrantScope::Area("/310112008/".to_owned()))]);
        for (actor, may_see, may_save) in
            [(Actor::Anonymous, false, false), (leader, true, false), (admin, true, true), (Actor::System, true, true)]
        {
            let decide = |action| Organization(row.clone()).decide(&actor, action) == Decision::Allow;
            assert_eq!(decide(OrganizationAction::SeeName), may_see, "{actor:?}");
            assert_eq!(decide(OrganizationAction::Save), may_save, "{actor:?}");
        }
    }
}
