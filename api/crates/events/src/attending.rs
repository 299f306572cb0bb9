//! Who is expected at an event, when it may happen to a line of its attendance and what comes of it (签到规则), and what is counted. Pure.
//! (Domain §D; 中国共产党支部工作条例(试行) §§11–13 for quorum and votes.)

mod tally;

use areas::Wgs84Point;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use entity::enums::{
    AttendanceStatus as S, CheckInMethod, EventAudience, EventKind, EventState, LeaveState, PartyStanding,
};
use entity::event;
use entity::event_attendance::Model;
use kernel::actor::Actor;
use kernel::error::{Detail, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _};

use crate::fact::AttendanceFact;
use crate::policy::{Attendance, AttendanceAction};

pub use tally::{Alike, Quorum, Tally};

/// People check in so long before it begins (签到开始).
pub const OPENS: TimeDelta = TimeDelta::minutes(30);
/// Who comes later than this after it began is late (迟到).
pub const GRACE: TimeDelta = TimeDelta::minutes(15);
/// So long after it ended people say that they leave, and attendance is corrected (补录期限).
pub const SAY_GOODBYE: TimeDelta = TimeDelta::hours(1);
pub const CORRECTED: TimeDelta = TimeDelta::days(7);
/// So far away at most, in metres, is there (地理围栏); and so exact at least is where a phone says that it is.
pub const FENCE: f64 = 300.0;
pub const ACCURACY: f64 = 100.0;

/// Who is expected at an event (应到范围).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Who is registered.
    Registered,
    /// The members of its organisations, by their rosters.
    Members,
    /// Who sits on the committee of the organisation that holds it.
    Committee,
    /// Nobody: whoever comes is there.
    Nobody,
}

/// Who is expected at an event.
#[must_use]
pub fn expected(row: &event::Model) -> Expected {
    match (row.takes_registrations, row.audience, row.kind) {
        (true, ..) => Expected::Registered,
        (false, EventAudience::Organization, EventKind::CommitteeMeeting) => Expected::Committee,
        (false, EventAudience::Organization, _) => Expected::Members,
        (false, ..) => Expected::Nobody,
    }
}

/// Whether members are expected at an event by their roster: then there is leave, and there may be votes.
#[must_use]
pub fn is_by_roster(row: &event::Model) -> bool {
    matches!(expected(row), Expected::Members | Expected::Committee)
}

/// Whether a member votes: all but those on probation (党章 §7).
#[must_use]
pub fn has_vote(standing: PartyStanding) -> bool {
    standing != PartyStanding::Probationary
}

/// Whether somebody was there.
#[must_use]
pub fn is_present(status: S) -> bool {
    matches!(status, S::Present | S::Late)
}

/// What somebody wants done with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttendanceStep {
    /// The person is there, as that is known, since then.
    Arrive {
        /// How it is known.
        method: CheckInMethod,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// The person leaves.
    Depart,
    /// The person asks for leave.
    AskLeave,
    /// Leave is given, or not.
    DecideLeave {
        /// Whether it is.
        is_granted: bool,
    },
    /// Who holds the event says how it was.
    Mark {
        /// How it was.
        status: S,
    },
}

/// What a step makes of a line.
///
/// # Errors
/// `INVALID_TRANSITION` with what may be done; `NOT_IN_WINDOW` with the instant from which on; `DEADLINE_PASSED`.
pub fn decide(
    row: &Model,
    event: &event::Model,
    step: AttendanceStep,
    now: DateTime<Utc>,
) -> Result<AttendanceFact, UserError> {
    judge(row, event, step, now).map_err(|no| match no {
        No::Unfit => {
            let allowed = Detail::Allowed(allowed(row, event, step, now));
            UserError::new(UserErrorCode::InvalidTransition).with(allowed)
        }
        No::Early(from) => UserError::new(UserErrorCode::NotInWindow).with(Detail::From(from)),
        No::Late => UserError::new(UserErrorCode::DeadlinePassed),
    })
}

/// Why a step makes nothing.
enum No {
    /// It does not fit how the line stands.
    Unfit,
    /// Its time has not come.
    Early(DateTime<Utc>),
    /// Its time is over.
    Late,
}

fn judge(row: &Model, event: &event::Model, step: AttendanceStep, now: DateTime<Utc>) -> Result<AttendanceFact, No> {
    use AttendanceStep as A;
    let is_there = is_present(row.status);
    let is_of_roster = |status| matches!(status, S::Leave | S::Exempt);
    let fits = match step {
        // The first one counts, whichever is told first.
        A::Arrive { method: CheckInMethod::Code | CheckInMethod::Location, .. } => !is_there && !is_sent_away(row),
        A::Arrive { at, .. } => !is_there || row.arrived_at.is_some_and(|known| at < known),
        A::Depart => is_there && row.left_at.is_none(),
        A::AskLeave => row.status == S::Expected && row.leave_state.is_none() && is_by_roster(event),
        A::DecideLeave { .. } => row.leave_state == Some(LeaveState::Requested),
        A::Mark { status: S::Expected } => now < event.ends_at,
        A::Mark { status } => is_by_roster(event) || !is_of_roster(status),
    };
    if !fits || !matches!(event.state, EventState::Open | EventState::Ended) {
        return Err(No::Unfit);
    }
    let opens = event.begins_at - OPENS;
    let (at, from, until) = match step {
        A::Arrive { at, .. } => (at, Some(opens), event.ends_at),
        A::Depart => (now, Some(opens), event.ends_at + SAY_GOODBYE),
        A::AskLeave => (now, None, event.begins_at),
        A::DecideLeave { .. } => (now, None, event.ends_at + CORRECTED),
        // Who is exempt is so before: nobody makes a quorum of it afterwards.
        A::Mark { status: S::Exempt } => (now, None, event.begins_at),
        A::Mark { status: S::Leave | S::Expected } => (now, None, event.ends_at + CORRECTED),
        A::Mark { .. } => (now, Some(opens), event.ends_at + CORRECTED),
    };
    match (from, step) {
        (Some(from), _) if at < from => Err(No::Early(from)),
        _ if at >= until || now >= event.ends_at + CORRECTED => Err(No::Late),
        (_, A::Arrive { method, at }) => Ok(AttendanceFact::Arrived { status: on_time(event, at), method, at }),
        (_, A::Depart) => Ok(AttendanceFact::Departed),
        (_, A::AskLeave) => Ok(AttendanceFact::LeaveAsked),
        (_, A::DecideLeave { is_granted }) => Ok(AttendanceFact::LeaveDecided { is_granted }),
        (_, A::Mark { status }) => {
            let method = if now < event.ends_at { CheckInMethod::Staff } else { CheckInMethod::Manual };
            Ok(AttendanceFact::Marked { status, method })
        }
    }
}

/// Whether somebody who came at an instant is late.
fn on_time(event: &event::Model, at: DateTime<Utc>) -> S {
    if at > event.begins_at + GRACE { S::Late } else { S::Present }
}

/// Whether who holds the event said that the person was not there: only who holds it takes that back.
fn is_sent_away(row: &Model) -> bool {
    row.status == S::Absent && matches!(row.method, Some(CheckInMethod::Staff | CheckInMethod::Manual))
}

/// What else may be done with a line now by who took a step, as names on the wire.
fn allowed(row: &Model, event: &event::Model, step: AttendanceStep, now: DateTime<Utc>) -> Vec<&'static str> {
    use AttendanceAction as A;
    let theirs: &[A] = match step {
        AttendanceStep::Arrive { method: CheckInMethod::Code | CheckInMethod::Location, .. } => &PEOPLE_DO[..3],
        AttendanceStep::Depart | AttendanceStep::AskLeave => &PEOPLE_DO[..3],
        AttendanceStep::Arrive { .. } | AttendanceStep::DecideLeave { .. } | AttendanceStep::Mark { .. } => {
            &PEOPLE_DO[3..]
        }
    };
    theirs.iter().filter(|action| may(row, event, **action, now)).map(|action| (*action).into()).collect()
}

/// What is done with a line, as it is offered: by whose it is, and by who holds the event.
const PEOPLE_DO: [AttendanceAction; 5] = [
    AttendanceAction::CheckIn,
    AttendanceAction::CheckOut,
    AttendanceAction::AskLeave,
    AttendanceAction::DecideLeave,
    AttendanceAction::Mark,
];

/// Whether an action fits a line now.
fn may(row: &Model, event: &event::Model, action: AttendanceAction, now: DateTime<Utc>) -> bool {
    use AttendanceStep as A;
    let steps = match action {
        AttendanceAction::CheckIn => vec![A::Arrive { method: CheckInMethod::Code, at: now }],
        AttendanceAction::CheckOut => vec![A::Depart],
        AttendanceAction::AskLeave => vec![A::AskLeave],
        AttendanceAction::DecideLeave => vec![A::DecideLeave { is_granted: true }],
        AttendanceAction::Mark => [S::Present, S::Leave].map(|status| A::Mark { status }).to_vec(),
        AttendanceAction::Read => Vec::new(),
    };
    steps.into_iter().any(|step| judge(row, event, step, now).is_ok())
}

/// What the actor may do with a line now (可执行操作).
#[must_use]
pub fn attendance_actions(actor: &Actor, own: &Attendance, now: DateTime<Utc>) -> Vec<AttendanceAction> {
    let is_offered = |action: &AttendanceAction| {
        own.decide(actor, *action) == Decision::Allow && may(&own.row, &own.event.row, *action, now)
    };
    PEOPLE_DO.into_iter().filter(is_offered).collect()
}

/// The row as a fact leaves it.
pub fn evolve(row: &mut Model, fact: &AttendanceFact, event: &event::Model, at: DateTime<Utc>) {
    match fact {
        AttendanceFact::Arrived { status, method, at } => {
            (row.status, row.method, row.arrived_at) = (*status, Some(*method), Some(*at));
        }
        AttendanceFact::Departed => row.left_at = Some(at),
        AttendanceFact::LeaveAsked => row.leave_state = Some(LeaveState::Requested),
        AttendanceFact::LeaveDecided { is_granted } => {
            row.leave_state = Some(if *is_granted { LeaveState::Granted } else { LeaveState::Denied });
            // Who came all the same was there.
            if *is_granted && matches!(row.status, S::Expected | S::Absent) {
                row.status = S::Leave;
            }
        }
        AttendanceFact::Marked { status, method } => {
            let is_there = is_present(*status);
            // Of what is written down afterwards only the day is known.
            let seen = row.arrived_at.or((*method == CheckInMethod::Staff).then_some(at));
            (row.status, row.method) = (*status, (*status != S::Expected).then_some(*method));
            // What was asked for is settled by it.
            if row.leave_state == Some(LeaveState::Requested) {
                row.leave_state = match status {
                    S::Leave => Some(LeaveState::Granted),
                    S::Absent => Some(LeaveState::Denied),
                    S::Expected | S::Present | S::Late | S::Exempt => None,
                };
            }
            row.arrived_at = seen.filter(|_| is_there);
            row.left_at = row.left_at.filter(|_| is_there);
        }
    }
    row.minutes = stayed(row, event);
    row.version += 1;
    row.updated_at = at;
}

/// Whether a scan is the one that counts: at its instant, or, by a clock that was ahead, when it was told.
#[must_use]
pub fn is_first(row: &Model, scanned_at: DateTime<Utc>) -> bool {
    let scanned_at = scanned_at.trunc_subsecs(6);
    let was_ahead = |arrived| arrived < scanned_at && arrived == row.updated_at;
    row.arrived_at.is_some_and(|arrived| arrived == scanned_at || was_ahead(arrived))
}

/// Whole minutes that somebody was there, within the time of the event.
fn stayed(row: &Model, event: &event::Model) -> Option<i32> {
    let (from, to) = (row.arrived_at?.max(event.begins_at), row.left_at?.min(event.ends_at));
    i32::try_from((to - from).num_minutes().max(0)).ok()
}

/// Where a phone says that it is (定位): the place, and within how many metres that is so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// The place.
    pub point: Wgs84Point,
    /// Within how many metres.
    pub accuracy: f64,
}

/// Whether a phone is where an event is held.
///
/// # Errors
/// `INVALID` at `place` of what is less exact than 100 m, and where nobody knows where the event is held: then staff confirm it;
/// `OUT_OF_GEOFENCE` further away than 300 m.
pub fn is_there(event: &event::Model, position: &Position) -> Result<(), UserError> {
    let place = event.longitude.zip(event.latitude).and_then(|(lng, lat)| Wgs84Point::new(lng, lat).ok());
    let place = place.ok_or_else(|| UserError::because("place", "no_place_known"))?;
    if !(0.0..=ACCURACY).contains(&position.accuracy) {
        return Err(UserError::because("place", "inexact"));
    }
    let away = place.metres_to(position.point);
    if away <= FENCE { Ok(()) } else { Err(UserError::away("place", away, FENCE)) }
}

#[cfg(test)]
mod tests;
