//! Centres, venues, and when they are open: kept by people, with versions; closures tell everybody and cost nobody.

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{Booked, DANCE, at, in_state, nothing_overlaps, refusal};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    a_centre_is_entered_by_administrators,
    a_venue_is_kept_by_the_centres_staff,
    a_house_of_venues_is_a_tree_under_which_nothing_moves,
    opening_rules_are_replaced_whole,
    a_closure_calls_off_what_was_booked_and_opens_again,
    what_a_closure_frees_goes_to_who_waits_longest,
    a_house_is_not_shut_over_peoples_heads,
    who_waits_is_looked_at_again_when_a_venue_opens,
    holidays_and_makeup_workdays_follow_the_calendar,
    a_booking_keeps_its_buffers_when_the_venue_changes,
];

const VENUE: &str = "isReplay venue { id version name isBookable bufferAfterMinutes within { id } openingRules { days weekdays from \
                     to session isStaffed duty { id } validFrom validTo } } userErrors { code message field }";
pub const CLOSURE: &str =
    "isReplay closure { id version reason note liftedAt venue { name } } userErrors { code field }";

pub fn center(code: &str) -> Value {
    json!({
        "code": code, "name": "测试邻里中心", "areaCode": "310112008001", "address": "测试路 1 号", "state": "OPEN",
        "location": { "longitude": 121.32, "latitude": 31.195, "datum": "WGS84" }, "idempotencyKey": new_key(),
    })
}

pub fn venue(center: &str, name: &str) -> Value {
    json!({
        "centerId": center, "name": name, "kind": "MEETING", "capacity": 20, "isAccessible": false, "equipment": ["投影仪"],
        "approval": "AUTO", "startIntervalMinutes": 30, "minMinutes": 30, "maxMinutes": 120, "groupMaxMinutes": 240,
        "bufferBeforeMinutes": 0, "bufferAfterMinutes": 15, "daysAhead": 7, "opensAt": "08:00", "isBookable": true,
        "idempotencyKey": new_key(),
    })
}

pub fn hours(days: &str, from: &str, to: &str, session: &str) -> Value {
    json!({ "days": days, "from": from, "to": to, "session": session, "validFrom": "2026-01-01" })
}

impl Person {
    pub async fn saves_venue(&self, input: &Value) -> Answer {
        self.does("saveVenue", input, VENUE).await
    }

    pub async fn saves_hours(&self, id: &str, version: i64, rules: Value) -> Answer {
        let input = json!({ "id": id, "expectedVersion": version, "rules": rules, "idempotencyKey": new_key() });
        self.does("saveOpeningRules", &input, VENUE).await
    }

    async fn closes(&self, town: &Town, center: &str, (day, from, to): (i64, &str, &str), more: Value) -> Answer {
        let input = json!({
            "centerId": center, "startsAt": at(town, day, from), "endsAt": at(town, day, to), "reason": "UTILITIES",
            "note": "全天停电", "idempotencyKey": new_key(),
        });
        self.does("closeCenter", &with(input, more), CLOSURE).await
    }
}

impl Town {
    async fn center(&self, code: &str) -> Value {
        let centers = self.stranger().asks("{ centers { id version code state venues { id version name } } }").await;
        centers.list("/centers").into_iter().find(|row| row["code"] == code).expect("the centre")
    }
}

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

async fn a_centre_is_entered_by_administrators(town: &Town) {
    let admin = town.staff("admin").await;
    let shown = "center { id version code viewerActions location { longitude } } userErrors { code field }";
    town.staff("center").await.does("saveCenter", &center("XH-08"), shown).await.is_refused("FORBIDDEN");
    town.resident().await.does("saveCenter", &center("XH-08"), shown).await.is_refused("FORBIDDEN");
    town.stranger().does("saveCenter", &center("XH-08"), shown).await.is_refused("UNAUTHENTICATED");
    let made = admin.does("saveCenter", &center("XH-08"), shown).await;
    assert_eq!(made.is_done().get("/saveCenter/center/viewerActions"), &json!(["SAVE", "RUN"]));
    let taken = admin.does("saveCenter", &center("XH-08"), shown).await;
    taken.is_refused("INVALID").at("code");
    for (more, field) in [
        (json!({ "code": "xh 9" }), "code"),
        (json!({ "areaCode": "310112008999" }), "areaCode"),
        (json!({ "phone": "打听" }), "phone"),
        (json!({ "location": { "longitude": 31.195, "latitude": 121.32, "datum": "WGS84" } }), "location"),
        (json!({ "expectedVersion": 3 }), "expectedVersion"),
    ] {
        admin.does("saveCenter", &with(center("XH-09"), more), shown).await.is_refused("INVALID").at(field);
    }
    let id = made.text("/saveCenter/center/id");
    let shut = json!({ "id": id, "expectedVersion": 1, "state": "SUSPENDED" });
    admin.does("saveCenter", &with(center("XH-08"), shut.clone()), shown).await.is_done();
    admin.does("saveCenter", &with(center("XH-08"), shut), shown).await.is_refused("CONFLICT");
    // Nothing is booked in a house that is shut.
    let saved = admin.saves_venue(&venue(&id, "一号厅")).await;
    let room = saved.is_done().text("/saveVenue/venue/id");
    admin.saves_hours(&room, 1, json!([hours("WORKING", "09:00", "17:00", "DAY")])).await.is_done();
    let ann = town.resident().await;
    assert!(ann.slots(town, &room, 1, 60).await.is_empty());
    ann.tries_to_book(town, &room, (1, "10:00", "11:00"), json!({})).await.is_refused("SLOT_CLOSED").at("venueId");
}

async fn a_venue_is_kept_by_the_centres_staff(town: &Town) {
    let (here, staff) = (town.center("XH-01").await, town.staff("center").await);
    let made = staff.saves_venue(&venue(id(&here), "琴房")).await;
    let (room, version) = (made.is_done().text("/saveVenue/venue/id"), made.get("/saveVenue/venue/version").clone());
    assert_eq!(version, 1);
    staff.saves_venue(&venue(id(&here), "琴房")).await.is_refused("INVALID").at("name");
    let elsewhere = town.official(Role::CenterStaff, "310112008002").await;
    elsewhere.saves_venue(&venue(id(&here), "画室")).await.is_refused("FORBIDDEN");
    town.resident().await.saves_venue(&venue(id(&here), "画室")).await.is_refused("FORBIDDEN");
    for (more, field) in [
        (json!({ "capacity": 0 }), "capacity"),
        (json!({ "capacity": 100_000 }), "capacity"),
        (json!({ "maxMinutes": 20 }), "maxMinutes"),
        (json!({ "maxMinutes": 15, "minMinutes": 30 }), "maxMinutes"),
        (json!({ "groupMaxMinutes": 60 }), "groupMaxMinutes"),
        (json!({ "bufferAfterMinutes": 7 }), "bufferAfterMinutes"),
        (json!({ "daysAhead": 0 }), "daysAhead"),
        (json!({ "opensAt": "25:00" }), "opensAt"),
        (json!({ "opensAt": "24:00" }), "opensAt"),
        (json!({ "opensAt": "08:07" }), "opensAt"),
        (json!({ "equipment": vec!["椅子"; 21] }), "equipment"),
    ] {
        let answer = staff.saves_venue(&with(venue(id(&here), "画室"), more)).await;
        assert!(
            answer.at(field).user_codes().iter().all(|code| ["INVALID", "LIMIT_EXCEEDED"].contains(&code.as_str()))
        );
    }
    let shut = json!({ "id": room, "expectedVersion": 1, "isBookable": false });
    let changed = staff.saves_venue(&with(venue(id(&here), "琴房"), shut.clone())).await;
    assert_eq!(changed.is_done().get("/saveVenue/venue/isBookable"), false);
    let stale = staff.saves_venue(&with(venue(id(&here), "琴房"), shut)).await;
    assert_eq!(stale.is_refused("CONFLICT").json["data"]["saveVenue"]["venue"]["version"], 2);
    let noted = "SELECT count(*) AS n FROM audit_entry WHERE action = 'saveVenue' AND outcome = 'DONE'";
    assert_eq!(town.number(noted).await, 2);
}

async fn a_house_of_venues_is_a_tree_under_which_nothing_moves(town: &Town) {
    let (here, staff) = (town.center("XH-01").await, town.staff("center").await);
    let dance = town.venue("XH-01", DANCE).await;
    let elsewhere = town.venue("XH-02", DANCE).await;
    let corner = with(venue(id(&here), "舞蹈房把杆区"), json!({ "withinId": dance }));
    staff
        .saves_venue(&with(corner.clone(), json!({ "withinId": elsewhere })))
        .await
        .is_refused("INVALID")
        .at("withinId");
    // While somebody has the room, it stays what it is.
    let ann = town.resident().await;
    let has = ann.books(town, &dance, (1, "10:00", "11:00")).await;
    staff.saves_venue(&corner).await.is_refused("INVALID").at("withinId");
    ann.does_on("cancelBooking", &has, json!({})).await;
    let made = staff.saves_venue(&with(corner, json!({ "idempotencyKey": new_key() }))).await;
    let part = made.is_done().text("/saveVenue/venue/id");
    let itself = json!({ "id": part, "expectedVersion": 1, "withinId": part });
    staff.saves_venue(&with(venue(id(&here), "舞蹈房把杆区"), itself)).await.is_refused("INVALID").at("withinId");
    staff.saves_hours(&part, 1, json!([hours("WORKING", "09:00", "17:00", "DAY")])).await.is_done();
    let bob = town.resident().await;
    bob.books(town, &part, (1, "10:00", "11:00")).await;
    ann.tries_to_book(town, &dance, (1, "10:30", "11:30"), json!({})).await.is_refused("SLOT_TAKEN");
    nothing_overlaps(town).await;
}

async fn opening_rules_are_replaced_whole(town: &Town) {
    let staff = town.staff("center").await;
    let here = town.center("XH-01").await;
    let room = here["venues"].as_array().unwrap().iter().find(|venue| venue["name"] == DANCE).unwrap().clone();
    let version = room["version"].as_i64().unwrap();
    let duty = staff.id().await.unwrap();
    for (rule, what) in [
        (hours("WORKING", "09:10", "17:00", "DAY"), "off the grid"),
        (hours("WORKING", "17:00", "09:00", "DAY"), "backwards"),
        (hours("WORKING", "09:00", "25:00", "DAY"), "no hour"),
        (hours("WORKING", "09:00", "20:00", "DAY"), "the evening is no day"),
        (hours("WEEKEND", "09:00", "17:00", "DAY"), "days off are no days"),
        (with(hours("WEEKDAYS", "09:00", "17:00", "DAY"), json!({ "weekdays": [5, 6] })), "Saturday is no day of work"),
        (hours("WEEKDAYS", "09:00", "17:00", "DAY"), "weekdays without days"),
        (with(hours("WEEKDAYS", "09:00", "17:00", "DAY"), json!({ "weekdays": [8] })), "an eighth day"),
        (with(hours("WORKING", "09:00", "17:00", "DAY"), json!({ "weekdays": [1] })), "days without weekdays"),
        (with(hours("WORKING", "09:00", "17:00", "DAY"), json!({ "from": null })), "half of the hours"),
        (with(hours("WORKING", "09:00", "17:00", "DAY"), json!({ "validTo": "2025-01-01" })), "over before it begins"),
    ] {
        let answer = staff.saves_hours(id(&room), version, json!([rule])).await;
        answer.is_refused("INVALID");
        assert!(refusal(&answer)["field"][0].as_str().unwrap().starts_with("rules"), "{what}");
    }
    let many = vec![hours("WORKING", "09:00", "17:00", "DAY"); 61];
    staff.saves_hours(id(&room), version, json!(many)).await.is_refused("LIMIT_EXCEEDED");
    let rules = json!([
        hours("WORKING", "13:00", "17:00", "DAY"),
        with(hours("WEEKDAYS", "18:00", "21:00", "EVENING"), json!({ "weekdays": [2, 4], "dutyUserId": duty })),
        // The 26th is an open day, the 27th a day of rest.
        with(hours("DATE", "09:00", "12:00", "DAY"), json!({ "validFrom": "2026-11-26" })),
        { "days": "DATE", "session": "DAY", "validFrom": "2026-11-27" },
    ]);
    let saved = staff.saves_hours(id(&room), version, rules.clone()).await;
    assert_eq!(saved.is_done().list("/saveOpeningRules/venue/openingRules").len(), 4);
    staff.saves_hours(id(&room), version, rules).await.is_refused("CONFLICT");
    let ann = town.resident().await;
    let open = async |day| {
        let slots = ann.slots(town, id(&room), day, 60).await;
        (slots.first().map(|slot| slot.0.clone()), slots.last().map(|slot| slot.0.clone()))
    };
    let hours = |first: &str, last: &str| (Some(first.to_owned()), Some(last.to_owned()));
    assert_eq!(open(1).await, hours("13:00", "20:00"), "Tuesday");
    assert_eq!(open(2).await, hours("13:00", "16:00"), "Wednesday");
    assert_eq!(open(3).await, hours("09:00", "11:00"), "the open day");
    assert_eq!(open(4).await, (None, None), "the day of rest");
    ann.tries_to_book(town, id(&room), (1, "09:00", "10:00"), json!({})).await.is_refused("SLOT_CLOSED");
}

async fn a_closure_calls_off_what_was_booked_and_opens_again(town: &Town) {
    let (here, dance) = (town.center("XH-01").await, town.venue("XH-01", DANCE).await);
    let [hall, east] = ["多功能厅", "多功能厅东厅"].map(|name| town.venue("XH-01", name));
    let (hall, east) = (hall.await, east.await);
    let (ann, bob, staff) = (town.resident().await, town.resident().await, town.staff("center").await);
    let has = ann.books(town, &dance, (1, "10:00", "11:00")).await;
    let waits = bob.waits_for(town, &dance, (1, "10:00", "11:00")).await;
    let half = bob.books(town, &east, (1, "14:00", "15:00")).await;
    let after = town.resident().await.books(town, &dance, (1, "15:00", "16:00")).await;
    bob.closes(town, id(&here), (1, "09:00", "12:00"), json!({})).await.is_refused("FORBIDDEN");
    staff.closes(town, id(&here), (-1, "09:00", "12:00"), json!({})).await.is_refused("DEADLINE_PASSED");
    staff.closes(town, id(&here), (1, "12:00", "09:00"), json!({})).await.is_refused("INVALID");
    staff
        .closes(town, id(&here), (1, "09:00", "12:00"), json!({ "reason": "OTHER", "note": null }))
        .await
        .is_refused("REQUIRED");
    // The hall is shut, and with it its half.
    staff.closes(town, id(&here), (1, "13:00", "17:00"), json!({ "venueId": hall })).await.is_done();
    assert_eq!(bob.looks_up(&half).await["state"], "CANCELLED_BY_CENTER");
    let closed = staff.closes(town, id(&here), (1, "09:00", "12:00"), json!({})).await;
    closed.is_done();
    for (person, booked) in [(&ann, &has), (&bob, &waits)] {
        let seen = person.looks_up(booked).await;
        assert_eq!((&seen["state"], &seen["callOffReason"]), (&json!("CANCELLED_BY_CENTER"), &json!("UTILITIES")));
        assert_eq!((&seen["note"], &seen["isLateCancel"]), (&json!("全天停电"), &json!(false)));
    }
    assert_eq!(staff.looks_up(&after).await["state"], "CONFIRMED");
    // Told once each.
    assert_eq!(town.number("SELECT count(*) AS n FROM fact WHERE kind = 'booking.called_off'").await, 3);
    ann.tries_to_book(town, &dance, (1, "11:00", "12:00"), json!({})).await.is_refused("SLOT_CLOSED");
    assert_eq!(ann.slots(town, &dance, 1, 60).await.first().unwrap().0, "12:00");
    let closure = Booked {
        id: closed.text("/closeCenter/closure/id"),
        version: closed.get("/closeCenter/closure/version").as_i64().unwrap(),
        state: String::new(),
    };
    let on = json!({ "id": closure.id, "expectedVersion": closure.version, "idempotencyKey": new_key() });
    staff.does("reopenCenter", &on, CLOSURE).await.is_done();
    let again = with(on, json!({ "expectedVersion": 2, "idempotencyKey": new_key() }));
    staff.does("reopenCenter", &again, CLOSURE).await.is_refused("INVALID_TRANSITION");
    // What was called off stays so; the time is free again.
    assert_eq!(ann.looks_up(&has).await["state"], "CANCELLED_BY_CENTER");
    ann.books(town, &dance, (1, "10:00", "11:00")).await;
    nothing_overlaps(town).await;
}

/// Whichever of what is called off stood in the way.
async fn what_a_closure_frees_goes_to_who_waits_longest(town: &Town) {
    let (here, dance) = (town.center("XH-01").await, town.venue("XH-01", DANCE).await);
    let [ann, bob, cid, dan] = [town.resident(), town.resident(), town.resident(), town.resident()];
    let (ann, bob, cid, dan) = (ann.await, bob.await, cid.await, dan.await);
    ann.books(town, &dance, (1, "09:30", "10:15")).await;
    bob.books(town, &dance, (1, "11:00", "13:00")).await;
    let first = cid.waits_for(town, &dance, (1, "12:30", "13:30")).await;
    let second = dan.waits_for(town, &dance, (1, "12:00", "13:00")).await;
    town.staff("center").await.closes(town, id(&here), (1, "09:00", "12:00"), json!({})).await.is_done();
    assert_eq!(cid.sees_again(&first).await.state, "OFFERED");
    assert_eq!(dan.sees_again(&second).await.state, "WAITLISTED");
    nothing_overlaps(town).await;
}

async fn a_house_is_not_shut_over_peoples_heads(town: &Town) {
    let (here, dance) = (town.center("XH-01").await, town.venue("XH-01", DANCE).await);
    let (ann, admin) = (town.resident().await, town.staff("admin").await);
    let has = ann.books(town, &dance, (0, "10:00", "12:00")).await;
    let shown = "center { state } userErrors { code field }";
    let shut =
        with(center("XH-01"), json!({ "id": id(&here), "expectedVersion": here["version"], "state": "SUSPENDED" }));
    admin.does("saveCenter", &shut, shown).await.is_refused("INVALID").at("state");
    // Who is there already is not put out: neither by a closure, nor by a key on a screen.
    town.later(TimeDelta::minutes(55));
    let there = town.staff("center").await.does_on("checkInBooking", &has, json!({})).await;
    town.later(TimeDelta::minutes(10));
    let staff = town.staff("center").await;
    staff.closes(town, id(&here), (0, "11:30", "14:00"), json!({})).await.is_done();
    assert_eq!(staff.sees_again(&there).await.state, "CHECKED_IN");
    staff.tries_on("callOffBooking", &there, json!({ "reason": "WEATHER" })).await.is_refused("INVALID_TRANSITION");
    staff.tries_on("endBooking", &there, json!({})).await.is_refused("FORBIDDEN");
    let ann = ann.refreshed().await;
    ann.does_on("endBooking", &there, json!({})).await;
    nothing_overlaps(town).await;
}

async fn who_waits_is_looked_at_again_when_a_venue_opens(town: &Town) {
    let (here, staff) = (town.center("XH-01").await, town.staff("center").await);
    let room = here["venues"].as_array().unwrap().iter().find(|venue| venue["name"] == DANCE).unwrap().clone();
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, id(&room), (1, "10:00", "11:00")).await;
    let waits = bob.waits_for(town, id(&room), (1, "10:00", "11:00")).await;
    let shut = json!({ "id": id(&room), "expectedVersion": room["version"], "kind": "DANCE", "isBookable": false });
    staff.saves_venue(&with(venue(id(&here), DANCE), shut)).await.is_done();
    // Nothing is offered of what nobody may have; what was booked stays.
    assert_eq!(ann.sees_again(&has).await.state, "CONFIRMED");
    ann.does_on("cancelBooking", &has, json!({})).await;
    assert_eq!(bob.sees_again(&waits).await.state, "WAITLISTED");
    let version = room["version"].as_i64().unwrap() + 1;
    let open = json!({ "id": id(&room), "expectedVersion": version, "kind": "DANCE", "idempotencyKey": new_key() });
    staff.saves_venue(&with(venue(id(&here), DANCE), open)).await.is_done();
    let offered = bob.sees_again(&waits).await;
    assert_eq!(offered.state, "OFFERED");
    // What is shut since cannot be accepted.
    staff.saves_hours(id(&room), version + 1, json!([hours("WORKING", "13:00", "17:00", "DAY")])).await.is_done();
    bob.tries_on("acceptBookingOffer", &offered, json!({})).await.is_refused("SLOT_CLOSED");
    nothing_overlaps(town).await;
}

async fn holidays_and_makeup_workdays_follow_the_calendar(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    // The Saturday of 2026-02-14 was a make-up workday, Spring Festival began the day after; the demo town has no hours for it.
    let text =
        "query($id: ID!, $from: NaiveDate!) { node(id: $id) { ... on Venue { slots(from: $from) { startsAt } } } }";
    let slots = async |date: &str| {
        let seen = town.stranger().says(text, &json!({ "id": venue, "from": date })).await.list("/node/slots");
        (seen.len(), seen.first().map(|slot| slot["startsAt"].as_str().unwrap().to_owned()))
    };
    // 09:00–17:00 and the golden hours.
    assert_eq!(slots("2026-02-14").await.0, 15 + 3);
    assert_eq!(slots("2026-02-16").await.0, 0);
    assert_eq!(slots("2026-11-28").await.0, 15);
    assert_eq!(slots("2026-11-27").await.0, 15 + 3);
}

async fn a_booking_keeps_its_buffers_when_the_venue_changes(town: &Town) {
    let (here, staff) = (town.center("XH-01").await, town.staff("center").await);
    let room = here["venues"].as_array().unwrap().iter().find(|venue| venue["name"] == DANCE).unwrap().clone();
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, id(&room), (1, "10:00", "11:00")).await;
    let more = json!({
        "id": id(&room), "expectedVersion": room["version"], "kind": "DANCE", "bufferAfterMinutes": 60, "bufferBeforeMinutes": 30,
    });
    staff.saves_venue(&with(venue(id(&here), DANCE), more)).await.is_done();
    // The new one needs half an hour before; the one of before keeps its quarter after.
    bob.tries_to_book(town, id(&room), (1, "11:30", "12:30"), json!({})).await.is_refused("SLOT_TAKEN");
    let next = bob.books(town, id(&room), (1, "12:00", "13:00")).await;
    assert!(in_state(&ann.slots(town, id(&room), 1, 30).await, "TAKEN").contains(&"13:30"));
    ann.does_on("cancelBooking", &has, json!({})).await;
    let kept = "SELECT count(*) AS n FROM occupancy";
    assert_eq!(town.number(kept).await, 2 + 4 + 4, "{next:?}");
    town.later(TimeDelta::minutes(1));
    nothing_overlaps(town).await;
}
