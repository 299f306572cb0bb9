//! By what accounts are recognised (登录标识): WeChat identities, and numbers that change hands.

use chrono::{DateTime, Utc};
use entity::enums::IdentityKind;
use entity::id::AccountId;
use entity::{account, identity, session};
use kernel::base::Base;
use kernel::db::{hold, is_any, is_taken};
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use kernel::vault::{Purpose, Vault};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};

use super::privacy::note_former;
use super::{NAME, PHONE};
use crate::phone::Phone;
use crate::wechat::Openid;

pub(super) const VALUE: &str = "identity.value";

pub(super) fn openid_index(vault: &Vault, openid: &Openid) -> Vec<u8> {
    vault.keyed_hash(Purpose::WechatIndex, openid.text().as_bytes())
}

fn openid_indexes(base: &Base, openid: &Openid) -> Vec<Vec<u8>> {
    base.vault.keyed_hashes(Purpose::WechatIndex, openid.text().as_bytes())
}

/// Waits until no other transaction works on the same openid, where that is needed.
pub async fn hold_openid(tx: &Tx, openid: &Openid) -> Result<()> {
    Ok(hold(tx.db(), &openid_indexes(tx.base(), openid)).await?)
}

/// The account that an openid is bound to.
pub async fn account_by_openid(
    db: &impl ConnectionTrait,
    base: &Base,
    openid: &Openid,
) -> Result<Option<account::Model>> {
    let bound = identity::Entity::find()
        .filter(identity::Column::Kind.eq(IdentityKind::WechatOpenid))
        .filter(is_any(identity::Column::ValueIndex, openid_indexes(base, openid)))
        .one(db)
        .await?;
    match bound {
        Some(bound) => Ok(account::Entity::find_by_id(bound.account_id).one(db).await?),
        None => Ok(None),
    }
}

/// Binds an openid to an account.
pub async fn bind_openid(tx: &Tx, account: AccountId, openid: &Openid) -> Result<()> {
    let base = tx.base();
    let row = identity::ActiveModel {
        id: Set(tx.id()?),
        account_id: Set(account),
        kind: Set(IdentityKind::WechatOpenid),
        value_index: Set(openid_index(&base.vault, openid)),
        value_sealed: Set(base.vault.seal(VALUE, openid.text())?),
        bound_at: Set(tx.now()),
        last_used_at: Set(tx.now()),
    };
    let inserted = identity::Entity::insert(row).exec_without_returning(tx.db()).await;
    inserted.map(|_| ()).map_err(|error| {
        // The same openid signed in beside this call: begun anew, this one will find its account.
        if is_taken(&error, "identity", &["kind", "value_index"]) { Error::Crossed(error) } else { error.into() }
    })
}

/// Unbinds every openid of an account.
pub async fn unbind_openids(tx: &Tx, account: AccountId) -> Result<()> {
    let own = identity::Entity::delete_many().filter(identity::Column::AccountId.eq(account));
    own.filter(identity::Column::Kind.eq(IdentityKind::WechatOpenid)).exec(tx.db()).await?;
    Ok(())
}

/// Notes that an openid signed in.
pub async fn note_use(tx: &Tx, openid: &Openid) -> Result<()> {
    identity::Entity::update_many()
        .col_expr(identity::Column::LastUsedAt, Expr::value(tx.now()))
        .filter(identity::Column::Kind.eq(IdentityKind::WechatOpenid))
        .filter(is_any(identity::Column::ValueIndex, openid_indexes(tx.base(), openid)))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Whether an account is bound to an openid, that of the caller not counted.
pub async fn has_wechat_beside(tx: &Tx, account: AccountId, own: Option<&Openid>) -> Result<bool> {
    let mut others = identity::Entity::find()
        .filter(identity::Column::AccountId.eq(account))
        .filter(identity::Column::Kind.eq(IdentityKind::WechatOpenid));
    if let Some(own) = own {
        others = others.filter(is_any(identity::Column::ValueIndex, openid_indexes(tx.base(), own)).not());
    }
    Ok(others.count(tx.db()).await? > 0)
}

/// When an account was last used: the last refresh of any of its sessions, of which housekeeping always keeps the last.
pub async fn last_used(tx: &Tx, account: &account::Model) -> Result<DateTime<Utc>> {
    let last: Option<Option<DateTime<Utc>>> = session::Entity::find()
        .select_only()
        .column_as(session::Column::LastSeenAt.max(), "last")
        .filter(session::Column::AccountId.eq(account.id))
        .into_tuple()
        .one(tx.db())
        .await?;
    Ok(last.flatten().unwrap_or(account.created_at))
}

/// Gives a number to an account, in place of the one it has.
pub async fn give_phone(tx: &Tx, account: &account::Model, phone: &Phone) -> Result<account::Model> {
    let base = tx.base();
    if let Some(former) = super::phone_of(base, account)? {
        note_former(tx, account.id, former.e164(), true).await?;
    }
    let sealed = Some(base.vault.seal(PHONE, phone.e164())?);
    set_phone(tx, account, sealed, Some(phone.index(&base.vault))).await
}

/// Calls an account by another name.
pub async fn set_name(tx: &Tx, account: &account::Model, name: &str) -> Result<account::Model> {
    if let Some(former) = super::name_of(tx.base(), account)?.filter(|former| former != name) {
        note_former(tx, account.id, &former, false).await?;
    }
    let sealed = tx.base().vault.seal(NAME, name)?;
    let moved = account::Entity::update_many()
        .col_expr(account::Column::NameSealed, Expr::value(sealed))
        .col_expr(account::Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(account::Column::Version, Expr::value(account.version + 1))
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::Version.eq(account.version))
        .exec_with_returning(tx.db())
        .await?;
    moved.into_iter().next().ok_or(Error::Crossed(DbErr::RecordNotUpdated))
}

/// Takes the number from an account whose owner gave it up: it is somebody else's now, and nothing of this account's.
pub async fn take_phone(tx: &Tx, account: &account::Model) -> Result<account::Model> {
    set_phone(tx, account, None, None).await
}

async fn set_phone(
    tx: &Tx,
    account: &account::Model,
    sealed: Option<Vec<u8>>,
    index: Option<Vec<u8>>,
) -> Result<account::Model> {
    let moved =
        account::Entity::update_many()
            .col_expr(account::Column::PhoneSealed, Expr::value(sealed))
            .col_expr(account::Column::PhoneIndex, Expr::value(index))
            .col_expr(account::Column::UpdatedAt, Expr::value(tx.now()))
            .col_expr(account::Column::Version, Expr::value(account.version + 1))
            .filter(account::Column::Id.eq(account.id))
            .filter(account::Column::Version.eq(account.version))
            .exec_with_returning(tx.db())
            .await
            .map_err(|error| {
                if is_taken(&error, "account", &["phone_index"]) { Error::Crossed(error) } else { error.into() }
            })?;
    moved.into_iter().next().ok_or(Error::Crossed(DbErr::RecordNotUpdated))
}
