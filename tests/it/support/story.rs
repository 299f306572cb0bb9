//! How a story is told: in a town of its own, which is torn down however it ends.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;

use futures_util::FutureExt as _;

use super::Town;

/// Tells a story, then checks that the town kept its own promises meanwhile, and takes it down.
pub async fn tell(town: Town, story: impl for<'t> FnOnce(&'t Town) -> Pin<Box<dyn Future<Output = ()> + 't>>) {
    let told = async {
        story(&town).await;
        // What happened must also be told to those who read facts.
        town.relays().await;
    };
    let told = AssertUnwindSafe(told).catch_unwind().await;
    let faults = town.close().await;
    match told {
        Err(panic) => resume_unwind(panic),
        Ok(()) => assert!(faults.is_empty(), "the town answered with faults of its own:\n{}", faults.join("\n")),
    }
}
