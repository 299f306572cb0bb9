//! GraphQL over HTTP: statuses, media types, parameters, uploads, errors, guards.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::toy::{impatient, serve};
use crate::support::raw::{GRAPHQL, JSON, Reply, post, query, request, send};

async fn raw(address: &SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    send(address, &request(method, path, headers, body.as_bytes())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_have_the_type_that_was_asked_for() {
    let server = serve(impatient());
    for (accept, expected) in [
        ("*/*", "application/json; charset=utf-8"),
        (JSON, "application/json; charset=utf-8"),
        (GRAPHQL, "application/graphql-response+json; charset=utf-8"),
    ] {
        let reply = post(&server.address, accept, &json!({"query": "{hello}"})).await;
        assert_eq!((reply.status, reply.header("content-type").as_deref()), (200, Some(expected)));
        assert_eq!(reply.json(), json!({"data": {"hello": "Hello world"}}));
    }
    let reply = post(&server.address, "text/html", &json!({"query": "{hello}"})).await;
    assert_eq!((reply.status, reply.code().as_str()), (406, "BAD_REQUEST"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_does_not_run_has_no_data() {
    let server = serve(impatient());
    for text in ["{", "{nothing}", "{hello(name: 7)}", "query A{hello} query B{hello}", "query($a: Int!){hello}"] {
        for (accept, status) in [(GRAPHQL, 400), (JSON, 200)] {
            let reply = post(&server.address, accept, &json!({ "query": text })).await;
            assert_eq!((reply.status, reply.code().as_str()), (status, "BAD_REQUEST"), "{text} {reply:?}");
            assert!(reply.json().get("data").is_none(), "{reply:?}");
            assert!(reply.json()["errors"][0]["extensions"]["requestId"].is_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_requests_are_400_in_both_types() {
    let server = serve(impatient());
    for body in
        ["", "{", "[]", "{}", r#"{"query":1}"#, r#"[{"query":"{hello}"}]"#, r#"{"query":"{hello}","variables":7}"#]
    {
        for accept in [GRAPHQL, JSON] {
            let headers = [("Content-Type", JSON), ("Accept", accept)];
            let reply = raw(&server.address, "POST", "/graphql", &headers, body).await;
            assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"), "{body}");
        }
    }
    for path in
        ["/graphql", "/graphql?query=", "/graphql?query={hello}&variables=x", "/graphql?query={hello}&query={me}"]
    {
        assert_eq!(raw(&server.address, "GET", path, &[("Accept", GRAPHQL)], "").await.status, 400, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn get_runs_queries_only() {
    let server = serve(impatient());
    let reply = raw(&server.address, "GET", "/graphql?query=%7Bhello%7D", &[], "").await;
    assert_eq!((reply.status, reply.json()), (200, json!({"data": {"hello": "Hello world"}})));
    for path in ["/graphql?query=mutation%7Bput(value:1)%7D", "/graphql?query=subscription%7Bcount(to:1)%7D"] {
        for accept in [GRAPHQL, JSON] {
            let reply = raw(&server.address, "GET", path, &[("Accept", accept)], "").await;
            assert_eq!((reply.status, reply.header("allow").as_deref()), (405, Some("POST")), "{path}");
        }
    }
    for method in ["PUT", "DELETE", "PATCH"] {
        let reply = raw(&server.address, method, "/graphql", &[("Content-Type", JSON)], r#"{"query":"{hello}"}"#).await;
        assert_eq!((reply.status, reply.header("allow").as_deref()), (405, Some("GET, POST")), "{method}");
    }
    let reply = query(&server.address, "subscription{count(to:1)}").await;
    assert_eq!(reply.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_bodies_are_415() {
    let server = serve(impatient());
    let body = r#"{"query":"{hello}"}"#;
    for headers in [
        vec![],
        vec![("Content-Type", "text/plain")],
        vec![("Content-Type", "application/xml")],
        vec![("Content-Type", "application/x-www-form-urlencoded")],
        vec![("Content-Type", "application/json; charset=latin1")],
        vec![("Content-Type", JSON), ("Content-Encoding", "gzip")],
        vec![("Content-Type", JSON), ("Content-Encoding", "br")],
    ] {
        assert_eq!(raw(&server.address, "POST", "/graphql", &headers, body).await.status, 415, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_tell_a_code_and_no_secret() {
    let server = serve(impatient());
    let reply = query(&server.address, "{leak hello}").await;
    assert_eq!((reply.status, reply.code().as_str()), (200, "INTERNAL"));
    assert!(!reply.body.contains("db-7"), "{}", reply.body);
    assert_eq!(server.moods.internal.load(Ordering::Relaxed), 1);
    let reply = query(&server.address, "{refuse}").await;
    assert_eq!((reply.status, reply.code().as_str()), (200, "NOT_FOUND"));
    let reply = query(&server.address, "{crash}").await;
    assert_eq!((reply.status, reply.code().as_str()), (500, "INTERNAL"));
    assert!(!reply.body.contains("secret"));
    let reply = query(&server.address, "{slow(seconds: 60)}").await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "UNAVAILABLE"));
    let reply = query(&server.address, "{helo}").await;
    assert!(!reply.body.contains("Did you mean"), "{}", reply.body);
    assert_eq!(query(&server.address, "{hello}").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schema_is_hidden_when_introspection_is_off() {
    let server = serve(impatient());
    assert_eq!(query(&server.address, "{__schema{queryType{name}}}").await.status, 200);
    server.moods.hidden.store(true, Ordering::Relaxed);
    for text in [
        "{__schema{queryType{name}}}",
        "{__type(name:\"Item\"){name}}",
        "{...F} fragment F on Query{__schema{queryType{name}}}",
    ] {
        let reply = query(&server.address, text).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"), "{text}");
    }
    for text in ["{helo}", "{hello{x}}", "{items(frst:1){number}}", "{items}"] {
        let reply = query(&server.address, text).await;
        assert_eq!(reply.json()["errors"][0]["message"], "The operation is not valid.", "{text}");
    }
    assert_eq!(query(&server.address, "{__typename}").await.json(), json!({"data": {"__typename": "Query"}}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_identified_and_limited() {
    let server = serve(impatient());
    let with = |token: &'static str| vec![("Content-Type", JSON), ("Authorization", token)];
    let ask = r#"{"query":"{me}"}"#;
    for (token, status, code) in [
        ("Bearer bad", 401, "UNAUTHENTICATED"),
        ("Bearer down", 503, "UNAVAILABLE"),
        ("Bearer often", 429, "RATE_LIMITED"),
    ] {
        let reply = raw(&server.address, "POST", "/graphql", &with(token), ask).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
    }
    let reply = raw(&server.address, "POST", "/graphql", &with("Bearer good"), ask).await;
    assert_eq!(reply.json(), json!({"data": {"me": "ada"}}));
    let mut twice = with("Bearer good");
    twice.push(("Authorization", "Bearer good"));
    assert_eq!(raw(&server.address, "POST", "/graphql", &twice, ask).await.status, 400);
    server.moods.limited.store(true, Ordering::Relaxed);
    let reply = query(&server.address, "{a:hello}").await;
    assert_eq!((reply.status, reply.header("retry-after").as_deref()), (429, Some("3")));
    assert_eq!(reply.json()["errors"][0]["extensions"]["retryAfterMs"], 2_100);
    server.moods.hanging.store(true, Ordering::Relaxed);
    assert_eq!(query(&server.address, "{me}").await.status, 503);
}

const FORM: &str = "multipart/form-data; boundary=x";

fn form(parts: &[(&str, &str, &str)]) -> String {
    let part = |(name, file, text): &(&str, &str, &str)| {
        let file =
            if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"\r\nContent-Type: image/png") };
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n")
    };
    parts.iter().map(part).collect::<String>() + "--x--\r\n"
}

const OPERATIONS: (&str, &str, &str) =
    ("operations", "", r#"{"query":"mutation($f:Upload!){upload(file:$f)}","variables":{"f":null}}"#);
const MAP: (&str, &str, &str) = ("map", "", r#"{"0":["variables.f"]}"#);
const FILE: (&str, &str, &str) = ("0", "../a.png", "content");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_file_is_uploaded_in_any_order() {
    let server = serve(impatient());
    let headers = [("Content-Type", FORM), ("GraphQL-Require-Preflight", "1")];
    for parts in [[OPERATIONS, MAP, FILE], [FILE, OPERATIONS, MAP], [MAP, FILE, OPERATIONS]] {
        let reply = raw(&server.address, "POST", "/graphql", &headers, &form(&parts)).await;
        assert_eq!(reply.json(), json!({"data": {"upload": "a.png image/png 7"}}));
    }
    let headers = [("Content-Type", FORM), ("Authorization", "Bearer good")];
    assert_eq!(raw(&server.address, "POST", "/graphql", &headers, &form(&[OPERATIONS, MAP, FILE])).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_forms_are_refused() {
    let server = serve(impatient());
    let headers = [("Content-Type", FORM), ("GraphQL-Require-Preflight", "1"), ("Accept", GRAPHQL)];
    let whole = form(&[OPERATIONS, MAP, FILE]);
    let large = "x".repeat(100_001);
    let status = |body: String, headers: Vec<(&'static str, &'static str)>| {
        let address = server.address;
        async move { raw(&address, "POST", "/graphql", &headers, &body).await.status }
    };
    assert_eq!(status(whole.clone(), vec![("Content-Type", FORM)]).await, 400, "without the preflight header");
    assert_eq!(status(whole.clone(), vec![("Content-Type", FORM), ("Authorization", "Basic eA==")]).await, 400);
    for body in [
        String::new(),
        "garbage".to_owned(),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("--x--", "--x"),
        form(&[]),
        form(&[OPERATIONS, MAP]),
        form(&[OPERATIONS, FILE]),
        form(&[MAP, FILE]),
        form(&[OPERATIONS, OPERATIONS, MAP, FILE]),
        form(&[OPERATIONS, MAP, FILE, ("1", "b.png", "x")]),
        form(&[OPERATIONS, MAP, FILE, ("other", "", "x")]),
        form(&[OPERATIONS, ("map", "", "x"), FILE]),
        form(&[OPERATIONS, ("map", "", r#"{"0":["variables.none"]}"#), FILE]),
        form(&[OPERATIONS, ("map", "", r#"{"1":["variables.f"]}"#), FILE]),
        form(&[("operations", "", "[]"), MAP, FILE]),
    ] {
        assert_eq!(status(body.clone(), headers.to_vec()).await, 400, "{body:.300}");
    }
    assert_eq!(status(form(&[OPERATIONS, MAP, ("0", "a", &large)]), headers.to_vec()).await, 413);
    let reply =
        post(&server.address, GRAPHQL, &json!({"query": OPERATIONS.2, "variables": {"f": "#__graphql_file__:0"}}))
            .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browsers_are_told_what_they_may() {
    let server = serve(impatient());
    let ask = r#"{"query":"{hello}"}"#;
    let reply =
        raw(&server.address, "POST", "/graphql", &[("Content-Type", JSON), ("Origin", "https://app.example")], ask)
            .await;
    assert_eq!(reply.header("access-control-allow-origin").as_deref(), Some("https://app.example"));
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("cache-control", "no-store")]
    {
        assert_eq!(reply.header(name).as_deref(), Some(value));
    }
    assert!(reply.header("server").is_none() && reply.header("access-control-allow-credentials").is_none());
    for origin in ["https://evil.example", "null", "https://app.example.evil.example", "HTTPS://APP.EXAMPLE"] {
        let reply = raw(&server.address, "POST", "/graphql", &[("Content-Type", JSON), ("Origin", origin)], ask).await;
        assert!(reply.header("access-control-allow-origin").is_none(), "{origin}");
        let headers = [("Origin", origin), ("Access-Control-Request-Method", "POST")];
        assert_eq!(raw(&server.address, "OPTIONS", "/graphql", &headers, "").await.status, 403);
    }
    let headers = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST")];
    let reply = raw(&server.address, "OPTIONS", "/graphql", &headers, "").await;
    assert_eq!((reply.status, reply.header("access-control-allow-methods").as_deref()), (204, Some("GET, POST")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn request_ids_come_from_trusted_proxies_only() {
    let server = serve(impatient());
    let id = |reply: &Reply| reply.header("x-request-id").unwrap();
    let ask = |given: &'static str| {
        let address = server.address;
        async move { raw(&address, "GET", "/graphql?query={hello}", &[("X-Request-Id", given)], "").await }
    };
    assert_eq!(id(&ask("from-the-proxy-1").await), "from-the-proxy-1");
    assert!(id(&ask("short").await).starts_with("request-"));
    assert!(id(&ask("with spaces in it").await).starts_with("request-"));
    let mut config = impatient();
    config.trusted_proxies.clear();
    let server = serve(config);
    let reply = raw(&server.address, "GET", "/graphql?query={nope}", &[("X-Request-Id", "from-the-proxy-1")], "").await;
    assert!(id(&reply).starts_with("request-"));
    assert_eq!(reply.json()["errors"][0]["extensions"]["requestId"], Value::String(id(&reply)));
}
