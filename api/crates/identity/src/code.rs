//! One-time codes (短信验证码): six digits, five minutes, one use, five tries; limits per phone and per address, the stricter
//! of two published sets, over both windows. They live in Redis only: without Redis no code is sent or taken.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::base::Base;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::redis::rate::{RateLimiter, Rule};
use kernel::vault::{Purpose, same_bytes};

use crate::address::network_of;
use crate::phone::Phone;

/// How long a code may be used.
pub const LIFE: TimeDelta = TimeDelta::minutes(5);
/// How often a wrong code may be tried before the right one is refused too.
const TRIES: i64 = 5;
/// Least time between two codes to one phone.
const GAP: TimeDelta = TimeDelta::seconds(60);

const PER_PHONE: [Rule; 2] = [
    Rule { name: "code-phone-hour", limit: 5, seconds: 3600 },
    Rule { name: "code-phone-day", limit: 10, seconds: 86_400 },
];
const PER_ADDRESS: [Rule; 2] = [
    Rule { name: "code-address-hour", limit: 20, seconds: 3600 },
    Rule { name: "code-address-day", limit: 30, seconds: 86_400 },
];
const GUESSES_PER_ADDRESS: Rule = Rule { name: "code-guess-address", limit: 60, seconds: 3600 };

/// Where codes go. The edge to SMS gateways.
pub trait CodeSender: Send + Sync + 'static {
    /// Sends a code, or hands it to whoever will.
    ///
    /// # Errors
    /// A fault when it cannot be handed over.
    fn send(&self, phone: &Phone, code: &str) -> anyhow::Result<()>;
}

/// Makes a code for a phone and sends it. Known and unknown numbers take the same path.
///
/// # Errors
/// [`Error::RateLimited`] past a limit; [`Error::Unavailable`] when no sender is configured or Redis is gone.
pub async fn send(base: &Base, sender: Option<&dyn CodeSender>, phone: &Phone, address: &str) -> Result<()> {
    let sender = sender.ok_or(Error::Unavailable("code_sender"))?;
    let now = base.clock.now();
    let (name, address) = (name_of(base, phone), network_of(address));
    for rule in PER_ADDRESS {
        RateLimiter::admit_strictly(&base.redis, now, rule, &address, 1).await?;
    }
    keep_gap(base, &name, now).await?;
    for rule in PER_PHONE {
        RateLimiter::admit_strictly(&base.redis, now, rule, &name, 1).await?;
    }
    let code = six_digits(base)?;
    let expires = (now + LIFE).timestamp_micros();
    let stored = format!("{expires}:{}", hash(base, &name, &code));
    let seconds = LIFE.num_seconds();
    let mut commands = redis::pipe();
    commands.atomic();
    commands.cmd("SET").arg(base.redis.key(&format!("code:{name}"))).arg(stored).arg("EX").arg(seconds).ignore();
    commands.cmd("SET").arg(base.redis.key(&format!("code-tries:{name}"))).arg(0).arg("EX").arg(seconds).ignore();
    base.redis.send::<()>(&commands).await?;
    sender.send(phone, &code)?;
    Ok(())
}

/// Takes a code: right, in time, not tried too often, and only once.
///
/// # Errors
/// `CODE_INCORRECT` or `CODE_EXPIRED` as refusals; [`Error::RateLimited`]; [`Error::Unavailable`] when Redis is gone.
pub async fn redeem(base: &Base, phone: &Phone, code: &str, address: &str) -> Result<()> {
    let now = base.clock.now();
    RateLimiter::admit_strictly(&base.redis, now, GUESSES_PER_ADDRESS, &network_of(address), 1).await?;
    let name = name_of(base, phone);
    let code_key = base.redis.key(&format!("code:{name}"));
    let tries_key = base.redis.key(&format!("code-tries:{name}"));
    let mut commands = redis::pipe();
    commands.atomic().cmd("INCR").arg(&tries_key).cmd("GET").arg(&code_key);
    commands.cmd("EXPIRE").arg(&tries_key).arg(LIFE.num_seconds()).ignore();
    let (tries, stored): (i64, Option<String>) = base.redis.send(&commands).await?;
    let stored = stored.as_deref().and_then(|stored| stored.split_once(':'));
    let Some((expires, expected)) = stored else { return Err(expired()) };
    if tries > TRIES || expires.parse::<i64>().unwrap_or_default() <= now.timestamp_micros() {
        return Err(expired());
    }
    if !same_bytes(hash(base, &name, code.trim()).as_bytes(), expected.as_bytes()) {
        return Err(Error::refused_at(UserErrorCode::CodeIncorrect, "code"));
    }
    // Of several calls with the right code, the one that deletes it wins.
    let mut commands = redis::pipe();
    commands.cmd("DEL").arg(&code_key);
    let (deleted,): (i64,) = base.redis.send(&commands).await?;
    if deleted == 1 { Ok(()) } else { Err(expired()) }
}

fn expired() -> Error {
    Error::refused_at(UserErrorCode::CodeExpired, "code")
}

/// Lets one code pass per minute and phone. A marker per minute of the clock, taken by the first caller; then the marker of
/// the minute before tells whether a full minute has passed.
async fn keep_gap(base: &Base, name: &str, now: DateTime<Utc>) -> Result<()> {
    let window = now.timestamp().div_euclid(GAP.num_seconds());
    let marker = |window: i64| base.redis.key(&format!("code-gap:{name}:{window}"));
    let mut commands = redis::pipe();
    commands.atomic();
    commands.cmd("SET").arg(marker(window)).arg(now.timestamp_millis()).arg("NX").arg("EX").arg(120);
    commands.cmd("GET").arg(marker(window)).cmd("GET").arg(marker(window - 1));
    let (taken, current, before): (Option<String>, Option<i64>, Option<i64>) = base.redis.send(&commands).await?;
    let wait = |sent: i64| sent + GAP.num_milliseconds() - now.timestamp_millis();
    let last = if taken.is_none() { current } else { before };
    match last.map(wait) {
        Some(left) if left > 0 => {
            if taken.is_some() {
                let mut commands = redis::pipe();
                commands.cmd("DEL").arg(marker(window)).ignore();
                base.redis.send::<()>(&commands).await?;
            }
            Err(Error::RateLimited { retry_after_ms: u64::try_from(left).unwrap_or_default() })
        }
        _ => Ok(()),
    }
}

/// The phone's name in Redis: its blind index.
fn name_of(base: &Base, phone: &Phone) -> String {
    hex(&base.vault.keyed_hash(Purpose::PhoneIndex, phone.e164().as_bytes()))
}

fn hash(base: &Base, name: &str, code: &str) -> String {
    hex(&base.vault.keyed_hash(Purpose::OneTimeCode, format!("{name}:{code}").as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Six digits, each equally likely: draws are repeated until they fall below the largest multiple of a million.
fn six_digits(base: &Base) -> Result<String> {
    loop {
        let mut random = [0; 4];
        base.chance.fill(&mut random)?;
        let number = u32::from_le_bytes(random);
        if number < 4_294_000_000 {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}
