//! How many SQL statements each operation takes: the same for one row and for fifty. `statements.txt` is reviewed; it holds
//! for both engines.

use std::fmt::Write as _;

use chrono::TimeDelta;
use entity::enums::Role;
use expect_test::expect_file;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::quiet::QuietNode;
use crate::party::{appointed, enters, id_of};
use crate::support::case::{answer, complaint, done, new_key, street_light, with};
use crate::support::schema::Schema;
use crate::support::{Case, Crew, Engine, Person, Town};

/// Rows of every list measured.
const ROWS: usize = 50;

/// All that a list of cases can show of each, the edges of edges included.
const EVERYTHING: &str = "nodes { id caseNo state category { name } area { name parent { name } } leadUnit { name organization { \
    name } } coUnits { name } handler { displayName } reporter { displayName } contactPhone assignments { state unit { name } } \
    returns { reason unit { name } suggestedUnit { name } } surveys { satisfaction } attachments { url } timeline { kind \
    actor { displayName } notes { text } } viewerActions followerCount isFollowed mergedInto { caseNo } mergedRequests { \
    caseNo } }";
/// What services say, where they are given, and who stands in line for them.
const SERVICES: &str = "{ serviceItems(first: 100) { nodes { code version center { name } venues { name photos { url } questions { key } \
    serviceItems { code } } queue { waiting called { number } } } } }";
/// How far people walk, in each grid.
const WALKS: &str = "{ areas(level: AUTONOMY) { code lifeCircle { coveredBp nearestCenter { name } } } }";
/// What is free of all rooms of all centres on a day; `bookings::day` has one of sixty rooms.
const SLOTS: &str =
    "{ centers { name venues { name within { name } slots(from: \"2026-11-24\") { startsAt state } } } }";
/// What a moderator looks at.
const TO_REVIEW: &str = "nodes { id caseNo description reply attachments { url } timeline { kind notes { text } } contentState \
    contentReview { dueAt reports { reason note } } }";

#[tokio::test]
async fn sqlite_embedded() {
    check(Engine::Embedded).await;
}

#[tokio::test]
async fn postgres_redis() {
    check(Engine::Servers).await;
}

/// On one thread, as a worker of the service is: rows of a page are asked for their edges in one go.
async fn check(engine: Engine) {
    let town = Town::with(engine, |config| {
        config.limits.mutations_per_minute = 100_000;
        config.limits.account_per_minute = 100_000;
    })
    .await;
    let crew = Crew::of(&town);
    let node = QuietNode::beside(&town, town.ground.config().database).await;
    let mut report = String::from("# statements an operation takes, on both engines, beside finding out who asks\n");
    lists(&town, &crew, &node, &mut report).await;
    verbs(&town, &crew, &node, &mut report).await;
    let forgotten = Schema::of(&crew.who("dispatcher").await).await.mutations_of("ServiceRequestPayload");
    let forgotten: Vec<_> = forgotten.into_iter().filter(|verb| !report.contains(verb)).collect();
    assert!(forgotten.is_empty(), "`verbs` below counts every verb of the schema, {forgotten:?} too");
    drop(crew);
    assert!(town.close().await.is_empty());
    expect_file!["statements.txt"].assert_eq(&report);
}

async fn lists(town: &Town, crew: &Crew<'_>, node: &QuietNode, report: &mut String) {
    let (reporter, case) = many_cases(town, crew).await;
    // All of them due now, so that those who watch see them too.
    town.tampers("UPDATE service_request SET queue_due_at = created_at WHERE queue = 'HANDLING'").await;
    let (dispatcher, handler) = (crew.who("dispatcher").await, crew.who("lights.handler").await);
    let neighbour = town.resident().await;
    for (person, list) in [
        (&handler, "workQueue(tab: HANDLING, "),
        (&dispatcher, "workQueue(tab: DUE_SOON, "),
        (&dispatcher, "searchServiceRequests(text: \"路燈\", "),
        (&neighbour, "publicServiceRequests("),
    ] {
        whatever_the_size(node, person, list, report).await;
    }
    town.tampers("UPDATE service_request SET review_due_at = created_at").await;
    shows_whatever_the_size(node, &dispatcher, ("contentReviews(", TO_REVIEW), report).await;
    town.tampers("UPDATE service_request SET review_due_at = NULL").await;
    residents(town, crew, node, (&reporter, &case), report).await;
    let one = EVERYTHING.strip_prefix("nodes ").unwrap();
    crate::stats::is_counted(town).await;
    let about = "from: \"2026-11-01\", to: \"2026-12-01\", areaCode: \"310112008\"";
    let behind = format!("kpiCases(metric: CASES, part: NUMERATOR, input: {{ metrics: [CASES], {about} }}, ");
    whatever_the_size(node, &dispatcher, &behind, report).await;
    let before = "yearBefore { rateBp differenceBp }";
    let kpi = |group: &str, before: &str| {
        format!(
            "{{ kpi(input: {{ metrics: [ON_TIME_RATE, CASES], groupBy: {group}, {about} }}) {{ rows {{ label rateBp {before} }} }} }}"
        )
    };
    roster(town, node, report).await;
    inbox(town, &handler, node, report).await;
    for (name, text) in [
        ("serviceRequest(caseNo)", format!("{{ serviceRequest(caseNo: \"{}\") {one} }}", case.no)),
        ("node(id)", format!("{{ node(id: \"{}\") {{ ... on ServiceRequest {one} }} }}", case.id)),
        ("kpi by grid", kpi("GRID", "")),
        ("kpi by unit, with the year before", kpi("UNIT", before)),
        ("caseHeatmap", format!("{{ caseHeatmap({about}) {{ cells {{ count }} }} }}")),
        ("topConcerns", "{ topConcerns(year: 2026) { concerns { rank category { name } } } }".to_owned()),
        ("workQueueCounts", "{ workQueueCounts { tab count } }".to_owned()),
        ("centers { venues { slots } }", SLOTS.to_owned()),
        ("serviceItems { venues queue }", SERVICES.to_owned()),
        ("areas { lifeCircle }", WALKS.to_owned()),
        ("dispatchSuggestions", suggestions(&case)),
    ] {
        let (answer, statements) = node.asks(&dispatcher, &text, &Value::Null).await;
        answer.is_done();
        writeln!(report, "{statements:>3}  {name}").unwrap();
    }
    let reported = format!("(SELECT submitted_by FROM service_request WHERE case_no = '{}')", case.no);
    town.tampers(&format!("UPDATE service_request SET reporter_id = {reported}")).await;
    whatever_the_size(node, &reporter, "myServiceRequests(", report).await;
}

/// Lists of who lives in the grid of the cases, and of who acts in one.
async fn residents(
    town: &Town,
    crew: &Crew<'_>,
    node: &QuietNode,
    (reporter, case): (&Person, &Case),
    report: &mut String,
) {
    let clerk = crew.who("neighbourhood").await;
    let grid = "310112008018";
    for number in 0..ROWS {
        let person = town.resident().await;
        let flat = json!({
            "areaCode": grid, "compound": "爱博家园", "building": "3号楼", "room": format!("{number}"), "relation": "FAMILY",
            "idempotencyKey": new_key(),
        });
        person.does("applyForResidence", &flat, "userErrors { code }").await.is_done();
    }
    let of_each = "nodes { id state room applicant { displayName } area { name } viewerActions }";
    let mut taken = Vec::new();
    for rows in [1, 10, ROWS] {
        let text = format!("{{ page: residenceApplications(first: {rows}) {{ {of_each} }} }}");
        let (answer, statements) = node.asks(&clerk, &text, &Value::Null).await;
        assert_eq!(answer.list("/page/nodes").len(), rows);
        taken.push(statements);
    }
    assert!(taken.iter().all(|statements| *statements == taken[0]), "{taken:?}");
    writeln!(report, "{:>3}  residenceApplications(…)", taken[0]).unwrap();
    let (neighbour, agent) = (town.resident().await, town.resident().await);
    let own = json!({
        "areaCode": grid, "compound": "爱博家园", "building": "3号楼", "room": "101", "relation": "OWNER",
        "idempotencyKey": new_key(),
    });
    neighbour.does("applyForResidence", &own, "userErrors { code }").await.is_done();
    town.tampers("UPDATE residence SET state = 'VERIFIED' WHERE relation = 'OWNER'").await;
    town.tampers("UPDATE service_request SET listed_in = (SELECT grid_path FROM residence LIMIT 1)").await;
    whatever_the_size(node, &neighbour, "neighborhoodServiceRequests(", report).await;
    let follow = "INSERT INTO request_follower (request_id, account_id, since) SELECT r.id, h.account_id, r.created_at FROM \
                  service_request r, residence h WHERE r.listed_in IS NOT NULL AND h.state = 'VERIFIED'";
    town.tampers(follow).await;
    whatever_the_size(node, &neighbour, "followedServiceRequests(", report).await;
    let grant = json!({
        "serviceRequestIds": [case.id], "agentPhone": agent.phone(), "until": "2026-12-23T01:00:00Z", "idempotencyKey": new_key(),
    });
    let granted = reporter.does("grantProxy", &grant, "proxyGrant { id } userErrors { code }").await;
    let accept = json!({ "id": granted.text("/grantProxy/proxyGrant/id"), "idempotencyKey": new_key() });
    agent.does("acceptProxy", &accept, "userErrors { code }").await.is_done();
    let all = "INSERT INTO proxy_case SELECT p.id, r.id FROM proxy_grant p CROSS JOIN service_request r \
               WHERE NOT EXISTS (SELECT 1 FROM proxy_case c WHERE c.request_id = r.id)";
    town.tampers(all).await;
    whatever_the_size(node, &agent, "proxiedServiceRequests(", report).await;
    for (person, name) in [(&neighbour, "viewer { residences }"), (&agent, "viewer { proxyGrants }")] {
        let field = if name.contains("residences") {
            "residences { id room area { name } }"
        } else {
            "proxyGrants { id verbs principal { displayName } serviceRequests { caseNo } }"
        };
        let (answer, statements) = node.asks(person, &format!("{{ viewer {{ {field} }} }}"), &Value::Null).await;
        answer.is_done();
        writeln!(report, "{statements:>3}  {name}").unwrap();
    }
}

/// A roster of the party, its line of the audit chain included.
async fn roster(town: &Town, node: &QuietNode, report: &mut String) {
    let mut file = party::HEADING.to_owned();
    for number in 0..ROWS {
        write!(file, "\nR,测试支部,BRANCH,,党员{number},1998-07,FULL,1360000{number:04}").unwrap();
    }
    let branch = id_of(&enters(town, &file).await, "R");
    let secretary = appointed(town, Role::PartySecretary, &branch, None).await;
    let mut taken = Vec::new();
    for rows in [1, 10, ROWS] {
        let of_each = "nodes { id displayName standing joinMonth phone isBound } pageInfo { hasNextPage }";
        let text = format!("{{ page: partyRoster(organizationId: \"{branch}\", first: {rows}) {{ {of_each} }} }}");
        let (answer, statements) = node.asks(&secretary, &text, &Value::Null).await;
        assert_eq!(answer.list("/page/nodes").len(), rows);
        taken.push(statements);
    }
    assert!(taken.iter().all(|statements| *statements == taken[0]), "{taken:?}");
    writeln!(report, "{:>3}  partyRoster(…)", taken[0]).unwrap();
}

/// An inbox, with what its lines point to.
async fn inbox(town: &Town, handler: &Person, node: &QuietNode, report: &mut String) {
    town.notifies().await;
    let mut taken = Vec::new();
    for rows in [1, 10, ROWS] {
        let of_each =
            "nodes { id kind level title body readAt subject { ... on ServiceRequest { caseNo category { name } } } }";
        let text = format!("{{ page: myNotifications(first: {rows}) {{ {of_each} pageInfo {{ hasNextPage }} }} }}");
        let (answer, statements) = node.asks(handler, &text, &Value::Null).await;
        assert_eq!(answer.list("/page/nodes").len(), rows);
        taken.push(statements);
    }
    assert!(taken.iter().all(|statements| *statements == taken[0]), "{taken:?}");
    writeln!(report, "{:>3}  myNotifications(…)", taken[0]).unwrap();
    for name in [
        "unreadNotificationCount",
        "notificationPreferences { kind }",
        "changesSince(cursor: \"AAAAAAAAAAA\") { hasMore }",
    ] {
        let (answer, statements) = node.asks(handler, &format!("{{ {name} }}"), &Value::Null).await;
        answer.is_done();
        writeln!(report, "{statements:>3}  {name}").unwrap();
    }
}

fn suggestions(case: &Case) -> String {
    format!("{{ dispatchSuggestions(serviceRequestId: \"{}\") {{ openLoad unit {{ name }} }} }}", case.id)
}

async fn whatever_the_size(node: &QuietNode, person: &Person, list: &str, report: &mut String) {
    shows_whatever_the_size(node, person, (list, EVERYTHING), report).await;
}

/// Measures pages of one, ten and fifty rows, which must take the same.
async fn shows_whatever_the_size(node: &QuietNode, person: &Person, (list, shown): (&str, &str), report: &mut String) {
    let mut taken = Vec::new();
    for rows in [1, 10, ROWS] {
        let text = format!("{{ page: {list}first: {rows}) {{ {shown} pageInfo {{ hasNextPage }} }} }}");
        let (answer, statements) = node.asks(person, &text, &Value::Null).await;
        assert_eq!(answer.list("/page/nodes").len(), rows, "{list}");
        taken.push(statements);
    }
    assert!(taken.iter().all(|statements| *statements == taken[0]), "{list} takes {taken:?} for 1, 10 and {ROWS} rows");
    writeln!(report, "{:>3}  {}…)", taken[0], list).unwrap();
    // A page of the usual size keeps the limits, which are not asked inside the process.
    person.asks(&format!("{{ {list}first: 20) {{ {shown} pageInfo {{ hasNextPage }} }} }}")).await.is_done();
}

/// Fifty cases in the hands of one unit, each with all that a case can have. Gives back the reporter of one of them, and it.
async fn many_cases(town: &Town, crew: &Crew<'_>) -> (Person, Case) {
    let residents = join_all((0..ROWS / 5).map(|_| town.resident())).await;
    let five_each = async |resident: &Person| {
        let mut last = None;
        for _ in 0..5 {
            let photo = json!({ "attachmentIds": [resident.photo().await] });
            let case = resident.reports(&with(street_light(), photo)).await;
            last = Some(full(crew, resident, case).await);
        }
        last.unwrap()
    };
    // No more at once than a service takes photos from.
    let (some, others) = residents.split_at(5);
    let mut cases = join_all(some.iter().map(five_each)).await;
    join_all(others.iter().map(five_each)).await;
    (residents[0].clone(), cases.swap_remove(0))
}

/// Takes a case to its handler by way of an addition, a denied return, a helping unit and a call.
async fn full(crew: &Crew<'_>, reporter: &Person, case: Case) -> Case {
    let case = reporter.moves("supplementServiceRequest", &case, json!({ "text": "还有一盏" })).await;
    let case = crew.takes(&case, "lights", "FILED").await;
    let dispatcher = crew.who("dispatcher").await;
    let units = json!({
        "leadUnitId": crew.unit_id("lights").await, "coUnitIds": [crew.unit_id("sanitation").await], "instruction": "请尽快",
    });
    let case = dispatcher.moves("dispatchServiceRequest", &case, units).await;
    let wish = crew.return_to("property").await;
    let case = crew.who("lights.leader").await.moves("requestReturn", &case, wish).await;
    let case = dispatcher.moves("decideReturn", &case, json!({ "isGranted": false, "note": "属于" })).await;
    let case = crew.takes(&case, "lights", "IN_PROGRESS").await;
    let call = json!({ "method": "PHONE", "outcome": "REACHED", "note": "已约时间" });
    crew.who("lights.handler").await.moves("recordContact", &case, call).await
}

/// One case along every verb.
async fn verbs(town: &Town, crew: &Crew<'_>, node: &QuietNode, report: &mut String) {
    let ann = town.resident().await;
    let mut walk = Walk { node, report, seen: Vec::new(), case: None };
    let photo = json!({ "attachmentIds": [ann.photo().await] });
    walk.does(&ann, "submitServiceRequest", with(complaint(), photo.clone())).await;
    let more = json!({ "text": "还有一处", "attachmentIds": [ann.photo().await] });
    walk.does(&ann, "supplementServiceRequest", more).await;
    let (dispatcher, leader) = (crew.who("dispatcher").await, crew.who("property.leader").await);
    let no = json!({ "reason": "LITIGATION", "explanation": "请等待判决" });
    walk.does(&dispatcher, "rejectServiceRequest", no).await;
    walk.does(&ann, "objectToRejection", json!({ "text": "没有诉讼" })).await;
    walk.does(&dispatcher, "acceptServiceRequest", json!({ "categoryCode": "PROPERTY.REPAIR" })).await;
    walk.does(&dispatcher, "fileServiceRequest", json!({})).await;
    let units = json!({
        "leadUnitId": crew.unit_id("property").await, "coUnitIds": [crew.unit_id("lights").await], "instruction": "请尽快",
    });
    walk.does(&dispatcher, "dispatchServiceRequest", units).await;
    walk.does(&leader, "requestReturn", crew.return_to("sanitation").await).await;
    walk.does(&dispatcher, "decideReturn", json!({ "isGranted": false, "note": "属于" })).await;
    walk.does(&crew.who("property.handler").await, "signServiceRequest", json!({})).await;
    let call = json!({ "method": "PHONE", "outcome": "REACHED", "note": "已约时间" });
    let handler = crew.who("property.handler").await;
    walk.does(&handler, "recordContact", call).await;
    beside_the_trunk(town, crew, &mut walk, &ann).await;
    walk.does(&handler, "submitHandling", done(&[handler.photo().await])).await;
    walk.does(&dispatcher, "verifyServiceRequest", json!({ "isPassed": true, "note": "已看过" })).await;
    let in_vain = json!({ "outcome": "NO_ANSWER", "note": "无人接听" });
    walk.does(&crew.who("callback").await, "recordMissedCallback", in_vain).await;
    walk.does(&crew.who("callback").await, "recordCallback", answer("NO", 2)).await;
    walk.case = Some(crew.takes(&walk.case.take().unwrap(), "property", "VERIFIED").await);
    walk.does(&ann, "surveyServiceRequest", answer("YES", 5)).await;
    walk.does(&ann, "reopenServiceRequest", json!({ "newFacts": "又坏了" })).await;
    walk.case = Some(crew.takes(&walk.case.take().unwrap(), "property", "VERIFIED").await);
    walk.does(&ann, "surveyServiceRequest", answer("YES", 5)).await;
    let order = json!({ "instruction": "重新派单" });
    walk.does(&crew.who("supervisor").await, "takeUpServiceRequest", order).await;
    walk.does(&ann, "submitServiceRequest", complaint()).await;
    walk.does(&ann, "withdrawServiceRequest", json!({ "reason": "已解决" })).await;
    walk.does(&ann, "submitServiceRequest", complaint()).await;
    let lead = json!({ "leadUnitId": crew.unit_id("property").await, "instruction": "立即到场" });
    walk.does(&dispatcher, "fastTrackServiceRequest", lead).await;
    let light = with(street_light(), json!({ "visibility": "PUBLIC" }));
    let into = crew.takes(&town.resident().await.reports(&light).await, "lights", "FILED").await;
    walk.case = Some(into.clone());
    walk.follows(&ann, "followServiceRequest").await;
    walk.follows(&ann, "unfollowServiceRequest").await;
    walk.does(&ann, "submitServiceRequest", light).await;
    let into = json!({ "intoId": into.id, "intoExpectedVersion": into.version });
    walk.does(&dispatcher, "mergeServiceRequest", into).await;
}

/// What those do who watch over a case in progress.
async fn watched(crew: &Crew<'_>, walk: &mut Walk<'_>, leader: &Person) {
    let warning = json!({ "kind": "LABOR", "headcount": 15, "note": "情绪激动" });
    walk.does(&crew.who("station").await, "openConflictWarning", warning).await;
    let order = json!({ "reason": "LEADER_NOTE", "instruction": "请尽快" });
    walk.does(&crew.who("supervisor").await, "superviseServiceRequest", order).await;
    walk.does(leader, "answerSupervision", json!({ "reply": "已安排" })).await;
    for verb in ["placeLegalHold", "releaseLegalHold"] {
        walk.does(&crew.who("supervisor").await, verb, json!({ "reason": "法院调取" })).await;
    }
    moderated(&crew.who("supervisor").await, walk).await;
    let units = json!({
        "leadUnitId": crew.unit_id("property").await, "coUnitIds": [crew.unit_id("sanitation").await],
        "conclusion": "共同办理",
    });
    walk.does(&crew.who("chief").await, "conferServiceRequest", units).await;
}

/// What those do who decide what is published.
async fn moderated(moderator: &Person, walk: &mut Walk<'_>) {
    let seen = moderator.sees(walk.case.as_ref().expect("a case"), "attachments { id }").await;
    let hides = json!({ "isPassed": false, "reason": "ABUSE", "note": "请核实" });
    walk.does(moderator, "reviewContent", hides).await;
    walk.does(moderator, "reviewContent", json!({ "isPassed": true })).await;
    let words = json!({ "description": "门禁坏了", "address": "申滨路", "reason": "PERSONAL_DATA" });
    walk.does(moderator, "redactServiceRequest", words).await;
    let part = json!({ "x": 0, "y": 0, "width": 8, "height": 8 });
    let parts =
        json!({ "attachmentId": seen["attachments"][0]["id"], "rectangles": [part], "reason": "PERSONAL_DATA" });
    walk.does(moderator, "redactPhoto", parts).await;
}

/// What may be done about a case in progress, and leaves it there.
async fn beside_the_trunk(town: &Town, crew: &Crew<'_>, walk: &mut Walk<'_>, ann: &Person) {
    let (dispatcher, leader) = (crew.who("dispatcher").await, crew.who("property.leader").await);
    let granted = json!({ "isGranted": true, "note": "同意" });
    walk.does(&leader, "requestExtension", json!({ "workingDays": 1, "reason": "需要配件" })).await;
    walk.does(&dispatcher, "decideExtension", granted.clone()).await;
    let until = (town.now() + TimeDelta::days(2)).to_rfc3339();
    let pause = json!({ "reason": "THIRD_PARTY", "until": until, "evidence": "施工通知" });
    walk.does(&leader, "requestSuspension", pause).await;
    walk.does(&dispatcher, "decideSuspension", granted).await;
    walk.does(&leader, "resumeServiceRequest", json!({ "note": "已进场" })).await;
    for verb in ["addInternalNote", "messageReporter", "publishUpdate", "askReporter"] {
        walk.does(&leader, verb, json!({ "text": "请问是几号楼？" })).await;
    }
    walk.does(ann, "answerQuestion", json!({ "text": "三号楼" })).await;
    watched(crew, walk, &leader).await;
    town.tampers("UPDATE service_request SET contact_due_at = created_at WHERE state = 'IN_PROGRESS'").await;
    town.later(TimeDelta::seconds(1));
    walk.does(ann, "urgeServiceRequest", json!({ "text": "请尽快" })).await;
}

/// A case that goes along, each step measured when it is first taken.
struct Walk<'a> {
    node: &'a QuietNode,
    report: &'a mut String,
    seen: Vec<&'static str>,
    case: Option<Case>,
}

impl Walk<'_> {
    /// What takes no version.
    async fn follows(&mut self, person: &Person, verb: &'static str) {
        let id = self.case.as_ref().expect("a case").id.clone();
        let input = json!({ "id": id, "idempotencyKey": new_key() });
        self.counts(person, verb, input).await;
    }

    async fn does(&mut self, person: &Person, verb: &'static str, more: Value) {
        let mut input = with(json!({ "idempotencyKey": new_key() }), more);
        if let Some(case) = self.case.as_ref().filter(|_| verb != "submitServiceRequest") {
            input = with(input, json!({ "id": case.id, "expectedVersion": case.version }));
        }
        self.counts(person, verb, input).await;
    }

    async fn counts(&mut self, person: &Person, verb: &'static str, input: Value) {
        let kind = format!("{}{}Input", verb[..1].to_ascii_uppercase(), &verb[1..]);
        let text = format!(
            "mutation($input: {kind}!) {{ {verb}(input: $input) {{ serviceRequest {{ id caseNo version state round }} \
             userErrors {{ code message field }} }} }}"
        );
        let (answer, statements) = self.node.asks(person, &text, &json!({ "input": input })).await;
        self.case = Some(Case::of(&answer));
        if !self.seen.contains(&verb) {
            self.seen.push(verb);
            writeln!(self.report, "{statements:>3}  {verb}").unwrap();
        }
    }
}
