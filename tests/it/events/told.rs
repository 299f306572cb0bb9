//! Who is told what of events: in the inbox, once.

use serde_json::{Value, json};

use super::{Thing, chorus, on_terms};
use crate::bookings::at;
use crate::support::case::with;
use crate::support::{Person, Town, stories};

stories![
    who_registered_is_told_how_it_goes_on,
    a_change_and_a_cancel_tell_everybody_once,
    a_branch_hears_of_its_own_event_and_nobody_else_does,
    members_hear_what_becomes_of_what_they_were_told_of,
    who_reviews_and_who_wrote_it_are_told,
];

impl Person {
    /// Lines of the inbox about events, oldest first.
    async fn hears_of_events(&self, town: &Town) -> Vec<Value> {
        town.notifies().await;
        let text = "{ myNotifications(first: 50) { nodes { kind title body subject { ... on Event { id } ... on EventRegistration { id } } } } }";
        let mut lines = self.asks(text).await.list("/myNotifications/nodes");
        lines.reverse();
        lines.retain(|line| line["kind"].as_str().unwrap().starts_with("EVENT"));
        lines
    }

    async fn hears_titles(&self, town: &Town) -> Vec<String> {
        self.hears_of_events(town).await.iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect()
    }
}

async fn who_registered_is_told_how_it_goes_on(town: &Town) {
    let (host, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 1 })))).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let own = ann.registers(&event).await;
    bob.lines_up_for(town, &event, json!({})).await;
    assert!(bob.hears_of_events(town).await.is_empty(), "who waits sees that at once");
    let lines = ann.hears_of_events(town).await;
    assert_eq!(lines[0]["title"], "You are registered");
    assert_eq!(lines[0]["body"], "“社区合唱” (28 Nov, 14:00–16:00) has a place for you.");
    assert_eq!(lines[0]["subject"]["id"], own.id);
    Thing::of(&ann.tries_with_seat("cancelEventRegistration", &own, json!({})).await);
    assert_eq!(ann.hears_titles(town).await, ["You are registered", "Registration cancelled"]);
    assert_eq!(bob.hears_titles(town).await, ["A place for you"]);
    let rows = host.reads_registrations(&event.id).await.list("/eventRegistrations/nodes");
    let seat = rows.iter().find(|row| row["state"] == "CONFIRMED").unwrap();
    Thing::of(&host.tries_with_seat("removeEventRegistration", &Thing::from(seat), json!({ "note": "重复" })).await);
    assert_eq!(bob.hears_titles(town).await, ["A place for you", "Taken off"]);
}

async fn a_change_and_a_cancel_tell_everybody_once(town: &Town) {
    let (host, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 1 })))).await;
    let (ann, bob, carl) = (town.resident().await, town.resident().await, town.resident().await);
    ann.registers(&event).await;
    bob.lines_up_for(town, &event, json!({})).await;
    let same =
        json!({ "address": "活动室", "startsAt": at(town, 5, "14:00"), "endsAt": at(town, 5, "16:00"), "capacity": 1 });
    let event = host.does_with_event("changeEvent", &event, same.clone()).await;
    assert_eq!(ann.hears_titles(town).await, ["You are registered"], "nothing that they have to know");
    let event = host.does_with_event("changeEvent", &event, with(same, json!({ "address": "广场" }))).await;
    assert_eq!(ann.hears_titles(town).await, ["You are registered", "Event changed"]);
    assert_eq!(bob.hears_titles(town).await, ["Event changed"]);
    host.does_with_event("cancelEvent", &event, json!({ "note": "天气不好" })).await;
    assert_eq!(ann.hears_titles(town).await, ["You are registered", "Event changed", "Event called off"]);
    assert_eq!(bob.hears_titles(town).await, ["Event changed", "Event called off"]);
    assert!(carl.hears_of_events(town).await.is_empty());
}

async fn a_branch_hears_of_its_own_event_and_nobody_else_does(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let neighbour = town.resident().await;
    let class = json!({ "kind": "PARTY_CLASS", "audience": "ORGANIZATION", "organizationId": branch, "title": "党课" });
    let draft = Thing::of(&secretary.tries_to_plan(&with(chorus(town), class)).await);
    let event = secretary.does_with_event("publishEvent", &draft, json!({})).await;
    let lines = member.hears_of_events(town).await;
    assert_eq!((&lines[0]["title"], &lines[0]["subject"]["id"]), (&json!("A new event"), &json!(event.id)));
    assert!(lines[0]["body"].as_str().unwrap().contains("党课"));
    assert!(neighbour.hears_of_events(town).await.is_empty());
    // Who belongs to it no more is shown nothing of it, though a line of the inbox stays.
    let key = json!({ "idempotencyKey": crate::support::case::new_key() });
    member.does("releasePartyMembership", &key, "userErrors { code }").await.is_done();
    let lines = member.hears_of_events(town).await;
    assert_eq!((lines.len(), &lines[0]["subject"]), (1, &Value::Null));
    assert!(!lines[0]["body"].as_str().unwrap().contains("党课"));
}

/// Whom a meeting was announced to hears of its course, though nobody registers for it; and who registered hears it once.
async fn members_hear_what_becomes_of_what_they_were_told_of(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let meeting = |title: &str, terms: Value| {
        let meeting = json!({
            "kind": "PARTY_CLASS", "audience": "ORGANIZATION", "organizationId": branch, "title": title, "registration": terms,
        });
        with(chorus(town), meeting)
    };
    for (title, terms) in [("支部大会", Value::Null), ("党课", json!({ "capacity": 5 }))] {
        let draft = Thing::of(&secretary.tries_to_plan(&meeting(title, terms.clone())).await);
        let event = secretary.does_with_event("publishEvent", &draft, json!({})).await;
        if !terms.is_null() {
            member.registers(&event).await;
        }
        let elsewhere = json!({ "address": "三楼", "startsAt": at(town, 5, "14:00"), "endsAt": at(town, 5, "16:00") });
        let event = secretary.does_with_event("changeEvent", &event, elsewhere).await;
        secretary.does_with_event("cancelEvent", &event, json!({ "note": "改期" })).await;
    }
    let titles = member.hears_titles(town).await;
    let of_course = ["A new event", "Event changed", "Event called off"];
    assert_eq!(titles[..3], of_course);
    assert_eq!(titles[3..], ["A new event", "You are registered", "Event changed", "Event called off"]);
}

async fn who_reviews_and_who_wrote_it_are_told(town: &Town) {
    let (host, editor) = (town.staff("neighbourhood").await, town.staff("editor").await);
    let draft = Thing::of(&host.tries_to_plan(&chorus(town)).await);
    let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
    let titles = editor.hears_titles(town).await;
    assert_eq!(titles.last().map(String::as_str), Some("An event to review"));
    editor.does_with_event("approveEvent", &submitted, json!({})).await;
    let titles = host.hears_titles(town).await;
    assert_eq!(titles.last().map(String::as_str), Some("Event approved"));
}
