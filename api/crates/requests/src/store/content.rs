//! What the content check says of words and photos, and who reported what.

use chrono::{DateTime, Utc};
use entity::enums::{ContentReason, ContentState, NoteKind};
use entity::id::{AccountId, AttachmentId, ContentReportId, FactId, ServiceRequestId};
use entity::service_request::{Column, Entity, Model};
use entity::{attachment, content_report, request_note};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::cases::{Asker, read};
use super::changes::note_numbers;
use super::rows::CHECKED;
use super::within;
use crate::case::Case;
use crate::fact::Content;
use crate::policy::moderated;
use crate::workflow::content::LOOK_WITHIN;

/// Cases of which somebody has to look at something, who has waited longest first.
pub async fn content_reviews(base: &Base, actor: &Actor, page: &PageRequest) -> Result<Page<Case>> {
    let db = base.db.reader();
    let waiting = Entity::find().filter(within(db, &moderated(actor))).filter(Column::ReviewDueAt.is_not_null());
    let query = page.apply(waiting, Column::ReviewDueAt, Column::Id, false);
    Ok(page.page(read(db, query, Asker::of(actor, base.clock.now())).await?))
}

/// Words that were said with a fact of a case, if they are of a kind that is looked at.
pub async fn checked_note(tx: &Tx, case: ServiceRequestId, fact: FactId) -> Result<Option<request_note::Model>> {
    let note = request_note::Entity::find_by_id(fact)
        .filter(request_note::Column::RequestId.eq(case))
        .filter(request_note::Column::Kind.is_in(CHECKED));
    Ok(note.one(tx.db()).await?)
}

/// A photo, if it is of a case.
pub async fn photo_of(
    db: &impl ConnectionTrait,
    case: ServiceRequestId,
    photo: AttachmentId,
) -> Result<Option<attachment::Model>> {
    let found = media::attachments_by_ids(db, &[photo]).await?;
    Ok(found.into_iter().find(|photo| photo.subject_id == Some(case.0)))
}

/// Notes what a moderator decided beside the case's own row, and there of the reply that holds.
pub async fn judge(tx: &Tx, row: &mut Model, content: Content, verdict: ContentState) -> Result<()> {
    match content {
        Content::Request => Ok(()),
        Content::Photo(photo) => media::judge(tx, photo, verdict).await,
        Content::Note(fact) => {
            request_note::Entity::update_many()
                .col_expr(request_note::Column::ContentState, Expr::value(verdict))
                .filter(request_note::Column::FactId.eq(fact))
                .exec(tx.db())
                .await?;
            if last_reply(tx, row.id).await? == Some(fact) {
                row.reply_content_state = verdict;
                let reply = Entity::update_many().col_expr(Column::ReplyContentState, Expr::value(verdict));
                reply.filter(Column::Id.eq(row.id)).exec(tx.db()).await?;
            }
            Ok(())
        }
    }
}

/// The fact with which the unit replied last.
async fn last_reply(tx: &Tx, case: ServiceRequestId) -> Result<Option<FactId>> {
    let replies = request_note::Entity::find()
        .select_only()
        .column(request_note::Column::FactId)
        .filter(request_note::Column::RequestId.eq(case))
        .filter(request_note::Column::Kind.eq(NoteKind::Reply))
        .order_by_desc(request_note::Column::FactId)
        .limit(1);
    Ok(replies.into_tuple().one(tx.db()).await?)
}

/// What somebody reported of a case.
pub async fn report_of(tx: &Tx, case: ServiceRequestId, account: AccountId) -> Result<Option<content_report::Model>> {
    let own = content_report::Entity::find()
        .filter(content_report::Column::RequestId.eq(case))
        .filter(content_report::Column::AccountId.eq(account));
    Ok(own.one(tx.db()).await?)
}

/// Takes a report of abuse in.
pub async fn insert_report(
    tx: &Tx,
    request_id: ServiceRequestId,
    account_id: AccountId,
    reason: ContentReason,
    note: Option<String>,
) -> Result<content_report::Model> {
    let id: ContentReportId = tx.id()?;
    let (at, due_at) = (tx.now(), tx.now() + LOOK_WITHIN);
    let (account_id, decided_at) = (Some(account_id), None);
    note_numbers(tx, request_id, &[note.as_deref().unwrap_or_default()]).await?;
    let report = content_report::Model { id, request_id, account_id, reason, note, at, due_at, decided_at };
    content_report::Entity::insert(report.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(report)
}

/// Nothing that was reported of a case is open any more.
pub(super) async fn decide_reports(tx: &Tx, case: ServiceRequestId) -> Result<()> {
    content_report::Entity::update_many()
        .col_expr(content_report::Column::DecidedAt, Expr::value(tx.now()))
        .filter(content_report::Column::RequestId.eq(case))
        .filter(content_report::Column::DecidedAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// One report of abuse, of its author.
pub async fn own_report(base: &Base, account: AccountId, id: ContentReportId) -> Result<Option<content_report::Model>> {
    let own = content_report::Entity::find_by_id(id).filter(content_report::Column::AccountId.eq(account));
    Ok(own.one(base.db.reader()).await?)
}

/// Reports of cases, oldest first.
pub async fn reports(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<content_report::Model>> {
    let db = base.db.reader();
    let reports = content_report::Entity::find()
        .filter(in_keys(db, content_report::Column::RequestId, ids))
        .order_by_asc(content_report::Column::At)
        .order_by_asc(content_report::Column::Id);
    Ok(reports.all(db).await?)
}

/// Everything somebody reported, oldest first.
pub async fn reports_by(base: &Base, account: AccountId) -> Result<Vec<content_report::Model>> {
    let own = content_report::Entity::find()
        .filter(content_report::Column::AccountId.eq(account))
        .order_by_asc(content_report::Column::At);
    Ok(own.all(base.db.reader()).await?)
}

/// Who reported cases, and when it was decided.
pub async fn complainants(
    db: &impl ConnectionTrait,
    ids: &[ServiceRequestId],
) -> Result<Vec<(ServiceRequestId, AccountId, DateTime<Utc>)>> {
    use content_report::Column as C;
    let decided = content_report::Entity::find()
        .select_only()
        .columns([C::RequestId, C::AccountId, C::DecidedAt])
        .filter(in_keys(db, C::RequestId, ids))
        .filter(C::AccountId.is_not_null())
        .filter(C::DecidedAt.is_not_null());
    Ok(decided.into_tuple().all(db).await?)
}

/// Nobody knows any more who reported something, nor in which words; that it was reported stays.
pub async fn forget_reports(tx: &Tx, whose: SimpleExpr) -> Result<()> {
    content_report::Entity::update_many()
        .col_expr(content_report::Column::AccountId, Expr::value(None::<AccountId>))
        .col_expr(content_report::Column::Note, Expr::value(None::<String>))
        .filter(whose)
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The same, of what one person reported.
pub async fn forget_reports_of(tx: &Tx, account: AccountId) -> Result<()> {
    forget_reports(tx, content_report::Column::AccountId.eq(account)).await
}
