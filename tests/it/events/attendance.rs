//! Who comes to an event: by the code, by place, by a ticket, by staff; who is late, on leave, absent, exempt (scenario 12; domain §D).

use chrono::TimeDelta;
use entity::enums::Role;
use serde_json::{Value, json};

use super::{LINE, Thing, chorus};
use crate::bookings::at;
use crate::party::{appointed, enters, id_of};
use crate::support::case::{new_key, with};
use crate::support::{Answer, Person, Town, stories};

stories![
    what_a_roster_says_is_read_by_who_may_read_it,
    two_who_scan_at_once_are_told_of_one,
    who_is_there_is_known_by_place_only_where_it_is_exact,
    the_first_scan_of_a_ticket_counts_whenever_it_is_told,
    leave_is_asked_for_and_decided_and_both_are_told,
    whoever_comes_to_an_open_event_is_counted,
    of_whom_nothing_was_heard_was_absent_and_a_week_is_left_to_correct_it,
    the_door_is_watched_by_who_holds_the_event,
    what_is_said_of_attendance_is_copied_and_forgotten,
];

/// A branch of so many members in a committee: its secretary, its id, and those of its members who have a phone.
pub struct Branch {
    pub secretary: Person,
    pub above: Person,
    pub id: String,
    pub above_id: String,
    pub beside_id: String,
    pub members: Vec<Person>,
}

impl Branch {
    /// Enters a branch of so many members, of whom some confirmed it.
    pub async fn of(town: &Town, size: usize, confirmed: usize) -> Self {
        Self::named(town, "", size, confirmed).await
    }

    /// As [`Branch::of`], with a sign before each name.
    pub async fn named(town: &Town, sign: &str, size: usize, confirmed: usize) -> Self {
        let mut members = Vec::new();
        for _ in 0..confirmed {
            members.push(town.resident().await);
        }
        let mut text = format!("{}{}\nT,{sign}测试党委,COMMITTEE,,,,,,\n", party::HEADING, party::DUTY);
        for at in 0..size {
            let phone = members.get(at).map(Person::phone).unwrap_or_default();
            let duty = if at < 3 { "COMMITTEE_MEMBER" } else { "" };
            text.push_str(&format!("T-A,{sign}第一支部,BRANCH,T,{sign}党员{at},1998-07,FULL,{phone},{duty}\n"));
        }
        text.push_str(&format!(
            "T-A,{sign}第一支部,BRANCH,T,{sign}预备党员,2026-06,PROBATIONARY,,\nT-B,{sign}第二支部,BRANCH,T,{sign}戊党员,2007-12,FULL,,\n"
        ));
        let imported = enters(town, &text).await;
        for member in &members {
            let input = json!({ "idempotencyKey": new_key() });
            member.does("confirmPartyMembership", &input, "userErrors { code }").await.is_done();
        }
        let [id, above_id, beside_id] = ["T-A", "T", "T-B"].map(|code| id_of(&imported, code));
        let secretary = appointed(town, Role::PartySecretary, &id, None).await;
        let above = appointed(town, Role::PartyOrgAdmin, &above_id, None).await;
        Self { secretary, above, id, above_id, beside_id, members }
    }

    /// Publishes an event of the branch, today from half past nine to eleven, whose members are expected.
    pub async fn meets(&self, town: &Town, more: Value) -> Thing {
        self.meets_as(&self.secretary, town, more).await
    }

    /// As [`Branch::meets`], by its secretary in another session.
    pub async fn meets_as(&self, secretary: &Person, town: &Town, more: Value) -> Thing {
        let draft = Thing::of(&secretary.tries_to_plan(&self.event(town, more)).await);
        secretary.does_with_event("publishEvent", &draft, json!({})).await
    }

    /// What [`Branch::meets`] publishes.
    pub fn event(&self, town: &Town, more: Value) -> Value {
        let class = json!({
            "kind": "PARTY_CLASS", "audience": "ORGANIZATION", "organizationId": self.id, "title": "十一月党课",
            "registration": null, "startsAt": at(town, 0, "09:30"), "endsAt": at(town, 0, "11:00"),
            "location": { "longitude": 121.32, "latitude": 31.195, "datum": "WGS84" },
        });
        with(with(chorus(town), class), more)
    }
}

impl Person {
    /// What the organiser's screen shows.
    pub async fn shows_code(&self, event: &Thing) -> String {
        let text = "query($id: ID!) { node(id: $id) { ... on Event { checkInCode { code shownUntil } } } }";
        self.says(text, &json!({ "id": event.id })).await.text("/node/checkInCode/code")
    }

    /// Tries to be there.
    pub async fn tries_to_come(&self, event: &Thing, proof: Value) -> Answer {
        let input = with(json!({ "eventId": event.id, "idempotencyKey": new_key() }), proof);
        self.does("checkInToEvent", &input, LINE).await
    }

    /// Tries a verb on a line of attendance.
    pub async fn tries_with_line(&self, verb: &str, line: &Value, more: Value) -> Answer {
        let on = json!({ "id": line["id"], "expectedVersion": line["version"], "idempotencyKey": new_key() });
        self.does(verb, &with(on, more), LINE).await
    }

    /// Tries to read who was there.
    pub async fn reads_attendance(&self, event: &Thing) -> Answer {
        let text = "query($id: ID!) { eventAttendance(filter: { eventId: $id }, first: 100) { nodes { id version status method rosterName \
                    attendee { displayName } seats hasVote minutes leaveState reason checkedInAt viewerActions } } }";
        self.says(text, &json!({ "id": event.id })).await
    }

    /// The lines of who is expected, in the order of the list.
    pub async fn lines_of(&self, event: &Thing) -> Vec<Value> {
        self.reads_attendance(event).await.list("/eventAttendance/nodes")
    }

    /// How many of whom became what.
    pub async fn counts(&self, event: &Thing) -> Value {
        let text = "query($id: ID!) { node(id: $id) { ... on Event { checkedInCount attendance { expectedCount presentCount lateCount leaveCount \
                    absentCount exemptCount pendingLeaveCount rateBp voterCount votersPresentCount isQuorate } } } }";
        self.says(text, &json!({ "id": event.id })).await.get("/node").clone()
    }

    /// The own line.
    async fn own_line(&self, event: &Thing) -> Value {
        let text = "query($id: ID!) { node(id: $id) { ... on Event { viewerAttendance { id status reason leaveState minutes viewerActions } } } }";
        self.says(text, &json!({ "id": event.id })).await.get("/node/viewerAttendance").clone()
    }
}

/// So many metres north of where events of a branch are held.
fn north(metres: f64, accuracy: f64) -> Value {
    let place = json!({
        "longitude": 121.32, "latitude": 31.195 + metres / 111_195.0, "datum": "WGS84", "accuracyMeters": accuracy,
    });
    json!({ "place": place })
}

#[track_caller]
fn status(answer: &Answer, verb: &str) -> String {
    answer.is_done();
    answer.text(&format!("/{verb}/attendance/status"))
}

async fn who_is_there_is_known_by_place_only_where_it_is_exact(town: &Town) {
    let branch = Branch::of(town, 4, 3).await;
    let event = branch.meets(town, json!({})).await;
    let [ann, bob, cid] = &branch.members[..] else { panic!("three members") };
    assert_eq!(status(&ann.tries_to_come(&event, north(299.0, 20.0)).await, "checkInToEvent"), "PRESENT");
    let away = bob.tries_to_come(&event, north(400.0, 20.0)).await;
    away.is_refused("OUT_OF_GEOFENCE").at("place");
    let told = &away.json["data"]["checkInToEvent"]["userErrors"][0];
    let sentence = "You are not there (about 400 m away, at most 300 m).";
    assert_eq!((&told["limit"], &told["message"]), (&json!(300), &json!(sentence)));
    bob.tries_to_come(&event, north(0.0, 5_000.0)).await.is_refused("INVALID").at("place");
    bob.tries_to_come(&event, json!({})).await.is_refused("REQUIRED").at("code");
    bob.tries_to_come(&event, json!({ "code": "7226760.AE20A5A519A2B07D348CC79F5B785A8D" }))
        .await
        .is_refused("CODE_INCORRECT");
    let code = branch.secretary.shows_code(&event).await;
    bob.tries_to_come(&event, with(north(0.0, 20.0), json!({ "code": code }))).await.is_refused("INVALID").at("place");
    // Of another meeting of the same branch the screen shows another code.
    let other = branch
        .meets(town, json!({ "title": "支部会", "startsAt": at(town, 0, "09:15"), "endsAt": at(town, 0, "12:00") }))
        .await;
    let foreign = branch.secretary.shows_code(&other).await;
    bob.tries_to_come(&event, json!({ "code": foreign })).await.is_refused("CODE_INCORRECT").at("code");
    // Who takes back that places are known shows a code.
    let took_back = json!({ "kind": "LOCATION", "idempotencyKey": new_key() });
    cid.does("withdrawConsent", &took_back, "userErrors { code }").await.is_done();
    cid.tries_to_come(&event, north(0.0, 20.0)).await.is_refused("CONSENT_REQUIRED").at("place");
    assert_eq!(status(&cid.tries_to_come(&event, json!({ "code": code })).await, "checkInToEvent"), "PRESENT");
    let left = json!({ "eventId": event.id, "code": code, "idempotencyKey": new_key() });
    let left = ann.does("checkOutOfEvent", &left, LINE).await;
    assert_eq!(left.get("/checkOutOfEvent/attendance/minutes"), &json!(0), "before it began");
    ann.tries_to_come(&event, json!({ "code": code })).await.is_refused("INVALID_TRANSITION");
    let kept = "SELECT count(*) AS n FROM fact WHERE subject_kind = 'event_attendance' AND (CAST(data AS TEXT) LIKE '%longitude%' OR CAST(data AS TEXT) LIKE '%account%')";
    assert_eq!(town.number(kept).await, 0, "where somebody was is not kept, nor who it was");
}

async fn the_first_scan_of_a_ticket_counts_whenever_it_is_told(town: &Town) {
    let today = json!({ "startsAt": at(town, 0, "09:30"), "endsAt": at(town, 0, "11:00") });
    let (host, event) = town.publishes(&with(chorus(town), today)).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let ticket = |seat: &Value| seat["code"].as_str().unwrap().to_owned();
    let code = async |person: &Person| {
        let text = "query($id: ID!) { node(id: $id) { ... on Event { viewerRegistration { code } } } }";
        ticket(person.says(text, &json!({ "id": event.id })).await.get("/node/viewerRegistration"))
    };
    Thing::of(&ann.tries_to_register(&event, json!({ "guestNames": ["外婆"] })).await);
    let own = bob.registers(&event).await;
    let (anns, bobs) = (code(&ann).await, code(&bob).await);
    let scan = |secret: &str, at: chrono::DateTime<chrono::Utc>| json!({ "eventId": event.id, "secret": secret, "scannedAt": at, "idempotencyKey": new_key() });
    let told = "isReplay result firstCheckedInAt checkedInCount attendance { status method seats } userErrors { code field resetAt }";
    // A clock that is wrong; what is no ticket; too early; somebody who has nothing to do with the door.
    host.does("redeemCheckIn", &scan(&anns, town.now() + TimeDelta::minutes(3)), told)
        .await
        .is_refused("INVALID")
        .at("scannedAt");
    host.does("redeemCheckIn", &scan("ABCDEFGH", town.now()), told).await.is_refused("INVALID").at("secret");
    host.does("redeemCheckIn", &scan(&anns, town.now() - TimeDelta::minutes(1)), told)
        .await
        .is_refused("NOT_IN_WINDOW");
    assert_eq!(bob.does("redeemCheckIn", &scan(&anns, town.now()), told).await.codes(), ["FORBIDDEN"]);
    bob.tries_with_seat("cancelEventRegistration", &own, json!({})).await.is_done();
    host.does("redeemCheckIn", &scan(&bobs, town.now()), told).await.is_refused("NOT_ELIGIBLE").at("secret");
    let (nine, ten) = (town.now(), town.now() + TimeDelta::hours(1));
    town.later(TimeDelta::minutes(140));
    let host = town.staff("neighbourhood").await;
    let first = host.does("redeemCheckIn", &scan(&anns, ten), told).await;
    assert_eq!(
        (first.text("/redeemCheckIn/result"), first.text("/redeemCheckIn/attendance/status")),
        ("OK".into(), "LATE".into())
    );
    assert_eq!(first.get("/redeemCheckIn/checkedInCount"), &json!(2), "with her grandmother");
    let again = host.does("redeemCheckIn", &scan(&anns, ten + TimeDelta::minutes(1)), told).await;
    assert_eq!(again.text("/redeemCheckIn/result"), "ALREADY_CHECKED_IN");
    // The other scanner had seen her before, and says so later; told twice, it is one.
    let earlier = scan(&anns, nine + TimeDelta::minutes(5));
    for is_replay in [false, true] {
        let told = host.does("redeemCheckIn", &earlier, told).await;
        assert_eq!(
            (told.text("/redeemCheckIn/result"), told.get("/redeemCheckIn/isReplay")),
            ("OK".into(), &json!(is_replay))
        );
        assert_eq!(told.text("/redeemCheckIn/attendance/status"), "PRESENT");
    }
    assert_eq!(host.counts(&event).await["checkedInCount"], 2);
    // Who is there takes nothing back; taken off by who holds it, that somebody was there is kept.
    let seat = host.reads_registrations(&event.id).await.list("/eventRegistrations/nodes");
    let seat = Thing::from(seat.iter().find(|seat| seat["state"] == "CONFIRMED").expect("a seat"));
    let (phone, mut ann) = (ann.phone(), ann.holding(None));
    ann.signs_in_with_code(town, &phone).await;
    ann.tries_with_seat("cancelEventRegistration", &seat, json!({})).await.is_refused("DEADLINE_PASSED");
    // A ticket of another event.
    let (_, other) = town.publishes(&with(chorus(town), json!({ "title": "读书会" }))).await;
    let input = with(scan(&anns, town.now()), json!({ "eventId": other.id }));
    host.does("redeemCheckIn", &input, told).await.is_refused("INVALID").at("secret");
    town.keeps_seats_straight().await;
}

async fn leave_is_asked_for_and_decided_and_both_are_told(town: &Town) {
    let branch = Branch::of(town, 4, 3).await;
    let event = branch.meets(town, json!({})).await;
    let [ann, bob, cid] = &branch.members[..] else { panic!("three members") };
    let ask = |reason: &str| json!({ "eventId": event.id, "reason": reason, "idempotencyKey": new_key() });
    for person in [ann, bob] {
        person.does("requestEventLeave", &ask("住院"), LINE).await.is_done();
    }
    ann.does("requestEventLeave", &ask("再请"), LINE).await.is_refused("INVALID_TRANSITION");
    assert_eq!(branch.secretary.counts(&event).await["attendance"]["pendingLeaveCount"], 2);
    let lines = branch.secretary.lines_of(&event).await;
    let of = |name: &str| lines.iter().find(|line| line["rosterName"] == name).expect("a line");
    let (ann_line, bob_line) = (of("党员0"), of("党员1"));
    assert_eq!((&ann_line["leaveState"], &ann_line["reason"]), (&json!("REQUESTED"), &json!("住院")));
    let granted = branch.secretary.tries_with_line("decideEventLeave", ann_line, json!({ "isGranted": true })).await;
    assert_eq!(status(&granted, "decideEventLeave"), "LEAVE");
    branch
        .secretary
        .tries_with_line("decideEventLeave", ann_line, json!({ "isGranted": false }))
        .await
        .is_refused("CONFLICT");
    let denied = branch.secretary.tries_with_line("decideEventLeave", bob_line, json!({ "isGranted": false })).await;
    assert_eq!(status(&denied, "decideEventLeave"), "EXPECTED");
    assert_eq!(bob.own_line(&event).await["leaveState"], "DENIED");
    // Nobody else decides, and who is no member has nothing to ask for.
    assert_eq!(
        bob.tries_with_line("decideEventLeave", bob_line, json!({ "isGranted": true })).await.codes(),
        ["NOT_FOUND"]
    );
    assert_eq!(
        town.staff("admin")
            .await
            .tries_with_line("markEventAttendance", ann_line, json!({ "status": "ABSENT" }))
            .await
            .codes(),
        ["NOT_FOUND"]
    );
    assert_eq!(town.resident().await.does("requestEventLeave", &ask("不去"), LINE).await.codes(), ["NOT_FOUND"]);
    town.notifies().await;
    let heard = async |person: &Person| {
        let text = "{ myNotifications(first: 50) { nodes { title subject { ... on Event { id } } } } }";
        let lines = person.asks(text).await.list("/myNotifications/nodes");
        lines.into_iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(heard(ann).await, ["Leave is given", "A new event"]);
    assert_eq!(heard(bob).await, ["Leave is not given", "A new event"]);
    assert_eq!(heard(cid).await, ["A new event"]);
    assert_eq!(heard(&branch.secretary).await, ["Leave was asked for", "Leave was asked for"]);
    let bound = "SELECT count(*) AS n FROM fact f JOIN event_attendance a ON a.id = f.subject_id WHERE a.member_id IS NOT NULL AND f.actor_id IS NOT NULL";
    assert_eq!(town.number(bound).await, 0, "no fact binds an account to a line of a roster");
    town.later(TimeDelta::minutes(30));
    cid.refreshed().await.does("requestEventLeave", &ask("晚了"), LINE).await.is_refused("DEADLINE_PASSED");
}

async fn whoever_comes_to_an_open_event_is_counted(town: &Town) {
    let open = json!({ "startsAt": at(town, 0, "09:30"), "endsAt": at(town, 0, "11:00"), "registration": null });
    let (host, event) = town.publishes(&with(chorus(town), open)).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let code = host.shows_code(&event).await;
    for person in [&ann, &bob] {
        assert_eq!(status(&person.tries_to_come(&event, json!({ "code": code })).await, "checkInToEvent"), "PRESENT");
    }
    bob.tries_to_come(&event, json!({ "code": code })).await.is_refused("INVALID_TRANSITION");
    let counts = host.counts(&event).await;
    assert_eq!((&counts["checkedInCount"], &counts["attendance"]["presentCount"]), (&json!(2), &json!(2)));
    assert_eq!((&counts["attendance"]["expectedCount"], &counts["attendance"]["rateBp"]), (&Value::Null, &Value::Null));
    assert_eq!(ann.counts(&event).await, json!({ "checkedInCount": null, "attendance": null }), "others do not count");
    let shown = "query($id: ID!) { node(id: $id) { ... on Event { checkInCode { code } } } }";
    assert_eq!(ann.says(shown, &json!({ "id": event.id })).await.get("/node/checkInCode"), &Value::Null);
    assert_eq!(town.stranger().tries_to_come(&event, json!({ "code": code })).await.codes(), ["UNAUTHENTICATED"]);
    let ask = json!({ "eventId": event.id, "reason": "有事", "idempotencyKey": new_key() });
    ann.does("requestEventLeave", &ask, LINE).await.is_refused("INVALID_TRANSITION");
    let line = &host.lines_of(&event).await[0];
    host.tries_with_line("markEventAttendance", line, json!({ "status": "EXEMPT" }))
        .await
        .is_refused("INVALID_TRANSITION");
}

async fn of_whom_nothing_was_heard_was_absent_and_a_week_is_left_to_correct_it(town: &Town) {
    let branch = Branch::of(town, 4, 1).await;
    let event = branch.meets(town, json!({})).await;
    // Who stands in the roster since is expected too.
    let more = format!("{}\nT,测试党委,COMMITTEE,,,,,\nT-A,第一支部,BRANCH,T,新来的,2001-07,FULL,\n", party::HEADING);
    enters(town, &more).await;
    assert_eq!(branch.secretary.lines_of(&event).await.len(), 6);
    town.later(TimeDelta::minutes(46));
    let ann = branch.members[0].refreshed().await;
    let secretary = branch.secretary.refreshed().await;
    let code = secretary.shows_code(&event).await;
    assert_eq!(status(&ann.tries_to_come(&event, json!({ "code": code })).await, "checkInToEvent"), "LATE");
    town.later(TimeDelta::hours(2));
    town.rings().await;
    let (phone, mut secretary) = (secretary.phone(), secretary.holding(None));
    secretary.signs_in_with_code(town, &phone).await;
    let counts = secretary.counts(&event).await["attendance"].clone();
    assert_eq!(
        (&counts["expectedCount"], &counts["lateCount"], &counts["absentCount"]),
        (&json!(6), &json!(1), &json!(5))
    );
    let lines = secretary.lines_of(&event).await;
    let absent: Vec<&Value> = lines.iter().filter(|line| line["status"] == "ABSENT").collect();
    let noted = secretary.tries_with_line("markEventAttendance", absent[0], json!({ "status": "PRESENT" })).await;
    assert_eq!(noted.text("/markEventAttendance/attendance/method"), "MANUAL");
    let late = json!({ "status": "EXEMPT", "reason": "年老" });
    secretary.tries_with_line("markEventAttendance", absent[1], late).await.is_refused("DEADLINE_PASSED");
    let excused = json!({ "status": "LEAVE", "reason": "出差" });
    assert_eq!(
        status(&secretary.tries_with_line("markEventAttendance", absent[1], excused).await, "markEventAttendance"),
        "LEAVE"
    );
    town.later(TimeDelta::days(7));
    let mut secretary = secretary.holding(None);
    secretary.signs_in_with_code(town, &phone).await;
    secretary
        .tries_with_line("markEventAttendance", absent[2], json!({ "status": "PRESENT" }))
        .await
        .is_refused("DEADLINE_PASSED");
}

async fn the_door_is_watched_by_who_holds_the_event(town: &Town) {
    let branch = Branch::of(town, 2, 2).await;
    let event = branch.meets(town, json!({})).await;
    let [ann, bob] = &branch.members[..] else { panic!("two members") };
    let watch = format!(
        "subscription {{ checkInsChanged(eventId: \"{}\") {{ checkedInCount attendance {{ presentCount expectedCount }} }} }}",
        event.id
    );
    let mut socket = branch.secretary.connects().await;
    socket.subscribes("1", &watch).await;
    let count = async |socket: &mut crate::support::socket::Socket| {
        let message = socket.hears().await;
        message["payload"]["data"]["checkInsChanged"]["checkedInCount"].clone()
    };
    assert_eq!(count(&mut socket).await, 0);
    let code = branch.secretary.shows_code(&event).await;
    for (person, seen) in [(ann, 1), (bob, 2)] {
        person.tries_to_come(&event, json!({ "code": code })).await.is_done();
        assert_eq!(count(&mut socket).await, seen);
    }
    for other in [ann.clone(), town.staff("admin").await, town.resident().await] {
        let mut socket = other.connects().await;
        socket.subscribes("1", &watch).await;
        let message = socket.hears().await;
        assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "NOT_FOUND", "{message}");
    }
}

async fn what_is_said_of_attendance_is_copied_and_forgotten(town: &Town) {
    let branch = Branch::of(town, 2, 1).await;
    let event = branch.meets(town, json!({})).await;
    let ann = &branch.members[0];
    let ask = json!({ "eventId": event.id, "reason": "住院", "idempotencyKey": new_key() });
    ann.does("requestEventLeave", &ask, LINE).await.is_done();
    let copy = crate::support::raw::get(town.address, &ann.has_copy().await).await.body;
    let copy: Value = serde_json::from_str(&copy).unwrap();
    let row = &copy["eventAttendance"][0];
    assert_eq!((&row["event"], &row["leave"], &row["reason"]), (&json!(event.id), &json!("REQUESTED"), &json!("住院")));
    let sealed = "SELECT count(*) AS n FROM event_attendance WHERE reason_sealed IS NOT NULL";
    assert_eq!(town.number(sealed).await, 1);
    town.later(TimeDelta::minutes(2));
    let phone = ann.phone();
    ann.asks_to_be_forgotten(town, Some(&phone)).await.is_done();
    town.later(TimeDelta::days(7) + TimeDelta::minutes(1));
    crate::flows::all_forgotten(town).await;
    assert_eq!(town.number(sealed).await, 0);
    assert_eq!(
        town.number("SELECT count(*) AS n FROM event_attendance").await,
        3,
        "that somebody was expected is kept"
    );
}

async fn what_a_roster_says_is_read_by_who_may_read_it(town: &Town) {
    let branch = Branch::of(town, 3, 1).await;
    let secretary = appointed(town, Role::PartySecretary, &branch.above_id, None).await;
    // For all below, by the secretary of the committee, who may read no roster of a branch.
    let of_all = json!({ "kind": "THEME_DAY", "organizationId": branch.above_id, "organizationIds": [branch.id, branch.beside_id] });
    let event = branch.meets_as(&secretary, town, of_all).await;
    let ask = json!({ "eventId": event.id, "reason": "住院", "idempotencyKey": new_key() });
    branch.members[0].does("requestEventLeave", &ask, LINE).await.is_done();
    let lines = secretary.lines_of(&event).await;
    assert_eq!(lines.len(), 5);
    for line in &lines {
        assert_eq!(
            (&line["rosterName"], &line["hasVote"], &line["reason"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
    }
    let named = branch.above.lines_of(&event).await.into_iter().filter(|line| !line["rosterName"].is_null());
    assert_eq!(named.count(), 5, "the party's staff of it may");
    assert_eq!(branch.members[0].own_line(&event).await["reason"], "住院", "and everybody the own");
    assert_eq!(
        branch.secretary.reads_attendance(&event).await.codes(),
        ["NOT_FOUND"],
        "who holds no such event does not read it"
    );
    // Nobody decides in the own matter.
    let own = format!("{}\nT,测试党委,COMMITTEE,,书记,1990-01,FULL,{}\n", party::HEADING, secretary.phone());
    enters(town, &own).await;
    secretary.does("giveConsent", &json!({}), "userErrors { code }").await;
    secretary
        .does("confirmPartyMembership", &json!({ "idempotencyKey": new_key() }), "userErrors { code }")
        .await
        .is_done();
    let own = secretary.own_line(&event).await;
    assert_eq!(own, Value::Null, "until the list is looked at");
    let lines = secretary.lines_of(&event).await;
    let own = secretary.own_line(&event).await;
    let own = lines.iter().find(|line| line["id"] == own["id"]).expect("the own line");
    secretary
        .tries_with_line("markEventAttendance", own, json!({ "status": "PRESENT" }))
        .await
        .is_refused("SAME_PERSON");
    branch.above.tries_with_line("markEventAttendance", own, json!({ "status": "PRESENT" })).await.is_done();
}

async fn two_who_scan_at_once_are_told_of_one(town: &Town) {
    let today = json!({ "startsAt": at(town, 0, "09:30"), "endsAt": at(town, 0, "11:00") });
    let (host, event) = town.publishes(&with(chorus(town), today)).await;
    let ann = town.resident().await;
    ann.registers(&event).await;
    let text =
        "query($id: ID!) { node(id: $id) { ... on Event { viewerRegistration { code } checkInCode { code } } } }";
    let ticket = ann.says(text, &json!({ "id": event.id })).await.text("/node/viewerRegistration/code");
    let code = host.shows_code(&event).await;
    let told = "result userErrors { code }";
    let scan = |seconds: i64| {
        let at = town.now() + TimeDelta::seconds(seconds);
        json!({ "eventId": event.id, "secret": ticket, "scannedAt": at, "idempotencyKey": new_key() })
    };
    let (first, second) = (scan(0), scan(0));
    let (first, second, own) = futures_util::join!(
        host.does("redeemCheckIn", &first, told),
        host.does("redeemCheckIn", &second, told),
        ann.tries_to_come(&event, json!({ "code": code })),
    );
    // One after the other, whoever was first: nobody is told of a conflict.
    for answer in [&first, &second] {
        answer.is_done();
        assert!(["OK", "ALREADY_CHECKED_IN"].contains(&answer.text("/redeemCheckIn/result").as_str()));
    }
    assert!([Vec::new(), vec!["INVALID_TRANSITION".to_owned()]].contains(&own.codes()), "{own:?}");
    let arrived = "SELECT count(*) AS n FROM fact WHERE kind = 'event_attendance.arrived'";
    assert_eq!(town.number(arrived).await, 1);
}
