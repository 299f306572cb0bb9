//! What is told to a person, and what is forgotten.

use entity::id::{AccountId, ProxyGrantId, ServiceRequestId};
use entity::{proxy_case, proxy_grant, residence};
use identity::phone::Phone;
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

/// Every proof of residence of a person, oldest first.
pub async fn all_residences(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<residence::Model>> {
    let own = residence::Entity::find()
        .filter(residence::Column::AccountId.eq(account))
        .order_by_asc(residence::Column::CreatedAt);
    Ok(own.all(db).await?)
}

/// Blind indexes of numbers of eleven digits, by every key of the ring.
pub fn indexes_of(base: &Base, numbers: &[String]) -> Result<Vec<Vec<u8>>> {
    let mut indexes = Vec::new();
    for number in numbers {
        indexes.extend(Phone::parse("phone", number)?.indexes(&base.vault));
    }
    Ok(indexes)
}

/// Every proxy from a person, to the person, or that waits for one of the numbers, oldest first.
pub async fn proxies_about(
    db: &impl ConnectionTrait,
    account: AccountId,
    numbers: &[Vec<u8>],
) -> Result<Vec<proxy_grant::Model>> {
    use proxy_grant::Column;
    let mut about = Condition::any().add(Column::PrincipalId.eq(account)).add(Column::AgentId.eq(account));
    if !numbers.is_empty() {
        // Who accepted one is another person, whatever the number.
        let waits =
            Condition::all().add(Column::AgentPhoneIndex.is_in(numbers.to_vec())).add(Column::AgentId.is_null());
        about = about.add(waits);
    }
    Ok(proxy_grant::Entity::find().filter(about).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// Proxies that the counter granted in cases, for who has no account.
pub async fn proxies_at_counter(tx: &Tx, cases: &[ServiceRequestId]) -> Result<Vec<proxy_grant::Model>> {
    let named = proxy_case::Entity::find().filter(in_keys(tx.db(), proxy_case::Column::RequestId, cases));
    let ids: Vec<ProxyGrantId> = named.all(tx.db()).await?.into_iter().map(|case| case.proxy_id).collect();
    let granted = proxy_grant::Entity::find()
        .filter(in_keys(tx.db(), proxy_grant::Column::Id, &ids))
        .filter(proxy_grant::Column::PrincipalId.is_null());
    Ok(granted.all(tx.db()).await?)
}

/// Deletes every proof of residence of a person.
pub async fn forget_residences(tx: &Tx, account: AccountId) -> Result<()> {
    let own = residence::Entity::delete_many().filter(residence::Column::AccountId.eq(account));
    own.exec(tx.db()).await?;
    Ok(())
}

/// Deletes proxies.
pub async fn forget_proxies(tx: &Tx, proxies: &[proxy_grant::Model]) -> Result<()> {
    let ids: Vec<ProxyGrantId> = proxies.iter().map(|row| row.id).collect();
    let (db, cases, rows) = (tx.db(), proxy_case::Column::ProxyId, proxy_grant::Column::Id);
    proxy_case::Entity::delete_many().filter(in_keys(db, cases, &ids)).exec(db).await?;
    proxy_grant::Entity::delete_many().filter(in_keys(db, rows, &ids)).exec(db).await?;
    Ok(())
}

/// Takes cases out of every proxy, and deletes those that are left without any.
pub async fn forget_cases(tx: &Tx, cases: &[ServiceRequestId]) -> Result<()> {
    use proxy_case::Column;
    let db = tx.db();
    let ids = async |filter: SimpleExpr| -> Result<Vec<ProxyGrantId>> {
        let named = proxy_case::Entity::find().select_only().column(Column::ProxyId).distinct().filter(filter);
        Ok(named.into_tuple().all(db).await?)
    };
    let named = ids(in_keys(db, Column::RequestId, cases)).await?;
    if named.is_empty() {
        return Ok(());
    }
    proxy_case::Entity::delete_many().filter(in_keys(db, Column::RequestId, cases)).exec(db).await?;
    let left = ids(in_keys(db, Column::ProxyId, &named)).await?;
    let over: Vec<ProxyGrantId> = named.into_iter().filter(|id| !left.contains(id)).collect();
    proxy_grant::Entity::delete_many().filter(in_keys(db, proxy_grant::Column::Id, &over)).exec(db).await?;
    Ok(())
}
