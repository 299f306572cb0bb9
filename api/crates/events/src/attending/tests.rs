use entity::id::{EventAttendanceId, PartyMemberId};
use proptest::prelude::*;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::*;
use crate::workflow::tests::row as event_row;

const BEGINS: &str = "2026-12-12T01:00:00Z";

fn at(minutes: i64) -> DateTime<Utc> {
    BEGINS.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

/// A meeting of two hours whose members are expected.
fn meeting() -> event::Model {
    event::Model {
        begins_at: at(0),
        ends_at: at(120),
        takes_registrations: false,
        audience: EventAudience::Organization,
        kind: EventKind::BranchMeeting,
        longitude: Some(121.32),
        latitude: Some(31.195),
        ..open()
    }
}

fn open() -> event::Model {
    event_row(EventState::Open, EventAudience::Organization)
}

fn line(status: S) -> Model {
    Model {
        id: EventAttendanceId(Uuid::nil()),
        version: 1,
        event_id: open().id,
        member_id: Some(PartyMemberId(Uuid::nil())),
        account_id: None,
        seats: 1,
        has_vote: true,
        status,
        method: None,
        arrived_at: matches!(status, S::Present | S::Late).then(|| at(5)),
        left_at: None,
        minutes: None,
        leave_state: None,
        reason_sealed: None,
        created_at: at(-10_000),
        updated_at: at(-10_000),
    }
}

fn arrive(minutes: i64) -> AttendanceStep {
    AttendanceStep::Arrive { method: CheckInMethod::Code, at: at(minutes) }
}

/// A ticket is scanned.
fn scan(minutes: i64) -> AttendanceStep {
    AttendanceStep::Arrive { method: CheckInMethod::Ticket, at: at(minutes) }
}

fn code(result: Result<AttendanceFact, UserError>) -> Option<UserErrorCode> {
    result.err().map(|error| error.code)
}

#[test]
fn who_comes_when() {
    let met = |minutes| decide(&line(S::Expected), &meeting(), arrive(minutes), at(minutes));
    let status = |minutes| match met(minutes) {
        Ok(AttendanceFact::Arrived { status, .. }) => status,
        other => panic!("{minutes}: {other:?}"),
    };
    assert_eq!(code(met(-31)), Some(UserErrorCode::NotInWindow));
    assert_eq!((status(-30), status(0), status(15)), (S::Present, S::Present, S::Present));
    assert_eq!((status(16), status(119)), (S::Late, S::Late));
    assert_eq!(code(met(120)), Some(UserErrorCode::DeadlinePassed));
    assert_eq!(code(decide(&line(S::Present), &meeting(), arrive(20), at(20))), Some(UserErrorCode::InvalidTransition));
}

#[test]
fn the_first_scan_counts_whichever_is_told_first() {
    // Two scanners without a network: nine past is told after twenty past.
    let (mut row, event) = (line(S::Expected), meeting());
    let later = decide(&row, &event, scan(20), at(200)).unwrap();
    evolve(&mut row, &later, &event, at(200));
    assert_eq!((row.status, row.arrived_at), (S::Late, Some(at(20))));
    let first = decide(&row, &event, scan(9), at(210)).unwrap();
    evolve(&mut row, &first, &event, at(210));
    assert_eq!((row.status, row.arrived_at), (S::Present, Some(at(9))));
    assert_eq!(code(decide(&row, &event, scan(9), at(220))), Some(UserErrorCode::InvalidTransition));
    assert!(is_first(&row, at(9)) && !is_first(&row, at(20)));
    let ahead = Model { arrived_at: Some(at(9)), updated_at: at(9), ..row.clone() };
    assert!(is_first(&ahead, at(10)), "a clock that is ahead is set back to when it is told");
    let week_later = at(120) + CORRECTED;
    assert_eq!(code(decide(&row, &event, scan(3), week_later)), Some(UserErrorCode::DeadlinePassed));
}

#[test]
fn leave_is_asked_before_and_decided_within_a_week() {
    let (mut row, event) = (line(S::Expected), meeting());
    assert_eq!(code(decide(&row, &event, AttendanceStep::AskLeave, at(0))), Some(UserErrorCode::DeadlinePassed));
    let asked = decide(&row, &event, AttendanceStep::AskLeave, at(-1)).unwrap();
    evolve(&mut row, &asked, &event, at(-1));
    assert_eq!(code(decide(&row, &event, AttendanceStep::AskLeave, at(-1))), Some(UserErrorCode::InvalidTransition));
    let given = |row: &Model, is_granted, now| decide(row, &event, AttendanceStep::DecideLeave { is_granted }, now);
    row.status = S::Absent;
    let granted = given(&row, true, at(500)).unwrap();
    assert_eq!(code(given(&row, true, at(120) + CORRECTED)), Some(UserErrorCode::DeadlinePassed));
    let mut on_leave = row.clone();
    evolve(&mut on_leave, &granted, &event, at(500));
    assert_eq!((on_leave.status, on_leave.leave_state), (S::Leave, Some(LeaveState::Granted)));
    assert_eq!(code(given(&on_leave, false, at(500))), Some(UserErrorCode::InvalidTransition));
    // Who came all the same was there.
    row.status = S::Present;
    evolve(&mut row, &granted, &event, at(500));
    assert_eq!(row.status, S::Present);
    // Who registered takes that back, and asks nobody.
    let open = event::Model { takes_registrations: true, ..event.clone() };
    assert_eq!(
        code(decide(&line(S::Expected), &open, AttendanceStep::AskLeave, at(-1))),
        Some(UserErrorCode::InvalidTransition)
    );
}

#[test]
fn who_leaves_was_there_for_so_many_minutes_of_it() {
    let event = meeting();
    for (came, left, minutes) in [(-20, 60, 60), (30, 130, 90), (119, 120, 1), (-30, -10, 0)] {
        let mut row = Model { arrived_at: Some(at(came)), ..line(S::Present) };
        let fact = decide(&row, &event, AttendanceStep::Depart, at(left)).unwrap();
        evolve(&mut row, &fact, &event, at(left));
        assert_eq!(row.minutes, Some(minutes), "from {came} to {left}");
        assert_eq!(
            code(decide(&row, &event, AttendanceStep::Depart, at(left))),
            Some(UserErrorCode::InvalidTransition)
        );
    }
    assert_eq!(
        code(decide(&line(S::Present), &event, AttendanceStep::Depart, at(180))),
        Some(UserErrorCode::DeadlinePassed)
    );
}

#[test]
fn staff_say_how_it_was_for_a_week() {
    let mark = |status, now| decide(&line(S::Expected), &meeting(), AttendanceStep::Mark { status }, now);
    assert!(mark(S::Expected, at(119)).is_ok(), "a mistake is taken back");
    assert_eq!(code(mark(S::Expected, at(120))), Some(UserErrorCode::InvalidTransition));
    assert_eq!(code(mark(S::Exempt, at(0))), Some(UserErrorCode::DeadlinePassed), "nobody makes a quorum afterwards");
    assert_eq!(code(mark(S::Present, at(-31))), Some(UserErrorCode::NotInWindow));
    assert!(mark(S::Exempt, at(-5_000)).is_ok() && mark(S::Leave, at(-5_000)).is_ok());
    let seen = AttendanceFact::Marked { status: S::Present, method: CheckInMethod::Staff };
    let noted = AttendanceFact::Marked { status: S::Present, method: CheckInMethod::Manual };
    assert_eq!((mark(S::Present, at(119)), mark(S::Present, at(120))), (Ok(seen.clone()), Ok(noted.clone())));
    assert_eq!(code(mark(S::Present, at(120) + CORRECTED)), Some(UserErrorCode::DeadlinePassed));
    let after = |fact: &AttendanceFact, now| {
        let mut row = line(S::Expected);
        evolve(&mut row, fact, &meeting(), now);
        row.arrived_at
    };
    assert_eq!(
        (after(&seen, at(9)), after(&noted, at(150))),
        (Some(at(9)), None),
        "of what is written down later only the day is known"
    );
    let open = event::Model { takes_registrations: true, ..meeting() };
    let sent_away = Model { method: Some(CheckInMethod::Staff), ..line(S::Absent) };
    assert_eq!(code(decide(&sent_away, &meeting(), arrive(20), at(20))), Some(UserErrorCode::InvalidTransition));
    assert!(decide(&sent_away, &meeting(), scan(20), at(20)).is_ok(), "who holds it takes it back");
    let asked = Model { leave_state: Some(LeaveState::Requested), ..line(S::Expected) };
    for (status, left) in
        [(S::Leave, Some(LeaveState::Granted)), (S::Absent, Some(LeaveState::Denied)), (S::Present, None)]
    {
        let mut settled = asked.clone();
        evolve(&mut settled, &AttendanceFact::Marked { status, method: CheckInMethod::Staff }, &meeting(), at(9));
        assert_eq!(settled.leave_state, left, "{status:?}");
    }
    for status in [S::Leave, S::Exempt] {
        let marked = decide(&line(S::Expected), &open, AttendanceStep::Mark { status }, at(10));
        assert_eq!(code(marked), Some(UserErrorCode::InvalidTransition));
    }
}

#[test]
fn nothing_happens_at_what_is_not_published_or_called_off() {
    for state in [EventState::Draft, EventState::InReview, EventState::Approved, EventState::Cancelled] {
        let event = event::Model { state, ..meeting() };
        let marked = decide(&line(S::Expected), &event, AttendanceStep::Mark { status: S::Present }, at(10));
        assert_eq!(code(marked), Some(UserErrorCode::InvalidTransition), "{state:?}");
    }
}

#[test]
fn a_phone_is_there_or_nobody_can_tell() {
    let north = |metres: f64| Wgs84Point::new(121.32, 31.195 + metres / 111_195.0).unwrap();
    let at = |metres, accuracy| is_there(&meeting(), &Position { point: north(metres), accuracy });
    assert_eq!((at(0.0, 10.0), at(299.0, 100.0)), (Ok(()), Ok(())));
    let away = at(400.0, 20.0).unwrap_err();
    assert_eq!((away.code, away.detail), (UserErrorCode::OutOfGeofence, Detail::Away(400, 300)));
    for accuracy in [100.1, 5_000.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(at(0.0, accuracy).unwrap_err().detail, Detail::Because("inexact"), "{accuracy}");
    }
    let nowhere = event::Model { latitude: None, ..meeting() };
    let asked = is_there(&nowhere, &Position { point: north(0.0), accuracy: 10.0 });
    assert_eq!(asked.unwrap_err().detail, Detail::Because("no_place_known"));
}

#[test]
fn who_is_expected_where() {
    let of =
        |takes_registrations, audience, kind| expected(&event::Model { takes_registrations, audience, kind, ..open() });
    use EventAudience as A;
    assert_eq!(of(true, A::Public, EventKind::OpenEvent), Expected::Registered);
    assert_eq!(of(true, A::Organization, EventKind::PartyClass), Expected::Registered);
    assert_eq!(of(false, A::Organization, EventKind::PartyClass), Expected::Members);
    assert_eq!(of(false, A::Organization, EventKind::CommitteeMeeting), Expected::Committee);
    assert_eq!(of(false, A::AllMembers, EventKind::ThemeDay), Expected::Nobody);
}

fn tally(lines: &[(S, bool, i32)]) -> Tally {
    let mut tally = Tally::default();
    for (status, has_vote, lines) in lines {
        let alike =
            Alike { status: *status, has_vote: *has_vote, leave: None, method: None, lines: *lines, people: *lines };
        tally.count(&alike);
    }
    tally
}

#[test]
fn twenty_six_of_twenty_seven() {
    // Scenario 12: 28 members, one exempt, one on leave.
    let class = tally(&[(S::Present, true, 24), (S::Late, true, 2), (S::Leave, true, 1), (S::Exempt, true, 1)]);
    assert_eq!((class.listed, class.expected(), class.rate()), (28, 27, Some(9_630)));
    assert_eq!(tally(&[]).rate(), None);
    assert_eq!(tally(&[(S::Exempt, true, 3)]).rate(), None);
}

#[test]
fn votes_need_more_than_half_of_those_who_should_attend() {
    // Scenario 13: thirteen of twenty-eight; and neither are fourteen more than half.
    for (present, is_reached) in [(13, false), (14, false), (15, true)] {
        let quorum =
            tally(&[(S::Present, true, present), (S::Absent, true, 28 - present), (S::Present, false, 5)]).quorum;
        assert_eq!((quorum.voters, quorum.is_reached()), (28, is_reached), "{present}");
        assert_eq!(quorum.check(1).is_ok(), is_reached);
    }
    let quorum = Quorum { voters: 28, present: 20 };
    assert_eq!(
        (quorum.passes(14), quorum.passes(15)),
        (false, true),
        "of those who should attend, not of those who are there"
    );
    assert_eq!(quorum.check(21).unwrap_err().detail, Detail::Because("more_than_voters"));
    assert_eq!(Quorum { voters: 28, present: 13 }.check(0).unwrap_err().detail, Detail::Limit(15));
    assert!(!Quorum::default().is_reached(), "where nobody votes there is no vote");
    let mut noted = Tally::default();
    for (method, lines) in [(CheckInMethod::Code, 13), (CheckInMethod::Manual, 5)] {
        noted.count(&Alike {
            status: S::Present,
            has_vote: true,
            leave: None,
            method: Some(method),
            lines,
            people: lines,
        });
    }
    assert_eq!(
        (noted.quorum.voters, noted.quorum.present),
        (18, 13),
        "who was written down afterwards made no quorum then"
    );
}

proptest! {
    #[test]
    fn what_is_offered_can_be_done(status in 0..6_usize, asked: bool, minutes in -100..12_000_i64) {
        let status = S::iter().nth(status).unwrap();
        let row = Model { leave_state: asked.then_some(LeaveState::Requested), ..line(status) };
        let (event, now) = (meeting(), at(minutes));
        for action in PEOPLE_DO {
            let step = match action {
                AttendanceAction::CheckIn => AttendanceStep::Arrive { method: CheckInMethod::Code, at: now },
                AttendanceAction::CheckOut => AttendanceStep::Depart,
                AttendanceAction::AskLeave => AttendanceStep::AskLeave,
                AttendanceAction::DecideLeave => AttendanceStep::DecideLeave { is_granted: false },
                AttendanceAction::Mark | AttendanceAction::Read => AttendanceStep::Mark { status: S::Leave },
            };
            prop_assert_eq!(may(&row, &event, action, now), decide(&row, &event, step, now).is_ok(), "{:?}", action);
        }
    }

    #[test]
    fn a_rate_lies_between_none_and_all(lines in prop::collection::vec((0..6_usize, any::<bool>(), 0..400_i32), 0..12)) {
        let lines: Vec<(S, bool, i32)> = lines.into_iter().map(|(s, v, n)| (S::iter().nth(s).unwrap(), v, n)).collect();
        let tally = tally(&lines);
        prop_assert!(tally.rate().is_none_or(|rate| (0..=10_000).contains(&rate)));
        prop_assert!(tally.quorum.present <= tally.quorum.voters && tally.quorum.voters <= tally.expected());
        prop_assert_eq!(tally.listed, lines.iter().map(|(.., n)| n).sum::<i32>());
    }
}
