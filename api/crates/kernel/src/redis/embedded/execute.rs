//! What each command does to the keyspace and the channels.

use std::time::Duration;

use tokio::time::Instant;

use super::channels::Channels;
use super::command::{Command, Request};
use super::error::Error;
use super::glob;
use super::keyspace::{Entry, Keyspace, Kind, Value};
use super::options::{Expire, ExpireCondition, Lifetime, Presence, Scan, Set};
use super::resp::{Blob, Reply, integer};

/// Everything the server knows, behind its one lock.
pub(super) struct State {
    pub(super) keyspace: Keyspace,
    pub(super) channels: Channels,
}

impl State {
    pub(super) fn new(max_memory: usize) -> Self {
        Self { keyspace: Keyspace::new(max_memory), channels: Channels::default() }
    }

    /// Runs one request, if memory allows it.
    pub(super) fn run(&mut self, request: Request, now: Instant) -> Reply {
        let allowed = self.keyspace.reserve(request.growth, now);
        allowed.and_then(|()| self.execute(request.command, now)).unwrap_or_else(Reply::Error)
    }

    fn execute(&mut self, command: Command, now: Instant) -> Result<Reply, Error> {
        let keyspace = &mut self.keyspace;
        Ok(match command {
            Command::Faulty(error) => return Err(error),
            Command::Ping(None) => Reply::Status("PONG"),
            Command::Ping(Some(message)) | Command::Echo(message) => Reply::Bulk(message),
            Command::Introduce | Command::Select(0) | Command::Unwatch => Reply::OK,
            Command::Select(_) => return Err(Error::DatabaseIndex),
            Command::Get(key) => keyspace.text(&key, now)?.into(),
            Command::MGet(keys) => {
                Reply::Array(keys.iter().map(|key| keyspace.text(key, now).unwrap_or_default().into()).collect())
            }
            Command::Set(set) => assign(keyspace, set, now)?,
            Command::GetDel(key) => withdraw(keyspace, &key, now)?,
            Command::IncrBy(key, amount) => increment(keyspace, key, amount, now)?,
            Command::Del(keys) => Reply::count(keys.iter().filter_map(|key| keyspace.remove(key, now)).count()),
            Command::Exists(keys) => Reply::count(keys.iter().filter_map(|key| keyspace.find(key, now)).count()),
            Command::Expire(expire) => limit(keyspace, &expire, now),
            Command::Ttl(key) => remaining(keyspace, &key, now, |left| (left + 500) / 1000),
            Command::PTtl(key) => remaining(keyspace, &key, now, |left| left),
            Command::Persist(key) => persist(keyspace, &key, now),
            Command::HSet(key, fields) => set_fields(keyspace, &key, fields, now)?,
            Command::HGet(key, field) => field_of(keyspace, &key, &field, now)?,
            Command::HGetAll(key) => all_fields(keyspace, &key, now)?,
            Command::HDel(key, fields) => remove_members(keyspace, &key, Kind::Hash, &fields, now)?,
            Command::SAdd(key, members) => add_members(keyspace, &key, members, now)?,
            Command::SRem(key, members) => remove_members(keyspace, &key, Kind::Set, &members, now)?,
            Command::SMembers(key) => {
                let table = keyspace.table(&key, Kind::Set, now)?;
                Reply::bulks(table.into_iter().flat_map(|table| table.members().keys().cloned()))
            }
            Command::SIsMember(key, member) => {
                let table = keyspace.table(&key, Kind::Set, now)?;
                Reply::count(table.is_some_and(|table| table.members().contains_key(&member)).into())
            }
            Command::SCard(key) => {
                Reply::count(keyspace.table(&key, Kind::Set, now)?.map_or(0, |table| table.members().len()))
            }
            Command::Scan(scan) => snapshot(keyspace, &scan, now),
            Command::DbSize => Reply::count(keyspace.live_count(now)),
            Command::Flush => {
                keyspace.clear();
                Reply::OK
            }
            Command::Publish(channel, message) => Reply::count(self.channels.publish(&channel, message)),
            // The session keeps these to itself, so they get here only out of a transaction's queue.
            Command::Quit | Command::Subscribe(_) | Command::Unsubscribe(_) => return Err(Error::NotInMulti),
            Command::Multi | Command::Exec | Command::Discard => return Err(Error::NestedMulti),
            Command::Watch(_) => return Err(Error::WatchInMulti),
        })
    }
}

fn assign(keyspace: &mut Keyspace, set: Set, now: Instant) -> Result<Reply, Error> {
    let old = if set.returns_old { keyspace.text(&set.key, now)?.into() } else { Reply::Nil };
    let current = keyspace.find(&set.key, now);
    let refused = match set.presence {
        None => false,
        Some(Presence::Absent) => current.is_some(),
        Some(Presence::Present) => current.is_none(),
    };
    if refused {
        return Ok(old);
    }
    let deadline = match set.lifetime {
        Lifetime::Forever => None,
        Lifetime::Keep => current.and_then(|entry| entry.deadline),
        // A moment the clock cannot express is never reached.
        Lifetime::For(time) => now.checked_add(time),
    };
    keyspace.put(set.key, Entry { value: Value::Text(set.value), deadline });
    Ok(if set.returns_old { old } else { Reply::OK })
}

fn withdraw(keyspace: &mut Keyspace, key: &Blob, now: Instant) -> Result<Reply, Error> {
    let text = keyspace.text(key, now)?;
    keyspace.remove(key, now);
    Ok(text.into())
}

fn increment(keyspace: &mut Keyspace, key: Blob, amount: i64, now: Instant) -> Result<Reply, Error> {
    let current = match keyspace.text(&key, now)? {
        None => 0,
        Some(text) => integer(&text).ok_or(Error::NotInteger)?,
    };
    let sum = current.checked_add(amount).ok_or(Error::Overflow)?;
    let deadline = keyspace.find(&key, now).and_then(|entry| entry.deadline);
    let value = Value::Text(Blob::from(sum.to_string().as_bytes()));
    keyspace.put(key, Entry { value, deadline });
    Ok(Reply::Integer(sum))
}

fn limit(keyspace: &mut Keyspace, expire: &Expire, now: Instant) -> Reply {
    let Some(entry) = keyspace.find(&expire.key, now) else {
        return Reply::Integer(0);
    };
    let lifetime = u64::try_from(expire.milliseconds).unwrap_or(0);
    let deadline = now.checked_add(Duration::from_millis(lifetime));
    // No deadline is the latest of all.
    let is_later = match (deadline, entry.deadline) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(new), Some(old)) => new > old,
    };
    let is_sooner = match (deadline, entry.deadline) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(new), Some(old)) => new < old,
    };
    let accepted = match expire.condition {
        None => true,
        Some(ExpireCondition::Unset) => entry.deadline.is_none(),
        Some(ExpireCondition::Set) => entry.deadline.is_some(),
        Some(ExpireCondition::Later) => is_later,
        Some(ExpireCondition::Sooner) => is_sooner,
        Some(ExpireCondition::SetAndSooner) => entry.deadline.is_some() && is_sooner,
    };
    if !accepted {
        return Reply::Integer(0);
    }
    if lifetime == 0 {
        keyspace.remove(&expire.key, now);
    } else {
        keyspace.set_deadline(&expire.key, deadline, now);
    }
    Reply::Integer(1)
}

/// Milliseconds left, rounded up so that a fresh expiry reads as it was given.
fn remaining(keyspace: &Keyspace, key: &Blob, now: Instant, unit: fn(i64) -> i64) -> Reply {
    let Some(entry) = keyspace.find(key, now) else {
        return Reply::Integer(-2);
    };
    let Some(deadline) = entry.deadline else {
        return Reply::Integer(-1);
    };
    let left = (deadline - now).as_nanos().div_ceil(1_000_000);
    Reply::Integer(i64::try_from(left).map_or(i64::MAX, unit))
}

fn persist(keyspace: &mut Keyspace, key: &Blob, now: Instant) -> Reply {
    let is_limited = keyspace.find(key, now).is_some_and(|entry| entry.deadline.is_some());
    Reply::count((is_limited && keyspace.set_deadline(key, None, now)).into())
}

fn set_fields(keyspace: &mut Keyspace, key: &Blob, fields: Vec<(Blob, Blob)>, now: Instant) -> Result<Reply, Error> {
    let added = keyspace.edit(key, Kind::Hash, now, |table| {
        fields.into_iter().map(|(field, value)| table.insert(field, value)).filter(|is_new| *is_new).count()
    })?;
    // A field set anew is a change even when no field was added.
    keyspace.touch(key);
    Ok(Reply::count(added))
}

fn field_of(keyspace: &Keyspace, key: &Blob, field: &Blob, now: Instant) -> Result<Reply, Error> {
    let table = keyspace.table(key, Kind::Hash, now)?;
    Ok(table.and_then(|table| table.members().get(field)).cloned().into())
}

fn all_fields(keyspace: &Keyspace, key: &Blob, now: Instant) -> Result<Reply, Error> {
    let table = keyspace.table(key, Kind::Hash, now)?;
    let fields = table.into_iter().flat_map(|table| table.members());
    Ok(Reply::bulks(fields.flat_map(|(field, value)| [field.clone(), value.clone()])))
}

fn add_members(keyspace: &mut Keyspace, key: &Blob, members: Vec<Blob>, now: Instant) -> Result<Reply, Error> {
    let added = keyspace.edit(key, Kind::Set, now, |table| {
        members.into_iter().map(|member| table.insert(member, Blob::default())).filter(|is_new| *is_new).count()
    })?;
    Ok(Reply::count(added))
}

fn remove_members(
    keyspace: &mut Keyspace,
    key: &Blob,
    kind: Kind,
    members: &[Blob],
    now: Instant,
) -> Result<Reply, Error> {
    let removed =
        keyspace.edit(key, kind, now, |table| members.iter().filter(|member| table.remove(member)).count())?;
    Ok(Reply::count(removed))
}

/// All matching keys at once: the whole keyspace fits one page, so the only cursor ever handed out is the last.
fn snapshot(keyspace: &Keyspace, scan: &Scan, now: Instant) -> Reply {
    let is_wanted =
        |key: &&Blob| scan.cursor == 0 && scan.pattern.as_ref().is_none_or(|pattern| glob::matches(pattern, key));
    let keys = Reply::bulks(keyspace.live_keys(now).filter(is_wanted).cloned());
    Reply::Array(vec![Reply::text("0"), keys])
}
