//! What the product expects of Redis, written once and run against the embedded server and a real one.
//!
//! Most expectations are rows of a request and the exact bytes that answer it; the rest goes through the client
//! library as the product uses it. The server's keys are flushed, so never point this at one that matters.

mod rows;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::aio::{MultiplexedConnection, PubSub};
use redis::{AsyncCommands as _, AsyncConnectionConfig, RedisConnectionInfo, RedisResult, cmd};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// How long an answer may take before it counts as missing.
const PATIENCE: Duration = Duration::from_secs(5);
/// A lifetime short enough to wait for.
const SHORT: Duration = Duration::from_millis(40);
/// Long enough for a `SHORT` lifetime to be over on a busy machine.
const OVER: Duration = Duration::from_millis(80);

/// A byte stream to a server.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// Runs every expectation against the server that `dial` opens byte streams to.
///
/// # Errors
/// When the client library cannot make sense of an answer.
///
/// # Panics
/// When an answer is not the expected one.
pub async fn run<S: Stream>(dial: impl AsyncFn() -> S) -> RedisResult<()> {
    for table in rows::TABLES {
        let mut wire = Wire::open(dial().await).await?;
        wire.expect("FLUSHALL", "+OK").await?;
        for (request, reply) in *table {
            wire.expect(request, reply).await?;
        }
    }
    broken_protocol_is_told_and_closed(&dial).await?;
    unknown_commands_quote_a_bounded_part(&dial).await?;
    expired_keys_are_gone(&dial).await?;
    members_come_back_whole(&dial).await?;
    bytes_survive(&dial).await?;
    large_pipelines_keep_order(&dial).await?;
    a_watched_change_stops_the_transaction(&dial).await?;
    increments_never_get_lost(&dial).await?;
    transactions_are_never_seen_half_done(&dial).await?;
    messages_arrive_in_order(&dial).await?;
    replies_and_messages_keep_their_order(&dial).await
}

/// A connection without the client library, for the exact bytes.
struct Wire<S> {
    stream: S,
}

impl<S: Stream> Wire<S> {
    async fn open(stream: S) -> RedisResult<Self> {
        let mut wire = Self { stream };
        wire.expect("PING", "+PONG").await?;
        Ok(wire)
    }

    async fn send(&mut self, request: &str) -> RedisResult<()> {
        let arguments: Vec<&str> = request.split(' ').collect();
        let mut bytes = format!("*{}\r\n", arguments.len());
        for argument in arguments {
            bytes.push_str(&format!("${}\r\n{argument}\r\n", argument.len()));
        }
        Ok(self.stream.write_all(bytes.as_bytes()).await?)
    }

    async fn expect(&mut self, request: &str, reply: &str) -> RedisResult<()> {
        self.send(request).await?;
        self.receive(request, reply).await
    }

    async fn receive(&mut self, request: &str, reply: &str) -> RedisResult<()> {
        let expected = reply.replace('~', "\r\n") + "\r\n";
        let mut received = Vec::new();
        let mut reply = (&mut self.stream).take(expected.len() as u64);
        let whole = reply.read_to_end(&mut received);
        // What came before patience ran out shows more than the fact that it did.
        let _ = tokio::time::timeout(PATIENCE, whole).await;
        assert_eq!(String::from_utf8_lossy(&received), expected, "reply to {request}");
        Ok(())
    }

    async fn expect_end(&mut self) -> RedisResult<()> {
        let mut rest = Vec::new();
        let end = tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut rest)).await;
        assert!(end.is_ok(), "the connection should be closed");
        assert_eq!(String::from_utf8_lossy(&rest), "", "nothing should follow");
        Ok(())
    }
}

/// A client of the ordinary kind. The task that drives it ends with the connection.
async fn client<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<MultiplexedConnection> {
    // `MultiplexedConnection::new` ties the driver to the borrowed settings; this one gives a `'static` driver.
    let settings = RedisConnectionInfo::default();
    let config = AsyncConnectionConfig::new();
    let (connection, driver) = MultiplexedConnection::new_with_config(&settings, dial().await, config).await?;
    tokio::spawn(driver);
    Ok(connection)
}

async fn broken_protocol_is_told_and_closed<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let rows = [
        ("*abc\r\n", "-ERR Protocol error: invalid multibulk length"),
        ("*9999999999\r\n", "-ERR Protocol error: invalid multibulk length"),
        ("*1\r\n+x\r\n", "-ERR Protocol error: expected '$', got '+'"),
        ("*1\r\n$abc\r\n", "-ERR Protocol error: invalid bulk length"),
        ("*1\r\n$-1\r\n", "-ERR Protocol error: invalid bulk length"),
        ("*1\r\n$999999999999\r\n", "-ERR Protocol error: invalid bulk length"),
    ];
    for (bytes, reply) in rows {
        let mut wire = Wire::open(dial().await).await?;
        wire.stream.write_all(bytes.as_bytes()).await?;
        wire.receive(bytes, reply).await?;
        wire.expect_end().await?;
    }
    let mut wire = Wire::open(dial().await).await?;
    wire.stream.write_all(b"*0\r\n*-1\r\n").await?;
    wire.expect("PING", "+PONG").await?;
    wire.expect("QUIT", "+OK").await?;
    wire.expect_end().await
}

async fn unknown_commands_quote_a_bounded_part<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut wire = Wire::open(dial().await).await?;
    let (a, b) = ("a".repeat(55), "b".repeat(128));
    let request = format!("FOO {a} {b} c");
    let quoted = "b".repeat(128 - a.len() - 3);
    let reply = format!("-ERR unknown command 'FOO', with args beginning with: '{a}' '{quoted}' ");
    wire.expect(&request, &reply).await?;
    let name = "F".repeat(300);
    let reply = format!("-ERR unknown command '{}', with args beginning with: ", "F".repeat(128));
    wire.expect(&name, &reply).await?;
    wire.expect("FOO a\r\nb", "-ERR unknown command 'FOO', with args beginning with: 'a  b' ").await
}

async fn expired_keys_are_gone<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut client = client(dial).await?;
    fill_with_short_lives(&mut client).await?;
    tokio::time::sleep(OVER).await;

    let found: (Option<i64>, bool, i64) = redis::pipe()
        .get("text")
        .sismember("set", "member")
        .exists(&["text", "hash", "set", "kept"])
        .query_async(&mut client)
        .await?;
    assert_eq!(found, (None, false, 1));
    let (_, keys): (i64, Vec<String>) = cmd("SCAN").arg(0).query_async(&mut client).await?;
    assert_eq!(keys, ["kept"]);
    // A key that is over is no obstacle, whatever it held.
    let written: (i64, i64, Option<String>) = redis::pipe()
        .sadd("hash", "member")
        .cmd("PTTL")
        .arg("hash")
        .cmd("SET")
        .arg(&["text", "2", "NX"])
        .query_async(&mut client)
        .await?;
    assert_eq!(written, (1, -1, Some("OK".to_owned())));
    let counted: i64 = client.incr("set", 1).await?;
    assert_eq!(counted, 1);
    Ok(())
}

async fn fill_with_short_lives(client: &mut MultiplexedConnection) -> RedisResult<()> {
    let short = SHORT.as_millis() as i64;
    // In one go, so that nothing is over before its turn.
    let (persisted, left): (bool, i64) = redis::pipe()
        .cmd("FLUSHALL")
        .ignore()
        .cmd("SET")
        .arg(&["text", "1", "PX"])
        .arg(short)
        .ignore()
        .hset("hash", "field", 1)
        .ignore()
        .sadd("set", "member")
        .ignore()
        .set("kept", 1)
        .ignore()
        .pexpire("hash", short)
        .ignore()
        .pexpire("set", short)
        .ignore()
        .pexpire("kept", short)
        .ignore()
        .persist("kept")
        .cmd("SET")
        .arg(&["long", "1", "PX", "60000"])
        .ignore()
        .pttl("long")
        .del("long")
        .ignore()
        .query_async(client)
        .await?;
    assert!(persisted && (50_000..=60_000).contains(&left), "{persisted}, {left} left");
    Ok(())
}

async fn members_come_back_whole<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut client = client(dial).await?;
    let _: () = cmd("FLUSHALL").query_async(&mut client).await?;
    let fields: Vec<(String, String)> = (0..300).map(|n| (format!("f{n}"), format!("v{n}"))).collect();
    // The client's own `hset_multiple` sends the retired HMSET.
    let _: () = cmd("HSET").arg("hash").arg(&fields).query_async(&mut client).await?;
    let _: () = client.sadd("set", (0..300).collect::<Vec<i64>>()).await?;
    let hash: HashMap<String, String> = client.hgetall("hash").await?;
    assert_eq!(hash, fields.into_iter().collect());
    let set: HashSet<i64> = client.smembers("set").await?;
    assert_eq!(set, (0..300).collect());

    for n in 0..100 {
        let _: () = client.set(format!("key:{n}"), n).await?;
    }
    let mut keys = HashSet::new();
    let mut cursor = 0_u64;
    loop {
        let page: (u64, Vec<String>) =
            cmd("SCAN").arg(cursor).arg(&["MATCH", "key:*", "COUNT", "7"]).query_async(&mut client).await?;
        keys.extend(page.1);
        cursor = page.0;
        if cursor == 0 {
            break;
        }
    }
    assert_eq!(keys, (0..100).map(|n| format!("key:{n}")).collect());
    Ok(())
}

async fn bytes_survive<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut client = client(dial).await?;
    for value in [Vec::new(), b"\r\n$3\r\n\0\xff".to_vec(), "居民诉求".into(), vec![7; 1024 * 1024]] {
        let _: () = client.set(&value[..value.len().min(64)], &value).await?;
        let stored: Vec<u8> = client.get(&value[..value.len().min(64)]).await?;
        assert!(stored == value, "{} bytes came back changed", value.len());
    }
    Ok(())
}

async fn large_pipelines_keep_order<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut client = client(dial).await?;
    let mut pipeline = redis::pipe();
    for n in 0..2000 {
        pipeline.set("order", n).ignore().get("order");
    }
    let replies: Vec<i64> = pipeline.query_async(&mut client).await?;
    assert_eq!(replies, (0..2000).collect::<Vec<i64>>());

    // Far more than any buffer on the way, in both directions at once.
    let large = vec![7_u8; 512 * 1024];
    let mut pipeline = redis::pipe();
    for _ in 0..24 {
        pipeline.set("large", &large).ignore().get("large");
    }
    let replies: Vec<Vec<u8>> = pipeline.query_async(&mut client).await?;
    assert!(replies.len() == 24 && replies.iter().all(|reply| *reply == large));
    Ok(())
}

async fn a_watched_change_stops_the_transaction<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut other = client(dial).await?;
    let _: () = cmd("FLUSHALL").query_async(&mut other).await?;
    let _: () = other.set("a", 1).await?;
    let mut wire = Wire::open(dial().await).await?;

    wire.expect("WATCH a", "+OK").await?;
    wire.expect("MULTI", "+OK").await?;
    wire.expect("SET a mine", "+QUEUED").await?;
    let _: () = other.set("a", "theirs").await?;
    wire.expect("EXEC", "*-1").await?;
    wire.expect("GET a", "$6~theirs").await?;
    wire.expect("MULTI", "+OK").await?;
    wire.expect("SET a mine", "+QUEUED").await?;
    wire.expect("EXEC", "*1~+OK").await?;

    // A watched key that ends by itself has changed; one that had ended before has not.
    wire.send("SET soon 1 PX 40").await?;
    wire.send("WATCH soon").await?;
    wire.receive("SET soon", "+OK").await?;
    wire.receive("WATCH soon", "+OK").await?;
    tokio::time::sleep(OVER).await;
    wire.expect("MULTI", "+OK").await?;
    wire.expect("EXEC", "*-1").await?;
    wire.expect("SET soon 1 PX 40", "+OK").await?;
    tokio::time::sleep(OVER).await;
    wire.expect("WATCH soon", "+OK").await?;
    wire.expect("MULTI", "+OK").await?;
    wire.expect("EXEC", "*0").await?;

    // Discarding a transaction also forgets what was watched for it.
    wire.expect("WATCH a", "+OK").await?;
    wire.expect("MULTI", "+OK").await?;
    let _: () = other.set("a", 2).await?;
    wire.expect("DISCARD", "+OK").await?;
    wire.expect("MULTI", "+OK").await?;
    wire.expect("EXEC", "*0").await
}

async fn increments_never_get_lost<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    const CLIENTS: i64 = 6;
    const EACH: i64 = 40;
    let mut check = client(dial).await?;
    let _: () = cmd("FLUSHALL").query_async(&mut check).await?;
    let mut tasks = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = client(dial).await?;
        tasks.push(tokio::spawn(async move {
            for _ in 0..EACH {
                let _: i64 = client.incr("plain", 1).await?;
                while !add_one(&mut client, "watched").await? {}
            }
            RedisResult::Ok(())
        }));
    }
    for task in tasks {
        task.await.map_err(std::io::Error::other)??;
    }
    let sums: (i64, i64) = redis::pipe().get("plain").get("watched").query_async(&mut check).await?;
    assert_eq!(sums, (CLIENTS * EACH, CLIENTS * EACH));
    Ok(())
}

/// Reads and writes back one more, unless somebody else was faster.
async fn add_one(client: &mut MultiplexedConnection, key: &str) -> RedisResult<bool> {
    let _: () = cmd("WATCH").arg(key).query_async(client).await?;
    let current: Option<i64> = client.get(key).await?;
    // Lets the others in between, or there would be nothing to prove.
    tokio::task::yield_now().await;
    let written: Option<Vec<String>> =
        redis::pipe().atomic().set(key, current.unwrap_or(0) + 1).query_async(client).await?;
    Ok(written.is_some())
}

async fn transactions_are_never_seen_half_done<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut reader = client(dial).await?;
    let mut writer = client(dial).await?;
    let _: () = reader.del(&["left", "right"]).await?;
    let task = tokio::spawn(async move {
        for n in 0..200 {
            let _: () = redis::pipe().atomic().set("left", n).set("right", n).query_async(&mut writer).await?;
        }
        RedisResult::Ok(())
    });
    while !task.is_finished() {
        let both: (Option<i64>, Option<i64>) = reader.mget(&["left", "right"]).await?;
        assert_eq!(both.0, both.1);
    }
    task.await.map_err(std::io::Error::other)?
}

async fn messages_arrive_in_order<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut publisher = client(dial).await?;
    let mut subscriber = PubSub::new(&RedisConnectionInfo::default(), dial().await).await?;
    subscriber.subscribe(&["news", "weather"]).await?;
    for n in 0..500 {
        let channel = if n % 3 == 0 { "weather" } else { "news" };
        let listeners: i64 = publisher.publish(channel, n).await?;
        assert_eq!(listeners, 1);
    }
    let none: i64 = publisher.publish("sports", 1).await?;
    assert_eq!(none, 0);
    {
        let mut messages = subscriber.on_message();
        for n in 0..500 {
            let next = tokio::time::timeout(PATIENCE, messages.next()).await.ok().flatten();
            let received =
                next.map(|m| RedisResult::Ok((m.get_channel_name().to_owned(), m.get_payload()?))).transpose()?;
            assert_eq!(received, Some((if n % 3 == 0 { "weather" } else { "news" }.to_owned(), n)));
        }
    }
    subscriber.unsubscribe("news").await?;
    let listeners: (i64, i64) =
        redis::pipe().publish("news", 1).publish("weather", 2).query_async(&mut publisher).await?;
    assert_eq!(listeners, (0, 1));
    let next = tokio::time::timeout(PATIENCE, subscriber.on_message().next()).await.ok().flatten();
    assert_eq!(next.map(|message| message.get_payload::<i64>()).transpose()?, Some(2));
    Ok(())
}

async fn replies_and_messages_keep_their_order<S: Stream>(dial: &impl AsyncFn() -> S) -> RedisResult<()> {
    let mut publisher = client(dial).await?;
    let mut wire = Wire::open(dial().await).await?;
    wire.expect("SUBSCRIBE a", "*3~$9~subscribe~$1~a~:1").await?;
    for message in ["1", "2"] {
        let _: i64 = publisher.publish("a", message).await?;
    }
    let sent: (i64, i64) =
        redis::pipe().atomic().publish("a", "3").publish("b", "lost").query_async(&mut publisher).await?;
    assert_eq!(sent, (1, 0));
    wire.send("PING").await?;
    wire.send("UNSUBSCRIBE").await?;
    wire.send("GET none").await?;
    for (what, reply) in [
        ("message 1", "*3~$7~message~$1~a~$1~1"),
        ("message 2", "*3~$7~message~$1~a~$1~2"),
        ("message 3", "*3~$7~message~$1~a~$1~3"),
        ("PING", "*2~$4~pong~$0~"),
        ("UNSUBSCRIBE", "*3~$11~unsubscribe~$1~a~:0"),
        ("GET", "$-1"),
    ] {
        wire.receive(what, reply).await?;
    }
    // Whoever leaves is forgotten. The server may need a moment to notice.
    drop(wire);
    let mut subscriber = Wire::open(dial().await).await?;
    subscriber.expect("SUBSCRIBE a", "*3~$9~subscribe~$1~a~:1").await?;
    drop(subscriber);
    let gone = async {
        while publisher.publish::<_, _, i64>("a", "4").await? > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        RedisResult::Ok(())
    };
    assert!(tokio::time::timeout(PATIENCE, gone).await.is_ok_and(|left| left.is_ok()), "still listening");
    Ok(())
}
