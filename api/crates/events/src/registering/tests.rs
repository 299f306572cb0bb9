use std::collections::BTreeMap;
use std::fmt::Write as _;

use entity::enums::{EventAudience, EventState};
use entity::id::{AccountId, EventId};
use expect_test::expect;
use proptest::prelude::*;
use serde_json::json;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::*;
use crate::workflow::tests::{at, row as event_row};

fn event(capacity: Option<i32>) -> event::Model {
    event::Model { capacity, ..event_row(EventState::Open, EventAudience::Public) }
}

fn row(id: u128, state: S, seats: i16) -> Model {
    Model {
        id: EventRegistrationId(Uuid::from_u128(id)),
        version: 1,
        event_id: EventId(Uuid::nil()),
        account_id: AccountId(Uuid::from_u128(id)),
        code: String::new(),
        seats,
        state,
        answers: json!([]),
        note: None,
        queued_at: at("20T00:00"),
        due_at: None,
        ended_at: None,
        created_at: at("20T00:00"),
        updated_at: at("20T00:00"),
    }
}

#[test]
fn what_may_happen_from_where() {
    let steps = [RegistrationStep::Accept, RegistrationStep::Cancel, RegistrationStep::Remove, RegistrationStep::Lapse];
    let mut table = String::new();
    for state in S::iter() {
        write!(table, "{state:?}:").unwrap();
        for step in steps {
            // What the clock looks at is due, what is offered is not yet over.
            let is_due = step == RegistrationStep::Lapse;
            let due_at = Some(if is_due { at("21T00:00") } else { at("23T00:00") });
            let before = Model { due_at, ..row(1, state, 1) };
            if let Ok(fact) = decide(&before, &event(Some(10)), step, at("22T00:00")) {
                let mut after = before;
                evolve(&mut after, &fact, &event(Some(10)), at("22T00:00"));
                write!(table, " {step:?}→{:?}", after.state).unwrap();
            }
        }
        table.push('\n');
    }
    expect![[r#"
        Held: Cancel→Cancelled Lapse→Expired
        Waitlisted: Cancel→Cancelled Remove→Removed Lapse→Expired
        Offered: Accept→Confirmed Cancel→Cancelled Remove→Removed Lapse→Expired
        Confirmed: Cancel→Cancelled Remove→Removed Lapse→Expired
        Cancelled:
        Removed:
        CalledOff:
        Expired:
    "#]]
    .assert_eq(&table);
}

#[test]
fn a_seat_is_taken_back_until_the_event_says_and_a_place_in_line_until_it_is_over() {
    let event = event(Some(10));
    for (state, now, expected) in [
        (S::Confirmed, "27T04:00", true),
        (S::Confirmed, "27T04:01", false),
        (S::Waitlisted, "27T05:59", true),
        (S::Offered, "27T05:59", true),
        (S::Waitlisted, "27T08:00", false),
    ] {
        let done = decide(&row(1, state, 1), &event, RegistrationStep::Cancel, at(now));
        assert_eq!(done.is_ok(), expected, "{state:?} {now}");
    }
    assert!(decide(&row(1, S::Confirmed, 1), &event, RegistrationStep::Remove, at("27T07:59")).is_ok());
}

#[test]
fn who_comes_too_late_waits_or_is_told() {
    let full = event::Model { seats_taken: 9, waitlist_limit: Some(2), ..event(Some(10)) };
    assert_eq!(begin(&full, 1, 5, false), Ok(S::Confirmed));
    assert_eq!(begin(&full, 2, 0, false).unwrap_err().code, UserErrorCode::EventFull);
    assert_eq!(begin(&full, 2, 1, true), Ok(S::Waitlisted));
    let told = begin(&full, 2, 2, true).unwrap_err();
    assert_eq!((told.code, told.detail), (UserErrorCode::LimitExceeded, Detail::Limit(2)));
    assert_eq!(begin(&event::Model { seats_taken: 9_999, ..event(None) }, 10, 0, false), Ok(S::Confirmed));
}

#[test]
fn an_offer_lasts_half_an_hour_and_no_longer_than_until_it_begins() {
    let offers = event::Model { promotion: WaitlistPromotion::Offer, ..event(Some(10)) };
    let until = |now| match promote(&offers, at(now)) {
        RegistrationFact::Offered { until } => until,
        other => panic!("{other:?}"),
    };
    assert_eq!(until("27T05:00"), at("27T05:30"));
    assert_eq!(until("27T05:45"), at("27T06:00"));
    assert_eq!(promote(&event(Some(10)), at("27T04:00")), RegistrationFact::Promoted);
    // Who could not give it back any more is asked first.
    let asked = promote(&event(Some(10)), at("27T04:01"));
    assert_eq!(asked, RegistrationFact::Offered { until: at("27T04:31") });
}

/// What the service does with these rules, without a database.
#[derive(Debug)]
struct Hall {
    event: event::Model,
    rows: BTreeMap<u128, Model>,
    now: DateTime<Utc>,
    /// Who was given a seat from the line, in order.
    promoted: Vec<u128>,
}

impl Hall {
    fn write(&mut self, id: u128, fact: &RegistrationFact) {
        let (event, now) = (self.event.clone(), self.now);
        let row = self.rows.get_mut(&id).unwrap();
        let before = row.state;
        evolve(row, fact, &event, now);
        let seats = i32::from(row.seats);
        match (keeps(before), keeps(row.state)) {
            (false, true) => self.event.seats_taken += seats,
            (true, false) => self.event.seats_taken -= seats,
            _ => {}
        }
    }

    fn promote(&mut self) {
        let line = |hall: &Self| -> Vec<Waiting> {
            let waiting = hall.rows.values().filter(|row| row.state == S::Waitlisted);
            waiting.map(|row| (row.id, Place::Waiting, u32::from(row.seats.unsigned_abs()))).collect()
        };
        while let Some(id) = next(&self.event, &line(self), self.now) {
            let key = id.0.as_u128();
            let free = free(&self.event).unwrap_or(i32::MAX);
            let passed_over = self.rows.values().filter(|row| row.state == S::Waitlisted && row.id < id);
            assert!(passed_over.clone().all(|row| i32::from(row.seats) > free), "nobody is passed over who had enough");
            let fact = promote(&self.event, self.now);
            self.write(key, &fact);
            self.promoted.push(key);
        }
    }

    fn check(&self) {
        let kept: i32 = self.rows.values().filter(|row| keeps(row.state)).map(|row| i32::from(row.seats)).sum();
        assert_eq!(kept, self.event.seats_taken, "the row counts what is kept");
        assert!(self.event.capacity.is_none_or(|capacity| kept <= capacity), "never more than there are");
        let is_over = self.now >= self.event.begins_at;
        let free = free(&self.event).unwrap_or(i32::MAX);
        let waits = |row: &&Model| row.state == S::Waitlisted && i32::from(row.seats) <= free;
        assert!(is_over || !self.rows.values().any(|row| waits(&row)), "nobody waits for what is free");
    }
}

proptest! {
    /// However people come, go, answer and time passes, and however the hall grows: never more seats than there are, the row counts them,
    /// the line is kept in order, and nobody is given anything once it has begun.
    #[test]
    fn seats_are_exact_and_the_line_keeps_its_order(
        capacity in 1..6_i32,
        offers: bool,
        steps in prop::collection::vec((0..6_u8, 1..4_i16, 0..12_usize, 0..40_i64), 0..80),
    ) {
        let promotion = if offers { WaitlistPromotion::Offer } else { WaitlistPromotion::Automatic };
        let event = event::Model { promotion, ..event(Some(capacity)) };
        let mut hall = Hall { event, rows: BTreeMap::new(), now: at("26T20:00"), promoted: Vec::new() };
        for (step, seats, who, minutes) in steps {
            hall.now += TimeDelta::minutes(minutes);
            let due: Vec<u128> = hall.rows.iter().filter(|(_, row)| row.due_at.is_some_and(|due| hall.now >= due)).map(|(key, _)| *key).collect();
            for key in due {
                if let Ok(fact) = decide(&hall.rows[&key], &hall.event, RegistrationStep::Lapse, hall.now) {
                    hall.write(key, &fact);
                    hall.promote();
                }
            }
            let known = hall.rows.keys().copied().nth(who);
            match (step, known) {
                (0 | 1, _) if hall.now < hall.event.begins_at => {
                    let key = hall.rows.len() as u128 + 1;
                    if let Ok(state) = begin(&hall.event, seats, 0, true) {
                        let due_at = (state == S::Waitlisted).then_some(hall.event.begins_at);
                        hall.rows.insert(key, Model { version: 0, ..row(key, S::Expired, seats) });
                        hall.write(key, &RegistrationFact::Made { event: hall.event.id, seats, state, due_at });
                    }
                }
                (2, _) if hall.now < hall.event.begins_at && has_room(&hall.event, seats) => {
                    let key = hall.rows.len() as u128 + 1;
                    hall.rows.insert(key, Model { version: 0, ..row(key, S::Expired, seats) });
                    let until = hall.now + HOLD;
                    hall.write(key, &RegistrationFact::Held { event: hall.event.id, seats, until });
                }
                (3 | 4, Some(key)) => {
                    let step = if step == 3 { RegistrationStep::Cancel } else { RegistrationStep::Accept };
                    if let Ok(fact) = decide(&hall.rows[&key], &hall.event, step, hall.now) {
                        hall.write(key, &fact);
                    }
                }
                (5, _) => hall.event.capacity = Some(hall.event.capacity.unwrap() + i32::from(seats)),
                _ => {}
            }
            hall.promote();
            hall.check();
        }
        let over = hall.rows.values().filter(|row| !is_live(row.state));
        prop_assert!(over.clone().all(|row| row.ended_at.is_some()), "what is over says when");
    }
}
