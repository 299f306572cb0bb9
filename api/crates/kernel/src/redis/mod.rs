//! Redis (缓存与消息): a real server, or the small one inside the process, always through the same client.
//!
//! Redis may be flushed or lost at any moment: it holds hot copies, counters, codes and live fan-out, never the only copy of
//! anything that must last. No scripts: compound steps are MULTI/EXEC.

mod embedded;
pub mod rate;
pub mod window;

use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection, PubSub};
use ::redis::{AsyncConnectionConfig, Client, FromRedisValue, Pipeline, RedisConnectionInfo, RedisError};
use serde::{Deserialize, Serialize};

pub use self::embedded::EmbeddedRedis;
use crate::error::{Error, Result};

/// How long an answer may take before Redis counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// How to reach Redis.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RedisConfig {
    /// `embedded:` or `redis://…`.
    pub url: String,
    /// Put before every key and channel, so that several towns may share a server.
    pub prefix: String,
}

/// Redis, real or embedded. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    link: Link,
    prefix: String,
}

#[derive(Clone)]
enum Link {
    Embedded(EmbeddedRedis, MultiplexedConnection),
    Server(Client, ConnectionManager),
}

impl Redis {
    /// Opens the embedded server, or prepares the way to a real one; a real server may come later, or come back.
    ///
    /// # Errors
    /// When the URL is malformed.
    pub async fn connect(config: &RedisConfig) -> anyhow::Result<Self> {
        let link = if config.url == "embedded:" {
            let (server, info) = (EmbeddedRedis::new(), RedisConnectionInfo::default());
            let (connection, driver) =
                MultiplexedConnection::new_with_config(&info, server.connect(), AsyncConnectionConfig::new()).await?;
            crate::background(driver);
            Link::Embedded(server, connection)
        } else {
            let client = Client::open(config.url.as_str())?;
            let manager = ConnectionManagerConfig::new()
                .set_connection_timeout(Some(PATIENCE))
                .set_response_timeout(Some(PATIENCE))
                .set_number_of_retries(1)
                .set_max_delay(Duration::from_secs(1));
            Link::Server(client.clone(), ConnectionManager::new_lazy_with_config(client, manager)?)
        };
        Ok(Self { link, prefix: config.prefix.clone() })
    }

    /// A key or channel of this town.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Sends commands in one go.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when Redis does not answer in time.
    pub async fn send<T: FromRedisValue + Send>(&self, commands: &Pipeline) -> Result<T> {
        let answer = async {
            match &self.link {
                Link::Embedded(_, connection) => commands.query_async(&mut connection.clone()).await,
                Link::Server(_, manager) => commands.query_async(&mut manager.clone()).await,
            }
        };
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Error::Unavailable("redis")),
        }
    }

    /// A connection that listens to channels.
    ///
    /// # Errors
    /// When Redis cannot be reached.
    pub async fn listen(&self) -> anyhow::Result<PubSub> {
        Ok(match &self.link {
            Link::Embedded(server, _) => PubSub::new(&RedisConnectionInfo::default(), server.connect()).await?,
            Link::Server(client, _) => tokio::time::timeout(PATIENCE, client.get_async_pubsub()).await??,
        })
    }

    /// Whether it is the server inside the process.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.link, Link::Embedded(..))
    }
}

impl From<RedisError> for Error {
    fn from(error: RedisError) -> Self {
        tracing::warn!(%error, "Redis does not answer");
        Self::Unavailable("redis")
    }
}
