//! Cases of the past, written many at once (往事入库).

use entity::{assignment, contact, request_note, return_request, search_term, sequence, service_request, survey};
use kernel::bulk;
use kernel::error::Result;
use kernel::tx::Tx;

use super::changes::case_numbers_of;
use crate::history::History;

/// Writes told cases with everything but their facts, which [`bulk::record`] writes in the order of time, and notes how
/// far the numbers of each date went: `dates` are dates in Shanghai, e.g. `20261122`, with the last number drawn.
///
/// # Errors
/// When the database refuses a row.
pub async fn insert_past(tx: &Tx, cases: &[History], dates: &[(String, i64)]) -> Result<()> {
    let numbers = dates.iter().map(|(date, last)| sequence::Model { name: case_numbers_of(date), value: *last });
    bulk::insert(tx, &numbers.collect::<Vec<_>>()).await?;
    let rows: Vec<service_request::Model> = cases.iter().map(|it| it.case.row.clone()).collect();
    bulk::insert(tx, &rows).await?;
    let orders: Vec<assignment::Model> = cases.iter().flat_map(|it| it.case.assignments.iter().cloned()).collect();
    bulk::insert(tx, &orders).await?;
    let notes: Vec<request_note::Model> = cases.iter().flat_map(|it| it.notes.iter().cloned()).collect();
    bulk::insert(tx, &notes).await?;
    let contacts: Vec<contact::Model> = cases.iter().flat_map(|it| it.contacts.iter().cloned()).collect();
    bulk::insert(tx, &contacts).await?;
    let returns: Vec<return_request::Model> = cases.iter().flat_map(|it| it.returns.iter().cloned()).collect();
    bulk::insert(tx, &returns).await?;
    let surveys: Vec<survey::Model> = cases.iter().flat_map(|it| it.surveys.iter().cloned()).collect();
    bulk::insert(tx, &surveys).await?;
    let mut findable: Vec<search_term::Model> = cases.iter().flat_map(|it| it.findable.iter().cloned()).collect();
    // In the order of their key, so that the tree is filled leaf by leaf.
    findable.sort_by(|a, b| a.term.cmp(&b.term));
    bulk::insert(tx, &findable).await
}
