//! Lines of rosters.

use std::collections::{HashMap, HashSet};

use entity::id::{AccountId, PartyMemberId, PartyOrganizationId};
use entity::party_member::{Column, Entity, Model};
use entity::party_organization;
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_any};
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded as _};
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use kernel::vault::Vault;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::organizations::{organizations_by_ids, within};
use crate::file::MemberRow;
use crate::policy::{Organization, OrganizationAction};

/// Who is expected at something that members come to (应到范围).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Members of some organisations, and of those below.
    Members(Vec<PartyOrganizationId>),
    /// Who sits on the committee of one.
    Committee(PartyOrganizationId),
}

/// Under which names the columns are sealed.
pub(super) const NAME: &str = "party_member.name";
pub(super) const JOIN_MONTH: &str = "party_member.join_month";
pub(super) const PHONE: &str = "party_member.phone";
/// Invitations shown of a person at most.
const SHOWN: u64 = 10;

/// A line of a roster, in clear (名册中的党员). It is not to be printed, so it has no `Debug`.
#[derive(Clone)]
pub struct Member {
    /// The row.
    pub row: Model,
    /// Name; none once the person is forgotten.
    pub name: Option<String>,
    /// Month of joining, `YYYY-MM`; none once the person is forgotten.
    pub join_month: Option<String>,
    /// Number.
    pub phone: Option<Phone>,
}

/// A row in clear.
pub fn opened(vault: &Vault, row: Model) -> Result<Member> {
    let open = |name, sealed: &Option<Vec<u8>>| sealed.as_ref().map(|sealed| vault.open(name, sealed)).transpose();
    let (name, join_month) = (open(NAME, &row.name_sealed)?, open(JOIN_MONTH, &row.join_month_sealed)?);
    let phone = open(PHONE, &row.phone_sealed)?.map(Phone::from_stored);
    Ok(Member { row, name, join_month, phone })
}

/// A page of an organisation's roster, those first that were entered first.
pub async fn page_of(tx: &Tx, organization: PartyOrganizationId, page: &PageRequest) -> Result<Page<Member>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(organization));
    let rows = page.apply(query, Column::CreatedAt, Column::Id, false).all(tx.db()).await?;
    let Page { rows, has_next, has_previous } = page.page(rows);
    let rows = rows.into_iter().map(|row| opened(&tx.base().vault, row)).collect::<Result<_>>()?;
    Ok(Page { rows, has_next, has_previous })
}

/// All lines of some organisations: for an import.
pub async fn all_of(tx: &Tx, organizations: &[PartyOrganizationId]) -> Result<Vec<Member>> {
    let rows = Entity::find().filter(in_keys(tx.db(), Column::OrganizationId, organizations)).all(tx.db()).await?;
    rows.into_iter().map(|row| opened(&tx.base().vault, row)).collect()
}

/// What tells a line of a roster from others: organisation, name and month of joining.
#[must_use]
pub fn key_of(member: &Member) -> Option<(PartyOrganizationId, String, String)> {
    Some((member.row.organization_id, member.name.clone()?, member.join_month.clone()?))
}

/// A line of a file as a row.
pub fn row_of(tx: &Tx, organization_id: PartyOrganizationId, member: &MemberRow) -> Result<Model> {
    let vault = &tx.base().vault;
    let phone = member.phone.as_ref();
    Ok(Model {
        id: tx.id()?,
        organization_id,
        name_sealed: Some(vault.seal(NAME, &member.name)?),
        join_month_sealed: Some(vault.seal(JOIN_MONTH, &member.join_month)?),
        standing: member.standing,
        phone_sealed: phone.map(|phone| vault.seal(PHONE, phone.e164())).transpose()?,
        phone_index: phone.map(|phone| phone.index(vault)),
        duty: member.duty.flatten(),
        account_id: None,
        bound_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// Lines of rosters that are expected at something (应到党员): of some organisations and of those below, or, of one, those who sit on its
/// committee; without those who asked to be known no more. In no order; not to be shown.
///
/// # Errors
/// When the database does not answer.
pub async fn expected(db: &impl ConnectionTrait, who: &Expected) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(meant(db, who).await?).order_by_asc(Column::Id).all(db).await?)
}

/// Whether a line is one of those that are expected at something.
///
/// # Errors
/// When the database does not answer.
pub async fn is_expected(db: &impl ConnectionTrait, who: &Expected, line: PartyMemberId) -> Result<bool> {
    let found = Entity::find_by_id(line).filter(meant(db, who).await?).select_only().column(Column::Id);
    Ok(found.into_tuple::<PartyMemberId>().one(db).await?.is_some())
}

async fn meant(db: &impl ConnectionTrait, who: &Expected) -> Result<Condition> {
    let known = Condition::all().add(Column::NameSealed.is_not_null());
    Ok(match who {
        Expected::Committee(id) => known.add(Column::OrganizationId.eq(*id)).add(Column::Duty.is_not_null()),
        Expected::Members(ids) => match within(db, ids).await? {
            Some(within) => known.add(Column::OrganizationId.in_subquery(within)),
            None => known.add(Expr::value(false)),
        },
    })
}

/// Names of members whom somebody may know by name, for loaders; who asked to be known no more has none.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn names_for(base: &Base, actor: &Actor, ids: &[PartyMemberId]) -> Result<HashMap<PartyMemberId, String>> {
    let db = base.db.reader();
    let rows = Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?;
    let organizations: HashSet<PartyOrganizationId> = rows.iter().map(|row| row.organization_id).collect();
    let organizations = organizations_by_ids(base, &Vec::from_iter(organizations)).await?.into_iter();
    let is_read = |row: &party_organization::Model| {
        Organization(row.clone()).decide(actor, OrganizationAction::NameMembers) == Decision::Allow
    };
    let read: HashSet<PartyOrganizationId> = organizations.filter(is_read).map(|row| row.id).collect();
    let named = rows.into_iter().filter(|row| read.contains(&row.organization_id));
    let named = named.filter_map(|row| Some((row.id, row.name_sealed?)));
    named.map(|(id, sealed)| Ok((id, base.vault.open(NAME, &sealed)?))).collect()
}

/// The accounts that lines are bound to, for those who are told something; of those that are bound.
///
/// # Errors
/// When the database does not answer.
pub async fn accounts_of(
    db: &impl ConnectionTrait,
    ids: &[PartyMemberId],
) -> Result<HashMap<PartyMemberId, AccountId>> {
    let rows = Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.account_id?))).collect())
}

/// Inserts lines.
pub async fn insert_members(tx: &Tx, rows: &[Model]) -> Result<()> {
    bulk::insert(tx, rows).await
}

/// Gives a line the standing, the duty and the number of a file; tells whether anything changed.
pub async fn renew(tx: &Tx, before: &Member, given: &MemberRow) -> Result<bool> {
    let (phone, duty) = (given.phone.as_ref(), given.duty.unwrap_or(before.row.duty));
    if (before.row.standing, before.row.duty, before.phone.as_ref()) == (given.standing, duty, phone) {
        return Ok(false);
    }
    let vault = &tx.base().vault;
    let mut after = before.row.clone();
    (after.standing, after.duty) = (given.standing, duty);
    if before.phone.as_ref() != phone {
        after.phone_sealed = phone.map(|phone| vault.seal(PHONE, phone.e164())).transpose()?;
        after.phone_index = phone.map(|phone| phone.index(vault));
    }
    update(tx, &before.row, after).await?;
    Ok(true)
}

/// Lines that nobody confirmed with this number, those first that were entered first; at most 10.
pub async fn invitations(db: &impl ConnectionTrait, base: &Base, phone: &Phone) -> Result<Vec<Member>> {
    let own = Entity::find()
        .filter(is_any(Column::PhoneIndex, phone.indexes(&base.vault)))
        .filter(Column::AccountId.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(SHOWN);
    own.all(db).await?.into_iter().map(|row| opened(&base.vault, row)).collect()
}

/// Lines with the account's own number that nobody confirmed.
///
/// # Errors
/// When the database does not answer.
pub async fn invitations_of(base: &Base, account: AccountId) -> Result<Vec<Member>> {
    let db = base.db.reader();
    if bound_to(db, account).await?.is_some() {
        return Ok(Vec::new());
    }
    let account = identity::account_of(db, account).await?;
    let phone = account.map(|account| identity::phone_of(base, &account)).transpose()?.flatten();
    match phone {
        Some(phone) => invitations(db, base, &phone).await,
        None => Ok(Vec::new()),
    }
}

/// The line that an account is bound to.
///
/// # Errors
/// When the database does not answer.
pub async fn bound_to(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).one(db).await?)
}

/// The line that an account is bound to, in clear: for its person.
///
/// # Errors
/// A fault when a sealed value does not open.
pub async fn membership_of(base: &Base, account: AccountId) -> Result<Option<Member>> {
    let row = bound_to(base.db.reader(), account).await?;
    row.map(|row| opened(&base.vault, row)).transpose()
}

/// Binds a line to the account that confirmed it, unless somebody was faster.
pub async fn bind(tx: &Tx, before: &Model, account: AccountId) -> Result<Model> {
    let mut after = before.clone();
    (after.account_id, after.bound_at) = (Some(account), Some(tx.now()));
    update(tx, before, after).await
}

/// Unbinds a line.
pub async fn release(tx: &Tx, before: &Model) -> Result<Model> {
    let mut after = before.clone();
    (after.account_id, after.bound_at) = (None, None);
    update(tx, before, after).await
}

/// Unbinds the line of an account, if there is one.
pub async fn unbind(tx: &Tx, account: AccountId) -> Result<()> {
    match bound_to(tx.db(), account).await? {
        Some(row) => release(tx, &row).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Keeps of a line that it is one, and as what: the roster still counts, and knows nobody.
pub async fn forget(tx: &Tx, id: PartyMemberId) -> Result<()> {
    let mut own = Entity::update_many().filter(Column::Id.eq(id));
    for column in [Column::NameSealed, Column::JoinMonthSealed, Column::PhoneSealed, Column::PhoneIndex] {
        own = own.col_expr(column, Expr::value(None::<Vec<u8>>));
    }
    let own = own
        .col_expr(Column::AccountId, Expr::value(None::<uuid::Uuid>))
        .col_expr(Column::BoundAt, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()));
    own.exec(tx.db()).await?;
    Ok(())
}

/// Takes numbers off the lines that nobody confirmed with them.
pub async fn forget_numbers(tx: &Tx, indexes: Vec<Vec<u8>>) -> Result<()> {
    if indexes.is_empty() {
        return Ok(());
    }
    let own = Entity::update_many()
        .filter(is_any(Column::PhoneIndex, indexes))
        .col_expr(Column::PhoneSealed, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::PhoneIndex, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()));
    own.exec(tx.db()).await?;
    Ok(())
}

/// Blind indexes of numbers of eleven digits, by every key of the ring.
pub fn indexes_of(vault: &Vault, numbers: &[String]) -> Result<Vec<Vec<u8>>> {
    let mut indexes = Vec::new();
    for number in numbers {
        indexes.extend(Phone::parse("phone", number)?.indexes(vault));
    }
    Ok(indexes)
}

/// One update of the columns that differ, if the line is still bound as it was read.
async fn update(tx: &Tx, before: &Model, mut after: Model) -> Result<Model> {
    after.updated_at = tx.now();
    let is_as_read = match before.account_id {
        Some(account) => Condition::all().add(Column::AccountId.eq(account)),
        None => Condition::all().add(Column::AccountId.is_null()),
    };
    let own = Entity::update_many().set(bulk::changed(before, &after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(is_as_read).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(after) } else { Err(Error::Conflict) }
}
