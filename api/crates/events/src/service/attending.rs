//! Who comes to an event (签到): by the code on the screen, by where the phone is, by a ticket at the door, or as who holds it says.

use entity::enums::{AttendanceStatus, CheckInMethod, ConsentKind, EventState, RegistrationState};
use entity::event_attendance::Model;
use entity::id::{AccountId, EventAttendanceId, EventId};
use entity::{event, party_member};
use identity::consent::GENERAL;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _, Permitted};
use kernel::page::{Page, PageRequest};
use kernel::target::Seen;
use kernel::tx::Tx;
use schedule::code::{self, ScreenCode};

use crate::attending::{self as rules, AttendanceStep, Expected, evolve};
use crate::command::{AskLeave, DecideLeave, Mark, Presence, Proof, Redeem};
use crate::fact::AttendanceFact;
use crate::policy::{Attendance, AttendanceAction, Event, EventAction};
use crate::store::{self, Viewer};

/// The person is there (签到): scanned what the organiser's screen shows, or the phone says so.
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::NotFound`] for what is hidden; `CONSENT_REQUIRED`; `NOT_ELIGIBLE` for who is not expected;
/// `INVALID_TRANSITION` for who is there; `NOT_IN_WINDOW` earlier than half an hour before it begins; `DEADLINE_PASSED` once it is over;
/// `CODE_EXPIRED`, `CODE_INCORRECT`; `OUT_OF_GEOFENCE`, and `INVALID` at `place` where nobody can tell.
pub async fn check_in(tx: &mut Tx, wanted: &Presence) -> Result<Model> {
    let method = match wanted.proof {
        Proof::Code(_) => CheckInMethod::Code,
        Proof::Position(_) => CheckInMethod::Location,
    };
    let step = AttendanceStep::Arrive { method, at: tx.now() };
    prove(tx, wanted, AttendanceAction::CheckIn, step).await
}

/// The person leaves (签退), and shows so in the same ways.
///
/// # Errors
/// As [`check_in`]; `DEADLINE_PASSED` an hour after it is over.
pub async fn check_out(tx: &mut Tx, wanted: &Presence) -> Result<Model> {
    prove(tx, wanted, AttendanceAction::CheckOut, AttendanceStep::Depart).await
}

async fn prove(tx: &mut Tx, wanted: &Presence, action: AttendanceAction, step: AttendanceStep) -> Result<Model> {
    let mut kinds = GENERAL.to_vec();
    kinds.extend(matches!(wanted.proof, Proof::Position(_)).then_some(ConsentKind::Location));
    identity::consent::demand(tx, &kinds).await?;
    let own = own(tx, wanted.event).await?.permit(tx.actor(), action)?;
    let Attendance { row, event, .. } = own.row();
    let fact = rules::decide(row, &event.row, step, tx.now())?;
    match &wanted.proof {
        Proof::Code(scanned) => code::scanned(&tx.base().vault, event.row.id.0, scanned, tx.now())?,
        Proof::Position(position) => rules::is_there(&event.row, position)?,
    }
    again(write(tx, own, &fact, None).await)
}

/// The person asks for leave (请假); who holds the event decides.
///
/// # Errors
/// [`Error::NotFound`] for what is hidden; `NOT_ELIGIBLE` for who is not expected; `INVALID_TRANSITION` for who is there, or asked
/// before, and where people register: they take that back; `DEADLINE_PASSED` once it has begun.
pub async fn ask_leave(tx: &mut Tx, wanted: &AskLeave) -> Result<Model> {
    identity::consent::demand(tx, &GENERAL).await?;
    let own = own(tx, wanted.event).await?.permit(tx.actor(), AttendanceAction::AskLeave)?;
    let fact = rules::decide(&own.row().row, &own.row().event.row, AttendanceStep::AskLeave, tx.now())?;
    again(write(tx, own, &fact, Some(&wanted.reason)).await)
}

/// Who holds the event gives leave, or does not (审批请假), until a week after it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`]; `SAME_PERSON` for the own line; `INVALID_TRANSITION` unless it was asked for; `DEADLINE_PASSED`.
pub async fn decide_leave(tx: &mut Tx, wanted: &DecideLeave) -> Result<Model> {
    let step = AttendanceStep::DecideLeave { is_granted: wanted.is_granted };
    carry_out(tx, &wanted.on, (AttendanceAction::DecideLeave, step), None).await
}

/// Who holds the event says how it was with somebody (登记出席情况), until a week after it.
///
/// # Errors
/// As [`decide_leave`]; `INVALID_TRANSITION` for leave and exemption where nobody is expected by a roster.
pub async fn mark(tx: &mut Tx, wanted: &Mark) -> Result<Model> {
    let step = AttendanceStep::Mark { status: wanted.status };
    carry_out(tx, &wanted.on, (AttendanceAction::Mark, step), wanted.reason.as_deref()).await
}

/// A ticket is scanned at the door (扫码核销). Scans without a network are told later, in any order: the first one counts, and who was there
/// stays so.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] for who does not hold the event; at `secret`: `INVALID` for what is no ticket, or one of
/// another event; `NOT_ELIGIBLE` for a registration without its seats; as [`check_in`] by when it was scanned.
pub async fn redeem(tx: &mut Tx, wanted: &Redeem) -> Result<Model> {
    let event = glance_for(tx, wanted.event, EventAction::TakeAttendance).await?;
    let own = store::registration_with(tx, &wanted.code).await?;
    let own = own.ok_or_else(|| UserError::because("secret", "unknown"))?;
    if own.event_id != event.row.id {
        return Err(UserError::because("secret", "other_event").into());
    }
    let line = match own.state {
        RegistrationState::Confirmed => store::own_line(tx, event.row.id, own.account_id, None).await?,
        _ => None,
    };
    let refused = || UserError::at(UserErrorCode::NotEligible, "secret").with(Detail::Because("not_confirmed"));
    let row = line.ok_or_else(refused)?;
    if rules::is_present(row.status) && row.arrived_at.is_none_or(|known| known <= wanted.scanned_at) {
        return Ok(row);
    }
    let step = AttendanceStep::Arrive { method: CheckInMethod::Ticket, at: wanted.scanned_at };
    let fact = rules::decide(&row, &event.row, step, tx.now())?;
    let line = Attendance { row, event, is_own: false }.permit(tx.actor(), AttendanceAction::Mark)?;
    again(write(tx, line, &fact, None).await)
}

/// What the organiser's screen shows now (签到动态码); nothing unless people check in, and for who does not hold it.
#[must_use]
pub fn screen(base: &Base, actor: &Actor, event: &Event) -> Option<ScreenCode> {
    let now = base.clock.now();
    let is_on = (event.row.begins_at - rules::OPENS..event.row.ends_at + rules::SAY_GOODBYE).contains(&now);
    let is_shown = is_on && takes_attendance(actor, event, base);
    is_shown.then(|| code::on_screen(&base.vault, event.row.id.0, now))
}

/// Whether somebody takes the attendance of an event now.
#[must_use]
pub fn takes_attendance(actor: &Actor, event: &Event, base: &Base) -> bool {
    crate::workflow::actions(actor, event, base.clock.now()).contains(&EventAction::TakeAttendance)
}

/// Whose attendance is read, and which part of it (查阅签到名单).
#[derive(Clone, Copy, Debug)]
pub struct AttendanceList {
    /// Of which event; none when what was named is none.
    pub event: Option<EventId>,
    /// With a status.
    pub status: Option<AttendanceStatus>,
    /// Which page.
    pub page: PageRequest,
}

/// Reads who is expected and who was there. It is a verb, so that the line of the audit chain is written with the read.
///
/// # Errors
/// [`Error::NotFound`] for who may not even know the event, [`Error::Forbidden`] for who does not hold it.
pub async fn attendance(tx: &mut Tx, wanted: &AttendanceList) -> Result<Page<Attendance>> {
    let id = wanted.event.ok_or(Error::NotFound)?;
    let mut event = glance_for(tx, id, EventAction::TakeAttendance).await?;
    if event.row.state == EventState::Open && rules::is_by_roster(&event.row) {
        // By the rosters as they are now.
        event = store::hold(tx, id).await?;
        expect_all(tx, &event.row).await?;
    }
    store::attendance_on(tx.db(), &event, wanted.status, &wanted.page).await
}

/// An event as it is, for who may do this with it; not held.
pub(super) async fn glance_for(tx: &Tx, id: EventId, action: EventAction) -> Result<Event> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    Ok(store::glance(tx, id).await?.permit(tx.actor(), action)?.into_row())
}

/// Has everybody expected who is, by the rosters as they are now; of an event that is held.
pub(super) async fn expect_all(tx: &Tx, event: &event::Model) -> Result<()> {
    let Some(who) = meant(tx, event).await? else { return Ok(()) };
    let members = party::expected(tx.db(), &who).await?;
    store::expect_members(tx, event.id, &members).await
}

/// The event is over: of whom nothing was heard, was not there.
pub(super) async fn close(tx: &Tx, event: &event::Model) -> Result<()> {
    expect_all(tx, event).await?;
    store::close_attendance(tx, event.id).await
}

/// Which members are expected at an event; nothing where it is not by a roster.
async fn meant(tx: &Tx, event: &event::Model) -> Result<Option<party::Expected>> {
    Ok(match (rules::expected(event), event.organization_id) {
        (Expected::Committee, Some(id)) => Some(party::Expected::Committee(id)),
        (Expected::Members, _) => {
            let ids = store::organizations_of(tx.db(), &[event.id]).await?.remove(&event.id);
            Some(party::Expected::Members(ids.unwrap_or_default()))
        }
        (Expected::Committee | Expected::Registered | Expected::Nobody, _) => None,
    })
}

/// The line of who asks at an event that the person may see: the one that is there, or one that begins with this.
async fn own(tx: &Tx, event: EventId) -> Result<Attendance> {
    let account = tx.actor().person()?.account;
    let event = glance_for(tx, event, EventAction::Read).await?;
    let member = party::bound_to(tx.db(), account).await?;
    let known = store::own_line(tx, event.row.id, account, member.as_ref().map(|member| member.id)).await?;
    let row = match known {
        Some(row) => row,
        None => begun(tx, &event, account, member.as_ref()).await?,
    };
    Ok(Attendance { row, event, is_own: true })
}

/// A line that nobody entered yet: of who came to what nobody has to register for, or stands in the roster since a while only.
async fn begun(tx: &Tx, event: &Event, account: AccountId, member: Option<&party_member::Model>) -> Result<Model> {
    let refused = || UserError::new(UserErrorCode::NotEligible).with(Detail::Because("not_expected"));
    match (rules::expected(&event.row), member) {
        (Expected::Nobody, _) => store::line_for_person(tx, event.row.id, account),
        (Expected::Members | Expected::Committee, Some(member)) => {
            let is_expected = match meant(tx, &event.row).await? {
                Some(who) => party::is_expected(tx.db(), &who, member.id).await?,
                None => false,
            };
            if !is_expected {
                return Err(refused().into());
            }
            // One after the other with who enters all of them.
            store::hold(tx, event.row.id).await?;
            match store::own_line(tx, event.row.id, account, Some(member.id)).await? {
                Some(row) => Ok(row),
                None => store::line_for_member(tx, event.row.id, member),
            }
        }
        (Expected::Members | Expected::Committee | Expected::Registered, _) => Err(refused().into()),
    }
}

async fn carry_out(
    tx: &mut Tx,
    on: &Seen<EventAttendanceId>,
    (action, step): (AttendanceAction, AttendanceStep),
    reason: Option<&str>,
) -> Result<Model> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let row = store::attendance_row(tx, on.id).await?.ok_or(Error::NotFound)?;
    let event = store::glance(tx, row.event_id).await?;
    let line = Attendance { row, event, is_own: false }.permit(tx.actor(), action)?;
    on.check(line.row().row.version)?;
    // Nobody decides in the own matter.
    let own = party::bound_to(tx.db(), tx.actor().person()?.account).await?;
    if own.is_some_and(|own| line.row().row.member_id == Some(own.id)) {
        return Err(Error::refused(UserErrorCode::SamePerson));
    }
    let fact = rules::decide(&line.row().row, &line.row().event.row, step, tx.now())?;
    write(tx, line, &fact, reason).await
}

/// Writes what a fact makes of a line, and what was said with it.
async fn write(
    tx: &mut Tx,
    permitted: Permitted<Attendance>,
    fact: &AttendanceFact,
    reason: Option<&str>,
) -> Result<Model> {
    let Attendance { row: before, event, .. } = permitted.into_row();
    let mut after = before.clone();
    evolve(&mut after, fact, &event.row, tx.now());
    if let Some(reason) = reason {
        after.reason_sealed = Some(store::sealed_reason(&tx.base().vault, reason)?);
    }
    let after = match before.version {
        0 => store::insert_attendance(tx, after).await?,
        _ => store::update_attendance(tx, &before, after).await?,
    };
    // Who says something of a member's line may be the member: no fact binds an account to a roster.
    match after.member_id {
        Some(_) => tx.record_unsigned(after.id.0, after.version, fact)?,
        None => tx.record(after.id.0, after.version, fact)?,
    };
    Ok(after)
}

/// Who saw no version lost against nobody: it is tried again with what is there now.
fn again<T>(done: Result<T>) -> Result<T> {
    match done {
        Err(Error::Conflict) => Err(Error::crossed()),
        done => done,
    }
}

/// Who looks at the own line, or at that of others as who holds the event: `None` for anybody else.
///
/// # Errors
/// When the database does not answer.
pub async fn attendance_by_id(base: &Base, actor: &Actor, id: EventAttendanceId) -> Result<Option<Attendance>> {
    let db = base.db.reader();
    let Some(mut line) = store::attendance_by_ids(db, &[id]).await?.pop() else { return Ok(None) };
    let own = store::attended_with(db, actor, &[line.row.event_id]).await?;
    line.is_own = own.iter().any(|own| own.id == id);
    let viewer = Viewer::of(db, actor).await?;
    let Some(event) = store::events_by_ids(db, &viewer, &[line.row.event_id]).await?.pop() else { return Ok(None) };
    line.event = event;
    Ok(Some(line).filter(|line| line.decide(actor, AttendanceAction::Read) == Decision::Allow))
}
