use chrono::DateTime;
use entity::enums::CenterState;
use entity::id::{AccountId, AreaId, CenterId, SessionId};
use kernel::actor::{Grant, GrantScope, Person};
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::*;
use crate::workflow::tests::row;

const HERE: &str = "/310112008/310112008-D1/310112008001/";

fn person(account: u128, grants: &[(Role, &str)]) -> Actor {
    let grants = grants.iter().map(|(role, path)| {
        let scope = GrantScope::Area((*path).to_owned());
        Grant { role: *role, scope, until: None }
    });
    let (account, session) = (AccountId(Uuid::from_u128(account)), SessionId(Uuid::nil()));
    Actor::Person(Person { account, session, grants: grants.collect() })
}

fn actors() -> Vec<(String, Actor)> {
    let mut actors = vec![
        ("visitor".to_owned(), Actor::Anonymous),
        ("system".to_owned(), Actor::System),
        ("who booked".to_owned(), person(1, &[])),
        ("another resident".to_owned(), person(9, &[])),
        ("CENTER_STAFF elsewhere".to_owned(), person(9, &[(Role::CenterStaff, "/310112106/")])),
    ];
    actors.extend(Role::iter().map(|role| (role.name(), person(9, &[(role, "/310112008/")]))));
    actors
}

#[test]
fn the_matrix_of_rights() {
    let booking = Booking { row: row(entity::enums::BookingState::Confirmed, None), area_path: HERE.to_owned() };
    let center = Center(center::Model {
        id: CenterId(Uuid::nil()),
        version: 1,
        code: String::new(),
        name: String::new(),
        area_id: AreaId(Uuid::nil()),
        area_path: HERE.to_owned(),
        address: String::new(),
        longitude: None,
        latitude: None,
        phone: None,
        state: CenterState::Open,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    });
    let mut table = String::new();
    for (who, actor) in actors() {
        let centre: Vec<String> = CenterAction::ALL
            .into_iter()
            .filter(|action| center.decide(&actor, *action) == Decision::Allow)
            .map(|action| format!("{action:?}"))
            .collect();
        let may: Vec<&str> = BookingAction::iter()
            .filter(|action| booking.decide(&actor, *action) == Decision::Allow)
            .map(<&str>::from)
            .collect();
        table.push_str(&format!("{who}: centre [{}] booking [{}]\n", centre.join(" "), may.join(" ")));
    }
    expect_test::expect_file!["../policy_matrix.txt"].assert_eq(&table);
}
