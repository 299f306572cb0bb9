//! Calendars of bookings: what an address shows, to whom, and when it shows nothing any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::booking;
use entity::enums::{BookingState, Role};
use entity::id::BookingId;
use identity::Identity;
use kernel::base::Base;
use kernel::chance::SeededChance;
use kernel::vault::Vault;
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};

use crate::bookings::{Booked, DANCE};
use crate::events::Thing;
use crate::flows::all_forgotten;
use crate::support::case::{new_key, with};
use crate::support::raw::{self, Reply};
use crate::support::{Answer, Person, Town, stories};

stories![
    a_booking_appears_and_its_changes_follow,
    what_never_kept_a_venue_is_in_no_calendar,
    what_fell_free_stays_for_thirty_days,
    words_of_people_break_no_lines,
    a_venue_s_calendar_names_nobody,
    a_venue_s_calendar_is_for_who_works_there,
    a_venue_s_calendar_ends_with_the_role,
    an_address_is_told_once_and_replaced_by_the_next,
    ten_feeds_and_no_more,
    every_other_address_finds_nothing,
    who_is_locked_out_or_gone_leaves_no_calendar,
    what_did_not_change_is_not_sent_again,
    who_asks_too_often_waits,
    a_secret_is_nowhere_to_be_found,
    a_read_is_noted_and_outlives_a_change_of_keys,
    a_calendar_takes_as_many_statements_as_another,
    a_copy_of_the_data_names_the_feeds,
    an_event_appears_and_what_is_for_members_is_not_named,
];

const FEED: &str =
    "url isReplay calendarFeed { id createdAt endedAt lastReadAt venue { name } } userErrors { code field limit }";

/// Where the centres are, by the map of the world: the demo town has none.
pub const ON_THE_MAP: &str = "UPDATE center SET longitude = 121.32, latitude = 31.195";

/// A feed and its address.
pub struct Feed {
    pub id: String,
    pub url: String,
}

impl Person {
    pub async fn tries_to_subscribe(&self, more: Value) -> Answer {
        self.does("createCalendarFeed", &with(json!({ "idempotencyKey": new_key() }), more), FEED).await
    }

    /// Makes a feed of the own bookings, or of a venue's.
    pub async fn subscribes(&self, venue: Option<&str>) -> Feed {
        let made = self.tries_to_subscribe(json!({ "venueId": venue })).await;
        let payload = made.get("/createCalendarFeed").clone();
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        Feed { id: text(&payload["calendarFeed"]["id"]), url: text(&payload["url"]) }
    }

    async fn ends_feed(&self, id: &str) -> Answer {
        self.does("revokeCalendarFeed", &json!({ "id": id, "idempotencyKey": new_key() }), FEED).await
    }

    async fn feeds(&self) -> Vec<Value> {
        let text = "{ viewer { calendarFeeds { id lastReadAt endedAt venue { name } } } }";
        self.asks(text).await.list("/viewer/calendarFeeds")
    }
}

async fn fetch(town: &Town, method: &str, url: &str, more: &[(&str, &str)]) -> Reply {
    let headers = [&[("Connection", "close")], more].concat();
    raw::send(town.address, &raw::request(method, url, &headers, b"")).await
}

/// An event by the names of its properties.
type Event = BTreeMap<String, String>;

/// Reads a calendar as a strict app does.
fn events(reply: &Reply) -> Vec<Event> {
    assert_eq!(reply.status, 200, "{reply:?}");
    for line in reply.body.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
    }
    let unfolded = reply.body.replace("\r\n ", "");
    let (mut events, mut open) = (Vec::new(), None);
    for line in unfolded.lines() {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no property: {line}"));
        match (name, value) {
            ("BEGIN", "VEVENT") => assert!(open.replace(Event::new()).is_none()),
            ("END", "VEVENT") => events.extend(open.take()),
            _ => {
                open.iter_mut().for_each(|event| assert_eq!(event.insert(name.to_owned(), words(value)), None));
            }
        }
    }
    events
}

/// What was escaped.
fn words(value: &str) -> String {
    let (mut words, mut signs) = (String::new(), value.chars());
    while let Some(sign) = signs.next() {
        words.push(match sign {
            '\\' => match signs.next() {
                Some('n') => '\n',
                Some(escaped @ ('\\' | ';' | ',')) => escaped,
                other => panic!("{other:?} escaped in {value}"),
            },
            sign => sign,
        });
    }
    words
}

async fn shown(town: &Town, feed: &Feed) -> Vec<Event> {
    events(&fetch(town, "GET", &feed.url, &[]).await)
}

/// The one event of a booking: status and sequence; nothing where there is none.
fn of(events: &[Event], booked: &Booked) -> Option<(String, i64)> {
    let uid = format!("{}@zhilitong", booked.id);
    let mut found = events.iter().filter(|event| event["UID"] == uid);
    let event = found.next()?;
    assert!(found.next().is_none(), "each once");
    Some((event["STATUS"].clone(), event["SEQUENCE"].parse().unwrap()))
}

/// Whether an address finds nothing, and says nothing about why.
async fn is_nothing(town: &Town, url: &str) -> bool {
    let (reply, wrong) = (fetch(town, "GET", url, &[]).await, format!("/calendar/{}.ics", "A".repeat(43)));
    let nothing = fetch(town, "GET", &wrong, &[]).await;
    assert_eq!(nothing.status, 404);
    anonymous(&reply) == anonymous(&nothing)
}

/// All of a reply that could tell one from another.
fn anonymous(reply: &Reply) -> (u16, Vec<String>, String) {
    let is_its_own = |line: &&str| !["date: ", "x-request-id: "].iter().any(|own| line.to_lowercase().starts_with(own));
    let mut head: Vec<String> = reply.head.lines().filter(is_its_own).map(str::to_owned).collect();
    head.sort();
    (reply.status, head, reply.body.clone())
}

async fn a_booking_appears_and_its_changes_follow(town: &Town) {
    let (dance, meeting) = (town.venue("XH-01", DANCE).await, town.venue("XH-02", "会议室").await);
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    town.tampers(ON_THE_MAP).await;
    let feed = ann.subscribes(None).await;
    assert!(shown(town, &feed).await.is_empty());
    let first = ann.books(town, &dance, (1, "10:00", "11:30")).await;
    let asked = ann.books(town, &meeting, (2, "09:00", "10:00")).await;
    town.resident().await.books(town, &dance, (1, "14:00", "15:00")).await;
    let seen = shown(town, &feed).await;
    assert_eq!(seen.len(), 2, "nothing of others: {seen:?}");
    assert_eq!(of(&seen, &first), Some(("CONFIRMED".to_owned(), first.version)));
    assert_eq!(of(&seen, &asked), Some(("TENTATIVE".to_owned(), asked.version)));
    let event = &seen[0];
    assert_eq!(event["DTSTART;TZID=Asia/Shanghai"], "20261124T100000");
    assert_eq!(event["DTEND;TZID=Asia/Shanghai"], "20261124T113000");
    assert_eq!((event["CREATED"].as_str(), event["DTSTAMP"].as_str()), ("20261123T010000Z", "20261123T010000Z"));
    assert_eq!(event["SUMMARY"], "舞蹈房（爱博邻里中心）");
    assert_eq!(event["LOCATION"], "爱博邻里中心 舞蹈房，爱博路 1 号（演示）");
    assert_eq!(event["GEO"], "31.195000;121.320000");
    let code = ann.asks("{ viewer { bookings { nodes { code } } } }").await.text("/viewer/bookings/nodes/1/code");
    let said = &event["DESCRIPTION"];
    assert!(said.contains(&format!("预约码：{code}")) && said.contains("用途：舞蹈队排练"), "{said}");
    town.later(TimeDelta::minutes(1));
    let approved = staff.does_on("approveBooking", &asked, json!({})).await;
    let seen = shown(town, &feed).await;
    assert_eq!(of(&seen, &asked), Some(("CONFIRMED".to_owned(), approved.version)));
    assert!(approved.version > asked.version);
    assert_eq!(
        (seen[1]["CREATED"].as_str(), seen[1]["LAST-MODIFIED"].as_str()),
        ("20261123T010000Z", "20261123T010100Z")
    );
    let off = staff.does_on("callOffBooking", &approved, json!({ "reason": "MAINTENANCE" })).await;
    let taken_back = ann.does_on("cancelBooking", &first, json!({})).await;
    let seen = shown(town, &feed).await;
    assert_eq!(of(&seen, &asked), Some(("CANCELLED".to_owned(), off.version)));
    assert_eq!(of(&seen, &first), Some(("CANCELLED".to_owned(), taken_back.version)));
    assert!(off.version > approved.version && taken_back.version > first.version);
}

async fn what_never_kept_a_venue_is_in_no_calendar(town: &Town) {
    let (dance, meeting) = (town.venue("XH-01", DANCE).await, town.venue("XH-02", "会议室").await);
    let (ann, bob, cid) = (town.resident().await, town.resident().await, town.resident().await);
    let (bobs, cids) = (bob.subscribes(None).await, cid.subscribes(None).await);
    let has = ann.books(town, &dance, (1, "10:00", "11:00")).await;
    let next = bob.waits_for(town, &dance, (1, "10:00", "11:00")).await;
    let last = cid.waits_for(town, &dance, (1, "10:00", "11:00")).await;
    assert!(shown(town, &bobs).await.is_empty(), "who waits has nothing yet");
    ann.does_on("cancelBooking", &has, json!({})).await;
    assert_eq!(of(&shown(town, &bobs).await, &next), Some(("TENTATIVE".to_owned(), 2)));
    // Nobody decides about it, nobody answers; the last one gives up without ever having had it.
    let asked = bob.books(town, &meeting, (0, "15:00", "16:00")).await;
    cid.does_on("cancelBooking", &last, json!({})).await;
    town.later(TimeDelta::hours(8));
    town.strikes().await;
    let seen = shown(town, &bobs).await;
    assert_eq!(of(&seen, &asked), Some(("CANCELLED".to_owned(), 2)));
    assert_eq!(of(&seen, &next), Some(("CANCELLED".to_owned(), 3)));
    let bob = bob.refreshed().await;
    assert_eq!(bob.sees_again(&next).await.state, "EXPIRED");
    assert!(shown(town, &cids).await.is_empty(), "it was in no calendar, and is in none");
}

async fn what_fell_free_stays_for_thirty_days(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let feed = ann.subscribes(None).await;
    let off = ann.books(town, &dance, (1, "10:00", "11:00")).await;
    ann.does_on("cancelBooking", &off, json!({})).await;
    let missed = ann.books(town, &dance, (1, "11:00", "12:00")).await;
    town.later(TimeDelta::days(2));
    town.strikes().await;
    let seen = shown(town, &feed).await;
    assert_eq!(of(&seen, &missed).unwrap().0, "CANCELLED", "others could have it");
    assert_eq!(of(&seen, &off).unwrap().0, "CANCELLED");
    // Called off a month ago, of a day that is to come: apps have read that.
    town.later(TimeDelta::days(28));
    let seen = shown(town, &feed).await;
    assert_eq!((of(&seen, &off).unwrap().0.as_str(), seen.len()), ("CANCELLED", 2));
    town.later(TimeDelta::seconds(1));
    assert_eq!(of(&shown(town, &feed).await, &off), None);
    town.later(TimeDelta::days(2));
    assert!(shown(town, &feed).await.is_empty());
}

async fn words_of_people_break_no_lines(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let feed = ann.subscribes(None).await;
    let purpose = format!("排练, 合唱; \\n 与 \\, \"DTSTART:19700101\" 👨‍👩‍👧‍👦🎉 BEGIN:VEVENT {}", "很长的用途".repeat(25));
    let group = "a,b;c\\d:e 🎶";
    let more = json!({ "purpose": purpose, "groupName": group });
    let booked = Booked::of(&ann.tries_to_book(town, &dance, (1, "10:00", "11:00"), more).await);
    let name = "厅;A,B\\C:🎭'd'\"e\"";
    let renamed = format!("UPDATE venue SET name = '{}' WHERE name = '{DANCE}'", name.replace('\'', "''"));
    town.tampers(&renamed).await;
    let seen = shown(town, &feed).await;
    assert_eq!((seen.len(), of(&seen, &booked).unwrap().1), (1, 1));
    assert_eq!(seen[0]["SUMMARY"], format!("{name}（爱博邻里中心）"));
    let said = format!("\n团体：{group}\n用途：{purpose}\n服务台：");
    assert!(seen[0]["DESCRIPTION"].contains(&said), "{seen:?}");
    for line in ["purpose", "groupName"] {
        let broken = json!({ line: "一行\nBEGIN:VEVENT" });
        ann.tries_to_book(town, &dance, (2, "10:00", "11:00"), broken).await.is_refused("INVALID").at(line);
    }
}

async fn a_venue_s_calendar_names_nobody(town: &Town) {
    let [hall, east, dance] = ["多功能厅", "多功能厅东厅", DANCE].map(|name| town.venue("XH-01", name));
    let (hall, east, dance) = (hall.await, east.await, dance.await);
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let name = json!({ "name": "安居乐", "idempotencyKey": new_key() });
    ann.does("correctMyData", &name, "userErrors { code }").await.is_done();
    let (feed, other) = (staff.subscribes(Some(&hall)).await, staff.subscribes(Some(&dance)).await);
    let words = json!({ "purpose": "给王阿姨过生日", "groupName": "夕阳红合唱团" });
    let half = Booked::of(&ann.tries_to_book(town, &east, (1, "10:00", "11:00"), words).await);
    let waits = town.resident().await.waits_for(town, &hall, (1, "10:00", "11:00")).await;
    let reply = fetch(town, "GET", &feed.url, &[]).await;
    let seen = events(&reply);
    assert_eq!(of(&seen, &half), Some(("CONFIRMED".to_owned(), 1)), "who has a half keeps others from the hall");
    assert_eq!(of(&seen, &waits), None);
    assert_eq!(seen[0]["SUMMARY"], "多功能厅东厅：已确认，6 人");
    let text = ann.asks("{ viewer { bookings { nodes { code } } } }").await;
    let code = text.text("/viewer/bookings/nodes/0/code");
    assert_eq!(seen[0]["DESCRIPTION"], format!("预约码：{code}\n状态：已确认\n人数：6"));
    let text = reply.body.replace("\r\n ", "");
    for word in ["安居乐", "安", "王阿姨", "夕阳红", &ann.phone(), &ann.id().await.unwrap()] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert!(text.contains("NAME:多功能厅（爱博邻里中心）"));
    assert!(shown(town, &other).await.is_empty(), "another room is another calendar");
}

async fn a_venue_s_calendar_is_for_who_works_there(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let venue = json!({ "venueId": dance });
    for who in
        [town.resident().await, town.staff("admin").await, town.official(Role::CenterStaff, "310112008002").await]
    {
        who.tries_to_subscribe(venue.clone()).await.is_refused("FORBIDDEN");
    }
    town.stranger().tries_to_subscribe(venue.clone()).await.is_refused("UNAUTHENTICATED");
    town.stranger().tries_to_subscribe(json!({})).await.is_refused("UNAUTHENTICATED");
    let there = town.official(Role::CenterStaff, "310112008001").await;
    for nothing in ["ven_00000000000000000000000000000001", "ctr_00000000000000000000000000000001", "厅", ""] {
        there.tries_to_subscribe(json!({ "venueId": nothing })).await.is_refused("NOT_FOUND");
    }
    let feed = there.subscribes(Some(&dance)).await;
    assert_eq!(there.feeds().await[0]["venue"]["name"], DANCE);
    assert_eq!(town.number("SELECT count(*) AS n FROM calendar_feed").await, 1);
    // Whoever opens what others booked is written down; what is one's own is one's own matter.
    there.subscribes(None).await;
    let lines = "{ auditEntries(filter: { action: \"createCalendarFeed\" }) { nodes { subjectId outcome detail } } }";
    let lines = town.staff("auditor").await.asks(lines).await.list("/auditEntries/nodes");
    let outcomes: Vec<&Value> = lines.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, ["DONE", "NOT_FOUND", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
    assert_eq!(lines[0]["subjectId"], feed.id);
    assert!(lines[0]["detail"].as_str().unwrap().contains(&dance), "{lines:?}");
}

async fn a_venue_s_calendar_ends_with_the_role(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let (staff, security) = (town.staff("center").await, town.staff("security").await);
    let (feed, own) = (staff.subscribes(Some(&dance)).await, staff.subscribes(None).await);
    let official = town.official(Role::CenterStaff, "310112008001").await;
    let others = official.subscribes(Some(&dance)).await;
    for url in [&feed.url, &own.url, &others.url] {
        assert_eq!(fetch(town, "GET", url, &[]).await.status, 200);
    }
    // A password that is too old rests the roles, until it is changed.
    town.tampers("UPDATE staff_credential SET must_change = true WHERE username = 'center'").await;
    assert!(is_nothing(town, &feed.url).await);
    assert_eq!(fetch(town, "GET", &own.url, &[]).await.status, 200, "what is one's own needs no role");
    town.tampers("UPDATE staff_credential SET must_change = false WHERE username = 'center'").await;
    assert_eq!(fetch(town, "GET", &feed.url, &[]).await.status, 200);
    let text = "{ staffAccounts(username: \"center\") { nodes { grants { id } } } }";
    let grant = security.asks(text).await.text("/staffAccounts/nodes/0/grants/0/id");
    let input = json!({ "grantId": grant, "reason": "调离岗位", "idempotencyKey": new_key() });
    security.does("revokeRole", &input, "userErrors { code }").await.is_done();
    assert!(is_nothing(town, &feed.url).await);
    assert_eq!(fetch(town, "GET", &others.url, &[]).await.status, 200, "who still works there reads on");
    // A role that ends by itself ends the calendar at that instant.
    let until = (town.now() + TimeDelta::hours(1)).to_rfc3339();
    town.tampers(&format!(
        "UPDATE role_grant SET valid_to = '{until}' WHERE valid_to IS NULL AND role = 'CENTER_STAFF'"
    ))
    .await;
    town.later(TimeDelta::hours(1) - TimeDelta::seconds(1));
    assert_eq!(fetch(town, "GET", &others.url, &[]).await.status, 200);
    town.later(TimeDelta::seconds(1));
    assert!(is_nothing(town, &others.url).await);
}

async fn an_address_is_told_once_and_replaced_by_the_next(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let key = json!({ "idempotencyKey": new_key() });
    let made = ann.tries_to_subscribe(key.clone()).await;
    let url = made.text("/createCalendarFeed/url");
    let again = ann.tries_to_subscribe(key.clone()).await;
    assert_eq!(again.get("/createCalendarFeed/isReplay"), true);
    assert_eq!(again.get("/createCalendarFeed/url"), &Value::Null, "told once");
    let same = |answer: &Answer| answer.get("/createCalendarFeed/calendarFeed/id").clone();
    assert_eq!(same(&made), same(&again));
    assert_eq!(fetch(town, "GET", &url, &[]).await.status, 200, "a repeated call replaces nothing");
    let dance = town.venue("XH-01", DANCE).await;
    ann.tries_to_subscribe(with(key, json!({ "venueId": dance }))).await.is_refused("IDEMPOTENCY_KEY_REUSED");
    let next = ann.subscribes(None).await;
    assert!(is_nothing(town, &url).await, "the address of before is replaced");
    assert_eq!(fetch(town, "GET", &next.url, &[]).await.status, 200);
    assert_eq!((ann.feeds().await.len(), bob.feeds().await.len()), (1, 0));
    bob.ends_feed(&next.id).await.is_refused("NOT_FOUND");
    town.stranger().ends_feed(&next.id).await.is_refused("UNAUTHENTICATED");
    let ended = ann.ends_feed(&next.id).await;
    assert!(ended.get("/revokeCalendarFeed/calendarFeed/endedAt").is_string());
    assert!(is_nothing(town, &next.url).await);
    ann.ends_feed(&next.id).await.is_refused("INVALID_TRANSITION");
    assert!(ann.feeds().await.is_empty());
    // What was ended is removed a month later.
    let kept = "SELECT count(*) AS n FROM calendar_feed";
    let (base, media) = (town.base(), &town.app().house.media);
    for (wait, left) in [(TimeDelta::days(30), 2), (TimeDelta::hours(1), 0)] {
        town.later(wait);
        zhilitong::housekeeping::tidy(base, media).await.unwrap();
        assert_eq!(town.number(kept).await, left);
    }
}

async fn ten_feeds_and_no_more(town: &Town) {
    let staff = town.staff("center").await;
    let centers = staff.asks("{ centers { venues { id } } }").await.list("/centers");
    let venues =
        centers.iter().flat_map(|center| center["venues"].as_array().unwrap()).map(|venue| venue["id"].clone());
    let venues: Vec<Value> = venues.collect();
    let own = staff.subscribes(None).await;
    for venue in &venues[..9] {
        staff.subscribes(venue.as_str()).await;
    }
    let eleventh = staff.tries_to_subscribe(json!({ "venueId": venues[9] })).await;
    eleventh.is_refused("LIMIT_EXCEEDED");
    assert_eq!(eleventh.json.pointer("/data/createCalendarFeed/userErrors/0/limit"), Some(&json!(10)));
    // Another address for the same is none more.
    staff.subscribes(venues[0].as_str()).await;
    assert_eq!(staff.feeds().await.len(), 10);
    staff.ends_feed(&own.id).await.is_done();
    staff.subscribes(venues[9].as_str()).await;
}

async fn every_other_address_finds_nothing(town: &Town) {
    let ann = town.resident().await;
    let feed = ann.subscribes(None).await;
    let secret = feed.url.strip_prefix("/calendar/").and_then(|rest| rest.strip_suffix(".ics")).unwrap();
    assert_eq!(secret.len(), 43);
    let mut other = secret.to_owned();
    other.replace_range(..1, if secret.starts_with('A') { "B" } else { "A" });
    let swapped: String = secret
        .chars()
        .map(|sign| if sign.is_lowercase() { sign.to_ascii_uppercase() } else { sign.to_ascii_lowercase() })
        .collect();
    for wrong in [
        other,
        swapped,
        secret[1..].to_owned(),
        format!("{secret}A"),
        format!("{secret}="),
        format!("{secret}%20"),
        format!("{secret}.ics"),
        "%00".repeat(43),
        "..%2f..%2fkeys".to_owned(),
        "%E9%A2%84".repeat(43),
        "'%20OR%201=1".to_owned(),
        feed.id.clone(),
        "A".repeat(4_000),
    ] {
        assert!(is_nothing(town, &format!("/calendar/{wrong}.ics")).await, "{wrong}");
    }
    for path in ["/calendar", "/calendar/", "/calendar/.ics", &format!("/calendar/{secret}"), &format!("{}/", feed.url)]
    {
        assert_eq!(fetch(town, "GET", path, &[]).await.status, 404, "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "PROPFIND"] {
        assert_eq!(fetch(town, method, &feed.url, &[]).await.status, 405, "{method}");
    }
    // What can be no secret is asked of no database.
    let identity = on_a_base(town, town.a_base_of_its_own().await);
    let before = identity.base.db.statements();
    for wrong in ["", "A", &secret[1..], &format!("{secret}="), &"预".repeat(43), &"A".repeat(100_000)] {
        assert!(matches!(feeds::read(&identity, wrong).await, Err(kernel::error::Error::NotFound)));
    }
    assert_eq!(identity.base.db.statements(), before);
    feeds::read(&identity, &"A".repeat(43)).await.unwrap_err();
    assert_eq!(identity.base.db.statements(), before + 1);
    assert_eq!(fetch(town, "GET", &feed.url, &[]).await.status, 200);
}

async fn who_is_locked_out_or_gone_leaves_no_calendar(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let (ann, staff, security) = (town.resident().await, town.staff("center").await, town.staff("security").await);
    let (own, theirs) = (ann.subscribes(None).await, staff.subscribes(Some(&dance)).await);
    ann.books(town, &dance, (3, "10:00", "11:00")).await;
    let fields = "{ staffAccounts(username: \"center\") { nodes { user { id } version } } }";
    let act = async |act: &str| {
        let now = security.asks(fields).await.get("/staffAccounts/nodes/0").clone();
        let input = json!({
            "userId": now["user"]["id"], "expectedVersion": now["version"], "reason": "按规定办理", "idempotencyKey": new_key(),
        });
        security.does(act, &input, "userErrors { code }").await.is_done();
    };
    act("disableAccount").await;
    assert!(is_nothing(town, &theirs.url).await);
    act("enableAccount").await;
    assert_eq!(fetch(town, "GET", &theirs.url, &[]).await.status, 200);
    assert_eq!(shown(town, &own).await.len(), 1);
    // A second code within a minute is not sent.
    town.later(TimeDelta::seconds(61));
    ann.asks_to_be_forgotten(town, Some(&ann.phone())).await.is_done();
    assert_eq!(fetch(town, "GET", &own.url, &[]).await.status, 200, "it may still be called off");
    town.later(TimeDelta::days(7));
    all_forgotten(town).await;
    assert!(is_nothing(town, &own.url).await);
    assert_eq!(town.number("SELECT count(*) AS n FROM calendar_feed").await, 1, "nothing of the address is kept");
}

async fn what_did_not_change_is_not_sent_again(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let feed = ann.subscribes(None).await;
    let booked = ann.books(town, &dance, (1, "10:00", "11:00")).await;
    let whole = fetch(town, "GET", &feed.url, &[]).await;
    let tag = whole.header("etag").expect("a tag");
    assert!(tag.starts_with('"') && tag.len() > 30, "a strong one: {tag}");
    for (name, value) in [
        ("content-type", "text/calendar; charset=utf-8"),
        ("cache-control", "private, no-cache"),
        ("content-disposition", "inline; filename=\"bookings.ics\""),
        ("x-robots-tag", "noindex"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(whole.header(name).as_deref(), Some(value), "{name}");
    }
    let head = fetch(town, "HEAD", &feed.url, &[]).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), whole.header("content-length"));
    assert_eq!((head.header("etag").as_ref(), head.header("content-type")), (Some(&tag), whole.header("content-type")));
    // A later look at the same is the same; a proxy that packs it makes the tag weak.
    town.later(TimeDelta::hours(3));
    for known in [tag.clone(), format!("W/{tag}"), format!("\"a\", {tag}"), "*".to_owned()] {
        for method in ["GET", "HEAD"] {
            let same = fetch(town, method, &feed.url, &[("If-None-Match", &known)]).await;
            assert_eq!((same.status, same.body.as_str()), (304, ""), "{method} {known}");
            assert_eq!(same.header("etag").as_ref(), Some(&tag));
            assert_eq!(same.header("cache-control").as_deref(), Some("private, no-cache"));
        }
    }
    for other in ["\"a\"", "a", "\"", ""] {
        assert_eq!(fetch(town, "GET", &feed.url, &[("If-None-Match", other)]).await.status, 200, "{other}");
    }
    let ann = ann.refreshed().await;
    ann.does_on("cancelBooking", &booked, json!({})).await;
    let changed = fetch(town, "GET", &feed.url, &[("If-None-Match", &tag)]).await;
    assert_eq!((changed.status, changed.header("etag") == Some(tag)), (200, false));
}

async fn who_asks_too_often_waits(town: &Town) {
    let feed = town.resident().await.subscribes(None).await;
    let asks = async |from: &str| fetch(town, "GET", &feed.url, &[("X-Forwarded-For", from)]).await;
    for _ in 0..120 {
        assert_eq!(asks("203.0.113.7").await.status, 200);
    }
    let limited = asks("203.0.113.7").await;
    assert_eq!((limited.status, limited.body.as_str()), (429, ""));
    assert_eq!(limited.header("retry-after").as_deref(), Some("60"));
    let other = format!("/calendar/{}.ics", "A".repeat(43));
    assert_eq!(
        fetch(town, "GET", &other, &[("X-Forwarded-For", "203.0.113.7")]).await.status,
        429,
        "guesses count too"
    );
    assert_eq!(asks("203.0.113.8").await.status, 200);
    town.later(TimeDelta::minutes(1));
    assert_eq!(asks("203.0.113.7").await.status, 200);
}

async fn a_secret_is_nowhere_to_be_found(town: &Town) {
    let feed = town.resident().await.subscribes(None).await;
    assert_eq!(fetch(town, "GET", &feed.url, &[]).await.status, 200);
    let secret = feed.url.strip_prefix("/calendar/").and_then(|rest| rest.strip_suffix(".ics")).unwrap();
    assert!(!crate::identity::is_stored(town, secret).await);
    let bytes = base64_of(secret);
    let indexes = "SELECT count(*) AS n FROM calendar_feed WHERE secret_index = ";
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let literal = match town.ground.database_url.starts_with("postgres") {
        true => format!("'\\x{hex}'"),
        false => format!("x'{hex}'"),
    };
    assert_eq!(town.number(&format!("{indexes}{literal}")).await, 0, "a hash is kept, not the secret");
    let metrics = raw::get(town.address, "/metrics").await.body;
    assert!(metrics.contains("/calendar/{secret}.ics") && !metrics.contains(&secret[..8]), "{metrics}");
}

fn base64_of(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The town's door over another ground.
fn on_a_base(town: &Town, base: Base) -> Identity {
    Identity { base, ..town.app().house.identity.clone() }
}

/// The town's ground under other keys.
fn under(town: &Town, vault: Vault) -> Identity {
    let ground = town.base();
    let chance = Arc::new(SeededChance::new(1));
    let base = Base::new(ground.db.clone(), ground.redis.clone(), Arc::clone(&ground.clock), chance, vault);
    on_a_base(town, base.unwrap())
}

async fn a_read_is_noted_and_outlives_a_change_of_keys(town: &Town) {
    let ann = town.resident().await;
    let feed = ann.subscribes(None).await;
    assert_eq!(ann.feeds().await[0]["lastReadAt"], Value::Null);
    let first = town.now();
    fetch(town, "HEAD", &feed.url, &[]).await;
    let is_noted = async |at: DateTime<Utc>| {
        let noted = format!("SELECT count(*) AS n FROM calendar_feed WHERE last_read_at = '{}'", at.to_rfc3339());
        town.number(&noted).await == 1
    };
    assert!(is_noted(first).await);
    town.later(TimeDelta::minutes(59));
    fetch(town, "GET", &feed.url, &[]).await;
    assert!(is_noted(first).await, "once an hour is enough");
    town.later(TimeDelta::minutes(1));
    fetch(town, "GET", &feed.url, &[]).await;
    assert!(is_noted(town.now()).await);
    let secret = feed.url.strip_prefix("/calendar/").and_then(|rest| rest.strip_suffix(".ics")).unwrap();
    let old = town.ground.config().master_key().unwrap().unwrap();
    let both = under(town, Vault::ring(&[9; 32], &[old]).unwrap());
    let new = under(town, Vault::new(&[9; 32]).unwrap());
    assert!(feeds::read(&new, secret).await.is_err(), "the new key knows nothing of it yet");
    feeds::read(&both, secret).await.unwrap();
    feeds::read(&new, secret).await.unwrap();
}

/// Books what was booked again, so many times, in every state in turn.
async fn again(town: &Town, times: usize) {
    let row = booking::Entity::find().one(town.database()).await.unwrap().expect("a booking");
    let states = [BookingState::CancelledByUser, BookingState::Confirmed, BookingState::Expired, BookingState::NoShow];
    let copies = (0..times).map(|number| {
        let id = BookingId(uuid::Uuid::from_u128(number as u128 + 1));
        let state = states[number % states.len()];
        booking::Model { id, code: format!("COPY{number}"), state, ..row.clone() }.into_active_model()
    });
    let copies: Vec<_> = copies.collect();
    if !copies.is_empty() {
        booking::Entity::insert_many(copies).exec_without_returning(town.database()).await.unwrap();
    }
}

async fn a_calendar_takes_as_many_statements_as_another(town: &Town) {
    let dance = town.venue("XH-01", DANCE).await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let (own, theirs) = (ann.subscribes(None).await, staff.subscribes(Some(&dance)).await);
    let booked = ann.books(town, &dance, (1, "10:00", "11:00")).await;
    ann.does_on("cancelBooking", &booked, json!({})).await;
    let identity = on_a_base(town, town.a_base_of_its_own().await);
    let mut taken = Vec::new();
    for rows in [1, 60] {
        again(town, rows - 1).await;
        for feed in [&own, &theirs] {
            let secret = feed.url.strip_prefix("/calendar/").and_then(|rest| rest.strip_suffix(".ics")).unwrap();
            feeds::read(&identity, secret).await.unwrap();
            let before = identity.base.db.statements();
            let text = feeds::read(&identity, secret).await.unwrap();
            assert_eq!(text.matches("BEGIN:VEVENT").count(), rows, "{text}");
            taken.push(identity.base.db.statements() - before);
        }
    }
    assert_eq!((taken[0], taken[1]), (taken[2], taken[3]), "own and a venue's: {taken:?}");
    assert_eq!(taken[..2], [9, 11]);
}

async fn a_copy_of_the_data_names_the_feeds(town: &Town) {
    let ann = town.resident().await;
    let before = ann.subscribes(None).await;
    town.later(TimeDelta::seconds(1));
    let feed = ann.subscribes(None).await;
    fetch(town, "GET", &feed.url, &[]).await;
    let url = ann.has_copy().await;
    let text = raw::get(town.address, &url).await.body;
    let copy: Value = serde_json::from_str(&text).unwrap();
    let named = copy["calendarFeeds"].as_array().unwrap();
    assert_eq!((named.len(), &named[0]["id"], &named[1]["id"]), (2, &json!(before.id), &json!(feed.id)));
    assert!(named[0]["endedAt"].is_string() && named[1]["endedAt"].is_null() && named[1]["lastReadAt"].is_string());
    assert!(!text.contains(&feed.url[10..53]) && !text.contains("secret"), "{text}");
}

/// An event somebody is registered for, and what becomes of it.
async fn an_event_appears_and_what_is_for_members_is_not_named(town: &Town) {
    let (secretary, member, branch) = town.branch().await;
    let (host, chorus) = town.publishes(&crate::events::chorus(town)).await;
    let class = json!({
        "kind": "PARTY_CLASS", "audience": "ORGANIZATION", "organizationId": branch, "title": "十一月党课", "address": "二楼",
        "startsAt": crate::bookings::at(town, 6, "09:00"), "endsAt": crate::bookings::at(town, 6, "10:00"),
    });
    let draft = Thing::of(&secretary.tries_to_plan(&with(crate::events::chorus(town), class)).await);
    let class = secretary.does_with_event("publishEvent", &draft, json!({})).await;
    let feed = member.subscribes(None).await;
    let sings = member.registers(&chorus).await;
    member.registers(&class).await;
    let seen = shown(town, &feed).await;
    let titles: Vec<&str> = seen.iter().map(|event| event["SUMMARY"].as_str()).collect();
    assert_eq!(titles, ["社区合唱", "活动"], "who finds the address does not learn who belongs to the party");
    assert_eq!(seen[1]["LOCATION"], "二楼");
    let moved = json!({
        "address": "广场", "startsAt": crate::bookings::at(town, 7, "14:00"), "endsAt": crate::bookings::at(town, 7, "16:00"),
    });
    host.does_with_event("changeEvent", &chorus, moved).await;
    let after = shown(town, &feed).await;
    let own = |events: &[Event]| {
        events.iter().find(|event| event["UID"] == format!("{}@zhilitong", sings.id)).cloned().unwrap()
    };
    let (before, after) = (own(&seen), own(&after));
    assert_eq!((before["LOCATION"].as_str(), after["LOCATION"].as_str()), ("活动室", "广场"));
    assert!(before["SEQUENCE"].parse::<i64>().unwrap() < after["SEQUENCE"].parse().unwrap());
    Thing::of(&member.tries_with_seat("cancelEventRegistration", &sings, json!({})).await);
    assert_eq!(own(&shown(town, &feed).await)["STATUS"], "CANCELLED");
    // Who only waited was never expected.
    let ann = town.resident().await;
    let full = with(crate::events::chorus(town), crate::events::on_terms(json!({ "capacity": 1 })));
    let (_, full) = town.publishes(&full).await;
    town.resident().await.registers(&full).await;
    let waits = ann.lines_up_for(town, &full, json!({})).await;
    let feed = ann.subscribes(None).await;
    Thing::of(&ann.tries_with_seat("cancelEventRegistration", &waits, json!({})).await);
    assert!(shown(town, &feed).await.is_empty());
}
