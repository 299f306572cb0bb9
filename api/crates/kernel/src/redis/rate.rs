//! Rate limits (限流): fixed windows counted in Redis, per process while Redis is gone.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::{DateTime, Utc};

use super::Redis;
use crate::error::{Error, Result};

/// How many windows a process remembers by itself before it forgets the old ones.
const LOCAL_WINDOWS: usize = 10_000;

/// A limit: so many per so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is counted; part of the key.
    pub name: &'static str,
    /// How many.
    pub limit: u32,
    /// Per how many seconds.
    pub seconds: i64,
}

/// Counts against [`Rule`]s. The window is named by the injected clock; the server's own expiry only tidies up.
#[derive(Default)]
pub struct RateLimiter {
    local: Mutex<HashMap<String, (i64, u32)>>,
}

impl RateLimiter {
    /// Counts `cost` for a key; fails closed when Redis is gone. For sign-in and codes.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time to the next window; [`Error::Unavailable`] when Redis is gone.
    pub async fn admit_strictly(redis: &Redis, now: DateTime<Utc>, rule: Rule, key: &str, cost: u32) -> Result<()> {
        let count = count(redis, now, rule, key, cost).await?;
        judge(now, rule, count)
    }

    /// Counts `cost` for a key; counts in this process while Redis is gone.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time to the next window.
    pub async fn admit(&self, redis: &Redis, now: DateTime<Utc>, rule: Rule, key: &str, cost: u32) -> Result<()> {
        let count = match count(redis, now, rule, key, cost).await {
            Ok(count) => count,
            Err(_) => self.count_here(now, rule, key, cost),
        };
        judge(now, rule, count)
    }

    fn count_here(&self, now: DateTime<Utc>, rule: Rule, key: &str, cost: u32) -> u32 {
        let window = now.timestamp().div_euclid(rule.seconds);
        let mut local = self.local.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if local.len() >= LOCAL_WINDOWS {
            local.clear();
        }
        let entry = local.entry(format!("{}:{key}", rule.name)).or_insert((window, 0));
        if entry.0 != window {
            *entry = (window, 0);
        }
        entry.1 = entry.1.saturating_add(cost);
        entry.1
    }
}

async fn count(redis: &Redis, now: DateTime<Utc>, rule: Rule, key: &str, cost: u32) -> Result<u32> {
    let window = now.timestamp().div_euclid(rule.seconds);
    let name = redis.key(&format!("rate:{}:{key}:{window}", rule.name));
    let mut commands = ::redis::pipe();
    commands.atomic().cmd("INCRBY").arg(&name).arg(cost).cmd("EXPIRE").arg(&name).arg(rule.seconds).ignore();
    let (count,): (i64,) = redis.send(&commands).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

fn judge(now: DateTime<Utc>, rule: Rule, count: u32) -> Result<()> {
    if count <= rule.limit {
        return Ok(());
    }
    let into_window = now.timestamp_millis().rem_euclid(rule.seconds * 1000);
    Err(Error::RateLimited { retry_after_ms: u64::try_from(rule.seconds * 1000 - into_window).unwrap_or_default() })
}
