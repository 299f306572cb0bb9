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
        group_name: None,
        purpose: "排练".into(),
        party_size: 4,
        begins_at: at(0),
        ends_at: at(120),
        buffer_before: 0,
        buffer_after: 15,
        state,
        due_at,
        is_late: false,
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

const COMMANDS: [Command; 8] = [
    Command::Accept,
    Command::Cancel,
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
            let now = if command == Command::CheckIn { at(0) } else { at(-300) };
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
    for command in COMMANDS.into_iter().filter(|command| fits(S::PendingApproval, command.action())) {
        if matches!(command, Command::Cancel | Command::Lapse) {
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
        steps in prop::collection::vec((0..9_usize, 0..60_i64), 0..40),
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
                prop_assert!(!was_over, "{:?} {:?}", own.state, fact);
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
