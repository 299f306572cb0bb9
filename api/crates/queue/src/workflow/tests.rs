use entity::enums::Role;
use entity::id::{CenterId, ServiceItemId, ServiceTicketId, SessionId};
use expect_test::expect;
use kernel::actor::{Grant, GrantScope, Person};
use proptest::prelude::*;
use std::fmt::Write as _;
use uuid::Uuid;

use super::*;

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
const STATES: [S; 6] = [S::Waiting, S::Called, S::Served, S::Skipped, S::Cancelled, S::Expired];

fn row(state: S) -> Model {
    Model {
        id: ServiceTicketId(Uuid::nil()),
        version: 1,
        center_id: CenterId(Uuid::nil()),
        service_id: ServiceItemId(Uuid::nil()),
        service_version: 1,
        account_id: Some(AccountId(Uuid::from_u128(7))),
        on_date: TODAY,
        number: 1,
        state,
        counter: None,
        called_at: None,
        called_by: None,
        ended_at: None,
        created_at: DateTime::UNIX_EPOCH,
    }
}

#[test]
fn what_may_happen_from_where() {
    let mut table = String::new();
    for state in STATES {
        write!(table, "{state:?}:").unwrap();
        for action in TicketAction::iter().filter(|action| *action != TicketAction::Read) {
            let next = decide(&row(state), action, TODAY).map(|fact| {
                let mut after = row(state);
                evolve(&mut after, &fact, (None, None), DateTime::UNIX_EPOCH);
                after.state
            });
            if let Ok(next) = next {
                write!(table, " {action:?}→{next:?}").unwrap();
            }
        }
        table.push('\n');
    }
    expect![[r#"
        Waiting: Call→Called Cancel→Cancelled
        Called: Call→Called Serve→Served Skip→Skipped Cancel→Cancelled
        Served:
        Skipped: Call→Called
        Cancelled:
        Expired:
    "#]]
    .assert_eq(&table);
}

#[test]
fn the_day_after_nothing_is_called_and_what_was_left_expires() {
    let tomorrow = TODAY.succ_opt().unwrap();
    for action in [TicketAction::Call, TicketAction::Cancel] {
        assert_eq!(decide(&row(S::Waiting), action, tomorrow), Err(Refusal::TooLate));
    }
    for state in STATES {
        let expires = decide(&row(state), TicketAction::Expire, tomorrow).is_ok();
        assert_eq!(expires, is_live(state), "{state:?}");
        assert!(decide(&row(state), TicketAction::Expire, TODAY).is_err());
    }
    let refused = decide(&row(S::Waiting), TicketAction::Serve, TODAY);
    assert_eq!(refused, Err(Refusal::Transition(vec!["CALL"])));
}

#[test]
fn a_number_is_between_its_person_and_the_desk() {
    let person = |account: u128, grants| {
        Actor::Person(Person { account: AccountId(Uuid::from_u128(account)), session: SessionId(Uuid::nil()), grants })
    };
    let desk = |path: &str| Grant { role: Role::CenterStaff, scope: GrantScope::Area(path.to_owned()), until: None };
    let ticket = Ticket { row: row(S::Called), area_path: "/310112008/310112008001/".to_owned() };
    let of = |actor: &Actor| actions(actor, &ticket, TODAY);
    use TicketAction as A;
    assert_eq!(of(&person(7, vec![])), [A::Cancel]);
    assert_eq!(of(&person(8, vec![desk("/310112008/")])), [A::Call, A::Serve, A::Skip]);
    for stranger in [Actor::Anonymous, person(8, vec![]), person(8, vec![desk("/310112009/")])] {
        assert_eq!(ticket.decide(&stranger, A::Read), Decision::Hide, "{stranger:?}");
    }
    // Nobody's number is not the visitor's.
    let nobodys = Ticket { row: Model { account_id: None, ..row(S::Waiting) }, ..ticket };
    assert_eq!(nobodys.decide(&Actor::Anonymous, A::Cancel), Decision::Hide);
}

proptest! {
    /// Whatever happens in whatever order, what is over stays over but for who comes back after being skipped; and the version tells
    /// every change.
    #[test]
    fn what_is_over_stays_over(steps in prop::collection::vec((0..6_usize, 0..2_u64), 0..30)) {
        let actions: Vec<TicketAction> = TicketAction::iter().collect();
        let mut at = row(S::Waiting);
        for (action, days) in steps {
            let today = TODAY + chrono::Days::new(days);
            let before = at.clone();
            if let Ok(fact) = decide(&at, actions[action], today) {
                evolve(&mut at, &fact, (None, None), DateTime::UNIX_EPOCH);
                prop_assert_eq!(at.version, before.version + 1);
                prop_assert!(is_live(before.state) || before.state == S::Skipped);
                prop_assert_eq!(at.ended_at.is_some(), !is_live(at.state));
            }
        }
    }
}
