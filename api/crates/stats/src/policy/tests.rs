//! Who sees which numbers, for every role where it counts and next door.

use std::fmt::Write as _;

use entity::id::{AccountId, SessionId};
use expect_test::expect_file;
use kernel::actor::{Grant, GrantScope, Person};
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::*;

const STREET: &str = "/310112008/";
const HERE: &str = "/310112008/310112008-D1/310112008001/";
const BESIDE: &str = "/310112008/310112008-D2/";
const UNIT: UnitId = UnitId(Uuid::from_u128(7));
const OTHER: UnitId = UnitId(Uuid::from_u128(8));

fn somebody(grants: &[(Role, GrantScope)]) -> Actor {
    let grants = grants.iter().map(|(role, scope)| Grant { role: *role, scope: scope.clone(), until: None });
    Actor::Person(Person {
        account: AccountId(Uuid::from_u128(1)),
        session: SessionId(Uuid::nil()),
        grants: grants.collect(),
    })
}

fn area(path: &str) -> GrantScope {
    GrantScope::Area(path.to_owned())
}

/// What is asked for: nothing in particular, the street, a grid, a grid beside it, a unit, another unit, a unit in the grid.
fn questions() -> [(&'static str, Wanted); 7] {
    let of = |area: Option<&str>, unit| Wanted { area: area.map(str::to_owned), unit };
    [
        ("all", of(None, None)),
        ("street", of(Some(STREET), None)),
        ("grid", of(Some(HERE), None)),
        ("beside", of(Some(BESIDE), None)),
        ("unit", of(None, Some(UNIT))),
        ("other unit", of(None, Some(OTHER))),
        ("unit in grid", of(Some(HERE), Some(UNIT))),
    ]
}

fn said(actor: &Actor, wanted: &Wanted) -> String {
    let Ok(sight) = sight(actor, wanted) else { return "-".to_owned() };
    let mut parts: Vec<String> = sight.areas;
    parts.extend(sight.units.iter().map(|unit| if *unit == UNIT { "unit" } else { "other" }.to_owned()));
    if parts.is_empty() { "everything".to_owned() } else { parts.join(" & ") }
}

#[test]
fn the_matrix_is_reviewed() {
    let mut everybody = vec![
        ("visitor".to_owned(), Actor::Anonymous),
        ("system".to_owned(), Actor::System),
        ("resident".to_owned(), somebody(&[])),
    ];
    for role in Role::iter() {
        everybody.push((format!("{} of the grid", role.name()), somebody(&[(role, area(HERE))])));
    }
    everybody.push(("SUPERVISOR of the street".to_owned(), somebody(&[(Role::Supervisor, area(STREET))])));
    for role in [Role::Handler, Role::UnitLeader, Role::PropertyManager] {
        everybody.push((format!("{} of the unit", role.name()), somebody(&[(role, GrantScope::Unit(UNIT))])));
    }
    let both = [(Role::UnitLeader, GrantScope::Unit(UNIT)), (Role::GridLeader, area(HERE))];
    everybody.push(("leader of the unit and the grid".to_owned(), somebody(&both)));
    let mut matrix = String::new();
    for (who, actor) in everybody {
        writeln!(matrix, "## {who}").unwrap();
        for (what, wanted) in questions() {
            writeln!(matrix, "{what:<13} {}", said(&actor, &wanted)).unwrap();
        }
    }
    expect_file!["../policy_matrix.txt"].assert_eq(&matrix);
}

#[test]
fn areas_inside_another_are_left_out() {
    let actor = somebody(&[(Role::GridLeader, area(HERE)), (Role::Dispatcher, area("/310112008/310112008-D1/"))]);
    assert_eq!(sight(&actor, &Wanted::default()).unwrap().areas, ["/310112008/310112008-D1/"]);
}
