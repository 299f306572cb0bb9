//! Rejection (不予受理): with a reason and where to turn, objectable once.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::case::complaint;
use crate::support::{Crew, Town, stories};

stories![
    a_rejection_says_why_and_where_to_turn,
    a_rejection_is_objected_to_once,
    incomplete_is_said_only_after_three_working_days,
];

async fn a_rejection_says_why_and_where_to_turn(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let dispatcher = crew.who("dispatcher").await;
    let wordless = json!({ "reason": "LITIGATION", "explanation": " " });
    dispatcher.tries("rejectServiceRequest", &case, wordless).await.is_refused("REQUIRED").at("explanation");
    let no = json!({ "reason": "LITIGATION", "explanation": "正在法院审理，可拨打 12348" });
    let case = dispatcher.moves("rejectServiceRequest", &case, no).await;
    let own = ann.sees(&case, "state rejectReason viewerActions timeline { notes { kind text } }").await;
    assert_eq!((&own["state"], &own["rejectReason"]), (&json!("REJECTED"), &json!("LITIGATION")));
    assert_eq!(own["viewerActions"], json!(["OBJECT"]));
    assert_eq!(own["timeline"][1]["notes"], json!([{ "kind": "REJECTION", "text": "正在法院审理，可拨打 12348" }]));
}

async fn a_rejection_is_objected_to_once(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let dispatcher = crew.who("dispatcher").await;
    let no = json!({ "reason": "OUTSIDE_JURISDICTION", "explanation": "请联系华漕镇" });
    let case = dispatcher.moves("rejectServiceRequest", &case, no.clone()).await;
    let case = ann.moves("objectToRejection", &case, json!({ "text": "就在本街道" })).await;
    assert_eq!(case.state, "SUBMITTED");
    let case = dispatcher.moves("rejectServiceRequest", &case, no).await;
    ann.tries("objectToRejection", &case, json!({ "text": "再次异议" })).await.is_refused("LIMIT_EXCEEDED");
}

async fn incomplete_is_said_only_after_three_working_days(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    let dispatcher = crew.who("dispatcher").await;
    let no = json!({ "reason": "INCOMPLETE", "explanation": "没有补充地址" });
    dispatcher.tries("rejectServiceRequest", &case, no.clone()).await.is_refused("INVALID").at("reason");
    town.later(TimeDelta::days(4));
    let dispatcher = town.staff("dispatcher").await;
    assert_eq!(dispatcher.moves("rejectServiceRequest", &case, no).await.state, "REJECTED");
}
