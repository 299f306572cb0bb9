//! An inbox is the person's: it is in the copy of the data, and goes with the account.

use chrono::TimeDelta;
use serde_json::json;

use crate::flows::all_forgotten;
use crate::support::case::complaint;
use crate::support::{Crew, Town, raw, stories};

stories![a_copy_holds_the_inbox, an_inbox_goes_with_its_account];

async fn a_copy_holds_the_inbox(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "ACCEPTED").await;
    let line = ann.inbox(town).await.remove(0);
    ann.prefers("REQUEST_SURVEY", &["SMS"]).await.is_done();
    let copy = raw::get(town.address, &ann.has_copy().await).await.json();
    let mine = &copy["notifications"][0];
    assert_eq!((&mine["id"], &mine["caseNo"], &mine["says"]), (&line["id"], &json!(case.no), &json!("ACCEPTED")));
    let preferences = copy["notificationPreferences"].as_array().unwrap();
    assert!(preferences.contains(&json!({ "kind": "REQUEST_SURVEY", "inApp": false, "wechat": false, "sms": true })));
}

async fn an_inbox_goes_with_its_account(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    ann.prefers("REQUEST_SURVEY", &["SMS"]).await.is_done();
    town.notifies().await;
    let own = format!(
        "SELECT (SELECT count(*) FROM notification WHERE account_id = r.submitted_by) + (SELECT count(*) FROM \
         notification_preference WHERE account_id = r.submitted_by) AS n FROM service_request r WHERE r.case_no = '{}'",
        case.no
    );
    assert_eq!(town.number(&own).await, 3);
    town.later(TimeDelta::seconds(61));
    ann.asks_to_be_forgotten(town, Some(&ann.phone())).await.is_done();
    town.later(TimeDelta::days(7));
    all_forgotten(town).await;
    assert_eq!(town.number(&own).await, 0);
    assert_eq!(super::lines_about(town, &case).await, 2, "those of the unit stay");
}
