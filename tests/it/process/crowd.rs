//! A crowd of residents who want the same at once, of two processes and of one: rooms ([`super::bookings`]), then seats
//! ([`super::events`]).

use chrono::Utc;
use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;
use serde_json::Value;

use super::{bookings, events, *};
use crate::support::{Answer, Person, Town};

/// Who has no answer by then asks again.
const ANSWERED: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_two_have_the_same_between_two_processes() {
    crowd(Engine::Servers, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_two_have_the_same_on_embedded_defaults() {
    crowd(Engine::Embedded, 1).await;
}

async fn crowd(engine: Engine, processes: usize) {
    let (ground, people) = signed_in(Ground::seeded(engine).await, events::CLIENTS).await;
    let mut nodes = Vec::new();
    for _ in 0..processes {
        nodes.push(start(&ground).await);
    }
    bookings::rounds(engine, &nodes, &people).await;
    events::rounds(engine, &nodes, &people).await;
    for node in nodes {
        let (is_well, _, words) = node.stop();
        assert!(is_well, "{words}");
    }
    let database = ground.database().await;
    for (what, sql) in bookings::OVERLAPS.into_iter().chain(events::WRONG) {
        let row = database.query_one_raw(sea_orm::Statement::from_string(database.get_database_backend(), sql)).await;
        let n: i64 = row.unwrap().unwrap().try_get("", "n").unwrap();
        assert_eq!(n, 0, "{engine:?}: {what}");
    }
    database.close().await.unwrap();
    ground.clear().await;
}

/// How many rounds are run: as many as somebody wants by `ZHILITONG_TEST_ROUNDS`, else so many.
pub fn rounds_wanted(usually: usize) -> usize {
    std::env::var("ZHILITONG_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usually)
}

/// Asks again, with the same key, when no answer comes: as the app does on a phone that lost one.
pub async fn insists(client: &Person, verb: &str, input: &Value, selection: &str) -> Answer {
    for _ in 0..4 {
        let asked = client.does(verb, input, selection);
        match tokio::time::timeout(ANSWERED, asked).await {
            Ok(answer) if answer.codes() == ["UNAVAILABLE"] => {}
            Ok(answer) => return answer,
            Err(_) => println!("no answer within {ANSWERED:?}; asked again"),
        }
    }
    client.does(verb, input, selection).await
}

/// Residents with sessions, made by a town on the same place, whose clock is the processes' own.
pub async fn signed_in(ground: Ground, clients: usize) -> (Ground, Vec<Person>) {
    let town = Town::over(ground).await;
    town.later(Utc::now() - town.now());
    let mut people = Vec::new();
    while people.len() < clients {
        people.extend(join_all((0..10).map(|_| town.resident())).await);
    }
    (town.moves_out().await, people)
}

/// A process on a ground, which keeps nobody waiting for a limit.
pub async fn start(ground: &Ground) -> Running {
    let settings = [
        ("ZHILITONG__SECRETS__MASTER_KEY", MASTER_KEY.to_owned()),
        // Where the machine of the tests is slow, who waits longer than people would is answered too.
        ("ZHILITONG__DATABASE__STATEMENT_SECONDS", "60".to_owned()),
        ("ZHILITONG__LIMITS__OPERATION_SECONDS", "60".to_owned()),
        ("ZHILITONG__LIMITS__MUTATIONS_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__LIMITS__ACCOUNT_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__LIMITS__ANONYMOUS_PER_MINUTE", "100000".to_owned()),
        ("ZHILITONG__SERVER__TRUSTED_PROXIES", "[\"127.0.0.0/8\"]".to_owned()),
        ("ZHILITONG__REDIS__PREFIX", ground.redis_prefix.clone()),
    ];
    Running::start_with("serve", ground, &settings).await
}
