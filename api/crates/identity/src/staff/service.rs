//! What administrators do with accounts: one function a verb, on a [`Tx`] (指令的执行).

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use entity::enums::{AccountStatus, Role, ScopeKind};
use entity::id::{AccountId, Id as _, SessionId};
use entity::{account, role_grant};
use kernel::actor::Actor;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::text::line;
use kernel::tx::Tx;
use sea_orm::ActiveEnum as _;
use serde_json::json;
use uuid::Uuid;

use super::command::{CreateStaff, GrantRole, Reset, RevokeRole, SetStatus, because};
use super::policy::{self, AdminAction};
use super::{NewStaff, USERNAME};
use crate::store::{self, NewGrant};

/// Clocks of administrators may be behind ours by this much.
const PAST: TimeDelta = TimeDelta::minutes(5);
/// How far ahead a grant may begin or end: instants written with five-digit years do not sort as text.
const FAR_AHEAD: TimeDelta = TimeDelta::days(10 * 365);
/// Grants of one person at most, so that lists of them need no pages.
pub const GRANTS_PER_PERSON: usize = 50;

/// An account that an act has moved, and the sessions it ended, to be cooled.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The account.
    pub account: account::Model,
    /// Its sessions that are over.
    pub ended: Vec<SessionId>,
}

/// Makes a staff account, as the command line and the demo town do.
///
/// # Errors
/// `INVALID` when the user name is taken, or none that can be typed at sign-in.
pub async fn create_staff(tx: &mut Tx, staff: &NewStaff) -> Result<account::Model> {
    if line("username", &staff.username, USERNAME).map_or(true, |read| read != staff.username) {
        return Err(Error::refused_at(UserErrorCode::Invalid, "username"));
    }
    if store::credential(tx.db(), &staff.username).await?.is_some() {
        return Err(because("username", "taken").into());
    }
    // Whoever sets a password could sign in with it: never to an account that a person opened by the number.
    if let Some(phone) = &staff.phone
        && store::account_by_phone(tx, phone).await?.is_some()
    {
        return Err(because("phone", "taken").into());
    }
    let account = store::insert_account(tx, staff.phone.as_ref(), Some(&staff.name)).await?;
    store::insert_credential(tx, account.id, &staff.username, &staff.password_hash, staff.must_change).await?;
    tx.concerns(account.id);
    Ok(account)
}

/// Makes a staff account for an administrator; the first password must be changed at first use.
///
/// # Errors
/// As [`create_staff`]; [`Error::Forbidden`] for all but system administrators.
pub async fn create_account(tx: &mut Tx, command: &CreateStaff) -> Result<account::Model> {
    policy::admit(tx.actor(), AdminAction::Create)?;
    let CreateStaff { username, name, password_hash } = command.clone();
    // A number is the person's to prove: bound by its code after the first sign-in.
    create_staff(tx, &NewStaff { username, password_hash, name, phone: None, must_change: true }).await
}

/// Disables an account and ends all its sessions, or lets it sign in again.
///
/// # Errors
/// [`Error::Forbidden`] for all but security administrators, [`Error::NotFound`], [`Error::Conflict`] when the version is
/// stale, `SAME_PERSON` for the own account, `INVALID_TRANSITION` when it is so already.
pub async fn set_status(tx: &mut Tx, command: &SetStatus) -> Result<Moved> {
    let account = secured(tx, command.account, Some(command.expected_version)).await?;
    if account.status == command.status {
        return Err(Error::refused(UserErrorCode::InvalidTransition));
    }
    let account = store::set_status(tx, &account, command.status).await?;
    let ended = match command.status {
        AccountStatus::Active => Vec::new(),
        AccountStatus::Disabled | AccountStatus::Deleted => store::revoke(tx, account.id, None).await?,
    };
    tx.audit_reason(command.reason.as_str(), Some(account.id));
    Ok(Moved { account, ended })
}

/// Gives an account a new first password, to be changed at first use, and ends its sessions.
///
/// # Errors
/// As [`set_status`]; [`Error::NotFound`] for accounts without a password.
pub async fn reset_password(tx: &mut Tx, (command, hash): &(Reset, String)) -> Result<Moved> {
    let account = secured(tx, command.account, Some(command.expected_version)).await?;
    no_administrator(tx, account.id).await?;
    let credential = store::credential_of(tx.db(), account.id).await?.ok_or(Error::NotFound)?;
    if !store::replace_password(tx, &credential, hash, true).await? {
        return Err(Error::Conflict);
    }
    let account = store::set_status(tx, &account, account.status).await?;
    let ended = store::revoke(tx, account.id, None).await?;
    tx.audit_reason(command.reason.as_str(), Some(account.id));
    Ok(Moved { account, ended })
}

/// Takes the second factor of an account away, of somebody who lost the phone and the recovery codes, and ends its sessions.
///
/// # Errors
/// As [`reset_password`].
pub async fn reset_second_factor(tx: &mut Tx, command: &Reset) -> Result<Moved> {
    let account = secured(tx, command.account, Some(command.expected_version)).await?;
    no_administrator(tx, account.id).await?;
    store::credential_of(tx.db(), account.id).await?.ok_or(Error::NotFound)?;
    store::remove_second_factor(tx, account.id).await?;
    let account = store::set_status(tx, &account, account.status).await?;
    let ended = store::revoke(tx, account.id, None).await?;
    tx.audit_reason(command.reason.as_str(), Some(account.id));
    Ok(Moved { account, ended })
}

/// Grants a role.
///
/// # Errors
/// [`Error::Forbidden`] for all but security administrators; `SAME_PERSON` for oneself, `ROLE_EXCLUSIVE` when the person is
/// another of the three administrators, or would be one of them and hold a role of the party; `INVALID` when account or scope
/// do not exist, the period lies in the past, or the person holds just this role there; `LIMIT_EXCEEDED` past [`GRANTS_PER_PERSON`].
pub async fn grant_role(tx: &mut Tx, command: &GrantRole) -> Result<role_grant::Model> {
    let account = secured(tx, command.account, None).await?;
    if account.status != AccountStatus::Active {
        return Err(because("userId", "unknown_or_disabled").into());
    }
    let (now, from) = (tx.now(), command.from.unwrap_or(tx.now()));
    if from < now - PAST {
        return Err(because("validFrom", "in_the_past").into());
    }
    if command.until.is_some_and(|until| until <= from.max(now)) {
        return Err(because("validTo", "before_start").into());
    }
    if from > now + FAR_AHEAD || command.until.is_some_and(|until| until > now + FAR_AHEAD) {
        return Err(because("validTo", "too_far_ahead").into());
    }
    if !store::scope_exists(tx.db(), command.scope).await? {
        let field = if command.scope.0 == ScopeKind::PartyOrganization { "partyOrganizationId" } else { "areaId" };
        return Err(because(field, "unknown").into());
    }
    let grant = NewGrant {
        account: account.id,
        role: command.role,
        scope: command.scope,
        from: from.max(now).trunc_subsecs(6),
        until: command.until.map(|until| until.trunc_subsecs(6)),
    };
    let row = appoint(tx, &grant).await?;
    tx.audit_detail(json!({
        "account": account.id.text(),
        "role": row.role.to_value(),
        "scope": store::scope_text(grant.scope),
        "validFrom": row.valid_from,
        "validTo": row.valid_to,
    }));
    tx.audit_reason(command.reason.as_str(), Some(account.id));
    Ok(row)
}

/// Writes a grant, one person's one after the other, so that two at once cannot make two administrators of one.
async fn appoint(tx: &mut Tx, grant: &NewGrant) -> Result<role_grant::Model> {
    store::lock_account(tx, grant.account).await?;
    let held = store::grants_not_over(tx.db(), grant.account, tx.now()).await?;
    let roles: Vec<Role> = held.iter().map(|row| row.role).collect();
    if policy::excludes(grant.role, &roles) {
        return Err(Error::refused_at(UserErrorCode::RoleExclusive, "role"));
    }
    if !policy::keeps_to_the_party(grant.role, grant.scope.0) {
        return Err(because("role", "not_granted_there").into());
    }
    if policy::ADMINISTRATORS.contains(&grant.role) && !store::is_street(tx.db(), grant.scope).await? {
        return Err(because("areaId", "not_granted_there").into());
    }
    if held.iter().any(|row| (row.role, row.scope_kind, row.scope_id) == (grant.role, grant.scope.0, grant.scope.1)) {
        return Err(because("role", "held_already").into());
    }
    if held.len() >= GRANTS_PER_PERSON {
        return Err(Error::refused_at(UserErrorCode::LimitExceeded, "userId"));
    }
    store::insert_grant(tx, grant).await
}

/// Grants a role in a scope, as the command line and the demo town do.
///
/// # Errors
/// `ROLE_EXCLUSIVE` as [`grant_role`]; `INVALID` for a role of the party outside of it, and for any other within.
pub async fn grant(
    tx: &mut Tx,
    account: AccountId,
    role: Role,
    scope: (ScopeKind, Uuid),
    until: Option<DateTime<Utc>>,
) -> Result<()> {
    let grant = NewGrant { account, role, scope, from: tx.now(), until };
    appoint(tx, &grant).await.map(|_| ())
}

/// Ends a grant now; one that was to begin later never does.
///
/// # Errors
/// [`Error::Forbidden`] for all but security administrators, [`Error::NotFound`]; `SAME_PERSON` for a role of one's own,
/// `INVALID_TRANSITION` when it was over.
pub async fn revoke_role(tx: &mut Tx, command: &RevokeRole) -> Result<role_grant::Model> {
    policy::admit(tx.actor(), AdminAction::Secure)?;
    let grant = store::grant_by_id(tx.db(), command.grant).await?.ok_or(Error::NotFound)?;
    not_oneself(tx.actor(), grant.account_id)?;
    let ended = store::end_grant(tx, grant.id).await?;
    let ended = ended.ok_or_else(|| Error::refused(UserErrorCode::InvalidTransition))?;
    tx.audit_detail(json!({ "account": ended.account_id.text(), "role": ended.role.to_value() }));
    tx.audit_reason(command.reason.as_str(), Some(ended.account_id));
    Ok(ended)
}

/// What guards an administrator is reset at the command line only: who resets it here would become two of the three.
async fn no_administrator(tx: &Tx, account: AccountId) -> Result<()> {
    let held = store::grants_not_over(tx.db(), account, tx.now()).await?;
    let is_administrator = held.iter().any(|row| policy::ADMINISTRATORS.contains(&row.role));
    if is_administrator && *tx.actor() != Actor::System { Err(Error::Forbidden) } else { Ok(()) }
}

/// An account that the actor may secure, as it was seen.
async fn secured(tx: &Tx, id: AccountId, expected_version: Option<i32>) -> Result<account::Model> {
    policy::admit(tx.actor(), AdminAction::Secure)?;
    let found = store::account_of(tx.db(), id).await?;
    // Of who is gone there is nothing left to secure.
    let account = found.filter(|account| account.status != AccountStatus::Deleted).ok_or(Error::NotFound)?;
    if expected_version.is_some_and(|seen| seen != account.version) {
        return Err(Error::Conflict);
    }
    not_oneself(tx.actor(), account.id)?;
    Ok(account)
}

fn not_oneself(actor: &Actor, account: AccountId) -> Result<()> {
    if actor.account() == Some(account) { Err(Error::refused(UserErrorCode::SamePerson)) } else { Ok(()) }
}
