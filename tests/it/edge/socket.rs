//! `graphql-transport-ws`: every close code, every bound.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        protocol::frame::{
            Frame,
            coding::{Data, OpCode},
        },
    },
};

use crate::toy::{Server, impatient, serve};

const PROTOCOL: &str = "graphql-transport-ws";

pub struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    pub async fn open(server: &Server, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{}/graphql", server.address)
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn opened(server: &Server) -> Self {
        Self::open(server, &[("Sec-WebSocket-Protocol", PROTOCOL)])
            .await
            .unwrap()
    }

    pub async fn ready(server: &Server) -> Self {
        let mut client = Self::opened(server).await;
        client.say(&json!({"type": "connection_init"})).await;
        assert_eq!(client.next_message().await, json!({"type": "connection_ack"}));
        client
    }

    pub async fn say(&mut self, message: &Value) {
        self.text(&message.to_string()).await;
    }

    pub async fn text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(&json!({"type": "subscribe", "id": id, "payload": {"query": query}}))
            .await;
    }

    pub async fn next_message(&mut self) -> Value {
        loop {
            match tokio::time::timeout(Duration::from_secs(5), self.0.next())
                .await
                .expect("a message in time")
            {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("no message: {other:?}"),
            }
        }
    }

    /// Reads on until the server closes, and tells the code; 0 for a cut without a code.
    pub async fn closed(&mut self) -> u16 {
        let end = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |frame| frame.code.into()),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return 0,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(5), end)
            .await
            .expect("a close in time")
    }
}

#[actix_rt::test]
async fn operations_of_every_kind_run() {
    let server = serve(impatient());
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "{hello}").await;
    assert_eq!(
        client.next_message().await,
        json!({"type": "next", "id": "1", "payload": {"data": {"hello": "Hello world"}}})
    );
    assert_eq!(client.next_message().await, json!({"type": "complete", "id": "1"}));
    client.subscribe("1", "mutation{put(value:3)}").await;
    assert_eq!(client.next_message().await["payload"]["data"]["put"], 3);
    assert_eq!(client.next_message().await["type"], "complete");
    client.subscribe("1", "subscription{count(to:3)}").await;
    for n in 1..=3 {
        assert_eq!(client.next_message().await["payload"]["data"]["count"], n);
    }
    assert_eq!(client.next_message().await["type"], "complete");
    client.say(&json!({"type": "ping", "payload": {"a": 1}})).await;
    assert_eq!(
        client.next_message().await,
        json!({"type": "pong", "payload": {"a": 1}})
    );
    client.say(&json!({"type": "pong"})).await;
    client.say(&json!({"type": "complete", "id": "unknown"})).await;
    client.subscribe("2", "{leak}").await;
    let message = client.next_message().await;
    assert_eq!(
        (
            message["type"].as_str(),
            message["payload"]["errors"][0]["extensions"]["code"].as_str()
        ),
        (Some("next"), Some("INTERNAL"))
    );
}

#[actix_rt::test]
async fn what_cannot_run_is_an_error() {
    let server = serve(impatient());
    let mut client = Client::ready(&server).await;
    for text in [
        "{",
        "{nothing}",
        "subscription{nothing}",
        "subscription($a:Int!){count(to:$a)}",
        "query($a:String!){hello(name:$a)}",
        "subscription{count(to:\"x\")}",
    ] {
        client.subscribe("1", text).await;
        let message = client.next_message().await;
        assert_eq!(
            (message["type"].as_str(), message["id"].as_str()),
            (Some("error"), Some("1")),
            "{text} {message}"
        );
        assert_eq!(message["payload"][0]["extensions"]["code"], "BAD_REQUEST", "{message}");
    }
    for (text, code) in [("{crash}", "INTERNAL"), ("{slow(seconds:60)}", "UNAVAILABLE")] {
        client.subscribe("1", text).await;
        assert_eq!(client.next_message().await["payload"][0]["extensions"]["code"], code);
    }
    client.subscribe("1", "subscription{crash}").await;
    assert_eq!(client.next_message().await["payload"]["data"]["crash"], 1);
    let message = client.next_message().await;
    assert_eq!(
        (
            message["type"].as_str(),
            message["payload"][0]["extensions"]["code"].as_str()
        ),
        (Some("error"), Some("INTERNAL"))
    );
    server.moods.limited.store(true, Ordering::Relaxed);
    client.subscribe("1", "{hello}").await;
    assert_eq!(
        client.next_message().await["payload"][0]["extensions"]["retryAfterMs"],
        2_100
    );
}

#[actix_rt::test]
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
        let mut client = Client::opened(&server).await;
        client.text(text).await;
        assert_eq!(client.closed().await, 4400, "{text}");
    }
    let mut client = Client::opened(&server).await;
    client.0.send(Message::binary(b"{}".to_vec())).await.unwrap();
    assert_eq!(client.closed().await, 4400);
    let mut client = Client::opened(&server).await;
    client.subscribe("1", "{hello}").await;
    assert_eq!(client.closed().await, 4401);
    let mut client = Client::opened(&server).await;
    assert_eq!(client.closed().await, 4408);
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription{count(to:9, everyMs:1000)}").await;
    client.subscribe("1", "{hello}").await;
    assert_eq!(client.closed().await, 4409);
    let mut client = Client::ready(&server).await;
    client.say(&json!({"type": "connection_init"})).await;
    assert_eq!(client.closed().await, 4429);
    for protocols in [vec![], vec![("Sec-WebSocket-Protocol", "graphql-ws")]] {
        // A client library refuses a handshake that selects none of its protocols; bytes do not.
        assert_eq!(bare_close(&server, &protocols).await, 4406);
    }
}

/// The close code of a socket that is opened by hand.
async fn bare_close(server: &Server, headers: &[(&str, &str)]) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let extra: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let head = format!(
        "GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extra}\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    while !all
        .windows(5)
        .any(|window| window == b"\x88\x1cSubp" || window.starts_with(&[0x88]))
    {
        let mut chunk = [0_u8; 4_096];
        let n = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut chunk))
            .await
            .unwrap()
            .unwrap();
        assert!(n > 0, "{}", String::from_utf8_lossy(&all));
        all.extend_from_slice(&chunk[..n]);
    }
    let at = all.iter().position(|byte| *byte == 0x88).unwrap();
    u16::from_be_bytes([all[at + 2], all[at + 3]])
}

#[actix_rt::test]
async fn credentials_come_with_the_init_or_the_upgrade() {
    let server = serve(impatient());
    for (payload, expected) in [
        (json!({"Authorization": "Bearer good"}), "ada"),
        (json!({"authorization": null}), "anonymous"),
    ] {
        let mut client = Client::opened(&server).await;
        client
            .say(&json!({"type": "connection_init", "payload": payload}))
            .await;
        client.next_message().await;
        client.subscribe("1", "{me}").await;
        assert_eq!(client.next_message().await["payload"]["data"]["me"], expected);
    }
    let headers = [("Sec-WebSocket-Protocol", PROTOCOL), ("Authorization", "Bearer good")];
    let mut client = Client::open(&server, &headers).await.unwrap();
    client.say(&json!({"type": "connection_init"})).await;
    client.next_message().await;
    client.subscribe("1", "{me}").await;
    assert_eq!(client.next_message().await["payload"]["data"]["me"], "ada");
    for (token, code) in [("Bearer bad", 4403), ("Bearer down", 1013)] {
        let mut client = Client::opened(&server).await;
        client
            .say(&json!({"type": "connection_init", "payload": {"authorization": token}}))
            .await;
        assert_eq!(client.closed().await, code);
    }
    server.moods.hanging.store(true, Ordering::Relaxed);
    let mut client = Client::opened(&server).await;
    client.say(&json!({"type": "connection_init"})).await;
    assert_eq!(client.closed().await, 1013);
}

#[actix_rt::test]
async fn foreign_pages_may_not_connect() {
    let server = serve(impatient());
    let with = |origin: &'static str| [("Sec-WebSocket-Protocol", PROTOCOL), ("Origin", origin)];
    assert_eq!(
        Client::open(&server, &with("https://evil.example")).await.err(),
        Some(403)
    );
    assert!(Client::open(&server, &with("https://app.example")).await.is_ok());
}

#[actix_rt::test]
async fn a_revoked_session_ends() {
    let server = serve(impatient());
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription{count(to:1000, everyMs:20)}").await;
    client.next_message().await;
    server.moods.revoked.store(true, Ordering::Relaxed);
    let started = Instant::now();
    assert_eq!(client.closed().await, 4403);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[actix_rt::test]
async fn a_silent_client_is_dropped() {
    let server = serve(impatient());
    let mut client = Client::ready(&server).await;
    // A client that reads answers pings by itself; one that does not read is silent.
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    let end = client.closed().await;
    assert!([1005, 0].contains(&end), "{end}");
    let mut client = Client::ready(&server).await;
    let reading = tokio::time::timeout(Duration::from_millis(1_200), client.closed());
    assert!(reading.await.is_err(), "a client that answers stays");
}

#[actix_rt::test]
async fn a_slow_client_bounds_its_stream_and_is_dropped() {
    let mut config = impatient();
    config.socket.ping_every = Duration::from_secs(60);
    config.socket.revalidate_every = Duration::from_secs(60);
    let server = serve(config);
    let mut client = Client::ready(&server).await;
    client.subscribe("1", "subscription{flood}").await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    let early = server.moods.flooded.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let late = server.moods.flooded.load(Ordering::Relaxed);
    println!("flood: {early} then {late} messages of 10 kB");
    assert!(late < 2_000, "{late}");
    let end = client.closed().await;
    assert!([1005, 0].contains(&end), "{end}");
}

#[actix_rt::test]
async fn operations_and_messages_are_bounded() {
    let server = serve(impatient());
    let mut client = Client::ready(&server).await;
    for id in 0..5 {
        client
            .subscribe(&id.to_string(), "subscription{count(to:9, everyMs:3000)}")
            .await;
    }
    client.subscribe("6", "{hello}").await;
    let message = client.next_message().await;
    assert_eq!(
        (
            message["id"].as_str(),
            message["payload"][0]["extensions"]["code"].as_str()
        ),
        (Some("6"), Some("LIMIT"))
    );
    client.say(&json!({"type": "complete", "id": "0"})).await;
    client.subscribe("0", "{hello}").await;
    assert_eq!(client.next_message().await["payload"]["data"]["hello"], "Hello world");

    let mut client = Client::opened(&server).await;
    let _ = client.0.send(Message::text(" ".repeat(2 << 20))).await;
    assert!([1009, 0].contains(&client.closed().await));
    let mut client = Client::opened(&server).await;
    for n in 0..40 {
        let kind = if n == 0 { Data::Text } else { Data::Continue };
        let frame = Frame::message(vec![b' '; 60_000], OpCode::Data(kind), false);
        if client.0.send(Message::Frame(frame)).await.is_err() {
            break;
        }
    }
    assert!([1009, 0].contains(&client.closed().await));
}

#[actix_rt::test]
async fn a_cancelled_operation_says_nothing_more() {
    let server = serve(impatient());
    let mut client = Client::ready(&server).await;
    for _ in 0..20 {
        client.subscribe("1", "subscription{flood}").await;
        client.next_message().await;
        client.say(&json!({"type": "complete", "id": "1"})).await;
        client.subscribe("1", "subscription{count(to:1)}").await;
        loop {
            let message = client.next_message().await;
            if message["type"] == "complete" {
                break;
            }
        }
    }
}

#[actix_rt::test]
async fn sockets_are_told_when_the_server_leaves() {
    let server = serve(impatient());
    let mut client = Client::ready(&server).await;
    server.edge.leave();
    assert_eq!(client.closed().await, 1001);
}

#[actix_rt::test]
async fn sockets_are_counted() {
    let mut config = impatient();
    config.socket.sockets = 1;
    let server = serve(config);
    let first = Client::ready(&server).await;
    assert_eq!(
        Client::open(&server, &[("Sec-WebSocket-Protocol", PROTOCOL)])
            .await
            .err(),
        Some(503)
    );
    drop(first);
    tokio::time::sleep(Duration::from_millis(300)).await;
    Client::ready(&server).await;
}
