//! Maintenance: the API is closed for a while to all but those who look whether all is well, and opens by itself.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use serde_json::json;
use zhilitong::maintenance::{self, Board, Notes};

use super::toy::{Server, impatient, serve};
use crate::support::case::PHOTO;
use crate::support::raw::{self, GRAPHQL, JSON, Reply, request, send};
use crate::support::socket::Socket;
use crate::support::{Person, Town, eventually, stories};

stories![
    all_but_system_administrators_are_sent_away,
    sockets_close_and_stay_closed,
    it_ends_by_itself_or_when_it_is_told_to,
    every_node_knows_and_remembers,
];

/// Says something to the toy with a token, or none.
async fn says(server: &Server, token: Option<&str>, headers: &[(&str, &str)], text: &str) -> Reply {
    let mut all = vec![("Content-Type", JSON)];
    all.extend(token.map(|token| ("Authorization", token)));
    all.extend_from_slice(headers);
    send(&server.address, &request("POST", "/graphql", &all, json!({ "query": text }).to_string().as_bytes())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_product_says_until_when() {
    let server = serve(impatient());
    server.moods.closed.store(true, Ordering::Relaxed);
    for accept in [GRAPHQL, JSON] {
        let reply = says(&server, None, &[("Accept", accept)], "{hello}").await;
        assert_eq!((reply.status, reply.code().as_str()), (503, "MAINTENANCE"));
        assert_eq!(reply.header("retry-after").as_deref(), Some("43"));
        let json = reply.json();
        let error = &json["errors"][0];
        assert_eq!(error["message"], "The service is under maintenance. Please come back later.");
        assert_eq!(error["extensions"]["retryAfterMs"], 42_500);
        assert_eq!(error["extensions"]["until"], "1970-01-01T00:00:00Z");
        assert_eq!(error["extensions"]["requestId"].as_str(), reply.header("x-request-id").as_deref());
        assert!(json.get("data").is_none());
    }
    let noted = says(&server, None, &[("Accept-Language", "a note of the product's")], "{hello}").await;
    assert_eq!(noted.json()["errors"][0]["message"], "a note of the product's");
    let get = raw::get(server.address, "/graphql?query=%7Bhello%7D").await;
    assert_eq!((get.status, get.code().as_str()), (503, "MAINTENANCE"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_passes_is_asked_first_and_what_signs_in_passes() {
    let server = serve(impatient());
    server.moods.closed.store(true, Ordering::Relaxed);
    for (token, text, status, code) in [
        (Some("Bearer good"), "{me}", 200, ""),
        (None, "mutation{put(value:1)}", 200, ""),
        (None, "mutation{put(value:1) again:put(value:2)}", 503, "MAINTENANCE"),
        (None, "{me}", 503, "MAINTENANCE"),
        (Some("Bearer bad"), "{me}", 401, "UNAUTHENTICATED"),
        (Some("Bearer often"), "{me}", 429, "RATE_LIMITED"),
        (Some("Bearer down"), "{me}", 503, "MAINTENANCE"),
        (Some("Bearer down"), "mutation{put(value:1)}", 503, "MAINTENANCE"),
    ] {
        let reply = says(&server, token, &[], text).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{token:?} {text}");
    }
}

/// A file is refused before it is read: its form announces a length that never comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_product_reads_no_file() {
    let server = serve(impatient());
    server.moods.closed.store(true, Ordering::Relaxed);
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n\
        GraphQL-Require-Preflight: 1\r\nContent-Length: 1000\r\n\r\n--x";
    let reply = send(&server.address, head.as_bytes()).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "MAINTENANCE"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_product_closes_its_sockets() {
    let server = serve(impatient());
    let mut idle = Socket::ready(server.address, &json!({})).await;
    let mut busy = Socket::ready(server.address, &json!({})).await;
    busy.subscribes("1", "subscription{count(to:1000, everyMs:20)}").await;
    busy.hears().await;
    let mut passing = Socket::ready(server.address, &json!({ "authorization": "Bearer good" })).await;
    server.moods.closed.store(true, Ordering::Relaxed);
    assert_eq!((idle.closes().await, busy.closes().await), (1012, 1012));
    for (token, code) in [(None, 1012), (Some("Bearer down"), 1012), (Some("Bearer bad"), 4403)] {
        let mut socket = Socket::opened(server.address).await;
        socket.says(&json!({ "type": "connection_init", "payload": { "authorization": token } })).await;
        assert_eq!(socket.closes().await, code, "{token:?}");
    }
    passing.subscribes("1", "{me}").await;
    assert_eq!(passing.hears().await["payload"]["data"]["me"], "ada");
}

/// An operation does not slip through between two checks of a socket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_product_runs_nothing_on_an_open_socket() {
    let mut config = impatient();
    config.socket.revalidate_every = std::time::Duration::from_secs(60);
    let server = serve(config);
    let mut socket = Socket::ready(server.address, &json!({})).await;
    server.moods.closed.store(true, Ordering::Relaxed);
    socket.subscribes("1", "mutation{put(value:1)}").await;
    assert_eq!(socket.closes().await, 1012);
}

/// Closes the town, and waits until it is closed for somebody.
async fn closes(town: &Town, minutes: i64, notes: Notes, somebody: &Person) {
    maintenance::begin(town.base(), TimeDelta::minutes(minutes), &notes).await.unwrap();
    eventually("the town is closed", async || somebody.knocks().await == ["MAINTENANCE"]).await;
}

async fn opens(somebody: &Person) {
    eventually("the town is open", async || somebody.knocks().await.is_empty()).await;
}

async fn all_but_system_administrators_are_sent_away(town: &Town) {
    let (ann, mut admin) = (town.resident().await, town.staff("admin").await);
    let (security, dispatcher) = (town.staff("security").await, town.staff("dispatcher").await);
    let notes = Notes::parse(Some("今晚 22 点前升级，请稍后再来。"), None).unwrap();
    closes(town, 30, notes, &ann).await;
    let until = (town.now() + TimeDelta::minutes(30)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for (person, language, words) in [
        (&ann, "zh-CN", "今晚 22 点前升级，请稍后再来。"),
        (&security, "en", "The service is under maintenance. Please come back later."),
        (&dispatcher, "en", "The service is under maintenance. Please come back later."),
        (&town.stranger(), "zh", "今晚 22 点前升级，请稍后再来。"),
    ] {
        let mut person = person.clone();
        person.language = language;
        let answer = person.asks("{ areas { id } }").await;
        assert_eq!(answer.is_refused("MAINTENANCE").status, 503);
        let error = &answer.json["errors"][0];
        assert_eq!((error["message"].as_str(), error["extensions"]["until"].as_str()), (Some(words), Some(&*until)));
        assert_eq!(error["extensions"]["retryAfterMs"], 60_000);
    }
    let upload = "mutation($input: UploadAttachmentInput!) { uploadAttachment(input: $input) { userErrors { code } } }";
    let input = json!({ "input": { "file": null } });
    ann.uploads(upload, &input, "variables.input.file", ("p.jpg", PHOTO)).await.is_refused("MAINTENANCE");
    for path in ["/healthz", "/readyz"] {
        assert_eq!(raw::get(town.address, path).await.status, 200, "{path}");
    }
    assert_eq!(admin.knocks().await, [""; 0]);
    admin.refreshes().await;
    assert_eq!(town.staff("admin").await.knocks().await, [""; 0], "who may look can sign in");
    let mut chief = town.stranger();
    chief.signs_in_with_password("chief", zhilitong::seed::PASSWORD).await;
    assert_eq!(chief.knocks().await, ["MAINTENANCE"]);
    let both = "mutation { refreshSession(input: { refreshToken: \"x\", deviceId: \"y\" }) { userErrors { code } } \
        revokeAllSessions { userErrors { code } } }";
    ann.asks(both).await.is_refused("MAINTENANCE");
    ann.holding(None).asks_for_code(&ann.phone()).await.is_refused("MAINTENANCE");
}

async fn sockets_close_and_stay_closed(town: &Town) {
    let (ann, admin) = (town.resident().await, town.staff("admin").await);
    let (mut socket, mut looking) = (ann.connects().await, admin.connects().await);
    closes(town, 30, Notes::default(), &ann).await;
    assert_eq!(socket.closes().await, 1012);
    let mut again = Socket::opened(town.address).await;
    again.says(&json!({ "type": "connection_init" })).await;
    assert_eq!(again.closes().await, 1012);
    looking.subscribes("1", "{ viewer { user { id } } }").await;
    assert!(looking.hears().await["payload"]["data"]["viewer"]["user"]["id"].is_string());
    admin.connects().await;
}

async fn it_ends_by_itself_or_when_it_is_told_to(town: &Town) {
    let ann = town.resident().await;
    closes(town, 2, Notes::default(), &ann).await;
    town.later(TimeDelta::seconds(119));
    assert_eq!(ann.asks("{ areas { id } }").await.json["errors"][0]["extensions"]["retryAfterMs"], 1_000);
    town.later(TimeDelta::seconds(1));
    assert_eq!(ann.knocks().await, [""; 0], "at its end, without anybody looking");
    closes(town, 2, Notes::default(), &ann).await;
    maintenance::end(town.base()).await.unwrap();
    opens(&ann).await;
    let lines = "SELECT count(*) AS n FROM audit_entry WHERE outcome = 'DONE' AND actor_id IS NULL AND action = ";
    assert_eq!(town.number(&format!("{lines}'maintenance on'")).await, 2);
    assert_eq!(town.number(&format!("{lines}'maintenance off'")).await, 1);
}

async fn every_node_knows_and_remembers(town: &Town) {
    let ann = town.resident().await;
    let second = town.second_node().await;
    let mut there = ann.clone();
    there.server = second.address;
    closes(town, 30, Notes::default(), &ann).await;
    eventually("the other node is closed", async || there.knocks().await == ["MAINTENANCE"]).await;
    second.stops().await;

    let board = Board::open(town.base()).await.unwrap();
    town.tampers("ALTER TABLE maintenance RENAME TO out_of_reach").await;
    assert!(board.look(town.base()).await.is_err());
    assert!(board.at(town.now()).is_some(), "what was known holds while the database does not answer");
    town.tampers("ALTER TABLE out_of_reach RENAME TO maintenance").await;
    maintenance::end(town.base()).await.unwrap();
    board.look(town.base()).await.unwrap();
    assert!(board.at(town.now()).is_none());
}
