//! `zhilitong doctor` (体检): one line per thing that can be wrong, and what to do about it.

use chrono::TimeDelta;
use entity::enums::ConsentKind;
use entity::fact;
use kernel::base::Base;
use kernel::config::Config;
use sea_orm::{ConnectionTrait as _, EntityTrait as _};

use crate::{maintenance, migrations, relay};

/// How many facts may wait before the relay counts as stuck.
const BACKLOG: u64 = 1000;

/// What was found about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The thing.
    pub name: &'static str,
    /// Whether it is well.
    pub is_well: bool,
    /// What was seen, and what to do when it is not well.
    pub words: String,
}

fn finding(name: &'static str, is_well: bool, words: impl Into<String>) -> Finding {
    Finding { name, is_well, words: words.into() }
}

/// Looks at everything.
pub async fn examine(config: &Config, base: &Base) -> Vec<Finding> {
    vec![
        database(base).await,
        schema(config).await,
        keys(base).await,
        map(base).await,
        consents(config, base).await,
        redis(base).await,
        relay(base).await,
        maintenance(base).await,
        clock(base).await,
    ]
}

async fn database(base: &Base) -> Finding {
    let kind = if base.db.is_sqlite() { "SQLite" } else { "PostgreSQL" };
    match base.db.reader().execute_unprepared("SELECT 1").await {
        Ok(_) => finding("database", true, format!("{kind} answers")),
        Err(error) => finding("database", false, format!("{kind} does not answer ({error}); check database.url")),
    }
}

async fn schema(config: &Config) -> Finding {
    match migrations::status(&config.database.url).await {
        Ok(status) if status.pending.is_empty() => {
            finding("schema", true, format!("{} steps applied", status.applied.len()))
        }
        Ok(status) => finding("schema", false, format!("{} steps pending; zhilitong migrate up", status.pending.len())),
        Err(error) => finding("schema", false, format!("{error:#}")),
    }
}

async fn keys(base: &Base) -> Finding {
    match identity::keys_fit(base).await {
        Ok(Some(true)) => {
            let (in_force, retired) = (base.vault.id(), base.vault.ids().count() - 1);
            finding("keys", true, format!("personal data opens; key {in_force} is in force, {retired} are retired"))
        }
        Ok(None) => finding("keys", true, "there is no personal data yet"),
        Ok(Some(false)) => finding(
            "keys",
            false,
            "personal data does not open: a key sealed it that is neither secrets.master_key nor one of \
             secrets.retired_master_keys (nor in data.dir/keys); zhilitong keys status counts what is lost",
        ),
        Err(error) => finding("keys", false, format!("{error:?}")),
    }
}

async fn consents(config: &Config, base: &Base) -> Finding {
    match identity::consent::in_force_now(base, ConsentKind::PrivacyPolicy).await {
        Ok(true) => finding("consents", true, "a privacy policy is in force"),
        Ok(false) => finding(
            "consents",
            !config.server.production,
            "no privacy policy is in force, so nobody is asked to consent; a system administrator publishes one",
        ),
        Err(error) => finding("consents", false, format!("{error:?}")),
    }
}

async fn map(base: &Base) -> Finding {
    match areas::Areas::load(base).await {
        Ok(areas) => match areas.atlas.survey().len() {
            0 => finding("map", true, "no gaps, no overlaps"),
            warnings => finding("map", true, format!("{warnings} overlaps or gaps; the lower code wins on an overlap")),
        },
        Err(error) => finding("map", false, format!("{error:?}; zhilitong areas import FILE.geojson")),
    }
}

async fn redis(base: &Base) -> Finding {
    let kind = if base.redis.is_embedded() { "embedded" } else { "server" };
    let mut ping = ::redis::pipe();
    ping.cmd("PING");
    match base.redis.send::<(String,)>(&ping).await {
        Ok(_) => finding("redis", true, format!("{kind} answers")),
        Err(_) => finding(
            "redis",
            false,
            format!("{kind} does not answer: sign-in is refused, limits count per process; check redis.url"),
        ),
    }
}

async fn relay(base: &Base) -> Finding {
    match relay::waiting(base).await {
        Ok(waiting) if waiting <= BACKLOG => finding("relay", true, format!("{waiting} facts wait")),
        Ok(waiting) => finding("relay", false, format!("{waiting} facts wait; is any node serving?")),
        Err(error) => finding("relay", false, format!("{error:?}")),
    }
}

async fn maintenance(base: &Base) -> Finding {
    match maintenance::announced(base).await {
        Ok(Some(row)) if row.until > base.clock.now() => {
            let until = row.until.to_rfc3339();
            finding("maintenance", true, format!("ON until {until}: only system administrators are let in"))
        }
        Ok(_) => finding("maintenance", true, "off"),
        Err(error) => finding("maintenance", false, format!("{error:?}")),
    }
}

async fn clock(base: &Base) -> Finding {
    use sea_orm::QueryOrder as _;
    let latest = fact::Entity::find().order_by_desc(fact::Column::At).one(base.db.reader()).await;
    match latest {
        Ok(Some(fact)) if fact.at - base.clock.now() > TimeDelta::minutes(1) => {
            finding("clock", false, format!("a fact of {} lies in the future; set this machine's clock", fact.at))
        }
        Ok(_) => finding("clock", true, base.clock.now().to_rfc3339()),
        Err(error) => finding("clock", false, error.to_string()),
    }
}
