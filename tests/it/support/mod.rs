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
pub mod remote;
pub mod samples;
pub mod schema;
pub mod sms;
pub mod socket;
mod story;
pub mod town;
pub mod wechat;

pub use answer::Answer;
pub use case::{Case, Crew};
pub use engine::Engine;
pub use person::Person;
pub use story::tell;
pub use town::Town;

use std::time::{Duration, Instant};

/// How long something that happens beside us may take before it counts as not happening.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Makes a test per engine of each story: `stories![a_name, …]` in the module of `async fn a_name(town: &Town)`. Another kind
/// of town is named in front: `stories![in Town::with_sms; a_name, …]`.
macro_rules! stories {
    (in $open:path; $($name:ident),* $(,)?) => {$(
        mod $name {
            #[allow(unused_imports, reason = "the kind of town may be named by a path from anywhere")]
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_embedded() {
                let town = $open(crate::support::Engine::Embedded).await;
                crate::support::tell(town, |town| Box::pin(super::$name(town))).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_redis() {
                let town = $open(crate::support::Engine::Servers).await;
                crate::support::tell(town, |town| Box::pin(super::$name(town))).await;
            }
        }
    )*};
    ($($name:ident),* $(,)?) => { crate::support::stories![in crate::support::Town::open; $($name),*]; };
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
