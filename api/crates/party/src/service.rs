//! What happens to rosters: one function a verb, on a [`Tx`] (指令的执行).

use std::collections::HashMap;

use entity::enums::ConsentKind;
use entity::id::{AccountId, PartyMemberId, PartyOrganizationId};
use entity::{party_member, party_organization};
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::Guarded as _;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use serde_json::json;

use crate::file::{File, RowError};
use crate::policy::{Organization, OrganizationAction};
use crate::store::{self, Member};

/// Whose roster is read, and which part of it (查阅名册).
#[derive(Clone, Copy, Debug)]
pub struct Roster {
    /// Of which organisation; none when what was named is none.
    pub organization: Option<PartyOrganizationId>,
    /// Which page.
    pub page: PageRequest,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Organisations of the file, each with its code, upper ones first.
    pub organizations: Vec<(String, PartyOrganizationId)>,
    /// Organisations that were made or renamed.
    pub organizations_changed: usize,
    /// Members of the file.
    pub members: usize,
    /// Members that were entered or changed.
    pub members_changed: usize,
}

/// Reads a roster. It is a verb, so that the line of the audit chain is written with the read: there is none without the other.
///
/// # Errors
/// [`Error::NotFound`] for who may not even know the organisation, [`Error::Forbidden`] for who may not read its roster.
pub async fn roster(tx: &mut Tx, wanted: &Roster) -> Result<Page<Member>> {
    let id = wanted.organization.ok_or(Error::NotFound)?;
    let found = store::organization(tx.db(), id).await?.ok_or(Error::NotFound)?;
    let permitted = Organization(found).permit(tx.actor(), OrganizationAction::ReadRoster)?;
    store::page_of(tx, permitted.row().0.id, &wanted.page).await
}

/// The person whose number stands in a roster says that it is so (确认党员身份).
///
/// # Errors
/// `CONSENT_REQUIRED`; `PHONE_REQUIRED` without a number; `INVALID_TRANSITION` for who is bound already; [`Error::NotFound`] when no
/// roster has the own number, or not in the line named; `REQUIRED` at `memberId` when several have.
pub async fn confirm(tx: &mut Tx, member: &Option<PartyMemberId>) -> Result<party_member::Model> {
    let account = tx.actor().person()?.account;
    identity::consent::demand(tx, &[ConsentKind::Party]).await?;
    // One after the other, so that nobody is bound twice.
    identity::queue_up(tx, account).await?;
    if store::bound_to(tx.db(), account).await?.is_some() {
        return Err(UserError::new(UserErrorCode::InvalidTransition).with(Detail::Allowed(vec!["RELEASE"])).into());
    }
    let own = identity::account_of(tx.db(), account).await?.ok_or(Error::Unauthenticated)?;
    let phone = identity::phone_of(tx.base(), &own)?.ok_or_else(|| Error::refused(UserErrorCode::PhoneRequired))?;
    let mut invited = store::invitations(tx.db(), tx.base(), &phone).await?;
    if let Some(member) = member {
        invited.retain(|invitation| invitation.row.id == *member);
    }
    match invited.as_slice() {
        [] => Err(Error::NotFound),
        [only] => store::bind(tx, &only.row, account).await,
        _ => Err(Error::refused_at(UserErrorCode::Required, "memberId")),
    }
}

/// The person takes it back (解除党员身份绑定); the roster stays as it is.
///
/// # Errors
/// `INVALID_TRANSITION` for who is not bound.
pub async fn release(tx: &mut Tx, (): &()) -> Result<party_member::Model> {
    let account = tx.actor().person()?.account;
    let bound = store::bound_to(tx.db(), account).await?;
    let bound = bound.ok_or_else(|| Error::refused(UserErrorCode::InvalidTransition))?;
    store::release(tx, &bound).await
}

/// Unbinds an account, bound or not.
///
/// # Errors
/// When the database does not answer.
pub async fn unbind(tx: &Tx, account: AccountId) -> Result<()> {
    store::unbind(tx, account).await
}

/// Whether a file fits what was imported before; changes nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn check(base: &Base, file: &File) -> Result<std::result::Result<(), Vec<RowError>>> {
    let known = store::all(base.db.reader()).await?;
    Ok(file.placed(&known).map(|_| ()))
}

/// Enters a file: organisations and members that are known are changed, others added, none removed. Members are the same by
/// organisation, name and month of joining.
///
/// # Errors
/// `INVALID` when the file does not fit, which [`check`] tells line by line.
pub async fn import(tx: &mut Tx, file: &File) -> Result<Imported> {
    let known = store::all(tx.db()).await?;
    let placed = file.placed(&known).map_err(|_| Error::refused(UserErrorCode::Invalid))?;
    let mut known: HashMap<String, party_organization::Model> =
        known.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut ids: HashMap<String, PartyOrganizationId> =
        known.iter().map(|(code, row)| (code.clone(), row.id)).collect();
    let mut imported = Imported { members: file.members.len(), ..Imported::default() };
    for (row, path) in placed {
        let (id, is_changed) = match known.remove(&row.code) {
            Some(before) => (before.id, store::rename_organization(tx, &before, row).await?),
            None => {
                let parent = row.parent.as_ref().and_then(|code| ids.get(code)).copied();
                (store::insert_organization(tx, row, &path, parent).await?, true)
            }
        };
        ids.insert(row.code.clone(), id);
        imported.organizations.push((row.code.clone(), id));
        imported.organizations_changed += usize::from(is_changed);
    }
    imported.members_changed = enter(tx, file, &imported.organizations).await?;
    tx.audit_detail(json!({
        "organizations": imported.organizations.len(), "organizationsChanged": imported.organizations_changed,
        "members": imported.members, "membersChanged": imported.members_changed,
    }));
    Ok(imported)
}

/// Enters the members of a file; tells how many were new or changed.
async fn enter(tx: &Tx, file: &File, organizations: &[(String, PartyOrganizationId)]) -> Result<usize> {
    let organizations: HashMap<&str, PartyOrganizationId> =
        organizations.iter().map(|(code, id)| (code.as_str(), *id)).collect();
    let ids: Vec<PartyOrganizationId> = organizations.values().copied().collect();
    let before = store::all_of(tx, &ids).await?;
    let before: HashMap<_, Member> =
        before.into_iter().filter_map(|member| Some((store::key_of(&member)?, member))).collect();
    let (mut new, mut changed) = (Vec::new(), 0);
    for member in &file.members {
        let Some(organization) = organizations.get(member.organization.as_str()) else { continue };
        match before.get(&(*organization, member.name.clone(), member.join_month.clone())) {
            Some(before) => {
                changed += usize::from(store::renew(tx, before, member).await?);
            }
            None => new.push(store::row_of(tx, *organization, member)?),
        }
    }
    store::insert_members(tx, &new).await?;
    Ok(changed + new.len())
}
