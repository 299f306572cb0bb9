//! What is told to a person about the own account, and what is forgotten of it.

use chrono::{DateTime, Utc};
use entity::enums::IdentityKind;
use entity::id::{AccountId, AuditEntryId, Id as _};
use entity::{
    account, audit_entry, audit_reason, dependant, former_trait, idempotency, identity, recovery_code, session,
};
use entity::{staff_credential as credential, used_password};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::identities::VALUE;

/// Under which name former names and numbers are sealed.
pub(super) const FORMER: &str = "former_trait.value";

/// Keeps what somebody was called or reached by before, so that it can be forgotten with the person.
pub async fn note_former(tx: &Tx, account_id: AccountId, value: &str, is_number: bool) -> Result<()> {
    let row = former_trait::Model {
        id: tx.id()?,
        account_id,
        is_number,
        value_sealed: tx.base().vault.seal(FORMER, value)?,
        created_at: tx.now(),
    };
    former_trait::Entity::insert(row.into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// What somebody was called or reached by before, in clear: each with whether it is a number.
pub async fn former_traits(tx: &Tx, account: AccountId) -> Result<Vec<(String, bool)>> {
    let own = former_trait::Entity::find().filter(former_trait::Column::AccountId.eq(account));
    let rows = own.all(tx.db()).await?;
    rows.into_iter().map(|row| Ok((tx.base().vault.open(FORMER, &row.value_sealed)?, row.is_number))).collect()
}

/// Erases why things were done to objects, by their global ids.
pub async fn forget_reasons(tx: &Tx, subjects: &[String]) -> Result<()> {
    for some in subjects.chunks(200) {
        let lines = audit_entry::Entity::find()
            .select_only()
            .column(audit_entry::Column::Id)
            .filter(audit_entry::Column::Subject.is_in(some));
        let lines: Vec<AuditEntryId> = lines.into_tuple().all(tx.db()).await?;
        let reasons = in_keys(tx.db(), audit_reason::Column::EntryId, &lines);
        audit_reason::Entity::delete_many().filter(reasons).exec(tx.db()).await?;
    }
    Ok(())
}

/// By what an account is recognised beside its number, in clear: kind, value, when it was bound.
pub async fn identities_in_clear(
    base: &Base,
    account: AccountId,
) -> Result<Vec<(IdentityKind, String, DateTime<Utc>)>> {
    let own = identity::Entity::find()
        .filter(identity::Column::AccountId.eq(account))
        .order_by_asc(identity::Column::BoundAt);
    let rows = own.all(base.db.reader()).await?;
    rows.into_iter().map(|row| Ok((row.kind, base.vault.open(VALUE, &row.value_sealed)?, row.bound_at))).collect()
}

/// Deletes all that is an account's own, and empties its row. Words of others about it go too: of a reason, the audit chain
/// holds a salted hash only.
pub async fn forget_account(tx: &Tx, account: &account::Model) -> Result<()> {
    let (db, id) = (tx.db(), account.id);
    identity::Entity::delete_many().filter(identity::Column::AccountId.eq(id)).exec(db).await?;
    session::Entity::delete_many().filter(session::Column::AccountId.eq(id)).exec(db).await?;
    dependant::Entity::delete_many().filter(dependant::Column::GuardianId.eq(id)).exec(db).await?;
    former_trait::Entity::delete_many().filter(former_trait::Column::AccountId.eq(id)).exec(db).await?;
    recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(id)).exec(db).await?;
    used_password::Entity::delete_many().filter(used_password::Column::AccountId.eq(id)).exec(db).await?;
    credential::Entity::delete_many().filter(credential::Column::AccountId.eq(id)).exec(db).await?;
    audit_reason::Entity::delete_many().filter(audit_reason::Column::AboutId.eq(id)).exec(db).await?;
    idempotency::Entity::delete_many().filter(idempotency::Column::Actor.eq(id.text())).exec(db).await?;
    account::Entity::update_many()
        .col_expr(account::Column::NameSealed, Expr::value(None::<Vec<u8>>))
        .col_expr(account::Column::PhoneSealed, Expr::value(None::<Vec<u8>>))
        .col_expr(account::Column::PhoneIndex, Expr::value(None::<Vec<u8>>))
        .col_expr(account::Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(account::Column::Version, Expr::value(account.version + 1))
        .filter(account::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}
