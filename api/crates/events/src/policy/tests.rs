use entity::enums::{AttendanceStatus, RegistrationState};
use entity::id::{AccountId, EventAttendanceId, EventId, EventRegistrationId, SessionId};
use kernel::actor::{Grant, GrantScope, Person};
use sea_orm::Iterable as _;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::workflow::tests::{at, row};

fn person(account: u128, grants: Vec<(Role, GrantScope)>) -> Actor {
    let grants = grants.into_iter().map(|(role, scope)| Grant { role, scope, until: None });
    let (account, session) = (AccountId(Uuid::from_u128(account)), SessionId(Uuid::nil()));
    Actor::Person(Person { account, session, grants: grants.collect() })
}

/// Who asks, and whether the person is one of those for whom the event is.
fn actors() -> Vec<(String, Actor, bool)> {
    let area = |path: &str| GrantScope::Area(path.to_owned());
    let party = |path: &str| GrantScope::PartyOrganization(path.to_owned());
    let mut actors = vec![
        ("visitor".to_owned(), Actor::Anonymous, false),
        ("system".to_owned(), Actor::System, false),
        ("a member who is registered".to_owned(), person(1, vec![]), true),
        ("a member".to_owned(), person(9, vec![]), true),
        ("secretary of it".to_owned(), person(9, vec![(Role::PartySecretary, party("/T/T-A/"))]), true),
        ("secretary beside it".to_owned(), person(9, vec![(Role::PartySecretary, party("/T/T-B/"))]), false),
        ("secretary above it".to_owned(), person(9, vec![(Role::PartySecretary, party("/T/"))]), false),
        ("secretary below it".to_owned(), person(9, vec![(Role::PartySecretary, party("/T/T-A/T-A-G/"))]), true),
        ("party staff above it".to_owned(), person(9, vec![(Role::PartyOrgAdmin, party("/T/"))]), false),
        ("party staff beside it".to_owned(), person(9, vec![(Role::PartyOrgAdmin, party("/T/T-B/"))]), false),
        ("staff of a centre elsewhere".to_owned(), person(9, vec![(Role::CenterStaff, area("/310112106/"))]), false),
    ];
    actors.extend(Role::iter().map(|role| (role.name(), person(9, vec![(role, area("/310112008/"))]), false)));
    actors
}

#[test]
fn the_matrix_of_rights() {
    let mut table = String::from(
        "# who: what is possible at all with an event of a state and an audience; with a registration; with a line of attendance\n",
    );
    for audience in EventAudience::iter() {
        for state in [EventState::Draft, EventState::InReview, EventState::Open] {
            table.push_str(&format!("== {audience:?}, {state:?}\n"));
            for (who, actor, is_member) in actors() {
                let is_invited = audience == EventAudience::Public || is_member;
                let event = Event { row: row(state, audience), is_invited };
                let may: Vec<&str> = EventAction::iter()
                    .filter(|action| event.decide(&actor, *action) == Decision::Allow)
                    .map(<&str>::from)
                    .collect();
                let is_hidden = event.decide(&actor, EventAction::Read) == Decision::Hide;
                let line = attendance(event.clone(), &actor);
                let at_the_door: Vec<&str> = AttendanceAction::iter()
                    .filter(|action| line.decide(&actor, *action) == Decision::Allow)
                    .map(<&str>::from)
                    .collect();
                let of = registration(event);
                let with: Vec<&str> = RegistrationAction::iter()
                    .filter(|action| of.decide(&actor, *action) == Decision::Allow)
                    .map(<&str>::from)
                    .collect();
                let may = if is_hidden { "hidden".to_owned() } else { may.join(" ") };
                table.push_str(&format!("{who}: [{may}] [{}] [{}]\n", with.join(" "), at_the_door.join(" ")));
            }
        }
    }
    expect_test::expect_file!["../policy_matrix.txt"].assert_eq(&table);
}

fn attendance(event: Event, actor: &Actor) -> Attendance {
    let registered = AccountId(Uuid::from_u128(1));
    let row = event_attendance::Model {
        id: EventAttendanceId(Uuid::nil()),
        version: 1,
        event_id: EventId(Uuid::nil()),
        member_id: None,
        account_id: Some(registered),
        seats: 1,
        has_vote: false,
        status: AttendanceStatus::Expected,
        method: None,
        arrived_at: None,
        left_at: None,
        minutes: None,
        leave_state: None,
        reason_sealed: None,
        created_at: at("20T00:00"),
        updated_at: at("20T00:00"),
    };
    Attendance { row, event, is_own: actor.account() == Some(registered) }
}

fn registration(event: Event) -> Registration {
    let row = event_registration::Model {
        id: EventRegistrationId(Uuid::nil()),
        version: 1,
        event_id: EventId(Uuid::nil()),
        account_id: AccountId(Uuid::from_u128(1)),
        code: String::new(),
        seats: 1,
        state: RegistrationState::Confirmed,
        answers: json!([]),
        note: None,
        queued_at: at("20T00:00"),
        due_at: None,
        ended_at: None,
        created_at: at("20T00:00"),
        updated_at: at("20T00:00"),
    };
    Registration { row, event }
}
