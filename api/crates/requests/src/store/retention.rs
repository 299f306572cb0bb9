//! What is over for long: which cases, and what ties people to them.

use chrono::{DateTime, Utc};
use entity::enums::ServiceRequestState;
use entity::id::{AccountId, ServiceRequestId};
use entity::service_request::{Column, Entity, Model};
use entity::{content_report, request_follower, survey};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::{Error, Result};
use kernel::redact::Traits;
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};

use super::cases::{Asker, read};
use super::content::forget_reports;
use super::privacy::redact;
use super::{any_of, in_area};
use crate::case::Case;
use crate::workflow::retention::{NOBODY, Step};

/// Under which name is sealed what has to be taken out later.
pub const OWED: &str = "request.owed";

/// Cases that ended so by an instant and wait for a step, the longest over first, so many at most. None that is put off or held, or
/// into which a held one was merged.
pub async fn waiting(
    db: &impl ConnectionTrait,
    (step, state, ended_by): (Step, ServiceRequestState, DateTime<Utc>),
    put_off: &[ServiceRequestId],
    most: u64,
) -> Result<Vec<ServiceRequestId>> {
    let is_due = match step {
        Step::Archive => Column::ArchivedAt.is_null(),
        Step::Anonymise => Column::AnonymisedAt.is_null().and(Column::ArchivedAt.is_not_null()),
    };
    let is_put_off = (!put_off.is_empty()).then(|| in_keys(db, Column::Id, put_off));
    let waiting = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Condition::all().add_option(is_put_off.map(|put_off| put_off.not())))
        .filter(Column::State.eq(state))
        .filter(is_due)
        .filter(Column::ClosedAt.lte(ended_by))
        .filter(Column::LegalHoldAt.is_null())
        .filter(Column::MergedCount.eq(0).or(Expr::exists(held_in()).not()))
        .order_by_asc(Column::ClosedAt)
        .limit(most);
    Ok(waiting.into_tuple().all(db).await?)
}

/// Selects what is held of what was merged into a row.
fn held_in() -> SelectStatement {
    let merged = |column| Expr::col(("merged", column));
    Query::select()
        .from_as(Entity, "merged")
        .expr(Expr::val(1))
        .and_where(merged("merged_into_id").eq(Expr::col((Entity, Column::Id))))
        .and_where(merged("legal_hold_at").is_not_null())
        .take()
}

/// The cases that were merged into one.
pub async fn merged_cases(db: &impl ConnectionTrait, asker: Asker, into: ServiceRequestId) -> Result<Vec<Case>> {
    read(db, Entity::find().filter(Column::MergedIntoId.eq(into)).order_by_asc(Column::Id), asker).await
}

/// Cases that lie below one of some paths, from one on, in a steady order.
pub async fn cases_below(
    db: &impl ConnectionTrait,
    paths: &[String],
    after: Option<ServiceRequestId>,
    most: u64,
    asker: Asker,
) -> Result<Vec<Case>> {
    let mut below = Entity::find().filter(any_of(paths.iter().map(|path| in_area(path))));
    if let Some(after) = after {
        below = below.filter(Column::Id.gt(after));
    }
    read(db, below.order_by_asc(Column::Id).limit(most), asker).await
}

/// A case, that into which it was merged, and all that was merged into either: one matter.
fn of_matter(case: &Model) -> Condition {
    let whole = case.merged_into_id.unwrap_or(case.id);
    Condition::any().add(Column::Id.eq(whole)).add(Column::MergedIntoId.eq(whole))
}

/// Whether a case is held, or another one of its matter.
pub async fn is_held(tx: &Tx, case: &Model) -> Result<bool> {
    if case.legal_hold_at.is_some() {
        return Ok(true);
    }
    let held = Entity::find().filter(Column::LegalHoldAt.is_not_null()).filter(of_matter(case)).limit(1);
    Ok(held.one(tx.db()).await?.is_some())
}

/// A case, that into which it was merged, and all that was merged into either; locked, as they are now.
pub async fn matter_of(tx: &Tx, id: ServiceRequestId) -> Result<Vec<Model>> {
    let case = Entity::find_by_id(id).one(tx.db()).await?.ok_or(Error::NotFound)?;
    Ok(Entity::find()
        .filter(of_matter(&case))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx.db())
        .await?)
}

/// Of some accounts, those that reported a held matter (诉讼保全): a case that is held, or another one of whose matter is.
///
/// # Errors
/// When the database does not answer.
pub async fn held_among(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
    let own = |column| Expr::col((Entity, column));
    let other = |column| Expr::col(("other", column));
    let of_own_matter = Condition::any()
        .add(other(Column::Id).eq(own(Column::MergedIntoId)))
        .add(other(Column::MergedIntoId).eq(own(Column::Id)))
        .add(other(Column::MergedIntoId).eq(own(Column::MergedIntoId)));
    let held = Query::select()
        .from_as(Entity, "other")
        .expr(Expr::val(1))
        .cond_where(of_own_matter)
        .and_where(other(Column::LegalHoldAt).is_not_null())
        .take();
    let reporters = Entity::find()
        .select_only()
        .column(Column::ReporterId)
        .distinct()
        .filter(in_keys(db, Column::ReporterId, accounts))
        .filter(Column::LegalHoldAt.is_not_null().or(Expr::exists(held)));
    Ok(reporters.into_tuple().all(db).await?)
}

/// Nobody follows cases any more, nor reported abuse in them, and their answers are nobody's, but for those that an agent took down.
pub async fn forget_ties(tx: &Tx, cases: &[ServiceRequestId]) -> Result<()> {
    let db = tx.db();
    let followers = in_keys(db, request_follower::Column::RequestId, cases);
    request_follower::Entity::delete_many().filter(followers).exec(db).await?;
    forget_reports(tx, in_keys(db, content_report::Column::RequestId, cases)).await?;
    survey::Entity::update_many()
        .col_expr(survey::Column::AccountId, Expr::value(NOBODY))
        .filter(in_keys(db, survey::Column::RequestId, cases))
        .filter(survey::Column::IsByAgent.eq(false))
        .exec(db)
        .await?;
    Ok(())
}

/// What has to be taken out of a case once it is held no more.
#[derive(Default, Serialize, Deserialize)]
struct Owed {
    words: Vec<String>,
    numbers: Vec<String>,
    /// It is about one of them.
    is_about: bool,
}

impl Owed {
    fn of(base: &Base, case: &Model) -> Result<Option<Self>> {
        let Some(sealed) = &case.owed_sealed else { return Ok(None) };
        Ok(Some(serde_json::from_str(&base.vault.open(OWED, sealed)?)?))
    }

    fn traits(&self) -> Traits {
        let mut traits = Traits::default();
        self.words.iter().for_each(|words| traits.add_words(words));
        self.numbers.iter().for_each(|number| traits.add_number(number));
        traits
    }
}

/// Notes that traits are to be taken out of a case once it is held no more, beside those noted before.
pub async fn owe(tx: &Tx, case: &Model, traits: &Traits, is_about: bool) -> Result<()> {
    let before = Owed::of(tx.base(), case)?.unwrap_or_default();
    let mut all = before.traits();
    all.add_all(traits);
    let owed = Owed {
        words: all.words().map(str::to_owned).collect(),
        numbers: all.numbers().map(str::to_owned).collect(),
        is_about: before.is_about || is_about,
    };
    write_owed(tx, case.id, Some(tx.base().vault.seal(OWED, &serde_json::to_string(&owed)?)?)).await
}

/// Takes out of a case what had to wait for the end of a hold; tells whether it is about somebody who was forgotten.
pub async fn settle(tx: &Tx, case: &Model) -> Result<bool> {
    let Some(owed) = Owed::of(tx.base(), case)? else { return Ok(false) };
    redact(tx, case, &owed.traits(), owed.is_about).await?;
    write_owed(tx, case.id, None).await?;
    Ok(owed.is_about)
}

/// What is owed by a case, in clear; nothing where nothing is.
pub fn owed(base: &Base, case: &Model) -> Result<Traits> {
    Ok(Owed::of(base, case)?.unwrap_or_default().traits())
}

/// Notes that a case owes nothing.
pub async fn owe_nothing(tx: &Tx, case: &Model) -> Result<()> {
    if case.owed_sealed.is_none() { Ok(()) } else { write_owed(tx, case.id, None).await }
}

async fn write_owed(tx: &Tx, case: ServiceRequestId, owed: Option<Vec<u8>>) -> Result<()> {
    let written = Entity::update_many().col_expr(Column::OwedSealed, Expr::value(owed)).filter(Column::Id.eq(case));
    written.exec(tx.db()).await?;
    Ok(())
}
