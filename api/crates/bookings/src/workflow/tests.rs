use entity::id::{BookingId, CenterId, VenueId};
use proptest::prelude::*;
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::*;

const ANN: AccountId = AccountId(Uuid::from_u128(1));
const STAFF: AccountId = AccountId(Uuid::from_u128(2));

fn at(minutes: i64) -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

/// A booking of Ann's for two hours from instant 0 on.
pub(crate) fn row(state: S, due_at: Option<DateTime<Utc>>) -> Model {
    Model {
        id: BookingId(Uuid::nil()),
        version: 1,
        code: "ABCDEFGH".into(),
        center_id: CenterId(Uuid::nil()),
        venue_id: VenueId(Uuid::nil()),
        account_id: ANN,
        made_by: None,
        series_id: None,
        group_name: None,
        purpose: "排练".into(),
        party_size: 4,
        answers: serde_json::json!([]),
        service_id: None,
        service_version: None,
        begins_at: at(0),
        ends_at: at(120),
        buffer_before: 0,
        buffer_after: 15,
        state,
        due_at,
        is_late: false,
        is_damaged: false,
        is_moved: false,
        reject_reason: None,
        cancel_reason: None,
        note: None,
        decided_by: None,
        checked_in_at: None,
        ended_at: None,
        created_at: at(-2_000),
        updated_at: at(-2_000),
    }
}

/// Ten hours later, in another venue.
const LATER: Place = Place {
    venue: VenueId(Uuid::from_u128(7)),
    begins_at: DateTime::from_timestamp(1_795_521_600, 0).unwrap(),
    ends_at: DateTime::from_timestamp(1_795_525_200, 0).unwrap(),
    buffer_before: 15,
    buffer_after: 0,
};

const COMMANDS: [Command; 12] = [
    Command::Accept,
    Command::Cancel,
    Command::Reschedule(LATER),
    Command::Move(LATER),
    Command::CheckInByCode,
    Command::RecordDamage,
    Command::Approve,
    Command::Reject(BookingRejectReason::Purpose),
    Command::CallOff(ClosureReason::Weather),
    Command::CheckIn,
    Command::End,
    Command::Lapse,
];

/// State × command, long before it begins, as a table: what it leads to, or a dash.
#[test]
fn the_table_of_states() {
    let mut table = String::new();
    for state in S::iter() {
        for command in COMMANDS {
            let due = Some(if command == Command::Lapse { at(-600) } else { at(600) });
            let before = row(state, due);
            let is_there = matches!(command, Command::CheckIn | Command::CheckInByCode | Command::RecordDamage);
            let now = if is_there { at(0) } else { at(-300) };
            let after = decide(&before, BookingApproval::Manual, command, Some(STAFF), now).map(|fact| {
                let mut after = before.clone();
                evolve(&mut after, &fact, Some(STAFF), now);
                format!("{:?}", after.state)
            });
            let name = format!("{command:?}");
            let name = name.split('(').next().unwrap();
            table.push_str(&format!("{state:?} {name} -> {}\n", after.unwrap_or_else(|_| "-".into())));
        }
    }
    expect_test::expect_file!["table.txt"].assert_eq(&table);
}

#[test]
fn nobody_decides_about_the_own_booking() {
    let before = row(S::PendingApproval, Some(at(0)));
    for command in COMMANDS.into_iter().filter(|command| fits(&before, command.action())) {
        if matches!(command, Command::Cancel | Command::Reschedule(_) | Command::Lapse) {
            continue;
        }
        let refused = decide(&before, BookingApproval::Manual, command, Some(ANN), at(-60));
        assert_eq!(refused, Err(Refusal::SamePerson));
    }
}

#[test]
fn late_is_what_others_cannot_plan_with_any_more() {
    let cancel = |state, minutes| {
        decide(&row(state, Some(at(15))), BookingApproval::Auto, Command::Cancel, Some(ANN), at(minutes))
    };
    assert_eq!(cancel(S::Confirmed, -121), Ok(BookingFact::Cancelled { is_late: false }));
    assert_eq!(cancel(S::Confirmed, -120), Ok(BookingFact::Cancelled { is_late: false }));
    assert_eq!(cancel(S::Confirmed, -119), Ok(BookingFact::Cancelled { is_late: true }));
    // Who only waits, declines what was offered, or was not answered yet, takes nothing from anybody.
    assert_eq!(cancel(S::PendingApproval, -1), Ok(BookingFact::Cancelled { is_late: false }));
    assert_eq!(cancel(S::Waitlisted, -1), Ok(BookingFact::Cancelled { is_late: false }));
    assert_eq!(cancel(S::Offered, -1), Ok(BookingFact::Cancelled { is_late: false }));
    assert_eq!(cancel(S::Confirmed, 0), Err(Refusal::TooLate));
}

#[test]
fn who_moves_a_booking_leaves_others_time_to_plan() {
    let move_it = |command, by, minutes| {
        let moved = decide(&row(S::Confirmed, Some(at(15))), BookingApproval::Manual, command, Some(by), at(minutes));
        moved.map(|fact| {
            let mut after = row(S::Confirmed, Some(at(15)));
            evolve(&mut after, &fact, Some(by), at(minutes));
            (after.state, after.venue_id, after.begins_at, after.buffer_before, after.version)
        })
    };
    let there = |state| Ok((state, LATER.venue, LATER.begins_at, 15, 2));
    assert_eq!(move_it(Command::Reschedule(LATER), ANN, -120), there(S::PendingApproval));
    assert_eq!(move_it(Command::Reschedule(LATER), ANN, -119), Err(Refusal::TooLate));
    assert_eq!(move_it(Command::Move(LATER), STAFF, -1), there(S::Confirmed));
    assert_eq!(move_it(Command::Move(LATER), STAFF, 0), Err(Refusal::TooLate));
    assert_eq!(move_it(Command::Move(LATER), ANN, -120), Err(Refusal::SamePerson));
}

#[test]
fn what_the_centre_moved_costs_its_person_nothing() {
    let moved = Model { is_moved: true, ..row(S::Confirmed, Some(at(15))) };
    let cancel = |row: &Model| decide(row, BookingApproval::Auto, Command::Cancel, Some(ANN), at(-1));
    assert_eq!(cancel(&moved), Ok(BookingFact::Cancelled { is_late: false }));
    assert_eq!(credited(&moved, &BookingFact::NoShow), None);
    let own = row(S::Confirmed, Some(at(15)));
    assert_eq!(cancel(&own), Ok(BookingFact::Cancelled { is_late: true }));
    assert_eq!(credited(&own, &BookingFact::NoShow), Some(CreditKind::NoShow));
}

#[test]
fn people_are_reminded_once_two_hours_before() {
    assert_eq!(begun(BookingApproval::Auto, at(0), at(-121)), (S::Confirmed, at(-120)));
    // Who books later knows.
    assert_eq!(begun(BookingApproval::Auto, at(0), at(-120)), (S::Confirmed, at(15)));
    let lapse = |row: &Model, minutes| decide(row, BookingApproval::Auto, Command::Lapse, None, at(minutes));
    let mut own = row(S::Confirmed, Some(at(-120)));
    assert!(lapse(&own, -120).is_err());
    // After a stop, as long as there is time to come; then nobody is reminded any more.
    for minutes in [-119, 0, 15] {
        assert_eq!(lapse(&own, minutes), Ok(BookingFact::Reminded));
    }
    assert_eq!(lapse(&own, 16), Ok(BookingFact::NoShow));
    evolve(&mut own, &BookingFact::Reminded, None, at(-119));
    assert_eq!((own.state, own.due_at), (S::Confirmed, Some(at(15))));
    assert!(lapse(&own, -118).is_err() && lapse(&own, 15).is_err());
    assert_eq!(lapse(&own, 16), Ok(BookingFact::NoShow));
    // What the centre approves or moves is reminded of like any other.
    let mut asked = row(S::PendingApproval, Some(at(-600)));
    evolve(&mut asked, &BookingFact::Approved, Some(STAFF), at(-300));
    assert_eq!(asked.due_at, Some(at(-120)));
}

#[test]
fn what_is_over_was_over_at_its_time() {
    let own = row(S::Confirmed, Some(at(-120)));
    let at_once = |fact: &BookingFact, minutes| happened_at(&own, fact, at(minutes));
    assert_eq!(at_once(&BookingFact::NoShow, 600), at(15));
    assert_eq!(at_once(&BookingFact::Completed { is_early: false }, 600), at(120));
    assert_eq!(at_once(&BookingFact::Completed { is_early: true }, 30), at(30));
    assert_eq!(at_once(&BookingFact::Cancelled { is_late: true }, -60), at(-60));
}

#[test]
fn what_is_broken_is_noted_once_within_a_week() {
    let ended = |is_damaged| Model { is_damaged, ..row(S::Completed, None) };
    let broken =
        |row: &Model, minutes| decide(row, BookingApproval::Auto, Command::RecordDamage, Some(STAFF), at(minutes));
    let week = 120 + 7 * 24 * 60;
    assert_eq!(broken(&ended(false), week - 1), Ok(BookingFact::Damaged));
    assert_eq!(broken(&ended(false), week), Err(Refusal::TooLate));
    assert_eq!(broken(&ended(true), 130), Err(Refusal::WrongState(Vec::new())));
    assert_eq!(credited(&ended(false), &BookingFact::Damaged), Some(CreditKind::Damage));
    assert_eq!(credited(&ended(false), &BookingFact::Cancelled { is_late: false }), None);
}

#[test]
fn people_check_in_within_a_quarter_of_its_beginning() {
    let check_in = |minutes| {
        decide(&row(S::Confirmed, Some(at(15))), BookingApproval::Auto, Command::CheckIn, Some(STAFF), at(minutes))
    };
    assert_eq!(check_in(-16), Err(Refusal::TooEarly(at(-15))));
    assert_eq!(check_in(-15), Ok(BookingFact::CheckedIn));
    assert_eq!(check_in(15), Ok(BookingFact::CheckedIn));
    assert_eq!(check_in(16), Err(Refusal::TooLate));
}

proptest! {
    /// Whatever people want and however time passes: what is over stays over, what is live is looked at by the clock, and once the
    /// clock has looked long after the end, nothing is live.
    #[test]
    fn everything_comes_to_an_end(
        approval in any::<bool>(),
        waits in any::<bool>(),
        steps in prop::collection::vec((0..=COMMANDS.len(), 0..60_i64), 0..40),
    ) {
        let approval = if approval { BookingApproval::Auto } else { BookingApproval::Manual };
        let mut now = at(-600);
        let (state, due_at) = if waits { (S::Waitlisted, at(0)) } else { begun(approval, at(0), now) };
        let mut own = row(state, Some(due_at));
        for (step, minutes) in steps {
            now += TimeDelta::minutes(minutes);
            let wanted = match COMMANDS.get(step) {
                Some(command) => decide(&own, approval, *command, Some(STAFF), now),
                None => offer(&own, now),
            };
            let was_over = !is_live(own.state);
            if let Ok(fact) = wanted {
                prop_assert!(!was_over || fact == BookingFact::Damaged, "{:?} {:?}", own.state, fact);
                evolve(&mut own, &fact, Some(STAFF), now);
                prop_assert!(own.state != S::Offered || now < own.begins_at, "nothing is offered once it has begun");
            }
            prop_assert_eq!(is_live(own.state), own.due_at.is_some());
            prop_assert_eq!(is_live(own.state), own.ended_at.is_none());
        }
        let long_after = at(100_000);
        for _ in 0..3 {
            if let Ok(fact) = decide(&own, approval, Command::Lapse, None, long_after) {
                evolve(&mut own, &fact, None, long_after);
            }
        }
        prop_assert!(!is_live(own.state), "{:?}", own.state);
    }
}

#[test]
fn what_keeps_is_live() {
    assert!(S::iter().filter(|state| keeps(*state)).all(is_live));
    assert_eq!(S::iter().filter(|state| is_live(*state)).collect::<Vec<_>>(), LIVE);
}
