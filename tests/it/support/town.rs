//! A town (小镇): the whole product in this process, on real sockets, with a clock that stories move.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::Id as _;
use identity::delivery::{CodeSender, Message, Sending};
use kernel::base::Base;
use kernel::chance::SeededChance;
use kernel::clock::{Clock as _, MovableClock};
use kernel::config::{CodeSender as Kind, Config};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use zhilitong::app::{App, Sources};
use zhilitong::serve::Service;

use super::engine::{Engine, Ground};
use super::sms::Sms;
use super::wechat::Wechat;
use super::{Person, eventually};

/// When every town begins: Monday 2026-11-23, 09:00 in Shanghai, a working day.
pub const BIRTH: DateTime<Utc> = DateTime::from_timestamp(1_795_395_600, 0).unwrap();

/// A running product with a database, a clock and a phone network of its own.
pub struct Town {
    /// Its clock; it stands still until it is moved.
    pub clock: Arc<MovableClock>,
    /// Where it is built.
    pub ground: Ground,
    /// Where it listens.
    pub address: SocketAddr,
    /// The WeChat that it asks.
    pub wechat: Wechat,
    /// The SMS provider of a town that has one.
    pub sms: Option<Sms>,
    config: Config,
    service: Service,
    codes: Arc<Codes>,
    people: AtomicU32,
    faults: Arc<Mutex<Vec<String>>>,
}

/// The phone network: one-time codes as they were sent.
#[derive(Default)]
struct Codes(Mutex<Vec<(String, String)>>);

impl CodeSender for Codes {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        self.0.lock().unwrap().push((message.phone.e164().to_owned(), message.code.clone()));
        Box::pin(async { Ok(()) })
    }
}

/// One more node of a town.
pub struct Node {
    /// Where it listens.
    pub address: SocketAddr,
    service: Service,
}

impl Node {
    /// Its house.
    pub fn app(&self) -> &App {
        &self.service.app
    }

    /// Stops it in order.
    pub async fn stops(self) {
        self.service.stop().await.expect("a stop in order");
    }
}

async fn start(config: Config, sources: Sources) -> (Service, SocketAddr) {
    let app = App::build(config, sources).await.expect("a house");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    (Service::start(app, listener).expect("a service"), address)
}

impl Town {
    /// A seeded town.
    pub async fn open(engine: Engine) -> Self {
        Self::with(engine, |_| {}).await
    }

    /// A seeded town with other settings.
    pub async fn with(engine: Engine, settings: impl FnOnce(&mut Config)) -> Self {
        Self::on(Ground::seeded(engine).await, settings, false).await
    }

    /// A seeded town whose codes go by SMS.
    pub async fn with_sms(engine: Engine) -> Self {
        Self::on(Ground::seeded(engine).await, |_| {}, true).await
    }

    /// A town on a ground that was prepared otherwise.
    pub async fn over(ground: Ground) -> Self {
        Self::on(ground, |_| {}, false).await
    }

    async fn on(ground: Ground, settings: impl FnOnce(&mut Config), has_sms: bool) -> Self {
        let (clock, codes) = (Arc::new(MovableClock::at(BIRTH)), Arc::new(Codes::default()));
        let wechat = Wechat::start(clock.clone());
        let sms = has_sms.then(|| Sms::start(clock.clone()));
        let mut config = ground.config();
        config.wechat = wechat.config();
        if let Some(sms) = &sms {
            config.auth.code_sender = Kind::Sms;
            config.sms = sms.config();
        }
        settings(&mut config);
        let sources = Sources {
            clock: clock.clone(),
            chance: Arc::new(SeededChance::new(u64::from(ground.number))),
            sender: if has_sms { None } else { Some(codes.clone()) },
        };
        let (service, address) = start(config.clone(), sources).await;
        let (people, faults) = (AtomicU32::new(0), Arc::default());
        Self { clock, ground, address, wechat, sms, config, service, codes, people, faults }
    }

    /// Another node over the same database and Redis, as a city runs many.
    pub async fn second_node(&self) -> Node {
        let sources = Sources {
            clock: self.clock.clone(),
            chance: Arc::new(SeededChance::new(u64::from(self.ground.number) + 1_000_000)),
            sender: if self.sms.is_some() { None } else { Some(self.codes.clone()) },
        };
        let (service, address) = start(self.config.clone(), sources).await;
        Node { address, service }
    }

    /// Somebody with a phone of his own, who has not signed in. Each comes from an address of his own, so that rate limits
    /// stay on.
    pub fn stranger(&self) -> Person {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let [_, _, high, low] = number.to_be_bytes();
        Person::new(self.address, Ipv4Addr::new(10, 1, high, low), number, Arc::clone(&self.faults))
    }

    /// A member of the demo town's staff, signed in.
    pub async fn staff(&self, username: &str) -> Person {
        let mut person = self.stranger();
        person.signs_in_with_password(username, zhilitong::seed::PASSWORD).await;
        person
    }

    /// A resident who has just signed in for the first time, and consented to what is asked.
    pub async fn resident(&self) -> Person {
        let person = self.newcomer().await;
        person.consents().await;
        person
    }

    /// A resident who has just signed in for the first time.
    pub async fn newcomer(&self) -> Person {
        let mut person = self.stranger();
        let phone = person.phone();
        person.signs_in_with_code(self, &phone).await;
        person
    }

    /// The codes that were sent to a phone, oldest first; waits until none is on its way.
    pub async fn codes_sent_to(&self, phone: &str) -> Vec<String> {
        let waiting = "SELECT count(*) AS n FROM delivery WHERE state = 'PENDING'";
        eventually("codes are sent", async || self.number(waiting).await == 0).await;
        let sent = self.codes.0.lock().unwrap();
        sent.iter().filter(|(to, _)| to.ends_with(phone)).map(|(_, code)| code.clone()).collect()
    }

    /// The last code that was sent to a phone.
    pub async fn code_for(&self, phone: &str) -> String {
        self.codes_sent_to(phone).await.pop().expect("a code")
    }

    /// The SMS provider of this town.
    pub fn sms(&self) -> &Sms {
        self.sms.as_ref().expect("a town with SMS")
    }

    /// Lets time pass.
    pub fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Waits until every fact has been told to those who read facts.
    pub async fn relays(&self) {
        let waiting = "SELECT count(*) AS n FROM fact WHERE seq IS NULL";
        eventually("facts are relayed", async || self.number(waiting).await == 0).await;
    }

    /// Lets the system do what is due about cases, until nothing is.
    pub async fn wakes(&self) {
        let app = self.app();
        while zhilitong::alarms::work_off(&app.base, &app.house.town()).await.expect("alarms") > 0 {}
    }

    /// Lets the system put away what was kept long enough, until nothing is left to do.
    pub async fn puts_away(&self) {
        let app = self.app();
        let (base, house) = (&app.base, &app.house);
        let mut round = zhilitong::retention::Round::of(50);
        let mut work = async || {
            zhilitong::retention::work_off(base, &house.town(), &house.media, &mut round).await.expect("retention")
        };
        while work().await > 0 {}
    }

    /// Global id of an area, also of one that is no more.
    pub async fn area_id(&self, code: &str) -> String {
        let area = areas::store::by_code(self.base().db.reader(), code).await.expect("the database answers");
        area.unwrap_or_else(|| panic!("no area {code}")).id.text()
    }

    /// Lets the system draw grids anew as far as it is due, until nothing is left to do.
    pub async fn redraws(&self) {
        let app = self.app();
        while zhilitong::grids::work_off(&app.base, &app.house.live_town).await.expect("grids") > 0 {}
    }

    /// The house that serves the town.
    pub fn app(&self) -> &App {
        &self.service.app
    }

    /// Waits until everybody has been notified of every fact.
    pub async fn notifies(&self) {
        self.relays().await;
        let behind =
            "SELECT count(*) AS n FROM fact WHERE seq > (SELECT seq FROM reader_cursor WHERE name = 'notifications')";
        eventually("people are notified", async || self.number(behind).await == 0).await;
    }

    /// The ground the service stands on, to appoint people and to look beneath the surface.
    pub fn base(&self) -> &Base {
        &self.service.app.base
    }

    /// A base of its own on the town's database and Redis, to count statements among which nobody else's are.
    pub async fn a_base_of_its_own(&self) -> Base {
        let chance = Arc::new(SeededChance::new(u64::from(self.ground.number) + 3_000_000));
        let sources = Sources { clock: self.clock.clone(), chance, sender: None };
        zhilitong::app::base(&self.ground.config(), &sources).await.expect("a base")
    }

    /// The service's own connection to the database, for a look with SQL.
    pub fn database(&self) -> &DatabaseConnection {
        self.service.app.base.db.reader()
    }

    /// Empties the town's part of Redis, as an operator's FLUSHALL does.
    pub async fn loses_redis(&self) {
        let redis = &self.service.app.base.redis;
        let mut scan = redis::pipe();
        scan.cmd("SCAN").arg(0).arg("MATCH").arg(redis.key("*")).arg("COUNT").arg(1_000_000);
        let ((_, keys),): ((u64, Vec<String>),) = redis.send(&scan).await.expect("keys");
        let mut delete = redis::pipe();
        keys.iter().for_each(|key| {
            delete.cmd("DEL").arg(key).ignore();
        });
        redis.send::<()>(&delete).await.expect("keys deleted");
    }

    /// The PEM that signs this town's access tokens.
    pub fn signing_key(&self) -> Vec<u8> {
        std::fs::read(self.ground.folder.join("keys/signing.pem")).expect("a signing key")
    }

    /// Names of all tables.
    pub async fn tables(&self) -> Vec<String> {
        super::engine::tables(self.database()).await
    }

    /// The number that a statement gives as `n`.
    pub async fn number(&self, sql: &str) -> i64 {
        super::engine::number(self.database(), sql).await
    }

    /// Changes rows behind the product's back.
    pub async fn tampers(&self, sql: &str) -> u64 {
        self.database().execute_unprepared(sql).await.expect(sql).rows_affected()
    }

    /// Stops the town's own service and gives back the place, as it was left, for others to serve.
    pub async fn moves_out(self) -> Ground {
        self.service.stop().await.expect("a stop in order");
        self.ground
    }

    /// Takes the town down and gives back the faults that people saw and nobody expected.
    pub async fn close(self) -> Vec<String> {
        let stopped = self.service.stop().await;
        self.ground.clear().await;
        let mut faults = std::mem::take(&mut *self.faults.lock().unwrap());
        faults.extend(stopped.err().map(|error| format!("the service did not stop in order: {error:#}")));
        faults
    }
}
