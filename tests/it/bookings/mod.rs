//! Neighbourhood centres and bookings: what is free, who has it, who waits for it (domain §C, scenarios 10 and 11; peers §9).

mod clock;
mod credit;
mod day;
mod desk;
mod door;
mod holding;
mod model;
mod moving;
pub mod places;
mod races;
mod refusals;
mod reserved;
mod series;
mod services;
mod told;
mod trunk;
mod waitlist;
mod watching;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};
use entity::enums::BookingState as S;
use entity::id::VenueId;
use entity::{booking, commitment, occupancy, slot_hold, venue};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, eventually};

/// What a verb of bookings is asked back.
const BOOKING: &str = "isReplay booking { id version code state startsAt endsAt offerExpiresAt isLateCancel note rejectReason \
                       callOffReason viewerActions } userErrors { code message field resetAt limit }";
/// The dance room of the first centre, booked at once.
pub const DANCE: &str = "舞蹈房";

/// A booking as somebody saw it last.
#[derive(Clone, Debug)]
pub struct Booked {
    pub id: String,
    pub version: i64,
    pub state: String,
}

impl Booked {
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        answer.is_done();
        Self::shown(answer)
    }

    /// The booking that a payload shows, refused or not.
    #[track_caller]
    pub fn shown(answer: &Answer) -> Self {
        let payload = answer.json["data"].as_object().and_then(|data| data.values().next()).expect("a payload");
        Self::from(&payload["booking"])
    }
}

impl From<&Value> for Booked {
    #[track_caller]
    fn from(value: &Value) -> Self {
        Self {
            id: value["id"].as_str().unwrap_or_else(|| panic!("no booking: {value}")).to_owned(),
            version: value["version"].as_i64().unwrap(),
            state: value["state"].as_str().unwrap().to_owned(),
        }
    }
}

/// A time of a day, so many days after the town's, as a client sends it.
pub fn at(town: &Town, days: i64, time: &str) -> DateTime<Utc> {
    let shanghai = FixedOffset::east_opt(8 * 3600).unwrap();
    let date = town.now().with_timezone(&shanghai).date_naive() + TimeDelta::days(days);
    let time: NaiveTime = format!("{time}:00").parse().unwrap();
    date.and_time(time).and_local_timezone(shanghai).unwrap().with_timezone(&Utc)
}

impl Town {
    /// A venue of a centre of the demo town.
    pub async fn venue(&self, center: &str, name: &str) -> String {
        let centers = self.stranger().asks("{ centers { code venues { id name } } }").await.list("/centers");
        let center = centers.iter().find(|row| row["code"] == center).expect("the centre");
        let venues = center["venues"].as_array().unwrap();
        venues.iter().find(|row| row["name"] == name).expect("the venue")["id"].as_str().unwrap().to_owned()
    }

    /// Does what is due about bookings until nothing is left.
    pub async fn strikes(&self) {
        let due = format!("SELECT count(*) AS n FROM booking WHERE due_at < '{}'", self.now().to_rfc3339());
        let held = format!("SELECT count(*) AS n FROM slot_hold WHERE expires_at <= '{}'", self.now().to_rfc3339());
        // The town's own node looks too, and whoever has the lease does it.
        eventually("nothing is due about bookings", async || {
            zhilitong::bookings::work_off(self.base()).await.expect("bookings on the clock");
            self.number(&due).await + self.number(&held).await == 0
        })
        .await;
    }
}

impl Person {
    /// Tries to book a venue on a day between two times.
    pub async fn tries_to_book(
        &self,
        town: &Town,
        venue: &str,
        (day, from, to): (i64, &str, &str),
        more: Value,
    ) -> Answer {
        let input = json!({
            "venueId": venue, "startsAt": at(town, day, from), "endsAt": at(town, day, to), "partySize": 6,
            "purpose": "舞蹈队排练", "idempotencyKey": new_key(),
        });
        self.does("bookVenue", &with(input, more), BOOKING).await
    }

    /// Books it, which must succeed.
    pub async fn books(&self, town: &Town, venue: &str, time: (i64, &str, &str)) -> Booked {
        Booked::of(&self.tries_to_book(town, venue, time, json!({})).await)
    }

    /// Waits for it, which must succeed; whoever comes next, comes later.
    pub async fn waits_for(&self, town: &Town, venue: &str, time: (i64, &str, &str)) -> Booked {
        let waits = Booked::of(&self.tries_to_book(town, venue, time, json!({ "joinWaitlist": true })).await);
        assert_eq!(waits.state, "WAITLISTED");
        town.later(TimeDelta::seconds(1));
        waits
    }

    /// Tries a verb on a booking as it was seen.
    pub async fn tries_on(&self, verb: &str, booked: &Booked, more: Value) -> Answer {
        let on = json!({ "id": booked.id, "expectedVersion": booked.version, "idempotencyKey": new_key() });
        self.does(verb, &with(on, more), BOOKING).await
    }

    /// Does it, which must succeed.
    pub async fn does_on(&self, verb: &str, booked: &Booked, more: Value) -> Booked {
        Booked::of(&self.tries_on(verb, booked, more).await)
    }

    /// A booking as it is now; null when it is hidden.
    pub async fn looks_up(&self, booked: &Booked) -> Value {
        let text = "query($id: ID!) { node(id: $id) { ... on Booking { id version state offerExpiresAt isLateCancel \
                    viewerActions note callOffReason rejectReason checkedInAt endedAt } } }";
        self.says(text, &json!({ "id": booked.id })).await.get("/node").clone()
    }

    /// As [`Person::looks_up`], of what must be there.
    pub async fn sees_again(&self, booked: &Booked) -> Booked {
        Booked::from(&self.looks_up(booked).await)
    }

    /// Where the slots of a venue stand on a day: times in Shanghai with their states.
    pub async fn slots(&self, town: &Town, venue: &str, day: i64, minutes: i64) -> Vec<(String, String)> {
        let shanghai = FixedOffset::east_opt(8 * 3600).unwrap();
        let date = at(town, day, "12:00").with_timezone(&shanghai).date_naive();
        let text = "query($id: ID!, $from: NaiveDate!, $minutes: Int!) { node(id: $id) { ... on Venue { \
                    slots(from: $from, minutes: $minutes) { startsAt endsAt state opensAt } } } }";
        let slots =
            self.says(text, &json!({ "id": venue, "from": date, "minutes": minutes })).await.list("/node/slots");
        let named = slots.iter().map(|slot| {
            let starts: DateTime<Utc> = slot["startsAt"].as_str().unwrap().parse().unwrap();
            let time = starts.with_timezone(&shanghai).format("%H:%M").to_string();
            (time, slot["state"].as_str().unwrap().to_owned())
        });
        named.collect()
    }
}

/// The first refusal of a payload.
pub fn refusal(answer: &Answer) -> Value {
    let payload = answer.json["data"].as_object().and_then(|data| data.values().next()).expect("a payload");
    let mut refusal = payload["userErrors"][0].clone();
    if let Some(until) = refusal["resetAt"].as_str() {
        refusal["resetAt"] = Value::from(until.replace("+00:00", "Z"));
    }
    refusal
}

/// Times in one state.
pub fn in_state<'s>(slots: &'s [(String, String)], state: &str) -> Vec<&'s str> {
    slots.iter().filter(|slot| slot.1 == state).map(|slot| slot.0.as_str()).collect()
}

/// What must hold whatever happened: each booking that keeps its venue has every leaf of it for every quarter, buffers included, and
/// nobody else has one of these; whoever has a place is committed for its time; nothing is kept for nobody. Of a used one a part may
/// be left.
pub async fn nothing_overlaps(town: &Town) {
    let db = town.database();
    let venues = venue::Entity::find().all(db).await.unwrap();
    let mut pieces: BTreeMap<Uuid, BTreeSet<Piece>> = BTreeMap::new();
    for row in occupancy::Entity::find().all(db).await.unwrap() {
        pieces.entry(row.holder).or_default().insert((row.leaf, row.unit, row.granule));
    }
    let quarter = |at: DateTime<Utc>| i32::try_from(at.timestamp() / 900).unwrap();
    // What is kept for who fills in a form has all of its pieces, and keeps nobody from being elsewhere.
    for row in slot_hold::Entity::find().all(db).await.unwrap() {
        let (before, after) = (i32::from(row.buffer_before) / 15, i32::from(row.buffer_after) / 15);
        let kept = quarter(row.begins_at) - before..quarter(row.ends_at) + after;
        let has = pieces.remove(&row.id.0).unwrap_or_default();
        assert_eq!(has, whole(&venues, row.venue_id, kept, &has), "{row:?}");
    }
    let mut promised: BTreeMap<Uuid, BTreeSet<i32>> = BTreeMap::new();
    for row in commitment::Entity::find().all(db).await.unwrap() {
        promised.entry(row.holder).or_default().insert(row.granule);
    }
    for row in booking::Entity::find().all(db).await.unwrap() {
        let (from, to) = (quarter(row.begins_at), quarter(row.ends_at));
        let kept = from - i32::from(row.buffer_before) / 15..to + i32::from(row.buffer_after) / 15;
        let (has, is_promised) =
            (pieces.remove(&row.id.0).unwrap_or_default(), promised.remove(&row.id.0).unwrap_or_default());
        let whole = whole(&venues, row.venue_id, kept, &has);
        match row.state {
            S::Offered => assert_eq!((has, is_promised.len()), (whole, 0), "{row:?}"),
            S::PendingApproval | S::Confirmed | S::CheckedIn => {
                assert_eq!((has, is_promised), (whole, (from..to).collect()), "{row:?}");
            }
            S::Completed => assert!(has.is_subset(&whole), "{row:?}"),
            _ => assert!(has.is_empty() && is_promised.is_empty(), "{row:?} keeps {has:?}"),
        }
    }
    assert!(pieces.is_empty() && promised.is_empty(), "kept for nobody: {pieces:?} {promised:?}");
}

/// A leaf, one of its places, a quarter.
type Piece = (Uuid, i32, i32);

/// What somebody must have of a venue for some quarters: all places of all that lies in it; of one that is had in places, one and the
/// same all the time, whichever that is.
fn whole(venues: &[venue::Model], id: VenueId, kept: Range<i32>, has: &BTreeSet<Piece>) -> BTreeSet<Piece> {
    let parts: Vec<&venue::Model> = venues.iter().filter(|venue| venue.within_id == Some(id)).collect();
    let own = venues.iter().find(|venue| venue.id == id).expect("its venue");
    let places: Vec<(Uuid, i32)> = if !parts.is_empty() {
        parts.iter().flat_map(|part| (0..part.units.into()).map(|unit| (part.id.0, unit))).collect()
    } else if own.units > 1 {
        let unit = has.first().map_or(0, |(_, unit, _)| *unit);
        assert!((0..own.units.into()).contains(&unit), "{unit} of {}", own.units);
        vec![(id.0, unit)]
    } else {
        vec![(id.0, 0)]
    };
    places.iter().flat_map(|(leaf, unit)| kept.clone().map(|at| (*leaf, *unit, at))).collect()
}
