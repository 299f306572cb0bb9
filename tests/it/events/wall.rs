//! The wall around events of the party (scenario 12; domain §D): in lists, by id, in registrations, in the chain.

use entity::enums::Role;
use serde_json::{Value, json};

use super::{Thing, chorus};
use crate::party::{appointed, enters, id_of, lines, rosters_with};
use crate::support::case::{new_key, with};
use crate::support::{Person, Town, stories};

stories![
    a_party_class_is_its_members_and_its_hosts,
    what_is_for_all_members_is_reviewed_above_and_hidden_from_others,
    a_public_event_of_a_branch_names_no_branch,
    who_registers_for_it_is_read_by_who_holds_it_and_each_read_is_noted,
    nobody_holds_events_for_members_of_others,
    who_leaves_the_branch_sees_it_no_more,
];

fn class(town: &Town, branch: &str) -> Value {
    let class =
        json!({ "kind": "PARTY_CLASS", "audience": "ORGANIZATION", "organizationId": branch, "title": "十一月党课" });
    with(chorus(town), class)
}

async fn published(town: &Town, secretary: &Person, branch: &str) -> Thing {
    let draft = Thing::of(&secretary.tries_to_plan(&class(town, branch)).await);
    secretary.does_with_event("publishEvent", &draft, json!({})).await
}

/// Everybody who has nothing to do with the branch, whatever other roles there are.
async fn outsiders(town: &Town) -> Vec<(String, Person)> {
    let mut people = vec![("a visitor".to_owned(), town.stranger()), ("a resident".to_owned(), town.resident().await)];
    for who in [
        "admin",
        "security",
        "auditor",
        "dispatcher",
        "chief",
        "supervisor",
        "neighbourhood",
        "center",
        "editor",
        "party.secretary",
        "party.admin",
    ] {
        let person = town.staff(who).await;
        person.consents().await;
        people.push((who.to_owned(), person));
    }
    people
}

async fn a_party_class_is_its_members_and_its_hosts(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let event = published(town, &secretary, &branch).await;
    assert!(member.sees_events(json!({})).await.contains(&"十一月党课".to_owned()));
    let seen = member.looks_at_event(&event).await;
    assert_eq!((&seen["organization"]["code"], &seen["organizations"][0]["code"]), (&json!("T-A"), &json!("T-A")));
    assert_eq!(seen["viewerEligibility"]["isEligible"], true);
    let own = member.registers(&event).await;
    // Of the group below it, too; of the branch beside it, not.
    let (below, beside) = (town.resident().await, town.resident().await);
    let more = format!(
        "{}\nT,测试党委,COMMITTEE,,,,,\nT-A,第一支部,BRANCH,T,,,,\nT-A-G,第一小组,GROUP,T-A,己党员,2003-05,FULL,{}\nT-B,第二支部,BRANCH,T,庚党员,2003-05,FULL,{}\n",
        party::HEADING,
        below.phone(),
        beside.phone()
    );
    enters(town, &more).await;
    for person in [&below, &beside] {
        person
            .does("confirmPartyMembership", &json!({ "idempotencyKey": new_key() }), "userErrors { code }")
            .await
            .is_done();
    }
    assert_eq!(below.looks_at_event(&event).await["title"], "十一月党课");
    let mut others = outsiders(town).await;
    others.push(("a member of the branch beside it".to_owned(), beside));
    for (who, person) in others {
        assert_eq!(person.looks_at_event(&event).await, Value::Null, "{who}");
        for filter in
            [json!({}), json!({ "scope": "MANAGED" }), json!({ "tag": "歌唱", "from": "2026-01-01T00:00:00Z" })]
        {
            let text = "query($filter: EventFilter) { events(first: 50, filter: $filter) { nodes { title } } }";
            let listed = person.says(text, &json!({ "filter": filter })).await;
            assert!(!format!("{listed:?}").contains("十一月党课"), "{who}");
        }
        let answer = person.reads_registrations(&event.id).await.codes();
        assert!(answer == ["NOT_FOUND"] || answer == ["UNAUTHENTICATED"], "{who}: {answer:?}");
        let seat = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(person.says(seat, &json!({ "id": own.id })).await.get("/node"), &Value::Null, "{who}");
        let codes = person.tries_to_register(&event, json!({})).await.codes();
        assert!(["NOT_FOUND", "UNAUTHENTICATED"].contains(&codes[0].as_str()), "{who}: {codes:?}");
        let hold = json!({ "eventId": event.id, "idempotencyKey": new_key() });
        let codes = person.does("holdEventSeats", &hold, "userErrors { code }").await.codes();
        assert!(["NOT_FOUND", "UNAUTHENTICATED"].contains(&codes[0].as_str()), "{who}: {codes:?}");
        let codes = person.tries_with_event("cancelEvent", &event, json!({ "note": "x" })).await.codes();
        assert!(["NOT_FOUND", "UNAUTHENTICATED"].contains(&codes[0].as_str()), "{who}: {codes:?}");
    }
}

async fn what_is_for_all_members_is_reviewed_above_and_hidden_from_others(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let imported = enters(town, &rosters_with(&member.phone())).await;
    let above = appointed(town, Role::PartyOrgAdmin, &id_of(&imported, "T"), None).await;
    let theme =
        json!({ "kind": "THEME_DAY", "audience": "ALL_MEMBERS", "organizationId": branch, "title": "主题党日" });
    let draft = Thing::of(&secretary.tries_to_plan(&with(chorus(town), theme)).await);
    secretary.tries_with_event("publishEvent", &draft, json!({})).await.is_refused("INVALID_TRANSITION");
    let submitted = secretary.does_with_event("submitEvent", &draft, json!({})).await;
    assert_eq!(secretary.tries_with_event("approveEvent", &submitted, json!({})).await.codes(), ["FORBIDDEN"]);
    assert_eq!(
        town.staff("editor").await.tries_with_event("approveEvent", &submitted, json!({})).await.codes(),
        ["NOT_FOUND"]
    );
    let approved = above.does_with_event("approveEvent", &submitted, json!({})).await;
    let event = secretary.does_with_event("publishEvent", &approved, json!({})).await;
    assert!(member.sees_events(json!({})).await.contains(&"主题党日".to_owned()));
    for (who, person) in outsiders(town).await.into_iter().filter(|(who, _)| !who.starts_with("party")) {
        assert_eq!(person.looks_at_event(&event).await, Value::Null, "{who}");
        assert!(!person.sees_events(json!({})).await.contains(&"主题党日".to_owned()), "{who}");
    }
}

async fn a_public_event_of_a_branch_names_no_branch(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let imported = enters(town, &rosters_with(&member.phone())).await;
    let above = appointed(town, Role::PartyOrgAdmin, &id_of(&imported, "T"), None).await;
    let open = json!({ "kind": "MUSIC_CLASS", "organizationId": branch, "title": "音乐党课" });
    let draft = Thing::of(&secretary.tries_to_plan(&with(chorus(town), open)).await);
    let submitted = secretary.does_with_event("submitEvent", &draft, json!({})).await;
    let approved = above.does_with_event("approveEvent", &submitted, json!({})).await;
    let event = secretary.does_with_event("publishEvent", &approved, json!({})).await;
    assert_eq!(secretary.looks_at_event(&event).await["organization"]["code"], "T-A");
    for person in [town.stranger(), town.resident().await, town.staff("admin").await, member] {
        let seen = person.looks_at_event(&event).await;
        assert_eq!(
            (&seen["title"], &seen["organization"], &seen["organizations"]),
            (&json!("音乐党课"), &Value::Null, &Value::Null)
        );
    }
    assert_eq!(town.staff("neighbourhood").await.reads_registrations(&event.id).await.codes(), ["FORBIDDEN"]);
}

async fn who_registers_for_it_is_read_by_who_holds_it_and_each_read_is_noted(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let event = published(town, &secretary, &branch).await;
    member.registers(&event).await;
    assert_eq!(secretary.reads_registrations(&event.id).await.list("/eventRegistrations/nodes").len(), 1);
    assert_eq!(member.reads_registrations(&event.id).await.codes(), ["NOT_FOUND"], "a member does not read who comes");
    assert_eq!(town.staff("admin").await.reads_registrations(&event.id).await.codes(), ["NOT_FOUND"]);
    secretary.reads_registrations("not an id").await;
    let noted = lines(town, "eventRegistrations").await;
    let expected = [
        ("DONE", json!(event.id)),
        ("NOT_FOUND", json!(event.id)),
        ("NOT_FOUND", json!(event.id)),
        ("NOT_FOUND", Value::Null),
    ];
    let expected: Vec<(String, Value)> =
        expected.into_iter().map(|(outcome, subject)| (outcome.to_owned(), subject)).collect();
    assert_eq!(noted, expected);
    assert_eq!(
        lines(town, "registerForEvent").await,
        [],
        "who administers does not learn from the chain who belongs to it"
    );
    let named = "SELECT count(*) AS n FROM fact WHERE subject_kind = 'event_registration' AND CAST(data AS TEXT) LIKE '%account%'";
    assert_eq!(town.number(named).await, 0, "no fact names who registered");
}

async fn nobody_holds_events_for_members_of_others(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let imported = enters(town, &rosters_with(&member.phone())).await;
    let [beside, above, below] = ["T-B", "T", "T-A-G"].map(|code| id_of(&imported, code));
    let of = |organization: &str, also: &[&str]| with(class(town, organization), json!({ "organizationIds": also }));
    for foreign in [&beside, &above] {
        secretary.tries_to_plan(&of(foreign, &[])).await.is_refused("INVALID").at("organizationId");
        secretary.tries_to_plan(&of(&branch, &[foreign])).await.is_refused("INVALID").at("organizationIds");
    }
    Thing::of(&secretary.tries_to_plan(&of(&branch, &[&below])).await);
    member.tries_to_plan(&of(&branch, &[])).await.is_refused("INVALID").at("organizationId");
    let host = town.staff("neighbourhood").await;
    host.tries_to_plan(&of(&branch, &[])).await.is_refused("INVALID").at("organizationId");
    let members = with(chorus(town), json!({ "audience": "ALL_MEMBERS" }));
    host.tries_to_plan(&members).await.is_refused("REQUIRED").at("organizationId");
    let meeting =
        json!({ "kind": "BRANCH_MEETING", "audience": "PUBLIC", "organizationId": branch, "registration": null });
    secretary.tries_to_plan(&with(chorus(town), meeting)).await.is_refused("INVALID").at("audience");
}

async fn who_leaves_the_branch_sees_it_no_more(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let event = published(town, &secretary, &branch).await;
    member.registers(&event).await;
    member
        .does("releasePartyMembership", &json!({ "idempotencyKey": new_key() }), "userErrors { code }")
        .await
        .is_done();
    assert_eq!(member.looks_at_event(&event).await, Value::Null);
    let listed = "{ viewer { eventRegistrations { nodes { state event { title } viewerActions } } } }";
    let listed = member.asks(listed).await.list("/viewer/eventRegistrations/nodes");
    assert_eq!((&listed[0]["state"], &listed[0]["event"]), (&json!("CANCELLED"), &Value::Null));
    assert_eq!(secretary.looks_at_event(&event).await["seatsTaken"], 0, "the seat is others'");
    town.keeps_seats_straight().await;
}
