//! An event from its first words to its end.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{Thing, chorus};
use crate::bookings::at;
use crate::support::case::{new_key, with};
use crate::support::{Town, stories};

stories![
    an_event_is_written_reviewed_published_and_over,
    what_is_returned_says_why_and_is_reviewed_again,
    nobody_reviews_the_own_event_nor_holds_one_of_others,
    what_is_published_is_changed_by_a_change_only,
    an_event_that_comes_earlier_takes_its_times_along,
    four_eyes_are_four,
    what_is_called_off_ends_for_all,
    a_stale_version_is_told,
];

async fn an_event_is_written_reviewed_published_and_over(town: &Town) {
    let (host, editor, ann) = (town.staff("neighbourhood").await, town.staff("editor").await, town.resident().await);
    let agenda = json!({ "agenda": [
        { "startsAt": at(town, 5, "15:00"), "title": "合唱" }, { "startsAt": at(town, 5, "14:00"), "title": "签到" },
    ] });
    let draft = Thing::of(&host.tries_to_plan(&with(chorus(town), agenda)).await);
    assert_eq!(draft.state, "DRAFT");
    assert_eq!(ann.looks_at_event(&draft).await, Value::Null, "a draft is its host's");
    assert_eq!(editor.looks_at_event(&draft).await, Value::Null, "and nobody reviews it yet");
    host.tries_with_event("publishEvent", &draft, json!({})).await.is_refused("INVALID_TRANSITION");
    let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
    assert_eq!(submitted.state, "IN_REVIEW");
    assert_eq!(editor.looks_at_event(&submitted).await["viewerActions"], json!(["APPROVE", "RETURN"]));
    let approved = editor.does_with_event("approveEvent", &submitted, json!({})).await;
    assert_eq!(ann.looks_at_event(&approved).await, Value::Null, "what is reviewed is not yet published");
    let published = host.does_with_event("publishEvent", &approved, json!({})).await;
    assert_eq!(published.state, "OPEN");
    let seen = ann.looks_at_event(&published).await;
    assert_eq!((&seen["tags"], &seen["viewerActions"]), (&json!(["歌唱", "亲子"]), &json!([])));
    assert_eq!(seen["agenda"], json!([{ "title": "签到" }, { "title": "合唱" }]));
    assert!(ann.sees_events(json!({})).await.contains(&"社区合唱".to_owned()));
    assert_eq!(ann.sees_events(json!({ "tag": "亲子", "kind": "OPEN_EVENT" })).await, ["社区合唱"]);
    assert!(ann.sees_events(json!({ "tag": "%" })).await.is_empty());
    for (state, is_listed) in [("OPEN", true), ("FULL", false), ("ONGOING", false), ("ENDED", false), ("DRAFT", false)]
    {
        let listed = ann.sees_events(json!({ "state": state, "kind": "OPEN_EVENT", "tag": "歌唱" })).await;
        assert_eq!(!listed.is_empty(), is_listed, "{state}");
    }
    assert_eq!(host.sees_events(json!({ "scope": "MANAGED", "state": "OPEN", "tag": "歌唱" })).await, ["社区合唱"]);
    assert!(ann.sees_events(json!({ "to": at(town, 5, "14:00") })).await.is_empty());
    town.later(at(town, 5, "14:00") - town.now());
    assert_eq!(town.stranger().looks_at_event(&published).await["state"], "ONGOING");
    town.later(TimeDelta::hours(2));
    town.rings().await;
    assert_eq!(town.stranger().looks_at_event(&published).await["state"], "ENDED");
    assert_eq!(town.stranger().sees_events(json!({ "state": "ENDED" })).await, ["社区合唱"]);
    assert!(
        !town.stranger().sees_events(json!({})).await.contains(&"社区合唱".to_owned()),
        "what is over is asked for"
    );
    assert!(
        town.stranger().sees_events(json!({ "from": at(town, -1, "00:00") })).await.contains(&"社区合唱".to_owned())
    );
    let noted = "SELECT count(*) AS n FROM audit_entry WHERE action IN ('saveEvent', 'submitEvent', 'approveEvent', 'publishEvent')";
    assert_eq!(town.number(noted).await, 5, "what staff do is an act, refused or not");
}

async fn what_is_returned_says_why_and_is_reviewed_again(town: &Town) {
    let (host, editor) = (town.staff("neighbourhood").await, town.staff("editor").await);
    let draft = Thing::of(&host.tries_to_plan(&chorus(town)).await);
    let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
    let anew = with(chorus(town), json!({ "id": draft.id, "expectedVersion": submitted.version, "title": "邻里合唱" }));
    host.tries_to_plan(&anew).await.is_refused("INVALID_TRANSITION");
    editor.tries_with_event("returnEvent", &submitted, json!({ "note": " " })).await.is_refused("REQUIRED").at("note");
    let returned = editor.does_with_event("returnEvent", &submitted, json!({ "note": "请写明集合地点" })).await;
    assert_eq!(host.looks_at_event(&returned).await["note"], "请写明集合地点");
    let anew = with(anew, json!({ "expectedVersion": returned.version }));
    let saved = Thing::of(&host.tries_to_plan(&anew).await);
    let submitted = host.does_with_event("submitEvent", &saved, json!({})).await;
    let approved = editor.does_with_event("approveEvent", &submitted, json!({})).await;
    assert_eq!(editor.looks_at_event(&approved).await["title"], "邻里合唱");
    // Other words after the review are no longer those that were reviewed.
    let other = with(chorus(town), json!({ "id": draft.id, "expectedVersion": approved.version, "title": "别的活动" }));
    let draft = Thing::of(&host.tries_to_plan(&other).await);
    assert_eq!(draft.state, "DRAFT");
    host.tries_with_event("publishEvent", &draft, json!({})).await.is_refused("INVALID_TRANSITION");
}

async fn nobody_reviews_the_own_event_nor_holds_one_of_others(town: &Town) {
    let both = town.official(Role::Editor, "310112008").await;
    let host = town.staff("neighbourhood").await;
    let draft = Thing::of(&host.tries_to_plan(&chorus(town)).await);
    let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
    assert_eq!(host.tries_with_event("approveEvent", &submitted, json!({})).await.codes(), ["FORBIDDEN"]);
    assert_eq!(
        both.tries_with_event("cancelEvent", &submitted, json!({ "note": "不办" })).await.codes(),
        ["FORBIDDEN"]
    );
    for (who, code) in [("dispatcher", "FORBIDDEN"), ("admin", "FORBIDDEN")] {
        assert_eq!(town.staff(who).await.tries_to_plan(&chorus(town)).await.codes(), [code], "{who}");
    }
    assert_eq!(town.resident().await.tries_to_plan(&chorus(town)).await.codes(), ["FORBIDDEN"]);
    assert_eq!(town.stranger().tries_to_plan(&chorus(town)).await.codes(), ["UNAUTHENTICATED"]);
    let there = town.official(Role::NeighborhoodStaff, "310112008-D4").await;
    assert_eq!(there.tries_to_plan(&chorus(town)).await.codes(), ["FORBIDDEN"], "of one grid, for the whole street");
    let own = with(chorus(town), json!({ "areaCode": "310112008-D4" }));
    let own = Thing::of(&there.tries_to_plan(&own).await);
    // Nor is it given to others once it is there.
    let moved = with(chorus(town), json!({ "id": own.id, "expectedVersion": own.version }));
    assert_eq!(there.tries_to_plan(&moved).await.codes(), ["FORBIDDEN"]);
    let nowhere = with(chorus(town), json!({ "areaCode": "310112999" }));
    host.tries_to_plan(&nowhere).await.is_refused("INVALID").at("areaCode");
}

async fn what_is_published_is_changed_by_a_change_only(town: &Town) {
    let (host, event) = town.publishes(&chorus(town)).await;
    let anew = with(chorus(town), json!({ "id": event.id, "expectedVersion": event.version, "title": "别的活动" }));
    host.tries_to_plan(&anew).await.is_refused("INVALID_TRANSITION");
    let ann = town.resident().await;
    let three = json!({ "guestNames": ["外婆", "表弟"] });
    Thing::of(&ann.tries_to_register(&event, three).await);
    let to = |more: Value| {
        let same = json!({ "address": "活动室", "startsAt": at(town, 5, "14:00"), "endsAt": at(town, 5, "16:00") });
        with(same, more)
    };
    let few = to(json!({ "capacity": 2 }));
    host.tries_with_event("changeEvent", &event, few).await.is_refused("INVALID").at("capacity");
    let past = to(json!({ "startsAt": at(town, -1, "14:00"), "endsAt": at(town, -1, "16:00") }));
    host.tries_with_event("changeEvent", &event, past).await.is_refused("INVALID").at("startsAt");
    let later = to(
        json!({ "startsAt": at(town, 6, "09:00"), "endsAt": at(town, 6, "11:00"), "address": "广场", "capacity": 3 }),
    );
    let moved = host.does_with_event("changeEvent", &event, later).await;
    assert_eq!(moved.state, "FULL");
    let seen = ann.looks_at_event(&moved).await;
    assert_eq!((&seen["address"], &seen["viewerRegistration"]["state"]), (&json!("广场"), &json!("CONFIRMED")));
    let terms =
        "query($id: ID!) { node(id: $id) { ... on Event { registration { closesAt withdrawUntil capacity } } } }";
    let terms = ann.says(terms, &json!({ "id": moved.id })).await;
    let same = |name: &str| {
        let shown = terms.get("/node/registration")[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>();
        shown.unwrap() == at(town, 6, "09:00")
    };
    assert!(same("closesAt") && same("withdrawUntil"), "what ends with its start moves with it");
    // Who is registered is expected then, and no longer before.
    let room = town.venue("XH-01", crate::bookings::DANCE).await;
    ann.books(town, &room, (5, "14:00", "15:00")).await;
    ann.tries_to_book(town, &room, (6, "09:00", "10:00"), json!({})).await.is_refused("TIME_CONFLICT");
}

/// What is kept, offered or asked moves with its start.
async fn an_event_that_comes_earlier_takes_its_times_along(town: &Town) {
    let terms = json!({ "opensAt": at(town, 3, "08:00"), "capacity": 1, "promotion": "OFFER" });
    let agenda = json!({ "agenda": [{ "startsAt": at(town, 5, "15:00"), "title": "合唱" }] });
    let (host, event) = town.publishes(&with(with(chorus(town), agenda), super::on_terms(terms))).await;
    let (from, to) = (at(town, 2, "14:00"), at(town, 2, "15:30"));
    let moved = json!({ "address": "活动室", "startsAt": from, "endsAt": to });
    let moved = host.does_with_event("changeEvent", &event, moved).await;
    let ann = town.resident().await;
    let own = ann.registers(&moved).await;
    assert_eq!(own.state, "CONFIRMED", "people register as long before as they did");
    let text = "query($id: ID!) { node(id: $id) { ... on Event { agenda { startsAt } registration { opensAt } } } }";
    let seen = ann.says(text, &json!({ "id": moved.id })).await;
    let instant = |value: &Value| value.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(instant(&seen.get("/node/agenda")[0]["startsAt"]), from + TimeDelta::hours(1));
    assert_eq!(instant(&seen.get("/node/registration")["opensAt"]), at(town, 0, "08:00"));
    // An offer of the afternoon does not outlive a start in the morning.
    let bob = town.resident().await;
    bob.lines_up_for(town, &moved, json!({})).await;
    Thing::of(&ann.tries_with_seat("cancelEventRegistration", &own, json!({})).await);
    let offered = bob.own_seat(&moved).await;
    assert_eq!(offered["state"], "OFFERED");
    let soon = json!({ "address": "活动室", "startsAt": at(town, 0, "09:15"), "endsAt": at(town, 0, "10:00") });
    host.does_with_event("changeEvent", &moved, soon).await;
    assert_eq!(instant(&bob.own_seat(&moved).await["keptUntil"]), at(town, 0, "09:15"));
    town.keeps_seats_straight().await;
}

/// Who wrote its words does not say yes to them, though somebody else asked for the review.
async fn four_eyes_are_four(town: &Town) {
    let (host, both) = (town.staff("neighbourhood").await, town.official(Role::NeighborhoodStaff, "310112008").await);
    let id = both.id().await.unwrap();
    let security = town.staff("security").await;
    let street = town.area_id("310112008").await;
    let grant = json!({
        "userId": id, "role": "EDITOR", "areaId": street, "reason": "兼任编辑", "idempotencyKey": new_key(),
    });
    security.does("grantRole", &grant, "roleGrant { id } userErrors { code field }").await.is_done();
    let draft = Thing::of(&host.tries_to_plan(&chorus(town)).await);
    let anew = with(chorus(town), json!({ "id": draft.id, "expectedVersion": draft.version, "title": "另写的活动" }));
    let anew = Thing::of(&both.tries_to_plan(&anew).await);
    let submitted = host.does_with_event("submitEvent", &anew, json!({})).await;
    crate::support::eventually("the grant holds", async || {
        both.tries_with_event("approveEvent", &submitted, json!({})).await.codes() == ["SAME_PERSON"]
    })
    .await;
}

async fn what_is_called_off_ends_for_all(town: &Town) {
    let (host, event) =
        town.publishes(&with(chorus(town), super::on_terms(json!({ "capacity": 1, "mostSeats": 1 })))).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.registers(&event).await;
    bob.lines_up_for(town, &event, json!({})).await;
    let off = host.does_with_event("cancelEvent", &event, json!({ "note": "下雨改期" })).await;
    assert_eq!(off.state, "CANCELLED");
    for person in [&ann, &bob] {
        let seen = person.looks_at_event(&off).await;
        assert_eq!((&seen["note"], &seen["viewerRegistration"]["state"]), (&json!("下雨改期"), &json!("CALLED_OFF")));
    }
    host.tries_with_event("cancelEvent", &off, json!({ "note": "再取消" })).await.is_refused("INVALID_TRANSITION");
    town.resident().await.tries_to_register(&off, json!({})).await.is_refused("REGISTRATION_CLOSED");
    town.keeps_seats_straight().await;
    let kept = "SELECT count(*) AS n FROM commitment";
    assert_eq!(town.number(kept).await, 0, "nobody is expected there any more");
}

async fn a_stale_version_is_told(town: &Town) {
    let (host, event) = town.publishes(&chorus(town)).await;
    let stale = Thing { version: event.version - 1, ..event.clone() };
    let told = host.tries_with_event("cancelEvent", &stale, json!({ "note": "不办" })).await;
    told.is_refused("CONFLICT");
    assert_eq!(told.json["data"]["cancelEvent"]["event"]["version"], event.version, "the current one is shown");
    // Registrations do not move it: an organiser's page stays good while people come.
    town.resident().await.registers(&event).await;
    let key = json!({ "idempotencyKey": new_key(), "note": "不办" });
    host.does_with_event("cancelEvent", &event, key.clone()).await;
    let again = host.tries_with_event("cancelEvent", &event, key).await;
    assert_eq!(again.json["data"]["cancelEvent"]["isReplay"], true);
}
