//! Many at once: of those who want the same, exactly one has it, never none.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::{Booked, DANCE, nothing_overlaps};
use crate::support::{Person, Town, stories};

stories![
    of_many_who_want_one_slot_one_has_it,
    at_eight_and_not_before_one_has_it,
    of_the_hall_and_its_halves_one_side_has_it,
    of_one_persons_two_rooms_one_is_had,
    nobody_is_left_waiting_for_what_is_free,
];

async fn crowd(town: &Town, people: usize) -> Vec<Person> {
    let mut crowd = Vec::new();
    for _ in 0..people {
        crowd.push(town.resident().await);
    }
    crowd
}

async fn of_many_who_want_one_slot_one_has_it(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let crowd = crowd(town, 30).await;
    let tries = crowd
        .iter()
        .map(|person| person.tries_to_book(town, &venue, (1, "10:00", "11:00"), json!({ "joinWaitlist": true })));
    let states: Vec<String> = join_all(tries).await.iter().map(|answer| Booked::of(answer).state).collect();
    assert_eq!(states.iter().filter(|state| *state == "CONFIRMED").count(), 1);
    assert_eq!(states.iter().filter(|state| *state == "WAITLISTED").count(), 29);
    // Without a wish to wait, each loser is told.
    let tries = crowd.iter().map(|person| person.tries_to_book(town, &venue, (2, "10:00", "11:00"), json!({})));
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.codes().is_empty()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.codes() == ["SLOT_TAKEN"]).count(), 29);
    nothing_overlaps(town).await;
}

/// A date opens a week before at eight (scenario 10): who is too early has nothing of it, wherever the node.
async fn at_eight_and_not_before_one_has_it(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    town.later(TimeDelta::hours(23) - TimeDelta::microseconds(1));
    let other = town.second_node().await;
    let mut crowd = crowd(town, 20).await;
    for person in &mut crowd[10..] {
        person.server = other.address;
    }
    // A week after the day that begins with this hour.
    let book = async || {
        let tries = crowd.iter().map(|person| person.tries_to_book(town, &venue, (7, "10:00", "11:00"), json!({})));
        join_all(tries).await
    };
    let early = book().await;
    assert!(early.iter().all(|answer| answer.codes() == ["NOT_IN_WINDOW"]), "{:?}", early[0]);
    town.later(TimeDelta::microseconds(1));
    let answers = book().await;
    assert_eq!(answers.iter().filter(|answer| answer.codes().is_empty()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.codes() == ["SLOT_TAKEN"]).count(), 19);
    other.stops().await;
    nothing_overlaps(town).await;
}

async fn of_the_hall_and_its_halves_one_side_has_it(town: &Town) {
    let [hall, east, west] = ["多功能厅", "多功能厅东厅", "多功能厅西厅"].map(|name| town.venue("XH-01", name));
    let rooms = [hall.await, east.await, west.await];
    let crowd = crowd(town, 12).await;
    for day in 1..4 {
        let tries = crowd
            .iter()
            .enumerate()
            .map(|(at, person)| person.tries_to_book(town, &rooms[at % 3], (day, "10:00", "11:00"), json!({})));
        let won: Vec<usize> = join_all(tries)
            .await
            .iter()
            .enumerate()
            .filter(|(_, answer)| answer.codes().is_empty())
            .map(|(at, _)| at % 3)
            .collect();
        // Either the hall or both halves: that nobody has a half would mean that all who wanted it lost to nobody.
        assert!(matches!(won.as_slice(), [0] | [1, 2] | [2, 1]), "{won:?}");
        nothing_overlaps(town).await;
    }
}

async fn of_one_persons_two_rooms_one_is_had(town: &Town) {
    let (dance, fitness) = (town.venue("XH-01", DANCE).await, town.venue("XH-02", "健身房").await);
    let ann = town.resident().await;
    let (one, two) = (
        ann.tries_to_book(town, &dance, (1, "10:00", "11:00"), json!({})),
        ann.tries_to_book(town, &fitness, (1, "10:30", "11:30"), json!({})),
    );
    let (one, two) = futures_util::future::join(one, two).await;
    let mut codes = [one.codes(), two.codes()];
    codes.sort();
    assert_eq!(codes, [vec![], vec!["TIME_CONFLICT".to_owned()]]);
    assert_eq!(town.number("SELECT count(*) AS n FROM commitment").await, 4);
}

/// One gives up while others join: whoever waits in the end, waits for what somebody has.
async fn nobody_is_left_waiting_for_what_is_free(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    for day in 1..6 {
        let crowd = crowd(town, 8).await;
        let time = (day, "10:00", "11:00");
        let has = crowd[0].books(town, &venue, time).await;
        let joins =
            crowd[1..].iter().map(|person| person.tries_to_book(town, &venue, time, json!({ "joinWaitlist": true })));
        let gives_up = crowd[0].tries_on("cancelBooking", &has, json!({}));
        let (joined, gone) = futures_util::future::join(join_all(joins), gives_up).await;
        gone.is_done();
        joined.iter().for_each(|answer| {
            answer.is_done();
        });
        let kept = "SELECT count(*) AS n FROM booking WHERE state IN ('OFFERED', 'CONFIRMED')";
        assert_eq!(town.number(kept).await, day, "one has it");
        nothing_overlaps(town).await;
    }
}
