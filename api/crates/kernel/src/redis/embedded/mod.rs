//! An embedded Redis (内置 Redis): the part of RESP2 this product speaks, served inside the process.
//!
//! The ordinary `redis` client talks to it over an in-memory stream, so the code under the client is the same
//! with and without a Redis installed. One conformance suite runs against this server and against the real one;
//! what that suite does not cover is not offered, and asking for it is an error instead of a surprise.
//!
//! | file | holds |
//! |---|---|
//! | `resp` | bytes to arguments, replies to bytes |
//! | `command` | arguments to one `Command`, with `options` for the longer ones |
//! | `keyspace` | keys, expiry, memory, watched keys |
//! | `channels` | who listens where, and how much may wait for a slow listener |
//! | `execute` | what each command does |
//! | `session` | one connection and the order of its replies |
//! | `transaction` | what a connection holds: queued requests, watched keys, channel names |
//!
//! Left out on purpose: scripting, RESP3, persistence, replication, patterns in subscriptions, and inline commands.

mod channels;
mod command;
mod error;
mod execute;
mod glob;
mod keyspace;
mod options;
mod resp;
mod session;
mod transaction;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::DuplexStream;

use self::execute::State;
use self::session::Session;

/// Bytes that may sit in one direction of a connection before the writer waits.
const STREAM_BYTES: usize = 64 * 1024;
/// Memory for keys and values unless the caller says otherwise.
const DEFAULT_MAX_MEMORY: usize = 128 * 1024 * 1024;

/// A Redis server inside this process (内置 Redis); clones share one keyspace.
///
/// Nothing is kept across restarts: as with a real Redis here, every key is a copy that may vanish.
#[derive(Clone)]
pub struct EmbeddedRedis {
    shared: Shared,
}

/// What all connections of one server share.
///
/// One lock makes every command, and every transaction, atomic. It is held for microseconds and never across an
/// `await`; a lock per key would buy nothing that one process needs.
#[derive(Clone)]
struct Shared(Arc<Mutex<State>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EmbeddedRedis {
    /// An empty server with the default memory limit.
    #[must_use]
    pub fn new() -> Self {
        Self::with_max_memory(DEFAULT_MAX_MEMORY)
    }

    /// An empty server that refuses to grow past `bytes`, overhead of each key and member included.
    #[must_use]
    pub fn with_max_memory(bytes: usize) -> Self {
        Self { shared: Shared(Arc::new(Mutex::new(State::new(bytes)))) }
    }

    /// Opens a connection and returns the client's end; the server's end lives until either side closes.
    ///
    /// Call it within a Tokio runtime: the connection is served by a task of its own.
    #[must_use]
    pub fn connect(&self) -> DuplexStream {
        let (client, server) = tokio::io::duplex(STREAM_BYTES);
        crate::background(Session::serve(self.shared.clone(), server));
        client
    }
}

impl Default for EmbeddedRedis {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for EmbeddedRedis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedRedis").finish_non_exhaustive()
    }
}

/// What the real server does differently or not at all; the rest is the conformance suite's.
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn send(stream: &mut DuplexStream, line: &str) {
        let arguments: Vec<&str> = line.split(' ').collect();
        let mut bytes = format!("*{}\r\n", arguments.len());
        arguments.iter().for_each(|argument| bytes += &format!("${}\r\n{argument}\r\n", argument.len()));
        stream.write_all(bytes.as_bytes()).await.unwrap();
    }

    async fn expect(stream: &mut DuplexStream, line: &str, reply: &str) {
        send(stream, line).await;
        let mut received = vec![0; reply.len() + 2];
        stream.read_exact(&mut received).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&received), format!("{reply}\r\n"), "reply to {line:.40}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_decides_expiry() {
        let mut stream = EmbeddedRedis::new().connect();
        expect(&mut stream, "SET a 1 EX 10", "+OK").await;
        tokio::time::advance(Duration::from_millis(9_600)).await;
        expect(&mut stream, "PTTL a", ":400").await;
        expect(&mut stream, "TTL a", ":0").await;
        tokio::time::advance(Duration::from_millis(400)).await;
        expect(&mut stream, "GET a", "$-1").await;
    }

    #[tokio::test]
    async fn only_resp2_and_the_listed_commands_are_spoken() {
        let mut stream = EmbeddedRedis::new().connect();
        expect(&mut stream, "HELLO 3", "-ERR unknown command 'HELLO', with args beginning with: '3' ").await;
        expect(&mut stream, "CLIENT SETINFO LIB-NAME redis-rs", "+OK").await;
        expect(&mut stream, "CLIENT SETINFO", "-ERR wrong number of arguments for 'client|setinfo' command").await;
        expect(&mut stream, "SELECT 1", "-ERR DB index is out of range").await;
        expect(&mut stream, "SCAN 7", "*2\r\n$1\r\n0\r\n*0").await;
        stream.write_all(b"PING\r\n").await.unwrap();
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "-ERR Protocol error: expected '*', got 'P'\r\n");
    }

    #[tokio::test]
    async fn a_transaction_that_does_not_fit_leaves_no_trace() {
        const OUT_OF_MEMORY: &str = "-OOM command not allowed when used memory > 'maxmemory'.";
        let server = EmbeddedRedis::with_max_memory(2000);
        let (mut first, mut second) = (server.connect(), server.connect());
        let large = format!("SET large {}", "x".repeat(1000));
        expect(&mut first, "MULTI", "+OK").await;
        expect(&mut first, "SET a 1", "+QUEUED").await;
        expect(&mut first, &large, "+QUEUED").await;
        expect(&mut second, &large, "+OK").await;
        expect(
            &mut first,
            "EXEC",
            "-EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'.",
        )
        .await;
        expect(&mut first, "EXISTS a", ":0").await;
        expect(&mut first, "MULTI", "+OK").await;
        expect(&mut first, &large, OUT_OF_MEMORY).await;
        expect(&mut first, "EXEC", "-EXECABORT Transaction discarded because of previous errors.").await;
        expect(&mut first, &large, OUT_OF_MEMORY).await;
        expect(&mut first, "DEL large", ":1").await;
        expect(&mut first, &large, "+OK").await;
    }

    #[tokio::test]
    async fn what_one_connection_holds_is_bounded() {
        let mut stream = EmbeddedRedis::new().connect();
        let large = "x".repeat(1024 * 1024);
        expect(&mut stream, &format!("WATCH a {large}"), "-ERR too many channels or watched keys on one connection")
            .await;
        expect(&mut stream, "MULTI", "+OK").await;
        expect(&mut stream, "SUBSCRIBE a", "-ERR Command not allowed inside a transaction").await;
        for _ in 0..7 {
            expect(&mut stream, &format!("GET {large}"), "+QUEUED").await;
        }
        expect(&mut stream, &format!("GET {large}"), "-ERR transaction is too long").await;
        expect(&mut stream, "EXEC", "-EXECABORT Transaction discarded because of previous errors.").await;
        expect(&mut stream, "PING", "+PONG").await;
    }

    #[tokio::test]
    async fn a_subscriber_that_does_not_read_is_let_go() {
        let server = EmbeddedRedis::new();
        let (mut idle, mut publisher) = (server.connect(), server.connect());
        expect(&mut idle, "SUBSCRIBE a", "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1").await;
        let message = format!("PUBLISH a {}", "x".repeat(1024 * 1024 - 1));
        let mut sent = 0;
        let mut listeners = *b":1\r\n";
        while &listeners == b":1\r\n" {
            send(&mut publisher, &message).await;
            publisher.read_exact(&mut listeners).await.unwrap();
            sent += 1;
            assert!(sent < 30, "nobody let the subscriber go");
        }
        assert_eq!(&listeners, b":0\r\n");
        let mut rest = Vec::new();
        idle.read_to_end(&mut rest).await.unwrap();
        assert!(rest.len() < 128 * 1024, "no more than the stream held");
    }

    #[tokio::test]
    async fn servers_share_nothing_and_clones_everything() {
        let server = EmbeddedRedis::default();
        expect(&mut server.connect(), "SET a 1", "+OK").await;
        expect(&mut server.clone().connect(), "EXISTS a", ":1").await;
        expect(&mut EmbeddedRedis::new().connect(), "EXISTS a", ":0").await;
        assert_eq!(format!("{server:?}"), "EmbeddedRedis { .. }");
    }
}
