//! What administrators want (指令); values are parsed, so that a command that exists is well-formed.

use chrono::{DateTime, Utc};
use entity::enums::{AccountStatus, Role, ScopeKind};
use entity::id::{AccountId, RoleGrantId};
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line, words};
use uuid::Uuid;

use super::USERNAME;
use super::policy::is_grantable;

/// Characters of a reason at most.
const REASON: usize = 500;
/// Characters of a name at most.
const NAME: usize = 32;

/// Why a privileged act is done (事由): words of who does it, 2–500 characters.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reason(String);

impl Reason {
    /// Takes what a person typed.
    ///
    /// # Errors
    /// As [`kernel::text::words`], for the field; `INVALID` for a single sign.
    pub fn parse(field: &str, text: &str) -> std::result::Result<Self, UserError> {
        let text = words(field, text, REASON)?;
        if text.chars().count() < 2 {
            return Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("too_short")));
        }
        Ok(Self(text))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Makes an account of staff.
#[derive(Clone, Debug)]
pub struct CreateStaff {
    /// Sign-in name.
    pub username: String,
    /// Name.
    pub name: String,
    /// Hash of the first password, in PHC form.
    pub password_hash: String,
}

impl CreateStaff {
    /// Takes what an administrator typed.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(username: &str, name: &str, password_hash: String) -> Result<Self> {
        let mut problems = Problems::default();
        let username = problems.keep(line("username", username, USERNAME));
        let name = problems.keep(line("name", name, NAME));
        problems.none()?;
        Ok(Self { username, name, password_hash })
    }
}

/// Ends or restores what an account may do.
#[derive(Clone, Debug)]
pub struct SetStatus {
    /// Whose.
    pub account: AccountId,
    /// As it was seen.
    pub expected_version: i32,
    /// To what.
    pub status: AccountStatus,
    /// Why.
    pub reason: Reason,
}

/// Gives somebody a new first password, or takes the second factor away.
#[derive(Clone, Debug)]
pub struct Reset {
    /// Whose.
    pub account: AccountId,
    /// As it was seen.
    pub expected_version: i32,
    /// Why.
    pub reason: Reason,
}

/// Grants a role.
#[derive(Clone, Debug)]
pub struct GrantRole {
    /// To whom.
    pub account: AccountId,
    /// As what.
    pub role: Role,
    /// Where.
    pub scope: (ScopeKind, Uuid),
    /// From when; now when `None`.
    pub from: Option<DateTime<Utc>>,
    /// Until when; open end when `None`.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Reason,
}

impl GrantRole {
    /// Checks what an administrator chose.
    ///
    /// # Errors
    /// All refusals of the fields: not exactly one scope, a role that is not granted there, an empty period.
    pub fn parse(
        account: AccountId,
        role: Role,
        scopes: [Option<(ScopeKind, Uuid)>; 4],
        (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        reason: &str,
    ) -> Result<Self> {
        let mut problems = Problems::default();
        let mut named = scopes.into_iter().flatten();
        let scope = match (named.next(), named.next()) {
            (Some(scope), None) => Some(scope),
            (None, _) => problems.take(Err(UserError::at(UserErrorCode::Required, "areaId"))),
            (Some(_), Some(_)) => problems.take(Err(because("areaId", "one_scope"))),
        };
        if scope.is_some_and(|(kind, _)| !is_grantable(role, kind)) {
            problems.add(because("role", "not_granted_there"));
        }
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            problems.add(because("validTo", "before_start"));
        }
        let reason = problems.keep(Reason::parse("reason", reason));
        problems.none()?;
        let scope = scope.ok_or_else(|| Error::Fault(anyhow::anyhow!("a problem was not noted")))?;
        Ok(Self { account, role, scope, from, until, reason })
    }
}

/// Ends a grant.
#[derive(Clone, Debug)]
pub struct RevokeRole {
    /// Which.
    pub grant: RoleGrantId,
    /// Why.
    pub reason: Reason,
}

pub(super) fn because(field: &str, reason: &'static str) -> UserError {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(reason))
}
