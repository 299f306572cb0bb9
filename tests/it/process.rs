//! The binary itself: its commands, what it refuses, how it starts and stops.

mod bookings;
mod crowd;
mod events;
mod keys;
mod maintenance;
mod trust;

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::clock::MovableClock;

use crate::support::engine::{Ground, MASTER_KEY};
use crate::support::remote::Trouble;
use crate::support::sms::Sms;
use crate::support::wechat::{self, Wechat};
use crate::support::{Engine, eventually, raw, root};

const BINARY: &str = env!("CARGO_BIN_EXE_zhilitong");

/// The binary with arguments, blind to the environment's settings.
fn zhilitong(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).stdin(Stdio::null()).env_clear().env("PATH", "/usr/bin:/bin");
    command
}

fn run(arguments: &[&str]) -> Output {
    zhilitong(arguments).output().unwrap()
}

/// Runs a command that must succeed, at a place. Gives back what it printed.
fn at(ground: &Ground, arguments: &[&str]) -> String {
    let output = zhilitong(arguments).args(ground.flags()).output().unwrap();
    let (said, wailed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {said}{wailed}");
    said.into_owned()
}

/// Runs a command that must be refused. Gives back the last line it wailed.
fn refused(mut command: Command) -> String {
    let output = command.output().unwrap();
    let wailed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{command:?} went through: {}", String::from_utf8_lossy(&output.stdout));
    assert!(!wailed.contains("panicked"), "{wailed}");
    wailed
}

#[test]
fn an_unusable_setting_names_itself() {
    let ground = std::env::temp_dir().join(format!("zlt-it-config-{}", std::process::id()));
    std::fs::create_dir_all(&ground).unwrap();
    let random = MASTER_KEY;
    let own = format!("[secrets]\nmaster_key = \"{random}\"\nsigning_key_file = \"/etc/zhilitong/signing.pem\"\n");
    for (number, (file, named)) in [
        ("[server]\nlisten = \"8080\"".to_owned(), "server.listen"),
        ("[server]\nlisten = 7".to_owned(), "listen"),
        ("[server]\ncolour = \"red\"".to_owned(), "colour"),
        ("[garden]\nroses = 3".to_owned(), "garden"),
        ("[server".to_owned(), "TOML"),
        ("[auth]\naccess_minutes = 61".to_owned(), "auth.access_minutes"),
        ("[auth]\nrefresh_days = 31".to_owned(), "auth.refresh_days"),
        ("[auth]\ncode_sender = \"pigeon\"".to_owned(), "code_sender"),
        ("[auth]\ncode_sender = \"sms\"".to_owned(), "sms.provider"),
        ("[clients]\nminimum_ios = \"newest\"".to_owned(), "clients.minimum_ios"),
        ("[sms]\nprovider = \"tencent\"".to_owned(), "sms.secret_id"),
        ("[wechat]\napp_id = \"wx1\"".to_owned(), "wechat.app_secret"),
        (format!("{own}[server]\nproduction = true\n[wechat]\nbase_url = \"http://wx.example\""), "wechat.base_url"),
        ("[database]\nurl = \"mysql://x\"".to_owned(), "database.url"),
        ("[redis]\nurl = \"memcached:\"".to_owned(), "redis.url"),
        ("[secrets]\nmaster_key = \"c2hvcnQ=\"".to_owned(), "secrets.master_key"),
        ("[server]\ntrusted_proxies = [\"nonsense\"]".to_owned(), "trusted_proxies"),
        ("[server]\norigins = [\"https://a.example/app\"]".to_owned(), "server.origins"),
        ("[limits]\noperation_seconds = 0".to_owned(), "limits.operation_seconds"),
        ("[limits]\nbody_bytes = 0".to_owned(), "limits.body_bytes"),
        ("[media]\nphoto_pixels = 0".to_owned(), "media.photo_pixels"),
        ("[server]\nproduction = true".to_owned(), "secrets.master_key"),
        (format!("[server]\nproduction = true\n[secrets]\nmaster_key = \"{random}\""), "secrets.signing_key_file"),
        (format!("{own}[server]\nproduction = true\n[auth]\ncode_sender = \"console\""), "auth.code_sender"),
        (format!("{own}[server]\nproduction = true\n[database]\nurl = \"postgres://db/x\""), "redis.url"),
        (format!("{own}[server]\nproduction = true"), "/etc/zhilitong/signing.pem does not exist"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = ground.join(format!("{number}.toml"));
        std::fs::write(&path, &file).unwrap();
        for command in ["check-config", "serve"] {
            let mut command = zhilitong(&[command, "--config"]);
            command.arg(&path);
            let wailed = refused(command);
            assert!(wailed.contains(named), "{file}\n{wailed}");
        }
    }
    std::fs::remove_dir_all(ground).unwrap();
}

#[test]
fn the_environment_is_checked_too() {
    let mut command = zhilitong(&["check-config"]);
    command.env("ZHILITONG__SERVER__COLOUR", "red");
    assert!(refused(command).to_lowercase().contains("colour"));
    let mut command = zhilitong(&["check-config"]);
    command.env("ZHILITONG__AUTH__ACCESS_MINUTES", "0");
    assert!(refused(command).contains("auth.access_minutes"));
    assert!(refused(zhilitong(&["check-config", "--config", "/nowhere.toml"])).contains("/nowhere.toml"));
}

#[test]
fn the_configuration_is_printed_without_its_secrets() {
    let mut command = zhilitong(&["check-config", "--database-url", "postgres://ann:sesame@db/town"]);
    command.env("ZHILITONG__SECRETS__MASTER_KEY", MASTER_KEY);
    command.env("ZHILITONG__WECHAT__APP_ID", "wx1").env("ZHILITONG__WECHAT__APP_SECRET", "sesame");
    command.env("ZHILITONG__SMS__SECRET_ID", "sesame").env("ZHILITONG__SMS__SECRET_KEY", "sesame");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("postgres://ann:********@db/town"), "{said}");
    assert!(!said.contains("sesame") && !said.contains("wVv0Lr0"), "{said}");
}

/// Colours and hidden passwords exist on terminals only, and so do their faults. `script` is one, of Debian's essentials.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_works_on_a_terminal() {
    let ground = Ground::empty(Engine::Embedded).await;
    at(&ground, &["migrate"]);
    let place = ground.flags().join(" ");
    let commands = format!("{BINARY} doctor {place} && {BINARY} account create --username ann --name 安 {place}");
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &commands, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("util-linux's `script`");
    let (mut keyboard, mut screen) = (terminal.stdin.take().unwrap(), terminal.stdout.take().unwrap());
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"password: ") && screen.read(&mut byte).unwrap() == 1 {
        said.push(byte[0]);
    }
    // Between the prompt and the hidden reading lies a moment in which what is typed is thrown away.
    let typing = std::thread::spawn(move || {
        while keyboard.write_all(b"Spring-2026-xh\n").is_ok() {
            std::thread::sleep(Duration::from_millis(300));
        }
    });
    screen.read_to_end(&mut said).unwrap();
    typing.join().unwrap();
    let said = String::from_utf8_lossy(&said);
    assert!(terminal.wait().unwrap().success() && !said.contains("panicked"), "{said}");
    ground.clear().await;
}

#[test]
fn the_schema_is_printed() {
    let output = run(&["schema"]);
    let committed = std::fs::read_to_string(root().join("schema.graphql")).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), committed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_tell_where_they_stand() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::empty(engine).await;
        let flags = ground.flags();
        let status = || zhilitong(&["migrate", "status"]).args(&flags).output().unwrap();
        let before = status();
        assert!(!before.status.success() && String::from_utf8_lossy(&before.stdout).contains("pending"));
        let mut early = zhilitong(&["serve", "--listen", "127.0.0.1:0"]);
        early.args(&flags);
        assert!(refused(early).contains("migrate up"));
        at(&ground, &["migrate", "up"]);
        let after = status();
        let said = String::from_utf8_lossy(&after.stdout).into_owned();
        assert!(after.status.success() && said.contains("applied") && !said.contains("pending"), "{said}");
        at(&ground, &["migrate", "down"]);
        assert!(!status().status.success());
        at(&ground, &["migrate", "fresh"]);
        assert!(status().status.success());
        ground.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_finds_what_is_wrong() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::seeded(engine).await;
        let examined = |key: &str| {
            let mut command = zhilitong(&["doctor"]);
            command.args(ground.flags()).env("ZHILITONG__SECRETS__MASTER_KEY", key);
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        let said = examined(MASTER_KEY);
        for thing in ["database", "schema", "keys", "map", "redis", "relay", "maintenance", "clock"] {
            assert!(said.lines().any(|line| line.starts_with("ok") && line.contains(thing)), "{said}");
        }
        let said = examined("Zm9yZWlnbiBrZXkgb2YgYW5vdGhlciB0b3duLCAzMiBieXRlcw==");
        assert!(said.lines().any(|line| line.starts_with("BAD") && line.contains("secrets.master_key")), "{said}");
        let output = zhilitong(&["doctor"]).args(ground.flags()).args(["--redis-url", "redis://127.0.0.1:1"]).output();
        let output = output.unwrap();
        let wailed = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{}{wailed}", String::from_utf8_lossy(&output.stdout));
        ground.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seeded_town_is_not_seeded_twice() {
    let ground = Ground::empty(Engine::Embedded).await;
    at(&ground, &["migrate"]);
    assert!(at(&ground, &["seed", "--profile", "small"]).contains("areas"));
    let mut again = zhilitong(&["seed"]);
    again.args(ground.flags());
    assert!(refused(again).contains("not empty"));
    ground.clear().await;
}

/// A running binary; killed when the test ends early.
struct Running {
    child: Child,
    address: String,
    /// What it says, read as it says it: a pipe that nobody empties stops who writes into it.
    words: Vec<std::thread::JoinHandle<String>>,
}

impl Running {
    /// Starts it on a port that is free now.
    async fn start(command: &str, ground: &Ground) -> Self {
        Self::start_with(command, ground, &[]).await
    }

    /// Starts it with settings of the environment.
    async fn start_with(command: &str, ground: &Ground, settings: &[(&str, String)]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let mut starting = zhilitong(&[command, "--listen", &address]);
        starting.envs(settings.iter().map(|(name, value)| (*name, value)));
        let mut child = starting.args(ground.flags()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let words = vec![heard(child.stdout.take().unwrap()), heard(child.stderr.take().unwrap())];
        let running = Self { child, address, words };
        let started = Instant::now();
        while tokio::net::TcpStream::connect(&running.address).await.is_err() {
            assert!(started.elapsed() < Duration::from_secs(60), "{command} does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        running
    }

    /// Asks it to stop, as a service manager does. Gives back whether it ended well, how long it took, and its words.
    fn stop(mut self) -> (bool, Duration, String) {
        let started = Instant::now();
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let status = self.child.wait().unwrap();
        let took = started.elapsed();
        let words = self.words.drain(..).map(|words| words.join().unwrap()).collect();
        (status.success(), took, words)
    }
}

fn heard(mut said: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut words = String::new();
        said.read_to_string(&mut words).unwrap();
        words
    })
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_starts_from_nothing_and_starts_again() {
    let ground = Ground::empty(Engine::Embedded).await;
    for _ in 0..2 {
        let demo = Running::start("demo", &ground).await;
        let ready = raw::get(&*demo.address, "/readyz").await;
        assert_eq!((ready.status, ready.json()["redis"].as_str()), (200, Some("up")));
        assert_eq!(raw::get(&*demo.address, "/healthz").await.status, 200);
        let counters = raw::get(&*demo.address, "/metrics").await;
        assert!(counters.status == 200 && counters.body.contains("\nzhilitong_facts_waiting "), "{counters:?}");
        let passed_on = raw::request("GET", "/metrics", &[("X-Forwarded-For", "127.0.0.1")], b"");
        assert_eq!(raw::send(&*demo.address, &passed_on).await.status, 404, "a proxy asks for others");
        let areas = raw::query(&*demo.address, "{ areas { name } }").await;
        assert_eq!(areas.json()["data"]["areas"][0]["name"], "新虹街道");
        let address = demo.address.clone();
        let (is_well, took, words) = demo.stop();
        assert!(is_well, "{words}");
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert!(words.contains(&format!("http://{address}/graphql")), "it says where to look: {words}");
    }
    ground.clear().await;
}

/// The script that the demo prints, run as printed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_printed_commands_take_a_case_to_closed() {
    let ground = Ground::empty(Engine::Embedded).await;
    let demo = Running::start("demo", &ground).await;
    eventually("the script is written", async || ground.folder.join("try-it.sh").exists()).await;
    let mut script = Command::new("sh");
    script.arg(ground.folder.join("try-it.sh")).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || script.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().rfind(|line| !line.is_empty()).unwrap_or_default();
    assert!(output.status.success() && last.contains("\"state\":\"CLOSED\""), "{said}");
    drop(demo);
    ground.clear().await;
}

/// A command at a place that is configured for production.
fn in_production(ground: &Ground, arguments: &[&str]) -> Command {
    let key = ground.folder.join("own.pem");
    std::fs::write(&key, identity::token::Signer::generate_pem().unwrap()).unwrap();
    let mut command = zhilitong(arguments);
    command
        .args(ground.flags())
        .env("ZHILITONG__SERVER__PRODUCTION", "true")
        .env("ZHILITONG__SECRETS__MASTER_KEY", MASTER_KEY)
        .env("ZHILITONG__SECRETS__SIGNING_KEY_FILE", &key);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_refuses_a_demo_town() {
    let ground = Ground::seeded(Engine::Embedded).await;
    assert!(refused(in_production(&ground, &["demo"])).contains("`serve`"));
    assert!(refused(in_production(&ground, &["seed"])).contains("production"));
    let wailed = refused(in_production(&ground, &["serve", "--listen", "127.0.0.1:0"]));
    assert!(wailed.contains("migrate fresh") && wailed.contains("areas import"), "{wailed}");
    ground.clear().await;
}

/// What sends SMS, as the environment says it.
fn sms_settings(sms: &kernel::config::Sms) -> Vec<(&'static str, String)> {
    vec![
        ("ZHILITONG__AUTH__CODE_SENDER", "sms".to_owned()),
        ("ZHILITONG__SMS__PROVIDER", "tencent".to_owned()),
        ("ZHILITONG__SMS__BASE_URL", sms.base_url.clone()),
        ("ZHILITONG__SMS__SECRET_ID", sms.secret_id.clone()),
        ("ZHILITONG__SMS__SECRET_KEY", sms.secret_key.clone()),
        ("ZHILITONG__SMS__SDK_APP_ID", sms.sdk_app_id.0.clone()),
        ("ZHILITONG__SMS__SIGN_NAME", sms.sign_name.clone()),
        ("ZHILITONG__SMS__TEMPLATE_ID", sms.template_id.0.clone()),
        ("ZHILITONG__SMS__TEMPLATE_HAS_MINUTES", "true".to_owned()),
        ("ZHILITONG__SECRETS__MASTER_KEY", MASTER_KEY.to_owned()),
    ]
}

fn a_clock() -> Arc<MovableClock> {
    Arc::new(MovableClock::at(chrono::Utc::now()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_town_sends_no_sms() {
    let ground = Ground::seeded(Engine::Embedded).await;
    let elsewhere =
        kernel::config::Sms { base_url: "https://sms.example".to_owned(), ..Sms::start(a_clock()).config() };
    let mut command = zhilitong(&["serve", "--listen", "127.0.0.1:0"]);
    command.args(ground.flags()).envs(sms_settings(&elsewhere));
    let wailed = refused(command);
    assert!(wailed.contains("auth.code_sender") && wailed.contains("demo town"), "{wailed}");
    ground.clear().await;
}

/// All that goes on with WeChat and SMS, good and bad, at the most talkative: whose it is and what opens it is not told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_holds_no_secret_and_no_person() {
    let ground = Ground::seeded(Engine::Embedded).await;
    let (wechat, sms) = (Wechat::start(a_clock()), Sms::start(a_clock()));
    let mut settings = sms_settings(&sms.config());
    let configured = wechat.config();
    settings.extend([
        ("ZHILITONG__WECHAT__APP_ID", configured.app_id),
        ("ZHILITONG__WECHAT__APP_SECRET", configured.app_secret),
        ("ZHILITONG__WECHAT__BASE_URL", configured.base_url),
        (
            "ZHILITONG__LOG__LEVEL",
            "info,gateways=trace,hyper_util=debug,identity=trace,kernel=trace,reqwest=trace".to_owned(),
        ),
    ]);
    let service = Running::start_with("serve", &ground, &settings).await;
    let device = "device: { kind: H5, id: \"canary-of-a-device\" }";
    let asks = async |text: String| raw::query(&*service.address, &format!("mutation {{ {text} }}")).await.json();
    let mut secrets = sms_settings(&sms.config())[4..5].iter().map(|(_, key)| key.clone()).collect::<Vec<_>>();
    for (number, trouble) in
        [None, Some(Trouble::HangUp), Some(Trouble::Status(500)), Some(Trouble::Words("x"))].into_iter().enumerate()
    {
        let (openid, phone) = (format!("oCanaryOpenid{number}"), format!("1391234500{number}"));
        let (login, button) = (wechat.login_code(&openid), wechat.phone_code(&phone));
        for path in [wechat::SESSION, wechat::PHONE].into_iter().filter(|_| trouble.is_some()) {
            wechat.remote.has_trouble(path, trouble.as_ref().unwrap(), 1);
        }
        for _ in 0..3 {
            let codes = format!("loginCode: \"{login}\", phoneCode: \"{button}\"");
            asks(format!("signInWithWechat(input: {{ {codes}, {device} }}) {{ isNewUser userErrors {{ code }} }}"))
                .await;
        }
        sms.remote.has_trouble("/", &trouble.clone().unwrap_or(Trouble::Words("x")), usize::from(trouble.is_some()));
        let other = format!("1391234501{number}");
        asks(format!("sendVerificationCode(input: {{ phone: \"{other}\" }}) {{ userErrors {{ code }} }}")).await;
        eventually("a code is sent", async || sms.calls() > number).await;
        // With its quotation mark: six digits alone may be a fraction of a second.
        secrets.extend(sms.reached(&other).iter().map(|code| format!("\"{code}")));
        secrets.extend([openid, phone, login, button, other]);
    }
    secrets.extend(wechat.secrets());
    let code = secrets[1].clone();
    asks(format!("signInWithCode(input: {{ phone: \"13912345010\", code: \"{code}\", {device} }}) {{ isNewUser }}"))
        .await;
    let (is_well, _, words) = service.stop();
    assert!(is_well && words.contains("third party does not answer") && words.contains("WeChat refuses"), "{words}");
    let told = secrets.iter().find(|secret| words.contains(secret.as_str()));
    assert!(told.is_none(), "{told:?} is told in the log:\n{words}");
    ground.clear().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_production_are_lost_only_by_name() {
    let ground = Ground::seeded(Engine::Embedded).await;
    let areas =
        async || crate::support::engine::number(&ground.database().await, "SELECT count(*) AS n FROM area").await;
    for step in ["down", "fresh"] {
        assert!(refused(in_production(&ground, &["migrate", step])).contains("--erase town.db"));
        assert!(refused(in_production(&ground, &["migrate", step, "--erase", "other"])).contains("--erase town.db"));
    }
    assert!(areas().await > 0);
    assert!(in_production(&ground, &["migrate", "fresh", "--erase", "town.db"]).status().unwrap().success());
    assert_eq!(areas().await, 0);
    ground.clear().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_requests_finish_and_sockets_are_told_when_it_stops() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::seeded(engine).await;
        let service = Running::start("serve", &ground).await;
        let address: std::net::SocketAddr = service.address.parse().unwrap();
        let mut socket = crate::support::socket::Socket::ready(address, &serde_json::json!({})).await;
        let stopping = tokio::task::spawn_blocking(move || service.stop());
        assert_eq!(socket.closes().await, 1001);
        drop(socket);
        let (is_well, took, words) = stopping.await.unwrap();
        assert!(is_well && took < Duration::from_secs(10), "{took:?} {words}");
        ground.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_port_is_named() {
    let ground = Ground::seeded(Engine::Embedded).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = zhilitong(&["serve", "--listen", &address]);
    command.args(ground.flags());
    assert!(refused(command).contains(&address));
    ground.clear().await;
}

/// Runs a command with a line on its standard input.
fn typed(ground: &Ground, arguments: &[&str], line: &str) -> Output {
    let mut command = zhilitong(arguments);
    let command = command.args(ground.flags()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    child.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_made_at_the_command_line_signs_in() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::seeded(engine).await;
        let new = ["account", "create", "--username", "Wang.Wu", "--name", "王五", "--role", "DISPATCHER", "--area"];
        let with = |more: &'static str| [&new[..], &[more]].concat();
        for (arguments, password, words) in [
            (with("310112008"), "short", "password"),
            (with("310112008"), "alllowercaseletters", "password"),
            (with("999999"), "Town-2026-abc", "999999"),
            (
                new[..6].iter().chain(&["--role", "KING", "--area", "310112008"]).copied().collect(),
                "Town-2026-abc",
                "KING",
            ),
            (new[..6].iter().chain(&["--role", "DISPATCHER"]).copied().collect(), "Town-2026-abc", "--area"),
            (new[..6].iter().chain(&["--phone", "123"]).copied().collect(), "Town-2026-abc", "--phone"),
        ] {
            let output = typed(&ground, &arguments, password);
            let wailed = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && wailed.contains(words), "{arguments:?}: {wailed}");
        }
        let output = typed(&ground, &with("310112008"), "Town-2026-abc");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let output = typed(&ground, &with("310112008"), "Town-2026-abc");
        assert!(!output.status.success(), "the name is taken");

        let first = at(&ground, &["account", "reset", "--username", "wang.wu"]).trim().to_owned();
        let service = Running::start("serve", &ground).await;
        let old = "mutation { signInWithPassword(input: { username: \"wang.wu\", password: \"Town-2026-abc\", \
            device: { kind: CONSOLE, id: \"desk-0001\" } }) { userErrors { code } } }";
        let answer = raw::query(&*service.address, old).await.json();
        assert_eq!(answer["data"]["signInWithPassword"]["userErrors"][0]["code"], "CODE_INCORRECT", "{answer}");
        let text = "mutation { signInWithPassword(input: { username: \"wang.wu\", password: \"FIRST\", \
            device: { kind: CONSOLE, id: \"desk-0001\" } }) { viewer { roles { role } roleStanding } userErrors { code } } }";
        let answer = raw::query(&*service.address, &text.replace("FIRST", &first)).await.json();
        assert_eq!(answer["data"]["signInWithPassword"]["viewer"]["roleStanding"], "PASSWORD_MUST_CHANGE", "{answer}");
        assert_eq!(answer["data"]["signInWithPassword"]["viewer"]["roles"][0]["role"], "DISPATCHER", "{answer}");
        drop(service);
        ground.clear().await;
    }
}

/// The demo map as a GeoJSON file, as `areas::geojson` writes it.
fn demo_map() -> String {
    areas::geojson::print(&areas::demo_town())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_map_is_imported_whole_or_not_at_all() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::empty(engine).await;
        at(&ground, &["migrate"]);
        let map = ground.folder.join("map.geojson");
        let import = |text: &str| {
            std::fs::write(&map, text).unwrap();
            let mut command = zhilitong(&["areas", "import"]);
            command.arg(&map).args(ground.flags());
            command
        };
        let whole = demo_map();
        for (broken, why) in [
            (whole[..whole.len() / 2].to_owned(), "cut in half"),
            ("{}".to_owned(), "empty object"),
            ("not JSON".to_owned(), "not JSON"),
            (whole.replacen("\"parentCode\":\"310112008\"", "\"parentCode\":\"nowhere\"", 1), "an orphan"),
            (whole.replacen("121.", "21.", 40), "far away"),
        ] {
            let wailed = refused(import(&broken));
            assert!(wailed.contains("map.geojson"), "{why}: {wailed}");
        }
        let database = ground.database().await;
        let rows = crate::support::engine::number(&database, "SELECT count(*) AS n FROM area").await;
        assert_eq!(rows, 0, "nothing of a broken map stays");
        for _ in 0..2 {
            let output = import(&whole).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let rows = crate::support::engine::number(&database, "SELECT count(*) AS n FROM area").await;
        assert_eq!(rows, 641);
        database.close().await.unwrap();
        ground.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_leaves_a_whole_database() {
    let ground = Ground::seeded(Engine::Embedded).await;
    let mut service = Running::start("serve", &ground).await;
    let text = "mutation { signInWithPassword(input: { username: \"dispatcher\", password: \"Demo-Town-2026\", \
        device: { kind: CONSOLE, id: \"desk-0001\" } }) { tokens { accessToken } } }";
    let answer = raw::query(&*service.address, text).await.json();
    let token = answer["data"]["signInWithPassword"]["tokens"]["accessToken"].as_str().expect("a token").to_owned();
    service.child.kill().unwrap();
    service.child.wait().unwrap();
    let again = Running::start("serve", &ground).await;
    let authorization = format!("Bearer {token}");
    let headers = [("Content-Type", raw::JSON), ("Authorization", authorization.as_str())];
    eventually("the session is still there", async || {
        let body = br#"{"query":"{ viewer { user { id } } }"}"#;
        let reply = raw::send(&*again.address, &raw::request("POST", "/graphql", &headers, body)).await;
        reply.json()["data"]["viewer"]["user"]["id"].is_string()
    })
    .await;
    drop(again);
    ground.clear().await;
}

/// The year 2027 by its weekdays, with some lines put in the place of others.
fn year_2027(changes: &[(&str, &str)]) -> String {
    use chrono::Datelike as _;
    let mut day: chrono::NaiveDate = "2027-01-01".parse().unwrap();
    let mut text = "date,kind,name\n".to_owned();
    while day.year() == 2027 {
        let kind = if day.weekday().number_from_monday() > 5 { "WEEKEND" } else { "WORKDAY" };
        let (date, plain) = (day.to_string(), format!("{day},{kind},"));
        let line = changes.iter().find(|(changed, _)| *changed == date).map_or(plain.as_str(), |(_, line)| line);
        text.extend([line, "\n"]);
        day = day.succ_opt().unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_is_imported_whole_or_not_at_all() {
    for engine in [Engine::Embedded, Engine::Servers] {
        let ground = Ground::seeded(engine).await;
        let file = ground.folder.join("calendar.csv");
        let import = |text: &str, more: &[&str]| {
            std::fs::write(&file, text).unwrap();
            let mut command = zhilitong(&["calendar", "import"]);
            let output = command.arg(&file).args(more).args(ground.flags()).output().unwrap();
            (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let database = ground.database().await;
        let days = async || crate::support::engine::number(&database, "SELECT count(*) AS n FROM calendar_day").await;
        let new_year = ("2027-01-01", "2027-01-01,HOLIDAY,元旦");
        for (changes, why) in [
            (vec![("2027-01-06", "2027-01-06,ADJUSTED_WORKDAY,调休")], "line 7"),
            (vec![("2027-03-01", "")], "day before"),
            (vec![("2027-12-31", "")], "31 December"),
        ] {
            let (is_done, said) = import(&year_2027(&changes), &[]);
            assert!(!is_done && said.starts_with("BAD") && said.contains(why), "{why}: {said}");
        }
        let (is_done, said) = import(&year_2027(&[new_year]), &["--check"]);
        assert!(is_done && said.contains("365 days are new"), "{said}");
        assert_eq!(days().await, 365, "it only looked");
        let (is_done, said) = import(&year_2027(&[new_year]), &[]);
        assert!(is_done && said.contains("what was promised stays"), "{said}");
        assert_eq!(days().await, 730);
        let (_, said) = import(&year_2027(&[new_year]), &[]);
        assert!(said.contains("nothing was written"), "{said}");
        // A corrected notice.
        let (is_done, said) = import(&year_2027(&[new_year, ("2027-02-12", "2027-02-12,HOLIDAY,春节")]), &[]);
        assert!(is_done && said.contains("2027-02-12  WORKDAY -> HOLIDAY"), "{said}");
        let acts = "SELECT count(*) AS n FROM audit_entry WHERE action = 'calendar import'";
        assert_eq!(crate::support::engine::number(&database, acts).await, 2);
        database.close().await.unwrap();
        ground.clear().await;
    }
}
