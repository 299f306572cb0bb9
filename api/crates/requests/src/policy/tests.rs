use std::fmt::Write as _;

use entity::enums::ServiceRequestState as S;
use entity::id::{AccountId, ProxyGrantId, SessionId};
use expect_test::expect_file;
use kernel::actor::{Grant, GrantScope, Person};
use residents::Verbs;
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::*;
use crate::case::{Proxy, Ties};
use crate::workflow::tests::case_in;

const LEAD: UnitId = UnitId(Uuid::from_u128(5));
const HELPER: UnitId = UnitId(Uuid::from_u128(50));
const STRANGER: AccountId = AccountId(Uuid::from_u128(900));
const REPORTER: AccountId = AccountId(Uuid::from_u128(1));
const HANDLER: AccountId = AccountId(Uuid::from_u128(2));

fn somebody(account: AccountId, role: Option<(Role, GrantScope)>) -> Actor {
    let grants = role.into_iter().map(|(role, scope)| Grant { role, scope, until: None }).collect();
    Actor::Person(Person { account, session: SessionId(Uuid::nil()), grants })
}

fn here() -> GrantScope {
    GrantScope::Area("/310112008/310112008-D1/".to_owned())
}

fn elsewhere() -> GrantScope {
    GrantScope::Area("/310112008/310112008-D2/".to_owned())
}

/// Everybody a case can meet: relations to it, then every role where it counts and next door.
fn everybody() -> Vec<(String, Actor)> {
    let mut all = vec![
        ("visitor".to_owned(), Actor::Anonymous),
        ("system".to_owned(), Actor::System),
        ("stranger".to_owned(), somebody(STRANGER, None)),
        ("reporter".to_owned(), somebody(REPORTER, None)),
        ("handler who left the unit".to_owned(), somebody(HANDLER, None)),
        ("handler of the case".to_owned(), somebody(HANDLER, Some((Role::Handler, GrantScope::Unit(LEAD))))),
        ("HANDLER of the helping unit".to_owned(), somebody(STRANGER, Some((Role::Handler, GrantScope::Unit(HELPER))))),
    ];
    for role in Role::iter() {
        let name = sea_orm::ActiveEnum::to_value(&role);
        let scopes = match role {
            Role::Handler | Role::UnitLeader => {
                [("the unit", GrantScope::Unit(LEAD)), ("another unit", GrantScope::Unit(UnitId(Uuid::from_u128(99))))]
            }
            _ => [("here", here()), ("elsewhere", elsewhere())],
        };
        for (place, scope) in scopes {
            all.push((format!("{name} of {place}"), somebody(STRANGER, Some((role, scope)))));
        }
    }
    all
}

/// Cases whose difference policy sees.
fn cases() -> Vec<(&'static str, Case)> {
    let plain = case_in(S::InProgress);
    let mut private = plain.clone();
    private.row.is_listed = false;
    let mut city = private.clone();
    city.row.is_city_object = true;
    let mut confidential = private.clone();
    confidential.row.is_confidential = true;
    let mut anonymous = private.clone();
    anonymous.row.is_anonymous = true;
    let mut neighbours = private.clone();
    neighbours.row.listed_in = Some("/310112008/310112008-D1/310112008001/".to_owned());
    neighbours.ties = Ties {
        asker: Some(STRANGER),
        is_neighbour: true,
        is_co_reporter: false,
        is_follower: false,
        proxies: Vec::new(),
    };
    let mut proxied = private.clone();
    let verbs = Verbs::of([ProxyVerb::Supplement, ProxyVerb::Survey]);
    let proxy = Proxy { id: ProxyGrantId(Uuid::from_u128(77)), verbs };
    proxied.ties = Ties {
        asker: Some(STRANGER),
        is_neighbour: false,
        is_co_reporter: false,
        is_follower: false,
        proxies: vec![proxy],
    };
    let mut shared = private.clone();
    shared.ties = Ties { asker: Some(STRANGER), is_co_reporter: true, is_follower: true, ..Ties::default() };
    let mut for_somebody = private.clone();
    for_somebody.row.reporter_id = None;
    let mut disputed = private.clone();
    for order in &mut disputed.assignments {
        order.is_return_used = true;
    }
    vec![
        ("a public case", plain),
        ("a private case", private),
        ("a private case about a city object", city),
        ("a confidential case", confidential),
        ("an anonymous case", anonymous),
        ("a case disputed twice", disputed),
        ("a case shown to the grid in which the stranger lives", neighbours),
        ("a case in which the stranger may add and answer the survey", proxied),
        ("a case into which the stranger's was merged, and which the stranger follows", shared),
        ("a case of somebody without an account", for_somebody),
    ]
}

/// Who may do what: a name for each action allowed, `–` where the case is seen and nothing more, `hidden` where it is not.
#[test]
fn the_matrix_is_reviewed() {
    let mut matrix = String::new();
    for (what, case) in cases() {
        writeln!(matrix, "## {what}").unwrap();
        for (who, actor) in everybody() {
            let allowed = Action::iter().filter(|action| case.decide(&actor, *action) == Decision::Allow);
            let allowed: Vec<&str> = allowed.map(Action::name).collect();
            let is_hidden = Action::iter().all(|action| case.decide(&actor, action) == Decision::Hide);
            let said = if is_hidden { "hidden".to_owned() } else { allowed.join(" ") };
            writeln!(matrix, "{who:<36} {said}").unwrap();
        }
        matrix.push('\n');
    }
    expect_file!["../policy_matrix.txt"].assert_eq(&matrix);
}

#[test]
fn channels_have_their_people() {
    let path = "/310112008/310112008-D1/310112008001/";
    let may = |actor: &Actor, channel, is_on_behalf| may_submit(actor, channel, is_on_behalf, path);
    let ann = somebody(STRANGER, None);
    assert!(may(&ann, Channel::App, false));
    assert!(!may(&ann, Channel::App, true) && !may(&ann, Channel::WalkIn, true) && !may(&ann, Channel::Patrol, false));
    let clerk = somebody(STRANGER, Some((Role::StationStaff, here())));
    assert!(may(&clerk, Channel::WalkIn, true) && !may(&clerk, Channel::WalkIn, false));
    let away = somebody(STRANGER, Some((Role::StationStaff, elsewhere())));
    assert!(!may(&away, Channel::WalkIn, true));
    let inspector = somebody(STRANGER, Some((Role::GridInspector, here())));
    assert!(may(&inspector, Channel::Patrol, false) && !may(&inspector, Channel::Hotline12345, true));
    assert!(!may(&Actor::Anonymous, Channel::App, false));
}

#[test]
fn scopes_drop_what_lies_in_another() {
    let grants = ["/310112008/310112008-D1/", "/310112008/", "/310112106/"];
    let grants =
        grants.map(|path| Grant { role: Role::Dispatcher, scope: GrantScope::Area(path.to_owned()), until: None });
    let actor = Actor::Person(Person { account: STRANGER, session: SessionId(Uuid::nil()), grants: grants.to_vec() });
    let wide = vec!["/310112008/".to_owned(), "/310112106/".to_owned()];
    assert_eq!(desk(&actor, WorkQueueTab::ToAccept), Scope::Areas(wide));
    assert_eq!(desk(&actor, WorkQueueTab::ToSign), Scope::LedBy(Vec::new()));
}

#[test]
fn ties_are_the_askers_alone() {
    let mut case = case_in(S::Verified);
    case.row.is_listed = false;
    let proxy = Proxy { id: ProxyGrantId(Uuid::from_u128(77)), verbs: Verbs::of([ProxyVerb::Survey]) };
    case.ties = Ties {
        asker: Some(STRANGER),
        is_neighbour: true,
        is_co_reporter: false,
        is_follower: false,
        proxies: vec![proxy],
    };
    let (agent, other) = (somebody(STRANGER, None), somebody(AccountId(Uuid::from_u128(901)), None));
    assert_eq!(case.decide(&agent, Action::Survey), Decision::Allow);
    assert_eq!(case.decide(&agent, Action::Supplement), Decision::Deny);
    assert_eq!(case.decide(&agent, Action::ReadReporter), Decision::Deny);
    assert_eq!(case.decide(&agent, Action::GrantProxy), Decision::Deny, "an agent names no other");
    assert_eq!(case.decide(&other, Action::Read), Decision::Hide);
    assert_eq!(case.decide(&Actor::Anonymous, Action::Read), Decision::Hide);
    case.row.handled_by = Some(STRANGER);
    assert_eq!(case.decide(&agent, Action::Survey), Decision::Deny, "nobody judges the own work for another");
}
