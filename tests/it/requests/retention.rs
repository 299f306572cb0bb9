//! How long cases are kept: archived after a year, nobody's after two, and held as long as a court may ask for them.

use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};
use zhilitong::retention::{Round, work_off};

use super::facts::replays;
use crate::flows::all_forgotten;
use crate::identity::is_stored;
use crate::residents::{HERE, Thing, clerk};
use crate::stats::{HEADLINE, all_year, is_counted};
use crate::support::case::{answer, complaint, new_key, street_light, texts, with};
use crate::support::{Answer, Case, Crew, Person, Town, eventually, stories};

stories![
    a_closed_case_is_archived_and_nobodys_at_its_day_and_not_before,
    numbers_stay_and_can_be_counted_anew,
    of_a_canary_nothing_tells_whose_case_it_was,
    what_was_merged_goes_with_what_it_was_merged_into,
    what_came_in_at_the_counter_and_was_taken_back_is_nobodys_earlier,
    what_is_held_stays_as_it_is_until_it_is_released,
    what_is_held_outlives_its_reporters_account,
    what_was_merged_holds_its_whole_matter,
    only_supervisors_hold_and_it_is_noted,
    a_rule_decided_anew_holds_for_what_is_over_already,
    two_that_put_away_at_once_do_each_step_once,
    what_cannot_be_put_away_keeps_no_other_waiting,
];

const NAME: &str = "金丝雀雅";
const PHONE: &str = "13987651234";
const ID_NUMBER: &str = "11010519491231002X";
const SECOND: TimeDelta = TimeDelta::seconds(1);

pub(super) fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

/// A case that went its whole way and was closed just now by its reporter's answer.
pub(super) async fn closed(crew: &Crew<'_>, reporter: &Person, report: &Value, unit: &str) -> Case {
    let case = crew.takes(&reporter.reports(report).await, unit, "VERIFIED").await;
    reporter.moves("surveyServiceRequest", &case, answer("YES", 5)).await
}

/// Lets so much time pass as nobody waits for. The staff has new passwords, which do not last as long.
pub(super) async fn passes(town: &Town, by: TimeDelta) {
    town.later(by);
    let renewed = format!("UPDATE staff_credential SET changed_at = '{}'", town.now().to_rfc3339());
    assert!(town.tampers(&renewed).await > 0);
}

/// The same, while somebody looks in once in a while: who does not, has lost the number to somebody else.
async fn passes_for(town: &Town, by: TimeDelta, person: &Person) -> Person {
    let mut person = person.clone();
    let mut left = by;
    while left > TimeDelta::zero() {
        let step = left.min(days(300));
        passes(town, step).await;
        person = back(town, &person).await;
        left -= step;
    }
    person
}

/// When a case was archived, and when it was made nobody's.
async fn kept(town: &Town, case: &Case) -> (bool, bool) {
    let seen = town.staff("dispatcher").await.sees(case, "archivedAt anonymisedAt").await;
    (seen["archivedAt"].is_string(), seen["anonymisedAt"].is_string())
}

/// Somebody who comes back after years.
pub(super) async fn back(town: &Town, person: &Person) -> Person {
    let mut person = person.holding(None);
    let phone = person.phone();
    person.signs_in_with_code(town, &phone).await;
    person
}

async fn own_cases(person: &Person) -> Vec<Value> {
    person.asks("{ myServiceRequests { nodes { caseNo } } }").await.list("/myServiceRequests/nodes")
}

async fn found(person: &Person, text: &str) -> Vec<String> {
    let query = "query($t: String!) { searchServiceRequests(text: $t, first: 100) { nodes { caseNo } } }";
    let answer = person.says(query, &json!({ "t": text })).await;
    texts(answer.get("/searchServiceRequests/nodes"), "/caseNo")
}

async fn a_closed_case_is_archived_and_nobodys_at_its_day_and_not_before(town: &Town) {
    let (ann, ben, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let case = closed(&crew, &ann, &street_light(), "lights").await;
    let public = "caseNo state description reply closedAt timeline { kind notes { text } }";
    let before = town.stranger().sees(&case, public).await;
    passes(town, days(365) - SECOND).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (false, false));
    passes(town, SECOND).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (true, false));

    // What is archived is read, and what the public reads of it is watched; nothing else.
    let supervisor = town.staff("supervisor").await;
    let now = supervisor.looks_at(&case).await;
    let watched = json!(["PLACE_LEGAL_HOLD", "REVIEW_CONTENT", "REDACT"]);
    assert_eq!(supervisor.sees(&case, "viewerActions").await["viewerActions"], watched);
    supervisor.tries("takeUpServiceRequest", &now, json!({ "instruction": "重新派单" })).await.is_refused("ARCHIVED");
    let note = json!({ "text": "补记" });
    town.staff("dispatcher").await.tries("addInternalNote", &now, note).await.is_refused("ARCHIVED");
    let ann = back(town, &ann).await;
    ann.tries("supplementServiceRequest", &now, json!({ "text": "补充" })).await.is_refused("ARCHIVED");
    let refused = ann.tries("reopenServiceRequest", &now, json!({ "newFacts": "又坏了" })).await;
    refused.is_refused("ARCHIVED");
    let entrusted = json!({
        "serviceRequestIds": [case.id], "agentPhone": ben.phone(), "idempotencyKey": new_key(),
        "until": (town.now() + days(30)).to_rfc3339(),
    });
    let shown = "proxyGrant { id } userErrors { code }";
    ann.does("grantProxy", &entrusted, shown).await.is_refused("ARCHIVED");
    assert_eq!(own_cases(&ann).await, [json!({ "caseNo": case.no })], "it is still the reporter's");

    passes(town, days(365) - SECOND).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (true, false));
    passes(town, SECOND).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (true, true));
    let ann = back(town, &ann).await;
    assert_eq!(own_cases(&ann).await, [] as [Value; 0], "it is nobody's");
    let mut after = town.stranger().sees(&case, public).await;
    let told = after["timeline"].as_array_mut().unwrap();
    assert_eq!(texts(&json!(told.split_off(told.len() - 2)), "/kind"), ["request.archived", "request.anonymised"]);
    assert_eq!(after, before, "the public sees what it saw");
    replays(town, &case.no).await;
    // A third time there is nothing to do.
    passes(town, days(3_650)).await;
    town.puts_away().await;
    let facts = format!(
        "SELECT count(*) AS n FROM fact f JOIN service_request r ON r.id = f.subject_id WHERE r.case_no = '{}' AND f.kind IN ('request.archived', 'request.anonymised')",
        case.no
    );
    assert_eq!(town.number(&facts).await, 2);
}

async fn numbers_stay_and_can_be_counted_anew(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    closed(&crew, &ann, &complaint(), "property").await;
    let bad = crew.takes(&ann.reports(&complaint()).await, "property", "VERIFIED").await;
    ann.moves("surveyServiceRequest", &bad, answer("NO", 1)).await;
    ann.moves("withdrawServiceRequest", &ann.reports(&complaint()).await, json!({})).await;
    let known = requests::Town::load(town.base()).await.unwrap();
    let (base, kpi) = (town.base(), all_year(&HEADLINE));
    passes(town, days(730)).await;
    town.wakes().await;
    is_counted(town).await;
    stats::rebuild(base, &known, &mut |_| {}).await.unwrap();
    let before = town.staff("supervisor").await.numbers(&kpi).await;
    assert!(before.iter().any(|(numerator, _)| *numerator > 0), "{before:?}");
    town.puts_away().await;
    assert!(town.number("SELECT count(*) AS n FROM service_request WHERE anonymised_at IS NOT NULL").await > 1);
    is_counted(town).await;
    assert_eq!(town.staff("supervisor").await.numbers(&kpi).await, before);
    let anew = stats::rebuild(base, &known, &mut |_| {}).await.unwrap();
    assert_eq!((anew.points_differed, anew.sums_differed), (0, 0), "{anew:?}");
    assert_eq!(town.staff("supervisor").await.numbers(&kpi).await, before);
}

/// A case with the name and the number in everybody's mouth, that others follow and act in.
async fn canary(town: &Town, crew: &Crew<'_>, ann: &Person) -> Case {
    let name = json!({ "name": NAME, "idempotencyKey": new_key() });
    ann.does("correctMyData", &name, "userErrors { code }").await.is_done();
    let report = json!({
        "description": format!("我是{NAME}，身份证{ID_NUMBER}，电话139-8765 1234，路灯坏了"), "contactPhone": PHONE,
        "address": format!("申滨路88弄 {NAME}家门口"), "attachmentIds": [ann.photo().await],
    });
    let case = ann.reports(&with(street_light(), report)).await;
    let words = json!({ "text": format!("请打{PHONE}找{NAME}"), "attachmentIds": [ann.photo().await] });
    let case = ann.moves("supplementServiceRequest", &case, words).await;
    let (friend, ben) = (town.resident().await, town.resident().await);
    friend.decides("acceptProxy", &Thing::of(&ann.grants(town, &[&case], &friend, json!({})).await), json!({})).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    let follow = json!({ "id": case.id, "idempotencyKey": new_key() });
    ben.does("followServiceRequest", &follow, "userErrors { code }").await.is_done();
    let handler = crew.who("lights.handler").await;
    let look = json!({ "id": case.id, "reason": format!("致电{NAME}") });
    handler.does("revealContact", &look, "phone userErrors { code }").await.is_done();
    let call = json!({ "method": "PHONE", "outcome": "REACHED", "note": format!("{NAME}接听，另一号码13800001111") });
    let case = handler.moves("recordContact", &case, call).await;
    let done = json!({
        "result": "SOLVED", "reply": format!("{NAME}您好，路灯已经修好。"), "attachmentIds": [handler.photo().await],
    });
    let case = handler.moves("submitHandling", &case, done).await;
    let case = crew.takes(&case, "lights", "VERIFIED").await;
    let survey = json!({ "solved": "YES", "satisfaction": 5, "comment": format!("谢谢，{NAME}") });
    ann.moves("surveyServiceRequest", &case, survey).await
}

async fn of_a_canary_nothing_tells_whose_case_it_was(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = canary(town, &crew, &ann).await;
    let told = [NAME, PHONE, "139-8765 1234", ID_NUMBER, "13800001111"];
    for canary in told {
        assert!(is_stored(town, canary).await, "{canary} stands in what was written, so the search works");
    }
    let photos = async || {
        let seen = town.staff("dispatcher").await.sees(&case, "attachments { phase }").await;
        let mut phases = texts(&seen["attachments"], "/phase");
        phases.sort();
        phases
    };
    assert_eq!(photos().await, ["AFTER", "BEFORE", "DURING"]);
    let ann = passes_for(town, days(730), &ann).await;
    town.puts_away().await;
    eventually("the files are emptied", async || town.base().db.settle().await.unwrap()).await;
    for canary in told {
        assert!(!is_stored(town, canary).await, "{canary} stands nowhere");
    }
    assert_eq!(photos().await, ["AFTER"], "what shows the result is the record of the town");
    let seen = "description address reply reporter { id } contactPhone followerCount timeline { notes { text } }";
    let dispatcher = town.staff("dispatcher").await;
    let seen = dispatcher.sees(&case, seen).await;
    assert_eq!(seen["description"], "我是＊＊＊，身份证＊＊＊，电话＊＊＊，路灯坏了");
    assert_eq!(seen["address"], "申滨路88弄 ＊＊＊家门口");
    assert_eq!(seen["reply"], "＊＊＊您好，路灯已经修好。");
    assert_eq!(
        (&seen["reporter"], &seen["contactPhone"], &seen["followerCount"]),
        (&Value::Null, &Value::Null, &json!(0))
    );
    let words = seen["timeline"].to_string();
    assert!(words.contains("＊＊＊接听，另一号码＊＊＊"), "{words}");
    assert_eq!(found(&dispatcher, PHONE).await, [] as [&str; 0]);
    assert!(found(&dispatcher, "路灯").await.contains(&case.no), "it is still found by its words");
    nothing_ties(town, &ann, &case).await;
    // Inboxes tell of cases for a year at most.
    let app = town.app();
    zhilitong::housekeeping::tidy(&app.base, &app.house.media).await.unwrap();
    let url = ann.has_copy().await;
    let copy = crate::support::raw::get(town.address, &url).await.body;
    assert!(copy.contains(NAME), "the copy tells of the person");
    assert!(!copy.contains(&case.no), "and not of the case");
    assert!(identity::audit::verify(town.base(), None, |_| {}).await.unwrap().is_ok(), "the chain still verifies");
    let auditor = town.staff("auditor").await;
    let text = "query($id: ID!) { auditEntries(filter: { subjectId: $id }) { nodes { action outcome reason } } }";
    let lines = auditor.says(text, &json!({ "id": case.id })).await.list("/auditEntries/nodes");
    let erased = json!({ "action": "anonymiseServiceRequest", "outcome": "DONE", "reason": null });
    assert_eq!(lines.iter().filter(|line| **line == erased).count(), 1, "{lines:?}");
    assert!(lines.iter().all(|line| line["reason"] == Value::Null), "{lines:?}");
}

/// No row but the facts, which only say that some account did something, ties the person to the case.
async fn nothing_ties(town: &Town, person: &Person, case: &Case) {
    for (what, sql) in [
        (
            "a reporter",
            "SELECT count(*) AS n FROM service_request r JOIN account a ON a.id IN (r.reporter_id, r.submitted_by) WHERE r.case_no = '{no}' AND a.status <> 'DELETED'",
        ),
        (
            "sealed words",
            "SELECT count(*) AS n FROM service_request WHERE case_no = '{no}' AND (on_behalf_name_sealed IS NOT NULL OR contact_phone_sealed IS NOT NULL OR contact_phone_index IS NOT NULL OR owed_sealed IS NOT NULL)",
        ),
        (
            "a follower",
            "SELECT count(*) AS n FROM request_follower f JOIN service_request r ON r.id = f.request_id WHERE r.case_no = '{no}'",
        ),
        ("a proxy", "SELECT (SELECT count(*) FROM proxy_case) + (SELECT count(*) FROM proxy_grant) AS n"),
        (
            "an answer",
            "SELECT count(*) AS n FROM survey s JOIN service_request r ON r.id = s.request_id JOIN account a ON a.id = s.account_id WHERE r.case_no = '{no}' AND a.status <> 'DELETED'",
        ),
        (
            "a photo",
            "SELECT count(*) AS n FROM attachment t JOIN service_request r ON r.id = t.subject_id WHERE r.case_no = '{no}' AND t.phase <> 'AFTER'",
        ),
        (
            "a reason",
            "SELECT count(*) AS n FROM audit_reason j JOIN audit_entry e ON e.id = j.entry_id WHERE e.action = 'revealContact'",
        ),
        (
            "a number in the index",
            "SELECT count(*) AS n FROM search_term t JOIN service_request r ON r.id = t.request_id WHERE r.case_no = '{no}' AND t.term LIKE 'tel:%'",
        ),
    ] {
        assert_eq!(town.number(&sql.replace("{no}", &case.no)).await, 0, "{what} of {:?}", person.phone());
    }
}

async fn what_was_merged_goes_with_what_it_was_merged_into(town: &Town) {
    let (ann, ben, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let name = json!({ "name": NAME, "idempotencyKey": new_key() });
    ben.does("correctMyData", &name, "userErrors { code }").await.is_done();
    let target = crew.takes(&ann.reports(&street_light()).await, "lights", "IN_PROGRESS").await;
    let other = ben.reports(&street_light()).await;
    let into = json!({ "intoId": target.id, "intoExpectedVersion": target.version });
    let merged = crew.who("dispatcher").await.moves("mergeServiceRequest", &other, into).await;
    let target = crew.who("dispatcher").await.looks_at(&target).await;
    let handler = crew.who("lights.handler").await;
    let call = json!({ "method": "PHONE", "outcome": "REACHED", "note": format!("也联系了{NAME}") });
    let target = handler.moves("recordContact", &target, call).await;
    let target = crew.takes(&target, "lights", "VERIFIED").await;
    let target = ann.moves("surveyServiceRequest", &target, answer("YES", 5)).await;
    let merged = ben.looks_at(&merged).await;
    ben.moves("surveyServiceRequest", &merged, answer("YES", 4)).await;
    let supervisor = town.staff("supervisor").await;
    let held =
        supervisor.moves("placeLegalHold", &supervisor.looks_at(&merged).await, json!({ "reason": "诉讼" })).await;
    let ann = passes_for(town, days(800), &ann).await;
    town.puts_away().await;
    assert_eq!(kept(town, &target).await, (false, false), "one matter is held as one");
    let supervisor = town.staff("supervisor").await;
    supervisor.moves("releaseLegalHold", &held, json!({ "reason": "已结案" })).await;
    town.puts_away().await;
    for case in [&target, &merged] {
        assert_eq!(kept(town, case).await, (true, true));
        replays(town, &case.no).await;
    }
    let words = town.staff("dispatcher").await.sees(&target, "timeline { notes { text } }").await.to_string();
    assert!(words.contains("也联系了＊＊＊"), "who reported it as well is a person too: {words}");
    assert_eq!(own_cases(&ann).await, [] as [Value; 0]);
}

async fn what_came_in_at_the_counter_and_was_taken_back_is_nobodys_earlier(town: &Town) {
    let (clerk, crew) = (clerk(town).await, Crew::of(town));
    let walk_in = json!({
        "channel": "WALK_IN", "onBehalfOf": { "name": NAME, "phone": PHONE }, "place": null, "areaCode": HERE,
        "description": format!("{NAME}到窗口反映"),
    });
    let taken = clerk.reports(&with(complaint(), walk_in)).await;
    let rejected = json!({ "reason": "LITIGATION", "explanation": format!("{NAME}请等待判决") });
    let rejected = crew.who("dispatcher").await.moves("rejectServiceRequest", &taken, rejected).await;
    passes(town, days(365) - SECOND).await;
    town.puts_away().await;
    assert_eq!(kept(town, &rejected).await, (false, false));
    passes(town, SECOND).await;
    town.puts_away().await;
    assert_eq!(kept(town, &rejected).await, (true, true), "both are due");
    let seen = town.staff("dispatcher").await.sees(&rejected, "description onBehalfOfName contactPhone").await;
    let expected = json!({ "description": "＊＊＊到窗口反映", "onBehalfOfName": null, "contactPhone": null });
    assert_eq!(seen, expected);
    let typed = format!(
        "SELECT count(*) AS n FROM service_request r JOIN account a ON a.id = r.submitted_by WHERE r.case_no = '{}' AND a.status = 'ACTIVE'",
        taken.no
    );
    assert_eq!(town.number(&typed).await, 1, "who of the staff took it down is no secret");
    replays(town, &taken.no).await;
}

async fn what_is_held_stays_as_it_is_until_it_is_released(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = closed(&crew, &ann, &complaint(), "property").await;
    passes(town, days(365)).await;
    town.puts_away().await;
    let supervisor = town.staff("supervisor").await;
    let hold = json!({ "reason": "（2027）沪0112民初1号" });
    let held = supervisor.moves("placeLegalHold", &supervisor.looks_at(&case).await, hold.clone()).await;
    let shown = supervisor.sees(&case, "legalHold { placedAt reason } viewerActions").await;
    assert_eq!(shown["legalHold"]["reason"], "（2027）沪0112民初1号");
    assert_eq!(shown["viewerActions"], json!(["RELEASE_LEGAL_HOLD", "REVIEW_CONTENT", "REDACT"]));
    supervisor.tries("placeLegalHold", &held, hold).await.is_refused("INVALID_TRANSITION");
    let ann = back(town, &ann).await;
    let own = ann.sees(&case, "legalHold { reason } timeline { kind }").await;
    assert_eq!(own["legalHold"], Value::Null, "an inner matter");
    assert!(!own.to_string().contains("legal_hold"), "{own}");
    passes(town, days(3_650)).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (true, false));
    let supervisor = town.staff("supervisor").await;
    supervisor.tries("releaseLegalHold", &held, json!({ "reason": "" })).await.is_refused("REQUIRED").at("reason");
    let released = supervisor.moves("releaseLegalHold", &held, json!({ "reason": "判决已生效" })).await;
    supervisor.tries("releaseLegalHold", &released, json!({ "reason": "再次" })).await.is_refused("INVALID_TRANSITION");
    assert_eq!(supervisor.sees(&case, "legalHold { reason }").await["legalHold"], Value::Null);
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (true, true));
    let hold = json!({ "reason": "太迟" });
    let nobodys = supervisor.looks_at(&case).await;
    supervisor.tries("placeLegalHold", &nobodys, hold).await.is_refused("INVALID_TRANSITION");
    replays(town, &case.no).await;
}

/// Somebody's account is closed, and somebody else's, who asks a moment later, is ended: the first one waits.
pub(super) async fn waits_to_be_forgotten(town: &Town, person: &Person) {
    let other = town.resident().await;
    town.later(TimeDelta::seconds(61));
    person.asks_to_be_forgotten(town, Some(&person.phone())).await.is_done();
    town.later(SECOND);
    other.asks_to_be_forgotten(town, Some(&other.phone())).await.is_done();
    passes(town, days(7)).await;
    let in_state = async |state: &str| {
        town.number(&format!("SELECT count(*) AS n FROM account_deletion WHERE state = '{state}'")).await
    };
    eventually("accounts are closed", async || in_state("COOLING").await == 0).await;
    town.later(TimeDelta::seconds(31));
    eventually("the other is forgotten", async || in_state("DONE").await == 1).await;
    assert_eq!(in_state("PROCESSING").await, 1);
    assert_eq!(person.knocks().await, ["UNAUTHENTICATED"], "the account is closed");
}

async fn what_is_held_outlives_its_reporters_account(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let name = json!({ "name": NAME, "idempotencyKey": new_key() });
    ann.does("correctMyData", &name, "userErrors { code }").await.is_done();
    let words = json!({ "description": format!("我是{NAME}，单元门禁坏了一周，请打{}", ann.phone()) });
    let held = ann.reports(&with(complaint(), words.clone())).await;
    let other = ann.reports(&with(complaint(), words.clone())).await;
    let about = town.resident().await;
    let mentions = json!({ "description": format!("邻居{NAME}的电话是{}", ann.phone()) });
    let mentions = about.reports(&with(complaint(), mentions)).await;
    let supervisor = crew.who("supervisor").await;
    let hold = async |case: &Case| supervisor.moves("placeLegalHold", case, json!({ "reason": "法院调取" })).await;
    let (held, mentions) = (hold(&held).await, hold(&mentions).await);
    waits_to_be_forgotten(town, &ann).await;
    let dispatcher = town.staff("dispatcher").await;
    let seen = async |who: &Person, case: &Case| who.sees(case, "description").await["description"].clone();
    for case in [&held, &other] {
        assert_eq!(seen(&dispatcher, case).await, words["description"], "whose case a court may ask for stays known");
    }
    assert!(is_stored(town, &ann.phone()).await);
    let supervisor = town.staff("supervisor").await;
    let shown = "serviceRequest { description contactPhone } userErrors { code }";
    let release = |case: &Case| json!({ "id": case.id, "expectedVersion": case.version, "reason": "已结案", "idempotencyKey": new_key() });
    supervisor.does("releaseLegalHold", &release(&held), shown).await.is_done();
    // Nothing keeps the person any more.
    all_forgotten(town).await;
    for case in [&held, &other] {
        assert_eq!(seen(&dispatcher, case).await, "我是＊＊＊，单元门禁坏了一周，请打＊＊＊");
    }
    assert!(seen(&dispatcher, &mentions).await.as_str().unwrap().contains(&ann.phone()), "in words of others it waits");
    supervisor.does("releaseLegalHold", &release(&mentions), shown).await.is_done();
    let left = format!("邻居{NAME}的电话是＊＊＊");
    assert_eq!(seen(&supervisor, &mentions).await, left, "in words of others, the number only");
    eventually("the files are emptied", async || town.base().db.settle().await.unwrap()).await;
    assert!(!is_stored(town, &ann.phone()).await);
    assert_eq!(town.number("SELECT count(*) AS n FROM service_request WHERE owed_sealed IS NOT NULL").await, 0);
}

async fn what_was_merged_holds_its_whole_matter(town: &Town) {
    let (ann, ben, crew) = (town.resident().await, town.resident().await, Crew::of(town));
    let into = town.resident().await.reports(&street_light()).await;
    let (first, second) = (ann.reports(&street_light()).await, ben.reports(&street_light()).await);
    let dispatcher = crew.who("dispatcher").await;
    let on = |version: i64| json!({ "intoId": into.id, "intoExpectedVersion": version });
    dispatcher.moves("mergeServiceRequest", &first, on(into.version)).await;
    let version = dispatcher.looks_at(&into).await.version;
    let merged = dispatcher.moves("mergeServiceRequest", &second, on(version)).await;
    crew.who("supervisor").await.moves("placeLegalHold", &merged, json!({ "reason": "法院调取" })).await;
    // What was merged into the same case as a held one is part of what a court asks for.
    waits_to_be_forgotten(town, &ann).await;
}

async fn only_supervisors_hold_and_it_is_noted(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = ann.reports(&complaint()).await;
    for who in ["dispatcher", "chief", "auditor", "admin"] {
        let codes = crew.who(who).await.tries("placeLegalHold", &case, json!({ "reason": "诉讼" })).await.top_codes();
        assert!(codes == ["FORBIDDEN"] || codes == ["NOT_FOUND"], "{who}: {codes:?}");
    }
    assert_eq!(ann.tries("placeLegalHold", &case, json!({ "reason": "诉讼" })).await.top_codes(), ["FORBIDDEN"]);
    let supervisor = crew.who("supervisor").await;
    let stale = Case { version: case.version + 1, ..case.clone() };
    supervisor.tries("placeLegalHold", &stale, json!({ "reason": "诉讼" })).await.is_refused("CONFLICT");
    let held = supervisor.moves("placeLegalHold", &case, json!({ "reason": "诉讼" })).await;
    assert_eq!(held.state, "SUBMITTED", "the case goes on");
    crew.takes(&held, "property", "VERIFIED").await;
    let auditor = town.staff("auditor").await;
    let text = "{ auditEntries(filter: { action: \"placeLegalHold\" }) { nodes { outcome } } }";
    let outcomes = texts(auditor.asks(text).await.get("/auditEntries/nodes"), "/outcome");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "DONE").count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().filter(|outcome| *outcome == "FORBIDDEN").count() >= 2, "{outcomes:?}");
}

async fn sets(person: &Person, expected_version: i32, closed: (i32, i32), more: Value) -> Answer {
    let rule = |(archive, anonymise)| json!({ "archiveAfterDays": archive, "anonymiseAfterDays": anonymise });
    let input = json!({
        "expectedVersion": expected_version, "closed": rule(closed), "turnedDown": rule((30, 365)),
        "idempotencyKey": new_key(),
    });
    let shown = "retentionPolicy { closed { archiveAfterDays anonymiseAfterDays } edition { version } history { closed { \
                 archiveAfterDays } } } userErrors { code message field }";
    person.does("setRetentionPolicy", &with(input, more), shown).await
}

async fn a_rule_decided_anew_holds_for_what_is_over_already(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    let case = closed(&crew, &ann, &complaint(), "property").await;
    let chief = crew.who("chief").await;
    let read = "{ retentionPolicy { closed { archiveAfterDays anonymiseAfterDays } turnedDown { archiveAfterDays } } }";
    let first = crew.who("dispatcher").await.asks(read).await;
    assert_eq!(first.get("/retentionPolicy/closed"), &json!({ "archiveAfterDays": 365, "anonymiseAfterDays": 730 }));
    assert_eq!(ann.asks(read).await.top_codes(), ["FORBIDDEN"]);
    assert_eq!(sets(&crew.who("supervisor").await, 1, (60, 400), json!({})).await.top_codes(), ["FORBIDDEN"]);
    for (closed, field) in
        [((29, 400), "archiveAfterDays"), ((60, 364), "anonymiseAfterDays"), ((500, 400), "anonymiseAfterDays")]
    {
        sets(&chief, 1, closed, json!({})).await.is_refused("INVALID").at(&format!("closed.{field}"));
    }
    sets(&chief, 2, (60, 400), json!({})).await.is_refused("CONFLICT");
    let from = (town.now() + days(90)).to_rfc3339();
    let set = sets(&chief, 1, (60, 400), json!({ "validFrom": from })).await;
    assert_eq!(set.is_done().get("/setRetentionPolicy/retentionPolicy/edition/version"), 2);
    assert_eq!(set.list("/setRetentionPolicy/retentionPolicy/history").len(), 2);
    passes(town, days(89)).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (false, false), "its day has not come");
    passes(town, days(1)).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (true, false));
    passes(town, days(310)).await;
    town.puts_away().await;
    assert_eq!(kept(town, &case).await, (true, true));
}

async fn two_that_put_away_at_once_do_each_step_once(town: &Town) {
    let (ann, crew) = (town.resident().await, Crew::of(town));
    for _ in 0..4 {
        ann.moves("withdrawServiceRequest", &ann.reports(&complaint()).await, json!({})).await;
    }
    closed(&crew, &ann, &complaint(), "property").await;
    let node = town.second_node().await;
    passes(town, days(800)).await;
    let work = async |app: &zhilitong::app::App| {
        let (base, house) = (&app.base, &app.house);
        let mut round = Round::of(50);
        for _ in 0..6 {
            work_off(base, &house.town(), &house.media, &mut round).await.unwrap();
        }
    };
    join(work(town.app()), work(node.app())).await;
    node.stops().await;
    town.puts_away().await;
    let over = "SELECT count(*) AS n FROM service_request WHERE closed_at IS NOT NULL AND anonymised_at IS NULL AND legal_hold_at IS NULL";
    assert_eq!(town.number(over).await, 0);
    for kind in ["request.archived", "request.anonymised"] {
        let twice = format!("SELECT count(*) - count(DISTINCT subject_id) AS n FROM fact WHERE kind = '{kind}'");
        assert_eq!(town.number(&twice).await, 0, "{kind}");
    }
    let cases = "SELECT count(*) AS n FROM service_request WHERE anonymised_at IS NOT NULL";
    assert!(town.number(cases).await >= 5);
}

async fn what_cannot_be_put_away_keeps_no_other_waiting(town: &Town) {
    let ann = town.resident().await;
    let mut cases = Vec::new();
    for _ in 0..3 {
        cases.push(ann.moves("withdrawServiceRequest", &ann.reports(&complaint()).await, json!({})).await);
        town.later(SECOND);
    }
    let [broken, .., last] = &cases[..] else { panic!("three cases") };
    // What is sealed for something else does not open.
    let phone =
        format!("UPDATE service_request SET owed_sealed = contact_phone_sealed WHERE case_no = '{}'", broken.no);
    assert_eq!(town.tampers(&phone).await, 1);
    passes(town, days(800)).await;
    // The broken one is the longest over, so it comes first; it is tried once in a round, and again in the next one.
    let (app, mut round, mut tried) = (town.app(), Round::of(1), Vec::new());
    for _ in 0..10 {
        tried.push(work_off(&app.base, &app.house.town(), &app.house.media, &mut round).await.unwrap());
    }
    assert_eq!(tried[4..], [0, 1, 0, 1, 0, 1], "what was due is done, and then the broken one has rounds of its own");
    assert_eq!(kept(town, last).await, (true, true));
    assert_eq!(kept(town, broken).await, (true, false));
    let whole = format!("UPDATE service_request SET owed_sealed = NULL WHERE case_no = '{}'", broken.no);
    assert_eq!(town.tampers(&whole).await, 1);
    town.puts_away().await;
    assert_eq!(kept(town, broken).await, (true, true));
}
