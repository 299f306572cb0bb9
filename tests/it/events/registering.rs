//! Who registers, with whom, and until when.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{REGISTRATION, Thing, chorus, on_terms};
use crate::bookings::{DANCE, at, refusal};
use crate::residents::{clerk, settled};
use crate::support::case::{new_key, with};
use crate::support::{Person, Town, stories};

stories![
    a_person_registers_once_and_takes_it_back,
    a_family_comes_together,
    what_is_asked_is_answered,
    people_register_between_two_instants,
    it_is_for_residents_of_its_area_only,
    nobody_is_in_two_places,
    seats_are_kept_while_a_form_is_filled_in,
    who_is_taken_off_stays_off,
    who_asks_twice_at_once_is_registered_once,
    of_many_who_come_at_once_no_more_than_there_are_have_a_seat,
    where_nobody_has_to_register_nobody_does,
];

async fn a_person_registers_once_and_takes_it_back(town: &Town) {
    let (_, event) = town.publishes(&chorus(town)).await;
    let ann = town.resident().await;
    let eligible = ann.looks_at_event(&event).await["viewerEligibility"].clone();
    assert_eq!(eligible, json!({ "isEligible": true, "reason": null, "opensAt": null }));
    let visitor = town.stranger();
    assert_eq!(visitor.looks_at_event(&event).await["viewerEligibility"]["reason"], "SIGN_IN");
    assert_eq!(visitor.tries_to_register(&event, json!({})).await.codes(), ["UNAUTHENTICATED"]);
    assert_eq!(town.newcomer().await.tries_to_register(&event, json!({})).await.codes()[0], "CONSENT_REQUIRED");
    let key = json!({ "idempotencyKey": new_key() });
    let own = Thing::of(&ann.tries_to_register(&event, key.clone()).await);
    assert_eq!(own.state, "CONFIRMED");
    let again = ann.tries_to_register(&event, key).await;
    assert_eq!(again.json["data"]["registerForEvent"]["isReplay"], true);
    ann.tries_to_register(&event, json!({})).await.is_refused("ALREADY_REGISTERED");
    let seen = ann.looks_at_event(&event).await;
    assert_eq!((&seen["seatsTaken"], &seen["viewerEligibility"]["reason"]), (&json!(1), &json!("ALREADY_REGISTERED")));
    let listed = "{ viewer { eventRegistrations(isLive: true) { nodes { code codeSvg event { title } attendee { displayName } viewerActions } } } }";
    let listed = ann.asks(listed).await.list("/viewer/eventRegistrations/nodes");
    assert_eq!((&listed[0]["event"]["title"], &listed[0]["viewerActions"]), (&json!("社区合唱"), &json!(["CANCEL"])));
    assert!(listed[0]["code"].as_str().unwrap().len() == 8 && listed[0]["codeSvg"].as_str().unwrap().contains("<svg"));
    let bob = town.resident().await;
    assert_eq!(bob.tries_with_seat("cancelEventRegistration", &own, json!({})).await.codes(), ["NOT_FOUND"]);
    let gone = Thing::of(&ann.tries_with_seat("cancelEventRegistration", &own, json!({})).await);
    assert_eq!(gone.state, "CANCELLED");
    ann.tries_with_seat("cancelEventRegistration", &gone, json!({})).await.is_refused("INVALID_TRANSITION");
    let back = ann.registers(&event).await;
    assert_eq!((back.id, back.state.as_str()), (own.id, "CONFIRMED"));
    town.keeps_seats_straight().await;
}

async fn a_family_comes_together(town: &Town) {
    let (host, event) = town.publishes(&chorus(town)).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let child = names_child(&ann, "小明").await;
    let family = json!({ "dependantIds": [child], "guestNames": ["外婆"] });
    let own = ann.tries_to_register(&event, family).await;
    assert_eq!(own.json["data"]["registerForEvent"]["registration"]["seats"], 3);
    let guests = json!([{ "name": "小明", "isDependant": true }, { "name": "外婆", "isDependant": false }]);
    assert_eq!(ann.own_seat(&event).await["guests"], guests);
    let rows = host.reads_registrations(&event.id).await.list("/eventRegistrations/nodes");
    assert_eq!(rows[0]["guests"], guests, "who holds it knows who comes");
    assert_eq!(ann.looks_at_event(&event).await["seatsTaken"], 3);
    bob.tries_to_register(&event, json!({ "dependantIds": [child] })).await.is_refused("INVALID").at("dependantIds");
    let four = json!({ "guestNames": ["甲", "乙", "丙"] });
    bob.tries_to_register(&event, four).await.is_refused("INVALID").at("guestNames");
    let many = json!({ "guestNames": (0..10).map(|n| n.to_string()).collect::<Vec<_>>() });
    bob.tries_to_register(&event, many).await.is_refused("LIMIT_EXCEEDED").at("guestNames");
    // A child who is in the person's care no more is nobody's to be named.
    let gone = json!({ "id": child, "idempotencyKey": new_key() });
    ann.does("removeDependant", &gone, "userErrors { code }").await.is_done();
    assert_eq!(ann.own_seat(&event).await["guests"][0], json!({ "name": null, "isDependant": true }));
}

async fn names_child(person: &Person, name: &str) -> Value {
    let documents = person.asks("{ consentDocuments { id kind } }").await.list("/consentDocuments");
    let minor = documents.iter().rfind(|row| row["kind"] == "MINOR").expect("a document");
    let give = json!({ "documentIds": [minor["id"]], "idempotencyKey": new_key() });
    person.does("giveConsent", &give, "userErrors { code }").await.is_done();
    let input = json!({ "name": name, "birthMonth": "2018-03", "idempotencyKey": new_key() });
    let done = person.does("addDependant", &input, "viewer { dependants { id } } userErrors { code field }").await;
    done.get("/addDependant/viewer/dependants/0/id").clone()
}

async fn what_is_asked_is_answered(town: &Town) {
    let question = json!({ "key": "size", "label": "T恤尺码", "kind": "SINGLE_CHOICE", "isRequired": true, "options": ["S", "M"] });
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "questions": [question] })))).await;
    let ann = town.resident().await;
    ann.tries_to_register(&event, json!({})).await.is_refused("REQUIRED").at("answers.size");
    let wrong = json!({ "answers": [{ "key": "size", "values": ["XXL"] }] });
    ann.tries_to_register(&event, wrong).await.is_refused("INVALID").at("answers.size");
    Thing::of(&ann.tries_to_register(&event, json!({ "answers": [{ "key": "size", "values": ["M"] }] })).await);
    assert_eq!(ann.own_seat(&event).await["answers"], json!([{ "key": "size", "values": ["M"] }]));
}

async fn people_register_between_two_instants(town: &Town) {
    let (opens_at, withdraw_until, closes_at) = (at(town, 1, "08:00"), at(town, 3, "12:00"), at(town, 4, "12:00"));
    let terms = json!({ "opensAt": opens_at, "closesAt": closes_at, "withdrawUntil": withdraw_until });
    let (_, event) = town.publishes(&with(chorus(town), on_terms(terms))).await;
    let ann = town.resident().await;
    let early = ann.tries_to_register(&event, json!({})).await;
    let opens = refusal(early.is_refused("NOT_IN_WINDOW"))["resetAt"].clone();
    let shown = ann.looks_at_event(&event).await["viewerEligibility"]["opensAt"].clone();
    let instant = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!((instant(&opens), instant(&shown)), (opens_at, opens_at));
    town.later(opens_at - town.now());
    let ann = ann.refreshed().await;
    let own = ann.registers(&event).await;
    town.later(withdraw_until - town.now());
    let ann = ann.refreshed().await;
    let gone = Thing::of(&ann.tries_with_seat("cancelEventRegistration", &own, json!({})).await);
    let back = ann.registers(&event).await;
    town.later(TimeDelta::minutes(1));
    ann.tries_with_seat("cancelEventRegistration", &back, json!({})).await.is_refused("DEADLINE_PASSED");
    assert_eq!(gone.state, "CANCELLED");
    town.later(closes_at - town.now());
    town.resident().await.tries_to_register(&event, json!({})).await.is_refused("REGISTRATION_CLOSED");
}

async fn it_is_for_residents_of_its_area_only(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "isForResidents": true })))).await;
    let guest = town.resident().await;
    assert_eq!(guest.looks_at_event(&event).await["viewerEligibility"]["reason"], "NOT_RESIDENT");
    guest.tries_to_register(&event, json!({})).await.is_refused("NOT_ELIGIBLE");
    let clerk = clerk(town).await;
    let (neighbour, _) = settled(town, &clerk, json!({})).await;
    assert_eq!(neighbour.looks_at_event(&event).await["viewerEligibility"]["isEligible"], true);
    neighbour.registers(&event).await;
}

async fn nobody_is_in_two_places(town: &Town) {
    let (_, event) = town.publishes(&chorus(town)).await;
    let room = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    ann.books(town, &room, (5, "15:00", "16:00")).await;
    ann.tries_to_register(&event, json!({})).await.is_refused("TIME_CONFLICT");
    bob.registers(&event).await;
    let there = town.venue("XH-02", DANCE).await;
    bob.tries_to_book(town, &there, (5, "14:00", "15:00"), json!({})).await.is_refused("TIME_CONFLICT");
    let (_, other) = town
        .publishes(&with(chorus(town), json!({ "startsAt": at(town, 5, "15:45"), "endsAt": at(town, 5, "17:00") })))
        .await;
    bob.tries_to_register(&other, json!({})).await.is_refused("TIME_CONFLICT");
    town.keeps_seats_straight().await;
}

async fn seats_are_kept_while_a_form_is_filled_in(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 2 })))).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let hold = async |person: &Person, event: &Thing, seats: i32| {
        let input = json!({ "eventId": event.id, "seats": seats, "idempotencyKey": new_key() });
        person.does("holdEventSeats", &input, REGISTRATION).await
    };
    let held = Thing::of(&hold(&ann, &event, 2).await);
    assert_eq!(held.state, "HELD");
    assert_eq!(
        ann.looks_at_event(&event).await["viewerEligibility"]["isEligible"],
        true,
        "who holds seats may register"
    );
    bob.tries_to_register(&event, json!({})).await.is_refused("EVENT_FULL");
    let (_, other) = town
        .publishes(&with(chorus(town), json!({ "startsAt": at(town, 6, "14:00"), "endsAt": at(town, 6, "16:00") })))
        .await;
    let second = hold(&ann, &other, 1).await;
    assert_eq!(refusal(second.is_refused("LIMIT_EXCEEDED"))["limit"], 1);
    hold(&bob, &event, 4).await.is_refused("INVALID").at("seats");
    // Fewer come than were kept: the rest is theirs who wait.
    let waits = bob.lines_up_for(town, &event, json!({})).await;
    assert_eq!(ann.registers(&event).await.state, "CONFIRMED");
    assert_eq!(bob.own_seat(&event).await["state"], "CONFIRMED");
    assert_eq!(waits.state, "WAITLISTED");
    // What is kept for too long, or given back, is others'.
    let carl = town.resident().await;
    Thing::of(&hold(&carl, &other, 3).await);
    town.later(TimeDelta::minutes(5));
    // Whoever is faster: the clock, or who asks again.
    Thing::of(&hold(&carl, &other, 2).await);
    assert_eq!(carl.looks_at_event(&other).await["seatsTaken"], 2);
    town.keeps_seats_straight().await;
    town.later(TimeDelta::minutes(5));
    town.rings().await;
    assert_eq!(carl.own_seat(&other).await["state"], "EXPIRED");
    let held = Thing::of(&hold(&carl, &other, 3).await);
    let back = json!({ "id": held.id, "idempotencyKey": new_key() });
    assert_eq!(Thing::of(&carl.does("releaseEventSeats", &back, REGISTRATION).await).state, "CANCELLED");
    town.keeps_seats_straight().await;
}

async fn who_is_taken_off_stays_off(town: &Town) {
    let (host, event) = town.publishes(&chorus(town)).await;
    let ann = town.resident().await;
    let own = ann.registers(&event).await;
    assert_eq!(
        ann.tries_with_seat("removeEventRegistration", &own, json!({ "note": "不来" })).await.codes(),
        ["FORBIDDEN"]
    );
    let rows = host.reads_registrations(&event.id).await.list("/eventRegistrations/nodes");
    let seen = Thing::from(&rows[0]);
    host.tries_with_seat("removeEventRegistration", &seen, json!({ "note": "" }))
        .await
        .is_refused("REQUIRED")
        .at("note");
    let off = Thing::of(
        &host.tries_with_seat("removeEventRegistration", &seen, json!({ "note": "名额留给首次参加者" })).await,
    );
    assert_eq!(off.state, "REMOVED");
    assert_eq!(ann.own_seat(&event).await["note"], "名额留给首次参加者");
    ann.tries_to_register(&event, json!({})).await.is_refused("NOT_ELIGIBLE");
    town.keeps_seats_straight().await;
}

async fn who_asks_twice_at_once_is_registered_once(town: &Town) {
    let (_, event) = town.publishes(&chorus(town)).await;
    let ann = town.resident().await;
    let answers = join_all((0..6).map(|_| ann.tries_to_register(&event, json!({})))).await;
    let done = answers.iter().filter(|one| one.codes().is_empty()).count();
    assert_eq!(done, 1);
    assert!(answers.iter().filter(|one| !one.codes().is_empty()).all(|one| one.codes() == ["ALREADY_REGISTERED"]));
    assert_eq!(ann.looks_at_event(&event).await["seatsTaken"], 1);
}

async fn of_many_who_come_at_once_no_more_than_there_are_have_a_seat(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), on_terms(json!({ "capacity": 5, "waitlistLimit": 6 })))).await;
    let crowd = join_all((0..20).map(|_| town.resident())).await;
    let tries = crowd.iter().map(|person| person.tries_to_register(&event, json!({ "joinWaitlist": true })));
    let answers = join_all(tries).await;
    let states: Vec<String> =
        answers.iter().filter(|one| one.codes().is_empty()).map(|one| Thing::of(one).state).collect();
    let count = |state: &str| states.iter().filter(|own| *own == state).count();
    assert_eq!((count("CONFIRMED"), count("WAITLISTED")), (5, 6));
    assert!(answers.iter().filter(|one| !one.codes().is_empty()).all(|one| one.codes() == ["LIMIT_EXCEEDED"]));
    let seen = town.stranger().looks_at_event(&event).await;
    assert_eq!((&seen["state"], &seen["seatsTaken"], &seen["waitlistCount"]), (&json!("FULL"), &json!(5), &json!(6)));
    let mut places = Vec::new();
    for person in &crowd {
        places.extend(person.own_seat(&event).await["waitlistPosition"].as_i64());
    }
    places.sort_unstable();
    assert_eq!(places, (1..=6).collect::<Vec<_>>(), "each has a place of the own in line");
    town.keeps_seats_straight().await;
}

async fn where_nobody_has_to_register_nobody_does(town: &Town) {
    let (_, event) = town.publishes(&with(chorus(town), json!({ "registration": null }))).await;
    let ann = town.resident().await;
    assert_eq!(ann.looks_at_event(&event).await["viewerEligibility"]["reason"], "NO_REGISTRATION");
    ann.tries_to_register(&event, json!({})).await.is_refused("REGISTRATION_CLOSED");
}
