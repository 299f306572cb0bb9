//! What a connection holds between requests: its queued transaction, watched keys and channel names.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use tokio::time::Instant;

use super::command::{Command, Request};
use super::error::Error;
use super::execute::State;
use super::keyspace::{Keyspace, Watcher};
use super::resp::{BLOB_OVERHEAD, Blob, Reply};

/// Bytes of requests that one transaction may queue.
const MAX_TRANSACTION: usize = 8 * 1024 * 1024;
/// Bytes of names one connection may watch, and again as many it may subscribe to.
const MAX_NAMES: usize = 1024 * 1024;

/// Requests waiting for `EXEC`.
#[derive(Default)]
pub(super) struct Transaction {
    requests: Vec<Request>,
    size: usize,
    growth: usize,
    is_spoiled: bool,
}

impl Transaction {
    pub(super) fn enqueue(&mut self, request: Request, keyspace: &mut Keyspace, now: Instant) -> Result<Reply, Error> {
        if matches!(request.command, Command::Subscribe(_) | Command::Unsubscribe(_)) {
            return Err(Error::NotInMulti);
        }
        if self.size + request.size > MAX_TRANSACTION {
            return Err(Error::TransactionTooLong);
        }
        if request.growth > 0 {
            keyspace.reserve(self.growth + request.growth, now)?;
        }
        self.size += request.size;
        self.growth += request.growth;
        self.requests.push(request);
        Ok(Reply::Status("QUEUED"))
    }

    /// Marks that a request was refused while queueing. The rest will not run, so it need not be kept.
    pub(super) fn spoil(&mut self) {
        *self = Self { is_spoiled: true, ..Self::default() };
    }

    /// Runs the queue. The caller holds the lock throughout: nobody sees it half done.
    pub(super) fn run(self, state: &mut State, watched: &mut Watched, now: Instant) -> Result<Reply, Error> {
        let is_stale = watched.release(&mut state.keyspace, now);
        if self.is_spoiled {
            return Err(Error::Aborted);
        }
        if is_stale {
            return Ok(Reply::NilArray);
        }
        state.keyspace.reserve(self.growth, now).map_err(|_| Error::AbortedOutOfMemory)?;
        Ok(Reply::Array(self.requests.into_iter().map(|request| state.run(request, now)).collect()))
    }
}

/// The keys whose change stops the next transaction.
#[derive(Default)]
pub(super) struct Watched {
    keys: Names,
    /// Set by the keyspace when one of them changes.
    is_stale: Watcher,
}

impl Watched {
    pub(super) fn add(&mut self, keys: &[Blob], keyspace: &mut Keyspace, now: Instant) -> Result<(), Error> {
        for key in keys {
            if self.keys.add(key)? {
                keyspace.watch(key, &self.is_stale, now);
            }
        }
        Ok(())
    }

    /// Watches nothing any more; returns whether a watched key has changed or expired meanwhile.
    pub(super) fn release(&mut self, keyspace: &mut Keyspace, now: Instant) -> bool {
        for key in self.keys.drain() {
            keyspace.forget_expired(&key, now);
            keyspace.unwatch(&key, &self.is_stale);
        }
        self.is_stale.swap(false, Ordering::Relaxed)
    }
}

/// Names a connection holds in the server, bounded so that a client cannot fill memory with them.
#[derive(Default)]
pub(super) struct Names {
    names: HashSet<Blob>,
    size: usize,
}

impl Names {
    /// Whether `name` is new here.
    pub(super) fn add(&mut self, name: &Blob) -> Result<bool, Error> {
        if self.names.contains(name) {
            return Ok(false);
        }
        let size = self.size + name.len() + BLOB_OVERHEAD;
        if size > MAX_NAMES {
            return Err(Error::TooManyNames);
        }
        self.size = size;
        Ok(self.names.insert(name.clone()))
    }

    pub(super) fn remove(&mut self, name: &Blob) {
        if self.names.remove(name) {
            self.size -= name.len() + BLOB_OVERHEAD;
        }
    }

    pub(super) fn drain(&mut self) -> Vec<Blob> {
        self.size = 0;
        self.names.drain().collect()
    }

    pub(super) fn all(&self) -> Vec<Blob> {
        self.names.iter().cloned().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.names.len()
    }
}
