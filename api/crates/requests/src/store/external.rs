//! Cases that another platform gave a number, and many that come in at once.

use entity::id::ServiceRequestId;
use entity::search_term;
use entity::service_request::{Column, Entity, Model};
use kernel::bulk;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::rows;

/// Which cases have these numbers on a street, with the numbers.
pub async fn by_external_no(
    db: &impl ConnectionTrait,
    street: &str,
    numbers: &[String],
) -> Result<Vec<(String, ServiceRequestId)>> {
    let mut wanted = numbers.to_vec();
    let Some(last) = wanted.last().cloned() else { return Ok(Vec::new()) };
    // Filled up, so that there are few texts of the statement.
    wanted.resize(wanted.len().next_power_of_two(), last);
    let found = Entity::find()
        .select_only()
        .columns([Column::ExternalNo, Column::Id])
        .filter(Column::Street.eq(street))
        .filter(Column::ExternalNo.is_in(wanted));
    let found: Vec<(Option<String>, ServiceRequestId)> = found.into_tuple().all(db).await?;
    Ok(found.into_iter().filter_map(|(number, id)| Some((number?, id))).collect())
}

/// Inserts new requests and makes them findable, in few statements for any number of them.
pub async fn insert_many(tx: &Tx, requests: &[Model]) -> Result<()> {
    bulk::insert(tx, requests).await?;
    let mut terms: Vec<search_term::Model> = Vec::new();
    for row in requests {
        let texts = [row.description.as_str(), row.address.as_deref().unwrap_or_default()];
        terms.extend(rows::findable(row.id, &texts));
        terms.extend(rows::numbers(row.id, &texts));
    }
    // In the order of their key, and each once.
    terms.sort_by(|a, b| (&a.term, a.request_id).cmp(&(&b.term, b.request_id)));
    terms.dedup();
    bulk::insert(tx, &terms).await
}
