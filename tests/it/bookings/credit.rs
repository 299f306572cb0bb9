//! How people keep to what was agreed: lines, bars, approval, damage, appeals (domain §C, scenario 11).

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::Role;
use serde_json::{Value, json};

use super::{Booked, DANCE, refusal};
use crate::support::case::new_key;
use crate::support::{Answer, Person, Town, stories};

stories![
    the_third_absence_bars_for_thirty_days_and_an_appeal_restores_all,
    a_bar_is_over_after_thirty_days_and_the_centre_looks_at_what_follows,
    who_is_barred_is_passed_over,
    what_is_broken_and_late_leads_to_approval,
    damage_that_was_none_leaves_no_trace_and_others_decide_about_it,
    who_comes_as_agreed_gains,
    an_appeal_is_made_once_in_time_and_decided_by_others,
    credit_is_between_its_person_and_the_centre,
];

const CREDIT: &str = "{ viewer { credit { score barredUntil needsApproval entries(first: 20) { nodes { id kind points at \
                      isReversed isAppealable booking { id } appeal { id state answer } } } } } }";
const APPEAL: &str = "isReplay appeal { id version state kind reason answer viewerActions booking { id state } center { code } } \
                      userErrors { code field }";

impl Person {
    async fn credit(&self) -> Value {
        self.asks(CREDIT).await.get("/viewer/credit").clone()
    }

    async fn says_it_is_wrong(&self, entry: &Value) -> Answer {
        let input =
            json!({ "entryId": entry["id"], "reason": "当天中心停电，门没有开。", "idempotencyKey": new_key() });
        self.does("appealCredit", &input, APPEAL).await
    }

    async fn judges_appeal(&self, appeal: &Value, is_granted: bool, answer: Option<&str>) -> Answer {
        let input = json!({
            "id": appeal["id"], "expectedVersion": appeal["version"], "isGranted": is_granted, "answer": answer,
            "idempotencyKey": new_key(),
        });
        self.does("decideCreditAppeal", &input, APPEAL).await
    }
}

/// Books for the next morning and does not come; gives the person back, signed in anew.
async fn does_not_come(town: &Town, person: Person, venue: &str, day: i64) -> (Person, Booked) {
    let has = person.books(town, venue, (day, "10:00", "11:00")).await;
    let until: DateTime<Utc> = super::at(town, day, "10:15");
    town.later(until - town.now() + TimeDelta::seconds(1));
    town.strikes().await;
    (person.refreshed().await, has)
}

/// After days without the app.
async fn signs_in_again(town: &Town, person: Person) -> Person {
    let (phone, mut person) = (person.phone(), person.holding(None));
    person.signs_in_with_code(town, &phone).await.is_done();
    person
}

/// Three mornings in a row.
async fn misses_three(town: &Town, venue: &str) -> Person {
    let mut ann = town.resident().await;
    for day in [0, 1, 1] {
        ann = does_not_come(town, ann, venue, day).await.0;
    }
    ann
}

async fn the_third_absence_bars_for_thirty_days_and_an_appeal_restores_all(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let mut ann = town.resident().await;
    for (day, score, needs_approval) in [(0, 80, false), (1, 60, false), (1, 40, true)] {
        ann = does_not_come(town, ann, &venue, day).await.0;
        let credit = ann.credit().await;
        assert_eq!((&credit["score"], &credit["needsApproval"]), (&json!(score), &json!(needs_approval)));
    }
    let barred = ann.tries_to_book(town, &venue, (1, "14:00", "15:00"), json!({})).await;
    barred.is_refused("CREDIT_BARRED");
    // From the last absence on, whenever somebody looked.
    let until = town.now() - TimeDelta::seconds(1) + TimeDelta::days(30);
    assert_eq!(refusal(&barred)["resetAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), until);
    let credit = ann.credit().await;
    assert_eq!(credit["barredUntil"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), until);
    let lines = credit["entries"]["nodes"].as_array().unwrap();
    assert_eq!(lines.iter().map(|line| &line["points"]).collect::<Vec<_>>(), [-20, -20, -20]);
    assert!(lines.iter().all(|line| line["kind"] == "NO_SHOW" && line["isAppealable"] == true), "{credit}");

    let made = ann.says_it_is_wrong(&lines[0]).await.is_done().get("/appealCredit/appeal").clone();
    assert_eq!((&made["state"], &made["center"]["code"]), (&json!("PENDING"), &json!("XH-01")));
    assert_eq!(ann.credit().await["score"], 40, "an appeal alone changes nothing");
    let staff = town.staff("center").await;
    let text = "{ centers { code creditAppeals(isOpen: true, first: 5) { nodes { id version reason viewerActions booking { \
                state startsAt } } } } }";
    let centers = staff.asks(text).await.list("/centers");
    let center = centers.iter().find(|center| center["code"] == "XH-01").unwrap();
    let open = center["creditAppeals"]["nodes"].as_array().unwrap();
    assert_eq!(open.len(), 1, "{centers:?}");
    assert_eq!(open[0]["viewerActions"], json!(["DECIDE"]));
    assert_eq!(open[0]["booking"]["state"], "NO_SHOW");
    town.later(TimeDelta::minutes(1));
    let granted = staff.judges_appeal(&open[0], true, None).await.is_done().get("/decideCreditAppeal/appeal").clone();
    assert_eq!((&granted["state"], &granted["viewerActions"]), (&json!("GRANTED"), &json!([])));

    let credit = ann.credit().await;
    assert_eq!(
        (&credit["score"], &credit["barredUntil"], &credit["needsApproval"]),
        (&json!(60), &Value::Null, &json!(false))
    );
    let lines = credit["entries"]["nodes"].as_array().unwrap();
    assert_eq!((&lines[0]["kind"], &lines[0]["points"]), (&json!("REVERSAL"), &json!(0)));
    assert_eq!((&lines[1]["isReversed"], &lines[1]["isAppealable"]), (&json!(true), &json!(false)));
    assert_eq!(ann.books(town, &venue, (1, "14:00", "15:00")).await.state, "CONFIRMED");
}

async fn a_bar_is_over_after_thirty_days_and_the_centre_looks_at_what_follows(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = misses_three(town, &venue).await;
    // On the last but one day of the bar, and when it is over.
    town.later(TimeDelta::days(30) - TimeDelta::seconds(2));
    let ann = signs_in_again(town, ann).await;
    ann.tries_to_book(town, &venue, (1, "10:00", "11:00"), json!({})).await.is_refused("CREDIT_BARRED");
    town.later(TimeDelta::seconds(1));
    assert_eq!(ann.books(town, &venue, (1, "10:00", "11:00")).await.state, "PENDING_APPROVAL");
}

async fn who_is_barred_is_passed_over(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let mut ann = town.resident().await;
    for day in [0, 1] {
        ann = does_not_come(town, ann, &venue, day).await.0;
    }
    let (bob, cid) = (town.resident().await, town.resident().await);
    let has = bob.books(town, &venue, (3, "10:00", "11:00")).await;
    let waits = ann.waits_for(town, &venue, (3, "10:00", "11:00")).await;
    let waits_too = cid.waits_for(town, &venue, (3, "10:00", "11:00")).await;
    let (ann, _) = does_not_come(town, ann, &venue, 1).await;
    bob.refreshed().await.does_on("cancelBooking", &has, json!({})).await;
    // Who waited longer could not take it.
    assert_eq!(ann.sees_again(&waits).await.state, "WAITLISTED");
    assert_eq!(cid.refreshed().await.sees_again(&waits_too).await.state, "OFFERED");
    super::nothing_overlaps(town).await;
}

/// Uses the dance room from ten to eleven, checked in by the staff.
async fn comes(town: &Town, person: &Person, venue: &str, day: i64) -> Booked {
    let has = person.books(town, venue, (day, "10:00", "11:00")).await;
    town.later(super::at(town, day, "10:00") - town.now());
    town.staff("center").await.does_on("checkInBooking", &has, json!({})).await
}

async fn what_is_broken_and_late_leads_to_approval(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let used = comes(town, &ann, &venue, 0).await;
    let staff = town.staff("center").await;
    let note = json!({ "note": "镜子裂了一块" });
    ann.refreshed().await.tries_on("recordDamage", &used, note.clone()).await.is_refused("FORBIDDEN");
    staff.tries_on("recordDamage", &used, json!({ "note": " " })).await.is_refused("REQUIRED").at("note");
    let broken = staff.does_on("recordDamage", &used, note.clone()).await;
    staff.tries_on("recordDamage", &broken, note.clone()).await.is_refused("INVALID_TRANSITION");
    town.later(TimeDelta::seconds(3_601));
    town.strikes().await;
    let ann = signs_in_again(town, ann).await;
    let credit = ann.credit().await;
    // 100 − 40, and 2 for having come.
    assert_eq!((&credit["score"], &credit["needsApproval"]), (&json!(62), &json!(false)));
    let seen = ann.looks_up(&used).await;
    assert_eq!((&seen["state"], &seen["note"]), (&json!("COMPLETED"), &json!("镜子裂了一块")));
    // Within two hours of its beginning it is late.
    let soon = ann.books(town, &town.venue("XH-01", "多功能厅东厅").await, (0, "13:00", "14:00")).await;
    ann.does_on("cancelBooking", &soon, json!({})).await;
    assert_eq!(ann.credit().await["score"], 57);
    let next = ann.books(town, &venue, (1, "10:00", "11:00")).await;
    assert_eq!(next.state, "PENDING_APPROVAL", "the dance room is booked at once by others");
    // A week later nobody says any more that something was broken.
    town.later(TimeDelta::days(8));
    let bob = town.resident().await;
    let whole = comes(town, &bob, &venue, 1).await;
    town.later(TimeDelta::days(7) + TimeDelta::seconds(3_601));
    town.strikes().await;
    let (staff, whole) = (town.staff("center").await, Booked { version: whole.version + 1, ..whole });
    staff.tries_on("recordDamage", &whole, note).await.is_refused("DEADLINE_PASSED");
}

async fn damage_that_was_none_leaves_no_trace_and_others_decide_about_it(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let used = comes(town, &ann, &venue, 0).await;
    let staff = town.staff("center").await;
    staff.does_on("recordDamage", &used, json!({ "note": "镜子裂了一块" })).await;
    let ann = ann.refreshed().await;
    let line = ann.credit().await["entries"]["nodes"][0].clone();
    let made = ann.says_it_is_wrong(&line).await.is_done().get("/appealCredit/appeal").clone();
    assert_eq!(made["kind"], "DAMAGE");
    staff.judges_appeal(&made, true, None).await.is_refused("SAME_PERSON");
    let seen = "query($id: ID!) { node(id: $id) { ... on CreditAppeal { viewerActions } } }";
    let seen = async |person: &Person| person.says(seen, &json!({ "id": made["id"] })).await.get("/node").clone();
    let other = town.official(Role::CenterStaff, "310112008001").await;
    assert_eq!(seen(&staff).await["viewerActions"], json!([]));
    assert_eq!(seen(&other).await["viewerActions"], json!(["DECIDE"]));
    other.judges_appeal(&made, true, None).await.is_done();
    let own = ann.asks("{ viewer { credit { score } bookings { nodes { isDamaged note } } } }").await;
    assert_eq!(own.get("/viewer/credit/score"), 100);
    assert_eq!(own.get("/viewer/bookings/nodes/0"), &json!({ "isDamaged": false, "note": null }));
}

async fn who_comes_as_agreed_gains(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let (ann, _) = does_not_come(town, ann, &venue, 0).await;
    assert_eq!(ann.credit().await["score"], 80);
    let has = ann.books(town, &venue, (1, "10:00", "11:00")).await;
    town.later(super::at(town, 1, "10:00") - town.now());
    let used = town.staff("center").await.does_on("checkInBooking", &has, json!({})).await;
    let ann = ann.refreshed().await;
    assert_eq!(ann.credit().await["score"], 80, "not before it is over");
    ann.does_on("endBooking", &used, json!({})).await;
    let credit = ann.credit().await;
    assert_eq!((&credit["score"], &credit["entries"]["nodes"][0]["kind"]), (&json!(82), &json!("ON_TIME_USE")));
    assert_eq!(credit["entries"]["nodes"][0]["isAppealable"], false);
    ann.says_it_is_wrong(&credit["entries"]["nodes"][0]).await.is_refused("INVALID_TRANSITION");
}

async fn an_appeal_is_made_once_in_time_and_decided_by_others(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let (ann, bob) = (town.resident().await, town.resident().await);
    let (ann, _) = does_not_come(town, ann, &venue, 0).await;
    let line = ann.credit().await["entries"]["nodes"][0].clone();
    let bob = bob.refreshed().await;
    bob.says_it_is_wrong(&line).await.is_refused("NOT_FOUND");
    let made = ann.says_it_is_wrong(&line).await.is_done().get("/appealCredit/appeal").clone();
    ann.says_it_is_wrong(&line).await.is_refused("INVALID_TRANSITION");
    ann.judges_appeal(&made, true, None).await.is_refused("FORBIDDEN");
    bob.judges_appeal(&made, true, None).await.is_refused("NOT_FOUND");
    let staff = town.staff("center").await;
    staff.judges_appeal(&made, false, None).await.is_refused("REQUIRED").at("answer");
    let stale = json!({ "id": made["id"], "version": 7 });
    staff.judges_appeal(&stale, true, None).await.is_refused("CONFLICT");
    let no = staff
        .judges_appeal(&made, false, Some("当天正常开放"))
        .await
        .is_done()
        .get("/decideCreditAppeal/appeal")
        .clone();
    assert_eq!((&no["state"], &no["answer"]), (&json!("REFUSED"), &json!("当天正常开放")));
    staff.judges_appeal(&no, true, None).await.is_refused("INVALID_TRANSITION");
    let credit = ann.credit().await;
    assert_eq!((&credit["score"], &credit["entries"]["nodes"][0]["appeal"]["state"]), (&json!(80), &json!("REFUSED")));
    // Seven days after, it is too late.
    let (ann, _) = does_not_come(town, ann, &venue, 1).await;
    let line = ann.credit().await["entries"]["nodes"][0].clone();
    town.later(TimeDelta::days(7));
    let ann = signs_in_again(town, ann).await;
    ann.says_it_is_wrong(&line).await.is_refused("DEADLINE_PASSED");
}

async fn credit_is_between_its_person_and_the_centre(town: &Town) {
    let venue = town.venue("XH-01", DANCE).await;
    let ann = town.resident().await;
    let (ann, _) = does_not_come(town, ann, &venue, 0).await;
    let line = ann.credit().await["entries"]["nodes"][0].clone();
    let made = ann.says_it_is_wrong(&line).await.is_done().get("/appealCredit/appeal").clone();
    let text = "query($id: ID!) { node(id: $id) { ... on CreditAppeal { state } } centers { creditAppeals(first: 1) { nodes { \
                id } } } }";
    let look = async |person: &Person| person.says(text, &json!({ "id": made["id"] })).await.get("/node").clone();
    assert_eq!(look(&ann).await["state"], "PENDING");
    assert_eq!(look(&town.staff("center").await).await["state"], "PENDING");
    for other in [town.resident().await, town.staff("dispatcher").await, town.stranger()] {
        assert_eq!(look(&other).await, Value::Null);
    }
    let centers = ann.says(text, &json!({ "id": made["id"] })).await.list("/centers");
    assert!(centers.iter().all(|center| center["creditAppeals"].is_null()), "{centers:?}");
    let stranger = town.stranger().asks("{ viewer { credit { score } } }").await;
    assert_eq!(stranger.get("/viewer"), &Value::Null);
}
