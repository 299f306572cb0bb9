//! Another master key is put in force, and nobody notices: the same people, devices, flats, proxies and second factors, on
//! nodes that know both keys while it is under way, and on nodes that know only the new one afterwards.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use kernel::vault::{KeyId, Vault, hex};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, TransactionTrait as _};
use serde_json::json;
use zhilitong::seed::PASSWORD;

use super::*;
use crate::identity::staff::shown;
use crate::residents::{HERE, Thing, flat};
use crate::support::case::{complaint, new_key, with};
use crate::support::{Case, Person, engine};

const OLD: &str = MASTER_KEY;
const NEW: &str = "2KNEMCJXs0V4lbc3Zy/Kpr4/L880ESl8hm6fo85+hjw=";
const ENGINES: [Engine; 2] = [Engine::Embedded, Engine::Servers];

fn id(key: &str) -> String {
    KeyId::of(&STANDARD.decode(key).unwrap()).to_string()
}

/// The key in force and the retired ones, as the environment says them.
fn ring(in_force: &str, retired: &[&str]) -> Vec<(&'static str, String)> {
    vec![
        ("ZHILITONG__SECRETS__MASTER_KEY", in_force.to_owned()),
        ("ZHILITONG__SECRETS__RETIRED_MASTER_KEYS", json!(retired).to_string()),
    ]
}

/// What a command says, and whether all was well.
fn says(ground: &Ground, ring: &[(&'static str, String)], arguments: &[&str]) -> (bool, String) {
    let mut command = zhilitong(arguments);
    let output = command.args(ground.flags()).envs(ring.iter().cloned()).output().unwrap();
    let wailed = String::from_utf8_lossy(&output.stderr);
    assert!(!wailed.contains("panicked"), "{wailed}");
    (output.status.success(), format!("{}{wailed}", String::from_utf8_lossy(&output.stdout)))
}

#[track_caller]
fn well((is_well, said): (bool, String)) -> String {
    assert!(is_well, "{said}");
    said
}

/// Values by the key that seals them, as `keys status` counts them.
fn status(ground: &Ground, ring: &[(&'static str, String)]) -> BTreeMap<String, u64> {
    let said = well(says(ground, ring, &["keys", "status"]));
    let counted = said.lines().filter_map(|line| line.strip_suffix(" values")).map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        (words[0].to_owned(), words.last().unwrap().parse().unwrap())
    });
    counted.collect()
}

/// A place with people who have something there, and what they are recognised by.
struct Life {
    wechat: Wechat,
    sms: Sms,
    ground: Ground,
    ann: Person,
    who: String,
    late: Person,
    bob: Person,
    case: Case,
    invited: Option<Thing>,
    secret: String,
    codes: Vec<String>,
    logins: u32,
}

impl Life {
    async fn serves(&self, ring: &[(&'static str, String)]) -> Running {
        serves(&self.ground, &self.wechat, &self.sms, ring).await
    }

    /// Life begins, as far as a place can show: on a node with the old key.
    async fn begins(engine: Engine) -> Self {
        let (ground, wechat, sms) = (Ground::seeded(engine).await, Wechat::start(a_clock()), Sms::start(a_clock()));
        let node = serves(&ground, &wechat, &sms, &ring(OLD, &[])).await;
        let (mut ann, mut bob) = (node.person(7001), node.person(7002));
        comes(&mut ann, &wechat, "oAnn").await;
        comes(&mut bob, &wechat, "oBob").await;
        let mut late = ann.clone();
        late.device = "installation-in-a-drawer".to_owned();
        comes(&mut late, &wechat, "oAnn").await;
        for person in [&ann, &bob] {
            person.consents().await;
        }
        ann.applies(&flat(HERE)).await;
        let case = ann.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
        let until = chrono::Utc::now() + chrono::TimeDelta::days(30);
        let input = json!({ "serviceRequestIds": [case.id], "agentPhone": bob.phone(), "until": until });
        let invited = Thing::of(&ann.attempts("grantProxy", &input).await);
        let mut staff = node.person(7003);
        staff.signs_in_with_password("dispatcher2", PASSWORD).await;
        let begun = staff.does("beginSecondFactor", &json!({ "password": PASSWORD }), "secret").await;
        let secret = begun.text("/beginSecondFactor/secret");
        let code = json!({ "code": shown(&secret, chrono::Utc::now()) });
        let codes = strings(&staff.does("confirmSecondFactor", &code, "recoveryCodes").await, "/confirmSecondFactor");
        let who = ann.id().await.unwrap();
        assert!(node.stop().0);
        Self { wechat, sms, ground, ann, who, late, bob, case, invited: Some(invited), secret, codes, logins: 0 }
    }

    /// The same people on another node: all is as it was.
    async fn goes_on(&mut self, node: &Running) {
        self.logins += 1;
        for person in [&mut self.ann, &mut self.bob, &mut self.late] {
            person.server = node.address.parse().unwrap();
        }
        self.ann.refreshes().await.is_done();
        assert_eq!(self.ann.id().await.as_ref(), Some(&self.who), "a device stays signed in");
        let (mut by_openid, mut by_number) = (node.person(7001), node.person(7001));
        by_openid.device = "installation-of-a-tablet".to_owned();
        let login = self.wechat.login_code("oAnn");
        let came = by_openid.tries_wechat(&login, None).await;
        assert_eq!(came.text("/signInWithWechat/viewer/user/id"), self.who, "known by the openid");
        comes(&mut by_number, &self.wechat, &format!("oAnnsPhone{}", self.logins)).await;
        assert_eq!(by_number.id().await.as_ref(), Some(&self.who), "known by the number");
        self.ann.attempts("applyForResidence", &flat(HERE)).await.is_refused("INVALID").at("room");
        let own = self.ann.asks("{ viewer { residences { room building } } }").await;
        assert_eq!(own.get("/viewer/residences/0"), &json!({ "room": "301室", "building": "12号楼" }));
        let own = json!({
            "serviceRequestIds": [self.case.id], "agentPhone": self.ann.phone(),
            "until": chrono::Utc::now() + chrono::TimeDelta::days(30),
        });
        self.ann.attempts("grantProxy", &own).await.is_refused("INVALID").at("agentPhone");
        let proxies = self.bob.asks("{ viewer { proxyGrants { agentPhone } } }").await.list("/viewer/proxyGrants");
        assert_eq!(proxies.len(), 1, "the number is the one invited");
        let mut staff = node.person(7004);
        staff.signs_in_with_password("dispatcher", PASSWORD).await;
        let found =
            "query($text: String!) { searchServiceRequests(text: $text, first: 5) { nodes { id contactPhone } } }";
        let found = staff.says(found, &json!({ "text": self.ann.phone() })).await;
        let masked = format!("138****{}", &self.ann.phone()[7..]);
        let case = json!([{ "id": self.case.id, "contactPhone": masked }]);
        assert_eq!(found.get("/searchServiceRequests/nodes"), &case);
        let code = self.codes.pop().unwrap();
        with_code(node, &code).await.is_done();
        with_code(node, &code).await.is_refused("CODE_INCORRECT");
    }
}

/// A node with a ring of keys; second factors are off, as in the demo.
async fn serves(ground: &Ground, wechat: &Wechat, sms: &Sms, ring: &[(&'static str, String)]) -> Running {
    let mut settings = sms_settings(&sms.config());
    let configured = wechat.config();
    settings.extend([
        ("ZHILITONG__WECHAT__APP_ID", configured.app_id),
        ("ZHILITONG__WECHAT__APP_SECRET", configured.app_secret),
        ("ZHILITONG__WECHAT__BASE_URL", configured.base_url),
        ("ZHILITONG__AUTH__SECOND_FACTOR", "optional".to_owned()),
        ("ZHILITONG__AUTH__STAFF_SESSIONS", "20".to_owned()),
        ("ZHILITONG__LIMITS__ANONYMOUS_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__LIMITS__MUTATIONS_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__LIMITS__ACCOUNT_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__REDIS__PREFIX", ground.redis_prefix.clone()),
    ]);
    settings.extend(ring.iter().cloned());
    Running::start_with("serve", ground, &settings).await
}

/// Signs in with WeChat, with the own number.
async fn comes(person: &mut Person, wechat: &Wechat, openid: &str) {
    let (login, phone) = (wechat.login_code(openid), wechat.phone_code(&person.phone()));
    let answer = person.tries_wechat(&login, Some(&phone)).await;
    person.token = Some(answer.text("/signInWithWechat/tokens/accessToken"));
    person.refresh = Some(answer.text("/signInWithWechat/tokens/refreshToken"));
}

/// Signs in as who enrolled a second factor.
async fn with_code(node: &Running, code: &str) -> crate::support::Answer {
    let device = node.person(7005).device_input();
    let input = json!({ "username": "dispatcher2", "password": PASSWORD, "oneTimeCode": code, "device": device });
    node.person(7005).does("signInWithPassword", &input, "tokens { accessToken } userErrors { code field }").await
}

fn strings(answer: &crate::support::Answer, payload: &str) -> Vec<String> {
    let codes = answer.list(&format!("{payload}/recoveryCodes"));
    codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

/// Rows that make a rotation last: copies of a name that is sealed under the old key.
async fn crowd(database: &DatabaseConnection, engine: Engine) {
    let id = if engine == Engine::Embedded { "randomblob(16)" } else { "gen_random_uuid()" };
    let sql = format!(
        "INSERT INTO account (id, status, name_sealed, created_at, updated_at, version) \
         SELECT {id}, a.status, a.name_sealed, a.created_at, a.updated_at, 1 FROM account a, account b, account c \
         WHERE a.name_sealed IS NOT NULL LIMIT 6000"
    );
    database.execute_unprepared(&sql).await.unwrap();
}

/// Values that a key seals, in one column of many, found without the product.
async fn sealed_names(database: &DatabaseConnection, engine: Engine, key: &str) -> i64 {
    let begins = format!("02{}", id(key));
    let sql = match engine {
        Engine::Embedded => format!("SELECT count(*) AS n FROM account WHERE substr(name_sealed, 1, 5) = x'{begins}'"),
        Engine::Servers => {
            format!(
                "SELECT count(*) AS n FROM account WHERE substring(name_sealed from 1 for 5) = '\\x{begins}'::bytea"
            )
        }
    };
    engine::number(database, &sql).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_sealed_anew_beside_a_serving_node() {
    for engine in ENGINES {
        let mut life = Life::begins(engine).await;
        let both = ring(NEW, &[OLD]);
        let node = life.serves(&both).await;
        life.goes_on(&node).await;
        let before = status(&life.ground, &both);
        assert!(before[&id(OLD)] > 50 && before[&id(NEW)] > 0, "{before:?}");
        let rotated = well(says(&life.ground, &both, &["keys", "rotate"]));
        assert!(rotated.contains("account") && rotated.contains(&format!("{} seals nothing any more", id(OLD))));
        let after = status(&life.ground, &both);
        assert_eq!(after[&id(OLD)], 0);
        assert_eq!(after[&id(NEW)], before.values().sum::<u64>());
        life.goes_on(&node).await;
        life.late.refreshes().await.is_done();
        let again = well(says(&life.ground, &both, &["keys", "rotate"]));
        let anew = again.lines().filter(|line| line.starts_with("account ")).collect::<Vec<_>>();
        assert!(anew[0].split_whitespace().nth(1) == Some("0"), "{again}");
        let mut staff = node.person(7006);
        let code = json!({ "username": "dispatcher2", "password": PASSWORD, "oneTimeCode": life.codes.pop(),
            "device": staff.device_input() });
        let signed_in = staff.does("signInWithPassword", &code, "tokens { accessToken }").await;
        staff.token = Some(signed_in.text("/signInWithPassword/tokens/accessToken"));
        let renewal = json!({ "password": PASSWORD, "oneTimeCode": life.codes.pop() });
        let renewed = staff.does("renewRecoveryCodes", &renewal, "recoveryCodes userErrors { code }").await;
        life.codes = strings(&renewed, "/renewRecoveryCodes");
        assert!(node.stop().0);

        let only = ring(NEW, &[]);
        let node = life.serves(&only).await;
        life.goes_on(&node).await;
        life.late.refreshes().await.is_done();
        // The step of now may be the one that enrolled it.
        let next = chrono::Utc::now() + chrono::TimeDelta::seconds(30);
        with_code(&node, &shown(&life.secret, next)).await.is_done();
        let invited = life.invited.take().unwrap();
        assert_eq!(life.bob.decides("acceptProxy", &invited, json!({})).await.state, "ACTIVE");
        assert!(node.stop().0);
        assert!(well(says(&life.ground, &only, &["doctor"])).contains(&id(NEW)));
        let (is_well, said) = says(&life.ground, &ring(OLD, &[]), &["keys", "status"]);
        assert!(!is_well && said.contains("BAD") && said.contains("not in the ring"), "{said}");
        let database = life.ground.database().await;
        let told = "SELECT count(*) AS n FROM audit_entry WHERE action = 'keysRotate' AND outcome = 'DONE'";
        assert_eq!(engine::number(&database, told).await, 2);
        assert!(at(&life.ground, &["audit", "verify"]).starts_with("ok"));
        database.close().await.unwrap();
        life.ground.clear().await;
    }
}

/// During a rolling restart one node seals under the old key and another under the new one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_with_different_keys_in_force_know_the_same_people() {
    let mut life = Life::begins(Engine::Servers).await;
    let (there, both) = (ring(OLD, &[NEW]), ring(NEW, &[OLD]));
    let (old, new) = (life.serves(&there).await, life.serves(&both).await);
    life.goes_on(&new).await;
    life.goes_on(&old).await;
    let mut carol = old.person(7010);
    let phone = carol.phone();
    carol.asks_for_code(&phone).await.is_done();
    eventually("a code is sent", async || !life.sms.reached(&phone).is_empty()).await;
    carol.server = new.address.parse().unwrap();
    let came = carol.tries_code(&phone, &life.sms.reached(&phone)[0]).await;
    let opened = came.text("/signInWithCode/viewer/user/id");
    carol.asks_for_code(&phone).await.is_refused("RATE_LIMITED");
    carol.server = old.address.parse().unwrap();
    comes(&mut carol, &life.wechat, "oCarol").await;
    assert_eq!(carol.id().await, Some(opened), "what one node opened, the other finds");

    let database = life.ground.database().await;
    let count = async || engine::number(&database, "SELECT count(*) AS n FROM account").await;
    let (before, wechat) = (count().await, &life.wechat);
    let at_once = (0..16).flat_map(|number| [&old, &new].map(|node| (7100 + number, node)));
    join_all(at_once.map(|(number, node)| async move {
        comes(&mut node.person(number), wechat, &format!("oAtOnce{number}")).await;
    }))
    .await;
    assert_eq!(count().await, before + 16, "one account each, on whichever node");
    assert!(old.stop().0);
    well(says(&life.ground, &both, &["keys", "rotate"]));
    assert_eq!(status(&life.ground, &both)[&id(OLD)], 0);
    assert!(new.stop().0);
    let node = life.serves(&ring(NEW, &[])).await;
    for number in 7100..7116 {
        comes(&mut node.person(number), &life.wechat, &format!("oAtOnce{number}")).await;
    }
    assert_eq!(count().await, before + 16);
    drop(node);
    database.close().await.unwrap();
    life.ground.clear().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_a_rotation_is_run_again() {
    for engine in ENGINES {
        let ground = Ground::seeded(engine).await;
        let database = ground.database().await;
        crowd(&database, engine).await;
        let both = ring(NEW, &[OLD]);
        let all = status(&ground, &both).values().sum::<u64>();
        for _ in 0..2 {
            let mut starting = zhilitong(&["keys", "rotate"]);
            starting.args(ground.flags()).envs(both.iter().cloned()).stderr(Stdio::piped()).stdout(Stdio::null());
            let mut rotating = starting.spawn().unwrap();
            let told = BufReader::new(rotating.stderr.take().unwrap())
                .lines()
                .find(|line| line.as_ref().is_ok_and(|line| line.starts_with("keys rotate account 1")));
            assert!(told.is_some(), "it tells how far it is");
            rotating.kill().unwrap();
            rotating.wait().unwrap();
            let cut = status(&ground, &both);
            assert!(cut[&id(OLD)] > 0 && cut[&id(NEW)] > 0, "{cut:?}");
            assert_eq!(cut.values().sum::<u64>(), all, "nothing is lost");
        }
        well(says(&ground, &both, &["keys", "rotate"]));
        assert_eq!(status(&ground, &both), BTreeMap::from([(id(OLD), 0), (id(NEW), all)]));
        assert_eq!(sealed_names(&database, engine, OLD).await, 0);
        assert!(sealed_names(&database, engine, NEW).await > 6000);
        database.close().await.unwrap();
        ground.clear().await;
    }
}

/// What people change while it runs is neither lost nor left under the old key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_meanwhile_is_kept() {
    for engine in ENGINES {
        let life = Life::begins(engine).await;
        let database = life.ground.database().await;
        crowd(&database, engine).await;
        let both = ring(NEW, &[OLD]);
        let node = life.serves(&both).await;
        let ann = node.person(7001).holding(life.ann.token.clone());
        let mut starting = zhilitong(&["keys", "rotate"]);
        starting.args(life.ground.flags()).envs(both.iter().cloned()).stderr(Stdio::null()).stdout(Stdio::null());
        let mut rotating = starting.spawn().unwrap();
        let mut names = 0;
        while rotating.try_wait().unwrap().is_none() {
            let name = json!({ "name": format!("安{names}"), "idempotencyKey": new_key() });
            ann.does("correctMyData", &name, "viewer { user { id } } userErrors { code }").await.is_done();
            names += 1;
        }
        assert!(rotating.wait().unwrap().success() && names > 0);
        let called = ann.asks("{ viewer { name } }").await;
        assert_eq!(called.get("/viewer/name"), &json!(format!("安{}", names - 1)));
        assert_eq!(status(&life.ground, &both)[&id(OLD)], 0);
        drop(node);
        database.close().await.unwrap();
        life.ground.clear().await;
    }
}

/// A row that another transaction changes between the rotation's reading and its writing, made certain by a lock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_between_reading_and_sealing_is_not_overwritten() {
    let ground = Ground::seeded(Engine::Servers).await;
    let database = ground.database().await;
    let [old, new] = [OLD, NEW].map(|key| Vault::new(&STANDARD.decode(key).unwrap()).unwrap());
    let one = "SELECT id FROM account WHERE name_sealed IS NOT NULL ORDER BY id LIMIT 1";
    let later = hex(&old.seal("account.name", "改了名").unwrap());
    let other = database.begin().await.unwrap();
    let change = format!("UPDATE account SET name_sealed = '\\x{later}' WHERE id = ({one})");
    other.execute_unprepared(&change).await.unwrap();
    let mut starting = zhilitong(&["keys", "rotate"]);
    starting.args(ground.flags()).envs(ring(NEW, &[OLD])).stdout(Stdio::null()).stderr(Stdio::null());
    let mut rotating = starting.spawn().unwrap();
    let waiting = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock'";
    eventually("it waits for the row", async || engine::number(&database, waiting).await == 1).await;
    other.commit().await.unwrap();
    assert!(rotating.wait().unwrap().success());
    let sql = format!("SELECT name_sealed FROM account WHERE id = ({one})");
    let sealed = database.query_one_raw(sea_orm::Statement::from_string(sea_orm::DatabaseBackend::Postgres, sql));
    let sealed: Vec<u8> = sealed.await.unwrap().unwrap().try_get("", "name_sealed").unwrap();
    assert_eq!(new.open("account.name", &sealed).unwrap(), "改了名");
    assert_eq!(status(&ground, &ring(NEW, &[OLD]))[&id(OLD)], 0);
    database.close().await.unwrap();
    ground.clear().await;
}

/// A command at a place where no key is configured.
fn kept(ground: &Ground, arguments: &[&str]) -> (bool, String) {
    says(ground, &[], arguments)
}

fn files(ground: &Ground) -> Vec<String> {
    let retired = std::fs::read_dir(ground.folder.join("keys/retired"));
    let names = retired.into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn master(ground: &Ground) -> String {
    std::fs::read_to_string(ground.folder.join("keys/master.key")).unwrap()
}

async fn any_name(ground: &Ground) -> Vec<u8> {
    let database = ground.database().await;
    let sql = "SELECT name_sealed FROM account WHERE name_sealed IS NOT NULL ORDER BY id LIMIT 1";
    let statement = sea_orm::Statement::from_string(sea_orm::DatabaseBackend::Sqlite, sql);
    let row = database.query_one_raw(statement).await.unwrap().unwrap();
    database.close().await.unwrap();
    row.try_get("", "name_sealed").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kept_keys_are_rotated_while_nobody_serves() {
    let ground = Ground::empty(Engine::Embedded).await;
    well(kept(&ground, &["migrate"]));
    well(kept(&ground, &["seed"]));
    let (first, name) = (master(&ground), any_name(&ground).await);
    let node = Running::start("serve", &ground).await;
    let (is_well, said) = kept(&ground, &["keys", "rotate"]);
    assert!(!is_well && said.contains("stop it first"), "{said}");
    assert_eq!((master(&ground), files(&ground)), (first.clone(), Vec::new()), "refused, nothing is changed");
    eventually("it serves", async || raw::get(&*node.address, "/readyz").await.status == 200).await;
    let (is_well, _, words) = node.stop();
    assert!(is_well, "{words}");

    let said = well(kept(&ground, &["keys", "rotate"]));
    let old = id(first.trim());
    assert!(said.contains(&format!("{old} seals nothing any more")) && said.contains("keys forget"), "{said}");
    assert_ne!(master(&ground), first);
    assert_eq!(files(&ground), [format!("{old}.key")]);
    assert!(!engine::holds(&ground.folder.join("town.db"), &name), "the file holds no ciphertext of before");
    assert!(!engine::holds(&ground.folder.join("town.db-wal"), &name), "nor does its log");
    #[cfg(unix)]
    for file in ["keys/master.key".to_owned(), format!("keys/retired/{old}.key")] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(ground.folder.join(file)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let node = Running::start("serve", &ground).await;
    node.person(1).signs_in_with_password("admin", PASSWORD).await;
    assert!(node.stop().0);

    let (second, database) = (id(master(&ground).trim()), ground.database().await);
    let lease = "INSERT OR REPLACE INTO lease VALUES ('relay', randomblob(16), '2099-01-01T00:00:00.000000+00:00')";
    database.execute_unprepared(lease).await.unwrap();
    let (is_well, said) = kept(&ground, &["keys", "rotate"]);
    assert!(!is_well && said.contains("a node serves on this database"), "{said}");
    database.execute_unprepared("DELETE FROM lease").await.unwrap();
    database.close().await.unwrap();
    let said = well(kept(&ground, &["keys", "rotate", "--forget"]));
    assert!(said.contains(&format!("{old} is deleted")) && said.contains(&format!("{second} is deleted")), "{said}");
    assert_eq!(files(&ground), Vec::<String>::new());
    let third = id(master(&ground).trim());
    assert!(third != second && third != old);
    assert_eq!(status(&ground, &[]).keys().collect::<Vec<_>>(), [&third]);
    assert!(well(kept(&ground, &["doctor"])).contains("personal data opens"));
    ground.clear().await;
}

/// Whatever step it is broken off at, the files hold every key, and the next run goes on where that one ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_of_kept_keys_is_finished_by_the_next() {
    let ground = Ground::empty(Engine::Embedded).await;
    well(kept(&ground, &["migrate"]));
    well(kept(&ground, &["seed"]));
    let first = master(&ground);
    let retired = ground.folder.join("keys/retired");
    std::fs::create_dir_all(&retired).unwrap();
    let aside = retired.join(format!("{}.key", id(first.trim())));
    std::fs::write(&aside, &first).unwrap();
    std::fs::write(ground.folder.join("keys/master.key.new"), "half of a k").unwrap();
    let all = status(&ground, &[]);
    assert_eq!(all.len(), 1, "the key put aside is the one in force: {all:?}");
    std::fs::write(ground.folder.join("keys/master.key"), NEW).unwrap();
    let said = well(kept(&ground, &["keys", "rotate"]));
    assert!(said.contains(&format!("a rotation to {} was broken off", id(NEW))), "{said}");
    assert_eq!(master(&ground), NEW);
    assert_eq!(status(&ground, &[])[&id(NEW)], all[&id(first.trim())]);
    let said = well(kept(&ground, &["keys", "forget"]));
    assert!(said.contains("is deleted") && files(&ground).is_empty(), "{said}");
    std::fs::remove_file(ground.folder.join("keys/master.key")).unwrap();
    std::fs::write(&aside, &first).unwrap();
    let (is_well, said) = kept(&ground, &["keys", "status"]);
    assert!(!is_well && said.contains("master.key is gone"), "{said}");
    let (is_well, said) = says(&ground, &ring(NEW, &[]), &["keys", "rotate", "--forget"]);
    assert!(!is_well && said.contains("secrets.retired_master_keys"), "{said}");
    ground.clear().await;
}

#[test]
fn a_ring_is_checked_and_not_printed() {
    for retired in [json!([OLD, OLD]), json!([NEW]), json!(["c2hvcnQ="])] {
        let mut command = zhilitong(&["check-config"]);
        command.envs([
            ("ZHILITONG__SECRETS__MASTER_KEY", NEW.to_owned()),
            ("ZHILITONG__SECRETS__RETIRED_MASTER_KEYS", retired.to_string()),
        ]);
        assert!(refused(command).contains("secrets.retired_master_keys"), "{retired}");
    }
    let output = zhilitong(&["check-config"]).envs(ring(NEW, &[OLD])).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("retired_master_keys = [\"********\"]"), "{said}");
    assert!(!said.contains(OLD) && !said.contains(NEW), "{said}");
}
