//! Who comes next: numbers are taken in the app or at the desk, called, served, skipped and called again; each once, whoever is fast.

use chrono::TimeDelta;
use entity::enums::Role;
use entity::id::{AccountId, Id as _};
use futures_util::future::join_all;
use kernel::actor::Actor;
use serde_json::{Value, json};

use crate::bookings::{at, places, refusal};
use crate::support::case::new_key;
use crate::support::{Answer, Person, Town, eventually, stories};

stories![
    a_number_is_taken_called_and_served,
    who_does_not_come_is_skipped_and_called_again,
    of_many_at_once_each_has_a_number_of_ones_own_and_each_is_called_by_one,
    numbers_are_few_and_one_for_each,
    what_is_given_back_is_anothers,
    a_counter_has_one_at_a_time,
    while_the_house_is_shut_no_number_is_given,
    what_is_left_when_the_day_is_over_expires,
    a_number_is_between_its_person_and_the_desk,
    the_screen_in_the_hall_sees_who_is_called,
    who_is_forgotten_stands_in_no_line,
];

const TICKET: &str = "isReplay serviceTicket { id version number state ahead counter on endedAt service { item { code } } viewerActions } \
                      userErrors { code field message limit resetAt allowed }";

/// A number as somebody saw it last.
#[derive(Clone, Debug)]
struct Ticket {
    id: String,
    version: i64,
    number: i64,
    state: String,
}

impl Ticket {
    #[track_caller]
    fn of(answer: &Answer) -> Self {
        answer.is_done();
        let payload = answer.json["data"].as_object().and_then(|data| data.values().next()).expect("a payload");
        let ticket = &payload["serviceTicket"];
        Self {
            id: ticket["id"].as_str().expect("a ticket").to_owned(),
            version: ticket["version"].as_i64().unwrap(),
            number: ticket["number"].as_i64().unwrap(),
            state: ticket["state"].as_str().unwrap().to_owned(),
        }
    }
}

impl Person {
    async fn tries_to_line_up(&self, verb: &str, service: &str) -> Answer {
        self.does(verb, &json!({ "serviceItemId": service, "idempotencyKey": new_key() }), TICKET).await
    }

    async fn lines_up(&self, service: &str) -> Ticket {
        Ticket::of(&self.tries_to_line_up("takeServiceTicket", service).await)
    }

    async fn tries_to_call_next(&self, service: &str, counter: &str) -> Answer {
        let input = json!({ "serviceItemId": service, "counter": counter, "idempotencyKey": new_key() });
        self.does("callNextServiceTicket", &input, TICKET).await
    }

    async fn tries_with(&self, verb: &str, ticket: &Ticket) -> Answer {
        let on = json!({ "id": ticket.id, "expectedVersion": ticket.version, "idempotencyKey": new_key() });
        self.does(verb, &on, TICKET).await
    }

    /// What the person waits for today.
    async fn waits_with(&self) -> Vec<Value> {
        let text = "{ viewer { serviceTickets { number state ahead counter service { name } viewerActions } } }";
        self.asks(text).await.list("/viewer/serviceTickets")
    }

    /// The line as everybody sees it.
    async fn sees_line(&self, service: &str) -> Value {
        let text = "query($id: ID!) { node(id: $id) { ... on ServiceItem { queue { waiting nextNumber called { number counter } } } } }";
        self.says(text, &json!({ "id": service })).await.get("/node/queue").clone()
    }
}

async fn a_number_is_taken_called_and_served(town: &Town) {
    let (keys, staff) = (town.service("KEYS").await, town.staff("center").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    assert_eq!(bob.sees_line(&keys).await, json!({ "waiting": 0, "nextNumber": null, "called": [] }));
    let first = ann.lines_up(&keys).await;
    let desk = Ticket::of(&staff.tries_to_line_up("issueServiceTicket", &keys).await);
    let third = bob.lines_up(&keys).await;
    assert_eq!([first.number, desk.number, third.number], [1, 2, 3]);
    let waits = bob.waits_with().await;
    let foretold = json!({
        "number": 3, "state": "WAITING", "ahead": 2, "counter": null, "service": { "name": "磨刀配钥匙" },
        "viewerActions": ["CANCEL"],
    });
    assert_eq!(waits, [foretold]);
    let called = staff.tries_to_call_next(&keys, "2 号窗口").await;
    let one = Ticket::of(&called);
    assert_eq!((one.number, one.state.as_str()), (1, "CALLED"));
    assert_eq!(
        bob.sees_line(&keys).await,
        json!({ "waiting": 2, "nextNumber": 2, "called": [{ "number": 1, "counter": "2 号窗口" }] })
    );
    assert_eq!(ann.waits_with().await[0]["counter"], "2 号窗口");
    let served = Ticket::of(&staff.tries_with("serveServiceTicket", &one).await);
    assert_eq!(served.state, "SERVED");
    staff.tries_with("serveServiceTicket", &served).await.is_refused("INVALID_TRANSITION");
    staff.tries_with("skipServiceTicket", &one).await.is_refused("CONFLICT");
    // Who gives up stands in nobody's way.
    let two = Ticket::of(&staff.tries_to_call_next(&keys, "2 号窗口").await);
    assert_eq!(two.number, 2);
    Ticket::of(&bob.tries_with("cancelServiceTicket", &third).await);
    let nobody = staff.tries_to_call_next(&keys, "2 号窗口").await;
    nobody.is_refused("INVALID_TRANSITION").at("serviceItemId");
    // What became of it is seen all day.
    assert_eq!(
        (&ann.waits_with().await[0]["state"], &bob.waits_with().await[0]["state"]),
        (&json!("SERVED"), &json!("CANCELLED"))
    );
    let noted = "SELECT count(*) AS n FROM audit_entry WHERE action IN ('callNextServiceTicket', 'issueServiceTicket')";
    assert_eq!(town.number(noted).await, 4, "what the desk does is an act, refused or not");
}

async fn who_does_not_come_is_skipped_and_called_again(town: &Town) {
    let (keys, staff, ann) = (town.service("KEYS").await, town.staff("center").await, town.resident().await);
    let waiting = ann.lines_up(&keys).await;
    staff.tries_with("skipServiceTicket", &waiting).await.is_refused("INVALID_TRANSITION");
    let called = Ticket::of(&staff.tries_to_call_next(&keys, "1").await);
    // Called again, louder.
    let again = Ticket::of(&staff.tries_with("callServiceTicket", &called).await);
    let skipped = Ticket::of(&staff.tries_with("skipServiceTicket", &again).await);
    assert_eq!(skipped.state, "SKIPPED");
    assert_eq!(ann.waits_with().await[0]["state"], "SKIPPED", "who was skipped sees it");
    ann.tries_with("cancelServiceTicket", &skipped).await.is_refused("INVALID_TRANSITION");
    // Who comes after all is called back, past the line; and may have taken another number meanwhile.
    ann.lines_up(&keys).await;
    let back = Ticket::of(&staff.tries_with("callServiceTicket", &skipped).await);
    assert_eq!((back.number, back.state.as_str()), (1, "CALLED"));
    Ticket::of(&staff.tries_with("serveServiceTicket", &back).await);
    assert_eq!(staff.sees_line(&keys).await["nextNumber"], 2);
}

async fn of_many_at_once_each_has_a_number_of_ones_own_and_each_is_called_by_one(town: &Town) {
    let keys = town.service("KEYS").await;
    let mut crowd = Vec::new();
    for _ in 0..20 {
        crowd.push(town.resident().await);
    }
    let taken = join_all(crowd.iter().map(|person| person.tries_to_line_up("takeServiceTicket", &keys))).await;
    let mut numbers: Vec<i64> = taken.iter().map(|answer| Ticket::of(answer).number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    let desk = town.staff("center").await;
    let counters: Vec<Person> = (0..6).map(|_| desk.clone()).collect();
    let calls = join_all(counters.iter().map(|counter| counter.tries_to_call_next(&keys, "窗口"))).await;
    let mut called: Vec<i64> = calls.iter().map(|answer| Ticket::of(answer).number).collect();
    called.sort_unstable();
    assert_eq!(called, (1..=6).collect::<Vec<_>>());
}

async fn numbers_are_few_and_one_for_each(town: &Town) {
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let mut lines = Vec::new();
    for code in ["KEYS", "MENDING", "REPAIR", "BARBER"] {
        lines.push(town.service(code).await);
    }
    ann.lines_up(&lines[0]).await;
    let twice = ann.tries_to_line_up("takeServiceTicket", &lines[0]).await;
    assert_eq!(refusal(twice.is_refused("LIMIT_EXCEEDED"))["limit"], 1);
    ann.lines_up(&lines[1]).await;
    ann.lines_up(&lines[2]).await;
    let fourth = ann.tries_to_line_up("takeServiceTicket", &lines[3]).await;
    assert_eq!(refusal(fourth.is_refused("LIMIT_EXCEEDED"))["limit"], 3);
    // Of twenty a day the last one is the last.
    let children = town.service("CHILD-CARE").await;
    for _ in 0..20 {
        Ticket::of(&staff.tries_to_line_up("issueServiceTicket", &children).await);
    }
    let none = town.resident().await.tries_to_line_up("takeServiceTicket", &children).await;
    assert_eq!(refusal(none.is_refused("LIMIT_EXCEEDED"))["limit"], 20);
    let by_appointment = town.service("DOCTOR").await;
    town.resident()
        .await
        .tries_to_line_up("takeServiceTicket", &by_appointment)
        .await
        .is_refused("INVALID")
        .at("serviceItemId");
    let nothing = "svi_01a205eabe8070000000000000000000";
    assert_eq!(town.resident().await.tries_to_line_up("takeServiceTicket", nothing).await.codes(), ["NOT_FOUND"]);
}

/// Numbers that are given back are others'; and nobody takes and gives back all day.
async fn what_is_given_back_is_anothers(town: &Town) {
    let (children, ann, staff) = (town.service("CHILD-CARE").await, town.resident().await, town.staff("center").await);
    for _ in 0..3 {
        let taken = ann.lines_up(&children).await;
        Ticket::of(&ann.tries_with("cancelServiceTicket", &taken).await);
    }
    let again = ann.tries_to_line_up("takeServiceTicket", &children).await;
    assert_eq!(refusal(again.is_refused("LIMIT_EXCEEDED"))["limit"], 3);
    for number in 4..24 {
        assert_eq!(Ticket::of(&staff.tries_to_line_up("issueServiceTicket", &children).await).number, number);
    }
    staff.tries_to_line_up("issueServiceTicket", &children).await.is_refused("LIMIT_EXCEEDED");
}

/// Who calls the next one has served the one before.
async fn a_counter_has_one_at_a_time(town: &Town) {
    let (keys, staff) = (town.service("KEYS").await, town.staff("center").await);
    for _ in 0..4 {
        Ticket::of(&staff.tries_to_line_up("issueServiceTicket", &keys).await);
    }
    for counter in ["1", "2", "1"] {
        Ticket::of(&staff.tries_to_call_next(&keys, counter).await);
    }
    assert_eq!(
        staff.sees_line(&keys).await,
        json!({ "waiting": 1, "nextNumber": 4, "called": [{ "number": 3, "counter": "1" }, { "number": 2, "counter": "2" }] })
    );
    assert_eq!(town.number("SELECT count(*) AS n FROM service_ticket WHERE state = 'SERVED'").await, 1);
}

async fn while_the_house_is_shut_no_number_is_given(town: &Town) {
    let (keys, ann) = (town.service("KEYS").await, town.resident().await);
    town.later(at(town, 0, "17:00") - town.now());
    let ann = ann.refreshed().await;
    ann.tries_to_line_up("takeServiceTicket", &keys).await.is_refused("SLOT_CLOSED");
    // On Saturday nobody is there; on Monday before nine numbers are given for the day.
    town.later(at(town, 5, "10:00") - town.now());
    let ann = town.resident().await;
    ann.tries_to_line_up("takeServiceTicket", &keys).await.is_refused("SLOT_CLOSED");
    town.later(at(town, 2, "07:59") - town.now());
    let early = town.resident().await.tries_to_line_up("takeServiceTicket", &keys).await;
    assert_eq!(refusal(early.is_refused("NOT_IN_WINDOW"))["resetAt"], "2026-11-30T00:00:00Z");
    town.later(TimeDelta::minutes(1));
    let ann = town.resident().await;
    assert_eq!(ann.lines_up(&keys).await.number, 1);
    let staff = town.staff("center").await;
    let centers = staff.asks("{ centers { id code } }").await.list("/centers");
    let center = centers.iter().find(|row| row["code"] == "XH-01").unwrap();
    let closure = json!({
        "centerId": center["id"], "startsAt": at(town, 0, "08:00"), "endsAt": at(town, 1, "00:00"), "reason": "UTILITIES",
        "idempotencyKey": new_key(),
    });
    staff.does("closeCenter", &closure, places::CLOSURE).await.is_done();
    staff.tries_to_line_up("issueServiceTicket", &keys).await.is_refused("SLOT_CLOSED");
}

async fn what_is_left_when_the_day_is_over_expires(town: &Town) {
    let (keys, staff) = (town.service("KEYS").await, town.staff("center").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let (one, two) = (ann.lines_up(&keys).await, bob.lines_up(&keys).await);
    let called = Ticket::of(&staff.tries_to_call_next(&keys, "1").await);
    town.later(at(town, 1, "09:00") - town.now());
    let staff = town.staff("center").await;
    staff.tries_with("serveServiceTicket", &called).await.is_refused("DEADLINE_PASSED");
    let left = "SELECT count(*) AS n FROM service_ticket WHERE state IN ('WAITING', 'CALLED')";
    eventually("numbers of yesterday are over", async || {
        zhilitong::bookings::work_off(town.base()).await.expect("numbers on the clock");
        town.number(left).await == 0
    })
    .await;
    let text = "query($id: ID!) { node(id: $id) { ... on ServiceTicket { state on } } }";
    for ticket in [&one, &two] {
        let seen = staff.says(text, &json!({ "id": ticket.id })).await.get("/node").clone();
        assert_eq!(seen, json!({ "state": "EXPIRED", "on": "2026-11-23" }));
    }
    // The new day begins with one.
    assert_eq!(town.resident().await.lines_up(&keys).await.number, 1);
}

async fn a_number_is_between_its_person_and_the_desk(town: &Town) {
    let (keys, staff) = (town.service("KEYS").await, town.staff("center").await);
    let (ann, bob) = (town.resident().await, town.resident().await);
    let mine = ann.lines_up(&keys).await;
    let text = "query($id: ID!) { node(id: $id) { ... on ServiceTicket { number viewerActions } } }";
    let seen = async |person: &Person| person.says(text, &json!({ "id": mine.id })).await.get("/node").clone();
    assert_eq!(seen(&ann).await, json!({ "number": 1, "viewerActions": ["CANCEL"] }));
    assert_eq!(seen(&staff).await, json!({ "number": 1, "viewerActions": ["CALL"] }));
    let elsewhere = town.official(Role::CenterStaff, "310112008002").await;
    for stranger in [&bob, &town.stranger(), &elsewhere] {
        assert_eq!(seen(stranger).await, Value::Null);
    }
    assert_eq!(bob.tries_with("cancelServiceTicket", &mine).await.codes(), ["NOT_FOUND"]);
    ann.tries_with("serveServiceTicket", &mine).await.is_refused("FORBIDDEN");
    for person in [&bob, &elsewhere] {
        person.tries_to_call_next(&keys, "1").await.is_refused("FORBIDDEN");
        person.tries_to_line_up("issueServiceTicket", &keys).await.is_refused("FORBIDDEN");
    }
    town.stranger().tries_to_line_up("takeServiceTicket", &keys).await.is_refused("UNAUTHENTICATED");
    // The list of the day is the desk's.
    let list = "query($id: ID!) { node(id: $id) { ... on ServiceItem { tickets(on: \"2026-11-23\") { nodes { number holder { id } } } } } }";
    assert_eq!(staff.says(list, &json!({ "id": keys })).await.list("/node/tickets/nodes").len(), 1);
    assert_eq!(ann.says(list, &json!({ "id": keys })).await.get("/node/tickets"), &Value::Null);
}

async fn the_screen_in_the_hall_sees_who_is_called(town: &Town) {
    let (keys, other, staff) = (town.service("KEYS").await, town.service("MENDING").await, town.staff("center").await);
    let mut screen = town.stranger().connects().await;
    let text = "subscription { serviceQueueChanged(serviceItemId: \"ID\") { waiting called { number counter } } }";
    screen.subscribes("1", &text.replace("ID", &keys)).await;
    let shown = |message: Value| message["payload"]["data"]["serviceQueueChanged"].clone();
    assert_eq!(shown(screen.hears().await), json!({ "waiting": 0, "called": [] }));
    // What goes on in another line changes nothing here.
    town.resident().await.lines_up(&other).await;
    town.resident().await.lines_up(&keys).await;
    assert_eq!(shown(screen.hears().await), json!({ "waiting": 1, "called": [] }));
    Ticket::of(&staff.tries_to_call_next(&keys, "3").await);
    assert_eq!(shown(screen.hears().await), json!({ "waiting": 0, "called": [{ "number": 1, "counter": "3" }] }));
    screen.subscribes("2", &text.replace("ID", "svi_01a205eabe8070000000000000000000")).await;
    let message = screen.hears().await;
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "NOT_FOUND", "{message}");
}

async fn who_is_forgotten_stands_in_no_line(town: &Town) {
    let (keys, ann) = (town.service("KEYS").await, town.resident().await);
    ann.lines_up(&keys).await;
    let account = AccountId::parse(&ann.id().await.unwrap()).unwrap();
    let erased = town.base().write(&Actor::System, &account, |tx, account| {
        Box::pin(async move { ::queue::privacy::erase(tx, *account).await })
    });
    erased.await.unwrap();
    let left = "SELECT count(*) AS n FROM service_ticket WHERE account_id IS NOT NULL OR state <> 'CANCELLED'";
    assert_eq!(town.number(left).await, 0);
    let copy = ::queue::privacy::copy(town.base(), account).await.unwrap();
    assert_eq!(copy, json!([]));
    town.later(TimeDelta::seconds(1));
    assert_eq!(town.resident().await.lines_up(&keys).await.number, 2, "the number was given");
}
