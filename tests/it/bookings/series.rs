//! What a centre books for others, and series: what is made, what is not and why, and what an edit of one of them reaches (peers §3, §9).

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::model::Dice;
use super::{Booked, DANCE, at, in_state, nothing_overlaps};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    who_calls_has_it_within_the_own_share,
    a_season_skips_what_is_shut_or_had_and_says_so,
    a_season_is_refused_whole_for_what_holds_of_all_its_dates,
    one_this_and_the_following_or_all_are_taken_back,
    the_others_move_along_and_what_cannot_stays,
    what_was_moved_apart_comes_together_and_two_of_one_day_say_why,
    what_has_begun_is_left,
    a_season_is_between_who_has_it_and_the_centre,
    random_seasons_are_told_whole,
];

const SERIES: &str = "isReplay series { id from to weekdays everyWeeks dayOfMonth purpose booker { id } bookings(first: 60) { nodes { \
                      id version code state startsAt isBookedByCenter } } refusals { on bookingId reason { code message } } } \
                      userErrors { code message field limit }";

/// Every Tuesday evening until the end of the year; Tuesday is the day after the town's.
fn evenings(venue: &str, phone: &str) -> Value {
    json!({
        "venueId": venue, "weekdays": [2], "firstOn": "2026-11-24", "lastOn": "2026-12-31", "from": "18:00", "to": "20:00",
        "partySize": 12, "purpose": "夕阳红舞蹈队", "groupName": "夕阳红", "contactName": "王阿姨", "contactPhone": phone,
        "idempotencyKey": new_key(),
    })
}

/// The same from ten to twelve, when other rooms are open too.
fn mornings(venue: &str, phone: &str) -> Value {
    with(evenings(venue, phone), json!({ "from": "10:00", "to": "12:00" }))
}

impl Person {
    async fn plans(&self, input: &Value) -> Answer {
        self.does("bookSeries", input, SERIES).await
    }

    /// The series as it is now.
    async fn sees_series(&self, id: &Value) -> Value {
        let text = "query($id: ID!) { node(id: $id) { ... on BookingSeries { groupName bookings(first: 60) { nodes { id version state \
                    startsAt endsAt isLateCancel venue { name } } } refusals { on bookingId reason { code } } } } }";
        self.says(text, &json!({ "id": id })).await.get("/node").clone()
    }
}

/// The series that a payload shows.
fn made(answer: &Answer) -> Value {
    answer.is_done().get("/bookSeries/series").clone()
}

fn bookings(series: &Value) -> Vec<Booked> {
    series["bookings"]["nodes"].as_array().expect("bookings").iter().map(Booked::from).collect()
}

/// Dates and states of what a series has, as `MM-DD STATE`.
fn course(series: &Value) -> Vec<String> {
    let one = |row: &Value| {
        let at: DateTime<Utc> = row["startsAt"].as_str().unwrap().parse().unwrap();
        let shanghai = at + TimeDelta::hours(8);
        format!("{} {}", shanghai.format("%m-%d %H:%M"), row["state"].as_str().unwrap())
    };
    series["bookings"]["nodes"].as_array().expect("bookings").iter().map(one).collect()
}

/// Dates and codes of what a series has not.
fn refusals(series: &Value, code: impl Fn(&Value) -> &Value) -> Vec<(String, String)> {
    let rows = series["refusals"].as_array().expect("refusals").iter();
    rows.map(|row| (row["on"].as_str().unwrap().to_owned(), code(row).as_str().unwrap().to_owned())).collect()
}

fn codes(series: &Value) -> Vec<(String, String)> {
    refusals(series, |row| &row["reason"]["code"])
}

/// Where a move goes, and how far it reaches.
fn place(town: &Town, venue: &str, (day, from, to): (i64, &str, &str), scope: &str) -> Value {
    json!({ "venueId": venue, "startsAt": at(town, day, from), "endsAt": at(town, day, to), "scope": scope })
}

/// Shuts the first centre from one day and time to another.
async fn shuts(town: &Town, staff: &Person, from: (i64, &str), to: (i64, &str)) {
    let centers = staff.asks("{ centers { id code } }").await.list("/centers");
    let center = centers.iter().find(|row| row["code"] == "XH-01").expect("the centre");
    let shut = json!({
        "centerId": center["id"], "startsAt": at(town, from.0, from.1), "endsAt": at(town, to.0, to.1),
        "reason": "MAINTENANCE", "idempotencyKey": new_key(),
    });
    staff.does("closeCenter", &shut, "closure { id } userErrors { code }").await.is_done();
}

async fn who_calls_has_it_within_the_own_share(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (staff, ann) = (town.staff("center").await, town.resident().await);
    let input = |time: (i64, &str, &str), phone: &str| {
        json!({
            "venueId": venue, "startsAt": at(town, time.0, time.1), "endsAt": at(town, time.0, time.2), "partySize": 6,
            "purpose": "舞蹈队排练", "contactName": "王阿姨", "contactPhone": phone, "idempotencyKey": new_key(),
        })
    };
    let shown = "isReplay booking { id version code state isBookedByCenter } userErrors { code field message }";
    let phones = async |time, phone: &str| staff.does("bookOnBehalf", &input(time, phone), shown).await;
    let has = Booked::of(&phones((1, "10:00", "11:00"), &ann.phone()).await);
    assert_eq!(has.state, "CONFIRMED");
    // It is hers as any other: seen, counted and taken back by her.
    let text = "{ viewer { bookings { nodes { id isBookedByCenter viewerActions } } } }";
    let own = ann.asks(text).await.list("/viewer/bookings/nodes");
    assert_eq!((&own[0]["id"], &own[0]["isBookedByCenter"]), (&json!(has.id), &json!(true)));
    phones((1, "14:00", "15:00"), &ann.phone()).await.is_refused("LIMIT_EXCEEDED").at("startsAt");
    phones((20, "14:00", "15:00"), &ann.phone()).await.is_refused("NOT_IN_WINDOW");
    ann.does_on("cancelBooking", &has, json!({})).await;
    // Who has no account yet finds it there after signing in.
    let mut eve = town.stranger();
    let phone = eve.phone();
    let has = Booked::of(&phones((1, "10:00", "11:00"), &phone).await);
    eve.signs_in_with_code(town, &phone).await.is_done();
    assert_eq!(eve.sees_again(&has).await.state, "CONFIRMED");
    // Where the centre decides, it has decided.
    let room = town.venue("XH-02", "会议室").await;
    let there = with(input((2, "09:00", "10:00"), &ann.phone()), json!({ "venueId": room }));
    assert_eq!(Booked::of(&staff.does("bookOnBehalf", &there, shown).await).state, "CONFIRMED");
    for (more, code, field) in [
        (json!({ "contactPhone": "12345" }), "INVALID", "contactPhone"),
        (json!({ "contactName": " " }), "REQUIRED", "contactName"),
        (json!({ "partySize": 0 }), "INVALID", "partySize"),
    ] {
        let bad = with(input((3, "10:00", "11:00"), &ann.phone()), more);
        staff.does("bookOnBehalf", &bad, shown).await.is_refused(code).at(field);
    }
    let again = input((4, "10:00", "11:00"), &town.stranger().phone());
    let first = Booked::of(&staff.does("bookOnBehalf", &again, shown).await);
    let replay = staff.does("bookOnBehalf", &again, shown).await;
    assert_eq!((&Booked::of(&replay).id, replay.get("/bookOnBehalf/isReplay")), (&first.id, &json!(true)));
    let gone = town.stranger().phone();
    let code = phones((5, "10:00", "11:00"), &gone).await.text("/bookOnBehalf/booking/code");
    let its = format!("id = (SELECT account_id FROM booking WHERE code = '{code}')");
    assert_eq!(town.tampers(&format!("UPDATE account SET status = 'DISABLED' WHERE {its}")).await, 1);
    phones((6, "10:00", "11:00"), &gone).await.is_refused("INVALID").at("contactPhone");
    let official = town.official(entity::enums::Role::CenterStaff, "310112008001").await;
    let own = input((3, "10:00", "11:00"), &official.phone());
    official.does("bookOnBehalf", &own, shown).await.is_refused("SAME_PERSON").at("contactPhone");
    ann.does("bookOnBehalf", &input((3, "10:00", "11:00"), &phone), shown).await.is_refused("FORBIDDEN");
    nothing_overlaps(town).await;
}

async fn a_season_skips_what_is_shut_or_had_and_says_so(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (staff, ann, bob) = (town.staff("center").await, town.resident().await, town.resident().await);
    bob.books(town, &venue, (1, "11:00", "12:00")).await;
    shuts(town, &staff, (15, "08:00"), (16, "08:00")).await;
    let input = mornings(&venue, &ann.phone());
    let answer = staff.plans(&input).await;
    let series = made(&answer);
    assert_eq!((&series["from"], &series["to"], &series["weekdays"]), (&json!("10:00"), &json!("12:00"), &json!([2])));
    assert_eq!(
        course(&series),
        ["12-01 10:00 CONFIRMED", "12-15 10:00 CONFIRMED", "12-22 10:00 CONFIRMED", "12-29 10:00 CONFIRMED"]
    );
    let expected = [("2026-11-24", "SLOT_TAKEN"), ("2026-12-08", "SLOT_CLOSED")];
    assert_eq!(codes(&series), expected.map(|(on, code)| (on.to_owned(), code.to_owned())));
    assert!(refusals(&series, |row| &row["reason"]["message"])[0].1.contains("booked"));
    let again = staff.plans(&input).await;
    assert_eq!(again.get("/bookSeries/isReplay"), &json!(true));
    assert_eq!(made(&again)["id"], series["id"]);
    // A season is beside the own share, and nobody is in two places.
    ann.books(town, &venue, (2, "14:00", "15:00")).await;
    let elsewhere = town.venue("XH-01", "多功能厅东厅").await;
    let too = made(&staff.plans(&mornings(&elsewhere, &ann.phone())).await);
    assert_eq!(course(&too), ["11-24 10:00 CONFIRMED"]);
    let why: Vec<String> = codes(&too).into_iter().map(|(_, code)| code).collect();
    assert_eq!(why, ["TIME_CONFLICT", "SLOT_CLOSED", "TIME_CONFLICT", "TIME_CONFLICT", "TIME_CONFLICT"]);
    nothing_overlaps(town).await;
}

async fn a_season_is_refused_whole_for_what_holds_of_all_its_dates(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (staff, ann) = (town.staff("center").await, town.resident().await);
    let all: Vec<i32> = (1..=7).collect();
    for (more, code, field) in [
        (json!({ "weekdays": [] }), "REQUIRED", "weekdays"),
        (json!({ "weekdays": [0] }), "INVALID", "weekdays"),
        (json!({ "weekdays": [8] }), "INVALID", "weekdays"),
        (json!({ "weekdays": [i32::MIN] }), "INVALID", "weekdays"),
        (json!({ "weekdays": [1, 2, 3, 4, 5, 6, 7, 7] }), "INVALID", "weekdays"),
        (json!({ "firstOn": "-5000-01-04", "lastOn": "-5000-02-01" }), "DEADLINE_PASSED", "lastOn"),
        (json!({ "everyWeeks": 0 }), "INVALID", "everyWeeks"),
        (json!({ "everyWeeks": 9 }), "INVALID", "everyWeeks"),
        (json!({ "everyWeeks": -1 }), "INVALID", "everyWeeks"),
        (json!({ "dayOfMonth": 15 }), "INVALID", "dayOfMonth"),
        (json!({ "weekdays": [], "dayOfMonth": 32 }), "INVALID", "dayOfMonth"),
        (json!({ "lastOn": "2026-11-23" }), "INVALID", "lastOn"),
        // A thousand dates are not even looked at.
        (json!({ "weekdays": all, "lastOn": "2029-08-20" }), "LIMIT_EXCEEDED", "lastOn"),
        (json!({ "everyWeeks": 8, "lastOn": "2027-12-31" }), "LIMIT_EXCEEDED", "lastOn"),
        (json!({ "from": "25:00" }), "INVALID", "from"),
        (json!({ "from": "20:00" }), "INVALID", "from"),
        (json!({ "from": "18:10" }), "INVALID", "from"),
        (json!({ "from": "18:15" }), "INVALID", "startsAt"),
        (json!({ "from": "08:00" }), "INVALID", "endsAt"),
        (json!({ "partySize": 10_000 }), "INVALID", "partySize"),
        (json!({ "partySize": 100 }), "LIMIT_EXCEEDED", "partySize"),
        (json!({ "from": "21:00", "to": "22:00" }), "SLOT_CLOSED", "firstOn"),
        (json!({ "firstOn": "2026-11-03", "lastOn": "2026-11-17" }), "DEADLINE_PASSED", "lastOn"),
    ] {
        let input = with(evenings(&venue, &ann.phone()), more.clone());
        let answer = staff.plans(&input).await;
        assert_eq!(answer.user_codes(), [code], "{more}: {answer:?}");
        answer.is_refused(code).at(field);
    }
    ann.plans(&evenings(&venue, "13700000002")).await.is_refused("FORBIDDEN");
    town.stranger().plans(&evenings(&venue, "13700000002")).await.is_refused("UNAUTHENTICATED");
    let elsewhere = town.official(entity::enums::Role::CenterStaff, "310112008002").await;
    elsewhere.plans(&evenings(&venue, &ann.phone())).await.is_refused("FORBIDDEN");
    let left = town.number("SELECT count(*) AS n FROM booking_series").await;
    assert_eq!(left, 0, "nothing is left of what was refused");
    nothing_overlaps(town).await;
}

async fn one_this_and_the_following_or_all_are_taken_back(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (staff, ann, bob) = (town.staff("center").await, town.resident().await, town.resident().await);
    let series = made(&staff.plans(&evenings(&venue, &ann.phone())).await);
    let all = bookings(&series);
    assert_eq!(all.len(), 6);
    let waits = bob.waits_for(town, &venue, (1, "18:00", "19:00")).await;
    ann.does_on("cancelBooking", &all[2], json!({})).await;
    ann.does_on("cancelBooking", &all[4], json!({ "scope": "FOLLOWING" })).await;
    let seen = ann.sees_series(&series["id"]).await;
    let cancelled = |row: &Value| row["state"] == "CANCELLED_BY_USER";
    let gone: Vec<bool> = seen["bookings"]["nodes"].as_array().unwrap().iter().map(cancelled).collect();
    assert_eq!(gone, [false, false, true, false, true, true]);
    assert_eq!(bob.sees_again(&waits).await.state, "WAITLISTED");
    // The centre calls the rest off; whoever waits has it.
    let off = json!({ "reason": "MAINTENANCE", "scope": "ALL" });
    staff.does_on("callOffBooking", &bookings(&seen)[3], off.clone()).await;
    let seen = ann.sees_series(&series["id"]).await;
    let off_now = seen["bookings"]["nodes"].as_array().unwrap().iter();
    assert_eq!(off_now.filter(|row| row["state"] == "CANCELLED_BY_CENTER").count(), 3);
    assert_eq!(bob.sees_again(&waits).await.state, "OFFERED");
    staff.tries_on("callOffBooking", &bookings(&seen)[3], off).await.is_refused("INVALID_TRANSITION");
    // What is of no series has no others.
    let has = bob.books(town, &venue, (2, "10:00", "11:00")).await;
    bob.tries_on("cancelBooking", &has, json!({ "scope": "ALL" })).await.is_refused("INVALID").at("scope");
    bob.does_on("cancelBooking", &has, json!({ "scope": "THIS" })).await;
    nothing_overlaps(town).await;
}

async fn the_others_move_along_and_what_cannot_stays(town: &Town) {
    let [dance, east] = [DANCE, "多功能厅东厅"].map(|name| town.venue("XH-01", name));
    let (dance, east) = (dance.await, east.await);
    let (staff, ann, bob) = (town.staff("center").await, town.resident().await, town.resident().await);
    let series = made(&staff.plans(&mornings(&dance, &ann.phone())).await);
    let all = bookings(&series);
    let to = |venue: &str, day, from, to, scope| place(town, venue, (day, from, to), scope);
    // A week later: each takes the place of the next.
    staff.does_on("moveBooking", &all[1], to(&dance, 15, "10:00", "12:00", "FOLLOWING")).await;
    let seen = staff.sees_series(&series["id"]).await;
    let expected = ["11-24", "12-08", "12-15", "12-22", "12-29", "01-05"].map(|date| format!("{date} 10:00 CONFIRMED"));
    assert_eq!(course(&seen), expected);
    assert_eq!(seen["refusals"], json!([]));
    // Where nobody is let in, none goes.
    let shut = "UPDATE venue SET is_bookable = false WHERE name = '多功能厅东厅'";
    town.tampers(shut).await;
    let second = Booked::from(&seen["bookings"]["nodes"][1]);
    let there = to(&east, 15, "10:00", "11:00", "ALL");
    staff.tries_on("moveBooking", &second, there).await.is_refused("SLOT_CLOSED").at("venueId");
    town.tampers(&shut.replace("false", "true")).await;
    // Into the hall, shorter; on one morning somebody is there.
    bob.books(town, &east, (1, "10:00", "11:00")).await;
    staff
        .tries_on("moveBooking", &Booked::from(&seen["bookings"]["nodes"][0]), to(&east, 1, "10:00", "11:00", "ALL"))
        .await
        .is_refused("SLOT_TAKEN");
    assert_eq!(staff.sees_series(&series["id"]).await, seen, "when the chosen one cannot be moved, none is");
    let second = Booked::from(&seen["bookings"]["nodes"][1]);
    staff.does_on("moveBooking", &second, to(&east, 15, "10:00", "11:00", "ALL")).await;
    let seen = staff.sees_series(&series["id"]).await;
    let rooms: Vec<&str> = seen["bookings"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["venue"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(rooms, [DANCE, "多功能厅东厅", "多功能厅东厅", "多功能厅东厅", "多功能厅东厅", "多功能厅东厅"]);
    let stayed = seen["refusals"].as_array().unwrap();
    assert_eq!((stayed.len(), &stayed[0]["bookingId"]), (1, &json!(all[0].id)));
    assert_eq!((&stayed[0]["on"], &stayed[0]["reason"]["code"]), (&json!("2026-11-24"), &json!("SLOT_TAKEN")));
    // Out of the refusals once it could be moved.
    let first = Booked::from(&seen["bookings"]["nodes"][0]);
    staff
        .tries_on("moveBooking", &first, to(&dance, 1, "10:00", "12:00", "THIS"))
        .await
        .is_refused("INVALID")
        .at("startsAt");
    staff.does_on("moveBooking", &first, to(&dance, 2, "10:00", "12:00", "THIS")).await;
    assert_eq!(staff.sees_series(&series["id"]).await["refusals"], json!([]));
    let slots = ann.slots(town, &dance, 1, 60).await;
    assert!(in_state(&slots, "OPEN").contains(&"10:00"), "{slots:?}");
    // Its person moves one, by the rules of a booking; the rest is the centre's.
    let own = ann
        .does(
            "rescheduleBooking",
            &with(to(&dance, 3, "10:00", "12:00", "ALL"), json!({ "id": all[0].id, "idempotencyKey": new_key() })),
            "booking { id }",
        )
        .await;
    own.is_refused("BAD_REQUEST");
    nothing_overlaps(town).await;
}

async fn what_was_moved_apart_comes_together_and_two_of_one_day_say_why(town: &Town) {
    let [dance, east] = [DANCE, "多功能厅东厅"].map(|name| town.venue("XH-01", name));
    let (dance, east) = (dance.await, east.await);
    let (staff, ann) = (town.staff("center").await, town.resident().await);
    let series = made(&staff.plans(&mornings(&dance, &ann.phone())).await);
    let all = bookings(&series);
    let to = |venue: &str, day, from, to, scope| place(town, venue, (day, from, to), scope);
    // Its person has one at another time of the own week: by the rules of a booking, beside the own share.
    ann.books(town, &dance, (3, "09:00", "10:00")).await;
    ann.books(town, &east, (4, "09:00", "10:00")).await;
    let away = json!({ "venueId": dance, "startsAt": at(town, 2, "14:00"), "endsAt": at(town, 2, "16:00") });
    ann.does_on("rescheduleBooking", &all[0], away).await;
    // The second joins it on that day; then all go to where two of them cannot be.
    staff.does_on("moveBooking", &all[1], to(&dance, 2, "10:00", "12:00", "THIS")).await;
    staff.does_on("moveBooking", &all[2], to(&east, 15, "14:00", "16:00", "ALL")).await;
    let seen = staff.sees_series(&series["id"]).await;
    // One of the two of a day is in the hall at two, the other stayed.
    let stayed = seen["refusals"].as_array().unwrap();
    assert_eq!(stayed.len(), 1, "{seen}");
    assert_eq!(stayed[0]["reason"]["code"], "SLOT_TAKEN");
    // The others are there at two o'clock, whatever their time was.
    let expected = ["11-25 10:00", "11-25 14:00", "12-08 14:00", "12-15 14:00", "12-22 14:00", "12-29 14:00"];
    assert_eq!(course(&seen), expected.map(|at| format!("{at} CONFIRMED")));
    nothing_overlaps(town).await;
}

async fn what_has_begun_is_left(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (staff, ann) = (town.staff("center").await, town.resident().await);
    let series = made(&staff.plans(&mornings(&venue, &ann.phone())).await);
    // Five minutes after the first began, nobody has come yet.
    town.later(at(town, 1, "10:05") - town.now());
    let staff = town.staff("center").await;
    let second = bookings(&staff.sees_series(&series["id"]).await)[1].clone();
    staff.does_on("callOffBooking", &second, json!({ "reason": "MAINTENANCE", "scope": "ALL" })).await;
    let seen = staff.sees_series(&series["id"]).await;
    assert_eq!(course(&seen)[0], "11-24 10:00 CONFIRMED");
    assert!(course(&seen)[1..].iter().all(|line| line.ends_with("CANCELLED_BY_CENTER")), "{seen}");
    nothing_overlaps(town).await;
}

async fn a_season_is_between_who_has_it_and_the_centre(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (staff, ann) = (town.staff("center").await, town.resident().await);
    let series = made(&staff.plans(&evenings(&venue, &ann.phone())).await);
    for (who, is_seen) in [(&ann, true), (&staff, true), (&town.resident().await, false), (&town.stranger(), false)] {
        assert_eq!(who.sees_series(&series["id"]).await.is_object(), is_seen);
    }
    let listed = "{ centers { code bookingSeries(first: 5) { nodes { id groupName } } } }";
    let there = async |person: &Person| {
        let centers = person.asks(listed).await.list("/centers");
        centers.into_iter().find(|center| center["code"] == "XH-01").unwrap()["bookingSeries"].clone()
    };
    assert_eq!(there(&staff).await["nodes"], json!([{ "id": series["id"], "groupName": "夕阳红" }]));
    assert_eq!(there(&ann).await, Value::Null);
    let own = ann.asks("{ viewer { bookings(first: 1) { nodes { series { id } } } } }").await;
    assert_eq!(own.get("/viewer/bookings/nodes/0/series/id"), &series["id"]);
}

/// Random rules over random obstacles: each date that a rule names, asked of each day by itself, is had or told of, and never both.
async fn random_seasons_are_told_whole(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (staff, bob) = (town.staff("center").await, town.resident().await);
    bob.books(town, &venue, (2, "18:00", "19:00")).await;
    for (from, to) in [(10, 17), (30, 40), (70, 100)] {
        shuts(town, &staff, (from, "00:00"), (to, "00:00")).await;
    }
    let mut dice = Dice(7);
    let mut seen = (0, 0);
    for _ in 0..14 {
        let weekdays: BTreeSet<u32> = (0..dice.below(4)).map(|_| 1 + dice.below(7) as u32).collect();
        let (every, day, hour) = (1 + dice.below(8) as i64, 1 + dice.below(31) as u32, 8 + dice.below(12));
        let (from, length) = (dice.below(40) as u64, dice.below(200) as u64);
        let first: NaiveDate = "2026-11-20".parse::<NaiveDate>().unwrap() + Days::new(from);
        let last = first + Days::new(length);
        let monday = |date: NaiveDate| date.week(chrono::Weekday::Mon).first_day();
        let fits = |date: &NaiveDate| match weekdays.is_empty() {
            true => date.day() == day,
            false => {
                let weeks = (monday(*date) - monday(first)).num_weeks();
                weekdays.contains(&date.weekday().number_from_monday()) && weeks % every == 0
            }
        };
        let named: Vec<String> =
            first.iter_days().take_while(|date| *date <= last).filter(fits).map(|date| date.to_string()).collect();
        let mut input = with(
            evenings(&venue, &town.stranger().phone()),
            json!({
                "firstOn": first, "lastOn": last, "weekdays": weekdays, "from": format!("{hour:02}:00"),
                "to": format!("{:02}:00", hour + 1),
            }),
        );
        match weekdays.is_empty() {
            true => input["dayOfMonth"] = json!(day),
            false => input["everyWeeks"] = json!(every),
        }
        let answer = staff.plans(&input).await;
        if named.is_empty() || named.len() > 60 {
            let code = if named.is_empty() { "INVALID" } else { "LIMIT_EXCEEDED" };
            answer.is_refused(code).at("lastOn");
            continue;
        }
        if !answer.user_codes().is_empty() {
            answer.at("firstOn");
            continue;
        }
        let series = made(&answer);
        let told = codes(&series);
        let had = course(&series).into_iter().map(|line| line[..5].to_owned());
        let mut dates: Vec<String> = had.chain(told.iter().map(|(date, _)| date[5..].to_owned())).collect();
        dates.sort_unstable_by_key(|date| named.iter().position(|named| named[5..] == **date));
        assert_eq!(dates, named.iter().map(|date| date[5..].to_owned()).collect::<Vec<_>>(), "{input}");
        seen = (seen.0 + bookings(&series).len(), seen.1 + told.len());
        nothing_overlaps(town).await;
    }
    assert!(seen.0 > 20 && seen.1 > 5, "too little was had or refused: {seen:?}");
}
