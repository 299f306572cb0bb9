//! A report travels from a resident's phone to a closed case.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Person, Town, root, stories};

stories![
    a_report_travels_to_a_closed_case,
    of_fifty_dispatchers_one_accepts,
    the_same_key_makes_one_case,
    a_stale_version_is_a_conflict_with_the_current_case,
    a_private_case_is_hidden_from_others,
    a_subscriber_hears_of_the_change,
    a_handled_case_needs_a_photo,
    a_list_costs_the_same_whatever_its_page,
];

/// What every step asks back.
const CASE: &str = "isReplay serviceRequest { id caseNo state version viewerActions } userErrors { code field }";

/// A case, as somebody saw it last.
struct Case {
    id: String,
    number: String,
    version: i64,
    state: String,
}

impl Case {
    fn of(answer: &Answer, mutation: &str) -> Self {
        let seen = answer.get(&format!("/{mutation}/serviceRequest"));
        let text = |name: &str| seen[name].as_str().unwrap().to_owned();
        Self {
            id: text("id"),
            number: text("caseNo"),
            version: seen["version"].as_i64().unwrap(),
            state: text("state"),
        }
    }

    /// One step by somebody; `more` are the inputs beside id, version and key.
    async fn tried(&self, person: &Person, mutation: &str, more: &Value) -> Answer {
        let key = format!("{mutation}-{}-{}-{}", self.number, self.version, person.address);
        let mut input = json!({ "id": self.id, "expectedVersion": self.version, "idempotencyKey": key });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person.does(mutation, &input, CASE).await
    }

    /// One step that must succeed, offered beforehand and leading to a state.
    async fn moved(&mut self, person: &Person, (mutation, action): (&str, &str), more: &Value, state: &str) {
        let seen = person.asks(&format!("{{ serviceRequest(caseNo: \"{}\") {{ viewerActions }} }}", self.number)).await;
        let offered = seen.list("/serviceRequest/viewerActions");
        assert!(offered.contains(&json!(action)), "{mutation} is not offered: {offered:?}");
        let answer = self.tried(person, mutation, more).await;
        let moved = Self::of(&answer, mutation);
        assert_eq!((moved.state.as_str(), moved.version), (state, self.version + 1), "{mutation}");
        *self = moved;
    }
}

fn report(key: &str) -> Value {
    json!({
        "kind": "COMPLAINT", "categoryCode": "FACILITY.STREET_LIGHT", "description": "申长路的路灯坏了三天，晚上很黑",
        "place": { "longitude": 121.324_522, "latitude": 31.193_040, "datum": "GCJ02" }, "idempotencyKey": key,
    })
}

async fn submits(person: &Person) -> Case {
    let answer = person.does("submitServiceRequest", &report("a-report-of-mine"), CASE).await;
    Case::of(&answer, "submitServiceRequest")
}

/// Takes a case to the unit for street lights.
async fn dispatched(town: &Town, case: &mut Case) {
    let dispatcher = town.staff("dispatcher").await;
    case.moved(&dispatcher, ("acceptServiceRequest", "ACCEPT"), &json!({}), "ACCEPTED").await;
    case.moved(&dispatcher, ("fileServiceRequest", "FILE"), &json!({}), "FILED").await;
    let ask = "query($id: ID!) { dispatchSuggestions(serviceRequestId: $id) { unit { id name } } }";
    let unit = dispatcher.says(ask, &json!({ "id": case.id })).await.text("/dispatchSuggestions/0/unit/id");
    let to = json!({ "leadUnitId": unit });
    case.moved(&dispatcher, ("dispatchServiceRequest", "DISPATCH"), &to, "DISPATCHED").await;
}

async fn photo(person: &Person) -> String {
    let file = std::fs::read(root().join("api/assets/street-light.jpg")).unwrap();
    let text = "mutation($file: Upload!) { uploadAttachment(input: { file: $file, phase: AFTER }) \
        { attachment { id } userErrors { code } } }";
    let answer = person.uploads(text, &json!({ "file": null }), "variables.file", ("../light.jpg", &file)).await;
    answer.text("/uploadAttachment/attachment/id")
}

async fn a_report_travels_to_a_closed_case(town: &Town) {
    let ann = town.resident().await;
    let mut case = submits(&ann).await;
    assert_eq!(case.state, "SUBMITTED");
    town.later(TimeDelta::minutes(5));
    dispatched(town, &mut case).await;
    let handler = town.staff("lights.handler").await;
    case.moved(&handler, ("signServiceRequest", "SIGN"), &json!({}), "IN_PROGRESS").await;
    let contact = json!({ "method": "PHONE", "outcome": "REACHED" });
    case.moved(&handler, ("recordContact", "RECORD_CONTACT"), &contact, "IN_PROGRESS").await;
    let done =
        json!({ "result": "SOLVED", "reply": "已更换灯头，当晚恢复照明。", "attachmentIds": [photo(&handler).await] });
    case.moved(&handler, ("submitHandling", "SUBMIT_HANDLING"), &done, "HANDLED").await;
    let inspector = town.staff("inspector").await;
    case.moved(&inspector, ("verifyServiceRequest", "VERIFY"), &json!({ "isPassed": true }), "VERIFIED").await;
    let answer = json!({ "solved": "YES", "satisfaction": 5 });
    case.moved(&ann, ("surveyServiceRequest", "SURVEY"), &answer, "CLOSED").await;

    let seen = ann
        .asks(&format!(
            "{{ serviceRequest(caseNo: \"{}\") {{ state version reply viewerActions timeline {{ state version }} }} \
             myServiceRequests {{ nodes {{ caseNo }} }} }}",
            case.number
        ))
        .await;
    assert_eq!(seen.get("/serviceRequest/reply"), "已更换灯头，当晚恢复照明。");
    assert_eq!(seen.get("/myServiceRequests/nodes/0/caseNo"), &json!(case.number));
    // What happened replays to where it stands: no version is missing, the last one is the row's.
    let timeline = seen.list("/serviceRequest/timeline");
    let mut versions: Vec<i64> = timeline.iter().map(|entry| entry["version"].as_i64().unwrap()).collect();
    versions.sort_unstable();
    assert_eq!(versions, Vec::from_iter(1..=case.version));
    let last = timeline.iter().max_by_key(|entry| entry["version"].as_i64()).unwrap();
    assert_eq!(last["state"], "CLOSED");
}

async fn of_fifty_dispatchers_one_accepts(town: &Town) {
    let case = submits(&town.resident().await).await;
    let dispatcher = town.staff("dispatcher").await;
    let tries = (0..50).map(|_| {
        let mut one = dispatcher.clone();
        one.address = town.stranger().address;
        let case = &case;
        async move { case.tried(&one, "acceptServiceRequest", &json!({})).await }
    });
    let answers = join_all(tries).await;
    let (won, lost): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.codes().is_empty());
    assert_eq!((won.len(), lost.len()), (1, 49));
    for answer in lost {
        answer.is_refused("CONFLICT");
        let current = &answer.json["data"]["acceptServiceRequest"]["serviceRequest"];
        assert_eq!((&current["state"], &current["version"]), (&json!("ACCEPTED"), &json!(case.version + 1)));
    }
}

async fn the_same_key_makes_one_case(town: &Town) {
    let ann = town.resident().await;
    let input = report("the-same-key");
    let answers = join_all((0..5).map(|_| ann.does("submitServiceRequest", &input, CASE))).await;
    let mut numbers: Vec<String> =
        answers.iter().map(|answer| Case::of(answer, "submitServiceRequest").number).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 1);
    let replays = answers.iter().filter(|answer| answer.get("/submitServiceRequest/isReplay") == true);
    assert_eq!(replays.count(), 4);
    let mut other = input.clone();
    other["description"] = json!("另外一件完全不同的事情，请处理");
    ann.does("submitServiceRequest", &other, CASE).await.is_refused("IDEMPOTENCY_KEY_REUSED").at("idempotencyKey");
    // Keys are a person's own.
    let bob = town.resident().await;
    assert_eq!(bob.does("submitServiceRequest", &input, CASE).await.get("/submitServiceRequest/isReplay"), false);
}

async fn a_stale_version_is_a_conflict_with_the_current_case(town: &Town) {
    let mut case = submits(&town.resident().await).await;
    let dispatcher = town.staff("dispatcher").await;
    let stale = case.version;
    case.moved(&dispatcher, ("acceptServiceRequest", "ACCEPT"), &json!({}), "ACCEPTED").await;
    let old = Case { version: stale, ..case };
    let answer = old.tried(&dispatcher, "fileServiceRequest", &json!({})).await;
    answer.is_refused("CONFLICT");
    assert_eq!(answer.json["data"]["fileServiceRequest"]["serviceRequest"]["state"], "ACCEPTED");
}

async fn a_private_case_is_hidden_from_others(town: &Town) {
    let ann = town.resident().await;
    let case = submits(&ann).await;
    let (bob, stranger) = (town.resident().await, town.stranger());
    for other in [&bob, &stranger] {
        let ask = "query($id: ID!, $no: String!) { node(id: $id) { id } serviceRequest(caseNo: $no) { id } }";
        let answer = other.says(ask, &json!({ "id": case.id, "no": case.number })).await;
        assert!(answer.json["data"]["node"].is_null() && answer.json["data"]["serviceRequest"].is_null(), "{answer:?}");
    }
    case.tried(&bob, "withdrawServiceRequest", &json!({})).await.is_refused("NOT_FOUND");
    case.tried(&bob, "acceptServiceRequest", &json!({})).await.is_refused("NOT_FOUND");
    case.tried(&ann, "withdrawServiceRequest", &json!({})).await.is_done();
}

async fn a_subscriber_hears_of_the_change(town: &Town) {
    let ann = town.resident().await;
    let mut case = submits(&ann).await;
    let mut socket = ann.connects().await;
    let text = format!("subscription {{ serviceRequestChanged(id: \"{}\") {{ state version }} }}", case.id);
    socket.subscribes("1", &text).await;
    let first = socket.hears().await;
    assert_eq!(first["payload"]["data"]["serviceRequestChanged"]["state"], "SUBMITTED", "{first}");
    let dispatcher = town.staff("dispatcher").await;
    case.moved(&dispatcher, ("acceptServiceRequest", "ACCEPT"), &json!({}), "ACCEPTED").await;
    // The hint of the submission itself may still come in between.
    let mut heard = socket.hears().await;
    while heard["payload"]["data"]["serviceRequestChanged"]["state"] == "SUBMITTED" {
        heard = socket.hears().await;
    }
    assert_eq!(heard["payload"]["data"]["serviceRequestChanged"]["version"], case.version, "{heard}");
}

async fn a_handled_case_needs_a_photo(town: &Town) {
    let mut case = submits(&town.resident().await).await;
    dispatched(town, &mut case).await;
    let handler = town.staff("lights.handler").await;
    case.moved(&handler, ("signServiceRequest", "SIGN"), &json!({}), "IN_PROGRESS").await;
    let contact = json!({ "method": "VISIT", "outcome": "REACHED" });
    case.moved(&handler, ("recordContact", "RECORD_CONTACT"), &contact, "IN_PROGRESS").await;
    let bare = json!({ "result": "SOLVED", "reply": "已更换灯头，当晚恢复照明。" });
    case.tried(&handler, "submitHandling", &bare).await.is_refused("PHOTO_REQUIRED");
    let foreign = photo(&town.resident().await).await;
    let with_foreign = json!({ "result": "SOLVED", "reply": "已更换灯头。", "attachmentIds": [foreign] });
    let codes = case.tried(&handler, "submitHandling", &with_foreign).await.codes();
    assert_eq!(codes.len(), 1, "somebody else's photo is none: {codes:?}");
}

async fn a_list_costs_the_same_whatever_its_page(town: &Town) {
    let dispatcher = town.staff("dispatcher").await;
    let edges = "caseNo state area { name parent { name } } category { name } reporter { displayName } leadUnit { name } \
        coUnits { name } handler { displayName } attachments { id } viewerActions timeline { kind actor { displayName } }";
    for list in
        ["workQueue(tab: TO_ACCEPT, first: N)", "publicServiceRequests(first: N)", "myServiceRequests(first: N)"]
    {
        let mut costs = Vec::new();
        for first in [2, 20] {
            let text = format!("{{ {} {{ nodes {{ {edges} }} }} }}", list.replace('N', &first.to_string()));
            let mut least = u64::MAX;
            // The relay looks in now and then; the least is the list's own.
            for _ in 0..5 {
                let before = town.statements();
                dispatcher.asks(&text).await.is_done();
                least = least.min(town.statements() - before);
            }
            costs.push(least);
        }
        println!("{list}: {costs:?} statements");
        assert!(costs[1] <= costs[0] + 2, "{list}: {costs:?}");
        assert!(costs[1] <= 16, "{list}: {costs:?}");
    }
}
