//! The two engines a story runs on, and a migrated and seeded database of its own for each town.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use kernel::chance::SeededChance;
use kernel::clock::MovableClock;
use kernel::config::{Config, Overrides, SecondFactor};
use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection, Statement};
use std::sync::Arc;
use tokio::sync::OnceCell;
use zhilitong::app::Sources;
use zhilitong::seed::Profile;

use super::town::BIRTH;

/// What the town is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// An SQLite file and the Redis inside the process: one command, nothing installed.
    Embedded,
    /// PostgreSQL and a Redis server: a city.
    Servers,
}

/// A place for one town: its database, its folder, its part of Redis. Gone after [`Ground::clear`].
pub struct Ground {
    pub engine: Engine,
    pub folder: PathBuf,
    pub database_url: String,
    pub redis_url: String,
    pub redis_prefix: String,
    pub number: u32,
}

/// The key that seals every town of a run: copies of a template must be able to open what was sealed in it.
pub const MASTER_KEY: &str = "wVv0Lr0y3cQ0n1pQm6dKx7oG2b9sJ4tHf8aZuEiRkYc=";

static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Ground {
    /// An empty place: no table yet.
    pub async fn empty(engine: Engine) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("zlt_it_{}_{number}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("a folder for the town");
        let (database_url, redis_url) = match engine {
            Engine::Embedded => (format!("sqlite:{}", folder.join("town.db").display()), "embedded:".to_owned()),
            Engine::Servers => {
                administer(&format!("CREATE DATABASE {name}")).await;
                (in_database(&name), redis_url())
            }
        };
        Self { engine, redis_prefix: format!("{name}:"), folder, database_url, redis_url, number }
    }

    /// A place with the small demo town in it, copied from one that is made once per run.
    pub async fn seeded(engine: Engine) -> Self {
        static EMBEDDED: OnceCell<PathBuf> = OnceCell::const_new();
        static SERVERS: OnceCell<String> = OnceCell::const_new();
        match engine {
            Engine::Embedded => {
                let template = EMBEDDED.get_or_init(|| async { seed(engine).await.folder.join("town.db") }).await;
                let ground = Self::empty(engine).await;
                std::fs::copy(template, ground.folder.join("town.db")).expect("a copy of the template");
                ground
            }
            Engine::Servers => {
                let template = SERVERS.get_or_init(|| async { seed(engine).await.name().to_owned() }).await;
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let name = format!("zlt_it_{}_{number}", std::process::id());
                let folder = std::env::temp_dir().join(&name);
                std::fs::create_dir_all(&folder).expect("a folder for the town");
                administer(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                let (database_url, redis_url) = (in_database(&name), redis_url());
                Self { engine, redis_prefix: format!("{name}:"), folder, database_url, redis_url, number }
            }
        }
    }

    /// The product's configuration for this place.
    pub fn config(&self) -> Config {
        let overrides = Overrides {
            listen: Some("127.0.0.1:0".to_owned()),
            data_dir: Some(self.folder.clone()),
            database_url: Some(self.database_url.clone()),
            redis_url: Some(self.redis_url.clone()),
        };
        let mut config = Config::load(zhilitong::cli::DEFAULTS, None, &overrides).expect("a usable configuration");
        config.redis.prefix.clone_from(&self.redis_prefix);
        config.database.max_connections = 4;
        // Where the disk of many tests is slow, a commit may take longer than anybody would wait for in a city.
        config.database.statement_seconds = 60;
        config.server.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        config.server.stop_seconds = 2;
        // Tests that move the clock say when the alarms are looked at: `Town::wakes`.
        config.work.alarm_seconds = 3_600;
        config.auth.second_factor = SecondFactor::Optional;
        config.auth.staff_sessions = 20;
        MASTER_KEY.clone_into(&mut config.secrets.master_key);
        config
    }

    /// A connection of our own, to look into the tables.
    pub async fn database(&self) -> DatabaseConnection {
        Database::connect(self.database_url.as_str()).await.expect("a database")
    }

    /// Where the binary finds it, as flags.
    pub fn flags(&self) -> Vec<String> {
        let folder = self.folder.display().to_string();
        let flags = [("--data-dir", &folder), ("--database-url", &self.database_url), ("--redis-url", &self.redis_url)];
        flags.into_iter().flat_map(|(name, value)| [name.to_owned(), value.clone()]).collect()
    }

    fn name(&self) -> &str {
        self.redis_prefix.trim_end_matches(':')
    }

    /// Takes everything away.
    pub async fn clear(&self) {
        if self.engine == Engine::Servers {
            administer(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name())).await;
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn seed(engine: Engine) -> Ground {
    let ground = Ground::empty(engine).await;
    let config = ground.config();
    zhilitong::migrations::up(&config.database.url, |_| {}).await.expect("migrations");
    zhilitong::seed::load(&config, Profile::Small, &mut |_| {}).await.expect("a seeded town");
    // Early enough that the relay's lease is over when the towns begin.
    let clock = Arc::new(MovableClock::at(BIRTH - chrono::TimeDelta::minutes(1)));
    let sources = Sources { clock, chance: Arc::new(SeededChance::new(0)), sender: None };
    let base = zhilitong::app::base(&config, &sources).await.expect("a base");
    // Seeding may leave facts to be told; towns should begin with none.
    while zhilitong::relay::relay_pending(&base).await.expect("a relay") > 0 {}
    while zhilitong::notifier::project_pending(&base).await.expect("a notifier") > 0 {}
    let town = requests::Town::load(&base).await.expect("a town");
    while zhilitong::statistics::count(&base, &town).await.expect("statistics") > 0 {}
    base.db.clone().close().await.expect("a closed database");
    ground
}

/// The URL of a backend, from the environment that `tests/run` prepares.
fn backend(name: &str, what: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set, so there is no {what} to test on; run tests/run"))
}

/// A real Redis.
pub fn redis_url() -> String {
    backend("ZHILITONG_TEST_REDIS", "Redis")
}

fn in_database(name: &str) -> String {
    let url = backend("ZHILITONG_TEST_POSTGRES", "PostgreSQL");
    let (server, _) = url.rsplit_once('/').expect("postgres://server/database");
    format!("{server}/{name}")
}

/// Runs a statement outside all towns.
async fn administer(statement: &str) {
    let url = backend("ZHILITONG_TEST_POSTGRES", "PostgreSQL");
    let connection = Database::connect(url).await.expect("PostgreSQL answers");
    connection.execute_unprepared(statement).await.expect(statement);
    connection.close().await.expect("a closed connection");
}

/// Whether a file or a folder holds a text, in any file.
pub fn holds(place: &Path, text: &[u8]) -> bool {
    if place.is_dir() {
        return std::fs::read_dir(place).unwrap().any(|entry| holds(&entry.unwrap().path(), text));
    }
    let bytes = std::fs::read(place).unwrap_or_default();
    bytes.windows(text.len()).any(|window| window == text)
}

/// Names of all tables, those of the migrations' own book included.
pub async fn tables(database: &DatabaseConnection) -> Vec<String> {
    let backend = database.get_database_backend();
    let sql = match backend {
        DatabaseBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
    };
    let rows = database.query_all_raw(Statement::from_string(backend, sql)).await.expect(sql);
    rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect()
}

/// The number that a statement gives as `n`.
pub async fn number(database: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.expect(sql).expect(sql);
    row.try_get("", "n").expect("a number named n")
}
