//! When a push is due, as it is kept: quiet hours, three a day, what people want. No channel takes it yet.

use chrono::TimeDelta;
use kernel::actor::Actor;
use serde_json::{Value, json};

use crate::support::case::complaint;
use crate::support::{Case, Crew, Person, Town, stories};

stories![
    quiet_hours_hold_pushes_back_and_not_the_inbox,
    an_emergency_is_pushed_at_any_hour,
    three_a_day_and_the_rest_as_one_in_the_morning,
    people_choose_their_channels,
    what_was_read_or_is_late_is_pushed_no_more,
];

/// How many lines are like this, of reporters about their cases.
async fn pushes(town: &Town, what: &str) -> i64 {
    town.notifies().await;
    let came_in = if town.base().db.is_sqlite() { "datetime(n.created_at)" } else { "n.created_at" };
    let mine = "SELECT count(*) AS n FROM notification n JOIN service_request r ON r.id = n.subject_id AND \
                r.reporter_id = n.account_id WHERE r.submitted_by = n.account_id";
    town.number(&format!("{mine} AND {came_in} >= '2026-11-23 01:00:00' AND {what}")).await
}

/// Waits until an hour of the first day; gives back a dispatcher on duty then.
async fn at_hour(town: &Town, hour: i64, reporter: &mut Person) -> Person {
    town.later(crate::support::town::BIRTH + TimeDelta::hours(hour - 9) - town.now());
    reporter.refreshes().await;
    town.staff("dispatcher").await
}

async fn accepts(dispatcher: &Person, case: &Case) -> Case {
    dispatcher.moves("acceptServiceRequest", case, json!({})).await
}

const MORNING: &str = "push_state = 'WAITING' AND push_at = '2026-11-23 23:30:00+00:00'";

async fn quiet_hours_hold_pushes_back_and_not_the_inbox(town: &Town) {
    let (mut ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    let first = ann.reports(&complaint()).await;
    let (second, third) = (ann.reports(&complaint()).await, ann.reports(&complaint()).await);
    accepts(&dispatcher, &first).await;
    assert_eq!(pushes(town, "push_state = 'WAITING' AND push_at = n.created_at AND NOT is_digest").await, 1);
    let dispatcher = at_hour(town, 22, &mut ann).await;
    accepts(&dispatcher, &second).await;
    assert_eq!(ann.titles(town).await.len(), 2, "the inbox has it at once");
    assert_eq!(pushes(town, &format!("{} AND NOT is_digest", instant(town, MORNING))).await, 1);
    accepts(&dispatcher, &third).await;
    assert_eq!(pushes(town, &format!("{} AND is_digest", instant(town, MORNING))).await, 1);
}

/// SQLite keeps instants as text of one form.
fn instant(town: &Town, sql: &str) -> String {
    if town.base().db.is_sqlite() {
        sql.replace("push_at = '2026-11-23 23:30:00+00:00'", "datetime(push_at) = '2026-11-23 23:30:00'")
    } else {
        sql.to_owned()
    }
}

async fn an_emergency_is_pushed_at_any_hour(town: &Town) {
    let mut ann = town.resident().await;
    let case = ann.reports(&complaint()).await;
    let dispatcher = at_hour(town, 23, &mut ann).await;
    dispatcher.moves("acceptServiceRequest", &case, json!({ "priority": "EMERGENCY" })).await;
    assert_eq!(pushes(town, "push_state = 'WAITING' AND push_at = n.created_at AND is_urgent").await, 1);
    assert_eq!(ann.inbox(town).await[0]["level"], "RED");
}

async fn three_a_day_and_the_rest_as_one_in_the_morning(town: &Town) {
    let (ann, dispatcher) = (town.resident().await, town.staff("dispatcher").await);
    for _ in 0..5 {
        accepts(&dispatcher, &ann.reports(&complaint()).await).await;
        town.notifies().await;
    }
    assert_eq!(pushes(town, "push_at = n.created_at AND NOT is_digest").await, 3);
    assert_eq!(pushes(town, &format!("{} AND is_digest", instant(town, MORNING))).await, 2);
    assert_eq!(ann.unread().await, 5);
}

fn channels(answer: &crate::support::Answer, kind: &str) -> Value {
    let all = answer.list("/updateNotificationPreferences/notificationPreferences");
    all.iter().find(|preference| preference["kind"] == kind).unwrap()["channels"].clone()
}

async fn people_choose_their_channels(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let usual = ann.asks("{ notificationPreferences { kind channels isMandatory } }").await;
    let usual = usual.list("/notificationPreferences");
    assert!(usual.len() > 4 && usual.iter().all(|preference| preference["channels"] == json!(["IN_APP", "WECHAT"])));
    assert_eq!(channels(&ann.prefers("REQUEST_STATUS", &["IN_APP"]).await, "REQUEST_STATUS"), json!(["IN_APP"]));
    let none = ann.prefers("REQUEST_SURVEY", &[]).await;
    assert_eq!(channels(&none, "REQUEST_SURVEY"), json!([]));
    assert_eq!(channels(&none, "REQUEST_STATUS"), json!(["IN_APP"]), "what is not named stays");
    ann.prefers("REQUEST_ASSIGNED", &["SMS"]).await.is_refused("INVALID").at("preferences");
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "VERIFIED").await;
    assert_eq!(ann.titles(town).await, ["Request handled", "Request sent to a unit", "Request accepted"]);
    assert_eq!(pushes(town, "push_state = 'UNWANTED' AND push_at IS NULL").await, 3);
    ann.prefers("REQUEST_SURVEY", &["SMS"]).await.is_done();
    let bad = crate::support::case::answer("NO", 1);
    ann.moves("surveyServiceRequest", &case, bad).await;
    crew.takes(&ann.looks_at(&case).await, "property", "VERIFIED").await;
    assert!(!ann.titles(town).await.contains(&"How did it go?".to_owned()), "pushed only");
    assert_eq!(pushes(town, "push_state = 'WAITING' AND NOT is_shown").await, 1);
}

async fn what_was_read_or_is_late_is_pushed_no_more(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    let inbox = ann.inbox(town).await;
    assert_eq!(pushes(town, "push_state = 'WAITING'").await, 2);
    ann.reads(json!({ "ids": [inbox[0]["id"]] })).await.is_done();
    assert_eq!((pushes(town, "push_state = 'WAITING'").await, pushes(town, "push_state = 'LAPSED'").await), (1, 1));
    town.later(TimeDelta::hours(24) + TimeDelta::seconds(1));
    let lapse =
        town.base().write(&Actor::System, &(), |tx, ()| Box::pin(async move { notifications::lapse_pushes(tx).await }));
    lapse.await.expect("a round");
    assert_eq!(pushes(town, "push_state = 'LAPSED'").await, 2);
}
