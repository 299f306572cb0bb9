//! Who administers whom (三员分立): the system administrator makes accounts, the security administrator grants roles and ends
//! them, the audit administrator reads what both did; nobody is two of them, or one of them and of the party's roles, and
//! nobody decides about himself.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Role, ScopeKind};
use entity::staff_credential as credential;
use kernel::actor::Actor;
use kernel::config::SecondFactor;
use kernel::error::{Error, Result};

use super::second_factor;

/// The three that exclude each other (GB/T 22239-2019).
pub const ADMINISTRATORS: [Role; 3] = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
/// The party's own: granted in its organisations only, and never to one of the three, so that who grants does not read.
const PARTY: [Role; 2] = [Role::PartySecretary, Role::PartyOrgAdmin];
/// Roles that follow from a place in a unit or in a roster, and so are never granted.
const BY_PLACE: [Role; 3] = [Role::Handler, Role::UnitLeader, Role::PartyMember];
/// How long a password may be used (等保2.0).
const PASSWORD_LIFE: TimeDelta = TimeDelta::days(90);

/// What administrators do with accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminAction {
    /// See accounts of staff, their state and roles.
    See,
    /// Make accounts of staff.
    Create,
    /// Grant and revoke roles, disable and enable, reset passwords and second factors.
    Secure,
}

impl AdminAction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::See, Self::Create, Self::Secure];
}

/// Whether an actor may do this at all.
///
/// # Errors
/// [`Error::Unauthenticated`] for strangers, [`Error::Forbidden`] for everybody else who may not.
pub fn admit(actor: &Actor, action: AdminAction) -> Result<()> {
    let roles: &[Role] = match action {
        AdminAction::See => &[Role::SystemAdmin, Role::SecurityAdmin],
        AdminAction::Create => &[Role::SystemAdmin],
        AdminAction::Secure => &[Role::SecurityAdmin],
    };
    match actor {
        Actor::System => Ok(()),
        Actor::Anonymous => Err(Error::Unauthenticated),
        Actor::Person(_) if actor.is_any(roles) => Ok(()),
        Actor::Person(_) => Err(Error::Forbidden),
    }
}

/// Whether a role can be given by a grant, in a scope of this kind.
#[must_use]
pub fn is_grantable(role: Role, scope: ScopeKind) -> bool {
    let is_administrator = ADMINISTRATORS.contains(&role);
    let is_of_place = BY_PLACE.contains(&role) || role == Role::Resident;
    !is_of_place && keeps_to_the_party(role, scope) && (!is_administrator || scope == ScopeKind::Area)
}

/// Whether the party's roles and the party's organisations are named together, or neither.
#[must_use]
pub fn keeps_to_the_party(role: Role, scope: ScopeKind) -> bool {
    PARTY.contains(&role) == (scope == ScopeKind::PartyOrganization)
}

/// Whether a role may not be held beside those held already.
#[must_use]
pub fn excludes(role: Role, held: &[Role]) -> bool {
    let keeps_apart = |one: Role, other: Role| {
        one != other && ADMINISTRATORS.contains(&one) && [&ADMINISTRATORS[..], &PARTY].concat().contains(&other)
    };
    held.iter().any(|other| keeps_apart(role, *other) || keeps_apart(*other, role))
}

/// Whether the roles of a person rest (权限暂停), whatever was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They hold.
    InForce,
    /// The session was not opened by password, as roles of this person need it.
    NotByPassword,
    /// The password was set by somebody else, or is too old.
    PasswordMustChange,
    /// A second factor is needed and none is enrolled.
    SecondFactorMissing,
}

/// Judges whether roles hold in a session. Accounts without a password keep roles that no administrator has: a leader of a
/// micro grid works in the mini-program.
#[must_use]
pub fn standing(
    credential: Option<&credential::Model>,
    is_by_password: bool,
    roles: &[Role],
    setting: SecondFactor,
    now: DateTime<Utc>,
) -> Standing {
    let Some(credential) = credential else {
        let is_administrator = roles.iter().any(|role| ADMINISTRATORS.contains(role));
        return if is_administrator { Standing::NotByPassword } else { Standing::InForce };
    };
    if !is_by_password {
        Standing::NotByPassword
    } else if must_change(credential, now) {
        Standing::PasswordMustChange
    } else if credential.totp_sealed.is_none() && second_factor::is_required(setting, roles.iter().copied()) {
        Standing::SecondFactorMissing
    } else {
        Standing::InForce
    }
}

/// Whether a password must be changed before anything else.
#[must_use]
pub fn must_change(credential: &credential::Model, now: DateTime<Utc>) -> bool {
    credential.must_change || now - credential.changed_at >= PASSWORD_LIFE
}

#[cfg(test)]
mod tests {
    use entity::id::{AccountId, SessionId};
    use kernel::actor::{Grant, GrantScope, Person};
    use sea_orm::Iterable as _;
    use uuid::Uuid;

    use super::*;

    fn person(role: Role) -> Actor {
        let grants = vec![Grant { role, scope: GrantScope::Area("/310112008/".to_owned()), until: None }];
        Actor::Person(Person { account: AccountId(Uuid::nil()), session: SessionId(Uuid::nil()), grants })
    }

    #[test]
    fn only_the_fitting_administrator_may() {
        for role in Role::iter() {
            for action in AdminAction::ALL {
                let may = match role {
                    Role::SystemAdmin => action != AdminAction::Secure,
                    Role::SecurityAdmin => action != AdminAction::Create,
                    _ => false,
                };
                assert_eq!(admit(&person(role), action).is_ok(), may, "{role:?} {action:?}");
            }
        }
        assert!(matches!(admit(&Actor::Anonymous, AdminAction::See), Err(Error::Unauthenticated)));
    }

    #[test]
    fn administrators_exclude_each_other_and_the_party_s_roles() {
        for role in Role::iter() {
            for held in Role::iter() {
                let (ours, theirs) = (ADMINISTRATORS.contains(&role), ADMINISTRATORS.contains(&held));
                let with_party = ours && PARTY.contains(&held) || theirs && PARTY.contains(&role);
                assert_eq!(excludes(role, &[held]), ours && theirs && role != held || with_party, "{role:?} {held:?}");
            }
        }
    }

    #[test]
    fn places_are_not_granted_and_administrators_hold_in_areas_and_the_party_s_roles_in_the_party() {
        for role in Role::iter() {
            for scope in ScopeKind::iter() {
                let may = match role {
                    Role::Handler | Role::UnitLeader | Role::Resident | Role::PartyMember => false,
                    Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => scope == ScopeKind::Area,
                    Role::PartySecretary | Role::PartyOrgAdmin => scope == ScopeKind::PartyOrganization,
                    _ => scope != ScopeKind::PartyOrganization,
                };
                assert_eq!(is_grantable(role, scope), may, "{role:?} {scope:?}");
            }
        }
    }

    #[test]
    fn roles_rest_until_the_sign_in_is_strong_enough() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1000);
        let credential = |must_change, age, totp: bool| credential::Model {
            account_id: AccountId(Uuid::nil()),
            username: String::new(),
            password_hash: String::new(),
            failures: 0,
            locked_until: None,
            changed_at: now - TimeDelta::days(age),
            must_change,
            totp_sealed: totp.then(Vec::new),
            totp_pending: None,
            totp_step: None,
        };
        let (good, first, old) =
            (credential(false, 1, false), credential(true, 0, false), credential(false, 90, false));
        let strong = credential(false, 1, true);
        use SecondFactor::{Administrators, Optional, Staff};
        use Standing::{InForce, NotByPassword, PasswordMustChange, SecondFactorMissing};
        for (credential, by_password, role, setting, expected) in [
            (None, false, Role::MicroGridLeader, Staff, InForce),
            (None, false, Role::SystemAdmin, Optional, NotByPassword),
            (Some(&good), false, Role::Dispatcher, Optional, NotByPassword),
            (Some(&good), true, Role::Dispatcher, Optional, InForce),
            (Some(&good), true, Role::Dispatcher, Administrators, InForce),
            (Some(&good), true, Role::Dispatcher, Staff, SecondFactorMissing),
            (Some(&good), true, Role::AuditAdmin, Administrators, SecondFactorMissing),
            (Some(&good), true, Role::AuditAdmin, Optional, InForce),
            (Some(&strong), true, Role::AuditAdmin, Administrators, InForce),
            (Some(&strong), true, Role::Dispatcher, Staff, InForce),
            (Some(&first), true, Role::Dispatcher, Optional, PasswordMustChange),
            (Some(&old), true, Role::Dispatcher, Optional, PasswordMustChange),
        ] {
            assert_eq!(standing(credential, by_password, &[role], setting, now), expected, "{role:?} {setting:?}");
        }
    }
}
