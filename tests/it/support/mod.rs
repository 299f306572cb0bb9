//! The town that stories happen in: [`Town`], its [`Person`]s, and the engines they run on.
//!
//! Everything here speaks to the product as a phone does: GraphQL text over real sockets, never our Rust types. Below the
//! surface stories may only move the clock, read the codes that were sent, and look into the database with SQL.

mod answer;
pub mod case;
pub mod engine;
pub mod person;
pub mod proxy;
pub mod raw;
pub mod samples;
pub mod schema;
pub mod socket;
mod story;
pub mod town;

pub use answer::Answer;
pub use case::{Case, Crew};
pub use engine::Engine;
pub use person::Person;
pub use story::tell;
pub use town::Town;

use std::time::{Duration, Instant};

/// How long something that happens beside us may take before it counts as not happening.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Makes a test per engine of each story: `stories![a_name, …]` in the module of `async fn a_name(town: &Town)`.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_embedded() {
                crate::support::tell(crate::support::Engine::Embedded, |town| Box::pin(super::$name(town))).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_redis() {
                crate::support::tell(crate::support::Engine::Servers, |town| Box::pin(super::$name(town))).await;
            }
        }
    )*};
}
pub(crate) use stories;

/// Asks again and again until the answer is yes; fails when it stays no.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !ask().await {
        assert!(started.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The root of the repository.
pub fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a root above api/").to_owned()
}
