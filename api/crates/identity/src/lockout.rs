//! Lock-out (锁定): who guesses passwords of a name from an address is locked out of that name, from there only. Counted by name,
//! known or not, so that names cannot be told apart; before the password is checked, so that a burst gains nothing.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::base::Base;
use kernel::error::Result;
use kernel::vault::{hex, sha256};

/// Wrong passwords of a name from an address, and for how long they lock it out (等保2.0).
const FAILURES: i64 = 5;
pub const LOCK: TimeDelta = TimeDelta::minutes(15);

/// A try that was let through.
pub struct Try {
    lock: String,
    count: String,
    number: i64,
}

/// Counts a try of a name from an address; `None` while that address is locked out.
///
/// # Errors
/// [`kernel::error::Error::Unavailable`] when Redis is gone.
pub async fn begin(base: &Base, username: &str, address: &str, now: DateTime<Utc>) -> Result<Option<Try>> {
    let name = hex(&sha256(format!("{}\n{address}", username.to_lowercase()).as_bytes()));
    let window = now.timestamp().div_euclid(LOCK.num_seconds());
    let lock = base.redis.key(&format!("password-lock:{name}"));
    let count = base.redis.key(&format!("password-wrong:{name}:{window}"));
    let mut commands = redis::pipe();
    commands.cmd("GET").arg(&lock);
    let (until,): (Option<i64>,) = base.redis.send(&commands).await?;
    if until.is_some_and(|until| until > now.timestamp_millis()) {
        return Ok(None);
    }
    let mut commands = redis::pipe();
    commands.atomic().cmd("INCR").arg(&count).cmd("EXPIRE").arg(&count).arg(LOCK.num_seconds()).ignore();
    let (number,): (i64,) = base.redis.send(&commands).await?;
    Ok((number <= FAILURES).then_some(Try { lock, count, number }))
}

impl Try {
    /// The password was wrong: the last of the allowed tries locks the address out.
    ///
    /// # Errors
    /// As [`begin`].
    pub async fn failed(self, base: &Base, now: DateTime<Utc>) -> Result<()> {
        if self.number < FAILURES {
            return Ok(());
        }
        let until = (now + LOCK).timestamp_millis();
        let mut commands = redis::pipe();
        commands.cmd("SET").arg(&self.lock).arg(until).arg("EX").arg(LOCK.num_seconds()).ignore();
        base.redis.send(&commands).await
    }

    /// The password was right: what was wrong before is forgotten.
    ///
    /// # Errors
    /// As [`begin`].
    pub async fn succeeded(self, base: &Base) -> Result<()> {
        let mut commands = redis::pipe();
        commands.cmd("DEL").arg(&self.count).ignore();
        base.redis.send(&commands).await
    }
}
