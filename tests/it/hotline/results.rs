//! What goes back to the district, and what it takes back.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{cases, file, order, withdrawal};
use crate::support::case::new_key;
use crate::support::{Crew, Town, raw, stories};

stories![
    sent_twice_an_order_is_one_case_its_result_goes_back_once_and_a_withdrawn_one_is_withdrawn,
    what_is_over_or_shared_is_not_withdrawn,
    a_case_that_ends_anew_is_sent_again_as_a_correction,
    of_two_who_send_at_once_one_sends,
];

fn answered() -> Value {
    json!({ "solved": "YES", "satisfaction": 5, "comment": null })
}

/// §H8, word for word.
async fn sent_twice_an_order_is_one_case_its_result_goes_back_once_and_a_withdrawn_one_is_withdrawn(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    // The district sends order N twice: one case.
    let lines = file(&[order("SH-N"), order("SH-W")]);
    let (id, _) = dispatcher.imports(&lines).await;
    dispatcher.imports(&lines).await;
    assert_eq!(cases(town).await, 2);
    // Its result is sent back once.
    dispatcher.tries_to_send_results(&new_key()).await.is_refused("INVALID");
    let case = crew.takes(&dispatcher.case_of(&id, 0).await, "property", "VERIFIED").await;
    crew.who("callback").await.moves("recordCallback", &case, answered()).await;
    let key = new_key();
    let sent = dispatcher.tries_to_send_results(&key).await;
    let batch = sent.get("/exportHotlineResults/hotlineBatch").clone();
    assert_eq!((&batch["number"], &batch["rowCount"], &batch["correctionCount"]), (&json!(1), &json!(1), &json!(0)));
    let again = dispatcher.tries_to_send_results(&key).await;
    assert_eq!(
        (again.get("/exportHotlineResults/isReplay"), again.get("/exportHotlineResults/hotlineBatch/id")),
        (&json!(true), &batch["id"])
    );
    dispatcher.tries_to_send_results(&new_key()).await.is_refused("INVALID");
    let url = batch["url"].as_str().unwrap();
    let reply = raw::get(town.address, url).await;
    assert_eq!((reply.status, reply.header("content-type").as_deref()), (200, Some("text/csv; charset=utf-8")));
    let line = reply.body.lines().nth(1).unwrap().to_owned();
    assert!(line.starts_with("SH-N,XH") && line.contains(",已办结,实际解决,已更换灯泡"), "{line}");
    // The same batch, fetched again by its id when the address is over.
    town.later(TimeDelta::hours(2));
    assert_eq!(raw::get(town.address, url).await.status, 404);
    let dispatcher = town.staff("dispatcher").await;
    let text = "query($id: ID!) { hotlineBatch(id: $id) { url rowCount } }";
    let url = dispatcher.says(text, &json!({ "id": batch["id"] })).await.text("/hotlineBatch/url");
    assert_eq!(raw::get(town.address, &url).await.body, reply.body);
    // The district later withdraws another: WITHDRAWN, with the reason for staff, its order void, counted in no rate.
    let crew = Crew::of(town);
    let (id, _) = dispatcher.imports(&lines).await;
    let case = crew.takes(&dispatcher.case_of(&id, 1).await, "property", "IN_PROGRESS").await;
    let (_, counts) = dispatcher.imports(&file(&[withdrawal("SH-W", "转派闵行区其他街道")])).await;
    assert_eq!(counts, [0, 0, 1, 0]);
    let shown = "state assignments { state } timeline { kind notes { kind text } }";
    let seen = dispatcher.sees(&case, shown).await;
    assert_eq!((&seen["state"], &seen["assignments"][0]["state"]), (&json!("WITHDRAWN"), &json!("VOIDED")));
    let last = seen["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        last,
        json!({ "kind": "request.recalled", "notes": [{ "kind": "RECALL", "text": "转派闵行区其他街道" }] })
    );
    crate::stats::is_counted(town).await;
    let points = format!(
        "SELECT count(*) AS n FROM kpi_point p JOIN service_request r ON r.id = p.request_id WHERE r.case_no = '{}'",
        case.no
    );
    assert_eq!(town.number(&points).await, 0);
    // The same file again changes nothing, and the district learns that it is withdrawn.
    let (_, counts) = dispatcher.imports(&file(&[withdrawal("SH-W", "转派闵行区其他街道")])).await;
    assert_eq!(counts, [0, 1, 0, 0]);
    let sent = dispatcher.tries_to_send_results(&new_key()).await;
    let reply = raw::get(town.address, &sent.text("/exportHotlineResults/hotlineBatch/url")).await;
    assert!(reply.body.contains("SH-W,XH") && reply.body.contains(",已撤回,,,"), "{}", reply.body);
}

async fn what_is_over_or_shared_is_not_withdrawn(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    let (id, _) = dispatcher.imports(&file(&[order("SH1"), order("SH2"), order("SH3")])).await;
    let closed = crew.takes(&dispatcher.case_of(&id, 0).await, "property", "VERIFIED").await;
    crew.who("callback").await.moves("recordCallback", &closed, answered()).await;
    // The same person called twice about it: two orders, one matter.
    let (one, other) = (dispatcher.case_of(&id, 1).await, dispatcher.case_of(&id, 2).await);
    dispatcher
        .moves("mergeServiceRequest", &one, json!({ "intoId": other.id, "intoExpectedVersion": other.version }))
        .await;
    let rows: Vec<String> = ["SH1", "SH2", "SH3"].iter().map(|number| withdrawal(number, "撤回")).collect();
    let (id, counts) = dispatcher.imports(&file(&rows)).await;
    assert_eq!(counts, [0, 0, 0, 3]);
    let told = [(2, "NUMBER OVER"), (3, "NUMBER OVER"), (4, "NUMBER SHARED")].map(|(row, told)| (row, told.to_owned()));
    assert_eq!(dispatcher.problems(&id).await, told);
    // Both results go back when the one case is closed.
    let other = crew.takes(&dispatcher.looks_at(&other).await, "property", "VERIFIED").await;
    let callback = crew.who("callback").await;
    callback.moves("recordCallback", &other, answered()).await;
    let one = callback.looks_at(&one).await;
    if one.state == "MERGED" && callback.looks_at(&other).await.state != "CLOSED" {
        callback.moves("recordCallback", &one, answered()).await;
    }
    let sent = dispatcher.tries_to_send_results(&new_key()).await;
    assert_eq!(sent.get("/exportHotlineResults/hotlineBatch/rowCount"), &json!(3));
    let reply = raw::get(town.address, &sent.text("/exportHotlineResults/hotlineBatch/url")).await;
    assert!(reply.body.contains(",已并案办结,实际解决,"), "{}", reply.body);
}

async fn a_case_that_ends_anew_is_sent_again_as_a_correction(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    let (id, _) = dispatcher.imports(&file(&[order("SH1")])).await;
    let case = crew.takes(&dispatcher.case_of(&id, 0).await, "property", "VERIFIED").await;
    let case = crew.who("callback").await.moves("recordCallback", &case, answered()).await;
    dispatcher.tries_to_send_results(&new_key()).await.is_done();
    town.later(TimeDelta::minutes(1));
    let case = crew
        .who("supervisor")
        .await
        .moves("takeUpServiceRequest", &case, json!({ "instruction": "群众反映又坏了，请再办" }))
        .await;
    dispatcher.tries_to_send_results(&new_key()).await.is_refused("INVALID");
    let mut case = case;
    while case.state != "VERIFIED" {
        let next = match case.state.as_str() {
            "FILED" => "DISPATCHED",
            "DISPATCHED" => "IN_PROGRESS",
            "IN_PROGRESS" => {
                case = crew.handles(&crew.who("property.handler").await, &case).await;
                continue;
            }
            _ => "VERIFIED",
        };
        case = crew.takes(&case, "property", next).await;
    }
    crew.who("callback").await.moves("recordCallback", &case, answered()).await;
    let sent = dispatcher.tries_to_send_results(&new_key()).await;
    assert_eq!(sent.get("/exportHotlineResults/hotlineBatch/correctionCount"), &json!(1));
    let reply = raw::get(town.address, &sent.text("/exportHotlineResults/hotlineBatch/url")).await;
    assert!(reply.body.trim_end().ends_with(",是"), "{}", reply.body);
}

async fn of_two_who_send_at_once_one_sends(town: &Town) {
    let crew = Crew::of(town);
    let (dispatcher, chief) = (crew.who("dispatcher").await, crew.who("chief").await);
    let (id, _) = dispatcher.imports(&file(&[order("SH1")])).await;
    let case = dispatcher.case_of(&id, 0).await;
    let why = json!({ "reason": "OUTSIDE_JURISDICTION", "explanation": "属于七宝镇，请联系七宝镇城运中心" });
    dispatcher.moves("rejectServiceRequest", &case, why).await;
    let (one, other) = (new_key(), new_key());
    let (one, other) = futures_util::join!(dispatcher.tries_to_send_results(&one), chief.tries_to_send_results(&other));
    let done = [&one, &other].iter().filter(|answer| answer.codes().is_empty()).count();
    assert_eq!(done, 1, "{one:?} {other:?}");
}
