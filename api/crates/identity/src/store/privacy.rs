//! What is told to a person about the own account, and what is forgotten of it.

use chrono::{DateTime, Utc};
use entity::enums::IdentityKind;
use entity::id::{AccountId, Id as _};
use entity::{account, audit_reason, dependant, idempotency, identity, recovery_code, session};
use entity::{staff_credential as credential, used_password};
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::identities::VALUE;

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
