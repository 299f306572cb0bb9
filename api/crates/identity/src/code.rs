//! One-time codes (短信验证码): six digits, five minutes, one use, five tries; limits per phone and per address, the stricter
//! of two published sets, over windows that slide. They live in Redis only: without Redis no code is sent or taken.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::base::Base;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::redis::rate::{RateLimiter, Rule};
use kernel::redis::window::{self, Window};
use kernel::vault::{Purpose, hex, same_bytes};

use crate::address::network_of;
use crate::delivery;
use crate::phone::Phone;

/// How long a code may be used.
pub const LIFE: TimeDelta = TimeDelta::minutes(5);
/// How often a wrong code may be tried before the right one is refused too.
const TRIES: i64 = 5;

/// Codes to one phone, whatever they are for.
const PER_PHONE: [Window; 3] =
    [Window { limit: 1, seconds: 60 }, Window { limit: 5, seconds: 3600 }, Window { limit: 10, seconds: 86_400 }];
/// Codes asked for from one address.
const PER_ADDRESS: [Window; 2] = [Window { limit: 20, seconds: 3600 }, Window { limit: 30, seconds: 86_400 }];
const GUESSES_PER_ADDRESS: Rule = Rule { name: "code-guess-address", limit: 60, seconds: 3600 };

/// What a code is for (用途): one for this is none for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// 登录 / signing in.
    SignIn,
    /// 换绑 / changing the number.
    ChangePhone,
    /// 注销 / deleting the account.
    DeleteAccount,
    /// 遗失换绑 / taking a lost number away, at the neighbourhood's counter.
    ReplaceLostPhone,
}

impl Occasion {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::ChangePhone => "change-phone",
            Self::DeleteAccount => "delete-account",
            Self::ReplaceLostPhone => "replace-lost-phone",
        }
    }
}

/// Makes a code for a phone and queues it. Known and unknown numbers take the same path.
///
/// # Errors
/// [`Error::RateLimited`] past a limit; [`Error::Unavailable`] when Redis is gone.
pub async fn send(base: &Base, phone: &Phone, occasion: Occasion, address: &str) -> Result<()> {
    let now = base.clock.now();
    // The least is the same on all nodes, whichever key is in force there.
    let owner = hex(&phone.indexes(&base.vault).into_iter().min().unwrap_or_default());
    let (name, others) = names_of(base, phone, occasion);
    // The address first: who is refused here must not use up what a phone may get.
    window::admit(&base.redis, now, &format!("code-address:{}", network_of(address)), &PER_ADDRESS).await?;
    window::admit(&base.redis, now, &format!("code-phone:{owner}"), &PER_PHONE).await?;
    let code = six_digits(base)?;
    let expires = now + LIFE;
    let stored = format!("{}:{}", expires.timestamp_micros(), hash(base, &name, &code));
    let seconds = LIFE.num_seconds();
    let mut commands = redis::pipe();
    commands.atomic();
    commands.cmd("SET").arg(base.redis.key(&format!("code:{name}"))).arg(stored).arg("EX").arg(seconds).ignore();
    commands.cmd("SET").arg(base.redis.key(&format!("code-tries:{name}"))).arg(0).arg("EX").arg(seconds).ignore();
    // A code asked for before is void, also where another key of the ring was in force.
    for other in others {
        commands.cmd("DEL").arg(base.redis.key(&format!("code:{other}"))).ignore();
    }
    base.redis.send::<()>(&commands).await?;
    delivery::queue(base, phone, &code, expires).await
}

/// Takes a code: right, in time, not tried too often, and only once.
///
/// # Errors
/// `CODE_INCORRECT` or `CODE_EXPIRED` as refusals; [`Error::RateLimited`]; [`Error::Unavailable`] when Redis is gone.
pub async fn redeem(base: &Base, phone: &Phone, occasion: Occasion, code: &str, address: &str) -> Result<()> {
    let now = base.clock.now();
    RateLimiter::admit_strictly(&base.redis, now, GUESSES_PER_ADDRESS, &network_of(address), 1).await?;
    let (name, others) = names_of(base, phone, occasion);
    for name in std::iter::once(name).chain(others) {
        if let Some(taken) = take(base, &name, code, now).await? {
            return if taken { Ok(()) } else { Err(expired()) };
        }
    }
    Err(expired())
}

/// Takes the code of a name: whether it could be taken; nothing when there is none.
async fn take(base: &Base, name: &str, code: &str, now: DateTime<Utc>) -> Result<Option<bool>> {
    let code_key = base.redis.key(&format!("code:{name}"));
    let tries_key = base.redis.key(&format!("code-tries:{name}"));
    let mut commands = redis::pipe();
    commands.atomic().cmd("INCR").arg(&tries_key).cmd("GET").arg(&code_key);
    commands.cmd("EXPIRE").arg(&tries_key).arg(LIFE.num_seconds()).ignore();
    let (tries, stored): (i64, Option<String>) = base.redis.send(&commands).await?;
    let stored = stored.as_deref().and_then(|stored| stored.split_once(':'));
    let Some((expires, expected)) = stored else { return Ok(None) };
    if tries > TRIES || expires.parse::<i64>().unwrap_or_default() <= now.timestamp_micros() {
        return Ok(Some(false));
    }
    let words = format!("{name}:{}", code.trim());
    let hashes = base.vault.keyed_hashes(Purpose::OneTimeCode, words.as_bytes());
    if !hashes.iter().any(|hash| same_bytes(hex(hash).as_bytes(), expected.as_bytes())) {
        return Err(Error::refused_at(UserErrorCode::CodeIncorrect, "code"));
    }
    // Of several calls with the right code, the one that deletes it wins.
    let mut commands = redis::pipe();
    commands.cmd("DEL").arg(&code_key);
    let (deleted,): (i64,) = base.redis.send(&commands).await?;
    Ok(Some(deleted == 1))
}

fn expired() -> Error {
    Error::refused_at(UserErrorCode::CodeExpired, "code")
}

/// The name of a phone's codes for an occasion, and what they were called by nodes where another key of the ring is in force.
fn names_of(base: &Base, phone: &Phone, occasion: Occasion) -> (String, impl Iterator<Item = String>) {
    let name = move |index: Vec<u8>| format!("{}:{}", occasion.name(), hex(&index));
    let others = phone.indexes(&base.vault).into_iter().skip(1).map(name);
    (name(phone.index(&base.vault)), others)
}

fn hash(base: &Base, name: &str, code: &str) -> String {
    hex(&base.vault.keyed_hash(Purpose::OneTimeCode, format!("{name}:{code}").as_bytes()))
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
