//! How old a client may be: too old a one is told so before anything is done, whoever asks and however.

use kernel::config::Minimum;
use kernel::version::Version;
use serde_json::json;

use super::toy::{Server, impatient, serve};
use crate::support::raw::{GRAPHQL, JSON, Reply, request, send};
use crate::support::socket::{PROTOCOL, Socket};
use crate::support::{Engine, Town, stories};

stories![in town_of_new_clients; old_clients_are_told_to_update_and_others_are_served];

/// Says something to the toy, of which version 1.4.0 is the oldest that is served.
async fn says(server: &Server, accept: &str, versions: &[&str], more: &[(&str, &str)], text: &str) -> Reply {
    let mut headers = vec![("Content-Type", JSON), ("Accept", accept)];
    headers.extend(versions.iter().map(|version| ("X-Client-Version", *version)));
    headers.extend_from_slice(more);
    let body = json!({ "query": text }).to_string();
    send(&server.address, &request("POST", "/graphql", &headers, body.as_bytes())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_client_is_refused_before_anything_is_looked_at() {
    let server = serve(impatient());
    for version in ["toy/1.3.99", "toy/1", "toy/0.0.1"] {
        for (accept, status) in [(GRAPHQL, 400), (JSON, 200)] {
            for token in ["Bearer bad", "Bearer down", "Bearer good"] {
                let reply = says(&server, accept, &[version], &[("Authorization", token)], "{nothing}").await;
                assert_eq!((reply.status, reply.code().as_str()), (status, "CLIENT_OUTDATED"), "{version} {token}");
                let json = reply.json();
                let error = &json["errors"][0];
                assert_eq!(error["message"], "Please update the app.");
                assert_eq!(error["extensions"]["minimumVersion"], "1.4.0");
                assert_eq!(error["extensions"]["requestId"].as_str(), reply.header("x-request-id").as_deref());
                assert!(json.get("data").is_none());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_clients_are_served_and_what_is_no_version_is_malformed() {
    let server = serve(impatient());
    for versions in [&["toy/1.4"][..], &["toy/1.4.0"], &["toy/1.10.0"], &["toy/2"], &["other/0.1"], &[]] {
        assert_eq!(says(&server, GRAPHQL, versions, &[], "{hello}").await.status, 200, "{versions:?}");
    }
    for versions in [&[""][..], &["1.4.0"], &["toy"], &["Toy/1.4.0"], &["other/new"], &["toy/1.4.0", "toy/1.4.0"]] {
        for accept in [GRAPHQL, JSON] {
            let reply = says(&server, accept, versions, &[], "{hello}").await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"), "{versions:?}");
        }
    }
}

/// A file of an old client is not read: its form announces a length that never comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_client_sends_no_file() {
    let server = serve(impatient());
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nAccept: \
        application/graphql-response+json\r\nGraphQL-Require-Preflight: 1\r\nX-Client-Version: toy/1.0\r\nContent-Length: \
        1000\r\n\r\n--x";
    let reply = send(&server.address, head.as_bytes()).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "CLIENT_OUTDATED"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_of_an_old_client_closes() {
    let server = serve(impatient());
    for (payload, code) in [
        (json!({ "clientVersion": "toy/1.3.0" }), 4426),
        (json!({ "ClientVersion": "toy/1.3.0", "authorization": "Bearer bad" }), 4426),
        (json!({ "clientVersion": "toy" }), 4400),
        (json!({ "clientVersion": 1.3 }), 4400),
    ] {
        let mut socket = Socket::opened(server.address).await;
        socket.says(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.closes().await, code, "{payload}");
    }
    for payload in [json!({ "clientVersion": "toy/1.4.0" }), json!({ "clientVersion": null }), json!({})] {
        Socket::ready(server.address, &payload).await;
    }
    let headers = [("Sec-WebSocket-Protocol", PROTOCOL), ("X-Client-Version", "toy/1.3.0")];
    for (payload, code) in [(json!({}), Some(4426)), (json!({ "clientVersion": "toy/1.4.0" }), None)] {
        let mut socket = Socket::open(server.address, &headers).await.unwrap();
        socket.says(&json!({ "type": "connection_init", "payload": payload })).await;
        match code {
            Some(code) => assert_eq!(socket.closes().await, code),
            None => assert_eq!(socket.hears().await["type"], "connection_ack"),
        }
    }
}

/// A browser asks first which headers it may send.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_may_say_their_version() {
    let server = serve(impatient());
    let headers = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST")];
    let reply = send(&server.address, &request("OPTIONS", "/graphql", &headers, b"")).await;
    let allowed = reply.header("access-control-allow-headers").unwrap();
    assert!(allowed.contains("X-Client-Version"), "{allowed}");
}

async fn town_of_new_clients(engine: Engine) -> Town {
    Town::with(engine, |config| config.clients.minimum_android = Minimum(Version::parse("1.4.0"))).await
}

async fn old_clients_are_told_to_update_and_others_are_served(town: &Town) {
    let ann = town.resident().await;
    let with = |client: &'static str, language: &'static str| {
        let mut person = ann.clone();
        (person.client, person.language) = (Some(client), language);
        person
    };
    for (language, words) in [("zh-CN", "请更新到最新版本后再使用。"), ("en", "Please update the app.")] {
        let answer = with("android/1.3.9", language).asks("{ viewer { user { id } } }").await;
        answer.is_refused("CLIENT_OUTDATED");
        assert_eq!(answer.json["errors"][0]["message"], words);
        assert_eq!(answer.json["errors"][0]["extensions"]["minimumVersion"], "1.4.0");
    }
    let phone = ann.phone();
    with("android/1.3.9", "en").asks_for_code(&phone).await.is_refused("CLIENT_OUTDATED");
    for served in ["android/1.4.0", "android/2.0", "ios/0.1", "wechat-mini-program/1.0.0", "tool/0.0.1"] {
        assert_eq!(with(served, "en").knocks().await, [""; 0], "{served}");
    }
    with("android", "en").asks("{ viewer { user { id } } }").await.is_refused("BAD_REQUEST");
}
