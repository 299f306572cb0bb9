//! Lines of attendance.

use std::collections::{HashMap, HashSet};

use entity::enums::{AttendanceStatus as S, CheckInMethod, LeaveState};
use entity::event_attendance::{Column, Entity, Model};
use entity::id::{AccountId, EventAttendanceId, EventId, EventRegistrationId, PartyMemberId};
use entity::{event, event_registration, party_member};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::{in_keys, is_taken};
use kernel::error::{Error, Result};
use kernel::live::Hint;
use kernel::page::{Page, PageRequest};
use kernel::tx::{Record as _, Tx};
use kernel::vault::Vault;
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::attending::{Alike, Quorum, Tally, has_vote};
use crate::fact::RegistrationFact;
use crate::policy::{Attendance, Event};

/// Under which name the column is sealed.
pub(super) const REASON: &str = "event_attendance.reason";

/// A line for somebody of whom nothing is known yet; it is not there before it is inserted.
fn blank(tx: &Tx, event: EventId, who: (Option<PartyMemberId>, Option<AccountId>), seats: i16) -> Result<Model> {
    Ok(Model {
        id: tx.id()?,
        version: 0,
        event_id: event,
        member_id: who.0,
        account_id: who.1,
        seats,
        has_vote: false,
        status: S::Expected,
        method: None,
        arrived_at: None,
        left_at: None,
        minutes: None,
        leave_state: None,
        reason_sealed: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// A line for a member who is expected; not inserted.
pub fn line_for_member(tx: &Tx, event: EventId, member: &party_member::Model) -> Result<Model> {
    Ok(Model { has_vote: has_vote(member.standing), ..blank(tx, event, (Some(member.id), None), 1)? })
}

/// A line for a person who came; not inserted.
pub fn line_for_person(tx: &Tx, event: EventId, account: AccountId) -> Result<Model> {
    blank(tx, event, (None, Some(account)), 1)
}

/// Has who is registered expected; who was there before stays so.
pub async fn expect(tx: &Tx, own: &event_registration::Model) -> Result<()> {
    if own_line(tx, own.event_id, own.account_id, None).await?.is_some() {
        return Ok(());
    }
    let line = blank(tx, own.event_id, (None, Some(own.account_id)), own.seats)?;
    insert_attendance(tx, Model { version: 1, ..line }).await.map(|_| ())
}

/// Has those members expected who are, as they vote now, at an event that is held; of who is not, nothing is kept unless something was
/// said.
pub async fn expect_members(tx: &Tx, event: EventId, members: &[party_member::Model]) -> Result<()> {
    let known = Entity::find().filter(Column::EventId.eq(event)).filter(Column::MemberId.is_not_null());
    let known: HashMap<PartyMemberId, Model> =
        known.all(tx.db()).await?.into_iter().filter_map(|row| Some((row.member_id?, row))).collect();
    let new = members.iter().filter(|member| !known.contains_key(&member.id));
    let rows = new.map(|member| Ok(Model { version: 1, ..line_for_member(tx, event, member)? }));
    bulk::insert(tx, &rows.collect::<Result<Vec<_>>>()?).await?;
    for votes in [true, false] {
        let other = members.iter().filter(|member| has_vote(member.standing) == votes);
        let other = other.filter_map(|member| known.get(&member.id)).filter(|row| row.has_vote != votes);
        let other: Vec<EventAttendanceId> = other.map(|row| row.id).collect();
        if !other.is_empty() {
            let theirs = Entity::update_many().col_expr(Column::HasVote, Expr::value(votes));
            theirs.filter(in_keys(tx.db(), Column::Id, &other)).exec(tx.db()).await?;
        }
    }
    let expected: HashSet<PartyMemberId> = members.iter().map(|member| member.id).collect();
    let gone = known
        .iter()
        .filter(|(member, row)| !expected.contains(member) && row.status == S::Expected && row.leave_state.is_none());
    let gone: Vec<EventAttendanceId> = gone.map(|(_, row)| row.id).collect();
    if !gone.is_empty() {
        Entity::delete_many().filter(in_keys(tx.db(), Column::Id, &gone)).exec(tx.db()).await?;
    }
    Ok(())
}

/// Takes who is registered no more off the list; that somebody was there is kept.
pub async fn expect_no_more(tx: &Tx, event: EventId, account: AccountId) -> Result<()> {
    let own = Entity::delete_many().filter(Column::EventId.eq(event)).filter(Column::AccountId.eq(account));
    own.filter(Column::Status.eq(S::Expected)).exec(tx.db()).await?;
    Ok(())
}

/// Takes all who registered off the list; that somebody was there is kept.
pub async fn expect_nobody(tx: &Tx, event: EventId) -> Result<()> {
    let theirs = Entity::delete_many().filter(Column::EventId.eq(event)).filter(Column::AccountId.is_not_null());
    theirs.filter(Column::Status.eq(S::Expected)).exec(tx.db()).await?;
    Ok(())
}

/// Of whom nothing was heard, was not there.
pub async fn close_attendance(tx: &Tx, event: EventId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(S::Absent))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .filter(Column::EventId.eq(event))
        .filter(Column::Status.eq(S::Expected))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Inserts a line.
pub async fn insert_attendance(tx: &Tx, row: Model) -> Result<Model> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await;
    inserted.map_err(|error| {
        let is_crossed = |who| is_taken(&error, "event_attendance", &["event_id", who]);
        if is_crossed("member_id") || is_crossed("account_id") { Error::Crossed(error) } else { error.into() }
    })?;
    Ok(row)
}

/// One update of the columns that differ, if nobody was faster.
pub async fn update_attendance(tx: &Tx, before: &Model, after: Model) -> Result<Model> {
    let own = Entity::update_many().set(bulk::changed(before, &after)).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(after) } else { Err(Error::Conflict) }
}

/// What was said of a line, sealed.
pub fn sealed_reason(vault: &Vault, reason: &str) -> Result<Vec<u8>> {
    Ok(vault.seal(REASON, reason)?)
}

/// What was said of a line, in clear: for whose it is and for who holds the event.
///
/// # Errors
/// A fault when it does not open.
pub fn reason_of(vault: &Vault, row: &Model) -> Result<Option<String>> {
    Ok(row.reason_sealed.as_ref().map(|sealed| vault.open(REASON, sealed)).transpose()?)
}

/// A line by its key, whoever asks.
pub async fn attendance_row(tx: &Tx, id: EventAttendanceId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(tx.db()).await?)
}

/// The line of a person at some events: the own one, or that of the line of a roster that the person confirmed.
fn own_lines(account: AccountId, member: Option<PartyMemberId>) -> SimpleExpr {
    let as_member = member.map(|member| Column::MemberId.eq(member));
    Condition::any().add(Column::AccountId.eq(account)).add_option(as_member).into()
}

/// The line of a person at an event.
pub async fn own_line(
    tx: &Tx,
    event: EventId,
    account: AccountId,
    member: Option<PartyMemberId>,
) -> Result<Option<Model>> {
    let own = Entity::find().filter(Column::EventId.eq(event)).filter(own_lines(account, member));
    Ok(own.one(tx.db()).await?)
}

/// The viewer's own lines at some events, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn attended_with(db: &impl ConnectionTrait, actor: &Actor, events: &[EventId]) -> Result<Vec<Model>> {
    let Some(account) = actor.account() else { return Ok(Vec::new()) };
    let member = party::bound_to(db, account).await?.map(|member| member.id);
    let own = Entity::find().filter(in_keys(db, Column::EventId, events)).filter(own_lines(account, member));
    Ok(own.all(db).await?)
}

/// All lines of a person, oldest first: for a copy.
pub async fn all_attended(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    let member = party::bound_to(db, account).await?.map(|member| member.id);
    Ok(Entity::find().filter(own_lines(account, member)).order_by_asc(Column::Id).all(db).await?)
}

/// Takes the words out of all lines of a person; that somebody was there is kept.
pub async fn forget_reasons(tx: &Tx, account: AccountId) -> Result<()> {
    let member = party::bound_to(tx.db(), account).await?.map(|member| member.id);
    let theirs = Entity::update_many().col_expr(Column::ReasonSealed, Expr::value(None::<Vec<u8>>));
    let theirs = theirs.filter(Column::ReasonSealed.is_not_null());
    theirs.filter(own_lines(account, member)).exec(tx.db()).await?;
    Ok(())
}

/// Who is expected at an event or came, those first that were entered first; for who holds it.
pub async fn attendance_on(
    db: &impl ConnectionTrait,
    event: &Event,
    status: Option<S>,
    page: &PageRequest,
) -> Result<Page<Attendance>> {
    let there = Entity::find().filter(Column::EventId.eq(event.row.id));
    let there = there.filter(Condition::all().add_option(status.map(|status| Column::Status.eq(status))));
    let rows = page.apply(there, Column::CreatedAt, Column::Id, false).all(db).await?;
    Ok(page.page(rows).map(|row| Attendance { row, event: event.clone(), is_own: false }))
}

/// How many of whom became what, for loaders and in a transaction; of events with a list.
///
/// # Errors
/// When the database does not answer.
pub async fn tallies(db: &impl ConnectionTrait, events: &[EventId]) -> Result<HashMap<EventId, Tally>> {
    #[derive(FromQueryResult)]
    struct Row {
        event_id: EventId,
        status: S,
        has_vote: bool,
        leave_state: Option<LeaveState>,
        method: Option<CheckInMethod>,
        lines: i64,
        people: i64,
    }
    let alike = [Column::EventId, Column::Status, Column::HasVote, Column::LeaveState, Column::Method];
    let counted: Select<Entity> = Entity::find().select_only().columns(alike);
    let counted = counted.column_as(Column::Id.count(), "lines").column_as(Column::Seats.sum(), "people");
    let counted = alike.into_iter().fold(counted, |rows, column| rows.group_by(column));
    let rows = counted.filter(in_keys(db, Column::EventId, events)).into_model::<Row>().all(db).await?;
    let mut found: HashMap<EventId, Tally> = HashMap::new();
    for Row { event_id, status, has_vote, leave_state: leave, method, lines, people } in rows {
        let few = |many: i64| i32::try_from(many).unwrap_or(i32::MAX);
        let alike = Alike { status, has_vote, leave, method, lines: few(lines), people: few(people) };
        found.entry(event_id).or_default().count(&alike);
    }
    Ok(found)
}

/// Who votes at an event, and who of them is there.
pub async fn quorum(tx: &Tx, event: EventId) -> Result<Quorum> {
    Ok(tallies(tx.db(), &[event]).await?.remove(&event).unwrap_or_default().quorum)
}

/// Lines by id with their events, for readers of facts.
///
/// # Errors
/// When the database does not answer.
pub async fn attendance_by_ids(db: &impl ConnectionTrait, ids: &[EventAttendanceId]) -> Result<Vec<Attendance>> {
    let rows = Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?;
    let events: Vec<EventId> = rows.iter().map(|row| row.event_id).collect();
    let events = event::Entity::find().filter(in_keys(db, event::Column::Id, &events)).all(db).await?;
    let events: HashMap<EventId, event::Model> = events.into_iter().map(|row| (row.id, row)).collect();
    let whole = rows.into_iter().filter_map(|row| {
        let event = Event { row: events.get(&row.event_id)?.clone(), is_invited: true };
        Some(Attendance { row, event, is_own: false })
    });
    Ok(whole.collect())
}

/// Whose lines are, for those who are told something: who registered or came, or the account that a line of a roster is bound to.
///
/// # Errors
/// When the database does not answer.
pub async fn whose(db: &impl ConnectionTrait, lines: &[Attendance]) -> Result<HashMap<EventAttendanceId, AccountId>> {
    let members: Vec<PartyMemberId> = lines.iter().filter_map(|line| line.row.member_id).collect();
    let bound = if members.is_empty() { HashMap::new() } else { party::accounts_of(db, &members).await? };
    let owned = lines.iter().filter_map(|line| {
        let as_member = line.row.member_id.and_then(|member| bound.get(&member).copied());
        Some((line.row.id, line.row.account_id.or(as_member)?))
    });
    Ok(owned.collect())
}

/// To which event a line belongs, or a registration.
///
/// # Errors
/// When the database does not answer.
pub async fn event_of(base: &Base, hint: &Hint) -> Result<Option<EventId>> {
    let db = base.db.reader();
    if hint.subject_kind == RegistrationFact::SUBJECT {
        let row = event_registration::Entity::find_by_id(EventRegistrationId(hint.subject));
        return Ok(row.select_only().column(event_registration::Column::EventId).into_tuple().one(db).await?);
    }
    let row = Entity::find_by_id(EventAttendanceId(hint.subject)).select_only().column(Column::EventId);
    Ok(row.into_tuple().one(db).await?)
}
