//! What a centre offers beside its rooms: services with versions, experts who are had as rooms are, places of which several have one at
//! once, what a venue asks, and who reaches a house on foot.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::places::{hours, venue};
use super::{Booked, at, in_state, nothing_overlaps, refusal};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    a_service_is_kept_with_versions_and_what_was_booked_keeps_its_own,
    an_appointment_takes_as_long_as_its_service_says,
    an_expert_is_had_by_one_at_a_time_and_the_next_free_one_is_found,
    of_many_who_want_a_place_as_many_as_there_are_have_one,
    what_is_parted_into_places_holds_nothing,
    who_has_the_floor_has_every_place_on_it,
    what_a_venue_asks_is_answered,
    a_venue_shows_its_photos,
    a_grid_tells_how_far_it_is_to_the_nearest_house,
];

const ITEM: &str = "isReplay serviceItem { id version name fee minutes ticketsPerDay state venues { name } } \
                    userErrors { code field message }";

/// A legal advice of a centre, by appointment of half an hour.
fn legal(center: &str, venues: &[&str]) -> Value {
    json!({
        "centerId": center, "code": "ADVICE-1", "name": "遗嘱咨询", "category": "ADVICE", "materials": ["户口簿"],
        "fee": "公益免费", "minutes": 30, "state": "OFFERED", "venueIds": venues, "idempotencyKey": new_key(),
    })
}

impl Person {
    async fn saves_service(&self, input: &Value) -> Answer {
        self.does("saveServiceItem", input, ITEM).await
    }
}

impl Town {
    /// The first centre's id.
    async fn first_center(&self) -> String {
        let centers = self.stranger().asks("{ centers { id code } }").await.list("/centers");
        centers.iter().find(|row| row["code"] == "XH-01").unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// A service of the first centre, by its code.
    pub async fn service(&self, code: &str) -> String {
        let centers = self.stranger().asks("{ centers { code serviceItems { id code } } }").await.list("/centers");
        let center = centers.iter().find(|row| row["code"] == "XH-01").unwrap();
        let items = center["serviceItems"].as_array().unwrap();
        items.iter().find(|row| row["code"] == code).expect("the service")["id"].as_str().unwrap().to_owned()
    }
}

async fn a_service_is_kept_with_versions_and_what_was_booked_keeps_its_own(town: &Town) {
    let (center, lawyer) = (town.first_center().await, town.venue("XH-01", "值班律师").await);
    let (staff, ann) = (town.staff("center").await, town.resident().await);
    let input = legal(&center, &[&lawyer]);
    ann.saves_service(&input).await.is_refused("FORBIDDEN");
    town.stranger().saves_service(&input).await.is_refused("UNAUTHENTICATED");
    let elsewhere = town.venue("XH-02", "值班律师").await;
    for (more, field) in [
        (json!({ "code": "a b" }), "code"),
        (json!({ "code": "LEGAL" }), "code"),
        (json!({ "name": " " }), "name"),
        (json!({ "minutes": 20 }), "minutes"),
        (json!({ "minutes": 240 }), "minutes"),
        (json!({ "ticketsPerDay": 0 }), "ticketsPerDay"),
        (json!({ "venueIds": [] }), "venueIds"),
        (json!({ "venueIds": [elsewhere] }), "venueIds"),
        (json!({ "materials": vec!["纸"; 13] }), "materials"),
    ] {
        let answer =
            staff.saves_service(&with(with(input.clone(), more), json!({ "idempotencyKey": new_key() }))).await;
        answer.at(field);
    }
    let made = staff.saves_service(&input).await;
    let item = made.is_done().get("/saveServiceItem/serviceItem").clone();
    assert_eq!((&item["version"], &item["venues"][0]["name"]), (&json!(1), &json!("值班律师")));
    let book = json!({ "serviceItemId": item["id"], "partySize": 1 });
    let booked = Booked::of(&ann.tries_to_book(town, &lawyer, (1, "09:00", "09:30"), book).await);
    let changed =
        json!({ "id": item["id"], "expectedVersion": 1, "name": "遗嘱与继承咨询", "fee": "每次 20 元", "minutes": 60 });
    let saved = staff.saves_service(&with(legal(&center, &[&lawyer]), changed.clone())).await;
    assert_eq!(saved.is_done().get("/saveServiceItem/serviceItem/version"), 2);
    staff.saves_service(&with(legal(&center, &[&lawyer]), changed)).await.is_refused("CONFLICT");
    let text = "query($id: ID!) { node(id: $id) { ... on Booking { service { version name fee minutes materials item { name \
                version } } } } }";
    let seen = ann.says(text, &json!({ "id": booked.id })).await.get("/node/service").clone();
    assert_eq!(
        seen,
        json!({ "version": 1, "name": "遗嘱咨询", "fee": "公益免费", "minutes": 30, "materials": ["户口簿"],
                "item": { "name": "遗嘱与继承咨询", "version": 2 } })
    );
    // Its venue is had for as long as it takes, while it is offered; paused, it stands in nobody's way.
    let centers = staff.asks("{ centers { code venues { id version name capacity } } }").await.list("/centers");
    let lawyers = centers.iter().find(|row| row["code"] == "XH-01").unwrap()["venues"].as_array().unwrap();
    let seen = lawyers.iter().find(|row| row["id"] == lawyer.as_str()).unwrap();
    let shorter = json!({
        "id": lawyer, "expectedVersion": seen["version"], "kind": "EXPERT", "capacity": 1, "maxMinutes": 30, "groupMaxMinutes": 30,
        "bufferAfterMinutes": 0,
    });
    staff.saves_venue(&with(venue(&center, "值班律师"), shorter.clone())).await.is_refused("INVALID").at("maxMinutes");
    let state = async |version: i64, state: &str| {
        let more = json!({
            "id": item["id"], "expectedVersion": version, "name": "遗嘱与继承咨询", "fee": "每次 20 元", "minutes": 60, "state": state,
        });
        staff.saves_service(&with(legal(&center, &[&lawyer]), more)).await
    };
    state(2, "SUSPENDED").await.is_done();
    staff.saves_venue(&with(venue(&center, "值班律师"), shorter)).await.is_done();
    state(3, "OFFERED").await.is_refused("INVALID").at("minutes");
    state(3, "SUSPENDED").await.is_done();
    // What is offered no more is not listed, and its appointments stand.
    let gone = json!({ "id": item["id"], "expectedVersion": 4, "state": "RETIRED" });
    staff.saves_service(&with(legal(&center, &[&lawyer]), gone)).await.is_done();
    let listed = ann.asks("{ serviceItems(category: ADVICE) { nodes { id code } } }").await.list("/serviceItems/nodes");
    assert!(listed.iter().all(|row| row["id"] != item["id"]) && listed.len() == 7, "{listed:?}");
    assert_eq!(ann.sees_again(&booked).await.state, "CONFIRMED");
    let late = ann
        .tries_to_book(town, &lawyer, (2, "09:00", "09:30"), json!({ "serviceItemId": item["id"], "partySize": 1 }))
        .await;
    late.is_refused("SLOT_CLOSED").at("serviceItemId");
}

async fn an_appointment_takes_as_long_as_its_service_says(town: &Town) {
    let lawyer = town.venue("XH-01", "值班律师").await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let [doctor, legal, keys] = ["DOCTOR", "LEGAL", "KEYS"].map(|code| town.service(code));
    let (doctor, legal, keys) = (doctor.await, legal.await, keys.await);
    let tries = async |service: &str, to: &str| {
        ann.tries_to_book(town, &lawyer, (1, "09:00", to), json!({ "serviceItemId": service, "partySize": 1 })).await
    };
    tries(&legal, "10:00").await.is_refused("INVALID").at("endsAt");
    tries(&doctor, "09:30").await.is_refused("INVALID").at("serviceItemId");
    tries(&keys, "09:30").await.is_refused("INVALID").at("serviceItemId");
    tries("svi_01a205eabe8070000000000000000000", "09:30").await.is_refused("INVALID").at("serviceItemId");
    let has = Booked::of(&tries(&legal, "09:30").await);
    // As long, where it is given, and nowhere else.
    let moved = async |venue: &str, from: &str, to: &str| {
        let to = json!({ "venueId": venue, "startsAt": at(town, 1, from), "endsAt": at(town, 1, to) });
        ann.tries_on("rescheduleBooking", &ann.sees_again(&has).await, to).await
    };
    moved(&lawyer, "10:00", "11:00").await.is_refused("INVALID").at("endsAt");
    moved(&town.venue("XH-01", "家庭医生").await, "10:00", "10:30").await.is_refused("INVALID").at("venueId");
    moved(&lawyer, "10:00", "10:30").await.is_done();
    // By phone, too.
    let input = json!({
        "venueId": lawyer, "startsAt": at(town, 1, "11:00"), "endsAt": at(town, 1, "11:30"), "partySize": 1,
        "purpose": "电话预约", "serviceItemId": legal, "contactName": "周阿婆", "contactPhone": "13700000987",
        "idempotencyKey": new_key(),
    });
    let shown = "booking { state service { name } } userErrors { code field }";
    let booked = staff.does("bookOnBehalf", &input, shown).await;
    assert_eq!(booked.is_done().get("/bookOnBehalf/booking/service/name"), "法律咨询");
    nothing_overlaps(town).await;
}

async fn an_expert_is_had_by_one_at_a_time_and_the_next_free_one_is_found(town: &Town) {
    let (doctor, service) = (town.venue("XH-01", "家庭医生").await, town.service("DOCTOR").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let more = json!({ "serviceItemId": service, "partySize": 1, "purpose": "配药" });
    let text = "query($id: ID!) { node(id: $id) { ... on ServiceItem { firstFreeSlots(from: \"2026-11-24\", near: { longitude: \
                121.32, latitude: 31.195, datum: WGS84 }) { startsAt endsAt walkingMinutes venue { name kind introduction \
                serviceItems { code } } } } } }";
    let first =
        async |person: &Person| person.says(text, &json!({ "id": service })).await.get("/node/firstFreeSlots").clone();
    let found = first(&ann).await;
    let starts = |found: &Value| found[0]["startsAt"].as_str().unwrap().replace("+00:00", "Z");
    assert_eq!((found.as_array().unwrap().len(), starts(&found).as_str()), (1, "2026-11-24T01:00:00Z"));
    assert_eq!(found[0]["venue"]["kind"], "EXPERT");
    assert!(found[0]["venue"]["introduction"].as_str().unwrap().contains("全科"), "{found}");
    assert_eq!(found[0]["venue"]["serviceItems"].as_array().unwrap().len(), 4);
    Booked::of(&ann.tries_to_book(town, &doctor, (1, "09:00", "09:30"), more.clone()).await);
    let taken = bob.tries_to_book(town, &doctor, (1, "09:00", "09:30"), more).await;
    assert_eq!(refusal(taken.is_refused("SLOT_TAKEN"))["resetAt"], "2026-11-24T01:30:00Z");
    assert_eq!(starts(&first(&bob).await), "2026-11-24T01:30:00Z");
    // A doctor is no lawyer: both are seen on one day, each once.
    let lawyer = town.venue("XH-01", "值班律师").await;
    let one = json!({ "partySize": 1 });
    ann.tries_to_book(town, &lawyer, (1, "10:00", "10:30"), one.clone()).await.is_done();
    ann.tries_to_book(town, &doctor, (1, "14:00", "14:30"), one).await.is_refused("LIMIT_EXCEEDED");
    // Asked of every service at once it is too much.
    let all = "{ serviceItems { nodes { firstFreeSlots(from: \"2026-11-24\") { startsAt } } } }";
    assert_eq!(ann.asks(all).await.codes(), ["LIMIT"]);
    // What takes no appointments has no free time, and no error.
    let none = ann.says(text, &json!({ "id": town.service("KEYS").await })).await;
    assert_eq!(none.get("/node/firstFreeSlots"), &json!([]));
}

async fn of_many_who_want_a_place_as_many_as_there_are_have_one(town: &Town) {
    let counter = town.venue("XH-01", "服务窗口").await;
    let mut crowd = Vec::new();
    for _ in 0..12 {
        crowd.push(town.resident().await);
    }
    let time = (1, "10:00", "10:30");
    let one = json!({ "partySize": 1, "joinWaitlist": true });
    let tries = crowd.iter().map(|person| person.tries_to_book(town, &counter, time, one.clone()));
    let booked: Vec<Booked> = join_all(tries).await.iter().map(Booked::of).collect();
    let of = |state: &str| booked.iter().filter(|booked| booked.state == state).count();
    assert_eq!((of("CONFIRMED"), of("WAITLISTED")), (3, 9));
    nothing_overlaps(town).await;
    // One place among three: no booking is for more than one person there, nor for half an hour that no place has whole.
    let ann = town.resident().await;
    let two = ann.tries_to_book(town, &counter, (2, "10:00", "10:30"), json!({ "partySize": 2 })).await;
    assert_eq!(refusal(two.is_refused("LIMIT_EXCEEDED").at("partySize"))["limit"], 1);
    assert!(in_state(&ann.slots(town, &counter, 1, 30).await, "TAKEN").contains(&"10:00"));
    assert!(in_state(&ann.slots(town, &counter, 1, 60).await, "TAKEN").contains(&"09:30"), "an hour runs into it");
    // Who gives a place back gives it to who waits longest.
    let (at_first, has) = booked.iter().enumerate().find(|(_, booked)| booked.state == "CONFIRMED").unwrap();
    crowd[at_first].does_on("cancelBooking", has, json!({})).await;
    assert_eq!(town.number("SELECT count(*) AS n FROM booking WHERE state = 'OFFERED'").await, 1);
    nothing_overlaps(town).await;
}

async fn what_is_parted_into_places_holds_nothing(town: &Town) {
    let (center, staff) = (town.first_center().await, town.staff("center").await);
    let hall = town.venue("XH-01", "多功能厅").await;
    for (more, field) in [
        (json!({ "units": 0 }), "units"),
        (json!({ "units": 21 }), "units"),
        (json!({ "units": 2, "capacity": 120, "id": hall, "expectedVersion": 2 }), "units"),
    ] {
        staff.saves_venue(&with(venue(&center, "自习室"), more)).await.is_refused("INVALID").at(field);
    }
    let study = staff.saves_venue(&with(venue(&center, "自习室"), json!({ "units": 4 }))).await;
    let id = study.is_done().text("/saveVenue/venue/id");
    let within = staff.saves_venue(&with(venue(&center, "自习室一角"), json!({ "withinId": id }))).await;
    within.is_refused("INVALID").at("withinId");
    staff.saves_hours(&id, 1, json!([hours("WORKING", "09:00", "17:00", "DAY")])).await.is_done();
    let people = [town.resident().await, town.resident().await];
    for person in &people {
        // A place of four among twenty seats five.
        let five = json!({ "partySize": 5 });
        Booked::of(&person.tries_to_book(town, &id, (1, "10:00", "11:00"), five).await);
    }
    // While people have some, there are as many as there were: who has a room whole would have others beside.
    let to = |units: i64| with(venue(&center, "自习室"), json!({ "id": id, "expectedVersion": 2, "units": units }));
    for units in [1, 3, 5] {
        staff.saves_venue(&to(units)).await.is_refused("INVALID").at("units");
    }
    staff.saves_venue(&with(to(4), json!({ "name": "安静自习室" }))).await.is_done();
    nothing_overlaps(town).await;
}

/// Who has the floor has every place of the study on it.
async fn who_has_the_floor_has_every_place_on_it(town: &Town) {
    let (center, staff) = (town.first_center().await, town.staff("center").await);
    let day = json!([hours("WORKING", "09:00", "17:00", "DAY")]);
    let floor = staff.saves_venue(&venue(&center, "二楼")).await.is_done().text("/saveVenue/venue/id");
    let parted = json!({ "withinId": floor, "units": 3, "kind": "READING" });
    let study = staff.saves_venue(&with(venue(&center, "自习室"), parted)).await.is_done().text("/saveVenue/venue/id");
    for id in [&floor, &study] {
        staff.saves_hours(id, 1, day.clone()).await.is_done();
    }
    let mut crowd = Vec::new();
    for _ in 0..8 {
        crowd.push(town.resident().await);
    }
    let (last, others) = crowd.split_last().unwrap();
    for day in 1..4 {
        // The floor, and at once those who want a place on it: either has all of it, or some have places.
        let whole = last.tries_to_book(town, &floor, (day, "10:00", "11:00"), json!({}));
        let one = json!({ "partySize": 2 });
        let places =
            others.iter().map(|person| person.tries_to_book(town, &study, (day, "10:00", "11:00"), one.clone()));
        let (whole, places) = futures_util::future::join(whole, join_all(places)).await;
        let had = places.iter().filter(|answer| answer.codes().is_empty()).count();
        assert_eq!(had, if whole.codes().is_empty() { 0 } else { 3 }, "{:?}", whole.codes());
        assert!(places.iter().all(|answer| answer.codes().is_empty() || answer.codes() == ["SLOT_TAKEN"]));
        nothing_overlaps(town).await;
    }
}

async fn what_a_venue_asks_is_answered(town: &Town) {
    let (center, staff, ann) = (town.first_center().await, town.staff("center").await, town.resident().await);
    let questions = json!([
        { "key": "sound", "label": "是否需要音响", "kind": "BOOLEAN", "isRequired": true },
        { "key": "chairs", "label": "椅子数", "kind": "NUMBER", "help": "至多 60 把" },
        { "key": "layout", "label": "座位排列", "kind": "SINGLE_CHOICE", "options": ["围圈", "排排坐"] },
    ]);
    for (wrong, field) in [
        (json!([{ "key": "Sound", "label": "音响", "kind": "BOOLEAN" }]), "questions.key"),
        (json!([{ "key": "a", "label": "选", "kind": "SINGLE_CHOICE", "options": ["一"] }]), "questions.options"),
        (json!(vec![questions[0].clone(); 11]), "questions"),
    ] {
        staff.saves_venue(&with(venue(&center, "议事厅"), json!({ "questions": wrong }))).await.at(field);
    }
    let asks = json!({ "questions": questions, "introduction": "可容纳二十人的圆桌。" });
    let id = staff.saves_venue(&with(venue(&center, "议事厅"), asks)).await.is_done().text("/saveVenue/venue/id");
    staff.saves_hours(&id, 1, json!([hours("WORKING", "09:00", "17:00", "DAY")])).await.is_done();
    let text = "query($id: ID!) { node(id: $id) { ... on Venue { introduction units questions { key label kind isRequired \
                options help } } } }";
    let shown = ann.says(text, &json!({ "id": id })).await.get("/node").clone();
    assert_eq!((&shown["introduction"], &shown["units"]), (&json!("可容纳二十人的圆桌。"), &json!(1)));
    assert_eq!(shown["questions"][2]["options"], json!(["围圈", "排排坐"]));
    let tries =
        async |answers: Value| ann.tries_to_book(town, &id, (1, "10:00", "11:00"), json!({ "answers": answers })).await;
    tries(json!([])).await.is_refused("REQUIRED").at("answers.sound");
    tries(json!([{ "key": "sound", "values": ["maybe"] }])).await.is_refused("INVALID").at("answers.sound");
    tries(json!([{ "key": "sound", "values": ["true"] }, { "key": "piano", "values": ["1"] }])).await.at("answers");
    let done = tries(json!([
        { "key": "chairs", "values": ["18"] }, { "key": "sound", "values": ["true"] }, { "key": "layout", "values": [" "] }
    ]));
    let booked = Booked::of(&done.await);
    // What a client leaves out stays; what it empties is gone.
    let changed = with(venue(&center, "议事厅"), json!({ "id": id, "expectedVersion": 2 }));
    staff.saves_venue(&changed).await.is_done();
    let shown = ann.says(text, &json!({ "id": id })).await.get("/node").clone();
    assert_eq!((shown["questions"].as_array().unwrap().len(), shown["introduction"].is_string()), (3, true));
    // A series answers for each of its dates, and nobody comes in by another door.
    let series = json!({
        "venueId": id, "weekdays": [4], "firstOn": "2026-11-26", "lastOn": "2026-12-10", "from": "10:00", "to": "11:00",
        "partySize": 4, "purpose": "例会", "contactName": "楼组长", "contactPhone": "13700000654", "idempotencyKey": new_key(),
    });
    let made = "series { bookings(first: 5) { nodes { answers { key values } } } } userErrors { code field }";
    staff.does("bookSeries", &series, made).await.is_refused("REQUIRED").at("answers.sound");
    let told = json!({ "answers": [{ "key": "sound", "values": ["false"] }], "idempotencyKey": new_key() });
    let answer = staff.does("bookSeries", &with(series, told), made).await;
    let told = json!([{ "key": "sound", "values": ["false"] }]);
    let each = answer.is_done().list("/bookSeries/series/bookings/nodes");
    assert!(each.len() == 3 && each.iter().all(|booking| booking["answers"] == told), "{each:?}");
    let dance = town.venue("XH-01", super::DANCE).await;
    let elsewhere = ann.books(town, &dance, (2, "14:00", "15:00")).await;
    let there = json!({ "venueId": id, "startsAt": at(town, 2, "14:00"), "endsAt": at(town, 2, "15:00") });
    ann.tries_on("rescheduleBooking", &elsewhere, there).await.is_refused("INVALID").at("venueId");
    let emptied = json!({ "id": id, "expectedVersion": 3, "questions": [], "introduction": "" });
    staff.saves_venue(&with(venue(&center, "议事厅"), emptied)).await.is_done();
    let shown = ann.says(text, &json!({ "id": id })).await.get("/node").clone();
    assert_eq!((&shown["questions"], &shown["introduction"]), (&json!([]), &Value::Null));
    // The desk reads answers as they were asked; whoever has nothing to do with it does not.
    let text = "query($id: ID!) { node(id: $id) { ... on Booking { answers { key label values } } } }";
    let seen = staff.says(text, &json!({ "id": booked.id })).await.get("/node/answers").clone();
    assert_eq!(
        seen,
        json!([{ "key": "sound", "label": "是否需要音响", "values": ["true"] }, { "key": "chairs", "label": "椅子数", "values": ["18"] }])
    );
    let stranger = town.resident().await;
    assert_eq!(stranger.says(text, &json!({ "id": booked.id })).await.get("/node"), &Value::Null);
}

async fn a_venue_shows_its_photos(town: &Town) {
    let (center, staff, ann) = (town.first_center().await, town.staff("center").await, town.resident().await);
    let (one, two, others) = (staff.photo().await, staff.photo().await, ann.photo().await);
    let id = staff.saves_venue(&venue(&center, "画廊")).await.is_done().text("/saveVenue/venue/id");
    let show = async |version: i64, photos: Value| {
        let more = json!({ "id": id, "expectedVersion": version, "attachmentIds": photos });
        staff.saves_venue(&with(venue(&center, "画廊"), more)).await
    };
    show(1, json!([others])).await.is_refused("INVALID").at("attachmentIds");
    show(1, json!(vec![one.as_str(); 7])).await.at("attachmentIds");
    show(1, json!([two, one])).await.is_done();
    let text = "query($id: ID!) { node(id: $id) { ... on Venue { photos { id url } } } }";
    let shown = async || town.stranger().says(text, &json!({ "id": id })).await.list("/node/photos");
    let ids: Vec<Value> = shown().await.iter().map(|photo| photo["id"].clone()).collect();
    assert_eq!(ids, [two.as_str(), one.as_str()], "in the order in which the desk named them");
    // Left out, they stay; named, one stays and the other is gone, and cannot come back.
    staff.saves_venue(&with(venue(&center, "画廊"), json!({ "id": id, "expectedVersion": 2 }))).await.is_done();
    show(3, json!([two])).await.is_done();
    let left = shown().await;
    assert_eq!(left.iter().map(|photo| photo["id"].as_str().unwrap()).collect::<Vec<_>>(), [two.as_str()]);
    assert_eq!(crate::support::raw::get(town.address, left[0]["url"].as_str().unwrap()).await.status, 200);
    show(4, json!([one, two])).await.is_refused("INVALID").at("attachmentIds");
}

async fn a_grid_tells_how_far_it_is_to_the_nearest_house(town: &Town) {
    let text = "{ areas(level: AUTONOMY) { code lifeCircle { coveredBp walkingMinutes nearestCenter { code } } } }";
    let grids = town.stranger().asks(text).await.list("/areas");
    assert_eq!(grids.len(), 29);
    let own = grids.iter().find(|grid| grid["code"] == "310112008001").unwrap();
    assert_eq!(own["lifeCircle"]["nearestCenter"]["code"], "XH-01", "it lies in it: {own}");
    let covered: Vec<i64> = grids.iter().map(|grid| grid["lifeCircle"]["coveredBp"].as_i64().unwrap()).collect();
    assert!(covered.iter().all(|part| (0..=10_000).contains(part)) && covered.contains(&10_000), "{covered:?}");
    // A house that is shut is nobody's near one.
    let admin = town.staff("admin").await;
    let centers = admin.asks("{ centers { id version code address name area { code } } }").await.list("/centers");
    for center in centers.iter().filter(|center| !["XH-06", "XH-07"].contains(&center["code"].as_str().unwrap())) {
        let input = json!({
            "id": center["id"], "expectedVersion": center["version"], "code": center["code"], "name": center["name"],
            "areaCode": center["area"]["code"], "address": center["address"], "state": "SUSPENDED", "idempotencyKey": new_key(),
        });
        admin.does("saveCenter", &input, "center { id } userErrors { code field }").await.is_done();
    }
    town.later(TimeDelta::seconds(1));
    let own = town.stranger().asks(text).await.list("/areas").remove(0);
    assert_eq!(own["lifeCircle"], json!({ "coveredBp": 0, "walkingMinutes": null, "nearestCenter": null }));
}
