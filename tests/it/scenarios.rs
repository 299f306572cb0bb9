//! The acceptance scenarios of the domain (`domain.md` §H), word for word: each sentence of theirs stands above what tells it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::stats::{HEADLINE, all_year, is_counted};
use crate::support::case::{PHOTO, PLACE, answer, at, complaint, done, new_key, street_light, texts, with};
use crate::support::{Answer, Case, Crew, Person, Town, stories};

stories![
    scenario_1_report,
    scenario_2_accept_to_close,
    scenario_3_wrong_unit,
    scenario_4_calendar,
    scenario_5_duplicate,
    scenario_6_unhappy,
    scenario_7_suspend_and_extend,
    scenario_9_confidential_report,
];

/// A heap of rubbish at a place so many metres east of the middle of the street.
fn rubbish(metres: f64) -> Value {
    let place = at((PLACE.0 + metres / 95_300.0, PLACE.1));
    with(
        street_light(),
        json!({
            "kind": "COMPLAINT", "categoryCode": "SANITATION.LITTER", "description": "楼下堆了一大堆垃圾",
            "address": "爱博四村 12 号楼前", "place": place,
        }),
    )
}

/// The kinds of the timeline as somebody sees it.
async fn timeline(person: &Person, case: &Case) -> Vec<String> {
    texts(&person.sees(case, "timeline { kind }").await["timeline"], "/kind")
}

async fn scenario_1_report(town: &Town) {
    let crew = Crew::of(town);
    let neighbour = town.resident().await;
    // There is one in the neighbourhood already.
    let known = neighbour.reports(&rubbish(40.0)).await;
    crew.takes(&known, "sanitation", "FILED").await;

    // A resident opens the mini-program, logs in with WeChat, agrees to privacy v3,
    let mut ann = town.stranger();
    ann.signs_in_with_wechat(town, "oScenarioOne", Some("13812340001")).await;
    let documents = ann.asks("{ consentDocuments { id kind version } }").await.list("/consentDocuments");
    let policy = documents.iter().find(|document| document["kind"] == "PRIVACY_POLICY").expect("a policy");
    assert_eq!(policy["version"], 3);
    ann.consents().await;
    // photographs a heap of rubbish at 爱博四村,
    let photo = ann.tries_to_upload("rubbish.jpg", PHOTO).await.text("/uploadAttachment/attachment/id");
    // sees "similar case 40 m away, join it?",
    let text = "query($place: GeoPointInput!) { similarServiceRequests(categoryCode: \"SANITATION.LITTER\", place: $place) \
                { distanceMeters serviceRequest { caseNo viewerActions } } }";
    let similar = ann.says(text, &json!({ "place": at(PLACE) })).await;
    let joinable = json!({ "caseNo": known.no, "viewerActions": ["FOLLOW", "REPORT_CONTENT"] });
    let offered = json!([{ "distanceMeters": 40, "serviceRequest": joinable }]);
    assert_eq!(*similar.get("/similarServiceRequests"), offered);
    // chooses new; gets `XH…` number;
    let report = with(rubbish(0.0), json!({ "attachmentIds": [photo], "channel": "MINI_PROGRAM" }));
    let case = ann.reports(&report).await;
    assert!(case.no.starts_with("XH20261123"), "{}", case.no);
    // sees timeline "待受理" at once;
    let seen = ann.sees(&case, "state publicStatus attachments { id } timeline { kind }").await;
    assert_eq!((&seen["state"], &seen["attachments"][0]["id"]), (&json!("SUBMITTED"), &json!(photo)));
    assert_eq!(texts(&seen["timeline"], "/kind"), ["request.submitted"]);
    // her neighbour sees nothing yet.
    assert_eq!(neighbour.sees(&case, "id").await, Value::Null);
    let listed = neighbour.asks("{ publicServiceRequests(first: 100) { nodes { caseNo } } }").await;
    assert!(!texts(listed.get("/publicServiceRequests/nodes"), "/caseNo").contains(&case.no));
}

async fn scenario_2_accept_to_close(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let (dispatcher, supervisor) = (crew.who("dispatcher").await, crew.who("supervisor").await);
    is_counted(town).await;
    let before = supervisor.numbers(&all_year(&HEADLINE)).await;
    let case = ann.reports(&with(rubbish(0.0), json!({ "categoryCode": "OTHER.GENERAL" }))).await;
    // Dispatcher classifies EVENT/市容环境/暴露垃圾,
    let class = json!({ "categoryCode": "SANITATION.LITTER" });
    let case = dispatcher.moves("acceptServiceRequest", &case, class).await;
    let seen = dispatcher.sees(&case, "category { name parentCode }").await;
    assert_eq!(seen["category"], json!({ "name": "暴露垃圾", "parentCode": "SANITATION" }));
    // system proposes the firm that answers for it here;
    let case = dispatcher.moves("fileServiceRequest", &case, json!({})).await;
    let text =
        "query($id: ID!) { dispatchSuggestions(serviceRequestId: $id) { unit { id name } reasons { __typename } } }";
    let proposed = dispatcher.says(text, &json!({ "id": case.id })).await;
    let unit = proposed.get("/dispatchSuggestions/0/unit").clone();
    assert_eq!(unit["name"], "市容环境科");
    let case = dispatcher.moves("dispatchServiceRequest", &case, json!({ "leadUnitId": unit["id"] })).await;
    // handler signs in 20 min,
    town.later(TimeDelta::minutes(20));
    let handler = town.staff("sanitation.handler").await;
    let case = handler.moves("signServiceRequest", &case, json!({})).await;
    // calls her (先行联系),
    let reached = json!({ "method": "PHONE", "outcome": "REACHED", "note": "约今天下午清理" });
    let case = handler.moves("recordContact", &case, reached).await;
    // uploads AFTER photo;
    handler.tries("submitHandling", &case, done(&[])).await.is_refused("PHOTO_REQUIRED");
    let photo = handler.photo().await;
    let case = handler.moves("submitHandling", &case, done(std::slice::from_ref(&photo))).await;
    let shown = handler.sees(&case, "attachments { id phase }").await;
    assert_eq!(shown["attachments"], json!([{ "id": photo, "phase": "AFTER" }]));
    // inspector (another person) verifies;
    handler.tries("verifyServiceRequest", &case, json!({ "isPassed": true })).await.is_refused("FORBIDDEN");
    let inspector = town.staff("inspector").await;
    let case = inspector.moves("verifyServiceRequest", &case, json!({ "isPassed": true })).await;
    // she taps 满意+已解决;
    let mut ann = ann;
    ann.refreshes().await;
    assert_eq!(ann.moves("surveyServiceRequest", &case, answer("YES", 4)).await.state, "CLOSED");
    // the four KPIs move by exactly one numerator each.
    is_counted(town).await;
    let supervisor = town.staff("supervisor").await;
    let after = supervisor.numbers(&all_year(&HEADLINE)).await;
    let moved: Vec<_> = before.iter().zip(&after).map(|(was, is)| (is.0 - was.0, is.1 - was.1)).collect();
    assert_eq!(moved, [(1, 1); 4], "{HEADLINE:?}: {before:?} {after:?}");
}

async fn scenario_3_wrong_unit(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let (dispatcher, leader) = (crew.who("dispatcher").await, crew.who("property.leader").await);
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "DISPATCHED").await;
    let clocks = "dueAt signDueAt contactDueAt promisedAt";
    let before = leader.sees(&case, clocks).await;
    // Property asks 退单 with reason;
    town.later(TimeDelta::minutes(5));
    let case = leader.moves("requestReturn", &case, crew.return_to("sanitation").await).await;
    assert_eq!(case.state, "RETURN_PENDING");
    // dispatcher denies;
    town.later(TimeDelta::minutes(10));
    let no = json!({ "isGranted": false, "note": "属于物业服务范围" });
    let case = dispatcher.moves("decideReturn", &case, no).await;
    assert_eq!(case.state, "DISPATCHED");
    // clock never stopped;
    assert_eq!(leader.sees(&case, clocks).await, before);
    // a second try in the same round is refused with a clear code.
    leader.tries("requestReturn", &case, crew.return_to("sanitation").await).await.is_refused("RETURN_USED");
}

fn goes_to(town: &Town, instant: &str) {
    let instant: DateTime<Utc> = instant.parse().unwrap();
    town.later(instant - town.now());
}

async fn scenario_4_calendar(town: &Town) {
    // Complaint filed Fri 2026-09-18 20:00; the people of the demo town were in office already.
    goes_to(town, "2026-09-18T12:00:00Z");
    for table in ["role_grant", "unit_member"] {
        town.tampers(&format!("UPDATE {table} SET valid_from = '2026-01-01T00:00:00+00:00'")).await;
    }
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let mut cases = Vec::new();
    for kind in ["CONSULT", "COMPLAINT"] {
        let case = ann.reports(&with(complaint(), json!({ "kind": kind }))).await;
        cases.push(crew.takes(&case, "property", "IN_PROGRESS").await);
    }
    let due = async |case| ann.sees(case, "dueAt isCalendarUncertain").await;
    // with 1-day rule shows due Sun 09-20 17:30 (调休),
    let sunday = json!({ "dueAt": "2026-09-20T09:30:00+00:00", "isCalendarUncertain": false });
    assert_eq!(due(&cases[0]).await, sunday);
    // 5-day rule Thu 09-24;
    let thursday = json!({ "dueAt": "2026-09-24T09:30:00+00:00", "isCalendarUncertain": false });
    assert_eq!(due(&cases[1]).await, thursday);
    // reminder goes at 80 %: of five days of seven hours, from Friday night on, 28 are over on Wednesday evening.
    let reached = json!({ "method": "PHONE", "outcome": "REACHED" });
    let handler = crew.who("property.handler").await;
    let case = handler.moves("recordContact", &cases[1], reached).await;
    let reminders = async |instant: &str| {
        goes_to(town, instant);
        town.wakes().await;
        let told = timeline(&town.staff("dispatcher").await, &case).await;
        told.iter().filter(|kind| *kind == "request.reminded").count()
    };
    assert_eq!(reminders("2026-09-23T09:29:59Z").await, 1, "at 50 %");
    assert_eq!(reminders("2026-09-23T09:30:00Z").await, 2, "at 80 %");
}

async fn scenario_5_duplicate(town: &Town) {
    let crew = Crew::of(town);
    let dispatcher = crew.who("dispatcher").await;
    is_counted(town).await;
    let on_time = all_year(&["ON_TIME_RATE"]);
    let before = dispatcher.numbers(&on_time).await;
    // 12 residents report one broken light;
    let mut reports = Vec::new();
    for _ in 0..12 {
        let person = town.resident().await;
        let case = person.reports(&street_light()).await;
        reports.push((person, case));
    }
    let (_, first) = &reports[0];
    let mut light = crew.takes(first, "lights", "FILED").await;
    // dispatcher merges 11;
    for (_, case) in &reports[1..] {
        let into = json!({ "intoId": light.id, "intoExpectedVersion": light.version });
        assert_eq!(dispatcher.moves("mergeServiceRequest", case, into).await.state, "MERGED");
        light = dispatcher.looks_at(&light).await;
    }
    let light = crew.takes(&light, "lights", "VERIFIED").await;
    // all 12 see progress and get their own survey;
    for (number, (person, case)) in reports.iter().enumerate() {
        let seen = person.sees(case, "viewerActions timeline { kind } mergedInto { timeline { kind } }").await;
        let told = if number == 0 { &seen["timeline"] } else { &seen["mergedInto"]["timeline"] };
        assert_eq!(texts(told, "/kind").last().unwrap(), "request.verified");
        assert_eq!(seen["viewerActions"].as_array().unwrap().iter().filter(|one| **one == "SURVEY").count(), 1);
        let case = person.looks_at(case).await;
        assert_eq!(dispatcher.looks_at(&light).await.state, "VERIFIED", "others have yet to answer");
        person.moves("surveyServiceRequest", &case, answer("YES", 5)).await;
        person.tries("surveyServiceRequest", &case, answer("YES", 5)).await.is_refused("CONFLICT");
    }
    assert_eq!(dispatcher.looks_at(&light).await.state, "CLOSED");
    let seen = dispatcher.sees(&light, "mergedCount timeline { mergedCaseNo }").await;
    assert_eq!(seen["mergedCount"], 11);
    let told = texts(&seen["timeline"], "/mergedCaseNo");
    assert!(reports[1..].iter().all(|(_, case)| told.contains(&case.no)), "one timeline for the staff");
    // on-time rate counts one.
    is_counted(town).await;
    let after = dispatcher.numbers(&on_time).await;
    assert_eq!((after[0].0 - before[0].0, after[0].1 - before[0].1), (1, 1));
}

async fn scenario_6_unhappy(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "VERIFIED").await;
    // Reporter answers 未解决 + 不满意 →
    let case = ann.moves("surveyServiceRequest", &case, answer("NO", 2)).await;
    // case back to the unit's leader, 3 working days, marked 预警;
    let leader = crew.who("property.leader").await;
    let seen = leader.sees(&case, "state round isWarned dueAt handler { id }").await;
    let expected = json!({
        "state": "IN_PROGRESS", "round": 2, "isWarned": true, "dueAt": "2026-11-26T09:30:00+00:00",
        "handler": { "id": leader.id().await },
    });
    assert_eq!(seen, expected);
    // second failure →
    let case = crew.takes(&case, "property", "VERIFIED").await;
    let case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    // 会商 with two units, one lead named,
    let chief = crew.who("chief").await;
    let conclusion = json!({
        "leadUnitId": crew.unit_id("property").await, "coUnitIds": [crew.unit_id("sanitation").await],
        "conclusion": "由物业牵头三日内修复，市容环境科配合",
    });
    let case = chief.moves("conferServiceRequest", &case, conclusion).await;
    let seen = chief.sees(&case, "boundUnit { id } coUnits { id }").await;
    assert_eq!(seen["boundUnit"]["id"], crew.unit_id("property").await);
    assert_eq!(texts(&seen["coUnits"], "/id"), [crew.unit_id("sanitation").await]);
    // SUPERVISOR sees it on the board;
    let board = "{ workQueue(tab: SUPERVISED, first: 5) { nodes { caseNo } } }";
    let board = crew.who("supervisor").await.asks(board).await;
    assert_eq!(texts(board.get("/workQueue/nodes"), "/caseNo"), [case.no.as_str()]);
    // after two rounds only 疑难件 path remains.
    let case = crew.takes(&case, "property", "VERIFIED").await;
    let case = ann.moves("surveyServiceRequest", &case, answer("NO", 1)).await;
    let supervisor = crew.who("supervisor").await;
    let seen = supervisor.sees(&case, "state isHard viewerActions").await;
    let left = ["ADD_INTERNAL_NOTE", "TAKE_UP", "PLACE_LEGAL_HOLD", "REVIEW_CONTENT", "REDACT"];
    assert_eq!(seen, json!({ "state": "CLOSED", "isHard": true, "viewerActions": left }));
}

async fn scenario_7_suspend_and_extend(town: &Town) {
    let (mut ann, crew) = (town.resident().await, Crew::of(town));
    let leader = crew.who("property.leader").await;
    let case = crew.takes(&ann.reports(&complaint()).await, "property", "IN_PROGRESS").await;
    // Court case → suspended with end date;
    let until = (town.now() + TimeDelta::days(10)).to_rfc3339();
    let wish = json!({ "reason": "LITIGATION", "until": until, "evidence": "法院受理通知书" });
    let asked = leader.moves("requestSuspension", &case, wish).await;
    let yes = json!({ "isGranted": true, "note": "法院开庭后恢复办理" });
    let case = crew.who("dispatcher").await.moves("decideSuspension", &asked, yes).await;
    assert_eq!(case.state, "SUSPENDED");
    // citizen sees reason;
    let seen = ann.sees(&case, "suspension { reason until } timeline { kind notes { text } }").await;
    let told = json!({ "reason": "LITIGATION", "until": "2026-12-03T01:00:00+00:00" });
    assert_eq!(seen["suspension"], told);
    let last = seen["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(*last, json!({ "kind": "request.suspended", "notes": [{ "text": "法院开庭后恢复办理" }] }));
    // at the date it resumes itself with the remaining time;
    town.later(TimeDelta::days(10) - TimeDelta::seconds(1));
    town.wakes().await;
    ann.refreshes().await;
    assert_eq!(ann.sees(&case, "state").await["state"], "SUSPENDED", "not a second before");
    town.later(TimeDelta::seconds(1));
    town.wakes().await;
    // From Monday 09:00 five working days were left until the next Monday evening: 42 hours of work.
    let resumed = json!({ "state": "IN_PROGRESS", "dueAt": "2026-12-10T09:30:00+00:00" });
    assert_eq!(ann.sees(&case, "state dueAt").await, resumed);
    // an extension asked one minute after dueAt is refused.
    goes_to(town, "2026-12-10T09:31:00Z");
    let leader = town.staff("property.leader").await;
    let case = leader.looks_at(&case).await;
    let wish = json!({ "workingDays": 2, "reason": "需要配件" });
    leader.tries("requestExtension", &case, wish).await.is_refused("DEADLINE_PASSED");
}

/// Asks for the number to call.
async fn reveals(person: &Person, case: &Case) -> Answer {
    let input = json!({ "id": case.id, "reason": "想联系一下" });
    person.does("revealContact", &input, "phone userErrors { code }").await
}

async fn scenario_9_confidential_report(town: &Town) {
    let (worker, crew) = (town.resident().await, Crew::of(town));
    // Worker reports wage arrears confidentially;
    let words = json!({
        "kind": "REPORT", "categoryCode": "LABOR.ARREARS", "description": "公司拖欠十五名员工两个月工资",
        "isConfidential": true, "idempotencyKey": new_key(),
    });
    let case = worker.reports(&with(complaint(), words)).await;
    let case = crew.takes(&case, "property", "IN_PROGRESS").await;
    // handler sees content without name/phone;
    let handler = crew.who("property.handler").await;
    let seen = handler.sees(&case, "description reporter { id } contactPhone onBehalfOfName").await;
    assert_eq!(seen["description"], "公司拖欠十五名员工两个月工资");
    assert!(["reporter", "contactPhone", "onBehalfOfName"].iter().all(|field| seen[field].is_null()), "{seen}");
    // trying to read the phone yields FORBIDDEN and an audit line;
    reveals(&handler, &case).await.is_refused("FORBIDDEN");
    let lines = "{ auditEntries(filter: { action: \"revealContact\" }) { nodes { outcome subjectId actorId } } }";
    let lines = crew.who("auditor").await.asks(lines).await.list("/auditEntries/nodes");
    let expected = json!({ "outcome": "FORBIDDEN", "subjectId": case.id, "actorId": handler.id().await });
    assert_eq!(lines, [expected]);
    // STATION_STAFF opens a conflict warning RED for 15 people and DUTY_CHIEF is notified.
    let station = crew.who("station").await;
    let seen = station.sees(&case, "version reporter { id } contactPhone").await;
    assert_eq!((&seen["reporter"], &seen["contactPhone"]), (&Value::Null, &Value::Null));
    let warning = json!({ "kind": "LABOR", "headcount": 15, "note": "十五名员工聚集在项目部门口" });
    let case = station.moves("openConflictWarning", &case, warning).await;
    let chief = crew.who("chief").await;
    let seen = chief.sees(&case, "conflictWarning { kind headcount risk }").await;
    assert_eq!(seen["conflictWarning"], json!({ "kind": "LABOR", "headcount": 15, "risk": "RED" }));
    let told = chief.inbox(town).await;
    let told = told.iter().find(|line| line["title"] == "Conflict warning").expect("the chief is told at once");
    assert_eq!((&told["level"], &told["subject"]["id"]), (&json!("RED"), &json!(case.id)));
}
