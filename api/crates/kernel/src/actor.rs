//! Who asks (操作人).

use chrono::{DateTime, Utc};
use entity::enums::Role;
use entity::id::{AccountId, OrganizationId, SessionId, UnitId};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Who asks (操作人): nobody known, the system itself, or a signed-in person.
#[derive(Clone, Debug, PartialEq)]
pub enum Actor {
    /// A visitor who has not signed in.
    Anonymous,
    /// The product itself: relay, scheduler, command line.
    System,
    /// A signed-in person.
    Person(Person),
}

/// A signed-in person and what the person may do, as of the last look at the database (at most a few seconds ago).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The device's session.
    pub session: SessionId,
    /// Grants that hold now. Permissions are their union; nobody picks a role.
    pub grants: Vec<Grant>,
}

/// A role within a scope, until some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// As what.
    pub role: Role,
    /// Where.
    pub scope: GrantScope,
    /// Until when; open end when `None`.
    pub until: Option<DateTime<Utc>>,
}

/// Where a grant holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantScope {
    /// In an area and all below it, named by its path.
    Area(String),
    /// In an organisation and its units.
    Organization(OrganizationId),
    /// In one unit.
    Unit(UnitId),
    /// In an organisation of the party, named by its path; whether what lies below counts, the role says.
    PartyOrganization(String),
}

impl Actor {
    /// The signed-in person.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for anybody else.
    pub fn person(&self) -> Result<&Person> {
        match self {
            Self::Person(person) => Ok(person),
            Self::Anonymous | Self::System => Err(Error::Unauthenticated),
        }
    }

    /// The account, if a person asks.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person(person) => Some(person.account),
            Self::Anonymous | Self::System => None,
        }
    }

    /// Whether the actor holds one of the roles anywhere.
    #[must_use]
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.grants().iter().any(|grant| roles.contains(&grant.role))
    }

    /// Whether the actor holds the role in an area that contains the path.
    ///
    /// ```
    /// use kernel::actor::{Actor, Grant, GrantScope, Person};
    /// use entity::{enums::Role, id::{AccountId, SessionId}};
    /// let grant = Grant { role: Role::Dispatcher, scope: GrantScope::Area("/310112008/".into()), until: None };
    /// let nil = uuid::Uuid::nil();
    /// let actor = Actor::Person(Person { account: AccountId(nil), session: SessionId(nil), grants: vec![grant] });
    /// assert!(actor.is_in_area(Role::Dispatcher, "/310112008/310112008-D1/"));
    /// assert!(!actor.is_in_area(Role::Dispatcher, "/310112106/"));
    /// ```
    #[must_use]
    pub fn is_in_area(&self, role: Role, path: &str) -> bool {
        self.areas_as(role).any(|area| path.starts_with(area))
    }

    /// Whether the actor holds the role in the unit.
    #[must_use]
    pub fn is_in_unit(&self, role: Role, unit: UnitId) -> bool {
        self.units_as(role).any(|own| own == unit)
    }

    /// Paths of the areas in which the actor holds the role.
    pub fn areas_as(&self, role: Role) -> impl Iterator<Item = &str> {
        self.grants().iter().filter(move |grant| grant.role == role).filter_map(|grant| match &grant.scope {
            GrantScope::Area(path) => Some(path.as_str()),
            GrantScope::Organization(_) | GrantScope::Unit(_) | GrantScope::PartyOrganization(_) => None,
        })
    }

    /// Units in which the actor holds the role.
    pub fn units_as(&self, role: Role) -> impl Iterator<Item = UnitId> {
        self.grants().iter().filter(move |grant| grant.role == role).filter_map(|grant| match grant.scope {
            GrantScope::Unit(unit) => Some(unit),
            GrantScope::Area(_) | GrantScope::Organization(_) | GrantScope::PartyOrganization(_) => None,
        })
    }

    /// Paths of the party's organisations in which the actor holds the role.
    pub fn party_organizations_as(&self, role: Role) -> impl Iterator<Item = &str> {
        self.grants().iter().filter(move |grant| grant.role == role).filter_map(|grant| match &grant.scope {
            GrantScope::PartyOrganization(path) => Some(path.as_str()),
            GrantScope::Area(_) | GrantScope::Organization(_) | GrantScope::Unit(_) => None,
        })
    }

    /// All grants; none for visitors and the system.
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        match self {
            Self::Person(person) => &person.grants,
            Self::Anonymous | Self::System => &[],
        }
    }
}
