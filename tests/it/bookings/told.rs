//! Who is told what of bookings (domain §K): in the inbox, once, and pushed as long as it is of use.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Booked, DANCE, at};
use crate::support::case::new_key;
use crate::support::{Person, Town, stories};

stories![
    who_has_it_and_who_waits_are_told,
    what_came_to_nothing_says_why,
    the_centre_is_told_what_it_has_to_decide,
    people_are_reminded_two_hours_before_and_once,
    who_wants_no_reminder_has_none,
    what_is_called_off_is_told_to_all_who_lose_it,
    a_series_is_told_of_as_one,
    an_appeal_is_told_of_to_who_decides_and_to_whose_it_is,
    a_push_that_would_come_too_late_is_none,
];

/// What the stories look at of each line.
const LINE: &str =
    "kind title body subject { ... on Booking { id } ... on BookingSeries { id } ... on CreditAppeal { id } }";

impl Person {
    /// Lines of the inbox about bookings, oldest first.
    async fn heard(&self, town: &Town) -> Vec<Value> {
        town.notifies().await;
        let text = format!("{{ myNotifications(first: 50) {{ nodes {{ {LINE} }} }} }}");
        let mut lines = self.asks(&text).await.list("/myNotifications/nodes");
        lines.reverse();
        lines.retain(|line| line["kind"].as_str().unwrap().starts_with("BOOKING"));
        lines
    }

    /// Their titles.
    async fn heard_titles(&self, town: &Town) -> Vec<String> {
        self.heard(town).await.iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect()
    }
}

/// Which booking a line points to.
fn points_to(line: &Value) -> &str {
    line["subject"]["id"].as_str().unwrap_or_else(|| panic!("it points to nothing: {line}"))
}

async fn who_has_it_and_who_waits_are_told(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (1, "09:00", "10:30")).await;
    let waits = bob.waits_for(town, &venue, (1, "09:00", "10:30")).await;
    assert!(bob.heard(town).await.is_empty(), "who waits sees that at once");
    ann.does_on("cancelBooking", &has, json!({})).await;
    let lines = ann.heard(town).await;
    let kinds: Vec<&Value> = lines.iter().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["BOOKING_STATUS", "BOOKING_STATUS"]);
    assert_eq!(lines[0]["title"], "Booking confirmed");
    assert_eq!(lines[0]["body"], "“舞蹈房” (24 Nov, 09:00–10:30) is yours; please check in on time.");
    assert_eq!(lines[1]["body"], "“舞蹈房” (24 Nov, 09:00–10:30) is cancelled.");
    assert!(lines.iter().all(|line| points_to(line) == has.id));

    let offered = bob.sees_again(&waits).await;
    let lines = bob.heard(town).await;
    assert_eq!(lines[0]["title"], "A place for you");
    let kept = "fell free; please say whether you want it. It is kept for you until 23 Nov, 09:30.";
    assert!(lines[0]["body"].as_str().unwrap().ends_with(kept), "{lines:?}");
    let has = bob.does_on("acceptBookingOffer", &offered, json!({})).await;
    let input = json!({
        "id": has.id, "venueId": venue, "startsAt": at(town, 1, "13:00"), "endsAt": at(town, 1, "14:00"), "idempotencyKey": new_key(),
    });
    bob.does("rescheduleBooking", &input, super::BOOKING).await.is_done();
    let titles = ["A place for you", "Booking confirmed", "Booking moved"];
    let lines = bob.heard(town).await;
    assert_eq!(lines.iter().map(|line| line["title"].as_str().unwrap()).collect::<Vec<_>>(), titles);
    assert_eq!(lines[2]["body"], "“舞蹈房” (24 Nov, 13:00–14:00) is where and when it is now.");
    assert_eq!(ann.heard(town).await.len(), 2, "nobody hears of what is another's");
}

async fn what_came_to_nothing_says_why(town: &Town) {
    let (dance, meeting) = (town.venue("XH-01", DANCE).await, town.venue("XH-02", "会议室").await);
    let (ann, bob, cid) = (town.resident().await, town.resident().await, town.resident().await);
    let has = ann.books(town, &dance, (0, "11:00", "12:00")).await;
    bob.waits_for(town, &dance, (0, "11:00", "12:00")).await;
    cid.books(town, &meeting, (0, "11:00", "12:00")).await;
    // The centre moves the first one, and nobody comes.
    let staff = town.staff("center").await;
    let later = json!({ "venueId": dance, "startsAt": at(town, 0, "13:00"), "endsAt": at(town, 0, "14:00") });
    let moved = staff.does_on("moveBooking", &has, later).await;
    assert_eq!(bob.heard_titles(town).await, ["A place for you"], "what it leaves is offered");
    town.later(TimeDelta::minutes(31));
    town.strikes().await;
    town.later(at(town, 0, "13:16") - town.now());
    town.strikes().await;
    let (ann, bob, cid) = (ann.refreshed().await, bob.refreshed().await, cid.refreshed().await);
    let last = async |person: &Person| person.heard(town).await.last().unwrap()["body"].as_str().unwrap().to_owned();
    assert!(last(&bob).await.ends_with("came to nothing. Nobody said in time that it was wanted."));
    assert!(last(&cid).await.ends_with("came to nothing. The centre did not decide in time."));
    assert_eq!(ann.sees_again(&moved).await.state, "NO_SHOW");
    assert!(last(&ann).await.ends_with("as nobody checked in. The centre had moved it: this costs you nothing."));
    let lines = ann.heard(town).await;
    let moved = lines.iter().find(|line| line["title"] == "Booking moved").unwrap()["body"].as_str().unwrap();
    assert!(moved.ends_with("until it begins you may cancel it, which costs you nothing."), "{moved}");
}

async fn the_centre_is_told_what_it_has_to_decide(town: &Town) {
    let venue = town.venue("XH-02", "会议室").await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let asks = ann.books(town, &venue, (1, "15:00", "16:00")).await;
    assert!(ann.heard(town).await.is_empty());
    let lines = staff.heard(town).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["kind"], points_to(&lines[0])), (&json!("BOOKING_DESK"), asks.id.as_str()));
    let pushed =
        "SELECT count(*) AS n FROM notification WHERE template = 'BOOKING_TO_DECIDE' AND push_state = 'WAITING'";
    assert_eq!(town.number(pushed).await, 1, "the desk's phone says so");
    let body = "“会议室” (24 Nov, 15:00–16:00) waits for your decision. Please decide by 24 Nov, 15:00.";
    assert_eq!(lines[0]["body"], body);
    staff.does_on("rejectBooking", &asks, json!({ "reason": "PARTY_SIZE" })).await;
    let again = ann.books(town, &venue, (1, "10:00", "11:00")).await;
    staff.does_on("approveBooking", &again, json!({})).await;
    let lines = ann.heard(town).await;
    assert_eq!(lines[0]["body"], "“会议室” (24 Nov, 15:00–16:00) was not granted. Reason: too many or too few people.");
    assert_eq!(lines[1]["title"], "Booking confirmed");
    // The desk decided itself: it is told of the second one that came, and of nothing it did.
    assert_eq!(staff.heard_titles(town).await, ["A booking to decide"; 2]);
    let other = town.staff("dispatcher").await;
    assert!(other.heard(town).await.is_empty(), "who does not work there is not told");
}

async fn people_are_reminded_two_hours_before_and_once(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob, cid) = (town.resident().await, town.resident().await, town.resident().await);
    // It is nine. Of three, one is cancelled before, and one is booked when there is no time left to remind of it.
    let has = ann.books(town, &venue, (0, "13:00", "14:00")).await;
    let gone = bob.books(town, &venue, (0, "14:30", "15:30")).await;
    let soon = cid.books(town, &venue, (0, "11:00", "12:00")).await;
    bob.does_on("cancelBooking", &gone, json!({})).await;
    town.later(TimeDelta::hours(2));
    town.strikes().await;
    let (ann, bob, cid) = (ann.refreshed().await, bob.refreshed().await, cid.refreshed().await);
    assert_eq!(ann.heard_titles(town).await, ["Booking confirmed"], "not before its time");
    town.later(TimeDelta::seconds(1));
    town.strikes().await;
    town.later(TimeDelta::minutes(14));
    town.strikes().await;
    let lines = ann.heard(town).await;
    assert_eq!(lines.iter().map(|line| &line["kind"]).collect::<Vec<_>>(), ["BOOKING_STATUS", "BOOKING_REMINDER"]);
    let body = "“舞蹈房” (23 Nov, 13:00–14:00) is yours today. Please check in by 23 Nov, 13:15.";
    assert_eq!((&lines[1]["body"], points_to(&lines[1])), (&json!(body), has.id.as_str()));
    let ann = ann.refreshed().await;
    assert_eq!(ann.sees_again(&has).await.state, "CONFIRMED");
    assert_eq!(bob.refreshed().await.heard_titles(town).await, ["Booking confirmed", "Booking cancelled"]);
    // Nobody reminded the third, and nobody came.
    town.later(TimeDelta::minutes(1));
    town.strikes().await;
    let cid = cid.refreshed().await;
    assert_eq!(cid.sees_again(&soon).await.state, "NO_SHOW");
    assert_eq!(cid.heard_titles(town).await, ["Booking confirmed", "Nobody came"]);
}

async fn who_wants_no_reminder_has_none(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    ann.prefers("BOOKING_REMINDER", &[]).await.is_done();
    ann.prefers("BOOKING_STATUS", &["WECHAT"]).await.is_refused("INVALID");
    ann.books(town, &venue, (0, "13:00", "14:00")).await;
    town.later(TimeDelta::hours(2) + TimeDelta::seconds(1));
    town.strikes().await;
    assert_eq!(ann.refreshed().await.heard_titles(town).await, ["Booking confirmed"]);
}

async fn what_is_called_off_is_told_to_all_who_lose_it(town: &Town) {
    let (dance, staff) = (town.venue("XH-01", DANCE).await, town.staff("center").await);
    let (ann, bob, cid) = (town.resident().await, town.resident().await, town.resident().await);
    ann.books(town, &dance, (1, "09:00", "10:00")).await;
    bob.waits_for(town, &dance, (1, "09:00", "10:00")).await;
    cid.books(town, &dance, (2, "09:00", "10:00")).await;
    let centers = town.stranger().asks("{ centers { id code } }").await.list("/centers");
    let center = centers.iter().find(|center| center["code"] == "XH-01").unwrap()["id"].clone();
    let closure = json!({
        "centerId": center, "startsAt": at(town, 1, "08:00"), "endsAt": at(town, 1, "20:00"), "reason": "UTILITIES",
        "idempotencyKey": new_key(),
    });
    staff.does("closeCenter", &closure, super::places::CLOSURE).await.is_done();
    let said = "was called off by the centre; this costs you nothing. Reason: no power or water.";
    for (person, before) in [(&ann, 1), (&bob, 0)] {
        let lines = person.heard(town).await;
        assert_eq!(lines.len(), before + 1, "{lines:?}");
        assert_eq!(lines[before]["body"], format!("“舞蹈房” (24 Nov, 09:00–10:00) {said}"));
    }
    assert_eq!(cid.heard_titles(town).await, ["Booking confirmed"]);
}

async fn a_series_is_told_of_as_one(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, staff) = (town.resident().await, town.staff("center").await);
    let season = json!({
        "venueId": venue, "weekdays": [2], "firstOn": "2026-11-24", "lastOn": "2026-12-31", "from": "18:00", "to": "20:00",
        "partySize": 12, "purpose": "夕阳红舞蹈队", "groupName": "夕阳红", "contactName": "王阿姨", "contactPhone": ann.phone(),
        "idempotencyKey": new_key(),
    });
    let shown = "series { id bookings(first: 10) { nodes { id version state } } } userErrors { code }";
    let series = staff.does("bookSeries", &season, shown).await.is_done().get("/bookSeries/series").clone();
    let lines = ann.heard(town).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["title"], points_to(&lines[0])), (&json!("Series booked"), series["id"].as_str().unwrap()));
    let body = "“舞蹈房” (24 Nov, 18:00 – 31 Dec, 20:00) was booked as a series. Bookings: 6.";
    assert_eq!(lines[0]["body"], body);
    let second = Booked::from(&series["bookings"]["nodes"][1]);
    staff.does_on("callOffBooking", &second, json!({ "scope": "FOLLOWING", "reason": "MAINTENANCE" })).await;
    let lines = ann.heard(town).await;
    assert_eq!(lines.len(), 2, "once for all of them: {lines:?}");
    let body = lines[1]["body"].as_str().unwrap();
    assert!(body.starts_with("“舞蹈房” (1 Dec, 18:00–20:00) was called off by the centre;"), "{body}");
    assert!(body.ends_with("The same happened to others of its series: 4. Reason: repairs."), "{body}");
    assert_eq!(points_to(&lines[1]), second.id);
}

async fn an_appeal_is_told_of_to_who_decides_and_to_whose_it_is(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    ann.books(town, &venue, (0, "10:00", "11:00")).await;
    town.later(TimeDelta::minutes(75) + TimeDelta::seconds(1));
    town.strikes().await;
    let ann = ann.refreshed().await;
    let text = "{ viewer { credit { entries(first: 1) { nodes { id } } } } }";
    let entry = ann.asks(text).await.text("/viewer/credit/entries/nodes/0/id");
    let input = json!({ "entryId": entry, "reason": "当天停电，门没有开。", "idempotencyKey": new_key() });
    let shown = "appeal { id version } userErrors { code }";
    let appeal = ann.does("appealCredit", &input, shown).await.is_done().get("/appealCredit/appeal").clone();
    let staff = town.staff("center").await;
    let lines = staff.heard(town).await;
    assert_eq!(
        (&lines[0]["title"], points_to(&lines[0])),
        (&json!("An appeal to decide"), appeal["id"].as_str().unwrap())
    );
    let decided = json!({ "id": appeal["id"], "expectedVersion": appeal["version"], "isGranted": true, "idempotencyKey": new_key() });
    staff.does("decideCreditAppeal", &decided, shown).await.is_done();
    let lines = ann.heard(town).await;
    let titles: Vec<&Value> = lines.iter().map(|line| &line["title"]).collect();
    assert_eq!(titles, ["Booking confirmed", "Nobody came", "Appeal granted"]);
    assert_eq!(points_to(&lines[2]), appeal["id"].as_str().unwrap());
}

async fn a_push_that_would_come_too_late_is_none(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let has = ann.books(town, &venue, (1, "09:00", "10:00")).await;
    bob.waits_for(town, &venue, (1, "09:00", "10:00")).await;
    // Ten in the evening: what fell free is kept for half an hour, and the phone is quiet until the morning.
    town.later(TimeDelta::hours(13));
    let ann = ann.refreshed().await;
    ann.does_on("cancelBooking", &has, json!({})).await;
    town.notifies().await;
    let pushes = "SELECT count(*) AS n FROM notification WHERE template = 'BOOKING_OFFERED' AND push_state = ";
    assert_eq!(town.number(&format!("{pushes}'UNWANTED'")).await, 1);
    // Nor is what somebody does pushed to the same person: the screen says so.
    let own = "SELECT count(*) AS n FROM notification WHERE template IN ('BOOKING_CONFIRMED', 'BOOKING_CANCELLED') AND push_state = ";
    assert_eq!(town.number(&format!("{own}'UNWANTED'")).await, 2);
    assert_eq!(bob.refreshed().await.heard_titles(town).await, ["A place for you"], "it is in the inbox all the same");
}
