//! The composition root (组装): configuration in, a running service out. The only place that builds things.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::TimeDelta;
use graphql::House;
use identity::delivery::CodeSender;
use identity::{Identity, StaffRules};
use kernel::base::Base;
use kernel::chance::{Chance, SystemChance};
use kernel::clock::{Clock, SystemClock};
use kernel::config::Config;
use kernel::db::Db;
use kernel::live::Live;
use kernel::redis::Redis;
use media::Media;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::maintenance::Board;
use crate::{
    alarms, bookings, deliveries, events, grids, housekeeping, imports, keys, notifier, providers, reference, relay,
    retention, rights, statistics,
};

/// The house, put together.
pub struct App {
    /// As configured.
    pub config: Config,
    /// The ground.
    pub base: Base,
    /// The services.
    pub house: Arc<House>,
    /// This node's subscribers.
    pub live: Live,
    /// Whether the API is closed for a while.
    pub maintenance: Board,
    /// Held while it serves with kept keys, so that nobody changes them meanwhile.
    _keys: Option<std::fs::File>,
}

/// What tests and seeding put in place of the machine's own.
#[derive(Clone)]
pub struct Sources {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Where one-time codes go; by the configuration when `None`.
    pub sender: Option<Arc<dyn CodeSender>>,
}

impl Default for Sources {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), chance: Arc::new(SystemChance::default()), sender: None }
    }
}

/// Makes the data folder where it is missing.
///
/// # Errors
/// When it cannot be made.
pub fn make_data_dir(config: &Config) -> anyhow::Result<()> {
    let dir = &config.data.dir;
    std::fs::create_dir_all(dir).with_context(|| format!("data.dir: {} cannot be made", dir.display()))
}

/// Builds what every command needs: database, Redis, keys.
///
/// # Errors
/// When a part cannot be reached or a key is unusable.
pub async fn base(config: &Config, sources: &Sources) -> anyhow::Result<Base> {
    make_data_dir(config)?;
    let vault = keys::vault(config)?;
    let db = Db::connect(&config.database).await?;
    let redis = Redis::connect(&config.redis).await?;
    Base::new(db, redis, Arc::clone(&sources.clock), Arc::clone(&sources.chance), vault)
}

impl App {
    /// Builds the house over a migrated database.
    ///
    /// # Errors
    /// When a part cannot be built.
    pub async fn build(config: Config, sources: Sources) -> anyhow::Result<Self> {
        make_data_dir(&config)?;
        let keys = keys::share(&config)?;
        let base = base(&config, &sources).await?;
        let identity = Identity {
            base: base.clone(),
            signer: Arc::new(keys::signer(&config)?),
            sender: match sources.sender {
                Some(sender) => Some(sender),
                None => providers::sender(&config, &base)?,
            },
            wechat: providers::wechat(&config, &base)?,
            refresh_life: TimeDelta::days(i64::from(config.auth.refresh_days)),
            staff: StaffRules { second_factor: config.auth.second_factor, sessions: config.auth.staff_sessions },
        };
        let live = Live::default();
        let objects = media::local_folder(&config.data.dir.join("media"))?;
        let media = Media::new(base.clone(), objects, &config.media);
        let house = Arc::new(House::open(identity, media, live.clone()).await?);
        let maintenance = Board::open(&base).await?;
        Ok(Self { config, base, house, live, maintenance, _keys: keys })
    }

    /// Starts what runs beside the requests: relay, notifier, courier, alarms, bookings and events on the clock, retention, grids drawn anew, changes of reference data, statistics, imports, housekeeping, the look for maintenance and live fan-out. They end when `stop` turns true.
    #[must_use]
    pub fn start_background(&self, stop: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut work = JoinSet::new();
        work.spawn(relay::run(self.base.clone(), stop.clone()));
        work.spawn(notifier::run(self.base.clone(), self.live.clone(), stop.clone()));
        if let Some(sender) = &self.house.identity.sender {
            work.spawn(deliveries::run(self.base.clone(), Arc::clone(sender), stop.clone()));
        }
        let every = Duration::from_secs(self.config.work.alarm_seconds);
        work.spawn(alarms::run(self.base.clone(), self.house.live_town.clone(), every, stop.clone()));
        work.spawn(bookings::run(self.base.clone(), stop.clone()));
        work.spawn(events::run(self.base.clone(), stop.clone()));
        let (town, media) = (self.house.live_town.clone(), self.house.media.clone());
        work.spawn(retention::run(self.base.clone(), town, media, stop.clone()));
        work.spawn(grids::run(self.base.clone(), self.house.live_town.clone(), stop.clone()));
        work.spawn(rights::run(self.house.identity.clone(), self.house.media.clone(), stop.clone()));
        let (town, live, until) = (self.house.live_town.clone(), self.live.clone(), stop.clone());
        work.spawn(reference::run(self.base.clone(), town, live, until));
        work.spawn(statistics::run(self.base.clone(), self.house.live_town.clone(), stop.clone()));
        work.spawn(imports::run(self.base.clone(), self.house.live_town.clone(), stop.clone()));
        work.spawn(housekeeping::run(self.base.clone(), self.house.media.clone(), stop.clone()));
        let (board, base, until) = (self.maintenance.clone(), self.base.clone(), stop.clone());
        work.spawn(async move { board.run(base, until).await });
        let (live, redis, stop) = (self.live.clone(), self.base.redis.clone(), stop.clone());
        work.spawn(async move { live.run(redis, stop).await });
        work
    }
}
