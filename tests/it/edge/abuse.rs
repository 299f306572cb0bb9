//! What must not hurt: refused soon, without much work, while others are served.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::socket::ready;
use super::toy::{impatient, serve};
use crate::support::eventually;
use crate::support::raw::{self, GRAPHQL, post, query, request, send};

/// A debug build needs a multiple of the time to copy and to scan a megabyte. The best of three counts: other tests run beside.
const SOON: Duration = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 100 });

pub fn attacks() -> Vec<(&'static str, String)> {
    let doubling: String = (0..30).map(|i| format!(" fragment F{i} on Query{{...F{0} ...F{0}}}", i + 1)).collect();
    let doubling = format!("{{...F0}}{doubling} fragment F30 on Query{{__typename}}");
    let aliases: String = (0..10_000).map(|i| format!("a{i}:hello ")).collect();
    let cycle = "{...A} fragment A on Query{...B} fragment B on Query{...A}".to_owned();
    let circular = "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}".to_owned();
    vec![
        ("doubling fragments", doubling),
        ("10,000 aliases", format!("{{{aliases}}}")),
        ("1 MB of tokens", "{hello ".repeat(140_000)),
        ("1 MB of braces", "{".repeat(1_000_000)),
        ("1 MB of brackets", format!("{{a(b:{}", "[".repeat(990_000))),
        ("1 MB of commas", format!("{{hello{}}}", ",".repeat(1_000_000))),
        ("20,000 duplicates", format!("{{{}}}", "__typename ".repeat(20_000))),
        ("500 duplicates", format!("{{{}}}", "__typename ".repeat(500))),
        ("a cycle", cycle),
        ("circular introspection", circular),
        ("directives", format!("{{__typename {}}}", "@aa".repeat(10))),
        ("a huge page", "{items(first:99999999){number}}".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_documents_are_refused_at_once() {
    let server = serve(impatient());
    for (name, text) in attacks() {
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let started = Instant::now();
            let reply = query(&server.address, &text).await;
            best = best.min(started.elapsed());
            assert_eq!((reply.status, reply.code().as_str()), (400, "LIMIT"), "{name}");
        }
        println!("{name}: {best:?}");
        assert!(best < SOON, "{name} {best:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_documents_are_refused_on_the_socket() {
    let mut config = impatient();
    // Who writes a megabyte at a time answers pings late.
    config.socket.ping_every = Duration::from_secs(60);
    let server = serve(config);
    let mut client = ready(&server).await;
    for (name, text) in attacks() {
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let started = Instant::now();
            client.subscribes("1", &text).await;
            let message = client.hears().await;
            best = best.min(started.elapsed());
            assert_eq!((message["type"].as_str(), message["id"].as_str()), (Some("error"), Some("1")), "{name}");
            assert_eq!(message["payload"][0]["extensions"]["code"], "LIMIT", "{name}");
        }
        assert!(best < SOON, "{name} {best:?}");
    }
    client.subscribes("1", "{hello}").await;
    assert_eq!(client.hears().await["payload"]["data"]["hello"], "Hello world");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_carry_ten_errors_at_most() {
    let server = serve(impatient());
    let text: String = (0..500).map(|i| format!("hello @include(if: $v{i}) ")).collect();
    let unknown: String = (0..19).map(|i| format!("f{i} ")).collect();
    let reply = query(&server.address, &format!("{{{text}}}")).await;
    assert!(reply.json()["errors"].as_array().unwrap().len() <= 10);
    let reply = query(&server.address, &format!("{{{unknown}}}")).await;
    assert_eq!(reply.json()["errors"].as_array().unwrap().len(), 10);
    assert_eq!(reply.json()["errors"][9]["extensions"]["errors"], 19);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_are_cut_off() {
    let server = serve(impatient());
    let headers = [("Content-Type", "application/json"), ("Accept", GRAPHQL)];
    let started = Instant::now();
    let reply = send(&server.address, &request("POST", "/graphql", &headers, &vec![b' '; 20 << 20])).await;
    assert_eq!((reply.status, reply.code().as_str()), (413, "LIMIT"));
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let reply = send(&server.address, format!("{head}Content-Length: 10000000000\r\n\r\n{{").as_bytes()).await;
    assert_eq!(reply.status, 413);
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536)).repeat(100);
    let reply = send(&server.address, format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}").as_bytes()).await;
    assert_eq!(reply.status, 413);
    let form = head.replace("application/json", "multipart/form-data; boundary=x\r\nGraphQL-Require-Preflight: 1");
    let reply = send(&server.address, format!("{form}Content-Length: 10000000000\r\n\r\n--x").as_bytes()).await;
    assert_eq!(reply.status, 413);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_bodies_are_cut_off() {
    let server = serve(impatient());
    for (kind, extra) in
        [("application/json", ""), ("multipart/form-data; boundary=x", "GraphQL-Require-Preflight: 1\r\n")]
    {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        let head =
            format!("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{extra}Content-Length: 1000\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut reader, mut writer) = stream.into_split();
        let drip = tokio::spawn(async move {
            while writer.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let started = Instant::now();
        let reply = raw::read(&mut reader).await;
        assert_eq!(reply.status, 408, "{reply:?}");
        let took = started.elapsed();
        assert!((400..1_500).contains(&took.as_millis()), "{took:?}");
        drip.abort();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_wait_in_no_queue() {
    let mut config = impatient();
    config.uploads.within = Duration::from_secs(60);
    config.uploads.at_once_each = 9;
    let server = serve(config);
    let form = |length: usize| {
        format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n\
            GraphQL-Require-Preflight: 1\r\nContent-Length: {length}\r\n\r\n--x"
        )
    };
    // A whole form is answered at once: as malformed when it was let in, as one too many when it was not.
    let answer = async || send(&server.address, form(3).as_bytes()).await.status;
    // One more that never ends each time, since an answer may have taken the place of one before it.
    let mut open = Vec::new();
    let no_place_is_left = async || {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(form(1_000).as_bytes()).await.unwrap();
        open.push(stream);
        answer().await == 503
    };
    eventually("one too many is sent away", no_place_is_left).await;
    drop(open);
    eventually("the aborted ones gave back their places", async || answer().await == 400).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_ends_one_request_only() {
    let server = serve(impatient());
    for _ in 0..20 {
        assert_eq!(query(&server.address, "{crash}").await.status, 500);
    }
    let reply = post(
        &server.address,
        GRAPHQL,
        &json!({"query": "query A($n: String){hello(name: $n)}", "variables": {"n": "x"}}),
    )
    .await;
    assert_eq!(reply.json(), json!({"data": {"hello": "Hello x"}}));
}
