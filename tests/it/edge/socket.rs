//! `graphql-transport-ws`: every close code, every bound.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::toy::{Server, impatient, serve};
use crate::support::socket::{PROTOCOL, Socket};
use crate::support::{PATIENCE, eventually};

/// A socket of nobody known.
pub async fn ready(server: &Server) -> Socket {
    Socket::ready(server.address, &json!({})).await
}

async fn opened(server: &Server) -> Socket {
    Socket::opened(server.address).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_of_every_kind_run() {
    let server = serve(unhurried());
    let mut client = ready(&server).await;
    client.subscribes("1", "{hello}").await;
    assert_eq!(client.hears().await, json!({"type": "next", "id": "1", "payload": {"data": {"hello": "Hello world"}}}));
    assert_eq!(client.hears().await, json!({"type": "complete", "id": "1"}));
    client.subscribes("1", "mutation{put(value:3)}").await;
    assert_eq!(client.hears().await["payload"]["data"]["put"], 3);
    assert_eq!(client.hears().await["type"], "complete");
    client.subscribes("1", "subscription{count(to:3)}").await;
    for n in 1..=3 {
        assert_eq!(client.hears().await["payload"]["data"]["count"], n);
    }
    assert_eq!(client.hears().await["type"], "complete");
    client.says(&json!({"type": "ping", "payload": {"a": 1}})).await;
    assert_eq!(client.hears().await, json!({"type": "pong", "payload": {"a": 1}}));
    client.says(&json!({"type": "pong"})).await;
    client.says(&json!({"type": "complete", "id": "unknown"})).await;
    client.subscribes("2", "{leak}").await;
    let message = client.hears().await;
    assert_eq!(
        (message["type"].as_str(), message["payload"]["errors"][0]["extensions"]["code"].as_str()),
        (Some("next"), Some("INTERNAL"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_run_is_an_error() {
    let server = serve(unhurried());
    let mut client = ready(&server).await;
    for text in [
        "{",
        "{nothing}",
        "subscription{nothing}",
        "subscription($a:Int!){count(to:$a)}",
        "query($a:String!){hello(name:$a)}",
        "subscription{count(to:\"x\")}",
    ] {
        client.subscribes("1", text).await;
        let message = client.hears().await;
        assert_eq!((message["type"].as_str(), message["id"].as_str()), (Some("error"), Some("1")), "{text} {message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], "BAD_REQUEST", "{message}");
    }
    for (text, code) in [("{crash}", "INTERNAL"), ("{slow(seconds:60)}", "UNAVAILABLE")] {
        client.subscribes("1", text).await;
        assert_eq!(client.hears().await["payload"][0]["extensions"]["code"], code);
    }
    client.subscribes("1", "subscription{crash}").await;
    assert_eq!(client.hears().await["payload"]["data"]["crash"], 1);
    let message = client.hears().await;
    assert_eq!(
        (message["type"].as_str(), message["payload"][0]["extensions"]["code"].as_str()),
        (Some("error"), Some("INTERNAL"))
    );
    server.moods.limited.store(true, Ordering::Relaxed);
    client.subscribes("1", "{hello}").await;
    assert_eq!(client.hears().await["payload"][0]["extensions"]["retryAfterMs"], 2_100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn misbehaviour_has_its_code() {
    let server = serve(impatient());
    for text in [
        "x",
        "{}",
        "null",
        r#"{"type":"start"}"#,
        r#"{"type":"subscribe","id":""}"#,
        r#"{"type":"subscribe","id":"1","payload":{"query":7}}"#,
        r#"{"type":"connection_init","payload":1}"#,
    ] {
        let mut client = opened(&server).await;
        client.sends(Message::text(text)).await.unwrap();
        assert_eq!(client.closes().await, 4400, "{text}");
    }
    let mut client = opened(&server).await;
    client.sends(Message::binary(b"{}".to_vec())).await.unwrap();
    assert_eq!(client.closes().await, 4400);
    let mut client = opened(&server).await;
    client.subscribes("1", "{hello}").await;
    assert_eq!(client.closes().await, 4401);
    let mut client = opened(&server).await;
    assert_eq!(client.closes().await, 4408);
    let mut client = ready(&server).await;
    client.subscribes("1", "subscription{count(to:9, everyMs:1000)}").await;
    client.subscribes("1", "{hello}").await;
    assert_eq!(client.closes().await, 4409);
    let mut client = ready(&server).await;
    client.says(&json!({"type": "connection_init"})).await;
    assert_eq!(client.closes().await, 4429);
    for protocols in [vec![], vec![("Sec-WebSocket-Protocol", "graphql-ws")]] {
        // A client library refuses a handshake that selects none of its protocols; bytes do not.
        assert_eq!(bare_close(&server, &protocols).await, 4406);
    }
}

/// The close code of a socket that is opened by hand.
async fn bare_close(server: &Server, headers: &[(&str, &str)]) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let extra: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extra}\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    while !all.windows(5).any(|window| window == b"\x88\x1cSubp" || window.starts_with(&[0x88])) {
        let mut chunk = [0_u8; 4_096];
        let n = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut chunk)).await.unwrap().unwrap();
        assert!(n > 0, "{}", String::from_utf8_lossy(&all));
        all.extend_from_slice(&chunk[..n]);
    }
    let at = all.iter().position(|byte| *byte == 0x88).unwrap();
    u16::from_be_bytes([all[at + 2], all[at + 3]])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_come_with_the_init_or_the_upgrade() {
    let server = serve(unhurried());
    for (payload, expected) in
        [(json!({"Authorization": "Bearer good"}), "ada"), (json!({"authorization": null}), "anonymous")]
    {
        let mut client = opened(&server).await;
        client.says(&json!({"type": "connection_init", "payload": payload})).await;
        client.hears().await;
        client.subscribes("1", "{me}").await;
        assert_eq!(client.hears().await["payload"]["data"]["me"], expected);
    }
    let headers = [("Sec-WebSocket-Protocol", PROTOCOL), ("Authorization", "Bearer good")];
    let mut client = Socket::open(server.address, &headers).await.unwrap();
    client.says(&json!({"type": "connection_init"})).await;
    client.hears().await;
    client.subscribes("1", "{me}").await;
    assert_eq!(client.hears().await["payload"]["data"]["me"], "ada");
    for (token, code) in [("Bearer bad", 4403), ("Bearer down", 1013)] {
        let mut client = opened(&server).await;
        client.says(&json!({"type": "connection_init", "payload": {"authorization": token}})).await;
        assert_eq!(client.closes().await, code);
    }
    server.moods.hanging.store(true, Ordering::Relaxed);
    let mut client = opened(&server).await;
    client.says(&json!({"type": "connection_init"})).await;
    assert_eq!(client.closes().await, 1013);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_pages_may_not_connect() {
    let server = serve(unhurried());
    let with = |origin: &'static str| [("Sec-WebSocket-Protocol", PROTOCOL), ("Origin", origin)];
    assert_eq!(Socket::open(server.address, &with("https://evil.example")).await.err(), Some(403));
    assert!(Socket::open(server.address, &with("https://app.example")).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_session_ends() {
    let server = serve(impatient());
    let mut client = ready(&server).await;
    client.subscribes("1", "subscription{count(to:1000, everyMs:20)}").await;
    client.hears().await;
    server.moods.revoked.store(true, Ordering::Relaxed);
    let started = Instant::now();
    assert_eq!(client.closes().await, 4403);
    assert!(started.elapsed() < PATIENCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_nobody_can_judge_may_come_back() {
    let server = serve(impatient());
    let mut client = ready(&server).await;
    server.moods.unsure.store(true, Ordering::Relaxed);
    assert_eq!(client.closes().await, 1013);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_client_is_dropped() {
    let server = serve(one_socket());
    let mut silent = ready(&server).await;
    // A client that reads answers pings by itself; one that does not read is silent.
    gives_its_place_back(&server).await;
    let end = silent.closes().await;
    assert!([1005, 0].contains(&end), "{end}");
    // On a server of its own: the probe above may still hold the one place of the first.
    let other = serve(one_socket());
    let mut client = ready(&other).await;
    let reading = tokio::time::timeout(Duration::from_millis(1_200), client.closes());
    assert!(reading.await.is_err(), "a client that answers stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_client_bounds_its_stream_and_is_dropped() {
    let mut config = one_socket();
    config.socket.ping_every = Duration::from_secs(60);
    config.socket.revalidate_every = Duration::from_secs(60);
    let server = serve(config);
    let mut client = ready(&server).await;
    client.subscribes("1", "subscription{flood}").await;
    gives_its_place_back(&server).await;
    let made = server.moods.flooded.load(Ordering::Relaxed);
    assert!(made < 2_000, "{made} messages of 10 kB were made for a client that reads none");
    let end = client.closes().await;
    assert!([1005, 0].contains(&end), "{end}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_and_messages_are_bounded() {
    let server = serve(unhurried());
    let mut client = ready(&server).await;
    for id in 0..5 {
        client.subscribes(&id.to_string(), "subscription{count(to:9, everyMs:3000)}").await;
    }
    client.subscribes("6", "{hello}").await;
    let message = client.hears().await;
    assert_eq!(
        (message["id"].as_str(), message["payload"][0]["extensions"]["code"].as_str()),
        (Some("6"), Some("LIMIT"))
    );
    client.says(&json!({"type": "complete", "id": "0"})).await;
    client.subscribes("0", "{hello}").await;
    assert_eq!(client.hears().await["payload"]["data"]["hello"], "Hello world");

    let mut client = opened(&server).await;
    let _ = client.sends(Message::text(" ".repeat(2 << 20))).await;
    assert!([1009, 0].contains(&client.closes().await));
    let mut client = opened(&server).await;
    for n in 0..40 {
        let kind = if n == 0 { Data::Text } else { Data::Continue };
        let frame = Frame::message(vec![b' '; 60_000], OpCode::Data(kind), false);
        if client.sends(Message::Frame(frame)).await.is_err() {
            break;
        }
    }
    assert!([1009, 0].contains(&client.closes().await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_operation_says_nothing_more() {
    let server = serve(unhurried());
    let mut client = ready(&server).await;
    for _ in 0..20 {
        client.subscribes("1", "subscription{flood}").await;
        client.hears().await;
        client.says(&json!({"type": "complete", "id": "1"})).await;
        client.subscribes("1", "subscription{count(to:1)}").await;
        loop {
            let message = client.hears().await;
            if message["type"] == "complete" {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_are_told_when_the_server_leaves() {
    let server = serve(unhurried());
    let mut client = ready(&server).await;
    server.edge.leave();
    assert_eq!(client.closes().await, 1001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_are_counted() {
    let server = serve(one_socket());
    let first = ready(&server).await;
    assert_eq!(Socket::open(server.address, &[("Sec-WebSocket-Protocol", PROTOCOL)]).await.err(), Some(503));
    drop(first);
    gives_its_place_back(&server).await;
}

/// Settings under which nobody is thrown out for being slow: the machine of the tests may be busy.
fn unhurried() -> zhilitong::http::Config {
    let mut config = impatient();
    (config.socket.init_within, config.socket.pong_within) = (PATIENCE, PATIENCE);
    (config.socket.ping_every, config.socket.revalidate_every) = (PATIENCE * 3, PATIENCE * 6);
    config
}

/// Settings under which a second socket can be opened once the first one is over.
fn one_socket() -> zhilitong::http::Config {
    let mut config = impatient();
    config.socket.sockets = 1;
    config
}

async fn gives_its_place_back(server: &Server) {
    eventually("the server lets the socket go", async || {
        Socket::open(server.address, &[("Sec-WebSocket-Protocol", PROTOCOL)]).await.is_ok()
    })
    .await;
    // The one just opened is given back as well.
    eventually("the place is free", async || {
        Socket::open(server.address, &[("Sec-WebSocket-Protocol", PROTOCOL)]).await.is_ok()
    })
    .await;
}
