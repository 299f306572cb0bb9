//! Who reads a roster, who does not, and what each read leaves.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{appointed, enters, id_of, lines, rosters_with};
use crate::support::case::new_key;
use crate::support::{Person, Town, eventually, stories};

stories![
    a_roster_is_read_by_its_secretary_and_the_staff_above,
    nobody_else_sees_anything_of_the_party,
    grants_that_are_over_or_not_begun_open_nothing,
    each_read_leaves_one_line,
    the_party_s_roles_are_granted_in_the_party_and_apart_from_the_three,
];

/// Roles of the demo town that have nothing to do with the party.
const OTHERS: [&str; 14] = [
    "dispatcher",
    "chief",
    "inspector",
    "callback",
    "neighbourhood",
    "supervisor",
    "admin",
    "security",
    "auditor",
    "lights.leader",
    "lights.handler",
    "property.leader",
    "committee.handler",
    "centre.leader",
];
const A: [&str; 2] = ["丙党员", "乙党员"];

async fn a_roster_is_read_by_its_secretary_and_the_staff_above(town: &Town) {
    let imported = enters(town, &rosters_with("13600000001")).await;
    let [top, a, group, b] = ["T", "T-A", "T-A-G", "T-B"].map(|code| id_of(&imported, code));
    let secretary = appointed(town, Role::PartySecretary, &a, None).await;
    assert_eq!(secretary.roster_names(&a).await, A);
    for (organization, code) in [(&b, "NOT_FOUND"), (&group, "FORBIDDEN"), (&top, "FORBIDDEN")] {
        assert_eq!(secretary.roster_names(organization).await, [code], "the secretary of A, {organization}");
    }
    let staff = appointed(town, Role::PartyOrgAdmin, &top, None).await;
    for (organization, names) in [(&top, &["甲党员"][..]), (&a, &A), (&group, &["丁党员"]), (&b, &["戊党员"])]
    {
        assert_eq!(staff.roster_names(organization).await, names);
    }
    let below = appointed(town, Role::PartyOrgAdmin, &a, None).await;
    for (organization, names) in [(&a, &A[..]), (&group, &["丁党员"]), (&top, &["FORBIDDEN"]), (&b, &["NOT_FOUND"])]
    {
        assert_eq!(below.roster_names(organization).await, names);
    }
    let demo = town.staff("party.admin").await;
    assert_eq!(demo.roster_names(&a).await, ["NOT_FOUND"], "of another tree");
    let codes = async |person: &Person| {
        let seen = person.asks("{ partyOrganizations { code } }").await.list("/partyOrganizations");
        seen.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&secretary).await, ["T", "T-A", "T-A-G"]);
    assert_eq!(codes(&staff).await, ["T", "T-A", "T-A-G", "T-B"]);
    let shown = staff.reads_roster(&a).await.list("/partyRoster/nodes");
    let first = shown.iter().find(|row| row["displayName"] == "乙党员").unwrap();
    let expected = json!({ "standing": "FULL", "joinMonth": "1998-07", "phone": "136****0001", "isBound": false });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&first[field], value);
    }
    let text = "query($id: ID!, $after: String) { partyRoster(organizationId: $id, first: 1, after: $after) { nodes { id } \
                pageInfo { hasNextPage endCursor } } }";
    let one = staff.says(text, &json!({ "id": a })).await;
    let two = staff.says(text, &json!({ "id": a, "after": one.text("/partyRoster/pageInfo/endCursor") })).await;
    assert_eq!(
        (one.get("/partyRoster/pageInfo/hasNextPage"), two.get("/partyRoster/pageInfo/hasNextPage")),
        (&json!(true), &json!(false))
    );
    assert_ne!(one.get("/partyRoster/nodes/0/id"), two.get("/partyRoster/nodes/0/id"));
}

async fn nobody_else_sees_anything_of_the_party(town: &Town) {
    let imported = enters(town, &rosters_with("13600000001")).await;
    let a = id_of(&imported, "T-A");
    let reader = appointed(town, Role::PartyOrgAdmin, &a, None).await;
    let member = reader.reads_roster(&a).await.text("/partyRoster/nodes/0/id");
    let mut others = vec![("a resident", town.resident().await)];
    for who in OTHERS {
        others.push((who, town.staff(who).await));
    }
    for (who, person) in others {
        assert_eq!(person.roster_names(&a).await, ["NOT_FOUND"], "{who}");
        assert_eq!(person.roster_names("porg_00000000000000000000000000000000").await, ["NOT_FOUND"], "{who}: alike");
        assert_eq!(person.asks("{ partyOrganizations { id } }").await.list("/partyOrganizations"), Vec::<Value>::new());
        let nodes =
            person.says("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", &json!({ "ids": [a, member] })).await;
        assert_eq!(nodes.list("/nodes"), [Value::Null, Value::Null], "{who}");
        let own = person.membership().await;
        assert_eq!((&own["partyMembership"], &own["partyInvitations"]), (&Value::Null, &json!([])), "{who}");
        let confirm = json!({ "memberId": member, "idempotencyKey": new_key() });
        let answer = person.does("confirmPartyMembership", &confirm, "userErrors { code }").await;
        let codes = answer.codes();
        let is_refused = ["NOT_FOUND", "PHONE_REQUIRED", "CONSENT_REQUIRED"].contains(&codes[0].as_str());
        assert!(is_refused, "{who}: {codes:?}");
    }
    let visitor = town.stranger();
    assert_eq!(visitor.roster_names(&a).await, ["UNAUTHENTICATED"]);
    assert_eq!(visitor.asks("{ partyOrganizations { id } }").await.codes(), ["UNAUTHENTICATED"]);
}

async fn grants_that_are_over_or_not_begun_open_nothing(town: &Town) {
    let imported = enters(town, &rosters_with("13600000001")).await;
    let a = id_of(&imported, "T-A");
    let short = appointed(town, Role::PartySecretary, &a, Some(town.now() + TimeDelta::minutes(5))).await;
    assert_eq!(short.roster_names(&a).await, A);
    town.later(TimeDelta::minutes(6));
    eventually("the grant ends", async || short.roster_names(&a).await == ["NOT_FOUND"]).await;
    let future = town.resident().await;
    let security = town.staff("security").await;
    let input = json!({
        "userId": future.id().await, "role": "PARTY_SECRETARY", "partyOrganizationId": a, "reason": "按规定任命",
        "validFrom": town.now() + TimeDelta::minutes(5), "idempotencyKey": new_key(),
    });
    security.does("grantRole", &input, "roleGrant { id } userErrors { code field }").await.is_done();
    assert_eq!(future.roster_names(&a).await, ["NOT_FOUND"]);
    town.later(TimeDelta::minutes(6));
    eventually("the grant begins", async || future.roster_names(&a).await == A).await;
}

async fn each_read_leaves_one_line(town: &Town) {
    let imported = enters(town, &rosters_with("13600000001")).await;
    let [a, b] = ["T-A", "T-B"].map(|code| id_of(&imported, code));
    let secretary = appointed(town, Role::PartySecretary, &a, None).await;
    let dispatcher = town.staff("dispatcher").await;
    secretary.roster_names(&a).await;
    secretary.roster_names(&b).await;
    dispatcher.roster_names(&a).await;
    dispatcher.roster_names("not an id").await;
    town.stranger().roster_names(&a).await;
    secretary.asks("{ partyOrganizations { id } viewer { partyMembership { id } } }").await.is_done();
    let expected = [("DONE", json!(a)), ("NOT_FOUND", json!(b)), ("NOT_FOUND", json!(a)), ("NOT_FOUND", Value::Null)];
    let expected = expected.map(|(outcome, subject)| (outcome.to_owned(), subject));
    assert_eq!(lines(town, "partyRoster").await, expected);
    assert!(identity::audit::verify(town.base(), None, |_| {}).await.unwrap().is_ok(), "the chain verifies");
}

async fn the_party_s_roles_are_granted_in_the_party_and_apart_from_the_three(town: &Town) {
    let imported = enters(town, &rosters_with("13600000001")).await;
    let a = id_of(&imported, "T-A");
    let security = town.staff("security").await;
    let street = security.asks("{ areas { id } }").await.text("/areas/0/id");
    let person = town.resident().await;
    let staff = async |username: &str| {
        let text = format!("{{ staffAccounts(username: \"{username}\") {{ nodes {{ user {{ id }} }} }} }}");
        security.asks(&text).await.text("/staffAccounts/nodes/0/user/id")
    };
    let grant = async |user: &str, role: &str, scope: (&str, &str)| {
        let input = json!({
            "userId": user, "role": role, scope.0: scope.1, "reason": "按规定任命", "idempotencyKey": new_key(),
        });
        let shown = "roleGrant { partyOrganizationId organization { id } } userErrors { code field }";
        security.does("grantRole", &input, shown).await
    };
    let (me, party, area) =
        (person.id().await.unwrap(), ("partyOrganizationId", a.as_str()), ("areaId", street.as_str()));
    for (user, role, scope, code) in [
        (me.clone(), "PARTY_SECRETARY", area, "INVALID"),
        (me.clone(), "PARTY_ORG_ADMIN", area, "INVALID"),
        (me.clone(), "DISPATCHER", party, "INVALID"),
        (me.clone(), "SYSTEM_ADMIN", party, "INVALID"),
        (me.clone(), "PARTY_MEMBER", area, "INVALID"),
        (me.clone(), "PARTY_MEMBER", party, "INVALID"),
        (staff("auditor").await, "PARTY_SECRETARY", party, "ROLE_EXCLUSIVE"),
        (staff("admin").await, "PARTY_ORG_ADMIN", party, "ROLE_EXCLUSIVE"),
        (staff("security").await, "PARTY_ORG_ADMIN", party, "SAME_PERSON"),
    ] {
        assert_eq!(grant(&user, role, scope).await.codes(), [code], "{role} {scope:?}");
    }
    let unknown = grant(&me, "PARTY_SECRETARY", ("partyOrganizationId", "porg_00000000000000000000000000000001")).await;
    assert!(unknown.says_at("INVALID", "partyOrganizationId"), "{unknown:?}");
    let done = grant(&me, "PARTY_SECRETARY", party).await;
    assert_eq!(done.get("/grantRole/roleGrant/partyOrganizationId"), &json!(a));
    assert_eq!(grant(&me, "SECURITY_ADMIN", area).await.codes(), ["ROLE_EXCLUSIVE"], "nor the other way round");
    assert_eq!(person.roster_names(&a).await, A);
    let own = person.asks("{ viewer { roles { role partyOrganization { code } } } }").await;
    assert_eq!(
        own.get("/viewer/roles"),
        &json!([{ "role": "PARTY_SECRETARY", "partyOrganization": { "code": "T-A" } }])
    );
    assert_eq!(security.roster_names(&a).await, ["NOT_FOUND"], "granting is not reading");
    let admin = town.staff("admin").await;
    let denied = json!({
        "userId": me, "role": "PARTY_ORG_ADMIN", "partyOrganizationId": a, "reason": "按规定任命", "idempotencyKey": new_key(),
    });
    assert_eq!(admin.does("grantRole", &denied, "userErrors { code }").await.codes(), ["FORBIDDEN"]);
}
