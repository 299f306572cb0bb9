//! Who may do what, over HTTP: every mutation of service requests by every demo role on cases where it matters.
//! `role_action.txt` is reviewed.
//!
//! Each call carries a version nobody has: who may not is told so, who may is told `CONFLICT`, and nothing moves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use entity::enums::Role;
use entity::id::{AttachmentId, Id as _};
use expect_test::expect_file;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::case::{answer, complaint, done, new_key, street_light, with};
use crate::support::schema::Schema;
use crate::support::{Case, Crew, Engine, Person, Town};

/// The cases, by the letter under which the file names them.
const CASES: &str = "\
# a  submitted, private: nobody has taken it on
# b  dispatched to the property company, the lights company helps; public, a service
# c  in progress with the property company's handler; confidential, a service
# d  in progress with the lights company's handler; public, a city object
# e  returned by the property company, and now by the environment office: disputed twice
# f  submitted at the counter for somebody without a phone; private
# A letter stands for: gets through policy. Whether the state allows it is another question.
";

/// The verbs on one case, each with what else its input needs.
fn verbs() -> Vec<(&'static str, Value)> {
    vec![
        ("supplementServiceRequest", json!({ "text": "补充" })),
        ("withdrawServiceRequest", json!({})),
        ("objectToRejection", json!({ "text": "异议" })),
        ("acceptServiceRequest", json!({})),
        ("rejectServiceRequest", json!({ "reason": "LITIGATION", "explanation": "请等待判决" })),
        ("fileServiceRequest", json!({})),
        ("dispatchServiceRequest", json!({})),
        ("signServiceRequest", json!({})),
        ("recordContact", json!({ "method": "PHONE", "outcome": "REACHED" })),
        ("submitHandling", done(&[])),
        ("verifyServiceRequest", json!({ "isPassed": true })),
        ("surveyServiceRequest", answer("YES", 5)),
        ("recordCallback", answer("YES", 5)),
        ("requestReturn", json!({ "reason": "不属于本单位", "basis": "职责清单" })),
        ("decideReturn", json!({ "isGranted": true })),
        ("fastTrackServiceRequest", json!({})),
        ("requestExtension", json!({ "workingDays": 1, "reason": "需要配件" })),
        ("decideExtension", json!({ "isGranted": true })),
        (
            "requestSuspension",
            json!({ "reason": "THIRD_PARTY", "until": "2026-11-25T00:00:00Z", "evidence": "施工通知" }),
        ),
        ("decideSuspension", json!({ "isGranted": true })),
        ("resumeServiceRequest", json!({})),
        ("urgeServiceRequest", json!({})),
        ("addInternalNote", json!({ "text": "已电话沟通" })),
        ("messageReporter", json!({ "text": "明天上午上门" })),
        ("publishUpdate", json!({ "text": "配件已到货" })),
        ("askReporter", json!({ "text": "请问是几号楼？" })),
        ("answerQuestion", json!({ "text": "三号楼" })),
        ("superviseServiceRequest", json!({ "reason": "LEADER_NOTE", "instruction": "请尽快" })),
        ("openConflictWarning", json!({ "kind": "LABOR", "headcount": 9 })),
        ("answerSupervision", json!({ "reply": "已处理" })),
        ("conferServiceRequest", json!({ "conclusion": "共同办理" })),
        ("recordMissedCallback", json!({ "outcome": "NO_ANSWER" })),
        ("reopenServiceRequest", json!({ "newFacts": "又坏了" })),
        ("takeUpServiceRequest", json!({ "instruction": "重新派单" })),
        ("mergeServiceRequest", json!({})),
        ("placeLegalHold", json!({ "reason": "法院调取" })),
        ("releaseLegalHold", json!({ "reason": "已结案" })),
        ("reviewContent", json!({ "isPassed": true })),
        ("redactServiceRequest", json!({ "description": "门禁坏了", "reason": "PERSONAL_DATA" })),
        ("redactPhoto", redacted_photo()),
    ]
}

/// Parts of a photo that no case has: the version is judged first.
fn redacted_photo() -> Value {
    let photo = AttachmentId(uuid::Uuid::from_u128(1)).text();
    let part = json!({ "x": 0, "y": 0, "width": 8, "height": 8 });
    json!({ "attachmentId": photo, "rectangles": [part], "reason": "PERSONAL_DATA" })
}

/// Demo staff, by user name.
const STAFF: [&str; 15] = [
    "dispatcher",
    "chief",
    "inspector",
    "callback",
    "neighbourhood",
    "station",
    "supervisor",
    "admin",
    "property.handler",
    "property.leader",
    "lights.handler",
    "lights.leader",
    "sanitation.handler",
    "sanitation.leader",
    "centre.leader",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_do_what_is_reviewed() {
    // Everybody tries everything within a minute.
    let town = Town::with(Engine::Embedded, |config| {
        config.limits.mutations_per_minute = 100_000;
        config.limits.account_per_minute = 100_000;
        config.limits.anonymous_per_minute = 100_000;
    })
    .await;
    let crew = Crew::of(&town);
    let reporter = town.resident().await;
    let cases = cases(&crew, &reporter).await;
    let known = Schema::of(&reporter).await.mutations_of("ServiceRequestPayload");
    assert_eq!(known, names_of_verbs(), "`verbs()` above holds all verbs of the schema");
    let mut people = vec![
        ("visitor".to_owned(), town.stranger()),
        ("neighbour".to_owned(), town.resident().await),
        ("reporter".to_owned(), reporter),
        ("dispatcher of another grid".to_owned(), town.official(Role::Dispatcher, "310112008-D4").await),
    ];
    for who in STAFF {
        people.push((who.to_owned(), crew.who(who).await));
    }
    // Of somebody outside the table, so that nobody in it may use it.
    let photo = town.resident().await.photo().await;
    let unit = crew.unit_id("lights").await;
    let property = crew.unit("property").await;
    let home = home(&people[2].1).await;
    let rows = join_all(people.iter().map(|(_, person)| async {
        let mut row = BTreeMap::new();
        for (number, (verb, more)) in verbs().into_iter().enumerate() {
            row.insert((number, verb.to_owned()), on_cases(person, verb, &more, &cases, &unit).await);
        }
        let last = verbs().len();
        row.insert((last, "handOverServiceRequests".to_owned()), hands_over(person, &property).await);
        row.insert((last + 1, "grantProxy".to_owned()), entrusts(person, "grantProxy", &cases).await);
        let counter = "grantProxyAtCounter";
        row.insert((last + 2, counter.to_owned()), entrusts(person, counter, &cases).await);
        for (verb, number) in RESIDENCE.into_iter().zip(last + 3..) {
            row.insert((number, verb.to_owned()), on_residence(person, verb, &home).await);
        }
        for (number, channel) in
            (last + 3 + RESIDENCE.len()..).zip(["APP", "WALK_IN", "HOTLINE_12345", "PATROL", "SENSOR"])
        {
            let mark = reports_by(person, channel, &photo).await;
            row.insert((number, format!("submitServiceRequest by {channel}")), mark);
        }
        row
    }))
    .await;
    let names = people.iter().map(|(name, _)| name.as_str());
    expect_file!["role_action.txt"].assert_eq(&table(&names.zip(&rows).collect::<Vec<_>>()));
    drop(crew);
    assert!(town.close().await.is_empty());
}

/// A flat the reporter applied for.
async fn home(reporter: &Person) -> String {
    let flat = json!({
        "areaCode": "310112008018", "compound": "爱博家园", "building": "3号楼", "room": "101", "relation": "OWNER",
        "idempotencyKey": new_key(),
    });
    reporter
        .does("applyForResidence", &flat, "residence { id } userErrors { code }")
        .await
        .text("/applyForResidence/residence/id")
}

/// The verbs of the table, and those that are told elsewhere.
fn names_of_verbs() -> BTreeSet<String> {
    // Following carries no version: its stories tell who may.
    let others = ["submitServiceRequest", "followServiceRequest", "unfollowServiceRequest"];
    verbs().into_iter().map(|(verb, _)| verb).chain(others).map(str::to_owned).collect()
}

type Row = BTreeMap<(usize, String), String>;

/// One block per action: who gets through, on which cases.
fn table(rows: &[(&str, &Row)]) -> String {
    let mut text = CASES.to_owned();
    for action in rows[0].1.keys() {
        writeln!(text, "\n{}", action.1).unwrap();
        for (name, row) in rows.iter().filter(|(_, row)| !row[action].is_empty()) {
            writeln!(text, "    {name:28}{}", row[action]).unwrap();
        }
    }
    text
}

async fn cases(crew: &Crew<'_>, reporter: &Person) -> [(char, Case); 6] {
    let submitted = reporter.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    let dispatched = crew.takes(&reporter.reports(&complaint()).await, "property", "FILED").await;
    let units = json!({
        "leadUnitId": crew.unit_id("property").await, "coUnitIds": [crew.unit_id("lights").await],
    });
    let dispatched = crew.who("dispatcher").await.moves("dispatchServiceRequest", &dispatched, units).await;
    let confidential = reporter.reports(&with(complaint(), json!({ "isConfidential": true }))).await;
    let confidential = crew.takes(&confidential, "property", "IN_PROGRESS").await;
    let object = crew.takes(&reporter.reports(&street_light()).await, "lights", "IN_PROGRESS").await;
    let mut returned = reporter.reports(&complaint()).await;
    for unit in ["property", "sanitation"] {
        returned = crew.takes(&returned, unit, "DISPATCHED").await;
        let wish = crew.return_to("lights").await;
        returned = crew.who(&format!("{unit}.leader")).await.moves("requestReturn", &returned, wish).await;
        if unit == "property" {
            let yes = json!({ "isGranted": true });
            returned = crew.who("dispatcher").await.moves("decideReturn", &returned, yes).await;
        }
    }
    let person = json!({ "channel": "WALK_IN", "onBehalfOf": { "name": "王阿婆" }, "visibility": "PRIVATE" });
    let for_somebody = crew.who("neighbourhood").await.reports(&with(complaint(), person)).await;
    [('a', submitted), ('b', dispatched), ('c', confidential), ('d', object), ('e', returned), ('f', for_somebody)]
}

/// The letters of the cases on which somebody gets through.
async fn on_cases(person: &Person, verb: &str, more: &Value, cases: &[(char, Case)], unit: &str) -> String {
    let mut letters = String::new();
    for (letter, case) in cases {
        let unseen = Case { version: 1_000_000, ..case.clone() };
        let more = match verb {
            "dispatchServiceRequest" | "fastTrackServiceRequest" => with(more.clone(), json!({ "leadUnitId": unit })),
            "mergeServiceRequest" => json!({ "intoId": unseen.id, "intoExpectedVersion": unseen.version }),
            "conferServiceRequest" => with(more.clone(), json!({ "leadUnitId": unit, "coUnitIds": [unit] })),
            "requestReturn" => with(more.clone(), json!({ "suggestedUnitId": unit })),
            _ => more.clone(),
        };
        let answer = person.tries(verb, &unseen, more).await;
        match answer.codes().as_slice() {
            [code] if code == "CONFLICT" => letters.push(*letter),
            [code] if ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"].contains(&code.as_str()) => {}
            other => panic!("{verb} on {letter}: {other:?}"),
        }
    }
    letters
}

/// Whether somebody may hand over the property company's cases; from a person to the same one, which is always refused.
async fn hands_over(person: &Person, unit: &Value) -> String {
    let somebody = &unit["members"][0]["user"]["id"];
    let input = json!({
        "unitId": unit["id"], "leaverId": somebody, "successorId": somebody, "idempotencyKey": new_key(),
    });
    let answer = person.does("handOverServiceRequests", &input, "userErrors { code }").await;
    mark(&answer.codes(), "SAME_PERSON")
}

/// What is done with a proof of residence.
const RESIDENCE: [&str; 3] = ["verifyResidence", "rejectResidence", "endResidence"];

/// Whether somebody may do something with a proof of residence, in a version nobody has.
async fn on_residence(person: &Person, verb: &str, id: &str) -> String {
    let mut input = json!({ "id": id, "expectedVersion": 1_000_000, "idempotencyKey": new_key() });
    if verb == "rejectResidence" {
        input = with(input, json!({ "reason": "WRONG_FLAT" }));
    }
    mark(&person.does(verb, &input, "userErrors { code }").await.codes(), "CONFLICT")
}

/// The letters of the cases in which somebody may let another act; to nobody's end, which is always refused.
async fn entrusts(person: &Person, verb: &str, cases: &[(char, Case)]) -> String {
    let mut letters = String::new();
    for (letter, case) in cases {
        let mut input = json!({
            "agentPhone": "13900001234", "until": "2026-01-01T00:00:00Z", "idempotencyKey": new_key(),
        });
        let is_at_counter = verb == "grantProxyAtCounter";
        input = with(
            input,
            if is_at_counter {
                json!({ "serviceRequestId": case.id, "expectedVersion": 1_000_000, "reason": "本人无手机" })
            } else {
                json!({ "serviceRequestIds": [case.id] })
            },
        );
        let codes = person.does(verb, &input, "userErrors { code }").await.codes();
        if !mark(&codes, if is_at_counter { "CONFLICT" } else { "INVALID" }).is_empty() {
            letters.push(*letter);
        }
    }
    letters
}

/// Whether somebody may report by a channel; with a photo of somebody else's, which is always refused.
async fn reports_by(person: &Person, channel: &str, photo: &str) -> String {
    let mut input =
        with(complaint(), json!({ "channel": channel, "attachmentIds": [photo], "contactPhone": "13800138000" }));
    match channel {
        "WALK_IN" | "HOTLINE_12345" => {
            input = with(input, json!({ "onBehalfOf": { "name": "王阿姨", "phone": "13900001234" } }));
        }
        "PATROL" => input = with(input, json!({ "kind": "PATROL_FINDING" })),
        "SENSOR" => input = with(input, json!({ "kind": "AUTO_FINDING" })),
        _ => {}
    }
    let codes = person.tries_to_report(&input).await.codes();
    // The reporter of the table has five open reports: the limit is counted for who may report.
    if codes == ["LIMIT_EXCEEDED"] { "yes".to_owned() } else { mark(&codes, "INVALID") }
}

fn mark(codes: &[String], through: &str) -> String {
    match codes {
        [code] if code == through => "yes".to_owned(),
        [code] if ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"].contains(&code.as_str()) => String::new(),
        other => panic!("{other:?}"),
    }
}
