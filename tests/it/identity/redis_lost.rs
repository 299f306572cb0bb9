//! Redis may be flushed or lost at any moment: sessions go on, signing in waits.

use std::time::{Duration, Instant};

use crate::support::engine::redis_url;
use crate::support::proxy::Proxy;
use crate::support::{Engine, Town, raw, stories};

stories![sessions_outlive_a_flush, limits_begin_anew_after_a_flush];

async fn sessions_outlive_a_flush(town: &Town) {
    let mut ann = town.resident().await;
    let id = ann.id().await;
    town.loses_redis().await;
    assert_eq!(ann.id().await, id);
    ann.refreshes().await;
    assert_eq!(ann.id().await, id);
}

async fn limits_begin_anew_after_a_flush(town: &Town) {
    let ann = town.stranger();
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = town.code_for(&ann.phone()).await;
    town.loses_redis().await;
    ann.tries_code(&ann.phone(), &code).await.is_refused("CODE_EXPIRED");
    ann.asks_for_code(&ann.phone()).await.is_done();
    let code = town.code_for(&ann.phone()).await;
    ann.tries_code(&ann.phone(), &code).await.is_done();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_sessions_go_on_and_signing_in_waits() {
    let server = redis_url();
    let wire = Proxy::to(server.trim_start_matches("redis://")).await;
    let town = Town::with(Engine::Servers, |config| config.redis.url = format!("redis://{}", wire.address)).await;
    let (mut ann, bob) = (town.resident().await, town.stranger());
    let id = ann.id().await;
    wire.cut();
    let mut started = Instant::now();
    let mut was_soon = |what: &str| {
        let took = std::mem::replace(&mut started, Instant::now()).elapsed();
        assert!(took < Duration::from_secs(5), "{what} took {took:?}");
    };
    assert_eq!(ann.id().await, id);
    was_soon("asking");
    bob.asks_for_code(&bob.phone()).await.is_refused("UNAVAILABLE");
    was_soon("a code");
    bob.tries_password("dispatcher", zhilitong::seed::PASSWORD).await.is_refused("UNAVAILABLE");
    was_soon("a password");
    ann.refreshes().await;
    was_soon("refreshing");
    assert_eq!(ann.id().await, id);
    let ready = raw::get(town.address, "/readyz").await;
    assert_eq!((ready.status, ready.json()["redis"].as_str()), (200, Some("down")));
    assert_eq!(town.close().await, [""; 0]);
}
