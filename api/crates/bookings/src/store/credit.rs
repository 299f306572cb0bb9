//! Appeals, and lines of credit with what they are about.

use entity::center;
use entity::credit_appeal::{Column, Entity, Model};
use entity::enums::CreditAppealState;
use entity::id::{AccountId, BookingId, CreditAppealId, CreditEntryId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::guarded::{Decision, Guarded as _, Permitted};
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};

use super::bookings::by_ids;
use crate::credit::{Appeal, AppealAction, Line};
use crate::policy::Booking;

/// Inserts an appeal; `false` when there was one against the same line.
pub async fn insert_appeal(tx: &Tx, row: &Model) -> Result<bool> {
    let once = OnConflict::column(Column::EntryId).do_nothing().to_owned();
    let inserted = Entity::insert(row.clone().into_active_model()).on_conflict(once);
    Ok(inserted.exec_without_returning(tx.db()).await? == 1)
}

/// One update of the columns that differ; `false` when somebody was faster.
pub async fn update_appeal(tx: &Tx, before: Permitted<Appeal>, after: &Model) -> Result<bool> {
    let before = before.into_row().row;
    let own = Entity::update_many().set(bulk::changed(&before, after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    Ok(updated.rows_affected == 1)
}

/// An appeal with its booking, whoever asks.
pub async fn appeal(db: &impl ConnectionTrait, id: CreditAppealId) -> Result<Option<Appeal>> {
    let rows = Entity::find_by_id(id).all(db).await?;
    Ok(with_bookings(db, rows).await?.pop())
}

/// Appeals by id, those that the actor may see, in no order.
///
/// # Errors
/// When the database does not answer.
pub async fn appeals_by_ids(db: &impl ConnectionTrait, actor: &Actor, ids: &[CreditAppealId]) -> Result<Vec<Appeal>> {
    let rows = Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?;
    let found = with_bookings(db, rows).await?.into_iter();
    Ok(found.filter(|appeal| appeal.decide(actor, AppealAction::Read) == Decision::Allow).collect())
}

/// Appeals that a centre decides about, oldest first (待处理申诉).
///
/// # Errors
/// When the database does not answer.
pub async fn appeals_at(
    base: &Base,
    center: &center::Model,
    is_open: Option<bool>,
    page: &PageRequest,
) -> Result<Page<Appeal>> {
    let db = base.db.reader();
    let there = Entity::find().filter(Column::CenterId.eq(center.id));
    let there = match is_open {
        Some(true) => there.filter(Column::State.eq(CreditAppealState::Pending)),
        Some(false) => there.filter(Column::State.ne(CreditAppealState::Pending)),
        None => there,
    };
    let rows = page.apply(there, Column::CreatedAt, Column::Id, false).all(db).await?;
    let Page { rows, has_next, has_previous } = page.page(rows);
    Ok(Page { rows: with_bookings(db, rows).await?, has_next, has_previous })
}

async fn with_bookings(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Appeal>> {
    let ids: Vec<BookingId> = rows.iter().map(|row| row.booking_id).collect();
    let bookings = by_ids(db, ids).await?;
    let entries: Vec<CreditEntryId> = rows.iter().map(|row| row.entry_id).collect();
    let entries = schedule::store::entries_by_ids(db, &entries).await?;
    let whole = rows.into_iter().filter_map(|row| {
        let booking = bookings.iter().find(|booking| booking.row.id == row.booking_id)?.clone();
        let entry = entries.iter().find(|entry| entry.id == row.entry_id)?.clone();
        Some(Appeal { row, entry, booking })
    });
    Ok(whole.collect())
}

/// The own lines of credit, latest first, with what they are about and what was said against them.
///
/// # Errors
/// [`kernel::error::Error::Unauthenticated`] for visitors.
pub async fn credit_lines(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Line>> {
    let account = actor.person()?.account;
    let db = base.db.reader();
    let Page { rows, has_next, has_previous } = schedule::store::entries(db, account, page).await?;
    let ids: Vec<CreditEntryId> = rows.iter().map(|entry| entry.id).collect();
    let reversed = schedule::store::reversed(db, &ids).await?;
    let appeals = Entity::find().filter(in_keys(db, Column::EntryId, &ids)).all(db).await?;
    let bookings: Vec<Booking> = by_ids(db, rows.iter().map(|entry| BookingId(entry.holder)).collect()).await?;
    let lines = rows.into_iter().map(|entry| {
        let booking = bookings.iter().find(|booking| booking.row.id.0 == entry.holder).cloned();
        let appeal = appeals.iter().find(|appeal| appeal.entry_id == entry.id).cloned();
        let appeal = appeal.zip(booking.clone());
        let appeal = appeal.map(|(row, booking)| Appeal { row, entry: entry.clone(), booking });
        Line { is_reversed: reversed.contains(&entry.id), appeal, booking, entry }
    });
    Ok(Page { rows: lines.collect(), has_next, has_previous })
}

/// All that a person ever appealed against, oldest first.
pub async fn appeals_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AccountId.eq(account)).all(db).await?)
}

/// Forgets what a person appealed against (注销).
pub async fn forget_appeals(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::delete_many().filter(Column::AccountId.eq(account)).exec(tx.db()).await?;
    Ok(())
}
