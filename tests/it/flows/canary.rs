//! The canary (金丝雀): somebody with a name, numbers, an openid and a flat nobody else has goes through every flow, is forgotten,
//! and is nowhere to be found: not in the database, in Redis, in files, in logs.

use std::io::{self, Write};
use std::sync::{Mutex, OnceLock};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::all_forgotten;
use crate::identity::is_stored;
use crate::party::enters;
use crate::residents::{HERE, Thing, clerk, flat};
use crate::support::case::{complaint, new_key, with};
use crate::support::engine::holds;
use crate::support::{Case, Crew, Person, Town, eventually, stories};

stories![a_canary_leaves_nothing_behind];

const NAME: &str = "金丝雀娜";
const CHILD: &str = "雏鸟宝宝";
/// What she was called before, and what the counter calls her.
const BEFORE: &str = "金丝雀曾用名";
const CALLED: &str = "金雀婶婶";
const OPENID: &str = "oCanaryCanaryCanary01";
const ROOM: &str = "1808甲室";
const ID_NUMBER: &str = "11010519491231002X";
/// The first number, the one after a change, and the one after a loss.
const PHONES: [&str; 3] = ["13987650001", "13987650002", "13987650003"];
/// Written where the search must find it, to show that it can.
const PROOF: &str = "canary-log-proof";
const MINUTE: TimeDelta = TimeDelta::seconds(61);

/// Lines of the log that say what they must not.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Reads the log of the whole process, and keeps only what tells.
#[derive(Clone, Copy)]
struct Ear;

impl Write for Ear {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if canaries().into_iter().chain([PROOF]).any(|canary| text.contains(canary)) {
            TOLD.lock().unwrap().push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Ear {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

fn canaries() -> Vec<&'static str> {
    // A number also as it is written in words.
    let written = ["(139)8765—0001", "139 8765 0001", "139-8765 0001"];
    [&[NAME, CHILD, BEFORE, CALLED, OPENID, ROOM, ID_NUMBER][..], &PHONES, &written].concat()
}

/// Listens to all that is logged from now on, of every town.
fn listen() {
    static EAR: OnceLock<()> = OnceLock::new();
    EAR.get_or_init(|| {
        let filter = EnvFilter::new("debug");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Ear).init();
    });
    tracing::debug!(PROOF);
    assert!(TOLD.lock().unwrap().iter().any(|line| line.contains(PROOF)), "what is logged is heard");
}

async fn a_canary_leaves_nothing_behind(town: &Town) {
    listen();
    let mut canary = town.stranger();
    let (crew, clerk) = (Crew::of(town), clerk(town).await);
    let case = lives(town, &mut canary, &crew, &clerk).await;
    let id = canary.id().await.unwrap();
    changes_numbers(town, &mut canary, &clerk).await;
    is_told(town, &canary).await;
    for canary in [NAME, PHONES[0]] {
        assert!(is_stored(town, canary).await, "{canary} stands in what was written, so the search works");
    }
    canary.asks_to_be_forgotten(town, Some(PHONES[2])).await.is_done();
    canary.changes_mind().await.is_done();
    town.later(MINUTE);
    canary.asks_to_be_forgotten(town, Some(PHONES[2])).await.is_done();
    town.later(TimeDelta::days(7));
    all_forgotten(town).await;
    eventually("the files are emptied", async || town.base().db.settle().await.unwrap()).await;
    assert_eq!(found(town).await, Vec::<String>::new());
    stays(town, &case, &id).await;
    let mut again = town.stranger();
    let new = again.signs_in_with_wechat(town, OPENID, Some(PHONES[2])).await;
    assert_eq!(new.get("/signInWithWechat/isNewUser"), true);
}

/// Signs in, consents, says who it is, names a child, shows where it lives, and brings in cases that go their whole way, with the
/// name and the number in everybody's mouth.
async fn lives(town: &Town, canary: &mut Person, crew: &Crew<'_>, clerk: &Person) -> Case {
    canary.signs_in_with_wechat(town, OPENID, Some(PHONES[0])).await;
    canary.consents().await;
    for name in [BEFORE, NAME] {
        let name = json!({ "name": name, "idempotencyKey": new_key() });
        canary.does("correctMyData", &name, "userErrors { code }").await.is_done();
    }
    let child = json!({ "name": CHILD, "birthMonth": "2019-05", "idempotencyKey": new_key() });
    canary.does("addDependant", &child, "userErrors { code }").await.is_done();
    let home = canary.applies(&with(flat(HERE), json!({ "room": ROOM }))).await;
    clerk.decides("verifyResidence", &home, json!({})).await;
    let roster = format!("{}\nC,测试支部,BRANCH,,{NAME},1999-12,FULL,{}\n", party::HEADING, PHONES[0]);
    enters(town, &roster).await;
    let confirm = json!({ "idempotencyKey": new_key() });
    canary.does("confirmPartyMembership", &confirm, "userErrors { code }").await.is_done();
    let words = format!("我是{NAME}，电话 139-8765 0001，门禁坏了");
    let report = json!({
        "description": words, "address": format!("爱博四村12号楼{ROOM}"), "attachmentIds": [canary.photo().await],
    });
    let case = canary.reports(&with(complaint(), report)).await;
    let case = canary
        .moves(
            "supplementServiceRequest",
            &case,
            json!({ "text": format!("请打{}找{NAME}（原名{BEFORE}），{CHILD}在家", PHONES[0]) }),
        )
        .await;
    let case = works(town, canary, crew, &case).await;
    let gone = canary.reports(&complaint()).await;
    let why = json!({ "reason": format!("{NAME}已自行解决") });
    canary.moves("withdrawServiceRequest", &gone, why).await;
    others(town, canary, crew, clerk, &case).await;
    canary.photo().await;
    case
}

/// Staff handle the case, and write down whom they spoke with.
async fn works(town: &Town, canary: &Person, crew: &Crew<'_>, case: &Case) -> Case {
    let dispatcher = crew.who("dispatcher").await;
    let case = crew.takes(case, "property", "FILED").await;
    let order = json!({
        "leadUnitId": crew.unit_id("property").await, "instruction": format!("联系{NAME}，{}", PHONES[0]),
    });
    let case = dispatcher.moves("dispatchServiceRequest", &case, order).await;
    let handler = crew.who("property.handler").await;
    let case = handler.moves("signServiceRequest", &case, json!({})).await;
    let look = json!({ "id": case.id, "reason": format!("致电{NAME}") });
    let shown = handler.does("revealContact", &look, "phone userErrors { code }").await;
    assert_eq!(shown.text("/revealContact/phone"), format!("+86{}", PHONES[0]));
    let call = json!({ "method": "PHONE", "outcome": "REACHED", "note": format!("{NAME}本人接听 {}", PHONES[0]) });
    let case = handler.moves("recordContact", &case, call).await;
    let work = json!({ "result": "SOLVED", "reply": format!("{NAME}您好，门禁已经修好。"), "attachmentIds": [] });
    let case = handler.moves("submitHandling", &case, work).await;
    let verdict = json!({ "isPassed": true, "note": format!("已回访{NAME}") });
    let case = dispatcher.moves("verifyServiceRequest", &case, verdict).await;
    let found = dispatcher
        .says("query($t: String!) { searchServiceRequests(text: $t) { nodes { caseNo } } }", &json!({ "t": PHONES[0] }))
        .await;
    assert!(!found.list("/searchServiceRequests/nodes").is_empty(), "staff find it by the number");
    town.later(MINUTE);
    let survey = json!({ "solved": "YES", "satisfaction": 5, "comment": format!("谢谢，{NAME}") });
    canary.moves("surveyServiceRequest", &case, survey).await
}

/// What others write down: the counter for her, a neighbour about her, and proxies from and to her.
async fn others(town: &Town, canary: &Person, crew: &Crew<'_>, clerk: &Person, case: &Case) {
    let walk_in = json!({
        "channel": "WALK_IN", "onBehalfOf": { "name": NAME, "phone": PHONES[0] }, "place": null, "areaCode": HERE,
        "description": format!("{NAME}到窗口反映"),
    });
    clerk.reports(&with(complaint(), walk_in)).await;
    let (friend, neighbour) = (town.resident().await, town.resident().await);
    let about = json!({ "description": "邻居的电话是(139)8765—0001，一直没人接", "visibility": "PRIVATE" });
    let theirs = neighbour.reports(&with(complaint(), about)).await;
    let quiet = neighbour.reports(&complaint()).await;
    let quiet = crew.takes(&quiet, "property", "IN_PROGRESS").await;
    let call = json!({ "method": "PHONE", "outcome": "REACHED", "note": "说可以打 139 8765 0001 找她邻居" });
    crew.who("property.handler").await.moves("recordContact", &quiet, call).await;
    let unknown = json!({
        "channel": "WALK_IN", "onBehalfOf": { "name": CALLED, "phone": PHONES[0] }, "place": null, "areaCode": HERE,
        "description": format!("{CALLED}到窗口反映路灯"),
    });
    let taken = clerk.reports(&with(complaint(), unknown)).await;
    let taken = crew.takes(&taken, "property", "IN_PROGRESS").await;
    let look = json!({ "id": taken.id, "reason": format!("致电{CALLED}") });
    crew.who("property.handler").await.does("revealContact", &look, "phone userErrors { code }").await.is_done();
    let to_friend = Thing::of(&canary.grants(town, &[case], &friend, json!({})).await);
    friend.decides("acceptProxy", &to_friend, json!({})).await;
    let to_canary = neighbour.grants(town, &[&theirs], &friend, json!({ "agentPhone": PHONES[0] })).await;
    canary.decides("acceptProxy", &Thing::of(&to_canary), json!({})).await;
    neighbour.grants(town, &[&theirs], &friend, json!({ "agentPhone": PHONES[0] })).await.is_done();
}

/// Changes the number, loses it, and gets another one at the counter.
async fn changes_numbers(town: &Town, canary: &mut Person, clerk: &Person) {
    town.later(MINUTE);
    for phone in &PHONES[..2] {
        let ask = json!({ "phone": phone, "occasion": "CHANGE_PHONE" });
        canary.does("sendVerificationCode", &ask, "userErrors { code }").await.is_done();
    }
    let change = json!({
        "oldCode": town.code_for(PHONES[0]).await, "newPhone": PHONES[1], "newCode": town.code_for(PHONES[1]).await,
        "idempotencyKey": new_key(),
    });
    canary.does("changePhone", &change, "userErrors { code field }").await.is_done();
    let me = canary.id().await.unwrap();
    let home = &canary.asks("{ viewer { residences { id version } } }").await.list("/viewer/residences")[0];
    let ask = json!({ "phone": PHONES[2], "occasion": "REPLACE_LOST_PHONE" });
    clerk.does("sendVerificationCode", &ask, "userErrors { code }").await.is_done();
    let replace = json!({
        "id": home["id"], "expectedVersion": home["version"], "idNumber": ID_NUMBER, "newPhone": PHONES[2],
        "newCode": town.code_for(PHONES[2]).await, "isWechatLost": false,
        "reason": format!("{NAME}手机遗失，已核对身份证"),
        "idempotencyKey": new_key(),
    });
    clerk.does("replaceLostPhone", &replace, "userErrors { code field }").await.is_done();
    assert_eq!(canary.knocks().await, ["UNAUTHENTICATED"]);
    town.later(MINUTE);
    *canary = canary.holding(None);
    canary.signs_in_with_code(town, PHONES[2]).await;
    assert_eq!(canary.id().await, Some(me));
    town.later(MINUTE);
}

/// Asks for a copy, and finds all of it there.
async fn is_told(town: &Town, canary: &Person) {
    let url = canary.has_copy().await;
    let copy = crate::support::raw::get(town.address, &url).await.body;
    for told in [NAME, CHILD, OPENID, ROOM, PHONES[0], PHONES[2], "测试支部", "1999-12"] {
        assert!(copy.contains(told), "the copy holds {told}");
    }
}

/// Where something of the canary still stands.
async fn found(town: &Town) -> Vec<String> {
    let mut places = Vec::new();
    let redis = redis_text(town).await;
    for canary in canaries() {
        if is_stored(town, canary).await {
            places.push(format!("{canary} in the database"));
        }
        if holds(&town.ground.folder, canary.as_bytes()) {
            places.push(format!("{canary} in files"));
        }
        if redis.contains(canary) {
            places.push(format!("{canary} in Redis"));
        }
    }
    let told = TOLD.lock().unwrap().clone();
    places.extend(told.iter().filter(|line| !line.contains(PROOF)).map(|line| format!("in the log: {line}")));
    // Sealed or not: nothing is left to be opened.
    for (what, sql) in [
        (
            "a sealed number or name",
            "SELECT count(*) AS n FROM account WHERE status = 'DELETED' AND (phone_sealed IS NOT NULL OR phone_index IS NOT NULL OR name_sealed IS NOT NULL)",
        ),
        (
            "an identity",
            "SELECT count(*) AS n FROM identity JOIN account a ON a.id = account_id WHERE a.status = 'DELETED'",
        ),
        (
            "a session",
            "SELECT count(*) AS n FROM session JOIN account a ON a.id = account_id WHERE a.status = 'DELETED'",
        ),
        ("a child", "SELECT count(*) AS n FROM dependant"),
        (
            "a residence",
            "SELECT count(*) AS n FROM residence JOIN account a ON a.id = account_id WHERE a.status = 'DELETED'",
        ),
        (
            "a proxy",
            "SELECT count(*) AS n FROM proxy_grant JOIN account a ON a.id = principal_id OR a.id = agent_id WHERE a.status = 'DELETED'",
        ),
        (
            "a member of the party",
            "SELECT count(*) AS n FROM party_member JOIN party_organization o ON o.id = organization_id WHERE o.code = 'C' AND (account_id IS NOT NULL OR name_sealed IS NOT NULL OR join_month_sealed IS NOT NULL OR phone_sealed IS NOT NULL OR phone_index IS NOT NULL)",
        ),
        ("a copy", "SELECT count(*) AS n FROM data_export"),
        (
            "a reason about a case",
            "SELECT count(*) AS n FROM audit_reason JOIN audit_entry e ON e.id = entry_id WHERE e.action = 'revealContact'",
        ),
        ("a former name or number", "SELECT count(*) AS n FROM former_trait"),
        (
            "a walk-in's name or number",
            "SELECT count(*) AS n FROM service_request WHERE on_behalf_name_sealed IS NOT NULL",
        ),
        (
            "a reason",
            "SELECT count(*) AS n FROM audit_reason JOIN account a ON a.id = about_id WHERE a.status = 'DELETED'",
        ),
        (
            "a number to call",
            "SELECT count(*) AS n FROM service_request JOIN account a ON a.id = reporter_id WHERE a.status = 'DELETED' AND contact_phone_sealed IS NOT NULL",
        ),
        (
            "an unused photo",
            "SELECT count(*) AS n FROM attachment JOIN account a ON a.id = owner_id WHERE a.status = 'DELETED' AND subject_id IS NULL",
        ),
    ] {
        if town.number(sql).await > 0 {
            places.push(what.to_owned());
        }
    }
    places
}

/// Every key and value of the town in Redis, as text.
async fn redis_text(town: &Town) -> String {
    let redis = &town.base().redis;
    let mut scan = redis::pipe();
    scan.cmd("SCAN").arg(0).arg("MATCH").arg(redis.key("*")).arg("COUNT").arg(1_000_000);
    let ((_, keys),): ((u64, Vec<String>),) = redis.send(&scan).await.unwrap();
    assert!(!keys.is_empty(), "there is something to search");
    let mut text = keys.join("\n");
    for key in keys {
        let mut read = redis::pipe();
        read.cmd("GET").arg(&key);
        let (value,): (Option<String>,) = redis.send(&read).await.unwrap();
        text.extend(value);
        text.push('\n');
    }
    text
}

/// What the law keeps: the cases and their course, and a chain that still verifies.
async fn stays(town: &Town, case: &Case, id: &str) {
    let line = "SELECT count(*) AS n FROM party_member JOIN party_organization o ON o.id = organization_id WHERE o.code = 'C' AND standing = 'FULL'";
    assert_eq!(town.number(line).await, 1, "the roster still counts a member");
    let dispatcher = town.staff("dispatcher").await;
    let seen = dispatcher.sees(case, "state description address reply timeline { kind notes { text } }").await;
    assert_eq!(seen["state"], "CLOSED");
    assert_eq!(seen["description"], "我是＊＊＊，电话 ＊＊＊，门禁坏了");
    assert_eq!(seen["address"], "爱博四村12号楼＊＊＊");
    assert_eq!(seen["reply"], "＊＊＊您好，门禁已经修好。");
    let auditor = town.staff("auditor").await;
    let text = "query($id: ID!) { auditEntries(filter: { subjectId: $id }) { nodes { action outcome reason } } }";
    let lines = auditor.says(text, &json!({ "id": id })).await.list("/auditEntries/nodes");
    assert!(lines.iter().any(|line| line["action"] == "eraseAccount" && line["outcome"] == "DONE"), "{lines:?}");
    assert!(lines.iter().all(|line| line["reason"] == Value::Null), "{lines:?}");
    assert!(identity::audit::verify(town.base(), None, |_| {}).await.unwrap().is_ok(), "the chain still verifies");
}
