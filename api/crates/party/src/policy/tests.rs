use std::fmt::Write as _;

use chrono::DateTime;
use entity::enums::PartyOrganizationKind;
use entity::id::{AccountId, OrganizationId, PartyOrganizationId, SessionId, UnitId};
use expect_test::expect_file;
use kernel::actor::{Grant, GrantScope, Person};
use sea_orm::Iterable as _;
use uuid::Uuid;

use super::*;

const HERE: &str = "/XH/XH-1/XH-1-2/";

fn organization() -> Organization {
    Organization(party_organization::Model {
        id: PartyOrganizationId(Uuid::from_u128(1)),
        code: "XH-1-2".to_owned(),
        name: "第二党支部".to_owned(),
        kind: PartyOrganizationKind::Branch,
        parent_id: None,
        path: HERE.to_owned(),
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    })
}

fn somebody(role: Role, scope: GrantScope) -> Actor {
    let grants = vec![Grant { role, scope, until: None }];
    Actor::Person(Person { account: AccountId(Uuid::nil()), session: SessionId(Uuid::nil()), grants })
}

/// Every role in every kind of scope: in the party at the organisation, around it and elsewhere.
fn everybody() -> Vec<(String, Actor)> {
    let nobody = Person { account: AccountId(Uuid::nil()), session: SessionId(Uuid::nil()), grants: Vec::new() };
    let mut all = vec![
        ("visitor".to_owned(), Actor::Anonymous),
        ("system".to_owned(), Actor::System),
        ("stranger".to_owned(), Actor::Person(nobody)),
    ];
    let party = |path: &str| GrantScope::PartyOrganization(path.to_owned());
    for role in Role::iter() {
        let scopes = [
            ("of the party here", party(HERE)),
            ("of the party above", party("/XH/XH-1/")),
            ("of the party at the top", party("/XH/")),
            ("of the party below", party("/XH/XH-1/XH-1-2/G1/")),
            ("of the party beside", party("/XH/XH-1/XH-1-3/")),
            ("of a code that begins alike", party("/XH/XH-1/XH-1-22/")),
            ("of the street", GrantScope::Area("/310112008/".to_owned())),
            ("of an area of the same path", GrantScope::Area(HERE.to_owned())),
            ("of an organisation", GrantScope::Organization(OrganizationId(Uuid::from_u128(1)))),
            ("of a unit", GrantScope::Unit(UnitId(Uuid::from_u128(1)))),
        ];
        let name = sea_orm::ActiveEnum::to_value(&role);
        all.extend(scopes.map(|(place, scope)| (format!("{name} {place}"), somebody(role, scope))));
    }
    all
}

/// Who may do what: those who are not in the list see nothing at all.
#[test]
fn the_matrix_is_reviewed() {
    let (organization, mut matrix, mut hidden) = (organization(), String::new(), 0);
    for (who, actor) in everybody() {
        let decisions: Vec<_> = OrganizationAction::iter()
            .map(|action| (organization.decide(&actor, action), <&str>::from(action)))
            .collect();
        if decisions.iter().all(|(decision, _)| *decision == Decision::Hide) {
            hidden += 1;
            continue;
        }
        let allowed = decisions.iter().filter(|(decision, _)| *decision == Decision::Allow).map(|(_, name)| *name);
        writeln!(matrix, "{who:<42} {}", allowed.collect::<Vec<_>>().join(" ")).unwrap();
    }
    writeln!(matrix, "hidden from {hidden} others").unwrap();
    expect_file!["../policy_matrix.txt"].assert_eq(&matrix);
}

/// Whatever anybody holds beside the party's two roles opens nothing, all of it at once included.
#[test]
fn other_roles_together_open_nothing() {
    let others = Role::iter().filter(|role| ![Role::PartySecretary, Role::PartyOrgAdmin].contains(role));
    let scopes = [GrantScope::Area("/".to_owned()), GrantScope::PartyOrganization("/XH/".to_owned())];
    let grants = others.flat_map(|role| scopes.clone().map(|scope| Grant { role, scope, until: None })).collect();
    let actor = Actor::Person(Person { account: AccountId(Uuid::nil()), session: SessionId(Uuid::nil()), grants });
    for action in OrganizationAction::iter() {
        assert_eq!(organization().decide(&actor, action), Decision::Hide, "{action:?}");
    }
}
