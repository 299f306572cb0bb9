//! Lines of the audit chain (审计记录), read.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, AuditEntryId};
use entity::{audit_entry, audit_head, audit_reason};
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::page::{Page, PageRequest};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

/// Which lines are wanted; all of them by default.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Of this account.
    pub actor: Option<AccountId>,
    /// About this object, as a global id.
    pub subject: Option<String>,
    /// Of this mutation or command.
    pub action: Option<String>,
    /// That came out so: `DONE`, or a code.
    pub outcome: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
}

pub async fn audit_entries(
    db: &impl ConnectionTrait,
    filter: &AuditFilter,
    page: &PageRequest,
) -> Result<Page<audit_entry::Model>> {
    use audit_entry::Column;
    let wanted = filter.clone();
    let conditions = [
        wanted.actor.map(|actor| Column::ActorId.eq(actor)),
        wanted.subject.map(|subject| Column::Subject.eq(subject)),
        wanted.action.map(|action| Column::Action.eq(action)),
        wanted.outcome.map(|outcome| Column::Outcome.eq(outcome)),
        wanted.from.map(|from| Column::At.gte(from)),
        wanted.until.map(|until| Column::At.lt(until)),
    ];
    let query = conditions.into_iter().flatten().fold(audit_entry::Entity::find(), |query, one| query.filter(one));
    let rows = page.apply(query, Column::At, Column::Id, true).all(db).await?;
    Ok(page.page(rows))
}

/// The next lines of the chain behind a number, in its order.
pub async fn chain_after(db: &impl ConnectionTrait, seq: i64, at_most: u64) -> Result<Vec<audit_entry::Model>> {
    let lines = audit_entry::Entity::find()
        .filter(audit_entry::Column::Seq.gt(seq))
        .order_by_asc(audit_entry::Column::Seq)
        .limit(at_most);
    Ok(lines.all(db).await?)
}

pub async fn chain_head(db: &impl ConnectionTrait) -> Result<Option<audit_head::Model>> {
    Ok(audit_head::Entity::find_by_id(1).one(db).await?)
}

pub async fn audit_reasons(db: &impl ConnectionTrait, entries: &[AuditEntryId]) -> Result<Vec<audit_reason::Model>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    Ok(audit_reason::Entity::find().filter(in_keys(db, audit_reason::Column::EntryId, entries)).all(db).await?)
}
