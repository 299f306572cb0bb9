//! A booking from its slot to its end.

use chrono::TimeDelta;
use entity::enums::Role;
use entity::id::Id as _;
use serde_json::{Value, json};

use super::{Booked, DANCE, in_state, nothing_overlaps, refusal};
use crate::support::case::new_key;
use crate::support::{Town, stories};

stories![
    what_is_free_is_booked_and_taken_for_others,
    who_has_the_hall_has_its_halves,
    the_centre_decides_where_it_wants_to,
    a_booking_is_taken_back_in_time_or_late,
    nobody_is_in_two_rooms_at_once,
    people_come_use_it_and_leave_early,
    a_booking_is_between_who_booked_and_the_centre,
    a_repeated_call_books_once,
    a_visitor_sees_what_is_free,
    what_is_near_and_free_first_comes_first,
    who_is_forgotten_gives_everything_up,
];

async fn what_is_free_is_booked_and_taken_for_others(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let before = ann.slots(town, &venue, 1, 60).await;
    assert_eq!(in_state(&before, "OPEN").first(), Some(&"09:00"));
    assert!(in_state(&before, "TAKEN").is_empty());
    // The golden hours have somebody on duty.
    assert!(in_state(&before, "OPEN").contains(&"19:00"));
    let booked = ann.books(town, &venue, (1, "10:00", "11:00")).await;
    assert_eq!(booked.state, "CONFIRMED");
    // Cleaning takes a quarter, so that the next one begins on the next half hour.
    let after = bob.slots(town, &venue, 1, 60).await;
    assert_eq!(in_state(&after, "TAKEN"), ["09:00", "09:30", "10:00", "10:30", "11:00"]);
    let late = bob.tries_to_book(town, &venue, (1, "10:30", "11:30"), json!({})).await;
    late.is_refused("SLOT_TAKEN").at("startsAt");
    assert_eq!(refusal(&late)["resetAt"], "2026-11-24T03:30:00Z");
    let next = bob.books(town, &venue, (1, "11:30", "12:30")).await;
    assert_eq!(next.state, "CONFIRMED");
    let text = "{ viewer { bookings(isLive: true) { nodes { id code state venue { name within { id } center { code } } \
                purpose partySize viewerActions cancellableUntil } } } }";
    let own = ann.asks(text).await.list("/viewer/bookings/nodes");
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["venue"]["name"], &own[0]["venue"]["center"]["code"]), (&json!(DANCE), &json!("XH-01")));
    assert_eq!(own[0]["viewerActions"], json!(["CANCEL", "RESCHEDULE"]));
    assert_eq!(own[0]["code"].as_str().unwrap().len(), 8);
    nothing_overlaps(town).await;
}

async fn who_has_the_hall_has_its_halves(town: &Town) {
    let [hall, east, west] = ["多功能厅", "多功能厅东厅", "多功能厅西厅"].map(|name| town.venue("XH-01", name));
    let (hall, east, west) = (hall.await, east.await, west.await);
    let (ann, bob, cid) = (town.resident().await, town.resident().await, town.resident().await);
    ann.books(town, &east, (2, "09:00", "10:00")).await;
    bob.tries_to_book(town, &hall, (2, "09:30", "10:30"), json!({})).await.is_refused("SLOT_TAKEN");
    assert_eq!(bob.books(town, &west, (2, "09:00", "10:00")).await.state, "CONFIRMED");
    let whole = cid.books(town, &hall, (2, "14:00", "15:00")).await;
    // What is not decided yet is kept already.
    assert_eq!(whole.state, "PENDING_APPROVAL");
    for half in [&east, &west] {
        let dan = town.resident().await;
        dan.tries_to_book(town, half, (2, "14:30", "15:30"), json!({})).await.is_refused("SLOT_TAKEN");
        assert!(in_state(&dan.slots(town, half, 2, 60).await, "TAKEN").contains(&"14:00"));
    }
    nothing_overlaps(town).await;
}

async fn the_centre_decides_where_it_wants_to(town: &Town) {
    let venue = town.venue("XH-02", "会议室").await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let asked = ann.books(town, &venue, (1, "09:00", "10:00")).await;
    assert_eq!(asked.state, "PENDING_APPROVAL");
    ann.tries_on("approveBooking", &asked, json!({})).await.is_refused("FORBIDDEN");
    let stale = Booked { version: 7, ..asked.clone() };
    staff.tries_on("approveBooking", &stale, json!({})).await.is_refused("CONFLICT");
    assert_eq!(staff.looks_up(&asked).await["viewerActions"], json!(["APPROVE", "REJECT", "CALL_OFF", "MOVE"]));
    let text = "{ centers { code pendingBookings(first: 10) { nodes { id } } } }";
    let waiting = async || {
        let centers = staff.asks(text).await.list("/centers");
        let center = centers.into_iter().find(|center| center["code"] == "XH-02").unwrap();
        center["pendingBookings"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, [json!(asked.id)]);
    let yes = staff.does_on("approveBooking", &asked, json!({})).await;
    assert!(waiting().await.is_empty());
    assert_eq!(yes.state, "CONFIRMED");
    let bob = town.resident().await;
    let other = bob.books(town, &venue, (2, "09:00", "10:00")).await;
    staff.tries_on("rejectBooking", &other, json!({ "reason": "OTHER" })).await.is_refused("REQUIRED").at("note");
    let no = staff.does_on("rejectBooking", &other, json!({ "reason": "PURPOSE", "note": "不得用于经营" })).await;
    let seen = bob.looks_up(&no).await;
    assert_eq!(
        (&seen["state"], &seen["rejectReason"], &seen["note"]),
        (&json!("REJECTED"), &json!("PURPOSE"), &json!("不得用于经营"))
    );
    staff.tries_on("approveBooking", &no, json!({})).await.is_refused("INVALID_TRANSITION");
    // What was refused is free again.
    assert!(in_state(&ann.slots(town, &venue, 2, 60).await, "OPEN").contains(&"09:00"));
    let called_off = staff.does_on("callOffBooking", &yes, json!({ "reason": "OFFICIAL_USE" })).await;
    assert_eq!(called_off.state, "CANCELLED_BY_CENTER");
    assert_eq!(ann.looks_up(&yes).await["isLateCancel"], false);
    nothing_overlaps(town).await;
}

async fn a_booking_is_taken_back_in_time_or_late(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let (one, two) =
        (ann.books(town, &venue, (0, "14:00", "15:00")).await, bob.books(town, &venue, (0, "12:00", "13:00")).await);
    bob.tries_on("cancelBooking", &one, json!({})).await.is_refused("NOT_FOUND");
    let cancelled = ann.does_on("cancelBooking", &one, json!({})).await;
    assert_eq!(cancelled.state, "CANCELLED_BY_USER");
    assert_eq!(ann.looks_up(&one).await["isLateCancel"], false);
    assert!(in_state(&bob.slots(town, &venue, 0, 60).await, "OPEN").contains(&"14:00"));
    town.later(TimeDelta::minutes(61));
    let bob = bob.refreshed().await;
    bob.does_on("cancelBooking", &two, json!({})).await;
    assert_eq!(bob.looks_up(&two).await["isLateCancel"], true);
    bob.tries_on("cancelBooking", &two, json!({ "expectedVersion": null })).await.is_refused("INVALID_TRANSITION");
    let three = bob.books(town, &venue, (0, "11:00", "12:00")).await;
    town.later(TimeDelta::minutes(60));
    let bob = bob.refreshed().await;
    bob.tries_on("cancelBooking", &three, json!({})).await.is_refused("DEADLINE_PASSED");
    nothing_overlaps(town).await;
}

async fn nobody_is_in_two_rooms_at_once(town: &Town) {
    let (dance, fitness) = (town.venue("XH-01", DANCE).await, town.venue("XH-02", "健身房").await);
    let ann = town.resident().await;
    ann.books(town, &dance, (1, "10:00", "11:00")).await;
    ann.tries_to_book(town, &fitness, (1, "10:30", "11:30"), json!({}))
        .await
        .is_refused("TIME_CONFLICT")
        .at("startsAt");
    // Cleaning is the centre's matter: the person may be elsewhere.
    ann.books(town, &fitness, (1, "11:00", "12:00")).await;
    nothing_overlaps(town).await;
}

async fn people_come_use_it_and_leave_early(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let booked = ann.books(town, &venue, (0, "10:00", "12:00")).await;
    staff.tries_on("checkInBooking", &booked, json!({})).await.is_refused("NOT_IN_WINDOW");
    ann.tries_on("checkInBooking", &booked, json!({})).await.is_refused("FORBIDDEN");
    town.later(TimeDelta::minutes(50));
    let there = town.staff("center").await.does_on("checkInBooking", &booked, json!({})).await;
    assert_eq!(there.state, "CHECKED_IN");
    town.later(TimeDelta::minutes(30));
    let ann = ann.refreshed().await;
    let over = ann.does_on("endBooking", &there, json!({})).await;
    assert_eq!(over.state, "COMPLETED");
    // 10:20 now: the person may go elsewhere from the next quarter on.
    let fitness = town.venue("XH-01", "健身房").await;
    ann.books(town, &fitness, (0, "10:30", "11:30")).await;
    // The quarter that runs and a quarter to clean are kept, the rest is free.
    let bob = town.resident().await;
    assert_eq!(in_state(&bob.slots(town, &venue, 0, 30).await, "OPEN").first(), Some(&"11:00"));
    bob.books(town, &venue, (0, "11:00", "12:00")).await;
    nothing_overlaps(town).await;
}

async fn a_booking_is_between_who_booked_and_the_centre(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let booked = ann.books(town, &venue, (1, "10:00", "11:00")).await;
    for who in ["dispatcher", "admin", "property.leader", "neighbourhood"] {
        assert_eq!(town.staff(who).await.looks_up(&booked).await, Value::Null, "{who}");
    }
    let elsewhere = town.official(Role::CenterStaff, "310112008002").await;
    assert_eq!(elsewhere.looks_up(&booked).await, Value::Null);
    assert_eq!(town.stranger().looks_up(&booked).await, Value::Null);
    assert_eq!(town.resident().await.looks_up(&booked).await, Value::Null);
    assert_eq!(town.staff("center").await.looks_up(&booked).await["state"], "CONFIRMED");
    let day = "{ centers { code bookings(on: \"2026-11-24\", first: 5) { nodes { code booker { id } purpose } } viewerActions } }";
    let seen = town.staff("center").await.asks(day).await.list("/centers");
    assert_eq!(seen[0]["bookings"]["nodes"][0]["purpose"], "舞蹈队排练");
    assert_eq!(seen[0]["viewerActions"], json!(["RUN", "READ_BOOKINGS", "BOOK_FOR_OTHERS"]));
    let seen = ann.asks(day).await.list("/centers");
    assert_eq!((&seen[0]["bookings"], &seen[0]["viewerActions"]), (&Value::Null, &json!([])));
}

async fn a_repeated_call_books_once(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let key = json!({ "idempotencyKey": new_key() });
    let first = ann.tries_to_book(town, &venue, (1, "10:00", "11:00"), key.clone()).await;
    let again = ann.tries_to_book(town, &venue, (1, "10:00", "11:00"), key.clone()).await;
    assert_eq!(again.get("/bookVenue/isReplay"), true);
    assert_eq!(Booked::of(&first).id, Booked::of(&again).id);
    let other = ann.tries_to_book(town, &venue, (1, "14:00", "15:00"), key).await;
    other.is_refused("IDEMPOTENCY_KEY_REUSED");
    assert_eq!(town.number("SELECT count(*) AS n FROM booking").await, 1);
}

async fn a_visitor_sees_what_is_free(town: &Town) {
    let text = "{ centers { code name state phone address location { longitude } area { name } closures { id } venues { name kind \
                capacity isAccessible fee openingRules { session isStaffed duty { id } } } } }";
    let seen = town.stranger().asks(text).await.list("/centers");
    assert_eq!(seen.len(), 7);
    assert_eq!((&seen[5]["state"], &seen[5]["venues"]), (&json!("BUILDING"), &json!([])));
    let child = seen[0]["venues"].as_array().unwrap().iter().find(|venue| venue["kind"] == "CHILD").unwrap();
    let evening = child["openingRules"].as_array().unwrap().iter().find(|rule| rule["session"] == "EVENING").unwrap();
    assert_eq!((&evening["isStaffed"], &evening["duty"]), (&json!(false), &Value::Null));
    // Nobody is on duty then, so that it is not open.
    let venue = town.venue("XH-01", "儿童活动室").await;
    let slots = town.stranger().slots(town, &venue, 1, 60).await;
    assert_eq!((slots.len(), slots.last().unwrap().0.as_str()), (15, "16:00"));
    let text = "query($id: ID!) { node(id: $id) { ... on Venue { slots(from: \"2026-11-24\", days: 15) { state } } } }";
    town.stranger().says(text, &json!({ "id": venue })).await.is_refused("BAD_REQUEST");
}

/// What a person has goes to others when the account ends, also where one thing stands in the way of another of the own.
async fn who_is_forgotten_gives_everything_up(town: &Town) {
    let [hall, east] = ["多功能厅", "多功能厅东厅"].map(|name| town.venue("XH-01", name));
    let (hall, east, fitness) = (hall.await, east.await, town.venue("XH-01", "健身房").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let half = ann.books(town, &east, (1, "10:00", "11:00")).await;
    let next = bob.waits_for(town, &hall, (1, "10:30", "11:30")).await;
    let more = ann.books(town, &fitness, (2, "10:00", "11:00")).await;
    let (admin, account) = (town.base(), entity::id::AccountId::parse(&ann.id().await.unwrap()).unwrap());
    let copy = ::bookings::privacy::copy(admin, account).await.unwrap();
    assert_eq!((copy.as_array().unwrap().len(), &copy[0]["purpose"]), (2, &json!("舞蹈队排练")));
    let erased = admin.write(&kernel::actor::Actor::System, &account, |tx, account| {
        Box::pin(async move { ::bookings::privacy::erase(tx, *account).await })
    });
    erased.await.unwrap();
    for booked in [&half, &more] {
        assert_eq!(ann.sees_again(booked).await.state, "CANCELLED_BY_USER");
    }
    assert_eq!(bob.sees_again(&next).await.state, "OFFERED");
    assert_eq!(town.number("SELECT count(*) AS n FROM booking WHERE purpose LIKE '%舞%'").await, 1);
    nothing_overlaps(town).await;
}

async fn what_is_near_and_free_first_comes_first(town: &Town) {
    let text = "query($near: GeoPointInput, $from: NaiveDate!, $minutes: Int!) { firstFreeSlots(kind: DANCE, near: $near, from: $from, \
                minutes: $minutes) { startsAt endsAt walkingMinutes venue { name center { code location { longitude latitude } } } } }";
    let visitor = town.stranger();
    let seek = async |near: Value, minutes: i64| {
        let sought = json!({ "near": near, "from": "2026-11-23", "minutes": minutes });
        visitor.says(text, &sought).await
    };
    let all = seek(Value::Null, 60).await.list("/firstFreeSlots");
    assert!(all.len() > 1 && all.iter().all(|one| one["walkingMinutes"].is_null()), "{all:?}");
    let times: Vec<&str> = all.iter().map(|one| one["startsAt"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    // At the door of the last one: it comes first, though others are free as early.
    let last = &all[all.len() - 1]["venue"]["center"];
    let (longitude, latitude) = (&last["location"]["longitude"], &last["location"]["latitude"]);
    let here = json!({ "longitude": longitude, "latitude": latitude, "datum": "GCJ02" });
    let near = seek(here, 60).await.list("/firstFreeSlots");
    assert_eq!(near[0]["venue"]["center"]["code"], last["code"]);
    assert!(near[0]["walkingMinutes"].as_i64().unwrap() <= 1, "{near:?}");
    // Once somebody has it, the next time is told.
    let room = town.venue(last["code"].as_str().unwrap(), DANCE).await;
    let first: chrono::DateTime<chrono::Utc> = near[0]["startsAt"].as_str().unwrap().parse().unwrap();
    let input = json!({
        "venueId": room, "startsAt": first, "endsAt": first + TimeDelta::hours(1), "partySize": 2, "purpose": "排练",
        "idempotencyKey": new_key(),
    });
    town.resident().await.does("bookVenue", &input, "userErrors { code }").await.is_done();
    let later = seek(Value::Null, 60).await.list("/firstFreeSlots");
    let same = later.iter().find(|one| one["venue"]["center"]["code"] == last["code"]).unwrap();
    assert_ne!(same["startsAt"], near[0]["startsAt"]);
    for minutes in [0, 20, 735] {
        seek(Value::Null, minutes).await.is_refused("BAD_REQUEST");
    }
    let far = json!({ "longitude": 116.4, "latitude": 39.9, "datum": "WGS84" });
    seek(far, 60).await.is_refused("BAD_REQUEST");
}
