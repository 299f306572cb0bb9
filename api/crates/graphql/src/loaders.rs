//! One loader per request (批量加载): edges are read in one statement per kind, whatever the page size.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use entity::id::{AccountId, AreaId};
use entity::{account, area};
use kernel::base::Base;
use kernel::error::Error;

use crate::context::{Ask as _, Result};
use crate::errors::top_level;

/// Reads rows by key for one request, so that it can never serve one viewer what another may see.
pub struct Rows(Base);

/// The loader as it stands in a request's context.
pub type Loaders = DataLoader<Rows>;

/// A fresh loader for a request.
#[must_use]
pub fn loaders(base: &Base) -> Loaders {
    DataLoader::new(Rows(base.clone()), TokioSpawner::current(), TokioTimer::default())
}

/// Children of an area.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ChildrenOf(pub AreaId);

type Failure = Arc<Error>;

impl Loader<AccountId> for Rows {
    type Value = account::Model;
    type Error = Failure;

    async fn load(&self, keys: &[AccountId]) -> std::result::Result<HashMap<AccountId, account::Model>, Failure> {
        let rows = identity::accounts_by_ids(&self.0, keys).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<AreaId> for Rows {
    type Value = area::Model;
    type Error = Failure;

    async fn load(&self, keys: &[AreaId]) -> std::result::Result<HashMap<AreaId, area::Model>, Failure> {
        let rows = areas::store::by_ids(self.0.db.reader(), keys).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<ChildrenOf> for Rows {
    type Value = Vec<area::Model>;
    type Error = Failure;

    async fn load(&self, keys: &[ChildrenOf]) -> std::result::Result<HashMap<ChildrenOf, Vec<area::Model>>, Failure> {
        let parents: Vec<AreaId> = keys.iter().map(|key| key.0).collect();
        let rows = areas::store::children_of(self.0.db.reader(), &parents).await.map_err(Arc::new)?;
        Ok(grouped(rows, |row| row.parent_id.map(ChildrenOf)))
    }
}

/// Rows by the key that each names, in their order.
pub(crate) fn grouped<K: Hash + Eq, V>(rows: Vec<V>, key: impl Fn(&V) -> Option<K>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        if let Some(key) = key(&row) {
            groups.entry(key).or_default().push(row);
        }
    }
    groups
}

/// Loads one row through the request's loader.
pub(crate) async fn load<K>(ctx: &Context<'_>, key: K) -> Result<Option<<Rows as Loader<K>>::Value>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Rows: Loader<K, Error = Failure>,
{
    let loaders: &Loaders = ctx.data_unchecked();
    loaders.load_one(key).await.map_err(|error| top_level(&error, ctx.caller().language))
}
