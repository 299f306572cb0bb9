//! Events: written, reviewed, published, changed and called off; who registers, waits and takes it back; and the wall around those of the
//! party (domain §D, scenario 12; peers §9).

pub mod attendance;
mod clock;
mod meetings;
mod planning;
mod privacy;
mod registering;
mod rooms;
mod told;
mod waitlist;
mod wall;

use entity::enums::Role;
use serde_json::{Value, json};

use crate::bookings::at;
use crate::party::{appointed, enters, id_of, rosters_with};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, eventually};

/// What a verb of events is asked back.
const EVENT: &str = "isReplay event { id version state title note seatsTaken viewerActions } userErrors { code message field limit resetAt allowed }";
/// What a verb of registrations is asked back.
const REGISTRATION: &str = "isReplay registration { id version state seats code keptUntil waitlistPosition note viewerActions } \
                            userErrors { code message field limit resetAt allowed }";
/// What a verb of attendance is asked back.
const LINE: &str = "isReplay attendance { id version status method leaveState minutes seats viewerActions } \
                    userErrors { code message field limit resetAt allowed }";
/// Code of the whole street.
const STREET: &str = "310112008";

/// An event, or a registration, as somebody saw it last.
#[derive(Clone, Debug)]
pub struct Thing {
    pub id: String,
    pub version: i64,
    pub state: String,
}

impl Thing {
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        answer.is_done();
        let payload = answer.json["data"].as_object().and_then(|data| data.values().next()).expect("a payload");
        let shown = ["event", "registration"].into_iter().find_map(|name| payload.get(name)).expect("a thing");
        Self::from(shown)
    }
}

impl From<&Value> for Thing {
    #[track_caller]
    fn from(value: &Value) -> Self {
        Self {
            id: value["id"].as_str().unwrap_or_else(|| panic!("nothing: {value}")).to_owned(),
            version: value["version"].as_i64().unwrap(),
            state: value["state"].as_str().unwrap().to_owned(),
        }
    }
}

/// An event of the neighbourhood on the fifth day from two to four, with ten seats.
pub fn chorus(town: &Town) -> Value {
    json!({
        "kind": "OPEN_EVENT", "audience": "PUBLIC", "title": "社区合唱", "summary": "一起唱歌", "body": "带上好心情，一起唱歌。",
        "organizer": "爱博居委会", "tags": ["歌唱", "亲子"], "areaCode": STREET, "address": "活动室",
        "startsAt": at(town, 5, "14:00"), "endsAt": at(town, 5, "16:00"), "registration": { "capacity": 10, "mostSeats": 3 },
    })
}

/// What registering says, with other terms.
pub fn on_terms(terms: Value) -> Value {
    json!({ "registration": with(json!({ "capacity": 10, "mostSeats": 3 }), terms) })
}

impl Person {
    /// Tries to make an event.
    pub async fn tries_to_plan(&self, event: &Value) -> Answer {
        let input = with(event.clone(), json!({ "idempotencyKey": new_key() }));
        self.does("saveEvent", &input, EVENT).await
    }

    /// Tries a verb on an event as it was seen.
    pub async fn tries_with_event(&self, verb: &str, event: &Thing, more: Value) -> Answer {
        let on = json!({ "id": event.id, "expectedVersion": event.version, "idempotencyKey": new_key() });
        self.does(verb, &with(on, more), EVENT).await
    }

    /// Does it, which must succeed.
    pub async fn does_with_event(&self, verb: &str, event: &Thing, more: Value) -> Thing {
        Thing::of(&self.tries_with_event(verb, event, more).await)
    }

    /// Tries to register.
    pub async fn tries_to_register(&self, event: &Thing, more: Value) -> Answer {
        let input = json!({ "eventId": event.id, "idempotencyKey": new_key() });
        self.does("registerForEvent", &with(input, more), REGISTRATION).await
    }

    /// Registers, which must succeed.
    pub async fn registers(&self, event: &Thing) -> Thing {
        Thing::of(&self.tries_to_register(event, json!({})).await)
    }

    /// Stands in line for a seat, which must succeed.
    pub async fn lines_up_for(&self, town: &Town, event: &Thing, more: Value) -> Thing {
        let wants = with(json!({ "joinWaitlist": true }), more);
        let waits = Thing::of(&self.tries_to_register(event, wants).await);
        assert_eq!(waits.state, "WAITLISTED");
        town.later(chrono::TimeDelta::seconds(1));
        waits
    }

    /// Tries a verb on a registration as it was seen.
    pub async fn tries_with_seat(&self, verb: &str, own: &Thing, more: Value) -> Answer {
        let on = json!({ "id": own.id, "expectedVersion": own.version, "idempotencyKey": new_key() });
        self.does(verb, &with(on, more), REGISTRATION).await
    }

    /// An event as it is now; null when it is hidden.
    pub async fn looks_at_event(&self, event: &Thing) -> Value {
        let text = "query($id: ID!) { node(id: $id) { ... on Event { id version state title address note seatsTaken waitlistCount startsAt \
                    organization { code } organizations { code } tags agenda { title } viewerActions \
                    viewerEligibility { isEligible reason opensAt } \
                    viewerRegistration { id version state seats waitlistPosition keptUntil note guests { name isDependant } answers { key values } } } } }";
        self.says(text, &json!({ "id": event.id })).await.get("/node").clone()
    }

    /// The own registration as it is now.
    pub async fn own_seat(&self, event: &Thing) -> Value {
        self.looks_at_event(event).await["viewerRegistration"].clone()
    }

    /// Titles of the events that are listed.
    pub async fn sees_events(&self, filter: Value) -> Vec<String> {
        let text = "query($filter: EventFilter) { events(first: 50, filter: $filter) { nodes { title } } }";
        let rows = self.says(text, &json!({ "filter": filter })).await.list("/events/nodes");
        rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
    }

    /// Tries to read who registered.
    pub async fn reads_registrations(&self, event: &str) -> Answer {
        let text = "query($id: ID!) { eventRegistrations(filter: { eventId: $id }, first: 50) { nodes { id version state seats code attendee { displayName } \
                    guests { name isDependant } } } }";
        self.says(text, &json!({ "id": event })).await
    }
}

impl Town {
    /// An event that is published: written by the neighbourhood, reviewed by the editor.
    pub async fn publishes(&self, event: &Value) -> (Person, Thing) {
        let (host, editor) = (self.staff("neighbourhood").await, self.staff("editor").await);
        let draft = Thing::of(&host.tries_to_plan(event).await);
        let submitted = host.does_with_event("submitEvent", &draft, json!({})).await;
        let approved = editor.does_with_event("approveEvent", &submitted, json!({})).await;
        let published = host.does_with_event("publishEvent", &approved, json!({})).await;
        (host, published)
    }

    /// A branch with its secretary and a member who confirmed it, and its id; the committee above is `T`.
    pub async fn branch(&self) -> (Person, Person, String) {
        let member = self.resident().await;
        let imported = enters(self, &rosters_with(&member.phone())).await;
        let branch = id_of(&imported, "T-A");
        let input = json!({ "idempotencyKey": new_key() });
        member.does("confirmPartyMembership", &input, "userErrors { code }").await.is_done();
        (appointed(self, Role::PartySecretary, &branch, None).await, member, branch)
    }

    /// Does what is due about events until nothing is left.
    pub async fn rings(&self) {
        let due =
            |table: &str| format!("SELECT count(*) AS n FROM {table} WHERE due_at <= '{}'", self.now().to_rfc3339());
        // The town's own node looks too, and whoever has the lease does it.
        eventually("nothing is due about events", async || {
            zhilitong::events::work_off(self.base()).await.expect("events on the clock");
            self.number(&due("event")).await + self.number(&due("event_registration")).await == 0
        })
        .await;
    }

    /// Whether seats are counted as they are had, nobody is expected who has none, and who is registered stands on the list.
    pub async fn keeps_seats_straight(&self) {
        let wrong = "SELECT count(*) AS n FROM event e WHERE e.seats_taken <> (SELECT coalesce(sum(r.seats), 0) FROM event_registration r \
                     WHERE r.event_id = e.id AND r.state IN ('HELD', 'OFFERED', 'CONFIRMED'))";
        assert_eq!(self.number(wrong).await, 0, "an event counts other seats than are kept");
        let over = "SELECT count(*) AS n FROM event WHERE capacity IS NOT NULL AND seats_taken > capacity";
        assert_eq!(self.number(over).await, 0, "more seats are taken than there are");
        let free = "SELECT count(*) AS n FROM commitment c JOIN event_registration r ON r.id = c.holder WHERE r.state <> 'CONFIRMED'";
        assert_eq!(self.number(free).await, 0, "somebody is expected who is not registered");
        let listed = "SELECT (SELECT count(*) FROM event_registration r JOIN event e ON e.id = r.event_id WHERE r.state = 'CONFIRMED' AND NOT EXISTS \
                      (SELECT 1 FROM event_attendance a WHERE a.event_id = r.event_id AND a.account_id = r.account_id AND a.seats = r.seats)) \
                      + (SELECT count(*) FROM event_attendance a JOIN event e ON e.id = a.event_id WHERE e.takes_registrations AND NOT EXISTS \
                      (SELECT 1 FROM event_registration r WHERE r.event_id = a.event_id AND r.account_id = a.account_id AND r.state = 'CONFIRMED')) AS n";
        assert_eq!(
            self.number(listed).await,
            0,
            "the list of who is expected is another than that of who is registered"
        );
    }
}
