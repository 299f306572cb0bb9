//! A copy of all that is kept of a person (个人信息副本): asked for, made beside the requests, fetched within a day.

use chrono::TimeDelta;
use entity::data_export;
use entity::enums::DataExportState;
use entity::id::{AccountId, DataExportId, Id as _};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::link;
use kernel::tx::Tx;
use media::Media;
use serde_json::json;

use crate::fact::ExportFact;
use crate::store;

/// How long a copy can be fetched.
pub const LIFE: TimeDelta = TimeDelta::hours(24);

/// Asks for a copy of the actor's own data.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors; `LIMIT_EXCEEDED` while one is being made or can be fetched.
pub async fn request_export(tx: &mut Tx, (): &()) -> Result<data_export::Model> {
    let account = tx.actor().person()?.account;
    identity::queue_up(tx, account).await?;
    if let Some(open) = store::open_export(tx, account).await? {
        let until = open.expires_at.unwrap_or(open.created_at + LIFE);
        return Err(UserError::new(UserErrorCode::LimitExceeded).with(Detail::LimitUntil(1, until)).into());
    }
    let row = store::insert_export(tx, account).await?;
    tx.record(row.id.0, row.version, &ExportFact::Requested { account })?;
    Ok(row)
}

/// Makes the copies that were asked for, some at a time; tells how many. One that fails lets others go first, and is tried again.
///
/// # Errors
/// The first failure, after all were tried.
pub async fn make(base: &Base, media: &Media) -> Result<usize> {
    let (mut made, mut failed) = (0, None);
    for row in store::requested_exports(base).await? {
        match make_one(base, media, &row).await {
            Ok(()) => made += 1,
            Err(error) => {
                tracing::error!(?error, export = %row.id, "a copy was not made; it will be tried again");
                base.write(&Actor::System, &row, |tx, row| Box::pin(put_off(tx, row))).await?;
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(made), Err)
}

async fn make_one(base: &Base, media: &Media, row: &data_export::Model) -> Result<()> {
    let ready = (row.clone(), content_of(base, media, row.account_id).await?);
    base.write(&Actor::System, &ready, |tx, (row, content)| Box::pin(put_ready(tx, row, content))).await
}

async fn put_off(tx: &mut Tx, row: &data_export::Model) -> Result<()> {
    store::update_export(tx, row, &mut row.clone()).await
}

async fn put_ready(tx: &mut Tx, row: &data_export::Model, content: &str) -> Result<()> {
    let mut after = row.clone();
    let expires_at = tx.now() + LIFE;
    after.state = DataExportState::Ready;
    after.content_sealed = Some(store::seal_content(tx, content)?);
    after.byte_size = i64::try_from(content.len()).ok();
    (after.ready_at, after.expires_at) = (Some(tx.now()), Some(expires_at));
    store::update_export(tx, row, &mut after).await?;
    tx.record(after.id.0, after.version, &ExportFact::Ready { expires_at })?;
    Ok(())
}

/// The copy, as JSON: what each capability keeps of the person.
async fn content_of(base: &Base, media: &Media, account: AccountId) -> Result<String> {
    let residence = residents::privacy::copy(base, account).await?;
    let inbox = notifications::privacy::copy(base, account).await?;
    let copy = json!({
        "format": "zhilitong-personal-data/1",
        "madeAt": base.clock.now(),
        "account": identity::privacy::copy(base, account).await?,
        "residences": residence["residences"],
        "proxies": residence["proxies"],
        "notifications": inbox["notifications"],
        "notificationPreferences": inbox["preferences"],
        "partyMembership": party::privacy::copy(base, account).await?,
        "serviceRequests": requests::privacy::copy(base, media, account, LIFE).await?,
        "bookings": bookings::privacy::copy(base, account).await?,
        "bookingSeries": bookings::privacy::series_copy(base, account).await?,
        "bookingCredit": bookings::privacy::credit_copy(base, account).await?,
        "eventRegistrations": ::events::privacy::copy(base, account).await?,
        "eventAttendance": ::events::privacy::attendance_copy(base, account).await?,
        "serviceTickets": queue::privacy::copy(base, account).await?,
        "calendarFeeds": feeds::privacy::copy(base, account).await?,
        "contentReports": requests::privacy::content_reports(base, account).await?,
    });
    Ok(serde_json::to_string_pretty(&copy)?)
}

/// Copies whose day is over lose their content, some at a time; tells how many.
///
/// # Errors
/// When the database does not answer.
pub async fn expire_exports(tx: &mut Tx) -> Result<usize> {
    let over = store::exports_over(tx).await?;
    for row in &over {
        let mut after = row.clone();
        (after.state, after.content_sealed) = (DataExportState::Expired, None);
        store::update_export(tx, row, &mut after).await?;
        tx.record(after.id.0, after.version, &ExportFact::Expired)?;
    }
    Ok(over.len())
}

/// Where a copy can be fetched, relative to the service; `None` unless it is ready.
#[must_use]
pub fn address(base: &Base, row: &data_export::Model) -> Option<String> {
    let expires_at = row.expires_at.filter(|until| *until > base.clock.now())?;
    let is_ready = row.state == DataExportState::Ready;
    is_ready.then(|| link::address(&base.vault, "exports", &[&row.id.text()], expires_at.timestamp()))
}

/// Hands out the copy of a signed address: the last part of its path, and `expires` and `signature` of its query.
///
/// # Errors
/// [`Error::NotFound`] alike for an address that was changed, that has expired, or whose copy is gone.
pub async fn serve(base: &Base, id: &str, query: (&str, &str)) -> Result<String> {
    let is_open = link::opens(&base.vault, base.clock.now(), &[id], query);
    let id = DataExportId::parse(id).filter(|_| is_open).ok_or(Error::NotFound)?;
    store::content(base, id).await?.ok_or(Error::NotFound)
}
