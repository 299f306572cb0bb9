use std::fmt::Write as _;

use entity::id::SessionId;
use expect_test::expect_file;
use kernel::actor::{Grant, GrantScope, Person};
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::*;
use crate::workflow::tests::{AGENT, ANN, invited, residence};

const STRANGER: AccountId = AccountId(Uuid::from_u128(900));

fn somebody(account: AccountId, role: Option<(Role, &str)>) -> Actor {
    let grants = role.into_iter().map(|(role, path)| {
        let scope = GrantScope::Area(path.to_owned());
        Grant { role, scope, until: None }
    });
    Actor::Person(Person { account, session: SessionId(Uuid::nil()), grants: grants.collect() })
}

/// Everybody these can meet: relations, then every role where it counts and next door.
fn everybody() -> Vec<(String, Actor)> {
    let mut all = vec![
        ("visitor".to_owned(), Actor::Anonymous),
        ("system".to_owned(), Actor::System),
        ("stranger".to_owned(), somebody(STRANGER, None)),
        ("who lives there, the principal".to_owned(), somebody(ANN, None)),
        ("who is invited or acts".to_owned(), somebody(AGENT, None)),
    ];
    for role in Role::iter() {
        let name = sea_orm::ActiveEnum::to_value(&role);
        for (place, path) in
            [("here", "/310112008/310112008-D1/310112008001/"), ("elsewhere", "/310112008/310112008-D2/")]
        {
            all.push((format!("{name} of {place}"), somebody(STRANGER, Some((role, path)))));
        }
    }
    all
}

fn said<T: Guarded>(subject: &T, actor: &Actor, actions: &[(T::Action, &'static str)]) -> String {
    let is = |action: T::Action, decision| subject.decide(actor, action) == decision;
    if actions.iter().all(|(action, _)| is(*action, Decision::Hide)) {
        return "hidden".to_owned();
    }
    let allowed = actions.iter().filter(|(action, _)| is(*action, Decision::Allow)).map(|(_, name)| *name);
    allowed.collect::<Vec<_>>().join(" ")
}

/// Who may do what: a name for each action allowed, `hidden` where it is not seen.
#[test]
fn the_matrix_is_reviewed() {
    let homes: Vec<_> = ResidenceAction::iter().map(|action| (action, action.into())).collect();
    let proxies: Vec<_> = ProxyAction::iter().map(|action| (action, action.into())).collect();
    let own = Proxy { row: invited(), cases: Vec::new(), invitee: Some(AGENT) };
    let mut active = own.clone();
    (active.row.state, active.row.agent_id, active.invitee) = (ProxyState::Active, Some(AGENT), None);
    let mut counter = active.clone();
    counter.row.principal_id = None;
    counter.row.area_path = Some("/310112008/310112008-D1/310112008001/310112008001-01/".to_owned());
    let mut over = own.clone();
    over.row.state = ProxyState::Ended;
    let mut matrix = String::from("## a proof of residence\n");
    for (who, actor) in everybody() {
        writeln!(matrix, "{who:<32} {}", said(&Residence(residence()), &actor, &homes)).unwrap();
    }
    let cases = [
        ("an invitation", own),
        ("a proxy in force", active),
        ("one that a counter granted", counter),
        ("an invitation that was ended", over),
    ];
    for (what, proxy) in cases {
        writeln!(matrix, "\n## {what}").unwrap();
        for (who, actor) in everybody() {
            writeln!(matrix, "{who:<32} {}", said(&proxy, &actor, &proxies)).unwrap();
        }
    }
    expect_file!["../policy_matrix.txt"].assert_eq(&matrix);
}

#[test]
fn desks_drop_what_lies_in_another() {
    let grants = ["/310112008/310112008-D1/", "/310112008/", "/310112106/"];
    let scope = |path: &str| GrantScope::Area(path.to_owned());
    let grants = grants.map(|path| Grant { role: NEIGHBOURHOOD, scope: scope(path), until: None });
    let actor = Actor::Person(Person { account: ANN, session: SessionId(Uuid::nil()), grants: grants.to_vec() });
    assert_eq!(desk(&actor), ["/310112008/", "/310112106/"]);
}
