//! Keys and what they hold: types, expiry, memory and watchers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::time::Instant;

use super::error::Error;
use super::resp::{BLOB_OVERHEAD, Blob};

/// Expired keys removed per write. More than one, so that writes outrun the keys they add.
const SWEEP: usize = 16;

/// A key's value.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    Text(Blob),
    Hash(Table),
    Set(Table),
}

/// The two kinds of value that have members.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Hash,
    Set,
}

/// Members and their values; in a set the values are empty.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Table {
    members: HashMap<Blob, Blob>,
    bytes: usize,
}

impl Table {
    /// Whether `member` is new.
    pub(super) fn insert(&mut self, member: Blob, value: Blob) -> bool {
        self.bytes += value.len();
        let length = member.len();
        match self.members.insert(member, value) {
            Some(old) => self.bytes -= old.len(),
            None => {
                self.bytes += length + BLOB_OVERHEAD;
                return true;
            }
        }
        false
    }

    /// Whether `member` was there.
    pub(super) fn remove(&mut self, member: &Blob) -> bool {
        let Some(value) = self.members.remove(member) else {
            return false;
        };
        self.bytes -= member.len() + value.len() + BLOB_OVERHEAD;
        true
    }

    pub(super) fn members(&self) -> &HashMap<Blob, Blob> {
        &self.members
    }
}

impl Value {
    fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Hash => Self::Hash(Table::default()),
            Kind::Set => Self::Set(Table::default()),
        }
    }

    fn table(&self, kind: Kind) -> Result<&Table, Error> {
        match (self, kind) {
            (Self::Hash(table), Kind::Hash) | (Self::Set(table), Kind::Set) => Ok(table),
            _ => Err(Error::WrongType),
        }
    }

    fn table_mut(&mut self, kind: Kind) -> Result<&mut Table, Error> {
        match (self, kind) {
            (Self::Hash(table), Kind::Hash) | (Self::Set(table), Kind::Set) => Ok(table),
            _ => Err(Error::WrongType),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text(_) => false,
            Self::Hash(table) | Self::Set(table) => table.members.is_empty(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Hash(table) | Self::Set(table) => table.bytes,
        }
    }
}

/// A value and the moment it ends, if ever.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) deadline: Option<Instant>,
}

impl Entry {
    fn is_live(&self, now: Instant) -> bool {
        self.deadline.is_none_or(|deadline| now < deadline)
    }

    fn cost(&self, key: &Blob) -> usize {
        key.len() + self.value.bytes() + BLOB_OVERHEAD
    }
}

/// Told when a key it watches changes.
pub(super) type Watcher = Arc<AtomicBool>;

/// All keys. Reads look past expired ones; writes remove them.
pub(super) struct Keyspace {
    entries: HashMap<Blob, Entry>,
    deadlines: BTreeSet<(Instant, Blob)>,
    watchers: HashMap<Blob, Vec<Watcher>>,
    used: usize,
    max: usize,
}

impl Keyspace {
    pub(super) fn new(max: usize) -> Self {
        Self { entries: HashMap::new(), deadlines: BTreeSet::new(), watchers: HashMap::new(), used: 0, max }
    }

    pub(super) fn find(&self, key: &Blob, now: Instant) -> Option<&Entry> {
        self.entries.get(key).filter(|entry| entry.is_live(now))
    }

    pub(super) fn text(&self, key: &Blob, now: Instant) -> Result<Option<Blob>, Error> {
        match self.find(key, now).map(|entry| &entry.value) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Error::WrongType),
        }
    }

    pub(super) fn table(&self, key: &Blob, kind: Kind, now: Instant) -> Result<Option<&Table>, Error> {
        self.find(key, now).map(|entry| entry.value.table(kind)).transpose()
    }

    /// Stores a value in place of whatever was there.
    pub(super) fn put(&mut self, key: Blob, entry: Entry) {
        self.touch(&key);
        self.take(&key);
        self.place(key, entry);
    }

    /// Removes a key and hands out what it held.
    pub(super) fn remove(&mut self, key: &Blob, now: Instant) -> Option<Entry> {
        let entry = self.take(key)?;
        self.touch(key);
        entry.is_live(now).then_some(entry)
    }

    /// Changes a hash or a set, made for the purpose if absent and dropped when empty.
    /// `edit` says how many members it added or removed; none means the key was not touched.
    pub(super) fn edit(
        &mut self,
        key: &Blob,
        kind: Kind,
        now: Instant,
        edit: impl FnOnce(&mut Table) -> usize,
    ) -> Result<usize, Error> {
        self.table(key, kind, now)?;
        self.forget_expired(key, now);
        let mut entry = self.take(key).unwrap_or_else(|| Entry { value: Value::empty(kind), deadline: None });
        let count = entry.value.table_mut(kind).map(edit);
        if !entry.value.is_empty() {
            self.place(key.clone(), entry);
        }
        if count != Ok(0) {
            self.touch(key);
        }
        count
    }

    /// Gives a key another deadline; `false` if there is no such key.
    pub(super) fn set_deadline(&mut self, key: &Blob, deadline: Option<Instant>, now: Instant) -> bool {
        self.forget_expired(key, now);
        let Some(entry) = self.take(key) else { return false };
        self.place(key.clone(), Entry { deadline, ..entry });
        self.touch(key);
        true
    }

    /// Makes sure `growth` more bytes fit, at the price of a full sweep if they would not.
    pub(super) fn reserve(&mut self, growth: usize, now: Instant) -> Result<(), Error> {
        if growth == 0 {
            return Ok(());
        }
        self.sweep(SWEEP, now);
        if self.used.saturating_add(growth) > self.max {
            self.sweep(usize::MAX, now);
        }
        if self.used.saturating_add(growth) > self.max { Err(Error::OutOfMemory) } else { Ok(()) }
    }

    pub(super) fn live_keys(&self, now: Instant) -> impl Iterator<Item = &Blob> {
        self.entries.iter().filter(move |(_, entry)| entry.is_live(now)).map(|(key, _)| key)
    }

    pub(super) fn live_count(&self, now: Instant) -> usize {
        self.entries.len() - self.deadlines.iter().take_while(|(deadline, _)| *deadline <= now).count()
    }

    pub(super) fn clear(&mut self) {
        let Self { entries, watchers, .. } = self;
        watchers.iter().filter(|(key, _)| entries.contains_key(*key)).for_each(|(_, watchers)| alert(watchers));
        self.entries.clear();
        self.deadlines.clear();
        self.used = 0;
    }

    /// Tells `watcher` of every change to `key` from now on.
    pub(super) fn watch(&mut self, key: &Blob, watcher: &Watcher, now: Instant) {
        // A key that is over already must not count as a change later.
        self.forget_expired(key, now);
        self.watchers.entry(key.clone()).or_default().push(watcher.clone());
    }

    pub(super) fn unwatch(&mut self, key: &Blob, watcher: &Watcher) {
        if let Some(watchers) = self.watchers.get_mut(key) {
            watchers.retain(|other| !Arc::ptr_eq(other, watcher));
            if watchers.is_empty() {
                self.watchers.remove(key);
            }
        }
    }

    pub(super) fn touch(&self, key: &Blob) {
        if let Some(watchers) = self.watchers.get(key) {
            alert(watchers);
        }
    }

    /// Removes a key that is over, and tells its watchers: they must not wait for the sweep.
    pub(super) fn forget_expired(&mut self, key: &Blob, now: Instant) {
        if self.entries.get(key).is_some_and(|entry| !entry.is_live(now)) {
            self.remove(key, now);
        }
    }

    fn sweep(&mut self, most: usize, now: Instant) {
        for _ in 0..most {
            let Some((deadline, key)) = self.deadlines.first() else {
                return;
            };
            if *deadline > now {
                return;
            }
            let key = key.clone();
            self.remove(&key, now);
        }
    }

    /// The only way out of `entries` for a single key, so that memory and deadlines stay right.
    fn take(&mut self, key: &Blob) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        self.used -= entry.cost(key);
        if let Some(deadline) = entry.deadline {
            self.deadlines.remove(&(deadline, key.clone()));
        }
        Some(entry)
    }

    /// The only way in; the caller has taken the old entry out.
    fn place(&mut self, key: Blob, entry: Entry) {
        self.used += entry.cost(&key);
        if let Some(deadline) = entry.deadline {
            self.deadlines.insert((deadline, key.clone()));
        }
        self.entries.insert(key, entry);
    }
}

fn alert(watchers: &[Watcher]) {
    watchers.iter().for_each(|watcher| watcher.store(true, Ordering::Relaxed));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::command::Request;
    use super::super::execute::State;
    use super::super::resp::Reply;
    use super::*;

    fn run(state: &mut State, line: &str, now: Instant) -> Reply {
        let arguments = line.split(' ').map(|argument| Blob::from(argument.as_bytes())).collect();
        Request::parse(arguments).map_or_else(Reply::Error, |request| state.run(request, now))
    }

    fn is_consistent(keyspace: &Keyspace) -> bool {
        let used: usize = keyspace.entries.iter().map(|(key, entry)| entry.cost(key)).sum();
        let timed = keyspace.entries.iter().filter_map(|(key, entry)| Some((entry.deadline?, key.clone())));
        let bytes = |table: &Table| -> usize {
            table.members.iter().map(|(member, value)| member.len() + value.len() + BLOB_OVERHEAD).sum()
        };
        let tables = keyspace.entries.values().all(|entry| match &entry.value {
            Value::Text(_) => true,
            Value::Hash(table) | Value::Set(table) => table.bytes == bytes(table) && !table.members.is_empty(),
        });
        keyspace.used == used && keyspace.used <= keyspace.max && keyspace.deadlines == timed.collect() && tables
    }

    #[test]
    fn writes_sweep_what_nobody_reads() {
        let mut state = State::new(1_000_000);
        let start = Instant::now();
        for n in 0..100 {
            run(&mut state, &format!("SET key:{n} x PX 5"), start);
        }
        let later = start + Duration::from_millis(5);
        assert_eq!(run(&mut state, "DBSIZE", later), Reply::Integer(0));
        for n in 0..10 {
            run(&mut state, &format!("SET other:{n} x"), later);
        }
        assert_eq!(state.keyspace.entries.len(), 10);
    }

    #[test]
    fn memory_is_refused_and_expired_keys_make_room() {
        let mut state = State::new(1000);
        let now = Instant::now();
        assert_eq!(run(&mut state, &format!("SET a {} PX 5", "x".repeat(600)), now), Reply::Error(Error::OutOfMemory));
        assert_eq!(run(&mut state, &format!("SETEX a 5 {}", "x".repeat(500)), now), Reply::OK);
        assert_eq!(run(&mut state, &format!("SET b {}", "x".repeat(500)), now), Reply::Error(Error::OutOfMemory));
        assert_eq!(run(&mut state, "DEL none", now), Reply::Integer(0));
        let later = now + Duration::from_secs(5);
        assert_eq!(run(&mut state, &format!("SET b {}", "x".repeat(500)), later), Reply::OK);
        assert!(is_consistent(&state.keyspace));
    }

    proptest! {
        /// Whatever is asked, the books are right: memory, deadlines, no empty collections.
        #[test]
        fn books_balance(steps in prop::collection::vec((0_usize..24, 0_u8..3, 0_u8..3, 0_u64..20), 0..60)) {
            let mut state = State::new(3000);
            let mut now = Instant::now();
            for (command, key, member, passed) in steps {
                now += Duration::from_millis(passed);
                let line = match command {
                    0..3 => format!("SET {key} {member}"),
                    3..5 => format!("SET {key} {member} PX 15 XX GET"),
                    5..7 => format!("SET {key} 7 PX 10 NX"),
                    7 => format!("SET {key} 7 KEEPTTL"),
                    8..11 => format!("HSET {key} {member} {passed} x y"),
                    11 => format!("HDEL {key} {member} x"),
                    12..15 => format!("SADD {key} {member} a b"),
                    15..17 => format!("SREM {key} {member} a"),
                    17..19 => format!("PEXPIRE {key} {passed} XX LT"),
                    19 => format!("PEXPIRE {key} {passed}"),
                    20 => format!("PERSIST {key}"),
                    21 => format!("GETDEL {key}"),
                    22 => format!("INCRBY {key} {passed}"),
                    _ => format!("DEL {key} 1"),
                };
                run(&mut state, &line, now);
                prop_assert!(is_consistent(&state.keyspace), "after {line}");
            }
        }
    }
}
