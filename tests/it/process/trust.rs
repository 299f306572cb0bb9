//! What must hold between processes, and over the death of one: who is out is out everywhere, and the audit chain is whole.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use futures_util::future::join_all;
use serde_json::{Value, json};
use zhilitong::seed::PASSWORD;

use super::*;
use crate::support::case::new_key;
use crate::support::{Person, engine};

/// A revocation bites within this time on every node.
const BITES: Duration = Duration::from_secs(5);

/// Several processes on a seeded place; second factors are off, as in the demo.
async fn start(ground: &Ground) -> Running {
    let settings = [
        ("ZHILITONG__AUTH__SECOND_FACTOR", "optional".to_owned()),
        ("ZHILITONG__AUTH__STAFF_SESSIONS", "20".to_owned()),
        ("ZHILITONG__SECRETS__MASTER_KEY", MASTER_KEY.to_owned()),
        ("ZHILITONG__LIMITS__MUTATIONS_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__LIMITS__ACCOUNT_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__REDIS__PREFIX", ground.redis_prefix.clone()),
    ];
    Running::start_with("serve", ground, &settings).await
}

impl Running {
    pub(super) fn person(&self, number: u32) -> Person {
        Person::at(self.address.parse().expect("an address"), number)
    }
}

/// A person of one node, asking another.
fn on(node: &Running, person: &Person) -> Person {
    let mut same = person.clone();
    same.server = node.address.parse().expect("an address");
    same
}

async fn id_of(admin: &Person, username: &str) -> (Value, Value) {
    let text =
        format!("{{ staffAccounts(username: \"{username}\") {{ nodes {{ username version user {{ id }} }} }} }}");
    let accounts = admin.asks(&text).await.list("/staffAccounts/nodes");
    let account = accounts.into_iter().find(|account| account["username"] == username).expect("an account");
    (account["user"]["id"].clone(), account["version"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_out_on_one_node_is_out_on_the_other_within_five_seconds() {
    let ground = Ground::seeded(Engine::Servers).await;
    let (here, there) = (start(&ground).await, start(&ground).await);
    let mut security = here.person(1);
    security.signs_in_with_password("security", PASSWORD).await;
    for (number, (username, act)) in
        [("dispatcher", "sign out"), ("dispatcher2", "disable"), ("auditor", "revoke the role")].iter().enumerate()
    {
        let mut person = here.person(10 + u32::try_from(number).unwrap());
        person.signs_in_with_password(username, PASSWORD).await;
        let elsewhere = on(&there, &person);
        assert!(elsewhere.id().await.is_some(), "one sign-in is good for both");
        let entries = "{ auditEntries(first: 1) { nodes { id } } }";
        assert_eq!(elsewhere.asks(entries).await.codes().is_empty(), *username == "auditor");
        let mut socket = elsewhere.connects().await;
        let started = Instant::now();
        match *act {
            "sign out" => {
                person.asks("mutation { revokeAllSessions { userErrors { code } } }").await.is_done();
            }
            "disable" => {
                let (id, version) = id_of(&security, username).await;
                let input = json!({
                    "userId": id, "expectedVersion": version, "reason": "离职", "idempotencyKey": new_key(),
                });
                security.does("disableAccount", &input, "userErrors { code }").await.is_done();
            }
            _ => {
                let (id, _) = id_of(&security, username).await;
                let text = "query($id: ID!) { managedAccount(userId: $id) { grants { id } } }";
                let grants = security.says(text, &json!({ "id": id })).await;
                let grant = grants.get("/managedAccount/grants/0/id").clone();
                let input = json!({ "grantId": grant, "reason": "调离", "idempotencyKey": new_key() });
                security.does("revokeRole", &input, "userErrors { code }").await.is_done();
            }
        }
        let is_out = async || match *act {
            "revoke the role" => elsewhere.asks(entries).await.codes() == ["FORBIDDEN"],
            _ => elsewhere.knocks().await == ["UNAUTHENTICATED"],
        };
        eventually(act, is_out).await;
        assert!(started.elapsed() < BITES, "{act}: requests go on for {:?}", started.elapsed());
        assert_eq!(socket.closes().await, 4403, "{act}");
        assert!(started.elapsed() < BITES, "{act}: the socket stays for {:?}", started.elapsed());
    }
    drop((here, there));
    ground.clear().await;
}

/// Names of mutations that come to the same: an organisation is made, a fact tells of it, the chain tells of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_privileged_work_the_chain_is_whole() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::seeded(engine).await;
        let database = ground.database().await;
        let count = async |of: &str| engine::number(&database, of).await;
        let made = "SELECT count(*) AS n FROM organization WHERE name LIKE '被打断%'";
        let told = "SELECT count(*) AS n FROM audit_entry WHERE action = 'saveOrganization' AND outcome = 'DONE'";
        let mut answered = 0;
        for round in 0..3 {
            let mut node = start(&ground).await;
            let mut admin = node.person(round);
            admin.signs_in_with_password("admin", PASSWORD).await;
            let (is_over, done) = (AtomicBool::new(false), AtomicI64::new(0));
            let work = async {
                let one_after_another = async |hand: usize| {
                    for number in 0.. {
                        let name = format!("被打断{round}-{hand}-{number}");
                        let input = json!({ "name": name, "kind": "UTILITY", "idempotencyKey": new_key() });
                        let saved = admin.tries_raw("saveOrganization", &input, "userErrors { code }").await;
                        match saved {
                            Some(answer) if answer.codes().is_empty() => done.fetch_add(1, Ordering::Relaxed),
                            _ if is_over.load(Ordering::Relaxed) => return,
                            other => panic!("not saved: {other:?}"),
                        };
                    }
                };
                join_all((0..4).map(one_after_another)).await;
            };
            let kill = async {
                eventually("work is under way", async || done.load(Ordering::Relaxed) > 10).await;
                is_over.store(true, Ordering::Relaxed);
                node.child.kill().unwrap();
                node.child.wait().unwrap();
            };
            futures_util::future::join(work, kill).await;
            answered += done.load(Ordering::Relaxed);
            let (made, told) = (count(made).await, count(told).await);
            assert_eq!(made, told, "no act without a line, no line without an act");
            assert!(made >= answered, "{made} are kept of {answered} that were answered");
        }
        let verified = at(&ground, &["audit", "verify"]);
        assert!(verified.starts_with("ok"), "{verified}");
        let anchor = at(&ground, &["audit", "anchor"]).trim().to_owned();
        assert!(at(&ground, &["audit", "verify", "--anchor", &anchor]).contains(&anchor));
        changed_byte(&ground, &database, engine).await;
        database.close().await.unwrap();
        ground.clear().await;
    }
}

/// One byte of one line is changed by somebody who took the guards away: `audit verify` names the line.
async fn changed_byte(ground: &Ground, database: &sea_orm::DatabaseConnection, engine: Engine) {
    use sea_orm::ConnectionTrait as _;
    let guard = match engine {
        Engine::Embedded => "DROP TRIGGER audit_entry_kept_as_is",
        Engine::Servers => "DROP TRIGGER audit_entry_kept ON audit_entry",
    };
    database.execute_unprepared(guard).await.unwrap();
    let change = "UPDATE audit_entry SET action = 'saveOrganizatioN' WHERE seq = 7";
    database.execute_unprepared(change).await.unwrap();
    let mut verify = zhilitong(&["audit", "verify"]);
    let output = verify.args(ground.flags()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("line 7") && said.contains("changed"), "{said}");
}
