//! Bookings at another time or in another room of the centre: all of it at once, or nothing.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Booked, DANCE, at, in_state, nothing_overlaps, refusal};
use crate::support::{Answer, Person, Town, stories};

stories![
    it_moves_by_less_than_its_length_and_keeps_its_code,
    what_falls_free_by_it_goes_to_who_waits,
    what_is_taken_or_shut_leaves_it_as_it_was,
    it_is_not_moved_late_nor_by_others,
    a_room_by_approval_waits_for_the_centre_again,
    the_centre_moves_it_and_says_why,
    of_several_who_move_to_one_time_one_has_it,
];

impl Person {
    async fn tries_to_move(
        &self,
        town: &Town,
        verb: &str,
        booked: &Booked,
        venue: &str,
        (day, from, to): (i64, &str, &str),
    ) -> Answer {
        let to = json!({ "venueId": venue, "startsAt": at(town, day, from), "endsAt": at(town, day, to) });
        self.tries_on(verb, booked, to).await
    }

    async fn has_it_at(&self, town: &Town, booked: &Booked, venue: &str, time: (i64, &str, &str)) -> Booked {
        Booked::of(&self.tries_to_move(town, "rescheduleBooking", booked, venue, time).await)
    }
}

const MOVE: &str = "rescheduleBooking";

async fn it_moves_by_less_than_its_length_and_keeps_its_code(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let has = ann.books(town, &venue, (1, "10:00", "11:00")).await;
    let code =
        async || ann.asks("{ viewer { bookings { nodes { code startsAt } } } }").await.list("/viewer/bookings/nodes");
    let before = code().await;
    let moved = ann.has_it_at(town, &has, &venue, (1, "10:30", "11:30")).await;
    assert_eq!((&moved.id, moved.version, moved.state.as_str()), (&has.id, has.version + 1, "CONFIRMED"));
    let after = code().await;
    assert_eq!((after.len(), &after[0]["code"]), (1, &before[0]["code"]));
    assert_ne!(after[0]["startsAt"], before[0]["startsAt"]);
    let seen = town.resident().await.slots(town, &venue, 1, 60).await;
    assert_eq!(in_state(&seen, "TAKEN"), ["09:30", "10:00", "10:30", "11:00", "11:30"]);
    // To another day and another room, though there is one a day and kind: it is the same booking.
    let east = town.venue("XH-01", "多功能厅东厅").await;
    let moved = ann.has_it_at(town, &moved, &venue, (1, "15:00", "16:00")).await;
    let moved = ann.has_it_at(town, &moved, &east, (2, "09:00", "10:00")).await;
    assert_eq!(moved.version, 4);
    nothing_overlaps(town).await;
}

async fn what_falls_free_by_it_goes_to_who_waits(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (1, "10:00", "12:00")).await;
    let waits = bob.waits_for(town, &venue, (1, "10:00", "11:00")).await;
    let moved = ann.has_it_at(town, &has, &venue, (1, "11:00", "12:00")).await;
    // Cleaning before eleven is still in the way.
    assert_eq!(bob.sees_again(&waits).await.state, "WAITLISTED");
    ann.has_it_at(town, &moved, &venue, (1, "14:00", "15:00")).await;
    assert_eq!(bob.sees_again(&waits).await.state, "OFFERED");
    nothing_overlaps(town).await;
}

async fn what_is_taken_or_shut_leaves_it_as_it_was(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (1, "10:00", "11:00")).await;
    bob.books(town, &venue, (1, "14:00", "15:00")).await;
    let taken = ann.tries_to_move(town, MOVE, &has, &venue, (1, "14:30", "15:30")).await;
    taken.is_refused("SLOT_TAKEN").at("startsAt");
    assert_ne!(refusal(&taken)["resetAt"], Value::Null, "it says when it is free next");
    for (time, code) in [
        ((1, "05:00", "06:00"), "SLOT_CLOSED"),
        ((1, "10:10", "11:10"), "INVALID"),
        ((0, "08:00", "09:00"), "DEADLINE_PASSED"),
        ((20, "10:00", "11:00"), "NOT_IN_WINDOW"),
        ((1, "10:00", "15:00"), "INVALID"),
    ] {
        ann.tries_to_move(town, MOVE, &has, &venue, time).await.is_refused(code);
    }
    let elsewhere = town.venue("XH-02", DANCE).await;
    ann.tries_to_move(town, MOVE, &has, &elsewhere, (1, "10:00", "11:00")).await.is_refused("INVALID").at("venueId");
    ann.tries_to_move(town, MOVE, &has, &venue, (1, "10:00", "11:00")).await.is_refused("INVALID").at("startsAt");
    // What it has itself is not offered as free.
    let cid = town.resident().await;
    let own = cid.books(town, &venue, (1, "15:30", "16:30")).await;
    let earlier = cid.tries_to_move(town, MOVE, &own, &venue, (1, "14:00", "15:00")).await;
    assert_eq!(refusal(earlier.is_refused("SLOT_TAKEN"))["resetAt"], "2026-11-24T10:00:00Z");
    // Elsewhere at that time.
    let hall = town.venue("XH-01", "多功能厅西厅").await;
    ann.books(town, &hall, (2, "10:00", "11:00")).await;
    ann.tries_to_move(town, MOVE, &has, &venue, (2, "10:00", "11:00")).await.is_refused("TIME_CONFLICT");
    assert_eq!(ann.sees_again(&has).await.version, has.version);
    nothing_overlaps(town).await;
}

async fn it_is_not_moved_late_nor_by_others(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (0, "11:00", "12:00")).await;
    bob.tries_to_move(town, MOVE, &has, &venue, (1, "10:00", "11:00")).await.is_refused("NOT_FOUND");
    let staff = town.staff("center").await;
    staff.tries_to_move(town, MOVE, &has, &venue, (1, "10:00", "11:00")).await.is_refused("FORBIDDEN");
    ann.tries_to_move(town, "moveBooking", &has, &venue, (1, "10:00", "11:00")).await.is_refused("FORBIDDEN");
    assert_eq!(ann.looks_up(&has).await["viewerActions"], json!(["CANCEL", "RESCHEDULE"]));
    town.later(TimeDelta::seconds(1));
    ann.tries_to_move(town, MOVE, &has, &venue, (1, "10:00", "11:00")).await.is_refused("DEADLINE_PASSED");
    assert_eq!(ann.looks_up(&has).await["viewerActions"], json!(["CANCEL"]));
}

async fn a_room_by_approval_waits_for_the_centre_again(town: &Town) {
    let venue = town.venue("XH-02", "会议室").await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let asked = ann.books(town, &venue, (1, "09:00", "10:00")).await;
    let yes = staff.does_on("approveBooking", &asked, json!({})).await;
    let moved = ann.has_it_at(town, &yes, &venue, (2, "09:00", "10:00")).await;
    assert_eq!(moved.state, "PENDING_APPROVAL");
    staff.does_on("approveBooking", &moved, json!({})).await;
    nothing_overlaps(town).await;
}

async fn the_centre_moves_it_and_says_why(town: &Town) {
    let [hall, east, west] = ["多功能厅", "多功能厅东厅", "多功能厅西厅"].map(|name| town.venue("XH-01", name));
    let (hall, east, west) = (hall.await, east.await, west.await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &east, (1, "10:00", "11:00")).await;
    let wants = bob.waits_for(town, &east, (1, "10:00", "11:00")).await;
    let staff = town.staff("center").await;
    assert!(staff.looks_up(&has).await["viewerActions"].as_array().unwrap().contains(&json!("MOVE")));
    let to = json!({
        "venueId": west, "startsAt": at(town, 1, "10:00"), "endsAt": at(town, 1, "11:00"), "note": "东厅投影坏了",
    });
    let moved = staff.does_on("moveBooking", &has, to.clone()).await;
    staff.tries_on("moveBooking", &has, to).await.is_refused("CONFLICT");
    let seen = ann.looks_up(&moved).await;
    assert_eq!((&seen["state"], &seen["note"]), (&json!("CONFIRMED"), &json!("东厅投影坏了")));
    let text = "{ viewer { bookings { nodes { startsAt cancellableUntil } } } }";
    let own = ann.asks(text).await.list("/viewer/bookings/nodes");
    assert_eq!(own[0]["cancellableUntil"], own[0]["startsAt"], "the centre chose the time");
    assert_eq!(bob.sees_again(&wants).await.state, "OFFERED");
    // The hall is not free while its halves are had.
    staff.tries_to_move(town, "moveBooking", &moved, &hall, (1, "10:00", "11:00")).await.is_refused("SLOT_TAKEN");
    nothing_overlaps(town).await;
}

async fn of_several_who_move_to_one_time_one_has_it(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let times = [("09:00", "10:00"), ("10:30", "11:30"), ("12:00", "13:00"), ("18:00", "19:00")];
    let mut people = Vec::new();
    for (from, to) in times {
        let person = town.resident().await;
        let has = person.books(town, &venue, (1, from, to)).await;
        people.push((person, has));
    }
    let tries = people.iter().map(|(person, has)| person.tries_to_move(town, MOVE, has, &venue, (1, "14:30", "15:30")));
    let answers = join_all(tries).await;
    let done = answers.iter().filter(|answer| answer.codes().is_empty()).count();
    assert_eq!(done, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.codes().is_empty() || answer.codes() == ["SLOT_TAKEN"]), "{answers:?}");
    nothing_overlaps(town).await;
}
