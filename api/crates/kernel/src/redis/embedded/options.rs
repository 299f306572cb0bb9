//! Arguments of the commands that take more than keys and values.

use std::time::Duration;

use super::command::Arguments;
use super::error::Error;
use super::resp::{Blob, integer};

/// Milliseconds in one unit of `EX`, `SETEX` and `EXPIRE`.
pub(super) const SECOND: i64 = 1000;
/// The unit of `PX` and `PEXPIRE`.
pub(super) const MILLISECOND: i64 = 1;
/// Longest lifetime, far beyond any use and small enough that adding a date to it cannot overflow.
const MAX_LIFETIME: i64 = i64::MAX / 2;

/// `SET`, `SETEX`: what to store, for how long, and on which condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    pub(super) key: Blob,
    pub(super) value: Blob,
    pub(super) lifetime: Lifetime,
    pub(super) presence: Option<Presence>,
    pub(super) returns_old: bool,
}

/// How long a value set now will live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    Forever,
    Keep,
    For(Duration),
}

/// Whether the key has to be there already (`XX`) or must not be (`NX`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    Present,
}

impl Set {
    pub(super) fn parse(arguments: &mut Arguments) -> Result<Self, Error> {
        let mut set = Self {
            key: arguments.take()?,
            value: arguments.take()?,
            lifetime: Lifetime::Forever,
            presence: None,
            returns_old: false,
        };
        while let Some(option) = arguments.next() {
            match option.to_ascii_uppercase().as_slice() {
                b"NX" if set.presence != Some(Presence::Present) => set.presence = Some(Presence::Absent),
                b"XX" if set.presence != Some(Presence::Absent) => set.presence = Some(Presence::Present),
                b"GET" => set.returns_old = true,
                b"KEEPTTL" if !matches!(set.lifetime, Lifetime::For(_)) => set.lifetime = Lifetime::Keep,
                b"EX" if set.lifetime == Lifetime::Forever => set.lifetime = lifetime(arguments, SECOND)?,
                b"PX" if set.lifetime == Lifetime::Forever => set.lifetime = lifetime(arguments, MILLISECOND)?,
                _ => return Err(Error::Syntax),
            }
        }
        Ok(set)
    }

    /// `SETEX key seconds value`.
    pub(super) fn parse_expiring(arguments: &mut Arguments) -> Result<Self, Error> {
        let key = arguments.take()?;
        let lifetime = lifetime(arguments, SECOND)?;
        Ok(Self { key, value: arguments.take()?, lifetime, presence: None, returns_old: false })
    }
}

fn lifetime(arguments: &mut Arguments, unit: i64) -> Result<Lifetime, Error> {
    let amount = arguments.next().ok_or(Error::Syntax)?;
    let milliseconds = milliseconds(&amount, unit, arguments.command())?;
    let milliseconds = u64::try_from(milliseconds).ok().filter(|milliseconds| *milliseconds > 0);
    milliseconds.map(Duration::from_millis).map(Lifetime::For).ok_or(Error::ExpireTime(arguments.command()))
}

fn milliseconds(amount: &[u8], unit: i64, command: &'static str) -> Result<i64, Error> {
    let milliseconds = integer(amount).ok_or(Error::NotInteger)?.checked_mul(unit);
    milliseconds
        .filter(|milliseconds| (-MAX_LIFETIME..=MAX_LIFETIME).contains(milliseconds))
        .ok_or(Error::ExpireTime(command))
}

/// `EXPIRE`, `PEXPIRE`: a lifetime that may be over already, and when to accept it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expire {
    pub(super) key: Blob,
    /// Zero or less removes the key.
    pub(super) milliseconds: i64,
    pub(super) condition: Option<ExpireCondition>,
}

/// When a new expiry replaces the old one. A key without expiry counts as living forever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExpireCondition {
    /// `NX`: only if there is none yet.
    Unset,
    /// `XX`: only if there is one.
    Set,
    /// `GT`: only if it is later. `XX GT` says the same, since nothing is later than never.
    Later,
    /// `LT`: only if it is sooner.
    Sooner,
    /// `XX LT`: only if there is one and the new one is sooner.
    SetAndSooner,
}

impl Expire {
    pub(super) fn parse(arguments: &mut Arguments, unit: i64) -> Result<Self, Error> {
        let (key, amount) = (arguments.take()?, arguments.take()?);
        let condition = ExpireCondition::parse(arguments)?;
        Ok(Self { key, milliseconds: milliseconds(&amount, unit, arguments.command())?, condition })
    }
}

impl ExpireCondition {
    fn parse(arguments: &mut Arguments) -> Result<Option<Self>, Error> {
        let (mut unset, mut set, mut later, mut sooner) = (false, false, false, false);
        while let Some(option) = arguments.next() {
            match option.to_ascii_uppercase().as_slice() {
                b"NX" => unset = true,
                b"XX" => set = true,
                b"GT" => later = true,
                b"LT" => sooner = true,
                _ => return Err(Error::ExpireOption(String::from_utf8_lossy(&option).into_owned())),
            }
        }
        match (unset, set, later, sooner) {
            (true, true, ..) | (true, _, true, _) | (true, _, _, true) => Err(Error::ExpireConditions),
            (_, _, true, true) => Err(Error::ExpireBounds),
            (true, ..) => Ok(Some(Self::Unset)),
            (_, _, true, _) => Ok(Some(Self::Later)),
            (_, true, _, true) => Ok(Some(Self::SetAndSooner)),
            (_, _, _, true) => Ok(Some(Self::Sooner)),
            (_, true, ..) => Ok(Some(Self::Set)),
            _ => Ok(None),
        }
    }
}

/// `SCAN`: where to go on and what to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) cursor: u64,
    pub(super) pattern: Option<Blob>,
}

impl Scan {
    /// `COUNT` is checked and otherwise ignored: Redis too takes it as a hint.
    pub(super) fn parse(arguments: &mut Arguments) -> Result<Self, Error> {
        let cursor = arguments.take()?;
        let cursor = std::str::from_utf8(&cursor).ok().and_then(|digits| digits.parse().ok()).ok_or(Error::Cursor)?;
        let mut pattern = None;
        while let Some(option) = arguments.next() {
            let operand = arguments.next().ok_or(Error::Syntax)?;
            match option.to_ascii_uppercase().as_slice() {
                b"MATCH" => pattern = Some(operand),
                b"COUNT" if integer(&operand).ok_or(Error::NotInteger)? > 0 => {}
                _ => return Err(Error::Syntax),
            }
        }
        Ok(Self { cursor, pattern })
    }
}
